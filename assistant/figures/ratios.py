"""Shares: of one body's figures, of those of several added first, and of the bodies that satisfy criteria."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from assistant.answer import Row
from assistant.answering.absence import no_reports, none_states
from assistant.answering.charts import Series, draw
from assistant.answering.citations import markers
from assistant.answering.coverage import cover, coverage_in_words
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.named_bodies import observe_named
from assistant.answering.observations import Observation, observe
from assistant.answering.showing import cite_all, conflict_warnings, row
from assistant.answering.wording import as_number
from assistant.figures.aggregates import governments_in_words, leave_out_governments
from assistant.figures.exact import exact, total
from assistant.figures.measure_wording import name_scope, say_criteria
from assistant.figures.members import name_members, nothing_measured, say_levels, say_open, several_years
from assistant.figures.membership import Candidate, candidates_of, members_of, metric_ids_of_all, sort_members
from assistant.figures.values import say_latest
from assistant.plan import Plan
from vectorstore.catalogue import catalogue


def answer_share(inquiry: Inquiry) -> Draft:
    """Numerators over denominators as a fraction between 0 and 1; the rows are these two.

    Of several bodies both sides are added over those that state both.
    """
    plan, wording = inquiry.plan, inquiry.wording
    observations = observe_named(inquiry, metric_ids_of_all(plan))
    if not observations:
        return no_reports(inquiry)
    everyone = candidates_of(inquiry, observations, each=False)
    membership = members_of(plan, everyone)
    usable, nested = leave_out_governments(plan, [c for c in membership.members if c.own[0].states_all])
    if not usable:
        return _unknown_share(inquiry, observations)
    coverage = cover(inquiry.reports, [o for o in observations if o.is_own])
    draft = _divide(inquiry, usable)
    draft.sentences += say_latest(inquiry, [candidate.first for candidate in usable])
    if len(usable) > 1:
        shows_year = several_years(everyone)
        draft.sentences += [
            wording.say("share.used", count=len(usable)),
            *say_levels(inquiry, membership),
            *governments_in_words(inquiry, nested, shows_year),
            *say_open(inquiry, membership, [], shows_year),
            *coverage_in_words(inquiry, coverage, observations),
        ]
    draft.coverage = coverage
    draft.warnings = conflict_warnings(inquiry, observations)
    return draft


def _divide(inquiry: Inquiry, usable: Sequence[Candidate]) -> Draft:
    """The share of bodies and years that state both sides, which are added first."""
    plan, wording = inquiry.plan, inquiry.wording
    part, whole = _Side.of(inquiry, usable, plan.metrics), _Side.of(inquiry, usable, plan.denominators)
    named = {"scope": _whose(inquiry, usable), "numerator": part.name, "denominator": whole.name}
    draft = Draft("answered", [], rows=[part.row(inquiry), whole.row(inquiry)])
    if whole.value == 0:
        draft.sentences.append(wording.say("share.zero", whole_cites=markers(whole.citations), **named))
        return draft
    share = part.value / whole.value
    draft.sentences.append(
        wording.say(
            "share.times" if plan.times else "share.one",
            percent=wording.percent(share),
            times=wording.number(share),
            part=wording.quantity(part.value, part.unit),
            whole=wording.quantity(whole.value, whole.unit),
            part_cites=markers(part.citations),
            whole_cites=markers(whole.citations),
            **named,
        )
    )
    draft.value = float(share)
    title = f"{part.name} / {whole.name}"
    draft.chart = draw("bar", title, whole.unit, [part.name, whole.name], [Series(title, (part.value, whole.value))])
    return draft


@dataclass(frozen=True, slots=True)
class _Side:
    """Numerator or denominator: the same metrics added over bodies and years."""

    name: str
    metric_ids: tuple[str, ...]
    observations: tuple[Observation, ...]
    is_of_several: bool
    citations: Sequence[int]

    @classmethod
    def of(cls, inquiry: Inquiry, usable: Sequence[Candidate], metric_ids: tuple[str, ...]) -> _Side:
        observations = tuple(o for c in usable for o in c.own[0].current if o.metric_id in metric_ids)
        citations = cite_all(inquiry, observations)
        return cls(inquiry.wording.added(metric_ids), metric_ids, observations, len(usable) > 1, citations)

    @property
    def value(self) -> Fraction:
        return total(exact(o.value) for o in self.observations if o.value is not None)

    @property
    def unit(self) -> str:
        return catalogue().split(self.metric_ids[0])[0].unit

    def row(self, inquiry: Inquiry) -> Row:
        """The figure itself, or what several figures add up to."""
        first = self.observations[0]
        if len(self.observations) == 1:
            return row(inquiry, first)
        return Row(
            report_id=None if self.is_of_several else first.report.report_id,
            body=inquiry.scope_name if self.is_of_several else first.body,
            year=None if self.is_of_several else first.year,
            metric=self.metric_ids[0] if len(self.metric_ids) == 1 else None,
            label=self.name,
            value=as_number(self.value),
            unit=self.unit,
            state="derived",
            citations=self.citations,
        )


def _whose(inquiry: Inquiry, usable: Sequence[Candidate]) -> str:
    if len(usable) == 1:
        first = usable[0].first
        comma = "" if inquiry.wording.language == "zh" else ", "
        return f"{first.body}{comma}{inquiry.wording.year(first.year)}"
    return name_scope(inquiry)


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


def asks_for_members(plan: Plan) -> bool:
    """Whether a share is of the bodies that satisfy the criteria, rather than the share of those that do."""
    return bool(plan.criteria) and (not plan.denominators or plan.condition is not None)


def answer_share_of_members(inquiry: Inquiry) -> Draft:
    """The share of bodies that satisfy the criteria among those of whom it can be told."""
    plan, wording = inquiry.plan, inquiry.wording
    observations = observe(inquiry, metric_ids_of_all(plan))
    if not observations:
        return no_reports(inquiry)
    everyone = candidates_of(inquiry, observations, each=True)
    membership = sort_members(plan, everyone)
    members, known = membership.members, membership.members + membership.others
    if not known:
        return nothing_measured(inquiry, everyone, observations)
    share, shows_year = Fraction(len(members), len(known)), several_years(everyone)
    criteria = say_criteria(wording, plan)
    sentence = wording.say(
        "share.members",
        scope=inquiry.scope_name,
        criteria=criteria,
        part=len(members),
        whole=len(known),
        percent=wording.percent(share),
        members=name_members(inquiry, members, shows_year),
    )
    coverage = cover(inquiry.reports, observations)
    return Draft(
        "partial" if membership.undecided else "answered",
        [
            sentence,
            *say_levels(inquiry, membership),
            *say_latest(inquiry, observations),
            *say_open(inquiry, membership, everyone, shows_year),
            *coverage_in_words(inquiry, coverage, observations),
        ],
        value=float(share),
        rows=[
            _counted(inquiry, label, candidates)
            for label, candidates in ((criteria, members), (wording.phrase("share.told"), known))
            if candidates
        ],
        coverage=coverage,
        warnings=conflict_warnings(inquiry, [o for c in membership.undecided for o in c.evidence]),
    )


def _counted(inquiry: Inquiry, label: str, candidates: Sequence[Candidate]) -> Row:
    evidence = [o for c in candidates for o in c.evidence]
    return Row(
        report_id=None,
        body=inquiry.scope_name,
        label=label,
        value=len(candidates),
        unit=inquiry.wording.phrase("unit.bodies"),
        state="derived",
        citations=cite_all(inquiry, evidence),
    )
