"""tiktoken's vocabularies without the network: llama-index-core carries them."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

_CACHE_VARIABLE = "TIKTOKEN_CACHE_DIR"


def _carried_vocabulary() -> Path | None:
    # llama_index is a namespace package: asking for its places doesn't import llama_index.core, which takes seconds.
    spec = find_spec("llama_index")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "core" / "_static" / "tiktoken_cache"
        if folder.is_dir():
            return folder
    return None


def open_vocabulary(name: Literal["cl100k_base", "o200k_base"]) -> Callable[[str], list[int]]:
    """What turns a text into its tokens; special tokens count as the characters that they are."""
    import tiktoken

    kept = os.environ.get(_CACHE_VARIABLE)
    carried = _carried_vocabulary()
    if kept is None and carried is not None:
        os.environ[_CACHE_VARIABLE] = str(carried)
    try:
        return tiktoken.get_encoding(name).encode_ordinary
    finally:
        if kept is None:
            os.environ.pop(_CACHE_VARIABLE, None)
