"""References alone, in one of the styles and formats that they are asked for by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

from assistant.export.bibtex import bibtex_entry
from assistant.export.csl_json import csl_item, csl_json
from assistant.export.gbt7714 import gbt7714
from assistant.export.references import Reference
from assistant.export.ris import ris_record

Style = Literal["gbt7714", "bibtex", "ris", "csl-json"]
STYLES: dict[Style, str] = {"gbt7714": "txt", "bibtex": "bib", "ris": "ris", "csl-json": "csl.json"}
"""By name, the extension of the files that hold it."""


def as_works(references: Iterable[Reference]) -> list[Reference]:
    """Each report once, in the order of first mention; with the place where only one in it is cited.

    A file of references may hold a key only once.
    """
    works: dict[str, Reference] = {}
    for one in references:
        known = works.setdefault(one.report_id, one)
        if known != one:
            same_page = one.page if one.page == known.page else None
            works[one.report_id] = replace(known, page=same_page, section="", place_id="")
    return list(works.values())


def styled(references: Sequence[Reference], style: Style) -> str:
    """The references in one of ``STYLES``, with a newline at the end.

    In GB/T 7714—2015 one a line, each line once; in the others each report once.
    """
    if style == "gbt7714":
        return "".join(f"{line}\n" for line in dict.fromkeys(map(gbt7714, references)))
    works = as_works(references)
    if style == "csl-json":
        return csl_json([csl_item(one) for one in works])
    if style == "ris":
        return "\r\n".join(map(ris_record, works))
    return "\n".join(map(bibtex_entry, works))


def in_all_styles(reference: Reference) -> dict[Style, Any]:
    """One reference by style: as text, in CSL-JSON as its JSON value."""
    return {style: csl_item(reference) if style == "csl-json" else styled([reference], style) for style in STYLES}
