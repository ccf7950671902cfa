"""Derives the sums of the catalogue from the cells of the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.checking.check_sides import added, by_body_and_year, table_cells
from ingest.forms.identities import cell_id
from vectorstore.catalogue import catalogue
from vectorstore.records import Figure, Origin, State


def derive(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """The sums of the catalogue whose addends the tables all give: new figures, in the catalogue's order.

    Each is placed at its first addend's row and says in its note what was added. Where prose or a table states the
    same sum, both readings are kept.
    """
    derived: list[Figure] = []
    for group in by_body_and_year(figures).values():
        cells = table_cells(group)
        for metric in catalogue().metrics.values():
            if not metric.sum_of:
                continue
            columns = [None, *(c.id for c in catalogue().applicant_columns)] if metric.has_columns else [None]
            for column in columns:
                addends = [cells.get(cell_id(addend, column or "total")) for addend in metric.sum_of]
                if sum_ := _derived(metric.id, metric.unit, column, addends):
                    derived.append(sum_)
    return tuple(derived)


def _derived(metric: str, unit: str, column: str | None, addends: Sequence[Figure | None]) -> Figure | None:
    known = [f for f in addends if f is not None and f.value is not None]
    if not known or len(known) != len(addends):
        return None
    terms = "、".join(f"{catalogue().name(f.metric_id)}{f.value:f}" for f in known)
    return replace(
        known[0],
        metric=metric,
        column=column,
        unit=unit,
        value=added(known),
        state=State.DERIVED,
        origin=Origin.DERIVED,
        cell=None,
        note=f"由以下各项相加得出：{terms}。",
    )
