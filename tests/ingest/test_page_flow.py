"""Lines to paragraphs, over page breaks: nothing lost, nothing invented, furniture gone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document_writer import DocumentWriter
from ingest.documents import Document, Table
from ingest.pages.glyph_lines import HYPHEN, joined
from ingest.pages.page_flow import write_pages
from ingest.pages.page_furniture import take_off_furniture
from ingest.pages.page_layout import Area, GridCell, GridTable, Item, Page, TextLine
from vectorstore.catalogue import catalogue

SIZE = 14.0
FEE_UNPAID = next(row.label for row in catalogue().application_rows if row.id == "other_fee_unpaid")
LEFT, RIGHT = 72.0, 72.0 + 30 * SIZE


def width(text: str) -> float:
    return sum(SIZE * (0.5 if c.isascii() else 1.0) for c in text)


def line(text: str, y: float, left: float = LEFT, size: float = SIZE) -> TextLine:
    return TextLine(text, Area(left, y, left + width(text), y + size), size)


def broken(text: str, columns: int = 30, *, whole_numbers: bool = False) -> list[str]:
    """The text in lines that fill the column to the last half character, first indented by two characters."""
    lines, current, room = [], "", SIZE * (columns - 2)
    units = re.findall(r"[0-9.]+|.", text) if whole_numbers else list(text)
    for unit in units:
        if width(unit) > room + 0.01:
            lines.append(current)
            current, room = "", SIZE * columns
        current += unit
        room -= width(unit)
    return [*lines, current]


def pages_of(paragraphs: list[list[str]], rows: int = 25) -> list[Page]:
    """The lines on pages, a first line indented."""
    flat = [(text, number == 0) for paragraph in paragraphs for number, text in enumerate(paragraph)]
    pages = []
    for at in range(0, len(flat), rows):
        items: list[Item] = [
            line(text, 120 + 24 * n, LEFT + (2 * SIZE if first else 0))
            for n, (text, first) in enumerate(flat[at : at + rows])
        ]
        pages.append(Page(len(pages) + 1, 595, 842, items))
    return pages


def written(pages: list[Page]) -> Document:
    writer = DocumentWriter()
    write_pages(pages, writer)
    return writer.document("made-up.pdf")


# A line of nothing but digits may be a page's number or a column of a table, and a full line without an end may go on
# in the next, indented or not: no paragraph here has either.
PROSE = (
    st.text(alphabet="政府信息公开申请件，。第年收到0123456789", min_size=1, max_size=160)
    .filter(lambda t: t[0] not in "，。" and re.search(r"\d{20}", t) is None)
    .map(lambda t: t.rstrip("，。") + "。")
)
FILLER = ["年度内各项工作有序开展，群众反映良好，成效较为明显，各方面均有所进步并持续改善之中，继续保持下去不松懈。"]


@settings(max_examples=60, deadline=None)
@given(st.lists(PROSE, min_size=1, max_size=8), st.integers(3, 12))
def test_paragraphs_come_back_as_they_were_over_all_breaks(paragraphs: list[str], rows: int) -> None:
    texts = [FILLER[0], FILLER[0], *paragraphs]
    document = written(pages_of([broken(text) for text in texts], rows))
    assert "".join(document.text.split()) == "".join("".join(texts).split())
    assert [block.span.of(document.text) for block in document.blocks] == texts


@settings(max_examples=60, deadline=None)
@given(st.lists(PROSE, min_size=1, max_size=8))
def test_no_number_is_torn_or_grown_where_numbers_stay_whole(paragraphs: list[str]) -> None:
    texts = [FILLER[0], FILLER[0], *paragraphs]
    document = written(pages_of([broken(text, whole_numbers=True) for text in texts]))
    expected = [number for text in texts for number in re.findall(r"\d+", text)]
    assert re.findall(r"\d+", document.text) == expected


@given(st.text("政府12件a-", min_size=1), st.text("政府12件a-", min_size=1), st.floats(0, 100))
def test_joining_keeps_every_character(first: str, second: str, room: float) -> None:
    whole = joined(first, second, room=room, size=10)
    assert whole.replace(" ", "") == first + second


@pytest.mark.parametrize(
    ("first", "second", "room", "expected"),
    [
        ("公开３", "５条", 9, "公开３５条"),
        ("收到申请12", "3件", 2, "收到申请123件"),
        ("收到申请12", "3件", 8, "收到申请12 3件"),
        ("公开工", "作", 5, "公开工作"),
        ("open", "data", 0, "open data"),
        ("http://www.a", "bc.gov.cn", 0, "http://www.abc.gov.cn"),
        ("govern" + HYPHEN, "ment", 0, "government"),
        ("0000" + HYPHEN, "123", 0, "0000-123"),
        ("59", ".2万元", 0, "59.2万元"),
        ("", "件", 0, "件"),
    ],
)
def test_lines_are_joined_as_they_were_broken(first: str, second: str, room: float, expected: str) -> None:
    assert joined(first, second, room=room, size=10) == expected


def test_short_lines_stay_apart() -> None:
    texts = ["云溪县白石镇人民政府", "2023年政府信息公开", "工作年度报告", "一、总体情况", *[FILLER[0]] * 4]
    document = written(pages_of([broken(text) for text in texts]))
    assert [block.span.of(document.text) for block in document.blocks] == texts


def _numbered(template: str, pages: int = 4) -> list[Page]:
    """Pages of prose that goes on from one to the next, with a footer."""
    made = pages_of([broken(FILLER[0] * 3)] * 6, rows=10)[:pages]
    for page in made:
        page.items.append(line(template.format(page.number, len(made)), 800, 280, 9))
    return made


@pytest.mark.parametrize(
    "template",
    ["— {} —", "- {} -", "－{}－", "第{}页 共{}页", "第 {} 页", "{}", "{} / {}", "{}/{}", "Page {} of {}", "·{}·"],
)
def test_page_numbers_are_taken_off_even_inside_a_sentence(template: str) -> None:
    pages = _numbered(template)
    take_off_furniture(pages)
    document = written(pages)
    assert set(re.findall(r"\d", document.text)) == set()
    assert "继续保持下去不松懈。年度内各项" in document.text


def test_running_headers_and_browser_footers_are_taken_off() -> None:
    pages = _numbered("https://www.example.gov.cn/a/123.html {}/{}")
    for page in pages:
        page.items.insert(0, line("2024/1/31 14:22 政府信息公开年报", 30, 72, 9))
    furniture = take_off_furniture(pages)
    document = written(pages)
    assert "example" not in document.text
    assert "14:22" not in document.text
    assert any("https://www.example.gov.cn/a/123.html" in text for text in furniture.lines)


def test_what_only_looks_like_furniture_stays() -> None:
    pages = pages_of([broken(FILLER[0])] * 20, rows=20)
    pages[0].items.append(line("共收到申请12件", 800))  # one page's last line
    pages[1].items.append(line("共办结申请15件", 800))
    pages[0].items.insert(0, line("0 0 0 5 0 0 5", 60))  # a row of a table without rulings
    pages[1].items.insert(0, line("0 0 0 5 0 0 5", 60))
    take_off_furniture(pages)
    text = written(pages).text
    assert text.count("0 0 0 5 0 0 5") == 2
    assert "共收到申请12件" in text
    assert "共办结申请15件" in text


def test_a_bare_number_at_the_foot_of_one_page_stays() -> None:
    pages = pages_of([broken(FILLER[0])] * 20, rows=20)
    pages[0].items.append(line("37", 800))
    take_off_furniture(pages)
    assert "37" in written(pages).text


def _table(rows: list[list[str]], edges: tuple[float, ...] = (72, 200, 300, 400)) -> GridTable:
    cells = tuple(GridCell(r, c, 1, 1, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    return GridTable(cells, edges, len(rows), Area(edges[0], 100, edges[-1], 700))


def _tables(*parts: GridTable) -> list[list[list[str]]]:
    document = written([Page(n, 595, 842, [part]) for n, part in enumerate(parts, 1)])
    return [
        [[cell.span.of(document.text) for cell in row] for row in block.rows]
        for block in document.blocks
        if isinstance(block, Table)
    ]


def test_a_table_goes_on_on_the_next_page() -> None:
    first = _table([["信息内容", "本年制发件数", "现行有效件数"], ["规章", "0", "0"]])
    second = _table([["行政规范性文件", "2", "15"]])
    assert _tables(first, second) == [
        [["信息内容", "本年制发件数", "现行有效件数"], ["规章", "0", "0"], ["行政规范性文件", "2", "15"]]
    ]


def test_a_header_that_comes_again_is_dropped() -> None:
    header = ["信息内容", "本年制发件数", "现行有效件数"]
    assert _tables(_table([header, ["规章", "0", "0"]]), _table([header, ["行政规范性文件", "2", "15"]])) == [
        [header, ["规章", "0", "0"], ["行政规范性文件", "2", "15"]]
    ]


def test_a_header_below_the_label_that_it_belongs_to_is_kept() -> None:
    header = ["信息内容", "本年处理决定数量", ""]
    first = _table([header, ["行政许可", "12", ""], ["第二十条第（六）项", "", ""]])
    second = _table([header, ["行政处罚", "3", ""]])
    assert _tables(first, second)[0][3:] == [header, ["行政处罚", "3", ""]]


def test_rows_that_merely_look_alike_are_kept() -> None:
    rows = [["（七）总计", "0", "0"], ["四、结转下年度继续办理", "0", "0"]]
    assert _tables(_table(rows[:1]), _table(rows[1:]), _table(rows[:1])) == [[*rows, rows[0]]]


def test_a_row_torn_by_the_break_is_one_row() -> None:
    first = _table([["规章", "0", "0"], [FEE_UNPAID[:30], "3", "4"]])
    second = _table([["府信息公开申请", "", ""], ["3.其他", "1", "2"]])
    assert _tables(first, second)[0][1:] == [
        [FEE_UNPAID, "3", "4"],
        ["3.其他", "1", "2"],
    ]


def test_a_row_whose_numbers_fell_below_the_break_is_one_row() -> None:
    first = _table([["1.信访举报", "", ""]])
    second = _table([["投诉类申请", "3", "4"]])
    assert _tables(first, second) == [[["1.信访举报投诉类申请", "3", "4"]]]


@pytest.mark.parametrize("label", ["第二十条第（六）项", "信息内容", "（四）无法提供"])
def test_a_row_of_labels_after_the_break_is_no_torn_row(label: str) -> None:
    first, second = _table([["行政许可", "12", "3"]]), _table([[label, "", ""]])
    assert _tables(first, second) == [[["行政许可", "12", "3"], [label, "", ""]]]


def test_blank_values_below_a_header_stay_blank_values() -> None:
    header = ["信息内容", "本年制发件数", "现行有效件数"]
    assert _tables(_table([header]), _table([["规章", "", ""]])) == [[header, ["规章", "", ""]]]


def test_a_label_that_spans_rows_on_both_pages_stands_once() -> None:
    edges = (72.0, 150.0, 250.0, 300.0)
    first = GridTable(
        (
            GridCell(0, 0, 1, 1, "（六）其他处理"),
            GridCell(0, 1, 1, 1, "1.申请人无正当理由逾期不补正"),
            GridCell(0, 2, 1, 1, "2"),
        ),
        edges,
        1,
        Area(72, 100, 300, 700),
    )
    second = GridTable(
        (
            GridCell(0, 0, 2, 1, ""),
            GridCell(0, 1, 1, 1, FEE_UNPAID[:19]),
            GridCell(0, 2, 1, 1, "0"),
            GridCell(1, 1, 1, 1, "3.其他"),
            GridCell(1, 2, 1, 1, "7"),
        ),
        edges,
        2,
        Area(72, 100, 300, 700),
    )
    document = written([Page(1, 595, 842, [first]), Page(2, 595, 842, [second])])
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    assert table.rows[0][0].row_span == 3
    assert [[cell.column for cell in row] for row in table.rows] == [[0, 1, 2], [1, 2], [1, 2]]


def test_tables_of_other_columns_or_parted_by_a_heading_stay_apart() -> None:
    first, second = _table([["规章", "0", "0"]]), _table([["自然人", "0", "0"]], (72, 250, 320, 400))
    assert len(_tables(first, second)) == 2
    pages = [Page(1, 595, 842, [first]), Page(2, 595, 842, [line("三、收到和处理政府信息公开申请情况", 80), first])]
    assert sum(isinstance(block, Table) for block in written(pages).blocks) == 2
