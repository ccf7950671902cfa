"""Which of a plan's metrics are added, and which are answered each for itself."""

from __future__ import annotations

from assistant.plan import Operation, Plan
from vectorstore.catalogue import catalogue

_ADDING: tuple[Operation, ...] = ("sum", "mean", "median", "top", "rank", "compare", "trend")


def metrics_apart(plan: Plan) -> list[tuple[str, ...]]:
    """The metrics that are answered together: one for each unit, or each for itself; one for all where they add up."""
    if {"column", "outcome"} & set(plan.group_by) or plan.denominators or not (plan.apart or adds(plan)):
        return [plan.metrics]
    if plan.apart:
        return [(metric,) for metric in plan.metrics]
    of_unit: dict[str, list[str]] = {}
    for metric in plan.metrics:
        of_unit.setdefault(catalogue().split(metric)[0].unit, []).append(metric)
    return [tuple(metrics) for metrics in of_unit.values()] or [plan.metrics]


def adds(plan: Plan) -> bool:
    """Whether several metrics of one unit make one number: a sum, a ranking, a comparison, the values of groups."""
    return plan.operation in _ADDING or bool(plan.group_by) or bool(plan.sides)


def added_metrics(plan: Plan) -> list[tuple[str, ...]]:
    """The plan's metrics in their order: those that make one number together, all others by themselves."""
    if {"column", "outcome"} & set(plan.group_by) or not adds(plan):
        return [(metric,) for metric in plan.metrics]
    return metrics_apart(plan)
