"""How long reports are: measured here and stated by no report, so that it stands in notes and not as a stated value."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.report_rows import all_stated, report_row, say_looked_at
from assistant.answering.wording import as_number
from assistant.corpus.titles import cite_titles
from vectorstore.records import Report

_UNIT = "字"


def answer_lengths(inquiry: Inquiry) -> Draft:
    """The mean number of characters; with ``top`` the longest reports, or the shortest; of one report its own."""
    if inquiry.plan.operation == "top" or len(inquiry.reports) == 1:
        return _extremes(inquiry)
    wording = inquiry.wording
    lengths = sorted(report.characters for report in inquiry.reports)
    mean = Fraction(sum(lengths), len(lengths))
    sentence = wording.say(
        "reports.length",
        scope=inquiry.scope_name,
        count=len(lengths),
        value=wording.number(mean),
        least=lengths[0],
        most=lengths[-1],
    )
    cites = cite_titles(inquiry, inquiry.reports)
    rows = [report_row(r, cites[r.report_id], note=f"{r.characters}{_UNIT}") for r in inquiry.reports]
    return Draft(
        "answered", [sentence], value=as_number(mean), unit=_UNIT, rows=rows, coverage=all_stated(inquiry.reports)
    )


def _extremes(inquiry: Inquiry) -> Draft:
    plan, wording = inquiry.plan, inquiry.wording
    is_longest = plan.order == "descending"
    ordered = sorted(inquiry.reports, key=lambda report: report.characters, reverse=is_longest)
    chosen = _with_ties(ordered, plan.limit or 1)
    key = "length_of" if len(inquiry.reports) == 1 else "longest" if is_longest else "shortest"
    cites = cite_titles(inquiry, chosen)
    members = [wording.phrase("reports.with_length", report=wording.report(r), value=r.characters) for r in chosen]
    return Draft(
        "answered",
        [
            wording.say(f"reports.{key}", scope=inquiry.scope_name, members=wording.members(members)),
            say_looked_at(inquiry),
        ],
        value=chosen[0].characters,
        unit=_UNIT,
        rows=[report_row(r, cites[r.report_id], note=f"{r.characters}{_UNIT}") for r in chosen],
        coverage=all_stated(inquiry.reports),
    )


def _with_ties(ordered: Sequence[Report], limit: int) -> list[Report]:
    """The first so many, and those as long as the last of them."""
    chosen = list(ordered[:limit])
    return chosen + [report for report in ordered[limit:] if report.characters == chosen[-1].characters]
