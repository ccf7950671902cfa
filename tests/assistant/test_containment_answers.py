"""Who does what, over every report."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.containment_answers import asks_who, content_of
from vectorstore.records import Kind, SectionRole


@pytest.fixture
def corpus(draft: Any) -> list[Any]:
    sentences = [
        "本镇聘请6名社会监督员，定期评议。",
        "聘请了社会监督员，并听取意见。",
        "本镇重视社会各界意见，监督员队伍另行组建。",
        "网站开通了语音朗读，字号可以放大。",
    ]
    return [
        draft(f"第{n}镇", 2023, Kind.TOWNSHIP).section("一、总体情况", SectionRole.OVERVIEW, sentence)
        for n, sentence in enumerate(sentences, start=1)
    ]


@pytest.mark.parametrize(
    ("words", "content"),
    [
        ("哪些单位聘请了社会监督员", ["聘请社会监督员"]),
        ("哪些报告说到语音朗读功能", ["语音朗读"]),
        ("谁提到了“板凳会”", ["板凳会"]),
        ("2023年哪几家搞过座谈会", ["座谈会"]),
        ("哪些镇通过了验收", ["通过验收"]),
        ("Which reports mention the 公开体验员", ["公开体验员"]),
    ],
)
def test_what_is_looked_for_is_the_content_alone(words: str, content: list[str]) -> None:
    assert content_of(words) == content
    assert asks_who(words)


def test_a_question_about_one_body_does_not_ask_who() -> None:
    assert not asks_who("甲镇的联系电话是多少")
    assert not asks_who("办公地址在哪里")


@pytest.mark.parametrize("operation", ["value", "list"])
def test_all_bodies_that_do_it_are_listed_with_words_between(ask: Any, corpus: list[Any], operation: str) -> None:
    answer = ask(
        corpus, subject="passages", operation=operation, words="哪些单位聘请了社会监督员", aspect="supervision",
        scope={"years": [2023]},
    )  # fmt: skip
    assert answer.status == "answered"
    assert [r.body for r in answer.rows] == ["第1镇", "第2镇"]
    assert answer.value == 2


def test_words_that_add_nothing_are_dropped(ask: Any, corpus: list[Any]) -> None:
    plan = {"subject": "passages", "operation": "list", "words": "哪些报告说到语音朗读功能", "quoted": ["语音朗读功能"]}
    assert [r.body for r in ask(corpus, **plan).rows] == ["第4镇"]


def test_parts_in_other_clauses_are_not_what_was_asked(ask: Any, corpus: list[Any]) -> None:
    plan = {"subject": "passages", "operation": "list", "words": "谁提到社会监督员", "quoted": ["社会监督员"]}
    assert "第3镇" not in [r.body for r in ask(corpus, **plan).rows]


def test_an_english_word_that_no_report_could_hold_denies_nothing(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, subject="passages", operation="list", words="which towns complain about dragons",
                 quoted=["dragons"], language="en")  # fmt: skip
    assert "No report mentions" not in answer.text


def test_english_words_are_looked_for_in_chinese(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023).section("一、总体情况", SectionRole.OVERVIEW, "本镇开展业务培训三次。"),
        draft("乙镇", 2023).section("一、总体情况", SectionRole.OVERVIEW, "本镇更新网站栏目。"),
    ]
    answer = ask(drafts, subject="passages", operation="list", words="which towns held training", quoted=["training"],
                 language="en")  # fmt: skip
    assert [r.body for r in answer.rows] == ["甲镇"]
