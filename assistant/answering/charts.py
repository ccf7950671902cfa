"""Chart specifications: what a picture of an answer shows, for any interface to draw.

The values are those of the answer's rows. An unknown value is a null: a line has a gap there, and a bar is absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.answering.wording import Exact, as_number

ChartType = Literal["line", "bar", "stacked_bar"]

POINTS_SHOWN = 24
"""How many bars a chart has at most; the rows hold all of them."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or the bars of one colour. ``values`` are in the order of the chart's points; ``None`` is unknown."""

    name: str
    values: tuple[Exact | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of an answer: a trend's line, the bars of a ranking or of groups, stacked bars of a cross-table.

    Attributes:
        points: What stands along the x axis: years in their order, bodies, groups.
        unit: Of the values; empty for shares, which are fractions between 0 and 1.
    """

    type: ChartType
    title: str
    unit: str
    points: tuple[str, ...]
    series: tuple[Series, ...]

    def __post_init__(self) -> None:
        for series in self.series:
            if len(series.values) != len(self.points):
                raise ValueError(f"The series {series.name} has {len(series.values)} values, not {len(self.points)}.")

    def as_json(self) -> dict[str, Any]:
        """``type, x, y, unit, title``; with several series, ``series: [{name, y}]`` in place of ``y``."""
        drawn = [[as_number(value) for value in series.values] for series in self.series]
        values: dict[str, Any] = (
            {"y": drawn[0]}
            if len(drawn) == 1
            else {"series": [{"name": s.name, "y": y} for s, y in zip(self.series, drawn, strict=True)]}
        )
        return {"type": self.type, "x": list(self.points), **values, "unit": self.unit, "title": self.title}


def draw(
    chart_type: ChartType, title: str, unit: str | None, points: Sequence[str], series: Sequence[Series]
) -> dict[str, Any] | None:
    """A chart as JSON; ``None`` where fewer than two values of every series are known, which no picture is worth.

    Bars beyond the first 24 are left out; a line is never cut.
    """
    if not any(sum(value is not None for value in one.values) > 1 for one in series):
        return None
    shown = len(points) if chart_type == "line" else POINTS_SHOWN
    cut = tuple(Series(one.name, one.values[:shown]) for one in series)
    return Chart(chart_type, title, unit or "", tuple(points[:shown]), cut).as_json()
