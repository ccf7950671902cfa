"""References as RIS, which EndNote, NoteExpress and others read: one record a report, or one of a place in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.export.characters import one_line
from assistant.export.document import ExportDocument
from assistant.export.references import Reference, publications

_LINE_END = "\r\n"


def ris_record(reference: Reference) -> str:
    """The record of a report. What isn't known has no line: ``PY`` and ``DA`` are of its issue, and never inferred."""
    return "".join(f"{tag}  - {value}{_LINE_END}" for tag, value in _lines(reference))


def _lines(reference: Reference) -> Iterator[tuple[str, str]]:
    issued = reference.issued_on or ""
    yield "TY", "RPRT"
    yield "ID", reference.key
    fields = {
        # A comma would part a family name from a given one.
        "AU": one_line(reference.author or "").replace(",", "，"),
        "TI": one_line(reference.title),
        "PB": one_line(reference.author or ""),
        "PY": issued[:4],
        "DA": _date(issued),
        "SP": str(reference.page or ""),
        "UR": reference.address,
        "Y2": _date(reference.retrieved_on or "") if reference.url else "",
        "LA": "zh-CN",
    }
    yield from ((tag, value) for tag, value in fields.items() if value)
    yield from (("N1", one_line(note)) for note in reference.notes)
    yield "ER", ""


def _date(iso: str) -> str:
    """As RIS has dates: year, month, day, and a fourth part that we leave empty."""
    return iso.replace("-", "/") + "/" if iso else ""


def ris(references: Iterable[Reference]) -> str:
    """The records of the reports that are referred to, in the order of first mention, each once."""
    return _LINE_END.join(map(ris_record, publications(references)))


def write(document: ExportDocument) -> bytes:
    """The reports that the document cites, as UTF-8; an empty line where it cites none, since RIS has no comments."""
    return (ris(one.reference for one in document.references) or _LINE_END).encode()
