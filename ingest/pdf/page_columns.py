"""Puts the lines of a page in the order in which they are read where it has two columns of prose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.pages.page_layout import TextLine

Row = Sequence[TextLine]

_FEWEST_ROWS = 8
_LEAST_WIDTH = 8
"""In characters, on average: the pieces of a table are shorter."""
_STEPS = 41


def in_reading_order(rows: Sequence[Row], width: float) -> list[Row] | None:
    """The rows, those beside a gutter parted: what stands left of it comes first, down to the next row that crosses it.

    ``None`` where the page has no columns.

    Args:
        rows: What shares a baseline, parted where a gap is; from top to bottom.
        width: Of the page, in points.
    """
    gutter = _gutter(rows, width)
    if gutter is None:
        return None
    ordered: list[Row] = []
    left: list[Row] = []
    right: list[Row] = []
    for row in rows:
        if any(piece.box.left < gutter < piece.box.right for piece in row):
            ordered += [*left, *right, row]
            left, right = [], []
            continue
        sides: tuple[list[TextLine], list[TextLine]] = ([], [])
        for piece in row:
            side = int(piece.box.left >= gutter)
            sides[side].append(replace(piece, column=side + 1))
        if sides[0]:
            left.append(sides[0])
        if sides[1]:
            right.append(sides[1])
    return [*ordered, *left, *right]


def _gutter(rows: Sequence[Row], width: float) -> float | None:
    """Where a gap runs down between two columns of prose; ``None`` if there is none."""
    beside = [row for row in rows if len(row) == 2 and all(len(piece.text) >= 2 for piece in row)]
    if len(beside) < _FEWEST_ROWS:
        return None
    places = [width * (0.3 + 0.4 * step / (_STEPS - 1)) for step in range(_STEPS)]
    gutter = max(places, key=lambda x: sum(row[0].box.right < x < row[1].box.left for row in beside))
    parted = [row for row in beside if row[0].box.right < gutter < row[1].box.left]
    crossing = sum(piece.box.left < gutter < piece.box.right for row in rows for piece in row)
    if len(parted) < _FEWEST_ROWS or crossing > len(parted) / 2:
        return None
    length = sum(len(piece.text) for row in parted for piece in row) / (2 * len(parted))
    return gutter if length >= _LEAST_WIDTH else None
