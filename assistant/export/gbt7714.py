"""References as GB/T 7714—2015 has them, numeric style.

A report is ``主要责任者. 题名[R]. 出版地: 出版者, 出版年: 引文页码.`` and, online,
``主要责任者. 题名[R/OL]. (发布日期)[引用日期]. 获取和访问路径.``

Where it was published isn't known: an online resource may then do without place and publisher; elsewhere the place is
出版地不详 in brackets. The publisher of a report is the body that issued it, and the date is that which the report
prints. Nothing is inferred from anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assistant.export.characters import marked, one_line
from assistant.export.document import ExportDocument
from assistant.export.references import NumberedReference, Reference
from assistant.export.words import say

NO_AUTHOR, NO_TITLE, NO_PLACE, NO_YEAR = "佚名", "[题名不详]", "[出版地不详]", "[出版年不详]"
"""In Chinese whatever the document's language: the language of a reference is that of what it refers to."""


def gbt7714(reference: Reference) -> str:
    """The reference in one line, with a full stop at its end and no number before it."""
    author = (reference.author or NO_AUTHOR).rstrip(". ")
    title = _title(reference)
    if reference.url:
        return f"{author}. {title}[R/OL]. {_dates_online(reference)}{one_line(reference.url)}."
    page = f": {reference.page}" if reference.page else ""
    publisher = f": {author}" if reference.author else ": [出版者不详]"
    return f"{author}. {title}[R]. {NO_PLACE}{publisher}, {_issue_year(reference)}{page}."


def _title(reference: Reference) -> str:
    title = reference.title.rstrip(". ") or NO_TITLE
    if reference.year is None or str(reference.year) in title:
        return title
    # Many reports are just called 政府信息公开工作年度报告, which doesn't tell one from the next.
    return f"{title}: {reference.year}年度"


def _issue_year(reference: Reference) -> str:
    return reference.issued_on[:4] if reference.issued_on else NO_YEAR


def _dates_online(reference: Reference) -> str:
    page = f"{_issue_year(reference)}: {reference.page}" if reference.page else ""
    issued = f"({reference.issued_on})" if reference.issued_on else ""
    retrieved = f"[{reference.retrieved_on}]" if reference.retrieved_on else ""
    dates = f"{page}{issued}{retrieved}"
    return f"{dates}. " if dates else ""


def place_in(reference: Reference, language: str) -> str:
    """Where in the report a place is, for people: its headings and page, with a colon; empty if neither is known.

    GB/T 7714 has no element for a section, and this stands outside the reference.
    """
    page = say(language, "reference.page", page=reference.page) if reference.page else ""
    where = say(language, "coverage.separator").join(part for part in (reference.section, page) if part)
    return say(language, "reference.place", section=where) if where else ""


def by_publication(references: Iterable[NumberedReference]) -> list[tuple[str, list[NumberedReference]]]:
    """Each publication's reference once, with the places in it that are cited, in the order of the first numbers."""
    found: dict[tuple[str, str], list[NumberedReference]] = {}
    for one in references:
        found.setdefault((one.reference.report_id, gbt7714(one.reference)), []).append(one)
    return [(reference, places) for (_, reference), places in found.items()]


def reference_lines(references: Iterable[NumberedReference]) -> Iterator[tuple[str, str]]:
    """Markers and reference of each publication, in the order of the first numbers: ``[1][4–6]``, ``机关. 题名[R]…``.

    Places of one report are one line, unless their pages tell them apart.
    """
    numbers: dict[str, list[int]] = {}
    for one in references:
        numbers.setdefault(gbt7714(one.reference), []).append(one.n)
    for reference, cited in numbers.items():
        yield marked(cited), reference


def write(document: ExportDocument) -> bytes:
    """The document's references, one a line, as UTF-8; a sentence where it has none."""
    references: Sequence[NumberedReference] = document.references
    lines = [f"{numbers} {reference}" for numbers, reference in reference_lines(references)]
    return "".join(f"{line}\n" for line in lines or [say(document.language, "reference.no_reports")]).encode()
