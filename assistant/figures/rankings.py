"""Who has most or fewest, and where one body stands: ties share a place, contradictions are named."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from assistant.answering.absence import no_reports, none_states
from assistant.answering.citations import markers
from assistant.answering.coverage import cover, coverage_in_words
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.named_bodies import observe_named
from assistant.answering.observations import Observation, cite, conflict_warnings, observe, rows_of
from assistant.answering.wording import as_number
from assistant.figures.exact import order_of
from assistant.figures.measure_wording import (
    measured_in_words,
    name_level,
    name_scope,
    sort_of,
    unit_of,
)
from assistant.figures.measuring import Measured, every_value
from assistant.figures.members import (
    bars,
    name_members,
    nothing_measured,
    say_open,
    say_unmeasured,
    several_years,
)
from assistant.figures.membership import Candidate, candidates_of, members_of, metric_ids_of_all
from assistant.figures.values import say_latest
from assistant.plan import Plan


def answer_top(inquiry: Inquiry) -> Draft:
    """The ``limit`` bodies with most or fewest (one if no limit is given), all that share the last place included.

    With a ``place`` only those that share it, and the text names who stands before.

    Of a change only those that rose, or fell, are ranked. Where there are criteria, only members are.
    """
    plan, wording = inquiry.plan, inquiry.wording
    observations = observe(inquiry, metric_ids_of_all(plan))
    if not observations:
        return no_reports(inquiry)
    everyone = candidates_of(inquiry, observations, each=False)
    membership = members_of(plan, everyone)
    candidates = membership.members
    known = [c for c in candidates if c.own[0].value is not None]
    if not known and not membership.others:
        return nothing_measured(inquiry, everyone, observations)
    ranked = _ranked([c for c in known if _counts(plan, c)], plan.order)
    shows_year = several_years(everyone)
    limit = plan.place or plan.limit or 1
    chosen = _first(ranked, limit, plan.order)
    if plan.place is not None:
        chosen, before = _at_place(chosen, plan.place)
        sentences = _say_at_place(inquiry, chosen, before, shows_year)
    else:
        sentences = [_say_first(inquiry, chosen, shows_year)]
        if len(chosen) > limit:
            sentences.append(wording.say("ranking.ties"))
    sentences += say_latest(inquiry, observations)
    torn = [c for c in [*candidates, *membership.undecided] if chosen and _could_stand(plan, c, chosen[-1])]
    coverage = cover(inquiry.reports, observations)
    return Draft(
        "partial" if any(c.own[0].value is None for c in torn) or membership.undecided else "answered",
        [
            *sentences,
            *_say_torn(inquiry, torn),
            *say_open(inquiry, membership, everyone, shows_year),
            *coverage_in_words(inquiry, coverage, observations),
        ],
        value=as_number(chosen[0].own[0].value) if len(chosen) == 1 else None,
        unit=unit_of(plan) or None,
        rows=rows_of(inquiry, [o for c in chosen for o in c.evidence]),
        coverage=coverage,
        warnings=conflict_warnings(inquiry, observations),
        chart=bars(inquiry, chosen, plan, shows_year),
    )


def _say_first(inquiry: Inquiry, chosen: Sequence[Candidate], shows_year: bool) -> str:
    plan, wording = inquiry.plan, inquiry.wording
    key = ("highest" if plan.order == "descending" else "lowest") + (
        f"_{sort}" if (sort := sort_of(plan)) != "figure" else ""
    )
    number = "none" if not chosen else "several" if len(chosen) > 1 else "one"
    return wording.say(
        f"ranking.{key}_{number}",
        scope=name_scope(inquiry),
        metric=name_level(wording, plan),
        count=len(chosen),
        members=name_members(inquiry, chosen, shows_year),
    )


def _at_place(first: Sequence[Candidate], place: int) -> tuple[list[Candidate], list[Candidate]]:
    """Those that share a place, and those before it; nobody where fewer are ranked."""
    if len(first) < place:
        return [], list(first)
    value = _value(first[place - 1])
    return [c for c in first if _value(c) == value], [c for c in first if _value(c) != value]


def _say_at_place(
    inquiry: Inquiry, chosen: Sequence[Candidate], before: Sequence[Candidate], shows_year: bool
) -> list[str]:
    plan, wording = inquiry.plan, inquiry.wording
    key = "at_place" if plan.order == "descending" else "at_place_ascending"
    named = {"scope": name_scope(inquiry), "metric": name_level(wording, plan), "place": plan.place}
    if not chosen:
        return [wording.say("ranking.no_place", count=len(before), **named)]
    sentences = [wording.say(f"ranking.{key}", members=name_members(inquiry, chosen, shows_year), **named)]
    if before:
        sentences.append(wording.say("ranking.before", members=name_members(inquiry, before, shows_year)))
    return sentences


def _counts(plan: Plan, candidate: Candidate) -> bool:
    """Whether a body can be first: nobody whose numbers fell rose most, though it be first of those that fell."""
    value = candidate.own[0].value
    if plan.change is None or value is None:
        return value is not None
    return value > 0 if plan.order == "descending" else value < 0


def _first(ranked: Sequence[Candidate], limit: int, order: str) -> list[Candidate]:
    if not ranked:
        return []
    last = _value(ranked[min(limit, len(ranked)) - 1])
    return [c for c in ranked if not _before(last, _value(c), order)]


def _could_stand(plan: Plan, candidate: Candidate, last: Candidate) -> bool:
    """Whether a contradicting report could stand among the first by a reading that doesn't count."""
    own = candidate.own[0]
    if not any(o.state == "conflicting" for o in own.observations):
        return False
    return any(v != own.value and not _before(_value(last), v, plan.order) for v in every_value(plan, own))


def _say_torn(inquiry: Inquiry, torn: Sequence[Candidate]) -> list[str]:
    wording = inquiry.wording
    names = [wording.body_year(c.first.body, c.first.year) for c in torn]
    return [wording.say("ranking.conflict_matters", members=wording.members(names))] if names else []


def answer_rank(inquiry: Inquiry) -> Draft:
    """Where the first named body stands among the bodies of the rest of the scope; ``value`` is its place from 1."""
    plan = inquiry.plan
    if not plan.scope.bodies:
        return _order_all(inquiry)
    metric_ids = metric_ids_of_all(plan)
    # The named body itself may be outside the kinds that it is compared with.
    alone = plan.scope.model_copy(update={"bodies": plan.scope.bodies[:1], "kinds": (), "regions": (), "names": ()})
    subjects = observe_named(inquiry.with_plan(plan.model_copy(update={"scope": alone})), metric_ids)
    if not subjects:
        return no_reports(inquiry)
    subject = candidates_of(inquiry, subjects, each=False)[-1]
    if subject.own[0].value is None:
        unknown = [o for o in subject.evidence if o.value is None]
        return none_states(inquiry, unknown) if unknown else nothing_measured(inquiry, [subject], subject.evidence)
    years = (subject.first.year,) if subject.first.year is not None else ()
    scope = plan.scope.model_copy(update={"bodies": (), "latest": False, "years": years})
    among = inquiry.with_plan(plan.model_copy(update={"scope": scope}))
    observations = observe(among, metric_ids)
    everyone = candidates_of(among, observations, each=False)
    candidates = members_of(plan, everyone).members
    if subject.unit_of_count not in {c.unit_of_count for c in candidates}:
        candidates = [*candidates, subject]
    if subject.unit_of_count not in {c.unit_of_count for c in everyone}:
        observations += subject.observations
    return _place(inquiry, among, subject, candidates, observations)


def _place(
    inquiry: Inquiry,
    among: Inquiry,
    subject: Candidate,
    candidates: Sequence[Candidate],
    observations: Sequence[Observation],
) -> Draft:
    plan, place = inquiry.plan, _value(subject)
    ranked = _ranked([c for c in candidates if c.own[0].value is not None], plan.order)
    rank = 1 + sum(_before(_value(c), place, plan.order) for c in ranked)
    tied = sum(_value(c) == place for c in ranked) - 1
    torn = [c for c in candidates if len({_before(v, place, plan.order) for v in _open_values(c.own[0])}) > 1]
    coverage = cover(among.reports, observations)
    return Draft(
        "partial" if torn else "answered",
        [
            _say_place(among, subject, len(ranked), rank, tied),
            *say_latest(inquiry, subject.observations),
            *_say_torn(inquiry, torn),
            *say_unmeasured(among, candidates),
            *coverage_in_words(among, coverage, observations),
        ],
        value=rank,
        unit=None,
        rows=rows_of(inquiry, [o for c in ranked for o in c.evidence]),
        coverage=coverage,
        warnings=conflict_warnings(inquiry, observations),
        chart=bars(inquiry, ranked, plan, False),
    )


def _open_values(measured: Measured) -> tuple[Fraction, ...]:
    return measured.possible if measured.value is None else ()


def _say_place(among: Inquiry, subject: Candidate, count: int, rank: int, tied: int) -> str:
    wording, plan = among.wording, among.plan
    return wording.say(
        "ranking.rank" if plan.order == "descending" else "ranking.rank_ascending",
        body=subject.first.body,
        year=wording.year(subject.first.year),
        metric=name_level(wording, plan),
        value=measured_in_words(among, plan, subject.own[0]),
        cites=markers(dict.fromkeys(n for o in subject.evidence for n in cite(among, o))),
        scope=among.scope_name,
        count=count,
        rank=rank,
        tied=wording.phrase("ranking.tied", count=tied) if tied else "",
    )


def _order_all(inquiry: Inquiry) -> Draft:
    """A ranking without a named body: everyone in order."""
    plan = inquiry.plan.model_copy(update={"operation": "top", "limit": max(1, len(inquiry.reports))})
    return answer_top(inquiry.with_plan(plan))


def _value(candidate: Candidate) -> Fraction:
    """The value of one that is ranked; ValueError of one that isn't known."""
    value = candidate.own[0].value
    if value is None:
        raise ValueError(f"{candidate.first.body} has no value to be ranked by.")
    return value


def _before(a: Fraction, b: Fraction, order: str) -> bool:
    """Whether ``a`` stands strictly before ``b``."""
    return a > b if order == "descending" else a < b


def _ranked(candidates: Sequence[Candidate], order: str) -> list[Candidate]:
    return sorted(candidates, key=lambda c: order_of(_value(c)), reverse=order == "descending")
