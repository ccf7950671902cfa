"""Numbers as people read them, the same on every page. Files take `assistant.export.characters.number_text`."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from ui.texts import Texts

_MOST_DECIMALS = 4
_MONEY = {"元": "yuan", "万元": "wan_yuan"}


def number(value: Fraction | Decimal | float) -> str:
    """A number with its thousands apart, exact and without zeros that say nothing.

    A fraction without end, or of more than four decimals, has two and a sign that says so: ``≈33.33``.
    """
    if not isinstance(value, Fraction):
        exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        return f"{exact.to_integral_value() if exact == exact.to_integral_value() else exact.normalize():,f}"
    decimal = Decimal(value.numerator) / Decimal(value.denominator)
    if Fraction(decimal) == value and Fraction(round(decimal, _MOST_DECIMALS)) == value:
        return number(decimal)
    return f"≈{round(decimal, 2):,f}"


def unit_name(unit: str, words: Texts) -> str:
    """A metric's unit; in English empty for what merely counts, as 件 and 条 do."""
    if words.language == "zh":
        return unit
    key = _MONEY.get(unit)
    return words(f"unit.{key}") if key else ""
