"""Sums, means, medians, shares and sums by group: computed exactly over those that state their figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

from assistant.answer import Row
from assistant.answering.absence import no_reports, none_states
from assistant.answering.citations import markers
from assistant.answering.coverage import cover, coverage_in_words
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.observations import (
    Observation,
    added,
    by_unit,
    cite,
    conflict_warnings,
    observe,
    quantity,
    row,
    rows_of,
)
from assistant.answering.wording import MEMBERS_NAMED, as_number
from assistant.figures.grouping import common_unit, group_row, groups_of
from assistant.figures.members import answer_list, name_member, observe_named
from assistant.figures.membership import sort_members
from vectorstore.records import Kind, Report

_LARGEST_NAMED = 3
_GOVERNMENTS = {Kind.COUNTY, Kind.CITY, Kind.PROVINCE}


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle value, or the mean of the two middle ones; ValueError of none."""
    if not values:
        raise ValueError("There is no median of no values.")
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


_AGGREGATES: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "sum": lambda values: sum(values, Fraction(0)),
    "mean": lambda values: sum(values, Fraction(0)) / len(values),
    "median": median,
}


def answer_aggregate(inquiry: Inquiry) -> Draft:
    """A sum, mean or median over the bodies and years that state all metrics asked; the rows are its addends.

    Of a sum, a body that states some of the metrics counts with those; of a mean or median it is left out.
    """
    plan, wording = inquiry.plan, inquiry.wording
    observations = observe(inquiry, plan.metrics)
    if not observations:
        return no_reports(inquiry)
    counted, addends = _addends(inquiry, observations)
    if not counted:
        # Known values of which none satisfies the condition are an answer: nobody is a member.
        is_known = plan.condition is not None and any(o.values for o in observations)
        return answer_list(inquiry) if is_known else none_states(inquiry, observations)
    value = _AGGREGATES[plan.operation]([Fraction(o.value) for o in counted if o.value is not None])
    unit = common_unit(addends)
    several_years = len({o.year for o in counted}) > 1
    rows = rows_of(inquiry, addends)
    # A single metric's own observation carries the qualifier; a sum of several has none of its own.
    making = _making(inquiry, counted, several_years)
    conflicting = [o for o in observations if o.state == "conflicting"]
    first = wording.say(
        f"aggregate.{plan.operation}",
        scope=inquiry.scope_name,
        metric=wording.added(plan.metrics),
        value=wording.quantity(value, unit),
    )
    coverage = cover(inquiry.reports, observations)
    warnings = _left_out(inquiry, observations, coverage.in_scope) + conflict_warnings(inquiry, observations)
    if overlaps(inquiry.reports):
        warnings.append(wording.say("aggregate.overlap"))
    if any(o.qualifier for o in addends):
        warnings.append(wording.say("aggregate.approximate"))
    undecided = [o for o in conflicting if o.value is None]
    return Draft(
        "partial" if undecided else "answered",
        [
            first + making,
            *_conflicts_in_words(inquiry, conflicting),
            *coverage_in_words(inquiry, coverage, observations, {o.unit_of_count for o in conflicting}),
        ],
        value=as_number(value),
        unit=unit,
        rows=rows + rows_of(inquiry, undecided),
        coverage=coverage,
        warnings=warnings,
    )


def _making(inquiry: Inquiry, counted: Sequence[Observation], several_years: bool) -> str:
    """What the value is computed from: every addend, or of many the largest few, the rows having them all."""
    wording = inquiry.wording
    if len(counted) <= MEMBERS_NAMED:
        members = [name_member(inquiry, [o], several_years) for o in counted]
        return wording.phrase("aggregate.making", count=len(counted), members=wording.members(members))
    largest = sorted(counted, key=lambda o: -(o.value or 0))[:_LARGEST_NAMED]
    members = [name_member(inquiry, [o], several_years) for o in largest]
    return wording.phrase("aggregate.making_many", count=len(counted), members=wording.members(members))


def _addends(inquiry: Inquiry, observations: Sequence[Observation]) -> tuple[list[Observation], list[Observation]]:
    """What is aggregated: one total for each body and year that counts, and the figures that these are made of."""
    plan = inquiry.plan
    units = by_unit(observations)
    if plan.condition is not None:
        units = sort_members(observations, plan.condition, plan.combine).members
    if plan.operation == "sum":
        units = [[o for o in unit if o.value is not None] for unit in units]
        units = [unit for unit in units if unit]
    counted = [total for unit in units if (total := added(unit)).value is not None]
    complete = {o.unit_of_count for o in counted}
    return counted, [o for unit in units for o in unit if o.unit_of_count in complete]


def overlaps(reports: Sequence[Report]) -> bool:
    """Whether a whole government's report stands beside reports of bodies within its region, of the same year."""
    governments: dict[tuple[int | None, str], set[str]] = defaultdict(set)
    for report in reports:
        if report.kind in _GOVERNMENTS and report.region:
            governments[report.year, report.region].add(report.body_id)
    for report in reports:
        levels = (report.region or "").split("/")
        for depth in range(1, len(levels) + 1):
            if governments.get((report.year, "/".join(levels[:depth])), set()) - {report.body_id}:
                return True
    return False


def _left_out(inquiry: Inquiry, observations: Sequence[Observation], in_scope: int) -> list[str]:
    without = {o.unit_of_count for o in observations if not o.values}
    return [inquiry.wording.say("aggregate.left_out", count=len(without))] if without and in_scope else []


def _conflicts_in_words(inquiry: Inquiry, conflicting: Sequence[Observation]) -> list[str]:
    wording = inquiry.wording
    counted = [
        wording.say("aggregate.conflict_counted", body=o.body, year=wording.year(o.year), value=quantity(inquiry, o))
        for o in [o for o in conflicting if o.value is not None][:MEMBERS_NAMED]
    ]
    left_out = [wording.body_year(o.body, o.year) for o in conflicting if o.value is None]
    if left_out:
        counted.append(wording.say("aggregate.conflict_left_out", members=wording.members(left_out)))
    return counted


def answer_share(inquiry: Inquiry) -> Draft:
    """Numerators over denominators as a fraction between 0 and 1, or the share of bodies that satisfy a condition."""
    plan, wording = inquiry.plan, inquiry.wording
    if plan.condition is not None and not plan.denominators:
        return _share_of_members(inquiry)
    metric_ids = list(dict.fromkeys((*plan.metrics, *plan.denominators)))
    observations = observe_named(inquiry, metric_ids)
    if not observations:
        return no_reports(inquiry)
    usable = [unit for unit in by_unit(observations) if all(o.value is not None for o in unit)]
    usable = [unit for unit in usable if {o.metric_id for o in unit} == set(metric_ids)]
    if not usable:
        return _unknown_share(inquiry, observations)
    part, whole = _Side(usable, plan.metrics), _Side(usable, plan.denominators)
    coverage = cover(inquiry.reports, [o for o in observations if o.is_own])
    named = {
        "scope": _whose(inquiry, usable),
        "numerator": wording.added(plan.metrics),
        "denominator": wording.added(plan.denominators),
        "part": wording.quantity(part.value, part.unit),
        "whole": wording.quantity(whole.value, whole.unit),
        "part_cites": markers(part.cites(inquiry)),
        "whole_cites": markers(whole.cites(inquiry)),
    }
    rows = part.rows(inquiry) + whole.rows(inquiry)
    warnings = conflict_warnings(inquiry, observations)
    if whole.value == 0:
        return Draft("answered", [wording.say("share.zero", **named)], rows=rows, coverage=coverage, warnings=warnings)
    share = Fraction(part.value) / Fraction(whole.value)
    sentences = [wording.say("share.one", percent=wording.percent(share), **named)]
    years = {unit[0].year for unit in usable if unit[0].year is not None}
    if plan.scope.latest:
        sentences.append(wording.say("value.latest", years=wording.years(years)))
    if len(usable) > 1:
        sentences.append(wording.say("share.used", count=len(usable)))
        sentences += coverage_in_words(inquiry, coverage, observations)
    chart = {
        "type": "bar",
        "x": [named["numerator"], named["denominator"]],
        "y": [as_number(part.value), as_number(whole.value)],
        "unit": whole.unit,
        "title": f"{named['numerator']} / {named['denominator']}",
    }
    return Draft(
        "answered", sentences, value=float(share), rows=rows, coverage=coverage, warnings=warnings, chart=chart
    )


class _Side:
    """Numerator or denominator: the same metrics added over the usable units."""

    def __init__(self, units: Sequence[Sequence[Observation]], metric_ids: Sequence[str]) -> None:
        self.observations = [o for unit in units for o in unit if o.metric_id in metric_ids]
        self.metric_ids = metric_ids
        self.several = len(units) > 1
        self.value = sum((o.value for o in self.observations if o.value is not None), Decimal(0))
        self.unit = common_unit(self.observations)

    def cites(self, inquiry: Inquiry) -> tuple[int, ...]:
        return tuple(dict.fromkeys(n for o in self.observations for n in cite(inquiry, o)))

    def rows(self, inquiry: Inquiry) -> list[Row]:
        """One row: the figure itself, or what several figures add up to."""
        if len(self.observations) == 1:
            return [row(inquiry, self.observations[0])]
        first = self.observations[0]
        return [
            Row(
                report_id=None if self.several else first.report.report_id,
                body=inquiry.scope_name if self.several else first.body,
                year=None if self.several else first.year,
                metric=self.metric_ids[0] if len(self.metric_ids) == 1 else None,
                label=inquiry.wording.added(self.metric_ids),
                value=as_number(self.value),
                unit=self.unit,
                state="derived",
                citations=self.cites(inquiry),
            )
        ]


def _whose(inquiry: Inquiry, usable: Sequence[Sequence[Observation]]) -> str:
    if len(usable) == 1:
        first = usable[0][0]
        comma = "" if inquiry.wording.language == "zh" else ", "
        return f"{first.body}{comma}{inquiry.wording.year(first.year)}"
    return inquiry.scope_name


def _unknown_share(inquiry: Inquiry, observations: Sequence[Observation]) -> Draft:
    plan, wording = inquiry.plan, inquiry.wording
    draft = none_states(inquiry, [o for o in observations if o.value is None])
    unknown = list(dict.fromkeys(o.metric_id for o in observations if o.value is None and o.metric_id))
    sentence = wording.say(
        "share.unknown",
        scope=inquiry.scope_name,
        numerator=wording.added(plan.metrics),
        denominator=wording.added(plan.denominators),
        missing=wording.metric(unknown, "any"),
    )
    known = [row(inquiry, o) for o in observations if o.value is not None]
    draft.sentences = [sentence, *draft.sentences]
    draft.rows = known + draft.rows
    draft.status = "partial" if known else "not_in_corpus"
    draft.coverage = cover(inquiry.reports, [o for o in observations if o.is_own])
    return draft


def _share_of_members(inquiry: Inquiry) -> Draft:
    plan, wording = inquiry.plan, inquiry.wording
    observations = observe(inquiry, plan.metrics)
    if not observations:
        return no_reports(inquiry)
    membership = sort_members(observations, plan.condition, plan.combine)
    members, known = membership.members, membership.members + membership.others
    if not known or plan.condition is None:
        return none_states(inquiry, observations)
    share = Fraction(len(members), len(known))
    several_years = len({unit[0].year for unit in known}) > 1
    named = [name_member(inquiry, unit, several_years, plan.condition) for unit in members]
    unit_name = wording.phrase("unit.bodies")
    metric = wording.metric(plan.metrics, plan.combine)
    condition = wording.condition(plan.condition, observations[0].unit)
    sentence = wording.say(
        "share.members",
        scope=inquiry.scope_name,
        metric=metric,
        condition=condition,
        part=len(members),
        whole=len(known),
        percent=wording.percent(share),
        members=wording.members(named) or "—",
    )
    rows = [
        Row(
            report_id=None,
            body=inquiry.scope_name,
            label=label,
            value=len(units),
            unit=unit_name,
            state="derived",
            citations=tuple(dict.fromkeys(n for unit in units for o in unit for n in cite(inquiry, o))),
        )
        for label, units in ((metric + condition, members), (metric, known))
        if units
    ]
    coverage = cover(inquiry.reports, observations)
    return Draft(
        "partial" if membership.undecided else "answered",
        [sentence, *coverage_in_words(inquiry, coverage, observations)],
        value=float(share),
        rows=rows,
        coverage=coverage,
        warnings=conflict_warnings(inquiry, [o for unit in membership.undecided for o in unit]),
    )


def answer_groups(inquiry: Inquiry) -> Draft:
    """The metrics added by group: by body, kind, region or year. One row a group, citing its addends."""
    plan, wording = inquiry.plan, inquiry.wording
    observations = observe(inquiry, plan.metrics)
    if not observations:
        return no_reports(inquiry)
    units = [added(unit) for unit in by_unit(observations)]
    if not any(o.value is not None for o in units):
        return none_states(inquiry, observations)
    operation = plan.operation if plan.operation in _AGGREGATES else "sum"
    rows, parts = [], []
    for group in groups_of(inquiry, units):
        value = _AGGREGATES[operation](group.values()) if group.known else None
        rows.append(group_row(inquiry, group, value))
        if value is not None:
            text = wording.quantity(value, common_unit(group.members)) + markers(group.citations)
            parts.append(wording.phrase("comparison.group", group=group.name, value=text, count=len(group.known)))
    coverage = cover(inquiry.reports, observations)
    warnings = conflict_warnings(inquiry, observations)
    if overlaps(inquiry.reports) and plan.grouping != "body":
        warnings.append(wording.say("aggregate.overlap"))
    sentence = wording.say(
        "breakdown.group", scope=inquiry.scope_name, metric=wording.added(plan.metrics), parts=wording.members(parts)
    )
    return Draft(
        "answered",
        [sentence, *coverage_in_words(inquiry, coverage, observations)],
        rows=rows,
        coverage=coverage,
        warnings=warnings,
    )
