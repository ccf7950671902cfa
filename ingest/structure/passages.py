"""Splits a report into passages: bounded in tokens, cut at sentence ends, each within one section.

A passage begins with the heading that it stands under where nothing parts the two. Tables are passages of their own,
cut between rows where they are too long, and so are the few sentences that alone exceed the bound, cut inside.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import NamedTuple

from ingest.documents import Document, Table
from ingest.structure.token_counts import count_tokens, most_tokens
from vectorstore.records import Passage, Section, SectionRole, Span
from vectorstore.sentences import sentences

MOST_TOKENS = 400
# Tokens can part differently at the seams, so this near the bound only the count of the whole decides.
_NEAR = MOST_TOKENS // 10


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch of text under one heading, up to the next heading of any level."""

    start: int
    end: int
    heading: Span
    path: str
    role: SectionRole | None


class _Unit(NamedTuple):
    """What is never parted: a sentence, or a row of a table."""

    span: Span
    is_table: bool
    page: int | None
    is_heading: bool = False


def split_passages(document: Document, sections: Sequence[Section], report_id: str) -> tuple[Passage, ...]:
    """The passages of a report in order, not overlapping.

    Together they cover everything but white space and headings that nothing stands under.
    """
    passages: list[Passage] = []
    ends = [block.span.end for block in document.blocks]
    for place in _places(document.text, sections):
        for units in _groups(document, ends, place):
            span = Span(units[0].span.start, units[-1].span.end)
            text = span.of(document.text)
            passages.append(
                Passage(
                    passage_id=f"{report_id}:{span.start}-{span.end}",
                    report_id=report_id,
                    section=place.path,
                    role=place.role,
                    text=text,
                    start=span.start,
                    end=span.end,
                    tokens=count_tokens(text),
                    page=units[0].page,
                    is_table=any(unit.is_table for unit in units),
                )
            )
    return tuple(passages)


def _places(text: str, sections: Sequence[Section]) -> Iterator[_Place]:
    bounds = sorted({0, len(text), *(s.start for s in sections), *(s.end for s in sections)})
    for start, end in pairwise(bounds):
        around = sorted((s for s in sections if s.start <= start < s.end), key=lambda s: s.level)
        headed = next((s for s in around if s.start == start), None)
        path = " / ".join(s.heading for s in around if s.heading)
        role = next((s.role for s in reversed(around) if s.role is not None), None)
        yield _Place(start, end, Span(start, start + len(headed.heading) if headed else start), path, role)


def _groups(document: Document, ends: Sequence[int], place: _Place) -> Iterator[list[_Unit]]:
    """The units of each passage.

    Args:
        ends: Where each of the document's blocks ends.
    """
    group: list[_Unit] = []
    size = _Size(document.text)
    for unit in _units(document, ends, place):
        if group:
            parted = not group[-1].is_heading and group[-1].is_table != unit.is_table
            if parted or not size.fits(unit.span.end):
                yield group
                group = []
        if not group:
            size.begin(unit.span.start)
        size.take(unit.span.end)
        group.append(unit)
    if group and not all(unit.is_heading for unit in group):
        yield group


class _Size:
    """Whether what was taken so far and some more is within the bound: counted as late and as seldom as possible."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: list[int] = []
        self._counted = 0
        self._tokens = 0

    def begin(self, start: int) -> None:
        """Start anew."""
        self._ends = [start]
        self._counted = self._tokens = 0

    def take(self, end: int) -> None:
        """Take all up to ``end``."""
        self._ends.append(end)

    def fits(self, end: int) -> bool:
        """Whether all that was taken, and what stands from there to ``end``, is within the bound."""
        start = self._ends[0]
        if most_tokens(self._text[start:end]) < MOST_TOKENS - _NEAR:
            return True
        estimate = self._estimate() + count_tokens(self._text[self._ends[-1] : end])
        if abs(estimate - MOST_TOKENS) > _NEAR:
            return estimate < MOST_TOKENS
        return count_tokens(self._text[start:end]) <= MOST_TOKENS

    def _estimate(self) -> int:
        """The sum of the parts that were taken, each counted once."""
        for at in range(self._counted + 1, len(self._ends)):
            self._tokens += count_tokens(self._text[self._ends[at - 1] : self._ends[at]])
        self._counted = len(self._ends) - 1
        return self._tokens


def _units(document: Document, ends: Sequence[int], place: _Place) -> Iterator[_Unit]:
    text = document.text
    if place.heading.start < place.heading.end:
        block = document.blocks[bisect_right(ends, place.heading.start)]
        yield _Unit(place.heading, False, block.page, is_heading=True)
    first = place.heading.end
    for block in islice(document.blocks, bisect_right(ends, first), None):
        start, end = max(block.span.start, first), min(block.span.end, place.end)
        if start >= end:
            break
        if isinstance(block, Table):
            yield from _rows(text, block, start, end)
        else:
            for sentence in sentences(text, start, end):
                yield from _bounded(text, sentence, False, block.page)


def _rows(text: str, table: Table, start: int, end: int) -> Iterator[_Unit]:
    for row in table.rows:
        filled = [cell.span for cell in row if start <= cell.span.start < cell.span.end <= end]
        if filled:
            yield from _bounded(text, Span(filled[0].start, filled[-1].end), True, table.page)


def _bounded(text: str, span: Span, is_table: bool, page: int | None) -> Iterator[_Unit]:
    """The span as one unit, or halved until every part is within the bound: a sentence without end, a huge cell."""
    if span.end - span.start <= MOST_TOKENS // 3 or count_tokens(span.of(text)) <= MOST_TOKENS:
        yield _Unit(span, is_table, page)
        return
    middle = (span.start + span.end) // 2
    # A comma near the middle is the better place to cut.
    comma = max(text.rfind(mark, span.start + 1, middle) for mark in "，,、\n")
    cut = comma + 1 if comma > span.start + (span.end - span.start) // 4 else middle
    for part in (Span(span.start, cut), Span(cut, span.end)):
        stripped = _strip(text, part)
        if stripped.start < stripped.end:
            yield from _bounded(text, stripped, is_table, page)


def _strip(text: str, span: Span) -> Span:
    part = span.of(text)
    first = span.start + len(part) - len(part.lstrip())
    return Span(first, first + len(part.strip()))
