"""Exact arithmetic over thousands of figures: as fractions, without what fractions cost where all are whole numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache


@lru_cache(maxsize=100_000)
def exact(value: Decimal) -> Fraction:
    """A figure as a fraction."""
    return Fraction(value)


def total(values: Iterable[Fraction]) -> Fraction:
    """The sum; of none 0."""
    added = list(values)
    if len(added) == 1:
        return added[0]
    numerators: dict[int, int] = defaultdict(int)
    for value in added:
        numerators[value.denominator] += value.numerator
    return sum((Fraction(numerator, denominator) for denominator, numerator in numerators.items()), Fraction(0))


def order_of(value: Fraction) -> Fraction | int:
    """What compares as the value does; whole numbers compare many times faster than fractions."""
    return value.numerator if value.denominator == 1 else value


def course_of(change: Fraction) -> str:
    """Which way a change goes: ``up``, ``down`` or ``flat``."""
    return "up" if change > 0 else "down" if change < 0 else "flat"


def mean(values: Sequence[Fraction]) -> Fraction:
    """The arithmetic mean; ZeroDivisionError of none."""
    return total(values) / len(values)


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle value, or the mean of the two middle ones; ValueError of none."""
    if not values:
        raise ValueError("There is no median of no values.")
    ordered, half = sorted(values, key=order_of), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
