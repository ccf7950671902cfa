"""Places of one report quoted line by line, each cited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from assistant.answering.citations import markers
from assistant.answering.inquiry import Inquiry
from vectorstore.records import Report, Span


def quote_each(
    inquiry: Inquiry, report: Report, spans: Iterable[Span], *, counted: bool = False
) -> tuple[list[str], list[int]]:
    """A line for each place, in order, and the numbers of their citations.

    Args:
        counted: Whether the lines are numbered from 1.
    """
    wording, text = inquiry.wording, inquiry.citations.text(report.report_id)
    key = "passages.item" if counted else "passages.quote"
    lines: list[str] = []
    numbers: list[int] = []
    for position, span in enumerate(spans, start=1):
        cites = inquiry.citations.cite(report.report_id, span)
        numbers += cites
        lines.append(wording.say(key, n=position, quote=wording.quote(span.of(text)), cites=markers(cites)))
    return lines, numbers


def say_whose(inquiry: Inquiry, report: Report) -> str:
    """The line above what is quoted of a report: its body and year."""
    wording = inquiry.wording
    return wording.say("passages.group", body=report.body, year=wording.year(report.year))


def say_no_section(inquiry: Inquiry, report: Report) -> str:
    """The line of a report that has nothing to quote."""
    wording = inquiry.wording
    return wording.say("passages.no_section", body=report.body, year=wording.year(report.year))


def cited_bodies(inquiry: Inquiry, cited: Sequence[tuple[Report, Sequence[int]]]) -> list[str]:
    """Each body once, with its years and their citations."""
    wording = inquiry.wording
    years: dict[str, list[str]] = defaultdict(list)
    for report, cites in cited:
        years[report.body].append(f"{wording.year(report.year)}{markers(cites)}")
    brackets = "（{}）" if wording.language == "zh" else " ({})"
    return [body + brackets.format(wording.join(of_body)) for body, of_body in years.items()]
