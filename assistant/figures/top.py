"""Who has most or fewest, in all or in each group, or both: ties share a place, contradictions are named."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assistant.answering.absence import no_reports
from assistant.answering.coverage import cover, coverage_in_words
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.observations import Observation, observe
from assistant.answering.showing import conflict_warnings, rows_of
from assistant.answering.wording import MEMBERS_NAMED, as_number
from assistant.figures.exact import order_of
from assistant.figures.grouping import group_units
from assistant.figures.measure_wording import name_level, name_scope, say_distance, say_first, unit_of
from assistant.figures.measuring import every_value
from assistant.figures.members import bars, name_members, nothing_measured, say_levels, say_open, several_years
from assistant.figures.membership import Candidate, candidates_of, first_of, is_ranked, members_of, metric_ids_of_all
from assistant.figures.values import say_latest
from assistant.plan import Order, Plan


@dataclass(frozen=True, slots=True)
class Podium:
    """The first of a ranking.

    Attributes:
        group: Whom it ranks, where the first of each group are asked for.
        chosen: Those asked for, in order, all that share the last place included.
        before: Where a single place is asked for, who stands before it.
        everyone: All that are ranked, or could be.
    """

    order: Order
    group: str
    chosen: tuple[Candidate, ...]
    before: tuple[Candidate, ...]
    everyone: tuple[Candidate, ...]


def answer_top(inquiry: Inquiry) -> Draft:
    """The ``limit`` bodies with most, fewest or both (one if no limit is given), all that share a last place included.

    With a ``place`` only those that share it, and the text names who stands before. With ``within`` so many of each
    group. ``value`` is that of a single first; of both ends, how far they lie apart.

    Of a change only those that rose, or fell, are ranked. Where there are criteria, only members are.
    """
    plan = inquiry.plan
    observations = observe(inquiry, metric_ids_of_all(plan))
    if not observations:
        return no_reports(inquiry)
    everyone = candidates_of(inquiry, observations, each=False)
    membership = members_of(plan, everyone)
    if not membership.others and all(c.own[0].value is None for c in membership.members):
        return nothing_measured(inquiry, everyone, observations)
    podiums = list(_podiums(inquiry, [*membership.members, *membership.undecided], membership.members, observations))
    chosen = list({id(c): c for podium in podiums for c in podium.chosen}.values())
    torn = [c for podium in podiums for c in podium.everyone if podium.chosen and _could_stand(plan, c, podium)]
    shows_year = several_years(everyone) and plan.within != ("year",)
    coverage = cover(inquiry.reports, observations)
    return Draft(
        "partial" if any(c.own[0].value is None for c in torn) or membership.undecided else "answered",
        [
            *_say(inquiry, podiums, shows_year),
            *say_levels(inquiry, membership),
            *say_latest(inquiry, observations),
            *say_torn(inquiry, torn),
            *say_open(inquiry, membership, everyone, shows_year),
            *coverage_in_words(inquiry, coverage, observations),
        ],
        value=as_number(_value_of_all(plan, podiums)),
        unit=unit_of(plan) or None,
        rows=rows_of(inquiry, [o for c in chosen for o in c.evidence]),
        coverage=coverage,
        warnings=conflict_warnings(inquiry, observations),
        chart=bars(inquiry, chosen, plan, shows_year),
    )


def _podiums(
    inquiry: Inquiry, everyone: Sequence[Candidate], members: Sequence[Candidate], observations: Sequence[Observation]
) -> Iterable[Podium]:
    """The first of all or of each group, from the most, from the fewest or both; groups without any are left out."""
    plan = inquiry.plan
    orders: tuple[Order, ...] = ("descending", "ascending") if plan.order == "both" else (plan.order,)
    counted = {id(c) for c in members}
    for order, (group, of_group) in itertools.product(orders, _grouped(inquiry, everyone, observations)):
        known = [c for c in of_group if id(c) in counted and c.own[0].value is not None]
        in_order = ranked([c for c in known if is_ranked(plan, order, value_of(c))], order)
        first = first_of([value_of(c) for c in in_order], plan.place or plan.limit or 1, order)
        chosen = in_order[: len(first)]
        before: list[Candidate] = []
        if plan.place is not None:
            is_there = len(first) >= plan.place
            before = [c for c in chosen if not is_there or value_of(c) != first[-1]]
            chosen = chosen[len(before) :]
        if chosen or not plan.within:
            yield Podium(order, group, tuple(chosen), tuple(before), tuple(of_group))


def _grouped(
    inquiry: Inquiry, everyone: Sequence[Candidate], observations: Sequence[Observation]
) -> list[tuple[str, list[Candidate]]]:
    """The candidates of each group that firsts are asked of, with its name; all of them where none is named."""
    within = inquiry.plan.within
    if not within:
        return [("", list(everyone))]
    groups = group_units(inquiry, within, observations)
    found: dict[str, list[Candidate]] = {}
    for candidate in everyone:
        found.setdefault(groups[candidate.unit_of_count], []).append(candidate)
    if within == ("year",):
        return sorted(found.items(), key=lambda pair: pair[1][0].first.year or 0)
    return list(found.items())


def _say(inquiry: Inquiry, podiums: Sequence[Podium], shows_year: bool) -> list[str]:
    """Who stands on each podium; of both ends also how far they lie apart."""
    plan = inquiry.plan
    if plan.within:
        return [
            _say_within(inquiry, list(of_order), shows_year)
            for _, of_order in itertools.groupby(podiums, key=lambda podium: podium.order)
        ] or [_say_chosen(inquiry, Podium("descending", "", (), (), ()), shows_year)]
    sentences = []
    for podium in podiums:
        if plan.place is not None:
            sentences += _say_at_place(inquiry, podium, shows_year)
            continue
        sentences.append(_say_chosen(inquiry, podium, shows_year))
        if len(podium.chosen) > (plan.limit or 1):
            sentences.append(inquiry.wording.say("ranking.ties"))
    if plan.order == "both" and (distance := _value_of_all(plan, podiums)) is not None:
        sentences.append(
            inquiry.wording.say("ranking.distance", distance=say_distance(inquiry.wording, plan, distance))
        )
    return sentences


def _say_chosen(inquiry: Inquiry, podium: Podium, shows_year: bool) -> str:
    members = name_members(inquiry, podium.chosen, shows_year)
    return say_first(inquiry, inquiry.plan, podium.order, len(podium.chosen), members, scope=name_scope(inquiry))


def _say_within(inquiry: Inquiry, podiums: Sequence[Podium], shows_year: bool) -> str:
    """The first of each group, the first twelve groups; the rows hold all of them."""
    wording, plan = inquiry.wording, inquiry.plan
    parts = [_say_group(inquiry, podium, shows_year) for podium in podiums[:MEMBERS_NAMED]]
    if len(podiums) > len(parts):
        parts[-1] += wording.phrase("list.more", count=len(podiums))
    scope = wording.phrase(
        "ranking.within",
        scope=name_scope(inquiry),
        axes=wording.join(wording.phrase(f"breakdown.axis_{grouping}") for grouping in plan.within),
    )
    number = max(len(podium.chosen) for podium in podiums)
    return say_first(
        inquiry, plan, podiums[0].order, number, wording.semicolons(parts), scope=scope, of_each=plan.limit or 1
    )


def _say_group(inquiry: Inquiry, podium: Podium, shows_year: bool) -> str:
    """The first of one group; of a body itself its first years, which say whose they are."""
    members = name_members(inquiry, podium.chosen, shows_year)
    if inquiry.plan.within == ("body",):
        return members
    return inquiry.wording.phrase("ranking.of_group", group=podium.group, members=members)


def _say_at_place(inquiry: Inquiry, podium: Podium, shows_year: bool) -> list[str]:
    plan, wording = inquiry.plan, inquiry.wording
    key = "at_place" if podium.order == "descending" else "at_place_ascending"
    named = {"scope": name_scope(inquiry), "metric": name_level(wording, plan), "place": plan.place}
    if not podium.chosen:
        return [wording.say("ranking.no_place", count=len(podium.before), **named)]
    sentences = [wording.say(f"ranking.{key}", members=name_members(inquiry, podium.chosen, shows_year), **named)]
    if podium.before:
        sentences.append(wording.say("ranking.before", members=name_members(inquiry, podium.before, shows_year)))
    return sentences


def _value_of_all(plan: Plan, podiums: Sequence[Podium]) -> Fraction | None:
    """The value of a single first; of both ends of a ranking that names one each, how far they lie apart."""
    if plan.within or not all(podium.chosen for podium in podiums):
        return None
    if plan.order == "both":
        most, fewest = podiums
        is_single = (plan.limit or 1) == 1 and plan.place is None and plan.change is None
        return value_of(most.chosen[0]) - value_of(fewest.chosen[0]) if is_single else None
    chosen = podiums[0].chosen
    return value_of(chosen[0]) if len(chosen) == 1 else None


def _could_stand(plan: Plan, candidate: Candidate, podium: Podium) -> bool:
    """Whether a contradicting report could stand among the first by a reading that doesn't count."""
    own, last = candidate.own[0], value_of(podium.chosen[-1])
    if not any(o.state == "conflicting" for o in own.observations):
        return False
    return any(v != own.value and not stands_before(last, v, podium.order) for v in every_value(plan, own))


def say_torn(inquiry: Inquiry, torn: Sequence[Candidate]) -> list[str]:
    """Whose report contradicts itself so that places could change."""
    wording = inquiry.wording
    names = list(dict.fromkeys(wording.body_year(c.first.body, c.first.year) for c in torn))
    return [wording.say("ranking.conflict_matters", members=wording.members(names))] if names else []


def value_of(candidate: Candidate) -> Fraction:
    """The value of one that is ranked; ValueError of one that isn't known."""
    value = candidate.own[0].value
    if value is None:
        raise ValueError(f"{candidate.first.body} has no value to be ranked by.")
    return value


def stands_before(a: Fraction, b: Fraction, order: str) -> bool:
    """Whether ``a`` stands strictly before ``b``."""
    return a > b if order == "descending" else a < b


def ranked(candidates: Sequence[Candidate], order: str) -> list[Candidate]:
    """The candidates in order, equal ones in the order of the reports; ValueError if a value isn't known."""
    return sorted(candidates, key=lambda c: order_of(value_of(c)), reverse=order == "descending")
