"""Reads tables that a converter wrote a cell a line, each with a bar behind it.

An empty cell is a line with a bar alone, and a row that has fewer cells than the widest is filled up with a run of
bars. So every row comes to the same number of bars, and that number tells where the rows end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.documents import Cell, Table
from ingest.forms.cells import read_cell
from ingest.structure.headings import looks_like_level_one
from vectorstore.records import Span

_CELL = re.compile(r"[^|\t]*[^|\s][^|\t]*\|")
_BARS = re.compile(r"\|+")
_FEWEST_LINES = 6
_FEWEST_CELLS = 3
_LONGEST_FIRST_LINE = 30
_WIDTHS = range(2, 21)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A cell with text, or so many bars in a row: empty cells, or what fills a row up."""

    span: Span
    bars: int

    @property
    def is_text(self) -> bool:
        return self.bars == 0


def barred_lines_end(text: str, lines: Sequence[Span], first: int) -> int | None:
    """The index behind the last line of such a table that begins at ``first``; ``None`` if none does."""
    if "|" not in lines[first].of(text) or not _CELL.fullmatch(lines[first].of(text).strip()):
        return None
    end = first
    at = first
    cells = bare = 0
    while at < len(lines):
        line = lines[at].of(text).strip()
        if _CELL.fullmatch(line):
            cells += 1
        elif _BARS.fullmatch(line):
            bare += 1
        elif not _goes_on(text, lines, at):
            break
        at += 1
        if line.endswith("|"):
            end = at
    return end if cells >= _FEWEST_CELLS and bare and cells + bare >= _FEWEST_LINES else None


def _goes_on(text: str, lines: Sequence[Span], at: int) -> bool:
    """Whether a line without bar is the first of a cell's two, or the empty line between two cells."""
    line = lines[at].of(text).strip()
    following = lines[at + 1].of(text).strip() if at + 1 < len(lines) else ""
    is_part = "\t" not in line and "|" not in line and len(line) <= _LONGEST_FIRST_LINE and not line.endswith("。")
    if looks_like_level_one(line):
        return False  # the heading above the next table
    return is_part and bool(_CELL.fullmatch(following) or (line and _BARS.fullmatch(following)))


def barred_table(text: str, lines: Sequence[Span]) -> Table:
    """The table of such lines."""
    pieces = list(_pieces(text, lines))
    rows = next((found for width in _WIDTHS if (found := _rows_of(pieces, width))), None)
    cells = tuple(_cells(number, row) for number, row in enumerate(rows or _rows_by_words(text, pieces)))
    last = lines[-1].start + len(lines[-1].of(text).rstrip())
    return Table(cells, Span(pieces[0].span.start, last))


def _pieces(text: str, lines: Sequence[Span]) -> Iterator[_Piece]:
    start: int | None = None
    for line in lines:
        content = line.of(text)
        stripped = content.strip()
        if not stripped:
            continue
        begin = line.start + len(content) - len(content.lstrip())
        if _BARS.fullmatch(stripped):
            if start is not None:  # the bar of a cell whose text stands on the line before
                yield _Piece(Span(start, start + len(text[start:begin].rstrip())), 0)
                start = None
                if len(stripped) > 1:
                    yield _Piece(Span(begin + 1, begin + len(stripped)), len(stripped) - 1)
                continue
            yield _Piece(Span(begin, begin + len(stripped)), len(stripped))
            continue
        start = begin if start is None else start
        if stripped.endswith("|"):
            end = begin + len(stripped[:-1].rstrip())
            yield _Piece(Span(start, end), 0)
            start = None
    if start is not None:
        yield _Piece(Span(start, lines[-1].end), 0)


def _rows_of(pieces: Sequence[_Piece], width: int) -> list[list[_Piece]] | None:
    """The rows if each comes to the width, begins with words, and is filled up at its end only."""
    rows: list[list[_Piece]] = [[]]
    filled = 0
    for piece in pieces:
        if filled == width:
            rows.append([])
            filled = 0
        if filled == 0 and not piece.is_text and piece.bars > 1:
            return None
        filled += max(1, piece.bars)
        rows[-1].append(piece)
        if filled > width or (piece.bars > 1 and filled != width):
            return None
    begins_with_words = sum(row[0].is_text for row in rows) * 2 > len(rows)
    return rows if filled == width and begins_with_words else None


def _rows_by_words(text: str, pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Where the bars don't add up: a row begins at words behind a number or behind bars."""
    rows: list[list[_Piece]] = [[]]
    for piece in pieces:
        before = rows[-1][-1] if rows[-1] else None
        is_word = piece.is_text and read_cell(piece.span.of(text)) is None
        if before is not None and is_word:
            ends = not before.is_text or read_cell(before.span.of(text)) is not None
            if ends:
                rows.append([])
        rows[-1].append(piece)
    return rows


def _cells(number: int, row: Sequence[_Piece]) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for piece in row:
        spans = [piece.span] if piece.is_text else [Span(piece.span.start, piece.span.start)] * piece.bars
        for span in spans:
            cells.append(Cell(number, len(cells), span))
    return tuple(cells)
