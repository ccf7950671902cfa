"""Sections of a report by what they are about, and their enumerations split into items."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from assistant.lexicons import read_lexicon
from assistant.prose.enumerations import items_of, mark_of
from vectorstore.folding import fold, fold_text
from vectorstore.records import Report, Section, SectionRole, Span

_HEADING_MARKS = " \t()一二三四五六七八九十、.0123456789"
"""What may stand before the words of a heading: （一）, 2."""
_LEAST_PROBLEM = 8
"""Characters in front of its measure."""
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


def part_of_section(report: Report, text: str, section: Section, aspect: str | None) -> list[Span]:
    """The parts of a section that an aspect means: of problems and improvements only the ones or the others.

    The headings within are left out. Where the section doesn't tell them apart, all of it is both.
    """
    whole = Span(min(section.start + len(section.heading), section.end), section.end)
    if section.role is not SectionRole.PROBLEMS or aspect in (None, "other"):
        return [whole]
    wants_improvement = aspect in ("improvement", "improvements")
    interleaved = _interleaved(text, whole)
    if interleaved:
        return [measure if wants_improvement else problem for problem, measure in interleaved]
    folded = fold(text[whole.start : whole.end], offset=whole.start)
    turns = _turns(folded.text)
    if not any(improves for _, improves in turns):
        return [whole]
    parts: list[Span] = []
    ends = [at for at, _ in turns[1:]] + [len(folded.text)]
    for (at, improves), end in zip(turns, ends, strict=True):
        if improves == wants_improvement and end > at:
            parts.append(folded.span(at, end))
    return parts or [whole]


def _interleaved(text: str, whole: Span) -> list[tuple[Span, Span]]:
    """Each problem with its measure, where every item of one enumeration has both: 一是…不足，下一步…. Else empty."""
    items = items_of(text, whole)
    pairs = []
    for item in items:
        folded = fold(item.of(text), offset=item.start)
        cuts = [at for m in _cue_pattern(True).finditer(folded.text) if (at := _turn_inside(folded.text, m.start()))]
        if not cuts or not mark_of(item.of(text)):
            return []
        cut = folded.offsets[cuts[0]]
        pairs.append((_without_comma(text, Span(item.start, cut)), Span(cut, item.end)))
    return pairs if len(pairs) > 1 else []


def _turn_inside(folded: str, at: int) -> int | None:
    """Where the clause of a measure begins inside an item; ``None`` where the cue stands within the problem itself."""
    start = 1 + max(folded.rfind(mark, 0, at) for mark in "。,;\n")
    return start if start > _LEAST_PROBLEM and not folded[start:at].strip(_HEADING_MARKS) else None


def _without_comma(text: str, span: Span) -> Span:
    end = span.end
    while end > span.start and (text[end - 1].isspace() or text[end - 1] in "，,；;"):
        end -= 1
    return Span(span.start, end)


def _turns(folded: str) -> list[tuple[int, bool]]:
    """Where the text turns to problems (False) or to improvements (True), in order; each lasts until the next.

    Problems come first unless they are introduced later. Once improvements have begun, only a line that begins with
    the problems turns back to them: a measure often names the problem that it is taken against.
    """
    cues = sorted(
        [(m.start(), True) for m in _cue_pattern(True).finditer(folded)]
        + [(m.start(), False) for m in _cue_pattern(False).finditer(folded)]
    )
    turns: list[tuple[int, bool]] = []
    for at, improves in cues:
        start = _clause_start(folded, at, improves)
        if turns and turns[-1][1] == improves:
            continue
        if not improves and turns and folded[folded.rfind("\n", 0, start) + 1 : at].strip(_HEADING_MARKS):
            continue
        if turns and start <= turns[-1][0]:
            continue
        turns.append((start, improves))
    if turns and turns[0][1]:
        # What stands before the first measure is the problems, however they are introduced.
        turns.insert(0, (0, False))
    return turns


@cache
def _cue_pattern(improves: bool) -> re.Pattern[str]:
    lexicon = _lexicon()
    words = [re.escape(word) for word in lexicon["improvement_starts" if improves else "problem_starts"]]
    patterns = list(lexicon["improvement_patterns"]) if improves else []
    return re.compile("|".join([*patterns, *words]))


def _clause_start(folded: str, at: int, improves: bool) -> int:
    """Where the sentence of a cue begins, so that no clause is torn; the cue itself if it begins a clause: ，下一步."""
    if improves and at and folded[at - 1] == ",":
        return at
    return 1 + max(folded.rfind(mark, 0, at) for mark in ("。", "\n", ";", "!") if improves or mark != ";")


def section_items(report: Report, text: str, role: SectionRole, aspect: str | None) -> list[Span]:
    """The items of a report's sections of a role, in the order of the text."""
    return [
        item
        for section in sections_of(report, role)
        for part in part_of_section(report, text, section, aspect)
        for item in items_of(text, part)
    ]


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
