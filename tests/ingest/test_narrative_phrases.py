"""Made-up phrases (``phrases.toml``) and those of the domain notes, read as prose."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.narrative.prose import read
from ingest.narrative.tokens import expand
from vectorstore.catalogue import catalogue
from vectorstore.records import SectionRole, State

YEAR = 2023
CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "phrases.toml").read_text(encoding="utf-8"))[
    "case"
]


def misread(text: str, case: dict[str, Any]) -> str:
    """What is wrong with the reading of a phrase; empty where all is right."""
    role = SectionRole(case["role"]) if "role" in case else None
    reading = read(text, year=YEAR, role=role)
    stated = {(s.metric, s.value) for s in reading.statements if s.year_offset == 0 and not s.column}
    if stated != {(metric, Decimal(value)) for metric, value in case["figures"].items()}:
        return f"{text}: {stated}"
    derived = {s.metric for s in reading.statements if s.state is State.DERIVED and s.year_offset == 0 and not s.column}
    if derived != set(case.get("derived", ())):
        return f"{text}: derived {derived}"
    if "before" in case:
        before = {(s.metric, s.value) for s in reading.statements if s.year_offset == -1}
        if before != {(metric, Decimal(value)) for metric, value in case["before"].items()}:
            return f"{text}: the year before {before}"
    kept = [found.value for found in (*reading.remainders, *reading.of_others)]
    if not set(map(Decimal, case.get("mentions", ()))) <= set(kept) or (
        case.get("exactly") and len(kept) != len(case["mentions"])
    ):
        return f"{text}: mentions {kept}"
    return ""


@pytest.mark.parametrize("case", [pytest.param(case, id=case["text"][:60]) for case in CASES])
def test_phrases_state_their_figures_and_no_others(case: dict[str, Any]) -> None:
    assert [wrong for text in expand(case["text"]) if (wrong := misread(text, case))] == []


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
