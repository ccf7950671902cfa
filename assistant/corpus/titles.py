"""The line that a report is titled with: what stands for the report as such."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.inquiry import Inquiry
from vectorstore.records import Report, Span

_TITLE = re.compile(r"[^\n]*(?:年度报告|年报|报告)[^\n]*")
_READ = 2000
_MOST_CITED = 100
"""Of more reports than this none is quoted: a row names its report, and nobody looks up thousands of titles."""


def cite_titles(inquiry: Inquiry, reports: Sequence[Report]) -> dict[str, tuple[int, ...]]:
    """The citation of each report's title, by report id; empty where no title is found, or of very many reports."""
    if len(reports) > _MOST_CITED:
        return {report.report_id: () for report in reports}
    inquiry.citations.load(report.report_id for report in reports)
    return {report.report_id: _title(inquiry, report) for report in reports}


def _title(inquiry: Inquiry, report: Report) -> tuple[int, ...]:
    at = _TITLE.search(inquiry.citations.text(report.report_id)[:_READ])
    if at is None:
        return ()
    start = at.start() + len(at[0]) - len(at[0].lstrip())
    return inquiry.citations.cite(report.report_id, Span(start, at.start() + len(at[0].rstrip())))
