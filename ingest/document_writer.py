"""Builds a Document from what a reader finds in its format: the canonical text and its blocks grow together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.canonical_text import canonical
from ingest.documents import Block, Cell, Document, Line, Picture, Table
from vectorstore.records import Span


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell as a reader found it: its place in the table's grid, zero-based, and its text as the source has it."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1


class DocumentWriter:
    """Collects blocks in reading order.

    A line ends in a newline; a table's cells are parted by tabs, its rows by newlines.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0
        self._recognized: list[Span] = []
        self._doubtful: list[Span] = []

    def recognized_line(self, text: str, doubtful: Sequence[Span], page: int | None = None) -> None:
        """Add a paragraph that was recognised from an image.

        Args:
            text: Canonical, without line breaks and white space around it; empty adds nothing.
            doubtful: The parts of ``text`` whose numbers aren't certain.
        """
        if not text:
            return
        span = self._write(text)
        self._write("\n")
        self._blocks.append(Line(span, page))
        self._recognized.append(span)
        self._doubtful.extend(Span(span.start + part.start, span.start + part.end) for part in doubtful)

    def line(self, text: str, page: int | None = None) -> None:
        """Add a heading or paragraph, without white space around it. Inner line breaks part it; empty adds nothing."""
        for part in canonical(text).split("\n"):
            if stripped := part.strip():
                self._blocks.append(Line(self._write(stripped), page))
                self._write("\n")

    def table(self, rows: Sequence[Sequence[CellText]], page: int | None = None) -> None:
        """Add a table. Runs of white space inside a cell, line breaks among them, become one space.

        Args:
            rows: Merged cells stand once, at their first row and column. A table without any text adds nothing.
        """
        texts = [[" ".join(canonical(cell.text).split()) for cell in row] for row in rows]
        if not any(text for row in texts for text in row):
            return
        written: list[tuple[Cell, ...]] = []
        for row, row_texts in zip(rows, texts, strict=True):
            cells = []
            for number, (cell, text) in enumerate(zip(row, row_texts, strict=True)):
                if number:
                    self._write("\t")
                cells.append(Cell(cell.row, cell.column, self._write(text), cell.row_span, cell.column_span))
            self._write("\n")
            written.append(tuple(cells))
        filled = [cell.span for row in written for cell in row if cell.span.start < cell.span.end]
        self._blocks.append(Table(tuple(written), Span(filled[0].start, filled[-1].end), page))
        self._write("\n")

    def picture(self, name: str, image: bytes | None, page: int | None = None) -> None:
        """Add a picture; ``[image: name]`` stands for it in the text. ``image`` is the file's bytes (PNG, JPEG …)."""
        placeholder = f"[image: {' '.join(name.split()).replace(']', ')')}]"
        self._blocks.append(Picture(self._write(placeholder), page, image))
        self._write("\n")

    def document(self, source: str, metadata: Mapping[str, str] | None = None) -> Document:
        """What was collected so far."""
        return Document(
            "".join(self._parts),
            tuple(self._blocks),
            source,
            dict(metadata or {}),
            recognized=tuple(self._recognized),
            doubtful=tuple(self._doubtful),
        )

    def _write(self, text: str) -> Span:
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        return Span(start, self._length)
