"""One question being answered: what every part of execution is handed, and what it hands back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.answer import Coverage, Row, Status
from assistant.answering.by_id import bodies_by_id, reports_by_id
from assistant.answering.citations import CitationList
from assistant.answering.deferred import Deferred
from assistant.answering.whole_places import outermost
from assistant.answering.wording import Wording
from assistant.plan import Plan, PlanScope
from vectorstore.records import Body, Report, Scope

if TYPE_CHECKING:
    from vectorstore.index import Index


@dataclass
class Draft:
    """An answer before its citations are written out.

    Attributes:
        sentences: Of the answer's text, in order: the answer first, its making next, the coverage last.
        separator: Between them; a passage answer has one line per quote.
    """

    status: Status
    sentences: list[str]
    value: int | float | None = None
    unit: str | None = None
    rows: list[Row] | Deferred[Row] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)
    warnings: list[str] = field(default_factory=list)
    chart: dict[str, Any] | None = None
    separator: str = ""


@dataclass
class Inquiry:
    """A plan, the index that it is asked of, and the citations given so far.

    Attributes:
        today: The day that 今年 refers to.
    """

    plan: Plan
    index: Index
    question: str
    today: date

    def with_plan(self, plan: Plan) -> Inquiry:
        """The same question under another plan, with the same citations."""
        other = Inquiry(plan, self.index, self.question, self.today)
        other.citations = self.citations
        return other

    def of_any_year(self) -> Inquiry:
        """The question of all reports that its years allow, and not only of each body's latest."""
        if not self.plan.scope.latest:
            return self
        scope = self.plan.scope.model_copy(update={"latest": False})
        return self.with_plan(self.plan.model_copy(update={"scope": scope}))

    @cached_property
    def citations(self) -> CitationList:
        """The citations of this answer, numbered in the order of first use."""
        return CitationList(self.index)

    @cached_property
    def wording(self) -> Wording:
        """The sentences of the plan's language."""
        return Wording(self.plan.language)

    @cached_property
    def bodies(self) -> dict[str, Body]:
        """The bodies that the plan names, by id, in the plan's order; ids that the index doesn't know are left out."""
        if not self.plan.scope.bodies:
            return {}
        known = bodies_by_id(self.index)
        return {body_id: known[body_id] for body_id in self.plan.scope.bodies if body_id in known}

    @cached_property
    def reports(self) -> list[Report]:
        """The reports in scope, by region, body and year."""
        return self.reports_within(self.plan.scope)

    @cached_property
    def all_reports(self) -> Mapping[str, Report]:
        """Every report of the index, by id."""
        return reports_by_id(self.index)

    def reports_within(self, scope: PlanScope) -> list[Report]:
        """The reports of a scope but those it excludes; with ``latest``, of each body only those of its last year."""
        reports = self.index.reports(stored_scope(scope))
        left_out = self._excluded_ids(scope)
        if left_out:
            reports = [report for report in reports if report.report_id not in left_out]
        if scope.whole:
            reports = outermost(reports)
        return latest_of_each_body(reports) if scope.latest else reports

    def _excluded_ids(self, scope: PlanScope) -> set[str]:
        return {
            report.report_id
            for excluded in scope.excluded
            if (narrowing := stored_scope(excluded)) != Scope()
            for report in self.index.reports(narrowing)
        }

    @cached_property
    def scope_name(self) -> str:
        """The scope in words: 2023年山东省的乡镇."""
        return self.name_scope(self.plan.scope)

    def name_scope(self, scope: PlanScope) -> str:
        """A scope in words, with what it leaves out: 2023年乡镇（不含界石镇）."""
        return self.wording.scope(scope, self._names(scope)) + self.exception(scope)

    @cached_property
    def taken_in(self) -> list[Report]:
        """The reports of a whole place's parts, for which their government's stands."""
        if not self.plan.scope.whole:
            return []
        each = self.reports_within(self.plan.scope.model_copy(update={"whole": False}))
        outer = {report.report_id for report in self.reports}
        return [report for report in each if report.report_id not in outer]

    def exception(self, scope: PlanScope) -> str:
        """What a scope leaves out, in words that follow its name; empty where it leaves out nothing."""
        if not scope.excluded:
            return ""
        left_out = [self.wording.scope(excluded, self._names(excluded), everyone=False) for excluded in scope.excluded]
        return self.wording.phrase("scope.except", excluded=self.wording.join(left_out))

    def _names(self, scope: PlanScope) -> list[str]:
        if not scope.bodies:
            return []
        known = bodies_by_id(self.index)
        return [known[body_id].name for body_id in scope.bodies if body_id in known]


def stored_scope(scope: PlanScope) -> Scope:
    """The plan's scope as the index takes it; ``latest`` is not the index's concern."""
    return Scope(body_ids=scope.bodies, kinds=scope.kinds, regions=scope.regions, years=scope.years, names=scope.names)


def latest_of_each_body(reports: Sequence[Report]) -> list[Report]:
    """Of each body the reports of its last year; those of an unknown year only where no year is known."""
    last: dict[str, int] = {}
    for report in reports:
        last[report.body_id] = max(last.get(report.body_id, -1), -1 if report.year is None else report.year)
    return [r for r in reports if (-1 if r.year is None else r.year) == last[r.body_id]]
