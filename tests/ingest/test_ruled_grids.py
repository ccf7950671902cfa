"""Rulings to grids, whichever way they are drawn."""

from __future__ import annotations

import random
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.pages.page_layout import Ruling
from ingest.pdf.ruled_grids import Region, find_grids


def rulings(regions: Iterable[tuple[int, int, int, int]], cell: float = 40) -> tuple[list[Ruling], list[Ruling]]:
    """Each region's four sides, drawn for itself: row, column, row span, column span."""
    across, down = [], []
    for row, column, rows, columns in regions:
        left, top, right, bottom = column * cell, row * cell, (column + columns) * cell, (row + rows) * cell
        across += [Ruling(top, left, right), Ruling(bottom, left, right)]
        down += [Ruling(left, top, bottom), Ruling(right, top, bottom)]
    return across, down


def divided(row: int, column: int, rows: int, columns: int, rng: random.Random) -> list[tuple[int, int, int, int]]:
    """A rectangle cut into rectangles at random."""
    if rows * columns == 1 or rng.random() < 0.15:
        return [(row, column, rows, columns)]
    if rows > 1 and (columns == 1 or rng.random() < 0.5):
        cut = rng.randint(1, rows - 1)
        return [*divided(row, column, cut, columns, rng), *divided(row + cut, column, rows - cut, columns, rng)]
    cut = rng.randint(1, columns - 1)
    return [*divided(row, column, rows, cut, rng), *divided(row, column + cut, rows, columns - cut, rng)]


@settings(max_examples=80, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 7), st.integers(2, 7), st.floats(0, 0.8))
def test_every_merged_cell_is_found_once_at_its_place(
    rng: random.Random, rows: int, columns: int, shake: float
) -> None:
    regions = divided(0, 0, rows, columns, rng)
    across, down = rulings(regions)
    moved = [[Ruling(r.place + rng.uniform(-shake, shake), r.start, r.end) for r in lines] for lines in (across, down)]
    for lines in moved:
        rng.shuffle(lines)
    grids = find_grids(*moved)
    if len(regions) < 2:
        assert grids == ()
        return
    (grid,) = grids
    assert len(grid.regions) == len(regions)
    for number, region in enumerate(grid.regions):
        area = grid.bounds(region)
        assert grid.region_at((area.left + area.right) / 2, (area.top + area.bottom) / 2) == number
    # Rows or columns that no ruling parts don't count as several.
    expected = sorted((c * 40, r * 40, (c + w) * 40, (r + h) * 40) for r, c, h, w in regions)
    found = sorted((a.left, a.top, a.right, a.bottom) for a in (grid.bounds(region) for region in grid.regions))
    assert all(
        abs(x - y) <= 2 for one, other in zip(expected, found, strict=True) for x, y in zip(one, other, strict=True)
    )


def test_a_grid_without_outer_lines_at_its_sides_has_all_its_columns() -> None:
    across = [Ruling(y, 0, 300) for y in (0, 20, 40, 60)]
    down = [Ruling(x, 0, 60) for x in (100, 200)]
    (grid,) = find_grids(across, down)
    assert grid.xs == (0, 100, 200, 300)
    assert len(grid.regions) == 9


def test_a_row_of_one_cell_between_open_sides_belongs_to_its_table() -> None:
    across = [Ruling(y, 0, 300) for y in (0, 20, 40, 60)]
    down = [Ruling(x, 20, 60) for x in (100, 200)]
    (grid,) = find_grids(across, down)
    assert grid.regions[0] == Region(0, 0, 1, 3)


def test_a_frame_and_an_underline_are_no_tables() -> None:
    frame = rulings([(0, 0, 5, 5)])
    assert find_grids(*frame) == ()
    assert find_grids([Ruling(100, 72, 300), Ruling(120, 72, 300)], []) == ()


def test_two_tables_below_one_another_are_two() -> None:
    upper, lower = rulings([(0, 0, 1, 1), (0, 1, 1, 1)]), rulings([(3, 0, 1, 1), (3, 1, 1, 1)])
    assert len(find_grids([*upper[0], *lower[0]], [*upper[1], *lower[1]])) == 2


def test_a_missing_ruling_does_not_swallow_the_rows_beside_it() -> None:
    across, down = rulings([(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)])
    gap = [r for r in across if not (r.place == 40 and r.start == 40)]
    (grid,) = find_grids(gap, [r for r in down if not (r.place == 40 and r.start == 0)])
    assert sum(region.row_span * region.column_span for region in grid.regions) == 4
