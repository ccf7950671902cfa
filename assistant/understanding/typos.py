"""Typos in a question: words that nobody knows and that are nearly a word of the vocabulary or a name of the index.

Whatever is corrected is told, and a word that is right as it stands is never turned into another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.understanding.lexicon import Lexicon
from assistant.understanding.linking import Linker
from assistant.understanding.spelling import LONGEST_WORD, Spelling, latin_typo

if TYPE_CHECKING:
    from assistant.understanding.reading import QuestionReading, Unknown

_HAN = re.compile(r"[一-鿿]")
_REACH = 4


@dataclass(frozen=True, slots=True)
class Correction:
    """A stretch of the folded question that is taken for a typo, and what it is read as."""

    start: int
    end: int
    typed: str
    read: str


def find_typos(reading: QuestionReading, lexicon: Lexicon, linker: Linker) -> list[Correction]:
    """The typos among the words of a question that nobody knows, in order, not overlapping."""
    found: list[Correction] = []
    for stretch in reading.unknown:
        if any(stretch.text in quoted for quoted in reading.quoted):
            continue
        if stretch.text.isascii():
            word = latin_typo(stretch.text, lexicon.latin_words, linker.latin_words)
            if word:
                found.append(Correction(stretch.start, stretch.end, stretch.text, word))
        else:
            found += _chinese_typos(reading, stretch, (lexicon.spelling, linker.spelling))
    kept: list[Correction] = []
    for correction in sorted(found, key=lambda c: c.start):
        if not kept or correction.start >= kept[-1].end:
            kept.append(correction)
    return kept


def _chinese_typos(reading: QuestionReading, stretch: Unknown, spellings: Sequence[Spelling]) -> Iterator[Correction]:
    """Typos in an unknown stretch, read together with what is around it."""
    start, end = _with_neighbours(reading, stretch)
    position = start
    while position < end - 1:
        correction = _typo_at(reading, stretch, spellings, position, end)
        if correction:
            yield correction
            position = correction.end
        else:
            position += 1


def _typo_at(
    reading: QuestionReading, stretch: Unknown, spellings: Sequence[Spelling], position: int, end: int
) -> Correction | None:
    for stop in range(min(end, position + LONGEST_WORD), position + 1, -1):
        if stop <= stretch.start or position >= stretch.end:
            continue
        piece = reading.text[position:stop]
        if any(piece in spelling for spelling in spellings):
            continue
        for spelling in spellings:
            word = spelling.nearest(piece)
            if word and _leaves_right_words(reading, position, stop, word):
                return Correction(position, stop, piece, word)
    return None


def _leaves_right_words(reading: QuestionReading, start: int, end: int, word: str) -> bool:
    """A word that is right as it stands is part of a typo only if it stays: 申请 in 来申请的是哪 isn't 谁申请的."""
    return all(
        reading.text[tag.start : tag.end] in word
        for tag in reading.tags
        if tag.end - tag.start >= 2 and tag.start < end and start < tag.end
    )


def _with_neighbours(reading: QuestionReading, stretch: Unknown) -> tuple[int, int]:
    """The characters around a stretch that may belong to the word that was meant: 收|道|申请, 经济开|发|曲."""
    free = [bool(_HAN.match(character)) for character in reading.text]
    for first, last in reading.scope_spans():
        free[first:last] = [False] * (last - first)
    start, end = stretch.start, stretch.end
    while start > max(0, stretch.start - _REACH) and free[start - 1]:
        start -= 1
    while end < min(len(free), stretch.end + _REACH) and free[end]:
        end += 1
    return start, end
