"""Limits of what a zip package (a Word file, an archive of reports) may unpack to, checked before anything of it is.

A few kilobytes can declare gigabytes. The declared sizes bound the real ones, because zipfile gives no more bytes of
an entry than its header declares.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from vectorstore.errors import ReadError

LARGEST_ENTRY = 100 * 1024 * 1024
"""In bytes, unpacked. The text of the longest reports has one or two megabytes, a scanned page ten."""
LARGEST_PACKAGE = 400 * 1024 * 1024
"""In bytes: all entries of a package unpacked."""
MOST_ENTRIES = 20_000
HIGHEST_RATIO = 100
"""Unpacked to packed size of an entry. Only asked of large entries: a table of zeros packs better than this."""
_LARGE = 10 * 1024 * 1024


def check_package(data: bytes, source: str) -> None:
    """Look at a package's directory, without unpacking anything.

    Raises:
        ReadError: It is damaged, protected with a password, or would unpack to more than the limits.
    """
    entries = open_package(data, source).infolist()
    if len(entries) > MOST_ENTRIES:
        raise ReadError(f"{source} holds {len(entries)} files, and packages up to {MOST_ENTRIES} are read; split it.")
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise ReadError(f"{source} is protected with a password; save it without one.")
        is_bomb = entry.file_size > _LARGE and entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1)
        if is_bomb or entry.file_size > LARGEST_ENTRY:
            raise _too_large(source, entry.file_size)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > LARGEST_PACKAGE:
        raise _too_large(source, unpacked)


def open_package(data: bytes, source: str) -> zipfile.ZipFile:
    """The package, unchecked. Raises ReadError if it isn't one, or its directory is damaged."""
    try:
        return zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, OverflowError) as error:
        raise _damaged(source) from error


def read_entry(package: zipfile.ZipFile, entry: zipfile.ZipInfo, source: str) -> bytes:
    """The bytes of an entry. Raises ReadError if they are damaged or packed in a way that isn't known."""
    try:
        return package.read(entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _damaged(source) from error


def _too_large(source: str, size: int) -> ReadError:
    return ReadError(
        f"{source} would unpack to {size / 1024 / 1024:.0f} MB, far more than a report holds; it isn't unpacked. "
        "Save the report again from the program that made it."
    )


def _damaged(source: str) -> ReadError:
    return ReadError(f"{source} is damaged or incomplete; fetch it again, or open it in Word and save it as .docx.")
