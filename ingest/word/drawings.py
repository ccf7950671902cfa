"""Finds what is drawn in a Word file: pictures, text boxes and WordArt, in DrawingML and in the older VML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.word.package import MC, Element, R, W, WordPackage, child

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_VML = "{urn:schemas-microsoft-com:vml}"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_BOX = W + "txbxContent"
# What can be read of alternative contents. The prefixes are free, so the namespaces behind them decide.
_MICROSOFT = "http://schemas.microsoft.com/office/"
_READABLE = frozenset(
    _MICROSOFT + name
    for name in (
        "word/2010/wordprocessingShape", "word/2010/wordprocessingGroup", "word/2010/wordprocessingCanvas",
        "word/2010/wordprocessingDrawing", "word/2010/wordprocessingInk", "word/2010/wordml", "word/2012/wordml",
        "word/2012/wordprocessingDrawing", "drawing/2010/main", "drawing/2007/8/2/chart", "drawing/2012/chart",
    )
)  # fmt: skip
_EMU_PER_CM = 360_000
_CM = {"pt": 2.54 / 72, "px": 2.54 / 96, "in": 2.54, "cm": 1.0, "mm": 0.1, "pc": 2.54 / 6, "": 2.54 / 96}
_LENGTH = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]+)\s*([a-z]*)")
_THINNEST = 0.6
_SMALLEST = 2.0


@dataclass(frozen=True, slots=True)
class WordPicture:
    """A picture; ``floats`` if it isn't part of the line. ``image`` is ``None`` for what isn't made of pixels."""

    name: str
    image: bytes | None
    floats: bool


def choose(alternate: Element) -> Element:
    """The alternative to read of an ``mc:AlternateContent``: they show the same, for newer and older programs.

    Itself if it holds none; there is nothing to read in it then.
    """
    first = None
    for option in alternate.iterchildren(MC + "Choice"):
        required = [option.nsmap.get(prefix) for prefix in (option.get("Requires") or "").split()]
        if all(namespace in _READABLE for namespace in required) and len(option):
            return option
        first = option if first is None else first
    fallback = child(alternate, MC + "Fallback")
    if fallback is not None and len(fallback):
        return fallback
    return alternate if first is None else first


def find_drawn(element: Element, package: WordPackage) -> Iterator[WordPicture | str | Element]:
    """What ``w:drawing``, ``w:pict`` or ``w:object`` shows, in order: pictures, WordArt as text, and the content
    elements of text boxes. Rules, bullets and icons are left out.
    """
    frame = next(element.iterchildren(_WP + "inline", _WP + "anchor"), None)
    if frame is not None:
        properties = child(frame, _WP + "docPr")
        if properties is not None and properties.get("hidden") in ("1", "true"):
            return
    floats = frame is not None and frame.tag == _WP + "anchor"
    yield from _find(element, package, floats, _is_decoration(frame))


def _find(
    element: Element, package: WordPackage, floats: bool, is_decoration: bool
) -> Iterator[WordPicture | str | Element]:
    for part in element:
        tag = part.tag
        if tag == _BOX:
            yield part
        elif tag == MC + "AlternateContent":
            yield from _find(choose(part), package, floats, is_decoration)
        elif tag == _A + "blip":
            if not is_decoration:
                yield from _picture(part.get(R + "embed") or part.get(R + "link"), package, floats)
        elif tag == _VML + "imagedata":
            if not is_decoration:
                yield from _picture(part.get(R + "id") or part.get(_OFFICE + "relid"), package, floats)
        elif tag in (_CHART, _DIAGRAM):
            yield WordPicture("chart" if tag == _CHART else "diagram", None, floats)
        elif tag == _VML + "textpath":
            if text := (part.get("string") or "").strip():
                yield text
        elif isinstance(tag, str) and tag.startswith(_VML):
            style = part.get("style")
            small, away = (is_decoration, floats) if style is None else (_is_small_shape(style), _is_away(style))
            yield from _find(part, package, away, small)
        elif len(part):
            yield from _find(part, package, floats, is_decoration)


def _picture(identifier: str | None, package: WordPackage, floats: bool) -> Iterator[WordPicture]:
    found = package.picture(identifier)
    if found is not None:
        yield WordPicture(found[0], found[1], floats)


def _is_decoration(frame: Element | None) -> bool:
    extent = None if frame is None else child(frame, _WP + "extent")
    if extent is None:
        return False
    try:
        width, height = int(extent.get("cx") or 0) / _EMU_PER_CM, int(extent.get("cy") or 0) / _EMU_PER_CM
    except ValueError:
        return False
    return _is_small(width, height)


def _is_small_shape(style: str) -> bool:
    sizes = {
        name: float(size) * _CM[unit] for name, size, unit in _LENGTH.findall(style) if unit in _CM and _is_number(size)
    }
    return _is_small(sizes.get("width", 0.0), sizes.get("height", 0.0))


def _is_small(width: float, height: float) -> bool:
    """Whether a picture of this size in centimetres is a rule or an icon. A size that isn't said is no small one."""
    if width <= 0 or height <= 0:
        return False
    return min(width, height) < _THINNEST or max(width, height) < _SMALLEST


def _is_away(style: str) -> bool:
    return "position:absolute" in style.replace(" ", "")


def _is_number(text: str) -> bool:
    return text.count(".") <= 1 and text != "."
