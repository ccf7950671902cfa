"""The vocabulary of questions and answers, as tables that someone who doesn't program can correct."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_lexicon(name: str) -> dict[str, Any]:
    """The table ``name``.toml of this folder, read once per process. Callers must not change it."""
    return tomllib.loads((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))
