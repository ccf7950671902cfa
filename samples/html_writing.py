"""Writes a draft as a web page, in the way that government sites serve it: the report, and a page around it.

The page's own lines never state a figure of the report, and look as they do everywhere: navigation, the record of the
article, buttons, related links, a footer.
"""

from __future__ import annotations

import base64
import codecs
import random
import zlib
from html import escape

from samples.draft import Draft, FormTable, Heading, Paragraph, Picture
from samples.html_table_writing import TABLE_STYLES, write_table

_PAGES = ("article", "layout_tables", "word", "breaks", "bare", "new_site")
_ENCODINGS = (
    ("utf-8", "utf-8"),
    ("utf-8", "utf-8"),
    ("utf-8", "gb2312"),  # declared wrongly
    ("gb18030", "gb2312"),
    ("gb18030", "utf-8"),  # declared wrongly
    ("gb18030", ""),
    ("utf-8-sig", ""),
    ("utf-16", "utf-16"),
)
_MENU = ("首页", "走进本县", "新闻中心", "政务公开", "政务服务", "互动交流")
_COLUMNS = ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开")
_EDITORS = ('class="TRS_Editor"', 'id="zoom"', 'class="view TRS_UEDITOR trs_paper_default"', 'id="UCAP-CONTENT"')


def write_html(draft: Draft, rng: random.Random) -> bytes:
    """The report as a page. ``rng`` decides on the site, its encoding and what its editors left."""
    encoding, declared = rng.choice(_ENCODINGS)
    page = WebPage(draft, rng, declared).write(rng.choice(_PAGES))
    data = page.encode("utf-16-le" if encoding == "utf-16" else encoding)
    return codecs.BOM_UTF16_LE + data if encoding == "utf-16" else data


class WebPage:
    """One page being written."""

    def __init__(self, draft: Draft, rng: random.Random, declared: str) -> None:
        self.draft = draft
        self.rng = rng
        self.declared = declared
        words = draft.sentence_words()
        self.site = f"{words.get('county', '云溪县')}人民政府"
        self.address = f"http://{words.get('site', 'www.example.gov.cn').removeprefix('http://').strip('/')}"

    def write(self, page: str) -> str:
        """The whole file in a style of ``_PAGES``."""
        if page == "bare":
            return self._title("h2") + self._paragraphs("p") + self._signature()
        head = self._head(is_titled=page != "word")
        body = {
            "article": self._article,
            "layout_tables": self._layout_tables,
            "word": self._word,
            "breaks": self._breaks,
            "new_site": self._new_site,
        }[page]()
        doctype = self.rng.choice(("<!DOCTYPE html>\n", "", '<?xml version="1.0"?>\n'))
        return f"{doctype}<html>\n{head}\n<body>\n{body}\n</body>\n</html>\n"

    def _head(self, is_titled: bool) -> str:
        title = self._flat_title()
        charset = self.rng.choice(
            ('<meta charset="{}">', '<meta http-equiv="Content-Type" content="text/html; charset={}">')
        )
        parts = [charset.format(self.declared)] if self.declared else []
        if is_titled:
            parts += [
                f"<title>{title}_{self.site}</title>",
                f'<meta name="ArticleTitle" content="{title}">',
                '<meta name="PubDate" content="2024-01-30 10:12">',
                f'<meta name="Url" content="{self.address}/art/2024/1/30/art_1.html">',
            ]
        parts += [
            "<style>p { margin: 0 } .h { display: none }</style>",
            "<script>var n = '<p>收到申请999件</p>';</script>",
        ]
        return "<head>" + "\n".join(parts) + "</head>"

    def _article(self) -> str:
        """A page of divisions: the article in the editor's own."""
        inner = self._paragraphs(self.rng.choice(("p", "p", "div")))
        editor = f"<div {self.rng.choice(_EDITORS)}>{inner}{self._signature()}</div>"
        if self.rng.random() < 0.5:
            editor = f'<div class="{self.rng.choice(("article", "content", "main-txt"))}"><div>{editor}</div></div>'
        return (
            f'{self._top()}<div class="wrap">{self._crumbs()}{self._record()}{self._title("h1")}{self._dateline()}'
            f"{editor}{self._buttons()}{self._related()}</div>{self._footer()}"
        )

    def _layout_tables(self) -> str:
        """An old page: tables within tables, navigation on the left, the article in a cell."""
        columns = "".join(f'<tr><td><a href="#{i}.htm">{name}</a></td></tr>' for i, name in enumerate(_COLUMNS))
        article = (
            f'<table width="96%"><tr><td align="center">{self._title("div")}</td></tr>'
            f"<tr><td>{self._dateline()}</td></tr>"
            f'<tr><td id="td_DocContent">{self._paragraphs("p")}{self._signature()}</td></tr>'
            f"<tr><td>{self._buttons()}</td></tr></table>"
        )
        return (
            f'<table width="1000"><tr><td colspan="2">{self._top()}</td></tr>'
            f'<tr><td width="200"><table>{columns}</table></td><td>{self._crumbs()}{self._record()}{article}</td></tr>'
            f'<tr><td colspan="2">{self._footer()}</td></tr></table>'
        )

    def _word(self) -> str:
        """As Word saves a web page: one section, classes of its own, conditional comments, wrapped lines."""
        return (
            "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->"
            f'<div class=WordSection1 style="layout-grid:15.6pt">{self._title("word")}{self._paragraphs("word")}'
            f"{self._signature()}</div>"
        )

    def _breaks(self) -> str:
        """The whole article in one division, its lines parted by breaks only."""
        return (
            f"{self._top()}{self._crumbs()}{self._dateline()}<div id=zoom>{self._title('br')}{self._paragraphs('br')}"
            f"{self._signature('br')}</div>{self._buttons()}{self._footer()}"
        )

    def _new_site(self) -> str:
        """A page with elements that say what they are, the record as a list, a share bar inside the article."""
        record = "".join(f"<li><strong>{label}：</strong>{value}</li>" for label, value in self._record_entries())
        return (
            f"<header><nav>{self._menu()}</nav></header><main>{self._crumbs()}<ul class='xxgk-info'>{record}</ul>"
            f"<article>{self._title('h1')}<div class='share-box'>分享到：<a href='#w'>微信</a></div>"
            f"<section>{self._paragraphs('p')}</section>{self._signature()}</article>{self._related()}</main>"
            f"<footer>{self._footer()}</footer>"
        )

    def _flat_title(self) -> str:
        return escape("".join(self.draft.title.split()))

    def _title(self, style: str) -> str:
        lines = self.draft.title.split("\n")
        if style == "br":
            return "<br>".join(map(escape, lines)) + f"<br>{escape(self.draft.notice)}<br>"
        opening, closing = (
            ("<p class=MsoTitle align=center><b>", "</b></p>") if style == "word" else (f"<{style}>", f"</{style}>")
        )
        title = f"{opening}{'<br>'.join(map(escape, lines))}{closing}"
        return title + (f"<p>{escape(self.draft.notice)}</p>" if style in ("word", "h2") else "")

    def _paragraphs(self, style: str) -> str:
        """The report's blocks, each paragraph in the style's element."""
        parts: list[str] = []
        line = ""
        for block in self.draft.blocks:
            if isinstance(block, Heading):
                line += self._inline(block.text()) if not block.run_in else self._inline(block.text() + "。")
                if block.run_in:
                    continue
            elif isinstance(block, Paragraph):
                line += self._inline("".join(sentence.text() for sentence in block.sentences))
            elif isinstance(block, Picture):
                line += self._image(block)
                if block.glued:
                    continue
            if line:
                parts.append(self._paragraph(line, style))
                line = ""
            if isinstance(block, FormTable):
                parts.append(write_table(block, self._table_style(style), self.rng))
        if line:
            parts.append(self._paragraph(line, style))
        return "\n".join(parts)

    def _table_style(self, style: str) -> str:
        return "word" if style == "word" else self.rng.choice([name for name in TABLE_STYLES if name != "word"])

    def _paragraph(self, inner: str, style: str) -> str:
        if style == "br":
            return f"&nbsp;&nbsp;&nbsp; {inner}<br>" + self.rng.choice(("", "<br/>"))
        if style == "word":
            opening = "<p class=MsoNormal style='text-indent:32.0pt;mso-char-indent-count:2.0'>"
            return f"{opening}{inner}<span lang=EN-US><o:p></o:p></span></p>"
        indent = self.rng.choice(("", "　　", "&emsp;&emsp;"))
        return f"<{style}>{indent}{inner}</{style}>" + self.rng.choice(
            ("", "", "<p>&nbsp;</p>", "<!-- 收到申请888件 -->")
        )

    def _inline(self, text: str) -> str:
        """The text with elements that begin and end anywhere in it."""
        if self.rng.random() < 0.3:
            return escape(text)
        size = self.rng.choice((5, 9, 16))
        pieces = [escape(text[at : at + size]) for at in range(0, len(text), size)]
        tag = self.rng.choice(('span style="font-family:仿宋"', "font face=仿宋", "span lang=EN-US", "b"))
        return "".join(
            f"<{tag}>{piece}</{tag.split()[0]}>" if number % 2 else piece for number, piece in enumerate(pieces)
        )

    def _image(self, picture: Picture) -> str:
        if self.rng.random() < 0.5:
            return f'<img src="./W020240130{self.rng.randint(100, 999)}.png" alt="{escape(picture.label)}" width="600">'
        encoded = base64.b64encode(_blank_png(40, 30, self.rng)).decode("ascii")
        return f'<img title="{escape(picture.label)}" src="data:image/png;base64,{encoded}">'

    def _signature(self, style: str = "p") -> str:
        lines = [escape(line) for line in self.draft.signature]
        if style == "br":
            return "<br>" + "<br>".join(lines) + "<br>"
        return "".join(f'<p style="text-align:right">{line}</p>' for line in lines)

    def _menu(self) -> str:
        return "<ul>" + "".join(f'<li><a href="/{i}/">{name}</a></li>' for i, name in enumerate(_MENU)) + "</ul>"

    def _top(self) -> str:
        return (
            f'<div class="header"><img src="/images/logo.png" alt="{self.site}">{self._menu()}'
            "<select><option>请选择</option><option>999件</option></select></div>"
        )

    def _crumbs(self) -> str:
        return (
            '<div class="dqwz">您现在的位置：<a href="/">首页</a> &gt; <a href="/z/">政务公开</a> &gt; '
            '<a href="/n/">政府信息公开年报</a></div>'
        )

    def _record_entries(self) -> list[tuple[str, str]]:
        return [
            ("索引号", f"0000{self.rng.randint(10000, 99999)}/2024-00012"),
            ("发布机构", self.site),
            ("发布日期", "2024-01-30"),
            ("名称", self._flat_title()),
        ]

    def _record(self) -> str:
        if self.rng.random() < 0.4:
            return ""
        cells = [f"<td>{label}：</td><td>{value}</td>" for label, value in self._record_entries()]
        return f"<table><tr>{cells[0]}{cells[1]}</tr><tr>{cells[2]}{cells[3]}</tr></table>"

    def _dateline(self) -> str:
        return (
            f'<div class="info"><span>发布时间：2024-01-30 10:12</span> <span>来源：{self.site}</span> '
            "<span>浏览次数：1234次</span> 字体：[<a href='javascript:b()'>大</a> "
            "<a href='javascript:s()'>小</a>]</div>"
        )

    def _buttons(self) -> str:
        return (
            '<div class="print">【<a href="javascript:window.print()">打印</a>】'
            '【<a href="javascript:close()">关闭</a>】</div>'
        )

    def _related(self) -> str:
        links = "".join(
            f'<li><a href="/y/{year}.html">{year}年政府信息公开工作年度报告</a></li>' for year in (2019, 2020)
        )
        return f"<div class='xgwd'><h3>相关文档</h3><ul>{links}</ul></div><p>扫一扫在手机打开当前页</p>"

    def _footer(self) -> str:
        return (
            f'<div class="foot"><p>主办：{self.site}办公室　承办：政务服务中心</p>'
            "<p>备案号：某ICP备12000001号 网站标识码：1234560001</p>"
            '<img src="/images/gongan.png" width="20"></div>'
        )


def _blank_png(width: int, height: int, rng: random.Random) -> bytes:
    """A picture of noise: too large a file for an icon."""
    rows = b"".join(b"\0" + rng.randbytes(width) for _ in range(height))

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\0\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
