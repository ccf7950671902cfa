"""Breaks text into lines of a width as Chinese typesetting does, measured in the font that made-up PDFs are set in."""

from __future__ import annotations

from functools import cache

FONT = "STSong-Light"
"""Built into reportlab: it shows Chinese without a font file."""
_NO_START = "、，。；：？！）”’》〕%％"
_NO_END = "（《“‘〔"


@cache
def _advance(character: str, size: float) -> float:
    from reportlab.pdfbase import pdfmetrics

    return float(pdfmetrics.stringWidth(character, FONT, size))


def load_font() -> None:
    """See to it that reportlab knows the font."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def width_of(text: str, size: float) -> float:
    """How wide the text is, in points."""
    return sum(_advance(c, size) for c in text)


def break_lines(text: str, size: float, width: float, indent: float = 0.0, *, tears_numbers: bool = False) -> list[str]:
    """The text's lines; closing marks don't begin one, opening marks don't end one, words and numbers stay whole."""
    lines: list[str] = []
    line, room = "", width - indent
    for unit in _units(text, tears_numbers):
        advance = width_of(unit, size)
        if line and advance > room + 0.01:
            carried = ""
            while line and (unit[0] in _NO_START or line[-1] in _NO_END) and len(line) > 1:
                carried, line = line[-1] + carried, line[:-1]
                if carried[0] not in _NO_START and (not line or line[-1] not in _NO_END):
                    break
                unit = carried + unit if unit[0] in _NO_START else unit
                carried = "" if unit.startswith(tuple(_NO_START)) else carried
            lines.append(line)
            line, room = "", width
            unit = carried + unit
            advance = width_of(unit, size)
        line += unit
        room -= advance
    if line:
        lines.append(line)
    return lines


def _units(text: str, tears_numbers: bool) -> list[str]:
    """What a line isn't broken within."""
    units: list[str] = []
    for character in text:
        is_word = character.isascii() and (character.isalnum() or character in ".:/-@_")
        torn = tears_numbers and character.isdigit()
        if units and is_word and not torn and units[-1][-1].isascii() and units[-1][-1] not in " %":
            units[-1] += character
        else:
            units.append(character)
    return units
