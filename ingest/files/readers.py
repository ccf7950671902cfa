"""Reads a file into a Document with the reader of its format, which its contents tell rather than its name."""

from __future__ import annotations

import stat
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

from ingest.documents import Document
from ingest.files.formats import (
    ARCHIVE_EXTENSION,
    BY_EXTENSION,
    FORMATS,
    HTML,
    MARKDOWN,
    PDF,
    TEXT,
    Foreign,
    Format,
    recognise,
)
from ingest.structure.recognition import require_report
from ingest.text.row_lines import with_row_tables
from vectorstore.errors import NotAReportError, ReadError

Reader = Callable[[bytes, str], Document]

_MEGABYTE = 1024 * 1024
# In bytes: four times the longest real report, and twice the longest paragraph of one.
_LONGEST_PLAIN_TEXT = 128 * 1024
_LONGEST_PARAGRAPH = 8 * 1024


@cache
def reader_of(format_: Format) -> Reader:
    """The format's reader, imported now."""
    module, _, function = format_.reader.partition(":")
    reader: Reader = getattr(import_module(module), function)
    return reader


def is_supported(name: str) -> bool:
    """Whether a file of that name is read, by its extension."""
    return extension_of(name) in BY_EXTENSION


def extension_of(name: str) -> str:
    """The name's last extension in lower case, with the dot; empty where there is none."""
    return Path(name).suffix.lower().strip()


def supported_extensions() -> str:
    """All that is read, as a sentence lists it."""
    return ", ".join([*sorted(extension for format_ in FORMATS for extension in format_.extensions), ARCHIVE_EXTENSION])


def read(path: Path, source: str) -> Document:
    """The Document of a report's file.

    Args:
        source: How the file is called in messages and records: a path relative to what was ingested.

    Raises:
        ReadError: The file is missing, empty, too large, unreadable or of a format that isn't supported.
        NotAReportError: It was read, and is no annual report.
    """
    return read_bytes(load(path, source), source)


def load(path: Path, source: str) -> bytes:
    """The bytes of a file, which is not too large for its format. Raises ReadError as ``read`` does."""
    return load_within(path, source, largest_size(source))


def load_within(path: Path, source: str, largest: int) -> bytes:
    """The bytes of a regular file of at most ``largest`` bytes; ReadError if it isn't one, or cannot be opened."""
    try:
        status = path.stat()
        # Opening a pipe waits for somebody to write to it, and a device may never end.
        if not stat.S_ISREG(status.st_mode):
            raise ReadError(f"{source} is no ordinary file; take it out of the folder.")
        require_size(status.st_size, source, largest)
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ReadError(
            f"{source} cannot be opened ({reason}); check that it is there and that you may read it."
        ) from error
    require_size(len(data), source, largest)
    return data


def require_size(size: int, source: str, largest: int) -> None:
    """Raise ReadError if a file has more bytes than it may."""
    if size > largest:
        raise ReadError(
            f"{source} has {size / _MEGABYTE:.1f} MB, and files like it are read up to {largest // _MEGABYTE} MB; "
            "split it or take it out."
        )


def read_bytes(data: bytes, source: str) -> Document:
    """As ``read``, for bytes that are already loaded."""
    format_ = format_of(data, source)
    require_size(len(data), source, format_.largest)
    document = with_row_tables(reader_of(format_)(data, source))
    try:
        require_report(document)
    except NotAReportError:
        named = BY_EXTENSION.get(extension_of(source), format_)
        if format_ is TEXT and named not in (TEXT, MARKDOWN, HTML):
            raise ReadError(
                f"{source} isn't {named.name} though it is called so, and what it holds is no annual report; get the "
                "file anew."
            ) from None
        raise
    return document


def format_of_name(name: str) -> Format:
    """The format that a file's extension says; ReadError if it is none that is read."""
    extension = extension_of(name)
    format_ = BY_EXTENSION.get(extension)
    if format_ is None:
        raise ReadError(
            f"{name} has a format that isn't read ({extension or 'no extension'}); "
            f"supported are {supported_extensions()}."
        )
    return format_


def format_of(data: bytes, source: str) -> Format:
    """The format that a file's contents have, whatever its extension says.

    Raises:
        ReadError: The contents are of a kind that isn't read, or tell nothing and the extension is none that is read.
    """
    found = recognise(data)
    if isinstance(found, Foreign):
        raise ReadError(f"{source} is {found.advice}.")
    if found is not None:
        return found
    named = format_of_name(source)
    if named in (TEXT, MARKDOWN, HTML):
        return named
    if not data.strip(b"\0 \t\r\n"):
        raise ReadError(f"{source} is empty; put the report into it or take the file away.")
    if b"\0" in data:
        raise ReadError(
            f"{source} isn't {named.name} though it is called so, or its beginning is missing; get the file anew."
        )
    # Web pages save plain text under the name of a Word file now and then.
    return TEXT


def is_plain_text(data: bytes, source: str) -> bool:
    """Whether a file is a text such as reports are, so that nothing in it can keep its reader busy for long.

    It is called a text, has the length of one, and lines that can be paragraphs.
    """
    return (
        BY_EXTENSION.get(extension_of(source)) in (TEXT, MARKDOWN)
        and len(data) <= _LONGEST_PLAIN_TEXT
        and recognise(data) is None
        and max(map(len, data.splitlines()), default=0) <= _LONGEST_PARAGRAPH
    )


def largest_size(name: str) -> int:
    """The most bytes that a file of that name may have."""
    return BY_EXTENSION.get(extension_of(name), TEXT).largest


def time_limit(name: str, size: int) -> float:
    """Seconds that reading a file of that name and so many bytes may take.

    By the name, since a process has to be given its time before anything looks into the file.
    """
    return BY_EXTENSION.get(extension_of(name), PDF).time_limit(size)
