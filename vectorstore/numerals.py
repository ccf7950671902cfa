"""Numbers as Chinese reports and questions write them: 217, 4.14万, 778余, 四十余, 两, 近十, １２.

They are found in a folded text (see ``folding``), so digits are half-width here. Percentages are found too; a caller
that doesn't want them looks at what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "俩": 2, "仨": 3}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_SCALES = _LARGE | {"千": 1000, "百": 100}
_UNITS = _SMALL | _LARGE
_LEFT_OUT = re.compile(r"[一二两三四五六七八九]([百千万])[一二三四五六七八九]$")

_BEFORE = r"(?P<before>突破|超过|超出|多于|不少于|不低于|不足|至少|约为|大约|将近|接近|近|约|超|逾)?"
# 1,234 with separators of three; never 1,23. A number may stand in brackets of its own but not inside a Latin word.
_ARABIC = r"(?P<arabic>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)"
_CHINESE = r"(?P<chinese>[〇零一二两俩三四五六七八九十百千万亿]+)"
# 3千米 and 2百分点 are units; 1万5千 is one number.
_AFTER = (
    r"(?P<approximate>余|多|来)?(?P<scale>万|亿|千(?![克米瓦伏赫卡帕字])|百(?![分货姓家年强日里]))?"
    r"(?:(?<=[万亿千])(?P<rest>\d{1,4})(?P<rest_scale>万|千(?![克米瓦伏赫卡帕字])|百(?![分货姓家年强日里])))?"
    r"(?P<after>余|多)?"
)
# The look ahead turns nearly every position down at once; the optional words in front would be tried at each.
_BEGINNING = r"(?=[突超多不至约大将接近逾\s\d〇零一二两俩三四五六七八九十百千万亿])"
_NUMBER = re.compile(rf"{_BEGINNING}{_BEFORE}\s*(?:{_ARABIC}|{_CHINESE}){_AFTER}")
_INSIDE_CODE = re.compile(r"(?:[a-z_]|\d[.,:])$")
# (3)数据不共享: the number of a point, at the beginning of a line or behind the end of another.
_OPENS_POINT = re.compile(r"(?:^|[\n。;:!?]\s*)\($")
# How many characters around a numeral its reading looks at: 届, eight others and 第 are the most.
_AROUND = 12
# 一 in these words counts nothing. Kept to what follows or precedes it in the genre's fixed phrases.
_NOT_A_NUMBER_AFTER = (
    "是",
    "方面",
    "步",
    "般",
    "样",
    "致",
    "定",
    "些",
    "系列",
    "体",
    "旦",
    "直",
    "律",
    "切",
    "并",
    "经",
    "线",
    "流",
    "网通办",
)
_NOT_A_NUMBER_BEFORE = (
    "第",
    "进",
    "统",
    "唯",
    "之",
    "同",
    "单",
    "专",
    "万",
    "星期",
    "周",
    "每",
    "逐",
    "任",
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number found in a text.

    Attributes:
        value: Exact.
        qualifier: 约, 余, 超 … as written; ``None`` for a plain number.
        start, end: In the folded text, qualifiers included.
        digits_start, digits_end: Without the qualifiers before it.
        is_chinese: Written with 一二三, not 123.
    """

    value: Decimal
    qualifier: str | None
    start: int
    end: int
    digits_start: int
    digits_end: int
    is_chinese: bool


def parse_chinese(numeral: str) -> int | None:
    """The value of a Chinese numeral: 四十 → 40, 两 → 2, 二〇二三 → 2023; ``None`` if it isn't one (十二百)."""
    if not numeral:
        return None
    if all(c in _DIGITS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total = section = 0
    digit: int | None = None
    smallest_unit = 10_000
    # 二百六 leaves the unit of its last digit out, which 二百零六 doesn't.
    left_out = _LEFT_OUT.search(numeral)
    for character in numeral:
        if character in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[character]
        elif character in _SMALL:
            unit = _SMALL[character]
            if unit >= smallest_unit:
                return None
            smallest_unit = unit
            section += (1 if digit is None else digit) * unit
            digit = None
        elif character in _LARGE:
            section += digit or 0
            if not section:
                return None
            total = (total + section) * _LARGE[character]
            section, digit, smallest_unit = 0, None, 10_000
        else:
            return None
    last = digit or 0
    return total + section + (last * _UNITS[left_out[1]] // 10 if left_out else last)


def find_numbers(text: str) -> Iterator[Number]:
    """All numbers of a folded text, in order. Ordinals (第三, 一是, （一）) and words like 进一步 are left out."""
    position = 0
    while match := _NUMBER.search(text, position):
        position = match.end()
        number = _number(text, match)
        if number is not None:
            yield number
        elif match["before"]:
            position = match.start() + len(match["before"])


def _number(text: str, match: re.Match[str]) -> Number | None:
    arabic, chinese = match["arabic"], match["chinese"]
    name = "arabic" if arabic else "chinese"
    digits_start, end = match.start(name), match.end()
    before, after = text[max(digits_start - _AROUND, 0) : digits_start], text[end : end + _AROUND]
    scale = _SCALES.get(match["scale"] or "", 1)
    if arabic:
        if _INSIDE_CODE.search(before) or (_OPENS_POINT.search(before) and after.startswith(")")):
            return None
        value = Decimal(arabic.replace(",", "")) * scale
        if match["rest"]:
            value += Decimal(match["rest"]) * _SCALES[match["rest_scale"]]
    else:
        if _is_ordinal_or_word(chinese, before, after) or (match["approximate"] == "来" and not match["after"]):
            return None
        parsed = parse_chinese(chinese)
        if parsed is None:
            return None
        value = Decimal(parsed * scale)
    qualifier = match["before"] or match["approximate"] or match["after"]
    return Number(value, qualifier, match.start(), end, digits_start, match.end(name), not arabic)


def _is_ordinal_or_word(numeral: str, before: str, after: str) -> bool:
    if before.endswith("第") or (before.endswith(("(", "（")) and after.startswith((")", "）", "、"))):
        return True
    if after.startswith("次") and re.search(r"届[^\d,，。;；]{0,8}$", before):
        return True  # 十届二次会议
    if after.startswith(("、", "是", "要")) and len(numeral) <= 2:
        return True
    if numeral.startswith(("万", "亿", "千", "百")) and parse_chinese(numeral) is None:
        return True
    if numeral.startswith(("十", "百", "千", "万")) and before.endswith(("数", "几", "好", "上", "成")):
        return True  # 数十次, 上千人, 成百上千: no value is printed
    return numeral == "一" and (after.startswith(_NOT_A_NUMBER_AFTER) or before.endswith(_NOT_A_NUMBER_BEFORE))
