"""One figure in its parts: by applicant, or the outcomes of applications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.answer import Row
from assistant.answering.absence import no_reports, reason
from assistant.answering.citations import markers
from assistant.answering.coverage import cover, coverage_in_words
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.observations import Observation, by_unit, cite, conflict_warnings, readings_in_words, row
from assistant.answering.wording import MEMBERS_NAMED, as_number
from assistant.figures.aggregates import answer_groups
from assistant.figures.members import observe_named
from assistant.prose.passages import quote_about_applications
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue

_ZEROS_CITED = 3
"""Where all parts are zero, the text cites the first few; the rows cite each its own."""
_OUTCOME_SUBTOTALS = ("denied_subtotal", "unable_subtotal", "unprocessed_subtotal", "other_subtotal")


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a breakdown: its name and what is known of it for each body and year."""

    metric_id: str
    name: str
    observations: tuple[Observation, ...]

    @property
    def known(self) -> list[Observation]:
        return [o for o in self.observations if o.value is not None]

    @property
    def value(self) -> Decimal | None:
        """The sum of what is known; ``None`` where nothing is."""
        return sum((o.value for o in self.known if o.value is not None), Decimal(0)) if self.known else None


def answer_breakdown(inquiry: Inquiry) -> Draft:
    """The parts of a figure by the plan's ``group_by``; without one, the metrics asked for are the parts."""
    grouping = inquiry.plan.grouping
    if grouping in ("body", "kind", "region", "year"):
        return answer_groups(inquiry)
    metric_ids = parts_of(inquiry)
    observations = observe_named(inquiry, metric_ids)
    if not observations:
        return no_reports(inquiry)
    if grouping == "outcome" and not any(o.values for o in observations):
        # Prose that gives no single reason often gives the four headings of the form.
        coarse = [m for m in ("result_granted", "result_partial", *_OUTCOME_SUBTOTALS) if catalogue().metrics.get(m)]
        retried = observe_named(inquiry, coarse)
        observations = retried if any(o.values for o in retried) else observations
        metric_ids = coarse if retried is observations else metric_ids
    if not any(o.values for o in observations):
        return _nothing(inquiry, observations)
    parts = [_Part(m, _name(inquiry, m), tuple(o for o in observations if o.metric_id == m)) for m in metric_ids]
    several = len(by_unit(observations)) > 1
    chosen = _chosen(inquiry, parts)
    sentence = _sentence(inquiry, parts, chosen, observations, several)
    coverage = cover(inquiry.reports, [o for o in observations if o.is_own])
    sentences = [sentence, *(coverage_in_words(inquiry, coverage, observations) if several else [])]
    years = {o.year for o in observations if o.year is not None}
    if inquiry.plan.scope.latest and years:
        sentences.append(inquiry.wording.say("value.latest", years=inquiry.wording.years(years)))
    shown = chosen if inquiry.plan.condition is not None and chosen else parts
    single = chosen[0] if inquiry.plan.condition is not None and len(chosen) == 1 else None
    return Draft(
        "answered" if any(part.known for part in parts) else "partial",
        sentences,
        value=as_number(single.value) if single else None,
        unit=observations[0].unit if single else None,
        rows=[r for part in shown for r in _rows(inquiry, part, several)],
        coverage=coverage,
        warnings=conflict_warnings(inquiry, observations),
        chart={
            "type": "bar",
            "x": [part.name for part in shown if part.known],
            "y": [as_number(part.value) for part in shown if part.known],
            "unit": observations[0].unit,
            "title": inquiry.wording.metric(inquiry.plan.metrics[:1]),
        }
        if inquiry.plan.metrics
        else None,
    )


def parts_of(inquiry: Inquiry) -> list[str]:
    """The metric ids that a breakdown consists of.

    By column: the first metric's six applicant columns. By outcome: all outcome rows, of one applicant column if
    the metrics asked for are of one.
    """
    metrics, grouping = inquiry.plan.metrics, inquiry.plan.grouping
    if grouping == "column":
        base = metrics[0].partition(COLUMN_SEPARATOR)[0] if metrics else "applications_new"
        return [f"{base}{COLUMN_SEPARATOR}{column.id}" for column in catalogue().applicant_columns]
    if grouping == "outcome":
        column = metrics[0].partition(COLUMN_SEPARATOR)[2] if metrics else ""
        outcomes = [r.id for r in catalogue().application_rows if r.part == "outcome"]
        asked = [m.partition(COLUMN_SEPARATOR)[0] for m in metrics]
        # 不予公开八项各几件 asks for some of the outcomes; anything else asks for all of them.
        chosen = [m for m in asked if m in outcomes] if len(asked) > 1 and set(asked) <= set(outcomes) else outcomes
        return [f"{m}{COLUMN_SEPARATOR}{column}" if column else m for m in chosen]
    return list(metrics)


def _name(inquiry: Inquiry, metric_id: str) -> str:
    if inquiry.plan.grouping == "column":
        column = catalogue().column(metric_id.partition(COLUMN_SEPARATOR)[2])
        return column.name_zh if inquiry.wording.language == "zh" else column.name_en
    return inquiry.wording.metric([metric_id])


def _chosen(inquiry: Inquiry, parts: Sequence[_Part]) -> list[_Part]:
    """The parts that the text names: those that satisfy the condition, else those above zero."""
    condition = inquiry.plan.condition
    known = [(part, part.value) for part in parts]
    if condition is not None:
        return [part for part, value in known if value is not None and condition.holds(value)]
    return [part for part, value in known if value is not None and value > 0]


def _sentence(
    inquiry: Inquiry,
    parts: Sequence[_Part],
    chosen: Sequence[_Part],
    observations: Sequence[Observation],
    several: bool,
) -> str:
    wording = inquiry.wording
    clauses = []
    for part in chosen:
        # What adds nothing need not be cited in the text; the rows cite it.
        adding = [o for o in part.known if o.value] or part.known
        cites = dict.fromkeys(n for o in adding for n in cite(inquiry, o))
        value = wording.quantity(part.value or 0, part.known[0].unit)
        clauses.append(wording.phrase("breakdown.part", name=part.name, value=value, cites=markers(cites)))
    for part in parts:
        clauses += [
            part.name + readings_in_words(inquiry, o) for o in part.observations if o.values and o.value is None
        ]
    zero = [part for part in parts if part.value == 0 and part not in chosen]
    if zero and not clauses:
        cites = dict.fromkeys(n for part in zero[:_ZEROS_CITED] for o in part.known[:1] for n in cite(inquiry, o))
        clauses.append(wording.phrase("breakdown.all_zero", cites=markers(cites)))
    elif zero and inquiry.plan.condition is None:
        clauses.append(wording.phrase("breakdown.rest_zero"))
    unknown = [part for part in parts if not any(o.values for o in part.observations)]
    if unknown:
        clauses.append(wording.phrase("breakdown.unknown_parts", count=len(unknown)))
    key = inquiry.plan.grouping if inquiry.plan.grouping in ("column", "outcome") else "metric"
    first = observations[0]
    base = inquiry.plan.metrics[:1] or ("applications_new",)
    return wording.say(
        f"breakdown.{key}",
        body=inquiry.scope_name if several else first.body,
        year="" if several else wording.year(first.year),
        metric=wording.metric([base[0].partition(COLUMN_SEPARATOR)[0]]),
        parts=("，" if wording.language == "zh" else ", ").join(clauses),
    )


def _rows(inquiry: Inquiry, part: _Part, several: bool) -> list[Row]:
    if not several or inquiry.plan.scope.bodies:
        return [row(inquiry, o, label=part.name) for o in part.observations]
    cites = tuple(dict.fromkeys(n for o in part.known for n in cite(inquiry, o)))
    first = part.observations[0]
    return [
        Row(
            report_id=None,
            body=inquiry.scope_name,
            metric=part.metric_id,
            label=part.name,
            value=as_number(part.value),
            unit=first.unit,
            state="derived" if part.known else first.state,
            citations=cites,
        )
    ]


def _nothing(inquiry: Inquiry, observations: Sequence[Observation]) -> Draft:
    """No part is known: that, why, and what the prose says of applications instead."""
    wording = inquiry.wording
    key = "no_outcome" if inquiry.plan.grouping == "outcome" else "no_column"
    base = inquiry.plan.metrics[:1] or ("applications_new",)
    reasons: dict[str, str] = {}
    sentences = []
    for unit in by_unit(observations)[:MEMBERS_NAMED]:
        first = unit[0]
        sentences.append(
            wording.say(f"breakdown.{key}", body=first.body, year=wording.year(first.year), metric=wording.metric(base))
        )
        if first.picture is not None:
            reasons.setdefault(first.report.report_id, wording.clauses([reason(inquiry, first)]))
    sentences += reasons.values()
    quotes = quote_about_applications(inquiry) if inquiry.plan.grouping == "outcome" and inquiry.bodies else []
    if quotes:
        sentences += [wording.say("breakdown.prose"), *quotes]
    return Draft(
        "partial" if quotes else "not_in_corpus",
        sentences,
        rows=[row(inquiry, o, label=_name(inquiry, o.metric_id or "")) for o in observations],
        coverage=cover(inquiry.reports, [o for o in observations if o.is_own]),
    )
