"""What English words are called in the reports: by the synonyms that search uses, a word list, and place names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from assistant.lexicons import read_lexicon
from vectorstore.folding import fold_text
from vectorstore.places import gazetteer
from vectorstore.retrieval.query_terms import synonyms_in

_HAN = re.compile("[一-鿿]")
_WORD = re.compile(r"[a-z][a-z'’-]*")
_HAN_FIRST, _HAN_LAST = 0x4E00, 0x9FA5
_SYLLABLES_AT_MOST = 4


def _lexicon() -> dict[str, Any]:
    return read_lexicon("translation")


@cache
def _listed() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """The listed words, the longest first, also in the plural."""
    listed = {said: tuple(map(fold_text, written)) for said, written in _lexicon()["words"].items()}
    listed = {f"{said}s": written for said, written in listed.items()} | listed
    ordered = sorted(listed, key=len, reverse=True)
    return re.compile("|".join(rf"(?<![a-z]){re.escape(said)}(?![a-z])" for said in ordered)), listed


def is_chinese(words: str) -> bool:
    """Whether words hold Chinese at all: an English question shares no characters with a report."""
    return _HAN.search(words) is not None


def is_mostly_latin(words: str) -> bool:
    """Whether a question is an English one, even if it quotes Chinese: experience officers (公开体验员)."""
    return len(re.findall("[A-Za-z]", words)) > len(_HAN.findall(words))


def translated(words: str) -> dict[str, tuple[str, ...]]:
    """The words that have Chinese counterparts, each with all of them, in order; empty for a Chinese question.

    Words for sorts of bodies are left out: the plan's scope holds them.
    """
    if is_chinese(words):
        return {}
    pattern, listed = _listed()
    folded = fold_text(words)
    found: list[tuple[int, int, str, tuple[str, ...]]] = [
        (m.start(), m.end(), m[0], listed[m[0]]) for m in pattern.finditer(folded)
    ]
    for said, written in synonyms_in(words).items():
        if said.isascii():
            at = folded.find(said)
            found.append((at, at + len(said), said, written))
    chosen: dict[str, tuple[str, ...]] = {}
    of_scope = frozenset(_lexicon()["scope"]["words"])
    end = -1
    # The longer of two that overlap; both counterparts where a word stands in both lists.
    for start, stop, said, written in sorted(found, key=lambda f: (f[0], f[0] - f[1])):
        if said in of_scope:
            end = max(end, stop)
        elif said in chosen:
            chosen[said] = tuple(dict.fromkeys((*chosen[said], *written)))
        elif start >= end:
            chosen[said], end = written, stop
    return chosen


def without_counterpart(words: str) -> list[str]:
    """The words of an English question that neither list knows, without those that say nothing of what is asked."""
    rest = fold_text(words)
    for said in translated(words):
        rest = rest.replace(said, " ")
    empty = frozenset(_lexicon()["empty"]["words"])
    return [word for word in _WORD.findall(rest) if word.removesuffix("'s") not in empty and len(word) > 1]


def place_names(word: str) -> tuple[str, ...]:
    """The Chinese short names of the places that go by a name in Latin letters: Huai'an; empty for no place."""
    name = word.replace("’", "'")
    paths = gazetteer().expand(name) or gazetteer().expand(name.removesuffix("'s"))
    names = (gazetteer().place(path) for path in paths)
    return tuple(dict.fromkeys(place.short_name for place in names))


def spelt(word: str) -> re.Pattern[str] | None:
    """Chinese words that are spelt so in pinyin, as a pattern: Boao finds 博鳌; ``None`` for what is no pinyin.

    For proper names only: an English word may be spelt like a Chinese one.
    """
    letters = re.sub(r"[^a-z]", "", word.lower())
    readings = _characters_by_syllable()
    ways = [way for way in _syllables(letters, frozenset(readings)) if 2 <= len(way) <= _SYLLABLES_AT_MOST]
    if not ways:
        return None
    return re.compile("|".join("".join(f"[{readings[syllable]}]" for syllable in way) for way in ways))


def _syllables(letters: str, known: frozenset[str]) -> list[Sequence[str]]:
    if not letters:
        return [()]
    return [
        (letters[:length], *rest)
        for length in range(1, min(6, len(letters)) + 1)
        if letters[:length] in known
        for rest in _syllables(letters[length:], known)
    ]


@cache
def _characters_by_syllable() -> dict[str, str]:
    """The characters that are read so, by the syllable without its tone."""
    import unicodedata

    from pypinyin.constants import PINYIN_DICT  # a quarter of a second to load: only an unknown Latin name pays for it

    found: dict[str, list[str]] = {}
    for code, readings in PINYIN_DICT.items():
        if _HAN_FIRST <= code <= _HAN_LAST:
            plain = unicodedata.normalize("NFD", readings)
            for syllable in {re.sub("[^a-z]", "", reading) for reading in plain.split(",")}:
                found.setdefault(syllable, []).append(chr(code))
    return {syllable: "".join(characters) for syllable, characters in found.items() if syllable}
