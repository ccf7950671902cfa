"""Reads the ruled tables of a PDF page: which characters stand in which cell of a grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.pages.glyph_lines import HYPHEN, find_lines, joined
from ingest.pages.page_layout import Glyph, GridCell, GridTable, TextLine
from ingest.pdf.pages import PdfPage
from ingest.pdf.ruled_grids import Grid, find_grids

_MOST_PADDING = 8.0
_OF_NUMBERS = frozenset("0123456789.,")
# Digits of one number are no further apart than this, in sizes of their font.
_TOUCHING = 0.12


def take_tables(page: PdfPage) -> tuple[list[GridTable], list[Glyph]]:
    """The ruled tables of a page from top to bottom, and the characters that stand outside them."""
    grids = [grid for grid in find_grids(page.across, page.down) if _is_table(grid)]
    # The smaller of two that lie within one another is the one that a character belongs to.
    grids.sort(key=lambda grid: grid.area.width * grid.area.height)
    inside: list[dict[int, list[Glyph]]] = [{} for _ in grids]
    outside: list[Glyph] = []
    for glyph, (x, y) in _places(page.glyphs):
        for grid, cells in zip(grids, inside, strict=True):
            region = grid.region_at(x, y)
            if region is not None:
                cells.setdefault(region, []).append(glyph)
                break
        else:
            outside.append(glyph)
    tables = [
        _table(grid, cells)
        for grid, cells in zip(grids, inside, strict=True)
        if any(not glyph.text.isspace() for glyphs in cells.values() for glyph in glyphs)
    ]
    return sorted(tables, key=lambda table: table.box.top), outside


def _places(glyphs: Sequence[Glyph]) -> Iterator[tuple[Glyph, tuple[float, float]]]:
    """Each character with the point that decides on its cell: of a number's digits, the middle of the number.

    A number that is wider than its cell stands over the rulings; its outer digits belong to no neighbour.
    """
    run: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda g: (round(g.baseline), g.left)):
        if run and not _continues(run[-1], glyph):
            yield from _placed(run)
            run = []
        run.append(glyph)
    if run:
        yield from _placed(run)


def _continues(before: Glyph, glyph: Glyph) -> bool:
    return (
        before.text in _OF_NUMBERS
        and glyph.text in _OF_NUMBERS
        and abs(before.baseline - glyph.baseline) <= 1
        and abs(glyph.left - before.right) <= _TOUCHING * glyph.size
    )


def _placed(run: Sequence[Glyph]) -> Iterator[tuple[Glyph, tuple[float, float]]]:
    x = (run[0].left + run[-1].right) / 2
    for glyph in run:
        yield glyph, (x, glyph.middle[1])


def _is_table(grid: Grid) -> bool:
    """Whether it is more than a frame with lines in it: two columns somewhere."""
    return any(region.column_span < len(grid.xs) - 1 for region in grid.regions)


def _table(grid: Grid, cells: dict[int, list[Glyph]]) -> GridTable:
    lines = {number: _cell_lines(glyphs) for number, glyphs in cells.items()}
    padding = min(
        (line.box.left - grid.bounds(grid.regions[number]).left for number, found in lines.items() for line in found),
        default=0.0,
    )
    padding = min(max(padding, 0.0), _MOST_PADDING)
    found = tuple(
        GridCell(
            region.row,
            region.column,
            region.row_span,
            region.column_span,
            _cell_text(lines.get(number, ()), grid.bounds(region).width - 2 * padding),
        )
        for number, region in enumerate(grid.regions)
    )
    return GridTable(found, grid.xs, len(grid.ys) - 1, grid.area)


def _cell_lines(glyphs: Sequence[Glyph]) -> list[TextLine]:
    lines = []
    for row in find_lines(glyphs):
        box = row[0].box.joined(row[-1].box)
        lines.append(TextLine(" ".join(piece.text for piece in row), box, row[0].size))
    return lines


def _cell_text(lines: Sequence[TextLine], width: float) -> str:
    """A cell's text, its lines joined as they were before they were broken for width."""
    text = ""
    before: TextLine | None = None
    for line in lines:
        room = max(0.0, width - before.box.width) if before else 0.0
        text = joined(text, line.text, room=room, size=line.size)
        before = line
    return text.removesuffix(HYPHEN) + ("-" if text.endswith(HYPHEN) else "")
