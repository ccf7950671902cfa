"""What the signs of the symbol fonts mean that Word files write by font and code."""

from __future__ import annotations

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
"""For a sign that isn't known: a cell with it must not look empty."""

_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x9F: "•", 0xA7: "▪",
    0xA8: "□", 0xB2: "✧", 0xD8: "➢", 0xE0: "→", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    0x80: "⓪", 0x8B: "⓿",
}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "□"}
_SYMBOL = {0xB4: "×", 0xB8: "÷", 0xB7: "•", 0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB0: "°", 0x2D: "−", 0xBB: "≈"}
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}


def symbol(font: str, code: str) -> str:
    """The character that ``w:sym`` shows.

    Args:
        code: Four hex digits; from F000 on, a symbol font's own code is added to that.
    """
    try:
        number = int(code, 16)
    except ValueError:
        return UNKNOWN
    name = font.strip().lower()
    own = number - 0xF000 if 0xF000 <= number <= 0xF0FF else number
    if name in _FONTS:
        if name == "wingdings" and 0x81 <= own <= 0x8A:
            return chr(0x2460 + own - 0x81)
        if name == "wingdings" and 0x8C <= own <= 0x95:
            return chr(0x2776 + own - 0x8C)
        if name == "symbol" and 0x20 <= own <= 0x3F and own != 0x2D:
            return chr(own)  # digits and marks are where ASCII has them
        return _FONTS[name].get(own, UNKNOWN)
    if name.startswith(("wingdings", "webdings")) or not 0x20 <= own <= 0xFFFD or 0xD800 <= own <= 0xDFFF:
        return UNKNOWN
    return chr(own)
