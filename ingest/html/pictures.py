"""The pictures of a page: which file, whether its bytes are there, and whether it can be more than an ornament."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from ingest.html.blocks import PagePicture
from ingest.html.words import page_words

_SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "_src", "orisrc", "original", "o:href", "xlink:href")
_SIZE = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*([0-9.]+)(px|pt)", re.IGNORECASE)
_LARGEST_ICON = 40
"""In pixels: what is less wide or less high is no table."""
_SMALLEST_FILE = 300
"""In bytes: a spacer or a dot."""
_LONGEST_NAME = 60


def picture_of(attributes: Mapping[str, str], container: int, parts: Mapping[str, bytes]) -> PagePicture | None:
    """The picture of an ``<img>``; ``None`` where it is an ornament: an icon, a logo, a QR code, a spacer.

    Args:
        parts: The files that came with the page (MHTML), by address and by ``cid:`` address.
    """
    sources = [value.strip() for name in _SOURCES if (value := attributes.get(name))]
    # A page that loads its pictures late has a spacer in the first place.
    sources = [source for source in sources if not _is_ornament_address(source)]
    if not sources or _is_small(attributes):
        return None
    for source in sources:
        image = _image_of(source, parts)
        if image is None or len(image) >= _SMALLEST_FILE:
            return PagePicture(_name(source, attributes), container, image)
    return None


def _image_of(source: str, parts: Mapping[str, bytes]) -> bytes | None:
    if source[:5].lower() != "data:":
        if not parts:
            return None
        return parts.get(source) or parts.get(unquote(source)) or parts.get(unquote(source).rpartition("/")[2])
    head, _, body = source[5:].partition(",")
    if not body:
        return None
    if "base64" not in head.lower():
        return unquote_to_bytes(body)
    encoded = re.sub(r"[^A-Za-z0-9+/]", "", unquote(body))
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4)) or None
    except binascii.Error:
        return None


def _is_ornament_address(source: str) -> bool:
    return source[:5].lower() != "data:" and page_words().ornament.search(source) is not None


def _is_small(attributes: Mapping[str, str]) -> bool:
    sizes = [attributes.get("width", ""), attributes.get("height", "")]
    pixels = [float(size) for text in sizes if (size := text.strip().removesuffix("px")).isdigit()]
    for number, unit in _SIZE.findall(attributes.get("style", "")):
        if number.count(".") <= 1 and number.strip("."):
            pixels.append(float(number) * (1 if unit.lower() == "px" else 4 / 3))
    # A size of zero is an editor's leftover, not a size.
    return any(0 < size <= _LARGEST_ICON for size in pixels)


def _name(source: str, attributes: Mapping[str, str]) -> str:
    named = (attributes.get("alt") or attributes.get("title") or "").strip()
    if not named and source[:5].lower() != "data:":
        try:
            named = unquote(urlsplit(source).path).rpartition("/")[2]
        except ValueError:
            named = source.rpartition("/")[2]
    return named[:_LONGEST_NAME].replace("\n", " ") or "picture"
