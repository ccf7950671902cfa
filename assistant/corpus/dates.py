"""The days that reports bear, and which reports are the latest."""

from __future__ import annotations

import re

from assistant.answer import Row, Status
from assistant.answering.citations import markers
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.report_rows import all_stated, report_row, say_looked_at
from assistant.answering.wording import MEMBERS_NAMED
from assistant.corpus.titles import cite_titles
from vectorstore.records import Report, Span

_DATE = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?")


def answer_dates(inquiry: Inquiry) -> Draft:
    """The date that each report bears; with ``top`` the last to be dated, or the first."""
    if inquiry.plan.operation == "top":
        return _first_or_last(inquiry)
    wording = inquiry.wording
    dated = [report for report in inquiry.reports if report.issued_on is not None]
    shown = [*dated, *(report for report in inquiry.reports if report.issued_on is None)]
    inquiry.citations.load(report.report_id for report in dated)
    rows = [_row(inquiry, report) for report in shown]
    clauses = [_in_words(inquiry, report, row) for report, row in zip(shown, rows, strict=True)][:MEMBERS_NAMED]
    if len(shown) > MEMBERS_NAMED:
        clauses[-1] += wording.phrase("checks.more", count=len(shown))
    status: Status = "answered" if len(dated) == len(shown) else "partial" if dated else "not_in_corpus"
    tally = [wording.say("reports.dated", count=len(shown), dated=len(dated))] if len(shown) > 1 else []
    return Draft(status, [wording.clauses(clauses), *tally], rows=rows, coverage=all_stated(inquiry.reports))


def _first_or_last(inquiry: Inquiry) -> Draft:
    plan, wording = inquiry.plan, inquiry.wording
    is_last = plan.order == "descending"
    dated = sorted((r for r in inquiry.reports if r.issued_on), key=lambda r: r.issued_on or "", reverse=is_last)
    if not dated:
        return Draft(
            "not_in_corpus",
            [wording.say("reports.none_dated", scope=inquiry.scope_name, count=len(inquiry.reports))],
            coverage=all_stated(inquiry.reports),
        )
    last = dated[: plan.limit or 1][-1].issued_on
    chosen = [r for at, r in enumerate(dated) if at < (plan.limit or 1) or r.issued_on == last]
    rows = [_row(inquiry, report) for report in chosen]
    clauses = [_in_words(inquiry, report, row) for report, row in zip(chosen, rows, strict=True)][:MEMBERS_NAMED]
    key = "dated_last" if is_last else "dated_first"
    return Draft(
        "answered",
        [
            wording.say(f"reports.{key}", scope=inquiry.scope_name, members=wording.semicolons(clauses)),
            wording.say("reports.dated", count=len(inquiry.reports), dated=len(dated)),
        ],
        rows=rows,
        coverage=all_stated(inquiry.reports),
    )


def _row(inquiry: Inquiry, report: Report) -> Row:
    if report.issued_on is None:
        return report_row(report, (), state="silent")
    return report_row(report, _date_place(inquiry, report), note=report.issued_on)


def _in_words(inquiry: Inquiry, report: Report, row: Row) -> str:
    wording = inquiry.wording
    naming = {"body": report.body, "year": wording.year(report.year)}
    if report.issued_on is None:
        return wording.phrase("reports.not_issued", **naming)
    return wording.phrase("reports.issued", date=report.issued_on, cites=markers(row.citations), **naming)


def _date_place(inquiry: Inquiry, report: Report) -> tuple[int, ...]:
    places = [
        Span(m.start(), m.start() + len(m[0].rstrip()))
        for m in _DATE.finditer(inquiry.citations.text(report.report_id))
        if f"{int(m[1]):04}-{int(m[2]):02}-{int(m[3]):02}" == report.issued_on
    ]
    return inquiry.citations.cite(report.report_id, places[-1]) if places else ()


def answer_latest(inquiry: Inquiry) -> Draft:
    """The reports of the last year, or with ascending order of the first year, that there are reports of."""
    wording = inquiry.wording
    years = [report.year for report in inquiry.reports if report.year is not None]
    is_last = inquiry.plan.order == "descending"
    year = (max if is_last else min)(years) if years else None
    chosen = [report for report in inquiry.reports if report.year == year]
    sentence = wording.say(
        "reports.latest" if is_last else "reports.earliest",
        scope=inquiry.scope_name,
        year=wording.phrase("breakdown.unknown_year") if year is None else year,
        count=len(chosen),
        members=wording.members([report.body for report in chosen]),
    )
    cites = cite_titles(inquiry, chosen)
    return Draft(
        "answered",
        [sentence, say_looked_at(inquiry)],
        value=len(chosen),
        unit=wording.phrase("unit.reports"),
        rows=[report_row(report, cites[report.report_id]) for report in chosen],
        coverage=all_stated(inquiry.reports),
    )
