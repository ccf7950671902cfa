"""Reads the files of a batch before they enter the index, in the processes that ingestion reads with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from threading import RLock
from typing import TYPE_CHECKING

from ingest.files.archive import Budget, members, open_archive
from ingest.files.readers import is_plain_text, largest_size, load_within, time_limit
from ingest.files.reading_processes import Outcome, ReadingProcesses, ReadingTask
from ingest.manifest import ManifestEntry, entry_of
from ingest.previewing import preview
from ui.adding.arrivals import MOST_FILES
from ui.adding.batches import AddedFile, Batch, BatchState, FileState, safe_name
from vectorstore.errors import ReadError

if TYPE_CHECKING:
    from vectorstore.index import Index

_UNPACKED = 2 * 1024**3
"""Bytes that one archive may unpack to here, where its members lie on disk."""


def said_of(name: str, entry: Mapping[str, str]) -> ManifestEntry | None:
    """What a person said of a file, as the manifest's entry; ReadError where it is no year, date, kind or address."""
    if not entry:
        return None
    try:
        return entry_of({"path": name, **entry})
    except ValueError as error:
        raise ReadError(f"{error}.") from None


class BatchReading:
    """One round over what isn't read yet of a batch: archives are unpacked, then each file is read and compared.

    Args:
        lock: Held while the batch changes.
    """

    def __init__(self, batch: Batch, index: Index, lock: RLock) -> None:
        self._batch, self._index, self._lock = batch, index, lock

    def run(self, processes: int) -> None:
        """Do it. What one file does harms no other."""
        for file in self._in(FileState.UNPACKING):
            self._unpack(file)
        with ReadingProcesses(processes) as reading:
            for file, outcome in reading.read(self._steps()):
                if self._batch.state is not BatchState.OPEN:
                    return
                if outcome is not None:
                    self._settle(file, outcome)

    def give_up(self) -> None:
        """After an unexpected error: what was being read counts as failed, so that the rest can go on."""
        begun = self._in(FileState.READING) or self._in(FileState.UNPACKING) or self._in(FileState.WAITING)
        for file in begun:
            self._fail(file, f"{file.name} can't be read for a reason that wasn't foreseen; the program's log has it.")

    def _in(self, state: FileState) -> list[AddedFile]:
        with self._lock:
            return [file for file in self._batch.files.values() if file.state is state]

    def _steps(self) -> Iterator[tuple[AddedFile, ReadingTask | None]]:
        for file in self._in(FileState.READING) + self._in(FileState.WAITING):
            with self._lock:
                if self._batch.state is not BatchState.OPEN:
                    return
                file.state = FileState.READING
                self._batch.touch(file)
            try:
                entry = said_of(file.name, file.entry)
                data = load_within(self._batch.path_of(file), file.name, largest_size(file.name))
            except ReadError as error:
                self._fail(file, str(error))
                yield file, None
                continue
            is_light = is_plain_text(data, file.name)
            yield file, ReadingTask(data, file.name, entry, time_limit(file.name, len(data)), is_light)

    def _settle(self, file: AddedFile, outcome: Outcome) -> None:
        if isinstance(outcome, ReadError):
            self._fail(file, str(outcome))
            return
        found = preview(outcome, self._index)
        with self._lock:
            # A person may have corrected it meanwhile: then it is read again.
            if file.state is FileState.READING:
                file.state, file.preview, file.problem = FileState.READ, found, None
                self._batch.touch(file)

    def _fail(self, file: AddedFile, problem: str) -> None:
        with self._lock:
            file.state, file.problem, file.preview = FileState.FAILED, problem, None
            self._batch.touch(file)

    def _unpack(self, file: AddedFile) -> None:
        """Put an archive's members in its place, as files of their own under its name."""
        archive, home = self._batch.path_of(file), self._batch.files_folder / file.name
        being_unpacked = self._batch.folder / "unpacking"
        shutil.rmtree(being_unpacked, ignore_errors=True)
        unpacked: list[tuple[str, int, str | None]] = []
        budget = Budget(contents=_UNPACKED, members=MOST_FILES)
        try:
            with open_archive(archive, file.name) as opened:
                for member in members(opened, file.name, budget):
                    name = safe_name(member.name) or "?"
                    if member.data is None:
                        unpacked.append((name, 0, f"{file.name}/{member.name} {member.problem}."))
                        continue
                    place = being_unpacked / name
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_bytes(member.data)
                    unpacked.append((name, len(member.data), None))
        except ReadError as error:
            self._fail(file, str(error))
            return
        except OSError as error:
            self._fail(file, f"{file.name} cannot be unpacked here ({error.strerror or error}).")
            return
        with self._lock:
            shutil.rmtree(home, ignore_errors=True)
            if being_unpacked.is_dir():
                home.parent.mkdir(parents=True, exist_ok=True)
                being_unpacked.replace(home)
            del self._batch.files[file.number]
            self._batch.passed_over += budget.passed_over
            for name, size, problem in unpacked:
                added = self._batch.add(f"{file.name}/{name}", size)
                if problem is not None:
                    self._fail(added, problem)
            self._batch.touch()
            self._batch.save()
            archive.unlink(missing_ok=True)
