"""The sample corpus asked through the whole product: files in, answers out, gold from the generator's own truth."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from ingest.pipeline import ingest
from vectorstore.errors import QuestionError
from vectorstore.index import Index

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
QUESTIONS = [json.loads(line) for line in (SAMPLES / "questions.jsonl").read_text("utf-8").splitlines()]

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("samples") / "index"
    with Index.open(folder, create=True) as index:
        ingest([SAMPLES / "reports"], index)
    with Assistant.open(folder, today=date(2024, 6, 1)) as assistant:
        yield assistant


def misses(expect: dict[str, Any], answer: Answer) -> list[str]:
    """What an answer lacks of what its gold line expects; the keys are those of the question files."""
    wrong: list[str] = []
    statuses = expect.get("status", answer.status)
    if answer.status not in ([statuses] if isinstance(statuses, str) else statuses):
        wrong.append(f"status {answer.status}")
    if "value" in expect and (answer.value is None or abs(answer.value - expect["value"]) > 1e-3):
        wrong.append(f"value {answer.value}, not {expect['value']}")
    if "bodies" in expect:
        got, wanted = {row.body for row in answer.rows}, expect["bodies"]
        wrong += [f"missing {names[0]}" for names in wanted if not got & set(names)]
        wrong += [f"extra {body}" for body in got if not any(body in names for names in wanted)]
    for want in expect.get("values", []):
        if not any(
            row.body in want["body"] and row.year == want["year"] and row.value == want["value"] for row in answer.rows
        ):
            wrong.append(f"no row {want}")
    return wrong


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_a_question_over_the_samples_is_answered_as_the_truth_says(
    assistant: Assistant, question: dict[str, Any]
) -> None:
    answer = assistant.ask(question["question"], history=question.get("history", []))
    assert misses(question["expect"], answer) == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_every_quote_stands_in_its_report_and_every_mark_has_its_citation(
    assistant: Assistant, question: dict[str, Any]
) -> None:
    answer = assistant.ask(question["question"], history=question.get("history", []))
    numbers = {citation.n for citation in answer.citations}
    assert {int(n) for n in re.findall(r"\[(\d+)\]", answer.text)} <= numbers
    for citation in answer.citations:
        assert assistant.index.text(citation.report_id)[citation.start : citation.end] == citation.quote
    for row in answer.rows:
        assert set(row.citations) <= numbers
        assert row.value is None or row.citations
    coverage = answer.coverage
    parts = ("stated", "derived", "conflicting", "blank", "unreadable", "silent")
    assert sum(getattr(coverage, part) for part in parts) == coverage.in_scope


def test_a_follow_up_is_answered_from_the_conversation(assistant: Assistant) -> None:
    first = "哪些开发区2023年没有收到申请"
    assert assistant.ask("那2022年呢", history=[first]).value == assistant.ask("哪些开发区2022年没有收到申请").value


def test_every_example_question_has_an_answer(assistant: Assistant) -> None:
    for language in ("zh", "en"):
        questions = assistant.example_questions(language)
        assert len(questions) >= 4
        for question in questions:
            assert assistant.ask(question).status in ("answered", "partial"), question


def test_an_answer_names_the_corpus_that_it_was_computed_over(assistant: Assistant) -> None:
    answer = assistant.ask("2023年一共收到多少件申请")
    assert answer.corpus.reports == 40
    assert answer.corpus.fingerprint == assistant.index.fingerprint


def test_last_year_is_counted_from_the_day_that_the_caller_sets(assistant: Assistant) -> None:
    assert assistant.ask("去年一共收到多少件申请").value == assistant.ask("2023年一共收到多少件申请").value


@pytest.mark.parametrize("question", ["", "  \n", "问" * 2001])
def test_a_question_that_is_none_is_refused_with_a_sentence(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError, match=r"\.$|？$"):
        assistant.ask(question)


def test_an_unknown_kind_is_refused_and_the_kinds_are_named(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match="zone"):
        assistant.search("公开", kind="village")


def test_words_about_applications_find_prose_before_the_form(assistant: Assistant) -> None:
    hits = assistant.search("征地补偿 申请", year=2023, kind="township", k=5)
    assert [hit.passage.is_table for hit in hits[:3]] == [False, False, False]
