"""A view of a text for matching, with a map back to the text's own offsets.

The canonical text of a report is never normalised, because a quote must equal it and because NFKC turns ①2件 into
12件. Matching needs width, case and traditional characters out of the way all the same, so it looks at this view:
every character of the view stands for exactly one character of the text, and dropped characters leave no trace.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import chain

from vectorstore.records import Span

_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
# Chinese punctuation that has the same role as its ASCII form; what has none (、 。 《 》 “ ”) stays.
_PUNCTUATION = {0x3000: " ", ord("—"): "-", ord("–"): "-", ord("－"): "-", ord("﹪"): "%", ord("○"): "〇"}
_NO_SPACES = re.compile(r"\S+")


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
    folded = fold_text(text)
    if len(folded) == len(text):
        if not drop_spaces:
            return Folded(folded, tuple(range(offset, offset + len(text))))
        runs = (range(offset + run.start(), offset + run.end()) for run in _NO_SPACES.finditer(folded))
        return Folded("".join(folded.split()), tuple(chain.from_iterable(runs)))
    folded = fold_one_to_one(text)  # zero-width characters (Cf), left out above, split labels invisibly
    kept = [
        index
        for index, character in enumerate(folded)
        if not (drop_spaces and character.isspace()) and _FOLDING_TABLE[ord(text[index])] is not None
    ]
    return Folded("".join([folded[index] for index in kept]), tuple([offset + index for index in kept]))


class _FoldingTable(dict[int, str | None]):
    """For ``str.translate``: folds each character once per process, so that long texts cost little."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        folded = None if unicodedata.category(character) == "Cf" else fold_character(character)
        self[code] = folded
        return folded


class _OneToOneTable(dict[int, str]):
    def __missing__(self, code: int) -> str:
        folded = self[code] = fold_character(chr(code))
        return folded


_FOLDING_TABLE = _FoldingTable()
_ONE_TO_ONE = _OneToOneTable()


def fold_text(text: str) -> str:
    """The folded view's text alone, equal to ``fold(text).text`` and many times as fast."""
    return text.translate(_FOLDING_TABLE)


def fold_one_to_one(text: str) -> str:
    """The text with every character folded and none left out: offsets and line ends stay those of the text."""
    return text.translate(_ONE_TO_ONE)


def fold_label(text: str) -> str:
    """A label as it is compared: folded and without any white space."""
    return "".join(fold_text(text).split())
