"""A document to be pasted elsewhere: as plain text, and as HTML for programs that take formatted text."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from assistant.export.characters import marked, number_text, printable
from assistant.export.document import Cell, ExportDocument, ExportTable, as_read
from assistant.export.gbt7714 import reference_lines
from assistant.export.words import say


def as_text(document: ExportDocument) -> str:
    """The text with its markers, what to mind, and the references, one a line."""
    lines = [f"- {one.text}" if one.is_item else one.text for one in document.paragraphs]
    if document.warnings:
        lines += ["", say(document.language, "heading.warnings"), *document.warnings]
    if cited := [f"{numbers} {reference}" for numbers, reference in reference_lines(document.references)]:
        lines += ["", say(document.language, "heading.references"), *cited]
    return printable("\n".join(lines))


def as_html(document: ExportDocument) -> str:
    """The same with the tables, as HTML without any style. All text is escaped."""
    return printable("".join(_html(document)))


def _html(document: ExportDocument) -> Iterator[str]:
    items: list[str] = []
    for one in document.paragraphs:
        if one.is_item:
            items.append(f"<li>{escape(one.text)}</li>")
            continue
        if items:
            yield f"<ul>{''.join(items)}</ul>"
            items = []
        yield f"<p>{escape(one.text)}</p>"
    if items:
        yield f"<ul>{''.join(items)}</ul>"
    for table in document.tables:
        yield from _table(as_read(table))
    for heading, lines in (
        ("warnings", list(document.warnings)),
        ("references", [f"{numbers} {reference}" for numbers, reference in reference_lines(document.references)]),
    ):
        if lines:
            yield f"<p><b>{escape(say(document.language, f'heading.{heading}'))}</b></p>"
            yield "".join(f"<p>{escape(line)}</p>" for line in lines)


def _table(table: ExportTable) -> Iterator[str]:
    yield f"<table><caption>{escape(table.title)}</caption><thead><tr>"
    yield "".join(f"<th>{escape(column.name)}</th>" for column in table.columns)
    yield "</tr></thead><tbody>"
    for row in table.rows:
        yield f"<tr>{''.join(f'<td>{escape(_cell(cell))}</td>' for cell in row)}</tr>"
    yield "</tbody></table>"


def _cell(cell: Cell) -> str:
    if isinstance(cell, tuple):
        return marked(cell)
    return cell if isinstance(cell, str) else "" if cell is None else number_text(cell)
