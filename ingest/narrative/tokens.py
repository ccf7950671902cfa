"""Prose cut into tokens: the words of the lexicon, quantities, years, punctuation, and runs of unknown text.

The lexicon (``lexicons/narrative_words.toml``) puts every word into one class; where words overlap the longest wins.
Tokens stand in a folded view without white space and quotation marks; `Prose` maps them back to the report's text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from ingest.lexicons import read_lexicon
from ingest.narrative.department_names import full_names
from ingest.narrative.territory import BODIES
from vectorstore.body_names import designations
from vectorstore.folding import Folded, fold, fold_label, fold_text
from vectorstore.numerals import Number, find_numbers, parse_chinese

UNKNOWN, DEPARTMENT, QUANTITY, YEAR, COMPARED, DATE, STOP, OPEN, CLOSE, TITLE = (
    "unknown",
    "department",
    "quantity",
    "year",
    "compared",
    "date",
    "stop",
    "open",
    "close",
    "title",
)

_QUOTES = frozenset("“”\"'‘’「」『』")
# The name of an account beside what it is says nothing more: “某县发布”微信公众号, 微信公众号“某县之声”.
_ACCOUNT = r"(?:(?:政务|官方|政府)?微信(?!群)|(?:官方|政务)?公众号|微博(?!客)|视频号|抖音号?|头条号)"
_NAME = r"[“「『][^“”「」『』，。；,;\n]{2,16}[”」』]"
_DROPPED = re.compile(rf"(?:{_NAME}(?={_ACCOUNT})|(?<=公众号){_NAME}(?=[\d发推累共粉关]))|[“”\"'‘’「」『』\s]")
# Before a department's name: 市公安局, 县财政局.
_LEVELS = ("", "省", "市", "州", "县", "区", "旗")
_STOPS = frozenset(",;:…|。!?")
_ALTERNATIVES = re.compile(r"\{([^{}]*)\}")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d|二[〇零]\d{0}[〇零一二三四五六七八九]{2})年(?:度)?(?:[末底]|年底)?")
_COMPARED = re.compile(r"(?:相比于?|相较于?|对比|比较|比|较|与|同)((?:19|20)\d\d)年度?(?:同期)?(?:相比)?")
_DATE = re.compile(
    r"\d{1,2}·\d{1,2}|\d{1,2}月(?:份|底|初|末)?(?:\d{1,2}日)?|\d{1,2}日(?!常)|上半年|下半年|[一二三四]季度"
)
_TITLE = re.compile(r"[《<〈][^《》<>〈〉]{1,80}[》>〉]")
_ADDRESS = re.compile(
    r"https?:[\w./:?=&%#-]+|www\.[\w./-]+|[a-z0-9_.-]+@[a-z0-9_.-]+|(?<!\d)\d{3,4}-\d{7,8}(?!\d)|[(\[〔【]\d{4}[)\]〕】]\d*号?"
)
# The patterns that a token beginning with a character can have, in the order in which they are tried.
_PATTERNS = (
    dict.fromkeys("《〈<", (_TITLE,))
    | dict.fromkeys("〔【([.@_-abcdefghijklmnopqrstuvwxyz", (_ADDRESS,))
    | dict.fromkeys("0123456789", (_ADDRESS, _YEAR, _DATE))
    | dict.fromkeys("相对比较与同", (_COMPARED,))
    | {"二": (_YEAR, _DATE)}
    | dict.fromkeys("上下一三四", (_DATE,))
    | dict.fromkeys("全各省市州盟县区旗管", (BODIES,))
)
# Characters that are tokens themselves.
_MARKS = _STOPS | frozenset("([)]")
# 某市人民政府网 is a website, 网络 and 网民 are not.
_SITE = re.compile(r"(?:门户)?网(?![站络民格点友红警信上购吧])")
_LONGEST_PLACE = 8
# Lengths of words that may stand anywhere.
_SHORT = (2, 1)
_RECURRING = 30
_RANGE_BEFORE, _RANGE_WHOLE, _MORE = re.compile(r"\d[-~]$"), re.compile(r"[\d.,~至到-]+"), re.compile(r"(余|多)")
_NEGATIONS = frozenset({"negation", "opaque_negation"})
_ABOUT = re.compile(r"以上|左右|上下")
_RANGE = re.compile(r"\d+(?:-|~|至|到)\d+")


class Token(NamedTuple):
    """A word, number or mark.

    Attributes:
        kind: The lexicon's class, or one of this module's constants.
        start, end: In the folded view of the prose.
        value, qualifier, unit: Of a quantity; ``unit`` is empty where none follows the number.
        year: Of a year.
    """

    kind: str
    text: str
    start: int
    end: int
    value: Decimal | None = None
    qualifier: str | None = None
    unit: str = ""
    year: int | None = None
    is_chinese: bool = False


@dataclass(frozen=True, slots=True)
class Units:
    """Measure words: the families that a unit belongs to; the units, longest first, all and by first character."""

    families: dict[str, frozenset[str]]
    ordered: tuple[str, ...]
    starting: dict[str, tuple[str, ...]]
    not_counted: tuple[str, ...]


def expand(pattern: str) -> Iterator[str]:
    """The words that a lexicon entry stands for: ``{政府|政务|}信息`` is 政府信息, 政务信息, 信息."""
    parts = [part.split("|") if index % 2 else [part] for index, part in enumerate(_ALTERNATIVES.split(pattern))]
    for choice in itertools.product(*parts):
        yield "".join(choice)


@cache
def _lexicon() -> dict[str, Any]:
    return read_lexicon("narrative_words")


@cache
def words() -> dict[str, str]:
    """Every word of the lexicon, folded, with its class; a word in two lists belongs to the first."""
    names = {level + name for name in full_names() for level in _LEVELS}
    for sort in ("organ", "zone"):
        for entry in designations()[sort]:
            # 政府 alone, and 管委会, are in other words and everywhere.
            before = _LEVELS[1:] if sort == "organ" else ("",)
            names.update(level + name for name in (entry.long, *entry.short) for level in before)
    found = dict.fromkeys(sorted(names), DEPARTMENT)
    for group in _lexicon().values():
        for kind, patterns in group.items():
            for pattern in patterns:
                for word in expand(pattern):
                    folded = "".join(c for c in fold_label(word) if c not in _QUOTES)
                    if folded:
                        found.setdefault(folded, kind)
    return found


@cache
def kinds(group: str) -> frozenset[str]:
    """The classes of one group of the lexicon: ``verbs``, ``objects``, ``outcomes`` …"""
    return frozenset(_lexicon()[group])


@cache
def heads() -> frozenset[str]:
    """The classes of the nouns that a number can count."""
    return kinds("objects") | kinds("infos") | kinds("outcomes")


@cache
def people() -> frozenset[str]:
    """Words that mean nothing to the grammar, but something to a mention: 居民, 企业."""
    return frozenset(_lexicon()["countable"]["people"])


@cache
def _starts() -> frozenset[str]:
    """The first two characters of every word that has as many."""
    return frozenset(word[:2] for word in words() if len(word) > 1)


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """For each three characters, the lengths that a word may have where they stand, longest first."""
    lengths: dict[str, set[int]] = {}
    for word in words():
        lengths.setdefault(word[:3], {*_SHORT}).add(len(word))
    return {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items() if len(start) > 2}


@cache
def units() -> Units:
    """The measure words."""
    data = read_lexicon("narrative_units")
    families: dict[str, set[str]] = {}
    for family, members in data.items():
        if family != "not_counted":
            for unit in members:
                families.setdefault(fold_label(unit), set()).add(family)
    return Units(
        families={unit: frozenset(found) for unit, found in families.items()},
        ordered=tuple(sorted(families, key=len, reverse=True)),
        starting={
            first: tuple(sorted((unit for unit in families if unit[0] == first), key=len, reverse=True))
            for first in {unit[0] for unit in families}
        },
        not_counted=tuple(data["not_counted"]),
    )


def view(text: str, offset: int = 0) -> Folded:
    """The folded view that tokens stand in: no quotation marks, no white space but what keeps two numbers apart."""
    plain = fold_text(text)
    if len(plain) != len(text):  # zero-width characters were left out
        folded = fold(text, offset=offset)
        plain, offsets = folded.text, folded.offsets
    else:
        offsets = tuple(range(offset, offset + len(text)))
    parts: list[str] = []
    kept: list[int] = []
    start = 0
    for match in _DROPPED.finditer(plain):
        at = match.start()
        parts.append(plain[start:at])
        kept.extend(offsets[start:at])
        start = match.end()
        if plain[at].isspace():
            before = next((part[-1] for part in reversed(parts) if part), "")
            if before.isdigit() and plain[start : start + 1].isdigit():
                parts.append(plain[at])
                kept.append(offsets[at])
    if not start:
        return Folded(plain, offsets)
    parts.append(plain[start:])
    kept.extend(offsets[start:])
    return Folded("".join(parts), tuple(kept))


def tokenise(text: str) -> tuple[Token, ...]:
    """The tokens of a folded text, in order, together covering all of it."""
    # Headings and the like are the same in every report.
    return _recurring_tokens(text) if len(text) <= _RECURRING else _tokens(text)


@lru_cache(maxsize=4096)
def _recurring_tokens(text: str) -> tuple[Token, ...]:
    return _tokens(text)


@cache
def _beginnings() -> frozenset[str]:
    """Characters that are a token, or that one of the patterns begins with."""
    return _MARKS | frozenset(_PATTERNS) | {word for word in words() if len(word) == 1}


def _tokens(text: str) -> tuple[Token, ...]:
    numbers = {number.start: number for number in find_numbers(text)}
    starts, beginnings = _starts(), _beginnings()
    possible = [
        position
        for position, character in enumerate(text)
        if character in beginnings or text[position : position + 2] in starts or position in numbers
    ]
    tokens: list[Token] = []
    unknown_from = 0
    for position in possible:
        if position < unknown_from:
            continue  # inside the last token
        token = _token_at(text, position, numbers)
        if token is None:
            continue
        if unknown_from < position:
            tokens.append(Token(UNKNOWN, text[unknown_from:position], unknown_from, position))
        if token.kind == DEPARTMENT and tokens and _is_place(tokens[-1], token):
            place = tokens.pop()  # 泰州 and 市公安局 are one name
            token = Token(DEPARTMENT, place.text + token.text, place.start, token.end)
        if token.kind == DEPARTMENT and token.text.endswith("政府") and (site := _SITE.match(text, token.end)):
            token = Token("website", token.text + site[0], token.start, site.end())
        tokens.append(token)
        unknown_from = token.end
    if unknown_from < len(text):
        tokens.append(Token(UNKNOWN, text[unknown_from:], unknown_from, len(text)))
    return tuple(tokens)


def _is_place(before: Token, department: Token) -> bool:
    return before.kind == UNKNOWN and before.end == department.start and 1 < len(before.text) <= _LONGEST_PLACE


def _token_at(text: str, position: int, numbers: dict[int, Number]) -> Token | None:
    character = text[position]
    if character in _PATTERNS:
        token = _pattern_at(text, position, _PATTERNS[character])
        if token is not None:
            return token
    word = _word_at(text, position)
    quantity = _quantity_at(text, position, numbers) if position in numbers else None
    if quantity is not None and (word is None or quantity.end > word.end or word.kind == "filler"):
        return quantity
    if word is not None:
        return word
    if character in _STOPS:
        return Token(STOP, character, position, position + 1)
    if character in "([":
        return Token(OPEN, character, position, position + 1)
    if character in ")]":
        return Token(CLOSE, character, position, position + 1)
    return None


def _pattern_at(text: str, position: int, patterns: tuple[re.Pattern[str], ...]) -> Token | None:
    for pattern in patterns:
        match = pattern.match(text, position)
        if match is None:
            continue
        if pattern is _COMPARED:
            return Token(COMPARED, match[0], position, match.end(), year=int(match[1]))
        if pattern is _YEAR:
            digits = match[1]
            year = int(digits) if digits.isdigit() and digits.isascii() else parse_chinese(digits)
            if year is None or not 1949 <= year <= 2100:
                continue
            return Token(YEAR, match[0], position, match.end(), year=year)
        if pattern is BODIES:
            return Token("territory", match[0], position, match.end())
        if pattern is _DATE:
            return Token(DATE, match[0], position, match.end())
        return Token(_channel_of(match[0]) or TITLE, match[0], position, match.end())
    return None


def _channel_of(title: str) -> str | None:
    """The channel that a title names: 《某县人民政府网》."""
    inner = title[1:-1]
    return next(
        (k for n in range(len(inner)) if (k := words().get(inner[n:])) in {"website", "wechat", "other_channel"}), None
    )


def _word_at(text: str, position: int) -> Token | None:
    known = words()
    for length in _lengths().get(text[position : position + 3], _SHORT):
        word = text[position : position + length]
        kind = known.get(word)
        if kind is not None and len(word) == length:
            if kind == "double_negation" and word[-1] == "不" and _longest_at(text, position + 1) > 2:
                continue  # 无不予公开情况 is 无 and 不予公开
            if kind in _NEGATIONS and word[-1] == "人" and _longest_at(text, position + length - 1) > 1:
                continue  # 无人大代表建议 is 无 and 人大代表建议, not 无人
            return Token(kind, word, position, position + length)
    return None


def _longest_at(text: str, position: int) -> int:
    lengths = _lengths().get(text[position : position + 3], _SHORT)
    found = (text[position : position + length] for length in lengths)
    return next((len(word) for word in found if word in words()), 0)


def _quantity_at(text: str, position: int, numbers: dict[int, Number]) -> Token | None:
    number = numbers[position]
    start = number.digits_start
    if _RANGE.match(text, start) or _RANGE_BEFORE.search(text, max(start - 2, 0), start):
        if match := _RANGE_WHOLE.match(text, start):
            return Token(UNKNOWN, text[position : match.end()], position, match.end())
        return None
    unit, end = _unit_at(text, number)
    follows = text[end : end + 1]
    if unit is None:
        return Token(UNKNOWN, text[position : number.end], position, number.end)
    if not unit and (number.is_chinese or (follows.isalnum() and follows.isascii()) or follows in {"-", "/", "."}):
        # A numeral with nothing to count is a part of a word (一张网, 五星); a bare number is one of a code.
        return None if number.is_chinese else Token(UNKNOWN, text[position:end], position, end)
    value, qualifier = number.value, number.qualifier
    if value == value.to_integral_value():
        value = value.to_integral_value()  # 1.2万 is 12000, not 12000.0
    match = _MORE.match(text, number.end)
    if match and unit and text.startswith(unit, match.end()):
        qualifier = qualifier or match[1]
    if unit and (match := _ABOUT.match(text, end)):
        qualifier = qualifier or match[0]
    return Token(QUANTITY, text[position:end], position, end, value, qualifier, unit, is_chinese=number.is_chinese)


def _unit_at(text: str, number: Number) -> tuple[str | None, int]:
    """The unit behind a number and where it ends; no unit is an empty string, ``None`` says that it counts nothing."""
    start = number.end
    possible = units().starting.get(text[start : start + 1], ())
    best = next((unit for unit in possible if text.startswith(unit, start)), "")
    for word in units().not_counted:
        if len(word) > len(best) and text.startswith(word, start):
            return None, start
    follows = _word_at(text, start) if best else None
    if follows is not None and len(follows.text) > len(best) + 1:
        if number.is_chinese:
            return "", start
        best = best if follows.kind in {"tail", "filler"} else ""
    return best, start + len(best)
