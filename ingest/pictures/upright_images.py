"""Makes the image of a table from a picture's file: grey, upright and large enough to be read.

Boxes found on it lead back to the picture's own pixels, which is what a person is shown.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy

from ingest.pictures.table_regions import Box

if TYPE_CHECKING:
    from ingest.pictures.optical_recognition import Image

MOST_PIXELS = 60_000_000
"""Larger pictures aren't decoded. A page of A3 at 400 dpi has 31 million."""

_LEAST_SIDE = 60
# Digits of a table that is narrower than this are too small for the finding of words and lines.
_READABLE_WIDTH = 1400
_MOST_ENLARGED = 2.5
_LONGEST_SIDE = 4200
_STEEPEST = 3.0
_LEAST_LEAN = 0.04
_LEAST_GAIN = 1.1
_DARK = 100


@dataclass(frozen=True, slots=True)
class UprightImage:
    """A grey image that was scaled and turned, with the way back to the picture's own pixels.

    Attributes:
        image: Height × width, 8 bits.
        back: 2 × 3 affine matrix from this image's coordinates to the picture's.
    """

    image: Image
    back: numpy.ndarray[Any, numpy.dtype[numpy.float64]]

    def original(self, box: Box) -> Box:
        """The smallest rectangle of the picture's pixels that holds the box."""
        corners = [(x, y, 1.0) for x in (box.left, box.right) for y in (box.top, box.bottom)]
        points = numpy.array(corners) @ self.back.T
        (left, top), (right, bottom) = numpy.floor(points.min(axis=0)), numpy.ceil(points.max(axis=0))
        return Box(max(0, int(left)), max(0, int(top)), max(0, int(right)), max(0, int(bottom)))


def decode_grey(data: bytes) -> Image | None:
    """The picture in grey levels on white; ``None`` if it can't be decoded, is tiny or has over MOST_PIXELS."""
    from PIL import Image as Pictures

    try:
        with Pictures.open(io.BytesIO(data)) as picture:
            width, height = picture.size
            if min(width, height) < _LEAST_SIDE or width * height > MOST_PIXELS:
                return None
            if picture.has_transparency_data:
                white = Pictures.new("RGBA", picture.size, "white")
                flat = Pictures.alpha_composite(white, picture.convert("RGBA"))
                return numpy.asarray(flat.convert("L"), dtype=numpy.uint8)
            return numpy.asarray(picture.convert("L"), dtype=numpy.uint8)
    except Exception:
        # Pillow's decoders raise whatever a broken file sets off in them (struct.error, SyntaxError, OSError …); a
        # broken picture inside a sound report costs that picture alone.
        return None


def make_upright(grey: Image) -> UprightImage:
    """The image enlarged if it is small, dark on light, and turned level (it may lean by up to 3°)."""
    import cv2

    height, width = grey.shape
    scale = min(max(1.0, min(_MOST_ENLARGED, _READABLE_WIDTH / width)), _LONGEST_SIDE / max(height, width))
    if numpy.median(grey) < _DARK:
        grey = numpy.asarray(255 - grey, dtype=numpy.uint8)
    angle = _turn_needed(grey)
    forth = cv2.getRotationMatrix2D((width / 2, height / 2), angle if abs(angle) > _LEAST_LEAN else 0.0, scale)
    size = (round(width * scale), round(height * scale))
    forth[0, 2] += size[0] / 2 - width / 2
    forth[1, 2] += size[1] / 2 - height / 2
    paper = float(numpy.percentile(grey, 90))
    image = cv2.warpAffine(
        grey, forth, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(paper,)
    )
    return UprightImage(numpy.asarray(image, dtype=numpy.uint8), numpy.asarray(cv2.invertAffineTransform(forth)))


def _turn_needed(grey: Image) -> float:
    """By how many degrees, counterclockwise, the image has to be turned so that its lines are level."""
    import cv2

    scale = min(1.0, 1000 / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    ink = cv2.adaptiveThreshold(small, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 10)
    ys, xs = numpy.nonzero(ink)
    if len(xs) < 200:
        return 0.0

    def sharpness(angle: float) -> float:
        levels = numpy.rint(ys + xs * numpy.tan(numpy.radians(angle))).astype(numpy.int64)
        counts = numpy.bincount(levels - levels.min())
        return float((numpy.diff(counts.astype(numpy.float64)) ** 2).sum())

    best = max(numpy.arange(-_STEEPEST, _STEEPEST + 0.01, 0.25), key=sharpness)
    best = max(numpy.arange(best - 0.25, best + 0.26, 0.05), key=sharpness)
    # Text without lines is about as sharp at any small angle, and most pictures were never turned.
    if sharpness(best) < sharpness(0.0) * _LEAST_GAIN:
        return 0.0
    # Where y + x·tan(a) is level the lines rise to the right by a, so that a clockwise turn by a levels them.
    return -float(best)
