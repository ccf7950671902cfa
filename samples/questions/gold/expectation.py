"""What the operations are made of: golds, numbers, and why a question may not be worth asking."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, TypeVar

from samples.questions.drawing import Question, UnfitError
from samples.questions.truth import Measure, Row, metric_value, value

Expect = dict[str, Any]
Thing = TypeVar("Thing")
ANSWERED = ["answered", "partial"]
UNKNOWN = ["not_in_corpus", "partial"]


def number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def need(truth: object, why: str) -> None:
    """UnfitError with the reason unless something is so."""
    if not truth:
        raise UnfitError(why)


def needed(thing: Thing | None, why: str) -> Thing:
    """The thing itself; UnfitError with the reason where there is none."""
    if thing is None:
        raise UnfitError(why)
    return thing


def the_report(question: Question) -> Row:
    """That of the first body named and its year."""
    return needed(question.truth.of(question.bodies[0], question.year or 0), "no such report")


def contradicted(question: Question, row: Row) -> bool:
    """Whether a report gives several values of what is asked for."""
    return any(metric in row["readings"] for metric in question.measure.metrics)


def add(rows: Iterable[Row], measure: Measure) -> Fraction:
    """The sum over the reports that state it."""
    return sum((known for row in rows if (known := value(row, measure)) is not None), Fraction(0))


def row_of(row: Row, known: Fraction) -> Expect:
    """A row that the answer must have."""
    return {"body": row["body"], "year": row["year"], "value": number(known)}


def count_silent(question: Question, rows: Iterable[Row]) -> int:
    """Reports without any reading of what is asked for, or of a part of it."""
    metrics = {m for c in question.criteria for m in (*c.measure.metrics, *c.measure.denominators)} or {
        *question.measure.metrics,
        *question.measure.denominators,
    }
    return sum(
        any(metric_value(row, m) is None and m not in row["readings"] for m in metrics)
        and not any(m.split("__")[0] in row["allowed"] for m in metrics)
        for row in rows
    )
