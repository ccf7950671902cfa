"""Ingests files and folders into an index: only what changed, one report at a time, losing nothing on the way.

A file is known by its absolute path. It is read again if its size or time changed and its bytes did too, or if the
reading code changed. A report goes in before the report that it replaces goes out, and a file is remembered last, so
that an interruption at any point is made good by the next run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.file_finding import FoundFile, FoundFiles, find_files
from ingest.reader_version import reader_version
from ingest.readers import load, read_bytes
from ingest.summary import Failure, IngestSummary
from ingest.understanding import understand
from vectorstore.errors import ReadError
from vectorstore.records import Report, ReportContents, SourceFile

if TYPE_CHECKING:
    from vectorstore.index import Index
    from vectorstore.writer import Writer

Progress = Callable[[str, int, int], None]
"""Called with the stage (``reading`` or ``embedding``), what is done and what there is to do."""


def ingest(paths: Iterable[str | Path], index: Index, *, progress: Progress | None = None) -> IngestSummary:
    """Bring the index up to the files and folders given.

    Each file that can't be read costs one line of the summary; what was ingested from it before is kept. A file that
    has gone from a folder given is reported, and its report taken out unless another file still holds it.

    Raises:
        ReadError: A path is missing or a folder holds no reports; nothing was changed then.
        IndexBusyError: Another process writes to the index.
        EmbeddingError, ModelMismatchError: Reports are in, and their vectors could not be made.
    """
    report_progress = progress or (lambda stage, done, total: None)
    found = find_files(paths, index.folder)
    with index.writing() as writer:
        run = _Run(index, writer, found)
        for number, file in enumerate(found.files):
            report_progress("reading", number, len(found.files))
            run.take(file)
        report_progress("reading", len(found.files), len(found.files))
        run.take_out_gone()
        run.summary.embedded = writer.embed(lambda done, total: report_progress("embedding", done, total))
    run.summary.reports = len(run.reports)
    return run.summary


def read_report(data: bytes, source: str) -> ReportContents:
    """Everything that a file's bytes say as a report. Pure, so that reports can be read side by side.

    Raises:
        ReadError: It can't be read; the message is one line.
    """
    document = read_bytes(data, source)
    try:
        return understand(document)
    except Exception as error:
        # Whatever a strange file sets off in the understanding of it, the other files must still go in.
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise ReadError(
            f"{source} could not be understood ({reason[:200]}); please report it with the file."
        ) from error


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What tells at a glance whether a file changed."""

    size: int
    modified_ns: int


class _Run:
    """One ingestion: what is known from before, and what becomes of each file."""

    def __init__(self, index: Index, writer: Writer, found: FoundFiles) -> None:
        self.summary = IngestSummary(passed_over=found.passed_over)
        self.reports: dict[str, Report] = {report.report_id: report for report in index.reports()}
        self._writer = writer
        self._found = found
        self._known = {source.path: source for source in index.sources()}
        self._version = reader_version()
        for folder, reason in found.unlisted.items():
            self._fail(str(folder), f"The folder {folder} cannot be listed ({reason}); check that you may read it.")

    def take(self, file: FoundFile) -> None:
        """Ingest one file unless it is as it was."""
        known = self._known.get(str(file.path))
        try:
            stat = file.path.stat()
            stamp = _Stamp(stat.st_size, stat.st_mtime_ns)
        except OSError:
            stamp = _Stamp(0, 0)
        if known is not None and _Stamp(known.size, known.modified_ns) == stamp and self._is_current(known):
            self._note_unchanged(file, known)
            return
        digest = ""
        try:
            data = load(file.path, file.source)
            digest = hashlib.sha256(data).hexdigest()
            if known is not None and known.digest == digest and self._is_current(known):
                self._remember(replace(known, size=stamp.size, modified_ns=stamp.modified_ns))
                self._note_unchanged(file, known)
                return
            report_id = self._keep(file, data)
        except ReadError as error:
            self._note_failure(file, known, stamp, digest, str(error))
            return
        (self.summary.new if known is None or known.report_id is None else self.summary.changed).append(file.source)
        self._remember(SourceFile(str(file.path), stamp.size, stamp.modified_ns, digest, self._version, report_id))
        if known is not None and known.report_id not in (None, report_id):
            self._release(known.report_id, str(file.path))

    def take_out_gone(self) -> None:
        """Forget the files that are no longer in the folders given, and their reports."""
        present = {str(file.path) for file in self._found.files}
        for path in sorted(self._known.keys() - present):
            if not self._is_within(Path(path)):
                continue
            known = self._known.pop(path)
            folder = next(f for f in self._found.folders if Path(path).is_relative_to(f))
            self.summary.removed.append(Path(path).relative_to(folder).as_posix())
            if known.report_id is not None:
                self._release(known.report_id, path)
            self._writer.forget_source(path)

    def _is_within(self, path: Path) -> bool:
        listed = any(path.is_relative_to(folder) for folder in self._found.folders)
        # A linked folder's files are known by where they really are, so absence has to be seen at that place too.
        return listed and not path.exists() and not any(path.is_relative_to(f) for f in self._found.unlisted)

    def _is_current(self, known: SourceFile) -> bool:
        is_kept = known.report_id is None or known.report_id in self.reports
        return known.reader_version == self._version and is_kept

    def _keep(self, file: FoundFile, data: bytes) -> str:
        """Put the file's report into the index, joined with the other files that hold the same one."""
        contents = read_report(data, file.source)
        report_id = contents.report.report_id
        others = self._other_sources(report_id, str(file.path))
        if others:
            former = self.reports[report_id].sources
            sources = tuple(dict.fromkeys((*(s for s in former if s in others or s == file.source), file.source)))
            if sources[0] != file.source:
                # The first file's path may have decided on the region; a second one must not change what is known.
                contents = read_report(data, sources[0])
            contents = replace(contents, report=replace(contents.report, sources=sources))
            self.summary.duplicates[file.source] = report_id
        self._put(contents)
        return report_id

    def _put(self, contents: ReportContents) -> None:
        try:
            self._writer.put(contents)
        except ValueError as error:
            raise ReadError(f"{contents.report.source} could not be kept ({error}); please report it.") from error
        self.reports[contents.report.report_id] = contents.report

    def _other_sources(self, report_id: str, path: str) -> list[str]:
        """The names under which other files hold the report, in the order in which they were found."""
        holders = [key for key, known in self._known.items() if known.report_id == report_id and key != path]
        report = self.reports.get(report_id)
        if report is None or not holders:
            return []
        return [source for source in report.sources if any(_is_named(holder, source) for holder in holders)]

    def _release(self, report_id: str, path: str) -> None:
        """Take the report out, or only this file from its sources if others hold it."""
        others = self._other_sources(report_id, path)
        if not others:
            self._writer.remove(report_id)
            self.reports.pop(report_id, None)
            return
        holder = next(k for k, s in self._known.items() if s.report_id == report_id and _is_named(k, others[0]))
        # If the holder can't be read now, the list of sources is corrected when it is read again.
        with suppress(ReadError):
            contents = read_report(load(Path(holder), others[0]), others[0])
            if contents.report.report_id == report_id:
                self._put(replace(contents, report=replace(contents.report, sources=tuple(others))))

    def _remember(self, source: SourceFile) -> None:
        self._writer.record_source(source)
        self._known[source.path] = source

    def _note_unchanged(self, file: FoundFile, known: SourceFile) -> None:
        if known.problem is None:
            self.summary.unchanged.append(file.source)
        else:
            self._fail(file.source, known.problem, kept=known.report_id is not None)

    def _note_failure(
        self, file: FoundFile, known: SourceFile | None, stamp: _Stamp, digest: str, problem: str
    ) -> None:
        kept = known.report_id if known is not None else None
        self._fail(file.source, problem, kept=kept is not None)
        self._remember(SourceFile(str(file.path), stamp.size, stamp.modified_ns, digest, self._version, kept, problem))

    def _fail(self, source: str, problem: str, *, kept: bool = False) -> None:
        self.summary.failed.append(Failure(source, problem))
        if kept:
            self.summary.kept.append(source)


def _is_named(path: str, source: str) -> bool:
    return Path(path).as_posix().endswith("/" + source)
