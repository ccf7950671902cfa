"""Takes a batch into the index, as ``nianbao ingest`` would its folder, and notes how far it is."""

from __future__ import annotations

import csv
import logging
from threading import Event, RLock
from typing import TYPE_CHECKING

from ingest.pipeline import ingest
from ui.adding.batches import Batch, BatchState
from vectorstore.errors import IndexBusyError, NianbaoError

if TYPE_CHECKING:
    from vectorstore.index import Index

logger = logging.getLogger(__name__)

COLUMNS = ("body", "kind", "region", "year", "url", "retrieved_on")


class _StoppedError(Exception):
    """A person stopped it."""


def take_in(batch: Batch, index: Index, lock: RLock, stop: Event, processes: int) -> None:
    """Ingest a batch's files, to the end or to where it is stopped; raises nothing, the batch says how it ended."""

    def tell(stage: str, done: int, total: int) -> None:
        with lock:
            batch.stage, batch.done, batch.total = stage, done, total
            batch.touch()
        if stop.is_set():
            raise _StoppedError

    state, problem, summary, is_busy = BatchState.DONE, None, None, False
    try:
        manifest = batch.manifest_path if _write_manifest(batch) else None
        done = ingest([batch.files_folder], index, progress=tell, manifest=manifest, jobs=processes)
        summary = done.as_json()
    except _StoppedError:
        state = BatchState.STOPPED
        problem = _finish(index) if batch.stage == "reading" else None
    except NianbaoError as error:
        state, problem, is_busy = BatchState.FAILED, str(error), isinstance(error, IndexBusyError)
    except Exception:
        logger.exception("Taking in what was added failed")
        state, problem = BatchState.FAILED, ""
    with lock:
        batch.state, batch.problem, batch.summary = state, problem, summary
        batch.is_refused_as_busy = is_busy
        batch.touch()
        batch.save()


def _finish(index: Index) -> str | None:
    """Make the vectors of what is in, so that it is found; why not, where that fails."""
    try:
        with index.writing() as writer:
            writer.embed()
    except NianbaoError as error:
        return str(error)
    return None


def _write_manifest(batch: Batch) -> bool:
    """Write what a person said of the files as a manifest beside them, which is kept; false if nothing was said."""
    rows = [file for file in batch.files.values() if file.entry]
    if not rows:
        return batch.manifest_path.is_file()
    with batch.manifest_path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("path", *COLUMNS))
        for row in sorted(rows, key=lambda row: row.name):
            table.writerow((f"files/{row.name}", *(row.entry.get(column, "") for column in COLUMNS)))
    return True
