"""Counts tokens as tiktoken's cl100k_base does, without the network: llama-index-core carries the vocabulary."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

_CACHE_VARIABLE = "TIKTOKEN_CACHE_DIR"
_RECURRING = 1000


def _carried_vocabulary() -> Path | None:
    # llama_index is a namespace package: asking for its places doesn't import llama_index.core, which takes seconds.
    spec = find_spec("llama_index")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "core" / "_static" / "tiktoken_cache"
        if folder.is_dir():
            return folder
    return None


@cache
def _encode() -> Callable[[str], list[int]]:
    import tiktoken

    kept = os.environ.get(_CACHE_VARIABLE)
    carried = _carried_vocabulary()
    if kept is None and carried is not None:
        os.environ[_CACHE_VARIABLE] = str(carried)
    try:
        return tiktoken.get_encoding("cl100k_base").encode_ordinary
    finally:
        if kept is None:
            os.environ.pop(_CACHE_VARIABLE, None)


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
