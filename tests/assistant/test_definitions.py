"""The glossary: entries of our own, and what parts two of them."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.prose.definitions import comparisons, find_terms, glossary
from vectorstore.records import SectionRole


def test_no_name_leads_to_two_entries() -> None:
    names = [name for term in glossary() for name in (*term.names, *term.names_en)]
    assert len(names) == len(set(names))


def test_every_comparison_is_of_two_entries() -> None:
    assert all(len(comparison.terms) == 2 for comparison in comparisons())


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("规范性文件和规章差在哪", ["规范性文件", "规章"]),
        ("依申请和主动公开区别", ["依申请公开", "主动公开"]),
        ("空白和0怎么区分", ["空白", "0"]),
        ("街道和镇有什么区别", ["街道", "乡镇"]),
        ("部分公开咋统计", ["部分公开"]),
        ("What is the difference between rules and normative documents?", ["规章", "规范性文件"]),
    ],
)
def test_the_terms_of_a_question_are_found(question: str, named: list[str]) -> None:
    assert [term.names[0] for term in find_terms(question)] == named


def test_two_terms_are_answered_with_what_parts_them(ask: Any, draft: Any) -> None:
    answer = ask([draft("甲镇", 2023)], subject="definition", words="不予公开和不予处理有什么区别")
    assert answer.text.count("\n") >= 3
    assert "两者的区别：" in answer.text
    assert "非报告原文" in answer.text


def test_a_term_is_shown_in_use_by_a_sentence_of_the_prose(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2023).section("一、总体情况", SectionRole.OVERVIEW, "本镇落实“三审三校”制度，按月抽查。")
    answer = ask([made], subject="definition", words="三审三校是什么意思")
    assert [c.quote for c in answer.citations] == ["本镇落实“三审三校”制度，按月抽查。"]
    assert "报告里这样用" in answer.text


def test_an_unknown_term_is_not_explained(ask: Any, draft: Any) -> None:
    answer = ask([draft("甲镇", 2023)], subject="definition", words="什么叫量子计算")
    assert answer.status == "not_in_corpus"
    assert "“量子计算”" in answer.text
