"""What is installed is what is in the repository."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD_TIME = {"vectorstore.data.embedding_build"}
"""Makes the bundled model from a checkout; of no use where Nianbao is installed."""


def test_every_package_of_the_four_folders_is_installed() -> None:
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    there = {
        ".".join(module.parent.relative_to(ROOT).parts)
        for folder in ("assistant", "ingest", "ui", "vectorstore")
        for module in (ROOT / folder).rglob("__init__.py")
    }
    assert set(named) == there - BUILD_TIME
