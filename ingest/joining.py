"""Which report each file holds: one report in two files or formats is one, a corrected version replaces the older one.

Of readings of one report the index keeps the richest, with all the files that hold it. A file that changes or goes
leaves the report to the others; where the reading that was kept was its own, they are read again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.corrections import corrected, keep, outdated
from ingest.identity.versions import Relation, compare
from ingest.manifest import ManifestEntry
from ingest.summary import IngestSummary
from vectorstore.errors import ReadError
from vectorstore.records import Correction, Report, ReportContents, Scope, SourceFile

if TYPE_CHECKING:
    from vectorstore.index import Index
    from vectorstore.writer import Writer

_Group = tuple[str, int]


class Holdings:
    """The reports in the index and the files that hold them, kept equal to the index while it is written."""

    def __init__(self, index: Index, writer: Writer, summary: IngestSummary, reader_version: str) -> None:
        self._index = index
        self._writer = writer
        self._summary = summary
        self._version = reader_version
        self.reports: dict[str, Report] = {report.report_id: report for report in index.reports(Scope(superseded=True))}
        self.files: dict[str, SourceFile] = {}
        self._holders: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._twins: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for source in index.sources():
            self._note(source)
        self.to_read_again: set[str] = set()
        """Files whose own reading has to be known now, since the one that was kept in its place has gone."""
        self._corrections: list[Correction] = index.corrections()
        self._groups: defaultdict[_Group, dict[str, None]] = defaultdict(dict)
        for report in self.reports.values():
            self._group(report)
        for report_id in {correction.report_id for correction in self._corrections} & self.reports.keys():
            self._group(index.contents(report_id, uncorrected=True).report)

    def is_sound(self, file: SourceFile) -> bool:
        """Whether what is kept of a file is as it should be: its report is there, and some file's own reading."""
        if file.report_id is None:
            return True
        return file.report_id in self.reports and any(
            self.files[path].content_id == file.report_id for path in self._holders[file.report_id]
        )

    def remember(self, file: SourceFile) -> None:
        """Record a file in place of what was known of its path, after its report went in."""
        self._writer.record_source(file)
        self._forget(file.path)
        self._note(file)

    def forget(self, path: str) -> None:
        """Forget a file that has gone, and let go of its report."""
        report_id = self.files[path].report_id
        if report_id is not None:
            self.release(report_id, path)
        self._forget(path)
        self._writer.forget_source(path)

    def take_in(self, path: str, source: str, contents: ReportContents, entry: ManifestEntry | None) -> str:
        """Put what was read of a file into the index, joined with other files that hold the same report.

        Returns:
            The id of the report that the file is part of. The caller remembers the file with it, and then releases
            the report that the file held before.
        """
        own = contents.report.report_id
        self._follow_corrections(path, contents)
        found, successor, predecessors = self._related(path, contents)
        if found is None:
            self._put(replace(contents, report=replace(contents.report, superseded_by=successor)), (source,))
            for predecessor in predecessors:
                self._supersede(predecessor, own)
            return own
        sources = self._sources(found, path, source)
        if any(other != path for other in self._holders[found]):
            self._summary.duplicates[source] = found
        if self._is_better(path, found, contents, entry):
            self._replace(path, found, contents, sources)
            if source in self._summary.duplicates:
                self._summary.duplicates[source] = own
            return own
        former = self.reports[found]
        self._say_origin(
            replace(
                former,
                source=sources[0],
                sources=sources,
                url=(entry.url if entry else None) or former.url or contents.report.url,
                retrieved_on=(entry.retrieved_on if entry else None) or former.retrieved_on,
            )
        )
        return found

    def release(self, report_id: str, path: str, became: str | None = None) -> None:
        """Take a report out, or only this file from its sources if others hold it.

        Args:
            became: The report that the file holds now, where that is the same one, only read in another way.
        """
        others = [other for other in self._holders[report_id] if other != path]
        report = self.reports.get(report_id)
        if report is None:
            return
        if not others:
            self._writer.remove(report_id, became)
            self._drop(report_id)
            return
        called = {self._name(other) for other in others}
        sources = tuple(source for source in report.sources if source in called) or tuple(sorted(called))
        self._say_origin(replace(report, source=sources[0], sources=sources))
        if not any(self.files[other].content_id == report_id for other in others):
            for other in others:
                self._read_again(other)

    def is_another_reading(self, report_id: str, former: str) -> bool:
        """Whether a file that held a report before, and holds another now, is of the same body and year."""
        if former not in self.reports or report_id not in self.reports:
            return False
        group = _group_of(self.reports[report_id])
        return group is not None and group == _group_of(self.reports[former])

    def join_no_more(self, report_id: str | None) -> None:
        """Don't tell of files that hold the same report where, after all, only one does."""
        if report_id is not None and len(self._holders[report_id]) == 1:
            twins = self._summary.duplicates
            for source in [source for source, twin in twins.items() if twin == report_id]:
                del twins[source]

    def _related(self, path: str, contents: ReportContents) -> tuple[str | None, str | None, list[str]]:
        """The report that these contents are one with; else the next later version, and the versions they replace."""
        report = contents.report
        if report.report_id in self.reports:
            return report.report_id, None, []
        later: list[str] = []
        earlier: list[str] = []
        for other in self._neighbours(path, contents):
            kept = self._index.contents(other, uncorrected=True)
            found = compare(contents, kept.report, kept.text, kept.figures)
            if found.relation is Relation.SAME:
                return other, None, []
            self._summary.notes.append(found.reason)
            if found.relation is Relation.OLDER:
                later.append(other)
            elif found.relation is Relation.NEWER:
                earlier.append(other)
        # Versions form a chain, each replaced by the next, so that one can go without breaking it.
        nearest = next((o for o in later if not any(self.reports[p].superseded_by == o for p in later)), None)
        loose = {None, self._sole_report(path), *later}
        return None, nearest, [other for other in earlier if self.reports[other].superseded_by in loose]

    def _neighbours(self, path: str, contents: ReportContents) -> Iterator[str]:
        """The other reports of the same body and year, but not what only this file held before."""
        report = self._corrected(contents).report
        groups = {_group_of(contents.report), _group_of(report)}
        former = self._sole_report(path)
        for other in dict.fromkeys(other for group in groups if group for other in self._groups[group]):
            if other in self.reports and other != former:
                yield other

    def _sole_report(self, path: str) -> str | None:
        """The report that only this file held before."""
        report_id = self.files[path].report_id if path in self.files else None
        return report_id if report_id is not None and self._holders[report_id].keys() == {path} else None

    def _is_better(self, path: str, report_id: str, contents: ReportContents, entry: ManifestEntry | None) -> bool:
        """Whether the new reading of a report goes in, in place of the one that is kept."""
        readers = [self.files[other] for other in self._twins[report_id] if other != path]
        readers = [reader for reader in readers if reader.report_id == report_id]
        if not readers:
            return True  # What is kept is this file's own former reading, or nobody's any more.
        if contents.report.report_id == report_id:
            is_overriding = entry is not None and bool(entry.body or entry.kind or entry.year or entry.region)
            return not any(self._is_current(r) for r in readers) or (
                is_overriding and not any(r.manifest for r in readers)
            )
        return known_figures(contents) > known_figures(self._index.contents(report_id, uncorrected=True))

    def _is_current(self, file: SourceFile) -> bool:
        return file.problem is None and file.reader_version.startswith(self._version)

    def _replace(self, path: str, report_id: str, contents: ReportContents, sources: tuple[str, ...]) -> None:
        """Put another reading of a report in its place, and hand its files over."""
        own = contents.report.report_id
        former = self.reports[report_id]
        if own != report_id:
            self._move_corrections(report_id, own)
        others = [other for other in self._holders[report_id] if other != path]
        is_unread = not any(self.files[other].content_id == report_id for other in others)
        report = replace(contents.report, superseded_by=former.superseded_by)
        if others:
            report = replace(
                report, url=report.url or former.url, retrieved_on=report.retrieved_on or former.retrieved_on
            )
        self._put(replace(contents, report=report), sources)
        if own == report_id:
            return
        for predecessor in [r.report_id for r in self.reports.values() if r.superseded_by == report_id]:
            self._supersede(predecessor, own)
        for other in others:
            self.remember(replace(self.files[other], report_id=own))
            # One of them may know more than this reading, though it knew less than the one that has gone.
            if is_unread and self.files[other].content_id != own:
                self._read_again(other)
        self._writer.remove(report_id, became=own)
        self._drop(report_id)

    def _put(self, contents: ReportContents, sources: tuple[str, ...]) -> None:
        contents = replace(contents, report=replace(contents.report, source=sources[0], sources=sources))
        try:
            put = keep(self._writer, contents, self._corrections_of(contents))
        except ValueError as error:
            raise ReadError(f"{sources[-1]} could not be kept ({error}); please report it.") from error
        self._summary.notes += outdated(contents, self._corrections_of(contents))
        self.reports[put.report.report_id] = put.report
        self._group(contents.report)
        self._group(put.report)

    def _corrected(self, contents: ReportContents) -> ReportContents:
        return corrected(contents, self._corrections_of(contents))

    def _corrections_of(self, contents: ReportContents) -> list[Correction]:
        return [c for c in self._corrections if c.report_id == contents.report.report_id]

    def _follow_corrections(self, path: str, contents: ReportContents) -> None:
        """Carry corrections over where the file's report is only read in another way than before."""
        former = self._sole_report(path)
        if former is None or former == contents.report.report_id or former not in self.reports:
            return
        if any(correction.report_id == former for correction in self._corrections) or self._index.verdicts([former]):
            read = self._index.contents(former, uncorrected=True).report
            if _group_of(read) == _group_of(contents.report):
                self._move_corrections(former, contents.report.report_id)

    def _move_corrections(self, former: str, report_id: str) -> None:
        """What people said of the report, and found on its checks, follows it to its new id."""
        self._writer.move_verdicts(former, report_id)
        if self._writer.move_corrections(former, report_id):
            self._corrections = self._index.corrections()

    def _supersede(self, report_id: str, successor: str) -> None:
        self._writer.supersede(report_id, successor)
        self.reports[report_id] = replace(self.reports[report_id], superseded_by=successor)

    def _say_origin(self, report: Report) -> None:
        if report != self.reports[report.report_id]:
            self._writer.record_origin(report)
            self.reports[report.report_id] = report

    def _read_again(self, path: str) -> None:
        self.remember(replace(self.files[path], reader_version=""))
        self.to_read_again.add(path)

    def _sources(self, report_id: str, path: str, source: str) -> tuple[str, ...]:
        """What the files of a report are called, this one among them, the first found first."""
        called = {self._name(other) for other in self._holders[report_id] if other != path} | {source}
        return tuple(dict.fromkeys((*(s for s in self.reports[report_id].sources if s in called), source)))

    def _name(self, path: str) -> str:
        return self.files[path].source or path.rpartition("/")[2]

    def _group(self, report: Report) -> None:
        group = _group_of(report)
        if group is not None:
            self._groups[group][report.report_id] = None

    def _drop(self, report_id: str) -> None:
        successor = self.reports.pop(report_id).superseded_by
        for other in [r for r in self.reports.values() if r.superseded_by == report_id]:
            self.reports[other.report_id] = replace(other, superseded_by=successor)

    def _note(self, file: SourceFile) -> None:
        self.files[file.path] = file
        if file.report_id is not None:
            self._holders[file.report_id][file.path] = None
        if file.content_id is not None:
            self._twins[file.content_id][file.path] = None

    def _forget(self, path: str) -> None:
        file = self.files.pop(path, None)
        if file is not None:
            self._holders[file.report_id or ""].pop(path, None)
            self._twins[file.content_id or ""].pop(path, None)


def _group_of(report: Report) -> _Group | None:
    return None if report.year is None else (report.body_id, report.year)


def known_figures(contents: ReportContents) -> int:
    """How many figures a reading has a value of: of two files that hold one report, the one with more is kept."""
    return sum(figure.value is not None for figure in contents.figures)
