"""Reads what a cell of the form holds: a number, nothing, a dash, or something that is no value at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ingest.labels import label_data
from vectorstore.folding import fold_label
from vectorstore.numerals import parse_chinese
from vectorstore.records import State

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?P<unit>[^\d.,]{0,4})"
)
_CHINESE_NUMBER = re.compile(r"(?P<digits>[〇零一二两三四五六七八九十百千]{1,7})(?P<unit>\D{0,4})")
_COUNTED = frozenset(("", "件", "个", "条", "次", "项", "份", "宗", "起", "例", "篇", "部", "人", "人次", "条次"))
_YUAN = {"元": Decimal(1), "万元": Decimal(10_000), "万": Decimal(10_000), "亿元": Decimal(100_000_000)}
_IDEOGRAPH = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class CellValue:
    """What a cell states.

    Attributes:
        value: Exact, in ``unit``; ``None`` unless stated.
        unit: As the cell writes it, folded; empty if it doesn't.
    """

    state: State
    value: Decimal | None = None
    unit: str = ""


def read_cell(text: str) -> CellValue | None:
    """The value that a cell states; ``None`` where the cell holds words, which make it a label.

    What is neither words nor a number that can be read with certainty is ``UNREADABLE``.
    """
    folded = text if text.isascii() and text.isdigit() else fold_label(text)  # most cells are plain numbers
    if not folded:
        return CellValue(State.BLANK)
    if folded in label_data().not_applicable:
        return CellValue(State.NOT_APPLICABLE)
    if match := _NUMBER.fullmatch(folded):
        if match["unit"] in _COUNTED or match["unit"] in _YUAN:
            value = Decimal(match["sign"] + match["digits"].replace(",", ""))
            return CellValue(State.STATED, value, match["unit"])
    elif match := _CHINESE_NUMBER.fullmatch(folded):
        number = parse_chinese(match["digits"])
        if number is not None and match["unit"] in _COUNTED:
            return CellValue(State.STATED, Decimal(number), match["unit"])
    return None if _IDEOGRAPH.search(folded) else CellValue(State.UNREADABLE)


def yuan_factor(unit: str) -> Decimal | None:
    """How many yuan one of the unit is; ``None`` for a unit that isn't money."""
    return _YUAN.get(unit)


def is_count_unit(unit: str) -> bool:
    """Whether the unit, or its absence, goes with a count."""
    return unit in _COUNTED
