"""Keeps numbers that were recognised from images of pages as uncertain as they are.

A figure of prose stays stated only where its line was recognised with certainty (see ``scanned_pages``), and
says that it was recognised. Cells that were put together from recognised lines can't be certified: a table is read
as a picture or not at all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.documents import Document
from vectorstore.records import Figure, Mention, Origin, Span, State

_RECOGNIZED = "由扫描页的文字识别得出。"
_DOUBTFUL = "扫描页此处的文字识别不够可靠，无法确定数值。"
_UNCERTIFIED = "扫描页上的表格未能按表格识别，无法确定数值。"


def weigh_figures(document: Document, figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """The figures, those from recognised text marked as such or unreadable; of other documents as they are."""
    if not document.recognized:
        return tuple(figures)
    return tuple(_weighed(document, figure) for figure in figures)


def weigh_mentions(document: Document, mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """The mentions without those whose numbers aren't certain: a mention has no state to say so."""
    return tuple(m for m in mentions if not _overlaps(document.doubtful, m.start, m.end))


def _weighed(document: Document, figure: Figure) -> Figure:
    if figure.value is None or figure.origin is Origin.IMAGE:
        return figure
    if not _overlaps(document.recognized, figure.start, figure.end):
        return figure
    if _overlaps(document.doubtful, figure.start, figure.end):
        return _unreadable(figure, _DOUBTFUL)
    if figure.origin is Origin.TABLE:
        return _unreadable(figure, _UNCERTIFIED)
    return replace(figure, note=f"{figure.note}{_RECOGNIZED}" if figure.note else _RECOGNIZED)


def _unreadable(figure: Figure, note: str) -> Figure:
    return replace(figure, value=None, state=State.UNREADABLE, qualifier=None, note=note)


def _overlaps(spans: Sequence[Span], start: int, end: int) -> bool:
    """Whether any of the spans, which are in order and apart, shares a character with the range."""
    at = bisect_left(spans, start, key=lambda span: span.end)
    return any(span.start < end and start < span.end for span in spans[at : at + 2])
