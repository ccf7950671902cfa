"""The index's reports and bodies by their ids, worked out once until the index changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from vectorstore.records import Body, Report

if TYPE_CHECKING:
    from vectorstore.index import Index


def reports_by_id(index: Index) -> Mapping[str, Report]:
    """Every report of the index, by id."""
    return index.remember("reports by id", lambda: {report.report_id: report for report in index.reports()})


def bodies_by_id(index: Index) -> Mapping[str, Body]:
    """Every body of the index, by id."""
    return index.remember("bodies by id", lambda: {body.body_id: body for body in index.bodies()})
