"""What the reports in scope say of the metrics asked for: one observation for each body, year and metric.

An observation always exists, known or not: silence is a state, so that nothing downstream can mistake it for zero.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.answer import RowState
from assistant.answering.implied_zeros import implying_zero, wholes_of
from assistant.answering.inquiry import Inquiry
from assistant.plan import PlanScope
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue
from vectorstore.records import Figure, Kind, Origin, Report, ResolvedFigure, Scope, Span, State

_FEW = 50
"""Reports of which figures are read for themselves; of more, all of their years are, for the next question."""
# What stands in the canonical text where the source has a picture.
_PICTURE = re.compile(r"\[(?:image|picture|图片)[^\]\n]*\]")


@dataclass(frozen=True, slots=True)
class Observation:
    """What is known of one metric, or of several added, for one body and year.

    Attributes:
        report: The report that states it or, where it is unknown, the body's own report of that year.
        metric_id: Full id; ``None`` for several metrics added.
        value: ``None`` where unknown, and where readings contradict one another without one that counts.
        readings: Every figure behind it; empty where the report is silent.
        picture: The picture that stands where the metric's table belongs, where that is why it is unknown.
    """

    report: Report
    body_id: str
    body: str
    kind: Kind | None
    region: str | None
    year: int | None
    metric_id: str | None
    unit: str
    state: RowState
    value: Decimal | None
    readings: tuple[Figure, ...] = ()
    picture: Span | None = None

    @property
    def unit_of_count(self) -> tuple[str, int | None]:
        """What counts as one: a body in a year."""
        return self.body_id, self.year

    @property
    def is_own(self) -> bool:
        """Whether the body's own report of that year says it."""
        return self.report.body_id == self.body_id and self.report.year == self.year

    @property
    def values(self) -> tuple[Decimal, ...]:
        """The different values given, in the order of the text; several only where they conflict."""
        if self.state == "conflicting":
            return tuple(dict.fromkeys(r.value for r in self.readings if r.value is not None))
        return () if self.value is None else (self.value,)

    @property
    def qualifier(self) -> str | None:
        """约, 余 … where every reading of the value is approximate."""
        printed = [reading.qualifier for reading in self.readings]
        if not any(printed):
            return None
        used = [reading.qualifier for reading in self.readings if reading.value == self.value]
        return used[0] if used and all(used) else None

    @property
    def note(self) -> str | None:
        """What the figures that give the value themselves note; of an unknown value why it can't be read.

        A picture beside the sentence that states the value has a note too, and it would say that there is none.
        """
        giving = [r for r in self.readings if r.value in self.values] if self.values else self.readings
        notes = dict.fromkeys(reading.note for reading in giving if reading.note)
        return "；".join(notes) or None


def observe(inquiry: Inquiry, metric_ids: Sequence[str], scope: PlanScope | None = None) -> list[Observation]:
    """What the reports in scope say of themselves: for each body and year, each metric, known or not.

    Args:
        scope: The plan's by default. The observations are in the order of its reports.
    """
    reports = inquiry.reports if scope is None else inquiry.reports_within(scope)
    units: dict[tuple[str, int | None], list[Report]] = defaultdict(list)
    for report in reports:
        units[report.body_id, report.year].append(report)
    own = _observe_reports(inquiry, metric_ids, reports)
    return [
        of_metric[of_unit[0].report_id]
        if len(of_unit) == 1
        else _merged([of_metric[report.report_id] for report in of_unit])
        for of_unit in units.values()
        for of_metric in own
    ]


def _observe_reports(
    inquiry: Inquiry, metric_ids: Sequence[str], reports: Sequence[Report]
) -> Sequence[Mapping[str, Observation]]:
    """For each metric what the reports, and maybe others, say of themselves, by the report's id."""
    if len(reports) <= _FEW:
        return _observe_of(inquiry, metric_ids, reports, Scope(report_ids=tuple(r.report_id for r in reports)))
    years = {report.year for report in reports}
    return [
        {report_id: o for year in years for report_id, o in _observe_year(inquiry, metric_id, year).items()}
        if len(years) > 1
        else _observe_year(inquiry, metric_id, *years)
        for metric_id in metric_ids
    ]


def _observe_year(inquiry: Inquiry, metric_id: str, year: int | None) -> dict[str, Observation]:
    """What every report on a year says of itself of one metric, remembered until the index changes."""

    def observe_all() -> dict[str, Observation]:
        reports = [report for report in inquiry.all_reports.values() if report.year == year]
        ids = tuple(report.report_id for report in reports)
        scope = Scope(report_ids=ids) if year is None else Scope(years=(year,))
        return _observe_of(inquiry, [metric_id], reports, scope)[0]

    return inquiry.index.remember(("observed", metric_id, year), observe_all)


def _observe_of(
    inquiry: Inquiry, metric_ids: Sequence[str], reports: Sequence[Report], scope: Scope
) -> list[dict[str, Observation]]:
    """For each metric what just these reports say of themselves; the scope is one that all of them are in."""
    own = {report.report_id: (report.body_id, report.year) for report in reports}
    figures = {
        (figure.report_id, figure.metric_id): figure
        for figure in (inquiry.index.figures(scope, _with_addends(metric_ids)) if reports else ())
        if own.get(figure.report_id) == (figure.body_id, figure.year)
    }
    inquiry.citations.load(report.report_id for report in reports if report.pictures)
    return [
        {report.report_id: _observation(inquiry, report, metric_id, figures) for report in reports}
        for metric_id in metric_ids
    ]


def observe_elsewhere(
    inquiry: Inquiry, metric_ids: Sequence[str], body_ids: Sequence[str], years: Sequence[int] = ()
) -> list[Observation]:
    """Known values that other reports give of bodies: a later report of the year before, a city of its zones.

    For questions that name the body only: such values are no part of what the reports in scope say of themselves.
    """
    if not body_ids:
        return []
    scope = Scope(body_ids=tuple(body_ids), years=tuple(years))
    found = []
    for figure in inquiry.index.figures(scope, list(metric_ids)):
        report = inquiry.all_reports[figure.report_id]
        if (report.body_id, report.year) != (figure.body_id, figure.year) and figure.readings:
            observation = observation_of(report, figure)
            if observation.values:
                found.append(observation)
    return found


def added(observations: Sequence[Observation]) -> Observation:
    """Several metrics of one body and year as their sum; unknown as soon as one of them is."""
    first = observations[0]
    if len(observations) == 1:
        return first
    worst = max(observations, key=lambda o: _SEVERITY[o.state])
    known = [o.value for o in observations if o.value is not None]
    total = sum(known, Decimal(0)) if len(known) == len(observations) else None
    state: RowState = worst.state if total is None or worst.state == "conflicting" else "derived"
    # A sum hasn't the readings of one addend as its own values: conflicts are shown by the addends' rows.
    readings = tuple(r for o in observations for r in o.readings if total is None or r.value == o.value)
    return replace(first, metric_id=None, value=total, state=state, readings=readings)


def by_unit(observations: Iterable[Observation]) -> list[list[Observation]]:
    """Observations grouped by body and year, in order."""
    units: dict[tuple[str, int | None], list[Observation]] = defaultdict(list)
    for observation in observations:
        units[observation.body_id, observation.year].append(observation)
    return list(units.values())


_SEVERITY: dict[RowState, int] = {
    "stated": 0,
    "derived": 1,
    "conflicting": 2,
    "not_applicable": 3,
    "blank": 4,
    "unreadable": 5,
    "silent": 6,
}


def worst_state(observations: Iterable[Observation]) -> RowState:
    """The state that tells most against using the observations; see `Coverage` for how reports are counted by it."""
    return max((o.state for o in observations), key=_SEVERITY.__getitem__, default="silent")


def worst_states(observations: Iterable[Observation]) -> dict[tuple[str, int | None], RowState]:
    """`worst_state` of each body and year."""
    worst: dict[tuple[str, int | None], RowState] = {}
    for observation in observations:
        unit, state = (observation.body_id, observation.year), observation.state
        if unit not in worst or _SEVERITY[state] > _SEVERITY[worst[unit]]:
            worst[unit] = state
    return worst


def _with_addends(metric_ids: Sequence[str]) -> list[str]:
    wanted = dict.fromkeys(metric_ids)
    for metric_id in metric_ids:
        wanted.update(dict.fromkeys((*_addends(metric_id), *wholes_of(metric_id))))
    return list(wanted)


def _addends(metric_id: str) -> list[str]:
    metric, column = catalogue().split(metric_id)
    return [addend if column is None else f"{addend}{COLUMN_SEPARATOR}{column}" for addend in metric.sum_of]


def _observation(
    inquiry: Inquiry, report: Report, metric_id: str, figures: dict[tuple[str, str], ResolvedFigure]
) -> Observation:
    figure = figures.get((report.report_id, metric_id))
    if figure is not None and (figure.value is not None or figure.state is State.CONFLICTING):
        return observation_of(report, figure)
    addends = [figures.get((report.report_id, addend)) for addend in _addends(metric_id)]
    known = [addend for addend in addends if addend is not None and addend.value is not None]
    if addends and len(known) == len(addends):
        total = sum((a.value for a in known if a.value is not None), Decimal(0))
        readings = tuple(next(r for r in a.readings if r.value == a.value) for a in known)
        return _own(report, metric_id, "derived", total, readings)
    none_at_all = implying_zero(report.report_id, metric_id, figures)
    if none_at_all is not None:
        readings = tuple(r for r in none_at_all.readings if r.value == 0)
        return _own(report, metric_id, "derived", Decimal(0), readings)
    if figure is not None:
        return observation_of(report, figure)
    partial = tuple(r for a in addends if a is not None and a.value is None for r in a.readings)
    if partial:
        return _own(report, metric_id, _state(partial[0].state), None, partial)
    picture = _picture(inquiry, report, metric_id)
    return _own(report, metric_id, "unreadable" if picture else "silent", None, (), picture)


def _own(
    report: Report,
    metric_id: str,
    state: RowState,
    value: Decimal | None,
    readings: tuple[Figure, ...],
    picture: Span | None = None,
) -> Observation:
    unit = catalogue().split(metric_id)[0].unit
    return Observation(
        report, report.body_id, report.body, report.kind, report.region, report.year, metric_id, unit, state, value,
        readings, picture,
    )  # fmt: skip


def observation_of(report: Report, figure: ResolvedFigure) -> Observation:
    return Observation(
        report=report,
        body_id=figure.body_id,
        body=figure.body,
        kind=figure.kind,
        region=figure.region,
        year=figure.year,
        metric_id=figure.metric_id,
        unit=catalogue().split(figure.metric_id)[0].unit,
        state=_state(figure.state),
        value=figure.value,
        readings=_counting(figure),
    )


def _counting(figure: ResolvedFigure) -> tuple[Figure, ...]:
    """The readings without those that a person has corrected: what was misread is no evidence."""
    if figure.origin is not Origin.CORRECTED:
        return figure.readings
    return tuple(reading for reading in figure.readings if reading.origin is Origin.CORRECTED)


def _state(state: State) -> RowState:
    return state.value


def _merged(observations: Sequence[Observation]) -> Observation:
    """One observation of a body and year that several reports are about: a reprint, a corrected edition."""
    known = [o for o in observations if o.values]
    if len(observations) == 1 or not known:
        return observations[0]
    values = {value for o in known for value in o.values}
    if len(values) == 1:
        return known[0]
    readings = tuple(r for o in known for r in o.readings)
    return replace(known[0], state="conflicting", value=None, readings=readings)


def _picture(inquiry: Inquiry, report: Report, metric_id: str) -> Span | None:
    """The picture that stands where the metric's table belongs; ``None`` where there is none."""
    table = _table_of(metric_id)
    if not report.pictures or table is None or table in report.tables:
        return None
    for section in report.sections:
        if section.role is not None and section.role.value == table:
            found = _PICTURE.search(inquiry.citations.text(report.report_id), section.start, section.end)
            if found:
                return Span(found.start(), found.end())
    return None


def _table_of(metric_id: str) -> str | None:
    metric, _ = catalogue().split(metric_id)
    if metric.table is None and metric.sum_of:
        return catalogue().metrics[metric.sum_of[0]].table
    return metric.table


def table_of(observation: Observation) -> str | None:
    """Which of the form's tables an observation's metric belongs to; ``None`` for prose only."""
    return None if observation.metric_id is None else _table_of(observation.metric_id)
