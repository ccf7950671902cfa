"""Takes the characters, rulings and pictures out of a PDF page: the only door to pypdfium2.

All that is printed is turned so that the page's text reads from left to right, whatever the page's own rotation.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ingest.pages.page_layout import Area, Glyph, Ruling
from ingest.pdf.characters import Character, TooManyCharactersError, read_characters
from ingest.pdf.shapes import Bounds, ShapeReader, Shapes
from vectorstore.errors import ReadError

if TYPE_CHECKING:
    import numpy

    Image = numpy.ndarray[Any, numpy.dtype[numpy.uint8]]

MOST_PAGES = 500
_MOST_PIXELS = 30_000_000
# In degrees: scanned and then recognised pages have their words lean a little.
_WIDEST_LEAN = 5
_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
_UNKNOWN_SECURITY = 5  # FPDF_ERR_SECURITY


@dataclass(frozen=True, slots=True)
class PrintedPicture:
    """An image on a page, with its own resolution in dots per inch."""

    area: Area
    dpi: float


@dataclass(slots=True)
class PdfPage:
    """What is printed on a page.

    Attributes:
        number: Counted from 1.
        glyphs: Visible characters in the direction that most of the page is written in.
        aside: Those written in another direction, each direction turned upright, in a coordinate system of its own.
        hidden: Number of characters that are there and not to be seen.
        garbled: Number of visible characters whose font doesn't tell what they are.
        across, down: Horizontal and vertical rulings.
        pictures: The images on it.
        is_covered: Whether an opaque image was laid over all its characters, as scanners do over what they recognised.
        outlines: Number of shapes that are neither rulings nor frames: text turned into curves has thousands.
    """

    number: int
    width: float
    height: float
    rotation: int
    glyphs: list[Glyph] = field(default_factory=list)
    aside: list[list[Glyph]] = field(default_factory=list)
    hidden: int = 0
    garbled: int = 0
    across: list[Ruling] = field(default_factory=list)
    down: list[Ruling] = field(default_factory=list)
    pictures: list[PrintedPicture] = field(default_factory=list)
    is_covered: bool = False
    outlines: int = 0


class PdfDocument:
    """An opened PDF. pdfium isn't safe for threads: one at a time in a process.

    Args:
        source: How the file is called in messages.

    Raises:
        ReadError: It needs a password, is damaged beyond repair, has no pages or more than ``MOST_PAGES``.
    """

    def __init__(self, data: bytes, source: str) -> None:
        import pypdfium2  # type: ignore[import-untyped]
        import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

        self._pdfium = pdfium
        self.source = source
        try:
            self._document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise ReadError(_opening_problem(getattr(error, "err_code", None), source)) from error
        self.pages = len(self._document)
        if self.pages > MOST_PAGES:
            self.close()
            raise ReadError(f"{source} has {self.pages} pages, and up to {MOST_PAGES} are read; split it.")
        if self.pages == 0:
            self.close()
            raise ReadError(f"{source} is a PDF without pages; get the file again.")

    def __enter__(self) -> PdfDocument:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Free what pdfium holds."""
        self._document.close()

    def title(self) -> str:
        """The title that the file's properties give; mostly empty or of no use."""
        return str(self._document.get_metadata_value("Title") or "")

    def read_page(self, number: int) -> PdfPage:
        """What is printed on the page of this number, counted from 1.

        Raises:
            ReadError: The page is damaged, or holds more than a page can.
        """
        import pypdfium2

        try:
            page = self._document[number - 1]
        except pypdfium2.PdfiumError as error:
            raise ReadError(f"Page {number} of {self.source} is damaged; get the file again.") from error
        try:
            return _PageReader(self._pdfium, page, number, self.source).read()
        finally:
            page.close()

    def render(self, page: PdfPage, dpi: float, area: Area | None = None) -> Image:
        """The page, or a part of it, as an image (height × width × 3, BGR), upright; within a bound of pixels."""
        raw_page = self._document[page.number - 1]
        try:
            part = area or Area(0, 0, page.width, page.height)
            pixels = max(1.0, part.width * part.height)
            scale = min(dpi / 72, math.sqrt(_MOST_PIXELS / pixels))
            own = raw_page.get_rotation()
            cut = (
                max(0.0, part.left),
                max(0.0, page.height - part.bottom),
                max(0.0, page.width - part.right),
                max(0.0, part.top),
            )
            turned = (page.rotation - own) % 360
            bitmap = raw_page.render(scale=scale, rotation=turned, crop=_crop(cut, page, scale), draw_annots=True)
            image: Image = bitmap.to_numpy().copy()
            bitmap.close()
            return image
        finally:
            raw_page.close()


def _crop(cut: tuple[float, ...], page: PdfPage, scale: float) -> tuple[float, ...]:
    """The margins to cut, leaving at least two pixels each way."""
    left, bottom, right, top = cut
    least = 2 / scale
    if page.width - left - right < least:
        left, right = 0.0, 0.0
    if page.height - top - bottom < least:
        top, bottom = 0.0, 0.0
    return left, bottom, right, top


def _opening_problem(code: int | None, source: str) -> str:
    if code == _WRONG_PASSWORD:
        return f"{source} is encrypted and needs a password; save it without one."
    if code == _UNKNOWN_SECURITY:
        return f"{source} is encrypted in a way that isn't known here; save it without encryption."
    return f"{source} is a damaged or truncated PDF; get the file again."


class _PageReader:
    """Reads one page, and turns what it finds upright."""

    def __init__(self, pdfium: Any, page: Any, number: int, source: str) -> None:
        self._c = pdfium
        self._page = page
        self._number = number
        self._source = source
        left, bottom, right, top = page.get_cropbox()
        outer = page.get_mediabox()
        self._bounds: Bounds = (max(left, outer[0]), max(bottom, outer[1]), min(right, outer[2]), min(top, outer[3]))
        if self._bounds[2] - self._bounds[0] < 1 or self._bounds[3] - self._bounds[1] < 1:
            self._bounds = tuple(outer)

    def read(self) -> PdfPage:
        shapes = ShapeReader(self._c, self._page, self._bounds).read()
        try:
            found = read_characters(self._c, self._page, shapes)
        except TooManyCharactersError as error:
            raise ReadError(
                f"Page {self._number} of {self._source} has {error.args[0]} characters, more than a page can; "
                "print the report to PDF again."
            ) from error
        by_direction: dict[int, list[Character]] = {}
        for character in found.visible:
            direction = round(character.style.angle / 90) * 90
            if abs(character.style.angle - direction) <= _WIDEST_LEAN:  # others are watermarks
                by_direction.setdefault(direction % 360, []).append(character)
        counts = Counter({direction: len(characters) for direction, characters in by_direction.items()})
        rotation = counts.most_common(1)[0][0] if counts else self._page.get_rotation()
        page = PdfPage(self._number, *self._size(rotation), rotation, hidden=found.hidden, garbled=found.garbled)
        for direction, characters in by_direction.items():
            glyphs = self._glyphs(characters, direction)
            if direction == rotation:
                page.glyphs = glyphs
            elif glyphs:
                page.aside.append(glyphs)
        self._place(page, shapes)
        return page

    def _size(self, rotation: int) -> tuple[float, float]:
        left, bottom, right, top = self._bounds
        size = right - left, top - bottom
        return size if rotation in (0, 180) else (size[1], size[0])

    def _turned(self, x: float, y: float, rotation: int) -> tuple[float, float]:
        left, bottom, right, top = self._bounds
        match rotation:
            case 90:
                return y - bottom, x - left
            case 180:
                return right - x, y - bottom
            case 270:
                return top - y, right - x
            case _:
                return x - left, top - y

    def _turned_area(self, box: Bounds, rotation: int) -> Area:
        x0, y0 = self._turned(box[0], box[1], rotation)
        x1, y1 = self._turned(box[2], box[3], rotation)
        return Area(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))

    def _glyphs(self, characters: list[Character], direction: int) -> list[Glyph]:
        width, height = self._size(direction)
        glyphs: list[Glyph] = []
        seen: dict[tuple[str, int], list[float]] = {}
        for c in characters:
            area = self._turned_area((c.x0, c.y0, c.x1, c.y1), direction)
            x, y = self._turned(c.x, c.y, direction)
            size = c.style.size or area.height
            if not (-1 <= (area.left + area.right) / 2 <= width + 1 and -1 <= y <= height + size):
                continue
            if c.text != " ":
                # Bold is often printed as the same character again, a hair beside itself; so are layers of text.
                # Far less than a digit is wide: the second 1 of 11 is no repetition.
                near = 0.25 * min(area.width, size)
                row = round(y)
                if any(
                    abs(x - other) <= near for at in (row - 1, row, row + 1) for other in seen.get((c.text, at), ())
                ):
                    continue
                seen.setdefault((c.text, row), []).append(x)
            left = min(area.left, x) if area.right > x else area.left
            glyphs.append(Glyph(c.text, left, max(area.right, left), y, size))
        return glyphs

    def _place(self, page: PdfPage, shapes: Shapes) -> None:
        page.outlines = shapes.outlines
        rotation = page.rotation
        for line in shapes.lines:
            area = self._turned_area(line, rotation)
            if area.width >= area.height:
                page.across.append(Ruling((area.top + area.bottom) / 2, area.left, area.right))
            else:
                page.down.append(Ruling((area.left + area.right) / 2, area.top, area.bottom))
        whole = Area(0, 0, page.width, page.height)
        page.is_covered = shapes.covers_text
        for box, dpi in shapes.images:
            area = self._turned_area(box, rotation)
            area = Area(
                max(area.left, whole.left),
                max(area.top, whole.top),
                min(area.right, whole.right),
                min(area.bottom, whole.bottom),
            )
            if area.width > 1 and area.height > 1:
                page.pictures.append(PrintedPicture(area, dpi))
