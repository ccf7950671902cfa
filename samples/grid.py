"""The form's tables as they are printed: cells on a grid, with the merges of the official form.

Every writer whose format knows merged cells prints this grid, so that all formats show the same table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import lcm

from samples.draft import FormTable
from vectorstore.catalogue import ApplicationRow, catalogue

CROSS_FOOTING = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_OUTCOMES = "三、本年度办理结果"


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a printed table, at its first row and column.

    Attributes:
        metric: The full metric id whose value it prints; ``None`` for a label.
        is_leaf: A label right beside or above values, short and narrow: the ones that wrap.
    """

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    metric: str | None = None
    is_leaf: bool = False


def grid(table: FormTable) -> list[list[GridCell]]:
    """The cells of a table by row, from left to right; a cell that a merged one covers isn't there."""
    rows = _GRIDS[table.name](table)
    return _unmerged(rows) if table.repeats_merged else rows


def _unmerged(rows: list[list[GridCell]]) -> list[list[GridCell]]:
    covered = {
        (cell.row + down, cell.column + right): replace(
            cell, row=cell.row + down, column=cell.column + right, row_span=1, column_span=1
        )
        for row in rows
        for cell in row
        for down in range(cell.row_span)
        for right in range(cell.column_span)
    }
    places = sorted(covered)
    return [[covered[place] for place in places if place[0] == row] for row in range(len(rows))]


def _proactive(table: FormTable) -> list[list[GridCell]]:
    rows: list[list[GridCell]] = []
    cells = catalogue().former_proactive_cells if table.former else catalogue().proactive_cells
    counts = [len({c.column for c in cells if c.article == article}) for article in {c.article for c in cells}]
    width = 1 + lcm(*counts)
    for article in dict.fromkeys(cell.article for cell in cells):
        rows.append([GridCell(len(rows), 0, table.label(article), column_span=width)])
        inside = [cell for cell in cells if cell.article == article]
        columns = list(dict.fromkeys(cell.column for cell in inside))
        span = (width - 1) // len(columns)
        header = [GridCell(len(rows), 0, "信息内容")]
        header += [
            GridCell(len(rows), 1 + i * span, table.label(label), column_span=span) for i, label in enumerate(columns)
        ]
        rows.append(header)
        for label in dict.fromkeys(cell.row for cell in inside):
            at = len(rows)
            row = [GridCell(at, 0, table.label(label), is_leaf=True)]
            for cell in inside:
                if cell.row == label:
                    start = 1 + columns.index(cell.column) * span
                    row.append(GridCell(at, start, table.cells[cell.id], column_span=span, metric=cell.id))
            rows.append(row)
    return rows


def _application(table: FormTable) -> list[list[GridCell]]:
    columns = catalogue().application_columns
    organisations = [column for column in columns if column.parent]
    first, last = columns[0], columns[-1]
    rows = [
        [
            GridCell(0, 0, table.label(CROSS_FOOTING), row_span=3, column_span=3),
            GridCell(0, 3, "申请人情况", column_span=len(columns)),
        ],
        [
            GridCell(1, 3, first.label, row_span=2),
            GridCell(1, 4, organisations[0].parent, column_span=len(organisations)),
            GridCell(1, 4 + len(organisations), last.label, row_span=2),
        ],
        [
            GridCell(2, 4 + number, table.label(column.label), is_leaf=True)
            for number, column in enumerate(organisations)
        ],
    ]
    form = application_rows(table)
    below = {parent: sum(row.parent == parent for row in form) for parent in {row.parent for row in form}}
    outcomes = sum(bool(row.parent) for row in form)
    above: set[str] = set()
    for row in form:
        at = len(rows)
        cells: list[GridCell] = []
        label = "" if row.id in table.unlabelled else table.label(row.label)
        if not row.parent:
            cells.append(GridCell(at, 0, label, column_span=3, is_leaf=True))
        else:
            if _OUTCOMES not in above:
                cells.append(GridCell(at, 0, table.label(_OUTCOMES), row_span=outcomes))
                above.add(_OUTCOMES)
            if row.parent == _OUTCOMES:
                cells.append(GridCell(at, 1, label, column_span=2, is_leaf=True))
            else:
                if row.parent not in above:
                    cells.append(GridCell(at, 1, label and table.label(row.parent), row_span=below[row.parent]))
                    above.add(row.parent)
                cells.append(GridCell(at, 2, label, is_leaf=True))
        for number, column in enumerate(columns):
            metric = row.id if column.id == "total" else f"{row.id}__{column.id}"
            cells.append(GridCell(at, 3 + number, table.cells[metric], metric=metric))
        rows.append(cells)
    return rows


def _dispute(table: FormTable) -> list[list[GridCell]]:
    groups, results = catalogue().dispute_groups, catalogue().dispute_results
    width = len(results)
    lawsuits = [group for group in groups if group.parent]
    return [
        [
            GridCell(0, 0, groups[0].label, column_span=width),
            GridCell(0, width, lawsuits[0].parent, column_span=width * len(lawsuits)),
        ],
        [
            *(
                GridCell(1, number, table.label(result.label), row_span=2, is_leaf=True)
                for number, result in enumerate(results)
            ),
            *(
                GridCell(1, width * (1 + number), group.label, column_span=width)
                for number, group in enumerate(lawsuits)
            ),
        ],
        [
            GridCell(2, width * (1 + number) + offset, table.label(result.label), is_leaf=True)
            for number in range(len(lawsuits))
            for offset, result in enumerate(results)
        ],
        [
            GridCell(
                3, width * number + offset, table.cells[f"{group.id}_{result.id}"], metric=f"{group.id}_{result.id}"
            )
            for number, group in enumerate(groups)
            for offset, result in enumerate(results)
        ],
    ]


def application_rows(table: FormTable) -> tuple[ApplicationRow, ...]:
    """The rows of the application table: the former form has one for （六）其他处理, without reasons below it."""
    rows = catalogue().application_rows
    if not table.former:
        return rows
    parent = next(row.parent for row in rows if row.id == "other_misc")
    summed = [row for row in rows if row.parent == parent]
    single = ApplicationRow("other_subtotal", parent, _OUTCOMES, "outcome")
    return tuple(single if row is summed[0] else row for row in rows if row not in summed[1:])


_GRIDS = {"proactive_table": _proactive, "application_table": _application, "dispute_table": _dispute}
