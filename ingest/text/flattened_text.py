"""Reads flattened text: what a converter leaves of a word-processor file when it writes plain characters.

Prose is one paragraph a line. In a table every cell stands behind a tab, a line without a tab continues the cell
above it, and a blank line ends the row; a merged cell appears once, empty cells follow where it reaches. Some
converters write a row a line instead, with ``|`` between its cells or with tabs, commas or spaces (see ``row_lines``),
or a cell a line with ``|`` behind it (see ``barred_lines``). A picture leaves ``[image: name]`` and a bookmark
``[bookmark: name]``.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter

from ingest.canonical_text import canonical
from ingest.documents import Block, Cell, Document, Line, Picture, Table
from ingest.structure.headings import looks_like_level_one
from ingest.text.barred_lines import barred_lines_end, barred_table
from ingest.text.row_lines import row_runs, row_table
from vectorstore.errors import ReadError
from vectorstore.records import Span

_PICTURE = re.compile(r"\[image:[^\]\n]*\]|!\[[^\]\n]*\]\([^)\s]*\)")
_RULE = re.compile(r":?-{3,}:?")
_BROKEN = "\N{REPLACEMENT CHARACTER}"
_BROKEN_NUMBER = re.compile(rf"\d{_BROKEN}|{_BROKEN}[\d.]")
# Of broken characters in a text that is still what it was: GB18030 read as UTF-8 has every other one broken.
_SELDOM = 200
# A cell may go on over several lines, but a long sentence behind a number is the paragraph after the table.
_LONGEST_CONTINUATION = 80
_LONGEST_FIRST_LINE = 20
# Rows of two cells are too easily put together from lines that have nothing to do with one another.
_FEWEST_BARS = 3


def decode(data: bytes, source: str) -> str:
    """The characters of a text file: UTF-8 (with or without mark), UTF-16 with mark, or GB18030.

    A character of UTF-8 that is broken, as where a download was cut off, becomes U+FFFD.

    Raises:
        ReadError: The bytes are empty, no text, or in none of these encodings.
    """
    if not data.strip():
        raise ReadError(f"{source} is empty; put the report's text into it or take the file away.")
    text = None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _decoded(data, "utf-16")
    elif b"\x00" not in data:
        text = _decoded(data, "utf-8-sig") or _salvaged(data) or _decoded(data, "gb18030")
    if text is None or _is_noise(text):
        raise ReadError(f"{source} is not readable text; save it as UTF-8 (UTF-16 with mark and GB18030 are read too).")
    if not text.strip():
        raise ReadError(f"{source} holds nothing but white space; put the report's text into it.")
    return text


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _salvaged(data: bytes) -> str | None:
    """UTF-8 with a few broken characters, such as a cut end; ``None`` if more, or if one may have been a digit."""
    text = data.decode("utf-8-sig", "replace")
    broken = text.count(_BROKEN)
    return None if broken * _SELDOM > len(text) or _BROKEN_NUMBER.search(text) else text


def _is_noise(text: str) -> bool:
    # GB18030 decodes nearly any bytes, so what came out must look like text: noise gives controls and such.
    strange = sum(
        count
        for character, count in Counter(text).items()
        if unicodedata.category(character) in ("Cc", "Co", "Cn", "Cs") and character not in "\n\r\t\x0b\x0c\x85"
    )
    return strange * 50 > len(text)


def read_flattened_text(data: bytes, source: str) -> Document:
    """The Document of a flattened text.

    Raises:
        ReadError: See ``decode``.
    """
    text = canonical(decode(data, source))
    return Document(text=text, blocks=find_blocks(text), source=source)


def find_blocks(text: str) -> tuple[Block, ...]:
    """The lines, tables and pictures of a canonical text, in order, covering all but white space."""
    blocks: list[Block] = []
    lines = _lines(text)
    runs = dict(row_runs(text, lines))
    at = 0
    while at < len(lines):
        line = lines[at]
        if at in runs:
            blocks.append(row_table(text, lines[at : runs[at]]))
            at = runs[at]
        elif (barred := barred_lines_end(text, lines, at)) is not None:
            blocks.append(barred_table(text, lines[at:barred]))
            at = barred
        elif _is_piped(line.of(text)) and (end := _piped_end(text, lines, at)) > at + 1:
            blocks.append(_piped_table(text, lines[at:end]))
            at = end
        elif _starts_cell(line.of(text)):
            end = _table_end(text, lines, at)
            # A table of nothing but white space leaves nothing to read and no characters to cover.
            if text[line.start : lines[end - 1].end].strip():
                blocks.append(_table(text, lines[at:end]))
            at = end
        else:
            blocks.extend(_line_blocks(text, line))
            at += 1
    return tuple(blocks)


def _lines(text: str) -> list[Span]:
    spans = []
    start = 0
    for line in text.split("\n"):
        spans.append(Span(start, start + len(line)))
        start += len(line) + 1
    return spans


def _starts_cell(line: str) -> bool:
    return line.lstrip(" \u00a0\u3000").startswith("\t")


def _is_blank(line: str) -> bool:
    return "\t" not in line and not line.strip()


def _table_end(text: str, lines: list[Span], first: int) -> int:
    """The index after the table's last line that isn't blank."""
    end = first + 1
    row_ended = False
    blanks = 0
    for index in range(first + 1, len(lines)):
        line = lines[index].of(text)
        if _is_blank(line):
            row_ended = True
            blanks += 1
            # Two blank lines part two tables: one ends the row, the other is the paragraph between them.
            if blanks == 2:
                break
            continue
        if not _starts_cell(line) and (row_ended or _leaves_table(line)):
            break
        row_ended = False
        blanks = 0
        end = index + 1
    return end


def _leaves_table(line: str) -> bool:
    if "\t" in line:
        return False
    stripped = line.strip()
    return (
        looks_like_level_one(stripped)
        or _PICTURE.match(stripped) is not None
        or (len(stripped) > _LONGEST_CONTINUATION and stripped.endswith(("。", "；")))
    )


def _table(text: str, lines: list[Span]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    cells: list[Span] = []

    def end_row() -> None:
        if cells:
            rows.append(tuple(Cell(len(rows), column, span) for column, span in enumerate(cells)))
            cells.clear()

    for line in lines:
        content = line.of(text)
        if _is_blank(content):
            end_row()
            continue
        start = line.start
        for number, part in enumerate(content.split("\t")):
            if number:
                cells.append(_stripped(text, start, start + len(part)))
            elif cells and part and not part.isspace():
                span = _stripped(text, start, start + len(part))
                cells[-1] = Span(cells[-1].start if cells[-1].start < cells[-1].end else span.start, span.end)
            start += len(part) + 1
    end_row()
    filled = [cell.span for row in rows for cell in row if cell.span.start < cell.span.end]
    return Table(tuple(rows), Span(filled[0].start, filled[-1].end))


def _is_piped(line: str) -> bool:
    return "|" in line and not _starts_cell(line) and bool(line.replace("|", "").strip())


def _piped_table(text: str, lines: list[Span]) -> Table:
    """A table of one row a line. A bar that begins or ends every row is its frame, else an empty cell's edge."""
    lines = _whole_rows(text, [_stripped(text, line.start, line.end) for line in lines])
    opens = all(text[line.start] == "|" for line in lines)
    closes = all(text[line.end - 1] == "|" for line in lines)
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        parts = line.of(text).split("|")
        start = line.start
        spans = []
        for part in parts:
            spans.append(_stripped(text, start, start + len(part)))
            start += len(part) + 1
        spans = spans[1 if opens else 0 : len(spans) - 1 if closes else None]
        if all(_RULE.fullmatch(span.of(text)) for span in spans):
            continue  # the rule below a Markdown header
        rows.append(tuple(Cell(len(rows), column, span) for column, span in enumerate(spans)))
    return Table(tuple(rows), Span(lines[0].start, lines[-1].end))


def _whole_rows(text: str, lines: list[Span]) -> list[Span]:
    """Rows that a line break inside a cell parts put together again: every row then has the same number of bars."""
    bars = [line.of(text).count("|") for line in lines]
    most = max(bars)
    if most < _FEWEST_BARS:
        return lines
    rows: list[Span] = []
    filled = most
    for line, count in zip(lines, bars, strict=True):
        if filled < most:
            rows[-1] = Span(rows[-1].start, line.end)
        else:
            rows.append(line)
            filled = 0
        filled += count
        if filled > most:
            return lines  # the rows differ for another reason
    # Short rows may come to the same sum by chance; then few are whole by themselves.
    return rows if filled == most and bars.count(most) * 2 >= len(rows) else lines


def _piped_end(text: str, lines: list[Span], first: int) -> int:
    """The index behind the last row. A line without a bar may be the beginning of a cell that goes on below it."""
    end = wide = next((i for i in range(first, len(lines)) if not _is_piped(lines[i].of(text))), len(lines))
    while wide + 1 < len(lines) and _begins_cell(text, lines[wide]) and _is_piped(lines[wide + 1].of(text)):
        wide = next((i for i in range(wide + 1, len(lines)) if not _is_piped(lines[i].of(text))), len(lines))
    return wide if len(_whole_rows(text, lines[first:wide])) < wide - first else end


def _begins_cell(text: str, line: Span) -> bool:
    content = line.of(text).strip()
    is_prose = content.endswith(("。", "；", "：")) or "\t" in content
    return 0 < len(content) <= _LONGEST_FIRST_LINE and not is_prose and not _leaves_table(content)


def _line_blocks(text: str, line: Span) -> list[Block]:
    blocks: list[Block] = []
    start = line.start
    for match in _PICTURE.finditer(text, line.start, line.end):
        blocks.extend(_prose(text, start, match.start()))
        blocks.append(Picture(Span(match.start(), match.end())))
        start = match.end()
    blocks.extend(_prose(text, start, line.end))
    return blocks


def _prose(text: str, start: int, end: int) -> list[Block]:
    span = _stripped(text, start, end)
    return [Line(span)] if span.start < span.end else []


def _stripped(text: str, start: int, end: int) -> Span:
    """The range without surrounding white space; an empty span at its start if there is nothing else."""
    part = text[start:end]
    content = part.strip()
    if not content:
        return Span(start, start)
    first = start + len(part) - len(part.lstrip())
    return Span(first, first + len(content))
