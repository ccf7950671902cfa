"""Made-up phrases (``phrases.toml``) and those of the domain notes, read as prose."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.prose import read
from ingest.tokens import expand
from vectorstore.catalogue import catalogue
from vectorstore.records import SectionRole, State

YEAR = 2023
CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "phrases.toml").read_text(encoding="utf-8"))[
    "case"
]


def phrases() -> Iterator[Any]:
    for case in CASES:
        for text in expand(case["text"]):
            yield pytest.param(text, case, id=text[:60])


@pytest.mark.parametrize(("text", "case"), list(phrases()))
def test_a_phrase_states_its_figures_and_no_others(text: str, case: dict[str, Any]) -> None:
    role = SectionRole(case["role"]) if "role" in case else None
    reading = read(text, year=YEAR, role=role)
    stated = {(s.metric, s.value) for s in reading.statements if s.year_offset == 0 and not s.column}
    assert stated == {(metric, Decimal(value)) for metric, value in case["figures"].items()}
    derived = {s.metric for s in reading.statements if s.state is State.DERIVED and s.year_offset == 0}
    assert derived == set(case.get("derived", ()))
    if "before" in case:
        before = {(s.metric, s.value) for s in reading.statements if s.year_offset == -1}
        assert before == {(metric, Decimal(value)) for metric, value in case["before"].items()}
    kept = [remainder.value for remainder in reading.remainders]
    assert set(map(Decimal, case.get("mentions", ()))) <= set(kept)
    if case.get("exactly"):
        assert len(kept) == len(case["mentions"])


def test_every_metric_of_the_bank_is_in_the_catalogue() -> None:
    assert {metric for case in CASES for metric in case["figures"]} <= set(catalogue().metrics)


def test_the_phrases_of_the_domain_notes_are_read(shared: Path) -> None:
    wrong = []
    for line in (shared / "eval" / "phrases.jsonl").read_text(encoding="utf-8").splitlines():
        phrase = json.loads(line)
        reading = read(phrase["text"], year=YEAR)
        stated = [s for s in reading.statements if s.year_offset == 0 and not s.column]
        values = {s.metric: s.value for s in stated}
        right = all(values.get(metric) == value for metric, value in phrase.get("figure", {}).items())
        right &= not values.keys() & set(phrase.get("not", ()))
        right &= len(values) == len({(s.metric, s.value) for s in stated})
        if "mention" in phrase:
            # A share of 1.0 there is 100 % here.
            kept = {r.value / 100 if r.unit == "%" else r.value for r in reading.remainders}
            right &= Decimal(str(phrase["mention"])) in kept
            right &= "figure" in phrase or not values
        if not right:
            wrong.append((phrase["text"], values))
    assert not wrong
