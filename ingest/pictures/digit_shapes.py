"""Tells by its shape whether ink can be a number that recognition read: a second opinion of another kind.

Recognition errs the same way wherever the same glyph stands, so that a table of nothing but ones may be misread
as one of sevens and still add up. Holes, proportions and the count of glyphs don't come from the same source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy

if TYPE_CHECKING:
    Ink = numpy.ndarray[Any, numpy.dtype[numpy.uint8]]

_MOST_HOLES = {"0": 1, "1": 0, "2": 0, "3": 0, "4": 1, "5": 0, "6": 1, "7": 0, "8": 2, "9": 1}
# Widths in heights of a digit: what n of them side by side take at least and at most.
_LEAST_ADVANCE, _MOST_ADVANCE = 0.5, 1.0
_LEAST_WIDTH, _MOST_WIDTH = 0.08, 0.92
# By how much of its height a glyph's top lies to the right of its foot: 0.10 at most for an italic 1 and 0.21 at least
# for a slash, over thirty fonts.
_MOST_LEANING_ONE = 0.15


def speaks_against(ink: Ink, number: str) -> bool:
    """Whether the shape of the ink excludes the number, or can't be squared with it.

    Args:
        ink: What is printed in a cell and nothing else, 255 where there is ink, at least 30 pixels high.
        number: Digits only.
    """
    glyphs = split_glyphs(ink)
    if not glyphs or len(glyphs) > len(number):
        return True
    if len(glyphs) == len(number):
        return any(_is_excluded(glyph, digit) for glyph, digit in zip(glyphs, number, strict=True))
    height = max(glyph.shape[0] for glyph in glyphs)
    columns = numpy.flatnonzero(ink.any(axis=0))
    width = float(columns[-1] - columns[0] + 1) / height
    more = len(number) - 1
    return not more * _LEAST_ADVANCE + _LEAST_WIDTH <= width <= more * _MOST_ADVANCE + _MOST_WIDTH


def is_stroke(ink: Ink) -> bool:
    """Whether the ink is flat as a dash or leans as a slash does, and so is no one."""
    glyphs = split_glyphs(ink)
    if len(glyphs) != 1:
        return False
    height, width = int(glyphs[0].shape[0]), int(glyphs[0].shape[1])
    return height * 2 < width or (not _holes(glyphs[0]) and _lean(glyphs[0]) > _MOST_LEANING_ONE)


def split_glyphs(ink: Ink) -> list[Ink]:
    """The parts of the ink with an empty column between them, from left to right, each cut to its own extent.

    Specks and commas, less than half as high as the highest part, are left out.
    """
    columns = numpy.concatenate(([False], ink.any(axis=0), [False]))
    edges = numpy.flatnonzero(columns[1:] != columns[:-1])
    glyphs = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        part = ink[:, start:end]
        rows = numpy.flatnonzero(part.any(axis=1))
        glyphs.append(part[rows[0] : rows[-1] + 1])
    highest = max((glyph.shape[0] for glyph in glyphs), default=0)
    return [glyph for glyph in glyphs if glyph.shape[0] * 2 > highest]


def _is_excluded(glyph: Ink, digit: str) -> bool:
    height, width = int(glyph.shape[0]), int(glyph.shape[1])
    if width > height * 1.05:
        return True
    holes = _holes(glyph)
    # A hole may run full where print is small, which nobody can tell from a 3 or a 5; a 0 has no such neighbour.
    if len(holes) > _MOST_HOLES[digit] or (digit in "689" and not holes):
        return True
    if digit == "1":
        top, foot = _reach(glyph[: height // 4]), _reach(glyph[-height // 4 :])
        has_bar = top > height * 0.48 and top > foot * 1.3
        return width > height * 0.82 or has_bar or _lean(glyph) > _MOST_LEANING_ONE
    if width < height * 0.25:
        return True
    if digit == "7":
        top, foot = _reach(glyph[: height // 4]), _reach(glyph[-height // 4 :])
        return top < height * 0.42 or foot > top * 0.85
    if len(holes) == 1 and digit in "0689":
        top, tall = holes[0]
        middle = (top + tall / 2) / height
        if digit == "8":
            return tall > height * 0.5
        if digit == "0":
            return abs(middle - 0.5) > 0.14
        return tall > height * 0.72 or (middle < 0.54 if digit == "6" else middle > 0.46)
    return False


def _holes(glyph: Ink) -> list[tuple[int, int]]:
    """The first row and the height of every hole that is more than a speck, largest first."""
    import cv2

    framed = numpy.pad(glyph, 1)
    empty = (framed == 0).astype(numpy.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(empty, connectivity=4)
    surroundings = int(labels[0, 0])
    least = max(3.0, glyph.shape[0] ** 2 * 0.004)
    found = [
        (int(area), int(top) - 1, int(tall))
        for number, (_, top, _, tall, area) in enumerate(stats.tolist())
        if number not in (0, surroundings) and area >= least
    ]
    return [(top, tall) for _, top, tall in sorted(found, reverse=True)]


def _lean(glyph: Ink) -> float:
    quarter = max(1, int(glyph.shape[0]) // 4)
    top, foot = (float(numpy.nonzero(band)[1].mean()) for band in (glyph[:quarter], glyph[-quarter:]))
    return (top - foot) / int(glyph.shape[0])


def _reach(band: Ink) -> int:
    columns = numpy.flatnonzero(band.any(axis=0))
    return int(columns[-1] - columns[0] + 1) if len(columns) else 0
