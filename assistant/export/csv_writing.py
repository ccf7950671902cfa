"""CSV: a document's first table, or what it cites where it has none. UTF-8 with the mark that Excel knows it by."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from assistant.export.characters import marked, number_text, printable, quoted_line
from assistant.export.document import Cell, Column, ExportDocument, ExportTable
from assistant.export.gbt7714 import place_in
from assistant.export.reference_table import reference_table
from assistant.export.references import NumberedReference
from assistant.export.words import say

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?%?")
_MOST_QUOTED = 30_000
"""Characters of quotes in one cell. Excel takes 32,767, and breaks a longer cell into lines of their own."""


def harmless(text: str) -> str:
    """The text with an apostrophe before it, if a spreadsheet would take it for a formula; a number stays a number."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def harmless_row(row: Iterable[Any]) -> list[Any]:
    """A row whose texts no spreadsheet takes for formulas."""
    return [harmless(cell) if isinstance(cell, str) else cell for cell in row]


def write_table(table: ExportTable, references: Mapping[int, NumberedReference], language: str) -> bytes:
    """The table as CSV. Behind a column of citations stands one with their quotes."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(_cells_of_head(table.columns, bool(references), language))
    for row in table.rows:
        writer.writerow(_cells(row, table.columns, references, language))
    return stream.getvalue().encode("utf-8-sig")


def _cells_of_head(columns: Sequence[Column], has_quotes: bool, language: str) -> Iterator[str]:
    for column in columns:
        yield harmless(printable(column.name))
        if column.kind == "citations" and has_quotes:
            yield say(language, "column.quotes")


def _cells(
    row: Iterable[Cell], columns: Sequence[Column], references: Mapping[int, NumberedReference], language: str
) -> Iterator[str]:
    for cell, column in zip(row, columns, strict=True):
        if isinstance(cell, tuple):
            yield marked(cell)
        elif isinstance(cell, int | Decimal):
            yield number_text(cell)
        else:
            yield harmless(printable(cell or ""))
        if column.kind == "citations" and references:
            numbers = cell if isinstance(cell, tuple) else ()
            yield harmless(_quotes([references[n] for n in numbers if n in references], language))


def _quotes(cited: Sequence[NumberedReference], language: str) -> str:
    quoted: list[str] = []
    length = 0
    for one in cited:
        reference = one.reference
        year = f" {reference.year}" if reference.year else ""
        place = place_in(reference, language)
        quoted.append(f"[{one.n}] {reference.author or reference.title}{year} {place}“{quoted_line(one.quote)}”")
        length += len(quoted[-1]) + 1
        if length > _MOST_QUOTED:
            quoted[-1] = say(language, "reference.too_many", count=len(cited))
            break
    return " ".join(quoted)


def write(document: ExportDocument) -> bytes:
    """The document's first table with the quotes behind its values; its references where it has no table."""
    if document.tables:
        references = {one.n: one for one in document.references}
        return write_table(document.tables[0], references, document.language)
    return write_table(reference_table(document), {}, document.language)
