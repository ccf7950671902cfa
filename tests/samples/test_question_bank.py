"""The gold of the question bank, on truths small enough to count on one's fingers, and the bank's breadth."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from samples.questions.bank import ask_all, paraphrases
from samples.questions.corpus import bank_corpus
from samples.questions.county import ask_all as ask_about_the_county
from samples.questions.drawing import Criterion, Question, UnfitError, parse_measure
from samples.questions.forms import Form, forms
from samples.questions.gold import OPERATIONS
from samples.questions.truth import Measure, Scope, Truth, completed, metric_value, satisfies, without_doubled

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
NEW = "applications_new"


def _row(
    name: str, year: int = 2023, kind: str = "zone", readings: dict[str, Any] | None = None, **figures: float
) -> dict[str, Any]:
    (row,) = completed(
        [
            {
                "body": [name],
                "file": f"{name}-{year}.txt",
                "kind": kind,
                "region": "某省/某市/某县",
                "year": year,
                "figures": figures,
                "readings": readings or {},
            }
        ]
    )
    return row


def _ask(operation: str, rows: list[dict[str, Any]], measure: str = NEW, **fields: Any) -> dict[str, Any]:
    meaning = fields.pop("meaning", {})
    form = Form("made up", "made up", operation, "zh", "", meaning=meaning)
    asked: dict[str, Any] = {"scope": Scope(), "criteria": []} | fields
    question = Question(form, Truth(rows), {"zh": {}, "en": {}}, measure=parse_measure(measure), **asked)
    return OPERATIONS[operation](question)


def _none(metric: str = NEW, *, change: bool = False) -> Criterion:
    return Criterion(Measure((metric,)), lambda value: value == 0, change)


def _rises(metric: str = NEW) -> Criterion:
    return Criterion(Measure((metric,)), lambda value: value > 0, change=True)


# What counts of what a report says.


def test_the_table_counts_where_the_prose_contradicts_it() -> None:
    row = _row("甲", readings={NEW: [{"value": 3, "origin": "narrative"}, {"value": 0, "origin": "table"}]})
    assert metric_value(row, NEW) == 0
    assert satisfies(row, Measure((NEW,)), lambda value: value == 0) is True


def test_prose_against_prose_has_no_value_and_satisfies_only_what_both_do() -> None:
    row = _row("甲", readings={NEW: [{"value": 153, "origin": "narrative"}, {"value": 9, "origin": "narrative"}]})
    assert metric_value(row, NEW) is None
    assert satisfies(row, Measure((NEW,)), lambda value: value > 5) is True
    assert satisfies(row, Measure((NEW,)), lambda value: value > 50) is None


def test_a_subtotal_with_an_unknown_part_is_unknown() -> None:
    parts = {"unable_not_held": 1, "unable_needs_creation": 0}
    assert metric_value(_row("甲", **parts), "unable_subtotal") is None
    assert metric_value(_row("甲", **parts, unable_unclear=2), "unable_subtotal") == 3


def test_a_share_without_a_whole_is_unknown() -> None:
    share = Measure(("result_granted",), ("result_total",))
    assert satisfies(_row("甲", result_granted=0, result_total=0), share, lambda value: value == 0) is None


def test_a_government_is_not_added_to_its_own_departments() -> None:
    rows = [_row("县政府", kind="county"), _row("甲局", kind="department"), _row("县政府", 2022, kind="county")]
    assert [[row["kind"] for row in way] for way in without_doubled(rows)] == [["department"], ["county", "county"]]


# Operations.


def test_silence_is_no_zero() -> None:
    rows = [_row("甲", applications_new=0), _row("乙"), _row("丙", applications_new=2)]
    expect = _ask("list", rows, criteria=[_none()])
    assert expect["members"] == [[["甲"], 2023]]
    assert expect["silent_min"] == 1


def test_a_rise_needs_both_years() -> None:
    rows = [
        *(_row("甲", year, applications_new=n) for year, n in ((2022, 1), (2023, 4))),
        *(_row("乙", year, applications_new=n) for year, n in ((2022, 4), (2023, 1))),
        _row("丙", 2023, applications_new=9),
    ]
    assert _ask("list", rows, scope=Scope(years=(2023,)), criteria=[_rises()])["bodies"] == [["甲"]]


def test_two_years_running_are_two_successive_years() -> None:
    rows = [
        *(_row("甲", year, applications_new=n) for year, n in ((2021, 0), (2022, 0), (2023, 1))),
        *(_row("乙", year, applications_new=n) for year, n in ((2021, 0), (2022, 1), (2023, 0))),
        *(_row("丙", year, applications_new=0) for year in (2021, 2023)),
    ]
    assert _ask("running", rows, criteria=[_none()], meaning={"running": 2})["bodies"] == [["甲"]]


def test_a_mean_is_over_those_that_state_it() -> None:
    rows = [_row("甲", applications_new=1), _row("乙", applications_new=4), _row("丙")]
    assert _ask("mean", rows)["value"] == 2.5


def test_a_tie_for_first_is_not_asked() -> None:
    rows = [_row("甲", applications_new=4), _row("乙", applications_new=4), _row("丙", applications_new=1)]
    with pytest.raises(UnfitError):
        _ask("top", rows)
    assert _ask("rank", rows, bodies=["丙"])["value"] == 3


def test_a_pooled_share_leaves_out_reports_without_both_numbers() -> None:
    rows = [
        _row("甲", result_granted=1, result_total=2),
        _row("乙", result_granted=3),
        _row("丙", result_granted=0, result_total=2),
    ]
    assert _ask("share", rows, "result_granted / result_total")["value_any"] == [float(Fraction(1, 4))]


def test_a_cross_table_has_a_cell_for_each_pair_that_is_not_zero() -> None:
    rows = [
        _row("甲", 2022, applications_new=1),
        _row("乙", 2023, applications_new=2),
        _row("丙", 2023, kind="township", applications_new=0),
    ]
    cells = _ask("breakdown", rows, meaning={"by": ["year", "kind"]})["cells"]
    assert [(cell["has"][0], cell["has"][1][0], cell["value"]) for cell in cells] == [
        (["2022"], "zone", 1),
        (["2023"], "zone", 2),
    ]


# The bank.


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return [report.truth for report in bank_corpus()]


@pytest.fixture(scope="module")
def questions(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(ask_all(rows))


def test_the_bank_is_broad(questions: list[dict[str, Any]]) -> None:
    assert len({form.wording for form in forms()}) >= 250
    asked = {(question["question"], *question.get("history", [])) for question in questions}
    assert len(asked) == len(questions) >= 536
    by_language = Counter(question["language"] for question in questions)
    assert by_language["en"] >= 150
    assert by_language["zh"] >= 400


def test_each_of_the_136_questions_of_the_domain_is_asked(questions: list[dict[str, Any]]) -> None:
    asked = {question["group"] for question in questions}
    assert {f"q{number:03d}" for number in range(1, 137)} <= asked


def test_every_operation_is_used_and_every_form_names_one() -> None:
    assert {form.operation for form in forms()} == set(OPERATIONS)


def test_all_but_a_few_forms_find_parameters(questions: list[dict[str, Any]]) -> None:
    missing = {form.group for form in forms()} - {question["group"] for question in questions}
    assert len(missing) <= 2, missing


def test_nothing_is_left_to_fill_in(questions: list[dict[str, Any]]) -> None:
    assert not [question for question in questions if "{" in question["question"]]


def test_the_same_corpus_gives_the_same_bank(rows: list[dict[str, Any]], questions: list[dict[str, Any]]) -> None:
    assert list(ask_all(rows)) == questions


def test_paraphrases_have_the_same_parameters(rows: list[dict[str, Any]]) -> None:
    for first, wordings in paraphrases(rows):
        assert len(wordings) >= 2
        assert {form.group for form, _, _ in wordings} == {first.group}


def test_reports_are_missing_here_and_there(rows: list[dict[str, Any]]) -> None:
    years = Counter(row["body"][0] for row in rows)
    assert set(years.values()) == {3, 4} or set(years.values()) == {2, 3, 4}
    assert len({row["region"].rsplit("/", 1)[0] for row in rows}) < len({row["region"] for row in rows})


def test_the_questions_about_the_county_are_of_all_kinds_in_both_languages() -> None:
    lines = (SAMPLES / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    questions = list(ask_about_the_county(Truth(completed(json.loads(line) for line in lines))))
    expected = "list-zero list-threshold lookup count sum mean top compare share conflict missing"
    assert {question["kind"] for question in questions} == set(expected.split())
    assert {question["language"] for question in questions} == {"zh", "en"}
    assert len({question["question"] for question in questions}) == len(questions) >= 40
