"""Questions about the reports themselves: how many, whose, without tables, missing, dated when, how long."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from fractions import Fraction

from assistant.answer import Coverage, Row, Status
from assistant.answering.absence import no_reports, none_states
from assistant.answering.citations import markers
from assistant.answering.coverage import cover
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.observations import by_unit, conflict_warnings, observe, rows_of
from assistant.answering.report_rows import report_row
from assistant.answering.wording import as_number
from vectorstore.catalogue import catalogue
from vectorstore.records import Report, Span

_PICTURE = re.compile(r"\[(?:image|picture|图片)[^\]\n]*\]")
_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")


def answer_reports(inquiry: Inquiry) -> Draft:
    """Dispatch by the plan's aspect; without one the reports in scope are listed and counted."""
    aspects: dict[str, Callable[[Inquiry], Draft]] = {
        "picture_tables": _picture_tables,
        "no_tables": _no_tables,
        "silent": _silent,
        "missing": _missing,
        "latest": _latest,
        "issued_on": _issued_on,
        "length": _length,
    }
    answer = aspects.get(inquiry.plan.aspect or "", _count)
    if not inquiry.reports and answer is not _missing:
        return no_reports(inquiry)
    return answer(inquiry)


def _count(inquiry: Inquiry) -> Draft:
    """The reports in scope, or their bodies; ``value`` counts them."""
    wording = inquiry.wording
    years: dict[str, list[int]] = defaultdict(list)
    names: dict[str, str] = {}
    for report in inquiry.reports:
        names[report.body_id] = report.body
        if report.year is not None:
            years[report.body_id].append(report.year)
    several_years = len({report.year for report in inquiry.reports}) > 1
    members = []
    for body_id, name in names.items():
        when = wording.phrase("scope.years", years=wording.years(years[body_id])) if years[body_id] else ""
        brackets = "（{}）" if wording.language == "zh" else " ({})"
        members.append(name + brackets.format(when) if several_years and when else name)
    of_bodies = inquiry.plan.subject == "bodies"
    sentence = wording.say(
        "reports.bodies" if of_bodies else "reports.count",
        scope=inquiry.scope_name,
        reports=len(inquiry.reports),
        bodies=len(names),
        members=wording.members(members),
    )
    return Draft(
        "answered",
        [sentence],
        value=len(names) if of_bodies else len(inquiry.reports),
        unit=wording.phrase("unit.bodies" if of_bodies else "unit.reports"),
        rows=[report_row(report, _title(inquiry, report)) for report in inquiry.reports],
        coverage=all_stated(inquiry.reports),
    )


def _picture_tables(inquiry: Inquiry) -> Draft:
    wording = inquiry.wording
    chosen = [report for report in inquiry.reports if report.pictures > 0]
    rows, members = [], []
    for report in chosen:
        text = inquiry.citations.text(report.report_id)
        places = [Span(m.start(), m.end()) for m in _PICTURE.finditer(text)]
        cites = tuple(n for place in places for n in inquiry.citations.cite(report.report_id, place))
        rows.append(report_row(report, cites))
        members.append(wording.report(report) + markers(cites))
    key = "picture_tables" if chosen else "no_pictures"
    sentence = wording.say(
        f"reports.{key}", scope=inquiry.scope_name, count=len(chosen), members=wording.members(members)
    )
    return _listing(inquiry, sentence, rows)


def _no_tables(inquiry: Inquiry) -> Draft:
    """Those of which none of the form's tables could be read; those that lack some are named besides."""
    wording = inquiry.wording
    form = list(catalogue().table_names)
    without = [report for report in inquiry.reports if not report.tables]
    partly = [report for report in inquiry.reports if report.tables and set(report.tables) < set(form)]
    sentence = wording.say(
        "reports.no_tables" if without else "reports.all_tables",
        scope=inquiry.scope_name,
        count=len(without),
        members=wording.members([wording.report(report) for report in without]),
    )
    draft = _listing(inquiry, sentence, [report_row(report, ()) for report in without])
    if partly:
        members = []
        for report in partly:
            tables = wording.join(wording.table(t) for t in form if t not in report.tables)
            members.append(wording.report(report) + wording.phrase("reports.lacks", tables=tables))
        more = wording.say("reports.partly", count=len(partly), members=wording.members(members))
        draft.sentences.insert(1, more)
    return draft


def _silent(inquiry: Inquiry) -> Draft:
    """The reports that give no value for the metrics asked for, each with its state."""
    plan, wording = inquiry.plan, inquiry.wording
    observations = observe(inquiry, plan.metrics)
    if not plan.metrics or not observations:
        return none_states(inquiry, observations)
    units = [unit for unit in by_unit(observations) if any(not o.values for o in unit)]
    unknown = [next(o for o in unit if not o.values) for unit in units]
    colon = "：" if wording.language == "zh" else ": "
    members = [f"{wording.body_year(o.body, o.year)}{colon}{wording.phrase(f'state.{o.state}')}" for o in unknown]
    coverage = cover(inquiry.reports, observations)
    sentence = wording.say(
        "reports.silent" if unknown else "reports.none_silent",
        scope=inquiry.scope_name,
        count=len(unknown),
        metric=wording.metric(plan.metrics, plan.combine),
        members=wording.members(members),
    )
    return Draft(
        "answered",
        [sentence, wording.say("coverage.reports", scope=inquiry.scope_name, count=coverage.in_scope)],
        value=len(unknown),
        unit=wording.phrase("unit.reports"),
        rows=rows_of(inquiry, unknown),
        coverage=coverage,
        warnings=conflict_warnings(inquiry, observations),
    )


def _missing(inquiry: Inquiry) -> Draft:
    """Bodies of the corpus, in the rest of the scope, that have no report for one of the years asked for."""
    plan, wording = inquiry.plan, inquiry.wording
    everything = inquiry.reports_within(plan.scope.model_copy(update={"years": (), "latest": False}))
    if not everything:
        return no_reports(inquiry)
    asked = set(plan.scope.years) or {report.year for report in everything if report.year is not None}
    has: dict[str, set[int]] = defaultdict(set)
    last: dict[str, Report] = {}
    for report in everything:
        last[report.body_id] = report
        if report.year is not None:
            has[report.body_id].add(report.year)
    lacking = [report for body_id, report in last.items() if asked - has[body_id]]
    members = []
    for report in lacking:
        years = has[report.body_id]
        members.append(report.body + (wording.phrase("reports.has_years", years=wording.years(years)) if years else ""))
    sentence = wording.say(
        "reports.missing" if lacking else "reports.none_missing",
        years=wording.years(asked),
        count=len(lacking),
        members=wording.members(members),
    )
    rows = [
        Row(
            report_id=None,
            body=r.body,
            kind=r.kind,
            region=r.region,
            state="silent",
            note=wording.years(has[r.body_id]),
        )
        for r in lacking
    ]
    return Draft(
        "answered",
        [sentence, wording.say("reports.missing_note")],
        value=len(lacking),
        unit=wording.phrase("unit.bodies"),
        rows=rows,
        coverage=all_stated(inquiry.reports),
    )


def _latest(inquiry: Inquiry) -> Draft:
    wording = inquiry.wording
    years = [report.year for report in inquiry.reports if report.year is not None]
    chosen = [report for report in inquiry.reports if not years or report.year == max(years)]
    sentence = wording.say(
        "reports.latest",
        scope=inquiry.scope_name,
        year=max(years, default=wording.phrase("breakdown.unknown_year")),
        members=wording.members([report.body for report in chosen]),
    )
    return _listing(inquiry, sentence, [report_row(report, _title(inquiry, report)) for report in chosen])


def _issued_on(inquiry: Inquiry) -> Draft:
    """The date that each report bears; citing the place where the text says it."""
    wording = inquiry.wording
    clauses, rows, dated = [], [], 0
    for report in inquiry.reports:
        naming = {"body": report.body, "year": wording.year(report.year)}
        if report.issued_on is None:
            clauses.append(wording.phrase("reports.not_issued", **naming))
            rows.append(report_row(report, (), state="silent"))
            continue
        dated += 1
        cites = _date_place(inquiry, report)
        clauses.append(wording.phrase("reports.issued", date=report.issued_on, cites=markers(cites), **naming))
        rows.append(report_row(report, cites, note=report.issued_on))
    status: Status = "answered" if dated == len(rows) else "partial" if dated else "not_in_corpus"
    return Draft(status, [wording.clauses(clauses[:12])], rows=rows, coverage=all_stated(inquiry.reports))


def _date_place(inquiry: Inquiry, report: Report) -> tuple[int, ...]:
    places = [
        Span(m.start(), m.end())
        for m in _DATE.finditer(inquiry.citations.text(report.report_id))
        if f"{int(m[1]):04}-{int(m[2]):02}-{int(m[3]):02}" == report.issued_on
    ]
    return inquiry.citations.cite(report.report_id, places[-1]) if places else ()


def _length(inquiry: Inquiry) -> Draft:
    """The mean number of characters. It is measured here and stated by no report, so no row carries it."""
    wording = inquiry.wording
    mean = Fraction(sum(report.characters for report in inquiry.reports), len(inquiry.reports))
    sentence = wording.say(
        "reports.length", scope=inquiry.scope_name, count=len(inquiry.reports), value=wording.number(mean)
    )
    rows = [report_row(report, (), note=str(report.characters)) for report in inquiry.reports]
    return Draft(
        "answered", [sentence], value=as_number(mean), unit="字", rows=rows, coverage=all_stated(inquiry.reports)
    )


def _listing(inquiry: Inquiry, sentence: str, rows: list[Row]) -> Draft:
    searched = inquiry.wording.say("coverage.reports", scope=inquiry.scope_name, count=len(inquiry.reports))
    return Draft(
        "answered",
        [sentence, searched],
        value=len(rows),
        unit=inquiry.wording.phrase("unit.reports"),
        rows=rows,
        coverage=all_stated(inquiry.reports),
    )


def all_stated(reports: Sequence[Report]) -> Coverage:
    """What is asked of the reports as such, each of them answers."""
    return Coverage(in_scope=len(reports), stated=len(reports))


def _title(inquiry: Inquiry, report: Report) -> tuple[int, ...]:
    """The line of the text that the report is titled with."""
    text = inquiry.citations.text(report.report_id)
    at = re.search(r"[^\n]*(?:年度报告|年报|报告)[^\n]*", text[:2000])
    if at is None:
        return ()
    start = at.start() + len(at[0]) - len(at[0].lstrip())
    return inquiry.citations.cite(report.report_id, Span(start, at.start() + len(at[0].rstrip())))
