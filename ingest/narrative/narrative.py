"""A report's prose: the figures and mentions that its paragraphs state."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.documents import Document, Line
from ingest.narrative.other_bodies import OtherBodies
from ingest.narrative.prose import read
from ingest.narrative.sentence_context import EVENTS
from ingest.narrative.statements import Reading, Remainder, Statement
from ingest.narrative.subjects import is_own
from ingest.narrative.territory import counts_more_than
from vectorstore.catalogue import catalogue
from vectorstore.records import Body, Figure, Kind, Mention, Origin, Section, SectionRole, State

# What is wrong and what is planned: numbers there are of no year's work, and "未…" is a fault, not a count.
_HEARS_DISPUTES = re.compile(r"司法|法制|法院|检察|复议|仲裁")
_OF_DISPUTE = ("review_", "lit_", "litigation_")
_OF_DISPUTES = frozenset({SectionRole.APPLICATIONS, SectionRole.DISPUTE_TABLE})
_PLANS = frozenset({SectionRole.PROBLEMS})


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
    issuer: Body,
    year: int | None,
    stated: Mapping[str, Decimal] | None = None,
) -> Narrative:
    """The figures and mentions that the lines of a document state.

    Args:
        sections: The report's sections, at any level; the innermost one gives a paragraph its topic.
        issuer: Whose report it is: a clause about a larger territory (全市, in a street's report) is no figure of it,
            and a body that a clause names is looked for in its region.
        stated: The form's values by metric: what prose says of a part makes no total beside them, unless it is more.
    """
    found: list[tuple[Statement, int | None]] = []
    of_others: list[tuple[Statement, Body, int | None]] = []
    remainders: list[Remainder] = []
    others = OtherBodies(issuer, document.text)
    for block, role, reading in _readings(document, sections, year):
        if _HEARS_DISPUTES.search(issuer.name):
            _leave_heard(reading, role, document.text)
        remainders.extend(reading.remainders)
        for statement in (*reading.statements, *reading.of_others):
            other = _other_body(statement, role, others)
            if other and statement.metric in EVENTS and other.kind is Kind.GOVERNMENT_OFFICE:
                other = None  # what a government's office holds, it holds for the government
            if _is_figure(statement, role, issuer) and not (other and statement.metric in EVENTS):
                found.append((statement, block.page))
            elif other and statement.metric not in EVENTS:
                of_others.append((statement, other, block.page))
            else:
                remainders.append(_remainder(statement))
    kept, left_over = _choose([statement for statement, _ in found], stated or {})
    remainders.extend(map(_remainder, left_over))
    figures = [_figure(s, report_id, issuer.body_id, year, page) for s, page in found if s in kept]
    figures += [_figure(s, report_id, other.body_id, year, page) for s, other, page in of_others]
    mentions = [_mention(remainder, report_id, issuer.body_id, year) for remainder in remainders]
    figures.sort(key=lambda figure: figure.start)
    mentions.sort(key=lambda mention: mention.start)
    bodies = {other.body_id: other for _, other, _ in of_others}
    return Narrative(tuple(figures), tuple(mentions), tuple(bodies.values()))


def _leave_heard(reading: Reading, role: SectionRole | None, text: str) -> None:
    """Make remainders of the disputes that a bureau of justice hears: none of them need be about its disclosure."""
    if role in _OF_DISPUTES:
        return
    heard = [
        s
        for s in reading.statements
        if s.metric.startswith(_OF_DISPUTE) and s.value and "公开" not in text[s.start : s.end]
    ]
    reading.statements[:] = [s for s in reading.statements if s not in heard]
    reading.remainders.extend(map(_remainder, heard))


def _choose(found: Sequence[Statement], stated: Mapping[str, Decimal]) -> tuple[set[Statement], list[Statement]]:
    """The statements that are figures, and those that give way to others: parts to totals, single events to counts.

    Args:
        stated: The form's values by metric. A part of more than every total is a contradiction and stays.
    """
    undated = {s.metric for s in found if not s.dated}
    events = Counter(s.metric for s in found if s.dated)
    told = {s for s in found if s.dated and (s.metric in undated or events[s.metric] > 1)}
    whole = {(metric, 0): value for metric, value in stated.items()}
    for s in found:
        if s not in told and not s.from_parts and not s.column:
            key = s.metric, s.year_offset
            whole[key] = max(s.value, whole.get(key, s.value))
    parts = {s for s in found if s.from_parts and s.value <= whole.get((s.metric, s.year_offset), -1)}
    left_over = [s for s in found if s in told or (s in parts and s.state is not State.DERIVED)]
    return set(found) - told - parts, left_over


def _readings(
    document: Document, sections: Sequence[Section], year: int | None
) -> Iterator[tuple[Line, SectionRole | None, Reading]]:
    """The lines of prose, in order, with the role of their section and what they state."""
    for block in document.blocks:
        if not isinstance(block, Line):
            continue
        start, end = block.span.start, block.span.end
        section = _innermost(sections, start)
        heading = section.heading if section else ""
        if section and start == section.start:
            after = _after_heading(document.text, start, end, heading)
            if after >= end and not heading.rstrip().endswith(("。", "；", ";")):
                continue
            start = after if after < end else start  # （一）2023年无收费情况。
        role = _role(sections, start)
        yield block, role, read(document.text[start:end], year=year, role=role, heading=heading, offset=start)


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


def _may_state(statement: Statement, role: SectionRole | None) -> bool:
    return role not in _PLANS and statement.metric in catalogue().metrics and statement.year_offset <= 0


def _is_figure(statement: Statement, role: SectionRole | None, issuer: Body) -> bool:
    if not _may_state(statement, role):
        return False
    own_event = statement.metric in EVENTS
    if statement.subject:
        return (own_event and not statement.listed) or is_own(statement.subject, issuer.name)
    larger = statement.territory is not None and counts_more_than(statement.territory, issuer.name)
    return not larger or (own_event and statement.held)


def _other_body(statement: Statement, role: SectionRole | None, others: OtherBodies) -> Body | None:
    if not statement.subject or not _may_state(statement, role) or statement.territory:
        return None
    if is_own(statement.subject, others.issuer.name):
        return None
    return others.find(statement.subject, statement.metric)


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
    counted = f"{statement.subject or statement.territory or ''}{name}"
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
