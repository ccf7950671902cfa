"""What is split by a plan's ``group_by``: by body, kind, region, year, applicant or outcome, or by two of them.

Bodies and years are sorted into groups by what they are. Applicants and outcomes are parts of a figure: each is the
plan's measure of other cells of the form.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from operator import attrgetter

from assistant.answering.inquiry import Inquiry
from assistant.answering.named_bodies import observe_named
from assistant.answering.observations import Observation
from assistant.answering.region_levels import depth_of, depth_within
from assistant.figures.measuring import Measured, Unit, measure_observed, metric_ids_of
from assistant.figures.summaries import Summary, figures_of, statistic_of, summarise
from assistant.figures.verdicts import Verdicts
from assistant.plan import Grouping, Plan
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue
from vectorstore.records import Kind

_KIND_ORDER = {kind: position for position, kind in enumerate(Kind)}
_TOLD_BY: dict[Grouping, tuple[str, ...]] = {
    "body": ("body_id", "body", "region"),
    "kind": ("kind",),
    "region": ("region",),
    "year": ("year",),
}
"""What of a body and year tells its group."""
PARTS: tuple[Grouping, ...] = ("column", "outcome")
"""What splits a figure rather than the bodies."""
_COARSE_OUTCOMES = (
    "result_granted",
    "result_partial",
    "denied_subtotal",
    "unable_subtotal",
    "unprocessed_subtotal",
    "other_subtotal",
)


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a split.

    Attributes:
        is_named: Whether it is a group to rank or list, and not the rest of which the region or year is unknown.
    """

    key: Hashable
    name: str
    is_named: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """What one group shows, or one pair of groups; ``measure`` is the plan with the figures of this part."""

    groups: tuple[Group, ...]
    measure: Plan
    summary: Summary

    def as_share_of(self, total: Fraction) -> Cell:
        """The same cell with its value as a share of a total; unknown where that is zero."""
        value = None if self.summary.value is None or not total else self.summary.value / total
        return replace(self, summary=replace(self.summary, value=value))

    @property
    def name(self) -> str:
        """The groups' names: 文登经济开发区 × 予以公开."""
        return " × ".join(group.name for group in self.groups)


@dataclass(frozen=True)
class Split:
    """A measure split by groups: the cells in their order, and the verdicts by which bodies were narrowed.

    Attributes:
        left_out: The cells of bodies that don't satisfy the criteria: part of the coverage and of nothing else.
    """

    cells: list[Cell]
    verdicts: Verdicts | None = None
    left_out: tuple[Cell, ...] = ()

    @property
    def summaries(self) -> list[Summary]:
        """What each cell shows, those that are left out included."""
        return [cell.summary for cell in (*self.cells, *self.left_out)]

    @cached_property
    def figures(self) -> list[Observation]:
        """Everything that the cells are made of, each figure once, known or not."""
        return figures_of(self.summaries)

    @property
    def is_unknown(self) -> bool:
        """Whether no cell has a value."""
        return all(cell.summary.value is None for cell in self.cells)

    def with_cells(self, cells: Sequence[Cell]) -> Split:
        """The same split with other cells."""
        return Split(list(cells), self.verdicts, self.left_out)


def split(inquiry: Inquiry, group_by: Sequence[Grouping], verdicts: Verdicts | None = None) -> Split:
    """A plan's measure by one or two groupings; only groups that a report in scope belongs to, in their order.

    Args:
        verdicts: Of the plan's criteria on bodies and years.
    """
    parts = _parts(inquiry, group_by)
    ids = list(dict.fromkeys(i for _, measure in parts for i in metric_ids_of(measure)))
    by_metric: dict[str | None, list[Observation]] = defaultdict(list)
    observations = observe_named(inquiry, ids)
    for observation in observations:
        by_metric[observation.metric_id].append(observation)
    places = _places(inquiry, [g for g in group_by if g not in PARTS], observations)
    statistic = statistic_of(inquiry.plan)
    cells = []
    for part_groups, measure in parts:
        measured = measure_observed(inquiry, measure, [o for i in metric_ids_of(measure) for o in by_metric[i]])
        for unit_groups, members in places.sort(measured):
            groups = tuple((part_groups if g in PARTS else unit_groups)[g] for g in group_by)
            cells.append(Cell(groups, measure, summarise(measure, statistic, members, verdicts)))
    ordered = _ordered(cells, group_by, parts)
    if verdicts is None or "body" not in group_by or statistic in ("count", "share"):
        return Split(ordered, verdicts)
    # A body that fails the criteria is no group of zero; where all fail, that they do is the answer.
    failing = [cell for cell in ordered if cell.summary.known and not cell.summary.counted]
    kept = [cell for cell in ordered if not cell.summary.known or cell.summary.counted]
    return Split(kept, verdicts, tuple(failing)) if kept else Split(ordered, verdicts)


def split_metrics(inquiry: Inquiry, verdicts: Verdicts | None = None) -> Split:
    """Each of the plan's metrics as a part of its own."""
    statistic = statistic_of(inquiry.plan)
    observations = observe_named(inquiry, list(inquiry.plan.metrics))
    cells = []
    for metric_id in inquiry.plan.metrics:
        measure = inquiry.plan.model_copy(update={"metrics": (metric_id,)})
        measured = measure_observed(inquiry, measure, [o for o in observations if o.metric_id == metric_id])
        group = Group(metric_id, inquiry.wording.metric([metric_id]))
        cells.append(Cell((group,), measure, summarise(measure, statistic, measured, verdicts)))
    return Split(cells if observations else [], verdicts)


def _ordered(
    cells: list[Cell], group_by: Sequence[Grouping], parts: Sequence[tuple[dict[Grouping, Group], Plan]]
) -> list[Cell]:
    """Rows first, then columns: years and kinds in their order, parts in the form's, the rest as the reports are."""
    orders: list[dict[Hashable, int]] = []
    for axis, grouping in enumerate(group_by):
        keys: list[Hashable] = list(dict.fromkeys(cell.groups[axis].key for cell in cells))
        if grouping == "year":
            keys.sort(key=lambda year: year if isinstance(year, int) else 0)
        elif grouping == "kind":
            keys.sort(key=lambda kind: _KIND_ORDER.get(kind, len(_KIND_ORDER)))  # type: ignore[call-overload]
        elif grouping in PARTS:
            keys = list(dict.fromkeys(groups[grouping].key for groups, _ in parts))
        orders.append({key: position for position, key in enumerate(keys)})
    return sorted(cells, key=lambda c: tuple(order[g.key] for order, g in zip(orders, c.groups, strict=True)))


@dataclass(frozen=True, slots=True)
class _Places:
    """Where bodies and years stand among the groups that they are sorted into.

    Attributes:
        groups: The groups of each place, by grouping.
        of_unit: The number of each body and year's place; empty where there is only one place.
    """

    groups: list[dict[Grouping, Group]]
    of_unit: dict[Unit, int]

    def sort(self, measured: list[Measured]) -> list[tuple[dict[Grouping, Group], list[Measured]]]:
        """The groups that what is measured belongs to, each with what belongs to it."""
        if not self.of_unit:
            return [(self.groups[0], measured)] if measured else []
        members: list[list[Measured]] = [[] for _ in self.groups]
        for m in measured:
            members[self.of_unit[m.unit_of_count]].append(m)
        return [(groups, of) for groups, of in zip(self.groups, members, strict=True) if of]


def _places(inquiry: Inquiry, groupings: Sequence[Grouping], observations: Sequence[Observation]) -> _Places:
    """The places of the bodies and years that observations are of."""
    if not groupings:
        return _Places([{}], {})
    distinct: dict[Unit, Observation] = {}
    for o in observations:
        distinct.setdefault(o.unit_of_count, o)
    depth = depth_of(inquiry.plan.region_level, (o.region for o in distinct.values()))
    naming = _Naming(inquiry, depth, _homonyms(distinct.values()))
    # Thousands of bodies have few kinds, regions and years: each such standing is put into words once.
    standing = attrgetter(*dict.fromkeys(field for grouping in groupings for field in _TOLD_BY[grouping]))
    numbers: dict[tuple[Group, ...], int] = {}
    of_standing: dict[object, int] = {}
    of_unit = {}
    for unit, o in distinct.items():
        key = standing(o)
        if key not in of_standing:
            groups = tuple(naming.group(grouping, o) for grouping in groupings)
            of_standing[key] = numbers.setdefault(groups, len(numbers))
        of_unit[unit] = of_standing[key]
    return _Places([dict(zip(groupings, groups, strict=True)) for groups in numbers], of_unit)


@dataclass(frozen=True, slots=True)
class _Naming:
    """What groups are called.

    Attributes:
        depth: How many levels of a region's path name it.
        homonyms: Names that several bodies have, which are told apart by their regions.
    """

    inquiry: Inquiry
    depth: int
    homonyms: AbstractSet[str]

    def group(self, grouping: Grouping, o: Observation) -> Group:
        """The group that a body and year belongs to."""
        wording = self.inquiry.wording
        if grouping == "kind":
            name = wording.kind(o.kind) if o.kind else wording.phrase("breakdown.unknown_kind")
            return Group(o.kind, name, o.kind is not None)
        if grouping == "year":
            return Group(o.year, wording.year(o.year), o.year is not None)
        if grouping == "region":
            return _region_group(self.inquiry, o.region, self.depth)
        if o.body in self.homonyms and o.region:
            where = wording.region(o.region)
            return Group(o.body_id, wording.phrase("breakdown.body_in", body=o.body, region=where))
        return Group(o.body_id, o.body)


def group_units(
    inquiry: Inquiry, groupings: Sequence[Grouping], observations: Sequence[Observation]
) -> dict[Unit, str]:
    """The name of the group, or of the several groups at once, that each body and year belongs to."""
    places = _places(inquiry, groupings, observations)
    names = [" × ".join(groups[grouping].name for grouping in groupings) for groups in places.groups]
    return {unit: names[number] for unit, number in places.of_unit.items()}


def _homonyms(observations: Iterable[Observation]) -> set[str]:
    """The names that several bodies have."""
    bodies: dict[str, str] = {}
    return {o.body for o in observations if bodies.setdefault(o.body, o.body_id) != o.body_id}


def _region_group(inquiry: Inquiry, region: str | None, depth: int) -> Group:
    """A region at the level asked for; what lies above that level stands by itself and is no region of the level."""
    wording = inquiry.wording
    if not region:
        return Group(None, wording.phrase("breakdown.unknown_region"), is_named=False)
    levels, depth = region.split("/"), depth_within(region, depth)
    path = "/".join(levels[:depth])
    name = wording.region(path)
    if inquiry.plan.region_level is not None and len(levels) < depth:
        return Group((path, "itself"), wording.phrase("breakdown.region_itself", region=name), is_named=False)
    return Group(path, name)


def _parts(inquiry: Inquiry, group_by: Sequence[Grouping]) -> list[tuple[dict[Grouping, Group], Plan]]:
    """The plan's measure for each part; the measure itself where the split is by no part."""
    plan = inquiry.plan
    axes = [[(grouping, part) for part in part_ids(plan, grouping)] for grouping in group_by if grouping in PARTS]
    made = []
    for chosen in product(*axes):
        part = dict(chosen)
        groups = {grouping: Group(key, part_name(inquiry, grouping, key)) for grouping, key in chosen}
        made.append((groups, _measure_of(plan, part.get("outcome"), part.get("column"))))
    return made


def part_ids(plan: Plan, grouping: Grouping) -> list[str]:
    """The six applicant columns; or the outcomes: those asked for where several are, else all.

    Where the plan's metrics are subtotals of outcomes (``denied_subtotal`` …) these are the parts.
    """
    if grouping == "column":
        return [column.id for column in catalogue().applicant_columns]
    outcomes = [row.id for row in catalogue().application_rows if row.part == "outcome"]
    asked = list(dict.fromkeys(metric.partition(COLUMN_SEPARATOR)[0] for metric in plan.metrics))
    return asked if len(asked) > 1 and set(asked) <= {*outcomes, *_COARSE_OUTCOMES} else outcomes


def coarse_outcomes(plan: Plan) -> Plan:
    """The plan by the form's six headings: prose that gives no single reason often gives these."""
    column = plan.metrics[0].partition(COLUMN_SEPARATOR)[2] if plan.metrics else ""
    return plan.model_copy(update={"metrics": tuple(_in_column(m, column) for m in _COARSE_OUTCOMES)})


def _measure_of(plan: Plan, outcome: str | None, column: str | None) -> Plan:
    metrics, denominators = plan.metrics or (("applications_new",) if column else ()), plan.denominators
    if outcome is not None:
        metrics = (_in_column(outcome, metrics[0].partition(COLUMN_SEPARATOR)[2] if metrics else ""),)
    if column is not None:
        metrics = tuple(dict.fromkeys(_in_column(m, column) for m in metrics))
        denominators = tuple(dict.fromkeys(_in_column(m, column) for m in denominators))
    return plan.model_copy(update={"metrics": metrics, "denominators": denominators})


def _in_column(metric_id: str, column: str) -> str:
    base = metric_id.partition(COLUMN_SEPARATOR)[0]
    return f"{base}{COLUMN_SEPARATOR}{column}" if column and catalogue().metrics[base].has_columns else base


def has_parts(plan: Plan, grouping: Grouping) -> bool:
    """Whether the form splits the plan's metrics so: only applications have applicants and outcomes."""
    return grouping not in PARTS or all(catalogue().split(m)[0].has_columns for m in plan.metrics)


def part_name(inquiry: Inquiry, grouping: Grouping, key: str) -> str:
    """What a column or an outcome is called."""
    if grouping == "outcome":
        return inquiry.wording.metric([key])
    column = catalogue().column(key)
    return column.name_zh if inquiry.wording.language == "zh" else column.name_en
