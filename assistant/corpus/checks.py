"""Where reports contradict themselves, and which identities of the official form they break."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer import Coverage, Row
from assistant.answering.absence import no_reports
from assistant.answering.citations import markers
from assistant.answering.inquiry import Draft, Inquiry, stored_scope
from assistant.answering.observations import Observation, observation_of, readings_in_words
from assistant.answering.observations import row as figure_row
from assistant.answering.report_rows import report_row
from assistant.answering.wording import MEMBERS_NAMED, as_number
from assistant.corpus.reports import all_stated
from vectorstore.catalogue import COLUMN_SEPARATOR
from vectorstore.check_rules import rule_of
from vectorstore.records import Check, CheckSide, Report, Scope, State

_COMPARISONS = frozenset({"narrative_against_table", "narrative_against_narrative"})
"""Rules that set readings of one figure against one another: contradictions, not identities."""


def answer_checks(inquiry: Inquiry) -> Draft:
    """Contradictory figures, or failing identities, by the plan's aspect; ``value`` counts the reports."""
    if not inquiry.reports:
        return no_reports(inquiry)
    return _failed_checks(inquiry) if inquiry.plan.aspect == "failed_checks" else _conflicts(inquiry)


def _conflicts(inquiry: Inquiry) -> Draft:
    plan, wording = inquiry.plan, inquiry.wording
    reports = {report.report_id: report for report in inquiry.reports}
    failed = [c for c in inquiry.index.checks(stored_scope(plan.scope), False) if c.rule in _COMPARISONS]
    # Every contradiction has a failed comparison, so only those reports' figures need be read, unless few are asked of.
    suspected = {c.report_id for c in failed} & reports.keys() or (set(reports) if len(reports) <= 50 else set())
    observations = _conflicting(inquiry, suspected, reports)
    coverage = all_stated(inquiry.reports)
    looked = wording.say("coverage.reports", scope=inquiry.scope_name, count=len(reports))
    if not observations:
        return Draft("answered", [wording.say("checks.no_conflicts", scope=inquiry.scope_name), looked], 0,
                     wording.phrase("unit.reports"), coverage=coverage)  # fmt: skip
    count = len({o.report.report_id for o in observations})
    clauses = [
        wording.phrase(
            "checks.conflict",
            body=o.body,
            year=wording.year(o.year),
            metric=wording.metric([o.metric_id or ""]),
            readings=readings_in_words(inquiry, o),
        )
        for o in observations[:MEMBERS_NAMED]
    ]
    if len(observations) > MEMBERS_NAMED:
        clauses[-1] += wording.phrase("list.more", count=len(observations))
    sentence = wording.say(
        "checks.conflicts", scope=inquiry.scope_name, count=count, members=wording.semicolons(clauses)
    )
    return Draft(
        "answered",
        [sentence, looked],
        value=count,
        unit=wording.phrase("unit.reports"),
        rows=[figure_row(inquiry, o) for o in observations],
        coverage=_with_conflicts(coverage, count),
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


def _with_conflicts(coverage: Coverage, conflicting: int) -> Coverage:
    return coverage.model_copy(update={"stated": coverage.stated - conflicting, "conflicting": conflicting})


def _failed_checks(inquiry: Inquiry) -> Draft:
    plan, wording = inquiry.plan, inquiry.wording
    reports = {report.report_id: report for report in inquiry.reports}
    wanted = {m.partition(COLUMN_SEPARATOR)[0] for m in plan.metrics}
    checks = [
        c
        for c in inquiry.index.checks(stored_scope(plan.scope))
        if c.report_id in reports
        and rule_of(c.rule).sort == "identity"
        and (not wanted or c.subject.partition(COLUMN_SEPARATOR)[0] in wanted)
    ]
    failed = [check for check in checks if check.holds is False]
    holding = sum(check.holds is True for check in checks)
    tally = wording.say(
        "checks.tally",
        all=len(checks),
        holds=holding,
        fails=len(failed),
        unknown=len(checks) - holding - len(failed),
    )
    described = [_describe(inquiry, reports[check.report_id], check) for check in failed]
    clauses = [clause for _, clause in described]
    count = len({check.report_id for check in failed})
    if failed:
        members = wording.semicolons(clauses[:MEMBERS_NAMED])
        if len(clauses) > MEMBERS_NAMED:
            members += wording.phrase("list.more", count=len(clauses))
        first = wording.say("checks.failed", scope=inquiry.scope_name, count=count, members=members)
    else:
        first = wording.say("checks.none_failed", scope=inquiry.scope_name)
    return Draft(
        "answered" if checks else "not_in_corpus",
        [first, tally],
        value=count if checks else None,
        unit=wording.phrase("unit.reports"),
        rows=[failed_row for failed_row, _ in described],
        coverage=all_stated(inquiry.reports),
    )


def _describe(inquiry: Inquiry, report: Report, check: Check) -> tuple[Row, str]:
    """The row of a failed check, and both its sides in words."""
    wording = inquiry.wording
    left, right = _cite(inquiry, check.report_id, check.left), _cite(inquiry, check.report_id, check.right)
    clause = wording.phrase(
        "checks.check",
        body=report.body,
        year=wording.year(report.year),
        left=check.left.label,
        left_value=_value(inquiry, check.left),
        left_cites=markers(left),
        right=check.right.label,
        right_value=_value(inquiry, check.right),
        right_cites=markers(right),
    )
    return _row(report, check, (*left, *(n for n in right if n not in left))), clause


def _cite(inquiry: Inquiry, report_id: str, side: CheckSide) -> Sequence[int]:
    return list(dict.fromkeys(n for span in side.spans for n in inquiry.citations.cite(report_id, span)))


def _value(inquiry: Inquiry, side: CheckSide) -> str:
    return inquiry.wording.number(side.value) if side.value is not None else "?"


def _row(report: Report, check: Check, cites: tuple[int, ...]) -> Row:
    sides = [n for n in (as_number(check.left.value), as_number(check.right.value)) if n is not None]
    return report_row(
        report,
        cites,
        metric=check.subject,
        label=f"{check.left.label} / {check.right.label}",
        state="conflicting",
        readings=tuple(sides),
        note=check.rule,
    )
