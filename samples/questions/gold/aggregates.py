"""Sums, means and shares over many reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from statistics import median

from samples.questions.drawing import Question
from samples.questions.gold.expectation import ANSWERED, Expect, add, count_silent, need, number
from samples.questions.gold.members import sort_out
from samples.questions.truth import Measure, Row, value, without_doubled

RATE_BASES = (
    Measure(("result_granted",), ("result_total",)),
    Measure(("result_granted", "result_partial"), ("result_total",)),
)


def values_of(question: Question, rows: Iterable[Row]) -> list[Fraction]:
    return [known for row in rows if (known := value(row, question.measure)) is not None]


def rows_in_scope(question: Question) -> list[Row]:
    """In scope, and satisfying the criteria where there are any."""
    if question.criteria:
        return sort_out(question)[0]
    return question.truth.select(question.scope)


def pooled(rows: Sequence[Row], measure: Measure) -> Fraction | None:
    """The parts added over the wholes added, over the reports that have both; ``None`` where there is no whole."""
    known = [row for row in rows if value(row, measure) is not None]
    part, whole = (add(known, Measure(metrics)) for metrics in (measure.metrics, measure.denominators))
    return part / whole if whole else None


def add_up(question: Question) -> Expect:
    rows = rows_in_scope(question)
    ways = {number(add(way, question.measure)) for way in without_doubled(rows)}
    need(len(values_of(question, rows)) > 1 and any(ways), "nothing to add")
    return {"status": ANSWERED, "value_any": sorted(ways), "silent_min": count_silent(question, rows)}


def average(question: Question) -> Expect:
    values = values_of(question, rows_in_scope(question))
    need(len(values) > 1 and any(values), "nothing to average")
    return {"status": ANSWERED, "value": float(sum(values) / len(values))}


def middle(question: Question) -> Expect:
    values = values_of(question, rows_in_scope(question))
    need(len(values) > 2 and any(values), "nothing to average")
    return {"status": ANSWERED, "value": float(median(values))}


def share_of_sum(question: Question) -> Expect:
    """Of one report, or of all in scope: the parts added over the wholes added."""
    rows = question.truth.select(question.scope)
    ways = [pooled(way, question.measure) for way in without_doubled(rows)]
    need(all(way is not None for way in ways), "nothing to divide by")
    shares = sorted({float(way) for way in ways if way is not None})
    need(any(0 < share < 1 for share in shares), "all or nothing")
    return {"status": ANSWERED, "value_any": shares}


def grant_rates(question: Question) -> Expect:
    """The base of 公开率 is open: both are told, or one with its base and the other offered."""
    ways = without_doubled(question.truth.select(question.scope))
    first, second = ([share for way in ways if (share := pooled(way, base)) is not None] for base in RATE_BASES)
    need(first and second and first != second, "one rate only")
    told = [{"text_all": [_percent(a), _percent(b)]} for a, b in zip(first, second, strict=True)]
    return {"status": ["needs_clarification", *ANSWERED], "either": [{"options_min": 2}, *told]}


def _percent(share: Fraction) -> str:
    return f"{float(share) * 100:.4g}"[:4]


def two_sums(question: Question) -> Expect:
    """The sums of several metrics side by side."""
    rows = question.truth.select(question.scope)
    sums = [add(rows, Measure((metric,))) for metric in question.meaning["measures"]]
    need(all(sums), "nothing")
    return {"status": ANSWERED, "numbers": [number(total) for total in sums]}
