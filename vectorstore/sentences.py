"""Cuts Chinese text into sentences by position, so that passages and quotes begin and end where a sentence does."""

from __future__ import annotations

import re

from vectorstore.records import Span

_CLOSING = "”’」』）)】〕］]》〉\"'"
# An ASCII mark ends no sentence inside an address; a point ends one only where it stands for 。.
_ASCII_END = r"(?![A-Za-z0-9=&%/#])"
_POINT = r"(?<=[一-鿿)）])\.(?=[一-鿿(（]|$)"


def _boundary(semicolons: bool) -> re.Pattern[str]:
    wide, narrow = ("。！？；", "!?;") if semicolons else ("。！？", "!?")
    end = rf"(?:[{wide}]|[{narrow}]{_ASCII_END}|{_POINT})"
    return re.compile(rf"\n|{end}[{re.escape(wide + narrow + _CLOSING)}]*")


_BOUNDARIES = {semicolons: _boundary(semicolons) for semicolons in (True, False)}


def sentences(text: str, start: int = 0, end: int | None = None, *, at_semicolons: bool = True) -> list[Span]:
    """The sentences of ``text[start:end]``, in order.

    A sentence ends at 。！？； or a newline and keeps the closing quotes and brackets behind its end. Spans have no
    surrounding white space, don't overlap, and together cover everything but white space. ASCII ``!`` ``?`` ``;``
    end a sentence only where no Latin letter or digit follows, so that addresses stay whole; a point only between
    Chinese characters.

    Args:
        at_semicolons: Whether ；ends a sentence too: what stands behind it may be about what stands before it.
    """
    stop = len(text) if end is None else end
    spans: list[Span] = []
    first = start
    for match in _BOUNDARIES[at_semicolons].finditer(text, start, stop):
        spans.append(trimmed(text, first, match.end()))
        first = match.end()
    if first < stop:
        spans.append(trimmed(text, first, stop))
    return [span for span in spans if span.start < span.end]


def trimmed(text: str, start: int, end: int) -> Span:
    """The span of ``text[start:end]`` without its surrounding white space; empty, at the end, if it is all that."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
