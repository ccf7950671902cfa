"""The question bank asked through the whole product, a part of it: files in, answers out, gold from the truth alone.

``samples/questions/known_misses.toml`` lists the questions that are answered wrongly, with the reason. An answer that
becomes right must leave the list, and a right one must not become wrong.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from samples.questions.judge import malformed, misses

KNOWN = Path(__file__).resolve().parents[2] / "samples" / "questions" / "known_misses.toml"
PER_MEANING = 1
"""Questions asked of each meaning and language: all meanings, in seconds. The benchmark asks all."""

pytestmark = pytest.mark.integration


def some_of(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    taken: Counter[tuple[str, str]] = Counter()
    chosen = []
    for question in questions:
        taken[question["group"], question["language"]] += 1
        if taken[question["group"], question["language"]] <= PER_MEANING:
            chosen.append(question)
    return chosen


def asked(question: dict[str, Any]) -> str:
    return " → ".join([*question.get("history", []), question["question"]])


@pytest.fixture(scope="module")
def wrong(bank: Any) -> dict[str, str]:
    """What is wrong with each wrong answer, by question."""
    found = {}
    for question in some_of(bank.questions):
        answer = bank.assistant.ask(question["question"], history=question.get("history", []))
        plain = answer.model_dump(mode="json")
        if faults := [*misses(question["expect"], plain), *malformed(plain, bank.assistant.index.text)]:
            found[asked(question)] = "; ".join(faults)
    return found


def test_the_part_that_is_asked_covers_every_meaning(bank: Any) -> None:
    chosen = some_of(bank.questions)
    assert len(chosen) >= 150
    assert {question["group"] for question in chosen} == {question["group"] for question in bank.questions}


def test_every_answer_is_the_one_that_the_truth_gives(wrong: dict[str, str]) -> None:
    known = tomllib.loads(KNOWN.read_text(encoding="utf-8"))["answers"]
    assert {question: faults for question, faults in wrong.items() if question not in known} == {}


def test_what_was_answered_wrongly_still_is_or_leaves_the_list(bank: Any, wrong: dict[str, str]) -> None:
    known = tomllib.loads(KNOWN.read_text(encoding="utf-8"))["answers"]
    assert set(known) - set(wrong) == set()
    assert all(len(reason) > 10 for reason in known.values())
