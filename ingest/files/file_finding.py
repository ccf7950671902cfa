"""Finds the files to ingest: in folders recursively, in a fixed order, each with the name it is called by."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ingest.files.formats import ARCHIVE_EXTENSION, BY_EXTENSION, HTML, KNOWN_UNREAD
from ingest.files.readers import extension_of, supported_extensions
from vectorstore.errors import ReadError

INDEX_FOLDER = "nianbao-index"
"""The default name of an index folder, which holds no reports."""

# The folders that macOS and others leave in archives and on disks, which hold no reports of their own.
_LEFT_BEHIND = frozenset(("__MACOSX", "$RECYCLE.BIN", INDEX_FOLDER))
_SPACES = "\N{IDEOGRAPHIC SPACE}\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read.

    Attributes:
        path: Absolute.
        source: Relative to the folder that was given; the name of a file that was given itself. One line.
    """

    path: Path
    source: str

    @property
    def key(self) -> str:
        """The absolute path as it can be kept and shown."""
        return printable(self.path.as_posix())

    @property
    def is_archive(self) -> bool:
        """Whether the file is called an archive of reports."""
        return extension_of(self.source) == ARCHIVE_EXTENSION


@dataclass(slots=True)
class FoundFiles:
    """What there is to ingest.

    Attributes:
        files: Without repetitions, in the order given, folders sorted by path.
        folders: The folders given, absolute.
        unlisted: Folders that could not be listed, each with the reason; what they held before must not count as gone.
        passed_over: Number of files that are no reports by their extension.
    """

    files: list[FoundFile] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    unlisted: dict[Path, str] = field(default_factory=dict)
    passed_over: int = 0


def find_files(paths: Iterable[str | Path], index_folder: Path) -> FoundFiles:
    """All files to ingest. Hidden files and folders, index folders, and links that lead round are left out.

    Raises:
        ReadError: A path is missing, a folder holds no file that could be a report, or no path is given.
    """
    found = FoundFiles()
    seen: set[Path] = set()
    given = [Path(path).expanduser() for path in paths]
    if not given:
        raise ReadError("Nothing was given to ingest; name a file or a folder with reports.")
    for path in given:
        try:
            is_folder, exists = path.is_dir(), path.exists()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise ReadError(f"{printable(str(path))} cannot be opened ({reason}); check the path.") from error
        if is_folder:
            _add_folder(path.resolve(), index_folder.resolve(), found, seen)
        elif exists:
            _add(FoundFile(path.resolve(), printable(path.name)), found, seen)
        else:
            raise ReadError(f"There is no file or folder {printable(str(path))}; check the path.")
    return found


def printable(path: str) -> str:
    """A path as one line of characters that can be kept and shown.

    Bytes that are no UTF-8, which Python carries as lone surrogates, are read as GB18030 where they make up Chinese;
    control characters, line breaks among them, are written as escapes.
    """
    return "/".join(_printable_name(name) for name in path.split("/"))


def _printable_name(name: str) -> str:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        data = name.encode("utf-8", "surrogateescape")
        try:
            name = data.decode("gb18030")
        except UnicodeDecodeError:
            name = data.decode("utf-8", "backslashreplace")
    if name.isprintable():
        return name
    return "".join(c if c.isprintable() or c in _SPACES else c.encode("unicode_escape").decode("ascii") for c in name)


def is_left_out(name: str) -> bool:
    """Whether a file or folder of that name is no report of anybody's: hidden, a lock, left behind by a system."""
    return name.startswith((".", "~$")) or name in _LEFT_BEHIND


def is_candidate(name: str) -> bool:
    """Whether a file may well be a report, so that it has to be said if it can't be read."""
    extension = extension_of(name)
    return extension in BY_EXTENSION or extension in KNOWN_UNREAD or extension == ARCHIVE_EXTENSION


def _add(file: FoundFile, found: FoundFiles, seen: set[Path]) -> None:
    if file.path not in seen:
        seen.add(file.path)
        found.files.append(file)


def _add_folder(folder: Path, index_folder: Path, found: FoundFiles, seen: set[Path]) -> None:
    found.folders.append(folder)
    candidates = 0
    for path in sorted(_walk(folder, index_folder, found.unlisted)):
        if is_candidate(path.name):
            candidates += 1
            _add(FoundFile(path, printable(path.relative_to(folder).as_posix())), found, seen)
        else:
            found.passed_over += 1
    if not candidates:
        reason = found.unlisted.get(folder)
        if reason:
            raise ReadError(f"The folder {folder} cannot be listed ({reason}); check that you may read it.")
        raise ReadError(
            f"The folder {folder} holds no reports (files ending in {supported_extensions()}); "
            "name the folder that they are in."
        )


def _is_of_page(name: str, files: Collection[str]) -> bool:
    """Whether a folder holds the pictures of a web page beside it, as browsers save them."""
    stem, separator, ending = name.rpartition("_" if name.endswith("_files") else ".")
    return bool(separator) and ending == "files" and any(f"{stem}{e}" in files for e in HTML.extensions)


def _walk(folder: Path, index_folder: Path, unlisted: dict[Path, str]) -> Iterator[Path]:
    def note(error: OSError) -> None:
        unlisted[Path(error.filename or folder)] = error.strerror or str(error)

    visited: set[str] = set()
    for root, names, files in os.walk(folder, onerror=note, followlinks=True):
        here = Path(root)
        real = os.path.realpath(root)
        if real in visited or Path(real) == index_folder:
            names.clear()
            continue
        visited.add(real)
        names[:] = sorted(name for name in names if not is_left_out(name) and not _is_of_page(name, files))
        yield from (here / name for name in files if not is_left_out(name))
