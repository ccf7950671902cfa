"""Where the figures of a pivot table stand: the characters of the report that a value is read at."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from assistant.answering.observations import Observation
from vectorstore.records import Figure, Span


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a report. ``span`` is ``None`` for the report as such, ``cell`` where it isn't in a table."""

    report_id: str
    span: Span | None = None
    cell: Span | None = None
    page: int | None = None


def place_of(observation: Observation, value: Decimal | None = None) -> Place:
    """The place that states a figure, or one of its contradicting values, or that shows why it is unknown."""
    wanted = observation.value if value is None else value
    giving = [reading for reading in observation.readings if reading.value == wanted] or list(observation.readings)
    if giving:
        return _stated_at(next((reading for reading in giving if reading.cell is not None), giving[0]))
    return Place(observation.report.report_id, observation.picture)


def _stated_at(reading: Figure) -> Place:
    cell = None if reading.cell is None else Span(reading.cell.start, reading.cell.end)
    return Place(reading.report_id, Span(reading.start, reading.end), cell, reading.page)
