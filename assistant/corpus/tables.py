"""Which of the form's tables reports lack, or show as pictures."""

from __future__ import annotations

import re

from assistant.answer import Row
from assistant.answering.citations import markers
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.report_rows import all_stated, report_row, say_looked_at
from vectorstore.catalogue import catalogue
from vectorstore.records import Report, Span

_PICTURE = re.compile(r"\[(?:image|picture|图片)[^\]\n]*\]")


def answer_picture_tables(inquiry: Inquiry) -> Draft:
    """Reports with pictures where tables belong, each picture cited."""
    wording = inquiry.wording
    chosen = [report for report in inquiry.reports if report.pictures > 0]
    inquiry.citations.load(report.report_id for report in chosen)
    rows, members = [], []
    for report in chosen:
        text = inquiry.citations.text(report.report_id)
        places = [Span(m.start(), m.end()) for m in _PICTURE.finditer(text)]
        cites = tuple(n for place in places for n in inquiry.citations.cite(report.report_id, place))
        rows.append(report_row(report, cites, state="unreadable"))
        members.append(wording.report(report) + markers(cites))
    key = "picture_tables" if chosen else "no_pictures"
    sentence = wording.say(
        f"reports.{key}", scope=inquiry.scope_name, count=len(chosen), members=wording.members(members)
    )
    return _listing(inquiry, [sentence], rows)


def answer_no_tables(inquiry: Inquiry) -> Draft:
    """Those of which none of the form's tables could be read; those that lack some are named besides."""
    wording = inquiry.wording
    without = [report for report in inquiry.reports if not report.tables]
    sentence = wording.say(
        "reports.no_tables" if without else "reports.all_tables",
        scope=inquiry.scope_name,
        count=len(without),
        members=wording.members([wording.report(report) for report in without]),
    )
    partly = _lacking_some(inquiry)
    besides = [_partly(inquiry, partly, "partly")] if partly else []
    return _listing(inquiry, [sentence, *besides], [report_row(r, (), state="silent") for r in without])


def answer_partial_tables(inquiry: Inquiry) -> Draft:
    """Those that have some of the form's tables and lack others."""
    wording = inquiry.wording
    partly = _lacking_some(inquiry)
    if partly:
        sentence = _partly(inquiry, partly, "partial_tables")
    else:
        sentence = wording.say("reports.none_partial", scope=inquiry.scope_name)
    rows = [report_row(r, (), state="silent", note=wording.join(_lacks(inquiry, r))) for r in partly]
    return _listing(inquiry, [sentence], rows)


def _lacking_some(inquiry: Inquiry) -> list[Report]:
    form = set(catalogue().table_names)
    return [report for report in inquiry.reports if report.tables and set(report.tables) < form]


def _lacks(inquiry: Inquiry, report: Report) -> list[str]:
    return [inquiry.wording.table(table) for table in catalogue().table_names if table not in report.tables]


def _partly(inquiry: Inquiry, reports: list[Report], key: str) -> str:
    wording = inquiry.wording
    members = [
        wording.report(r) + wording.phrase("reports.lacks", tables=wording.join(_lacks(inquiry, r))) for r in reports
    ]
    return wording.say(f"reports.{key}", scope=inquiry.scope_name, count=len(reports), members=wording.members(members))


def _listing(inquiry: Inquiry, sentences: list[str], rows: list[Row]) -> Draft:
    return Draft(
        "answered",
        [*sentences, say_looked_at(inquiry)],
        value=len(rows),
        unit=inquiry.wording.phrase("unit.reports"),
        rows=rows,
        coverage=all_stated(inquiry.reports),
    )
