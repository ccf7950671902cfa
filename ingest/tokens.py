"""Prose cut into tokens: the words of the lexicon, quantities, years, punctuation, and runs of unknown text.

The lexicon (``lexicons/narrative_words.toml``) puts every word into one class; where words overlap the longest wins.
Tokens stand in a folded view without white space and quotation marks; `Prose` maps them back to the report's text.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from vectorstore.folding import Folded, fold, fold_label
from vectorstore.numerals import Number, find_numbers, parse_chinese

UNKNOWN, QUANTITY, YEAR, COMPARED, DATE, STOP, OPEN, CLOSE, TITLE = (
    "unknown",
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
_STOPS = frozenset(",;:…|")
_ALTERNATIVES = re.compile(r"\{([^{}]*)\}")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d|二[〇零]\d{0}[〇零一二三四五六七八九]{2})年(?:度)?")
_COMPARED = re.compile(r"(?:相比于?|相较于?|对比|比较|比|较|与|同)((?:19|20)\d\d)年度?(?:同期)?(?:相比)?")
_DATE = re.compile(r"\d{1,2}月(?:份|底|初|末)?(?:\d{1,2}日)?|\d{1,2}日(?!常)|上半年|下半年|[一二三四]季度")
_TITLE = re.compile(r"[《<〈][^《》<>〈〉]{1,80}[》>〉]")
_ADDRESS = re.compile(
    r"https?:[\w./:?=&%#-]+|www\.[\w./-]+|[a-z0-9_.-]+@[a-z0-9_.-]+|(?<!\d)\d{3,4}-\d{7,8}(?!\d)|[(\[〔【]\d{4}[)\]〕】]\d*号?"
)
# Every character outside ASCII that one of the patterns above can begin with.
_PATTERN_STARTS = frozenset("《〈〔【相对比较与同二上下一三四")
_RANGE = re.compile(r"\d+(?:-|~|至|到)\d+")


@dataclass(frozen=True, slots=True)
class Token:
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
    """Measure words: the families that a unit belongs to, longest units first."""

    families: dict[str, frozenset[str]]
    ordered: tuple[str, ...]
    not_counted: tuple[str, ...]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("ingest.lexicons") / name).read_text(encoding="utf-8"))


def expand(pattern: str) -> Iterator[str]:
    """The words that a lexicon entry stands for: ``{政府|政务|}信息`` is 政府信息, 政务信息, 信息."""
    parts = [part.split("|") if index % 2 else [part] for index, part in enumerate(_ALTERNATIVES.split(pattern))]
    for choice in itertools.product(*parts):
        yield "".join(choice)


@cache
def words() -> dict[str, str]:
    """Every word of the lexicon, folded, with its class; a word in two lists belongs to the first."""
    found: dict[str, str] = {}
    for group in _read("narrative_words.toml").values():
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
    return frozenset(_read("narrative_words.toml")[group])


@cache
def heads() -> frozenset[str]:
    """The classes of the nouns that a number can count."""
    return kinds("objects") | kinds("infos") | kinds("outcomes")


@cache
def people() -> frozenset[str]:
    """Words that mean nothing to the grammar, but something to a mention: 居民, 企业."""
    return frozenset(_read("narrative_words.toml")["countable"]["people"])


@cache
def _first_characters() -> dict[str, tuple[int, ...]]:
    """For each first character, the lengths that words beginning with it have, longest first."""
    lengths: dict[str, set[int]] = {}
    for word in words():
        lengths.setdefault(word[0], set()).add(len(word))
    return {character: tuple(sorted(found, reverse=True)) for character, found in lengths.items()}


@cache
def units() -> Units:
    """The measure words."""
    data = _read("narrative_units.toml")
    families: dict[str, set[str]] = {}
    for family, members in data.items():
        if family != "not_counted":
            for unit in members:
                families.setdefault(fold_label(unit), set()).add(family)
    return Units(
        families={unit: frozenset(found) for unit, found in families.items()},
        ordered=tuple(sorted(families, key=len, reverse=True)),
        not_counted=tuple(data["not_counted"]),
    )


def view(text: str, offset: int = 0) -> Folded:
    """The folded view that tokens stand in: no quotation marks, no white space but what keeps two numbers apart."""
    folded = fold(text, offset=offset)
    characters: list[str] = []
    offsets: list[int] = []
    for index, (character, at) in enumerate(zip(folded.text, folded.offsets, strict=True)):
        if character in _QUOTES:
            continue
        if character.isspace():
            after = folded.text[index + 1 : index + 2]
            if not (characters and characters[-1].isdigit() and after.isdigit()):
                continue
        characters.append(character)
        offsets.append(at)
    return Folded("".join(characters), tuple(offsets))


def tokenise(text: str) -> tuple[Token, ...]:
    """The tokens of a folded text, in order, together covering all of it."""
    numbers = {number.start: number for number in find_numbers(text)}
    tokens: list[Token] = []
    position = unknown_from = 0
    while position < len(text):
        token = _token_at(text, position, numbers)
        if token is None:
            position += 1
            continue
        if unknown_from < position:
            tokens.append(Token(UNKNOWN, text[unknown_from:position], unknown_from, position))
        tokens.append(token)
        position = unknown_from = token.end
    if unknown_from < len(text):
        tokens.append(Token(UNKNOWN, text[unknown_from:], unknown_from, len(text)))
    return tuple(tokens)


def _token_at(text: str, position: int, numbers: dict[int, Number]) -> Token | None:
    character = text[position]
    if character in _PATTERN_STARTS or character.isascii():
        token = _pattern_at(text, position)
        if token is not None:
            return token
    word = _word_at(text, position)
    quantity = _quantity_at(text, position, numbers)
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


def _pattern_at(text: str, position: int) -> Token | None:
    for pattern in (_TITLE, _ADDRESS):
        if match := pattern.match(text, position):
            return Token(_channel_of(match[0]) or TITLE, match[0], position, match.end())
    if match := _COMPARED.match(text, position):
        return Token(COMPARED, match[0], position, match.end(), year=int(match[1]))
    if match := _YEAR.match(text, position):
        digits = match[1]
        year = int(digits) if digits.isdigit() and digits.isascii() else parse_chinese(digits)
        if year is not None and 1949 <= year <= 2100:
            return Token(YEAR, match[0], position, match.end(), year=year)
    if match := _DATE.match(text, position):
        return Token(DATE, match[0], position, match.end())
    return None


def _channel_of(title: str) -> str | None:
    """The channel that a title names: 《某县人民政府网》."""
    inner = title[1:-1]
    return next(
        (k for n in range(len(inner)) if (k := words().get(inner[n:])) in {"website", "wechat", "other_channel"}), None
    )


def _word_at(text: str, position: int) -> Token | None:
    lengths = _first_characters().get(text[position])
    if lengths is None:
        return None
    known = words()
    for length in lengths:
        word = text[position : position + length]
        kind = known.get(word)
        if kind is not None and len(word) == length:
            if kind == "opaque_negation" and _longest_at(text, position + 1) > length:
                continue  # 无人大代表建议 is 无 and 人大代表建议, not 无人
            return Token(kind, word, position, position + length)
    return None


def _longest_at(text: str, position: int) -> int:
    lengths = _first_characters().get(text[position : position + 1], ())
    return next((length for length in lengths if text[position : position + length] in words()), 0)


def _quantity_at(text: str, position: int, numbers: dict[int, Number]) -> Token | None:
    number = numbers.get(position)
    if number is None:
        return None
    if _RANGE.match(text, number.digits_start) or re.search(r"\d[-~]$", text[: number.digits_start]):
        if match := re.compile(r"[\d.,~至到-]+").match(text, number.digits_start):
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
    match = re.compile(r"(余|多)").match(text, number.end)
    if match and unit and text.startswith(unit, match.end()):
        qualifier = qualifier or match[1]
    return Token(QUANTITY, text[position:end], position, end, value, qualifier, unit, is_chinese=number.is_chinese)


def _unit_at(text: str, number: Number) -> tuple[str | None, int]:
    """The unit behind a number and where it ends; no unit is an empty string, ``None`` says that it counts nothing."""
    start = number.end
    best = next((unit for unit in units().ordered if text.startswith(unit, start)), "")
    for word in units().not_counted:
        if len(word) > len(best) and text.startswith(word, start):
            return None, start
    follows = _word_at(text, start) if best else None
    if follows is not None and len(follows.text) > len(best) + 1:
        if number.is_chinese:
            return "", start
        best = best if follows.kind in {"tail", "filler"} else ""
    return best, start + len(best)
