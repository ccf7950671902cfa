"""Enumerations of the prose split into their items: 一是…二是…, （一）…, 1.…, ①…, 首先…其次…, also over paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from assistant.lexicons import read_lexicon
from assistant.prose.relevance import sentences_of
from vectorstore.folding import fold, fold_text
from vectorstore.records import Span

_CHINESE = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮"
_ORDINALS = ("首先", "其次", "再次", "最后")
# A mark stands where a sentence, a clause or a line begins; 一是 also behind a comma: ，一是…，二是….
_STYLES = {
    "is": rf"(?P<chinese>[{_CHINESE}]{{1,2}})(?:是|要|则|来(?=[^自]))",
    "first": rf"第(?P<first>[{_CHINESE}]{{1,2}})(?:[,、:,]|是|点|方面)",
    "among": rf"其(?P<among>[{_CHINESE}])(?:[,、:]|是)",
    "bracketed": rf"\((?P<bracketed>[{_CHINESE}]{{1,2}}|\d{{1,2}})\)",
    "dotted": r"(?P<dotted>\d{1,2})(?:[.、．](?!\d)|\))",
    "paused": rf"(?P<paused>[{_CHINESE}]{{1,2}})、(?!是)",
    "circled": rf"(?P<circled>[{_CIRCLED}])",
    "ordinal": rf"(?P<ordinal>{'|'.join(_ORDINALS)})(?=[,:是要,]|[^,。;]{{4}})",
}
_MARK = re.compile(
    r"(?:(?<=[。;:,.!?\n])|^)[^\S\n]*(?:" + "|".join(f"(?P<{n}_mark>{p})" for n, p in _STYLES.items()) + ")"
)
_LEAST_ITEM = 8
"""Characters; what is shorter is a heading or a remnant."""
_LEAST_MARKED_ITEM = 4
_LONGEST_HEADING = 30


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark in a folded text: where it starts and ends, its style and its number, from 1."""

    start: int
    end: int
    style: str
    number: int


def items_of(text: str, span: Span) -> list[Span]:
    """The items of the enumerations in a part of a text, in order; where there is none, its sentences.

    Items don't overlap, begin with their marks, and end before the next mark, or with their paragraph where the next
    one is of another enumeration. What stands before the first mark is no item.
    """
    folded = fold(text[span.start : span.end], offset=span.start)
    marks = _marks_of(folded.text)
    items = []
    for at, mark in enumerate(marks):
        following = marks[at + 1] if at + 1 < len(marks) else None
        if _holds_items(folded.text, mark, marks[at + 1 :]):
            continue
        end = len(folded.text) if following is None else following.start
        if following is None or following.style != mark.style or following.number <= mark.number:
            end = _end_of_last(folded.text, mark, end)
        item = without_ending(text, folded.span(mark.start, end), "；;,，、")
        if not is_heading(item.of(text)):
            items.append(item)
    return items or [s for s in sentences_of(text, span.start, span.end) if not is_heading(s.of(text))]


def mark_of(item: str) -> str:
    """The mark that an item of an enumeration begins with: 一是, （二）; empty without one."""
    match = _MARK.match(fold_text(item))
    return item[: match.end()] if match else ""


def without_mark(item: str) -> str:
    """An item without its mark and what parts it from its words."""
    return item[len(mark_of(item)) :].lstrip(" \t,，、:：.．")


def is_heading(piece: str) -> bool:
    """Whether a piece is a heading or lead-in: nothing that could be an item."""
    words = without_mark(piece).strip()
    if len(words) < (_LEAST_ITEM if words == piece.strip() else _LEAST_MARKED_ITEM):
        return True
    if words.endswith(("：", ":")):
        return len(words) < 2 * _LONGEST_HEADING
    return len(words) < _LONGEST_HEADING and words.rstrip("。；;. ").endswith(tuple(_lexicon()["heading_ends"]))


@cache
def _lexicon() -> dict[str, Any]:
    return read_lexicon("sections")


def marks_in(folded: str) -> list[Mark]:
    """All marks in a folded text, in order, also such as count nothing."""
    return [_mark(match) for match in _MARK.finditer(folded)]


def _marks_of(folded: str) -> list[Mark]:
    """The marks of the styles that count: 1. 2., and not a lone 一是."""
    marks = marks_in(folded)
    counted = {style: [m for m in marks if m.style == style] for style in dict.fromkeys(m.style for m in marks)}
    running = {style: of_style for style, of_style in counted.items() if _runs(of_style)}
    if not running:
        return []
    return [mark for mark in marks if mark.style in running]


def _runs(marks: list[Mark]) -> bool:
    """Whether marks of one style count: two of them, the later one more than the earlier."""
    return any(later.number == earlier.number + 1 for earlier, later in pairwise(marks))


def _holds_items(folded: str, mark: Mark, following: list[Mark]) -> bool:
    """Whether an item is only the head of an inner enumeration: （一）存在问题：1.… 2.…."""
    if not following or following[0].style == mark.style or following[0].number != 1:
        return False
    head = folded[mark.end : following[0].start].strip()
    return len(head) < _LONGEST_HEADING and head.count("。") < 2 and "\n" not in head


def _mark(match: re.Match[str]) -> Mark:
    style = next(name for name in _STYLES if match[f"{name}_mark"])
    start = match.start(f"{style}_mark")
    return Mark(start, match.end(), style, _number(match, style))


def _number(match: re.Match[str], style: str) -> int:
    token = match["chinese" if style == "is" else style]
    if style == "ordinal":
        return _ORDINALS.index(token) + 1
    if style == "circled":
        return _CIRCLED.index(token) + 1
    if token.isdigit():
        return int(token)
    tens, _, ones = token.partition("十")
    if "十" not in token:
        return _CHINESE.index(token[0]) + 1
    return 10 * (_CHINESE.index(tens) + 1 if tens else 1) + (_CHINESE.index(ones) + 1 if ones else 0)


def _end_of_last(folded: str, mark: Mark, end: int) -> int:
    """Where the last item of an enumeration ends: with its paragraph.

    An item that begins with a heading of its own goes on to the end of the next line.
    """
    line_end = folded.find("\n", mark.start, end)
    if line_end < 0:
        return end
    if folded[line_end - 1] not in "。;!?" and line_end - mark.end < _LONGEST_HEADING:
        after = folded.find("\n", line_end + 1, end)
        own = folded[line_end + 1 : end if after < 0 else after].strip()
        if own and not any(own.startswith(turn) for turn in _lexicon()["improvement_starts"]):
            return end if after < 0 else after
    return line_end


def without_ending(text: str, span: Span, marks: str) -> Span:
    """A place without the punctuation marks and white space at its end, which belong to the list that it stands in."""
    end = span.end
    while end > span.start and (text[end - 1].isspace() or text[end - 1] in marks):
        end -= 1
    return Span(span.start, end)
