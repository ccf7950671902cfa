"""A section on problems and improvements told apart, however a report parts them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.prose.problem_parts import parts_of
from assistant.prose.sections import section_items
from vectorstore.records import Report, Section, SectionRole, Span

_HEADING = "五、存在的主要问题及改进情况\n"
_PROBLEMS = ["栏目更新偏慢", "解读图示偏少", "窗口人手不足"]
_MEASURES = ["逐周检查栏目", "请人绘制长图", "增派窗口人员"]


def items(body: str, aspect: str) -> list[str]:
    text = _HEADING + body
    section = Section(_HEADING.strip(), 1, SectionRole.PROBLEMS, 0, len(text))
    report = Report("r", "t", "b", "甲镇", kind=None, region=None, year=2023, sections=(section,))  # type: ignore[arg-type]
    found = section_items(report, text, SectionRole.PROBLEMS, aspect)
    return [span.of(text) for span in found]


def numbered(words: list[str], marks: str = "一二三", after: str = "是", between: str = "；") -> str:
    return between.join(f"{mark}{after}{word}" for mark, word in zip(marks, words, strict=False)) + "。"


_TURNS = [
    "改进：",
    "改进措施：",
    "\n改进：",
    "下一步，",
    "\n下一步：",
    "下步打算：",
    "\n（二）改进措施\n",
    "\n（二）改进情况。",
    "针对上述问题，",
    "\n针对以上不足，我镇将采取以下措施：",
    "今后，我局将：",
    "整改情况：",
    "对策：",
    "\n2024年，我局将做好以下工作：",
    "工作打算：",
    "努力方向：",
    "\n2.改进方向：",
    "解决办法：",
    "",
    "\n",
]
_OPENINGS = ["问题：", "存在的主要问题：", "不足之处：", "（一）存在问题\n", "主要有：", "", "1.存在不足：", "短板："]


@pytest.mark.parametrize("opening", _OPENINGS)
@pytest.mark.parametrize("turn", _TURNS)
def test_problems_and_measures_are_told_apart_and_none_is_lost(opening: str, turn: str) -> None:
    body = opening + numbered(_PROBLEMS) + turn + numbered(_MEASURES)
    for aspect, words in (("problems", _PROBLEMS), ("improvement", _MEASURES)):
        found = items(body, aspect)
        assert len(found) == len(words)
        assert all(word in item for item, word in zip(found, words, strict=True))
        assert not any(other in item for item in found for other in _PROBLEMS + _MEASURES if other not in words)


@pytest.mark.parametrize("opening", ["问题：", "存在的主要问题：", "不足之处：", "\n（一）存在问题\n", ""])
@pytest.mark.parametrize(
    "turn", ["改进：", "改进措施：", "下一步，", "\n今后，", "\n（二）改进措施\n", "针对上述问题，将", ""]
)
def test_a_single_problem_and_its_measure_are_told_apart(opening: str, turn: str) -> None:
    body = f"{opening}公开栏目更新偏慢。{turn}加强对栏目的逐周检查。"
    problem, measure = items(body, "problems"), items(body, "improvement")
    assert len(problem) == len(measure) == 1
    assert "更新偏慢" in problem[0] and "逐周检查" not in problem[0]
    assert "逐周检查" in measure[0] and "更新偏慢" not in measure[0]


@pytest.mark.parametrize(
    "body",
    [
        "一是栏目更新偏慢，下一步将逐周检查。二是解读图示偏少，下一步将请人绘图。",
        "一是栏目更新偏慢。下一步，将逐周检查。二是解读图示偏少。下一步，将请人绘图。",
        "1.栏目更新偏慢。改进：逐周检查。\n2.解读图示偏少。改进：请人绘图。",
        "（一）栏目更新偏慢。\n改进措施：逐周检查。\n（二）解读图示偏少。\n改进措施：请人绘图。",
        "1.问题：栏目更新偏慢。改进：逐周检查有关栏目。\n2.问题：解读图示偏少。改进：请人绘图配文。",
    ],
)
def test_problems_with_each_its_measure_are_told_apart(body: str) -> None:
    problems, measures = items(body, "problems"), items(body, "improvement")
    assert [("更新偏慢" in p, "图示偏少" in p) for p in problems] == [(True, False), (False, True)]
    assert [("逐周检查" in m, "请人绘图" in m) for m in measures] == [(True, False), (False, True)]


def test_a_measure_beside_one_problem_only_takes_no_other_problem_with_it() -> None:
    body = "一是栏目更新偏慢，今后将逐周检查。二是解读图示偏少。三是窗口人手不足。"
    assert items(body, "problems") == ["一是栏目更新偏慢", "二是解读图示偏少。", "三是窗口人手不足。"]
    assert items(body, "improvement") == ["今后将逐周检查。"]


def test_a_problem_that_speaks_of_measures_is_a_problem() -> None:
    body = (
        "问题：一是整改措施落实不到位；二是下一步工作思路不清；三是对改进重视不够。改进：一是列出台账；二是逐条销号。"
    )
    assert len(items(body, "problems")) == 3
    assert items(body, "improvement") == ["一是列出台账", "二是逐条销号。"]


def test_a_measure_against_a_problem_is_a_measure() -> None:
    body = "一是栏目更新偏慢；二是解读图示偏少。\n一是针对更新偏慢的情况，逐周检查；二是克服图示不足，请人绘图。"
    assert len(items(body, "problems")) == len(items(body, "improvement")) == 2
    assert all("针对" not in item and "克服" not in item for item in items(body, "problems"))


def test_sentences_without_numbers_or_labels_are_told_by_their_tone() -> None:
    body = "工作中还存在栏目更新偏慢的现象，解读图示也不够丰富。我镇将逐周检查栏目。加强与各村的联系。"
    assert items(body, "problems") == ["工作中还存在栏目更新偏慢的现象，解读图示也不够丰富。"]
    assert items(body, "improvement") == ["我镇将逐周检查栏目。", "加强与各村的联系。"]


def test_a_section_of_problems_only_has_no_measures() -> None:
    assert items("存在的问题：" + numbered(_PROBLEMS), "improvement") == []
    assert len(items("存在的问题：" + numbered(_PROBLEMS), "problems")) == 3


@given(st.text(alphabet="一二三是、，。；：\n（）1.2问题改进不足措施下一步将加强", max_size=150))
def test_the_parts_lie_in_order_and_do_not_overlap(text: str) -> None:
    spans = [part.span for part in parts_of(text, Span(0, len(text)))]
    assert all(0 <= a.start < a.end <= len(text) for a in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
