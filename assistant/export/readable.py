"""An answer's rows as people read them: shares in percent, and no quotient of seventeen digits."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.answer import Answer, Row

_MOST_DECIMALS = 4
_SHOWN = Decimal("0.01")


def readable_rows(answer: Answer) -> Callable[[Row], Row]:
    """What makes a row of this answer readable.

    A share or a rate of change, which the answer holds as a fraction, is given in percent. A number of more than four
    decimals, which only a division gives, has two.
    """
    plan = answer.plan
    is_fraction = bool(plan.get("denominators") and not plan.get("times")) or plan.get("change") == "percent"

    def read(row: Row) -> Row:
        in_percent = is_fraction and row.unit is None
        if not in_percent and not isinstance(row.value, float):
            return row
        factor = 100 if in_percent else 1
        update: dict[str, object] = {
            "value": None if row.value is None else _short(row.value, factor),
            "readings": tuple(_short(reading, factor) for reading in row.readings),
        }
        if in_percent and (row.value is not None or row.readings):
            update["unit"] = "%"
        return row.model_copy(update=update)

    return read


def _short(value: float, factor: int) -> int | float:
    exact = Decimal(repr(value)) * factor
    if exact != round(exact, _MOST_DECIMALS) or factor != 1:
        shown = exact.quantize(_SHOWN)
        # What is not 0 must not read as 0.
        exact = shown if shown or not exact else exact.quantize(Decimal((0, (1,), exact.adjusted())))
    return int(exact) if exact == exact.to_integral_value() else float(exact)
