"""Pivot tables: figures of many reports in rows and columns, computed as the answers to questions about them are.

A cell is what the plan of one metric gives for its groups; a total is the same statistic of all the body-years of its
cells, and never of the cells' values. Unknown is nowhere zero: every total knows how many reports it rests on.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.answering.inquiry import Inquiry
from assistant.answering.uncollected import uncollected
from assistant.figures.exact import order_of
from assistant.figures.grouping import Cell, split
from assistant.figures.measuring import Measured
from assistant.figures.summaries import Summary, statistic_of
from assistant.figures.verdicts import Verdicts, body_criteria, judge
from assistant.pivoting.columns import STOCKS, Column, Part, parts_of
from assistant.pivoting.request import PivotRequest, plan_of, scope_of
from assistant.pivoting.totals import Shown, put_together, state_of
from assistant.plan import Grouping, Language, Plan
from vectorstore.catalogue import COLUMN_SEPARATOR
from vectorstore.folding import fold_text
from vectorstore.records import Kind

if TYPE_CHECKING:
    from vectorstore.index import Index

_KINDS = tuple(Kind)
Key = Hashable


@dataclass(frozen=True, slots=True)
class Row:
    """What a row is.

    Attributes:
        key: A body's id, a kind, a region's path, a year.
        kind, region: Of a body; ``None`` of anything else.
        is_named: Whether it isn't the rest of which region or year is unknown, or what lies above a region's level.
    """

    key: Key
    name: str
    kind: Kind | None = None
    region: str | None = None
    is_named: bool = True


@dataclass(frozen=True)
class Pivot:
    """A table, whole.

    Attributes:
        rows: In the order of the reports; years and kinds in theirs.
        cells: By the positions of row and column. A pair that isn't there has no report.
        totals: Of the columns, by position: over all rows.
        wholes: Of the metrics, by position in ``parts``: everything that the table rests on.
        apart: Governments that no total adds to their parts, by the id of the metric.
    """

    request: PivotRequest
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    parts: tuple[Part, ...]
    cells: dict[tuple[int, int], Shown]
    totals: tuple[Shown, ...]
    wholes: tuple[Shown, ...]
    apart: dict[str, tuple[Measured, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        """How much it holds, as what is remembered is counted."""
        return len(self.cells) + len(self.rows)

    @property
    def counts_years(self) -> bool:
        """Whether its totals are of years, those without a report included, and not only of reports."""
        return self.request.counts_years

    @cached_property
    def bodies_apart(self) -> frozenset[str]:
        """The ids of the governments that are in some total's place beside their parts."""
        return frozenset(m.unit_of_count[0] for of in self.apart.values() for m in of)

    @cached_property
    def signs(self) -> frozenset[str]:
        """What occurs in it that a reader must be told of: states of figures, ``zero``, ``approximate``, ``part`` (a
        cell of which not every report gives a number), ``stock`` (one that isn't put together), ``apart``.
        """
        figures = [o for whole in self.wholes for m in whole.summary.members for o in m.observations]
        found = {state_of(o) for o in figures}
        found |= {"missing"} if any(whole.missing for whole in self.wholes) else set()
        found |= {"zero"} if any(o.value == 0 for o in figures) else set()
        found |= {"approximate"} if any(o.qualifier for o in figures) else set()
        shown = (*self.totals, *self.cells.values())
        found |= {"stock"} if any(not one.is_comparable for one in shown) else set()
        found |= {"part"} if any(one.reports > 1 and not one.is_complete for one in self.cells.values()) else set()
        return frozenset(found | ({"apart"} if self.bodies_apart else set()))

    @cached_property
    def without_number(self) -> dict[str, tuple[Measured, ...]]:
        """By the id of the metric, the body-years whose reports give no usable number."""
        return {
            part.metric_id: tuple(m for m in whole.summary.members if m.value is None)
            for part, whole in zip(self.parts, self.wholes, strict=True)
        }

    def column(self, token: str) -> int | None:
        """The position of the column that an address calls so; ``None`` where there is none."""
        return next((at for at, column in enumerate(self.columns) if column.token == token), None)

    def value(self, row: int, column: int) -> Fraction | None:
        """The value of a cell; ``None`` where it is unknown."""
        shown = self.cells.get((row, column))
        return None if shown is None else shown.value

    def order(self, sort: str | None = None, *, descending: bool = False, find: str = "") -> list[int]:
        """Positions of rows: those whose name or region holds some text, by a column's values or by ``name``.

        Rows of unknown value come last whichever way they are sorted; equal ones stay in the table's order.
        """
        wanted = fold_text(find.strip())
        found = [
            at
            for at, row in enumerate(self.rows)
            if not wanted or wanted in fold_text(row.name) or (row.region and wanted in fold_text(row.region))
        ]
        if sort == "name":
            return found[::-1] if descending else found
        column = None if sort is None else self.column(sort)
        if column is None:
            return found
        known = [(value, at) for at in found if (value := self.value(at, column)) is not None]
        sign = -1 if descending else 1
        known.sort(key=lambda pair: sign * order_of(pair[0]))
        unknown = [at for at in found if self.value(at, column) is None]
        return [at for _, at in known] + unknown


def make_pivot(index: Index, request: PivotRequest, language: Language = "zh") -> Pivot:
    """The table of a request, remembered until the index changes.

    Raises:
        KeyError: It names a metric that the catalogue doesn't hold.
    """

    def make() -> Pivot:
        with uncollected():
            return _Making(index, request, language).pivot()

    return index.remember(("pivot", request, language), make)


@dataclass(frozen=True)
class _Measure:
    """What one part of the table is computed by."""

    part: Part
    plan: Plan
    verdicts: Verdicts | None
    cells: list[Cell]


@dataclass
class _Table:
    """What of a table is made so far."""

    row_at: dict[Key, int]
    rows_should_report: bool
    columns: list[Column] = field(default_factory=list)
    cells: dict[tuple[int, int], Shown] = field(default_factory=dict)
    totals: list[Shown] = field(default_factory=list)
    wholes: list[Shown] = field(default_factory=list)
    apart: dict[str, tuple[Measured, ...]] = field(default_factory=dict)


class _Making:
    """One table being made."""

    def __init__(self, index: Index, request: PivotRequest, language: Language) -> None:
        self._index = index
        self._request = request
        self._language: Language = language
        self._scope = scope_of(index, request)
        self._is_split = request.axis in ("year", "kind")

    def pivot(self) -> Pivot:
        parts = parts_of(self._request, self._language)
        measures = [self._measure(part) for part in parts]
        rows = self._rows(measures)
        table = _Table({row.key: at for at, row in enumerate(rows)}, self._request.counts_years)
        for measure in measures:
            self._add(table, measure)
        return Pivot(
            self._request,
            tuple(rows),
            tuple(table.columns),
            tuple(parts),
            table.cells,
            tuple(table.totals),
            tuple(table.wholes),
            table.apart,
        )

    def _add(self, table: _Table, measure: _Measure) -> None:
        """The columns of one part with their totals and, where it is split, the totals of its rows."""
        groups = self._column_groups(measure)
        of_group: dict[Key, dict[int, Summary]] = {key: {} for key, _ in groups}
        for cell in measure.cells:
            key = cell.groups[1].key if self._is_split else None
            of_group[key][table.row_at[cell.groups[0].key]] = self._checked(measure, cell.summary)
        first = len(table.columns)
        for key, name in groups:
            of_rows = of_group[key]
            for row, summary in of_rows.items():
                table.cells[row, len(table.columns)] = self._shown(measure, summary)
            table.columns.append(Column(measure.part, key, name))
            absent = len(table.row_at) - len(of_rows) if table.rows_should_report else 0
            table.totals.append(self._total(measure, of_rows.values(), absent))
        of_part = table.totals[first:]
        whole = self._total(
            measure, (s for of_rows in of_group.values() for s in of_rows.values()), sum(t.missing for t in of_part)
        )
        adds_up = not (self._is_stock(measure) and self._request.axis == "year")
        if self._is_split and len(groups) > 1 and adds_up:
            last = len(table.columns)
            for row in table.row_at.values():
                across = [table.cells[row, at].summary for at in range(first, last) if (row, at) in table.cells]
                absent = last - first - len(across) if table.rows_should_report else 0
                table.cells[row, last] = self._total(measure, across, absent)
            table.columns.append(Column(measure.part, None, "", "total"))
            table.totals.append(whole)
        table.wholes.append(whole)
        table.apart[measure.part.metric_id] = tuple({m.unit_of_count: m for t in of_part for m in t.nested}.values())

    def _measure(self, part: Part) -> _Measure:
        axis = self._request.axis
        groupings: tuple[Grouping, ...] = (self._request.rows,)
        if axis == "year" or axis == "kind":
            groupings = (self._request.rows, axis)
        plan = plan_of(self._request, self._scope, part.metric_id, groupings, self._language)
        inquiry = Inquiry(plan, self._index, "", date.today())
        verdicts = judge(inquiry, body_criteria(plan))
        # Bodies that fail a criterion are part of a count of those that satisfy it.
        made = split(inquiry, groupings, verdicts)
        return _Measure(part, plan, verdicts, [*made.cells, *made.left_out])

    def _checked(self, measure: _Measure, summary: Summary) -> Summary:
        """The summary of a cell, without governments beside their parts, whoever was asked for."""
        counts = self._request.shows == "count"
        if len(summary.members) < 2 and not (counts and summary.value is None):
            return summary
        if not counts and not self._scope.bodies and not self._scope.kinds:
            return summary
        return self._together(measure, summary.members)

    def _together(self, measure: _Measure, members: Iterable[Measured]) -> Summary:
        counts = self._request.shows == "count"
        return put_together(measure.plan, statistic_of(measure.plan), members, measure.verdicts, count_stating=counts)

    def _total(self, measure: _Measure, summaries: Iterable[Summary], missing: int = 0) -> Shown:
        return self._shown(measure, self._together(measure, (m for s in summaries for m in s.members)), missing)

    def _shown(self, measure: _Measure, summary: Summary, missing: int = 0) -> Shown:
        several_years = len({m.unit_of_count[1] for m in summary.members}) > 1
        return Shown(summary, missing, not (several_years and self._is_stock(measure)))

    def _is_stock(self, measure: _Measure) -> bool:
        base = measure.part.metric_id.partition(COLUMN_SEPARATOR)[0]
        return base in STOCKS and self._request.shows == "sum"

    def _rows(self, measures: Sequence[_Measure]) -> list[Row]:
        made: dict[Key, Row] = {}
        for measure in measures:
            for cell in measure.cells:
                group = cell.groups[0]
                if group.key in made:
                    continue
                row = Row(group.key, group.name, is_named=group.is_named)
                if self._request.rows == "body":
                    o = cell.summary.members[0].current[0]
                    row = Row(group.key, group.name, o.kind, o.region)
                elif self._request.rows == "region":
                    path = group.key if isinstance(group.key, str) else None
                    row = Row(group.key, group.name, None, path, group.is_named)
                made[group.key] = row
        rows = list(made.values())
        if self._request.rows == "year":
            # A year that is asked for has its row though no report is of it.
            wording = Inquiry(measures[0].plan, self._index, "", date.today()).wording
            rows += [Row(year, wording.year(year)) for year in self._request.years if year not in made and made]
            rows.sort(key=lambda row: _year_order(row.key))
        elif self._request.rows == "kind":
            rows.sort(key=lambda row: _kind_order(row.key))
        return rows

    def _column_groups(self, measure: _Measure) -> list[tuple[Key, str]]:
        """Keys and names of a part's columns."""
        if not self._is_split:
            return [(None, measure.part.name)]
        groups = {cell.groups[1].key: cell.groups[1].name for cell in measure.cells}
        if self._request.axis == "year":
            if groups:
                groups = {year: str(year) for year in self._request.years} | groups
            return sorted(groups.items(), key=lambda pair: _year_order(pair[0]))
        return sorted(groups.items(), key=lambda pair: _kind_order(pair[0]))


def _kind_order(key: Key) -> int:
    return _KINDS.index(key) if isinstance(key, Kind) else len(_KINDS)


def _year_order(key: Key) -> tuple[bool, int]:
    """Years in their order, unknown last."""
    return (False, key) if isinstance(key, int) else (True, 0)
