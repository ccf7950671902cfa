"""Finds the ruled tables on the image of a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy

if TYPE_CHECKING:
    from ingest.pictures.optical_recognition import Image

# Fewer crossings of lines than this are a frame, a seal or an underlined title.
_FEWEST_CROSSINGS = 8
_LEAST_WIDTH = 0.2
_LEAST_HEIGHT = 40
# A line that leans by 1.5° and is one pixel thick goes on in steps of 38 pixels.
_LINE_STEP = 25


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of an image in pixels; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies inside."""
        return self.left <= x < self.right and self.top <= y < self.bottom


def find_table_regions(image: Image) -> tuple[Box, ...]:
    """The ruled tables on a page (height × width, or × 3 in BGR order; 8 bits), from top to bottom.

    Each box holds all of a table's lines with a margin of a few pixels, within the image. Tables without lines
    aren't found. Needs OpenCV, which the extra ``nianbao[ocr]`` installs.
    """
    import cv2

    across, down = ruling_masks(image)
    lines = cv2.bitwise_or(across, down)
    gap = max(3, min(image.shape[:2]) // 200)
    joined = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, numpy.ones((gap, gap), numpy.uint8))
    near = numpy.ones((5, 5), numpy.uint8)
    crossings = cv2.bitwise_and(cv2.dilate(across, near), cv2.dilate(down, near))
    height, width = image.shape[:2]
    boxes = []
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for left, top, w, h, _ in stats[1:].tolist():
        if w < width * _LEAST_WIDTH or h < _LEAST_HEIGHT:
            continue
        count, _ = cv2.connectedComponents(crossings[top : top + h, left : left + w])
        if count - 1 >= _FEWEST_CROSSINGS:
            margin = 6
            boxes.append(
                Box(
                    max(0, left - margin),
                    max(0, top - margin),
                    min(width, left + w + margin),
                    min(height, top + h + margin),
                )
            )
    outer = [box for box in boxes if not any(_is_within(box, other) for other in boxes if other != box)]
    return tuple(sorted(outer, key=lambda box: (box.top, box.left)))


def ruling_masks(image: Image, least_length: int | None = None) -> tuple[Image, Image]:
    """The pixels of the lines across and of the lines down the image, 255 where there is one.

    Args:
        least_length: In pixels; strokes of characters must be shorter. Lines may lean by up to two degrees as long
            as it is below 40; by default it goes by the image's size.
    """
    import cv2

    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) if image.ndim == 3 else image
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 8)
    masks = []
    for axis in (0, 1):
        step = least_length or max(_LINE_STEP, image.shape[1 - axis] // 60)
        along = numpy.ones((1, step) if axis == 0 else (step, 1), numpy.uint8)
        bridge = numpy.ones((1, 3) if axis == 0 else (3, 1), numpy.uint8)
        closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, bridge)
        masks.append(cv2.morphologyEx(closed, cv2.MORPH_OPEN, along))
    return masks[0].astype(numpy.uint8), masks[1].astype(numpy.uint8)


def _is_within(inner: Box, outer: Box) -> bool:
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )
