"""A row of a table as the readers of the form see it: labels in front, values behind."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.cells import CellValue, read_cell
from ingest.documents import Cell, Table
from vectorstore.records import CellReference, Figure, Origin, Span, State


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row split at its last label.

    Attributes:
        labels: The cells with words, in order.
        values: The cells after the last label, with what they state.
        span: From the first cell with text to the end of the last cell.
    """

    labels: tuple[tuple[Cell, str], ...]
    values: tuple[tuple[Cell, CellValue], ...]
    span: Span

    @property
    def label_texts(self) -> tuple[str, ...]:
        """The words of the row, in order."""
        return tuple(text for _, text in self.labels)

    @property
    def has_value(self) -> bool:
        """Whether any cell after the labels holds something."""
        return any(value.state is not State.BLANK for _, value in self.values)


def split_rows(table: Table, text: str) -> tuple[FormRow, ...]:
    """The rows of a table that hold anything."""
    rows = []
    for cells in table.rows:
        filled = [cell.span for cell in cells if cell.span.start < cell.span.end]
        if not filled:
            continue
        read = [(cell, read_cell(cell.span.of(text))) for cell in cells]
        last = max((i for i, (_, value) in enumerate(read) if value is None), default=-1)
        labels = tuple((cell, cell.span.of(text)) for cell, value in read[: last + 1] if value is None)
        values = tuple((cell, value) for cell, value in read[last + 1 :] if value is not None)
        rows.append(FormRow(labels, values, Span(filled[0].start, max(filled[-1].end, cells[-1].span.end))))
    return tuple(rows)


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


def count_of(read: CellValue) -> tuple[CellValue, str | None]:
    """A cell of a count, with a note where its unit or its fraction shows that it is none."""
    if read.state is State.UNREADABLE:
        return read, UNREADABLE_CELL
    if read.state is State.STATED and (read.value is None or read.unit in ("元", "万元", "万", "亿元")):
        return CellValue(State.UNREADABLE), "单元格里是金额，此处应为数量。"
    return read, None
