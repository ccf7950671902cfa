"""Files that were added together, on disk: kept in a folder of the index, where their originals can be opened later.

``uploads/<batch>/files/`` holds them by their own names, which is what ingestion is given; ``archives/`` beside it
holds archives until they are unpacked there, ``removed/`` what was taken out of the index again. Each batch has a
folder of its own since ingestion forgets what is gone from a folder that it is given: so none takes out another's.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from ingest.files.file_finding import printable
from ingest.previewing import Preview, Standing
from vectorstore.database import UPLOADS_NAME

_RECORD = "batch.json"
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}")
_LONGEST_NAME = 180
"""Bytes of one name; file systems allow 255, and a number may still be added."""
_MOST_FOLDERS = 12
_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*]')


class FileState(StrEnum):
    """How far the reading of a file is, before anything enters the index."""

    UNPACKING = "unpacking"
    WAITING = "waiting"
    READING = "reading"
    READ = "read"
    FAILED = "failed"


class BatchState(StrEnum):
    """How far a batch is. A batch that the server found ``waiting`` or ``running`` when it started was cut short."""

    OPEN = "open"
    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"
    DONE = "done"
    DISMISSED = "dismissed"


@dataclass(slots=True)
class AddedFile:
    """One file of a batch.

    Attributes:
        number: In its batch, from 1, never given twice.
        name: Its path below ``files/``, with slashes: what it is called in the index.
        entry: What a person said of it, by the manifest's columns.
        is_chosen: As a person said; ``None``: as is usual for what it is.
        problem: Why it can't be read.
        version: Counts its changes, so that a page fetches only what is new.
    """

    number: int
    name: str
    size: int
    state: FileState = FileState.WAITING
    entry: dict[str, str] = field(default_factory=dict)
    is_chosen: bool | None = None
    preview: Preview | None = None
    problem: str | None = None
    digest: str = ""
    version: int = 0

    @property
    def is_taken(self) -> bool:
        """Whether it goes into the index: what can't be read doesn't, and what is there already only if chosen."""
        if self.state in (FileState.FAILED, FileState.UNPACKING):
            return False
        if self.is_chosen is not None:
            return self.is_chosen
        return self.preview is None or self.preview.standing != Standing.SAME or bool(self.entry)


@dataclass(slots=True)
class Batch:
    """Files that were added together.

    Attributes:
        stage, done, total: Of the ingestion.
        problem: Why the ingestion ended early, as a sentence.
        is_refused_as_busy: It never began, since another process was writing to the index.
        summary: What the ingestion did, as ``IngestSummary.as_json`` gives it.
        passed_over: Number of files that are no reports by their names.
        is_cut_short: The server ended while it was being taken in.
    """

    id: str
    folder: Path
    state: BatchState = BatchState.OPEN
    files: dict[int, AddedFile] = field(default_factory=dict)
    passed_over: int = 0
    stage: str = ""
    done: int = 0
    total: int = 0
    problem: str | None = None
    is_refused_as_busy: bool = False
    summary: dict[str, Any] | None = None
    is_cut_short: bool = False
    version: int = 0
    next_number: int = 1

    @property
    def files_folder(self) -> Path:
        return self.folder / "files"

    @property
    def archives_folder(self) -> Path:
        return self.folder / "archives"

    @property
    def removed_folder(self) -> Path:
        return self.folder / "removed"

    @property
    def manifest_path(self) -> Path:
        return self.folder / "manifest.csv"

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files.values())

    @property
    def is_reading(self) -> bool:
        """Whether a file isn't read yet."""
        return any(f.state in (FileState.UNPACKING, FileState.WAITING, FileState.READING) for f in self.files.values())

    def path_of(self, file: AddedFile) -> Path:
        """Where the file's bytes are."""
        home = self.archives_folder if file.state is FileState.UNPACKING else self.files_folder
        return home / file.name

    def add(self, name: str, size: int, state: FileState = FileState.WAITING) -> AddedFile:
        """Note another file."""
        file = AddedFile(self.next_number, name, size, state)
        self.next_number += 1
        self.files[file.number] = file
        self.touch(file)
        return file

    def touch(self, file: AddedFile | None = None) -> None:
        """Count a change of the batch, or of one of its files."""
        self.version += 1
        if file is not None:
            file.version = self.version

    def free_name(self, name: str) -> str:
        """The name, with a number where another file of the batch has it."""
        taken = {file.name.casefold() for file in self.files.values()}
        stem, dot, ending = name.rpartition(".")
        if not dot or "/" in ending:
            stem, ending = name, ""
        candidate, number = name, 2
        while candidate.casefold() in taken or (self.files_folder / candidate).exists():
            candidate = f"{stem} ({number}){dot}{ending}"
            number += 1
        return candidate

    def save(self) -> None:
        """Write down what can't be found out again: what a person said, how far it is. In one step, or not at all."""
        record = {
            "state": self.state,
            "passed_over": self.passed_over,
            "problem": self.problem,
            "is_refused_as_busy": self.is_refused_as_busy,
            "summary": self.summary,
            "files": [
                {"name": f.name, "entry": f.entry, "is_chosen": f.is_chosen, "problem": f.problem}
                for f in self.files.values()
            ],
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        being_written = self.folder / f"{_RECORD}.part"
        being_written.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        being_written.replace(self.folder / _RECORD)

    def delete(self) -> None:
        """Delete its files and all that is known of them."""
        shutil.rmtree(self.folder, ignore_errors=True)


def new_batch(index_folder: Path) -> Batch:
    """An empty batch; its folder comes with its first file."""
    batch_id = f"{datetime.now():%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:8]}"
    return Batch(batch_id, index_folder / UPLOADS_NAME / batch_id)


def kept_batches(index_folder: Path) -> list[Batch]:
    """The batches that earlier runs of the server left, the oldest first; what isn't one is passed by."""
    home = index_folder / UPLOADS_NAME
    if not home.is_dir():
        return []
    return [_read(folder) for folder in sorted(home.iterdir()) if _ID.fullmatch(folder.name) and folder.is_dir()]


def _read(folder: Path) -> Batch:
    """A batch from its record and what is in its folder: a file may have come after the record was written."""
    batch = Batch(folder.name, folder)
    try:
        record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        batch.state = BatchState(record["state"])
        batch.passed_over, batch.problem, batch.summary = record["passed_over"], record["problem"], record["summary"]
        batch.is_refused_as_busy = record.get("is_refused_as_busy") is True
        said = {one["name"]: one for one in record["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        said = {}
    if batch.state in (BatchState.WAITING, BatchState.RUNNING):
        batch.state, batch.is_cut_short = BatchState.STOPPED, True
    for home, state in ((batch.archives_folder, FileState.UNPACKING), (batch.files_folder, FileState.WAITING)):
        for path in _walk(home):
            name = path.relative_to(home).as_posix()
            file = batch.add(name, path.stat().st_size, state)
            known = said.pop(name, {})
            file.entry, file.is_chosen = dict(known.get("entry") or {}), known.get("is_chosen")
    for name, known in said.items():
        if known.get("problem"):
            batch.add(name, 0, FileState.FAILED).problem = known["problem"]
    return batch


def _walk(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink() and p.suffix != ".part")


def safe_name(name: str) -> str:
    """A path as it is kept: relative, without steps up, of names that any file system takes. Empty if nothing is left.

    Anyone can send any name: ``../../x`` is ``x``.
    """
    parts = [_safe_part(part) for part in printable(name.replace("\\", "/")).split("/")]
    kept = [part for part in parts if part]
    return "/".join(kept[-_MOST_FOLDERS:])


def _safe_part(part: str) -> str:
    # Control characters are written as escapes by now, and nothing else here may hold a backslash.
    part = part.replace("\\", "_").strip()
    if os.name == "nt":
        part = _NOT_ON_WINDOWS.sub("_", part).rstrip(". ")
    if not part.strip("."):
        return ""
    stem, dot, ending = part.rpartition(".")
    if not dot or len(ending.encode()) > 10:
        stem, dot, ending = part, "", ""
    while len(f"{stem}{dot}{ending}".encode()) > _LONGEST_NAME:
        stem = stem[:-1]
    return f"{stem}{dot}{ending}"


def is_batch_id(text: object) -> bool:
    """Whether it has the form of a batch's id."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def sweep(batch: Batch) -> None:
    """Delete what unfinished uploads and unpackings left."""
    shutil.rmtree(batch.folder / "unpacking", ignore_errors=True)
    for part in batch.folder.rglob("*.part") if batch.folder.is_dir() else ():
        if time.time() - part.stat().st_mtime > 1:
            part.unlink(missing_ok=True)
