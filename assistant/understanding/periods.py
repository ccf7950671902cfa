"""Years in a question: 2023年, 23年, 2021到2023, 去年, 近三年, since 2021."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from vectorstore.numerals import parse_chinese

# The Regulation is of 2007; a four-digit number outside these years counts something else (公开2017条 has its unit).
_FIRST, _LAST = 2005, 2049
_FULL = r"(?:20[0-4]\d|二[〇零]?[〇零一二三四][〇零一二三四五六七八九])"
_SHORT = r"(?<!\d)[0-4]\d"
_JOIN = r"\s*(?:年)?\s*(?:到|至|-|~|—|to|through|until)\s*"
_RANGE = re.compile(rf"(?<!\d)({_FULL}|{_SHORT}){_JOIN}({_FULL}|[0-4]\d)(?!\d)\s*(年)?(?:年度)?(?:之间|间)?")
_LISTED = re.compile(rf"(?<!\d)((?:{_FULL}|{_SHORT})(?:\s*[、,和与及]\s*(?:{_FULL}|[0-4]\d))+)\s*年(?:度)?")
_SINGLE = re.compile(rf"(?<!\d)(?:({_FULL})(?!\d)(\s*年度?)?|({_SHORT})\s*年度?)")
_SINCE = re.compile(rf"(?:(?:自|从)?\s*({_FULL})\s*年?\s*(?:以来|起|后)|since\s+({_FULL}))")
_RECENT = re.compile(
    r"(?:近|最近|过去|the last|the past|last|past|recent)\s*"
    r"([一二两三四五六七八九十]|\d{1,2}|two|three|four|five|six|ten)\s*(?:年|years)"
)
# 这三年, 三年来: the corpus' last years, whatever the day.
_THESE = re.compile(r"(?:这|这个)\s*([两二三四五六]|\d)\s*年(?:来|里|间)?|([两二三四五六])年来")
_RELATIVE = {
    "去年": -1,
    "上一年": -1,
    "上年度": -1,
    "last year": -1,
    "前年": -2,
    "the year before last": -2,
    "year before last": -2,
    "大前年": -3,
    "今年": 0,
    "this year": 0,
}
_ENGLISH_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_UNITS_AFTER = ("件", "条", "次", "份", "起", "宗", "项", "篇", "元", "个", "家", "人次", "名", "万")


@dataclass(frozen=True, slots=True)
class YearMention:
    """Years named at one place of the folded question; ``years`` ascending, never empty."""

    start: int
    end: int
    years: tuple[int, ...]


def find_years(text: str, today: date, known_years: Collection[int] = ()) -> list[YearMention]:
    """All years that a folded question names, in order.

    Args:
        today: What 去年 and 近三年 are counted from. 近三年 are the three years before this one: the year that
            is still running has no report yet.
        known_years: The corpus' years: "since 2021" ends at the last of them, or last year if there is none.
    """
    found: list[YearMention] = []

    def add(start: int, end: int, years: list[int]) -> None:
        valid = tuple(sorted({year for year in years if _FIRST <= year <= _LAST}))
        if valid and not any(start < m.end and m.start < end for m in found):
            found.append(YearMention(start, end, valid))

    for match in _SINCE.finditer(text):
        first = _year(match[1] or match[2])
        last = max(known_years, default=today.year - 1)
        add(*match.span(), list(range(first, max(first, last) + 1)))
    for match in _RANGE.finditer(text):
        first, last = _year(match[1]), _year(match[2])
        # 1-5件 or 20到30件 are amounts: short years need 年 behind the range, and a unit behind makes it an amount.
        four_digits = len(match[1]) == 4 and len(match[2]) == 4
        if last >= first and (four_digits or match[3]) and not text[match.end() :].startswith(_UNITS_AFTER):
            add(*match.span(), list(range(first, last + 1)))
    for match in _LISTED.finditer(text):
        add(*match.span(), [_year(part) for part in re.findall(rf"{_FULL}|\d\d", match[1])])
    for match in _RECENT.finditer(text):
        count = match[1]
        size = _ENGLISH_NUMBERS.get(count) or (int(count) if count.isdigit() else parse_chinese(count)) or 1
        add(*match.span(), list(range(today.year - size, today.year)))
    for match in _THESE.finditer(text):
        digit = match[1] or match[2]
        size = int(digit) if digit.isdigit() else (parse_chinese(digit) or 1)
        known = sorted(known_years) or [today.year - 1]
        add(*match.span(), known[-size:])
    for match in _SINGLE.finditer(text):
        if not match[2] and match[1] and text[match.end() :].lstrip().startswith(_UNITS_AFTER):
            continue
        add(*match.span(), [_year(match[1] or match[3])])
    for word, offset in _RELATIVE.items():
        # 上年度结转 names a number and no year.
        for match in re.finditer(re.escape(word) + "(?!度?结转|度?转结)", text):
            add(*match.span(), [today.year + offset])
    return sorted(found, key=lambda mention: mention.start)


def _year(text: str) -> int:
    number = int(text) if text.isdigit() else (parse_chinese(text) or 0)
    return number + 2000 if number < 100 else number
