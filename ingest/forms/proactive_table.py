"""Reads the form's first table, 主动公开政府信息情况, of the form in force and of the 2019–2020 form.

A cell counts only under a header that names it: the two forms have rows of the same names with other columns, and
which of them it is shows in the headers, never in the year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.documents import Cell
from ingest.forms.cells import CellValue, is_count_unit, read_cell, yuan_factor
from ingest.forms.form_rows import (
    MISCOUNTED,
    UNREADABLE_CELL,
    FigureMaker,
    FormRow,
    aligned,
    change_of,
    count_of,
    sole_value,
)
from ingest.forms.labels import label_key, proactive_columns, proactive_metrics, proactive_rows
from vectorstore.catalogue import catalogue
from vectorstore.folding import fold_label
from vectorstore.records import Figure, State

_ARTICLE = "第二十条"
_CONTENT = "信息内容"
_CHANGE_COLUMN = "本年增减"
_MONEY_UNIT = re.compile(r"亿元|万元|元")
_GLUED = re.compile(r"(?P<label>\D+)(?P<value>\d[\d,]*(?:\.\d+)?(?:件|项|个|宗|起|条|万元|元)?)")
_TEN_THOUSAND = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column that a header names: its id, the grid columns it spans, and the unit that its label gives."""

    id: str | None
    columns: range
    money_unit: str | None


@dataclass(frozen=True, slots=True)
class _Header:
    """The columns of a block, and the grid's width if the header's places in it can be relied on."""

    columns: tuple[_Column, ...]
    width: int


def is_proactive_label(label: str) -> bool:
    """Whether a label belongs to this table and to no other of the form."""
    return (
        label_key(label).startswith(_ARTICLE)
        or proactive_columns().find(label) is not None
        or proactive_rows().find(_without_value(label)) is not None
    )


def read_proactive_rows(rows: Sequence[FormRow], maker: FigureMaker) -> list[Figure]:
    """The figures of the rows that belong to this table, in order."""
    figures: list[Figure] = []
    header: _Header | None = None
    for row in rows:
        labels = [label for label in row.label_texts if not label_key(label).startswith(_ARTICLE)]
        if not labels:
            header = None if row.labels else header
            continue
        if _is_header(labels):
            header = _read_header(row)
            continue
        if header is not None:
            figures.extend(_row_figures(row, labels, header, maker))
    return figures


def _is_header(labels: Sequence[str]) -> bool:
    return any(proactive_columns().find(label) or label_key(label) == _CONTENT for label in labels)


def _read_header(row: FormRow) -> _Header | None:
    columns: list[_Column] = []
    for entry in row.entries:
        if entry.read is not None or label_key(entry.text).startswith(_ARTICLE) or label_key(entry.text) == _CONTENT:
            continue
        found = proactive_columns().find(entry.text)
        unit = _MONEY_UNIT.search(fold_label(entry.text))
        column = _Column(found, entry.columns, unit[0] if unit else None)
        if found is None and not columns and entry.cell.column == 0:
            continue  # something else stands where 信息内容 should
        if columns and found is not None and columns[-1].id == found:
            # A copy that repeats a merged header's text in every cell it covered.
            columns[-1] = _Column(found, range(columns[-1].columns.start, entry.columns.stop), column.money_unit)
        else:
            columns.append(column)
    ids = [column.id for column in columns if column.id]
    if not ids or len(set(ids)) != len(ids):
        return None
    return _Header(tuple(columns), row.width)


def _without_value(label: str) -> str:
    match = _GLUED.fullmatch(fold_label(label))
    return match["label"] if match else label


def _row_name(labels: Sequence[str]) -> str | None:
    """The row that the labels name; the last that is one, for a column of labels may stand before it."""
    joined = "".join(dict.fromkeys(labels))
    for label in (*reversed(labels), joined):
        if name := proactive_rows().find(_without_value(label)):
            return name
    return None


def _row_figures(row: FormRow, labels: Sequence[str], header: _Header, maker: FigureMaker) -> list[Figure]:
    name = _row_name(labels)
    if name is None:
        return []
    metrics = [proactive_metrics().get((name, column.id)) if column.id else None for column in header.columns]
    if not any(metrics):
        return []
    values = _placed_values(row, header) or _counted_values(row, labels[-1], header)
    if values is None:
        return [maker.unreadable(m, None, _unit(m), row.span, MISCOUNTED, row.page) for m in metrics if m]
    figures = []
    for metric, column, found in zip(metrics, header.columns, values, strict=True):
        if metric is None or found is None:
            continue
        cell, read = found
        value, note = _value(metric, column, read)
        figures.append(maker.figure(metric, None, _unit(metric), value, row.span, cell, note, page=row.page))
    return figures


_Values = Sequence[tuple[Cell, CellValue] | None]


def _placed_values(row: FormRow, header: _Header) -> _Values | None:
    """The value below each header; ``None`` if the grid doesn't say which is which."""
    if not row.width or row.width != header.width:
        return None
    covered = {number for column in header.columns for number in column.columns}
    for entry in row.entries:
        is_label = entry.read is None and proactive_rows().find(entry.text) is not None
        is_filled = entry.read is not None and entry.read.state is not State.BLANK
        inside = set(entry.columns) <= covered
        if (is_label and inside) or (is_filled and not inside and _is_behind_label(row, entry.cell)):
            return None
    return [sole_value(row.entries, column.columns) for column in header.columns]


def _is_behind_label(row: FormRow, cell: Cell) -> bool:
    return any(label.column < cell.column for label, _ in row.labels)


def _counted_values(row: FormRow, label: str, header: _Header) -> _Values | None:
    """The row's values, one for each column, by their number alone; ``None`` if it can't be told which is which."""
    expected = len(header.columns)
    if row.has_gap:
        return None
    if found := aligned(row.values, expected):
        return found
    if repeated := _without_repeats(row, header):
        return repeated
    if expected != 1:
        return None
    if glued := _GLUED.fullmatch(fold_label(label)):
        read = read_cell(glued["value"])
        return [(row.labels[-1][0], read)] if read and not row.has_value else None
    # One column that spans several of the grid's: its value comes first, the others are the empty rest.
    rest_is_blank = all(read.state is State.BLANK for _, read in row.values[1:])
    return row.values[:1] if row.values and rest_is_blank else None


def _without_repeats(row: FormRow, header: _Header) -> _Values | None:
    """The values where a copy repeated a merged cell's number as often as its header's label."""
    if len(row.values) != sum(len(column.columns) for column in header.columns):
        return None
    found = []
    at = 0
    for column in header.columns:
        group = row.values[at : at + len(column.columns)]
        if len({read for _, read in group}) != 1:
            return None
        found.append(group[0])
        at += len(group)
    return found


def _unit(metric: str) -> str:
    return catalogue().metrics[metric].unit


def _value(metric: str, column: _Column, read: CellValue) -> tuple[CellValue, str | None]:
    if _unit(metric) == "万元":
        is_in_force = not catalogue().metrics[metric].is_former
        # The form in force prints 万元 in the header; the former form names no unit for what was bought.
        return _money_of(read, column.money_unit or ("万元" if is_in_force else None))
    return change_of(read) if column.id == _CHANGE_COLUMN else count_of(read)


def _money_of(read: CellValue, header_unit: str | None) -> tuple[CellValue, str | None]:
    """The amount in 万元: the cell's own unit counts before the header's."""
    if read.state is State.UNREADABLE:
        return read, UNREADABLE_CELL
    if read.state is not State.STATED or read.value is None or (read.value == 0 and not read.unit):
        return read, None
    unit = read.unit or header_unit
    if unit is None:
        return CellValue(State.UNREADABLE), "金额没有写明单位，无法确定是元还是万元。"
    factor = yuan_factor(unit)
    if factor is None or read.is_change or (read.unit and is_count_unit(read.unit)):
        return CellValue(State.UNREADABLE), "单元格里是数量，此处应为金额。"
    if factor == _TEN_THOUSAND:
        return read, None
    return CellValue(State.STATED, read.value * factor / _TEN_THOUSAND), f"原文单位为{unit}，已换算为万元。"
