"""What the files hold, read by other programs than those that wrote them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt

from assistant.export.csv_writing import write_table
from assistant.export.document import Cell, Column, ExportDocument, ExportTable, Paragraph
from assistant.export.formats import FORMATS, ExportError, write
from assistant.export.pasting import as_html, as_text
from assistant.export.references import NumberedReference, Reference

HOSTILE = "<script>alert(1)</script> [x](http://evil.example) | $\\frac{1}{2}$ `a` **b** =1+1 &amp; _x0041_"
COLUMNS = (
    Column("单位"), Column("年份", "number", is_id=True), Column("数值", "number"), Column("说明", "state"),
    Column("依据", "citations"), Column("编号", is_id=True),
)  # fmt: skip
ROWS: list[tuple[Cell, ...]] = [
    ("白石管委会", 2023, 0, "报告写明", (1, 2), "r1"),
    ("青溪管委会", 2023, None, "未提及", (), "r2"),
    ("松岭园区", 2023, Decimal("9.25"), "推算得出", (3,), "r3"),
    (HOSTILE, None, -1234567, "报告写明", (3,), "r4"),
]
QUOTES = ("未收到申请。", "本年新收\n\t0\n\t0", HOSTILE)
REFERENCES = tuple(
    NumberedReference(
        n, Reference(f"r{n}", "白石管委会", "2023年度报告", 2023, "2024-01-20", section="一、总体情况"), quote, 7, 9
    )
    for n, quote in enumerate(QUOTES, start=1)
)
DOCUMENT = ExportDocument(
    title="哪些开发区没有收到申请？",
    paragraphs=(Paragraph("有1个：白石管委会[1][2]。另见[9]。"), Paragraph(f"松岭园区 {HOSTILE}[3]", True)),
    tables=(ExportTable("数据", COLUMNS, ROWS),),
    warnings=("青溪管委会没有提到。",),
    coverage=("范围内共4份报告。",),
    how=("理解为：哪些开发区2023年没有申请",),
    references=REFERENCES,
    corpus="依据索引中的4份报告",
    made_on=date(2025, 3, 1),
)
ONE_REFERENCE = replace(DOCUMENT, paragraphs=(Paragraph("见[1]。"),), tables=(), references=REFERENCES[:1])


def _csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


_SHEET = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def _decoded(text: str) -> str:
    """A string as Excel shows it."""
    return re.sub(r"_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), text)


def _sheets(content: bytes) -> dict[str, list[dict[str, str | float | None]]]:
    """By sheet, its rows: cells by the letter of their column. Only numbers are floats."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    names = [
        sheet.get("name") for sheet in etree.fromstring(archive.read("xl/workbook.xml")).iterfind(".//s:sheet", _SHEET)
    ]
    read: dict[str, list[dict[str, str | float | None]]] = {}
    for number, name in enumerate(names, start=1):
        tree = etree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
        assert not tree.findall(".//s:f", _SHEET), "a formula"
        rows: list[dict[str, str | float | None]] = []
        for row in tree.iterfind(".//s:row", _SHEET):
            cells: dict[str, str | float | None] = {}
            for cell in row.iterfind("s:c", _SHEET):
                value: str | float | None = None
                if cell.get("t") == "inlineStr":
                    value = _decoded("".join(cell.itertext()))
                elif (number_text := cell.findtext("s:v", None, _SHEET)) is not None:
                    value = float(number_text)
                cells[cell.get("r", "").rstrip("0123456789")] = value
            rows.append(cells)
        read[str(name)] = rows
    return read


def _word(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def _markdown_text(markdown: str) -> list[str]:
    """The text of each block as a renderer shows it; fails on anything that is more than text."""
    shown: list[str] = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        assert token.type.split("_")[0] in {
            "heading", "paragraph", "inline", "table", "thead", "tbody", "tr", "th", "td", "bullet", "list",
        }, token.type  # fmt: skip
        if token.type == "inline":
            assert {child.type for child in token.children or ()} <= {"text"}, token.children
            shown.append("".join(child.content for child in token.children or ()))
    return shown


@pytest.mark.parametrize("extension", FORMATS)
def test_the_same_document_gives_the_same_bytes(extension: str) -> None:
    assert write(DOCUMENT, extension) == write(DOCUMENT, f".{extension.upper()}")


@pytest.mark.parametrize("extension", FORMATS)
def test_an_empty_document_can_be_written(extension: str) -> None:
    assert write(ExportDocument("空", "en"), extension)
    assert write(ExportTable("空表", COLUMNS, ()), extension)


def test_another_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(ExportError, match=r"pdf.*\.csv"):
        write(DOCUMENT, "pdf")


def test_csv_keeps_zero_and_unknown_apart_and_quotes_the_evidence() -> None:
    head, zero, unknown, fraction, hostile = _csv(write(DOCUMENT, "csv"))
    assert head == ["单位", "年份", "数值", "说明", "依据", "原文", "编号"]
    assert zero[2:5] == ["0", "报告写明", "[1][2]"]
    assert zero[5] == (
        "[1] 白石管委会 2023 一、总体情况：“未收到申请。” [2] 白石管委会 2023 一、总体情况：“本年新收 | 0 | 0”"
    )
    assert unknown[2:6] == ["", "未提及", "", ""]
    assert (fraction[2], hostile[2], hostile[0]) == ("9.25", "-1234567", HOSTILE)


def test_csv_without_a_table_holds_the_references() -> None:
    rows = _csv(write(ONE_REFERENCE, "csv"))
    assert len(rows) == 2
    assert rows[1][:5] == ["1", "白石管委会", "2023年度报告", "2023", "一、总体情况"]
    assert "未收到申请。" in rows[1]


def test_csv_says_where_quotes_are_too_long_for_a_cell() -> None:
    long = tuple(replace(REFERENCES[0], n=n, quote="长" * 900) for n in range(1, 101))
    table = ExportTable("表", (Column("依据", "citations"),), [(tuple(range(1, 101)),)])
    _, (numbers, quotes) = _csv(write(ExportDocument("问", tables=(table,), references=long), "csv"))
    assert numbers == "[1–100]"
    assert len(quotes) < 32_767
    assert quotes.endswith("共100条，其余见同一内容的 Excel 或 Word 文件")


_ANY_TEXT = st.text(
    st.sampled_from("=+-@\t\r\n \"',;'＝报1.%aA|") | st.characters(codec="utf-8", exclude_characters="\0")
)


@given(st.lists(_ANY_TEXT, min_size=1, max_size=4))
def test_csv_gives_back_every_text_and_no_formula(texts: list[str]) -> None:
    columns = tuple(Column(f"c{at}") for at in range(len(texts)))
    _, row = _csv(write_table(ExportTable("", columns, [tuple(texts)]), {}, "zh"))
    for given_text, found in zip(texts, row, strict=True):
        kept = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", "\ufffd", given_text)
        assert found in (kept, f"'{kept}")
        if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?%?|-", found):
            assert found.lstrip()[:1] not in tuple("=+-@＝＋－＠")
            assert found[:1] not in ("\t", "\r", "\n")


def test_excel_holds_numbers_as_numbers_and_leaves_the_unknown_empty() -> None:
    head, zero, unknown, fraction, hostile = _sheets(write(DOCUMENT, "xlsx"))["数据"]
    assert list(head.values()) == [column.name for column in COLUMNS]
    assert (zero["B"], zero["C"], zero["D"], zero["E"]) == (2023.0, 0.0, "报告写明", "[1][2]")
    assert (unknown["C"], unknown["D"]) == (None, "未提及")
    assert (fraction["C"], hostile["C"], hostile["A"]) == (9.25, -1234567.0, HOSTILE)


def test_excel_has_every_reference_with_its_quote_and_leads_there() -> None:
    content = write(DOCUMENT, "xlsx")
    sheets = _sheets(content)
    assert list(sheets) == ["数据", "回答", "参考文献"]
    rows = sheets["参考文献"][1:]
    assert [(row["A"], row["G"]) for row in rows] == [(1.0, QUOTES[0]), (2.0, QUOTES[1]), (3.0, QUOTES[2])]
    assert rows[0]["H"] == "白石管委会. 2023年度报告[R]. [出版地不详]: 白石管委会, 2024."
    table = etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml"))
    links = {link.get("ref"): link.get("location") for link in table.iterfind(".//s:hyperlink", _SHEET)}
    assert links == {"E2": "'参考文献'!A2", "E4": "'参考文献'!A4", "E5": "'参考文献'!A4"}
    assert table.find(".//s:pane", _SHEET).get("state") == "frozen"


def test_excel_tells_the_answer_and_what_it_rests_on() -> None:
    said = [row["A"] for row in _sheets(write(DOCUMENT, "xlsx"))["回答"]]
    assert said[:3] == [DOCUMENT.title, "有1个：白石管委会[1][2]。另见[9]。", f"• 松岭园区 {HOSTILE}[3]"]
    assert said[-2:] == ["理解为：哪些开发区2023年没有申请", "依据索引中的4份报告，制作于2025-03-01。"]
    assert {"注意", "青溪管委会没有提到。", "范围内共4份报告。"} <= set(said)


@pytest.mark.parametrize("text", ["=1+1", "{=1}", "<r>x</r>", "http://evil.example", "a\x00b\ud800", "mailto:x@y.cn"])
def test_excel_takes_hostile_text_for_text(text: str) -> None:
    table = ExportTable("a/b[c]:*?" + "长" * 40, (Column(text),), [(text,)])
    content = write(ExportDocument(text, tables=(table, table)), "xlsx")
    sheets = _sheets(content)
    assert list(sheets)[:2] == ["a b c" + " " * 4 + "长" * 22, "a b c" + " " * 4 + "长" * 18 + " (2)"]
    shown = re.sub("[\x00\ud800]", "\ufffd", text)
    assert [str(row["A"]).strip() for row in next(iter(sheets.values()))] == [shown, shown]
    assert "hyperlink" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()


def test_excel_goes_on_in_the_next_row_where_a_quote_is_longer_than_a_cell() -> None:
    long = replace(REFERENCES[0], quote="甲" * 32_767 + "乙" * 10)
    table = ExportTable("表", (Column("依据", "citations"),), [((2,),)])
    document = ExportDocument("问", tables=(table,), references=(long, REFERENCES[1]))
    rows = _sheets(write(document, "xlsx"))["参考文献"][1:]
    assert [row["G"] for row in rows] == ["甲" * 32_767, "乙" * 10, QUOTES[1]]
    sheet = zipfile.ZipFile(io.BytesIO(write(document, "xlsx"))).read("xl/worksheets/sheet1.xml").decode()
    assert "'参考文献'!A4" in sheet


def test_excel_keeps_a_number_that_it_would_round_as_text() -> None:
    table = ExportTable("表", (Column("数", "number"),), [(12345678901234567,), (Decimal("0.1"),)])
    rows = _sheets(write(table, "xlsx"))["表"]
    assert [row["A"] for row in rows[1:]] == ["12345678901234567", 0.1]


def test_markdown_has_footnotes_for_what_is_cited() -> None:
    markdown = write(DOCUMENT, "md").decode()
    assert "有1个：白石管委会[^1][^2]。另见\\[9\\]。" in markdown
    assert "| 白石管委会 | 2023 | 0 | 报告写明 | [^1][^2] |" in markdown
    assert "| 青溪管委会 | 2023 |  | 未提及 |  |" in markdown
    assert "\n- [^2] 白石管委会. 2023年度报告\\[R\\]. \\[出版地不详\\]: 白石管委会, 2024.\n" in markdown
    assert "\n[^2]: 白石管委会 2023 一、总体情况：“本年新收 \\| 0 \\| 0”\n" in markdown


def test_markdown_refers_to_what_nothing_else_refers_to() -> None:
    document = replace(DOCUMENT, tables=(), paragraphs=(Paragraph("见[2]。"),))
    markdown = write(document, "md").decode()
    assert all(f"\n- [^{n}] " in markdown for n in (1, 2, 3))


_MARKUP = st.lists(
    st.sampled_from(
        [
            *(
                "<b>",
                "[a](b)",
                "![",
                "](",
                "|",
                "$x$",
                "`",
                "**",
                "__",
                "~~",
                "#",
                "-",
                "+",
                "1.",
                "1)",
                "(a)",
                ">",
                "---",
            ),
            *(
                "===",
                "&lt;",
                "\\",
                "\n",
                "\t",
                " ",
                "    ",
                "www.a.cn",
                "http://a.cn",
                "<http://a>",
                "[^1]",
                "[1]",
                ":",
            ),
            *("报", "a@b.cn", "...", "'", '"', "{.x}", "%", "@x"),
        ]
    ),
    max_size=8,
).map("".join)


@given(_MARKUP)
def test_whatever_a_text_holds_markdown_shows_it(text: str) -> None:
    plain = " ".join(text.split())
    table = ExportTable(text, (Column(text),), [(text,)])
    document = ExportDocument(text, paragraphs=(Paragraph(text),), tables=(table,), warnings=(text,))
    shown = _markdown_text(write(document, "md").decode())
    assert [one for one in shown if one not in ("", "注意")] == ([plain] * 6 if plain else [])


@given(_MARKUP, _MARKUP)
def test_a_footnote_is_the_only_markup_of_a_paragraph(before: str, after: str) -> None:
    document = replace(ONE_REFERENCE, paragraphs=(Paragraph(f"报{before}[1]{after}"),))
    line = write(document, "md").decode().splitlines()[2]
    texts = _markdown_text(line.replace("[^1]", "FOOTNOTE"))
    plain = " ".join(f"报{before}[1]{after}".split())
    assert texts == [plain.replace("[1]", "FOOTNOTE")]


def test_word_holds_text_table_and_references() -> None:
    file = _word(write(DOCUMENT, "docx"))
    said = [paragraph.text for paragraph in file.paragraphs]
    assert said[:3] == [DOCUMENT.title, "有1个：白石管委会[1][2]。另见[9]。", f"松岭园区 {HOSTILE}[3]"]
    assert "[1] 白石管委会. 2023年度报告[R]. [出版地不详]: 白石管委会, 2024." in said
    assert "一、总体情况：“本年新收 | 0 | 0”" in said
    assert f"一、总体情况：“{HOSTILE}”" in said
    (table,) = file.tables
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells == [
        ["单位", "年份", "数值", "说明", "依据"],
        ["白石管委会", "2023", "0", "报告写明", "[1][2]"],
        ["青溪管委会", "2023", "", "未提及", ""],
        ["松岭园区", "2023", "9.25", "推算得出", "[3]"],
        [HOSTILE, "", "-1234567", "报告写明", "[3]"],
    ]


def test_a_report_that_is_cited_twice_is_one_reference_with_both_quotes() -> None:
    whole = REFERENCES[0].reference
    places = (*REFERENCES, NumberedReference(4, replace(whole, section="三、申请"), "收到4件。", 20, 25))
    document = replace(DOCUMENT, references=places)
    said = [paragraph.text for paragraph in _word(write(document, "docx")).paragraphs]
    entry = said.index("[1][4] 白石管委会. 2023年度报告[R]. [出版地不详]: 白石管委会, 2024.")
    assert said[entry + 1 : entry + 3] == ["[1] 一、总体情况：“未收到申请。”", "[4] 三、申请：“收到4件。”"]
    markdown = write(document, "md").decode()
    assert markdown.count("2023年度报告") == 3
    assert "\n- [^1][^4] 白石管委会" in markdown
    assert "\n[^4]: 白石管委会 2023 三、申请：“收到4件。”\n" in markdown


def test_word_repeats_the_head_names_chinese_fonts_and_leads_to_references() -> None:
    content = write(DOCUMENT, "docx")
    archive = zipfile.ZipFile(io.BytesIO(content))
    body, styles = archive.read("word/document.xml").decode(), archive.read("word/styles.xml").decode()
    assert body.count("<w:tblHeader/>") == 1
    assert 'w:eastAsia="宋体"' in styles
    assert 'w:eastAsia="黑体"' in styles
    anchors = set(re.findall(r'w:anchor="(\w+)"', body))
    assert anchors == set(re.findall(r'w:bookmarkStart w:id="\d+" w:name="(\w+)"', body)) == {
        "reference1", "reference2", "reference3",
    }  # fmt: skip
    assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "<?nianbao-part 0?>", "]]>", "<w:p/>", "&#0;"])
def test_word_takes_hostile_text_for_text(text: str) -> None:
    table = ExportTable(text, (Column(text),), [(text,)])
    reference = replace(REFERENCES[0], quote=text)
    document = ExportDocument(text, paragraphs=(Paragraph(text),), tables=(table,), references=(reference,))
    file = _word(write(document, "docx"))
    shown = re.sub("[\x00\ud800]", "\ufffd", text)
    assert [paragraph.text for paragraph in file.paragraphs][:3] == [shown, shown, shown]
    assert [cell.text for row in file.tables[0].rows for cell in row.cells] == [shown, shown]
    assert file.paragraphs[-1].text == f"一、总体情况：“{shown}”"


def test_all_of_many_rows_are_written() -> None:
    rows = [(f"机关{at}", 2023, at, "报告写明", (at + 1,), "r") for at in range(1000)]
    references = tuple(replace(REFERENCES[0], n=n) for n in range(1, 1001))
    document = ExportDocument("问", tables=(ExportTable("数据", COLUMNS, rows),), references=references)
    assert len(_csv(write(document, "csv"))) == 1001
    sheets = _sheets(write(document, "xlsx"))
    assert (len(sheets["数据"]), len(sheets["参考文献"])) == (1001, 1001)
    markdown = write(document, "md").decode()
    assert (markdown.count("\n| 机关"), markdown.count("\n[^")) == (1000, 1000)
    body = zipfile.ZipFile(io.BytesIO(write(document, "docx"))).read("word/document.xml")
    assert (body.count(b"<w:tr>"), body.count(b"<w:bookmarkStart")) == (1001, 1000)
    assert write(document, "txt").decode() == (
        "[1–1000] 白石管委会. 2023年度报告[R]. [出版地不详]: 白石管委会, 2024.\n"
    )


def test_what_is_pasted_has_markers_and_references_and_is_escaped() -> None:
    text, html = as_text(DOCUMENT), as_html(DOCUMENT)
    assert text.startswith("有1个：白石管委会[1][2]。另见[9]。\n- 松岭园区")
    assert text.endswith("\n参考文献\n[1–3] 白石管委会. 2023年度报告[R]. [出版地不详]: 白石管委会, 2024.")
    assert "<script" not in html
    tree = etree.fromstring(f"<div>{html}</div>")
    assert {element.tag for element in tree.iter()} <= {
        "div", "p", "b", "ul", "li", "table", "caption", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
    assert [cell.text for cell in tree.iterfind(".//tbody/tr[2]/td")] == ["青溪管委会", "2023", None, "未提及", None]
    assert tree.findtext(".//li") == f"松岭园区 {HOSTILE}[3]"
