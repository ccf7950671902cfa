"""Word's tables come onto their true grid, and tables of layout are taken apart."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.documents import Document, Line, Picture, Table
from ingest.word.document import read_word_document
from samples import word_markup as markup
from samples.grid import GridCell
from samples.word_markup import frame, inserted, minimal_file, paragraph, run, text_box
from vectorstore.errors import ReadError

RNG = random.Random(1)


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(run(text))}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def read(body: str, parts: dict[str, str | bytes] | None = None) -> Document:
    return read_word_document(minimal_file(body, parts), "made-up.docx")


Placed = list[tuple[str, int, int, int, int]]


def cells(document: Document, number: int = 0) -> Placed:
    """Text, row, column, rows and columns spanned of each cell of a table."""
    found = [block for block in document.blocks if isinstance(block, Table)][number]
    return [(c.span.of(document.text), c.row, c.column, c.row_span, c.column_span) for line in found.rows for c in line]


def test_a_cell_merged_across_stands_once_and_those_behind_it_keep_their_columns() -> None:
    document = read(table(row(cell("甲", '<w:gridSpan w:val="3"/>'), cell("乙")), row(*map(cell, "1234"))))
    assert cells(document)[:2] == [("甲", 0, 0, 1, 3), ("乙", 0, 3, 1, 1)]


def test_a_cell_merged_down_stands_once_in_its_first_row() -> None:
    first = row(cell("甲", '<w:vMerge w:val="restart"/>'), cell("1"))
    second = row(cell("盖住", "<w:vMerge/>"), cell("2"))
    third = row(cell("", '<w:vMerge w:val="continue"/>'), cell("3"))
    document = read(table(first, second, third, row(cell("乙"), cell("4"))))
    assert cells(document) == [
        ("甲", 0, 0, 3, 1),
        ("1", 0, 1, 1, 1),
        ("2", 1, 1, 1, 1),
        ("3", 2, 1, 1, 1),
        ("乙", 3, 0, 1, 1),
        ("4", 3, 1, 1, 1),
    ]


def test_a_merge_that_begins_again_right_below_is_another_cell() -> None:
    rows = [row(cell(text, '<w:vMerge w:val="restart"/>'), cell("1")) for text in ("甲", "乙")]
    assert [c[0] for c in cells(read(table(*rows)))] == ["甲", "1", "乙", "1"]


def test_a_cell_that_continues_nothing_is_a_cell_of_its_own() -> None:
    document = read(table(row(cell("甲", "<w:vMerge/>"), cell("1")), row(cell("乙"), cell("2", "<w:vMerge/>"))))
    assert [c[0] for c in cells(document)] == ["甲", "1", "乙", "2"]


def test_the_older_merge_across_widens_the_first_cell() -> None:
    merged = row(cell("甲", '<w:hMerge w:val="restart"/>'), cell("", "<w:hMerge/>"), cell("乙"))
    assert cells(read(table(merged, row(*map(cell, "123")))))[:2] == [("甲", 0, 0, 1, 2), ("乙", 0, 2, 1, 1)]


def test_the_older_merge_across_and_down_is_one_cell() -> None:
    opening, going_on = '<w:hMerge w:val="restart"/>', "<w:hMerge/>"
    first = row(cell("甲", opening + '<w:vMerge w:val="restart"/>'), cell("", going_on), cell("1"))
    second = row(cell("", opening + "<w:vMerge/>"), cell("", going_on), cell("2"))
    assert cells(read(table(first, second))) == [("甲", 0, 0, 2, 2), ("1", 0, 2, 1, 1), ("2", 1, 2, 1, 1)]


def test_columns_left_out_before_a_row_count() -> None:
    document = read(table(row(*map(cell, "甲乙丙")), row(cell("1"), properties='<w:gridBefore w:val="2"/>')))
    assert cells(document)[-1] == ("1", 1, 2, 1, 1)


@pytest.mark.parametrize("gone", ['<w:del w:id="1" w:author="a"/>', "<w:hidden/>", '<w:moveFrom w:id="1"/>'])
def test_a_row_that_is_gone_is_left_out_and_those_below_move_up(gone: str) -> None:
    document = read(table(row(*map(cell, "甲1")), row(*map(cell, "乙2"), properties=gone), row(*map(cell, "丙3"))))
    assert [(c[0], c[1]) for c in cells(document)] == [("甲", 0), ("1", 0), ("丙", 1), ("3", 1)]


def test_an_inserted_row_and_a_row_in_a_content_control_are_rows() -> None:
    kept = row(*map(cell, "甲1"), properties='<w:ins w:id="1" w:author="a"/>')
    controlled = f"<w:sdt><w:sdtContent>{row(*map(cell, '乙2'))}</w:sdtContent></w:sdt>"
    wrapped = row(cell("丙"), f"<w:sdt><w:sdtContent>{cell('3')}</w:sdtContent></w:sdt>")
    assert [c[0] for c in cells(read(table(kept, controlled, wrapped)))] == ["甲", "1", "乙", "2", "丙", "3"]


def test_a_cell_torn_into_paragraphs_runs_and_boxes_is_one_text() -> None:
    torn = f"<w:tc>{paragraph(run('商') + inserted(run('业'), RNG))}{paragraph(run('企业'))}</w:tc>"
    boxed = f"<w:tc>{paragraph(text_box(paragraph(run('7'))))}</w:tc>"
    assert [c[0] for c in cells(read(table(f"<w:tr>{torn}{boxed}</w:tr>")))] == ["商业 企业", "7"]


def test_a_picture_in_a_cell_stands_behind_its_table() -> None:
    png = markup.blank_picture(9, 9, 0)
    pictured = f"<w:tc>{paragraph(run('乙') + markup.picture('image1', 'inline'))}</w:tc>"
    document = read(table(f"<w:tr>{cell('甲')}{pictured}</w:tr>"), {"media/image1.png": png})
    assert [type(block) for block in document.blocks] == [Table, Picture]


def test_a_table_around_a_picture_leaves_the_picture() -> None:
    png = markup.blank_picture(9, 9, 0)
    document = read(frame(paragraph(markup.picture("image1", "inline"))), {"media/image1.png": png})
    assert [type(block) for block in document.blocks] == [Picture]


def test_a_table_around_the_whole_report_leaves_paragraphs_and_tables() -> None:
    inner = table(row(*map(cell, "甲1")), row(*map(cell, "乙2")))
    document = read(frame(paragraph(run("一、总体情况")) + paragraph(run("前")) + inner + paragraph(run("后"))))
    assert [type(block) for block in document.blocks] == [Line, Line, Table, Line]


def test_a_table_of_layout_around_tables_of_data_is_taken_apart_in_reading_order() -> None:
    inner = [table(row(*map(cell, f"{name}1")), row(*map(cell, f"{name}2"))) for name in "甲乙"]
    outer = "".join(f"<w:tc>{content}<w:p/></w:tc>" for content in inner)
    document = read(table(f"<w:tr>{outer}</w:tr>"))
    assert [c[0] for c in cells(document, 0)] == ["甲", "1", "甲", "2"]
    assert [c[0] for c in cells(document, 1)] == ["乙", "1", "乙", "2"]


def test_a_small_table_inside_a_table_of_data_is_its_cells_text() -> None:
    inner = f"<w:tc>{table(row(*map(cell, '34')))}<w:p/></w:tc>"
    document = read(table(row(*map(cell, "甲乙丙")), f"<w:tr>{cell('1')}{cell('2')}{inner}</w:tr>"))
    assert [c[0] for c in cells(document)] == ["甲", "乙", "丙", "1", "2", "3 4"]


def test_headings_and_prose_in_rows_of_their_own_become_lines_between_tables() -> None:
    wide = '<w:gridSpan w:val="2"/>'
    prose = (
        f"<w:tc><w:tcPr>{wide}</w:tcPr>{paragraph(run('我镇全年公开。' * 10))}{paragraph(run('收到申请3件。'))}</w:tc>"
    )
    document = read(
        table(
            row(cell("一、总体情况", wide)),
            f"<w:tr>{prose}</w:tr>",
            row(cell("二、主动公开政府信息情况", wide)),
            row(cell("第二十条第（一）项", wide)),
            row(*map(cell, ("规章", "0"))),
        )
    )
    assert [type(block) for block in document.blocks] == [Line, Line, Line, Line, Table]
    assert cells(document) == [("第二十条第（一）项", 0, 0, 1, 2), ("规章", 1, 0, 1, 1), ("0", 1, 1, 1, 1)]


def test_a_note_in_a_cell_stands_behind_the_table_and_joins_no_number() -> None:
    notes = (
        f'<w:footnotes {markup.NAMESPACES}><w:footnote w:id="2">{paragraph(run("含街道"))}</w:footnote></w:footnotes>'
    )
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    noted = f"<w:tc>{paragraph(run('15') + mark)}</w:tc>"
    document = read(table(f"<w:tr>{cell('行政许可')}{noted}</w:tr>"), {"footnotes.xml": notes})
    assert document.text == "行政许可\t15\n\n含街道\n"


def test_labels_that_word_numbers_itself_have_their_number() -> None:
    numbering = (
        f'<w:numbering {markup.NAMESPACES}><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0">'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    place = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    rows = [
        f"<w:tr><w:tc>{paragraph(run(label), place)}</w:tc><w:tc>{paragraph('', place)}</w:tc></w:tr>"
        for label in "甲乙"
    ]
    # A number before nothing is no value of the cell, though it counts.
    assert [c[0] for c in cells(read(table(*rows), {"numbering.xml": numbering}))] == ["1. 甲", "", "3. 乙", ""]


def test_a_span_out_of_all_proportion_does_no_harm() -> None:
    document = read(table(row(cell("甲", '<w:gridSpan w:val="2000000000"/>'), cell("乙", '<w:gridSpan w:val="x"/>'))))
    assert [c[0] for c in cells(document)] == ["甲", "乙"]


def test_more_cells_than_any_report_has_are_refused() -> None:
    with pytest.raises(ReadError, match="more table cells"):
        read(table(row("<w:tc/>" * 1000) * 201))


@st.composite
def grids(draw: st.DrawFn) -> list[list[GridCell]]:
    """A grid covered by rectangles without gap or overlap, two columns at least."""
    height, width = draw(st.integers(1, 5)), draw(st.integers(2, 5))
    free = {(r, c) for r in range(height) for c in range(width)}
    rows: list[list[GridCell]] = [[] for _ in range(height)]
    for r in range(height):
        for c in range(width):
            if (r, c) not in free:
                continue
            wide = draw(st.integers(1, next((k for k in range(1, width - c) if (r, c + k) not in free), width - c)))
            tall = draw(st.integers(1, height - r))
            while any((r + i, c + j) not in free for i in range(tall) for j in range(wide)):
                tall -= 1
            free -= {(r + i, c + j) for i in range(tall) for j in range(wide)}
            rows[r].append(GridCell(r, c, f"格{r}{c}", tall, wide))
    return rows


@given(grids(), st.integers(0, 10**6))
def test_any_table_comes_back_with_each_cell_once_and_no_two_on_one_place(
    rows: list[list[GridCell]], seed: int
) -> None:
    contents = [[paragraph(run(c.text)) for c in line] for line in rows]
    document = read(paragraph(run("始")) + markup.table(rows, contents, random.Random(seed)))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    if not tables:
        assert all(c.column == 0 for line in rows for c in line)
        return
    found = cells(document)
    assert [(c[0], c[1], c[3]) for c in found] == [(c.text, c.row, c.row_span) for line in rows for c in line]
    places = [(r + i, c + j) for _, r, c, down, across in found for i in range(down) for j in range(across)]
    assert len(places) == len(set(places))
    # Columns that no one sees may lie between, but the order is that of the page.
    for line in rows:
        columns = [c[2] for c in found if c[1] == line[0].row] if line else []
        assert columns == sorted(columns)
