"""Reports as MCP resources: ``nianbao://report/ID`` is a report's whole text."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import mcp_types as types
from mcp.shared.exceptions import MCPError

from assistant.tools.report_excerpt import report_named
from vectorstore.errors import QuestionError
from vectorstore.records import Report

if TYPE_CHECKING:
    from vectorstore.index import Index

A_PAGE = 100
"""Reports that are listed at a time."""

_BEGINNING = "nianbao://report/"
TEMPLATE = types.ResourceTemplate(
    name="report",
    title="The text of an annual report (年报原文)",
    uri_template=_BEGINNING + "{report_id}",
    description="The whole text of a report, as the offsets of citations count it. The tool read_report gives parts.",
    mime_type="text/plain",
)


def list_reports(index: Index, cursor: str | None) -> types.ListResourcesResult:
    """A page of the reports; ``cursor`` is the position of the first."""
    start = int(cursor) if cursor is not None and cursor.isascii() and cursor.isdigit() else 0
    if cursor is not None and str(start) != cursor:
        raise MCPError(types.INVALID_PARAMS, f"There is no page {cursor[:40]!r}; begin without a cursor.")
    reports = index.reports()
    end = start + A_PAGE
    return types.ListResourcesResult(
        resources=[_resource(report) for report in reports[start:end]],
        next_cursor=str(end) if end < len(reports) else None,
    )


def _resource(report: Report) -> types.Resource:
    where = " · ".join(part for part in (report.region, str(report.year or "")) if part)
    return types.Resource(
        uri=_BEGINNING + report.report_id,
        name=report.report_id,
        title=report.title or report.body,
        description=f"{report.body} · {where}" if where else report.body,
        mime_type="text/plain",
    )


def read_report(index: Index, uri: str) -> types.ReadResourceResult:
    """The text that an address names."""
    if not uri.startswith(_BEGINNING):
        raise MCPError(
            types.INVALID_PARAMS, f"There is nothing at {uri[:80]!r}; reports are at {TEMPLATE.uri_template}."
        )
    try:
        report = report_named(index, unquote(uri.removeprefix(_BEGINNING)))
    except QuestionError as error:
        raise MCPError(types.INVALID_PARAMS, str(error)) from None
    contents = types.TextResourceContents(uri=uri, mime_type="text/plain", text=index.text(report.report_id))
    return types.ReadResourceResult(contents=[contents])
