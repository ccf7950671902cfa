"""Tells tables of data from tables that only lay a page out, and gives data cells their true places in the grid."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.document_writer import CellText
from ingest.html.blocks import DataTable, PageBlock, PagePicture, SourceCell, SourceTable, TextLine
from ingest.html.words import dense, is_title
from ingest.structure.headings import looks_like_level_one
from vectorstore.errors import ReadError

_LONGEST_CELL = 400
"""In characters: what says more is a part of the page, not a cell of data."""
_LONGEST_ROW_LABEL = 100
_WIDEST_SPAN = 1000
_DEEPEST_SPAN = 65534
_MOST_STEPS = 5_000_000
_NESTED_LABEL = 40
_PART_START = re.compile(r"\s*(?:[一二三四五六七八九1-9]\s*[、.．,，]|第[一二三四五六七八九])")
_VALUE = re.compile(r"[\s\d０-９.,，%+\-—/／]*[件条次项个份]?\s*")


@dataclass(slots=True)
class _GridRow:
    cells: list[tuple[int, SourceCell]]
    """Each with its true column."""


def settle_table(table: SourceTable, source: str) -> list[PageBlock]:
    """What a table is in the page's flow: data tables, or the contents of its cells one after the other, or both.

    A row that holds a part of the page (a heading of a part, a long text, another table) parts the data above it from
    the data below it, as where a whole report stands in one table.

    Raises:
        ReadError: The spans of the table reach too far to be followed.
    """
    blocks: list[PageBlock] = list(table.loose)
    data: list[_GridRow] = []
    spans = _Spans(source)
    for group in table.rows:
        for number, row in enumerate(group):
            cells = spans.place(row, len(group) - number)
            overflow = _overflow(row)
            if _is_flow(row):
                blocks += _data_blocks(data, table.container)
                data = []
                blocks += [block for cell in row for block in cell.blocks]
            else:
                data.append(_GridRow(cells))
            if overflow:
                blocks += _data_blocks(data, table.container)
                data = []
                blocks += overflow
        spans.end_group()
    blocks += _data_blocks(data, table.container)
    return blocks + table.trailing


class _Spans:
    """The columns that row spans from above still hold, as sorted half-open ranges."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._held: list[tuple[int, int, int]] = []  # first column, column behind the last, rows left
        self._steps = 0

    def place(self, row: Sequence[SourceCell], rows_left: int) -> list[tuple[int, SourceCell]]:
        """The row's cells with their columns; makes their spans sound and remembers those that reach further down."""
        placed: list[tuple[int, SourceCell]] = []
        started: list[tuple[int, int, int]] = []
        column = at = 0
        for cell in row:
            while at < len(self._held) and self._held[at][0] <= column:
                column = max(column, self._held[at][1])
                at += 1
            cell.column_span = cell.column_span if 1 <= cell.column_span <= _WIDEST_SPAN else 1
            deepest = min(rows_left, _DEEPEST_SPAN)
            cell.row_span = deepest if cell.row_span == 0 else max(1, min(cell.row_span, deepest))
            placed.append((column, cell))
            if cell.row_span > 1:
                started.append((column, column + cell.column_span, cell.row_span - 1))
            column += cell.column_span
        self._steps += len(self._held) + len(row)
        if self._steps > _MOST_STEPS:
            raise ReadError(f"{self._source} holds a table whose merged cells reach too far; save the page without it.")
        if self._held or started:
            left = [(first, end, rows - 1) for first, end, rows in self._held if rows > 1]
            self._held = sorted(left + started) if started else left
        return placed

    def end_group(self) -> None:
        """No row span reaches from one ``<tbody>`` into the next."""
        self._held = []


def _is_flow(row: Sequence[SourceCell]) -> bool:
    """Whether a row holds a part of the page rather than data."""
    filled = [cell for cell in row if cell.blocks]
    if not filled:
        return False
    if any(_is_document(cell) for cell in filled):
        return True
    if len(filled) > 1:
        return False
    text = _cell_text(filled[0])
    return len(text) >= _LONGEST_ROW_LABEL or is_title(text) or _has_picture(filled[0])


def _is_document(cell: SourceCell) -> bool:
    """Whether a cell holds what no cell of data does: a part's heading, a long text, a table of its own."""
    size = 0
    for block in cell.blocks:
        if isinstance(block, DataTable):
            text = block.text()
            if len(text) > _NESTED_LABEL or len(cell.blocks) > 1:
                return True
            size += len(text)
        elif isinstance(block, TextLine):
            size += len(block.text)
            if _starts_part(block):
                return True
    return size > _LONGEST_CELL


def _starts_part(block: PageBlock) -> bool:
    return (
        isinstance(block, TextLine)
        and _PART_START.match(block.text) is not None
        and looks_like_level_one(block.text.strip())
    )


def _overflow(row: Sequence[SourceCell]) -> list[PageBlock]:
    """What a cell that was never closed swallowed of the page behind the table; taken out of the row's last cell."""
    if not row or len(row[-1].blocks) < 2:
        return []
    blocks = row[-1].blocks
    first = blocks[0]
    begins_with_value = isinstance(first, TextLine) and _VALUE.fullmatch(dense(first.text)) is not None
    # A cell without a value that swallowed the rest begins with the heading right away.
    cut = 1 if begins_with_value else 0 if len(row) > 1 and _starts_part(first) else None
    if cut is None or not any(_starts_part(block) for block in blocks[cut:]):
        return []
    row[-1].blocks = blocks[:cut]
    return blocks[cut:]


def _data_blocks(rows: Sequence[_GridRow], container: int) -> Iterator[PageBlock]:
    """The table that the rows make; lines where they are one column only, which is no table."""
    filled = [[cell for _, cell in row.cells if cell.blocks] for row in rows]
    if not any(filled):
        return
    if all(len(cells) <= 1 for cells in filled):
        for cells in filled:
            for cell in cells:
                yield from cell.blocks
        return
    width = _width(rows)
    texts: list[list[CellText]] = []
    linked = 0
    for number, row in enumerate(rows):
        texts.append([])
        for column, cell in row.cells:
            span = max(1, min(cell.column_span, width - column))
            row_span = min(cell.row_span, len(rows) - number)
            texts[-1].append(CellText(number, column, _cell_text(cell), row_span, span))
            linked += sum(block.linked for block in cell.blocks if not isinstance(block, PagePicture))
    yield DataTable(texts, container, linked)


def _width(rows: Sequence[_GridRow]) -> int:
    """The number of columns, unless a single cell claims more than all rows together have."""
    ends = [row.cells[-1][0] + row.cells[-1][1].column_span for row in rows if row.cells]
    several = [row.cells[-1][0] + row.cells[-1][1].column_span for row in rows if len(row.cells) > 1]
    return max(several or ends, default=1)


def _cell_text(cell: SourceCell) -> str:
    parts: list[str] = []
    for block in cell.blocks:
        if isinstance(block, TextLine):
            parts.append(block.text)
        elif isinstance(block, DataTable):
            parts.append(block.text())
        else:
            # No blank cell: something is there. Plain ASCII, so that no reader takes it for a label.
            parts.append("[image]")
    return "\n".join(parts)


def _has_picture(cell: SourceCell) -> bool:
    return any(isinstance(block, PagePicture) for block in cell.blocks)
