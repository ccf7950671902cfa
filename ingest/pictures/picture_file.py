"""Reads a picture file (PNG, JPEG, TIFF, BMP, WebP) that shows a report's pages."""

from __future__ import annotations

from ingest.document_writer import DocumentWriter
from ingest.documents import Document
from ingest.pages.page_flow import write_pages
from ingest.pages.page_furniture import take_off_furniture
from ingest.pictures.page_images import decode_picture
from ingest.pictures.scanned_pages import read_page_image, require_recognition
from vectorstore.errors import ReadError


def read_picture_file(data: bytes, source: str) -> Document:
    """The Document of a picture; a TIFF may hold several pages.

    Raises:
        ReadError: It is damaged or too large, shows no words, or recognition isn't installed.
    """
    require_recognition(source)
    pages = [read_page_image(image, number) for number, image in enumerate(decode_picture(data, source), 1)]
    if not any(page.items for page in pages):
        raise ReadError(f"{source} shows no words that can be read; scan the report again, larger or sharper.")
    take_off_furniture(pages)
    writer = DocumentWriter()
    write_pages(pages, writer)
    return writer.document(source, {"recognized": "1"})
