"""What full-text search looks for: a query's terms without the words of asking, and what the reports call the same.

Both lists are data: ``data/stop_words.txt`` and ``data/synonyms.tsv``.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from vectorstore.folding import fold_text
from vectorstore.terms import terms_of


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
def _synonyms() -> dict[str, tuple[str, ...]]:
    """What is said to what reports write, folded."""
    synonyms: dict[str, tuple[str, ...]] = {}
    for line in _lines("synonyms.tsv"):
        said, _, official = line.partition("\t")
        key = fold_text(said.strip())
        written = tuple(fold_text(word) for word in official.split("、") if word)
        synonyms[key] = tuple(dict.fromkeys(synonyms.get(key, ()) + written))
    return synonyms


@cache
def _synonym_pattern() -> re.Pattern[str]:
    return _pattern(list(_synonyms()))


def synonyms_in(query: str) -> dict[str, tuple[str, ...]]:
    """What is said in a query to what the reports write for it, folded, in the order of the query."""
    return {said: _synonyms()[said] for said in _synonym_pattern().findall(fold_text(query))}


def query_terms(query: str) -> tuple[list[str], list[str]]:
    """The terms of a query, and those of its synonyms that are not among them; each once, in order.

    A query of nothing but stop words keeps them: it is what the asker gave.
    """
    folded = fold_text(query)
    words, characters = _stop_words()
    own = list(dict.fromkeys(term for term in terms_of(words.sub(" ", folded)) if term not in characters))
    own = own or list(dict.fromkeys(terms_of(folded)))
    expansion = [
        term
        for said in _synonym_pattern().findall(folded)
        for written in _synonyms()[said]
        for term in terms_of(written)
    ]
    mine = set(own)
    return own, [term for term in dict.fromkeys(expansion) if term not in mine]
