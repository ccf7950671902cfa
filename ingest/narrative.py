"""A report's prose: the figures and mentions that its paragraphs state."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ingest.documents import Document, Line
from ingest.prose import read
from ingest.statements import Remainder, Statement
from ingest.subjects import is_own
from ingest.territory import counts_more_than
from vectorstore.catalogue import catalogue
from vectorstore.records import Body, Figure, Mention, Origin, Section, SectionRole, State

# What is wrong and what is planned: numbers there are of no year's work, and "未…" is a fault, not a count.
_PLANS = frozenset({SectionRole.PROBLEMS})
# Held by the issuer even where another body is named beside them.
_OWN_EVENTS = frozenset({"training_sessions", "open_day_events"})


@dataclass(frozen=True, slots=True)
class Narrative:
    """What the prose of one report states.

    Attributes:
        figures: In the order of the text.
        mentions: Every other number, in the order of the text.
        other_bodies: Bodies that figures are about besides the issuer.
    """

    figures: tuple[Figure, ...] = ()
    mentions: tuple[Mention, ...] = ()
    other_bodies: tuple[Body, ...] = ()


def read_statements(
    text: str, *, year: int | None, role: SectionRole | None = None, heading: str = ""
) -> list[Statement]:
    """The statements of a piece of prose, in its order; spans refer to ``text``.

    Args:
        year: The statistics year; a clause that names another one is about that year.
        role, heading: Of the section that the text stands in.
    """
    found: list[Statement] = []
    for start, end in _lines(text):
        found.extend(read(text[start:end], year=year, role=role, heading=heading, offset=start).statements)
    return found


def read_narrative(
    document: Document,
    sections: Sequence[Section],
    *,
    report_id: str,
    body_id: str,
    year: int | None,
    body_name: str,
    stated: Collection[str] = frozenset(),
) -> Narrative:
    """The figures and mentions that the lines of a document state.

    Args:
        sections: The report's sections, at any level; the innermost one gives a paragraph its topic.
        body_name: The issuer's; a clause about a longer territory (全市, in a street's report) is no figure of it.
        stated: Metrics that the form gives values of: what prose says of their parts makes no total beside them.
    """
    found: list[tuple[Statement, int | None]] = []
    remainders: list[Remainder] = []
    for block in document.blocks:
        if not isinstance(block, Line):
            continue
        start, end = block.span.start, block.span.end
        section = _innermost(sections, start)
        heading = section.heading if section else ""
        if section and start == section.start:
            start = _after_heading(document.text, start, end, heading)
            if start >= end:
                continue
        role = _role(sections, start)
        reading = read(document.text[start:end], year=year, role=role, heading=heading, offset=start)
        remainders.extend(reading.remainders)
        for statement in reading.statements:
            if _is_figure(statement, role, body_name, year):
                found.append((statement, block.page))
            else:
                remainders.append(_remainder(statement))
    whole = {(s.metric, s.year_offset) for s, _ in found if not s.from_parts and not s.column}
    whole |= {(metric, 0) for metric in stated}
    parts = [s for s, _ in found if s.from_parts and (s.metric, s.year_offset) in whole]
    remainders.extend(_remainder(s) for s in parts if s.state is not State.DERIVED)
    figures = [_figure(s, report_id, body_id, year, page) for s, page in found if s not in parts]
    mentions = [_mention(remainder, report_id, body_id, year) for remainder in remainders]
    figures.sort(key=lambda figure: figure.start)
    mentions.sort(key=lambda mention: mention.start)
    return Narrative(tuple(figures), tuple(mentions))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield start, start + len(line)
        start += len(line)


def _innermost(sections: Sequence[Section], offset: int) -> Section | None:
    around = [section for section in sections if section.start <= offset < section.end]
    return max(around, key=lambda section: (section.level, section.start), default=None)


def _role(sections: Sequence[Section], offset: int) -> SectionRole | None:
    around = sorted(
        (section for section in sections if section.start <= offset < section.end and section.role is not None),
        key=lambda section: (section.level, section.start),
    )
    if any(section.role in _PLANS for section in around):
        return SectionRole.PROBLEMS
    return around[-1].role if around else None


def _after_heading(text: str, start: int, end: int, heading: str) -> int:
    """Where the prose begins on a line that a heading opens; the line's end if it is the heading alone."""
    at = start + len(heading)
    if not heading or text[start:at] != heading:
        return start
    while at < end and text[at] in " \t\u3000。：:.，":
        at += 1
    return at


def _is_figure(statement: Statement, role: SectionRole | None, body_name: str, year: int | None) -> bool:
    if role in _PLANS or statement.metric not in catalogue().metrics:
        return False
    if statement.year_offset > 0:
        return False
    if statement.subject and statement.metric not in _OWN_EVENTS and not is_own(statement.subject, body_name):
        return False
    return not (statement.territory and counts_more_than(statement.territory, body_name))


def _figure(statement: Statement, report_id: str, body_id: str, year: int | None, page: int | None) -> Figure:
    metric = catalogue().metrics[statement.metric]
    return Figure(
        report_id=report_id,
        body_id=body_id,
        metric=statement.metric,
        column=statement.column,
        year=statement.year if year is None else year + statement.year_offset,
        value=statement.value,
        state=statement.state,
        unit=metric.unit,
        origin=Origin.DERIVED if statement.state is State.DERIVED else Origin.NARRATIVE,
        start=statement.start,
        end=statement.end,
        qualifier=statement.qualifier,
        page=page,
        note=statement.note,
    )


def _remainder(statement: Statement) -> Remainder:
    name = catalogue().metrics[statement.metric].name_zh if statement.metric in catalogue().metrics else ""
    counted = f"{statement.territory}{name}" if statement.territory else name
    return Remainder(
        statement.value, statement.unit, counted, statement.qualifier, statement.start, statement.end, statement.year
    )


def _mention(remainder: Remainder, report_id: str, body_id: str, year: int | None) -> Mention:
    return Mention(
        report_id=report_id,
        body_id=body_id,
        year=remainder.year or year,
        value=remainder.value,
        unit=remainder.unit,
        counted=remainder.counted,
        qualifier=remainder.qualifier,
        start=remainder.start,
        end=remainder.end,
    )
