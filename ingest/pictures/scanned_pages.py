"""Reads pages that are images: words outside tables become lines, each ruled table becomes a picture.

A number in recognised prose has no identities to certify it. It counts only if the line was recognised with
confidence and a second reading of the same line, from another crop, gives the same digits; otherwise the line is
doubtful, and its figures are unreadable.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.canonical_text import canonical
from ingest.pages.page_layout import Area, Page, PagePicture, TextLine
from ingest.pictures import optical_recognition
from ingest.pictures.optical_recognition import MISSING_RECOGNITION, Word
from ingest.pictures.page_images import deskew, encode_png
from ingest.pictures.table_regions import Box, find_table_regions
from vectorstore.errors import ReadError

if TYPE_CHECKING:
    from ingest.pictures.page_images import Image

LEAST_CONFIDENCE = 0.88
"""Below it, what a line says isn't certain. Clean print is recognised with 0.95 and more."""
_LEAST_SENSIBLE = 0.5
"""Words below it are specks, seals and signatures."""
_PAGE_WIDTH = 595.0
_WHITE = 255
_SAME_ROW = 0.5
_DIGITS = re.compile(r"\d+(?:[.,．，]\d+)*")
_SPACE_GAP = 1.0


def require_recognition(source: str) -> None:
    """Raise ReadError, with what to install, unless words on images can be recognised here."""
    if not optical_recognition.is_available():
        raise ReadError(f"{source} is a scan or a picture; {MISSING_RECOGNITION}.")


def read_page_image(image: Image, number: int, width: float = _PAGE_WIDTH) -> Page:
    """The page that an image shows.

    Args:
        image: Height × width × 3, BGR.
        number: Of the page, from 1.
        width: Of the page in points; a picture file doesn't know, and any will do.
    """
    image, words = _upright(deskew(image))
    scale = width / image.shape[1]
    page = Page(number, width, image.shape[0] * scale)
    regions = find_table_regions(image)
    for region in regions:
        crop = image[region.top : region.bottom, region.left : region.right]
        page.items.append(PagePicture(_scaled(region, scale), encode_png(crop)))
    if words is None:
        words = optical_recognition.recognize(_without(image, regions))
    rows = _rows([w for w in words if w.confidence >= _LEAST_SENSIBLE and not _is_inside(w, regions)])
    doubtful = _doubtful_rows(image, rows)
    for row, is_doubtful in zip(rows, doubtful, strict=True):
        page.items.append(_line(row, scale, is_doubtful))
    page.items.sort(key=lambda item: item.box.top)
    return page


def _upright(image: Image) -> tuple[Image, Sequence[Word] | None]:
    """The image turned by quarters until its words can be read; the words, where they had to be read for that."""
    import numpy

    height, width = image.shape[:2]
    if height >= width and not _runs_downwards(image):
        return image, None
    best: tuple[float, Image, tuple[Word, ...]] | None = None
    for quarters in (0, 1, 3):
        candidate = numpy.ascontiguousarray(numpy.rot90(image, quarters))
        words = optical_recognition.recognize(candidate)
        score = sum(len(w.text) * w.confidence for w in words if w.right - w.left >= w.bottom - w.top)
        if best is None or score > 1.2 * best[0]:
            best = (score, candidate, words)
    assert best is not None
    return best[1], best[2]


def _runs_downwards(image: Image) -> bool:
    """Whether lines of text stand upright: ink then changes more from column to column than from row to row."""
    import numpy

    grey = image.min(axis=2) if image.ndim == 3 else image
    ink = (grey[:: max(1, grey.shape[0] // 1000), :: max(1, grey.shape[1] // 1000)] < 128).astype(numpy.float64)
    by_row, by_column = ink.mean(axis=1), ink.mean(axis=0)
    return float(numpy.diff(by_column).std()) > 1.6 * float(numpy.diff(by_row).std())


def _without(image: Image, regions: Sequence[Box]) -> Image:
    """The image with the tables painted over: their words are read in another way."""
    if not regions:
        return image
    rest = image.copy()
    for region in regions:
        rest[region.top : region.bottom, region.left : region.right] = _WHITE
    return rest


def _is_inside(word: Word, regions: Sequence[Box]) -> bool:
    x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    return any(region.contains(x, y) for region in regions)


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """The words that stand side by side, from top to bottom and left to right."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.top + w.bottom):
        middle = (word.top + word.bottom) / 2
        for row in rows[-3:]:
            height = min(row[0].bottom - row[0].top, word.bottom - word.top)
            if abs((row[0].top + row[0].bottom) / 2 - middle) <= _SAME_ROW * height:
                row.append(word)
                break
        else:
            rows.append([word])
    for row in rows:
        row.sort(key=lambda w: w.left)
    return rows


def _scaled(box: Box | Word, scale: float) -> Area:
    return Area(box.left * scale, box.top * scale, box.right * scale, box.bottom * scale)


def _line(row: Sequence[Word], scale: float, doubtful: bool) -> TextLine:
    text = ""
    before: Word | None = None
    box = _scaled(row[0], scale)
    for word in row:
        box = box.joined(_scaled(word, scale))
        if before is not None:
            height = word.bottom - word.top
            both_digits = text[-1:].isdigit() and word.text[:1].isdigit()
            text += " " if both_digits or word.left - before.right > _SPACE_GAP * height else ""
        text += word.text.strip()
        before = word
    # Recognised boxes are somewhat higher than the type in them.
    return TextLine(
        canonical(text).strip(), box, 0.8 * sorted(w.bottom - w.top for w in row)[len(row) // 2] * scale, True, doubtful
    )


def _doubtful_rows(image: Image, rows: Sequence[Sequence[Word]]) -> list[bool]:
    """For each row, whether what it says isn't certain."""
    numbered = [(i, word) for i, row in enumerate(rows) for word in row if _DIGITS.search(word.text)]
    again = optical_recognition.recognize_lines([_crop(image, word) for _, word in numbered])
    doubtful = [any(word.confidence < LEAST_CONFIDENCE for word in row) for row in rows]
    for (i, word), second in zip(numbered, again, strict=True):
        if second.confidence < LEAST_CONFIDENCE or _numbers(second.text) != _numbers(word.text):
            doubtful[i] = True
    return doubtful


def _numbers(text: str) -> list[str]:
    return [match.replace("，", ",").replace("．", ".") for match in _DIGITS.findall(text)]


def _crop(image: Image, word: Word) -> Image:
    """The word with a wider margin than the first reading had, so that a misread digit is likely read otherwise."""
    margin = max(3, (word.bottom - word.top) // 5)
    return image[max(0, word.top - margin) : word.bottom + margin, max(0, word.left - margin) : word.right + margin]
