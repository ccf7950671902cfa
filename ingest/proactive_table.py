"""Reads the form's first table, 主动公开政府信息情况: ten cells, each known by its row and its column header.

A cell counts only under a header that names it: the 2019–2020 form has rows of the same names with other columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from ingest.cells import CellValue, is_count_unit, read_cell, yuan_factor
from ingest.documents import Cell
from ingest.form_rows import UNREADABLE_CELL, FigureMaker, FormRow, count_of
from ingest.labels import label_key, proactive_columns, proactive_rows
from vectorstore.catalogue import catalogue
from vectorstore.folding import fold_label
from vectorstore.records import Figure, State

_ARTICLE = "第二十条"
_CONTENT = "信息内容"
_MONEY_UNIT = re.compile(r"单位:?(亿元|万元|元)")
_GLUED = re.compile(r"(?P<label>\D+)(?P<value>\d[\d,]*(?:\.\d+)?)")
_TEN_THOUSAND = Decimal(10_000)

MISCOUNTED = "该行的单元格数与表头不符，无法确定各格的数值。"


def is_proactive_label(label: str) -> bool:
    """Whether a label belongs to this table and to no other of the form."""
    return (
        label_key(label).startswith(_ARTICLE)
        or proactive_columns().find(label) is not None
        or proactive_rows().find(_without_value(label)) is not None
    )


def read_proactive_rows(rows: Sequence[FormRow], maker: FigureMaker, page: int | None) -> list[Figure]:
    """The figures of the rows that belong to this table, in order."""
    figures: list[Figure] = []
    header: tuple[str | None, ...] = ()
    money_unit = "万元"
    for row in rows:
        labels = [label for label in row.label_texts if not label_key(label).startswith(_ARTICLE)]
        if not labels:
            header = () if row.labels else header
            continue
        columns = [proactive_columns().find(label) for label in labels]
        if any(columns) or any(label_key(label) == _CONTENT for label in labels):
            header = tuple(c for c, label in zip(columns, labels, strict=True) if label_key(label) != _CONTENT)
            header = header if any(header) else ()
            unit = _MONEY_UNIT.search(fold_label("".join(labels)))
            money_unit = unit[1] if unit else "万元"
            continue
        figures.extend(_row_figures(row, labels[-1], header, money_unit, maker, page))
    return figures


def _without_value(label: str) -> str:
    match = _GLUED.fullmatch(fold_label(label))
    return match["label"] if match else label


def _row_figures(
    row: FormRow,
    label: str,
    header: tuple[str | None, ...],
    money_unit: str,
    maker: FigureMaker,
    page: int | None,
) -> list[Figure]:
    name = proactive_rows().find(_without_value(label))
    metrics = [_metric(name, column) for column in header]
    if name is None or not any(metrics):
        return []
    values = _values(row, label, len(header))
    if values is None:
        return [maker.unreadable(m, None, _unit(m), row.span, MISCOUNTED, page) for m in metrics if m]
    figures = []
    for metric, (cell, read) in zip(metrics, values, strict=True):
        if metric is None:
            continue
        is_money = _unit(metric) == "万元"
        value, note = _money_of(read, money_unit) if is_money else count_of(read)
        figures.append(maker.figure(metric, None, _unit(metric), value, row.span, cell, note, page=page))
    return figures


def _values(row: FormRow, label: str, expected: int) -> Sequence[tuple[Cell, CellValue]] | None:
    """The row's values, one for each column; ``None`` if it can't be told which is which."""
    if len(row.values) == expected:
        return row.values
    if expected != 1:
        return None
    if glued := _GLUED.fullmatch(fold_label(label)):
        read = read_cell(glued["value"])
        return [(row.labels[-1][0], read)] if read and not row.has_value else None
    # One column that spans several of the grid's: its value comes first, the others are the empty rest.
    rest_is_blank = all(read.state is State.BLANK for _, read in row.values[1:])
    return row.values[:1] if row.values and rest_is_blank else None


def _metric(row: str | None, column: str | None) -> str | None:
    if row is None or column is None:
        return None
    for cell in catalogue().proactive_cells:
        if cell.row == row and label_key(cell.column) == column:
            return cell.id
    return None


def _unit(metric: str) -> str:
    return catalogue().metrics[metric].unit


def _money_of(read: CellValue, header_unit: str) -> tuple[CellValue, str | None]:
    """The amount in 万元: the cell's own unit counts before the header's."""
    if read.state is State.UNREADABLE:
        return read, UNREADABLE_CELL
    if read.state is not State.STATED or read.value is None:
        return read, None
    unit = read.unit or header_unit
    factor = yuan_factor(unit)
    if factor is None or (read.unit and is_count_unit(read.unit)):
        return CellValue(State.UNREADABLE), "单元格里是数量，此处应为金额。"
    if factor == _TEN_THOUSAND:
        return read, None
    return CellValue(State.STATED, read.value * factor / _TEN_THOUSAND), f"原文单位为{unit}，已换算为万元。"
