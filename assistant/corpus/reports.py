"""Questions about the reports as such: how many, whose, of how many years, which of them were replaced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from assistant.answering.absence import no_reports
from assistant.answering.inquiry import Draft, Inquiry, stored_scope
from assistant.answering.report_rows import all_stated, report_row, say_looked_at
from assistant.corpus.dates import answer_dates, answer_latest
from assistant.corpus.gaps import answer_gaps, answer_section_gap
from assistant.corpus.lengths import answer_lengths
from assistant.corpus.missing import answer_missing
from assistant.corpus.report_groups import answer_holdings, answer_report_groups
from assistant.corpus.tables import answer_no_tables, answer_partial_tables, answer_picture_tables
from assistant.corpus.titles import cite_titles
from vectorstore.records import Report

_WITHOUT = "without_"
"""Begins the aspect of questions for reports without a section: ``without_problems``."""


def answer_reports(inquiry: Inquiry) -> Draft:
    """Dispatch by the plan's aspect; without one the reports in scope are listed and counted, or split into groups."""
    aspects: dict[str, Callable[[Inquiry], Draft]] = {
        "picture_tables": answer_picture_tables,
        "no_tables": answer_no_tables,
        "partial_tables": answer_partial_tables,
        "silent": answer_gaps,
        "blank": answer_gaps,
        "unreadable": answer_gaps,
        "missing": answer_missing,
        "latest": answer_latest,
        "issued_on": answer_dates,
        "length": answer_lengths,
        "several_years": _several_years,
        "superseded": _superseded,
        "holdings": answer_holdings,
    }
    aspect = inquiry.plan.aspect or ""
    answer = aspects.get(aspect, answer_report_groups if inquiry.plan.group_by else _count)
    if aspect.startswith(_WITHOUT):
        role = aspect.removeprefix(_WITHOUT)
        return answer_section_gap(inquiry, role) if inquiry.reports else no_reports(inquiry)
    if not inquiry.reports and answer is not answer_missing:
        return no_reports(inquiry)
    return answer(inquiry)


def _count(inquiry: Inquiry) -> Draft:
    """The reports in scope, or their bodies; ``value`` counts them."""
    wording = inquiry.wording
    several_years = len({report.year for report in inquiry.reports}) > 1
    of_bodies = inquiry.plan.subject == "bodies"
    own = _by_body(inquiry.reports)
    members = [_with_years(inquiry, reports) if several_years else reports[0].body for reports in own.values()]
    sentence = wording.say(
        "reports.bodies" if of_bodies else "reports.count",
        scope=inquiry.scope_name,
        reports=len(inquiry.reports),
        bodies=len(own),
        members=wording.members(members),
    )
    cites = cite_titles(inquiry, inquiry.reports)
    return Draft(
        "answered",
        [sentence],
        value=len(own) if of_bodies else len(inquiry.reports),
        unit=wording.phrase("unit.bodies" if of_bodies else "unit.reports"),
        rows=[report_row(report, cites[report.report_id]) for report in inquiry.reports],
        coverage=all_stated(inquiry.reports),
    )


def _by_body(reports: list[Report]) -> dict[str, list[Report]]:
    own: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        own[report.body_id].append(report)
    return own


def _with_years(inquiry: Inquiry, reports: list[Report]) -> str:
    """A body with the years of its reports: 甲镇（2022、2023年）."""
    wording = inquiry.wording
    years = [report.year for report in reports if report.year is not None]
    if not years:
        return reports[0].body
    brackets = "（{}）" if wording.language == "zh" else " ({})"
    return reports[0].body + brackets.format(wording.phrase("scope.years", years=wording.years(years)))


def _several_years(inquiry: Inquiry) -> Draft:
    """Bodies by the number of years that they have reports of: two or more unless the plan's condition says else."""
    plan, wording = inquiry.plan, inquiry.wording
    own = _by_body(inquiry.reports)
    years = {body_id: {r.year for r in reports if r.year is not None} for body_id, reports in own.items()}
    condition = plan.condition
    chosen = [
        reports
        for body_id, reports in own.items()
        if (condition.holds(_number(years[body_id])) if condition else len(years[body_id]) > 1)
    ]
    cites = cite_titles(inquiry, [report for reports in chosen for report in reports])
    how_many = wording.condition(condition, "年") if condition else wording.phrase("reports.two_or_more")
    sentence = wording.say(
        "reports.several_years" if chosen else "reports.none_several_years",
        scope=inquiry.scope_name,
        count=len(chosen),
        how_many=how_many,
        members=wording.members([_with_years(inquiry, reports) for reports in chosen]),
    )
    return Draft(
        "answered",
        [sentence, say_looked_at(inquiry)],
        value=len(chosen),
        unit=wording.phrase("unit.bodies"),
        rows=[report_row(report, cites[report.report_id]) for reports in chosen for report in reports],
        coverage=all_stated(inquiry.reports),
    )


def _number(years: set[int]) -> Decimal:
    return Decimal(len(years))


def _superseded(inquiry: Inquiry) -> Draft:
    """Reports that a later version replaced: kept, and left out of every other answer."""
    wording = inquiry.wording
    scope = replace(stored_scope(inquiry.plan.scope), superseded=True)
    chosen = [report for report in inquiry.index.reports(scope) if report.superseded_by is not None]
    cites = cite_titles(inquiry, chosen)
    sentence = wording.say(
        "reports.superseded" if chosen else "reports.none_superseded",
        scope=inquiry.scope_name,
        count=len(chosen),
        members=wording.members([wording.report(report) for report in chosen]),
    )
    return Draft(
        "answered",
        [sentence],
        value=len(chosen),
        unit=wording.phrase("unit.reports"),
        rows=[report_row(r, cites[r.report_id], note=f"{r.source} → {r.superseded_by}") for r in chosen],
        coverage=all_stated(inquiry.reports),
    )
