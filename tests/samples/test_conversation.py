"""Conversations over the samples: a follow-up is the question that it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.plan import Plan
from assistant.understanding.conversation import Turn, parse_in_conversation
from ingest.pipeline import ingest
from vectorstore.index import Index

HERE = Path(__file__).parent
LINES = (HERE / "dialogues.tsv").read_text(encoding="utf-8").splitlines()
DIALOGUES = [tuple(line.split("\t")) for line in LINES if line and not line.startswith("#")]
NO_APPLICATIONS = "哪些开发区2023年没有收到申请"
MOST = "2023年申请最多的三家单位"

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("samples") / "index"
    with Index.open(folder, create=True) as index:
        ingest([HERE.parents[1] / "samples" / "reports"], index)
    with Assistant.open(folder, today=date(2024, 6, 1)) as assistant:
        yield assistant


def asked(plan: Plan) -> dict[str, Any]:
    """What a plan asks, without the words that it was asked in."""
    return plan.model_dump(exclude={"words", "quoted", "language", "unplaced"}, exclude_defaults=True)


@pytest.mark.parametrize(("before", "follow_up", "standalone"), DIALOGUES)
def test_a_follow_up_is_the_question_it_stands_for(
    assistant: Assistant, before: str, follow_up: str, standalone: str
) -> None:
    last: Turn | None = None
    for question in before.split("|"):
        last = Turn(parse_in_conversation(assistant.parser, question, last).plan, list)
    plan = parse_in_conversation(assistant.parser, follow_up, last).plan
    assert asked(plan) == asked(assistant.parser.parse(standalone).plan)


def test_a_pronoun_means_the_bodies_of_the_answer_before(assistant: Assistant) -> None:
    before = {row.body for row in assistant.ask(NO_APPLICATIONS).rows}
    answer = assistant.ask("它们主动公开了多少条", history=[NO_APPLICATIONS])
    assert {row.body for row in answer.rows} == before
    assert {row.metric for row in answer.rows} == {"proactive_total"}


@pytest.mark.parametrize(
    ("follow_up", "place"),
    [("第一家主动公开了多少条", 0), ("第二家主动公开了多少条", 1), ("最后一个主动公开了多少条", -1)],
)
def test_an_ordinal_means_the_body_at_that_place(assistant: Assistant, follow_up: str, place: int) -> None:
    named = list(dict.fromkeys(row.body for row in assistant.ask(MOST).rows))
    assert {row.body for row in assistant.ask(follow_up, history=[MOST]).rows} == {named[place]}


@pytest.mark.parametrize("question", ["原文在哪", "出处呢", "where does it say so?"])
def test_asked_for_its_source_an_answer_quotes_every_place_that_its_rows_cite(
    assistant: Assistant, question: str
) -> None:
    before, answer = assistant.ask(NO_APPLICATIONS), assistant.ask(question, history=[NO_APPLICATIONS])
    assert answer.value == before.value
    assert {c.quote for c in before.citations} <= {c.quote for c in answer.citations}
    for citation in before.citations:
        assert " ".join(citation.quote.split()) in answer.text


def test_asked_why_an_answer_says_that_the_reports_give_no_reason_where_they_give_none(assistant: Assistant) -> None:
    answer = assistant.ask("为啥", history=["枫屿镇2023年收到几件申请"])
    assert "没有说明原因" in answer.text


def test_whether_a_number_takes_another_in_is_told_with_both_numbers(assistant: Assistant) -> None:
    answer = assistant.ask("这个数含结转吗", history=["枫屿镇2023年收到几件申请"])
    assert "不含" in answer.text
    assert {row.metric for row in answer.rows} >= {"applications_new", "applications_carried_in"}


def test_after_that_question_the_conversation_is_about_the_number_again(assistant: Assistant) -> None:
    history = ["枫屿镇2023年收到几件申请", "这个数含结转吗"]
    assert assistant.ask("2022年呢", history=history).value == assistant.ask("枫屿镇2022年收到几件申请").value


def test_a_completed_question_is_shown_and_a_whole_one_is_not(assistant: Assistant) -> None:
    shown = assistant.ask("那2022年呢", history=[NO_APPLICATIONS]).resolved
    assert shown is not None
    assert "2022年" in shown
    assert "开发区" in shown
    assert assistant.ask(NO_APPLICATIONS, history=[MOST]).resolved is None


def test_a_shown_question_asks_the_same_when_it_is_asked_on_its_own(assistant: Assistant) -> None:
    for follow_up in ("那2022年呢", "换成乡镇", "那诉讼呢", "有几个", "收到过的有哪些"):
        answer = assistant.ask(follow_up, history=[NO_APPLICATIONS])
        again = assistant.ask(answer.resolved or "")
        assert (again.value, [row.body for row in again.rows]) == (answer.value, [row.body for row in answer.rows])
