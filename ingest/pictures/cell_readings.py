"""Reads the cells of a table's picture one by one, each in several ways, and says how far the ways agree."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy

from ingest.forms.cells import read_cell
from ingest.pictures.certification import Reading
from ingest.pictures.digit_shapes import is_stroke, speaks_against
from ingest.pictures.optical_recognition import LEAST_CONFIDENCE, Recognition, recognize_lines
from ingest.pictures.table_regions import Box
from vectorstore.records import State

if TYPE_CHECKING:
    from ingest.pictures.optical_recognition import Image

_ENLARGED = 64
"""Height in pixels to which ink is brought before its shape is looked at."""
_LARGEST_COUNT = 9_999_999
_FAINTEST_PRINT = 0.35
# What recognition gives for a digit that stands alone; anything else that isn't a digit stays what it is.
_LOOKALIKES = str.maketrans({"O": "0", "o": "0", "〇": "0", "○": "0", "。": "0", "I": "1", "l": "1", "|": "1"})

Value = int | State
"""A count, or ``NOT_APPLICABLE``."""


@dataclass(slots=True)
class CellPicture:
    """The inside of a cell on the image, and what was made out in it so far.

    Attributes:
        crop: Grey, without the cell's lines.
        ink: The same enlarged ``scale`` times, 255 where something is printed; ``None`` where nothing is.
        is_clear: Whether it is certain that there is ink and all of it was found, or that there is none.
        contrast: By how many grey levels the darkest spot differs from the paper.
        votes: What each way of reading gave.
    """

    crop: Image
    ink: Image | None
    scale: float
    is_clear: bool
    contrast: float = 0.0
    votes: Counter[Value] = field(default_factory=Counter)

    def vote(self, text: str, confidence: float) -> None:
        """Take what one way of reading gave into account."""
        value = parse_value(text) if confidence >= LEAST_CONFIDENCE else None
        if value is not None:
            self.votes[value] += 1


def parse_value(text: str) -> Value | None:
    """The count that recognized text states, or that it is a stroke; ``None`` where it is neither for certain."""
    compact = "".join(text.split())
    translated = compact.translate(_LOOKALIKES)
    if translated and set(translated) <= set(string.digits):
        compact = translated
    read = read_cell(compact) if compact else None
    if read is None:
        return None
    if read.state is State.NOT_APPLICABLE:
        return State.NOT_APPLICABLE
    if read.value is None or read.unit not in ("", "件") or read.value != int(read.value):
        return None
    return int(read.value) if 0 <= read.value <= _LARGEST_COUNT else None


def cut_cell(image: Image, box: Box, character: float, is_ruled: bool) -> CellPicture:
    """The picture of a cell of an upright image; ``box`` runs along the middles of its lines."""
    inset = max(2, round(character * 0.14)) if is_ruled else 0
    crop = image[box.top + inset : box.bottom - inset, box.left + inset : box.right - inset]
    if min(crop.shape, default=0) < 4:
        return CellPicture(crop, None, 1.0, is_clear=False)
    return _find_ink(crop, character, is_ruled)


def _find_ink(crop: Image, character: float, is_ruled: bool) -> CellPicture:
    import cv2

    smooth = cv2.GaussianBlur(crop, (0, 0), max(0.6, character / 28))
    paper = float(numpy.median(smooth))
    spread = float(numpy.median(numpy.abs(smooth.astype(numpy.float64) - paper)))
    contrast = paper - float(numpy.percentile(smooth, 0.3))
    if contrast < max(16.0, 8 * spread):
        # Faint marks may be a digit that hardly shows; only an even surface is empty.
        return CellPicture(crop, None, 1.0, contrast < max(12.0, 7 * spread), contrast)
    scale = max(1.0, _ENLARGED / max(8.0, character))
    large = cv2.resize(smooth, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    mask = ((paper - large.astype(numpy.float64)) > contrast * 0.45).astype(numpy.uint8) * 255
    ink, is_whole = _without_lines(mask, character * scale)
    return CellPicture(crop, ink, scale, is_whole, contrast)


def doubt_faint_blanks(pictures: Sequence[CellPicture]) -> None:
    """Don't trust that a cell is empty if its darkest spot comes near what print looks like in the same table."""
    inked = sorted(picture.contrast for picture in pictures if picture.ink is not None)
    if inked:
        least = inked[len(inked) // 2] * _FAINTEST_PRINT
        for picture in pictures:
            picture.is_clear &= picture.ink is not None or picture.contrast < least


def _without_lines(mask: Image, character: float) -> tuple[Image | None, bool]:
    """The mask without specks, and without remains of the cell's lines at its edges; ``None`` if nothing is left.

    The second value tells whether nothing was taken away that may have been a digit at the edge.
    """
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    height, width = mask.shape
    kept = numpy.zeros(len(stats), dtype=numpy.uint8)
    is_whole = True
    for number, (left, top, w, h, _) in enumerate(stats.tolist()):
        if number == 0 or max(w, h) < character * 0.12:
            continue
        touches_side = left <= 1 or left + w >= width - 1
        touches_level = top <= 1 or top + h >= height - 1
        is_remains = (touches_side and w < character * 0.25) or (touches_level and h < character * 0.25)
        if not is_remains:
            kept[number] = 255
        elif character * 0.4 < h < height * 0.9:
            is_whole = False
    return (numpy.asarray(kept[labels], dtype=numpy.uint8), is_whole) if kept.any() else (None, False)


def vote_first(pictures: Sequence[CellPicture]) -> None:
    """Have all cells with ink read black on white and wider; those in which no word was found also as they are."""
    _vote(pictures, (_black_on_white,))
    _vote([picture for picture in pictures if sum(picture.votes.values()) < 2], (_plain,))


def vote_enlarged(pictures: Sequence[CellPicture]) -> None:
    """Have cells read again in three more ways, enlarged and with more contrast."""
    _vote(pictures, (_contrasted, _widened, _whole))


def _vote(pictures: Sequence[CellPicture], ways: Sequence[Callable[[CellPicture], Image]]) -> None:
    inked = [picture for picture in pictures if picture.ink is not None]
    for way in ways:
        read: Sequence[Recognition] = recognize_lines([way(picture) for picture in inked])
        for picture, recognition in zip(inked, read, strict=True):
            picture.vote(recognition.text, recognition.confidence)


def _extent(picture: CellPicture) -> tuple[Box, int]:
    """The ink's own rectangle in pixels of the crop, and its height."""
    assert picture.ink is not None
    ys, xs = (numpy.flatnonzero(picture.ink.any(axis=axis)) / picture.scale for axis in (1, 0))
    box = Box(int(xs[0]), int(ys[0]), int(xs[-1]) + 1, int(ys[-1]) + 1)
    return box, max(4, box.height)


def _around(picture: CellPicture, sides: float, levels: float) -> Image:
    """The crop around the ink with margins in heights of the ink; paper where the cell ends before."""
    box, height = _extent(picture)
    x, y = round(height * sides), round(height * levels)
    paper = int(numpy.median(picture.crop))
    padded = numpy.pad(picture.crop, ((y, y), (x, x)), constant_values=paper)
    return numpy.asarray(padded[box.top : box.bottom + 2 * y, box.left : box.right + 2 * x], dtype=numpy.uint8)


def _plain(picture: CellPicture) -> Image:
    return _around(picture, 0.45, 0.25)


def _black_on_white(picture: CellPicture) -> Image:
    import cv2

    assert picture.ink is not None
    ys, xs = (numpy.flatnonzero(picture.ink.any(axis=axis)) for axis in (1, 0))
    part = picture.ink[ys[0] : ys[-1] + 1, xs[0] : xs[-1] + 1]
    margin = round(part.shape[0] * 0.3)
    framed = 255 - numpy.pad(part, ((margin, margin), (2 * margin, 2 * margin)))
    softened = cv2.GaussianBlur(framed, (0, 0), 1.2)
    return numpy.asarray(cv2.resize(softened, None, fx=1.2, fy=1.0), dtype=numpy.uint8)


def _contrasted(picture: CellPicture) -> Image:
    import cv2

    part = cv2.resize(_around(picture, 0.7, 0.4), None, fx=3, fy=3, interpolation=cv2.INTER_LANCZOS4)
    smooth = cv2.GaussianBlur(part, (0, 0), 1.5)
    return numpy.asarray(cv2.normalize(smooth, numpy.empty_like(smooth), 0, 255, cv2.NORM_MINMAX), dtype=numpy.uint8)


def _widened(picture: CellPicture) -> Image:
    import cv2

    return numpy.asarray(
        cv2.resize(_around(picture, 0.3, 0.35), None, fx=3, fy=2, interpolation=cv2.INTER_CUBIC), dtype=numpy.uint8
    )


def _whole(picture: CellPicture) -> Image:
    """As much of the cell as is about four times as wide as high, so that a digit isn't lost in a wide cell."""
    box, height = _extent(picture)
    return _around(picture, max(0.2, 2 - box.width / height / 2), 0.15)


def conclude(picture: CellPicture, is_ruled: bool) -> Reading:
    """What all the ways of reading a cell come to."""
    if picture.ink is None:
        return Reading(State.BLANK if picture.is_clear and is_ruled else State.UNREADABLE)
    if not picture.votes:
        return Reading(State.UNREADABLE)
    ranked = picture.votes.most_common()
    (best, votes), others = ranked[0], sum(count for _, count in ranked[1:])
    agree = votes >= 2 and (others == 0 or (votes >= 4 and others == 1))
    # Recognition takes a slash for a one where it knows no other sign, and always in the same way.
    if picture.votes.keys() <= {1, State.NOT_APPLICABLE} and votes + others >= 2 and is_stroke(picture.ink):
        return Reading(State.NOT_APPLICABLE)
    if best is State.NOT_APPLICABLE:
        return Reading(State.UNREADABLE)
    candidates = tuple(v for v, count in ranked if isinstance(v, int) and (count == votes or count >= 2))
    is_backed = agree and picture.is_clear and not speaks_against(picture.ink, str(best))
    return Reading(State.STATED, candidates, is_backed)
