"""What was understood of a file before it enters the index, and what it is to the reports that are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ingest.identity.versions import Relation, compare
from ingest.joining import known_figures
from vectorstore.catalogue import catalogue
from vectorstore.check_rules import FAULT, rule_of
from vectorstore.records import Kind, Origin, Report, ReportContents, Scope, SectionRole

if TYPE_CHECKING:
    from vectorstore.index import Index

TABLES = (SectionRole.PROACTIVE_TABLE, SectionRole.APPLICATION_TABLE, SectionRole.DISPUTE_TABLE)


class Standing(StrEnum):
    """What a file's report is to one that is in the index."""

    SAME = "same"
    NEWER = "newer"
    OLDER = "older"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class Related:
    """A report of the index that a file's report has to do with.

    Attributes:
        reason: Why, a sentence in Chinese; empty where the texts are the same.
        is_replaced: Whether this file would be kept in its place: it says the same, and more figures can be read.
    """

    standing: Standing
    report_id: str
    title: str
    reason: str = ""
    is_replaced: bool = False


@dataclass(frozen=True, slots=True)
class TablePreview:
    """One table of the form: how many of its cells were read with a value, and how many could not be.

    Attributes:
        name: ``proactive_table``, ``application_table`` or ``dispute_table``.
        is_found: Whether the table could be read at all.
    """

    name: str
    is_found: bool
    known: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What was understood of a file.

    Attributes:
        prose: Number of figures that the prose states.
        failed: Number of checks that fail.
        doubtful: Number of comparisons that don't come out, where the report need not be wrong.
        pictures: Tables of the form that are only a picture.
        related: Reports of the index; the first says most.
    """

    report_id: str
    title: str
    body: str
    body_id: str
    kind: Kind
    region: str | None
    year: int | None
    issued_on: str | None
    url: str | None
    retrieved_on: str | None
    tables: tuple[TablePreview, ...]
    prose: int
    failed: int
    doubtful: int
    pictures: int
    warnings: tuple[str, ...]
    related: tuple[Related, ...]

    @property
    def standing(self) -> Standing | None:
        """What it is to the index; ``None``: it is new there."""
        return self.related[0].standing if self.related else None


def preview(contents: ReportContents, index: Index) -> Preview:
    """What reading a file gave, and how it stands to what the index holds."""
    report = contents.report
    failing = [rule_of(check.rule).severity for check in contents.checks if check.holds is False]
    failed = sum(severity == FAULT for severity in failing)
    return Preview(
        report_id=report.report_id,
        title=report.title,
        body=report.body,
        body_id=report.body_id,
        kind=report.kind,
        region=report.region,
        year=report.year,
        issued_on=report.issued_on,
        url=report.url,
        retrieved_on=report.retrieved_on,
        tables=tuple(_tables(contents)),
        prose=sum(f.origin is Origin.NARRATIVE and f.value is not None for f in contents.figures),
        failed=failed,
        doubtful=len(failing) - failed,
        pictures=report.pictures,
        warnings=report.warnings,
        related=related(contents, index),
    )


def related(contents: ReportContents, index: Index) -> tuple[Related, ...]:
    """The reports of the index that ingestion would join these contents with, or set beside them."""
    report = contents.report
    everything = {other.report_id: other for other in index.reports(Scope(superseded=True))}
    if (same := everything.get(report.report_id)) is not None:
        return (Related(Standing.SAME, same.report_id, same.title),)
    if report.year is None:
        return ()
    found = [
        _compared(contents, other, index)
        for other in everything.values()
        if (other.body_id, other.year) == (report.body_id, report.year)
    ]
    order = list(Standing)
    found.sort(key=lambda one: order.index(one.standing))
    return tuple(found[:1]) if found and found[0].standing is Standing.SAME else tuple(found)


_STANDINGS = {
    Relation.SAME: Standing.SAME,
    Relation.NEWER: Standing.NEWER,
    Relation.OLDER: Standing.OLDER,
    Relation.DIFFERENT: Standing.BESIDE,
}


def _compared(contents: ReportContents, other: Report, index: Index) -> Related:
    kept = index.contents(other.report_id, uncorrected=True)
    comparison = compare(contents, kept.report, kept.text, kept.figures)
    standing = _STANDINGS[comparison.relation]
    is_replaced = standing is Standing.SAME and known_figures(contents) > known_figures(kept)
    return Related(standing, other.report_id, other.title, comparison.reason, is_replaced)


def _tables(contents: ReportContents) -> Iterator[TablePreview]:
    metrics = catalogue().metrics
    known: Counter[str | None] = Counter()
    unreadable: Counter[str | None] = Counter()
    for figure in contents.figures:
        if figure.origin not in (Origin.TABLE, Origin.IMAGE) or figure.metric not in metrics:
            continue
        table = metrics[figure.metric].table
        if figure.value is not None:
            known[table] += 1
        elif figure.state == "unreadable":
            unreadable[table] += 1
    for role in TABLES:
        is_found = role.value in contents.report.tables
        yield TablePreview(role.value, is_found, known[role.value], unreadable[role.value])
