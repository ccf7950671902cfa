"""Cuts Chinese text into sentences by position, so that passages and quotes begin and end where a sentence does."""

from __future__ import annotations

from collections.abc import Iterator

from vectorstore.records import Span

_ENDS = frozenset("。！？；!?;")
_CLOSING = frozenset("”’」』）)】〕］]》〉\"'")


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of ``text[start:end]``, in order.

    A sentence ends at 。！？； or a newline and keeps the closing quotes and brackets behind its end. Spans have no
    surrounding white space, don't overlap, and together cover everything but white space. ASCII ``!`` ``?`` ``;``
    end a sentence only where no Latin letter or digit follows, so that addresses stay whole; a point never does.
    """
    stop = len(text) if end is None else end
    spans = (trimmed(text, first, last) for first, last in _pieces(text, start, stop))
    return [span for span in spans if span.start < span.end]


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    position = first = start
    while position < end:
        character = text[position]
        position += 1
        if character == "\n":
            yield first, position
            first = position
        elif character in _ENDS and _ends_sentence(text, position, end):
            while position < end and (text[position] in _ENDS or text[position] in _CLOSING):
                position += 1
            yield first, position
            first = position
    if first < end:
        yield first, end


def _ends_sentence(text: str, after: int, end: int) -> bool:
    if ord(text[after - 1]) > 0x7F or after >= end:
        return True
    follows = text[after]
    return not (follows.isascii() and follows.isalnum()) and follows not in "=&%/#"


def trimmed(text: str, start: int, end: int) -> Span:
    """The span of ``text[start:end]`` without its surrounding white space; empty, at the end, if it is all that."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
