"""Reads Word files (.docx, .docm) as the page shows them.

Headers, footers and comments are left out; a footnote stands below the paragraph that refers to it; a table that only
lays out a page is taken apart into what it holds.
"""

from __future__ import annotations

from ingest.documents import Document
from vectorstore.errors import ReadError


def read_word_document(data: bytes, source: str) -> Document:
    """The Document of a Word file. Its metadata hold the ``title`` among the file's properties, if there is one.

    Raises:
        ReadError: The file is damaged, protected with a password, too large unpacked, no Word file, or without text.
    """
    from ingest.word.layout import write_blocks
    from ingest.word.package import WordPackage
    from ingest.word.text import WordText

    package = WordPackage(data, source)
    metadata = {"title": package.title} if package.title else {}
    try:
        document = write_blocks(WordText(package).read()).document(source, metadata)
    except RecursionError as error:
        raise ReadError(
            f"{source} has tables or text boxes nested deeper than any report; open it in Word and save it again."
        ) from error
    if not document.blocks:
        raise ReadError(f"{source} holds no text; put the report's text into it or take the file away.")
    return document
