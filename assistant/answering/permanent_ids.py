"""Permanent ids of places in reports: to print beside a quote, and to find it by years later.

An id is ``REPORT.OFFSET-LENGTH.CHECK``, as ``3f2a9c0d1e4b5a67.812-24.k7m2p9qd``. The report's id is made from its text
without white space, and offset and length count characters without white space, so that neither lines that are broken
elsewhere nor passages that are cut elsewhere change an id. The check is made from the quote: SHA-256 of its characters
without white space, in UTF-8, whose first 40 bits are written in Crockford's base 32. It keeps an id from ever being
taken for other words than those that it was made of. `cited_places` finds the place of an id.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vectorstore.records import Hit

if TYPE_CHECKING:
    from vectorstore.index import Index

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's: no i, l, o or u, which are read as 1, 1, 0 and v."""
_FORM = re.compile(r"(?P<report>[^\s.]{1,200})\.(?P<offset>\d{1,9})-(?P<length>\d{1,9})\.(?P<check>[0-9a-z]{8})")
_REPORT_FORM = re.compile(r"[0-9a-f]{16}")
_MISREAD = str.maketrans("ilo", "110")
_AROUND = " \t\r\n\u3000<>()[]{}（）【】〔〕《》「」\"'“”‘’.,;:。，；：、"


@dataclass(frozen=True, slots=True)
class PlaceId:
    """A permanent id in its parts. ``start`` and ``length`` count characters without white space."""

    report_id: str
    start: int
    length: int
    check: str

    def __str__(self) -> str:
        return f"{self.report_id}.{self.start}-{self.length}.{self.check}"


def place_id(report_id: str, start: int, end: int, text: str) -> str:
    """The permanent id of ``text[start:end]``.

    Args:
        text: The report's canonical text, whole.
    """
    quote = compact(text[start:end])
    return f"{report_id}.{len(compact(text[:start]))}-{len(quote)}.{check_of(quote)}"


def check_of(quote: str) -> str:
    """The check of a quote; white space in it counts for nothing."""
    return check_of_bytes(compact(quote).encode())


def parse_place_id(given: str) -> PlaceId | None:
    """The parts of an id as someone wrote it down: any case, 0 for o, with punctuation around it; ``None``: no id."""
    found = _FORM.fullmatch(given.strip(_AROUND).lower())
    if found is None:
        return None
    # The check is read as it may have been mistaken in print; so is a report's id, where it is one of ours.
    check = found["check"].translate(_MISREAD).replace("u", "v")
    report_id = found["report"].translate(_MISREAD)
    if _REPORT_FORM.fullmatch(report_id) is None:
        report_id = given.strip(_AROUND)[: found.end("report")]
    return PlaceId(report_id, int(found["offset"]), int(found["length"]), check)


def with_ids(index: Index, hits: Sequence[Hit]) -> list[Hit]:
    """The hits of a search with the permanent ids of their passages. Reads their reports' texts, in one go."""
    try:
        texts = index.texts({hit.report.report_id for hit in hits})
    except KeyError:  # one went since the search
        return list(hits)
    return [replace(hit, id=_hit_id(hit, texts[hit.report.report_id])) for hit in hits]


def _hit_id(hit: Hit, text: str) -> str:
    return place_id(hit.report.report_id, hit.passage.start, hit.passage.end, text)


def compact(text: str) -> str:
    """The text without white space: what offsets and lengths of ids count."""
    return "".join(text.split())


def check_of_bytes(quote: bytes | memoryview) -> str:
    """The check of a quote without white space, in UTF-8."""
    bits = int.from_bytes(hashlib.sha256(quote).digest()[:5])
    return "".join(_ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5))
