"""What the report says on either side of a check: its table row with the cells marked, or its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from ui.texts import Texts
from ui.web.markup import escape, report_link
from ui.web.quoting import render_cells
from vectorstore.catalogue import catalogue
from vectorstore.records import Check, CheckSide, Figure, Span

if TYPE_CHECKING:
    from vectorstore.index import Index

MOST_ROWS = 2
"""A side that is summed over more rows than this shows its parts by name, not the rows."""
_REACH = 60
"""Characters shown on either side of a quote, at most: to the end of its sentence."""
_ENDS = re.compile(r"[。！？；\n\t]")


class Evidence:
    """What the checks of one page of a list need of their reports, read at once."""

    def __init__(self, index: Index, checks: Iterable[Check], words: Texts) -> None:
        places = {
            (side.report_id or check.report_id, span)
            for check in checks
            for side in (check.left, check.right)
            for span in side.spans
        }
        self._words = words
        self._texts = index.texts({report_id for report_id, _ in places})
        self._cells: Mapping[tuple[str, Span], Figure] = index.cells(places)

    def quotes(self, check: Check, side: CheckSide) -> list[str]:
        """The report's words behind a side, as plain text."""
        text = self._texts.get(side.report_id or check.report_id, "")
        return [" ".join(span.of(text).split()) for span in side.spans]

    def render(self, check: Check, side: CheckSide) -> str:
        """The quotes of a side, and the links to where they stand; empty where the side states nothing itself."""
        report_id = side.report_id or check.report_id
        cells = [(span, self._cells[report_id, span]) for span in side.spans if (report_id, span) in self._cells]
        rows = [
            (key, [span for span, _ in of_row])
            for key, of_row in groupby(cells, key=lambda cell: (cell[1].start, cell[1].end))
        ]
        if len(rows) > MOST_ROWS:
            return self._parts(report_id, cells)
        shown = [self._row(report_id, start, end, spans) for (start, end), spans in rows]
        in_cells = {span for span, _ in cells}
        shown += [self._sentence(report_id, span, side) for span in side.spans if span not in in_cells]
        return "".join(shown)

    def _row(self, report_id: str, start: int, end: int, spans: Sequence[Span]) -> str:
        quote = self._texts[report_id][start:end]
        return render_cells(quote, start, spans) + self._link(report_id, spans[0])

    def _sentence(self, report_id: str, span: Span, side: CheckSide) -> str:
        text = self._texts[report_id]
        quote = span.of(text)
        if _plain(quote) == _plain(side.label):
            return self._link(report_id, span)
        before, after = text[max(span.start - _REACH, 0) : span.start], text[span.end : span.end + _REACH]
        begins = [match.end() for match in _ENDS.finditer(before)]
        ends = _ENDS.search(after) if not _ENDS.match(quote[-1:]) else None
        before = before[begins[-1] :] if begins else ("…" + before if span.start > _REACH else before)
        after = after[: ends.end()] if ends else ""
        marked = f"<mark>{escape(quote.strip())}</mark>"
        return (
            f'<blockquote lang="zh">{escape(before.lstrip())}{marked}{escape(after.rstrip())}</blockquote>'
            f"{self._link(report_id, span)}"
        )

    def _parts(self, report_id: str, cells: Sequence[tuple[Span, Figure]]) -> str:
        """What a sum is made of, each part a link to its cell; those that are 0 together."""
        text = self._texts[report_id]
        zeros = [figure for _, figure in cells if figure.value == 0]
        parts = [
            f'<li><a href="{report_link(report_id, span.start, span.end)}">'
            f"{escape(catalogue().name_or_id(figure.metric, self._words.language))}</a> "
            f"<mark>{escape(span.of(text).strip() or self._words(f'state.{figure.state.value}'))}</mark></li>"
            for span, figure in cells
            if figure.value != 0
        ]
        if zeros:
            parts.append(f'<li class="nb-soft">{escape(self._words("checks.zeros", n=len(zeros)))}</li>')
        return f'<ul class="nb-check-parts">{"".join(parts)}</ul>'

    def _link(self, report_id: str, span: Span) -> str:
        address = report_link(report_id, span.start, span.end)
        return f'<a class="nb-check-there" href="{address}">{escape(self._words("checks.there"))}</a>'


def _plain(text: str) -> str:
    return "".join(text.split())
