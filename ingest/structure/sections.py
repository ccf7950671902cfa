"""Finds a report's sections: the form's parts whatever their number, and the headed pieces inside them.

Level one is decided by the words of the form's six part headings; a report in free form (before 2019, or of its own
making) has the numbering style that its parts share instead. Level two is what is numbered below that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.documents import Document, Line
from ingest.structure.headings import (
    Candidate,
    Style,
    candidate,
    form_role,
    is_form_row,
    looks_like_level_one,
    role_by_words,
)
from vectorstore.records import Section, SectionRole

_GLUED = re.compile(r"[。；！]\s*(?P<heading>(?:[一二三四五六七八]|\d)[、.．][^。；！]{4,40})$")
_LONGEST_UNKNOWN_TITLE = 30
_LONGEST_UNNUMBERED_TITLE = 16
_SHORTEST_CONTENTS_LIST = 4
_UNNUMBERED_ENDINGS = ("情况", "方面", "工作", "建设", "管理", "保障", "公开")
_FEWEST_FORM_PARTS = 4
_APPLICATIONS = SectionRole.APPLICATIONS
_TABLE_ROLES = (SectionRole.PROACTIVE_TABLE, SectionRole.APPLICATION_TABLE, SectionRole.DISPUTE_TABLE)


@dataclass(frozen=True, slots=True)
class _Heading:
    start: int
    text: str
    style: Style
    title: str
    runs_in: bool
    line: int
    role: SectionRole | None = None
    is_item: bool = False


def find_sections(document: Document) -> tuple[Section, ...]:
    """All sections in the order of the text, each level-one section before the level-two sections inside it.

    What stands before the first heading is a section of role ``PREAMBLE`` with an empty heading.
    """
    headings = _headings(document)
    parts = _parts(headings)
    sections: list[Section] = []
    length = len(document.text)
    first = parts[0].start if parts else length
    if document.text[:first].strip():
        sections.append(Section("", 1, SectionRole.PREAMBLE, 0, first))
    for index, part in enumerate(parts):
        end = parts[index + 1].start if index + 1 < len(parts) else length
        sections.append(Section(part.text, 1, part.role, part.start, end))
        sections.extend(_pieces(part, [h for h in headings if part.start < h.start < end], end))
    return tuple(sections)


def _headings(document: Document) -> list[_Heading]:
    found = []
    for number, block in enumerate(document.blocks):
        if not isinstance(block, Line):
            continue
        for start in _heading_starts(document.text, block):
            line = document.text[start : block.span.end]
            seen: Candidate | None = candidate(line)
            if seen is None or is_form_row(seen.title):
                continue
            text = line[: seen.length]
            role = None if seen.is_item else form_role(seen.title)
            found.append(_Heading(start, text, seen.style, seen.title, seen.runs_in, number, role, seen.is_item))
    return found


def _heading_starts(text: str, line: Line) -> Iterator[int]:
    """Where a heading may begin on a line: at its start, or behind its last sentence, glued there by a converter."""
    yield line.span.start
    glued = _GLUED.search(text, line.span.start, line.span.end)
    if glued and looks_like_level_one(glued["heading"]):
        yield glued.start("heading")


def _parts(headings: list[_Heading]) -> list[_Heading]:
    """The level-one headings, each with its role."""
    hits = [h for h in headings if h.role is not None and not (h.style is Style.NONE and h.runs_in)]
    hits = _without_contents_list(hits)
    if not _follows_form(headings, hits):
        return _free_parts(headings)
    unbracketed = {h.role for h in hits if h.style is not Style.BRACKETED}
    if len(unbracketed) >= 2:
        hits = [h for h in hits if h.style is not Style.BRACKETED]
    hits = _without_weaker_styles(hits)
    starts = {h.start for h in hits}
    contents = hits[0].start if hits else 0
    others = [
        replace(h, role=role_by_words(h.title, "free"))
        for h in headings
        if h.start not in starts and h.role is None and h.start > contents and _is_part_of_its_own(h)
    ]
    return sorted([*hits, *others], key=lambda h: h.start)


def _follows_form(headings: list[_Heading], hits: list[_Heading]) -> bool:
    """Whether the parts are the form's: it alone has a part 收到和处理政府信息公开申请情况."""
    roles = {h.role for h in hits}
    if SectionRole.APPLICATION_TABLE in roles:
        return True
    # The heading may be damaged; a report in free form has a part 依申请公开 in its place.
    has_own_part = any(_is_part_of_its_own(h) and role_by_words(h.title, "free") is _APPLICATIONS for h in headings)
    return len(roles) >= _FEWEST_FORM_PARTS and not has_own_part


def _is_part_of_its_own(heading: _Heading) -> bool:
    return (
        heading.style in (Style.CHINESE, Style.PART)
        and not heading.runs_in
        and len(heading.title) <= _LONGEST_UNKNOWN_TITLE
    )


def _without_contents_list(hits: list[_Heading]) -> list[_Heading]:
    """Without a table of contents: part headings on adjoining lines, all of which come again further down."""
    run = 1
    while run < len(hits) and hits[run].line == hits[run - 1].line + 1 and hits[run].role is not hits[0].role:
        run += 1
    if run < _SHORTEST_CONTENTS_LIST:
        return hits
    later = {h.role for h in hits[run:]}
    return hits[run:] if {h.role for h in hits[:run]} <= later else hits


def _without_weaker_styles(hits: list[_Heading]) -> list[_Heading]:
    """One style per role: where 二、 names a part, the same words behind 2. or without a number are a piece of one."""
    strength = {Style.PART: 0, Style.CHINESE: 0, Style.ARABIC: 1, Style.BRACKETED: 2, Style.NONE: 3}
    strongest: dict[SectionRole | None, int] = {}
    for hit in hits:
        strongest[hit.role] = min(strength[hit.style], strongest.get(hit.role, 9))
    return [h for h in hits if strength[h.style] == strongest[h.role]]


def _free_parts(headings: list[_Heading]) -> list[_Heading]:
    """The parts of a report that doesn't follow the form: those of the highest numbering style that it uses."""
    usable = [h for h in headings if h.style is not Style.NONE and len(h.title) <= _LONGEST_UNKNOWN_TITLE]
    counts = Counter(h.style for h in usable)
    for style in (Style.PART, Style.CHINESE, Style.BRACKETED, Style.ARABIC):
        if counts[style] >= 2:
            return [replace(h, role=_free_role(h)) for h in usable if h.style is style]
    # Without numbers only the form's own words are certain to be headings.
    return [replace(h, role=_free_role(h)) for h in headings if h.role is not None and not h.runs_in]


def _free_role(heading: _Heading) -> SectionRole | None:
    # In free form 主动公开政府信息情况 heads prose: only the form has tables of these names.
    if heading.role in _TABLE_ROLES or heading.role is None:
        return role_by_words(heading.title, "free")
    return heading.role


def _pieces(part: _Heading, inside: list[_Heading], end: int) -> list[Section]:
    if part.role in _TABLE_ROLES:
        inside = [h for h in inside if h.style is not Style.ARABIC]  # rows of a table: 1.属于国家秘密
    style = Style.BRACKETED if any(h.style is Style.BRACKETED for h in inside) else Style.ARABIC
    if part.style is style:
        style = Style.ARABIC if style is Style.BRACKETED else Style.BRACKETED
    pieces = [
        h
        for h in inside
        if (h.style is style and (h.is_item or len(h.title) <= _LONGEST_UNKNOWN_TITLE)) or _is_unnumbered_piece(part, h)
    ]
    return [
        Section(
            h.text, 2, _piece_role(part.role, h.title), h.start, pieces[i + 1].start if i + 1 < len(pieces) else end
        )
        for i, h in enumerate(pieces)
    ]


def _is_unnumbered_piece(part: _Heading, heading: _Heading) -> bool:
    return (
        part.role is SectionRole.OVERVIEW
        and heading.style is Style.NONE
        and not heading.runs_in
        and len(heading.title) <= _LONGEST_UNNUMBERED_TITLE
        and heading.title.endswith(_UNNUMBERED_ENDINGS)
        and role_by_words(heading.title, "overview") is not None
    )


def _piece_role(parent: SectionRole | None, title: str) -> SectionRole | None:
    match parent:
        case SectionRole.OTHER:
            return role_by_words(title, "other")
        case SectionRole.PROBLEMS:
            return role_by_words(title, "problems")
        case SectionRole.OVERVIEW | None:
            return role_by_words(title, "overview")
        case _:
            return None
