"""Reads the characters of a PDF page, with what tells whether they can be seen.

Coordinates are those of the page's own space, y growing upwards.
"""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from typing import Any

from ingest.pages.glyph_lines import HYPHEN
from ingest.pdf.shapes import NEARLY_TRANSPARENT, NEARLY_WHITE, Shapes

MOST_CHARACTERS = 60_000
"""Of a page."""
_INVISIBLE_MODES = (3, 7)  # PDF's text rendering modes "neither fill nor stroke" and "clip"
_FILLING_MODES = (0, 4)
_SMALLEST_SIZE = 1.5
_LINE_END_HYPHEN = 2  # what pdfium makes of a hyphen at a line's end


class TooManyCharactersError(Exception):
    """A page has more characters than a page can; the first argument is their number."""


@dataclass(slots=True)
class Style:
    """What the characters of one text object share: ``size`` in points, ``angle`` in degrees counterclockwise."""

    size: float
    angle: float
    visible: bool
    white: bool


@dataclass(slots=True)
class Character:
    """A character with its box and the origin on its baseline."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    x: float
    y: float
    style: Style


@dataclass(frozen=True, slots=True)
class Characters:
    """What is written on a page.

    Attributes:
        visible: In the order in which they are drawn.
        hidden: Number of those that can't be seen.
        garbled: Number of the visible ones whose font doesn't tell what they are.
    """

    visible: list[Character]
    hidden: int = 0
    garbled: int = 0


def read_characters(pdfium: Any, page: Any, shapes: Shapes) -> Characters:
    """The characters of a page.

    Raises:
        TooManyCharactersError: There are more than ``MOST_CHARACTERS``.
    """
    textpage = pdfium.FPDFText_LoadPage(page)
    if not textpage:
        return Characters([])
    try:
        count = pdfium.FPDFText_CountChars(textpage)
        if count > MOST_CHARACTERS:
            raise TooManyCharactersError(count)
        return _Reader(pdfium, textpage, shapes).read(count)
    finally:
        pdfium.FPDFText_ClosePage(textpage)


class _Reader:
    def __init__(self, pdfium: Any, textpage: Any, shapes: Shapes) -> None:
        self._c = pdfium
        self._textpage = textpage
        self._shapes = shapes
        self._styles: dict[int, Style] = {}

    def read(self, count: int) -> Characters:
        textpage = self._textpage
        c = self._c
        rectangle, x, y = c.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        characters: list[Character] = []
        hidden = garbled = 0
        for index in range(count):
            if c.FPDFText_IsGenerated(textpage, index) == 1:
                continue
            code = c.FPDFText_GetUnicode(textpage, index)
            style = self._style(index)
            if not style.visible:
                hidden += 1
                continue
            c.FPDFText_GetLooseCharBox(textpage, index, rectangle)
            c.FPDFText_GetCharOrigin(textpage, index, x, y)
            if style.white and not self._shapes.is_on_colour(x.value, y.value):
                hidden += 1
                continue
            text = HYPHEN if code == _LINE_END_HYPHEN else _character(code)
            if text is None or c.FPDFText_HasUnicodeMapError(textpage, index) == 1:
                garbled += 1
                text = "\N{REPLACEMENT CHARACTER}"
            characters.append(
                Character(
                    text,
                    rectangle.left,
                    rectangle.bottom,
                    rectangle.right,
                    rectangle.top,
                    x.value,
                    y.value,
                    style,
                )
            )
        return Characters(characters, hidden, garbled)

    def _style(self, index: int) -> Style:
        c = self._c
        owner = c.FPDFText_GetTextObject(self._textpage, index)
        key = ctypes.cast(owner, ctypes.c_void_p).value or 0
        if key in self._styles:
            return self._styles[key]
        matrix = c.FS_MATRIX()
        c.FPDFText_GetMatrix(self._textpage, index, matrix)
        size = c.FPDFText_GetFontSize(self._textpage, index) * math.hypot(matrix.c, matrix.d)
        angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
        colour = [ctypes.c_uint() for _ in range(4)]
        has_colour = c.FPDFText_GetFillColor(self._textpage, index, *colour)
        red, green, blue, alpha = (part.value for part in colour)
        mode = c.FPDFTextObj_GetTextRenderMode(owner) if owner else 0
        visible = mode not in _INVISIBLE_MODES and not (has_colour and alpha < NEARLY_TRANSPARENT)
        white = bool(has_colour) and mode in _FILLING_MODES and min(red, green, blue) >= NEARLY_WHITE
        style = Style(abs(size), angle, visible and size >= _SMALLEST_SIZE, white)
        self._styles[key] = style
        return style


def _character(code: int) -> str | None:
    """The character of a code point; ``None`` where it can be no character that was meant."""
    if code in (0, 0xFFFE, 0xFFFF, 0xFFFD) or 0xE000 <= code <= 0xF8FF or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return None
    if code < 32:
        return " "
    return chr(code)
