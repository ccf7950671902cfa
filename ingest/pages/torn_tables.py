"""Puts a table together again that goes on over a page break.

Its parts have the same columns and nothing between them. A header that is printed again is dropped, a row that the
break tore is joined, and so is a cell that spans rows on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.forms.cells import read_cell
from ingest.forms.form_words import is_known_label
from ingest.pages.glyph_lines import joined
from ingest.pages.page_layout import GridCell, GridTable

_SAME_EDGE = 4.0
_MOST_HEADER_ROWS = 4


def join_tables(first: GridTable, second: GridTable) -> GridTable | None:
    """Both as one table; ``None`` if the second is not the first going on.

    ``second`` must stand at the head of the page after ``first``, which must end its own.
    """
    edges = _common_edges(first.edges, second.edges)
    if edges is None:
        return None
    above, below = _on_edges(first, edges), _on_edges(second, edges)
    below = _without_repeated_header(above, below)
    if not below.cells:
        return above
    if (row := _torn_row(above, below)) is not None:
        above, below = row
    return _stacked(above, below)


def _common_edges(first: Sequence[float], second: Sequence[float]) -> tuple[float, ...] | None:
    """The columns' edges of both parts. One may lack some, where all its rows have cells merged over them."""
    if abs(first[0] - second[0]) > _SAME_EDGE or abs(first[-1] - second[-1]) > _SAME_EDGE:
        return None
    more, fewer = (first, second) if len(first) >= len(second) else (second, first)
    is_part = all(any(abs(edge - other) <= _SAME_EDGE for other in more) for edge in fewer)
    return tuple(more) if is_part else None


def _on_edges(table: GridTable, edges: tuple[float, ...]) -> GridTable:
    if len(edges) == len(table.edges):
        return replace(table, edges=edges)
    place = [min(range(len(edges)), key=lambda i, x=edge: abs(edges[i] - x)) for edge in table.edges]  # type: ignore[misc]
    cells = tuple(
        replace(
            cell,
            column=place[cell.column],
            column_span=place[cell.column + cell.column_span] - place[cell.column],
        )
        for cell in table.cells
    )
    return replace(table, cells=cells, edges=edges)


def _rows_of(table: GridTable, row: int) -> list[GridCell]:
    return [cell for cell in table.cells if cell.row == row]


def _shape(cells: Sequence[GridCell]) -> list[tuple[int, int, int, str]]:
    return [(c.column, c.column_span, c.row_span, "".join(c.text.split())) for c in cells]


def _without_repeated_header(above: GridTable, below: GridTable) -> GridTable:
    # After a row of labels the same header may well stand there for the first time: each article has one.
    if not any(_is_number(cell.text) for cell in _rows_of(above, above.rows - 1)):
        return below
    repeated = 0
    while repeated < min(_MOST_HEADER_ROWS, above.rows, below.rows):
        mine, theirs = _rows_of(above, repeated), _rows_of(below, repeated)
        if not mine or _shape(mine) != _shape(theirs) or any(_is_number(cell.text) for cell in mine):
            break
        repeated += 1
    # A header's cells that span rows must end with it.
    while repeated and any(c.row < repeated < c.row + c.row_span for c in below.cells):
        repeated -= 1
    if not any(cell.text for cell in below.cells if cell.row < repeated):
        return below
    cells = tuple(replace(cell, row=cell.row - repeated) for cell in below.cells if cell.row >= repeated)
    return replace(below, cells=cells, rows=below.rows - repeated)


def _is_number(text: str) -> bool:
    return bool(text.strip()) and read_cell(text) is not None


def _torn_row(above: GridTable, below: GridTable) -> tuple[GridTable, GridTable] | None:
    """The parts with the last row above and the first below as one row, if the break tore that row."""
    last = [cell for cell in above.cells if cell.row + cell.row_span == above.rows]
    first = {(cell.column, cell.column_span): cell for cell in _rows_of(below, 0)}
    pairs = [(cell, first.get((cell.column, cell.column_span))) for cell in last]
    if len(first) != len(last) or any(other is None for _, other in pairs):
        return None
    both = [(cell, other) for cell, other in pairs if other is not None]
    if any(other.row_span > 1 and cell.row_span == 1 and below.rows == 1 for cell, other in both):
        return None
    if not _is_one_row(both):
        return None
    texts = {id(cell): joined(cell.text, other.text, room=0.0, size=1.0) for cell, other in both}
    spans = {id(cell): other.row_span - 1 for cell, other in both}
    cells = tuple(
        replace(cell, text=texts[id(cell)], row_span=cell.row_span + spans[id(cell)]) if id(cell) in texts else cell
        for cell in above.cells
    )
    rest = tuple(replace(cell, row=cell.row - 1) for cell in below.cells if cell.row > 0)
    # Cells that reach on below are kept above, so the rows below begin beside them.
    return replace(above, cells=cells), replace(below, cells=rest, rows=below.rows - 1)


def _is_one_row(pairs: Sequence[tuple[GridCell, GridCell]]) -> bool:
    """Whether two neighbouring rows of the same cells are one that was torn: words go on, and numbers stand once."""
    going_on = [(cell, other) for cell, other in pairs if cell.text and other.text]
    if not going_on or any(_is_number(cell.text) or _is_number(other.text) for cell, other in going_on):
        return False
    if any(is_known_label(other.text) for _, other in going_on):
        return False
    numbers_above = any(_is_number(cell.text) for cell, _ in pairs)
    numbers_below = any(_is_number(other.text) for _, other in pairs)
    if numbers_above and numbers_below:
        return False
    whole = all(is_known_label(cell.text + other.text) for cell, other in going_on)
    if whole:
        return True
    # Words that the form doesn't know: torn only where the numbers beside them show that the row isn't two.
    new_words = any(other.text and not cell.text and not _is_number(other.text) for cell, other in pairs)
    return (
        (numbers_above or numbers_below)
        and not new_words
        and not any(is_known_label(cell.text) for cell, _ in going_on)
    )


def _stacked(above: GridTable, below: GridTable) -> GridTable:
    reaching = {(cell.column, cell.column_span): cell for cell in above.cells if cell.row + cell.row_span == above.rows}
    grown: dict[int, GridCell] = {}
    rest: list[GridCell] = []
    for cell in below.cells:
        upper = reaching.get((cell.column, cell.column_span)) if cell.row == 0 else None
        if upper is not None and _is_one_cell(upper, cell, below):
            text = joined(upper.text, cell.text, room=0.0, size=1.0)
            grown[id(upper)] = replace(upper, text=text, row_span=upper.row_span + cell.row_span)
        else:
            rest.append(replace(cell, row=cell.row + above.rows))
    cells = (*(grown.get(id(cell), cell) for cell in above.cells), *rest)
    return GridTable(cells, above.edges, above.rows + below.rows, above.box)


def _is_one_cell(upper: GridCell, lower: GridCell, below: GridTable) -> bool:
    """Whether a label's cell goes on over the break: its words stand on one side or are torn."""
    if not upper.text or _is_number(upper.text) or _is_number(lower.text):
        return False
    if lower.text:
        return not is_known_label(lower.text) and is_known_label(upper.text + lower.text)
    if lower.row_span > 1 or upper.row_span > 1:
        return True
    # A blank cell before a label is one that a label above reaches down to; behind the label it is a blank value.
    labels = [cell.column for cell in _rows_of(below, 0) if cell.text and not _is_number(cell.text)]
    return bool(labels) and lower.column < max(labels)
