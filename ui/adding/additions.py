"""Adding reports in the background: files arrive, are read and shown, and go into the index when a person says so.

All of it is kept on the server, so that a page can be left and come back to. One batch at a time is open for more
files; batches that are taken in wait for one another. Reading and asking go on meanwhile.
"""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from ui.adding.arrivals import (
    LARGEST_BATCH,
    MOST_FILES,
    Arrival,
    largest_upload,
    name_of,
    require_disk,
    require_room,
)
from ui.adding.batches import Batch, BatchState, FileState, is_batch_id, kept_batches, new_batch, sweep
from ui.adding.reading import BatchReading, said_of
from ui.adding.taking_in import take_in
from ui.errors import SaidError
from vectorstore.database import UPLOADS_NAME
from vectorstore.errors import ReadError

if TYPE_CHECKING:
    from ui.texts import Texts
    from vectorstore.index import Index

logger = logging.getLogger(__name__)


def processes_beside_asking() -> int:
    """How many processes read: one processor stays free for those who ask."""
    return max(1, (os.cpu_count() or 2) - 1)


class Additions:
    """What is being added to one index. Its methods may be called from any thread."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lock = threading.RLock()
        self._reading: threading.Thread | None = None
        self._taking: threading.Thread | None = None
        self._stop = threading.Event()
        self._gone = 0
        self.batches: dict[str, Batch] = {batch.id: batch for batch in kept_batches(index.folder)}
        for batch in self.batches.values():
            sweep(batch)
        self._keep_reading()

    @property
    def version(self) -> int:
        """Changes whenever anything here does."""
        with self._lock:
            return self._gone + sum(batch.version for batch in self.batches.values())

    @property
    def is_busy(self) -> bool:
        """Whether something goes on in the background."""
        with self._lock:
            return self._reading is not None or self._taking is not None

    @property
    def is_taking_in(self) -> bool:
        """Whether reports are being written into the index."""
        with self._lock:
            return self._taking is not None

    @property
    def open_batch(self) -> Batch | None:
        """The batch that more files can be added to."""
        with self._lock:
            return next((b for b in self.batches.values() if b.state is BatchState.OPEN and b.files), None)

    def jobs(self) -> list[Batch]:
        """The batches that were told to go in, the latest first."""
        with self._lock:
            passed = (BatchState.OPEN, BatchState.DISMISSED)
            return [batch for batch in reversed(self.batches.values()) if batch.state not in passed]

    def batch(self, batch_id: object) -> Batch:
        """The batch of that id; SaidError if there is none."""
        with self._lock:
            found = self.batches.get(batch_id) if is_batch_id(batch_id) and isinstance(batch_id, str) else None
        if found is None:
            raise SaidError("adding.gone_batch")
        return found

    # Files come.

    def arrive(self, sent: str, size: int, words: Texts) -> Arrival | None:
        """Begin to receive a file; ``None`` if it isn't worth receiving.

        Raises:
            ReadError: It can't be added; the sentence is in the language of ``words``.
        """
        with self._lock:
            batch = self._batch_to_fill()
            name = name_of(sent, words)
            if name is None:
                batch.passed_over += 1
                batch.touch()
                return None
            if len(batch.files) >= MOST_FILES:
                raise ReadError(words("adding.too_many", most=MOST_FILES))
            require_room(words, name, size, largest_upload(name), LARGEST_BATCH - batch.size)
            require_disk(words, self._index.folder, size)
        return Arrival(batch, name, words, lambda *arrived: self._arrived(batch, *arrived))

    def _batch_to_fill(self) -> Batch:
        for batch in self.batches.values():
            if batch.state is BatchState.OPEN:
                return batch
        made = new_batch(self._index.folder)
        self.batches[made.id] = made
        return made

    def _arrived(self, batch: Batch, path: Path, name: str, size: int, digest: str) -> int:
        with self._lock:
            twin = next((f for f in batch.files.values() if f.digest == digest and f.name == name), None)
            if twin is not None or batch.state is not BatchState.OPEN:
                path.unlink(missing_ok=True)
                return twin.number if twin is not None else 0
            is_archive = name.lower().endswith(".zip")
            state = FileState.UNPACKING if is_archive else FileState.WAITING
            file = batch.add(batch.free_name(name), size, state)
            file.digest = digest
            place = batch.path_of(file)
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)
            if len(batch.files) == 1:
                batch.save()
            self._keep_reading()
            return file.number

    # They are read.

    def _keep_reading(self) -> None:
        with self._lock:
            waiting = any(b.state is BatchState.OPEN and b.is_reading for b in self.batches.values())
            if waiting and self._reading is None:
                self._reading = threading.Thread(target=self._read, name="nianbao-reading", daemon=True)
                self._reading.start()

    def _read(self) -> None:
        while (batch := self._batch_to_read()) is not None:
            reading = BatchReading(batch, self._index, self._lock)
            try:
                reading.run(processes_beside_asking())
            except Exception:
                logger.exception("Reading what was added failed")
                reading.give_up()

    def _batch_to_read(self) -> Batch | None:
        with self._lock:
            found = next((b for b in self.batches.values() if b.state is BatchState.OPEN and b.is_reading), None)
            if found is None:
                self._reading = None
            return found

    # A person says what becomes of them.

    def choose(self, batch_id: object, numbers: list[int] | None, is_chosen: bool) -> None:
        """Take files in or leave them out; ``None``: all that can be read."""
        with self._lock:
            batch = self._require_open(batch_id)
            for number, file in batch.files.items():
                if numbers is None or number in numbers:
                    file.is_chosen = is_chosen
                    batch.touch(file)
            batch.save()

    def correct(self, batch_id: object, numbers: list[int], said: dict[str, str]) -> None:
        """Say whose reports files are, as a manifest would, before they go in; they are read again with that.

        Raises:
            ReadError: A year, date, kind or address is none.
        """
        with self._lock:
            batch = self._require_open(batch_id)
            files = [file for file in map(batch.files.get, numbers) if file is not None]
            files = [file for file in files if file.state not in (FileState.FAILED, FileState.UNPACKING)]
            entries = [{c: words for c, words in {**file.entry, **said}.items() if words} for file in files]
            for file, entry in zip(files, entries, strict=True):
                said_of(file.name, entry)
            for file, entry in zip(files, entries, strict=True):
                file.entry, file.state = entry, FileState.WAITING
                batch.touch(file)
            batch.save()
            self._keep_reading()

    def discard(self, batch_id: object) -> None:
        """Throw a batch away: open, its files are deleted; else only its line, and its files stay."""
        with self._lock:
            batch = self.batch(batch_id)
            if batch.state in (BatchState.WAITING, BatchState.RUNNING):
                raise SaidError("adding.stop_first")
            was_open, batch.state = batch.state is BatchState.OPEN, BatchState.DISMISSED
            batch.touch()
            if was_open:
                self._gone += batch.version
                del self.batches[batch.id]
                batch.delete()
            else:
                batch.save()

    def take_in(self, batch_id: object, words: Texts) -> None:
        """Put the chosen files into the index, when it is their turn. Also goes on with what was stopped or failed.

        Raises:
            ReadError: None is chosen.
        """
        with self._lock:
            batch = self.batch(batch_id)
            if batch.state in (BatchState.WAITING, BatchState.RUNNING):
                return
            if batch.state is BatchState.OPEN and not any(file.is_taken for file in batch.files.values()):
                raise ReadError(words("adding.none_chosen"))
            if any(file.state is FileState.UNPACKING for file in batch.files.values()):
                raise ReadError(words("adding.still_unpacking"))
            if batch.state is BatchState.OPEN:
                for file in [file for file in batch.files.values() if not file.is_taken]:
                    batch.path_of(file).unlink(missing_ok=True)
                    del batch.files[file.number]
            batch.state, batch.problem, batch.is_cut_short, batch.summary = BatchState.WAITING, None, False, None
            batch.is_refused_as_busy = False
            batch.stage, batch.done, batch.total = "", 0, len(batch.files)
            batch.touch()
            batch.save()
            self._keep_taking()

    def take_in_filled(self, batch: Batch, words: Texts) -> None:
        """Put a batch that was filled elsewhere into the index, when it is its turn.

        Raises:
            ReadError: It holds no file that can be taken in.
        """
        with self._lock:
            self.batches[batch.id] = batch
            try:
                self.take_in(batch.id, words)
            except ReadError:
                del self.batches[batch.id]
                raise

    def stop(self, batch_id: object) -> None:
        """Stop taking a batch in: what is in stays in, and it can be gone on with."""
        with self._lock:
            batch = self.batch(batch_id)
            if batch.state is BatchState.RUNNING:
                self._stop.set()
            elif batch.state is BatchState.WAITING:
                batch.state = BatchState.STOPPED
                batch.touch()
                batch.save()

    def _keep_taking(self) -> None:
        if self._taking is None:
            self._taking = threading.Thread(target=self._take, name="nianbao-taking-in", daemon=True)
            self._taking.start()

    def _take(self) -> None:
        while (batch := self._batch_to_take()) is not None:
            take_in(batch, self._index, self._lock, self._stop, processes_beside_asking())

    def _batch_to_take(self) -> Batch | None:
        with self._lock:
            found = next((b for b in self.batches.values() if b.state is BatchState.WAITING), None)
            if found is None:
                self._taking = None
                return None
            self._stop.clear()
            found.state = BatchState.RUNNING
            found.touch()
            return found

    def _require_open(self, batch_id: object) -> Batch:
        batch = self.batch(batch_id)
        if batch.state is not BatchState.OPEN:
            raise SaidError("adding.taken_already")
        return batch

    # What is in goes out, and comes back.

    def uploaded(self, path: str) -> tuple[Path, Path] | None:
        """The batch's folder and the place in it of a file that was added here; ``None`` if it wasn't."""
        home = (self._index.folder / UPLOADS_NAME).resolve()
        try:
            parts = Path(path).relative_to(home).parts
        except ValueError:
            return None
        if len(parts) < 3 or parts[1] != "files" or not is_batch_id(parts[0]):
            return None
        return home / parts[0], Path(*parts[2:])

    def restore(self, batch_id: object, words: Texts) -> None:
        """Put back what was taken out of the index from a batch, and take it in again."""
        with self._lock:
            found = {batch.id: batch for batch in kept_batches(self._index.folder)}
            batch = found.get(str(batch_id)) if is_batch_id(batch_id) else None
            if batch is None:
                raise ReadError(words("adding.nothing_to_restore"))
            for path in [p for p in batch.removed_folder.rglob("*") if p.is_file()]:
                place = batch.files_folder / path.relative_to(batch.removed_folder)
                place.parent.mkdir(parents=True, exist_ok=True)
                path.replace(place)
            batch = {b.id: b for b in kept_batches(self._index.folder)}[batch.id]
            batch.state = BatchState.STOPPED
            self.batches[batch.id] = batch
            self.take_in(batch.id, words)

    def wait(self, seconds: float) -> bool:
        """Wait until nothing goes on any more; whether that came about. For those who close the server, and tests."""
        for thread in (self._reading, self._taking):
            if thread is not None:
                thread.join(seconds)
        return not self.is_busy
