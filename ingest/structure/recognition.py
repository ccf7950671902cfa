"""Tells an annual report of government-information disclosure from any other text, by evidence in its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ingest.documents import Document
from ingest.lexicons import read_lexicon
from vectorstore.errors import NotAReportError
from vectorstore.folding import fold_label

# The first line or two: where a text says what it is.
_OPENING_REACH = 60


@dataclass(frozen=True, slots=True)
class _Evidence:
    points: int
    where: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Lexicon:
    least_points: int
    title_reach: int
    evidence: tuple[_Evidence, ...]


@cache
def _lexicon() -> _Lexicon:
    data = read_lexicon("report_words")
    evidence = tuple(_Evidence(e["points"], e["where"], re.compile(e["pattern"])) for e in data["evidence"])
    return _Lexicon(data["least_points"], data["title_reach"], evidence)


def is_report(document: Document) -> bool:
    """Whether the words of the text show that it is an annual report."""
    known = _lexicon()
    text = fold_label(document.text)
    first_line = next((fold_label(line) for line in document.text.split("\n") if line.strip()), "")
    reach = {
        "title": text[: known.title_reach],
        "first_line": first_line[:_OPENING_REACH],
        "opening": text[:_OPENING_REACH],
        "text": text,
    }
    title_says_so = False
    points = 0
    for evidence in known.evidence:
        # A title that names a report outweighs whatever else the opening names.
        if evidence.where == "opening" and title_says_so:
            continue
        if evidence.pattern.search(reach[evidence.where]):
            points += evidence.points
            title_says_so = title_says_so or evidence.where == "title"
    return points >= known.least_points


def require_report(document: Document) -> None:
    """Raise NotAReportError, with the reason, unless the document is an annual report."""
    if not is_report(document):
        raise NotAReportError(
            f"{document.source} is no annual report of government-information disclosure (政府信息公开工作年度报告): "
            "neither its title nor its sections are those of one; take it out of the folder if it doesn't belong there."
        )
