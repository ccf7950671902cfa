"""The report that an address or a call names: by its whole id, since its beginning may be another's tomorrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vectorstore.index import Index
    from vectorstore.records import Report


def exact_report(index: Index, report_id: object) -> Report | None:
    """The report of just that id, which may be anything that an address or a call holds; its beginning won't do."""
    if not isinstance(report_id, str) or not report_id:
        return None
    try:
        report = index.report(report_id)
    except KeyError:
        return None
    return report if report.report_id == report_id else None
