"""Enumerations split into their items."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.prose.enumerations import items_of, mark_of, without_mark
from assistant.prose.sections import part_of_section
from vectorstore.records import Report, Section, SectionRole, Span

_MARKS = (
    tuple(f"{n}是" for n in "一二三四五六"),
    tuple(f"（{n}）" for n in "一二三四五六"),
    tuple(f"{n}." for n in range(1, 7)),
    tuple(f"{n}、" for n in range(1, 7)),
    tuple("①②③④⑤⑥"),
    tuple(f"第{n}，" for n in "一二三四五六"),
)
_WORDS = st.text(alphabet="栏目更新偏慢图解太少人手紧张答复欠细渠道单薄", min_size=8, max_size=30)


def items(text: str) -> list[str]:
    return [span.of(text) for span in items_of(text, Span(0, len(text)))]


@given(st.lists(_WORDS, min_size=2, max_size=6), st.sampled_from(_MARKS), st.sampled_from(["；", "。", "。\n", "；\n"]))
def test_every_item_is_found_whole(words: list[str], marks: tuple[str, ...], between: str) -> None:
    text = between.join(f"{mark}{word}" for mark, word in zip(marks, words, strict=False)) + "。"
    found = items(text)
    assert [without_mark(item).rstrip("。") for item in found] == words
    assert [mark_of(item) for item in found] == [
        mark.rstrip("，") if mark[0] != "第" else mark for mark in marks[: len(words)]
    ]


@given(st.text(alphabet="一二三是、，。；\n（）1.2①②首先其次不足更新慢及", max_size=120), st.integers(0, 20))
def test_items_lie_in_order_within_the_part_and_do_not_overlap(text: str, start: int) -> None:
    start = min(start, len(text))
    found = items_of(text, Span(start, len(text)))
    assert all(start <= span.start < span.end <= len(text) for span in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("首先，专业人员偏少。其次，更新较慢。", ["首先，专业人员偏少。", "其次，更新较慢。"]),
        ("主要有，一是认识不深，二是人手偏紧，三是更新偏慢。", ["一是认识不深", "二是人手偏紧", "三是更新偏慢。"]),
        (
            "（一）存在问题\n1.人手偏紧，多为兼职。\n2.内容不够周全。\n（二）改进情况\n1.充实人手与经费。",
            ["1.人手偏紧，多为兼职。", "2.内容不够周全。", "1.充实人手与经费。"],
        ),
        (
            "（一）人手偏紧。新手多，业务生疏。\n（二）内容不够周全。重点领域偏少。",
            ["（一）人手偏紧。新手多，业务生疏。", "（二）内容不够周全。重点领域偏少。"],
        ),
    ],
)
def test_items_of_each_style(text: str, expected: list[str]) -> None:
    assert items(text) == expected


def parts(text: str, aspect: str) -> list[str]:
    section = Section("五、问题", 1, SectionRole.PROBLEMS, 0, len(text))
    report = Report("r", "t", "b", "甲镇", kind=None, region=None, year=2023)  # type: ignore[arg-type]
    return [span.of(text) for part in part_of_section(report, text, section, aspect) for span in items_of(text, part)]


def test_a_problem_and_its_measure_in_one_item_are_told_apart() -> None:
    text = "五、问题\n一是解读图示偏少，下一步将请人绘图。二是栏目更新偏慢，下一步将逐周检查。"
    assert parts(text, "problems") == ["一是解读图示偏少", "二是栏目更新偏慢"]
    assert parts(text, "improvement") == ["下一步将请人绘图。", "下一步将逐周检查。"]


def test_problems_come_before_the_measures_of_the_section() -> None:
    text = "五、问题\n一是人手偏紧；二是更新偏慢。\n改进措施：一是充实人手；二是逐周检查。"
    assert parts(text, "problems") == ["一是人手偏紧", "二是更新偏慢。"]
    assert parts(text, "improvement") == ["一是充实人手", "二是逐周检查。"]
