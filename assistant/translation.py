"""What English words are called in the reports, by the synonyms that search uses too."""

from __future__ import annotations

import re

from vectorstore.query_terms import synonyms_in
from vectorstore.terms import fold_text

_HAN = re.compile("[一-鿿]")


def is_chinese(words: str) -> bool:
    """Whether words hold Chinese at all: an English question shares no characters with a report."""
    return _HAN.search(words) is not None


def translated(words: str) -> dict[str, tuple[str, ...]]:
    """The words that have Chinese counterparts, each with all of them, in order; empty for a Chinese question."""
    if is_chinese(words):
        return {}
    return {said: written for said, written in synonyms_in(words).items() if said.isascii()}


def untranslated(words: str) -> bool:
    """Whether some of the words have no counterpart, so that the reports can't be looked through for them."""
    rest = fold_text(words)
    for said in translated(words):
        rest = rest.replace(said, " ")
    return bool(re.search(r"[a-z]{3,}", rest))
