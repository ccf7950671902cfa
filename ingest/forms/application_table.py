"""Reads the form's second table, 收到和处理政府信息公开申请情况: 25 rows of six applicant columns and a total.

Rows are found by their labels, in any order; a value's column by its place in the grid or, where there is none, by
the number of the row's values. A row that lost its label or some of its cells is unreadable, unless the form's
identities leave one reading only (see ``misalignment``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.documents import Cell
from ingest.forms.application_columns import HEADER_WORDS, ColumnOrder, form_order, is_header, read_header
from ingest.forms.application_labels import LabelledRow, name_rows
from ingest.forms.cells import UNREADABLE, CellValue
from ingest.forms.form_rows import MISCOUNTED, FigureMaker, FormRow, aligned, count_of, sole_value
from ingest.forms.labels import application_columns, application_parents, application_rows, label_key
from ingest.forms.misalignment import LostRow, ShortRow, certify
from vectorstore.catalogue import catalogue
from vectorstore.records import Figure, State

_UNIT = "件"
# A row of at least so many values belongs to the table even if nothing says which row it is.
_FEWEST_VALUES = 6
_LABEL_LOST = "该表有的行缺少标签或单元格错位，无法确定此项的数值。"
_CERTIFIED = "原表此处缺少标签或单元格，或数字断开；按表内勾稽关系只有这一种读法。"


def is_application_label(label: str) -> bool:
    """Whether a label belongs to this table and to no other of the form."""
    if label_key(label) in HEADER_WORDS:
        return True
    if application_columns().exact(label) not in (None, "other_org", "total"):
        return True
    return names_application_row(label)


def names_application_row(label: str) -> bool:
    """Whether a label is of one row of this table, or stands above several."""
    found = application_rows().find(label)
    return application_parents().exact(label) is not None or found not in (None, "other_misc", "result_total")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a row states in one column."""

    cell: Cell | None
    value: CellValue


@dataclass(slots=True)
class _Line:
    """A row of the table with the readings of its columns; empty where they can't be told apart."""

    row: FormRow
    metric: str | None
    readings: dict[str, Reading]
    is_counted: bool
    """Whether the columns were told by the number of the values, not by their places."""
    is_padded: bool = False
    """Whether rows are filled up with empty cells behind: a lost cell then leaves the number of cells as it was."""


def read_application_rows(rows: Sequence[FormRow], maker: FigureMaker) -> list[Figure]:
    """The figures of the rows that belong to this table, in order; those of lost rows come last."""
    lines = _lines(rows)
    named: dict[str, _Line] = {}
    for line in lines:
        # Of two rows of one label, which is the right one can't be told; the first stands, the second contradicts it.
        if line.metric:
            named.setdefault(line.metric, line)
    lost = [line for line in lines if line.metric is None and _is_lost(line)]
    certain = _certified(named, lost) if named else {}
    figures: list[Figure] = []
    for line in lines:
        if line.metric:
            figures.extend(_row_figures(line, line.metric, certain if named[line.metric] is line else {}, maker))
    if named and lost:
        figures.extend(_lost_figures(named, lost, certain, maker))
    return figures


def _lines(rows: Sequence[FormRow]) -> list[_Line]:
    lines: list[_Line] = []
    labelled: list[LabelledRow] = []
    order = ColumnOrder({}, frozenset(), 0, form_order())
    header: list[FormRow] = []
    has_header = False
    for row in rows:
        if is_header(row):
            header.append(row)
            has_header = True
            continue
        if header:
            order = _followed(read_header(header), order)
            header = []
        is_placed = _is_placed(row, order)
        labels = _labels_before(row, order) if is_placed else row.label_texts
        is_filled = row.has_value or (bool(labels) and len(row.values) >= _FEWEST_VALUES)
        labelled.append(LabelledRow(labels, is_filled))
        readings = _placed_readings(row, order) if is_placed else _counted_readings(row, order)
        lines.append(_Line(row, None, readings, not is_placed, order.is_padded))
    for line, metric in zip(lines, name_rows(labelled), strict=True):
        line.metric = metric
    if not has_header:
        _read_single_column(lines)
    _distrust_counting(lines)
    return lines


def _read_single_column(lines: Sequence[_Line]) -> None:
    """A table that doesn't split by applicants has one number in each row: the total."""
    if all(len(line.row.values) <= 1 for line in lines if line.metric):
        for line in lines:
            if line.metric and line.row.values and not line.row.has_gap:
                line.readings = {"total": Reading(*line.row.values[0])}
                line.is_counted = False


def _distrust_counting(lines: Sequence[_Line]) -> None:
    """In a table some of whose rows have lost or gained cells, a row whose sum doesn't come out may have done both."""
    is_damaged = any(not line.readings for line in lines if line.metric or _is_lost(line))
    for line in lines:
        may_be_moved = line.is_counted and _may_be_moved(line)
        if may_be_moved and line.is_padded and "total" in line.readings and line.readings["total"].value.value is None:
            line.readings = {}  # noughts alone would add up wherever they stand
        elif (may_be_moved or (line.is_counted and is_damaged)) and not _adds_up(line.readings, is_exact=may_be_moved):
            line.readings = {}


def _may_be_moved(line: _Line) -> bool:
    """Whether an empty cell of the row may be none of the table's: padding behind it, or one too many in it."""
    blank = {column for column, reading in line.readings.items() if reading.value.state is State.BLANK}
    return "total" in blank or (bool(blank) and len(line.row.values) > len(line.readings))


def _adds_up(readings: Mapping[str, Reading], *, is_exact: bool) -> bool:
    """Whether the applicants can come to the total.

    Args:
        is_exact: What is unknown counts as nought; else it may be anything from nought upwards.
    """
    total = readings["total"].value.value if "total" in readings else None
    applicants = [reading.value.value for column, reading in readings.items() if column != "total"]
    added = sum((value for value in applicants if value is not None), Decimal(0))
    if total is None:
        return added == 0
    is_known = all(value is not None for value in applicants)
    return added == total if is_exact or is_known else added <= total


def _followed(order: ColumnOrder, former: ColumnOrder) -> ColumnOrder:
    """The order that a header gives; a header that only repeats a part of the former one leaves it as it was."""
    if order.places or not former.places:
        return order
    return former if order.counted == form_order() else order


def _labels_before(row: FormRow, order: ColumnOrder) -> tuple[str, ...]:
    """The labels of a row, without words that stand where a number should."""
    first = min(place.start for place in order.places.values())
    return tuple(e.text for e in row.entries if e.read is None and e.cell.column < first)


def _is_placed(row: FormRow, order: ColumnOrder) -> bool:
    """Whether the row's cells stand below the header's: no label among the numbers, no number without a header."""
    if not order.places or row.width != order.width or not row.width:
        return False
    covered = {number for place in order.places.values() for number in place}
    first = min(covered)
    for entry in row.entries:
        inside = bool(set(entry.columns) & covered)
        if entry.read is None and inside:
            names_row = application_rows().find(entry.text) or application_parents().exact(entry.text)
            if names_row:
                return False
        is_filled = entry.read is not None and entry.read.state is not State.BLANK
        if is_filled and entry.cell.column > first and not inside and not set(entry.columns) <= order.named:
            return False
    return True


def _placed_readings(row: FormRow, order: ColumnOrder) -> dict[str, Reading]:
    """By column id, going by what stands below the header's cells."""
    found = {column: sole_value(row.entries, place) for column, place in order.places.items()}
    return {column: Reading(*value) for column, value in found.items() if value is not None}


def _counted_readings(row: FormRow, order: ColumnOrder) -> dict[str, Reading]:
    """By column id, going by their number; empty if the row's values can't be told apart."""
    if order.counted is None or row.has_gap:
        return {}
    values = row.values if len(row.values) == len(order.counted) else _without_surplus(row, order)
    if values is None:
        return {}
    pairs = zip(order.counted, values, strict=True)
    return {column: Reading(*value) for column, value in pairs if column is not None}


def _without_surplus(row: FormRow, order: ColumnOrder) -> Sequence[tuple[Cell, CellValue]] | None:
    """The values of a row as long as the table is wide, whose label left empty cells where it reaches."""
    last = row.entries[-1].cell
    if order.counted is None or last.column + last.column_span != row.extent:
        return None
    return aligned(row.values, len(order.counted), is_padded=order.is_padded)


def _is_lost(line: _Line) -> bool:
    """Whether a row of numbers stands there without a label that says which it is."""
    if line.readings:
        return sum(r.value.state is not State.BLANK for r in line.readings.values()) >= _FEWEST_VALUES
    return len(line.row.values) >= _FEWEST_VALUES and line.row.has_value


def _counted(read: CellValue) -> CellValue:
    return count_of(read)[0]


def _certified(named: dict[str, _Line], lost: Sequence[_Line]) -> dict[tuple[str, str], tuple[CellValue, Cell | None]]:
    """Cells that only the identities can tell: value and cell by metric and column."""
    known: dict[str, dict[str, CellValue]] = {}
    short: list[ShortRow] = []
    for metric, line in named.items():
        if line.readings:
            known[metric] = {column: _counted(reading.value) for column, reading in line.readings.items()}
        else:
            short.append(ShortRow(metric, tuple(line.row.values)))
    rows = [LostRow(tuple((line.readings[c].cell, line.readings[c].value) for c in form_order()))
            for line in lost if set(line.readings) == set(form_order())]  # fmt: skip
    return certify(known, short, rows if len(rows) == len(lost) else None)


def _row_figures(
    line: _Line,
    metric: str,
    certain: dict[tuple[str, str], tuple[CellValue, Cell | None]],
    maker: FigureMaker,
) -> list[Figure]:
    figures = []
    columns = form_order() if not line.readings else [c for c in form_order() if c in line.readings]
    for column in columns:
        reading = line.readings.get(column, Reading(None, UNREADABLE))
        value, note = count_of(reading.value) if line.readings else (UNREADABLE, MISCOUNTED)
        cell = reading.cell
        if value.state is State.UNREADABLE and (metric, column) in certain:
            value, certified_cell = certain[metric, column]
            cell, note = certified_cell or cell, _CERTIFIED
        figures.append(
            maker.figure(metric, _column(column), _UNIT, value, line.row.span, cell, note, page=line.row.page)
        )
    return figures


def _column(column: str) -> str | None:
    return None if column == "total" else column


def _lost_figures(
    named: dict[str, _Line],
    lost: Sequence[_Line],
    certain: dict[tuple[str, str], tuple[CellValue, Cell | None]],
    maker: FigureMaker,
) -> list[Figure]:
    """The rows that have no label left: unreadable, but for what the identities certify."""
    figures: list[Figure] = []
    for row in catalogue().application_rows:
        if row.id in named:
            continue
        for column in form_order():
            value, cell = certain.get((row.id, column), (UNREADABLE, None))
            note = _LABEL_LOST if value.state is State.UNREADABLE else _CERTIFIED
            at = _row_of(cell, lost)
            figures.append(maker.figure(row.id, _column(column), _UNIT, value, at.span, cell, note, page=at.page))
    return figures


def _row_of(cell: Cell | None, lost: Sequence[_Line]) -> FormRow:
    if cell is not None:
        for line in lost:
            if any(value is cell for value, _ in line.row.values) or any(e.cell is cell for e in line.row.entries):
                return line.row
    return lost[0].row
