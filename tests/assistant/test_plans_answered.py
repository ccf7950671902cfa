"""A Plan is answered whoever made it, and a conversation may hold Plans in place of questions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.plan import Plan
from vectorstore.errors import QuestionError

pytestmark = pytest.mark.integration

QUESTION = "哪些开发区2023年没有收到政府信息公开申请？"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    from ingest.pipeline import ingest
    from vectorstore.index import Index

    folder = tmp_path_factory.mktemp("plans") / "index"
    with Index.open(folder, create=True) as index:
        ingest([Path(__file__).resolve().parents[2] / "samples" / "reports"], index)
    with Assistant.open(folder) as opened:
        yield opened


def test_the_plan_of_an_answer_answers_the_same(assistant: Assistant) -> None:
    first = assistant.ask(QUESTION)
    again = assistant.answer(Plan.model_validate(first.plan), QUESTION)
    assert again == first


def test_a_changed_plan_is_a_changed_question(assistant: Assistant) -> None:
    plan = Plan.model_validate(assistant.ask(QUESTION).plan)
    changed = plan.model_copy(update={"scope": plan.scope.model_copy(update={"years": (2022,)})})
    answer = assistant.answer(changed)
    asked = assistant.ask("哪些开发区2022年没有收到政府信息公开申请？")
    assert (answer.text, answer.rows) == (asked.text, asked.rows)
    assert "2022" in answer.question


def test_a_follow_up_leans_on_a_plan_as_on_the_question_it_stands_for(assistant: Assistant) -> None:
    plan = Plan.model_validate(assistant.ask(QUESTION).plan)
    on_the_plan = assistant.ask("那2022年呢", history=[plan])
    assert on_the_plan == assistant.ask("那2022年呢", history=[QUESTION])
    assert on_the_plan.resolved is not None


def test_what_was_asked_before_a_question_that_leans_on_nothing_changes_nothing(assistant: Assistant) -> None:
    first = assistant.ask(QUESTION)
    assert first.resolved is None
    with_more = assistant.ask("那2022年呢", history=["2021年收到申请最多的3家单位", QUESTION])
    assert with_more == assistant.ask("那2022年呢", history=[QUESTION])


def test_a_plan_of_an_unknown_metric_is_refused_in_words(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match="There is no metric 'applications_old'"):
        assistant.answer(Plan(subject="figures", metrics=("applications_old",)))
