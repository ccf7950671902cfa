"""What the elements of HTML do to a page's flow, by their names, their roles and what their styles say."""

from __future__ import annotations

import re
from collections.abc import Mapping


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


STRUCTURAL = _names("body div section article main table center form ul dl blockquote")
"""Elements that hold parts of a page, by which it is told apart what belongs together."""
PREFORMATTED = _names("pre listing xmp")
LISTS = _names("ol ul menu dir")

_SKIPPED = _names(
    "script style template noscript noframes marquee select datalist button iframe object embed applet svg canvas audio"
    " video math xml rt rp del s strike textarea dialog"
)
_OFFICE = ("w:", "m:", "o:office", "o:shapedefaults")
_BLOCKS = _names(
    "html body div p h1 h2 h3 h4 h5 h6 ul ol menu dir li dl dt dd section article header footer nav aside main"
    " blockquote center form fieldset legend figure figcaption address details summary hgroup caption option hr pre"
    " listing xmp v:textbox"
)
_KINDS = dict.fromkeys(_BLOCKS, "block")
_KINDS |= {"table": "table", "thead": "group", "tbody": "group", "tfoot": "group", "tr": "row"}
_KINDS |= {"td": "cell", "th": "cell", "v:imagedata": "img", "image": "img", "sub": "sup"}
_ROLES = {"table": "table", "grid": "table", "rowgroup": "group", "row": "row"}
_ROLES |= dict.fromkeys(("cell", "gridcell", "columnheader", "rowheader"), "cell")
_DISPLAYS = {"table": "table", "table-row": "row", "table-cell": "cell", "block": "block", "flex": "block"}
_DISPLAYS |= dict.fromkeys(("table-row-group", "table-header-group", "table-footer-group"), "group")
_RESTYLED = _names("block span font em strong b label")
_DISPLAY = re.compile(r"(?:^|;)\s*display\s*:\s*([a-z-]+)", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|line-through", re.IGNORECASE)


def is_skipped(tag: str) -> bool:
    """Whether what an element holds is never part of the page's text."""
    return tag in _SKIPPED or (":" in tag and tag.startswith(_OFFICE))


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Whether the element's own attributes hide it or strike it out."""
    return "hidden" in attributes or ("style" in attributes and _HIDDEN.search(attributes["style"]) is not None)


def kind_of(tag: str, attributes: Mapping[str, str]) -> str:
    """What it does: ``block``, ``table``, ``group`` of rows, ``row``, ``cell``, ``img``, ``sup``; else its tag."""
    kind = _KINDS.get(tag, tag)
    if "style" in attributes and kind in _RESTYLED and (shown := _DISPLAY.search(attributes["style"])):
        style = shown[1].lower()
        return "span" if style == "inline" else _DISPLAYS.get(style, kind)
    if "role" in attributes and kind in ("block", "span"):
        return _ROLES.get(attributes["role"], kind)
    return kind
