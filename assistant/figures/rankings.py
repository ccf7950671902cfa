"""Where one body stands among others: ties share a place, contradictions are named."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from assistant.answering.absence import no_reports, none_states
from assistant.answering.citations import markers
from assistant.answering.coverage import cover, coverage_in_words
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.named_bodies import observe_named
from assistant.answering.observations import Observation, observe
from assistant.answering.showing import cite, conflict_warnings, rows_of
from assistant.figures.measure_wording import measured_in_words, name_level
from assistant.figures.measuring import Measured
from assistant.figures.members import bars, nothing_measured, say_unmeasured
from assistant.figures.membership import Candidate, candidates_of, members_of, metric_ids_of_all
from assistant.figures.top import answer_top, ranked, say_torn, stands_before, value_of
from assistant.figures.values import say_latest


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
    plan, place = inquiry.plan, value_of(subject)
    in_order = ranked([c for c in candidates if c.own[0].value is not None], plan.order)
    rank = 1 + sum(stands_before(value_of(c), place, plan.order) for c in in_order)
    tied = sum(value_of(c) == place for c in in_order) - 1
    torn = [c for c in candidates if len({stands_before(v, place, plan.order) for v in _open_values(c.own[0])}) > 1]
    coverage = cover(among.reports, observations)
    return Draft(
        "partial" if torn else "answered",
        [
            _say_place(among, subject, len(in_order), rank, tied),
            *say_latest(inquiry, subject.observations),
            *say_torn(inquiry, torn),
            *say_unmeasured(among, candidates),
            *coverage_in_words(among, coverage, observations),
        ],
        value=rank,
        unit=None,
        rows=rows_of(inquiry, [o for c in in_order for o in c.evidence]),
        coverage=coverage,
        warnings=conflict_warnings(inquiry, observations),
        chart=bars(inquiry, in_order, plan, False),
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
