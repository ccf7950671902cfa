"""The cells of a table on an image: from its ruling lines, or from where its words stand where it has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

import numpy

from ingest.pictures.optical_recognition import Word
from ingest.pictures.table_regions import Box, ruling_masks

if TYPE_CHECKING:
    from ingest.pictures.optical_recognition import Image

_LEAST_DRAWN = 0.6
_FEWEST_LINES = 2


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell; merged cells stand once.

    Attributes:
        box: Between its lines; where there are none, the space that is its own.
        words: Those whose middle lies in it, in reading order.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box
    words: tuple[Word, ...] = ()

    @property
    def text(self) -> str:
        """The words of the cell, put together."""
        return "".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class TableGrid:
    """The cells by row, then column.

    Attributes:
        is_ruled: Whether lines bound every cell, so that one without ink is known to be empty.
        character: The height of a character in pixels, about.
    """

    cells: tuple[GridCell, ...]
    is_ruled: bool
    character: float
    rows: dict[int, tuple[GridCell, ...]] = field(default_factory=dict)
    """For each grid row all cells that reach into it, from left to right."""


def find_grid(image: Image, words: Sequence[Word]) -> TableGrid | None:
    """The grid of the one table on an upright grey image; ``None`` where there is nothing like one."""
    import cv2

    if not words:
        return None
    character = median(word.bottom - word.top for word in words) * 0.75
    masks = ruling_masks(image, round(character * 1.7))
    across, down = _true_lines(masks[0], masks[1], 0, character), _true_lines(masks[1], masks[0], 1, character)
    levels, uprights = _positions(across, 0, character), _positions(down, 1, character)
    if len(levels) >= _FEWEST_LINES and len(uprights) > _FEWEST_LINES:
        height, width = image.shape
        levels = _with_edges(levels, [(w.top, w.bottom) for w in words], height, character)
        uprights = _with_edges(uprights, [(w.left, w.right) for w in words], width, character)
        return _grid(_ruled_cells(across, down, levels, uprights, character), words, character, is_ruled=True)
    lines = cv2.dilate(cv2.bitwise_or(across, down), numpy.ones((5, 5), numpy.uint8))
    unruled = numpy.where(lines > 0, numpy.uint8(numpy.percentile(image, 75)), image)
    boxes = _word_cells(unruled, words, character)
    return _grid(boxes, words, character, is_ruled=False) if boxes else None


_Cell = tuple[int, int, int, int, Box]


def _grid(cells: Sequence[_Cell], words: Sequence[Word], character: float, *, is_ruled: bool) -> TableGrid:
    contents: list[list[Word]] = [[] for _ in cells]
    for word in words:
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        inside = next((i for i, cell in enumerate(cells) if cell[4].contains(x, y)), None)
        if inside is not None:
            contents[inside].append(word)
    made = sorted(
        (GridCell(*cell, _reading_order(inside, character)) for cell, inside in zip(cells, contents, strict=True)),
        key=lambda cell: (cell.row, cell.column),
    )
    return with_cells(TableGrid((), is_ruled, character), made)


def with_cells(grid: TableGrid, cells: Sequence[GridCell]) -> TableGrid:
    """The grid with other cells, which are in order."""
    rows: dict[int, list[GridCell]] = {}
    for cell in cells:
        for row in range(cell.row, cell.row + cell.row_span):
            rows.setdefault(row, []).append(cell)
    by_row = {row: tuple(sorted(reaching, key=lambda c: c.column)) for row, reaching in sorted(rows.items())}
    return TableGrid(tuple(cells), grid.is_ruled, grid.character, by_row)


def _reading_order(words: Sequence[Word], character: float) -> tuple[Word, ...]:
    """The words line by line: those whose middles are less than half a character apart share a line."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.top + w.bottom):
        if lines and abs(_middle(lines[-1][-1]) - _middle(word)) < character / 2:
            lines[-1].append(word)
        else:
            lines.append([word])
    return tuple(word for line in lines for word in sorted(line, key=lambda w: w.left))


def _middle(word: Word) -> float:
    return (word.top + word.bottom) / 2


def _true_lines(mask: Image, other: Image, axis: int, character: float) -> Image:
    """The mask without short strokes that end in no line of the other direction: those of characters side by side.

    A border that is cut off, and the corners of a turned image, lie near the image's edge and stand for a line.
    """
    import cv2

    reach, near = max(3, round(character * 0.25)), round(character)
    height, width = mask.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    kept = numpy.zeros(len(stats), dtype=numpy.uint8)
    for number, (left, top, w, h, _) in enumerate(stats.tolist()):
        length, size = (w, left + w) if axis == 0 else (h, top + h)
        if number == 0 or length < 2 * character:
            continue
        ends = (
            [(left, top, left, top + h), (left + w, top, left + w, top + h)]
            if axis == 0
            else [(left, top, left + w, top), (left, top + h, left + w, top + h)]
        )
        at_edge = [
            (left if axis == 0 else top) <= near,
            size >= (width if axis == 0 else height) - near,
        ]
        met = [
            bool(other[max(0, y - reach) : v + reach + 1, max(0, x - reach) : u + reach + 1].any())
            for x, y, u, v in ends
        ]
        ended = [m or e for m, e in zip(met, at_edge, strict=True)]
        # Strokes of one line of text join to a line across it, but hardly ever to one down it.
        if length >= 10 * character or (all(ended) if axis == 0 else any(ended)):
            kept[number] = 255
    return numpy.asarray(kept[labels], dtype=numpy.uint8)


def _positions(mask: Image, axis: int, character: float) -> list[float]:
    """Where the lines of a mask lie: their y for lines across (axis 0), their x for lines down (axis 1)."""
    import cv2

    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = sorted(
        (start + size / 2, length)
        for start, size, length in ((int(s[1 - axis]), int(s[3 - axis]), int(s[2 + axis])) for s in stats[1:])
        if size < character
    )
    groups: list[list[tuple[float, int]]] = []
    for line in found:
        if groups and line[0] - groups[-1][-1][0] <= max(4.0, character * 0.3):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [sum(at * length for at, length in group) / sum(length for _, length in group) for group in groups]


def _with_edges(positions: list[float], extents: Sequence[tuple[int, int]], size: int, character: float) -> list[float]:
    """The positions with the image's own edge where the table's border is cut off and words stand beyond its lines."""
    before = sum((start + end) / 2 < positions[0] for start, end in extents)
    after = sum((start + end) / 2 > positions[-1] for start, end in extents)
    near = 4 * character
    first = [max(0.0, min(start for start, _ in extents) - character)] if before else []
    last = [min(float(size - 1), max(end for _, end in extents) + character)] if after else []
    # Words far off the lines are a title or a note, not a row that lost its border.
    first = first if first and first[0] < near else []
    last = last if last and last[0] > size - near else []
    return [*first, *positions, *last]


def _ruled_cells(
    across: Image, down: Image, levels: Sequence[float], uprights: Sequence[float], character: float
) -> list[_Cell]:
    """The rectangles between the lines; two neighbours are one cell where no line is drawn between them."""
    reach = max(3, round(character * 0.25))
    rows, columns = len(levels) - 1, len(uprights) - 1
    owner = list(range(rows * columns))

    def find(cell: int) -> int:
        while owner[cell] != cell:
            cell = owner[cell]
        return cell

    for row in range(rows):
        for column in range(columns):
            x, y = (uprights[column], uprights[column + 1]), (levels[row], levels[row + 1])
            if row + 1 < rows and not _is_drawn(across, y[1], x, 0, reach):
                owner[find((row + 1) * columns + column)] = find(row * columns + column)
            if column + 1 < columns and not _is_drawn(down, x[1], y, 1, reach):
                owner[find(row * columns + column + 1)] = find(row * columns + column)
    groups: dict[int, list[tuple[int, int]]] = {}
    for cell in range(rows * columns):
        groups.setdefault(find(cell), []).append(divmod(cell, columns))
    cells = []
    for members in groups.values():
        top, left = min(r for r, _ in members), min(c for _, c in members)
        bottom, right = max(r for r, _ in members) + 1, max(c for _, c in members) + 1
        # A shape that isn't a rectangle lost a part of a line: nothing in it can be told apart.
        if len(members) == (bottom - top) * (right - left):
            box = Box(round(uprights[left]), round(levels[top]), round(uprights[right]), round(levels[bottom]))
            cells.append((top, left, bottom - top, right - left, box))
    return cells


def _is_drawn(mask: Image, at: float, along: tuple[float, float], axis: int, reach: int) -> bool:
    start, end = round(along[0]) + reach, round(along[1]) - reach
    if end - start < 2:
        start, end = round(along[0]), max(round(along[0]) + 1, round(along[1]))
    low, high = max(0, round(at) - reach), round(at) + reach + 1
    strip = mask[low:high, start:end] if axis == 0 else mask[start:end, low:high]
    return bool(strip.size) and float((strip.max(axis=axis) > 0).mean()) >= _LEAST_DRAWN


def _word_cells(image: Image, words: Sequence[Word], character: float) -> list[_Cell]:
    """Cells around columns and rows of numbers; what stands left of and above the numbers is labels."""
    numbers = [word for word in words if _is_number(word.text)]
    rows = [y for y, count in _clusters([_middle(w) for w in numbers], character * 0.5) if count >= 3]
    marks = [x for y in rows for x in _marks(image, words, y, character)]
    columns = [x for x, count in _clusters(marks, character * 1.2) if count >= max(1, len(rows) // 3)]
    if len(columns) < 3:
        return []
    height, width = image.shape
    edges = [0.0, *_between(columns, columns[0] - (columns[1] - columns[0]) / 2, float(width))]
    step = min((b - a for a, b in pairwise(rows)), default=3 * character)
    # The lines of a header come close to the first row of numbers.
    above = min(step / 2, character * 0.95)
    tops = [0.0, *_between(rows, max(0.0, rows[0] - above), min(float(height), rows[-1] + step / 2))]
    return [
        (row, column, 1, 1, Box(*(max(0, round(edge)) for edge in (left, top, right, bottom))))
        for row, (top, bottom) in enumerate(pairwise(tops))
        for column, (left, right) in enumerate(pairwise(edges))
    ]


def _marks(image: Image, words: Sequence[Word], y: float, character: float) -> list[float]:
    """The middles of what is printed on a line of numbers, beyond its labels: a lone 0 often isn't found as a word."""
    import cv2

    low, high = max(0, round(y - character * 0.6)), round(y + character * 0.6)
    labels = [w.right for w in words if not _is_number(w.text) and w.top < y < w.bottom]
    start = max(labels, default=0)
    smooth = cv2.GaussianBlur(image[low:high], (0, 0), max(0.8, character / 20))
    paper, darkest = float(numpy.median(smooth)), float(numpy.percentile(smooth, 0.5))
    threshold = paper - (paper - darkest) * 0.5
    xs = numpy.flatnonzero(smooth[:, start:].min(axis=0) < threshold) + start
    groups: list[list[int]] = []
    for x in xs.tolist():
        if groups and x - groups[-1][-1] <= character * 0.7:
            groups[-1].append(x)
        else:
            groups.append([x])
    return [(group[0] + group[-1]) / 2 for group in groups if group[-1] - group[0] >= character * 0.08]


def _is_number(text: str) -> bool:
    stripped = text.strip()
    return stripped in ("/", "-", "—", "O", "o", "〇") or (stripped.isascii() and stripped.replace(".", "").isdigit())


def _clusters(values: Sequence[float], gap: float) -> list[tuple[float, int]]:
    """The means of values that lie near one another, with how many there are, in order."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= gap:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [(sum(group) / len(group), len(group)) for group in groups]


def _between(middles: Sequence[float], first: float, last: float) -> list[float]:
    return [first, *((a + b) / 2 for a, b in pairwise(middles)), last]
