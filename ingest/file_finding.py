"""Finds the files to ingest: in folders recursively, in a fixed order, each with the name it is called by."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ingest.readers import READERS, is_supported
from vectorstore.errors import ReadError

INDEX_FOLDER = "nianbao-index"
"""The default name of an index folder, which holds no reports."""

# A file of these formats may well be a report, so that it isn't read has to be said; any other is passed over.
_REPORT_LIKE = frozenset((".pdf", ".doc", ".docx", ".wps", ".odt", ".rtf", ".htm", ".html", ".mht", ".mhtml", ".zip"))


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read.

    Attributes:
        path: Absolute: the key under which it is remembered.
        source: Relative to the folder that was given; the name of a file that was given itself.
    """

    path: Path
    source: str


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
        if path.is_dir():
            _add_folder(path.resolve(), index_folder.resolve(), found, seen)
        elif path.exists():
            _add(FoundFile(path.resolve(), path.name), found, seen)
        else:
            raise ReadError(f"There is no file or folder {path}; check the path.")
    return found


def _add(file: FoundFile, found: FoundFiles, seen: set[Path]) -> None:
    if file.path not in seen:
        seen.add(file.path)
        found.files.append(file)


def _add_folder(folder: Path, index_folder: Path, found: FoundFiles, seen: set[Path]) -> None:
    found.folders.append(folder)
    candidates = 0
    for path in sorted(_walk(folder, index_folder, found.unlisted)):
        if is_supported(path) or path.suffix.lower() in _REPORT_LIKE:
            candidates += 1
            _add(FoundFile(path, path.relative_to(folder).as_posix()), found, seen)
        else:
            found.passed_over += 1
    if not candidates:
        reason = found.unlisted.get(folder)
        if reason:
            raise ReadError(f"The folder {folder} cannot be listed ({reason}); check that you may read it.")
        raise ReadError(
            f"The folder {folder} holds no reports (files ending in {', '.join(sorted(READERS))}); "
            "name the folder that they are in."
        )


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
        names[:] = sorted(name for name in names if not name.startswith(".") and name != INDEX_FOLDER)
        yield from (here / name for name in files if not name.startswith((".", "~$")))
