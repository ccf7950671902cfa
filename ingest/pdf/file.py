"""Reads a PDF file: text, tables and pictures from its pages, and scanned pages as images."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.document_writer import DocumentWriter
from ingest.documents import Document
from ingest.pages.glyph_lines import find_lines
from ingest.pages.page_flow import write_pages
from ingest.pages.page_furniture import take_off_furniture
from ingest.pages.page_layout import Area, Item, Page, PagePicture, TextLine
from ingest.pdf.garbled_text import is_garbled
from ingest.pdf.loose_tables import as_one, find_loose_tables
from ingest.pdf.page_columns import in_reading_order
from ingest.pdf.pages import PdfDocument, PdfPage, PrintedPicture
from ingest.pdf.tables import take_tables
from ingest.pictures import optical_recognition
from ingest.pictures.page_images import encode_png
from ingest.pictures.scanned_pages import read_page_image, require_recognition
from vectorstore.errors import ReadError

# pdfium may be called by one thread at a time.
_LOCK = threading.Lock()
_LEAST_DPI, _MOST_DPI = 200.0, 300.0
# Less text than this on a page full of image is its page number.
_FEWEST_CHARACTERS = 6
# A page whose text was turned into curves has at least so many of them.
_FEWEST_OUTLINES = 300
# Smaller images are logos, seals and signatures.
_LEAST_WIDTH, _LEAST_HEIGHT = 0.35, 40.0
_MOST_GLYPHS_OVER = 15
_PAGE_SHARE = 0.6
_FEW_GLYPHS_BESIDE = 100
_MEANT_TITLE = re.compile(r"(?=.*[\u4e00-\u9fff]).*(?:报告|年报|年度)")
_FILE_NAME = re.compile(r"\.(?:docx?|wps|pdf|html?|txt)\s*$|^Microsoft Word", re.IGNORECASE)
_URL = re.compile(r"https?://[!-~]+")


@dataclass(slots=True)
class _Reading:
    """What became of the pages.

    Attributes:
        unread: Numbers of the pages that are images and could not be read.
        damaged: Why single pages could not be read.
    """

    pages: list[Page] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    damaged: list[ReadError] = field(default_factory=list)


def read_pdf(data: bytes, source: str) -> Document:
    """The Document of a PDF; every block has its page.

    Where recognition isn't installed, scanned pages among others are pictures.

    Raises:
        ReadError: It is encrypted, damaged, empty or too large, or is a scan and recognition isn't installed.
    """
    with _LOCK, PdfDocument(data, source) as pdf:
        reading = _read_pages(pdf)
        title = pdf.title()
    if reading.damaged and not any(page.items for page in reading.pages):
        raise reading.damaged[0]
    if reading.unread and not any(isinstance(i, TextLine) for page in reading.pages for i in page.items):
        require_recognition(source)
    if not any(page.items for page in reading.pages):
        raise ReadError(f"{source} holds no text and no pictures; get the file again.")
    furniture = take_off_furniture(reading.pages)
    writer = DocumentWriter()
    write_pages(reading.pages, writer)
    return writer.document(source, _metadata(reading, title, furniture.lines))


def _metadata(reading: _Reading, title: str, furniture: Sequence[str]) -> dict[str, str]:
    metadata: dict[str, str] = {}
    if _MEANT_TITLE.match(title) and not _FILE_NAME.search(title):
        metadata["title"] = title.strip()
    elif running := next((line for line in furniture if _MEANT_TITLE.match(line) and not _URL.search(line)), None):
        metadata["title"] = running
    # A browser prints the page's address at its foot.
    if address := next((match for line in furniture if (match := _URL.search(line))), None):
        metadata["url"] = address[0]
    if any(isinstance(item, TextLine) and item.recognized for page in reading.pages for item in page.items):
        metadata["recognized"] = "1"
    return metadata


def _read_pages(pdf: PdfDocument) -> _Reading:
    reading = _Reading()
    printed: list[PdfPage] = []
    for number in range(1, pdf.pages + 1):
        try:
            printed.append(pdf.read_page(number))
        except ReadError as error:
            reading.damaged.append(error)
    ornaments = _ornaments(printed)
    for page in printed:
        if not _is_image(page):
            reading.pages.append(_laid_out(pdf, page, ornaments))
        elif optical_recognition.is_available():
            reading.pages.append(read_page_image(pdf.render(page, _resolution(page)), page.number, page.width))
        else:
            reading.unread.append(page.number)
            whole = Area(0, 0, page.width, page.height)
            picture = PagePicture(whole, encode_png(pdf.render(page, _LEAST_DPI)))
            reading.pages.append(Page(page.number, page.width, page.height, [picture]))
    return reading


def _is_image(page: PdfPage) -> bool:
    """Whether a page has to be read as an image: a scan, or text whose characters aren't told."""
    if page.is_covered:
        return True
    text = "".join(glyph.text for glyph in page.glyphs)
    if is_garbled(text, page.garbled):
        return True
    return len("".join(text.split())) < _FEWEST_CHARACTERS and bool(
        any(_share(picture.area, page) > 0.1 for picture in page.pictures) or page.outlines >= _FEWEST_OUTLINES
    )


def _resolution(page: PdfPage) -> float:
    dpi = max((picture.dpi for picture in page.pictures if _share(picture.area, page) > 0.1), default=_LEAST_DPI)
    return min(max(dpi, _LEAST_DPI), _MOST_DPI)


def _share(area: Area, page: PdfPage) -> float:
    return area.width * area.height / max(page.width * page.height, 1.0)


def _laid_out(pdf: PdfDocument, printed: PdfPage, ornaments: set[tuple[int, ...]]) -> Page:
    page = Page(printed.number, printed.width, printed.height)
    tables, outside = take_tables(printed)
    rows = find_lines(outside)
    others: list[Item] = list(tables)
    for picture in _pictures(printed, ornaments):
        others.extend(_picture_items(pdf, printed, picture))
    if not others and (in_columns := in_reading_order(rows, printed.width)):
        page.items = [as_one(row) for row in in_columns]
    else:
        page.items = sorted([*others, *find_loose_tables(rows)], key=_top)
    for glyphs in printed.aside:
        page.items.extend(line for row in find_lines(glyphs) for line in row)
    return page


def _top(item: Item) -> float:
    # Items that share a line begin at nearly the same height.
    return item.box.top


def _pictures(page: PdfPage, ornaments: set[tuple[int, ...]]) -> list[PrintedPicture]:
    """The images that may show something: large enough, and no ground that text is printed on."""
    pictures = []
    for picture in _unsliced([p for p in page.pictures if _place(p.area) not in ornaments]):
        area = picture.area
        if area.width < _LEAST_WIDTH * page.width or area.height < _LEAST_HEIGHT:
            continue
        over = sum(area.holds(*glyph.middle) for glyph in page.glyphs)
        if over <= _MOST_GLYPHS_OVER:
            pictures.append(picture)
    return pictures


def _place(area: Area) -> tuple[int, ...]:
    return tuple(round(edge) for edge in (area.left, area.top, area.right, area.bottom))


def _ornaments(pages: Sequence[PdfPage]) -> set[tuple[int, ...]]:
    """Where most pages have an image at the same place: a letterhead, a watermark. Scans fill their pages."""
    counts = Counter(
        place
        for page in pages
        for place in {_place(p.area) for p in page.pictures if _share(p.area, page) < _PAGE_SHARE}
    )
    return {place for place, count in counts.items() if count >= 3 and count > len(pages) / 2}


def _unsliced(pictures: Sequence[PrintedPicture]) -> list[PrintedPicture]:
    """The pictures, with strips joined that one was cut into."""
    whole: list[PrintedPicture] = []
    for picture in sorted(pictures, key=lambda p: (p.area.top, p.area.left)):
        for number, other in enumerate(whole):
            a, b = other.area, picture.area
            if abs(a.left - b.left) <= 2 and abs(a.right - b.right) <= 2 and abs(a.bottom - b.top) <= 2:
                whole[number] = PrintedPicture(a.joined(b), max(other.dpi, picture.dpi))
                break
        else:
            whole.append(picture)
    return whole


def _picture_items(pdf: PdfDocument, page: PdfPage, picture: PrintedPicture) -> list[Item]:
    """The picture; or what stands in it, where it is nearly all of the page."""
    image = pdf.render(page, min(max(picture.dpi, 100.0), _MOST_DPI), picture.area)
    beside = sum(not glyph.text.isspace() for glyph in page.glyphs)
    if _share(picture.area, page) >= _PAGE_SHARE and beside < _FEW_GLYPHS_BESIDE and optical_recognition.is_available():
        shown = read_page_image(image, page.number, picture.area.width)
        return [_moved(item, picture.area.left, picture.area.top) for item in shown.items]
    return [PagePicture(picture.area, encode_png(image))]


def _moved(item: Item, x: float, y: float) -> Item:
    box = Area(item.box.left + x, item.box.top + y, item.box.right + x, item.box.bottom + y)
    return replace(item, box=box)
