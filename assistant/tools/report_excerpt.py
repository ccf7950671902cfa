"""A report's text a part at a time, and reports and sections as an agent names them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.cited_places import PlaceGoneError, find_place, resolve_report
from assistant.answering.permanent_ids import place_id
from assistant.tools.calls import call, file_name, length_of
from assistant.tools.results import LONGEST_RESULT, ReportExcerpt, SectionHeading
from vectorstore.errors import QuestionError
from vectorstore.folding import fold_text
from vectorstore.index import Index
from vectorstore.records import Report, Section, Span

_ENDS = "\n。；！？"
_HOW_TO_FIND = "Ids stand as report_id in the results of ask, search and figures."


def report_named(index: Index, report_id: str) -> Report:
    """The report of an id, of the only id that begins so, or of a place's or a passage's id, as it is read now.

    Raises:
        QuestionError: There is none, or several.
    """
    place = find_place(index, report_id)
    if place is not None:
        return place.report
    asked = re.split("[:.]", report_id.strip())[0]
    try:
        if asked:
            return resolve_report(index, asked)
    except PlaceGoneError as gone:
        if gone.reason != "unknown_report":
            raise QuestionError(f"{gone} {_HOW_TO_FIND}") from None
    raise QuestionError(f"There is no report {report_id!r}. {_HOW_TO_FIND}")


def report_excerpt(report: Report, text: str, section: str | None, start: int, length: int) -> ReportExcerpt:
    """So many characters of a report, or of one section, ending where a sentence does.

    Raises:
        QuestionError: There is no such section, or the report ends before ``start``.
    """
    chosen = None if section is None else _section_named(report, section)
    whole = Span(0, len(text)) if chosen is None else Span(chosen.start, chosen.end)
    begin = max(start, whole.start)
    if begin >= whole.end and begin > 0:
        place = "report" if chosen is None else f"section {chosen.heading!r}"
        raise QuestionError(f"The {place} ends at character {whole.end}; start before it, at {whole.start} or later.")
    headings = _headings(report.sections) if begin == 0 and chosen is None else ()
    excerpt = ReportExcerpt(
        report_id=report.report_id,
        title=report.title,
        body=report.body,
        kind=report.kind,
        region=report.region,
        year=report.year,
        source=file_name(report.source),
        characters=len(text),
        sections=headings,
        other_sections=len([one for one in report.sections if one.heading]) - len(headings) if headings else 0,
        section=None if chosen is None else chosen.heading,
        start=begin,
        end=begin,
        text="",
    )
    end = _end(text, begin, min(begin + length, whole.end), whole.end)
    more = None
    if end < whole.end:
        following = call("read_report", report_id=report.report_id, section=section, start=end, length=length)
        more = f"Characters {begin}–{end} of {whole.start}–{whole.end}; call {following}."
    said = {"text": text[begin:end], "end": end, "more": more, "id": place_id(report.report_id, begin, end, text)}
    return excerpt.model_copy(update=said)


def _end(text: str, begin: int, end: int, last: int) -> int:
    """Where to stop: at the last end of a sentence in the last fifth, if there is one."""
    if end == last:
        return end
    nearest = max(text.rfind(mark, end - (end - begin) // 5, end) for mark in _ENDS)
    return nearest + 1 if nearest > begin else end


def _headings(sections: Sequence[Section]) -> tuple[SectionHeading, ...]:
    """The headings; of a report with very many those of the first level, as many as a quarter of a result holds."""
    chosen = [
        SectionHeading(heading=section.heading, level=section.level, start=section.start, end=section.end)
        for section in sections
        if section.heading
    ]
    if length_of(chosen) > LONGEST_RESULT // 4:
        chosen = [heading for heading in chosen if heading.level == 1]
    while length_of(chosen) > LONGEST_RESULT // 4:
        chosen.pop()
    return tuple(chosen)


def _section_named(report: Report, name: str) -> Section:
    """The section with this heading, else of this role, else the first whose heading holds the name."""
    asked = _plain(name)
    ways = (
        [section for section in report.sections if _plain(section.heading) == asked],
        [section for section in report.sections if section.role is not None and section.role.value == asked],
        [section for section in report.sections if asked and asked in _plain(section.heading)],
    )
    found = next((way for way in ways if way), None)
    if found is None:
        headings = "; ".join(section.heading for section in report.sections if section.level == 1 and section.heading)
        raise QuestionError(f"The report has no section {name!r}; its headings are {headings or 'none'}.")
    return min(found, key=lambda section: (section.level, section.start))


def _plain(heading: str) -> str:
    return "".join(fold_text(heading).split())
