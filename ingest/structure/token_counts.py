"""Counts tokens as tiktoken's cl100k_base does, without the network: llama-index-core carries the vocabulary."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

from vectorstore.token_vocabulary import open_vocabulary

_RECURRING = 1000


@cache
def _encode() -> Callable[[str], list[int]]:
    return open_vocabulary("cl100k_base")


def count_tokens(text: str) -> int:
    """The number of cl100k_base tokens of a text; special tokens count as the characters that they are."""
    # Headings and rows of the form are the same in many reports, and a passage is counted before it is known to end.
    return _recurring_count(text) if len(text) <= _RECURRING else len(_encode()(text))


@lru_cache(maxsize=4096)
def _recurring_count(text: str) -> int:
    return len(_encode()(text))


def most_tokens(text: str) -> int:
    """As many tokens as a text can have at most, known at once: none is shorter than a byte."""
    return len(text.encode("utf-8"))
