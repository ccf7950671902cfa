"""Markdown that GitHub and Pandoc show alike: tables, and footnotes for what is cited. All text stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.citations import MARKER
from assistant.export.characters import number_text, one_line, quoted_line
from assistant.export.document import Cell, ExportDocument, ExportTable, as_read, sections_behind
from assistant.export.gbt7714 import by_publication, place_in
from assistant.export.references import Reference
from assistant.export.words import say

_SPECIAL = re.compile(r"""[\\`*_{}\[\]<>#|$~^&@"'!]""")
# What becomes a link of its own accord, and what Pandoc's typography would change.
_BETWEEN = re.compile(r"(?<=www)\.|:(?=//)|\.(?=\.)|-(?=-)", re.IGNORECASE)
# A line that begins so would be a list, a definition, a heading's underline, or a metadata block.
_BEGINNING = re.compile(r"^(?:[-+=:%]|(\(?(?:\d{1,9}|[A-Za-z]{1,9}))(?=[.)]))")


def escape(text: str) -> str:
    """One line of text as Markdown that shows just it, wherever it stands; each run of white space as one blank."""
    escaped = _BETWEEN.sub(lambda found: f"\\{found[0]}", _SPECIAL.sub(lambda found: f"\\{found[0]}", one_line(text)))
    return _BEGINNING.sub(_escape_beginning, escaped)


def _escape_beginning(found: re.Match[str]) -> str:
    # Of "(1)" and "1." it is the punctuation that takes a backslash.
    return f"{found[1]}\\" if found[1] else f"\\{found[0]}"


def _linked(text: str, known: frozenset[int], used: set[int]) -> str:
    """Escaped text in which each ``[n]`` of a reference is a footnote."""
    parts: list[str] = []
    # Escaped as a whole, since what is dangerous depends on what stands before it.
    position = 0
    line = one_line(text)
    for found in MARKER.finditer(line):
        n = int(found[1])
        if n in known:
            parts += [_between(line[position : found.start()], position), f"[^{n}]"]
            position = found.end()
            used.add(n)
    parts.append(_between(line[position:], position))
    return "".join(parts)


def _between(text: str, position: int) -> str:
    """A piece of a line, escaped with the blanks at its ends kept."""
    if not text.strip():
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    if position == 0:
        return before + escape(text) + after
    escaped = _SPECIAL.sub(lambda found: f"\\{found[0]}", text)
    # A colon right behind a footnote at the line's beginning would define it.
    return re.sub(r"^:", r"\\:", _BETWEEN.sub(lambda found: f"\\{found[0]}", escaped))


def _cell(cell: Cell, known: frozenset[int], used: set[int]) -> str:
    if isinstance(cell, tuple):
        used.update(known.intersection(cell))
        return "".join(f"[^{n}]" if n in known else f"\\[{n}\\]" for n in cell)
    if cell is None or isinstance(cell, str):
        return escape(cell or "")
    return number_text(cell)


def _table(table: ExportTable, known: frozenset[int], used: set[int]) -> Iterator[str]:
    yield "| " + " | ".join(escape(column.name) for column in table.columns) + " |"
    yield "|" + "|".join(" ---: " if column.kind == "number" else " --- " for column in table.columns) + "|"
    for row in table.rows:
        yield "| " + " | ".join(_cell(cell, known, used) for cell in row) + " |"


def write(document: ExportDocument) -> bytes:
    """The document as Markdown, UTF-8."""
    return ("\n".join(_lines(document)) + "\n").encode()


def _lines(document: ExportDocument) -> Iterator[str]:
    language = document.language
    known, used = frozenset(one.n for one in document.references), set[int]()
    yield f"# {escape(document.title)}"
    is_list = False
    for paragraph in document.paragraphs:
        if not (paragraph.is_item and is_list):
            yield ""
        is_list = paragraph.is_item
        yield f"{'- ' if paragraph.is_item else ''}{_linked(paragraph.text, known, used)}"
    for table in document.tables:
        yield from ("", f"## {escape(table.title)}", "", *_table(as_read(table), known, used))
    for heading, said in sections_behind(document):
        yield from ("", f"## {escape(heading)}")
        for sentence in said:
            yield from ("", _linked(sentence, known, used))
    if not known:
        return
    yield from ("", f"## {escape(say(language, 'heading.references'))}", "")
    publications = by_publication(document.references)
    # Each footnote is referred to here at least: one that nothing refers to isn't shown.
    yield from (f"- {''.join(f'[^{one.n}]' for one in places)} {escape(text)}" for text, places in publications)
    yield ""
    for one in document.references:
        yield f"[^{one.n}]: {escape(_whose(one.reference, language))}“{escape(quoted_line(one.quote))}”"


def _whose(reference: Reference, language: str) -> str:
    """Whose report and where in it, so that a footnote can be read by itself."""
    report = " ".join(str(part) for part in (reference.author, reference.year) if part)
    return f"{report} {place_in(reference, language)}".lstrip()
