"""References to reports: one neutral record, which each format of reference writes in its own way.

GB/T 7714—2015 is in `gbt7714`, BibTeX in `bibtex`, RIS in `ris`, CSL-JSON in `csl_json`. Whatever isn't known of a
report is ``None`` in its record, and the formats leave it out or say that it is unknown: nothing is guessed, the year
of issue from that of the statistics least of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from assistant.answer import Citation
from assistant.answering.citations import section_of
from assistant.answering.cited_places import Cited, Place
from assistant.answering.permanent_ids import place_id
from assistant.export.characters import one_line
from vectorstore.records import Report, Span


@dataclass(frozen=True, slots=True)
class Reference:
    """What a printed reference to a report, or to a place in it, can say.

    Attributes:
        report_id: Of the report; two references to it are to the same publication.
        author: The body that issued it; ``None`` if it isn't known.
        title: In one line, as the report prints it; empty if it has none.
        year: The year that the report is about, not that of its issue.
        issued_on, retrieved_on: ISO dates.
        source: The file or address that it was read from.
        page: Of the place that is cited, counted from 1.
        section: The headings above the place that is cited, outermost first, joined by `` / ``.
        place_id: The permanent id of the place that is cited; empty for a report as a whole.
    """

    report_id: str
    author: str | None
    title: str
    year: int | None
    issued_on: str | None = None
    retrieved_on: str | None = None
    url: str | None = None
    source: str = ""
    page: int | None = None
    section: str = ""
    place_id: str = ""

    @property
    def key(self) -> str:
        """By which files of references name the report: the same in every file, and another for every other report."""
        return f"nianbao{self.year or ''}-{re.sub('[^0-9A-Za-z]', '-', self.report_id)}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What no other element says: the year of the statistics, which place is cited, and without address the file.

        In Chinese, as the report is.
        """
        notes = [f"统计年度：{self.year}"] if self.year else []
        notes += [f"引文标识：{self.place_id}"] if self.place_id else []
        return (*notes, f"文件：{self.source}") if self.source and not self.url else tuple(notes)

    @property
    def address(self) -> str:
        """The URL with what no URL may hold escaped; empty if it isn't known."""
        return quote(one_line(self.url or ""), safe=":/?#[]@!$&'()*+,;=%~-._")


@dataclass(frozen=True, slots=True)
class NumberedReference:
    """A reference under the number that text and tables give it, with the words that it stands for.

    Attributes:
        n: Counted from 1; what ``[n]`` in the text means.
        quote: The report's own characters, line ends and tabs included.
        start: Where the quote begins in the report's text.
    """

    n: int
    reference: Reference
    quote: str
    start: int = 0
    end: int = 0


def refer_to(report: Report) -> Reference:
    """The reference to a report as a whole."""
    return Reference(
        report_id=report.report_id,
        author=one_line(report.body) or None,
        title=one_line(report.title),
        year=report.year,
        issued_on=report.issued_on,
        retrieved_on=report.retrieved_on,
        url=report.url or None,
        source=report.source,
    )


def refer_to_citation(citation: Citation, report: Report | None) -> NumberedReference:
    """The reference to a place in a report, under the citation's number.

    Args:
        report: The report that it cites; ``None`` where it has gone, and what the citation itself says must do.
    """
    if report is not None:
        whole = refer_to(report)
    else:
        author = one_line(citation.body) or None
        whole = Reference(citation.report_id, author, one_line(citation.title), citation.year, source=citation.source)
    return NumberedReference(
        citation.n,
        _at(whole, citation.page, citation.section, citation.id),
        citation.quote,
        citation.start,
        citation.end,
    )


def refer_to_cited(cited: Cited) -> Reference:
    """The reference to what an id stands for."""
    return refer_to(cited.report) if cited.place is None else refer_to_place(cited.place)


def refer_to_place(place: Place) -> Reference:
    """The reference to a place that a permanent id was resolved to."""
    return _at(refer_to(place.report), place.page, place.section, place.id)


def publications(references: Iterable[Reference]) -> list[Reference]:
    """The reports that are referred to as a whole, each once, in the order of first mention."""
    wholes: dict[str, Reference] = {}
    for one in references:
        wholes.setdefault(one.report_id, replace(one, page=None, section="", place_id=""))
    return list(wholes.values())


def _at(whole: Reference, page: int | None, section: str, place_id: str) -> Reference:
    return replace(whole, page=page, section=one_line(section), place_id=place_id)


class ReferenceList:
    """Numbers the places that a table's values rest on, in the order of first use, each place once."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, int, int], int] = {}
        self._references: list[NumberedReference] = []

    def cite(self, report: Report, text: str, span: Span, page: int | None = None) -> int:
        """The number of a place.

        Args:
            text: The report's canonical text, of which the span is quoted.
        """
        key = (report.report_id, span.start, span.end)
        if key not in self._numbers:
            n = len(self._references) + 1
            self._numbers[key] = n
            named = place_id(report.report_id, span.start, span.end, text)
            reference = _at(refer_to(report), page, section_of(report, span.start), named)
            self._references.append(NumberedReference(n, reference, span.of(text), span.start, span.end))
        return self._numbers[key]

    @property
    def references(self) -> Sequence[NumberedReference]:
        """Those cited so far, by number."""
        return tuple(self._references)
