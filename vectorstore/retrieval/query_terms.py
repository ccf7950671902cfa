"""What a query looks for: its terms without the words of asking, and what the reports write for what is said.

The lists are data: ``data/stop_words.txt``; ``data/synonyms.tsv``, which means the same; and two that only help to
find passages, ``data/everyday_terms.tsv`` and ``data/english_terms.tsv``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain

from vectorstore.folding import fold_text
from vectorstore.terms import terms_of

SYNONYMS = "synonyms.tsv"
_FINDING = (SYNONYMS, "everyday_terms.tsv", "english_terms.tsv")


@dataclass(frozen=True, slots=True)
class Concept:
    """Something said that reports write otherwise.

    Attributes:
        said: The terms of the words said.
        written: The terms of each of the ways in which reports write it.
    """

    said: tuple[str, ...]
    written: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """The terms of a query, folded, each once, in order.

    Attributes:
        own: Of its own words.
        concepts: What of it reports write otherwise.
    """

    own: tuple[str, ...]
    concepts: tuple[Concept, ...] = ()

    @property
    def expansion(self) -> tuple[str, ...]:
        """The terms of what reports write, as far as they aren't the query's own."""
        written = (term for concept in self.concepts for way in concept.written for term in way)
        own = set(self.own)
        return tuple(term for term in dict.fromkeys(written) if term not in own)

    @property
    def all(self) -> tuple[str, ...]:
        """Its own terms, then the expansion."""
        return self.own + self.expansion


def _lines(name: str) -> list[str]:
    content = (files("vectorstore.data") / name).read_text(encoding="utf-8")
    return [line.strip() for line in content.splitlines() if line.strip() and not line.startswith("#")]


def _pattern(words: list[str]) -> re.Pattern[str]:
    # The longest first, so that 有没有 isn't read as 有 twice; Latin words only whole.
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(
        "|".join(rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word) for word in ordered)
    )


@cache
def _stop_words() -> tuple[re.Pattern[str], frozenset[str]]:
    """Those cut out of the query, and the single characters, which are only not looked for: 都 is part of 成都."""
    words = [fold_text(line) for line in _lines("stop_words.txt")]
    single = frozenset(word for word in words if len(word) == 1 and not word.isascii())
    return _pattern([word for word in words if word not in single]), single


@cache
def _listed(*names: str) -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """What finds the words said in some lists, and what reports write for each, folded."""
    listed: dict[str, tuple[str, ...]] = {}
    for line in chain.from_iterable(map(_lines, names)):
        said, _, written = line.partition("\t")
        ways = tuple(fold_text(word) for word in written.split("、") if word)
        for word in map(fold_text, said.strip().split("、")):
            listed[word] = tuple(dict.fromkeys(listed.get(word, ()) + ways))
    return _pattern(list(listed)), listed


def synonyms_in(query: str) -> dict[str, tuple[str, ...]]:
    """What is said in a query to what means the same in reports, folded, in the order of the query."""
    return _found_in(query, SYNONYMS)


def _found_in(query: str, *names: str) -> dict[str, tuple[str, ...]]:
    pattern, listed = _listed(*names)
    return {said: listed[said] for said in pattern.findall(fold_text(query))}


def read_query(query: str, *, stop_words: bool = True, characters: bool = True, expanded: bool = True) -> QueryTerms:
    """The terms of a query. One of nothing but stop words keeps them: they are what the asker gave.

    Args:
        stop_words: Whether words of asking are left out.
        characters: Whether single characters of Chinese count as terms beside bigrams.
        expanded: Whether synonyms are looked up.
    """
    folded = fold_text(query)
    words, single = _stop_words()
    own = terms_of(folded)
    if stop_words:
        own = [term for term in terms_of(words.sub(" ", folded)) if term not in single] or own
    concepts: list[Concept] = []
    for said, written in _found_in(folded, *_FINDING).items() if expanded else ():
        ways = tuple(_terms(way, characters) for way in written)
        concepts.append(Concept(tuple(t for t in _terms(said, characters) if t in own), tuple(filter(None, ways))))
    if not characters:
        own = [term for term in own if _is_longer(term)] or own
    return QueryTerms(tuple(dict.fromkeys(own)), tuple(concepts))


def _terms(words: str, characters: bool) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for term in terms_of(words) if characters or _is_longer(term)))


def _is_longer(term: str) -> bool:
    return len(term) > 1 or term.isascii()
