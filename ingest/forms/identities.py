"""The identities of the form's second table, as sums of cells: what checks judge and what certifies a lost cell."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue


@dataclass(frozen=True, slots=True)
class Identity:
    """Two sums of cells that must be equal.

    Attributes:
        rule: ``row_total`` (I1), ``outcome_total`` (I2), ``balance`` (I3).
        place: The row (I1) or the column (I2, I3) that it is about.
        left, right: Cells as (metric, column id), ``total`` among the columns.
    """

    rule: str
    place: str
    left: tuple[tuple[str, str], ...]
    right: tuple[tuple[str, str], ...]


def cell_id(metric: str, column: str) -> str:
    """The full metric id of a cell."""
    return metric if column == "total" else f"{metric}{COLUMN_SEPARATOR}{column}"


def rows_of(*parts: str) -> tuple[str, ...]:
    """The rows of the second table that take these parts (see form.toml)."""
    return tuple(row.id for row in catalogue().application_rows if row.part in parts)


def outcome_rows(stated: Collection[str]) -> tuple[str, ...]:
    """The rows whose sum is the total of outcomes.

    A group that a report gives only as a sum, as the 2019–2020 form gives （六）其他处理, counts by that sum.

    Args:
        stated: Metrics that the table has a row for.
    """
    sums = {m.id: m.sum_of for m in catalogue().metrics.values() if m.sum_of and m.has_columns}
    replaced = {
        leaf: subtotal
        for subtotal, leaves in sums.items()
        if subtotal in stated and not any(leaf in stated for leaf in leaves)
        for leaf in leaves
    }
    return tuple(dict.fromkeys(replaced.get(row, row) for row in rows_of("outcome")))


def application_identities(stated: Collection[str]) -> tuple[Identity, ...]:
    """I1 for every row that is stated, I2 and I3 for every column."""
    return _identities(frozenset(stated))


@lru_cache(maxsize=256)
def _identities(stated: frozenset[str]) -> tuple[Identity, ...]:
    columns = tuple(column.id for column in catalogue().application_columns)
    applicants = tuple(column.id for column in catalogue().applicant_columns)
    rows = [row.id for row in catalogue().application_rows]
    rows += [row for row in outcome_rows(stated) if row not in rows]
    outcomes, total = outcome_rows(stated), rows_of("outcome_total")
    inflow, outflow = rows_of("inflow"), rows_of("outcome_total", "outflow")
    found = [
        Identity("row_total", row, tuple((row, column) for column in applicants), ((row, "total"),))
        for row in rows
        if row in stated
    ]
    for column in columns:
        found.append(Identity("outcome_total", column, _cells(outcomes, column), _cells(total, column)))
        found.append(Identity("balance", column, _cells(inflow, column), _cells(outflow, column)))
    return tuple(found)


def _cells(rows: Collection[str], column: str) -> tuple[tuple[str, str], ...]:
    return tuple((row, column) for row in rows)
