"""Years in a question: 2023年, 23年, 2021到2023, 去年, 近三年, 十四五期间, before 2022, since 2021.

Each way to name years is one rule: an expression and what its match means. The rules are tried in order, and what one
has taken the next leaves alone: 2021到2023 is a span before it is two years.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from vectorstore.numerals import parse_chinese

# The Regulation is of 2007; a four-digit number outside these years counts something else (公开2017条 has its unit).
_FIRST, _LAST = 2005, 2049
_DIGITS = "〇一二三四五六七八九"
_FULL = r"(?:20[0-4]\d|二[〇零][〇零一二三四][〇零一二三四五六七八九])"
_TWO = r"[0-4]\d"
# 二三年 names a year, 近二三年 a number of years.
_SHORT = rf"(?:(?<![\d.]){_TWO}|(?<![近这过前后头〇一二三四五六七八九十])(?:一[五六七八九]|二[〇零一二三四五])(?=年))"
_ANY = rf"(?:(?<!\d){_FULL}|{_SHORT})"
_SIGN = r"(?:\s*年度?)?"
_COUNT = r"(?P<size>\d{1,2}|[一二两三四五六七八九十]|two|three|four|five|six|ten)\s*(?:个?年度?|years)"
_COUNT_OF_SEVERAL = _COUNT.replace("[一二", "[二")
_ENGLISH_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_UNITS_AFTER = ("件", "条", "次", "份", "起", "宗", "项", "篇", "元", "个", "家", "人次", "名", "万")
# The first years of the five-year plans.
_PLANS = {
    "十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026,
    "12th": 2011, "13th": 2016, "14th": 2021, "15th": 2026,
}  # fmt: skip
_RELATIVE = {
    "大前年": -3,
    "前年": -2,
    "the year before last": -2,
    "year before last": -2,
    "去年": -1,
    "last year": -1,
    "今年": 0,
    "this year": 0,
}
_BESIDE = {
    "上一年": -1,
    "上年度": -1,
    "前一年": -1,
    "the previous year": -1,
    "previous year": -1,
    "the year before": -1,
    "次年": 1,
    "下一年": 1,
    "后一年": 1,
    "the following year": 1,
    "the year after": 1,
}
# Beside no other year these still name one.
_LAST_YEAR = ("上一年", "上年度")


@dataclass(frozen=True, slots=True)
class YearMention:
    """Years named at one place of the folded question; ``years`` ascending, never empty."""

    start: int
    end: int
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Calendar:
    """What years are counted from: the day, and the corpus' years, ascending."""

    today: date
    known: tuple[int, ...]

    @property
    def newest(self) -> int:
        """The corpus' last year; last year where it has none."""
        return self.known[-1] if self.known else self.today.year - 1

    def until(self, last: int) -> list[int]:
        """The corpus' years up to one, itself included; that one alone where the corpus has none of them."""
        return [year for year in self.known if year <= last] or [last]

    def since(self, first: int) -> list[int]:
        """All years from one to the corpus' last."""
        return list(range(first, max(first, self.newest) + 1))


_Rule = tuple[re.Pattern[str], Callable[[re.Match[str], _Calendar], Sequence[int]]]


def find_years(text: str, today: date, known_years: Collection[int] = ()) -> list[YearMention]:
    """All years that a folded question names, in order.

    Args:
        today: What 去年 and 近三年 are counted from. 近三年 are the three years before this one: the year that
            is still running has no report yet.
        known_years: The corpus' years: "since 2021" ends at the last of them, or last year if there is none.
    """
    calendar = _Calendar(today, tuple(sorted(known_years)))
    found: list[YearMention] = []
    for expression, years_of in _RULES:
        for match in expression.finditer(text):
            years = tuple(sorted({year for year in years_of(match, calendar) if _FIRST <= year <= _LAST}))
            if years and not any(match.start() < m.end and m.start < match.end() for m in found):
                found.append(YearMention(*match.span(), years))
    if not found and calendar.known:
        found = _all_newest(text, calendar)
    return sorted([*found, *_beside(text, found, today)], key=lambda mention: mention.start)


def _all_newest(text: str, calendar: _Calendar) -> list[YearMention]:
    """成山镇两年的主动公开数, where no year is named: the corpus' last two."""
    return [YearMention(*m.span("said"), tuple(calendar.known[-_size(m) :])) for m in _BARE_YEARS.finditer(text)][:1]


def _beside(text: str, found: list[YearMention], today: date) -> list[YearMention]:
    """2023年比上一年: the year beside the one that is named; 上一年 alone is last year."""
    named = [mention.years[0] for mention in sorted(found, key=lambda m: m.start) if len(mention.years) == 1]
    mentions = []
    for match in _BESIDE_WORDS.finditer(text):
        if any(match.start() < m.end and m.start < match.end() for m in found):
            continue
        if named:
            mentions.append(YearMention(*match.span(), (named[0] + _BESIDE[match[0]],)))
        elif match[0] in _LAST_YEAR:
            mentions.append(YearMention(*match.span(), (today.year - 1,)))
    return mentions


def _year(text: str) -> int:
    digits = "".join(c if c.isdigit() and c.isascii() else str(_DIGITS.index(c)) for c in text.replace("零", "〇"))
    return int(digits) + (2000 if len(digits) < 4 else 0)


def _size(match: re.Match[str]) -> int:
    size = match["size"]
    return _ENGLISH_NUMBERS.get(size) or (int(size) if size.isdigit() else parse_chinese(size) or 1)


def _span(match: re.Match[str], _: _Calendar) -> Sequence[int]:
    """2021到2023 and 2022-23 are years; 1-5件 and 20到30件 amounts: short years need 年 behind them, and no unit."""
    first, last = _year(match["first"]), _year(match["last"])
    is_amount = match.string[match.end() :].startswith(_UNITS_AFTER)
    told = len(match["first"]) == 4 or match["sign"]
    return range(first, last + 1) if last >= first and told and not is_amount else ()


def _listed(match: re.Match[str], _: _Calendar) -> Sequence[int]:
    return [_year(part) for part in re.findall(rf"{_FULL}|{_TWO}", match[0])]


def _single(match: re.Match[str], _: _Calendar) -> Sequence[int]:
    if not match["sign"] and match.string[match.end() :].lstrip().startswith(_UNITS_AFTER):
        return ()
    return [_year(match["year"])]


def _short(match: re.Match[str], _: _Calendar) -> Sequence[int]:
    return [_year(match["year"])]


def _until(match: re.Match[str], calendar: _Calendar) -> Sequence[int]:
    return calendar.until(_year(match["year"]))


def _before(match: re.Match[str], calendar: _Calendar) -> Sequence[int]:
    return calendar.until(_year(match["year"]) - 1)


def _since(match: re.Match[str], calendar: _Calendar) -> Sequence[int]:
    return calendar.since(_year(match["year"]))


def _after(match: re.Match[str], calendar: _Calendar) -> Sequence[int]:
    return calendar.since(_year(match["year"]) + 1)


def _five_years(match: re.Match[str], _: _Calendar) -> Sequence[int]:
    first = _PLANS[match["plan"]]
    return range(first, first + 5)


def _recent(match: re.Match[str], calendar: _Calendar) -> Sequence[int]:
    """So many years before this one: the year that is still running has no report yet."""
    return range(calendar.today.year - _size(match), calendar.today.year)


def _newest(match: re.Match[str], calendar: _Calendar) -> Sequence[int]:
    return (calendar.known or (calendar.newest,))[-_size(match) :]


def _oldest(match: re.Match[str], calendar: _Calendar) -> Sequence[int]:
    return calendar.known[: _size(match)]


def _first_of_all(_: re.Match[str], calendar: _Calendar) -> Sequence[int]:
    return calendar.known[:1]


def _ago(match: re.Match[str], calendar: _Calendar) -> Sequence[int]:
    return [calendar.today.year - _size(match)]


def _relative(match: re.Match[str], calendar: _Calendar) -> Sequence[int]:
    return [calendar.today.year + _RELATIVE[match[0]]]


def _rule(expression: str, years_of: Callable[[re.Match[str], _Calendar], Sequence[int]]) -> _Rule:
    return re.compile(expression), years_of


_TO = r"\s*(?:到|至|-|~|to|through|until)\s*"
_NAMED = rf"(?P<year>{_ANY})"
_INCLUDED = r"\s*年度?\s*(?:[及和或]|\(含\))"
_BESIDE_WORDS = re.compile("|".join(sorted(map(re.escape, _BESIDE), key=len, reverse=True)))
_BARE_YEARS = re.compile(
    r"(?<![近连续着这过前后头每第十\d满])(?P<said>(?P<size>[两二三四五])年(?:来|里|间|内)?)(?=的|总|一共|各|分别|合计|累计|共|加|申请|主动|收)"
)
# The longer ways to name years first: what one rule has taken, the next leaves alone.
_RULES = (
    _rule(rf"(?:between|from)\s+(?P<first>{_FULL})\s+(?:and|to)\s+(?P<last>{_FULL})(?P<sign>)", _span),
    _rule(rf"(?P<first>{_ANY}){_SIGN}{_TO}(?P<last>{_FULL}|{_TWO})(?!\d)(?P<sign>\s*年度?)?(?:期?之?间)?", _span),
    _rule(rf"{_ANY}(?:{_SIGN}\s*[、,/和与及]\s*(?:{_FULL}|{_TWO})(?!\d))+\s*(?:年度?|(?=[两二三四五]年))", _listed),
    _rule(rf"{_NAMED}{_INCLUDED}(?:之前|以前|此前)", _until),
    _rule(rf"{_NAMED}{_INCLUDED}(?:之后|以后|此后)", _since),
    _rule(rf"{_NAMED}\s*年度?(?:以前|之前|前(?![\d一二两三四五六七八九十]))", _before),
    _rule(rf"(?:自|从)?{_NAMED}\s*年度?(?:以来|起|开始|至今|到现在|到今)", _since),
    _rule(rf"{_NAMED}\s*年度?(?:以后|之后|后)", _after),
    _rule(rf"(?:截至|截止|截止到|直到|until|till|up to|through)\s*{_NAMED}{_SIGN}底?", _until),
    _rule(rf"(?:before|prior to|earlier than)\s+{_NAMED}", _before),
    _rule(rf"(?:after|later than)\s+{_NAMED}", _after),
    _rule(rf"(?:自|从|since)\s*{_NAMED}{_SIGN}", _since),
    _rule(r"(?P<plan>十[二三四五]五)(?:规划)?(?:期间|时期|以来)?", _five_years),
    _rule(r"(?P<plan>1[2-5]th)[- ]five[- ]year[- ]plan(?: period)?", _five_years),
    _rule(rf"(?:近|最近|过去|the last|the past|last|past|recent)\s*{_COUNT}", _recent),
    _rule(rf"前\s*{_COUNT_OF_SEVERAL}", _recent),
    # 这三年, 三年来, 最后两年: the corpus' last years, whatever the day.
    _rule(rf"(?:这|这个|最后|后)\s*{_COUNT}(?:来|里|间)?", _newest),
    _rule(r"(?P<size>[两二三四五六])年来", _newest),
    _rule(rf"(?:头|最早的?|最初的?|开头|the first|the earliest)\s*{_COUNT_OF_SEVERAL}", _oldest),
    _rule(r"头一年|最早(?:的)?(?:那)?一年|第一年|首年|最早的年份|(?:the )?(?:first|earliest) year", _first_of_all),
    _rule(r"(?<!\d)(?P<size>[两二三四五]|\d)年前", _ago),
    _rule(rf"{_COUNT} ago", _ago),
    _rule(rf"(?:fy\s?)?(?<!\d)(?P<year>{_FULL})(?!\d)(?P<sign>\s*年度?)?", _single),
    _rule(rf"(?:fy\s?|(?<![a-z])['’‘])(?P<year>{_TWO})(?!\d)", _short),
    _rule(rf"(?P<year>{_SHORT})\s*年度?", _short),
    _rule("|".join(sorted(map(re.escape, _RELATIVE), key=len, reverse=True)), _relative),
)
