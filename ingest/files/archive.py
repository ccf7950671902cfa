"""Opens zip archives of reports in memory: nothing is ever written to disk, so that no member can climb out.

An archive comes from anywhere, so everything it says of itself is distrusted: sizes, ratios, names and places are
checked before a byte is unpacked, and while it is unpacked no more is taken than was announced.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import IO

from ingest.files.archive_names import member_names
from ingest.files.file_finding import is_candidate, is_left_out, printable
from ingest.files.formats import ARCHIVE_EXTENSION, LARGEST_ARCHIVE
from ingest.files.readers import extension_of, format_of_name, is_supported, require_size, supported_extensions
from vectorstore.errors import ReadError

_MEGABYTE = 1024 * 1024
DEEPEST = 3
"""An archive in an archive in an archive is still opened."""
MOST_MEMBERS = 100_000
"""Of an archive and those inside it together."""
LARGEST_CONTENTS = 8 * 1024 * _MEGABYTE
"""Bytes that all members together may unpack to, those of archives inside among them."""
LARGEST_INNER = 512 * _MEGABYTE
"""Bytes of an archive inside an archive, which is held in memory."""
# Reports pack three to forty times smaller. A picture of one colour gets near a hundred.
_HIGHEST_RATIO = 200
_RATIO_MATTERS_FROM = 4 * _MEGABYTE
_LONGEST_NAME = 1000
LARGEST_DIRECTORY = 64 * _MEGABYTE
# The record at the end of an archive, the longest comment after it, and the record for large archives before it.
_END_REACH = 22 + 65535 + 20 + 56
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_HEADER = 30
# Names that Windows takes for devices, whatever the extension.
_DEVICES = frozenset(("con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))))
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    OSError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    MemoryError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive.

    Attributes:
        name: ``folder/name.html`` in the archive, and through archives inside: ``inner.zip/name.html``. One line.
        data: Its bytes; ``None`` where it can't be read.
        problem: Why it can't, as what follows its name in a sentence.
    """

    name: str
    data: bytes | None
    problem: str | None = None


@dataclass(slots=True)
class Budget:
    """What one archive may still unpack, shared with the archives inside it.

    Attributes:
        passed_over: Members that are no reports by their extension, counted on the way.
    """

    contents: int = LARGEST_CONTENTS
    members: int = MOST_MEMBERS
    passed_over: int = 0
    seen: set[str] = field(default_factory=set)


def open_archive(path: Path, source: str) -> IO[bytes]:
    """The archive's file, to be given to ``members``.

    Raises:
        ReadError: It is no ordinary file, too large, or cannot be opened.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ReadError(f"{source} is no ordinary file; take it out of the folder.")
        require_size(status.st_size, source, LARGEST_ARCHIVE)
        return path.open("rb")
    except OSError as error:
        raise ReadError(
            f"{source} cannot be opened ({error.strerror or error}); check that it is there and that you may read it."
        ) from error


def members(
    file: IO[bytes], source: str, budget: Budget | None = None, depth: int = 1, only: str | None = None
) -> Iterator[Member]:
    """The members of an archive that may be reports, in the order of their names; each that can't be read with why.

    Args:
        file: Seekable.
        source: How the archive is called in messages.
        only: The name of the one member that is wanted; others aren't unpacked.

    Raises:
        ReadError: The archive as a whole can't be read: it is damaged, a bomb, or holds no reports.
    """
    shared = budget or Budget()
    try:
        _require_small_directory(file, source)
        archive = zipfile.ZipFile(file)
        listed = archive.infolist()
    except _FAULTS as error:
        raise ReadError(
            f"{source} is no zip archive or is damaged ({_one_line(error)}); get the archive anew."
        ) from error
    with archive:
        if any(info.filename == "word/document.xml" for info in listed):
            raise ReadError(f"{source} is a Word document under another extension; call it .docx.")
        _require_harmless(listed, source, shared)
        candidates = 0
        for name, info in sorted(zip(member_names(listed), listed, strict=True), key=lambda named: named[0]):
            if info.is_dir() or name.endswith("/") or _is_left_out(name):
                continue
            if not is_candidate(name):
                shared.passed_over += 1
                continue
            candidates += 1
            shown = printable(name.replace("\\", "/"))
            if only is not None and only != shown and not only.startswith(f"{shown}/"):
                continue
            inside = None if only is None else only.removeprefix(f"{shown}/")
            yield from _member(archive, name, info, source, shared, depth, inside)
        if not candidates:
            raise ReadError(f"{source} holds no reports (files ending in {supported_extensions()}); take it out.")


def _member(
    archive: zipfile.ZipFile,
    name: str,
    info: zipfile.ZipInfo,
    source: str,
    budget: Budget,
    depth: int,
    only: str | None,
) -> Iterator[Member]:
    shown = printable(name.replace("\\", "/"))
    if len(shown) > _LONGEST_NAME:
        yield Member(f"{shown[:100]}…{extension_of(shown)}", None, "has a name too long to be one; give it a shorter")
        return
    problem = _name_problem(name, info)
    key = f"{source}/{shown}"
    if problem is None and key in budget.seen:
        problem = "stands in the archive twice, and only the first is read; keep one of them"
    budget.seen.add(key)
    if problem is not None:
        yield Member(shown.lstrip("/"), None, problem)
        return
    is_archive = extension_of(shown) == ARCHIVE_EXTENSION
    try:
        data = _unpack(archive, info, f"{source}/{shown}", is_archive)
    except ReadError as error:
        yield Member(shown, None, str(error).removeprefix(f"{source}/{shown} ").rstrip("."))
        return
    except _FAULTS as error:
        yield Member(shown, None, f"is damaged in the archive ({_one_line(error)}); get the archive anew")
        return
    if is_archive:
        yield from _inner(data, shown, source, budget, depth, only)
    else:
        yield Member(shown, data)


def _inner(data: bytes, shown: str, source: str, budget: Budget, depth: int, only: str | None) -> Iterator[Member]:
    """The members of an archive inside the archive."""
    inner = f"{source}/{shown}"
    if depth >= DEEPEST:
        yield Member(shown, None, f"is an archive within {DEEPEST} others; unpack it and put it beside them")
        return
    try:
        for member in members(io.BytesIO(data), inner, budget, depth + 1, only):
            yield Member(f"{shown}/{member.name}", member.data, member.problem)
    except ReadError as error:
        yield Member(shown, None, str(error).removeprefix(f"{inner} ").rstrip("."))


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, is_archive: bool) -> bytes:
    """A member's bytes, no more than it may have; ReadError says why not."""
    if not is_archive and not is_supported(name):
        format_of_name(name)
    largest = LARGEST_INNER if is_archive else format_of_name(name).largest
    require_size(info.file_size, name, largest)
    if info.flag_bits & 0x1:
        raise ReadError(f"{name} is encrypted; unpack it with its password and give the file itself.")
    if info.compress_type not in _METHODS:
        raise ReadError(f"{name} is packed in a way that isn't read; unpack it and give the file itself.")
    with archive.open(info) as packed:
        data = packed.read(largest + 1)
    require_size(len(data), name, largest)
    if len(data) != info.file_size:
        raise ReadError(f"{name} is damaged in the archive (its size is wrong); get the archive anew.")
    return data


def _require_small_directory(file: IO[bytes], source: str) -> None:
    """Raise ReadError if the list of members is too long to be loaded: zipfile loads it whole."""
    length = file.seek(0, io.SEEK_END)
    file.seek(max(0, length - _END_REACH))
    end = file.read()
    size = 0
    if (place := end.rfind(b"PK\x05\x06")) >= 0:
        (size,) = struct.unpack_from("<I", end, place + 12)
    if (place := end.rfind(b"PK\x06\x06")) >= 0:
        size = max(size if size != 0xFFFFFFFF else 0, struct.unpack_from("<Q", end, place + 40)[0])
    if size > LARGEST_DIRECTORY:
        raise ReadError(f"{source} lists more members than an archive of reports has; split it.")
    file.seek(0)


def _require_harmless(listed: list[zipfile.ZipInfo], source: str, budget: Budget) -> None:
    """Raise ReadError if the archive announces more than a corpus of reports can be, or shares bytes among members."""
    budget.members -= len(listed)
    if budget.members < 0:
        raise ReadError(f"{source} holds more than {MOST_MEMBERS} members; split it.")
    unpacked = sum(info.file_size for info in listed)
    packed = sum(info.compress_size for info in listed)
    if unpacked > _RATIO_MATTERS_FROM and unpacked > packed * _HIGHEST_RATIO:
        raise ReadError(
            f"{source} would unpack to {unpacked / max(packed, 1):.0f} times its size, as no archive of reports does; "
            "it isn't opened."
        )
    budget.contents -= unpacked
    if budget.contents < 0:
        raise ReadError(f"{source} would unpack to more than {LARGEST_CONTENTS // _MEGABYTE} MB; split it.")
    placed = sorted((info.header_offset, info.compress_size) for info in listed)
    for (start, size), (following, _) in pairwise(placed):
        if following < start + _HEADER + size:
            raise ReadError(f"{source} has members that overlap, as only a zip bomb has; it isn't opened.")


def _name_problem(name: str, info: zipfile.ZipInfo) -> str | None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or (path.parts and path.parts[0].endswith(":")):
        return "has an absolute path in the archive, so it isn't read; pack it again"
    if ".." in path.parts:
        return "has a path that climbs out of the archive, so it isn't read; pack it again"
    # The high half holds the Unix mode where the archive was made on such a system.
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "is a link in the archive, so it isn't read; pack the file itself"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "is a device in the archive, so it isn't read; take it out"
    if any(part.split(".", 1)[0].strip().lower() in _DEVICES for part in path.parts):
        return "has the name of a device, so it isn't read; give it another"
    return None


def _is_left_out(name: str) -> bool:
    return any(is_left_out(part) and part not in (".", "..") for part in name.replace("\\", "/").split("/"))


def _one_line(error: BaseException) -> str:
    return " ".join(f"{error or type(error).__name__}".split())[:200]
