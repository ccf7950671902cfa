"""What answers about the reports as such are made of: the row of a report, their coverage, how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.answer import Coverage, Row
from assistant.answering.inquiry import Inquiry
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


def all_stated(reports: Sequence[Report]) -> Coverage:
    """What is asked of the reports as such, each of them answers."""
    return Coverage(in_scope=len(reports), stated=len(reports))


def say_looked_at(inquiry: Inquiry) -> str:
    """How many reports in scope were looked at."""
    return inquiry.wording.say("coverage.reports", scope=inquiry.scope_name, count=len(inquiry.reports))
