"""Takes off pages what belongs to the paper and not to the text: page numbers, running headers and footers.

A line goes only if it is the outermost of its page, near the edge, and either counts the pages or stands at the same
place of other pages with the same words. In doubt it stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.pages.page_layout import Page, TextLine

# Headers and footers keep to these shares of a page's height.
_TOP_ZONE, _BOTTOM_ZONE = 0.13, 0.87
_SAME_HEIGHT = 6.0
_DEEPEST = 4

_NUMBER = r"(\d{1,4}|[一二三四五六七八九十]{1,3}|[ivxIVX]{1,6})"
_DASHES = r"[-—–－﹣―_~～·•.=*/|\s]*"
_BARE = re.compile(rf"{_DASHES}{_NUMBER}{_DASHES}")
_DECORATED = re.compile(
    rf"{_DASHES}(?:第\s*{_NUMBER}\s*页|[Pp](?:age|\.)\s*{_NUMBER}|{_NUMBER}\s*页)"
    rf"(?:\s*[,，、/|]?\s*(?:[（(]?\s*[共总]\s*(?:计\s*)?\d{{1,4}}\s*页\s*[）)]?|of\s+\d{{1,4}}))?{_DASHES}"
)
_OF = re.compile(rf"{_DASHES}{_NUMBER}\s*(?:/|of|／|共)\s*(?:共\s*)?\d{{1,4}}\s*页?{_DASHES}")
_DASHED = re.compile(r"[-—–－﹣―~～·•]\s*\d{1,4}\s*[-—–－﹣―~～·•]")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Furniture:
    """What was taken off: every line's text once, in the order in which the lines came."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Edge:
    page: Page
    line: TextLine
    at_top: bool

    @property
    def height(self) -> float:
        """The distance from the page's edge: pages of one file may differ in size."""
        return self.line.box.top if self.at_top else self.page.height - self.line.box.bottom


def take_off_furniture(pages: Sequence[Page]) -> Furniture:
    """Remove headers, footers and page numbers from the pages' items; what was removed comes back."""
    taken: dict[str, None] = {}
    for at_top in (False, True):
        for _ in range(_DEEPEST):
            edges = [edge for page in pages if (edge := _outermost(page, at_top))]
            gone = _numbers(edges, len(pages)) or _repeated(edges)
            if not gone:
                break
            for edge in gone:
                edge.page.items.remove(edge.line)
                taken.setdefault(edge.line.text)
    return Furniture(tuple(taken))


def _outermost(page: Page, at_top: bool) -> _Edge | None:
    """The page's first or last line if it is nearer to the edge than all else and lies in the zone of furniture."""
    if not page.items:
        return None
    if at_top:
        item = min(page.items, key=lambda i: i.box.top)
        in_zone = item.box.bottom <= page.height * _TOP_ZONE
    else:
        item = max(page.items, key=lambda i: i.box.bottom)
        in_zone = item.box.top >= page.height * _BOTTOM_ZONE
    return _Edge(page, item, at_top) if in_zone and isinstance(item, TextLine) else None


def _numbers(edges: Sequence[_Edge], pages: int) -> list[_Edge]:
    """Those that are page numbers: decorated as such, or bare and counting with the pages."""
    found: list[tuple[_Edge, int, bool]] = []
    for edge in edges:
        number = _page_number(edge.line.text)
        if number is not None:
            found.append((edge, *number))
    offsets: dict[int, int] = defaultdict(int)
    for edge, value, _ in found:
        offsets[value - edge.page.number] += 1
    certain = []
    for edge, value, decorated in found:
        counts = offsets[value - edge.page.number]
        if counts >= 2 or (decorated and (pages == 1 or counts == len(found) or value == edge.page.number)):
            certain.append(edge)
    return certain


def _page_number(text: str) -> tuple[int, bool] | None:
    """The number of a line that is nothing but a page number, and whether its form shows that it is one."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for pattern, decorated in ((_DECORATED, True), (_OF, True), (_BARE, False)):
        if match := pattern.fullmatch(plain):
            value = _value(next(group for group in match.groups() if group))
            return None if value is None else (value, decorated or _DASHED.fullmatch(plain) is not None)
    return None


_ROMAN = {"i": 1, "v": 5, "x": 10}
_CHINESE = "零一二三四五六七八九"


def _value(text: str) -> int | None:
    if text.isascii() and text.isdigit():
        return int(text)
    if text.isascii():
        values = [_ROMAN[c] for c in text.lower()]
        return sum(-v if any(w > v for w in values[i + 1 : i + 2]) else v for i, v in enumerate(values))
    tens, ten, ones = text.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in tens + ones:
        return None
    return (10 * (_CHINESE.index(tens) if tens else 1) if ten else 0) + (_CHINESE.index(ones) if ones else 0)


def _repeated(edges: Sequence[_Edge]) -> list[_Edge]:
    """Those whose words stand at the same height on other pages too; a page number in them counts with the pages."""
    gone: list[_Edge] = []
    groups: dict[str, list[_Edge]] = defaultdict(list)
    for edge in edges:
        groups[_DIGITS.sub("#", "".join(edge.line.text.split()))].append(edge)
    for masked, group in groups.items():
        if not _says_something(masked):
            continue
        for edge in group:
            alike = [
                other
                for other in group
                if other is not edge and abs(other.height - edge.height) <= _SAME_HEIGHT and _is_same(edge, other)
            ]
            if alike and len(alike) + 1 >= 0.35 * len(edges):
                gone.append(edge)
    return gone


def _says_something(masked: str) -> bool:
    """Whether there are words: a row of a table without rulings, "0 0 0", may well come at the foot of two pages."""
    return sum(c.isalpha() for c in masked) >= 2 or "://" in masked


def _is_same(edge: _Edge, other: _Edge) -> bool:
    step = other.page.number - edge.page.number
    mine, theirs = _DIGITS.findall(edge.line.text), _DIGITS.findall(other.line.text)
    return all(int(b) - int(a) in (0, step) for a, b in zip(mine, theirs, strict=True))
