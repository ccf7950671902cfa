"""Tables that a converter wrote a cell a line with a bar behind it, or with line breaks inside barred rows."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ingest.documents import Line, Table
from ingest.text.flattened_text import find_blocks

PROACTIVE = "第一项 |\n|||\n信息内容 |\n制发 |\n废止 |\n有效 |\n规章 |\n0 |\n|\n3 |\n许可 |\n2 |\n||\n"


def rows(text: str) -> list[list[str]]:
    (table,) = [block for block in find_blocks(text) if isinstance(block, Table)]
    return [[cell.span.of(text) for cell in row] for row in table.rows]


def test_rows_end_where_the_bars_come_to_the_width() -> None:
    assert rows(PROACTIVE) == [
        ["第一项", "", "", ""],
        ["信息内容", "制发", "废止", "有效"],
        ["规章", "0", "", "3"],
        ["许可", "2", "", ""],
    ]


def test_a_row_may_be_filled_up_by_one_bar_or_end_in_an_empty_cell() -> None:
    text = "合计项目 |\n甲 |\n乙 |\n数量 |\n1 |\n|\n数量二 |\n|\n5 |\n"
    assert rows(text) == [["合计项目", "甲", "乙"], ["数量", "1", ""], ["数量二", "", "5"]]


def test_where_the_bars_do_not_add_up_words_begin_a_row() -> None:
    text = "项目 |\n制发 |\n规章 |\n0 |\n|\n|\n许可 |\n2 |\n||||||\n强制 |\n7 |\n"
    assert ["许可", "2"] in [[cell for cell in row if cell] for row in rows(text)]
    assert ["强制", "7"] in rows(text)


def test_a_cell_may_go_on_on_the_next_line_and_a_heading_ends_the_table() -> None:
    text = PROACTIVE.replace("信息内容 |", "信息\n内容 |") + "三、收到和处理政府信息公开申请情况\n" + PROACTIVE
    blocks = find_blocks(text)
    assert [type(block) for block in blocks] == [Table, Line, Table]
    assert isinstance(blocks[0], Table) and blocks[0].rows[1][0].span.of(text) == "信息\n内容"


def test_a_few_words_with_bars_make_no_table() -> None:
    assert not [b for b in find_blocks("来源 |\n正文。\n字号 |\n") if isinstance(b, Table)]


def test_a_line_break_inside_a_barred_row_parts_no_row() -> None:
    text = "甲|乙|丙|丁\n结果\n维持|结果\n纠正|3|4\n1|2|3|4\n"
    assert rows(text) == [["甲", "乙", "丙", "丁"], ["结果\n维持", "结果\n纠正", "3", "4"], ["1", "2", "3", "4"]]


def test_rows_of_different_lengths_stay_apart() -> None:
    assert rows("甲|乙|丙\n1|2\n3|4|5\n") == [["甲", "乙", "丙"], ["1", "2"], ["3", "4", "5"]]


@given(
    st.lists(
        st.sampled_from(["甲 |", "0 |", "|", "||", "|||", "乙\n丙 |", "规章 | 1 |", "正文。", "", "三、其他"]),
        max_size=30,
    )
)
def test_blocks_cover_everything_but_bars_and_white_space(lines: list[str]) -> None:
    text = "\n".join(lines)
    covered = 0
    for block in find_blocks(text):
        assert covered <= block.span.start < block.span.end
        assert not text[covered : block.span.start].strip()
        covered = block.span.end
        if isinstance(block, Table):
            _assert_cells_are_in_order(text, block)
    assert not text[covered:].strip()


def _assert_cells_are_in_order(text: str, table: Table) -> None:
    at = table.span.start
    for row in table.rows:
        for column, cell in enumerate(row):
            assert cell.column == column
            if cell.span.start < cell.span.end:
                assert not text[at : cell.span.start].replace("|", "").strip()
                assert cell.span.of(text).strip() == cell.span.of(text)
                at = cell.span.end
    assert not text[at : table.span.end].replace("|", "").strip()


def test_a_report_written_so_is_read_like_any_other(forms: Any) -> None:
    header = [["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"], ["行政规范性文件", "3", "0", "101"]]
    lines = "第二十条第（一）项 |\n|||\n" + "".join(f"{cell} |\n" for row in header for cell in row)
    read = forms.read_form(forms.report_text(proactive=lines + "第二十条第（五）项 |\n|||\n"))
    assert read.value("normative_docs_in_force") == 101 and read.value("normative_docs_repealed") == 0
