"""What of a built-in answer in the reports' words follows a wording: whatever that leaves unsaid, line by line."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.language_models.wording.composing import text_in_full
from assistant.language_models.wording.facts import Facts
from assistant.language_models.wording.release import Release
from vectorstore.records import SectionRole

ASKED = "白石开发区2023年存在哪些问题？"
FIRST = "白石开发区2023年栏目更新偏慢[1]。"
SECOND = ("政策解读形式单一，图解数量偏低[2]。", "本单位并未收到投诉[2]。")


@pytest.fixture(scope="module")
def zones(draft: Any, assistant_over: Callable[..., Assistant]) -> Assistant:
    def problems(name: str, *said: str) -> Any:
        return draft(name, 2023).section("五、存在的主要问题及改进情况", SectionRole.PROBLEMS, *said)

    return assistant_over(
        problems("白石开发区", "一是栏目更新偏慢。", "二是政策解读形式单一，图解数量偏低。本单位并未收到投诉。"),
        problems("青川开发区", "一是栏目更新偏慢。"),
        problems("柳浪开发区", "一是栏目更新偏慢。"),
    )


def worded(zones: Assistant, question: str, *sentences: str) -> tuple[str, str]:
    answer = zones.ask(question)
    facts = Facts(answer, zones.index.bodies())
    release = Release(facts)
    for sentence in sentences:
        assert release.take(sentence), (sentence, answer.text)
    return answer.text, text_in_full(facts, release)


def test_a_line_goes_only_when_all_of_it_was_told_and_else_stays_whole(zones: Assistant) -> None:
    built_in, text = worded(zones, ASKED, FIRST, SECOND[0])
    head, first, second = built_in.split("\n")
    assert text == f"{FIRST}{SECOND[0]}\n{head}\n{second}"
    assert first not in text


def test_a_head_goes_with_all_its_lines(zones: Assistant) -> None:
    _, text = worded(zones, ASKED, FIRST, *SECOND)
    assert text == "".join((FIRST, *SECOND))


def test_lines_stay_where_nobody_was_told_whose_or_of_which_year_they_are(zones: Assistant) -> None:
    for first in ("栏目更新偏慢[1]。", "白石开发区栏目更新偏慢[1]。", "2023年栏目更新偏慢[1]。"):
        built_in, text = worded(zones, ASKED, first, *SECOND)
        assert text.endswith(built_in), text


def test_counts_and_what_themes_are_called_stay(zones: Assistant) -> None:
    answer = zones.ask("2023年各开发区存在哪些主要问题")
    assert answer.plan["subject"] == "themes", answer.text
    everything = [f"{c.body}2023年的报告指出，栏目更新偏慢[{c.n}]。" for c in answer.citations if "栏目" in c.quote]
    assert len(everything) == 3
    built_in, text = worded(zones, answer.question, *everything)
    assert text.endswith(built_in)


def test_of_what_mentions_something_who_does_and_how_many_stays(zones: Assistant) -> None:
    built_in, text = worded(zones, "哪些报告提到投诉？", "白石开发区2023年的报告写明，本单位并未收到投诉[1]。")
    counted, *_ = built_in.split("\n")
    assert "1个" in counted and counted in text
    assert "“本单位并未收到投诉。”[1]" not in text


def test_whatever_is_told_no_clause_of_the_built_in_text_is_lost(zones: Assistant) -> None:
    for told in ([], [FIRST], [SECOND[0]], [SECOND[1]], [FIRST, SECOND[1]], [FIRST, *SECOND]):
        built_in, text = worded(zones, ASKED, *told)
        for clause in re.split(r"[，。：\n]|\d\. |\[\d\]|一是|二是|2023年", built_in):
            assert clause in text
