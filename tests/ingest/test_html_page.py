"""Web pages as government sites serve them: what is the report, what is the page around it, what is a table."""

from __future__ import annotations

import base64

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.documents import Document, Line, Picture, Table
from ingest.html.page import read_html_page
from ingest.structure.recognition import is_report
from vectorstore.errors import ReadError

TITLE = "云溪县白石镇人民政府2023年政府信息公开工作年度报告"
OPENING = f"<p>{TITLE}</p><p>一、总体情况</p><p>全年工作有序开展。</p><p>二、主动公开政府信息情况</p>"
CLOSING = "<p>六、其他需要报告的事项</p><p>本年度未收取信息处理费。</p>"
MENU = '<div class="top"><a href="/">首页</a><a href="/a">政务公开</a><a href="/b">办事大厅</a></div>'
FOOT = "<div><p>主办：云溪县人民政府 ICP备0001号</p></div>"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 2).decode("ascii")


def read(page: str | bytes, source: str = "page.html") -> Document:
    return read_html_page(page.encode("utf-8") if isinstance(page, str) else page, source)


def lines(document: Document) -> list[str]:
    return [block.span.of(document.text) for block in document.blocks if isinstance(block, Line)]


def inside(markup: str) -> list[str]:
    """The lines that markup in the middle of a report gives."""
    return lines(read(OPENING + markup + CLOSING))[4:-2]


def rows(document: Document, number: int = 0) -> list[list[str]]:
    table = [block for block in document.blocks if isinstance(block, Table)][number]
    return [[cell.span.of(document.text) for cell in row] for row in table.rows]


def table(markup: str) -> Table:
    found = [block for block in read(OPENING + markup + CLOSING).blocks if isinstance(block, Table)]
    assert len(found) == 1
    return found[0]


def places(markup: str) -> list[tuple[int, int, int, int]]:
    return [(c.row, c.column, c.row_span, c.column_span) for row in table(markup).rows for c in row]


# Characters


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "iso-8859-1", "no-such-charset", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_bytes_tell_the_encoding_whatever_is_declared(encoding: str, declared: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body>{OPENING}{CLOSING}</body></html>'
    assert lines(read(page.encode(encoding))) == lines(read(page))


def test_a_page_in_big5_is_read() -> None:
    page = "<p>白石鎮2023年政府信息公開工作年度報告</p><p>一、總體情況</p><p>二、主動公開政府信息情況</p>"
    assert lines(read(page.encode("big5")))[0] == "白石鎮2023年政府信息公開工作年度報告"


def test_an_encoding_declaration_in_front_is_no_obstacle() -> None:
    page = f'<?xml version="1.0" encoding="gb2312"?><!DOCTYPE html><html><body>{OPENING}{CLOSING}</body></html>'
    assert lines(read(page.encode("gbk")))[0] == TITLE


def test_a_page_cut_in_mid_character_keeps_what_there_is() -> None:
    assert TITLE in lines(read((OPENING + "<p>公开</p>").encode("gb18030")[:-5]))


def test_references_stand_for_their_characters() -> None:
    assert inside("<p>&#20844;&#x5F00;&nbsp;&ldquo;1&rdquo;&amp;&lt;2&gt;</p>") == ["公开\xa0“1”&<2>"]


# Lines


def test_inline_elements_part_neither_words_nor_numbers() -> None:
    assert inside("<p>收到<span>1</span><span>2</span>件，<b>共</b>1<font>,</font>204条</p>") == ["收到12件，共1,204条"]


def test_block_elements_and_breaks_part_lines() -> None:
    assert inside("甲<div>乙</div>丙<br>丁<p>戊<p>己") == ["甲", "乙", "丙", "丁", "戊", "己"]


def test_a_source_line_end_between_chinese_characters_is_no_space() -> None:
    assert inside("<p>政府信\n    息公\r\n开，共\n12\n件</p>") == ["政府信息公开，共 12 件"]


def test_a_style_can_make_a_block_inline_and_a_span_a_block() -> None:
    assert inside('<p style="display: inline">甲</p><p style="display:inline">乙</p>') == ["甲乙"]
    assert inside('<span style="display:block">甲</span>乙') == ["甲", "乙"]


@pytest.mark.parametrize(
    "markup",
    [
        "<!-- 收到申请9件 -->",
        "<script>document.write('<p>收到申请9件</p>')</script>",
        "<style>p::after { content: '9件' }</style>",
        '<p style="DISPLAY : none">收到申请9件</p>',
        '<div style="visibility:hidden"><p>收到申请9件</p></div>',
        "<p hidden>收到申请9件</p>",
        '<span style="mso-hide:all">收到申请9件</span>',
        "<noscript>请启用脚本，收到申请9件</noscript>",
        "<select><option>9件</option></select>",
        "<del>收到申请9件</del>",
        '<span style="text-decoration: line-through">收到申请9件</span>',
        "<iframe src=a.htm>收到申请9件</iframe>",
        "<!--[if gte mso 9]><xml><w:WordDocument>9件</w:WordDocument></xml><![endif]-->",
        "<xml><o:OfficeDocumentSettings>9件</o:OfficeDocumentSettings></xml>",
        "<button>9件</button><textarea>9件</textarea>",
    ],
)
def test_what_nobody_sees_is_not_read(markup: str) -> None:
    assert inside(markup) == []


def test_a_raised_number_behind_a_number_is_a_note_and_not_its_last_digit() -> None:
    assert inside("<p>共12<sup>1</sup>件，面积3平方千米<sup>2</sup></p>") == ["共12件，面积3平方千米2"]


def test_the_numbers_of_ordered_lists_are_written_out() -> None:
    assert inside("<ol><li>甲</li><li><p>乙</p></li></ol><ol start=3 type=a><li>丙</li></ol>") == [
        "1. 甲",
        "2. 乙",
        "c. 丙",
    ]
    assert inside('<ol class="custom_cn2"><li><p>甲</p></li><li>乙</li></ol>') == ["（一）甲", "（二）乙"]


def test_an_item_with_a_number_of_its_own_gets_no_other() -> None:
    assert inside("<ol><li>1.甲</li><li>（二）乙</li></ol><ol style='list-style:none'><li>丙</li></ol>") == [
        "1.甲",
        "（二）乙",
        "丙",
    ]


def test_word_markup_leaves_its_text() -> None:
    markup = (
        "<p class=MsoNormal><![if !supportLists]><span lang=EN-US>1.<span style='font:7.0pt'>&nbsp;</span></span>"
        "<![endif]>共"
        "<st1:chmetcnv UnitName='件'>12</st1:chmetcnv>件<span lang=EN-US><o:p></o:p></span></p>"
    )
    assert inside(markup) == ["1.\xa0共12件"]


# Tables


def test_merged_cells_stand_once_at_their_true_places() -> None:
    markup = (
        "<table><tr><td rowspan=2>甲</td><td colspan=2>乙</td></tr><tr><td>1</td><td>2</td></tr>"
        "<tr><td>丙</td><td>3</td><td>4</td></tr></table>"
    )
    assert places(markup) == [
        (0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1), (2, 0, 1, 1), (2, 1, 1, 1), (2, 2, 1, 1),
    ]  # fmt: skip


def test_bad_spans_are_made_sound() -> None:
    markup = (
        "<table><tr><td colspan=0 rowspan=-3>甲</td><td colspan='2abc'>1</td><td rowspan=1000>9</td></tr>"
        "<tr><td rowspan=0>乙</td><td colspan=99999>8</td></tr><tr><td>3</td></tr></table>"
    )
    assert places(markup) == [(0, 0, 1, 1), (0, 1, 1, 2), (0, 3, 3, 1), (1, 0, 2, 1), (1, 1, 1, 1), (2, 1, 1, 1)]


def test_a_row_span_ends_with_its_group_of_rows() -> None:
    markup = (
        "<table><tbody><tr><td rowspan=9>甲</td><td>1</td></tr></tbody>"
        "<tbody><tr><td>乙</td><td>2</td></tr></tbody></table>"
    )
    assert places(markup)[2:] == [(1, 0, 1, 1), (1, 1, 1, 1)]


def test_a_foot_stands_below_wherever_the_markup_has_it() -> None:
    markup = "<table><tfoot><tr><td>总计</td><td>3</td></tr></tfoot><tr><td>甲</td><td>1</td></tr></table>"
    assert rows(read(OPENING + markup + CLOSING)) == [["甲", "1"], ["总计", "3"]]


def test_cells_that_are_hidden_take_no_place() -> None:
    markup = (
        "<table><tr style='display:none'><td>0</td></tr>"
        "<tr><td>甲</td><td style='display:none'>9</td><td>1</td></tr></table>"
    )
    assert rows(read(OPENING + markup + CLOSING)) == [["甲", "1"]]


def test_a_cell_of_invisible_characters_is_blank_and_one_with_a_picture_is_not() -> None:
    markup = (
        "<table><tr><td>甲</td><td>&nbsp;</td><td>&#8203;</td><td><p><br></p></td><td><img src=n.png></td></tr></table>"
    )
    assert rows(read(OPENING + markup + CLOSING)) == [["甲", "", "", "", "[image]"]]


def test_a_layout_table_is_no_data() -> None:
    page = (
        f"<table><tr><td colspan=2>{MENU}</td></tr><tr><td><table><tr><td><a href=a>指南</a></td></tr></table></td>"
        f"<td><table><tr><td>{OPENING}<table><tr><td>行政许可</td><td>15</td></tr></table>{CLOSING}</td></tr></table>"
        f"</td></tr><tr><td colspan=2>{FOOT}</td></tr></table>"
    )
    document = read(page)
    assert rows(document) == [["行政许可", "15"]]
    assert lines(document)[0] == TITLE and lines(document)[-1] == "本年度未收取信息处理费。"


def test_a_whole_report_in_one_table_is_parted_at_its_headings() -> None:
    def row(*cells: str) -> str:
        return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"

    page = (
        "<table>" + row(TITLE) + row("一、总体情况") + row("全年工作有序开展。") + row("二、主动公开政府信息情况")
        + row("信息内容", "本年处理决定数量") + row("行政许可", "15") + row("三、收到和处理政府信息公开申请情况")
        + row("", "自然人") + row("本年新收", "2") + row("六、其他需要报告的事项") + row("无") + "</table>"
    )  # fmt: skip
    document = read(page)
    assert [type(block) for block in document.blocks] == [Line, Line, Line, Line, Table, Line, Table, Line, Line]
    assert rows(document, 1) == [["", "自然人"], ["本年新收", "2"]]


def test_a_small_table_inside_a_cell_is_the_cells_text() -> None:
    cell = "<td><table><tr><td><p>15</p></td></tr></table></td>"
    assert rows(read(f"{OPENING}<table><tr><td>行政许可</td>{cell}</tr></table>{CLOSING}")) == [["行政许可", "15"]]


def test_a_table_around_each_table_changes_nothing() -> None:
    framed = "<table><tr><td><table><tr><td>行政许可</td><td>15</td></tr></table></td></tr></table>"
    assert rows(read(OPENING + framed + CLOSING)) == [["行政许可", "15"]]


def test_what_follows_a_table_that_is_never_closed_is_not_in_it() -> None:
    for end in ("<p>", "</td></tr><p>"):
        document = read(
            f"{OPENING}<table><tr><td>行政许可</td><td>15{end}三、收到和处理政府信息公开申请情况</p><p>未收到。</p>{CLOSING}"
        )
        assert rows(document) == [["行政许可", "15"]]
        assert lines(document)[4:6] == ["三、收到和处理政府信息公开申请情况", "未收到。"]


def test_elements_displayed_as_a_table_are_one() -> None:
    markup = (
        '<div style="display:table"><div style="display:table-row"><div style="display:table-cell">行政许可</div>'
        '<div style="display: table-cell"><p>15</p></div></div></div>'
    )
    assert rows(read(OPENING + markup + CLOSING)) == [["行政许可", "15"]]
    roles = '<div role="table"><div role="row"><span role="cell">行政</span><div role="cell">1</div></div></div>'
    assert rows(read(OPENING + roles + CLOSING)) == [["行政", "1"]]


def test_a_table_drawn_in_preformatted_text_is_one() -> None:
    document = read(f"<pre>{TITLE}\n一、总体情况\n二、主动公开政府信息情况\n\t行政许可\n\t15\n\n</pre>")
    assert rows(document) == [["行政许可", "15"]]
    assert lines(document) == [TITLE, "一、总体情况", "二、主动公开政府信息情况"]


@pytest.mark.parametrize("gap", ["&nbsp;&nbsp; ", "　　", " ", "\t"])
def test_rows_written_as_lines_with_spaces_between_are_a_table(gap: str) -> None:
    written = [["信息内容", "本年处理决定数量"], ["行政处罚", "1,204"], ["第二十条第（八）项"], ["行政强制", "/"]]
    markup = "".join(f"<p>{gap.join(row)}</p>" for row in written)
    assert rows(read(f"{OPENING}{markup}<p>以上 3</p>{CLOSING}")) == written


def test_lines_that_merely_hold_numbers_are_no_table() -> None:
    prose = ["行政许可 15", "全年共办结行政许可 15 件，行政处罚 3 件。", "培训 3 场"]
    assert inside("".join(f"<p>{line}</p>" for line in prose)) == prose


# Pictures


def test_a_picture_stands_in_its_place_with_its_bytes_where_the_page_has_them() -> None:
    document = read(
        f'{OPENING}<p>见下图<img src="data:image/png;base64,{PNG}" alt="表一"></p><img src="/w/t2.png">{CLOSING}'
    )
    pictures = [block for block in document.blocks if isinstance(block, Picture)]
    assert [picture.span.of(document.text) for picture in pictures] == ["[image: 表一]", "[image: t2.png]"]
    assert [picture.image for picture in pictures] == [base64.b64decode(PNG), None]


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="/images/icon_print.gif">',
        '<img src="/ueditor/dialogs/attachment/fileTypeImages/icon_pdf.gif">',
        '<img src="a.png" width="16" height="16">',
        '<img src="a.png" style="width: 1px">',
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
        '<img src="/qrcode/1.png">',
        "<img>",
    ],
)
def test_icons_and_spacers_are_no_pictures(markup: str) -> None:
    assert not [block for block in read(OPENING + markup + CLOSING).blocks if isinstance(block, Picture)]


def test_a_picture_loaded_late_is_the_one_that_is_loaded() -> None:
    document = read(f'{OPENING}<img src="/images/blank.gif" data-original="/up/biao1.jpg">{CLOSING}')
    assert "[image: biao1.jpg]" in document.text


# The article


def test_the_page_around_the_report_is_left_out() -> None:
    page = f"""<html><body>{MENU}<h2>云溪县人民政府</h2>
    <div class="position">您的位置：<a href="/">首页</a> &gt; <a href="/n">年报</a></div>
    <table><tr><td>索引号：</td><td>0001</td><td>发布机构：</td><td>白石镇</td></tr></table>
    <h1>{TITLE}</h1><div>发布时间：2024-01-20 来源：白石镇 浏览次数：153 字体：[大 中 小]</div>
    <div id="zoom"><p>一、总体情况</p><p>全年工作有序开展。</p><div class="share">分享到</div>
    <p>六、其他需要报告的事项</p><p>无。</p></div><p>云溪县白石镇人民政府</p><p>2024年1月20日</p>
    <p>【<a href="javascript:p()">打印</a>】【关闭】</p><p>上一篇：<a href="2">2022年年报</a></p>
    <div class="r"><h3>热门</h3><a href="/1">某通知</a></div>{FOOT}</body></html>"""
    assert lines(read(page)) == [
        TITLE, "一、总体情况", "全年工作有序开展。", "六、其他需要报告的事项", "无。",
        "云溪县白石镇人民政府", "2024年1月20日",
    ]  # fmt: skip


def test_no_name_of_an_element_makes_the_report_furniture() -> None:
    page = f'<div class="nav header print share footer" id="sidebar">{OPENING}{CLOSING}</div>'
    assert lines(read(page)) == lines(read(OPENING + CLOSING))


def test_parts_of_the_report_in_elements_of_their_own_are_kept_together() -> None:
    parts = [
        "前言：本报告根据有关规定编制，统计期限为2023年1月1日至12月31日。",
        "一、总体情况",
        "未收到申请。",
        "六、其他",
        "无。",
        "2024年1月9日",
    ]
    page = (
        f"{MENU}<div><h1>{TITLE}</h1>"
        + "".join(f"<section><div>{part}</div></section>" for part in parts)
        + f"</div>{FOOT}"
    )
    assert lines(read(page)) == [TITLE, *parts]


def test_where_nothing_shows_the_article_everything_is_kept() -> None:
    assert lines(read("<ul><li><a href=1>甲</a></li></ul><p>乙</p>")) == ["甲", "乙"]


def test_a_report_that_a_script_is_to_show_is_read() -> None:
    hidden = f'{MENU}<div style="display:none">{OPENING}{CLOSING}</div>'
    escaped = (OPENING + CLOSING).replace("<", "&lt;")
    kept = f'{MENU}<textarea style="display:none">{escaped}</textarea>'
    field = f'{MENU}<input type="hidden" value="{escaped}">'
    for page in (hidden, kept, field):
        assert is_report(read(page)) and lines(read(page))[0] == TITLE


def test_links_inside_the_report_keep_their_text() -> None:
    assert inside('<p>详见<a href="http://www.example.gov.cn">县政府网站</a>，共12件。</p>') == [
        "详见县政府网站，共12件。"
    ]


def test_a_page_that_only_leads_to_a_document_is_refused_with_its_name() -> None:
    for viewer in (
        '<iframe src="/pdf/viewer.html?file=/up/nianbao.pdf"></iframe>',
        '<a href="/up/nianbao.pdf">下载</a>',
    ):
        with pytest.raises(ReadError, match=r"nianbao\.pdf"):
            read(f"{MENU}<h1>{TITLE}</h1><p>发布时间：2024-01-20</p>{viewer}{FOOT}")


def test_a_report_that_a_page_holds_twice_is_read_once() -> None:
    report = f"{OPENING}<table><tr><td>行政许可</td><td>15</td></tr></table>{CLOSING}"
    page = f'{MENU}<div class="pc">{report}</div><div class="phone">{report}</div>{FOOT}'
    assert read(page).text == read(report).text


# Metadata


def test_metadata_come_from_the_pages_head() -> None:
    page = f"""<head><title>{TITLE}_云溪县</title><meta name="ArticleTitle" content="{TITLE}">
    <meta name="PubDate" content="2024-01-30 10:12"><meta name="Url" content="/art/2024/1.html">
    <meta name="SiteDomain" content="www.yunxi.example"><meta name="ColumnName" content="年报"></head>
    <body>{OPENING}{CLOSING}"""
    assert read(page).metadata == {
        "title": TITLE, "date": "2024-01-30", "url": "http://www.yunxi.example/art/2024/1.html", "column": "年报",
    }  # fmt: skip


def test_metadata_come_from_the_record_above_the_article() -> None:
    record = (
        "<table><tr><td>索 引 号</td><td>0001/2024</td><td>发布机构</td><td>白石镇</td></tr>"
        f"<tr><td>名　　称</td><td colspan=3>{TITLE}</td></tr><tr><td>发文日期</td><td>2024年1月9日</td></tr></table>"
    )
    page = f'<link rel="canonical" href="https://www.yunxi.example/1.html">{record}{OPENING}{CLOSING}'
    assert read(page).metadata == {
        "title": TITLE, "date": "2024-01-09", "issued": "2024-01-09", "index_number": "0001/2024",
        "publisher": "白石镇", "url": "https://www.yunxi.example/1.html",
    }  # fmt: skip
    assert "索" not in read(page).text


def test_a_browser_notes_what_it_saved() -> None:
    page = f"<!-- saved from url=(0031)http://www.yunxi.example/n/1.html --><html><body>{OPENING}{CLOSING}"
    assert read(page).metadata["url"] == "http://www.yunxi.example/n/1.html"


# Bad pages


@pytest.mark.parametrize(
    "data", [b"", b" \r\n", b"\0\0\0", b"<html><body></body></html>", b"\xfe\xff", bytes(range(256)) * 20]
)
def test_a_page_without_text_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"bad\.html") as refused:
        read(data, "bad.html")
    assert "\n" not in str(refused.value)


def test_nesting_has_a_limit_for_tables_and_none_for_other_elements() -> None:
    assert lines(read(OPENING + "<div><span>" * 50_000 + "甲" + CLOSING))[4] == "甲"
    with pytest.raises(ReadError, match="nested"):
        read("<table><tr><td>甲</td><td>" * 200)


def test_spans_that_reach_too_far_are_refused() -> None:
    with pytest.raises(ReadError, match="merged"):
        read("<table>" + ("<tr>" + "<td rowspan=9999>1</td>" * 50 + "</tr>") * 500)


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "甲甲甲甲"><!ENTITY c "&b;&b;&b;&b;">]>'
    assert "甲甲" not in read(f"{bomb}<html><body>{OPENING}<p>&c;</p>{CLOSING}").text


# Properties

_TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<table>",
        "</table>",
        "<tr>",
        "</tr>",
        "<td>",
        "</td>",
        "<td\xa0rowspan=2>",
        "<td\xa0colspan=3>",
        "<br>",
        "<b>",
        "</b>",
        "<ol>",
        "<li>",
        "</ol>",
        "<pre>",
        "</pre>",
        "<a\xa0href=x>",
        "</a>",
        "<img\xa0src=a.png>",
        "<sup>",
        "</sup>",
        "<tbody>",
        "<tfoot>",
        "<textarea>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<title>",
        "<th>",
        "<div\xa0style=display:table>",
        "<div\xa0style=display:table-row>",
        "<div\xa0style=display:table-cell>",
        "<form>",
        "<html>",
        "<body>",
    ]
).map(lambda tag: tag.replace("\xa0", " "))
_WORDS = st.sampled_from(
    [
        TITLE,
        "一、总体情况",
        "二、主动公开政府信息情况",
        "12",
        "０",
        "行政许可",
        "【打印】",
        "索引号：",
        "\n",
        "&nbsp;",
        "\u200b",
        "甲\n乙",
    ]
)


def assert_sound(document: Document) -> None:
    end = 0
    for block in document.blocks:
        assert end <= block.span.start <= block.span.end <= len(document.text)
        assert not document.text[end : block.span.start].strip()
        end = block.span.end
        if isinstance(block, Table):
            cells = [cell for row in block.rows for cell in row]
            assert cells == sorted(cells, key=lambda cell: (cell.row, cell.column))
            assert all(cell.row_span >= 1 and cell.column_span >= 1 for cell in cells)
            assert all("\n" not in cell.span.of(document.text) for cell in cells)
    assert not document.text[end:].strip()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(_TAGS, _WORDS), max_size=60))
@example(["<table>", "<tr>", "<td>", "<pre>", "<table>", "<td>", "12", "</pre>", "</table>", "甲\n乙"])
def test_any_markup_gives_a_sound_document_or_a_read_error(pieces: list[str]) -> None:
    try:
        document = read("".join(pieces))
    except ReadError:
        return
    assert_sound(document)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 2000))
def test_any_bytes_in_a_page_give_a_sound_document_or_a_read_error(noise: bytes, at: int) -> None:
    page = (OPENING + "<table><tr><td>行政许可<td>15</table>" + CLOSING).encode("utf-8")
    at = min(at, len(page))
    for data in (noise, page[:at] + noise, page[:at] + noise + page[at:], page[:at]):
        try:
            document = read(data)
        except ReadError:
            continue
        assert_sound(document)


@given(st.lists(st.lists(st.text("0123456789甲乙 /—.", max_size=4), min_size=2, max_size=4), min_size=1, max_size=5))
def test_cells_keep_their_own_text(texts: list[list[str]]) -> None:
    markup = "<table>" + "".join("<tr>" + "".join(f"<td>{t}</td>" for t in row) + "</tr>" for row in texts) + "</table>"
    document = read(OPENING + markup + CLOSING)
    found = [block for block in document.blocks if isinstance(block, Table)]
    kept = [cell.span.of(document.text) for block in found for row in block.rows for cell in row]
    if any(sum(bool(t.strip()) for t in row) > 1 for row in texts):
        assert kept == [" ".join(t.split()) for row in texts for t in row]


SHORT = (
    "<p>云溪县水利局2023年政府信息公开工作年度报告</p><p>一、总体情况</p><p>本局有序开展各项公开工作。</p>"
    "<p>六、其他需要报告的事项</p>"
)


@pytest.mark.parametrize(
    "last",
    [
        "承办区人大代表建议13件、区政协提案6件，均已办结。未收取信息处理费。",
        "主办人大建议5件，协办2件。",
        "承办建议5件",
        "技术支持单位来镇培训1次，未收取费用。",
        "版权类文件没有公开，涉及申请2件。",
        "网站地图改版后，访问更方便。",
    ],
)
def test_a_last_paragraph_that_begins_like_a_footer_stays(last: str) -> None:
    assert lines(read(f"<div>{SHORT}<p>{last}</p></div>"))[-1] == last


@pytest.mark.parametrize(
    "footer",
    [
        "主办单位：云溪县人民政府",
        "主办：云溪县人民政府办公室　承办：云溪县大数据中心",
        "技术支持：某某科技有限公司",
        "主办单位 云溪县人民政府办公室",
        "版权所有：云溪县人民政府 未经许可不得转载",
        "网站标识码：4300000001 备案号：湘ICP备00000001号",
        "网站地图 | 联系我们",
    ],
)
def test_a_footer_leaves(footer: str) -> None:
    assert lines(read(f"<div>{SHORT}<p>无。</p></div><div><p>{footer}</p></div>"))[-1] == "无。"
