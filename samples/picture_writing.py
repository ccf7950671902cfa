"""Draws the form's tables as pictures, as screenshots and scans show them."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samples.draft import FormTable, Number
from samples.grid import GridCell, grid
from vectorstore.catalogue import catalogue

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

_FOLDER = Path("/usr/share/fonts")
# Path and index within a collection. Those that are not installed are left out.
_CHINESE_FONTS = (
    ("opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    ("truetype/wqy/wqy-zenhei.ttc", 0),
    ("truetype/wqy/wqy-microhei.ttc", 0),
    ("truetype/arphic/uming.ttc", 0),
    ("truetype/arphic/ukai.ttc", 0),
)
_DIGIT_FONTS = (
    ("truetype/liberation/LiberationSerif-Regular.ttf", 0),
    ("truetype/liberation/LiberationSans-Regular.ttf", 0),
    ("truetype/dejavu/DejaVuSans.ttf", 0),
)
# Widths of the grid's columns in characters, by table.
_WIDTHS = {
    "proactive_table": (9, 7, 7, 7),
    "application_table": (3, 5, 14, 4, 4, 4, 4, 4, 4, 4),
    "dispute_table": (3.2,) * 15,
}
FAMILIES = ("clean", "screenshot", "scan", "poor")
"""How well a picture is made: rendered large; scaled down and compressed; scanned; scanned badly."""


@dataclass(frozen=True, slots=True)
class PictureStyle:
    """How a table is drawn and what the capture does to it.

    Attributes:
        font, digit_font: Path and index within its collection; ``digit_font`` is ``None`` where it is the same.
        size: Of a character, in pixels of the drawing.
        ruling: ``all``, ``across`` (no lines down) or ``none``; ``line`` is their thickness in pixels.
        scale: The drawing is resampled by this factor.
        noise: Standard deviation of the grey levels' noise, of 255.
        blur: Radius in pixels.
        turn: Degrees, counterclockwise.
        quality: JPEG quality; ``None`` for PNG.
        cropped: The outer border is cut off.
    """

    font: tuple[str, int]
    digit_font: tuple[str, int] | None = None
    size: int = 24
    ruling: str = "all"
    line: int = 2
    ink: int = 0
    paper: int = 255
    scale: float = 1.0
    noise: float = 0.0
    blur: float = 0.0
    turn: float = 0.0
    quality: int | None = None
    cropped: bool = False


def installed_fonts() -> tuple[tuple[str, int], ...]:
    """The fonts with Chinese characters that pictures can be drawn with here; maybe none."""
    return tuple((str(_FOLDER / name), index) for name, index in _CHINESE_FONTS if (_FOLDER / name).exists())


def digit_fonts() -> tuple[tuple[str, int], ...]:
    """The fonts that numbers can be drawn with here: those with Chinese characters, and others for numbers alone."""
    others = ((str(_FOLDER / name), index) for name, index in _DIGIT_FONTS if (_FOLDER / name).exists())
    return (*installed_fonts(), *others)


def draw_style(rng: random.Random, family: str) -> PictureStyle:
    """A style of a family of ``FAMILIES``; IndexError if no font is installed."""
    font = rng.choice(installed_fonts())
    digits = [(str(_FOLDER / name), index) for name, index in _DIGIT_FONTS if (_FOLDER / name).exists()]
    digit_font = rng.choice([None, None, *digits])
    line = rng.choice([1, 1, 2, 3])
    if family == "clean":
        return PictureStyle(font, digit_font, rng.choice([20, 24, 30, 36]), line=line)
    if family == "screenshot":
        return PictureStyle(
            font,
            digit_font,
            rng.choice([13, 14, 16, 18]),
            ruling=rng.choice(["all", "all", "all", "across", "none"]),
            line=1,
            ink=rng.choice([0, 40, 80]),
            paper=rng.choice([255, 255, 246, 235]),
            scale=rng.choice([1.0, 1.0, 0.9, 1.15]),
            quality=rng.choice([None, 60, 75, 90]),
            cropped=rng.random() < 0.2,
        )
    is_poor = family == "poor"
    return PictureStyle(
        font,
        digit_font,
        rng.choice([26, 30, 36] if not is_poor else [18, 20, 24]),
        line=line,
        ink=rng.choice([20, 50, 80]),
        paper=rng.choice([250, 240, 225]),
        noise=rng.uniform(3, 8) if not is_poor else rng.uniform(8, 18),
        blur=rng.uniform(0.3, 0.8) if not is_poor else rng.uniform(0.7, 1.3),
        turn=rng.uniform(-1, 1) if not is_poor else rng.uniform(-1.5, 1.5),
        quality=rng.choice([60, 75, 85] if not is_poor else [40, 50, 60]),
        cropped=rng.random() < 0.1,
    )


def write_table_picture(table: FormTable, style: PictureStyle, rng: random.Random) -> bytes:
    """The table as a PNG or JPEG file. ``rng`` decides on the noise alone."""
    return encode_picture(capture(draw_table(table, style), style, rng), style)


def draw_table(table: FormTable, style: PictureStyle) -> Image.Image:
    """The table as it is printed, in grey levels, before any capture."""
    from PIL import Image, ImageDraw

    rows = grid(table)
    cells = [cell for row in rows for cell in row]
    lefts = _offsets([round(width * style.size * 1.05) for width in _WIDTHS[table.name]])
    wrapped = {id(cell): _wrap(cell, lefts, style) for cell in cells}
    tops = _offsets(_row_heights(len(rows), cells, wrapped, style))
    margin = style.size
    image = Image.new("L", (lefts[-1] + 2 * margin, tops[-1] + 2 * margin), style.paper)
    pen = ImageDraw.Draw(image)
    for cell in cells:
        left, right = (margin + lefts[min(x, len(lefts) - 1)] for x in (cell.column, cell.column + cell.column_span))
        top, bottom = (margin + tops[y] for y in (cell.row, cell.row + cell.row_span))
        _draw_lines(pen, (left, top, right, bottom), style)
        _draw_text(pen, (left, top, right, bottom), wrapped[id(cell)], _font_of(cell, style), style)
    if style.cropped:
        inset = margin + max(2, style.line + 1)
        image = image.crop((inset, inset, image.width - inset, image.height - inset))
    return image


def capture(image: Image.Image, style: PictureStyle, rng: random.Random) -> Image.Image:
    """What a camera, scanner or browser makes of a drawing: turned, blurred, scaled, noisy."""
    import numpy
    from PIL import Image as Images
    from PIL import ImageFilter

    if style.turn:
        image = image.rotate(style.turn, Images.Resampling.BICUBIC, expand=True, fillcolor=style.paper)
    if style.scale != 1:
        size = (round(image.width * style.scale), round(image.height * style.scale))
        image = image.resize(size, Images.Resampling.LANCZOS)
    if style.blur:
        image = image.filter(ImageFilter.GaussianBlur(style.blur))
    if style.noise:
        noise = numpy.random.default_rng(rng.getrandbits(32)).normal(0, style.noise, (image.height, image.width))
        grey = numpy.clip(numpy.asarray(image, dtype=numpy.float64) + noise, 0, 255)
        image = Images.fromarray(grey.astype(numpy.uint8))
    return image


def encode_picture(image: Image.Image, style: PictureStyle) -> bytes:
    """The bytes of the picture's file."""
    out = io.BytesIO()
    if style.quality is None:
        image.save(out, "PNG")
    else:
        image.convert("RGB").save(out, "JPEG", quality=style.quality)
    return out.getvalue()


def _offsets(sizes: Sequence[int]) -> list[int]:
    offsets = [0]
    for size in sizes:
        offsets.append(offsets[-1] + size)
    return offsets


def _row_heights(
    count: int, cells: Sequence[GridCell], wrapped: dict[int, list[str]], style: PictureStyle
) -> list[int]:
    line = round(style.size * 1.25)
    padding = round(style.size * 0.5)
    heights = [line + padding] * count
    for spanning in (False, True):
        for cell in cells:
            if (cell.row_span > 1) is spanning:
                needed = len(wrapped[id(cell)]) * line + padding
                rows = range(cell.row, cell.row + cell.row_span)
                missing = needed - sum(heights[row] for row in rows)
                heights[rows[-1]] += max(0, missing)
    return heights


def _wrap(cell: GridCell, lefts: Sequence[int], style: PictureStyle) -> list[str]:
    width = lefts[min(cell.column + cell.column_span, len(lefts) - 1)] - lefts[cell.column] - style.size * 0.3
    font = _font_of(cell, style)
    lines = [""]
    for character in cell.text:
        if lines[-1] and font.getlength(lines[-1] + character) > width and cell.metric is None:
            lines.append("")
        lines[-1] += character
    return lines


def _font_of(cell: GridCell, style: PictureStyle) -> ImageFont.FreeTypeFont:
    path, index = (style.digit_font if cell.metric else None) or style.font
    return _load_font(path, index, style.size)


@cache
def _load_font(path: str, index: int, size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(path, size, index=index)


def _draw_lines(pen: ImageDraw.ImageDraw, box: tuple[int, int, int, int], style: PictureStyle) -> None:
    left, top, right, bottom = box
    if style.ruling != "none":
        for y in (top, bottom):
            pen.line((left, y, right, y), fill=style.ink, width=style.line)
    if style.ruling == "all":
        for x in (left, right):
            pen.line((x, top, x, bottom), fill=style.ink, width=style.line)


def _draw_text(
    pen: ImageDraw.ImageDraw,
    box: tuple[int, int, int, int],
    lines: Sequence[str],
    font: ImageFont.FreeTypeFont,
    style: PictureStyle,
) -> None:
    left, top, right, bottom = box
    step = round(style.size * 1.25)
    y = (top + bottom - step * len(lines)) / 2 + style.size * 0.1
    for line in lines:
        pen.text(((left + right) / 2, y + step / 2), line, font=font, fill=style.ink, anchor="mm")
        y += step


def form_tables(figures: Mapping[str, Number]) -> tuple[FormTable, ...]:
    """The form's three tables with a body's figures of a year."""
    form = catalogue()
    proactive = [cell.id for cell in form.proactive_cells]
    columns = [column.id for column in form.applicant_columns]
    application = [m for row in form.application_rows for m in (*(f"{row.id}__{c}" for c in columns), row.id)]
    dispute = [f"{group.id}_{result.id}" for group in form.dispute_groups for result in form.dispute_results]
    return tuple(
        FormTable(name, {metric: str(figures[metric]) for metric in metrics})
        for name, metrics in zip(_WIDTHS, (proactive, application, dispute), strict=True)
    )
