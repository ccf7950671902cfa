"""The terms of a text: what full-text search and the bundled embedding model both count.

A run of Han characters gives its characters and its bigrams; a run of digits or of Latin letters is one term. Words
would need a dictionary that knows every township and zone; measured, characters with bigrams find more than words do.
"""

from __future__ import annotations

import re

from vectorstore.folding import fold_text

TERMS_VERSION = "1"
"""Recorded in the index: entries of the full-text index can only be taken out with the terms they went in with."""

_RUN = re.compile(r"[㐀-䶿一-鿿豈-﫿〇]+|[0-9]+(?:\.[0-9]+)?|[a-zà-ÿ]+")


def terms_of(text: str) -> list[str]:
    """The terms in the order of the text: of each Han run first its characters, then its bigrams."""
    terms: list[str] = []
    for run in _RUN.findall(fold_text(text)):
        if run[0] < "\u3000":
            terms.append(run)
            continue
        terms.extend(run)
        terms.extend(run[i : i + 2] for i in range(len(run) - 1))
    return terms


def expand(text: str) -> str:
    """The terms joined by spaces, as the full-text index and the bundled model's tokenizer read them."""
    return " ".join(terms_of(text))
