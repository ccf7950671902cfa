"""The version of the reading code: a digest of what decides how a file is read, so that nobody forgets to raise it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_CODE = (".py", ".toml", ".tsv", ".json", ".txt")
# What reading uses of the other package. Its storing and searching parts change without any file being read anew.
_USED = (
    "body_names.py",
    "catalogue.py",
    "data",
    "folding.py",
    "numerals.py",
    "places.py",
    "records.py",
    "resolution.py",
    "sentences.py",
)


@cache
def reader_version() -> str:
    """Twelve hex digits that change with the reading code and its lexicons."""
    digest = hashlib.sha256()
    parts = [files("ingest"), *(files("vectorstore") / name for name in _USED)]
    for part in parts:
        for name, content in _contents(part):
            digest.update(name.encode("utf-8") + b"\0" + content + b"\0")
    return digest.hexdigest()[:12]


def _contents(part: Traversable) -> Iterator[tuple[str, bytes]]:
    if part.is_file():
        if part.name.endswith(_CODE):
            yield part.name, part.read_bytes()
    elif part.is_dir() and part.name != "__pycache__":
        for child in sorted(part.iterdir(), key=lambda child: child.name):
            yield from _contents(child)
