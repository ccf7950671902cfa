"""The rows of groups and of the cells of cross-tables: each with its value or, where it has none, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

from assistant.answer import Row, RowState
from assistant.answering.deferred import Deferred
from assistant.answering.inquiry import Inquiry
from assistant.answering.observations import Observation, worst_state
from assistant.answering.showing import row
from assistant.answering.wording import MEMBERS_NAMED, as_number
from assistant.figures.grouping import Cell
from assistant.figures.summaries import Summary, cites_of
from assistant.figures.summary_wording import unit_of
from assistant.plan import Plan
from vectorstore.batches import batched


def cell_rows(inquiry: Inquiry, cells: Sequence[Cell]) -> Deferred[Row]:
    """The rows of cells, made when they are looked at, the texts of their reports read many at once."""
    return Deferred(_make_rows(inquiry, cells), len(cells))


def _make_rows(inquiry: Inquiry, cells: Sequence[Cell]) -> Iterator[Row]:
    for chunk in batched(cells):
        single = [o for cell in chunk if (o := _single_figure(cell.summary)) is not None]
        inquiry.citations.load(reading.report_id for o in single for reading in o.readings)
        yield from (cell_row(inquiry, cell) for cell in chunk)


def cell_row(inquiry: Inquiry, cell: Cell) -> Row:
    """The row of a group or of a cell of a cross-table, labelled by the groups' names."""
    by = dict(zip(inquiry.plan.group_by, cell.groups, strict=False))
    region = by["region"].key if "region" in by and isinstance(by["region"].key, str) else None
    return summary_row(inquiry, cell.measure, cell.summary, cell.name, region=region)


def summary_row(
    inquiry: Inquiry,
    measure: Plan,
    summary: Summary,
    label: str | None,
    *,
    body: str | None = None,
    region: str | None = None,
) -> Row:
    """The row of a summary; of a single figure, that figure's own.

    Args:
        label: What the row is; ``None`` where it is a body in a year.
        body: Whose row it is where that isn't told by its figures; by default the label.

    What all the bodies have in common (kind, region, year) is the row's too. A count's note names who is counted.
    """
    single = _single_figure(summary)
    if single is not None:
        own = row(inquiry, single, label=label)
        if summary.verdicts is None:
            return own
        cited = tuple(dict.fromkeys((*own.citations, *cites_of(inquiry, summary))))
        return own.model_copy(update={"citations": cited})
    observations = [o for m in summary.members for o in m.current]
    return Row(
        report_id=_common(observations, "report.report_id"),
        body=_common(observations, "body") or body or label or inquiry.scope_name,
        kind=_common(observations, "kind"),
        region=region or _common(observations, "region"),
        year=_common(observations, "year"),
        metric=measure.metrics[0] if len(measure.metrics) == 1 and not measure.denominators else None,
        label=label,
        value=as_number(summary.value),
        unit=unit_of(inquiry, measure, summary.statistic),
        state=_state(summary),
        citations=cites_of(inquiry, summary),
        note=_note(inquiry, summary),
    )


def _single_figure(summary: Summary) -> Observation | None:
    """The only figure that a summary is of, where the value is the figure itself."""
    if summary.statistic in ("count", "share") or len(summary.members) != 1:
        return None
    observations = summary.members[0].observations
    figure = observations[0] if len(observations) == 1 else None
    is_itself = figure is not None and (summary.value is None or summary.value == figure.value)
    return figure if is_itself else None


def _common(observations: list[Observation], field: str) -> Any:
    values = map(attrgetter(field), observations)
    first = next(values, None)
    return first if all(value == first for value in values) else None


def _state(summary: Summary) -> RowState:
    """A value computed of several figures is derived; of no value, the state that most members have."""
    if summary.value is not None:
        return "derived"
    states = Counter(worst_state(m.observations) for m in summary.members)
    unknown = [state for state, _ in states.most_common() if state not in ("stated", "derived")]
    return unknown[0] if unknown else "derived" if states else "silent"


def _note(inquiry: Inquiry, summary: Summary) -> str | None:
    wording = inquiry.wording
    if summary.is_baseless:
        return wording.phrase("breakdown.no_base")
    if summary.statistic != "count" or not summary.counted:
        return None
    several_years = len({m.unit_of_count[1] for m in summary.members}) > 1
    named = summary.counted[:MEMBERS_NAMED]
    names = [wording.body_year(m.current[0].body, m.current[0].year, show_year=several_years) for m in named]
    return wording.members(names, len(summary.counted))
