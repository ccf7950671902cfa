"""Values: what single reports say of single metrics, and how they changed from the year before."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.absence import no_reports, none_states, reason
from assistant.answering.citations import markers
from assistant.answering.coverage import cover, coverage_in_words
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.named_bodies import observe_named
from assistant.answering.observations import Observation
from assistant.answering.showing import cite, conflict_in_words, conflict_warnings, derivation, quantity, rows_of
from assistant.answering.wording import MEMBERS_NAMED, as_number
from assistant.figures.measure_wording import base_year, measured_in_words, unit_of
from assistant.figures.measuring import Formula, Measured
from assistant.figures.membership import Candidate, candidates_of, own_formulas


def answer_value(inquiry: Inquiry) -> Draft:
    """What the bodies in scope say: one row for each body, year and metric; of a change one for each of both years."""
    plan = inquiry.plan
    observations = observe_named(inquiry, plan.metrics)
    if not observations:
        return no_reports(inquiry)
    if not any(o.values for o in observations):
        return none_states(inquiry, observations)
    return _changes(inquiry, observations) if plan.change else _values(inquiry, observations)


def _values(inquiry: Inquiry, observations: Sequence[Observation]) -> Draft:
    wording = inquiry.wording
    shown = observations[:MEMBERS_NAMED]
    clauses = wording.semicolons(describe(inquiry, observation) for observation in shown)
    more = wording.phrase("list.more", count=len(observations)) if len(observations) > len(shown) else ""
    sentences = [wording.clauses([clauses + more]), *say_latest(inquiry, observations)]
    sentences += [
        wording.say("value.elsewhere", body=o.body, year=wording.year(o.year), source=wording.report(o.report))
        for o in shown
        if o.body_id != o.report.body_id
    ]
    missing = _missing_bodies(inquiry, observations)
    sentences += missing
    coverage = cover(inquiry.reports, [o for o in observations if o.is_own])
    if len(inquiry.reports) > 1 and not inquiry.plan.scope.bodies:
        # Bodies whose value is unknown have their clause above.
        told = {o.unit_of_count for o in shown} if len(shown) == len(observations) else set()
        sentences += coverage_in_words(inquiry, coverage, observations, told)
    incomplete = bool(missing) or any(o.value is None for o in observations)
    single = observations[0] if len(observations) == 1 else None
    return Draft(
        "partial" if incomplete else "answered",
        sentences,
        value=as_number(single.value) if single else None,
        unit=single.unit if single else None,
        rows=rows_of(inquiry, observations),
        coverage=coverage,
        warnings=conflict_warnings(inquiry, observations),
    )


def _changes(inquiry: Inquiry, observations: Sequence[Observation]) -> Draft:
    """The change of each body from the year before, both years' figures shown and cited."""
    wording, formulas = inquiry.wording, own_formulas(inquiry.plan, each=True)
    candidates = candidates_of(inquiry, observations, each=True)
    told = [(f, c, m) for c in candidates for f, m in zip(formulas, c.own, strict=True)]
    clauses = [_change_in_words(inquiry, *one) for one in told[:MEMBERS_NAMED]]
    more = wording.phrase("list.more", count=len(told)) if len(told) > len(clauses) else ""
    missing = _missing_bodies(inquiry, observations)
    used = [o for c in candidates for o in c.evidence]
    coverage = cover(inquiry.reports, [o for o in observations if o.is_own])
    complete = all(m.value is not None for _, _, m in told) and not missing
    formula, _, single = told[0]
    return Draft(
        "answered" if complete else "partial",
        [
            wording.clauses([wording.semicolons(clauses) + more]),
            *say_latest(inquiry, observations),
            *missing,
            *([] if inquiry.plan.scope.bodies else coverage_in_words(inquiry, coverage, observations)),
        ],
        value=as_number(single.value) if len(told) == 1 else None,
        unit=unit_of(formula) or None if len(told) == 1 else None,
        rows=rows_of(inquiry, used),
        coverage=coverage,
        warnings=conflict_warnings(inquiry, used),
    )


def _change_in_words(inquiry: Inquiry, formula: Formula, candidate: Candidate, measured: Measured) -> str:
    wording, first = inquiry.wording, candidate.first
    if measured.value is not None:
        return wording.phrase(
            "value.change",
            body=first.body,
            year=wording.year(first.year),
            metric=wording.added(formula.metrics),
            change=measured_in_words(inquiry, formula, measured),
            cites=markers(dict.fromkeys(n for o in measured.observations for n in cite(inquiry, o))),
        )
    clauses = [describe(inquiry, o) for o in measured.current]
    if not measured.before and first.year is not None:
        clauses.append(
            wording.phrase(
                "value.no_year_before",
                body=first.body,
                year=wording.year(formula.since or first.year - 1),
                base=base_year(wording, formula),
                metric=wording.added(formula.metrics),
            )
        )
    return wording.semicolons(clauses + [describe(inquiry, o) for o in measured.before])


def say_latest(inquiry: Inquiry, observations: Sequence[Observation]) -> list[str]:
    """That each body's latest report was taken, where the question names no year."""
    years = {o.year for o in observations if o.year is not None}
    if not inquiry.plan.scope.latest or not years:
        return []
    return [inquiry.wording.say("value.latest", years=inquiry.wording.years(years))]


def describe(inquiry: Inquiry, observation: Observation) -> str:
    """What is known of one body, year and metric, as a clause with its citations."""
    wording = inquiry.wording
    if not observation.values:
        return reason(inquiry, observation)
    metric = wording.metric([observation.metric_id]) if observation.metric_id else wording.added(inquiry.plan.metrics)
    named = {"body": observation.body, "year": wording.year(observation.year), "metric": metric}
    if observation.state == "conflicting":
        return conflict_in_words(inquiry, observation)
    value, cites = quantity(inquiry, observation), markers(cite(inquiry, observation))
    if observation.state == "derived":
        note = derivation(inquiry, observation)
        return wording.phrase("value.derived", value=value, note=note, cites=cites, **named)
    return wording.phrase("value.known", value=value, cites=cites, **named)


def _missing_bodies(inquiry: Inquiry, observations: Sequence[Observation]) -> list[str]:
    """For each named body and year that nothing is known of: that the corpus holds no such report."""
    wording, scope = inquiry.wording, inquiry.plan.scope
    told = {o.unit_of_count for o in observations}
    sentences = []
    for body in inquiry.bodies.values():
        has_any = any(body_id == body.body_id for body_id, _ in told)
        absent = [year for year in scope.years if (body.body_id, year) not in told]
        if absent or not has_any:
            named = f"{body.name}{wording.phrase('scope.years', years=wording.years(absent))}" if absent else body.name
            sentences.append(wording.say("absent.no_report", scope=named))
    return sentences
