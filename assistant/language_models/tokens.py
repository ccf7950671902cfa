"""Tokens, counted without the network."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from vectorstore.token_vocabulary import open_vocabulary


@cache
def _encode() -> Callable[[str], list[int]]:
    return open_vocabulary("o200k_base")


def count_tokens(text: str) -> int:
    """By tiktoken's o200k_base; another model's own count may differ by half in either direction."""
    return len(_encode()(text))


def cut(text: str, most: int) -> str:
    """The longest beginning of a text that has at most so many tokens, to within a few; with ``…`` where it was cut."""
    if len(text.encode()) <= most or count_tokens(text) <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if count_tokens(text[:middle]) < most:
            low = middle
        else:
            high = middle - 1
    return text[:low] + "…"
