"""Puts characters together to lines, and lines that were broken for width to running text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ingest.pages.page_layout import Area, Glyph, TextLine

# A gap wider than this, beyond what the line has between its characters anyway, parts what shares a baseline.
_COLUMN_GAP = 0.9
# Titles are spaced out; wider gaps than this are columns.
_WIDEST_SPACING = 1.2
# A gap wider than this, beyond what the line has between its characters anyway, stands for a space.
_SPACE_GAP = 0.22
_SAME_BASELINE = 0.4
_DESCENT = 0.2
HYPHEN = "\x02"
"""What a reader puts for a hyphen that ends a line and may be there only because the line ended."""

_LATIN = re.compile(r"[A-Za-z]")
_WORD = re.compile(r"[0-9A-Za-z.,%@:/_-]")
_URL = re.compile(r"(?:https?:|www\.)[!-~]*$", re.IGNORECASE)
# What may not begin a line, and so goes to the next line with the character before it.
_NO_START = "、，。．；：？！％）〕］｝》〉」』】”’…—,.;:?!%)]}"


def find_lines(glyphs: Sequence[Glyph]) -> list[list[TextLine]]:
    """The lines of characters from top to bottom; those that share a baseline but stand apart, from left to right."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.baseline):
        if glyph.text.isspace() and glyph.text != "\u3000":
            if rows and abs(glyph.baseline - rows[-1][0].baseline) <= _SAME_BASELINE * glyph.size:
                rows[-1].append(glyph)
            continue
        if rows and glyph.baseline - rows[-1][0].baseline <= _SAME_BASELINE * min(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    lines = [[line for piece in _pieces(row) if (line := _line(piece))] for row in rows]
    return [row for row in lines if row]


def _pieces(row: list[Glyph]) -> Iterable[list[Glyph]]:
    """The row's characters, parted where a gap of several characters is."""
    row.sort(key=lambda g: (g.left, g.right))
    usual = _usual_gap([g for g in row if not g.text.isspace()])
    piece: list[Glyph] = []
    end = 0.0
    for glyph in row:
        blank = glyph.text.isspace()
        if piece and not blank and glyph.left - end > usual + _COLUMN_GAP * max(glyph.size, piece[-1].size):
            yield piece
            piece = []
        if not (blank and not piece):
            piece.append(glyph)
        if not blank:
            end = max(end, glyph.right) if piece[:-1] else glyph.right
    if piece:
        yield piece


def _line(piece: list[Glyph]) -> TextLine | None:
    printed = [g for g in piece if not g.text.isspace()]
    if not printed:
        return None
    usual = _usual_gap(printed)
    parts: list[str] = []
    before: Glyph | None = None
    spaced = False
    for glyph in piece:
        if glyph.text.isspace():
            spaced = True
            continue
        if before is not None:
            gap = glyph.left - before.right
            wide = gap > usual + _SPACE_GAP * max(glyph.size, before.size)
            # A space that is printed no wider than nothing doesn't part two digits.
            if wide or (spaced and (gap > 0.1 * glyph.size or not (before.text[-1:] + glyph.text[:1]).isdigit())):
                parts.append(" ")
        parts.append(glyph.text)
        before, spaced = glyph, False
    size = sorted(g.size for g in printed)[len(printed) // 2]
    box = Area(
        printed[0].left,
        min(g.baseline - g.size for g in printed) + _DESCENT * size,
        max(g.right for g in printed),
        max(g.baseline for g in printed) + _DESCENT * size,
    )
    return TextLine("".join(parts), box, size)


def _usual_gap(printed: Sequence[Glyph]) -> float:
    """What a row leaves between its characters, in points: more than nothing where it is spaced out."""
    gaps = sorted(b.left - a.right for a, b in pairwise(printed))
    if len(gaps) < 2:
        return 0.0
    middle = max(0.0, gaps[len(gaps) // 2])
    return middle if middle <= _WIDEST_SPACING * printed[0].size else 0.0


def first_unit_width(text: str, size: float) -> float:
    """About how wide a line's beginning is that can't be broken: a character with what must follow, a number."""
    if not text:
        return 0.0
    count = 1
    if _WORD.match(text):
        while count < len(text) and _WORD.match(text[count]):
            count += 1
    while count < len(text) and text[count] in _NO_START:
        count += 1
    return sum(width_of(c) for c in text[:count]) * size


def width_of(character: str) -> float:
    """A character's usual advance, in units of the font's size."""
    return 0.5 if ord(character) < 0x2000 else 1.0


def joined(first: str, second: str, *, room: float, size: float) -> str:
    """Two lines of one paragraph or cell as one text.

    Args:
        room: Points left behind the first line, up to where lines end.

    A number goes on over the break only where not even one digit more had room: elsewhere it would have gone on on
    the same line, so that two numbers stand there.
    """
    if not first or not second:
        return first or second
    a, b = first[-1], second[0]
    if a == HYPHEN:
        stem = first[:-1]
        if stem and _LATIN.match(stem[-1]) and b.islower():
            return stem + second
        return stem + "-" + second
    if a.isspace() or b.isspace():
        return first + second
    if a.isdigit() and b.isdigit():
        return first + ("" if room < 1.1 * width_of(b) * size else " ") + second
    if _is_western(a) and _is_western(b):
        is_torn = _URL.search(first) is not None or not (a.isalnum() and b.isalnum())
        return first + ("" if is_torn or a.isdigit() or b.isdigit() else " ") + second
    return first + second


def _is_western(character: str) -> bool:
    return "!" <= character <= "~"
