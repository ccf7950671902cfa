"""Reads a web page as government sites serve it: the report without the page around it.

Markup is stripped and nothing else: the text is the page's own, with the numbers of ordered lists written out.
"""

from __future__ import annotations

from collections.abc import Mapping

from ingest.document_writer import DocumentWriter
from ingest.documents import Document
from ingest.html.article import find_article, says_nothing, shows_report
from ingest.html.blocks import DataTable, Page, PageBlock, TextLine
from ingest.html.encoding import decode_page
from ingest.html.flow import PageFlow
from ingest.html.metadata import is_record, read_metadata
from ingest.html.spaced_rows import with_spaced_tables
from vectorstore.errors import ReadError

_HEAD = 2000


def read_html_page(data: bytes, source: str) -> Document:
    """The Document of a report's web page.

    Its metadata hold, where the page says so, ``title``, ``date`` (ISO, of publication) and ``url`` (absolute), besides
    what the record above the article says (``publisher``, ``index_number`` …).

    Raises:
        ReadError: The bytes are empty or no text, the page says nothing, or it is too large to be followed.
    """
    return read_page(decode_page(data, source), source, {})


def read_page(markup: str, source: str, parts: Mapping[str, bytes]) -> Document:
    """As ``read_html_page``, for markup whose characters are known.

    Args:
        parts: The bytes of the pictures that came with the page, by the address that the page uses.
    """
    page = parse_markup(markup, source, parts)
    if not shows_report(page):
        page = _fullest(page, markup, source, parts)
    if not page.blocks:
        raise ReadError(f"{source} shows no text: the page may be made by a script; save it as it looks, or as a PDF.")
    if page.attachments and says_nothing(page):
        raise ReadError(f"{source} holds no report but leads to one in {page.attachments[0]}; ingest that file.")
    article, around = find_article(page)
    writer = DocumentWriter()
    for block in with_spaced_tables(article):
        write_block(block, writer)
    record = [block for block in article if isinstance(block, DataTable) and is_record(block)]
    return writer.document(source, read_metadata(page, [*around, *record], markup[:_HEAD]))


def parse_markup(markup: str, source: str, parts: Mapping[str, bytes], *, show_hidden: bool = False) -> Page:
    """The blocks of markup, before the article is found in it; ReadError as ``read_page`` raises it."""
    from lxml import etree

    flow = PageFlow(source, parts, show_hidden=show_hidden)
    parser = etree.HTMLParser(target=flow, encoding="utf-8", huge_tree=True)
    try:
        # In bytes, because lxml refuses text with an encoding declaration; the parser's encoding overrides the page's.
        page: Page = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return flow.close()
    return page


def _fullest(page: Page, markup: str, source: str, parts: Mapping[str, bytes]) -> Page:
    """The page, or what it hides or keeps as data for a script, if only that shows a report."""
    candidates = [page]
    if page.has_hidden:
        candidates.append(parse_markup(markup, source, parts, show_hidden=True))
    candidates += [parse_markup(fragment, source, parts) for fragment in page.fragments]
    fullest = max((found for found in candidates if shows_report(found)), key=_size, default=page)
    fullest.metas, fullest.title, fullest.canonical_url = page.metas, page.title, page.canonical_url
    return fullest


def _size(page: Page) -> int:
    return sum(len(block.text) if isinstance(block, TextLine) else 0 for block in page.blocks) + sum(
        len(block.text()) for block in page.blocks if isinstance(block, DataTable)
    )


def write_block(block: PageBlock, writer: DocumentWriter) -> None:
    """Put a block of a page into a document."""
    if isinstance(block, TextLine):
        writer.line(block.text)
    elif isinstance(block, DataTable):
        writer.table(block.rows)
    else:
        writer.picture(block.name, block.image)
