"""Ingests files, folders and archives into an index: only what changed, losing nothing on the way."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files.file_finding import FoundFile, find_files
from ingest.files.reading_processes import ReadingProcesses
from ingest.files.report_reading import read_report
from ingest.ingestion import Ingestion
from ingest.manifest import read_manifest
from ingest.summary import IngestSummary

if TYPE_CHECKING:
    from vectorstore.index import Index

__all__ = ["Progress", "ingest", "read_report"]

Progress = Callable[[str, int, int], None]
"""Called with the stage (``reading`` or ``embedding``), what is done and what there is to do."""


def ingest(
    paths: Iterable[str | Path],
    index: Index,
    *,
    progress: Progress | None = None,
    manifest: str | Path | None = None,
    jobs: int | None = None,
) -> IngestSummary:
    """Bring the index up to the files, folders and archives given.

    Each file that can't be read costs one line of the summary; what was ingested from it before is kept. A file that
    has gone from a folder or archive given is reported, and its report taken out unless another file still holds it.

    Args:
        manifest: A table that says where files came from, and whose reports they are (see ``ingest.manifest``). What
            it says is kept with each file, and holds until another row says otherwise.
        jobs: How many processes read side by side; as many as there are processors by default.

    Raises:
        ReadError: A path is missing, a folder holds no reports, or the manifest is wrong; nothing was changed then.
        IndexBusyError: Another process writes to the index.
        EmbeddingError, ModelMismatchError: Reports are in, and their vectors could not be made.
    """
    tell = progress or (lambda stage, done, total: None)
    found = find_files(paths, index.folder)
    said = read_manifest(Path(manifest)) if manifest is not None else None
    with index.writing() as writer:
        run = Ingestion(index, writer, found, said)
        with ReadingProcesses(jobs or _processors()) as processes:
            _read_all(run, found.files, processes, tell)
            run.take_out_gone()
            if again := run.files_to_read_again():
                _read_all(run, again, processes, lambda stage, done, total: None)
        run.note_unmatched()
        run.summary.embedded = writer.embed(lambda done, total: tell("embedding", done, total))
    replaced = sum(report.superseded_by is not None for report in run.holdings.reports.values())
    run.summary.reports, run.summary.superseded = len(run.holdings.reports) - replaced, replaced
    return run.summary


def _read_all(run: Ingestion, files: list[FoundFile], processes: ReadingProcesses, tell: Progress) -> None:
    tell("reading", 0, len(files))
    for done, (settle, outcome) in enumerate(processes.read(run.steps(files)), 1):
        settle(outcome)
        tell("reading", done, max(done, len(files) + run.members_found))


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
