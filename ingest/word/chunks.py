"""Reads whole files that a Word file takes in (``w:altChunk``); web editors export a report as one of these."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.documents import Document, Line, Picture, Table
from ingest.word.drawings import WordPicture
from ingest.word.package import WordPackage
from ingest.word.tables import WordCell, WordTable
from ingest.word.text import Block, Paragraph, WordText
from vectorstore.errors import ReadError

_DEEPEST = 3
_WEB_ARCHIVES = (".mht", ".mhtml")


def read_chunk(part: str, package: WordPackage, depth: int) -> list[Block]:
    """What a part of the package says that is a whole file: a web page, a web archive, a text, a Word file.

    Args:
        part: The part's name; its extension counts where its contents don't tell.
        depth: How many Word files it is inside of.

    Raises:
        ReadError: The part is missing, or couldn't be read. Word would show it, so leaving it out would lose text.
    """
    data = package.bytes_of(part)
    if data is None or depth > _DEEPEST:
        raise ReadError(
            f"{package.source} lacks a part that it consists of ({part}); open it in Word and save it again."
        )
    try:
        if data.startswith(b"PK"):
            return WordText(WordPackage(data, part), depth).read()
        return list(_blocks(_read(data, part)))
    except ReadError as error:
        reason = str(error).rstrip(".")
        raise ReadError(
            f"{package.source} takes in another file that can't be read ({reason}); open it in Word and save it again."
        ) from error


def _read(data: bytes, part: str) -> Document:
    from ingest.files.readers import format_of, reader_of

    if part.lower().endswith(_WEB_ARCHIVES):
        from ingest.html.web_archive import read_web_archive

        return read_web_archive(data, part)
    return reader_of(format_of(data, part))(data, part)


def _blocks(document: Document) -> Iterator[Block]:
    for block in document.blocks:
        if isinstance(block, Line):
            yield Paragraph(pieces=[block.span.of(document.text)])
        elif isinstance(block, Picture):
            # The placeholder is written anew: [image: name]
            yield WordPicture(block.span.of(document.text)[len("[image: ") : -1], block.image, True)
        else:
            yield _table(block, document.text)


def _table(table: Table, text: str) -> WordTable:
    return WordTable(
        [
            [WordCell(c.row, c.column, c.row_span, c.column_span, [Paragraph(pieces=[c.span.of(text)])]) for c in row]
            for row in table.rows
        ]
    )
