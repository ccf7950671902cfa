"""A report's whole text as HTML, with the cited passages marked."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.texts import Texts
from ui.web.markup import escape
from ui.web.reports.pictures import Pictured, pictured
from vectorstore.folding import fold_label
from vectorstore.records import Passage, Report, ReportPicture, Section, Span
from vectorstore.sentences import trimmed

if TYPE_CHECKING:
    from assistant.answer import Citation

LINE = re.compile(r"[^\n]+")
ROW_END = re.compile(r"\n[^\S\n\t]*\n")
NUMBER_CELL = re.compile(r"[\s\d.,，%万元/—–-]*")
CELL_START = re.compile(r"(?:^|\n)\t")


@dataclass(frozen=True, slots=True)
class Highlight:
    """A range to mark. ``rank`` is ``cited`` for the passage that was asked for, ``cell`` for its table cell,
    ``also`` for others that the same answer cites."""

    start: int
    end: int
    rank: str


def highlights(citation: Citation, others: Iterable[Citation]) -> list[Highlight]:
    """The ranges to mark when ``citation`` is opened, none overlapping another."""
    first = Highlight(citation.start, citation.end, "cited")
    found = [first]
    if citation.cell is not None and citation.cell.start < citation.cell.end:
        cell = citation.cell
        found = [
            Highlight(citation.start, cell.start, "cited"),
            Highlight(cell.start, cell.end, "cell"),
            Highlight(cell.end, citation.end, "cited"),
        ]
    taken = citation.end
    before = citation.start
    for other in sorted(others, key=lambda c: (c.start, c.end)):
        if other.report_id != citation.report_id:
            continue
        if other.end <= before and all(h.end <= other.start or other.end <= h.start for h in found):
            found.append(Highlight(other.start, other.end, "also"))
        elif other.start >= taken:
            found.append(Highlight(other.start, other.end, "also"))
            taken = other.end
    return sorted((h for h in found if h.start < h.end), key=lambda h: h.start)


class _Marking:
    """Escapes pieces of one text, marking what falls into a highlight. Pieces may cut a highlight anywhere."""

    def __init__(self, text: str, ranges: Sequence[Highlight]) -> None:
        self.text = text
        self.ranges = ranges

    def piece(self, start: int, end: int) -> str:
        rendered: list[str] = []
        position = start
        for mark in self.ranges:
            left, right = max(mark.start, position), min(mark.end, end)
            if left >= right:
                continue
            rendered.append(escape(self.text[position:left]))
            rendered.append(f'<mark class="nb-{mark.rank}">{escape(self.text[left:right])}</mark>')
            position = right
        rendered.append(escape(self.text[position:end]))
        return "".join(rendered)


def table_rows(text: str, span: Span) -> list[list[Span]]:
    """The cells of a table that the text holds a cell a line behind a tab, a blank line after each row.

    Empty cells keep their place. Fewer than two cells in every row means that the text isn't laid out so.
    """
    rows: list[list[Span]] = []
    start = span.start
    bounds = [match.span() for match in ROW_END.finditer(text, span.start, span.end)]
    for end, following in [*bounds, (span.end, span.end)]:
        starts = [match.end() for match in CELL_START.finditer(text, start, end)]
        if not starts:
            starts = [start]
        elif text[start : starts[0]].strip():
            starts.insert(0, start)
        ends = [s - 1 for s in starts[1:]] + [end]
        cells = [trimmed(text, s, e) for s, e in zip(starts, ends, strict=True)]
        if any(cell.start < cell.end for cell in cells):
            rows.append(cells)
        start = following
    return rows


def _render_row(text: str, cells: Sequence[Span], width: int, marking: _Marking) -> str:
    """One row, stretched to the table's width.

    The text doesn't say how wide a merged cell is. In a row with numbers it can only be the label before them. In a
    row of headings it could be any, so these stand side by side in one cell instead of over the wrong columns.
    """
    are_numbers = [NUMBER_CELL.fullmatch(cell.of(text)) is not None for cell in cells]
    missing = width - len(cells)
    stretched = -1
    if missing:
        labels = [position for position, number in enumerate(are_numbers) if not number]
        values = any(number and cell.start < cell.end for number, cell in zip(are_numbers, cells, strict=True))
        if labels and not values:
            parts = " | ".join(marking.piece(cell.start, cell.end) for cell in cells if cell.start < cell.end)
            return f'<tr><td colspan="{width}" class="nb-heads">{parts}</td></tr>'
        stretched = labels[-1] if labels else 0
    tds = []
    for position, (cell, number) in enumerate(zip(cells, are_numbers, strict=True)):
        span = f' colspan="{missing + 1}"' if position == stretched else ""
        kind = ' class="nb-number"' if number else ""
        tds.append(f"<td{span}{kind}>{marking.piece(cell.start, cell.end)}</td>")
    return f"<tr>{''.join(tds)}</tr>"


def _render_table(text: str, span: Span, marking: _Marking) -> str:
    rows = table_rows(text, span)
    width = max((len(row) for row in rows), default=0)
    if width < 2:
        return f'<div class="nb-plain">{marking.piece(span.start, span.end)}</div>'
    lines = "".join(_render_row(text, row, width, marking) for row in rows)
    return f'<div class="nb-table" tabindex="0"><table><tbody>{lines}</tbody></table></div>'


class _Prose:
    """Writes the lines of a report's prose: headings as headings, the title's lines as such, the rest as paragraphs."""

    def __init__(self, text: str, report: Report, marking: _Marking) -> None:
        self._text = text
        self._marking = marking
        self._headings = sorted((s for s in report.sections if s.heading), key=lambda s: s.start)
        self._starts = [section.start for section in self._headings]
        self._title = fold_label(report.title)
        self._in_title = True

    def render(self, start: int, end: int) -> str:
        spans = (trimmed(self._text, start + m.start(), start + m.end()) for m in LINE.finditer(self._text[start:end]))
        return "".join(self._line(span) for span in spans if span.start < span.end)

    def _line(self, span: Span) -> str:
        first, last = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end)
        headings = self._headings[first:last]
        words = fold_label(span.of(self._text))
        self._in_title = self._in_title and not headings and words in self._title
        if not headings:
            kind = ' class="nb-title-line"' if self._in_title else ""
            return f"<p{kind}>{self._marking.piece(span.start, span.end)}</p>"
        # A picture's placeholder may stand before the heading on its line, and prose, or another heading, behind it.
        bounds = [section.start for section in headings[1:]] + [span.end]
        before = self._marking.piece(span.start, headings[0].start)
        rendered = f"<p>{before}</p>" if before.strip() else ""
        return rendered + "".join(self._heading(s, end) for s, end in zip(headings, bounds, strict=True))

    def _heading(self, section: Section, end: int) -> str:
        level = 3 if section.level == 1 else 4
        own = section.start + len(section.heading)
        if own > end or not self._text.startswith(section.heading, section.start):
            own = end
        if not any(character.isalnum() for character in self._text[own:end]):
            return f'<h{level} id="{anchor(section)}">{self._marking.piece(section.start, end)}</h{level}>'
        return (
            f'<p><strong class="nb-run-in" role="heading" aria-level="{level}" id="{anchor(section)}">'
            f"{self._marking.piece(section.start, own)}</strong>{self._marking.piece(own, end)}</p>"
        )


def anchor(section: Section) -> str:
    """The id of a section's heading in the HTML of its report."""
    return f"nb-section-{section.start}"


def render_text(
    text: str,
    report: Report,
    tables: Sequence[Span],
    ranges: Sequence[Highlight],
    pictures: Sequence[Pictured] = (),
) -> str:
    """The report's text: headings as headings, tables as tables, a paragraph a line, pictures in their place."""
    marking = _Marking(text, ranges)
    headings = {section.start: section for section in report.sections}
    prose = _Prose(text, report, marking)
    rendered: list[str] = []
    position = 0
    waiting = list(pictures)

    def pictures_before(end: int, *, in_table: bool = False) -> None:
        nonlocal position
        while waiting and waiting[0][0].start < end:
            span, draw = waiting.pop(0)
            if not in_table:
                rendered.append(prose.render(position, span.start))
                position = span.end
            rendered.append(draw(span, marking.piece(span.start, span.end)))

    for table in tables:
        if table.start < position:
            continue
        pictures_before(table.start)
        # A table's passage begins with the heading that it stands under.
        section = headings.get(table.start)
        start = table.start + len(section.heading) if section is not None else table.start
        rendered.append(prose.render(position, start))
        rendered.append(_render_table(text, Span(start, table.end), marking))
        position = table.end
        pictures_before(table.end, in_table=True)
    pictures_before(len(text))
    rendered.append(prose.render(position, len(text)))
    return "".join(rendered)


def table_spans(text: str, passages: Iterable[Passage]) -> list[Span]:
    """Where the tables are, in order; the pieces that a long table was cut into, joined again."""
    joined: list[Span] = []
    section = ""
    for passage in sorted((p for p in passages if p.is_table), key=lambda p: p.start):
        if joined and passage.section == section and not text[joined[-1].end : passage.start].strip():
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, passage.end))
        else:
            joined.append(Span(passage.start, passage.end))
        section = passage.section
    return joined


def render_report(
    report: Report,
    text: str,
    passages: Iterable[Passage],
    ranges: Sequence[Highlight],
    words: Texts,
    pictures: Sequence[ReportPicture] = (),
) -> str:
    """The reading panel: what the report is, a way back, and its text with the marks."""
    about = [report.body, str(report.year or "")]
    if report.issued_on:
        about.append(words("ask.issued", date=report.issued_on))
    if report.source:
        about.append(words("ask.source", source=report.source))
    line = " · ".join(escape(part) for part in about if part)
    shown = pictured(report.report_id, pictures, ranges, words)
    return (
        f'<div class="nb-reader-head"><button type="button" class="nb-back">{escape(words("ask.back"))}</button>'
        f'<h2 title="{escape(report.title)}">{escape(report.title)}</h2></div>'
        f'<article class="nb-report" lang="zh" aria-label="{escape(words("ask.report_panel"))}">'
        f'<p class="nb-about">{line}</p>'
        f"{render_text(text, report, table_spans(text, passages), ranges, shown)}</article>"
    )
