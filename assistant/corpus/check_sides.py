"""Both sides of a check in words and as a row, each citing the table row or the sentence that states it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.answer import Row
from assistant.answering.citations import markers
from assistant.answering.inquiry import Inquiry
from assistant.answering.report_rows import report_row
from assistant.answering.wording import as_number
from vectorstore.catalogue import catalogue
from vectorstore.check_rules import rule_of
from vectorstore.records import Check, CheckSide, Figure, Scope, Span

_LAYOUT = "layout"
_MOST_ROWS = 100
"""Of more checks than this the cells are cited alone: finding their rows takes all figures of their reports."""


class CheckCitations:
    """What checks show of themselves.

    A check's places are cells where a table states a number; what is cited is the whole row, which can be read.
    """

    def __init__(self, inquiry: Inquiry, checks: Sequence[Check]) -> None:
        self._inquiry = inquiry
        self._cells = _cells_of(inquiry, checks)

    def in_words(self, check: Check) -> str:
        """The check as a clause: whose, of which year, and what stands against what."""
        wording = self._inquiry.wording
        report = self._inquiry.all_reports[check.report_id]
        rule = rule_of(check.rule)
        subject = "" if rule.sort == _LAYOUT else catalogue().name_or_id(check.subject, wording.language)
        key = "check" if rule.sort != _LAYOUT else "layout"
        if check.holds is True:
            key = "agrees"
        return wording.phrase(
            f"checks.{key}",
            body=report.body,
            year=wording.year(report.year),
            rule=rule.name(wording.language),
            subject=subject,
            left=self._side(check, check.left),
            right=self._side(check, check.right),
        )

    def row(self, check: Check) -> Row:
        """The row of a check: both values as its readings; ``note`` is the name of the rule."""
        report = self._inquiry.all_reports[check.report_id]
        rule = rule_of(check.rule)
        values = [n for n in (as_number(check.left.value), as_number(check.right.value)) if n is not None]
        left, right = self._cite(check, check.left), self._cite(check, check.right)
        return report_row(
            report,
            tuple(dict.fromkeys((*left, *right))),
            metric=check.subject if rule.sort != _LAYOUT else None,
            label=f"{check.left.label} / {check.right.label}",
            state="stated" if check.holds else "conflicting",
            readings=tuple(values),
            note=rule.name(self._inquiry.wording.language),
        )

    def _side(self, check: Check, side: CheckSide) -> str:
        wording = self._inquiry.wording
        cites = markers(self._cite(check, side))
        is_layout = rule_of(check.rule).sort == _LAYOUT
        if side.value is None or (is_layout and any(character.isdigit() for character in side.label)):
            label = wording.quote(side.label)
            return (f"“{label}”" if is_layout and side.spans else label) + cites
        label = wording.quote(side.label) if wording.language == "zh" else ""
        return wording.phrase("checks.side", label=label, value=wording.number(side.value)) + cites

    def _cite(self, check: Check, side: CheckSide) -> tuple[int, ...]:
        report_id = side.report_id or check.report_id
        citations = self._inquiry.citations
        numbers: dict[int, None] = {}
        for span in side.spans:
            figure = self._cells.get((report_id, span))
            found = citations.cite_figures([figure]) if figure else citations.cite(report_id, span)
            numbers.update(dict.fromkeys(found))
        return tuple(numbers)


def _cells_of(inquiry: Inquiry, checks: Iterable[Check]) -> dict[tuple[str, Span], Figure]:
    """The figures that table cells state, by report and cell; of very many checks only those of the first."""
    of_figures = [check for check in checks if rule_of(check.rule).sort != _LAYOUT][:_MOST_ROWS]
    ids = {s.report_id or check.report_id for check in of_figures for s in (check.left, check.right) if s.spans}
    if not ids:
        return {}
    inquiry.citations.load(sorted(ids))
    return {
        (reading.report_id, Span(reading.cell.start, reading.cell.end)): reading
        for figure in inquiry.index.figures(Scope(report_ids=tuple(sorted(ids))))
        for reading in figure.readings
        if reading.cell is not None
    }
