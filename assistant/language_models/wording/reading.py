"""A model's sentence about figures taken apart: names, years, numbers, claims, markers and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.answering.citations import MARKER
from assistant.language_models.wording.quantities import Quantity, quantity_at, year_at
from assistant.language_models.wording.vocabulary import Phrases
from assistant.plan import Language
from vectorstore.folding import fold_one_to_one

Sort = Literal[
    "body",
    "label",
    "metric",
    "claim",
    "word",
    "year",
    "number",
    "marker",
    "break",
    "join",
    "quote",
    "unknown",
]

_OPENING, _CLOSING = "“「『", "”」』"
_BREAKS = "，,；;：:。.!！?？（）()→÷×=/"
_JOINS = frozenset({"和", "与", "及", "以及", "、", "跟", "同", "and", "or", "&", ","})
_NO_METRIC: frozenset[str] = frozenset()


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """What stands in quotation marks, with them; the outermost where a quote holds another."""
    spans: list[tuple[int, int]] = []
    depth, start = 0, 0
    for at, character in enumerate(text):
        if character in _OPENING:
            start, depth = (start if depth else at), depth + 1
        elif character in _CLOSING and depth:
            depth -= 1
            if not depth:
                spans.append((start, at + 1))
    straight = [at for at, character in enumerate(text) if character == '"' and not any(s <= at < e for s, e in spans)]
    spans += [(first, last + 1) for first, last in zip(straight[::2], straight[1::2], strict=False)]
    return sorted(spans)


def without_quotes(text: str, instead: str = " ") -> str:
    """A text without what stands in quotation marks."""
    for start, end in reversed(quoted_spans(text)):
        text = text[:start] + instead + text[end:]
    return text


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a sentence.

    Attributes:
        values: As in `Meaning`.
        year: Of a year.
        number: Of a number.
        marker: Of a marker.
    """

    sort: Sort
    text: str
    start: int
    end: int
    values: frozenset[str] = _NO_METRIC
    year: int | None = None
    number: Quantity | None = None
    marker: int | None = None


@dataclass(frozen=True)
class Reading:
    """The tokens of a sentence, in order; white space is none."""

    text: str
    tokens: Sequence[Token] = field(default_factory=tuple)

    def of(self, *sorts: Sort) -> Iterator[Token]:
        """The tokens of some sorts."""
        return (token for token in self.tokens if token.sort in sorts)

    @property
    def markers(self) -> list[int]:
        """The numbers of its citations, each once, in order."""
        return list(dict.fromkeys(token.marker for token in self.of("marker") if token.marker is not None))


def read(sentence: str, phrases: Phrases, language: Language) -> Reading:
    """A sentence taken apart: at each position the longest that is known; what isn't is ``unknown``."""
    folded = fold_one_to_one(sentence)
    quotes = dict(quoted_spans(sentence))
    tokens: list[Token] = []
    position = 0
    while position < len(folded):
        token = _token(sentence, folded, position, phrases, language, quotes)
        if token is None:
            position += 1
            continue
        last = tokens[-1] if tokens else None
        if token.sort == "unknown" and last is not None and last.sort == "unknown" and last.end == token.start:
            tokens[-1] = Token("unknown", last.text + token.text, last.start, token.end)
        else:
            tokens.append(token)
        position = token.end
    return Reading(sentence, tuple(tokens))


def _token(
    sentence: str, folded: str, position: int, phrases: Phrases, language: Language, quotes: dict[int, int]
) -> Token | None:
    character = folded[position]
    if position in quotes:
        return Token("quote", sentence[position : quotes[position]], position, quotes[position])
    if character.isspace():
        return None
    marker = MARKER.match(sentence, position)
    if marker is not None:
        return Token("marker", marker[0], position, marker.end(), marker=int(marker[1]))
    return _word(sentence, folded, position, phrases, language)


def _word(sentence: str, folded: str, position: int, phrases: Phrases, language: Language) -> Token:
    character = folded[position]
    found = phrases.at(folded, position)
    year = year_at(folded, position, language)
    number = None if year else quantity_at(folded, position, language)
    numeric_end = year[0] if year else number.end if number else position
    if found is not None and found[0] >= numeric_end and not (number and number.end == found[0]):
        end, meanings = found
        # A name goes before a metric, and that before a claim or a mere word.
        order = ("body", "label", "metric", "claim", "word")
        meaning = min(meanings, key=lambda one: order.index(one.sort))
        sort: Sort = "join" if sentence[position:end] in _JOINS else meaning.sort
        return Token(sort, sentence[position:end], position, end, meaning.values)
    if year is not None:
        return Token("year", sentence[position : year[0]], position, year[0], year=year[1])
    if number is not None:
        return Token("number", sentence[position : number.end], position, number.end, number=number)
    if character in "、&":
        return Token("join", character, position, position + 1)
    if character in _BREAKS:
        return Token("break", character, position, position + 1)
    if character == "第":
        return Token("word", character, position, position + 1)
    end = position + 1
    if character.isascii() and character.isalpha():
        word = re.match(r"[a-z'’-]+", folded[position:])
        end = position + (word.end() if word else 1)
    elif not character.isalnum() and character in "—–-~·'\"*":
        return Token("break", character, position, position + 1)
    return Token("unknown", sentence[position:end], position, end)
