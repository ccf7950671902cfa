"""What stands on a page and where: the common ground of PDF pages and scanned pages.

Coordinates are points (1/72 inch) from the page's upper left corner as the page is read, y growing downwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of a page; ``left <= right``, ``top <= bottom``."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """``right - left``."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """``bottom - top``."""
        return self.bottom - self.top

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies in the rectangle."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def joined(self, other: Area) -> Area:
        """The smallest rectangle around both."""
        return Area(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Ruling:
    """A straight line along an axis: at ``place`` across it, from ``start`` to ``end`` along it; in points."""

    place: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Glyph:
    """A printed character. ``left`` and ``right`` bound its advance; ``size`` is the font's, in points."""

    text: str
    left: float
    right: float
    baseline: float
    size: float

    @property
    def middle(self) -> tuple[float, float]:
        """The point that decides in which cell the character stands."""
        return (self.left + self.right) / 2, self.baseline - 0.35 * self.size


@dataclass(frozen=True, slots=True)
class TextLine:
    """Characters on one baseline, read from left to right.

    Attributes:
        size: Of the font, in points; of recognised text about the type's height.
        recognized: Read from an image of the page.
        doubtful: Recognised without the certainty that its numbers need.
        column: 1 or 2 where it stands in the left or right of two columns of prose.
        parted: Its pieces stand apart, as cells do: it is no line of a paragraph.
    """

    text: str
    box: Area
    size: float
    recognized: bool = False
    doubtful: bool = False
    parted: bool = False
    column: int = 0


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a table on a page: its place in the grid, zero-based, and its text with line breaks resolved."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str


@dataclass(frozen=True, slots=True)
class GridTable:
    """A table on a page, or put together from several.

    Attributes:
        cells: In reading order; a merged cell stands once.
        edges: The x coordinates that bound the grid's columns: one more than there are columns.
        rows: Number of rows of the grid.
    """

    cells: tuple[GridCell, ...]
    edges: tuple[float, ...]
    rows: int
    box: Area


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture on a page; ``image`` is a file's bytes (PNG or JPEG)."""

    box: Area
    image: bytes | None


Item = TextLine | GridTable | PagePicture


@dataclass(slots=True)
class Page:
    """A page as it was laid out.

    Attributes:
        number: Counted from 1.
        items: In reading order.
    """

    number: int
    width: float
    height: float
    items: list[Item] = field(default_factory=list)
