"""The file that a report was read from, as it was: found again where the index says, and never another one."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ingest.files.archive import members, open_archive
from ingest.files.file_finding import printable
from ingest.files.formats import ARCHIVE_EXTENSION
from ingest.files.readers import extension_of, largest_size, load_within
from vectorstore.errors import OriginalChangedError, OriginalGoneError, ReadError
from vectorstore.records import SourceFile


def original_name(source: SourceFile) -> str:
    """The file's own name, without the folders and archives that it is in."""
    return (source.source or source.path).rpartition("/")[2]


def read_original(source: SourceFile) -> bytes:
    """The bytes of a file, or of an archive's member, that the index records.

    Raises:
        OriginalGoneError: It isn't there any more, or can't be opened.
        OriginalChangedError: Its bytes are others than those that were read.
    """
    name = original_name(source)
    path = _where(source.path)
    try:
        data = load_within(path, name, largest_size(name)) if path.is_file() else _read_member(path, name)
    except (ReadError, OSError, ValueError) as error:
        raise OriginalGoneError(f"{name} isn't where it was read any more; put it back, or ingest it anew.") from error
    if hashlib.sha256(data).hexdigest() != source.digest:
        raise OriginalChangedError(f"{name} was changed after it was read; ingest it anew.")
    return data


def _where(recorded: str) -> Path:
    """The path of a file as its system has it: the index holds what can't be seen in a name written out."""
    path = Path(recorded)
    if "\\" not in recorded or path.is_file():
        return path
    found = Path(path.anchor)
    for name in path.parts[len(found.parts) :]:
        inner = found / name
        if not inner.exists() and found.is_dir():
            inner = next((own for own in found.iterdir() if printable(own.name) == name), inner)
        found = inner
    return found


def _read_member(path: Path, name: str) -> bytes:
    """The bytes of a member that is known by its archive's path and its own; ReadError where there is none."""
    archive = next((p for p in path.parents if extension_of(p.name) == ARCHIVE_EXTENSION and p.is_file()), None)
    if archive is None:
        raise ReadError(f"{name} isn't there.")
    member = path.relative_to(archive).as_posix()
    with open_archive(archive, archive.name) as opened:
        for found in members(opened, archive.name, only=member):
            if found.name == member and found.data is not None:
                return found.data
    raise ReadError(f"{name} isn't in its archive.")
