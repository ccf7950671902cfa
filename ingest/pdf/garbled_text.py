"""Tells whether a page's characters are what its glyphs show: fonts without a map give others, or none."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Below this share of characters that Chinese text is made of, the characters aren't those that one sees.
_LEAST_USUAL = 0.75
_MOST_UNKNOWN = 0.1
_FEWEST = 12
# Scripts and forms of letters that reports do have, those of the regions' own languages among them.
_SCRIPTS = (
    "CJK",
    "KANGXI",
    "IDEOGRAPHIC",
    "FULLWIDTH",
    "HALFWIDTH",
    "CIRCLED",
    "ROMAN",
    "LATIN",
    "GREEK",
    "BOPOMOFO",
    "ARABIC",
    "MONGOLIAN",
    "TIBETAN",
    "YI",
)


def is_garbled(text: str, unknown: int) -> bool:
    """Whether a page's text can't be what is printed.

    Args:
        text: Its characters, in any order.
        unknown: How many of them the font doesn't name at all.
    """
    printed = [c for c in text if not c.isspace()]
    if not printed:
        return False
    if unknown > _MOST_UNKNOWN * len(printed):
        return True
    if len(printed) < _FEWEST:
        return False
    ideographs = [c for c in printed if _is_ideograph(c)]
    if len(ideographs) >= _FEWEST and sum(map(_is_usual, ideographs)) < _LEAST_USUAL * len(ideographs):
        return True
    strange = sum(_is_strange(c) for c in printed)
    return strange > 0.2 * len(printed)


def _is_ideograph(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or character >= "\U00020000"


@lru_cache(maxsize=8192)
def _is_usual(character: str) -> bool:
    """Whether an ideograph is one of the few thousand that nearly all text is made of.

    The first levels of two character sets are those: of GB 2312 for simplified and of Big5 for traditional.
    """
    for encoding, first, last in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        try:
            lead = character.encode(encoding)[0]
        except UnicodeEncodeError:
            continue
        if first <= lead <= last:
            return True
    return False


@lru_cache(maxsize=8192)
def _is_strange(character: str) -> bool:
    """Whether it is a sign or a letter of a script that no report in China is written in."""
    if character.isascii() or _is_ideograph(character):
        return unicodedata.category(character) == "Cc"
    if unicodedata.category(character) in ("Cn", "Co", "Cs", "Cc"):
        return True
    return character.isalpha() and not unicodedata.name(character, "").startswith(_SCRIPTS)
