"""References as CSL-JSON, which Zotero, Pandoc and citeproc read: one item a report, or one of a place in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from assistant.export.characters import one_line
from assistant.export.document import ExportDocument
from assistant.export.references import Reference, publications


def csl_item(reference: Reference) -> dict[str, Any]:
    """The item of a report. What isn't known has no field: ``issued`` is never inferred.

    The body is a ``literal`` name: an institution, which has no family name.
    """
    body = one_line(reference.author or "")
    fields: dict[str, Any] = {
        "id": reference.key,
        "type": "report",
        "title": one_line(reference.title),
        "author": [{"literal": body}] if body else [],
        "publisher": body,
        "issued": _date(reference.issued_on),
        "accessed": _date(reference.retrieved_on) if reference.url else {},
        "URL": reference.address,
        "page": str(reference.page or ""),
        "language": "zh-CN",
        "note": one_line("；".join(reference.notes)),
    }
    return {name: value for name, value in fields.items() if value}


def _date(iso: str | None) -> dict[str, Any]:
    return {"date-parts": [[int(part) for part in iso.split("-")]]} if iso else {}


def csl_items(references: Iterable[Reference]) -> list[dict[str, Any]]:
    """The items of the reports that are referred to, in the order of first mention, each once."""
    return [csl_item(one) for one in publications(references)]


def csl_json(items: list[dict[str, Any]]) -> str:
    """Items as a file has them."""
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def write(document: ExportDocument) -> bytes:
    """The reports that the document cites, as UTF-8; an empty list where it cites none."""
    return csl_json(csl_items(one.reference for one in document.references)).encode()
