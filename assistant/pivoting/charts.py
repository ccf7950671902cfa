"""What a chart of a pivot table shows: its first rows as bars or, where years are its columns or rows, as lines."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from assistant.answering.charts import Series, draw
from assistant.pivoting.pivot import Pivot

BARS, LINES = 20, 6


def chart_of(pivot: Pivot, order: Sequence[int], title: str, sort: str | None = None) -> dict[str, Any] | None:
    """The chart of a table's rows; ``None`` where it has too few known values for one.

    Args:
        order: The positions of the rows, as they are shown. Where ``sort`` names no column, those with most are drawn.
        title: What the values are, the metric included.
    """
    if not pivot.columns or not order:
        return None
    at = pivot.column(sort or "")
    chosen = _main_column(pivot) if at is None else at
    ordered = sorted(order, key=lambda row: _falling(pivot.value(row, chosen))) if at is None else list(order)
    part = pivot.columns[chosen].part
    unit = "" if pivot.request.shows in ("count", "zero") else pivot.columns[chosen].unit
    if pivot.request.rows == "year":
        rows = [row for row in order if isinstance(pivot.rows[row].key, int)]
        columns = [c for c, column in enumerate(pivot.columns) if column.part == part and column.role == "value"]
        series = [
            Series(pivot.columns[c].name or title, tuple(pivot.value(row, c) for row in rows)) for c in columns[:LINES]
        ]
        return draw("line", title, unit, [str(pivot.rows[row].key) for row in rows], series)
    years = [
        c
        for c, column in enumerate(pivot.columns)
        if column.part == part and column.role == "value" and isinstance(column.key, int)
    ]
    if pivot.request.axis == "year" and len(years) > 1:
        series = [Series(pivot.rows[row].name, tuple(pivot.value(row, c) for c in years)) for row in ordered[:LINES]]
        return draw("line", title, unit, [str(pivot.columns[c].key) for c in years], series)
    shown = ordered[:BARS]
    return draw(
        "bar",
        title,
        unit,
        [pivot.rows[row].name for row in shown],
        [Series("", tuple(pivot.value(row, chosen) for row in shown))],
    )


def _main_column(pivot: Pivot) -> int:
    """The total of the first part where it has one, else its first column."""
    part = pivot.columns[0].part
    return next((at for at, c in enumerate(pivot.columns) if c.part == part and c.role == "total"), 0)


def _falling(value: Fraction | None) -> tuple[bool, Fraction]:
    return value is None, -(value or Fraction(0))
