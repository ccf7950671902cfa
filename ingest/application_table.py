"""Reads the form's second table, 收到和处理政府信息公开申请情况: 25 rows of six applicant columns and a total.

Rows are found by their labels, in any order. Which column a value stands in is known only if the row has as many
values as the form has columns; a row that lost or gained cells is unreadable, as is a row that lost its label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.cells import CellValue
from ingest.documents import Cell
from ingest.form_rows import FigureMaker, FormRow, count_of
from ingest.labels import application_columns, application_parents, application_rows, label_key
from ingest.proactive_table import MISCOUNTED
from vectorstore.catalogue import catalogue
from vectorstore.records import Figure, Span, State

_UNIT = "件"
_COLUMNS = 7
# Three columns of labels (part, group, reason) stand before the seven of values in the form's own grid.
_GRID_WIDTH = 10
# A row of at least so many values belongs to the table even if nothing says which row it is.
_FEWEST_VALUES = 6
_AMBIGUOUS = ("other_misc", "result_total")
_OTHER_PARENT = "其他处理"
_OTHER_SIBLINGS = ("other_no_correction", "other_fee_unpaid")
_HEADER_WORDS = ("申请人情况", "法人或其他组织")
_LABEL_LOST = "该表有的行缺少标签或单元格错位，无法确定此项的数值。"


def is_application_label(label: str) -> bool:
    """Whether a label belongs to this table and to no other of the form."""
    if label_key(label) in _HEADER_WORDS:
        return True
    if application_columns().exact(label) not in (None, "other_org", "total"):
        return True
    return names_application_row(label)


def names_application_row(label: str) -> bool:
    """Whether a label is of one row of this table, or stands above several."""
    return application_parents().exact(label) is not None or _metric_of(label) not in (None, *_AMBIGUOUS)


@dataclass(slots=True)
class _Progress:
    parent: str | None = None
    previous: str | None = None
    leaves: list[str] = field(default_factory=list)
    placed: set[str] = field(default_factory=set)
    unplaced: list[FormRow] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)


def read_application_rows(rows: Sequence[FormRow], maker: FigureMaker, page: int | None) -> list[Figure]:
    """The figures of the rows that belong to this table, in order; those of lost rows come last."""
    progress = _Progress()
    for row in rows:
        if _is_header(row):
            progress.leaves.extend(_leaves(row))
            continue
        metric = _identify(row, progress)
        if metric is None:
            if len(row.values) >= _FEWEST_VALUES and row.has_value and not _is_subtotal(row):
                progress.unplaced.append(row)
            continue
        progress.previous = metric
        progress.placed.add(metric)
        progress.figures.extend(_row_figures(row, metric, _column_order(progress.leaves), maker, page))
    if progress.placed and progress.unplaced:
        progress.figures.extend(_lost_rows(progress, maker, page))
    return progress.figures


def _is_header(row: FormRow) -> bool:
    known = sum(application_columns().find(label) is not None for label in row.label_texts)
    return known >= 2 or (bool(row.labels) and label_key(row.label_texts[-1]) in _HEADER_WORDS)


def _leaves(row: FormRow) -> list[str]:
    found = (application_columns().find(label) for label in row.label_texts)
    return [column for column in found if column is not None and column not in ("natural_person", "total")]


def _column_order(leaves: Sequence[str]) -> tuple[str, ...] | None:
    """The columns' ids from left to right; ``None`` if the header's order isn't understood."""
    form = tuple(column.id for column in catalogue().application_columns)
    inner = form[1:-1]
    if not leaves:
        return form
    if len(set(leaves)) != len(leaves):
        return None
    if len(leaves) == len(inner):
        return (form[0], *leaves, form[-1])
    # Some labels are illegible; the others must at least stand in the form's order.
    return form if list(leaves) == [column for column in inner if column in leaves] else None


def _metric_of(label: str) -> str | None:
    """The row that a label names, also with its parent's label glued before it."""
    if found := application_rows().find(label):
        return found
    key = label_key(label)
    for row in catalogue().application_rows:
        parent = label_key(row.parent)
        if parent and key.startswith(parent) and len(key) > len(parent):
            return application_rows().find(key.removeprefix(parent).lstrip("0123456789"))
    return None


def _identify(row: FormRow, progress: _Progress) -> str | None:
    """The metric of a row by its labels; keeps the parent up to date."""
    for label in row.label_texts:
        if parent := application_parents().exact(label):
            progress.parent = parent
    if not row.labels:
        return None
    last = row.label_texts[-1]
    if application_parents().exact(last):
        return None
    metric = _metric_of(last) or _metric_of("".join(row.label_texts))
    if metric == "other_misc" and not (progress.parent == _OTHER_PARENT or progress.previous in _OTHER_SIBLINGS):
        return None
    if metric == "result_total" and progress.parent is None and not progress.placed:
        return None
    return metric


def _is_subtotal(row: FormRow) -> bool:
    # The 2019–2020 form has one row for （六）其他处理, and some bodies add sums of their own.
    last = row.label_texts[-1] if row.labels else ""
    return application_parents().exact(last) is not None and len(row.values) == _COLUMNS


def _row_figures(
    row: FormRow, metric: str, order: tuple[str, ...] | None, maker: FigureMaker, page: int | None
) -> list[Figure]:
    values = _values(row)
    if values is None or order is None:
        return _unreadable_row(metric, row.span, MISCOUNTED, maker, page)
    figures = []
    for column, (cell, read) in zip(order, values, strict=True):
        value, note = count_of(read)
        figures.append(maker.figure(metric, _column(column), _UNIT, value, row.span, cell, note, page=page))
    return figures


def _values(row: FormRow) -> Sequence[tuple[Cell, CellValue]] | None:
    extra = len(row.values) - _COLUMNS
    if extra == 0:
        return row.values
    width = row.values[-1][0].column + 1 if row.values else 0
    fills_grid = width == _GRID_WIDTH and all(read.state is State.BLANK for _, read in row.values[:extra])
    # A label that spans the grid's label columns leaves empty cells before the values.
    return row.values[extra:] if 0 < extra <= 2 and fills_grid else None


def _column(column: str) -> str | None:
    return None if column == "total" else column


def _unreadable_row(metric: str, span: Span, note: str, maker: FigureMaker, page: int | None) -> list[Figure]:
    columns = (_column(column.id) for column in catalogue().application_columns)
    return [maker.unreadable(metric, column, _UNIT, span, note, page) for column in columns]


def _lost_rows(progress: _Progress, maker: FigureMaker, page: int | None) -> list[Figure]:
    span = progress.unplaced[0].span
    figures: list[Figure] = []
    for row in catalogue().application_rows:
        if row.id not in progress.placed:
            figures.extend(_unreadable_row(row.id, span, _LABEL_LOST, maker, page))
    return figures
