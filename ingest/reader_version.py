"""The version of the reading code: a digest of what decides how a file is read, so that nobody forgets to raise it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from ingest.pictures.optical_recognition import is_available

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


# What only moves files about. Everything else in the folder may change what is read of one.
_NOT_READING = frozenset(
    (
        "archive.py",
        "archive_names.py",
        "file_finding.py",
        "ingestion.py",
        "joining.py",
        "manifest.py",
        "manifest_columns.toml",
        "pipeline.py",
        "previewing.py",
        "process_context.py",
        "reading_processes.py",
        "summary.py",
    )
)


def reader_version(tools: Iterable[str] = ()) -> str:
    """Twelve hex digits that change with the reading code and its lexicons, and the tools that are there.

    Args:
        tools: Those that a format depends on: once ``ocr`` or ``office`` is installed, its files are read again.
    """
    return "+".join((_code_version(), *(tool for tool in tools if _is_installed(tool))))


@cache
def _is_installed(tool: str) -> bool:
    if tool == "office":
        return any(shutil.which(name) for name in ("soffice", "libreoffice"))
    return is_available()


@cache
def _code_version() -> str:
    digest = hashlib.sha256()
    parts = [files("ingest"), *(files("vectorstore") / name for name in _USED)]
    for part in parts:
        for name, content in _contents(part):
            digest.update(name.encode("utf-8") + b"\0" + content + b"\0")
    return digest.hexdigest()[:12]


def _contents(part: Traversable) -> Iterator[tuple[str, bytes]]:
    if part.is_file():
        if part.name.endswith(_CODE) and part.name not in _NOT_READING:
            yield part.name, part.read_bytes()
    elif part.is_dir() and part.name != "__pycache__":
        for child in sorted(part.iterdir(), key=lambda child: child.name):
            yield from _contents(child)
