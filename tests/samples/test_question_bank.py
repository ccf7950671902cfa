"""The gold answers of the sample questions, on a truth small enough to count on one's fingers."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from samples.question_bank import Truth, ask_all

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def _row(name: str, year: int = 2023, readings: dict[str, Any] | None = None, **figures: float) -> dict[str, Any]:
    return {"body": [name], "kind": "zone", "year": year, "figures": figures, "readings": readings or {}}


def test_silence_is_no_zero() -> None:
    rows = [_row("甲", applications_new=0), _row("乙"), _row("丙", applications_new=2)]
    truth = Truth(rows)
    assert truth.matching(rows, lambda v: v == 0, "applications_new") == rows[:1]
    assert truth.silent(rows, "applications_new") == 1


def test_a_contradictory_report_is_a_member_only_if_every_reading_is() -> None:
    readings = {"applications_new": [{"value": 0, "origin": "narrative"}, {"value": 3, "origin": "table"}]}
    row = _row("甲", readings=readings)
    truth = Truth([row])
    assert truth.matching([row], lambda v: v == 0, "applications_new") == []
    assert truth.matching([row], lambda v: v < 5, "applications_new") == [row]
    assert truth.value(row, "applications_new") == 3


def test_prose_against_prose_has_no_value() -> None:
    readings = {"proactive_total": [{"value": 153, "origin": "narrative"}, {"value": 9, "origin": "narrative"}]}
    row = _row("甲", readings=readings)
    assert Truth([row]).value(row, "proactive_total") is None


def test_a_subtotal_with_an_unknown_part_is_unknown() -> None:
    parts = {"unable_not_held": 1, "unable_needs_creation": 0}
    assert Truth([]).value(_row("甲", **parts), "unable_subtotal") is None
    assert Truth([]).value(_row("甲", **parts, unable_unclear=2), "unable_subtotal") == 3


def test_ties_rank_in_the_corpus_order() -> None:
    rows = [_row("甲", applications_new=1), _row("乙", applications_new=4), _row("丙", applications_new=4)]
    assert [r["body"][0] for r in Truth(rows).ranked(rows, "applications_new")] == ["乙", "丙", "甲"]


def test_the_bank_asks_every_kind_of_question_in_both_languages() -> None:
    lines = (SAMPLES / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    questions = list(ask_all(Truth([json.loads(line) for line in lines])))
    kinds = Counter(question["kind"] for question in questions)
    expected = "list-zero list-threshold lookup count sum mean top compare share conflict missing"
    assert set(kinds) == set(expected.split())
    assert {question["language"] for question in questions} == {"zh", "en"}
    assert len({question["question"] for question in questions}) == len(questions) >= 40


def test_no_question_has_a_tie_for_first() -> None:
    lines = (SAMPLES / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    truth = Truth([json.loads(line) for line in lines])
    for year, metric in ((2023, "applications_new"), (2021, "applications_new"), (2021, "proactive_total")):
        values = sorted(truth.values(truth.select(year), metric), reverse=True)
        assert len(set(values[:4])) == 4
