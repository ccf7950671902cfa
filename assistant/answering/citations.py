"""Citations: one per place, numbered in the order of first use, each quoting the report's own characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answer import Citation, CitedCell, Row
from vectorstore.records import CellReference, Figure, Report, Span

if TYPE_CHECKING:
    from vectorstore.index import Index


_MARKER = re.compile(r"\[(\d+)\]")
_MARKERS_SHOWN = 8
_MARKERS_SHOWN_OF_MANY = 3


@dataclass(frozen=True, slots=True)
class _Place:
    report_id: str
    span: Span
    cell: CellReference | None
    page: int | None


class CitationList:
    """The places that an answer rests on."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._numbers: dict[tuple[str, int, int], int] = {}
        self._places: list[_Place] = []
        self._texts: dict[str, str] = {}

    def text(self, report_id: str) -> str:
        """The canonical text of a report, read once per answer."""
        if report_id not in self._texts:
            self._texts[report_id] = self._index.text(report_id)
        return self._texts[report_id]

    def load(self, report_ids: Iterable[str]) -> None:
        """Read the texts of several reports at once, because one query each is what a long list costs."""
        absent = [report_id for report_id in dict.fromkeys(report_ids) if report_id not in self._texts]
        if absent:
            self._texts.update(self._index.texts(absent))

    def quote(self, number: int) -> str:
        """What the place of a number says; numbers are those given out, before the answer is renumbered."""
        place = self._places[number - 1]
        return place.span.of(self.text(place.report_id))

    def __len__(self) -> int:
        return len(self._places)

    def cite(
        self, report_id: str, span: Span, *, cell: CellReference | None = None, page: int | None = None
    ) -> tuple[int, ...]:
        """The number of a place, as a tuple that a row takes; empty for an empty span, which nothing could be read in.

        Two cells of one table row are one place, since the row is the quote; the first cell is the one shown.
        """
        if span.start == span.end:
            return ()
        key = (report_id, span.start, span.end)
        if key not in self._numbers:
            self._places.append(_Place(report_id, span, cell, page))
            self._numbers[key] = len(self._places)
        return (self._numbers[key],)

    def cite_figures(self, figures: Iterable[Figure]) -> tuple[int, ...]:
        """The numbers of the places of figures, in the given order, each once."""
        numbers: dict[int, None] = {}
        for figure in figures:
            place = self.cite(figure.report_id, Span(figure.start, figure.end), cell=figure.cell, page=figure.page)
            numbers.update(dict.fromkeys(place))
        return tuple(numbers)

    def cite_cells(self, figures: Iterable[Figure]) -> tuple[int, ...]:
        """The numbers of the cells themselves, for table rows in which a value can't be told from its neighbours.

        A row's quote says what the value is of, but its cells are parted by white space alone: 0 1 0 0 in a line.
        """
        numbers: dict[int, None] = {}
        for figure in figures:
            if figure.cell is not None and figure.value is not None:
                quote = "".join(self.text(figure.report_id)[figure.start : figure.end].split())
                if not re.search(rf"(?<![\d.]){figure.value.normalize():f}(?![\d.])", quote):
                    span = Span(figure.cell.start, figure.cell.end)
                    numbers.update(dict.fromkeys(self.cite(figure.report_id, span, cell=figure.cell, page=figure.page)))
        return tuple(numbers)

    def written_out(self) -> tuple[Citation, ...]:
        """All citations, in the order of their numbers."""
        reports = {report.report_id: report for report in self._index.reports()} if self._places else {}
        self.load(place.report_id for place in self._places)
        passages = self._index.passages_at([(p.report_id, p.span.start, p.span.end) for p in self._places])
        citations = []
        for number, (place, passage) in enumerate(zip(self._places, passages, strict=True), start=1):
            report = reports[place.report_id]
            citations.append(
                Citation(
                    n=number,
                    report_id=place.report_id,
                    passage_id=passage.passage_id if passage else None,
                    title=report.title,
                    body=report.body,
                    year=report.year,
                    section=section_of(report, place.span.start),
                    quote=place.span.of(self.text(place.report_id)),
                    start=place.span.start,
                    end=place.span.end,
                    page=place.page if place.page is not None else (passage.page if passage else None),
                    cell=_cited(place.cell),
                    source=report.source,
                )
            )
        return tuple(citations)


def renumber(text: str, rows: Sequence[Row], citations: Sequence[Citation]) -> tuple[str, list[Row], list[Citation]]:
    """The same text, rows and citations, numbered as they are met in the text, then in the rows."""
    order: dict[int, int] = {}
    for number in [int(m[1]) for m in _MARKER.finditer(text)] + [n for row in rows for n in row.citations]:
        order.setdefault(number, len(order) + 1)
    for citation in citations:
        order.setdefault(citation.n, len(order) + 1)
    renumbered = [citation.model_copy(update={"n": order[citation.n]}) for citation in citations]
    return (
        _MARKER.sub(lambda m: f"[{order[int(m[1])]}]", text),
        [row.model_copy(update={"citations": tuple(sorted(order[n] for n in row.citations))}) for row in rows],
        sorted(renumbered, key=lambda citation: citation.n),
    )


def markers(numbers: Iterable[int]) -> str:
    """Numbers as they stand in the text: ``[1][2]``; of very many the first few, the rows having them all."""
    listed = list(numbers)
    shown = listed if len(listed) <= _MARKERS_SHOWN else listed[:_MARKERS_SHOWN_OF_MANY]
    return "".join(f"[{number}]" for number in shown) + ("…" if len(shown) < len(listed) else "")


def section_of(report: Report, offset: int) -> str:
    """The headings above an offset, outermost first, joined by `` / ``; empty in the preamble."""
    above = [section for section in report.sections if section.start <= offset < section.end]
    return " / ".join(section.heading for section in sorted(above, key=lambda section: (section.level, section.start)))


def _cited(cell: CellReference | None) -> CitedCell | None:
    return None if cell is None else CitedCell(row=cell.row, column=cell.column, start=cell.start, end=cell.end)
