from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.canonical_text import canonical
from ingest.documents import Line, Picture, Table
from ingest.text.flattened_text import decode, find_blocks, read_flattened_text
from vectorstore.errors import ReadError


def cells(text: str) -> list[list[str]]:
    table = next(block for block in find_blocks(text) if isinstance(block, Table))
    return [[cell.span.of(text) for cell in row] for row in table.rows]


def test_each_cell_stands_behind_a_tab_and_a_blank_line_ends_the_row() -> None:
    assert cells("\t规章\n\t0\n\t1\n\n\t行政许可\n\t2\n") == [["规章", "0", "1"], ["行政许可", "2"]]


def test_a_line_without_a_tab_continues_the_cell_above() -> None:
    assert cells("\t商业\n企业\n\t科研\n机构\n") == [["商业\n企业", "科研\n机构"]]


def test_a_tab_after_white_space_starts_a_cell_of_its_own() -> None:
    assert cells("\t办理结果\n \t0\n\t 1\n") == [["办理结果", "0", "1"]]


def test_a_cell_of_white_space_is_empty_and_keeps_its_place() -> None:
    assert cells("\t规章\n\t\xa0\n\t\n\t3\n") == [["规章", "", "", "3"]]


def test_a_paragraph_after_the_table_is_not_part_of_it() -> None:
    text = "\t规章\n\t0\n\n这里是正文。\n"
    blocks = find_blocks(text)
    assert [type(block) for block in blocks] == [Table, Line]
    assert blocks[1].span.of(text) == "这里是正文。"


def test_a_part_heading_right_below_a_table_is_not_part_of_its_last_cell() -> None:
    text = "\t行政强制\n\t0\n三、收到和处理政府信息公开申请情况\n"
    assert find_blocks(text)[-1].span.of(text) == "三、收到和处理政府信息公开申请情况"
    assert cells(text) == [["行政强制", "0"]]


def test_two_blank_lines_part_two_tables() -> None:
    blocks = find_blocks("\t甲\n\t1\n\n\n\t乙\n\t2\n")
    assert [type(block) for block in blocks] == [Table, Table]


def test_a_heading_glued_behind_a_picture_is_a_line_of_its_own() -> None:
    text = "二、某某情况\n [image: a1b2]三、某某处理情况\n"
    blocks = find_blocks(text)
    assert [type(block) for block in blocks] == [Line, Picture, Line]
    assert [block.span.of(text) for block in blocks] == ["二、某某情况", "[image: a1b2]", "三、某某处理情况"]


def test_rows_may_stand_in_lines_with_bars_between_their_cells() -> None:
    assert cells("第一项 | |||\n规 章 | 0 | | 3 |\n行政许可 | 2 | ||\n") == [
        ["第一项", "", "", ""],
        ["规 章", "0", "", "3"],
        ["行政许可", "2", "", ""],
    ]
    assert cells("|规章|0|\n|---|---|\n|许可||\n") == [["规章", "0"], ["许可", ""]]
    assert cells("规章|0|\n许可|0|1\n") == [["规章", "0", ""], ["许可", "0", "1"]]


def test_a_line_with_a_bar_by_itself_is_prose() -> None:
    text = "来源 | 县政府办\n正文。\n"
    assert [type(block) for block in find_blocks(text)] == [Line, Line]


def test_bookmarks_leave_and_everything_else_stays() -> None:
    assert canonical("[bookmark: _GoBack]（一）甲①2件\r\n乙[image: 3]\r丙") == "（一）甲①2件\n乙[image: 3]\n丙"


def test_radicals_and_compatibility_ideographs_are_mended_one_to_one() -> None:
    assert canonical("⼀⽅⾯、⼆〇 ２３ ①２ 件㈠") == "一方面、二〇 ２３ ①２ 件㈠"


@given(st.text(alphabet="一二件\t\n\r 0①⼀[]bookmark:imge \xa0", max_size=200))
def test_nothing_but_bookmarks_and_newlines_is_taken_out(text: str) -> None:
    import re

    without = re.sub(r"\[bookmark:[^\]\n]*\]", "", text.replace("\r\n", "\n").replace("\r", "\n"))
    assert canonical(text).replace("一", "⼀") == without.replace("一", "⼀")


@given(
    st.lists(
        st.sampled_from(
            [
                "\t",
                "\n",
                "\n\n",
                " ",
                "\xa0",
                "甲乙",
                "0",
                "[image: x]",
                "一、总体情况",
                "。",
                "\t0\n",
                "\t规章\n",
                "甲|0|\n",
                "|乙||1\n",
                "规章 0 0 0\n",
                "行政许可\t412\n",
                "\t（七）总计\t0\t0\t",
                "3.其他 0 0 0 0 0 0 0\n",
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_blocks_are_in_order_apart_and_cover_all_but_white_space(text: str) -> None:
    covered = 0
    for block in find_blocks(text):
        assert covered <= block.span.start < block.span.end
        assert not text[covered : block.span.start].strip()
        covered = block.span.end
        if isinstance(block, Table):
            assert_cells_cover(text, block)
    assert not text[covered:].strip()


def assert_cells_cover(text: str, table: Table) -> None:
    covered = table.span.start
    for row in table.rows:
        for cell in row:
            if cell.span.start == cell.span.end:
                continue
            assert not text[covered : cell.span.start].replace("|", "").strip()
            assert cell.span.of(text).strip() == cell.span.of(text)
            covered = cell.span.end
    assert not text[covered : table.span.end].replace("|", "").strip()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_usual_encodings_are_read(encoding: str) -> None:
    assert decode("某镇政府信息公开年报，共12件".encode(encoding), "a.txt") == "某镇政府信息公开年报，共12件"


@pytest.mark.parametrize("data", [b"", b" \n\t ", b"\x00\x01\x02", bytes(range(128, 256)) * 20, b"\x01\x02\x03" * 9])
def test_what_is_no_text_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"^a\.txt [^\n]+$"):
        read_flattened_text(data, "a.txt")


def test_the_real_reports_keep_their_characters(shared: Any) -> None:
    import re

    for path in sorted((shared / "reports").glob("*.txt")):
        raw = path.read_text(encoding="utf-8")
        assert read_flattened_text(path.read_bytes(), path.name).text == re.sub(r"\[bookmark:[^\]\n]*\]", "", raw)


def test_a_text_cut_inside_a_character_is_read_up_to_there() -> None:
    whole = "全年收到政府信息公开申请3件。" * 50
    assert decode(whole.encode("utf-8")[:-1], "a.txt") == whole[:-1] + "\N{REPLACEMENT CHARACTER}"


def test_a_broken_character_beside_a_digit_is_not_passed_over() -> None:
    data = ("全年收到政府信息公开申请13件。" * 50).encode("utf-8").replace(b"13", b"1\xb3", 1)
    with pytest.raises(ReadError):
        decode(data, "a.txt")
