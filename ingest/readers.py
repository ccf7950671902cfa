"""Reads a file into a Document with the reader of its format.

A new format is one module with a function ``(data, source) -> Document`` and one line in ``READERS``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest.documents import Document
from ingest.flattened_text import read_flattened_text
from ingest.recognition import require_report
from vectorstore.errors import ReadError

LARGEST_FILE = 20 * 1024 * 1024
"""In bytes. The largest real reports, with pictures, stay well below it."""

READERS: dict[str, Callable[[bytes, str], Document]] = {
    ".txt": read_flattened_text,
    ".md": read_flattened_text,
}
"""The reader of each file name extension, in lower case. HTML, Word, PDF and pictures register here."""

# What other formats begin with, so that a file under a wrong extension is named for what it is.
_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a zip archive or an Office file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "an RTF file"),
)


def is_supported(path: Path) -> bool:
    """Whether the file's extension is one that a reader is registered for."""
    return path.suffix.lower() in READERS


def read(path: Path, source: str) -> Document:
    """The Document of a report's file.

    Args:
        source: How the file is called in messages and records: a path relative to what was ingested.

    Raises:
        ReadError: The file is missing, empty, too large, unreadable or of a format that isn't supported.
        NotAReportError: It could be read, and is no annual report.
    """
    return read_bytes(load(path, source), source)


def load(path: Path, source: str) -> bytes:
    """The bytes of a file of a supported format. Raises ReadError as ``read`` does."""
    _reader(source, path.suffix)
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise ReadError(
                f"{source} has {size / 1024 / 1024:.1f} MB, and files up to {LARGEST_FILE // 1024 // 1024} MB are "
                "read; split it or take it out."
            )
        return path.read_bytes()
    except OSError as error:
        raise ReadError(
            f"{source} cannot be opened ({error.strerror or error}); check that it is there and that you may read it."
        ) from error


def read_bytes(data: bytes, source: str) -> Document:
    """As ``read``, for bytes that are already loaded; the extension of ``source`` names the format."""
    reader = _reader(source, Path(source).suffix)
    for signature, name in _SIGNATURES:
        if reader is read_flattened_text and data.startswith(signature):
            raise ReadError(f"{source} is {name} under another extension; {_supported()}.")
    document = reader(data, source)
    require_report(document)
    return document


def _reader(source: str, suffix: str) -> Callable[[bytes, str], Document]:
    reader = READERS.get(suffix.lower())
    if reader is None:
        raise ReadError(f"{source} has a format that isn't read ({suffix or 'no extension'}); {_supported()}.")
    return reader


def _supported() -> str:
    return f"supported are {', '.join(sorted(READERS))}"
