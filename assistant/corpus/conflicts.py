"""Figures on which a report contradicts itself: each reading with its place, and the one that counts if one does."""

from __future__ import annotations

from assistant.answer import Coverage
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.observations import Observation, observation_of
from assistant.answering.report_rows import all_stated, say_looked_at
from assistant.answering.showing import quantity, readings_in_words, rows_of
from assistant.answering.wording import MEMBERS_NAMED
from assistant.corpus.checked import checked_scope, tally_in_words
from vectorstore.catalogue import COLUMN_SEPARATOR
from vectorstore.records import Report, Scope, State

_COMPARISONS = frozenset({"narrative_against_table", "narrative_against_narrative"})
"""Rules that set readings of one figure against one another: contradictions, not identities."""
_FEW = 50
"""Reports whose figures are all read, whether or not a comparison failed."""


def answer_conflicts(inquiry: Inquiry) -> Draft:
    """The contradictory figures in scope, of the metrics asked for if any; ``value`` counts their reports."""
    wording = inquiry.wording
    reports = {report.report_id: report for report in inquiry.reports}
    scope = checked_scope(inquiry)
    # Every contradiction has a failed comparison, so only those reports' figures need be read, unless few are asked of.
    failed = {c.report_id for c in inquiry.index.checks(scope, False) if c.rule in _COMPARISONS}
    suspected = failed & reports.keys() or (set(reports) if len(reports) <= _FEW else set())
    observations = _conflicting(inquiry, suspected, reports)
    tally = tally_in_words(inquiry, inquiry.index.tally_checks(scope), lambda rule, _: rule in _COMPARISONS)
    count = len({o.report.report_id for o in observations})
    clauses = [_in_words(inquiry, o) for o in observations[:MEMBERS_NAMED]]
    if len(observations) > MEMBERS_NAMED:
        clauses[-1] += wording.phrase("list.more", count=len(observations))
    first = wording.say(
        "checks_found.conflicts" if observations else "checks_none.conflicts",
        scope=inquiry.scope_name,
        count=count,
        members=wording.semicolons(clauses),
    )
    return Draft(
        "answered",
        [first, tally, say_looked_at(inquiry)],
        value=count,
        unit=wording.phrase("unit.reports"),
        rows=rows_of(inquiry, observations),
        coverage=_with_conflicts(all_stated(inquiry.reports), count),
    )


def _conflicting(inquiry: Inquiry, suspected: set[str], reports: dict[str, Report]) -> list[Observation]:
    if not suspected:
        return []
    wanted = [m.partition(COLUMN_SEPARATOR)[0] for m in inquiry.plan.metrics]
    found = inquiry.index.figures(Scope(report_ids=tuple(sorted(suspected))))
    return [
        observation_of(reports[f.report_id], f)
        for f in found
        if f.state is State.CONFLICTING
        and f.report_id in reports
        and (not wanted or f.metric_id.partition(COLUMN_SEPARATOR)[0] in wanted)
    ]


def _in_words(inquiry: Inquiry, observation: Observation) -> str:
    wording = inquiry.wording
    clause = wording.phrase(
        "checks.conflict",
        body=observation.body,
        year=wording.year(observation.year),
        metric=wording.metric([observation.metric_id or ""]),
        readings=readings_in_words(inquiry, observation),
    )
    if observation.value is not None:
        clause += wording.phrase("checks.counts", value=quantity(inquiry, observation))
    return clause


def _with_conflicts(coverage: Coverage, conflicting: int) -> Coverage:
    return coverage.model_copy(update={"stated": coverage.stated - conflicting, "conflicting": conflicting})
