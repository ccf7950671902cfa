"""A row of a table as the readers of the form see it: labels in front, values behind, each at its place in the grid."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.documents import Cell, Table
from ingest.forms.cells import UNREADABLE, CellValue, read_cell
from vectorstore.records import CellReference, Figure, Origin, Span, State

_LONG_ROW = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell as one row sees it.

    Attributes:
        read: What it states; ``None`` for words. A number that several rows share is unreadable in each.
        is_own: Whether the cell begins in this row; else it reaches down from a row above.
    """

    cell: Cell
    text: str
    read: CellValue | None
    is_own: bool = True

    @property
    def columns(self) -> range:
        """The grid columns that it covers."""
        return range(self.cell.column, self.cell.column + self.cell.column_span)


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row split at its last label.

    Attributes:
        entries: Every cell that covers the row, from left to right.
        labels: The cells with words, in order.
        values: The cells after the last label, with what they state.
        span: From the first cell with text to the end of the last cell.
        width: Of the grid, in columns, if the row fills it without a gap or an overlap, so that a cell's column says
            under which header it stands; else 0.
        extent: Number of columns of the table's widest row.
        has_gap: Whether a place of the grid between its values is empty: a cell was lost there, and counting the
            others would move them.
        page: Of its table, where the format has pages.
    """

    entries: tuple[Entry, ...]
    labels: tuple[tuple[Cell, str], ...]
    values: tuple[tuple[Cell, CellValue], ...]
    span: Span
    width: int
    extent: int
    has_gap: bool
    page: int | None = None

    @property
    def label_texts(self) -> tuple[str, ...]:
        """The words of the row, in order."""
        return tuple(text for _, text in self.labels)

    @property
    def own_label_texts(self) -> tuple[str, ...]:
        """The words of the cells that begin in the row."""
        return tuple(entry.text for entry in self.entries if entry.is_own and entry.read is None)

    @property
    def has_value(self) -> bool:
        """Whether any cell after the labels holds something."""
        return any(value.state is not State.BLANK for _, value in self.values)


def split_rows(table: Table, text: str) -> tuple[FormRow, ...]:
    """The rows of a table, but for short ones that hold nothing.

    A long row of empty cells may be the numbers of the third table, which has no labels beside them; the row above it
    has to stand for it where it is quoted.
    """
    extent = max((c.column + c.column_span for row in table.rows for c in row), default=0)
    filled_rows = sorted(row[0].row for row in table.rows if any(c.span.start < c.span.end for c in row))
    above = _reaching_down(table)
    rows: list[FormRow] = []
    for cells in table.rows:
        filled = [cell.span for cell in cells if cell.span.start < cell.span.end]
        if not filled and (not rows or len(cells) < _LONG_ROW):
            continue
        number = cells[0].row
        entries = [_entry(cell, text, number, filled_rows) for cell in (*above.get(number, ()), *cells)]
        entries.sort(key=lambda entry: entry.cell.column)
        last = _last_label(entries)
        labels = tuple((e.cell, e.text) for e in entries[: last + 1] if e.read is None)
        values = tuple((e.cell, e.read or UNREADABLE) for e in entries[last + 1 :])
        span = Span(filled[0].start, max(filled[-1].end, cells[-1].span.end)) if filled else rows[-1].span
        width, has_gap = _width(entries, extent), _has_gap(entries[max(last, 0) :])
        rows.append(FormRow(tuple(entries), labels, values, span, width, extent, has_gap, table.page))
    return tuple(rows)


def _last_label(entries: Sequence[Entry]) -> int:
    """The index of the last cell with words before the numbers; words behind a number are no label but a bad value."""
    last = -1
    for index, entry in enumerate(entries):
        if entry.read is None:
            last = index
        elif last >= 0 and entry.read.state is not State.BLANK:
            break
    return last


def _reaching_down(table: Table) -> Mapping[int, list[Cell]]:
    above: dict[int, list[Cell]] = defaultdict(list)
    for row in table.rows:
        for cell in row:
            for number in range(cell.row + 1, cell.row + cell.row_span):
                above[number].append(cell)
    return above


def _entry(cell: Cell, text: str, number: int, filled_rows: Sequence[int]) -> Entry:
    """A cell as the row of that number sees it.

    Args:
        filled_rows: The numbers of the rows that hold anything, ascending.
    """
    content = cell.span.of(text)
    read = read_cell(content)
    if read is not None and cell.row_span > 1 and read.state is not State.BLANK and _is_shared(cell, filled_rows):
        read = UNREADABLE  # which of the rows the number is meant for can't be told
    return Entry(cell, content, read, cell.row == number)


def _is_shared(cell: Cell, filled_rows: Sequence[int]) -> bool:
    """Whether a cell reaches down to another row that holds anything."""
    following = bisect_right(filled_rows, cell.row)
    return following < len(filled_rows) and filled_rows[following] < cell.row + cell.row_span


def _width(entries: Iterable[Entry], extent: int) -> int:
    at = 0
    for entry in entries:
        if entry.cell.column != at:
            return 0
        at += entry.cell.column_span
    return extent if at == extent else 0


def _has_gap(entries: Sequence[Entry]) -> bool:
    at = entries[0].cell.column if entries else 0
    for entry in entries:
        cell = entry.cell
        if cell.column > at:
            return True
        at = max(at, cell.column + cell.column_span)
    return False


@dataclass(frozen=True, slots=True)
class FigureMaker:
    """Makes the figures of one report's tables."""

    report_id: str
    body_id: str
    year: int | None

    def figure(
        self,
        metric: str,
        column: str | None,
        unit: str,
        read: CellValue,
        span: Span,
        cell: Cell | None = None,
        note: str | None = None,
        origin: Origin = Origin.TABLE,
        page: int | None = None,
    ) -> Figure:
        """A figure whose quote is ``span``; ``read`` gives value and state."""
        reference = CellReference(cell.row, cell.column, cell.span.start, cell.span.end) if cell else None
        return Figure(
            self.report_id,
            self.body_id,
            metric,
            column,
            self.year,
            read.value,
            read.state,
            unit,
            origin,
            span.start,
            span.end,
            cell=reference,
            page=page,
            note=note,
        )

    def unreadable(self, metric: str, column: str | None, unit: str, span: Span, note: str, page: int | None) -> Figure:
        """A figure of which nothing is known but that something stands there."""
        return self.figure(metric, column, unit, CellValue(State.UNREADABLE), span, note=note, page=page)


UNREADABLE_CELL = "单元格内容无法辨认。"
MISCOUNTED = "该行的单元格数与表头不符，无法确定各格的数值。"


def count_of(read: CellValue) -> tuple[CellValue, str | None]:
    """A cell of a count, with a note where its unit or its fraction shows that it is none."""
    if read.state is State.UNREADABLE:
        return read, UNREADABLE_CELL
    if read.state is State.STATED and (read.value is None or read.unit in ("元", "万元", "万", "亿元")):
        return CellValue(State.UNREADABLE), "单元格里是金额，此处应为数量。"
    if read.is_change:
        return CellValue(State.UNREADABLE), "单元格里是增减数，此处应为数量。"
    return read, None


def change_of(read: CellValue) -> tuple[CellValue, str | None]:
    """A cell of 本年增/减: a signed number."""
    return count_of(CellValue(read.state, read.value, read.unit, candidate=read.candidate))


def sole_value(entries: Iterable[Entry], columns: range) -> tuple[Cell, CellValue] | None:
    """What a row states under one header: the cell, and its value.

    A header may span several grid columns, below which stand one merged cell, one value with empty cells, or (where a
    copy repeated a merged cell's text) the same value in each. Anything else is unreadable; ``None`` if there is no
    cell.
    """
    under = [entry for entry in entries if set(entry.columns) & set(columns)]
    if not under:
        return None
    if any(not set(entry.columns) <= set(columns) for entry in under):
        # A cell merged over several headers: only its being empty is said of each of them.
        is_blank = all(entry.read is not None and entry.read.state is State.BLANK for entry in under)
        return under[0].cell, (CellValue(State.BLANK) if is_blank else UNREADABLE)
    reads = [(entry.cell, entry.read if entry.read is not None else UNREADABLE) for entry in under]
    filled = [(cell, read) for cell, read in reads if read.state is not State.BLANK]
    if not filled:
        return reads[0]
    if len(filled) == 1 or (len(filled) == len(reads) and len({read for _, read in filled}) == 1):
        return filled[0]
    return filled[0][0], UNREADABLE


def aligned(
    values: tuple[tuple[Cell, CellValue], ...], expected: int, *, is_padded: bool = False
) -> tuple[tuple[Cell, CellValue], ...] | None:
    """As many values as expected, without empty cells too many before or behind them.

    ``None`` where there are too few, or where it can't be told which of the empty cells are too many.

    Args:
        is_padded: The table's rows are filled up with empty cells behind, never before.
    """
    extra = len(values) - expected
    if extra <= 0:
        return values if extra == 0 else None
    readings = {
        values[left : left + expected]
        for left in ((0,) if is_padded else (0, extra))
        if all(read.state is State.BLANK for _, read in (*values[:left], *values[left + expected :]))
    }
    return readings.pop() if len(readings) == 1 else None
