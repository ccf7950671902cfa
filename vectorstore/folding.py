"""A view of a text for matching, with a map back to the text's own offsets.

The canonical text of a report is never normalised, because a quote must equal it and because NFKC turns ①2件 into
12件. Matching needs width, case and traditional characters out of the way all the same, so it looks at this view:
every character of the view stands for exactly one character of the text, and dropped characters leave no trace.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from vectorstore.records import Span

_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
# Chinese punctuation that has the same role as its ASCII form; what has none (、 。 《 》 “ ”) stays.
_PUNCTUATION = {0x3000: " ", ord("—"): "-", ord("–"): "-", ord("－"): "-", ord("﹪"): "%", ord("○"): "〇"}


@cache
def _traditional_to_simplified() -> Callable[[str], str]:
    from opencc import OpenCC  # loads its dictionaries: only a text with such characters should pay for it

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


@cache
def fold_character(character: str) -> str:
    """One character folded to one: half width, lower case, simplified."""
    code = ord(character)
    if code < 0x80:
        return character.lower()
    if code in _FULL_WIDTH:
        return _FULL_WIDTH[code].lower()
    if code in _PUNCTUATION:
        return _PUNCTUATION[code]
    if character.isspace():
        return " "
    # A character that GB 2312 holds is simplified already; that spares nearly every text the dictionaries.
    if "一" <= character <= "鿿":
        try:
            character.encode("gb2312")
        except UnicodeEncodeError:
            simplified = _traditional_to_simplified()(character)
            return simplified if len(simplified) == 1 else character
    lowered = character.lower()
    return lowered if len(lowered) == 1 else character


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded view.

    Attributes:
        text: What to match against.
        offsets: For each character of ``text``, the offset in the original that it stands for.
    """

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """The original's span for ``text[start:end]``; from the first to the last character it stands for."""
        if start == end:
            at = self.offsets[start] if start < len(self.offsets) else (self.offsets[-1] + 1 if self.offsets else 0)
            return Span(at, at)
        return Span(self.offsets[start], self.offsets[end - 1] + 1)


def fold(text: str, *, drop_spaces: bool = False, offset: int = 0) -> Folded:
    """Fold a text.

    Args:
        drop_spaces: Leave white space out of the view altogether, as Chinese labels split over lines need it.
        offset: Where ``text`` starts in the text that the offsets should refer to.
    """
    characters: list[str] = []
    offsets: list[int] = []
    for index, character in enumerate(text):
        folded = fold_character(character)
        if (drop_spaces and folded.isspace()) or unicodedata.category(character) == "Cf":
            continue  # zero-width characters (Cf) are capture noise: they split labels invisibly
        characters.append(folded)
        offsets.append(offset + index)
    return Folded("".join(characters), tuple(offsets))


class _FoldingTable(dict[int, str | None]):
    """For ``str.translate``: folds each character once per process, so that long texts cost little."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        folded = None if unicodedata.category(character) == "Cf" else fold_character(character)
        self[code] = folded
        return folded


_FOLDING_TABLE = _FoldingTable()


def fold_text(text: str) -> str:
    """The folded view's text alone, equal to ``fold(text).text`` and many times as fast."""
    return text.translate(_FOLDING_TABLE)


def fold_label(text: str) -> str:
    """A label as it is compared: folded and without any white space."""
    return "".join(fold_text(text).split())
