"""The list of reports as a table to export: what the filters leave, on all of its pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from assistant.export.document import Cell, Column, ExportTable
from ui.texts import Texts
from ui.web.reports.browsing import Listed, read_filters, shelf_of
from vectorstore.catalogue import kind_name

if TYPE_CHECKING:
    from vectorstore.index import Index

_COLUMNS = (
    Column("report_id", is_id=True), Column("title"), Column("body"), Column("kind"), Column("region"),
    Column("year", "number", is_id=True), Column("issued_on"), Column("tables"), Column("faults", "number"),
    Column("doubts", "number"), Column("source"), Column("url"),
)  # fmt: skip


def reports_table(index: Index, query: Mapping[str, str], words: Texts) -> ExportTable:
    """The reports that an address of the page asks for, in its order. What is unknown is ``None``."""
    columns = tuple(Column(words(f"reports.file_{c.name}"), c.kind, c.is_id) for c in _COLUMNS)
    listed = shelf_of(index).find(read_filters(query)).listed
    return ExportTable(words("pages.reports"), columns, [_row(one, words) for one in listed])


def _row(one: Listed, words: Texts) -> tuple[Cell, ...]:
    report = one.report
    return (
        report.report_id,
        report.title,
        report.body,
        kind_name(report.kind, words.language),
        report.region,
        report.year,
        report.issued_on,
        words(f"reports.has_{one.tables}", n=len(report.tables)),
        one.faults,
        one.doubts,
        report.source or None,
        report.url,
    )
