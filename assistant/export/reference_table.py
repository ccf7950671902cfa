"""What a document cites, as a table: each place with its quote and the reference to print."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answering.deferred import Deferred
from assistant.export.characters import printable
from assistant.export.columns import column
from assistant.export.document import Cell, ExportDocument, ExportTable
from assistant.export.gbt7714 import gbt7714
from assistant.export.words import say

NAMES = (
    "n", "body", "title", "year", "section", "page", "quotes", "reference", "url", "source", "report_id", "start",
    "end", "id",
)  # fmt: skip


def reference_table(document: ExportDocument) -> ExportTable:
    """The document's references, one a row, in the columns of ``NAMES``."""
    language = document.language
    columns = tuple(column(name, language) for name in NAMES)
    return ExportTable(
        say(language, "heading.references"), columns, Deferred(_rows(document), len(document.references))
    )


def _rows(document: ExportDocument) -> Iterator[tuple[Cell, ...]]:
    for one in document.references:
        reference = one.reference
        yield (
            one.n, reference.author, reference.title, reference.year, reference.section, reference.page,
            printable(one.quote), gbt7714(reference), reference.url, reference.source, reference.report_id,
            one.start, one.end, reference.place_id,
        )  # fmt: skip
