"""Questions answered in a report's own words: sentences quoted, grouped by report, each cited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.answer import Row
from assistant.answering.coverage import cover_found
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.report_rows import report_row
from assistant.prose.application_subjects import application_subjects
from assistant.prose.containment import answer_containment, named_in_texts
from assistant.prose.enumerations import items_of
from assistant.prose.finders import sentence_around
from assistant.prose.quoting import quote_each, say_no_section, say_whose
from assistant.prose.relevance import answer_types_of, sentences_of
from assistant.prose.searching import REPORTS_QUOTED, SENTENCES_QUOTED, answer_search
from assistant.prose.sections import (
    admission_of,
    asks_for_both,
    below_heading,
    headed_section,
    role_of,
    section_items,
    sections_of,
)
from assistant.prose.side_by_side import differences
from assistant.prose.themes import APPLICATION_SUBJECTS, answer_themes
from vectorstore.records import Report, SectionRole, Span


def answer_passages(inquiry: Inquiry) -> Draft:
    """Sentences that answer: holding what was asked who does, of a named section, or found by search."""
    plan = inquiry.plan
    if not inquiry.reports:
        return named_in_texts(inquiry)
    role = role_of(plan.aspect)
    draft = answer_containment(inquiry) or _answer_subjects(inquiry)
    if draft is not None:
        return draft
    if role is not None and len({r.body_id for r in inquiry.reports}) <= REPORTS_QUOTED:
        draft = _answer_section(inquiry, role)
        if draft is not None:
            return draft
    return _answer_headed(inquiry) or answer_search(inquiry)


def _answer_subjects(inquiry: Inquiry) -> Draft | None:
    """What was applied for: of named bodies the sentences that tell it, else what recurs; ``None`` where none tells."""
    if not any(kind.name == APPLICATION_SUBJECTS for kind in answer_types_of(inquiry.plan.words)):
        return None
    if not inquiry.plan.scope.bodies:
        inner = inquiry.with_plan(inquiry.plan.model_copy(update={"aspect": APPLICATION_SUBJECTS}))
        draft = answer_themes(inner)
        return draft if draft.status == "answered" else None
    quoted = {}
    for report in inquiry.reports:
        text = inquiry.citations.text(report.report_id)
        subjects = application_subjects(report, text)
        quoted[report.report_id] = list(dict.fromkeys(sentence_around(text, s.start, s.end) for s in subjects))
    return _quoted(inquiry, quoted) if any(quoted.values()) else None


def _quoted(inquiry: Inquiry, quoted: Mapping[str, Sequence[Span]]) -> Draft:
    """Sentences of each report, by its id, in order; a report without any is said to say nothing."""
    lines: list[str] = []
    rows: list[Row] = []
    for report in inquiry.reports:
        spans = quoted.get(report.report_id, ())
        quotes, numbers = quote_each(inquiry, report, spans)
        lines += [say_whose(inquiry, report) if spans else say_no_section(inquiry, report), *quotes]
        if numbers:
            rows.append(report_row(report, tuple(numbers)))
    found = {row.report_id for row in rows if row.report_id}
    return Draft("answered", lines, rows=rows, coverage=cover_found(inquiry.reports, found), separator="\n")


def _answer_section(inquiry: Inquiry, role: SectionRole) -> Draft | None:
    """The items of one kind of section, in order, of each report; ``None`` where no report has such a section."""
    wording = inquiry.wording
    lines: list[str] = []
    rows: list[Row] = []
    found: set[str] = set()
    said: dict[tuple[str, int | None], list[str]] = {}
    aspects = _aspects(inquiry, role)
    for report in inquiry.reports:
        text = inquiry.citations.text(report.report_id)
        items_of_aspect = {aspect: _admitted(report, text, role, aspect) for aspect in aspects}
        if not any(items_of_aspect.values()):
            lines.append(say_no_section(inquiry, report))
            continue
        found.add(report.report_id)
        if role is SectionRole.PROBLEMS and len(aspects) == 1:
            items = items_of_aspect[aspects[0]]
            said.setdefault((report.body, report.year), []).extend(item.of(text) for item in items)
        lines.append(say_whose(inquiry, report))
        numbers: list[int] = []
        for aspect, items in items_of_aspect.items():
            if len(aspects) > 1 and aspect and items:
                lines.append(wording.say("passages.part", what=wording.phrase(f"themes.{aspect}")))
            quotes, cited = quote_each(inquiry, report, items, counted=True)
            lines += quotes
            numbers += cited
        rows.append(report_row(report, tuple(dict.fromkeys(numbers))))
    if not found:
        return None
    lines += differences(inquiry, said)
    return Draft("answered", lines, rows=rows, coverage=cover_found(inquiry.reports, found), separator="\n")


def _admitted(report: Report, text: str, role: SectionRole, aspect: str | None) -> list[Span]:
    """The items of a section; of problems without what only praises, unless that is all there is."""
    items = section_items(report, text, role, aspect)
    if aspect != "problems":
        return items
    return [admitted for item in items if (admitted := admission_of(text, item)) is not None] or items


def _answer_headed(inquiry: Inquiry) -> Draft | None:
    """What stands under the heading that names what was asked for; ``None`` where no report has one."""
    if len({r.body_id for r in inquiry.reports}) > REPORTS_QUOTED:
        return None
    lines: list[str] = []
    rows: list[Row] = []
    for report in inquiry.reports:
        section = headed_section(report, inquiry.plan.words)
        if section is None:
            continue
        text = inquiry.citations.text(report.report_id)
        quotes, numbers = quote_each(inquiry, report, items_of(text, below_heading(section)), counted=True)
        lines += [say_whose(inquiry, report), *quotes]
        rows.append(report_row(report, tuple(numbers)))
    if not any(row.citations for row in rows):
        return None
    found = {row.report_id for row in rows if row.report_id}
    return Draft("answered", lines, rows=rows, coverage=cover_found(inquiry.reports, found), separator="\n")


def _aspects(inquiry: Inquiry, role: SectionRole) -> list[str | None]:
    """The aspects asked for: problems and improvements both, where the question names both."""
    if role is SectionRole.PROBLEMS and asks_for_both(f"{inquiry.question} {inquiry.plan.words}"):
        return ["problems", "improvement"]
    return [inquiry.plan.aspect]


def quote_about_applications(inquiry: Inquiry) -> list[str]:
    """What the prose of the reports in scope says in its section on applications, quoted with citations."""
    quotes: list[str] = []
    for report in inquiry.reports[:REPORTS_QUOTED]:
        text = inquiry.citations.text(report.report_id)
        for section in sections_of(report, SectionRole.APPLICATIONS):
            body = below_heading(section)
            spans = sentences_of(text, body.start, body.end)[:SENTENCES_QUOTED]
            quotes += quote_each(inquiry, report, spans)[0]
    return quotes
