"""Reports of a folder, read by the real pipeline into an index that is kept until a report or its reading changes."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from ingest.pipeline import ingest
from ingest.reader_version import reader_version
from vectorstore import full_text, schema, terms
from vectorstore.database import DATABASE_NAME
from vectorstore.embedding import load_embedding
from vectorstore.index import Index
from vectorstore.records import Passage, Report
from vectorstore.vectors import passage_heading

CACHE = Path(tempfile.gettempdir()) / "nianbao-benchmarks"


@dataclass(frozen=True)
class Corpus:
    """An open index with what benchmarks ask of it besides searching. A context manager: it closes the index."""

    index: Index
    folder: Path
    _texts: dict[str, str] = field(default_factory=dict)
    _passages: dict[str, list[Passage]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.index.close()

    @cached_property
    def reports(self) -> dict[str, Report]:
        """By the name of the file."""
        return {Path(source).name: report for report in self.index.reports() for source in report.sources}

    @cached_property
    def file_of(self) -> dict[str, str]:
        """The name of the file by report id."""
        return {report.report_id: file for file, report in self.reports.items()}

    def text(self, file: str) -> str:
        """The canonical text of a file's report."""
        if file not in self._texts:
            self._texts[file] = self.index.text(self.reports[file].report_id)
        return self._texts[file]

    def passages(self, file: str) -> list[Passage]:
        """The passages of a file's report."""
        if file not in self._passages:
            self._passages[file] = self.index.passages(self.reports[file].report_id)
        return self._passages[file]

    def headed_passages(self) -> list[tuple[str, str]]:
        """Of every passage its id and its text under body, year and section: what every system searches."""
        return [
            (passage.passage_id, f"{passage_heading(report.body, report.year, passage.section)}\n{passage.text}")
            for report in self.index.reports()
            for passage in self.index.passages(report.report_id)
        ]


def open_corpus(reports: Path, *, cache: Path = CACHE, embedding: Path | None = None) -> Corpus:
    """The reports of a folder in an index; made, or taken from the cache.

    Args:
        embedding: The folder of a model other than the bundled one.

    Raises:
        RuntimeError: A report couldn't be read.
    """
    files = sorted(path for path in reports.iterdir() if path.is_file() and not path.name.startswith("."))
    fingerprint = load_embedding(embedding).fingerprint
    key = content_key([fingerprint, *(f"{path.name}:{_digest(path)}" for path in files)])

    def fill(index: Index) -> None:
        ingest_all([reports], index)

    folder = made_once(cache / f"reports-{key}", fill, embedding)
    return Corpus(Index.open(folder), folder)


def ingest_all(paths: Iterable[Path], index: Index) -> None:
    """Ingest, and fail where one file fails: a benchmark over fewer reports than it names would measure another thing.

    Raises:
        RuntimeError: A file couldn't be read.
    """
    summary = ingest(list(paths), index)
    if summary.problems:
        raise RuntimeError(f"{len(summary.problems)} reports could not be read: {summary.problems[0]}")


def made_once(
    folder: Path, fill: Callable[[Index], None], embedding: Path | None = None, start_from: Path | None = None
) -> Path:
    """The folder of an index that ``fill`` filled, now or before; what fails half made is thrown away.

    Args:
        embedding: The folder of a model other than the bundled one.
        start_from: An index of which a copy is filled, instead of an empty one.
    """
    if folder.is_dir():
        return folder
    # A name of its own for each process: two that make the same index at once must not fill one folder.
    unfinished = folder.with_name(f"{folder.name}.unfinished-{os.getpid()}")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    if start_from is not None:
        shutil.copytree(start_from, unfinished)
    try:
        with Index.open(unfinished, create=True, embedding=None if embedding is None else str(embedding)) as index:
            fill(index)
        with suppress(OSError):  # another process was first, with the same content
            unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def count_passages(folder: Path) -> int:
    """How many passages the index in a folder holds."""
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM passages").fetchone()
        return int(count)


def content_key(parts: Iterable[str]) -> str:
    """Sixteen hex digits of what goes into an index and of the code that lays it out."""
    digest = hashlib.sha256(reader_version().encode())
    for module in (full_text, schema, terms):
        digest.update(_digest(Path(str(module.__file__))).encode())
    for part in parts:
        digest.update(part.encode())
    return digest.hexdigest()[:16]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
