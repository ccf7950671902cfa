"""Who didn't report: by the register of bodies that should, or, without one, among the bodies that the corpus knows."""

from __future__ import annotations

from collections import defaultdict

from assistant.answer import Row
from assistant.answering.absence import no_reports
from assistant.answering.citations import markers
from assistant.answering.inquiry import Draft, Inquiry, stored_scope
from assistant.answering.missing import missing_reports, name_missing
from assistant.answering.report_rows import all_stated
from assistant.corpus.titles import cite_titles
from vectorstore.records import MissingReports, RegisteredBody, Report


def answer_missing(inquiry: Inquiry) -> Draft:
    """The bodies that lack a report of one of the years asked for, or of any that the corpus holds reports of."""
    inquiry = inquiry.of_any_year()
    registered = inquiry.index.register(stored_scope(inquiry.plan.scope))
    if registered is None or (inquiry.plan.scope.bodies and not registered):
        return _among_the_known(inquiry, "reports.missing_note" if registered is None else "missing.not_registered")
    return _by_register(inquiry, registered, missing_reports(inquiry) or [])


def _by_register(inquiry: Inquiry, due: list[RegisteredBody], missing: list[MissingReports]) -> Draft:
    wording = inquiry.wording
    years = inquiry.plan.scope.years
    when = wording.phrase("missing.when", years=wording.years(years)) if years else ""
    if missing:
        first = name_missing(inquiry, missing, "these")
    else:
        key = "none" if due else "none_due"
        first = wording.say(f"missing.{key}", scope=inquiry.scope_name, due=len(due), when=when)
    sentences = [first]
    if due:
        reported = len(due) - len(missing)
        sentences.append(wording.say("missing.register", due=len(due), reported=reported, count=len(missing)))
    homonyms = sum(len(entry.bodies) > 1 for entry in due)
    if homonyms:
        sentences.append(wording.say("missing.homonyms", count=homonyms))
    known = {body.body_id for entry in inquiry.index.register() or () for body in entry.bodies}
    strangers = {report.body_id for report in inquiry.reports} - known
    if strangers:
        sentences.append(wording.say("missing.unregistered", count=len(strangers)))
    return Draft(
        "answered",
        sentences,
        value=len(missing),
        unit=wording.phrase("unit.bodies"),
        rows=[_row(m, year) for m in missing for year in m.years],
        coverage=all_stated(inquiry.reports),
    )


def _row(missing: MissingReports, year: int) -> Row:
    entry = missing.registered
    known = entry.bodies[0] if len(entry.bodies) == 1 else None
    return Row(
        report_id=None,
        body=entry.name,
        kind=known.kind if known else entry.kind,
        region=known.region if known else entry.region,
        year=year,
        state="missing",
    )


def _among_the_known(inquiry: Inquiry, note: str) -> Draft:
    """Without a register: bodies of the corpus, in the rest of the scope, that have no report of a year asked for.

    Args:
        note: The sentence that says why it isn't told by a register.
    """
    plan, wording = inquiry.plan, inquiry.wording
    everything = inquiry.reports_within(plan.scope.model_copy(update={"years": ()}))
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
        "reports.missing" if lacking else "reports.has_report" if len(last) == 1 else "reports.none_missing",
        years=wording.years(asked),
        count=len(lacking),
        members=wording.members(members),
        who=_who(inquiry),
        cites=_found(inquiry),
    )
    rows = [
        Row(report_id=None, body=r.body, kind=r.kind, region=r.region, year=year, state="missing")
        for r in lacking
        for year in sorted(asked - has[r.body_id])
    ]
    return Draft(
        "answered",
        [sentence, wording.say(note)],
        value=len(lacking),
        unit=wording.phrase("unit.bodies"),
        rows=rows,
        coverage=all_stated(inquiry.reports),
    )


def _who(inquiry: Inquiry) -> str:
    """The scope without its years, in words."""
    scope = inquiry.plan.scope.model_copy(update={"years": ()})
    names = [body.name for body in inquiry.bodies.values()]
    is_narrow = scope.bodies or scope.kinds or scope.names or scope.regions
    return inquiry.wording.scope(scope, names) if is_narrow else inquiry.wording.phrase("scope.bodies")


def _found(inquiry: Inquiry) -> str:
    """The titles of the reports of bodies that are asked for by name."""
    if not inquiry.bodies:
        return ""
    return markers(n for cites in cite_titles(inquiry, inquiry.reports).values() for n in cites)
