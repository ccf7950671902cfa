"""The two sides of a check, made from figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from vectorstore.records import Check, CheckSide, Figure, Origin, Span

TABLE_ORIGINS = (Origin.TABLE, Origin.IMAGE)
Cells = Mapping[str, Figure]
"""The tables' figures of one body and year, by full metric id."""


def by_body_and_year(figures: Iterable[Figure]) -> Mapping[tuple[str, int | None], list[Figure]]:
    """The figures that may be held against one another."""
    groups: dict[tuple[str, int | None], list[Figure]] = defaultdict(list)
    for figure in figures:
        groups[figure.body_id, figure.year].append(figure)
    return groups


def table_cells(figures: Iterable[Figure]) -> dict[str, Figure]:
    """The tables' figures by full metric id; of two tables that both give a cell, neither: they may differ."""
    cells: dict[str, Figure] = {}
    twice: set[str] = set()
    for figure in figures:
        is_pictured = figure.origin is Origin.IMAGE and figure.value is None
        if figure.origin in TABLE_ORIGINS and not is_pictured:
            metric_id = figure.metric_id
            former = cells.setdefault(metric_id, figure)
            if former.value != figure.value:
                twice.add(metric_id)
    for metric_id in twice:
        del cells[metric_id]
    return cells


def place(figure: Figure) -> Span:
    """The cell's own characters, so that it can be told which cells a failing identity touches; else the quote."""
    return Span(figure.cell.start, figure.cell.end) if figure.cell else Span(figure.start, figure.end)


def one(label: str, figure: Figure) -> CheckSide:
    """A side that is one figure."""
    return CheckSide(label, figure.value, (place(figure),))


def summed(label: str, cells: Cells, metric_ids: Sequence[str]) -> CheckSide:
    """The sum of cells; unknown if one of them is. Its places are those of the known ones."""
    found = [cells.get(metric_id) for metric_id in metric_ids]
    known = [f for f in found if f is not None and f.value is not None]
    value = added(known) if len(known) == len(found) else None
    return CheckSide(label, value, tuple([place(f) for f in known]))


def added(figures: Iterable[Figure]) -> Decimal:
    """The sum of the known values."""
    return sum((f.value for f in figures if f.value is not None), Decimal(0))


def equal(report_id: str, rule: str, subject: str, left: CheckSide, right: CheckSide) -> Check:
    """A check that both sides are equal; not to be judged where one is unknown."""
    holds = None if left.value is None or right.value is None else left.value == right.value
    return Check(report_id, rule, subject, holds, left, right)
