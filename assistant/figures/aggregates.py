"""Sums, means and medians: computed exactly over those that state their figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from heapq import nlargest

from assistant.answering.absence import no_reports
from assistant.answering.citations import markers
from assistant.answering.coverage import cover, coverage_in_words
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.observations import Observation, observe
from assistant.answering.showing import cite, conflict_warnings, quantity, rows_of
from assistant.answering.wording import MEMBERS_NAMED, as_number
from assistant.figures.exact import mean, median, order_of, total
from assistant.figures.measure_wording import measured_in_words, name_measure, name_scope, unit_of, value_in_words
from assistant.figures.members import answer_list, nothing_measured, say_levels, say_open, several_years
from assistant.figures.membership import Candidate, Membership, candidates_of, members_of, metric_ids_of_all
from assistant.figures.territories import asks_for_governments, governments_of_parts, overlaps
from assistant.figures.values import say_latest
from assistant.plan import Plan

_LARGEST_NAMED = 3

_AGGREGATES: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "sum": total,
    "mean": mean,
    "median": median,
}


def answer_aggregate(inquiry: Inquiry) -> Draft:
    """A sum, mean or median over the bodies and years that state what is asked; the rows are its addends.

    Of a sum of several metrics, a body that states some of them counts with those; of a mean or median, or of shares
    and changes, it is left out. A government's figures are left out beside those of its parts, unless it is asked for.
    """
    plan, wording = inquiry.plan, inquiry.wording
    observations = observe(inquiry, metric_ids_of_all(plan))
    if not observations:
        return no_reports(inquiry)
    everyone = candidates_of(inquiry, observations, each=_adds_up(plan))
    membership = members_of(plan, everyone)
    known = [candidate for candidate in membership.members if candidate.total is not None]
    if not known:
        return _of_nobody(inquiry, membership, everyone)
    counted, nested = leave_out_governments(plan, known)
    value = _AGGREGATES[plan.operation]([c.total for c in counted if c.total is not None])
    shows_year = several_years(everyone)
    used = [o for candidate in counted for o in candidate.addends]
    conflicting = [o for c in membership.members for m in c.own for o in m.observations if o.state == "conflicting"]
    undecided = [o for o in conflicting if o.value is None]
    coverage = cover(inquiry.reports, observations)
    told = {o.unit_of_count for o in conflicting}
    first = wording.say(
        f"aggregate.{plan.operation}",
        scope=name_scope(inquiry),
        metric=name_measure(wording, plan),
        value=value_in_words(wording, plan, value),
    )
    return Draft(
        "partial" if undecided or membership.undecided else "answered",
        [
            first + _making(inquiry, counted, shows_year),
            *say_levels(inquiry, membership),
            *say_latest(inquiry, observations),
            *governments_in_words(inquiry, nested, shows_year),
            *_conflicts_in_words(inquiry, conflicting),
            *say_open(inquiry, membership, everyone, shows_year),
            *coverage_in_words(inquiry, coverage, observations, told),
        ],
        value=as_number(value),
        unit=unit_of(plan) or None,
        rows=rows_of(inquiry, used + undecided),
        coverage=coverage,
        warnings=_warnings(inquiry, observations, used),
    )


def _of_nobody(inquiry: Inquiry, membership: Membership, everyone: Sequence[Candidate]) -> Draft:
    """That nobody satisfies the criteria is an answer: of nobody the sum is zero, and there is no mean.

    Of members whose figures aren't known there is neither.
    """
    if membership.members or not membership.others:
        asked = membership.members or everyone
        draft = nothing_measured(inquiry, asked, [o for c in asked for o in c.observations])
        draft.sentences += say_levels(inquiry, membership)
        return draft
    draft = answer_list(inquiry)
    draft.value = 0 if inquiry.plan.operation == "sum" else None
    draft.unit = unit_of(inquiry.plan) or None
    return draft


def _adds_up(plan: Plan) -> bool:
    """Whether figures themselves are added, so that each of several metrics counts alone."""
    return plan.operation == "sum" and not plan.denominators and plan.change is None


def leave_out_governments(plan: Plan, known: Sequence[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """Whose figures are added up, and the governments whose own would count those of their parts twice."""
    if asks_for_governments(plan.scope):
        return list(known), []
    containing = governments_of_parts(candidate.first for candidate in known)
    counted = [candidate for candidate in known if candidate.unit_of_count not in containing]
    return counted, [candidate for candidate in known if candidate.unit_of_count in containing]


def _making(inquiry: Inquiry, counted: Sequence[Candidate], shows_year: bool) -> str:
    """What the value is computed from: every addend, or of many the largest few, the rows having them all."""
    wording, count = inquiry.wording, len(counted)
    if count <= MEMBERS_NAMED:
        members = [_name(inquiry, candidate, shows_year) for candidate in counted]
        return wording.phrase("aggregate.making", count=count, members=wording.members(members))
    largest = nlargest(_LARGEST_NAMED, counted, key=lambda candidate: order_of(candidate.total or Fraction(0)))
    members = [_name(inquiry, candidate, shows_year) for candidate in largest]
    return wording.phrase("aggregate.making_many", count=count, members=wording.members(members))


def _name(inquiry: Inquiry, candidate: Candidate, shows_year: bool) -> str:
    """A body with what it adds, and the citations of that alone."""
    wording, first, own = inquiry.wording, candidate.first, candidate.own
    if len(own) == 1:
        value = measured_in_words(inquiry, inquiry.plan, own[0])
    else:
        value = value_in_words(wording, inquiry.plan, candidate.total or Fraction(0))
    cites = markers(dict.fromkeys(n for o in candidate.addends for n in cite(inquiry, o)))
    space = " " if wording.language == "en" else ""
    return f"{wording.body_year(first.body, first.year, show_year=shows_year)}{space}{value}{cites}"


def governments_in_words(inquiry: Inquiry, nested: Sequence[Candidate], shows_year: bool) -> list[str]:
    """The governments that were left out, with their own figures."""
    if not nested:
        return []
    members = inquiry.wording.join(_name(inquiry, candidate, shows_year) for candidate in nested[:_LARGEST_NAMED])
    if len(nested) > _LARGEST_NAMED:
        members += inquiry.wording.phrase("aggregate.and_more", count=len(nested))
    return [inquiry.wording.say("aggregate.governments_left_out", members=members)]


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


def _warnings(inquiry: Inquiry, observations: Sequence[Observation], used: Sequence[Observation]) -> list[str]:
    """What a reader must know of the total: who isn't in it, what may be in it twice, what is approximate."""
    wording, warnings = inquiry.wording, []
    own = {*inquiry.plan.metrics, *inquiry.plan.denominators}
    without = {o.unit_of_count for o in observations if not o.values and o.metric_id in own}
    if without:
        warnings.append(wording.say("aggregate.left_out", count=len(without)))
    warnings += conflict_warnings(inquiry, observations)
    if asks_for_governments(inquiry.plan.scope) and overlaps(used):
        warnings.append(wording.say("aggregate.overlap"))
    if any(o.qualifier for o in used):
        warnings.append(wording.say("aggregate.approximate"))
    return warnings
