"""The vocabulary of reports, as tables that someone who doesn't program can correct."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any


def read_lexicon(name: str) -> dict[str, Any]:
    """The table ``name``.toml of this folder, read anew: who uses it keeps what was made of it."""
    return tomllib.loads((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))
