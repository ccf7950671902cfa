"""Reads what is drawn on a PDF page beside its characters: rulings, filled shapes and images.

Coordinates are those of the page's own space, y growing upwards.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

_MOST_OBJECTS = 60_000
_MOST_SEGMENTS = 2_000
_DEEPEST_FORM = 12
# A filled shape thinner than this is a drawn line.
_THINNEST_SHAPE = 3.0
_SHORTEST_RULING = 2.0
# An image that takes so much of a page covers it.
_LEAST_COVER = 0.8
NEARLY_WHITE = 245
"""From this level on, of 255, a colour can't be told from paper."""
NEARLY_TRANSPARENT = 20
"""Below this level, of 255, nothing is seen."""

Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top."""

_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1, 0, 0, 1, 0, 0)


def _product(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


@dataclass(slots=True)
class Shapes:
    """What is drawn on a page.

    Attributes:
        lines: Straight lines, each as its bounds.
        fills: Filled shapes that aren't white.
        images: The bounds of each image, with its resolution in dots per inch.
        outlines: Number of shapes with curves.
        covers_text: Whether an opaque image was laid over all of the page after its last characters.
    """

    lines: list[Bounds] = field(default_factory=list)
    fills: list[Bounds] = field(default_factory=list)
    images: list[tuple[Bounds, float]] = field(default_factory=list)
    outlines: int = 0
    covers_text: bool = False

    def is_on_colour(self, x: float, y: float) -> bool:
        """Whether something coloured lies under the point."""
        boxes = (*self.fills, *(box for box, _ in self.images))
        return any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in boxes)


class ShapeReader:
    """Reads one page's shapes.

    Args:
        bounds: What is shown of the page.
    """

    def __init__(self, pdfium: Any, page: Any, bounds: Bounds) -> None:
        self._c = pdfium
        self._page = page
        self._bounds = bounds
        self._shapes = Shapes()
        self._objects = 0
        self._cover_at = self._last_text_at = -1

    def read(self) -> Shapes:
        """The shapes, those inside forms among them; of a page with more than there can be, the first ones."""
        self._read_objects(None, _IDENTITY, 0)
        self._shapes.covers_text = self._cover_at > self._last_text_at >= 0
        return self._shapes

    def _read_objects(self, form: Any, outer: _Matrix, depth: int) -> None:
        c = self._c
        count = c.FPDFFormObj_CountObjects(form) if form else c.FPDFPage_CountObjects(self._page)
        for index in range(max(0, count)):
            self._objects += 1
            if self._objects > _MOST_OBJECTS:
                return
            item = c.FPDFFormObj_GetObject(form, index) if form else c.FPDFPage_GetObject(self._page, index)
            if not item:
                continue
            kind = c.FPDFPageObj_GetType(item)
            if kind == c.FPDF_PAGEOBJ_PATH:
                self._read_path(item, _product(self._matrix(item), outer))
            elif kind == c.FPDF_PAGEOBJ_IMAGE:
                self._read_image(item, _product(self._matrix(item), outer))
            elif kind == c.FPDF_PAGEOBJ_TEXT:
                self._last_text_at = self._objects
            elif kind == c.FPDF_PAGEOBJ_FORM and depth < _DEEPEST_FORM:
                self._read_objects(item, _product(self._matrix(item), outer), depth + 1)

    def _read_image(self, item: Any, matrix: _Matrix) -> None:
        c = self._c
        box = _bounds([_moved(matrix, *corner) for corner in _UNIT_SQUARE])
        wide, high = ctypes.c_uint(), ctypes.c_uint()
        c.FPDFImageObj_GetImagePixelSize(item, wide, high)
        side = max(box[2] - box[0], box[3] - box[1], 1.0)
        self._shapes.images.append((box, max(wide.value, high.value) * 72 / side))
        left, bottom, right, top = self._bounds
        shared = max(0.0, min(box[2], right) - max(box[0], left)) * max(0.0, min(box[3], top) - max(box[1], bottom))
        if shared >= _LEAST_COVER * (right - left) * (top - bottom) and not c.FPDFPageObj_HasTransparency(item):
            self._cover_at = self._objects

    def _matrix(self, item: Any) -> _Matrix:
        matrix = self._c.FS_MATRIX()
        self._c.FPDFPageObj_GetMatrix(item, matrix)
        return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f

    def _read_path(self, path: Any, matrix: _Matrix) -> None:
        c = self._c
        mode, stroked = ctypes.c_int(), ctypes.c_int()
        c.FPDFPath_GetDrawMode(path, mode, stroked)
        if not mode.value and not stroked.value:
            return
        for points, is_straight in self._subpaths(path, matrix):
            box = _bounds(points)
            width, height = box[2] - box[0], box[3] - box[1]
            if min(width, height) <= _THINNEST_SHAPE and max(width, height) >= _SHORTEST_RULING:
                self._shapes.lines.append(box)
            elif not is_straight:
                self._shapes.outlines += 1
            else:
                if mode.value and not self._is_white(path):
                    self._shapes.fills.append(box)
                if stroked.value:
                    self._shapes.lines.extend(_straight_lines(points))

    def _is_white(self, path: Any) -> bool:
        colour = [ctypes.c_uint() for _ in range(4)]
        if not self._c.FPDFPageObj_GetFillColor(path, *colour):
            return False
        red, green, blue, alpha = (part.value for part in colour)
        return alpha < NEARLY_TRANSPARENT or min(red, green, blue) >= NEARLY_WHITE

    def _subpaths(self, path: Any, matrix: _Matrix) -> Iterator[tuple[list[tuple[float, float]], bool]]:
        """The points of each connected piece of a path, and whether it consists of straight lines only."""
        c = self._c
        x, y = ctypes.c_float(), ctypes.c_float()
        points: list[tuple[float, float]] = []
        straight = True
        for index in range(min(c.FPDFPath_CountSegments(path), _MOST_SEGMENTS)):
            segment = c.FPDFPath_GetPathSegment(path, index)
            kind = c.FPDFPathSegment_GetType(segment)
            c.FPDFPathSegment_GetPoint(segment, x, y)
            if kind == c.FPDF_SEGMENT_MOVETO:
                if len(points) > 1:
                    yield points, straight
                points, straight = [], True
            elif kind == c.FPDF_SEGMENT_BEZIERTO:
                straight = False
            points.append(_moved(matrix, x.value, y.value))
            if c.FPDFPathSegment_GetClose(segment) and points:
                points.append(points[0])
        if len(points) > 1:
            yield points, straight


_UNIT_SQUARE = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))


def _moved(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds(points: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def _straight_lines(points: list[tuple[float, float]]) -> Iterator[tuple[float, float, float, float]]:
    for (x0, y0), (x1, y1) in pairwise(points):
        if min(abs(x1 - x0), abs(y1 - y0)) <= 1 and max(abs(x1 - x0), abs(y1 - y0)) >= _SHORTEST_RULING:
            yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
