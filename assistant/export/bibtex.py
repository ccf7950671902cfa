"""References as BibTeX: one entry a report, or one of a place in it."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.export.characters import one_line
from assistant.export.document import ExportDocument
from assistant.export.references import Reference, publications
from assistant.export.words import say

_SPECIAL = {
    "\\": r"\textbackslash{}",
    # Escaped with a backslash they would still count where BibTeX matches braces.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "$&#%_"},
}


def escape(text: str) -> str:
    """Text for a field between braces: LaTeX shows just it."""
    return "".join(_SPECIAL.get(character, character) for character in one_line(text))


def bibtex_entry(reference: Reference) -> str:
    """The entry of a report. What isn't known has no field: ``year`` is that of issue, and never inferred."""
    issued = reference.issued_on or ""
    fields = {
        # In braces of their own: a body's name isn't parted into given and family names, nor set in lower case.
        "author": f"{{{escape(reference.author)}}}" if reference.author else "",
        "title": f"{{{escape(reference.title)}}}" if reference.title else "",
        "institution": escape(reference.author or ""),
        "year": issued[:4],
        "date": issued,
        "pages": str(reference.page or ""),
        "url": reference.address,
        "urldate": reference.retrieved_on if reference.url else "",
        "langid": "chinese",
        "note": escape("；".join(reference.notes)),
    }
    written = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{'techreport' if reference.author else 'misc'}{{{reference.key},\n{written}}}\n"


def bibtex(references: Iterable[Reference]) -> str:
    """The entries of the reports that are referred to, in the order of first mention, each once."""
    return "\n".join(map(bibtex_entry, publications(references)))


def write(document: ExportDocument) -> bytes:
    """The reports that the document cites, as UTF-8; a comment where it cites none."""
    written = bibtex(one.reference for one in document.references)
    return (written or f"% {say(document.language, 'reference.no_reports')}\n").encode()
