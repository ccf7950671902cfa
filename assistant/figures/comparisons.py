"""Who has more and by how much, and how a figure changes from year to year."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

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
    derivation,
    observe,
    quantity,
    readings_in_words,
    row,
    rows_of,
)
from assistant.answering.wording import as_number
from assistant.figures.grouping import group_row, groups_of
from assistant.figures.members import describe, observe_named
from assistant.figures.membership import sort_members


def answer_compare(inquiry: Inquiry) -> Draft:
    """Bodies or groups beside one another; ``value`` is the difference where two are compared by one metric."""
    plan = inquiry.plan
    if plan.grouping in ("kind", "region", "year") and len(plan.scope.bodies) < 2:
        return _compare_groups(inquiry)
    if len(plan.scope.bodies) == 1 and len(plan.scope.years) != 1:
        return answer_trend(inquiry)
    observations = observe_named(inquiry, plan.metrics)
    if not observations:
        return no_reports(inquiry)
    if not any(o.values for o in observations):
        return none_states(inquiry, observations)
    wording = inquiry.wording
    sentences, values, decided = [], [], True
    for metric_id in plan.metrics:
        of_metric = [o for o in observations if o.metric_id == metric_id]
        several_years = len({o.year for o in of_metric}) > 1
        sides = [(wording.body_year(o.body, o.year, show_year=several_years), o) for o in of_metric]
        told = {o.body_id for o in of_metric}
        absent = [body.name for body in inquiry.bodies.values() if body.body_id not in told]
        verdict, difference = _verdict(inquiry, metric_id, sides, absent)
        decided = decided and difference is not None
        values.append(difference)
        sentences += [verdict, wording.clauses(describe(inquiry, o) for o in of_metric)]
    if plan.scope.latest:
        years = {o.year for o in observations if o.year is not None}
        sentences.append(wording.say("value.latest", years=wording.years(years)))
    known = [o for o in observations if o.value is not None]
    return Draft(
        "answered" if decided else "partial",
        sentences,
        value=as_number(values[0]) if len(values) == 1 and len(observations) == 2 else None,
        unit=observations[0].unit,
        rows=rows_of(inquiry, observations),
        coverage=cover(inquiry.reports, [o for o in observations if o.is_own]),
        warnings=conflict_warnings(inquiry, observations),
        chart=_chart(
            "bar",
            [wording.body_year(o.body, o.year) for o in known],
            [as_number(o.value) for o in known],
            known[0].unit,
            wording.metric(plan.metrics[:1]),
        )
        if len(plan.metrics) == 1 and len(known) > 1
        else None,
    )


def _verdict(
    inquiry: Inquiry, metric_id: str, sides: Sequence[tuple[str, Observation]], absent: Sequence[str]
) -> tuple[str, Fraction | None]:
    """Who has more, in a sentence, and by how much; ``None`` where it can't be told."""
    wording = inquiry.wording
    metric = wording.metric([metric_id])
    ranked = sorted(
        ((Fraction(o.value), name) for name, o in sides if o.value is not None), key=lambda s: s[0], reverse=True
    )
    unknown = [name for name, o in sides if o.value is None] + list(absent)
    if unknown or len(ranked) < 2:
        names = wording.join(unknown) or wording.join(name for name, _ in sides)
        return wording.say("comparison.undecided", metric=metric, bodies=names), None
    (most, a), (next_most, b) = ranked[0], ranked[1]
    if most == next_most:
        return wording.say("comparison.same", metric=metric, a=a, b=b), Fraction(0)
    if len(ranked) > 2:
        return wording.say("comparison.most", metric=metric, a=a), most - next_most
    difference = wording.quantity(most - next_most, sides[0][1].unit)
    return wording.say("comparison.more", metric=metric, a=a, b=b, difference=difference), most - next_most


def _compare_groups(inquiry: Inquiry) -> Draft:
    plan, wording = inquiry.plan, inquiry.wording
    observations = observe(inquiry, plan.metrics)
    if not observations:
        return no_reports(inquiry)
    units = [added(unit) for unit in by_unit(observations)]
    if not any(o.value is not None for o in units):
        return none_states(inquiry, observations)
    rows: list[Row] = []
    parts: list[str] = []
    totals: list[tuple[Fraction, str]] = []
    for group in groups_of(inquiry, units):
        total = group.total()
        rows.append(group_row(inquiry, group, total))
        if total is not None:
            totals.append((total, group.name))
            value = wording.quantity(total, group.members[0].unit) + markers(group.citations)
            parts.append(wording.phrase("comparison.group", group=group.name, value=value, count=len(group.known)))
    metric = wording.added(plan.metrics)
    totals.sort(key=lambda total: total[0], reverse=True)
    difference = totals[0][0] - totals[1][0] if len(totals) > 1 else None
    if difference is None:
        told = {name for _, name in totals}
        asked = [wording.kind(kind) for kind in plan.scope.kinds] if plan.grouping == "kind" else []
        unknown = [name for name in dict.fromkeys([*asked, *(r.label or r.body for r in rows)]) if name not in told]
        missing = wording.join(unknown) or inquiry.scope_name
        first = wording.say("comparison.undecided", metric=metric, bodies=missing)
    elif difference == 0:
        first = wording.say("comparison.same", metric=metric, a=totals[0][1], b=totals[1][1])
    elif len(totals) > 2:
        first = wording.say("comparison.most", metric=metric, a=totals[0][1])
    else:
        more = wording.quantity(difference, units[0].unit)
        first = wording.say("comparison.more", metric=metric, a=totals[0][1], b=totals[1][1], difference=more)
    coverage = cover(inquiry.reports, observations)
    return Draft(
        "answered" if difference is not None else "partial",
        [first, wording.clauses(parts), *coverage_in_words(inquiry, coverage, observations)],
        value=as_number(difference) if len(totals) == 2 else None,
        unit=units[0].unit,
        rows=rows,
        coverage=coverage,
        warnings=conflict_warnings(inquiry, observations),
        chart=_chart("bar", [r.body for r in rows], [r.value for r in rows], units[0].unit, metric),
    )


def answer_trend(inquiry: Inquiry) -> Draft:
    """The years of the named bodies, or of the corpus; ``value`` is the change from the first year to the last."""
    plan = inquiry.plan
    if plan.scope.bodies:
        return _trend_of_bodies(inquiry)
    return _members_by_year(inquiry) if plan.condition is not None else _trend_of_corpus(inquiry)


def _trend_of_bodies(inquiry: Inquiry) -> Draft:
    plan, wording = inquiry.plan, inquiry.wording
    # A change to one year is a change from the year before; a latest report alone has no trend.
    years = plan.scope.years
    if len(years) == 1:
        years = (years[0] - 1, years[0])
    scope = plan.scope.model_copy(update={"years": years, "latest": False})
    inner = inquiry.with_plan(plan.model_copy(update={"scope": scope}))
    observations = observe_named(inner, plan.metrics)
    if not observations:
        return no_reports(inquiry)
    if not any(o.values for o in observations):
        return none_states(inner, observations)
    series: dict[str, list[Observation]] = defaultdict(list)
    for unit in by_unit(observations):
        series[unit[0].body_id].append(_named_total(unit))
    sentences, changes = [], []
    for of_body in series.values():
        sentence, change = _change(inner, of_body)
        sentences += [sentence, *_missing_years(inner, of_body)]
        changes.append(change)
    unknown = [o for of_body in series.values() for o in of_body if not o.values]
    unsettled = any(o.values and o.value is None for of_body in series.values() for o in of_body)
    first = next(iter(series.values()))
    known = [o for o in first if o.value is not None]
    return Draft(
        "answered" if all(change is not None for change in changes) and not unsettled else "partial",
        sentences + ([wording.clauses(describe(inner, o) for o in unknown)] if unknown else []),
        value=as_number(changes[0]) if len(changes) == 1 else None,
        unit=None if plan.aspect == "percent_change" else first[0].unit,
        rows=rows_of(inner, observations),
        coverage=cover(inner.reports, [o for o in observations if o.is_own]),
        warnings=conflict_warnings(inner, observations),
        chart=_chart(
            "line",
            [str(o.year) for o in known],
            [as_number(o.value) for o in known],
            first[0].unit,
            f"{first[0].body} {wording.added(plan.metrics)}",
        )
        if len(known) > 1
        else None,
    )


def _named_total(unit: Sequence[Observation]) -> Observation:
    return added(unit) if len(unit) > 1 else unit[0]


def _change(inquiry: Inquiry, of_body: Sequence[Observation]) -> tuple[str, Fraction | None]:
    wording = inquiry.wording
    parts = []
    for o in of_body:
        if o.value is not None:
            note = (
                wording.phrase("comparison.derived_note", note=derivation(inquiry, o)) if o.state == "derived" else ""
            )
            parts.append(
                wording.phrase(
                    "comparison.year_value",
                    year=o.year,
                    value=quantity(inquiry, o),
                    note=note,
                    cites=markers(cite(inquiry, o)),
                )
            )
        elif o.values:
            both = readings_in_words(inquiry, o)
            parts.append(wording.phrase("comparison.year_value", year=o.year, value=both, note="", cites=""))
    known = [o for o in of_body if o.value is not None]
    naming = {"body": of_body[0].body, "metric": wording.added(inquiry.plan.metrics), "values": wording.join(parts)}
    if len(known) < 2 or known[0].value is None or known[-1].value is None:
        return wording.say("comparison.one_year", **naming), None
    change = Fraction(known[-1].value) - Fraction(known[0].value)
    key = "up" if change > 0 else "down" if change < 0 else "flat"
    sentence = wording.say(
        f"comparison.{key}",
        verdict=_course(inquiry, [o.value for o in known if o.value is not None], key),
        first_year=known[0].year,
        last_year=known[-1].year,
        difference=wording.quantity(abs(change), known[0].unit),
        percent=_percent_change(inquiry, Fraction(known[0].value), change),
        **naming,
    )
    if inquiry.plan.aspect == "percent_change":
        return sentence, change / Fraction(known[0].value) if known[0].value else None
    return sentence, change


def _percent_change(inquiry: Inquiry, first: Fraction, change: Fraction) -> str:
    """The change as a share of the first value, in brackets; what starts at 0 has no such share."""
    if not first or not change:
        asked = inquiry.plan.aspect == "percent_change" and not first
        return inquiry.wording.phrase("comparison.no_percent") if asked else ""
    key = "percent_up" if change > 0 else "percent_down"
    percent = f"{inquiry.wording.number(round(abs(change) / first * 100, 1))}%"
    return inquiry.wording.phrase(f"comparison.{key}", percent=percent)


def _course(inquiry: Inquiry, values: Sequence[Decimal], key: str) -> str:
    """How a series goes, in a word or two: what is said first. ``key`` is how its end stands to its start."""
    signs = {(b > a) - (b < a) for a, b in itertools.pairwise(values)}
    of_course = "verdict" if len(values) == 2 else "every_year" if len(signs) == 1 else "mixed"
    return inquiry.wording.phrase(f"comparison.{of_course}_{key}")


def _missing_years(inquiry: Inquiry, of_body: Sequence[Observation]) -> list[str]:
    """The years asked for, or between the first and the last known, of which there is no report at all."""
    told = {o.year for o in of_body}
    known = [o.year for o in of_body if o.values and o.year is not None]
    asked = inquiry.plan.scope.years or tuple(range(min(known), max(known) + 1)) if known else ()
    missing = [year for year in asked if year not in told]
    if not missing:
        return []
    wording = inquiry.wording
    return [wording.say("comparison.missing_years", body=of_body[0].body, years=wording.years(missing))]


def _trend_of_corpus(inquiry: Inquiry) -> Draft:
    """Sums by year. Totals of different sets of reports are warned of, since they tell of the sets."""
    plan, wording = inquiry.plan, inquiry.wording
    by_year = inquiry.with_plan(plan.model_copy(update={"group_by": ("year",)}))
    observations = observe(by_year, plan.metrics)
    if not observations:
        return no_reports(inquiry)
    units = [added(unit) for unit in by_unit(observations)]
    if not any(o.value is not None for o in units):
        return none_states(inquiry, observations)
    totals: list[Observation] = []
    rows, bodies = [], []
    for group in groups_of(by_year, units):
        known = group.known
        rows.append(group_row(by_year, group, group.total()))
        if known:
            readings = tuple(r for o in known for r in o.readings)
            value = sum((o.value for o in known if o.value is not None), Decimal(0))
            totals.append(
                replace(
                    known[0], body=inquiry.scope_name, metric_id=None, value=value, state="stated", readings=readings
                )
            )
            bodies.append(frozenset(o.body_id for o in known))
    sentence, change = _change(inquiry, totals)
    coverage = cover(inquiry.reports, observations)
    warnings = conflict_warnings(inquiry, observations)
    if len(set(bodies)) > 1:
        warnings.append(wording.say("comparison.different_sets"))
    return Draft(
        "answered" if change is not None else "partial",
        [
            sentence,
            *(warnings[-1:] if len(set(bodies)) > 1 else []),
            *coverage_in_words(inquiry, coverage, observations),
        ],
        value=as_number(change),
        unit=None if plan.aspect == "percent_change" else units[0].unit,
        rows=rows,
        coverage=coverage,
        warnings=warnings,
        chart=_chart(
            "line",
            [str(o.year) for o in totals],
            [as_number(o.value) for o in totals],
            units[0].unit,
            wording.added(plan.metrics),
        ),
    )


def _members_by_year(inquiry: Inquiry) -> Draft:
    """How many satisfy the condition each year; ``value`` is the change from the first year to the last."""
    plan, wording = inquiry.plan, inquiry.wording
    observations = observe(inquiry, plan.metrics)
    if not observations:
        return no_reports(inquiry)
    membership = sort_members(observations, plan.condition, plan.combine)
    if plan.condition is None or not any((membership.members, membership.others, membership.undecided)):
        return none_states(inquiry, observations)
    years = sorted({unit[0].year for unit in by_unit(observations) if unit[0].year is not None})
    parts, rows, counts = [], [], []
    for year in years:
        members = [unit for unit in membership.members if unit[0].year == year]
        known = len(members) + sum(unit[0].year == year for unit in membership.others)
        if not known:
            continue
        counts.append((year, len(members)))
        cites = tuple(dict.fromkeys(n for unit in members for o in unit for n in cite(inquiry, o)))
        parts.append(
            wording.phrase("comparison.year_members", year=year, count=len(members), known=known) + markers(cites)
        )
        rows += [row(inquiry, o) for unit in members for o in unit]
    coverage = cover(inquiry.reports, observations)
    sentence = wording.say(
        "comparison.members_by_year",
        scope=inquiry.scope_name,
        metric=wording.metric(plan.metrics, plan.combine),
        condition=wording.condition(plan.condition, observations[0].unit),
        values=wording.join(parts),
    )
    return Draft(
        "answered" if len(counts) > 1 else "partial",
        [sentence, *coverage_in_words(inquiry, coverage, observations)],
        value=counts[-1][1] - counts[0][1] if len(counts) > 1 else None,
        unit=wording.phrase("unit.bodies"),
        rows=rows,
        coverage=coverage,
        warnings=conflict_warnings(inquiry, observations),
        chart=_chart(
            "line", [str(y) for y, _ in counts], [n for _, n in counts], wording.phrase("unit.bodies"),
            wording.metric(plan.metrics),
        ),
    )  # fmt: skip


def _chart(kind: str, x: Sequence[str], y: Sequence[int | float | None], unit: str, title: str) -> dict[str, Any]:
    return {"type": kind, "x": list(x), "y": list(y), "unit": unit, "title": title}
