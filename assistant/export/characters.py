"""Characters that files can hold, and numbers as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text with U+FFFD for what XML can't hold or UTF-8 can't encode: control characters, lone surrogates."""
    return _UNPRINTABLE.sub("\ufffd", text)


def one_line(text: str) -> str:
    """The text with each run of white space as one blank, and none at its ends; printable."""
    return " ".join(printable(text).split())


def quoted_line(quote: str) -> str:
    """A quote in one line. A table's row, which a report's text holds a cell a line, is parted by bars."""
    return " | ".join(part for piece in re.split(r"[\t\n\r]+", printable(quote)) if (part := one_line(piece)))


def number_text(value: int | Decimal) -> str:
    """A number in plain digits, exact: ``1234.5``, never ``1E+3``, and without zeros that say nothing."""
    if isinstance(value, int):
        return str(value)
    if value == value.to_integral_value():
        return f"{value.to_integral_value():f}"
    return f"{value.normalize():f}"


def exact(value: int | float | None) -> int | Decimal | None:
    """A JSON number as an exact one; a whole number as an int."""
    if value is None or isinstance(value, int):
        return value
    return int(value) if value.is_integer() else Decimal(repr(value))


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as runs, first and last, in ascending order; of one or two numbers each is a run of its own."""
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    parted: list[tuple[int, int]] = []
    for first, last in found:
        parted += [(first, last)] if last - first > 1 else [(number, number) for number in range(first, last + 1)]
    return parted


def marked(numbers: Iterable[int]) -> str:
    """The numbers of references as they stand in a cell: ``[1][3–7]``. A spreadsheet takes none of it for a number."""
    return "".join(f"[{first}]" if first == last else f"[{first}–{last}]" for first, last in runs(numbers))
