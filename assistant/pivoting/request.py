"""What a pivot table is asked to be of, as a typed object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from assistant.answering.by_id import bodies_by_id
from assistant.plan import Criterion, Frozen, Grouping, Language, Operation, Plan, PlanScope, RegionLevel
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue
from vectorstore.folding import fold_text
from vectorstore.records import Kind

if TYPE_CHECKING:
    from vectorstore.index import Index

RowAxis = Literal["body", "kind", "region", "year"]
ColumnAxis = Literal["year", "metric", "kind", "column", "outcome"]
Shown = Literal["sum", "mean", "median", "count", "zero"]

MOST_METRICS = 40


class PivotRequest(Frozen):
    """A pivot table, before it is made.

    Attributes:
        metrics: Full ids, each in a column of its own or, with its years, kinds or parts, in several; never added.
        names: Of bodies: whole names or aliases, or parts of them.
        rows: What a row is.
        columns: What the columns of each metric are: ``metric`` is the metric itself; ``column`` its applicants and
            ``outcome`` the outcomes of applications, each beside the total that the form states.
        level: Of rows that are regions; ``None`` for the highest that tells them apart.
        shows: What several reports show together: ``count`` how many of them state a number, ``zero`` how many state
            0.
    """

    metrics: tuple[str, ...] = Field(default=("applications_new",), min_length=1, max_length=MOST_METRICS)
    years: tuple[int, ...] = ()
    kinds: tuple[Kind, ...] = ()
    regions: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    rows: RowAxis = "body"
    columns: ColumnAxis = "year"
    level: RegionLevel | None = None
    shows: Shown = "sum"

    @property
    def axis(self) -> ColumnAxis:
        """The columns' axis; what the rows are already splits no column."""
        return "metric" if self.columns == self.rows else self.columns

    @property
    def counts_years(self) -> bool:
        """Whether a cell that isn't there is a report that is missing: of a body, each year's."""
        return self.rows == "body" and self.axis == "year"


def scope_of(index: Index, request: PivotRequest) -> PlanScope:
    """The scope of a request; its names are bodies where each is the whole name or an alias of some."""
    bodies: tuple[str, ...] = ()
    if request.names:
        called = {fold_text(name): name for name in request.names}
        found: dict[str, list[str]] = {}
        for body in bodies_by_id(index).values():
            for name in {fold_text(name) for name in (body.name, *body.aliases)} & called.keys():
                found.setdefault(name, []).append(body.body_id)
        if len(found) == len(called):
            bodies = tuple(dict.fromkeys(body_id for name in called for body_id in found[name]))
    return PlanScope(
        bodies=bodies,
        kinds=request.kinds,
        regions=request.regions,
        years=request.years,
        names=() if bodies else request.names,
    )


_ZERO = Criterion(comparison="=")


def plan_of(
    request: PivotRequest, scope: PlanScope, metric_id: str, group_by: tuple[Grouping, ...], language: Language = "zh"
) -> Plan:
    """The Plan that asks for one metric of a request, split by groupings."""
    operation: Operation = "count" if request.shows == "zero" else "sum" if request.shows == "count" else request.shows
    return Plan(
        subject="figures",
        operation=operation,
        statistic="count" if request.shows == "count" else None,
        metrics=(metric_id,),
        criteria=(_ZERO,) if request.shows == "zero" else (),
        scope=scope,
        group_by=group_by,
        region_level=request.level,
        language=language,
    )


def as_questions(index: Index, request: PivotRequest, language: Language = "zh") -> list[Plan]:
    """The Plans that ask the same as a request, one for each metric; empty where no question asks that.

    How many reports state a number is no question about a number.
    """
    if request.shows == "count":
        return []
    scope = scope_of(index, request)
    plans: list[Plan] = []
    for metric_id in request.metrics:
        group_by: tuple[Grouping, ...] = (request.rows,)
        axis, has_columns = request.axis, catalogue().split(metric_id)[0].has_columns
        if axis == "year" or axis == "kind" or (has_columns and (axis == "column" or axis == "outcome")):
            group_by = (request.rows, axis)
        base, _, column = metric_id.partition(COLUMN_SEPARATOR)
        if group_by[-1] == "column":
            metric_id = base
        elif group_by[-1] == "outcome":
            metric_id = f"result_total{COLUMN_SEPARATOR}{column}" if column else "result_total"
        plan = plan_of(request, scope, metric_id, group_by, language)
        if plan not in plans:
            plans.append(plan)
    return plans
