"""What the reports in scope say of the metrics asked for: one observation for each body, year and metric.

An observation always exists, known or not: silence is a state, so that nothing downstream can mistake it for zero.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, islice

from assistant.answer import Row, RowState
from assistant.answering.citations import markers
from assistant.answering.deferred import Deferred
from assistant.answering.implied_zeros import implying_zero, wholes_of
from assistant.answering.inquiry import Inquiry
from assistant.answering.wording import as_number
from assistant.plan import PlanScope
from vectorstore.batches import batched
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue
from vectorstore.records import Figure, Kind, Origin, Report, ResolvedFigure, Scope, Span, State

# What stands in the canonical text where the source has a picture.
_CHANGE = re.compile("上年|去年|同比|上一年|前一年|20\\d\\d年(?:增|减|多|少)|比20\\d\\d年|较20\\d\\d年")
_QUOTE_SHOWN = 60
"""Characters; a longer sentence is shown in an answer's text by the clauses that matter."""
_FEW = 50
"""Reports of which figures are read for themselves, and cited at once.

Of more, all figures of their years are read, so that the next question has them, and cited when they are looked at.
"""
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


def cite(inquiry: Inquiry, observation: Observation) -> tuple[int, ...]:
    """The citations of an observation: what states its value, or both sides of a conflict, or what can't be read."""
    if observation.picture is not None and not observation.readings:
        return inquiry.citations.cite(observation.report.report_id, observation.picture)
    return inquiry.citations.cite_figures(_shown(observation))


def cite_all(inquiry: Inquiry, observations: Iterable[Observation]) -> tuple[int, ...] | Deferred[int]:
    """The citations of observations, each once; of very many, given out when they are looked at."""
    coming = iter(observations)
    first = list(islice(coming, _FEW + 1))
    numbers = _each_once(n for observation in chain(first, coming) for n in cite(inquiry, observation))
    return tuple(numbers) if len(first) <= _FEW else Deferred(numbers)


def _each_once(numbers: Iterable[int]) -> Iterator[int]:
    seen: set[int] = set()
    for number in numbers:
        if number not in seen:
            seen.add(number)
            yield number


def row(inquiry: Inquiry, observation: Observation, *, label: str | None = None) -> Row:
    """The row of an observation."""
    conflicting = observation.state == "conflicting"
    return Row(
        report_id=observation.report.report_id,
        body=observation.body,
        kind=observation.kind,
        region=observation.region,
        year=observation.year,
        metric=observation.metric_id,
        label=label,
        value=as_number(observation.value),
        unit=observation.unit,
        state=observation.state,
        citations=(*cite(inquiry, observation), *_cite_cells(inquiry, observation)),
        readings=tuple(n for v in observation.values if (n := as_number(v)) is not None) if conflicting else (),
        note=derivation(inquiry, observation) if observation.state == "derived" else observation.note,
    )


def rows_of(inquiry: Inquiry, observations: Sequence[Observation]) -> Deferred[Row]:
    """The rows of observations, made when they are looked at, their reports' texts read many at once."""
    return Deferred(_make_rows(inquiry, observations), len(observations))


def _make_rows(inquiry: Inquiry, observations: Sequence[Observation]) -> Iterator[Row]:
    for chunk in batched(observations):
        inquiry.citations.load(r.report_id for o in chunk for r in o.readings)
        yield from (row(inquiry, observation) for observation in chunk)


def derivation(inquiry: Inquiry, observation: Observation) -> str:
    """From what a derived value is: another report's words, with that report's year, or the addends of a sum."""
    wording = inquiry.wording
    used = [r for r in observation.readings if r.value == observation.value and r.metric_id == observation.metric_id]
    if observation.metric_id is not None and any(
        r.metric_id in wholes_of(observation.metric_id) for r in observation.readings
    ):
        whole = observation.readings[0].metric_id
        return wording.phrase("value.zero_of_total", metric=wording.metric([whole]))
    if not used or observation.metric_id is None:
        return wording.phrase("value.sum_of_parts")
    said = used[0]
    report = inquiry.all_reports[said.report_id]
    text = inquiry.citations.text(said.report_id)[said.start : said.end]
    if report.year == observation.year and _CHANGE.search(text) is None:
        # What its own report doesn't tell by a change from another year was added up of cells.
        return wording.phrase("value.sum_of_parts")
    return wording.phrase("value.derived_from", year=wording.year(report.year), quote=wording.quote(_change_told(text)))


def _change_told(sentence: str) -> str:
    """The clauses of a long sentence that tell a change from the year before, with the one that it is told of."""
    if len(sentence) <= _QUOTE_SHOWN:
        return sentence.strip("。；;，, ")
    clauses = re.split(r"(?<=[，,；;。])", sentence)
    told = next((at for at, clause in enumerate(clauses) if _CHANGE.search(clause)), 0)
    return "".join(clauses[max(told - 1, 0) : told + 1]).strip("。；;，, ")


def conflict_in_words(inquiry: Inquiry, observation: Observation) -> str:
    """What a report says in contradiction, both sides cited, and the side that counts where one does."""
    wording = inquiry.wording
    metric = wording.metric([observation.metric_id]) if observation.metric_id else wording.added(inquiry.plan.metrics)
    clause = wording.phrase(
        "value.conflict",
        body=observation.body,
        year=wording.year(observation.year),
        metric=metric,
        readings=readings_in_words(inquiry, observation),
    )
    if observation.value is not None:
        clause += wording.phrase("value.conflict_counts", value=quantity(inquiry, observation))
    return clause


def _cite_cells(inquiry: Inquiry, observation: Observation) -> tuple[int, ...]:
    """The cells that state a value, where no prose states it too."""
    shown = [r for r in _shown(observation) if r.value == observation.value]
    if observation.state != "stated" or any(reading.cell is None for reading in shown):
        return ()
    return inquiry.citations.cite_cells(shown)


def readings_in_words(inquiry: Inquiry, observation: Observation) -> str:
    """Both sides of a conflict, each with its citation: 153条[1]与9条[2]."""
    parts = []
    for value in observation.values:
        stating = next(r for r in observation.readings if r.value == value)
        quantity = inquiry.wording.quantity(value, observation.unit, stating.qualifier)
        parts.append(quantity + markers(inquiry.citations.cite_figures([stating])))
    return inquiry.wording.phrase("value.and").join(parts)


def conflict_warnings(inquiry: Inquiry, observations: Sequence[Observation]) -> list[str]:
    """One warning for each figure that a report contradicts itself about, or that a person has corrected."""
    wording = inquiry.wording
    corrected = [
        wording.say(
            "value.corrected", body=o.body, year=wording.year(o.year), metric=wording.metric([o.metric_id]), note=o.note
        )
        for o in list({id(o): o for o in observations for r in o.readings if r.origin is Origin.CORRECTED}.values())
        if o.metric_id
    ]
    return corrected + [
        wording.say(
            "value.conflict",
            body=o.body,
            year=wording.year(o.year),
            metric=wording.metric([o.metric_id]),
            readings=wording.phrase("value.and").join(wording.quantity(value, o.unit) for value in o.values),
        )
        for o in observations
        if o.state == "conflicting" and o.metric_id
    ]


def quantity(inquiry: Inquiry, observation: Observation) -> str:
    """A known value in words, with its unit and qualifier."""
    if observation.value is None:
        raise ValueError(f"No value is known of {observation.metric_id} for {observation.body}.")
    return inquiry.wording.quantity(observation.value, observation.unit, observation.qualifier)


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


def _shown(observation: Observation) -> list[Figure]:
    """The readings worth citing: one per value and origin, so that prose and table that agree are both shown."""
    readings = list(observation.readings)
    if observation.metric_id is None:
        return readings
    if observation.state not in ("conflicting", "derived") and observation.value is not None:
        readings = [r for r in readings if r.value == observation.value] or readings
    if observation.state == "derived" and any(r.metric_id != observation.metric_id for r in readings):
        return readings
    chosen: dict[tuple[Decimal | None, str], Figure] = {}
    for reading in readings:
        if reading.value is None and observation.values:
            continue
        chosen.setdefault((reading.value, reading.origin.value), reading)
    return list(chosen.values())
