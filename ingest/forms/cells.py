"""Reads what a cell of the form holds: a number, nothing, a dash, or something that is no value at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ingest.forms.labels import label_data
from vectorstore.folding import fold_label, fold_text
from vectorstore.numerals import parse_chinese
from vectorstore.records import State

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?P<unit>[^\d.,]{0,4})"
)
_CHINESE_NUMBER = re.compile(r"(?P<digits>[〇零一二两三四五六七八九十百千]{1,7})(?P<unit>\D{0,4})")
# 增15, 减少4项: how the column 本年增/减 of the former form is filled in.
_CHANGE = re.compile(r"(?:(?P<up>增加?|新增|净增|↑)|(?P<down>减少?|净减|↓))(?P<digits>\d+)(?P<unit>\D{0,2})")
# 3（其中上年结转1）: the number before the bracket is the whole, whatever is a part of it.
_WITH_PART = re.compile(r"(?P<whole>[^()]+)\((?:其中|含|包括|包含)[^()]*\)")
_FOOTNOTE = re.compile(r"(?<=[\d件])(?:[*※†]|[\u2460-\u2473]|[⁰¹²³⁴-⁹]|\[\d{1,2}\]|【\d{1,2}】|\(?注\d?\)?)$")
_FULL_STOP = re.compile(r"(?<=[\d件])[。;]$")
# Two numbers, a range, an estimate, an impossible scale: 12/5, 20余件, 150十万元. Words behind them make a label.
_NUMBER_LIKE = re.compile(
    r"[约近超逾]?[\d增减+\-(][\d,.\-+/、;:()增减加少新十百千万亿余多来几约]*(?:[件个条次项份宗起例篇元%]|左右|以上|以内)*"
)
_SPLIT_DIGITS = re.compile(r"[\d.,]\s+[\d.,]")
_COUNTED = frozenset(("", "件", "个", "条", "次", "项", "份", "宗", "起", "例", "篇", "部", "人", "人次", "条次"))
_YUAN = {"元": Decimal(1), "万元": Decimal(10_000), "万": Decimal(10_000), "亿元": Decimal(100_000_000)}
_IDEOGRAPH = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class CellValue:
    """What a cell states.

    Attributes:
        value: Exact, in ``unit``; ``None`` unless stated.
        unit: As the cell writes it, folded; empty if it doesn't.
        is_change: Written as a rise or fall: 增15, 减4, +43.
        candidate: Of an unreadable cell: the number that it would be if what parts its digits is a line break. Not to
            be used unless the form's identities bear it out.
    """

    state: State
    value: Decimal | None = None
    unit: str = ""
    is_change: bool = False
    candidate: Decimal | None = None


BLANK = CellValue(State.BLANK)
UNREADABLE = CellValue(State.UNREADABLE)


@lru_cache(maxsize=8192)
def read_cell(text: str) -> CellValue | None:
    """The value that a cell states; ``None`` where the cell holds words, which make it a label.

    What is neither words nor a number that can be read with certainty is ``UNREADABLE``.
    """
    if text.isascii() and text.isdigit():  # most cells are plain numbers
        return CellValue(State.STATED, Decimal(text))
    folded = fold_label(text)
    if not folded:
        return BLANK
    if folded in label_data().not_applicable:
        return CellValue(State.NOT_APPLICABLE)
    if _SPLIT_DIGITS.search(fold_text(text)):
        return _split_number(folded)
    plain = _FULL_STOP.sub("", _FOOTNOTE.sub("", folded))
    if part := _WITH_PART.fullmatch(plain):
        plain = part["whole"]
    if found := _number(plain):
        return found
    if _NUMBER_LIKE.fullmatch(folded) and any(c.isdigit() for c in folded):
        return UNREADABLE
    return None if _IDEOGRAPH.search(folded) else UNREADABLE


def _number(folded: str) -> CellValue | None:
    if match := _NUMBER.fullmatch(folded):
        if match["unit"] in _COUNTED or match["unit"] in _YUAN:
            value = Decimal(match["sign"] + match["digits"].replace(",", ""))
            return CellValue(State.STATED, value, match["unit"], is_change=match["sign"] == "+")
    elif match := _CHANGE.fullmatch(folded):
        if match["unit"] in _COUNTED:
            value = Decimal(match["digits"])
            return CellValue(State.STATED, -value if match["down"] and value else value, match["unit"], is_change=True)
    elif match := _CHINESE_NUMBER.fullmatch(folded):
        number = parse_chinese(match["digits"])
        if number is not None and match["unit"] in _COUNTED:
            return CellValue(State.STATED, Decimal(number), match["unit"])
    return None


def _split_number(folded: str) -> CellValue | None:
    """White space between digits may part two numbers, or be a narrow column's line break."""
    match = _NUMBER.fullmatch(folded)
    if match and match["unit"] in _COUNTED:
        return CellValue(State.UNREADABLE, candidate=Decimal(match["sign"] + match["digits"].replace(",", "")))
    if _NUMBER_LIKE.fullmatch(folded):
        return UNREADABLE
    return None if _IDEOGRAPH.search(folded) else UNREADABLE


def yuan_factor(unit: str) -> Decimal | None:
    """How many yuan one of the unit is; ``None`` for a unit that isn't money."""
    return _YUAN.get(unit)


def is_count_unit(unit: str) -> bool:
    """Whether the unit, or its absence, goes with a count."""
    return unit in _COUNTED
