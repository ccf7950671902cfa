"""Images of pages: decoding picture files within bounds, setting leaning pages straight, and encoding parts as PNG.

An image is height × width × 3 in BGR order, 8 bits.
"""

from __future__ import annotations

import io
import math
import struct
import warnings
import zlib
from typing import TYPE_CHECKING, Any

from vectorstore.errors import ReadError

if TYPE_CHECKING:
    import numpy

    Image = numpy.ndarray[Any, numpy.dtype[numpy.uint8]]

MOST_FRAMES = 100
"""Pages of one picture file (TIFF can hold several)."""
_MOST_PIXELS = 150_000_000
_LONGEST_SIDE = 3600
_SHORTEST_SIDE = 1600
_WIDEST_LEAN = 4.0
_LEAST_LEAN = 0.08
_ESTIMATION_WIDTH = 900


def decode_picture(data: bytes, source: str) -> list[Image]:
    """The pages of a picture file, upright as its camera says, on white where it is transparent.

    Small ones are enlarged and large ones reduced, to the sizes at which words are recognised best. Needs Pillow and
    OpenCV, which the extra ``nianbao[ocr]`` installs.

    Raises:
        ReadError: It is no picture, damaged, or too large.
    """
    from PIL import Image as Pictures

    pages: list[Image] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own warning on size: the bound below decides
            with Pictures.open(io.BytesIO(data)) as picture:
                frames = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
                if frames > MOST_FRAMES:
                    raise ReadError(f"{source} has {frames} pages, and up to {MOST_FRAMES} are read; split it.")
                for frame in range(frames):
                    picture.seek(frame)
                    if picture.width * picture.height > _MOST_PIXELS:
                        raise ReadError(
                            f"{source} has {picture.width} × {picture.height} pixels, more than are read; "
                            "save it smaller."
                        )
                    pages.append(_decoded(picture))
    except ReadError:
        raise
    except Pictures.DecompressionBombError as error:
        raise ReadError(f"{source} has more pixels than are read; save it smaller.") from error
    except Exception as error:
        # Pillow's decoders raise nearly anything on damaged data.
        raise ReadError(f"{source} is not a picture that can be read, or is damaged; save it as PNG again.") from error
    return pages


def _decoded(picture: Any) -> Image:
    import cv2
    import numpy
    from PIL import Image as Pictures
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        ground = Pictures.new("RGBA", upright.size, "white")
        ground.alpha_composite(upright)
        upright = ground
    if upright.mode.startswith(("I", "F")):
        levels = numpy.asarray(upright, dtype=numpy.float64)
        span = float(levels.max() - levels.min()) or 1.0
        upright = Pictures.fromarray(((levels - levels.min()) / span * 255).astype(numpy.uint8))
    colours = numpy.asarray(upright.convert("RGB"), dtype=numpy.uint8)[:, :, ::-1]
    longest = max(colours.shape[:2])
    scale = min(_LONGEST_SIDE / longest, 1.0) if longest > _SHORTEST_SIDE else min(_SHORTEST_SIDE / longest, 3.0)
    if abs(scale - 1) > 0.01:
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        colours = numpy.asarray(cv2.resize(colours, None, fx=scale, fy=scale, interpolation=how), dtype=numpy.uint8)
    return numpy.ascontiguousarray(colours)


def deskew(image: Image) -> Image:
    """The image turned by the few degrees that its lines lean; as it is where they are straight or none are seen."""
    lean = find_lean(image)
    return turned(image, lean) if abs(lean) >= _LEAST_LEAN else image


def turned(image: Image, degrees: float) -> Image:
    """The image turned clockwise about its middle on a white ground, its size kept."""
    import cv2
    import numpy

    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    result = cv2.warpAffine(
        image,
        matrix,
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255, 255, 255),
    )
    return numpy.asarray(result, dtype=numpy.uint8)


def find_lean(image: Image) -> float:
    """By how many degrees lines of text and rulings must be turned clockwise to be level; 0 where it can't be told."""
    import cv2
    import numpy

    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) if image.ndim == 3 else image
    scale = _ESTIMATION_WIDTH / max(grey.shape[1], 1)
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12)
    ys, xs = numpy.nonzero(ink)
    if len(ys) < 500:
        return 0.0
    if len(ys) > 200_000:
        step = len(ys) // 200_000 + 1
        ys, xs = ys[::step], xs[::step]
    centred = xs.astype(numpy.float64) - ink.shape[1] / 2
    rows = ys.astype(numpy.float64)

    def sharpness(degrees: float) -> float:
        """How unevenly ink falls on level lines once everything is turned so far: level lines give peaks."""
        heights = rows + centred * math.tan(math.radians(degrees))
        counts = numpy.bincount((heights - heights.min()).astype(numpy.int64))
        return float((counts.astype(numpy.float64) ** 2).sum())

    coarse = [step / 4 for step in range(int(-_WIDEST_LEAN * 4), int(_WIDEST_LEAN * 4) + 1)]
    best = max(coarse, key=sharpness)
    fine = max((best + step / 20 for step in range(-5, 6)), key=sharpness)
    # A page without lines is as sharp at any angle: then nothing is turned.
    is_clear = sharpness(fine) > 1.02 * sharpness(0.0) or abs(fine) < 0.3
    return fine if is_clear and abs(fine) < _WIDEST_LEAN else 0.0


def encode_png(image: Image) -> bytes:
    """The image as a PNG file, in grey where it has no colours."""
    import numpy

    if image.ndim == 3 and bool((image.max(axis=2).astype(int) - image.min(axis=2) <= 12).all()):
        image = image[:, :, 1]
    pixels = image if image.ndim == 2 else image[:, :, ::-1]
    height, width = pixels.shape[:2]
    rows = numpy.ascontiguousarray(pixels, dtype=numpy.uint8).reshape(height, -1)
    # Filter 2: each row as its difference from the row above, which packs rulings and white well.
    above = numpy.vstack((numpy.zeros((1, rows.shape[1]), numpy.uint8), rows[:-1]))
    filtered = numpy.hstack((numpy.full((height, 1), 2, numpy.uint8), rows - above))
    header = struct.pack(">IIBBBBB", width, height, 8, 0 if pixels.ndim == 2 else 2, 0, 0, 0)
    body = zlib.compress(filtered.tobytes(), 6)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
