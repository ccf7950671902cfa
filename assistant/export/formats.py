"""The formats that something can be exported in, by the extension of their files.

The writers are imported when they are needed: asking a question must not wait for what writes Word files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from assistant.export.document import ExportDocument, ExportTable, document_with
from vectorstore.errors import NianbaoError


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its extension without the dot, its media type, and the module whose ``write`` makes the bytes."""

    extension: str
    media_type: str
    module: str

    @property
    def write(self) -> Callable[[ExportDocument], bytes]:
        """Makes the file's bytes: the same for the same document, whenever and wherever."""
        writer: Callable[[ExportDocument], bytes] = import_module(self.module).write
        return writer


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    one.extension: one
    for one in (
        Format("csv", "text/csv; charset=utf-8", "assistant.export.csv_writing"),
        Format("xlsx", f"{_OFFICE}.spreadsheetml.sheet", "assistant.export.excel_writing"),
        Format("md", "text/markdown; charset=utf-8", "assistant.export.markdown_writing"),
        Format("docx", f"{_OFFICE}.wordprocessingml.document", "assistant.export.word_writing"),
        Format("bib", "application/x-bibtex; charset=utf-8", "assistant.export.bibtex"),
        Format("ris", "application/x-research-info-systems; charset=utf-8", "assistant.export.ris"),
        Format("csl.json", "application/vnd.citationstyles.csl+json; charset=utf-8", "assistant.export.csl_json"),
        Format("txt", "text/plain; charset=utf-8", "assistant.export.gbt7714"),
    )
}

REFERENCE_FORMATS = ("txt", "bib", "ris", "csl.json")
"""Those that hold the references alone, in GB/T 7714—2015, BibTeX, RIS and CSL-JSON."""

TABLE_FORMATS = ("csv", "xlsx")


class ExportError(NianbaoError):
    """Something can't be exported as it was asked for."""


def write(content: ExportDocument | ExportTable, extension: str) -> bytes:
    """The bytes of a file of the format with that extension, one of ``FORMATS``.

    Raises:
        ExportError: There is no such format.
    """
    document = document_with(content) if isinstance(content, ExportTable) else content
    return format_of(extension).write(document)


def extension_in(name: str) -> str:
    """What the name of a file ends in, as ``FORMATS`` has it: ``csl.json`` of ``refs.csl.json``; empty without."""
    parts = name.lower().rpartition("/")[2].split(".")[1:]
    return next((".".join(parts[-n:]) for n in (2, 1) if ".".join(parts[-n:]) in FORMATS), parts[-1] if parts else "")


def format_of(extension: str, offered: Sequence[str] = tuple(FORMATS)) -> Format:
    """The format of an extension, with or without its dot.

    Raises:
        ExportError: It isn't one of those offered.
    """
    name = extension.lower().lstrip(".")
    if name not in offered:
        given = f"A file of the kind {name!r} can't be written" if name else "The file's name needs an ending"
        raise ExportError(f"{given}; choose one of {', '.join('.' + one for one in offered)}.")
    return FORMATS[name]
