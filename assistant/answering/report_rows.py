"""The row that stands for a report."""

from __future__ import annotations

from typing import Any

from assistant.answer import Row
from vectorstore.records import Report


def report_row(report: Report, citations: tuple[int, ...], **fields: Any) -> Row:
    """A row of the report's body and year, with what else the answer says of it: any other field of `Row`."""
    return Row(
        report_id=report.report_id,
        body=report.body,
        kind=report.kind,
        region=report.region,
        year=report.year,
        citations=citations,
        **fields,
    )
