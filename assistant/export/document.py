"""What is exported, before any format: tables of typed cells, and documents with text, tables and references.

Whoever has something to export puts an `ExportTable` or an `ExportDocument` together; `formats` writes either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from assistant.answering.deferred import Deferred
from assistant.export.references import NumberedReference
from assistant.export.words import say
from assistant.plan import Language

ColumnKind = Literal["text", "number", "state", "citations"]
Cell = str | int | Decimal | tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: Its heading, in words.
        kind: What its cells are. ``text`` and ``state``: a str. ``number``: an int or an exact Decimal, ``None`` where
            it is unknown; why stands in words in a ``state`` column of the same row. ``citations``: the numbers of
            references, as a tuple.
        is_id: Of numbers, that they count nothing: years, which aren't written 2,023. Of text, that it is for programs:
            ids of reports, which Word and Markdown files leave out.
    """

    name: str
    kind: ColumnKind = "text"
    is_id: bool = False

    @property
    def is_for_programs(self) -> bool:
        """Whether files that are read by people leave it out."""
        return self.is_id and self.kind == "text"


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table.

    Attributes:
        rows: Each with a cell per column. Any sequence will do that can be gone through twice; its items may be
            made when they are reached. ``None`` is an empty cell of any kind: unknown or not there, never 0.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of text. ``[n]`` in it refers to a reference; all else is taken literally. ``is_item``: one of a list."""

    text: str
    is_item: bool = False


@dataclass(frozen=True, slots=True)
class ExportDocument:
    """A text with its tables and evidence.

    Attributes:
        title: The question that was asked, or what the table is.
        language: Of the document's own headings.
        paragraphs: The answer.
        tables: The first is what a CSV file holds; the others follow it in the other formats.
        warnings: What to mind: contradictions first of all.
        coverage: Which reports were looked at, and how many of them said what; tables name them.
        how: How the question was understood.
        references: By number.
        corpus: What it was computed over, in a sentence.
        made_on: The day it was made; ``None`` leaves it out.
    """

    title: str
    language: Language = "zh"
    paragraphs: tuple[Paragraph, ...] = ()
    tables: tuple[ExportTable, ...] = ()
    warnings: tuple[str, ...] = ()
    coverage: tuple[str, ...] = ()
    how: tuple[str, ...] = ()
    references: Sequence[NumberedReference] = ()
    corpus: str = ""
    made_on: date | None = None


def as_read(table: ExportTable) -> ExportTable:
    """The table without the columns that are for programs."""
    shown = [at for at, column in enumerate(table.columns) if not column.is_for_programs]
    if len(shown) == len(table.columns):
        return table
    rows = Deferred((tuple(row[at] for at in shown) for row in table.rows), len(table.rows))
    return ExportTable(table.title, tuple(table.columns[at] for at in shown), rows)


def document_with(
    table: ExportTable, language: Language = "zh", references: Sequence[NumberedReference] = ()
) -> ExportDocument:
    """A document that is one table with what it cites."""
    return ExportDocument(table.title, language, tables=(table,), references=references)


def sections_behind(document: ExportDocument) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What stands behind the text and its tables, headings with their sentences; those that are empty left out."""
    language = document.language
    corpus = document.corpus
    if document.made_on:
        corpus += say(
            language, "corpus.made_on" if corpus else "corpus.only_made_on", date=document.made_on.isoformat()
        )
    said = (
        ("warnings", document.warnings),
        ("coverage", document.coverage),
        ("how", (*document.how, *((corpus + say(language, "corpus.stop"),) if corpus else ()))),
    )
    for name, sentences in said:
        if sentences:
            yield say(language, f"heading.{name}"), sentences
