"""What a reader returns: the canonical text of a file and the blocks it is made of.

The canonical text is the source's own characters with three changes only: newlines are ``\\n``, ``[bookmark: …]``
noise is removed, and radicals and compatibility ideographs (⼀ ⽅ ⺠ ⻋, common in PDF text) are mended one to one.
Every span of a Document, and of everything understood from it, refers to this text.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from vectorstore.records import Span


@dataclass(frozen=True, slots=True)
class Line:
    """A heading or paragraph: one line of prose. ``span`` has no surrounding white space."""

    span: Span
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell. ``span`` is empty (start == end) where the cell is."""

    row: int
    column: int
    span: Span
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the source gives it: rows of cells, merged cells present once, at their first row and column.

    Attributes:
        rows: Cells in reading order; rows may have different numbers of cells.
        span: From the first cell's first character to the last cell's last.
    """

    rows: tuple[tuple[Cell, ...], ...]
    span: Span
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, or the placeholder that flattened text has for one. ``span`` covers the placeholder."""

    span: Span
    page: int | None = None
    image: bytes | None = None


Block = Line | Table | Picture


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: nothing is understood yet.

    Attributes:
        text: Canonical; see the module's docstring.
        blocks: In reading order, not overlapping, together covering all of ``text`` but white space.
        source: Where it came from: a path relative to what was ingested, or a URL.
        recognized: What was recognised from images of pages, in order.
        doubtful: Those parts of it whose numbers aren't certain: figures there are unreadable.
    """

    text: str
    blocks: tuple[Block, ...]
    source: str
    metadata: dict[str, str] = field(default_factory=dict)
    recognized: tuple[Span, ...] = ()
    doubtful: tuple[Span, ...] = ()
