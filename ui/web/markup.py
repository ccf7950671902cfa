"""HTML made from text. Whatever comes from a report, a file's name or a question passes through `escape`."""

from __future__ import annotations

import re
from html import escape as escape_html
from urllib.parse import urlencode

_PLACE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


def escape(text: str) -> str:
    """Text as HTML, of an element or a quoted attribute, that shows just that text."""
    return escape_html(text, quote=True)


def place_name(region: str | None) -> str:
    """A region's path as people write it: 甲省乙市丙县; empty where it isn't known."""
    return (region or "").replace("/", "")


def link(path: str, **query: object) -> str:
    """An address on this server, escaped for an attribute; what is ``None`` or empty is left out of the query.

    Addresses are relative, so that the pages also work behind a proxy that serves them under a path of its own.
    """
    given = {name: value for name, value in query.items() if value not in (None, "")}
    return escape(f"{path}?{urlencode(given)}" if given else path)


def place_in_address(written: str | None) -> tuple[int, int] | None:
    """The characters that ``at=12-34`` of an address names; ``None`` where it names none."""
    found = _PLACE.fullmatch(written or "")
    if found is None:
        return None
    start, end = int(found[1]), int(found[2])
    return (start, end) if start < end else None


def report_link(
    report_id: str, start: int | None = None, end: int | None = None, cell: tuple[int, int] | None = None
) -> str:
    """Where a report is read, at the characters from ``start`` to ``end`` of its text, and a table's cell there."""
    at = None if start is None else f"{start}-{end}"
    return link("reports", id=report_id, at=at, cell=None if cell is None else f"{cell[0]}-{cell[1]}")
