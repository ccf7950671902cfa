"""Questions answered in a report's own words: sentences quoted, grouped by report, each cited."""

from __future__ import annotations

from assistant.answer import Row
from assistant.answering.citations import markers
from assistant.answering.coverage import cover_found
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.report_rows import report_row
from assistant.prose.containment import answer_containment, named_in_texts
from assistant.prose.relevance import sentences_of
from assistant.prose.searching import REPORTS_QUOTED, SENTENCES_QUOTED, answer_search
from assistant.prose.sections import asks_for_both, headed_section, items_of, part_of_section, role_of, sections_of
from vectorstore.records import Report, SectionRole, Span


def answer_passages(inquiry: Inquiry) -> Draft:
    """Sentences that answer: holding what was asked who does, of a named section, or found by search."""
    plan = inquiry.plan
    if not inquiry.reports:
        return named_in_texts(inquiry)
    role = role_of(plan.aspect)
    draft = answer_containment(inquiry)
    if draft is not None:
        return draft
    if role is not None and len({r.body_id for r in inquiry.reports}) <= REPORTS_QUOTED:
        draft = _answer_section(inquiry, role)
        if draft is not None:
            return draft
    return _answer_headed(inquiry) or answer_search(inquiry)


def _answer_section(inquiry: Inquiry, role: SectionRole) -> Draft | None:
    """The items of one kind of section, in order, of each report; ``None`` where no report has such a section."""
    wording = inquiry.wording
    lines: list[str] = []
    rows: list[Row] = []
    found: set[str] = set()
    aspects = _aspects(inquiry, role)
    for report in inquiry.reports:
        text = inquiry.citations.text(report.report_id)
        items_of_aspect = {aspect: section_items(report, text, role, aspect) for aspect in aspects}
        if not any(items_of_aspect.values()):
            lines.append(wording.say("passages.no_section", body=report.body, year=wording.year(report.year)))
            continue
        found.add(report.report_id)
        lines.append(wording.say("passages.group", body=report.body, year=wording.year(report.year)))
        numbers: list[int] = []
        for aspect, items in items_of_aspect.items():
            if len(aspects) > 1 and aspect and items:
                lines.append(wording.say("passages.part", what=wording.phrase(f"themes.{aspect}")))
            for position, item in enumerate(items, start=1):
                cites = inquiry.citations.cite(report.report_id, item)
                numbers += cites
                quote = wording.quote(item.of(text))
                lines.append(wording.say("passages.item", n=position, quote=quote, cites=markers(cites)))
        rows.append(report_row(report, tuple(dict.fromkeys(numbers))))
    if not found:
        return None
    return Draft("answered", lines, rows=rows, coverage=cover_found(inquiry.reports, found), separator="\n")


def _answer_headed(inquiry: Inquiry) -> Draft | None:
    """What stands under the heading that names what was asked for; ``None`` where no report has one."""
    wording = inquiry.wording
    lines: list[str] = []
    rows: list[Row] = []
    if len({r.body_id for r in inquiry.reports}) > REPORTS_QUOTED:
        return None
    for report in inquiry.reports:
        section = headed_section(report, inquiry.plan.words)
        if section is None:
            continue
        text = inquiry.citations.text(report.report_id)
        part = Span(min(section.start + len(section.heading), section.end), section.end)
        numbers: list[int] = []
        lines.append(wording.say("passages.group", body=report.body, year=wording.year(report.year)))
        for position, item in enumerate(items_of(text, part), start=1):
            cites = inquiry.citations.cite(report.report_id, item)
            numbers += cites
            quote = wording.quote(item.of(text))
            lines.append(wording.say("passages.item", n=position, quote=quote, cites=markers(cites)))
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


def section_items(report: Report, text: str, role: SectionRole, aspect: str | None) -> list[Span]:
    """The items of a report's sections of a role, in the order of the text."""
    return [
        item
        for section in sections_of(report, role)
        for part in part_of_section(report, text, section, aspect)
        for item in items_of(text, part)
    ]


def quote_about_applications(inquiry: Inquiry) -> list[str]:
    """What the prose of the reports in scope says in its section on applications, quoted with citations."""
    quotes = []
    for report in inquiry.reports[:REPORTS_QUOTED]:
        text = inquiry.citations.text(report.report_id)
        for section in sections_of(report, SectionRole.APPLICATIONS):
            start = min(section.start + len(section.heading), section.end)
            for span in sentences_of(text, start, section.end)[:SENTENCES_QUOTED]:
                cites = markers(inquiry.citations.cite(report.report_id, span))
                quote = inquiry.wording.quote(span.of(text))
                quotes.append(inquiry.wording.say("passages.quote", quote=quote, cites=cites))
    return quotes
