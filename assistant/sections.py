"""Sections of a report by what they are about, and their enumerations split into items."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.relevance import sentences_of
from vectorstore.folding import fold
from vectorstore.records import Report, Section, SectionRole, Span

# 一是 二是, 第一、, (一), 1. 1、 ① at the start of an item: after a stop, a colon, a line's start.
_NUMERAL = "一二三四五六七八九十"
_ITEM = re.compile(
    rf"(?:(?<=[。;:,.!\n])|^)\s*(?:(?:[{_NUMERAL}]{{1,2}}(?:是|要|、(?!是))|第[{_NUMERAL}](?:[,、:]|是)"
    rf"|其[{_NUMERAL}](?:[,、:]|是)|首先[,:]?|其次[,:]?|再次[,:]?|最后[,:]?)"
    rf"|\([{_NUMERAL}\d]{{1,2}}\)|\d{{1,2}}[.、](?!\d)|[①-⑩])"
)

_LEAST_ADMISSION = 14
"""Characters; 但仍存在一些不足 admits nothing in particular."""


@cache
def _lexicon() -> dict[str, Any]:
    return tomllib.loads((files("assistant.lexicons") / "sections.toml").read_text(encoding="utf-8"))


def role_of(aspect: str | None) -> SectionRole | None:
    """The section role that a plan's aspect names; ``None`` if it names none."""
    if aspect is None:
        return None
    name = _lexicon()["aspects"].get(aspect, aspect)
    return SectionRole(name) if name in set(SectionRole) else None


def sections_of(report: Report, role: SectionRole) -> list[Section]:
    """The outermost sections of a role, in the order of the text."""
    chosen: list[Section] = []
    for section in sorted(report.sections, key=lambda s: (s.start, -s.end)):
        if section.role is role and not (chosen and section.end <= chosen[-1].end):
            chosen.append(section)
    return chosen


def part_of_section(report: Report, text: str, section: Section, aspect: str | None) -> list[Span]:
    """The part of a section that an aspect means: of problems and improvements only the ones or the others.

    The headings within are left out. Where the section doesn't tell them apart, all of it is both.
    """
    whole = Span(min(section.start + len(section.heading), section.end), section.end)
    if section.role is not SectionRole.PROBLEMS or aspect in (None, "other"):
        return [whole]
    folded = fold(text[whole.start : whole.end], offset=whole.start)
    cut = _first(folded.text, _lexicon()["improvement_starts"])
    if cut is None:
        return [whole]
    # The cut falls where its sentence begins, so that no clause is torn.
    stop = max(folded.text.rfind(mark, 0, cut) for mark in ("。", "\n", ";", "!"))
    at = folded.offsets[stop + 1] if stop + 1 < len(folded.offsets) else whole.end
    if aspect in ("improvement", "improvements"):
        return [Span(at, whole.end)]
    begin = whole.start
    starts = _first(folded.text[: stop + 1], _lexicon()["problem_starts"])
    if starts is not None:
        before = max(folded.text.rfind(mark, 0, starts) for mark in ("。", "\n"))
        begin = folded.offsets[before + 1]
    return [Span(begin, at)] if at > begin else [whole]


def _first(text: str, words: list[str]) -> int | None:
    found = [at for word in words if (at := text.find(word)) >= 0]
    return min(found) if found else None


def items_of(text: str, span: Span) -> list[Span]:
    """The items of an enumeration 一是…二是…; where there is none, the sentences."""
    folded = fold(text[span.start : span.end], offset=span.start)
    starts = [match.start() + len(match[0]) - len(match[0].lstrip()) for match in _ITEM.finditer(folded.text)]
    if len(starts) < 2:
        return [s for s in sentences_of(text, span.start, span.end) if not _is_heading(s.of(text))]
    items = []
    for at, following in zip(starts, [*starts[1:], len(folded.text)], strict=True):
        piece = folded.span(at, following)
        items.append(_without_tail(text, piece))
    return [item for item in items if not _is_heading(item.of(text))]


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


def mark_of(item: str) -> str:
    """The mark that an item of an enumeration begins with: 一是, （二）; empty without one."""
    match = _ITEM.match(fold(item).text)
    return item[: match.end()] if match else ""


def _without_tail(text: str, span: Span) -> Span:
    """Up to the end of the item's paragraph, without closing punctuation that belongs to the list."""
    line_end = text.find("\n", span.start, span.end)
    end = span.end if line_end < 0 else line_end
    while end > span.start and (text[end - 1].isspace() or text[end - 1] in "；;,，"):
        end -= 1
    return Span(span.start, end)


def _is_heading(piece: str) -> bool:
    """Whether a piece is a heading or lead-in: nothing that could be an item."""
    return len(piece) < 8 or (piece.rstrip().endswith(("：", ":", "情况", "问题", "措施")) and len(piece) < 30)
