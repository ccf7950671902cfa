"""Finds the grids that rulings draw on a page: their rows, columns and merged cells.

A ruling may be drawn cell by cell, as one long line or as a thin box; a grid may lack its outer frame or single lines.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.pages.page_layout import Area, Ruling

# Lines nearer to one another than this are one line, drawn twice or as a thin box.
_SAME_PLACE = 2.0
# A ruling may stop so far before the one that it meets.
_REACH = 3.5
# What a ruling must cover of a cell's side to part it from its neighbour.
_LEAST_COVER = 0.6
_LEAST_OVERHANG = 8.0
_HIGHEST_ROW = 60.0
_MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class Region:
    """A cell of a grid: where it begins, and how many rows and columns it spans."""

    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's rulings, understood.

    Attributes:
        xs, ys: The edges of columns and rows, ascending; one more than there are columns and rows.
        regions: The cells in reading order, together covering the grid.
        owner: ``owner[row][column]`` is the index of the region that covers that place.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    regions: tuple[Region, ...]
    owner: tuple[tuple[int, ...], ...]

    @property
    def area(self) -> Area:
        """The grid's outer bounds."""
        return Area(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def region_at(self, x: float, y: float) -> int | None:
        """The index of the region that holds a point; ``None`` outside the grid."""
        area = self.area
        if not (area.left - 1 <= x <= area.right + 1 and area.top - 1 <= y <= area.bottom + 1):
            return None
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        row = min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2)
        return self.owner[row][column]

    def bounds(self, region: Region) -> Area:
        """Where a region lies on the page."""
        return Area(
            self.xs[region.column],
            self.ys[region.row],
            self.xs[region.column + region.column_span],
            self.ys[region.row + region.row_span],
        )


def find_grids(across: Sequence[Ruling], down: Sequence[Ruling]) -> tuple[Grid, ...]:
    """The grids of at least two cells that horizontal and vertical rulings draw, from top to bottom."""
    horizontal, vertical = _merged(across), _merged(down)
    grids = []
    for rows, columns in _components(horizontal, vertical):
        grid = _grid(rows, columns)
        if grid is not None and len(grid.regions) >= 2:
            grids.append(grid)
    return tuple(sorted(grids, key=lambda grid: (grid.ys[0], grid.xs[0])))


def _merged(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Rulings on one line that touch or overlap, as one."""
    merged: list[Ruling] = []
    for group in _clusters(sorted(rulings, key=lambda r: r.place)):
        place = sum(r.place for r in group) / len(group)
        start = end = None
        for ruling in sorted(group, key=lambda r: r.start):
            if start is None or end is None or ruling.start > end + _REACH:
                if start is not None and end is not None:
                    merged.append(Ruling(place, start, end))
                start, end = ruling.start, ruling.end
            else:
                end = max(end, ruling.end)
        if start is not None and end is not None:
            merged.append(Ruling(place, start, end))
    return merged


def _clusters(rulings: Sequence[Ruling]) -> Iterable[list[Ruling]]:
    group: list[Ruling] = []
    for ruling in rulings:
        # Measured from the group's first line: chained small steps must not join two lines of a narrow row.
        if group and ruling.place - group[0].place > _SAME_PLACE:
            yield group
            group = []
        group.append(ruling)
    if group:
        yield group


def _components(across: list[Ruling], down: list[Ruling]) -> Iterable[tuple[list[Ruling], list[Ruling]]]:
    """Rulings that meet one another, directly or through others: at least two each way, or open tables' one."""
    parent = list(range(len(across) + len(down)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    meeting: set[int] = set()
    for number, line in enumerate(across):
        for other, column in enumerate(down, len(across)):
            if (
                line.start - _REACH <= column.place <= line.end + _REACH
                and column.start - _REACH <= line.place <= column.end + _REACH
            ):
                parent[root(number)] = root(other)
                meeting.add(number)
    for number in range(len(across)):
        # A row of one cell between open sides: its outer line meets nothing, and belongs to the row beside it.
        if number not in meeting and (neighbour := _neighbour(across, number)) is not None:
            parent[root(number)] = root(neighbour)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for number, line in enumerate(across):
        groups.setdefault(root(number), ([], []))[0].append(line)
    for number, column in enumerate(down, len(across)):
        groups.setdefault(root(number), ([], []))[1].append(column)
    for rows, columns in groups.values():
        if rows and columns and len(rows) + len(columns) >= 3 and max(len(rows), len(columns)) <= _MOST_LINES:
            yield rows, columns


def _neighbour(across: Sequence[Ruling], number: int) -> int | None:
    """The nearest line of the same length above or below, in reach of a row's height."""
    line = across[number]
    alike = [
        other
        for other, candidate in enumerate(across)
        if other != number
        and abs(candidate.start - line.start) <= _REACH
        and abs(candidate.end - line.end) <= _REACH
        and abs(candidate.place - line.place) <= _HIGHEST_ROW
    ]
    return min(alike, key=lambda other: abs(across[other].place - line.place), default=None)


def _edges(rulings: Sequence[Ruling], crossing: Sequence[Ruling]) -> list[float]:
    """The places of the rulings; where those across them reach out beyond the last one, there is an open edge."""
    places: list[float] = []
    for ruling in sorted(rulings, key=lambda r: r.place):
        if not places or ruling.place - places[-1] > _SAME_PLACE:
            places.append(ruling.place)
    first = min(r.start for r in crossing)
    last = max(r.end for r in crossing)
    if first < places[0] - _LEAST_OVERHANG:
        places.insert(0, first)
    if last > places[-1] + _LEAST_OVERHANG:
        places.append(last)
    return places


def _grid(across: list[Ruling], down: list[Ruling]) -> Grid | None:
    xs, ys = _edges(down, across), _edges(across, down)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1:
        return None
    # parted_below[r][c]: a ruling runs between (r, c) and (r + 1, c).
    below = [[_is_covered(across, ys[r + 1], xs[c], xs[c + 1]) for c in range(columns)] for r in range(rows - 1)]
    beside = [[_is_covered(down, xs[c + 1], ys[r], ys[r + 1]) for c in range(columns - 1)] for r in range(rows)]
    group = list(range(rows * columns))

    def root(node: int) -> int:
        while group[node] != node:
            group[node] = group[group[node]]
            node = group[node]
        return node

    for r in range(rows):
        for c in range(columns):
            if c + 1 < columns and not beside[r][c]:
                group[root(r * columns + c + 1)] = root(r * columns + c)
            if r + 1 < rows and not below[r][c]:
                group[root((r + 1) * columns + c)] = root(r * columns + c)
    members: dict[int, list[tuple[int, int]]] = {}
    for r in range(rows):
        for c in range(columns):
            members.setdefault(root(r * columns + c), []).append((r, c))
    regions = sorted((region for places in members.values() for region in _rectangles(places)), key=_position)
    owner = [[0] * columns for _ in range(rows)]
    for number, region in enumerate(regions):
        for r in range(region.row, region.row + region.row_span):
            for c in range(region.column, region.column + region.column_span):
                owner[r][c] = number
    return Grid(tuple(xs), tuple(ys), tuple(regions), tuple(map(tuple, owner)))


def _position(region: Region) -> tuple[int, int]:
    return region.row, region.column


def _is_covered(rulings: Sequence[Ruling], place: float, start: float, end: float) -> bool:
    length = end - start
    covered = sum(
        max(0.0, min(r.end, end) - max(r.start, start)) for r in rulings if abs(r.place - place) <= _SAME_PLACE
    )
    return covered >= _LEAST_COVER * length


def _rectangles(places: list[tuple[int, int]]) -> list[Region]:
    """The rectangle that the places fill; if not, a ruling is missing and each row stands alone."""
    rows, columns = [p[0] for p in places], [p[1] for p in places]
    height, width = max(rows) - min(rows) + 1, max(columns) - min(columns) + 1
    if height * width == len(places):
        return [Region(min(rows), min(columns), height, width)]
    regions = []
    for row in sorted(set(rows)):
        run: list[int] = []
        for column in sorted(c for r, c in places if r == row):
            if run and column != run[-1] + 1:
                regions.append(Region(row, run[0], 1, len(run)))
                run = []
            run.append(column)
        regions.append(Region(row, run[0], 1, len(run)))
    return regions
