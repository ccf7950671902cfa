"""The Answer of a survey: the reports that say yes, each with its words, and what became of all the others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.answer import Answer, Corpus, Coverage, Row, RowState, Status, WithoutValue
from assistant.answering.absence import no_reports
from assistant.answering.citations import Numbering, markers
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.report_rows import report_row
from assistant.execution import plan_as_json
from assistant.language_models.surveying.records import OUTCOMES, Outcome, ReportVerdict
from assistant.language_models.warnings import failure_reason
from vectorstore.batches import batched
from vectorstore.errors import OutdatedAnswerError
from vectorstore.records import Report, Span

REPORTS_QUOTED = 8
_GLUED_MARKER = re.compile(r"(?<=[^\s\]])\[(?=\d+\])")
_SILENT: dict[Outcome, RowState] = {"no": "silent"}
"""What was not told, failed or was not read is unknown: never silence."""


def standing_verdicts(
    inquiry: Inquiry, reports: Sequence[Report], verdicts: Mapping[str, ReportVerdict]
) -> list[ReportVerdict]:
    """A verdict for each report, in their order: of what is in the index now, and with quotes that are in it."""
    standing = [verdicts.get(report.report_id) or ReportVerdict(report.report_id, "not_read") for report in reports]
    present = inquiry.all_reports
    quoted = [v.report_id for v in standing if v.outcome == "yes" and v.report_id in present]
    held: set[str] = set()
    for ids in batched(quoted):
        try:
            inquiry.citations.load(ids)
        except OutdatedAnswerError:
            continue
        for report_id in ids:
            verdict = verdicts[report_id]
            if verdict.start is not None and verdict.end is not None:
                words = inquiry.citations.text(report_id)[verdict.start : verdict.end]
                if words == verdict.quote and words:
                    held.add(report_id)
    return [
        ReportVerdict(v.report_id, "not_read", why="gone")
        if v.report_id not in present or (v.outcome == "yes" and v.report_id not in held)
        else v
        for v in standing
    ]


def answer_survey(
    inquiry: Inquiry,
    reports: Sequence[Report],
    verdicts: Sequence[ReportVerdict],
    *,
    model: str,
    ended: str,
    tables: bool = False,
) -> Answer:
    """The answer to what verdicts say.

    Args:
        verdicts: One for each report, in the same order; see `standing_verdicts`.
        model: Its name.
        ended: Why not all were read: ``stopped``, ``budget``, ``server``; empty where all were.
        tables: Whether it was shown the tables.
    """
    draft = _draft(inquiry, reports, verdicts, model, ended, tables) if reports else no_reports(inquiry)
    separator = draft.separator or (" " if inquiry.plan.language == "en" else "")
    numbered = Numbering(separator.join(filter(None, draft.sentences)), draft.rows, inquiry.citations)
    text = numbered.text
    return Answer(
        question=inquiry.question,
        language=inquiry.plan.language,
        status=draft.status,
        text=_GLUED_MARKER.sub(" [", text) if inquiry.plan.language == "en" else text,
        value=draft.value,
        unit=draft.unit,
        rows=numbered.rows,
        citations=numbered.citations,
        coverage=draft.coverage,
        plan=plan_as_json(inquiry.plan),
        warnings=tuple(dict.fromkeys(draft.warnings)),
        corpus=Corpus(reports=len(inquiry.index.reports()), fingerprint=inquiry.index.fingerprint),
    )


def _draft(
    inquiry: Inquiry, reports: Sequence[Report], verdicts: Sequence[ReportVerdict], model: str, ended: str, tables: bool
) -> Draft:
    wording = inquiry.wording
    of = {
        outcome: [(r, v) for r, v in zip(reports, verdicts, strict=True) if v.outcome == outcome]
        for outcome in OUTCOMES
    }
    unread = len(of["not_read"])
    read = len(reports) - unread - len(of["failed"])
    counts = [wording.phrase(f"survey.n_{outcome}", n=len(found)) for outcome, found in of.items() if found]
    if read and not of["yes"]:
        counts.insert(0, wording.phrase("survey.n_none"))
    head = wording.say(
        "survey.head",
        scope=inquiry.scope_name,
        count=len(reports),
        read=read,
        model=model,
        parts=wording.join(counts) if wording.language == "en" else "，".join(counts),
    )
    rows, lines = _members(inquiry, of["yes"])
    warnings = [wording.say(f"survey.ended_{ended}", count=unread)] if ended and unread else []
    warnings += _not_told(inquiry, of)
    notes = _notes(inquiry, verdicts, tables=tables) if read else []
    unknown = len(of["unverified"]) + len(of["failed"]) + unread
    status: Status = "partial" if unknown else "answered"
    return Draft(
        status,
        [head, *lines, *notes],
        value=len(rows) if read else None,
        unit=wording.phrase("unit.reports"),
        rows=rows,
        coverage=_coverage(reports, verdicts),
        warnings=warnings,
        separator="\n",
    )


def _members(inquiry: Inquiry, found: Sequence[tuple[Report, ReportVerdict]]) -> tuple[list[Row], list[str]]:
    """A row for each report that says yes, and the first few in words."""
    wording = inquiry.wording
    rows: list[Row] = []
    lines: list[str] = []
    for n, (report, verdict) in enumerate(found, 1):
        span = Span(verdict.start or 0, verdict.end or 0)
        cites = inquiry.citations.cite(report.report_id, span)
        rows.append(report_row(report, cites, note=verdict.quote))
        if n <= REPORTS_QUOTED:
            name, quote = wording.body_year(report.body, report.year), wording.quote(verdict.quote)
            lines.append(wording.say("survey.member", n=n, name=name, quote=quote, cites=markers(cites)))
    if len(found) > REPORTS_QUOTED:
        lines.append(wording.say("survey.more", count=len(found) - REPORTS_QUOTED))
    return rows, lines


def _not_told(inquiry: Inquiry, of: Mapping[Outcome, Sequence[tuple[Report, ReportVerdict]]]) -> list[str]:
    """The reports of which it isn't known, by what became of them; why calls failed by the first one."""
    wording = inquiry.wording
    said = []
    outcomes: tuple[Outcome, ...] = ("unclear", "unverified", "failed")
    for outcome in outcomes:
        if not of[outcome]:
            continue
        names = wording.members([wording.body_year(report.body, report.year) for report, _ in of[outcome]])
        said.append(wording.say(f"survey.names_{outcome}", names=names))
    problem = next((verdict.problem for _, verdict in of["failed"] if verdict.problem), "")
    if problem:
        said.append(wording.say("survey.problem", problem=failure_reason(problem, wording.language)))
    return said


def _notes(inquiry: Inquiry, verdicts: Sequence[ReportVerdict], *, tables: bool) -> list[str]:
    """What an answer by a model rests on, and what that doesn't tell."""
    wording = inquiry.wording
    notes = [] if tables else [wording.say("survey.tables")]
    if part := sum(v.read == "part" and v.outcome != "not_read" for v in verdicts):
        notes.append(wording.say("survey.part", count=part))
    if withheld := sum(v.withheld > 0 for v in verdicts):
        notes.append(wording.say("survey.withheld", count=withheld))
    return [*notes, wording.say("survey.means")]


def _coverage(reports: Sequence[Report], verdicts: Sequence[ReportVerdict]) -> Coverage:
    """A yes counts as stated, a no as silent, and all else as what could not be read with certainty."""
    told = [
        (r, _SILENT.get(v.outcome, "unreadable")) for r, v in zip(reports, verdicts, strict=True) if v.outcome != "yes"
    ]
    silent = sum(state == "silent" for _, state in told)
    return Coverage(
        in_scope=len(reports),
        stated=len(reports) - len(told),
        silent=silent,
        unreadable=len(told) - silent,
        without_value=tuple(
            WithoutValue(report_id=r.report_id, body=r.body, year=r.year, state=state) for r, state in told
        ),
    )
