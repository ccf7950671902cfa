"""Citations: one per place, numbered in the order of first use, each quoting the report's own characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from assistant.answer import Citation, CitedCell, Row
from assistant.answering.by_id import reports_by_id
from assistant.answering.deferred import Deferred
from assistant.answering.permanent_ids import place_id
from vectorstore.errors import OutdatedAnswerError
from vectorstore.records import CellReference, Figure, Report, Span

if TYPE_CHECKING:
    from vectorstore.index import Index


MARKER = re.compile(r"\[([0-9]{1,6})\]")
"""A mark in a text that stands for a citation, by its number."""
_NUMBER = re.compile(r"[\d.]+")
_MARKERS_SHOWN = 8
_MARKERS_SHOWN_OF_MANY = 3
_ROWS_MADE = 100
"""Rows that are made with the answer; of more, each when it is looked at."""
_CITATIONS_FIRST, _CITATIONS_AT_ONCE = 40, 500
"""Citations that are read together: the first of them are wanted most often, and of many one query each takes long."""
_TEXTS_KEPT = 1000


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
        """Read the texts of several reports at once, because one query each is what a long list costs.

        Raises:
            OutdatedAnswerError: One of them has gone from the index since the question was asked.
        """
        absent = [report_id for report_id in dict.fromkeys(report_ids) if report_id not in self._texts]
        if absent:
            if len(self._texts) > _TEXTS_KEPT:
                self._texts.clear()
            try:
                self._texts.update(self._index.texts(absent))
            except KeyError as error:
                raise OutdatedAnswerError(
                    f"The report {error.args[0]}, which this answer cites, has gone from the index since the question "
                    f"was asked. Ask it again."
                ) from error

    def quote(self, number: int) -> str:
        """What the place of a number says; numbers are those given out, before the answer is renumbered."""
        place = self._places[number - 1]
        return place.span.of(self.text(place.report_id))

    def standing(self, number: int) -> tuple[Report, str]:
        """The report that a place is in and the headings above it; numbers as in ``quote``."""
        place = self._places[number - 1]
        report = self._index.report(place.report_id)
        return report, section_of(report, place.span.start)

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
                if f"{abs(figure.value).normalize():f}" not in _NUMBER.findall(quote):
                    span = Span(figure.cell.start, figure.cell.end)
                    numbers.update(dict.fromkeys(self.cite(figure.report_id, span, cell=figure.cell, page=figure.page)))
        return tuple(numbers)

    def written_out(self, numbers: Sequence[int], first: int) -> Iterator[Citation]:
        """The citations of these numbers, read at once, and numbered anew from ``first`` on."""
        numbered = [(new, self._places[number - 1]) for new, number in enumerate(numbers, first)]
        self.load(place.report_id for _, place in numbered)
        reports = reports_by_id(self._index)
        passages = self._index.passage_ids_at([(p.report_id, p.span.start, p.span.end) for _, p in numbered])
        for (number, place), found in zip(numbered, passages, strict=True):
            report = reports[place.report_id]
            passage_id, page = found or (None, None)
            text = self.text(place.report_id)
            yield Citation(
                n=number,
                id=place_id(place.report_id, place.span.start, place.span.end, text),
                report_id=place.report_id,
                passage_id=passage_id,
                title=report.title,
                body=report.body,
                year=report.year,
                section=section_of(report, place.span.start),
                quote=place.span.of(text),
                start=place.span.start,
                end=place.span.end,
                page=page if place.page is None else place.page,
                cell=_cited(place.cell),
                source=report.source,
            )


class Numbering:
    """An answer's text, rows and citations, numbered as they are met in the text, then in the rows.

    Long rows and the citations of long rows are made only when they are looked at, since in an answer of thousands
    they take a hundred times as long as the answer itself.
    """

    def __init__(self, text: str, rows: Sequence[Row], citations: CitationList) -> None:
        self._order: dict[int, int] = {}
        # Beside the order, since rows may be made, and numbered, while citations are read.
        self._given: list[int] = []
        self._citations = citations
        for match in MARKER.finditer(text):
            self._number(int(match[1]))
        self.text = MARKER.sub(lambda match: f"[{self._order[int(match[1])]}]", text)
        self.rows: Sequence[Row] = Deferred(self._renumber(rows), len(rows))
        self.citations: Sequence[Citation] = Deferred(self._write_out())
        if len(rows) <= _ROWS_MADE and not any(isinstance(row.citations, Deferred) for row in rows):
            self.rows, self.citations = tuple(self.rows), tuple(self.citations)

    def _number(self, number: int) -> int:
        if number not in self._order:
            self._order[number] = len(self._order) + 1
            self._given.append(number)
        return self._order[number]

    def _renumber(self, rows: Sequence[Row]) -> Iterator[Row]:
        for row in rows:
            numbers = tuple(sorted([self._number(number) for number in row.citations]))
            yield row if numbers == row.citations else row.model_copy(update={"citations": numbers})

    def _write_out(self) -> Iterator[Citation]:
        """The citations by number. Rows are made only as far as they have to be for the numbers that are reached."""
        written, wanted = 0, _CITATIONS_FIRST
        rows = iter(self.rows)
        while True:
            while len(self._given) < written + wanted and next(rows, None) is not None:
                pass
            if len(self._given) < written + wanted:
                for number in range(1, len(self._citations) + 1):
                    self._number(number)
            some = self._given[written : written + wanted]
            yield from self._citations.written_out(some, written + 1)
            written += len(some)
            if len(some) < wanted:
                return
            wanted = _CITATIONS_AT_ONCE


def markers(numbers: Iterable[int]) -> str:
    """Numbers as they stand in the text: ``[1][2]``; of very many the first few, the rows having them all."""
    listed = list(islice(numbers, _MARKERS_SHOWN + 1))
    shown = listed if len(listed) <= _MARKERS_SHOWN else listed[:_MARKERS_SHOWN_OF_MANY]
    return "".join(f"[{number}]" for number in shown) + ("…" if len(shown) < len(listed) else "")


def section_of(report: Report, offset: int) -> str:
    """The headings above an offset, outermost first, joined by `` / ``; empty in the preamble."""
    above = [section for section in report.sections if section.start <= offset < section.end]
    return " / ".join(section.heading for section in sorted(above, key=lambda section: (section.level, section.start)))


def _cited(cell: CellReference | None) -> CitedCell | None:
    return None if cell is None else CitedCell(row=cell.row, column=cell.column, start=cell.start, end=cell.end)
