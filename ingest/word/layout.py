"""Writes what was read of a Word file as a Document's blocks, and tells tables of data from tables of layout.

Many reports stand in a table as a whole: one cell around everything, or a row for each part of the form. Rows of
prose and the form's headings become lines, the rows between them tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.document_writer import CellText, DocumentWriter
from ingest.structure.headings import looks_like_level_one
from ingest.word.drawings import WordPicture
from ingest.word.tables import WordCell, WordTable
from ingest.word.text import Block, Paragraph

# In characters. The form's longest label, with its explanation, has fewer than a hundred.
_LONGEST_CELL = 200
_SHORTEST_PROSE = 60


def write_blocks(blocks: Sequence[Block], writer: DocumentWriter | None = None) -> DocumentWriter:
    """Add the blocks to the writer, a new one if none is given, in order."""
    writer = writer or DocumentWriter()
    for block in blocks:
        if isinstance(block, Paragraph):
            _write_paragraph(block, writer)
        elif isinstance(block, WordPicture):
            writer.picture(block.name, block.image)
        else:
            _write_table(block, writer)
    return writer


def _write_paragraph(paragraph: Paragraph, writer: DocumentWriter) -> None:
    number, text = paragraph.number, ""
    for piece in (*paragraph.pieces, None):
        if isinstance(piece, str):
            text += piece
            continue
        if text.strip():
            writer.line(number + text.lstrip())
            number = ""
        text = ""
        if piece is not None:
            writer.picture(piece.name, piece.image)
    write_blocks(paragraph.beside, writer)
    write_blocks(paragraph.notes, writer)


def _write_table(table: WordTable, writer: DocumentWriter) -> None:
    is_layout = _is_layout(table)
    together: list[list[WordCell]] = []
    for row in table.rows:
        if is_layout or _is_prose(row):
            _write_rows(together, writer)
            together = []
            for cell in row:
                write_blocks(cell.blocks, writer)
        else:
            together.append(row)
    _write_rows(together, writer)


def _is_layout(table: WordTable) -> bool:
    """Whether a table has a single column, or most of its cells are those of tables inside it."""
    cells = [cell for row in table.rows for cell in row]
    if not any(cell.column for cell in cells):
        return True
    inside = [block for cell in cells for block in cell.blocks if isinstance(block, WordTable)]
    if not inside:
        return False
    nested = sum(len(row) for block in inside for row in block.rows)
    return nested > sum(1 for cell in cells if cell_text(cell).strip())


def _is_prose(row: Sequence[WordCell]) -> bool:
    texts = [text for cell in row if (text := cell_text(cell).strip())]
    if any(len(text) > _LONGEST_CELL for text in texts):
        return True
    if len(texts) != 1 or len(row) != 1:
        return False
    return looks_like_level_one(texts[0]) or (len(texts[0]) > _SHORTEST_PROSE and "\n" in texts[0])


def _write_rows(rows: Sequence[Sequence[WordCell]], writer: DocumentWriter) -> None:
    if not rows:
        return
    first = next((cell.row for row in rows for cell in row), 0)
    writer.table(
        [
            [
                CellText(
                    cell.row - first,
                    cell.column,
                    cell_text(cell),
                    min(cell.row_span, first + len(rows) - cell.row),
                    cell.column_span,
                )
                for cell in row
            ]
            for row in rows
        ]
    )
    for row in rows:
        for cell in row:
            write_blocks(list(_hanging(cell.blocks)), writer)


def cell_text(cell: WordCell) -> str:
    """What a cell says, text boxes and tables inside it included, a line a paragraph."""
    return "\n".join(_texts(cell.blocks))


def _texts(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
            yield from _texts([inner for inner in block.beside if isinstance(inner, Paragraph)])
        elif isinstance(block, WordTable):
            for row in block.rows:
                for cell in row:
                    yield from _texts(cell.blocks)


def _hanging(blocks: Sequence[Block]) -> Iterator[Block]:
    """What belongs to a cell and can't stand in its text: pictures, tables in text boxes, notes."""
    for block in blocks:
        if isinstance(block, WordPicture):
            yield block
        elif isinstance(block, WordTable):
            for row in block.rows:
                for cell in row:
                    yield from _hanging(cell.blocks)
        else:
            yield from (piece for piece in block.pieces if isinstance(piece, WordPicture))
            for inner in block.beside:
                if isinstance(inner, Paragraph):
                    yield from _hanging([inner])
                else:
                    yield inner
            yield from block.notes
