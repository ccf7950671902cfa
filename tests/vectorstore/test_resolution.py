"""Which value counts where a report gives several, and that none is lost."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.records import CellReference, Check, CheckSide, Figure, Origin, Span, State
from vectorstore.resolution import Resolution, failed_cells, resolve

MakeFigure = Callable[..., Figure]


def _one(*figures: Figure, **settings: Any) -> Resolution:
    (resolution,) = resolve(figures, **settings)
    return resolution


def _outcome(resolution: Resolution) -> tuple[int | None, State, Origin]:
    value = None if resolution.value is None else int(resolution.value)
    return value, resolution.state, resolution.origin


@pytest.fixture
def prose(make_figure: MakeFigure) -> MakeFigure:
    return lambda value, **changes: make_figure("applications_new", value, **changes)


@pytest.fixture
def table(make_figure: MakeFigure) -> MakeFigure:
    def make(value: int | None, **changes: Any) -> Figure:
        cell = CellReference(0, 7, 52, 53)
        settings: dict[str, Any] = {"origin": Origin.TABLE, "start": 50, "end": 60, "cell": cell}
        return make_figure("applications_new", value, **(settings | changes))

    return make


def test_one_reading_counts(prose: MakeFigure) -> None:
    assert _outcome(_one(prose(0))) == (0, State.STATED, Origin.NARRATIVE)


def test_table_and_prose_that_agree_are_one_value_of_the_table(prose: MakeFigure, table: MakeFigure) -> None:
    resolution = _one(table(3), prose(3))
    assert _outcome(resolution) == (3, State.STATED, Origin.TABLE)
    assert [reading.origin for reading in resolution.readings] == [Origin.NARRATIVE, Origin.TABLE]


def test_table_against_prose_conflicts_and_the_table_counts(prose: MakeFigure, table: MakeFigure) -> None:
    resolution = _one(prose(2), table(3))
    assert _outcome(resolution) == (3, State.CONFLICTING, Origin.TABLE)
    assert len(resolution.readings) == 2


def test_a_table_that_fails_its_identities_gives_way_to_prose(prose: MakeFigure, table: MakeFigure) -> None:
    readings = (prose(2), table(3))
    assert _outcome(_one(*readings, failed={(52, 53)})) == (2, State.CONFLICTING, Origin.NARRATIVE)
    assert _outcome(_one(*readings, failed={(62, 63)})) == (3, State.CONFLICTING, Origin.TABLE)
    assert _outcome(_one(prose(3), table(3), failed={(52, 53)})) == (3, State.STATED, Origin.TABLE)
    sum_of_cells = table(3, cell=None)
    assert _outcome(_one(prose(2), sum_of_cells, failed={"applications_new"}))[0] == 2
    assert _outcome(_one(prose(2), sum_of_cells, failed={"result_total"}))[0] == 3


def test_only_failing_identities_of_the_form_count_against_a_table() -> None:
    left, right = CheckSide("左", Decimal(1), (Span(52, 53),)), CheckSide("右", Decimal(2))
    checks = [
        Check("r", rule, subject, holds, left, right)
        for rule, subject, holds in (
            ("row_total", "a", False),
            ("row_total", "b", True),
            ("balance", "c", None),
            ("narrative_against_table", "d", False),
        )
    ]
    assert failed_cells(checks) == {"a", (52, 53)}
    assert failed_cells(checks[1:]) == frozenset()


def test_prose_against_prose_has_no_value(prose: MakeFigure) -> None:
    resolution = _one(prose(153, start=1), prose(9, start=30))
    assert _outcome(resolution)[:2] == (None, State.CONFLICTING)
    assert [reading.value for reading in resolution.readings] == [153, 9]


def test_the_same_value_stated_twice_is_one(prose: MakeFigure) -> None:
    assert _outcome(_one(prose(7, start=1), prose(7, start=30))) == (7, State.STATED, Origin.NARRATIVE)


@pytest.mark.parametrize(
    ("about", "qualifier", "exact"),
    [
        (2000, "余", 2013),
        (200, "余", 217),
        (200, "超", 217),
        (200, "近", 187),
        (10, "近", 9),
        (200, "约", 205),
        (40, "多", 43),
    ],
)
def test_an_approximate_number_gives_way_to_the_exact_one_that_it_means(
    prose: MakeFigure, about: int, qualifier: str, exact: int
) -> None:
    for figures in (
        (prose(about, qualifier=qualifier), prose(exact, start=9)),
        (prose(exact), prose(about, qualifier=qualifier, start=9)),
    ):
        resolution = _one(*figures)
        assert _outcome(resolution) == (exact, State.STATED, Origin.NARRATIVE)
        assert len(resolution.readings) == 2


@pytest.mark.parametrize(
    ("about", "qualifier", "exact"), [(2000, "余", 1990), (200, "近", 217), (200, "超", 917), (200, "约", 400)]
)
def test_an_approximate_number_conflicts_with_an_exact_one_that_it_cannot_mean(
    prose: MakeFigure, about: int, qualifier: str, exact: int
) -> None:
    assert _one(prose(about, qualifier=qualifier), prose(exact, start=9)).state is State.CONFLICTING


def test_an_approximate_number_alone_is_stated(prose: MakeFigure) -> None:
    resolution = _one(prose(200, qualifier="余"))
    assert _outcome(resolution) == (200, State.STATED, Origin.NARRATIVE)
    assert resolution.readings[0].qualifier == "余"


@pytest.mark.parametrize("state", [State.BLANK, State.UNREADABLE, State.NOT_APPLICABLE])
def test_a_stated_value_counts_beside_a_cell_without_one(prose: MakeFigure, table: MakeFigure, state: State) -> None:
    assert _outcome(_one(prose(0), table(None, state=state))) == (0, State.STATED, Origin.NARRATIVE)


@pytest.mark.parametrize("state", [State.BLANK, State.UNREADABLE, State.NOT_APPLICABLE])
def test_without_any_value_the_state_stays(table: MakeFigure, state: State) -> None:
    assert _outcome(_one(table(None, state=state))) == (None, state, Origin.TABLE)


def test_an_unreadable_cell_is_not_hidden_by_a_blank_one(table: MakeFigure) -> None:
    resolution = _one(table(None, state=State.BLANK), table(None, state=State.UNREADABLE, start=90))
    assert resolution.state is State.UNREADABLE


def test_a_stated_value_counts_beside_a_derived_one(prose: MakeFigure) -> None:
    derived = prose(8, state=State.DERIVED, origin=Origin.DERIVED, start=30)
    assert _outcome(_one(derived)) == (8, State.DERIVED, Origin.DERIVED)
    assert _outcome(_one(prose(8), derived)) == (8, State.STATED, Origin.NARRATIVE)
    assert _outcome(_one(prose(9), derived)) == (9, State.CONFLICTING, Origin.NARRATIVE)


def test_a_sum_of_table_cells_counts_as_the_tables(make_figure: MakeFigure) -> None:
    cells = [
        make_figure(metric, value, origin=Origin.TABLE, start=50)
        for metric, value in (("lit_direct_total", 2), ("lit_post_review_total", 1))
    ]
    total = make_figure("litigation_total", 3, state=State.DERIVED, origin=Origin.DERIVED, start=50)
    stated = make_figure("litigation_total", 5)
    by_metric = {resolution.metric: resolution for resolution in resolve([*cells, total, stated])}
    assert _outcome(by_metric["litigation_total"]) == (3, State.CONFLICTING, Origin.DERIVED)
    by_metric = {resolution.metric: resolution for resolution in resolve([total, stated])}
    assert _outcome(by_metric["litigation_total"]) == (5, State.CONFLICTING, Origin.NARRATIVE)


def test_a_correction_counts_before_everything(prose: MakeFigure, table: MakeFigure) -> None:
    corrected = prose(4, origin=Origin.CORRECTED, start=99)
    assert _outcome(_one(prose(1), table(2), corrected)) == (4, State.STATED, Origin.CORRECTED)


def test_bodies_years_and_columns_are_settled_apart(prose: MakeFigure) -> None:
    figures = [prose(1), prose(2, year=2022), prose(3, column="enterprise"), prose(4, body_id="other")]
    assert [resolution.value for resolution in resolve(figures)] == [1, 2, 3, 4]


_VALUES = st.one_of(st.none(), st.integers(0, 3))
_ORIGINS = st.sampled_from([Origin.TABLE, Origin.NARRATIVE, Origin.IMAGE, Origin.DERIVED])


@given(st.lists(st.tuples(_VALUES, _ORIGINS, st.integers(0, 50)), min_size=1, max_size=6))
def test_no_value_is_invented_and_no_reading_is_lost(readings: list[tuple[int | None, Origin, int]]) -> None:
    figures = [
        Figure(
            report_id="r",
            body_id="b",
            metric="applications_new",
            column=None,
            year=2023,
            value=None if value is None else Decimal(value),
            state=State.BLANK if value is None else State.DERIVED if origin is Origin.DERIVED else State.STATED,
            unit="件",
            origin=origin,
            start=start,
            end=start + 1,
        )
        for value, origin, start in readings
    ]
    resolution = _one(*figures)
    known = {figure.value for figure in figures if figure.value is not None}
    assert sorted(map(repr, resolution.readings)) == sorted(map(repr, figures))
    assert resolution.value is None or resolution.value in known
    assert (resolution.state is State.CONFLICTING) == (len(known) > 1)
    assert (resolution.value is not None) or len(known) != 1
