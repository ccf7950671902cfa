"""Finds the form's tables where they are printed without rulings: labels and numbers that stand in columns.

Only the form's own labels tell such a table from prose in columns, and only they tell where a label that is broken
over lines ends and the next one begins. What isn't recognised so stays as the lines that it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.forms.cells import read_cell
from ingest.forms.form_words import has_known_words, is_known_label
from ingest.pages.page_layout import Area, GridCell, GridTable, Item, TextLine
from ingest.structure.headings import looks_like_level_one

_LONGEST_PIECE = 24
_MOST_LINES = 7
_FEWEST_KNOWN = 4
_FEWEST_VALUE_ROWS = 1
# How far a number may stand from the middle of its column, in points.
_SAME_COLUMN = 12.0
_STACKED_GAP = 1.6
# No line of a paragraph has a gap of so many characters inside.
_PARTING_GAP = 1.6


@dataclass(slots=True)
class _Cell:
    """A label, put together from its lines, or a value."""

    text: str
    box: Area
    is_value: bool
    is_known: bool = False

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return (self.box.top + self.box.bottom) / 2

    @property
    def centre(self) -> float:
        """The x coordinate of its middle."""
        return (self.box.left + self.box.right) / 2


def find_loose_tables(rows: Sequence[Sequence[TextLine]]) -> list[Item]:
    """The lines of a page, from top to bottom, with those that make up a table of the form as one.

    Args:
        rows: What shares a baseline, parted where a gap is.
    """
    items: list[Item] = []
    run: list[Sequence[TextLine]] = []
    for row in [*rows, []]:
        if row and _may_be_tabular(row):
            run.append(row)
            continue
        if run:
            items.extend(_table_or_lines(run))
            run = []
        if row:
            items.append(as_one(row))
    return items


def as_one(row: Sequence[TextLine]) -> TextLine:
    """Pieces on one baseline as one line."""
    box = row[0].box
    parted = False
    for piece in row[1:]:
        parted = parted or piece.box.left - box.right > _PARTING_GAP * piece.size
        box = box.joined(piece.box)
    return replace(row[0], text=" ".join(piece.text for piece in row), box=box, parted=parted)


def _is_value(text: str) -> bool:
    return read_cell(text) is not None


def _may_be_tabular(row: Sequence[TextLine]) -> bool:
    if len(row) == 1 and looks_like_level_one(row[0].text):
        return False
    return all(len(piece.text) <= _LONGEST_PIECE and piece.text[-1:] not in "。；" for piece in row)


def _table_or_lines(rows: list[Sequence[TextLine]]) -> list[Item]:
    lines: list[Item] = [as_one(row) for row in rows]
    if not any(len(row) > 1 for row in rows) or not has_known_words("".join(p.text for row in rows for p in row)):
        return lines
    # A heading above the table is no part of it: it begins with the first row in columns or with a known label.
    first = next((i for i, row in enumerate(rows) if len(row) > 1 or is_known_label(row[0].text)), 0)
    last = max(i for i, row in enumerate(rows) if len(row) > 1 or is_known_label(row[0].text)) + 1
    inside = rows[first:last]
    values = [_Cell(p.text, p.box, True, True) for row in inside for p in row if _is_value(p.text)]
    labels = _labels([p for row in inside for p in row if not _is_value(p.text)])
    known = sum(label.is_known for label in labels)
    value_rows = _by_height(values)
    if known < _FEWEST_KNOWN or 2 * known < len(labels) or len(value_rows) < _FEWEST_VALUE_ROWS:
        return lines
    return [*lines[:first], _table(labels, value_rows), *lines[last:]]


def _labels(pieces: Sequence[TextLine]) -> list[_Cell]:
    """The labels that the pieces are, those that stand under one another in one column taken together."""
    chains: list[list[TextLine]] = []
    for piece in pieces:
        for chain in chains:
            last = chain[-1]
            overlap = min(last.box.right, piece.box.right) - max(last.box.left, piece.box.left)
            narrower = min(last.box.width, piece.box.width)
            near = piece.box.top - last.box.bottom <= _STACKED_GAP * piece.size
            if near and piece.box.top > last.box.top + 1 and overlap >= 0.5 * narrower:
                chain.append(piece)
                break
        else:
            chains.append([piece])
    return [label for chain in chains for label in _parted(chain)]


def _parted(chain: Sequence[TextLine]) -> list[_Cell]:
    """The labels of a column of lines: the parting that makes the most of the text known labels."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(chain) + 1):
        options = [(best[end - 1][0], end - 1)]
        for start in range(max(0, end - _MOST_LINES), end):
            text = "".join(line.text for line in chain[start:end])
            if is_known_label(text):
                options.append((best[start][0] + len(text) ** 1.5, start))
        best.append(max(options))
    labels: list[_Cell] = []
    end = len(chain)
    while end:
        start = best[end][1]
        lines = chain[start:end]
        text = "".join(line.text for line in lines)
        labels.append(_Cell(text, lines[0].box.joined(lines[-1].box), False, best[end][0] > best[start][0]))
        end = start
    return labels[::-1]


def _by_height(cells: Sequence[_Cell]) -> list[list[_Cell]]:
    """The cells that share a height, from top to bottom, each row from left to right."""
    rows: list[list[_Cell]] = []
    for cell in sorted(cells, key=lambda c: c.middle):
        if rows and cell.middle - rows[-1][0].middle <= 0.4 * cell.box.height:
            rows[-1].append(cell)
        else:
            rows.append([cell])
    for row in rows:
        row.sort(key=lambda c: c.box.left)
    return rows


def _table(labels: list[_Cell], value_rows: list[list[_Cell]]) -> GridTable:
    rest = list(labels)
    rows: list[tuple[float, list[_Cell]]] = []
    for values in value_rows:
        height = values[0].middle
        beside = [
            label
            for label in rest
            if label.box.right <= values[0].box.left + 1 and label.box.top - 2 <= height <= label.box.bottom + 2
        ]
        # Labels further left stand for several rows.
        name = max(beside, key=lambda label: label.box.left, default=None)
        if name is not None:
            rest.remove(name)
        rows.append((height, [name, *values] if name else list(values)))
    rows.extend((row[0].middle, row) for row in _by_height(rest))
    rows.sort(key=lambda entry: entry[0])
    filled = _with_blanks([row for _, row in rows])
    cells = tuple(
        GridCell(number, column, 1, 1, cell.text if cell else "")
        for number, row in enumerate(filled)
        for column, cell in enumerate(row)
    )
    box = labels[0].box
    for cell in (*labels, *(cell for row in value_rows for cell in row)):
        box = box.joined(cell.box)
    width = max(len(row) for row in filled)
    edges = tuple(box.left + (box.width * at) / width for at in range(width + 1))
    return GridTable(cells, edges, len(filled), box)


def _with_blanks(rows: list[list[_Cell]]) -> list[list[_Cell | None]]:
    """The rows, with empty cells where a row lacks a number that the fullest of its neighbours has in that column."""
    filled: list[list[_Cell | None]] = []
    start = 0
    while start < len(rows):
        end = start + 1
        while end < len(rows) and any(c.is_value for c in rows[start]) and any(c.is_value for c in rows[end]):
            end += 1
        block = rows[start:end]
        columns = max(([c.centre for c in row if c.is_value] for row in block), key=len)
        filled.extend(_aligned(row, columns) for row in block)
        start = end
    return filled


def _aligned(row: list[_Cell], columns: Sequence[float]) -> list[_Cell | None]:
    values = [cell for cell in row if cell.is_value]
    if len(values) == len(columns) or not values:
        return list(row)
    places: dict[int, _Cell] = {}
    for cell in values:
        column = min(range(len(columns)), key=lambda i: abs(columns[i] - cell.centre))
        if abs(columns[column] - cell.centre) > _SAME_COLUMN or column in places:
            return list(row)
        places[column] = cell
    return [*(cell for cell in row if not cell.is_value), *(places.get(i) for i in range(len(columns)))]
