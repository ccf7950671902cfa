"""What the reports of a corpus state, and the few operations that questions ask for, by brute force.

A row is a line of ``truth.jsonl``: one report. What counts of contradictory readings: the table's value where prose
contradicts it; of prose against prose no value, and a condition holds only if all the readings satisfy it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from vectorstore.catalogue import catalogue

Row = dict[str, Any]
Condition = Callable[[Fraction], bool]
_EMPTY: Row = {
    "evidence": {},
    "deviations": [],
    "prose": {},
    "counted": {},
    "words": {},
    "issued": [],
    "implied": [],
    "allowed": [],
    "conflicting": [],
}
WHOLES = ("county", "city", "province")


@dataclass(frozen=True, slots=True)
class Measure:
    """What is computed of one report: metrics added up, or their share of the denominators."""

    metrics: tuple[str, ...]
    denominators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Which reports are meant; an empty field doesn't narrow. ``files`` narrows to single reports."""

    kinds: tuple[str, ...] = ()
    region: str = ""
    years: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    excluded_kinds: tuple[str, ...] = ()
    excluded_region: str = ""
    excluded_bodies: tuple[str, ...] = field(default=())

    def holds(self, row: Row) -> bool:
        name = row["body"][0]
        return (
            (not self.kinds or row["kind"] in self.kinds)
            and row["region"].startswith(self.region)
            and (not self.years or row["year"] in self.years)
            and (not self.names or any(part in name for part in self.names))
            and (not self.bodies or name in self.bodies)
            and row["kind"] not in self.excluded_kinds
            and not (self.excluded_region and row["region"].startswith(self.excluded_region))
            and name not in self.excluded_bodies
        )


class Truth:
    """The truth of a corpus."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = list(rows)

    def select(self, scope: Scope) -> list[Row]:
        return [row for row in self.rows if scope.holds(row)]

    def of(self, body: str, year: int) -> Row | None:
        return next((r for r in self.rows if r["body"][0] == body and r["year"] == year), None)

    def latest(self, body: str) -> int:
        return max(row["year"] for row in self.rows if row["body"][0] == body)

    def years(self) -> list[int]:
        return sorted({row["year"] for row in self.rows})


def completed(rows: Iterable[Row]) -> list[Row]:
    """Lines of truth from elsewhere with all keys that the bank reads; contradictions without readings are unknown."""
    return [
        _EMPTY | row | {"readings": {m: [] for m in row.get("conflicting", ())} | row.get("readings", {})}
        for row in rows
    ]


def _totals(metric: str) -> tuple[str, ...]:
    """The totals of disputes that a metric is a part of."""
    group = next((g for g in ("review", "lit_direct", "lit_post_review") if metric.startswith(f"{g}_")), None)
    if group is None:
        return ()
    return (f"{group}_total",) if group == "review" else (f"{group}_total", "litigation_total")


def metric_value(row: Row, metric: str) -> Fraction | None:
    """What counts of one metric; ``None`` where it is unknown."""
    figures = row["figures"]
    if metric in figures:
        return _exact(figures[metric])
    readings = row["readings"].get(metric, [])
    from_table = [r["value"] for r in readings if r["origin"] == "table"]
    if readings:
        return _exact(from_table[0]) if from_table else None
    base, _, column = metric.partition("__")
    parts = catalogue().metrics[base].sum_of
    if not parts:
        # No dispute at all is none of any sort.
        return Fraction(0) if any(figures.get(whole) == 0 for whole in _totals(metric)) else None
    known = [metric_value(row, f"{part}__{column}" if column else part) for part in parts]
    return sum((v for v in known if v is not None), Fraction(0)) if all(v is not None for v in known) else None


def readings(row: Row, metric: str) -> list[Fraction]:
    """Every value that a report gives for a metric; none if it is silent."""
    if metric in row["readings"]:
        return [_exact(reading["value"]) for reading in row["readings"][metric]]
    known = metric_value(row, metric)
    return [] if known is None else [known]


def value(row: Row, measure: Measure) -> Fraction | None:
    """The measure of one report; ``None`` where a part of it is unknown or it would divide by zero."""
    parts = [metric_value(row, metric) for metric in measure.metrics]
    wholes = [metric_value(row, metric) for metric in measure.denominators]
    if any(part is None for part in [*parts, *wholes]):
        return None
    numerator = sum((part for part in parts if part is not None), Fraction(0))
    if not measure.denominators:
        return numerator
    denominator = sum((whole for whole in wholes if whole is not None), Fraction(0))
    return numerator / denominator if denominator else None


def satisfies(row: Row, measure: Measure, condition: Condition) -> bool | None:
    """Whether a report satisfies a condition; ``None`` where it can't be told."""
    known = value(row, measure)
    if known is not None:
        return condition(known)
    if measure.denominators or len(measure.metrics) != 1:
        return None
    readings = {condition(_exact(r["value"])) for r in row["readings"].get(measure.metrics[0], [])}
    return readings.pop() if len(readings) == 1 else None


def all_of(verdicts: Iterable[bool | None]) -> bool | None:
    """Three-valued conjunction."""
    known = list(verdicts)
    return False if False in known else None if None in known else True


def any_of(verdicts: Iterable[bool | None]) -> bool | None:
    """Three-valued disjunction."""
    known = list(verdicts)
    return True if True in known else None if None in known else False


def without_doubled(rows: Sequence[Row]) -> list[list[Row]]:
    """The ways of adding up without counting twice: without the whole governments, or without what they contain."""
    wholes = [row for row in rows if row["kind"] in WHOLES]
    if not wholes or len(wholes) == len(rows):
        return [list(rows)]
    covered = {(row["region"], row["year"]) for row in wholes}
    parts = [row for row in rows if row["kind"] not in WHOLES]
    return [parts, [*wholes, *(row for row in parts if (row["region"], row["year"]) not in covered)]]


def _exact(number: float) -> Fraction:
    return Fraction(str(number))
