"""The numbers of a question as it states them, 5 million, 三分之一, 六成, and how the words beside compare them."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import cast

from assistant.plan import Comparison
from assistant.understanding.lexicon import Tag
from assistant.understanding.reading import QuestionReading
from vectorstore.numerals import Number, parse_chinese

_QUALIFIERS: dict[str, Comparison] = {
    "超过": ">",
    "超出": ">",
    "突破": ">",
    "多于": ">",
    "超": ">",
    "逾": ">",
    "余": ">",
    "多": ">",
    "不少于": ">=",
    "不低于": ">=",
    "至少": ">=",
    "不足": "<",
}
_ONE_HALF = Decimal("0.5")
_THOUSAND = re.compile(r"k\b")
_MAGNITUDE = 100
"""Words from a hundred on multiply the number before them."""
_FRACTION = re.compile(r"分之([一二三四五六七八九十]+|\d+)")


def stated_numbers(reading: QuestionReading) -> list[Number]:
    """The numbers of the question, percentages, tenths and halves as parts of one."""
    numbers = []
    for number in reading.numbers:
        after = reading.text[number.end : number.end + 1]
        if _THOUSAND.match(reading.text, number.end):
            number = replace(number, value=number.value * 1000, end=number.end + 1)
        elif after == "%":
            number = replace(number, value=number.value / 100, end=number.end + 1)
        elif after == "成" and number.value <= 10:
            number = replace(number, value=number.value / 10, end=number.end + 1)
        numbers.append(number)
    for tag in reading.tagged("number_word"):
        value = Decimal(tag.values("number_word")[0])
        before = next((n for n in numbers if value >= _MAGNITUDE and reading.text[n.end : tag.start] == " "), None)
        if before is not None:
            # 5 million
            numbers[numbers.index(before)] = replace(before, value=before.value * value, end=tag.end)
            continue
        numbers.append(Number(value, None, tag.start, tag.end, tag.start, tag.end, is_chinese=False))
    return _with_fractions(reading, sorted(numbers, key=lambda number: number.start))


def _with_fractions(reading: QuestionReading, numbers: list[Number]) -> list[Number]:
    """三分之一, and 百分之十: the two numbers are one."""
    joined: list[Number] = []
    for number in numbers:
        match = _FRACTION.match(reading.text, number.end)
        part = None if match is None else int(match[1]) if match[1].isdigit() else parse_chinese(match[1])
        if match is not None and part and number.value:
            joined.append(replace(number, value=part / number.value, end=match.end()))
        elif not joined or number.digits_start >= joined[-1].end:
            joined.append(number)
    return joined


def states_part(reading: QuestionReading, number: Number) -> bool:
    written = reading.text[number.digits_start : number.end]
    return number.value > 0 and (number.value == _ONE_HALF or written.endswith(("%", "成")) or "分之" in written)


def are_joined(reading: QuestionReading, first: Number, second: Number) -> bool:
    between = reading.text[first.end : second.start].strip("件条次份起宗项篇场期例元万 ")
    return between in ("到", "至", "-", "~", "—", "和", "to", "and")


def comparison_of(reading: QuestionReading, number: Number) -> tuple[Comparison | None, int, int]:
    """How the number is compared, and from where to where the comparison with its number goes."""
    behind = _comparison_behind(reading, number)
    if behind is not None:
        return behind[0], number.start, behind[1].end
    before = _comparison_before(reading, number)
    if before is not None and (number.qualifier not in _QUALIFIERS or before[1].start < number.start):
        return before[0], min(before[1].start, number.start), number.end
    if number.qualifier in _QUALIFIERS:
        return _QUALIFIERS[number.qualifier], number.start, number.end
    if reading.text[: number.digits_start].rstrip().endswith(" over"):
        return ">", number.start - len("over "), number.end
    return None, number.start, number.end


def _comparison_behind(reading: QuestionReading, number: Number) -> tuple[Comparison, Tag] | None:
    for tag in reading.following(number.end, 5):
        of_next = any(0 <= other.start - tag.end <= 1 for other in reading.numbers)
        if tag.means("clause", "joint", "contrast") or (of_next and tag.means("comparison", "<", ">", "<=", ">=")):
            return None  # 零申请且公开不到300条: the comparison is the next number's
        if tag.means("comparison", ">=after"):
            return ">=", tag
        if tag.means("comparison", "<=after"):
            return "<=", tag
        if tag.means("comparison", "<after"):
            return "<", tag
        if not (tag.means("counter", "things") or tag.means("filler") or tag.means("metric_word")):
            return None
        # 5件申请都不到 is one bound; in 5件申请以上 nothing is gained by reading on.
    return None


def _comparison_before(reading: QuestionReading, number: Number) -> tuple[Comparison, Tag] | None:
    best: tuple[Comparison, Tag] | None = None
    for tag in reading.tagged("comparison"):
        for value in tag.values("comparison"):
            gap = number.digits_start - tag.end
            near = 0 <= gap <= 3 or (tag.start <= number.start < tag.end <= number.digits_start)
            # 只有 in 只有3件 compares; an only further off doesn't.
            if tag.surface == "过" and number.value == 1:
                continue  # 没办理过一件
            fits = value in (">", ">=", "<", "<=", "=", "!=") and near and (value != "=" or gap <= 1)
            if fits and (best is None or tag.start < best[1].start):
                best = (cast(Comparison, value), tag)
    return best
