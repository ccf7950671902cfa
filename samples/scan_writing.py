"""Writes a draft as a scan: the pages of ``samples.pdf_writing`` drawn as images, slightly turned and noisy, in a PDF.

Needs reportlab, Pillow, numpy and a Chinese font on the machine: one of those that Linux distributions, macOS and
Windows bring. ``find_font`` says whether there is one.
"""

from __future__ import annotations

import io
import random
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from samples.draft import Draft
from samples.pdf_writing import Looks, PdfReport

# With the index of the simplified Chinese face in a collection.
_FONTS = (
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/noto-cjk/NotoSerifCJK-Regular.ttc", 2),
    ("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/System/Library/Fonts/Supplemental/Songti.ttc", 0),
    ("C:/Windows/Fonts/simsun.ttc", 0),
)


@dataclass(frozen=True, slots=True)
class Scanner:
    """How pages are scanned. ``lean`` in degrees, ``noise`` in grey levels (standard deviation)."""

    dpi: int = 200
    lean: float = 0.5
    noise: float = 6.0
    quality: int = 80


def find_font() -> tuple[str, int] | None:
    """A font file with Chinese characters, and the index of its face; ``None`` if there is none."""
    return next(((path, index) for path, index in _FONTS if Path(path).is_file()), None)


def write_scan(draft: Draft, rng: random.Random) -> bytes:
    """The report as a PDF of scanned pages.

    Raises:
        RuntimeError: The machine has no Chinese font.
    """
    scanner = Scanner(
        dpi=rng.choice((150, 200, 200, 300)),
        lean=rng.uniform(-1.5, 1.5),
        noise=rng.uniform(0, 10),
        quality=rng.choice((60, 75, 90)),
    )
    looks = Looks(
        size=rng.choice((12, 14, 16)),
        leading=rng.choice((1.5, 1.7)),
        table_size=rng.choice((9, 9.5)),
        numbering=rng.choice(("— {} —", "- {} -", "{}", "")),
    )
    pages = draw_pages(draft, looks, scanner, rng)
    buffer = io.BytesIO()
    pages[0].save(
        buffer,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=scanner.dpi,
        quality=scanner.quality,
        creationDate=time.gmtime(0),
        modDate=time.gmtime(0),
    )
    return buffer.getvalue()


def draw_pages(draft: Draft, looks: Looks, scanner: Scanner, rng: random.Random) -> list[Any]:
    """The pages as Pillow images in grey."""
    report = PdfReport(draft, looks)
    report.lay_out()
    return [
        _scanned(_drawn(items, size, scanner.dpi / 72, report.marginalia(number, size)), scanner, rng)
        for number, (items, size) in enumerate(zip(report.pages, report.sizes, strict=True), 1)
    ]


@cache
def _font(size: int) -> Any:
    from PIL import ImageFont

    found = find_font()
    if found is None:
        raise RuntimeError("There is no Chinese font on this machine to draw scans with; install Noto CJK.")
    return ImageFont.truetype(found[0], size, index=found[1])


def _drawn(items: list[tuple[Any, ...]], size: tuple[float, float], scale: float, margin: list[tuple[Any, ...]]) -> Any:
    from PIL import Image, ImageDraw

    page = Image.new("L", (round(size[0] * scale), round(size[1] * scale)), 255)
    pen = ImageDraw.Draw(page)
    thick = max(1, round(0.6 * scale))
    for item in (*items, *margin):
        match item:
            case ("text", x, y, height, text):
                pen.text((x * scale, (size[1] - y) * scale), text, 20, _font(round(height * scale)), anchor="ls")
            case ("line", x0, y0, x1, y1):
                ends = (x0 * scale, (size[1] - y0) * scale, x1 * scale, (size[1] - y1) * scale)
                pen.line(ends, 40, thick)
            case ("box" | "image", x, y, width, height, *_):
                corners = (x * scale, (size[1] - y - height) * scale, (x + width) * scale, (size[1] - y) * scale)
                pen.rectangle(corners, outline=40, width=thick)
            case _:
                raise ValueError(f"Scans have no {item[0]}.")
    return page


def _scanned(page: Any, scanner: Scanner, rng: random.Random) -> Any:
    import numpy
    from PIL import Image

    turned = page.rotate(scanner.lean + rng.uniform(-0.2, 0.2), Image.Resampling.BICUBIC, fillcolor=252)
    levels = numpy.asarray(turned, dtype=numpy.float32)
    speckle = numpy.random.default_rng(rng.getrandbits(32)).normal(0, max(scanner.noise, 0.01), levels.shape)
    return Image.fromarray(numpy.clip(levels + speckle, 0, 255).astype(numpy.uint8))
