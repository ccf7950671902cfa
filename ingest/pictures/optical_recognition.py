"""Finds and recognizes words on images: the only door to rapidocr, which the extra ``nianbao[ocr]`` installs.

The models are those in rapidocr's wheel. They are named to the engine by path, since it would download what it
misses; one engine serves a process, made when the first image comes.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vectorstore.errors import ReadError

if TYPE_CHECKING:
    import numpy

    Image = numpy.ndarray[Any, numpy.dtype[numpy.uint8]]

_PARTS = ("rapidocr", "onnxruntime", "cv2", "PIL")
# Reports are read side by side in processes; more threads each would only take turns, and wait busily for them.
_THREADS = 1
# The engine pads every crop to this width at least. Its own 320 triples the time that a lone digit takes.
_RECOGNIZED_SHAPE = (3, 48, 96)
_BATCH = 16
_LONGEST_SIDE = 2400
"""In pixels; larger images are scaled down for the finding of words. A page of A4 at 200 dpi stays as it is."""

LEAST_CONFIDENCE = 0.5
"""Below it, what is recognized is no text; such words are left out."""

MISSING_RECOGNITION = "reading pictures needs the extra: pip install 'nianbao[ocr]'"


@dataclass(frozen=True, slots=True)
class Word:
    """Text found on an image: one line of it, or a part of a line that stands apart.

    Attributes:
        left, top, right, bottom: In pixels of the image, the origin at its upper left corner.
        confidence: From 0 to 1.
    """

    text: str
    left: int
    top: int
    right: int
    bottom: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Recognition:
    """What one crop of an image says, read as a single line; empty where nothing was recognized."""

    text: str
    confidence: float


def is_available() -> bool:
    """Whether rapidocr is installed with its models; imports nothing."""
    return all(find_spec(part) is not None for part in _PARTS) and _models() is not None


def recognize(image: Image, finding_width: int | None = None) -> tuple[Word, ...]:
    """The words of an image (height × width, or × 3 in BGR order; 8 bits), from top to bottom, then left to right.

    Args:
        finding_width: The width in pixels at which words are looked for, if the image is wider; they are read at full
            size all the same. Looking takes as long as there are pixels: most of the time, on large print.

    Raises:
        ReadError: The extra isn't installed.
    """
    import cv2

    engine = _engine()
    colour = _in_colour(image)
    scale = min(1.0, (finding_width or colour.shape[1]) / colour.shape[1])
    sought = cv2.resize(colour, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else colour
    # The engine's direction finder is left out: it takes 99 for 66 upside down.
    found = engine(sought, use_det=True, use_cls=False, use_rec=False)
    if found.boxes is None or not len(found.boxes):
        return ()
    boxes = (found.boxes / scale).astype("float32")
    read = engine.recognize_txt(engine.crop_text_regions(colour, boxes))
    words = []
    for box, text, score in zip(boxes, read.txts, read.scores, strict=True):
        left, top = box.min(axis=0)
        right, bottom = box.max(axis=0)
        if text.strip() and score >= LEAST_CONFIDENCE:
            words.append(Word(text, int(left), int(top), round(float(right)), round(float(bottom)), float(score)))
    return tuple(sorted(words, key=lambda word: (word.top, word.left)))


def recognize_lines(crops: Sequence[Image]) -> tuple[Recognition, ...]:
    """Each crop read as a single line of text, without looking for words in it; far faster than ``recognize``.

    Raises:
        ReadError: The extra isn't installed.
    """
    if not crops:
        return ()
    read = _engine().recognize_txt([_in_colour(crop) for crop in crops])
    return tuple(Recognition(text, float(score)) for text, score in zip(read.txts, read.scores, strict=True))


def _in_colour(image: Image) -> Image:
    import cv2
    import numpy

    return image if image.ndim == 3 else numpy.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), dtype=numpy.uint8)


def _engine() -> Any:
    # A forked process can't use its parent's engine: the threads behind it aren't there.
    return _engine_of(os.getpid())


@cache
def _engine_of(process: int) -> Any:
    models = _models()
    if models is None or not is_available():
        raise ReadError(f"Words on pictures cannot be recognized here; {MISSING_RECOGNITION}.")
    from rapidocr import RapidOCR

    detection, recognition = models
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.max_side_len": _LONGEST_SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            # By default images less than 736 pixels high are enlarged for the finding of words, wide ones enormously.
            "Det.limit_type": "max",
            "Det.limit_side_len": _LONGEST_SIDE,
            "Det.model_path": str(detection),
            "Rec.model_path": str(recognition),
            "Rec.rec_img_shape": list(_RECOGNIZED_SHAPE),
            "Rec.rec_batch_num": _BATCH,
        }
    )


@cache
def _models() -> tuple[Path, Path] | None:
    """The files of the models that find and that recognize words, in the installed wheel."""
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "models"
    found = [sorted(folder.glob(f"*_{task}_*.onnx")) for task in ("det", "rec")]
    return (found[0][-1], found[1][-1]) if all(found) else None
