"""Reads what a damaged second table leaves open, where the form's identities allow one reading only.

Three sorts of damage: a row lost its label, a row lost empty cells, a number is broken by a line break. Every way in
which the rows and cells could belong is tried; a cell counts only if all ways that satisfy the identities give it the
same value, and an identity all of whose numbers are known bears it out. An unknown number may be anything from nought
upwards, so what is unknown never speaks for a reading. Where the ways are too many to try, nothing is certified.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.documents import Cell
from ingest.forms.cells import CellValue
from ingest.forms.form_rows import count_of
from ingest.forms.identities import Identity, application_identities
from vectorstore.catalogue import catalogue
from vectorstore.records import State

_MOST_READINGS = 2000
_Place = tuple[str, str]
_Matrix = dict[_Place, Decimal | None]
_Cells = dict[_Place, Cell | None]


@dataclass(frozen=True, slots=True)
class LostRow:
    """A row without label: the cell and value of each column, in the form's order."""

    values: tuple[tuple[Cell | None, CellValue], ...]


@dataclass(frozen=True, slots=True)
class ShortRow:
    """A row with fewer values than the table has columns, in their order; which are missing is unknown."""

    metric: str
    values: tuple[tuple[Cell, CellValue], ...]


Certified = dict[_Place, tuple[CellValue, Cell | None]]


def certify(
    known: Mapping[str, Mapping[str, CellValue]], short: Sequence[ShortRow], lost: Sequence[LostRow] | None
) -> Certified:
    """The cells that only the identities can tell, by metric and column id.

    Args:
        known: What the labelled rows state, by metric and column id.
        short: Labelled rows that lost cells.
        lost: Rows that lost their label; ``None`` if one of them lost cells too, so that nothing can be said of them.
    """
    fixed, candidates = _fixed(known)
    if not candidates and not short and not lost:
        return {}
    missing = [row.id for row in catalogue().application_rows if row.id not in known]
    missing = [row for row in missing if row not in {s.metric for s in short} and not _is_summed(row, known)]
    rows = lost if lost and len(lost) == len(missing) else ()
    readings = list(itertools.islice(_readings(fixed, short, rows, missing), _MOST_READINGS + 1))
    if not readings or len(readings) > _MOST_READINGS:
        return {}
    stated = {*known, *(s.metric for s in short), *(missing if rows else ())}
    identities = application_identities(stated)
    possible = [(matrix, cells) for matrix, cells in readings if all(_can_hold(i, matrix) for i in identities)]
    open_cells = {place for _, cells in possible for place in cells} | candidates
    return {
        place: (CellValue(State.STATED, value), possible[0][1].get(place))
        for place in sorted(open_cells)
        if (value := _agreed(place, possible, identities)) is not None
    }


def _fixed(known: Mapping[str, Mapping[str, CellValue]]) -> tuple[_Matrix, set[_Place]]:
    """The values that are known or, of a broken number, supposed; and the places of the supposed ones."""
    matrix: _Matrix = {}
    candidates = set()
    for metric, columns in known.items():
        for column, read in columns.items():
            matrix[metric, column] = read.value if read.state is State.STATED else read.candidate
            if read.candidate is not None:
                candidates.add((metric, column))
    return matrix, candidates


def _is_summed(row: str, known: Mapping[str, object]) -> bool:
    sums = (m for m in catalogue().metrics.values() if m.has_columns and row in m.sum_of)
    return any(m.id in known and not any(leaf in known for leaf in m.sum_of) for m in sums)


def _readings(
    fixed: _Matrix, short: Sequence[ShortRow], lost: Sequence[LostRow], missing: Sequence[str]
) -> Iterator[tuple[_Matrix, _Cells]]:
    """Every way to place the short and the lost rows; equal ways come once."""
    placements = [list(_placements(row)) for row in short]
    for assignment in _assignments(lost):
        for chosen in itertools.product(*placements):
            matrix, cells = dict(fixed), dict[_Place, Cell | None]()
            for row_values, row_cells in chosen:
                matrix.update(row_values)
                cells.update(row_cells)
            for metric, row in zip(missing, assignment, strict=False):
                for column, (cell, read) in zip(_columns(), row.values, strict=True):
                    matrix[metric, column] = _value(read)
                    cells[metric, column] = cell
            yield matrix, cells


def _columns() -> tuple[str, ...]:
    return tuple(column.id for column in catalogue().application_columns)


def _value(read: CellValue) -> Decimal | None:
    return count_of(read)[0].value


def _placements(row: ShortRow) -> Iterator[tuple[_Matrix, _Cells]]:
    """The ways to leave out columns of a row that has too few values; none if it has too many."""
    columns = _columns()
    if not 0 < len(row.values) < len(columns):
        yield {}, {}
        return
    for kept in itertools.combinations(columns, len(row.values)):
        pairs = dict(zip(kept, row.values, strict=True))
        yield (
            {(row.metric, column): _value(read) for column, (_, read) in pairs.items()},
            {(row.metric, column): cell for column, (cell, _) in pairs.items()},
        )


def _assignments(lost: Sequence[LostRow]) -> Iterator[tuple[LostRow, ...]]:
    """The orders of the rows that differ in their values, that of the text first."""
    if not lost:
        yield ()
        return
    seen: set[tuple[Decimal | None, ...]] = set()
    for number, row in enumerate(lost):
        values = tuple(_value(read) for _, read in row.values)
        if values not in seen:
            seen.add(values)
            for rest in _assignments([*lost[:number], *lost[number + 1 :]]):
                yield (row, *rest)


def _sum(places: Sequence[_Place], matrix: _Matrix) -> tuple[Decimal, bool]:
    """The sum of what is known, and whether all of it is."""
    known = [value for place in places if (value := matrix.get(place)) is not None]
    return sum(known, Decimal(0)), len(known) == len(places)


def _can_hold(identity: Identity, matrix: _Matrix) -> bool:
    """Whether numbers from nought upwards in the unknown places could make both sides equal."""
    left, left_known = _sum(identity.left, matrix)
    right, right_known = _sum(identity.right, matrix)
    if left_known and right_known:
        return left == right
    if left_known or right_known:
        return left >= right if left_known else right >= left
    return True


def _agreed(
    place: _Place, possible: Sequence[tuple[_Matrix, _Cells]], identities: Sequence[Identity]
) -> Decimal | None:
    """The value that all readings give a place, if an identity without unknowns bears it out in each."""
    values = {matrix.get(place) for matrix, _ in possible}
    if len(values) != 1 or None in values:
        return None
    touching = [i for i in identities if i.rule != "row_total" and place in (*i.left, *i.right)]
    for matrix, _ in possible:
        if not any(_sum(i.left, matrix)[1] and _sum(i.right, matrix)[1] for i in touching):
            return None
    return next(iter(values))
