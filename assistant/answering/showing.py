"""How an observation is shown: its citations, its row, and in words what it says, contradicts or was derived from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice

from assistant.answer import Row
from assistant.answering.citations import markers
from assistant.answering.deferred import Deferred
from assistant.answering.implied_zeros import wholes_of
from assistant.answering.inquiry import Inquiry
from assistant.answering.observations import Observation
from assistant.answering.wording import as_number
from vectorstore.batches import batched
from vectorstore.records import Figure, Origin

_CHANGE = re.compile("上年|去年|同比|上一年|前一年|20\\d\\d年(?:增|减|多|少)|比20\\d\\d年|较20\\d\\d年")
_FEW = 50
"""Observations that are cited at once; of more, when they are looked at."""
_QUOTE_SHOWN = 60
"""Characters; a longer sentence is shown in an answer's text by the clauses that matter."""


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
