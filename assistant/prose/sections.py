"""Sections of a report by what they are about, and their enumerations split into items."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from assistant.lexicons import read_lexicon
from assistant.prose.enumerations import items_of, mark_of, marks_in, without_ending
from assistant.prose.problem_parts import Sort, parts_of
from vectorstore.folding import fold_text
from vectorstore.records import Report, Section, SectionRole, Span

_LEAST_PART = 4
"""Characters."""
_LEAST_ADMISSION = 14
"""Characters; 但仍存在一些不足 admits nothing in particular."""


def _lexicon() -> dict[str, Any]:
    return read_lexicon("sections")


def role_of(aspect: str | None) -> SectionRole | None:
    """The section role that a plan's aspect names; ``None`` if it names none."""
    if aspect is None:
        return None
    name = _lexicon()["aspects"].get(aspect, aspect)
    return SectionRole(name) if name in set(SectionRole) else None


def asks_for_both(words: str) -> bool:
    """Whether a question names problems and measures beside one another: 问题和改进措施, not 对问题的改进措施."""
    return _both().search(fold_text(words)) is not None


@cache
def _both() -> re.Pattern[str]:
    problems, measures = ("|".join(map(re.escape, _lexicon()[key])) for key in ("problem_words", "measure_words"))
    joined = "(?:" + "|".join(map(re.escape, _lexicon()["joining_words"])) + ")"
    # Between the two there may be a few words more: 有什么问题，打算怎么改.
    orders = ((problems, measures), (measures, problems))
    return re.compile("|".join(f"(?:{first}).{{0,6}}?{joined}.{{0,12}}?(?:{then})" for first, then in orders))


def headed_section(report: Report, words: str) -> Section | None:
    """The section headed with what a question asks for, innovations say; ``None`` without such a heading."""
    folded = fold_text(words)
    if not any(word in folded for word in _lexicon()["heading_words"]):
        return None
    headed = [s for s in report.sections if any(word in s.heading for word in _lexicon()["headings"])]
    return min(headed, key=lambda s: s.start, default=None)


def sections_of(report: Report, role: SectionRole) -> list[Section]:
    """The outermost sections of a role, in the order of the text."""
    chosen: list[Section] = []
    for section in sorted(report.sections, key=lambda s: (s.start, -s.end)):
        if section.role is role and not (chosen and section.end <= chosen[-1].end):
            chosen.append(section)
    return chosen


def below_heading(section: Section) -> Span:
    """A section without its heading."""
    return Span(min(section.start + len(section.heading), section.end), section.end)


def part_of_section(report: Report, text: str, section: Section, aspect: str | None) -> list[Span]:
    """The parts of a section that an aspect means: of problems and improvements only the ones or the others.

    The headings within are left out. Empty where the section tells only the others.
    """
    whole = below_heading(section)
    if section.role is not SectionRole.PROBLEMS or aspect in (None, "other"):
        return [whole]
    sort = Sort.MEASURE if aspect in ("improvement", "improvements") else Sort.PROBLEM
    return [without_ending(text, part.span, "，,；;") for part in parts_of(text, whole) if part.sort is sort]


def section_items(report: Report, text: str, role: SectionRole, aspect: str | None) -> list[Span]:
    """The items of a report's sections of a role, in the order of the text."""
    return [
        item
        for section in sections_of(report, role)
        for part in part_of_section(report, text, section, aspect)
        for item in _items_of_part(text, part)
    ]


def _items_of_part(text: str, part: Span) -> list[Span]:
    """The items of a part; a part that is a single item, or too short for one, is itself one."""
    words = part.of(text)
    if "\n" not in words and mark_of(words) and len(marks_in(fold_text(words))) == 1:
        return [part]
    return items_of(text, part) or ([part] if len(words) >= _LEAST_PART else [])


def admission_of(text: str, span: Span) -> Span | None:
    """The part of an item that admits a problem: after 但 where it praises first; ``None`` if it only praises."""
    item = span.of(text)
    if not any(words in item for words in _lexicon()["praise"]):
        return span
    turns = [at for word in _lexicon()["turns"] if (at := item.find(word)) >= 0]
    if not turns:
        return None
    rest = Span(span.start + min(turns), span.end)
    return rest if len(rest.of(text)) >= _LEAST_ADMISSION else None
