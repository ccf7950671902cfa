"""Of a built-in text in the reports' words the lines that a wording doesn't stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.citations import MARKER
from assistant.language_models.wording.facts import Facts
from assistant.language_models.wording.reading import read
from assistant.language_models.wording.release import Release
from assistant.language_models.wording.report_words import clauses_of

_HEADS = ("：", ":")
_RUN = re.compile(r"(?:\s*\[\d+\])+")
_QUOTED = re.compile(r"^“(.*)”$", re.S)


def lines_kept(facts: Facts, release: Release) -> list[str]:
    """The lines, from the first that cites or heads others on, that stay.

    A line is one unit: it goes only where all its clauses were told with the citation that they have in it. A report's
    head goes only with all its lines, and they only where its body and year were told. Lines under a label (问题：)
    stay, as do counts: a wording can't say what they are.
    """
    kept: list[str] = []
    head: str | None = None
    group: list[str] = []
    begun = False
    for line in [*facts.answer.text.split("\n"), ""]:
        text = line.strip()
        begun = begun or bool(MARKER.search(text)) or text.endswith(_HEADS)
        if not begun or (not text and line):
            continue
        if MARKER.search(text):
            group.append(text)
            continue
        if not text.endswith(_HEADS) or _is_body(text, facts):
            kept += _of_group(head, group, facts, release)
            head, group = (text, []) if text.endswith(_HEADS) else (None, [])
            if text and head is None:
                kept.append(text)
        elif head is None and not group:
            head = text
        else:
            group.append(text)
    return kept


def _of_group(head: str | None, lines: Sequence[str], facts: Facts, release: Release) -> list[str]:
    is_labelled = any(line.endswith(_HEADS) for line in lines) or (head is not None and not _is_body(head, facts))
    if is_labelled or (head is not None and not _is_told(head, lines, facts, release)):
        return [*([head] if head else []), *lines]
    left = [line for line in lines if not _stands_for(line, release)]
    return [*([head] if head and left else []), *left]


def _is_body(line: str, facts: Facts) -> bool:
    """Whether a line only says whose words follow."""
    reading = read(line, facts.names, facts.answer.language)
    return all(token.sort in ("body", "year", "break", "join") for token in reading.tokens)


def _is_told(head: str, lines: Sequence[str], facts: Facts, release: Release) -> bool:
    """Whether the wording says whose report it tells of, and of which year, with the citations of the lines."""
    numbers = {int(n) for line in lines for n in MARKER.findall(line)}
    told = [one for one in release.told if one.n in numbers]
    has_year = any(True for _ in read(head, facts.names, facts.answer.language).of("year"))
    return any(one.body for one in told) and (not has_year or any(one.year for one in told))


def _stands_for(line: str, release: Release) -> bool:
    """Whether all clauses of a line were told, each with its citation."""
    position = 0
    for run in _RUN.finditer(line):
        markers = {int(n) for n in MARKER.findall(run[0])}
        text = line[position : run.start()].strip()
        quoted = _QUOTED.match(text)
        told = {clause for one in release.told if one.n in markers for clause in one.clauses}
        if not set(clauses_of(quoted[1] if quoted else text)) <= told:
            return False
        position = run.end()
    return not clauses_of(line[position:].strip("。.;； "))
