"""One ingestion: what is known of each file from before, whether it has to be read, and what becomes of it.

A file is known by its absolute path, a member of an archive by the archive's path and its own. It is read again if its
size or time changed and its bytes did too, if what a manifest says of it changed, or if the reading code did. A report
goes in before the report that it replaces goes out, and a file is remembered last, so that an interruption at any point
is made good by the next run.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files.archive import Budget, Member, members, open_archive
from ingest.files.file_finding import FoundFile, FoundFiles
from ingest.files.formats import BY_EXTENSION
from ingest.files.readers import extension_of, is_plain_text, largest_size, load_within, time_limit
from ingest.files.reading_processes import InterruptedReadingError, Outcome, ReadingTask
from ingest.joining import Holdings
from ingest.manifest import Manifest, ManifestEntry
from ingest.reader_version import reader_version
from ingest.summary import Failure, IngestSummary
from vectorstore.errors import ReadError
from vectorstore.records import SourceFile

if TYPE_CHECKING:
    from vectorstore.index import Index
    from vectorstore.writer import Writer

Settle = Callable[[Outcome | None], None]
"""Does what has to be done about a file, given what was read of it; ``None`` where nothing had to be read."""

_NEVER_LOADED = ""
"""The digest of a file that could not be loaded or read to the end: it is tried again the next time."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A file or a member of an archive, and what is known of it.

    Attributes:
        key: The path that it is remembered by.
        entry: What a manifest says of it, now or formerly.
    """

    key: str
    source: str
    known: SourceFile | None
    entry: ManifestEntry | None
    size: int
    modified_ns: int
    version: str

    @property
    def said(self) -> str | None:
        return self.entry.as_json() if self.entry else None

    def record(self, digest: str) -> SourceFile:
        return SourceFile(
            self.key, self.size, self.modified_ns, digest, self.version, None, source=self.source, manifest=self.said
        )


class Ingestion:
    """What one call of ``ingest`` does, file by file."""

    def __init__(self, index: Index, writer: Writer, found: FoundFiles, manifest: Manifest | None) -> None:
        self.summary = IngestSummary(passed_over=found.passed_over)
        self.holdings = Holdings(index, writer, self.summary, reader_version())
        self.members_found = 0
        self._found = found
        self._manifest = manifest
        self._present: set[str] = set()
        self._archives: list[str] = []
        self._known_keys = sorted(self.holdings.files)
        self._is_again = False
        for folder, reason in found.unlisted.items():
            self._fail(str(folder), f"The folder {folder} cannot be listed ({reason}); check that you may read it.")

    def steps(self, files: Iterable[FoundFile]) -> Iterator[tuple[Settle, ReadingTask | None]]:
        """What to do, in order: a task to read a file where it must be read, and how to settle each."""
        for file in files:
            if file.is_archive:
                yield from self._archive_steps(file)
            else:
                yield self._file_step(file)

    def files_to_read_again(self) -> list[FoundFile]:
        """The files given that must be read once more, since the reading that was kept in their place has gone."""
        self._is_again = True
        files = self.holdings.files
        flagged = {key for key in self.holdings.to_read_again if key in files and not files[key].reader_version}
        return [
            file
            for file in self._found.files
            if file.key in flagged or (file.is_archive and any(key.startswith(f"{file.key}/") for key in flagged))
        ]

    def take_out_gone(self) -> None:
        """Forget the files that are no longer in the folders given, and their reports."""
        for key in self._known_keys:
            if key in self._present or key not in self.holdings.files:
                continue
            folder = next((f for f in self._found.folders if Path(key).is_relative_to(f)), None)
            is_listed = folder is not None and not any(Path(key).is_relative_to(f) for f in self._found.unlisted)
            # A linked folder's files are known by where they really are, so absence has to be seen at that place too.
            if folder is not None and is_listed and not _exists(Path(key)):
                self._take_out(key, Path(key).relative_to(folder).as_posix())
        self._take_out_moved()

    def _take_out_moved(self) -> None:
        """Forget the files outside the folders given that have gone and stand elsewhere now, or held no report.

        What has gone from a place that was not given may be on a disk that isn't there today, so it stays otherwise.
        """
        files = self.holdings.files
        found = {files[key].digest: key for key in self._present if key in files}
        for key in self._known_keys:
            if key in self._present or key not in files or not _is_gone(Path(key)):
                continue
            known = files[key]
            moved_to = found.get(known.digest) if known.digest != _NEVER_LOADED else None
            if moved_to is not None and known.report_id == files[moved_to].report_id:
                if files[moved_to].manifest is None:
                    self.holdings.remember(replace(files[moved_to], manifest=known.manifest))
                self.holdings.forget(key)
                self.holdings.join_no_more(known.report_id)
            elif known.report_id is None and known.problem is not None:
                self.holdings.forget(key)

    def note_unmatched(self) -> None:
        """Say for which rows of the manifest there was no file."""
        if self._manifest is not None:
            self.summary.unmatched += self._manifest.unmatched(self._archives)

    def _file_step(self, file: FoundFile) -> tuple[Settle, ReadingTask | None]:
        candidate = self._candidate_of(file)
        self._present.add(candidate.key)
        if self._is_as_it_was(candidate):
            return self._unchanged(candidate), None
        try:
            data = load_within(file.path, file.source, largest_size(file.source))
        except ReadError as error:
            return self._failed(candidate, _NEVER_LOADED, str(error)), None
        return self._data_step(candidate, data)

    def _data_step(self, candidate: _Candidate, data: bytes) -> tuple[Settle, ReadingTask | None]:
        digest = hashlib.sha256(data).hexdigest()
        known = candidate.known
        if known is not None and known.digest == digest and self._is_current(candidate):
            return self._unchanged(candidate), None
        seconds = time_limit(candidate.source, len(data))
        is_light = is_plain_text(data, candidate.source)
        return self._read(candidate, digest), ReadingTask(data, candidate.source, candidate.entry, seconds, is_light)

    def _archive_steps(self, file: FoundFile) -> Iterator[tuple[Settle, ReadingTask | None]]:
        """An archive's members as files of their own, and at last the archive itself."""
        candidate = self._candidate_of(file)
        self._present.add(candidate.key)
        self._archives.append(candidate.key)
        before = self._members_of(candidate.key)
        if self._is_archive_as_it_was(candidate, before):
            self._present.update(before)
            self.members_found += len(before)
            for key in before:
                yield self._unchanged(self._candidate(key, self._source_of(key), 0, 0)), None
            yield _nothing, None
            return
        budget, held = Budget(), []
        try:
            with open_archive(file.path, file.source) as opened:
                for member in members(opened, file.source, budget):
                    held.append(f"{candidate.key}/{member.name}")
                    self._present.add(held[-1])
                    self.members_found += 1
                    yield self._member_step(held[-1], f"{file.source}/{member.name}", member)
        except ReadError as error:
            self._present.update(before)
            is_kept = any(self.holdings.files[key].report_id for key in before)
            # Tried again each time: it fails on opening, which costs little, and the cause may lie outside.
            yield self._failed(candidate, _NEVER_LOADED, str(error), is_kept=is_kept), None
            return
        self.summary.passed_over += budget.passed_over
        gone = [key for key in before if key not in self._present]
        yield self._archive_read(candidate, gone, _digest_of(held)), None

    def _member_step(self, key: str, source: str, member: Member) -> tuple[Settle, ReadingTask | None]:
        candidate = self._candidate(key, source, 0, 0)
        if member.data is None:
            problem = f"{source} {member.problem}."
            return self._failed(candidate, hashlib.sha256(problem.encode()).hexdigest(), problem), None
        return self._data_step(replace(candidate, size=len(member.data)), member.data)

    def _candidate_of(self, file: FoundFile) -> _Candidate:
        try:
            status = file.path.stat()
        except (OSError, ValueError):
            return self._candidate(file.key, file.source, 0, 0)
        return self._candidate(file.key, file.source, status.st_size, status.st_mtime_ns)

    def _candidate(self, key: str, source: str, size: int, modified_ns: int) -> _Candidate:
        known = self.holdings.files.get(key)
        entry = self._manifest.entry_of(key, source) if self._manifest else None
        if entry is None and known is not None:
            entry = ManifestEntry.from_json(source, known.manifest)
        format_ = BY_EXTENSION.get(extension_of(source))
        version = reader_version(format_.tools if format_ else ())
        return _Candidate(key, source, known, entry, size, modified_ns, version)

    def _is_as_it_was(self, candidate: _Candidate) -> bool:
        """Whether a file need not even be opened."""
        known = candidate.known
        return (
            known is not None
            and candidate.modified_ns != 0
            and (known.size, known.modified_ns) == (candidate.size, candidate.modified_ns)
            and known.digest != _NEVER_LOADED
            and self._is_current(candidate)
        )

    def _is_archive_as_it_was(self, candidate: _Candidate, before: Sequence[str]) -> bool:
        known = candidate.known
        return (
            known is not None
            and (known.size, known.modified_ns) == (candidate.size, candidate.modified_ns)
            and known.digest == _digest_of(before)
            and all(
                self.holdings.files[key].digest != _NEVER_LOADED
                and self._is_current(self._candidate(key, self._source_of(key), 0, 0))
                for key in before
            )
        )

    def _is_current(self, candidate: _Candidate) -> bool:
        known = candidate.known
        return (
            known is not None
            and known.reader_version == candidate.version
            and known.manifest == candidate.said
            and self.holdings.is_sound(known)
        )

    def _members_of(self, archive: str) -> list[str]:
        """The keys of the members that are known of an archive, in order."""
        keys = self._known_keys
        # "0" is the character after "/".
        return [
            key
            for key in keys[bisect_left(keys, f"{archive}/") : bisect_left(keys, f"{archive}0")]
            if key in self.holdings.files
        ]

    def _source_of(self, key: str) -> str:
        return self.holdings.files[key].source or key.rpartition("/")[2]

    # What becomes of a file. By then others may have changed what is known of it, so that is looked up anew.

    def _read(self, candidate: _Candidate, digest: str) -> Settle:
        def settle(outcome: Outcome | None) -> None:
            if outcome is None or isinstance(outcome, ReadError):
                is_over = isinstance(outcome, InterruptedReadingError)
                self._failed(candidate, _NEVER_LOADED if is_over else digest, str(outcome))(None)
                return
            known = self.holdings.files.get(candidate.key)
            try:
                report_id = self.holdings.take_in(candidate.key, candidate.source, outcome, candidate.entry)
            except ReadError as error:
                self._failed(candidate, digest, str(error))(None)
                return
            former = known.report_id if known is not None else None
            if not self._is_again:
                (self.summary.new if former is None else self.summary.changed).append(candidate.source)
            self.holdings.remember(
                replace(candidate.record(digest), report_id=report_id, content_id=outcome.report.report_id)
            )
            if known is not None and former is not None and former != report_id:
                is_same = known.digest == digest or self.holdings.is_another_reading(report_id, former)
                self.holdings.release(former, candidate.key, became=report_id if is_same else None)

        return settle

    def _unchanged(self, candidate: _Candidate) -> Settle:
        def settle(_: Outcome | None) -> None:
            known = self.holdings.files[candidate.key]
            stamped = known
            if candidate.modified_ns:
                stamped = replace(known, size=candidate.size, modified_ns=candidate.modified_ns)
            if stamped != known:
                self.holdings.remember(stamped)
            if known.problem is not None:
                self._fail(candidate.source, known.problem, kept=known.report_id is not None)
            elif not self._is_again:
                self.summary.unchanged.append(candidate.source)

        return settle

    def _failed(self, candidate: _Candidate, digest: str, problem: str, *, is_kept: bool = False) -> Settle:
        def settle(_: Outcome | None) -> None:
            known = self.holdings.files.get(candidate.key)
            kept = known.report_id if known is not None else None
            self._fail(candidate.source, problem, kept=is_kept or kept is not None)
            record = replace(candidate.record(digest), report_id=kept, problem=problem)
            self.holdings.remember(replace(record, content_id=known.content_id if known is not None else None))

        return settle

    def _archive_read(self, candidate: _Candidate, gone: Sequence[str], digest: str) -> Settle:
        def settle(_: Outcome | None) -> None:
            for key in gone:
                if key in self.holdings.files:
                    self._take_out(key, self._source_of(key))
            self.holdings.remember(candidate.record(digest))

        return settle

    def _take_out(self, key: str, name: str) -> None:
        known = self.holdings.files[key]
        # What holds no report and had no problem is an archive, whose members are told of one by one.
        if known.report_id is not None or known.problem is not None:
            self.summary.removed.append(name)
        self.holdings.forget(key)

    def _fail(self, source: str, problem: str, *, kept: bool = False) -> None:
        if self._is_again:
            return
        self.summary.failed.append(Failure(source, problem))
        if kept:
            self.summary.kept.append(source)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name longer than any file has: a member of an archive
        return False


def _is_gone(path: Path) -> bool:
    """Whether there is neither the file nor an archive that it would be a member of."""
    try:
        return not any(place.is_file() for place in (path, *path.parents))
    except OSError:  # a name longer than any file has
        return False


def _nothing(_: Outcome | None) -> None:
    """All is as it was."""


def _digest_of(keys: Iterable[str]) -> str:
    """Of an archive: of its members' names, so that one that was taken out of the index is missed."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()
