"""Everything that a report is checked by. The rules and what they mean are data: ``vectorstore.check_rules``.

A check says which two numbers should be equal and whether they are; where a number is unknown it says that it can't be
judged. Identities of the form are judged on its tables alone; prose is compared with tables and with prose apart.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.checking.check_sides import by_body_and_year, table_cells
from ingest.checking.comparisons import compare_prose
from ingest.checking.derivation import derive
from ingest.checking.form_checks import check_form
from ingest.checking.layout_faults import find_layout_faults
from ingest.checking.value_faults import find_rate_faults, find_value_faults
from vectorstore.records import Check, Figure, Mention, Report

__all__ = ["check_report", "derive", "run_checks"]


def run_checks(
    figures: Sequence[Figure], report_id: str, text: str = "", mentions: Sequence[Mention] = ()
) -> tuple[Check, ...]:
    """Every check that the figures give occasion for, body by body and year by year.

    A rule none of whose numbers is there gives no check.
    """
    checks: list[Check] = []
    for group in by_body_and_year(figures).values():
        if cells := table_cells(group):
            checks.extend(check_form(cells, report_id))
        checks.extend(compare_prose(group, report_id, text, mentions))
    return tuple(checks)


def check_report(
    report: Report, text: str, figures: Sequence[Figure], mentions: Sequence[Mention] = ()
) -> tuple[Check, ...]:
    """All checks of a report: its figures, impossible values, and its numbering, period and title."""
    return (
        *run_checks(figures, report.report_id, text, mentions),
        *find_value_faults(figures, report.kind, report.report_id, report.body_id),
        *find_rate_faults(mentions, report.report_id),
        *find_layout_faults(report, text),
    )
