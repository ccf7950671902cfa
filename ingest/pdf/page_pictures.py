"""A page of a PDF as a picture for people to look at, with the words that are cited marked in it."""

from __future__ import annotations

import re
import struct
import threading
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.pages.page_layout import Area, Glyph
from ingest.pdf.pages import PdfDocument, PdfPage
from vectorstore.folding import fold_character

if TYPE_CHECKING:
    from ingest.pdf.pages import Image

LARGEST_DPI = 300
_LEAST_DPI = 36
_MARK = (0x4E, 0xD2, 0xFF)
"""The colour that marked places are multiplied with, as blue, green, red: a highlighter's yellow."""
# A shorter piece of a quote stands on a page by chance.
_SHORTEST_PIECE = 4
_PIECE_END = re.compile(r"[\s，。；：、！？,;:|]+")
_SAME_LINE = 0.4  # of the type's height

_one_at_a_time = threading.Lock()  # pdfium isn't safe for threads


class NoSuchPageError(ValueError):
    """The PDF has no page of that number."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a picture.

    Attributes:
        png: The file's bytes.
        width, height: In pixels.
        pages: How many pages the PDF has.
        marks: The places marked, from the top, in shares of the page's width and height; empty if nothing was found.
    """

    png: bytes
    width: int
    height: int
    pages: int
    marks: tuple[Area, ...] = ()


def picture_page(data: bytes, source: str, number: int, *, quote: str = "", dpi: float = 110) -> PagePicture:
    """Page ``number`` (from 1) of a PDF with a quote marked where its characters are found.

    Safe to be called from several threads: one page is drawn at a time.

    Raises:
        NoSuchPageError: There is no such page.
        ReadError: The PDF, or the page, can't be read.
    """
    with _one_at_a_time, PdfDocument(data, source) as pdf:
        if not 1 <= number <= pdf.pages:
            raise NoSuchPageError(number)
        page = pdf.read_page(number)
        image = pdf.render(page, min(max(dpi, _LEAST_DPI), LARGEST_DPI))
        pages = pdf.pages
    places = find_places(page, quote) if quote else []
    height, width = image.shape[:2]
    marked = _marked(image, page, places) if places else image
    shares = tuple(
        Area(a.left / page.width, a.top / page.height, a.right / page.width, a.bottom / page.height) for a in places
    )
    return PagePicture(_png(marked), width, height, pages, shares)


def find_places(page: PdfPage, quote: str) -> list[Area]:
    """Where a quote's characters stand on a page, an area a line, from the top; empty where they aren't found.

    They are looked for as a whole, in the order that the page prints them and in the order of its lines. A quote that
    isn't there as a whole, a table's row or one that goes on on the next page, is found by its pieces: those that stand
    on the page just once.
    """
    printed = [glyph for glyph in page.glyphs if glyph.text.strip()]
    orders = [printed, _by_lines(printed)]
    wanted = _letters(quote)
    if not wanted:
        return []
    for glyphs in orders:
        if found := _find(glyphs, wanted):
            return list(_areas(found))
    pieces = [piece for part in _PIECE_END.split(quote) if len(piece := _letters(part)) >= _SHORTEST_PIECE]
    found = [glyph for piece in pieces for glyph in _find(orders[1], piece, once=True)]
    return list(_areas(found))


def _letters(text: str) -> str:
    return "".join(fold_character(character) for character in text if not character.isspace())


def _by_lines(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """From line to line, each from left to right."""
    ordered: list[Glyph] = []
    line: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda g: g.baseline):
        if line and glyph.baseline - line[0].baseline > _SAME_LINE * max(glyph.size, line[0].size):
            ordered += sorted(line, key=lambda g: g.left)
            line = []
        line.append(glyph)
    return ordered + sorted(line, key=lambda g: g.left)


def _find(glyphs: Sequence[Glyph], wanted: str, *, once: bool = False) -> list[Glyph]:
    """The glyphs that spell the words first; with ``once`` none where they are there more than once."""
    letters: list[str] = []
    owners: list[int] = []
    for place, glyph in enumerate(glyphs):
        for letter in _letters(glyph.text):
            letters.append(letter)
            owners.append(place)
    text = "".join(letters)
    at = text.find(wanted)
    if at < 0 or (once and text.find(wanted, at + 1) >= 0):
        return []
    return [glyphs[place] for place in dict.fromkeys(owners[at : at + len(wanted)])]


def _areas(glyphs: Sequence[Glyph]) -> Iterator[Area]:
    """The areas that glyphs cover, those on one line joined."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(set(glyphs), key=lambda g: (g.baseline, g.left)):
        if lines and abs(glyph.baseline - lines[-1][0].baseline) <= _SAME_LINE * glyph.size:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    for line in lines:
        size = max(glyph.size for glyph in line)
        baseline = line[0].baseline
        run: list[Glyph] = []
        for glyph in sorted(line, key=lambda g: g.left):
            if run and glyph.left - run[-1].right > 2 * size:
                yield _around(run, baseline, size)
                run = []
            run.append(glyph)
        yield _around(run, baseline, size)


def _around(run: Sequence[Glyph], baseline: float, size: float) -> Area:
    return Area(
        min(g.left for g in run) - 0.1 * size,
        baseline - 0.95 * size,
        max(g.right for g in run) + 0.1 * size,
        baseline + 0.25 * size,
    )


def _marked(image: Image, page: PdfPage, places: Sequence[Area]) -> Image:
    import numpy

    height, width = image.shape[:2]
    marked = image.copy()
    for area in places:
        top, bottom = (round(min(max(y / page.height, 0), 1) * height) for y in (area.top, area.bottom))
        left, right = (round(min(max(x / page.width, 0), 1) * width) for x in (area.left, area.right))
        part = marked[top:bottom, left:right].astype(numpy.uint16)
        marked[top:bottom, left:right] = (part * numpy.array(_MARK, numpy.uint16) // 255).astype(numpy.uint8)
    return marked


def _png(image: Image) -> bytes:
    """The picture's PNG file; written here because Pillow comes only with recognition."""
    import numpy

    height, width = image.shape[:2]
    colours = image[:, :, [2, 1, 0]]
    # Each line is stored as differences from the one above it, which packs white paper well.
    above = numpy.vstack([numpy.zeros((1, width, 3), numpy.uint8), colours[:-1]])
    lines = numpy.empty((height, 1 + 3 * width), numpy.uint8)
    lines[:, 0] = 2
    lines[:, 1:] = (colours - above).reshape(height, 3 * width)

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(lines.tobytes(), 4)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
