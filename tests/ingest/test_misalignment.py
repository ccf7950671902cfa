from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.documents import Cell
from ingest.forms.cells import CellValue
from ingest.forms.misalignment import LostRow, ShortRow, certify
from vectorstore.catalogue import catalogue
from vectorstore.records import Span, State

COLUMNS = [column.id for column in catalogue().application_columns]
ROWS = [row.id for row in catalogue().application_rows]
Table = dict[str, dict[str, int]]


def cell(number: int) -> Cell:
    return Cell(number, number, Span(number, number + 1))


def stated(value: int) -> CellValue:
    return CellValue(State.STATED, Decimal(value))


def consistent_table(rng: random.Random) -> Table:
    largest = rng.choice((1, 4, 900))
    table: Table = {row: {} for row in ROWS}
    outcomes = [row.id for row in catalogue().application_rows if row.part == "outcome"]
    for column in COLUMNS[:-1]:
        for row in outcomes:
            table[row][column] = rng.randint(0, largest) if rng.random() < 0.25 else 0
        total = sum(table[row][column] for row in outcomes)
        carried = rng.randint(0, total) if total else 0
        table["result_total"][column] = total
        table["applications_carried_in"][column] = carried
        table["applications_carried_out"][column] = rng.choice((0, 1, largest))
        table["applications_new"][column] = total - carried + table["applications_carried_out"][column]
    for row in ROWS:
        table[row]["total"] = sum(table[row].values())
    return table


def known(table: Table, without: set[str] = frozenset()) -> dict[str, dict[str, CellValue]]:  # type: ignore[assignment]
    return {row: {c: stated(v) for c, v in values.items()} for row, values in table.items() if row not in without}


def lost_row(values: dict[str, int], first: int) -> LostRow:
    return LostRow(tuple((cell(first + n), stated(values[column])) for n, column in enumerate(COLUMNS)))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 5))
def test_lost_rows_are_never_given_another_rows_numbers(seed: int, lost: int) -> None:
    rng = random.Random(seed)
    table = consistent_table(rng)
    gone = rng.sample(ROWS, lost)
    rows = [lost_row(table[row], 100 * n) for n, row in enumerate(rng.sample(gone, lost))]
    for (row, column), (value, _) in certify(known(table, set(gone)), [], rows).items():
        assert value.value == table[row][column]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 3), st.booleans())
def test_short_rows_are_never_given_a_wrong_column(seed: int, rows: int, only_empty: bool) -> None:
    rng = random.Random(seed)
    table = consistent_table(rng)
    short = []
    for metric in rng.sample(ROWS, rows):
        kept = [c for c in COLUMNS if rng.random() < 0.8 or (only_empty and table[metric][c])] or COLUMNS[:1]
        if len(kept) < len(COLUMNS):
            short.append(ShortRow(metric, tuple((cell(n), stated(table[metric][c])) for n, c in enumerate(kept))))
    fixed = known(table, {row.metric for row in short})
    for (row, column), (value, _) in certify(fixed, short, None).items():
        assert value.value == table[row][column]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**9))
def test_a_broken_number_is_read_only_as_what_the_identities_ask_for(seed: int) -> None:
    rng = random.Random(seed)
    table = consistent_table(rng)
    fixed = known(table)
    row, column = rng.choice(ROWS), rng.choice(COLUMNS)
    wrong = rng.random() < 0.5
    supposed = Decimal(table[row][column] + wrong * rng.randint(1, 9))
    fixed[row][column] = CellValue(State.UNREADABLE, candidate=supposed)
    found = certify(fixed, [], None)
    assert (row, column) not in found if wrong else found[row, column][0].value == supposed


def test_rows_that_differ_may_be_either_and_equal_cells_are_certain() -> None:
    table = consistent_table(random.Random(1))
    for column in COLUMNS:
        table["denied_state_secret"][column] = table["denied_other_law"][column] = 0
    table["denied_state_secret"] |= {"natural_person": 2, "total": 2}
    table["denied_other_law"] |= {"enterprise": 2, "total": 2}
    _balance(table)
    rows = [lost_row(table[m], 10 * n) for n, m in enumerate(("denied_other_law", "denied_state_secret"))]
    found = certify(known(table, {"denied_state_secret", "denied_other_law"}), [], rows)
    certain = {column for _, column in found}
    assert certain == set(COLUMNS) - {"natural_person", "enterprise"}
    assert found["denied_state_secret", "total"][0].value == 2


def _balance(table: Table) -> None:
    for column in COLUMNS:
        total = sum(table[r.id][column] for r in catalogue().application_rows if r.part == "outcome")
        table["result_total"][column] = total
        table["applications_new"][column] = (
            total + table["applications_carried_out"][column] - table["applications_carried_in"][column]
        )


def test_a_row_that_the_identities_tell_from_the_others_is_read() -> None:
    table = consistent_table(random.Random(3))
    table["applications_carried_out"] = dict.fromkeys(COLUMNS, 0) | {"enterprise": 7, "total": 7}
    table["unable_unclear"] = dict.fromkeys(COLUMNS, 0) | {"natural_person": 3, "total": 3}
    _balance(table)
    gone = {"applications_carried_out", "unable_unclear"}
    rows = [lost_row(table[m], 10 * n) for n, m in enumerate(sorted(gone))]
    found = certify(known(table, gone), [], rows)
    assert found["applications_carried_out", "enterprise"][0].value == 7
    assert found["unable_unclear", "natural_person"][0].value == 3 and len(found) == 14


def test_nothing_is_certain_where_rows_are_gone_altogether() -> None:
    table = consistent_table(random.Random(4))
    gone = {"unable_unclear", "other_misc"}
    assert certify(known(table, gone), [], [lost_row(table["other_misc"], 0)]) == {}


def test_nothing_is_certain_where_the_sums_are_blank() -> None:
    table = consistent_table(random.Random(5))
    fixed: dict[str, Any] = known(table, {"other_misc"})
    fixed["result_total"] = dict.fromkeys(COLUMNS, CellValue(State.BLANK))
    assert certify(fixed, [], [lost_row(table["other_misc"], 0)]) == {}


def test_nothing_is_certain_in_a_table_that_does_not_add_up() -> None:
    table = consistent_table(random.Random(6))
    table["result_granted"]["total"] += 1
    assert certify(known(table, {"other_misc"}), [], [lost_row(table["other_misc"], 0)]) == {}
