"""Who has most or fewest, and where one body stands: ties share a place, contradictions are named."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

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
)
from assistant.answering.wording import MEMBERS_NAMED, as_number
from assistant.figures.members import name_member


def answer_top(inquiry: Inquiry) -> Draft:
    """The ``limit`` bodies with most or fewest (one if no limit is given), all that share the last place included."""
    plan, wording = inquiry.plan, inquiry.wording
    observations = observe(inquiry, plan.metrics)
    if not observations:
        return no_reports(inquiry)
    units = [added(unit) for unit in by_unit(observations)]
    ranked = _ranked(units, plan.order)
    if not ranked:
        return none_states(inquiry, observations)
    limit = plan.limit or 1
    last = ranked[min(limit, len(ranked)) - 1].value or Decimal(0)
    chosen = [o for o in ranked if o.value is not None and not _before(last, o.value, plan.order)]
    several_years = len({o.year for o in units}) > 1
    members = [name_member(inquiry, [o], several_years) for o in chosen]
    key = ("highest" if plan.order == "descending" else "lowest") + ("_several" if len(chosen) > 1 else "")
    sentences = [
        wording.say(
            f"ranking.{key}",
            scope=inquiry.scope_name,
            metric=wording.added(plan.metrics),
            count=len(chosen),
            members=wording.members(members),
        )
    ]
    if len(chosen) > limit:
        sentences.append(wording.say("ranking.ties"))
    open_conflicts = [
        o
        for o in units
        if o.state == "conflicting" and any(v != o.value and not _before(last, v, plan.order) for v in o.values)
    ]
    if open_conflicts:
        names = [wording.body_year(o.body, o.year) for o in open_conflicts]
        sentences.append(wording.say("ranking.conflict_matters", members=wording.members(names)))
    coverage = cover(inquiry.reports, observations)
    return Draft(
        "partial" if any(o.value is None for o in open_conflicts) else "answered",
        sentences + coverage_in_words(inquiry, coverage, observations),
        value=as_number(chosen[0].value) if len(chosen) == 1 else None,
        unit=chosen[0].unit,
        rows=_rows_of(inquiry, chosen, observations),
        coverage=coverage,
        warnings=conflict_warnings(inquiry, observations),
        chart=_bars(inquiry, chosen, several_years) if len(chosen) > 1 else None,
    )


def answer_rank(inquiry: Inquiry) -> Draft:
    """Where the first named body stands among the bodies of the rest of the scope; ``value`` is its place from 1."""
    plan, wording = inquiry.plan, inquiry.wording
    if not plan.scope.bodies:
        return _order_all(inquiry)
    # The named body itself may be outside the kinds that it is compared with.
    alone = plan.scope.model_copy(update={"bodies": plan.scope.bodies[:1], "kinds": (), "regions": (), "names": ()})
    subjects = observe(inquiry, plan.metrics, alone)
    if not subjects:
        return no_reports(inquiry)
    subject = added(by_unit(subjects)[-1])
    if subject.value is None:
        return none_states(inquiry, by_unit(subjects)[-1])
    years = (subject.year,) if subject.year is not None else ()
    scope = plan.scope.model_copy(update={"bodies": (), "latest": False, "years": years})
    reports = inquiry.reports_within(scope)
    observations = observe(inquiry, plan.metrics, scope)
    units = [added(unit) for unit in by_unit(observations)]
    if subject.unit_of_count not in {o.unit_of_count for o in units}:
        units.append(subject)
        observations += by_unit(subjects)[-1]
    ranked = _ranked(units, plan.order)
    rank = 1 + sum(o.value is not None and _before(o.value, subject.value, plan.order) for o in ranked)
    tied = sum(o.value == subject.value for o in ranked) - 1
    open_conflicts = [
        o
        for o in units
        if o.state == "conflicting"
        and o.value is None
        and len({_before(v, subject.value, plan.order) for v in o.values}) > 1
    ]
    scope_name = wording.scope(scope)
    sentences = [_place(inquiry, subject, scope_name, len(ranked), rank, tied)]
    if plan.scope.latest and subject.year is not None:
        sentences.append(wording.say("value.latest", years=subject.year))
    if open_conflicts:
        names = [wording.body_year(o.body, o.year) for o in open_conflicts]
        sentences.append(wording.say("ranking.conflict_matters", members=wording.members(names)))
    rows = _rows_of(inquiry, ranked, observations)
    coverage = cover(reports, observations)
    return Draft(
        "partial" if open_conflicts else "answered",
        sentences + coverage_in_words(inquiry, coverage, observations, scope_name=scope_name),
        value=rank,
        unit=None,
        rows=rows,
        coverage=coverage,
        warnings=conflict_warnings(inquiry, observations),
        chart=_bars(inquiry, ranked, False),
    )


def _place(inquiry: Inquiry, subject: Observation, scope_name: str, count: int, rank: int, tied: int) -> str:
    wording, plan = inquiry.wording, inquiry.plan
    return wording.say(
        "ranking.rank" if plan.order == "descending" else "ranking.rank_ascending",
        body=subject.body,
        year=wording.year(subject.year),
        metric=wording.added(plan.metrics),
        value=quantity(inquiry, subject),
        cites=markers(cite(inquiry, subject)),
        scope=scope_name,
        count=count,
        rank=rank,
        tied=wording.phrase("ranking.tied", count=tied) if tied else "",
    )


def _order_all(inquiry: Inquiry) -> Draft:
    """A ranking without a named body: everyone in order."""
    plan = inquiry.plan.model_copy(update={"operation": "top", "limit": max(1, len(inquiry.reports))})
    return answer_top(inquiry.with_plan(plan))


def _before(a: Decimal, b: Decimal, order: str) -> bool:
    """Whether ``a`` stands strictly before ``b``."""
    return a > b if order == "descending" else a < b


def _ranked(units: Sequence[Observation], order: str) -> list[Observation]:
    known = [o for o in units if o.value is not None]
    return sorted(known, key=lambda o: o.value or Decimal(0), reverse=order == "descending")


def _rows_of(inquiry: Inquiry, chosen: Sequence[Observation], observations: Sequence[Observation]) -> list[Any]:
    """Rows in ranking order: each metric of each body, where the ranking is by a sum of several."""
    of_unit = {unit[0].unit_of_count: unit for unit in by_unit(observations)}
    return [row(inquiry, o) for chosen_one in chosen for o in of_unit[chosen_one.unit_of_count]]


def _bars(inquiry: Inquiry, chosen: Sequence[Observation], show_year: bool) -> dict[str, Any]:
    wording = inquiry.wording
    shown = list(chosen)[: 2 * MEMBERS_NAMED]
    return {
        "type": "bar",
        "x": [wording.body_year(o.body, o.year, show_year=show_year) for o in shown],
        "y": [as_number(o.value) for o in shown],
        "unit": shown[0].unit,
        "title": wording.added(inquiry.plan.metrics),
    }
