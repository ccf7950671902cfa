"""Numbers and years in a sentence of a model, however written: 12, １２, 十二, 1.2万, 12.5%, ①, twelve, 第3."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from assistant.language_models.wording.vocabulary import checks
from vectorstore.numerals import parse_chinese

_SCALE = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_YEAR = re.compile(
    r"(?P<full>(?:19|20)\d\d)\s*(?:年度|年|(?=\s*(?:-|~|至|到|、|和|,|and|to)\s*(?:19|20)\d\d\s*年))"
    r"|(?P<short>\d\d)年(?!来|间|以)|(?P<chinese>[二一][〇零九]\S{2})年"
)
_BARE_YEAR = re.compile(r"(?<![\d.,])((?:19|20)\d\d)(?![\d.,]*\d)")
_ARABIC = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as a sentence says it.

    Attributes:
        value: ``None`` where it can't be read, which no evidence has.
        unit: ``%`` for a percentage.
        qualifier: 约, 余: it isn't exact.
        is_rank: 第3, third.
    """

    start: int
    end: int
    value: Decimal | None
    unit: str | None = None
    qualifier: str | None = None
    is_rank: bool = False


@cache
def _numerals() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    units = sorted(checks()["units"]["zh"], key=len, reverse=True)
    qualifiers = sorted(checks()["numerals"]["qualifiers"], key=len, reverse=True)
    words = sorted(checks()["numerals"]["en"], key=len, reverse=True)
    return (
        re.compile("|".join(map(re.escape, units))),
        re.compile("(?:" + "|".join(map(re.escape, qualifiers)) + r")\s*$"),
        re.compile(f"[{checks()['numerals']['zh']}]+"),
        re.compile(r"(?:" + "|".join(words) + r")(?:[\s-]+(?:" + "|".join(words) + r"))*(?![a-z])"),
    )


def year_at(text: str, position: int, language: str) -> tuple[int, int] | None:
    """The end and the value of a year at a position of a folded text."""
    if position and text[position - 1].isdigit():
        return None
    match = _YEAR.match(text, position)
    if match is not None:
        if match["full"]:
            return match.end(), int(match["full"])
        if match["short"]:
            return match.end(), 2000 + int(match["short"])
        value = parse_chinese(match["chinese"])
        return (match.end(), value) if value and 1900 < value < 2100 else None
    bare = _BARE_YEAR.match(text, position)
    if bare is None:
        return None
    # In Chinese 2013件 is a number and a bare 2013 no year that anybody would write; in brackets it is.
    behind = text[bare.end() : bare.end() + 1]
    if language == "en" or behind in ("", ")", "-", "/", "→"):
        return bare.end(), int(bare[1])
    return None


def quantity_at(text: str, position: int, language: str) -> Quantity | None:
    """The number at a position of a folded text."""
    character = text[position]
    if character.isascii() and character.isdigit():
        return _arabic(text, position)
    if language == "en" and character.isascii():
        return _english(text, position)
    if _numerals()[2].match(character):
        return _chinese(text, position)
    if not character.isascii() and character.isnumeric():
        # ①, Ⅲ, ½: written so by nobody who copies a number.
        return Quantity(position, position + 1, None)
    return None


def _arabic(text: str, start: int) -> Quantity | None:
    match = _ARABIC.match(text, start)
    if match is None:
        return None
    try:
        value = Decimal(match[0].replace(",", ""))
    except InvalidOperation:
        return Quantity(start, match.end(), None)
    return _with_unit(text, start, match.end(), value)


def _chinese(text: str, start: int) -> Quantity | None:
    match = _numerals()[2].match(text, start)
    if match is None:
        return None
    parsed = parse_chinese(match[0])
    return _with_unit(text, start, match.end(), None if parsed is None else Decimal(parsed))


def _with_unit(text: str, start: int, end: int, value: Decimal | None) -> Quantity:
    units, qualifiers, _, _ = _numerals()
    before = text[max(0, start - 4) : start]
    qualified = qualifiers.search(before)
    qualifier = qualified[0].strip() if qualified else None
    is_rank = before.endswith("第")
    if text[end : end + 1] in ("余", "多", "来"):
        qualifier, end = text[end], end + 1
    while text[end : end + 1] in _SCALE and value is not None and not text.startswith("万元", end):
        value, end = value * _SCALE[text[end]], end + 1
    if text[end : end + 1] in ("余", "多"):
        qualifier, end = text[end], end + 1
    ordinal = re.match(r"(?:st|nd|rd|th)(?![a-z])", text[end:])
    if ordinal:
        return Quantity(start, end + ordinal.end(), value, None, qualifier, True)
    behind = end + (len(text[end:]) - len(text[end:].lstrip(" ")))
    unit = units.match(text, behind)
    if unit is None:
        return Quantity(start, end, value, None, qualifier, is_rank)
    return Quantity(start, unit.end(), value, unit[0], qualifier, is_rank)


def _english(text: str, start: int) -> Quantity | None:
    if start and (text[start - 1].isalpha() or text[start - 1].isdigit()):
        return None
    for word, rank in checks()["numerals"]["ordinals_en"].items():
        if text.startswith(word, start) and not text[start + len(word) : start + len(word) + 1].isalpha():
            return Quantity(start, start + len(word), Decimal(rank), None, None, True)
    match = _numerals()[3].match(text, start)
    if match is None:
        return None
    total, section = Decimal(0), Decimal(0)
    for word in re.split(r"[\s-]+", match[0]):
        value = Decimal(str(checks()["numerals"]["en"][word]))
        if value in (100, 1000):
            section = (section or 1) * value
        elif section and 1 <= value < 10 and section % 10:
            return Quantity(start, match.end(), None)
        else:
            section += value
    qualified = _numerals()[1].search(text[max(0, start - 14) : start])
    return Quantity(start, match.end(), total + section, None, qualified[0].strip() if qualified else None)
