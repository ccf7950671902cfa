"""Exact arithmetic over figures."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assistant.figures.exact import exact, order_of, total

FRACTIONS = st.lists(st.fractions(max_denominator=1000))


@given(FRACTIONS)
def test_a_total_is_the_sum(values: list[Fraction]) -> None:
    assert total(values) == sum(values, Fraction(0))
    assert total(iter(values)) == sum(values, Fraction(0))


@given(FRACTIONS)
def test_what_orders_orders_as_the_values_do(values: list[Fraction]) -> None:
    assert sorted(values, key=order_of) == sorted(values)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_a_figure_stays_exact(value: Decimal) -> None:
    assert exact(value) == Fraction(value)
