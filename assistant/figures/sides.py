"""The sides of a comparison: bodies, groups, or scopes within the plan's own, each with what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.inquiry import Inquiry
from assistant.answering.named_bodies import observe_named
from assistant.answering.observations import Observation
from assistant.figures.grouping import Cell, split
from assistant.figures.measuring import Measured, Unit, measure_observed, metric_ids_of
from assistant.figures.summaries import Summary, statistic_of, summarise
from assistant.figures.verdicts import Verdicts, body_criteria, judge
from assistant.plan import Plan, PlanScope
from vectorstore.records import Report


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison; ``reports`` are those in its scope, ``summary`` what they show together."""

    name: str
    measure: Plan
    summary: Summary
    reports: tuple[Report, ...] = ()
    verdicts: Verdicts | None = None

    @property
    def units(self) -> set[Unit]:
        """The bodies and years on this side, known or not."""
        return {m.unit_of_count for m in self.summary.members}

    @property
    def figures(self) -> list[Observation]:
        """Everything that it is made of, known or not."""
        return [o for m in self.summary.members for o in m.current]


def sides_of_scopes(inquiry: Inquiry) -> list[Side]:
    """The plan's own sides, each narrowing the plan's scope."""
    plan = inquiry.plan
    allowed = {report.report_id for report in inquiry.reports}
    sides = []
    for scope in plan.sides:
        inner = inquiry.with_plan(plan.model_copy(update={"scope": _within(plan.scope, scope), "sides": ()}))
        reports = tuple(report for report in inner.reports if report.report_id in allowed)
        units = {(report.body_id, report.year) for report in reports}
        # What only another report tells of a named body has no report of its own in scope.
        members = [m for m in _measured(inner) if m.unit_of_count in units or scope.bodies]
        verdicts = judge(inner, body_criteria(plan))
        summary = summarise(plan, statistic_of(plan), members, verdicts)
        sides.append(Side(inquiry.name_scope(scope), plan, summary, reports, verdicts))
    return sides


def _within(scope: PlanScope, side: PlanScope) -> PlanScope:
    """A side's scope with what it leaves open as the plan's scope has it."""
    own = {field: getattr(side, field) or getattr(scope, field) for field in ("bodies", "kinds", "regions", "names")}
    return PlanScope(
        **own,
        years=side.years or scope.years,
        latest=side.latest or scope.latest,
        whole=side.whole or scope.whole,
        excluded=(*scope.excluded, *side.excluded),
    )


def sides_of_bodies(inquiry: Inquiry) -> list[Side]:
    """The bodies that the plan names, in its order, each with what is known of it; also those without a report."""
    plan, wording = inquiry.plan, inquiry.wording
    measured = _measured(inquiry)
    verdicts = judge(inquiry, body_criteria(plan))
    years = {m.unit_of_count[1] for m in measured}
    sides = []
    for body in inquiry.bodies.values():
        members = [m for m in measured if m.unit_of_count[0] == body.body_id]
        told = {m.unit_of_count[1] for m in members}
        name = body.name
        if len(years) > 1 and len(told) == 1:
            name = wording.body_year(body.name, next(iter(told)))
        reports = tuple(report for report in inquiry.reports if report.body_id == body.body_id)
        summary = summarise(plan, statistic_of(plan), members, verdicts)
        sides.append(Side(name, plan, summary, reports, verdicts))
    return sides


def sides_of_groups(inquiry: Inquiry) -> list[Side]:
    """The groups of the plan's first grouping; also a kind that is asked for and has no report."""
    plan = inquiry.plan
    groups = split(inquiry, plan.group_by[:1], judge(inquiry, body_criteria(plan)))
    sides = [_side_of_cell(inquiry, cell, groups.verdicts) for cell in groups.cells]
    if plan.group_by[:1] == ("kind",):
        told = {cell.groups[0].key for cell in groups.cells}
        empty = summarise(plan, statistic_of(plan), ())
        sides += [Side(inquiry.wording.kind(kind), plan, empty) for kind in plan.scope.kinds if kind not in told]
    return sides


def _side_of_cell(inquiry: Inquiry, cell: Cell, verdicts: Verdicts | None) -> Side:
    units = {m.unit_of_count for m in cell.summary.members}
    reports = tuple(r for r in inquiry.reports if (r.body_id, r.year) in units)
    return Side(cell.name, cell.measure, cell.summary, reports, verdicts)


def _measured(inquiry: Inquiry) -> list[Measured]:
    plan = inquiry.plan
    return measure_observed(inquiry, plan, observe_named(inquiry, metric_ids_of(plan)))


def shared_units(sides: Sequence[Side]) -> set[Unit]:
    """The bodies and years that stand on several sides."""
    seen: set[Unit] = set()
    shared: set[Unit] = set()
    for side in sides:
        shared |= seen & side.units
        seen |= side.units
    return shared
