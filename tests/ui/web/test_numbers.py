"""Numbers as people read them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from ui.web.numbers import number


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (153000, "153,000"),
        (Decimal("153000"), "153,000"),
        (Decimal("1.53E+5"), "153,000"),
        (153000.0, "153,000"),
        (Decimal("1234.500"), "1,234.5"),
        (1234.5, "1,234.5"),
        (Decimal("0.123456"), "0.123456"),
        (Fraction(7, 2), "3.5"),
        (Fraction(1000, 3), "≈333.33"),
        (Fraction(1, 128), "≈0.01"),
        (Decimal(0), "0"),
        (Decimal("-1200"), "-1,200"),
    ],
)
def test_a_number_reads_the_same_whatever_it_is_held_in(value: Fraction | Decimal | float, said: str) -> None:
    assert number(value) == said
