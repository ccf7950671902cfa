"""What applicants asked for, as reports tell it: 申请内容涉及土地征收、物业管理."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from assistant.lexicons import read_lexicon
from vectorstore.folding import fold_one_to_one
from vectorstore.records import Report, Span

_SHORTEST, _LONGEST = 2, 30
"""Characters of one subject."""


def _lexicon() -> dict[str, Any]:
    lexicon: dict[str, Any] = read_lexicon("themes")["applications"]
    return lexicon


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    lexicon = _lexicon()
    return re.compile(lexicon["before"]), re.compile(lexicon["end"]), re.compile(lexicon["between"])


def application_subjects(report: Report, text: str) -> list[Span]:
    """The subjects that a report names in its sections on applications, each once, in the order of the text."""
    wanted = set(_lexicon()["sections"])
    spans = [Span(s.start, s.end) for s in report.sections if s.role is not None and s.role.value in wanted]
    found: dict[str, Span] = {}
    for span in spans:
        for subject in _subjects(text, span):
            found.setdefault(subject.of(text), subject)
    return sorted(found.values())


def _subjects(text: str, span: Span) -> list[Span]:
    before, end, between = _patterns()
    folded = fold_one_to_one(text[span.start : span.end])
    subjects = []
    for match in before.finditer(folded):
        stop = end.search(folded, match.end())
        position = match.end()
        last = stop.start() if stop else len(folded)
        for part in [*between.finditer(folded, position, last), None]:
            piece_end = part.start() if part else last
            if _SHORTEST <= piece_end - position <= _LONGEST and "\n" not in folded[position:piece_end]:
                subjects.append(Span(span.start + position, span.start + piece_end))
            position = part.end() if part else last
    return subjects
