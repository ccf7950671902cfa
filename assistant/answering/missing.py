"""Bodies that should have reported and didn't: known where a register was given, and never taken for silence."""

from __future__ import annotations

from dataclasses import replace

from assistant.answering.inquiry import Draft, Inquiry, stored_scope
from assistant.plan import PlanScope, Subject
from vectorstore.records import MissingReports

_SUBJECTS: tuple[Subject, ...] = ("figures", "mentions", "passages", "themes", "reports", "bodies", "checks")
_TOLD_OF: tuple[Subject, ...] = ("figures", "mentions", "reports", "bodies")
_OF_REPORTS: tuple[Subject, ...] = ("reports", "bodies")
_WHOLE = (None, "holdings")
"""Aspects that tell what there is: then it is told what there isn't, too."""


def missing_reports(inquiry: Inquiry) -> list[MissingReports] | None:
    """The registered bodies in the plan's scope that lack a report of its years; ``None`` without a register.

    Of a body whose latest report is asked for, that is any report at all.
    """
    scope = inquiry.plan.scope
    found = inquiry.index.missing(stored_scope(scope))
    if found is None:
        return None
    if scope.latest:
        reporting = {report.body_id for report in inquiry.reports}
        found = [m for m in found if not any(body.body_id in reporting for body in m.registered.bodies)]
    for excluded in scope.excluded:
        found = _without(inquiry, found, excluded)
    if inquiry.plan.sides:
        listed = [m for side in inquiry.plan.sides for m in inquiry.index.missing(stored_scope(side)) or ()]
        beside = {m.registered.name for m in listed}
        found = [m for m in found if m.registered.name in beside]
    return found


def _without(inquiry: Inquiry, found: list[MissingReports], excluded: PlanScope) -> list[MissingReports]:
    left_out = {
        (m.registered.name, m.registered.region): set(m.years)
        for m in inquiry.index.missing(stored_scope(excluded)) or ()
    }
    kept = [
        replace(
            m, years=tuple(y for y in m.years if y not in left_out.get((m.registered.name, m.registered.region), ()))
        )
        for m in found
    ]
    return [m for m in kept if m.years]


def add_missing(inquiry: Inquiry, draft: Draft) -> None:
    """Count in a draft's coverage the bodies that should have reported and didn't, and name them in its text."""
    plan = inquiry.plan
    if plan.subject not in _SUBJECTS:
        return
    found = missing_reports(inquiry)
    if found is None:
        return
    draft.coverage = draft.coverage.model_copy(update={"missing": len(found)})
    if found and plan.subject in _TOLD_OF and (plan.subject not in _OF_REPORTS or plan.aspect in _WHOLE):
        draft.sentences.append(name_missing(inquiry, found, "besides"))


def name_missing(inquiry: Inquiry, found: list[MissingReports], key: str) -> str:
    """The sentence ``missing.{key}`` with the bodies that lack reports, each with its years unless one is asked of."""
    wording = inquiry.wording
    years = inquiry.plan.scope.years
    when = wording.phrase("missing.when", years=wording.years(years)) if years else ""
    members = [
        m.registered.name + ("" if len(years) == 1 else wording.phrase("missing.lacks", years=wording.years(m.years)))
        for m in found
    ]
    return wording.say(f"missing.{key}", count=len(found), when=when, members=wording.members(members))
