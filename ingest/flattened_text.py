"""Reads flattened text: what a converter leaves of a word-processor file when it writes plain characters.

Prose is one paragraph a line. In a table every cell stands behind a tab, a line without a tab continues the cell
above it, and a blank line ends the row; a merged cell appears once, empty cells follow where it reaches. Some
converters write a row a line instead, with ``|`` between its cells. A picture leaves ``[image: name]`` and a bookmark
``[bookmark: name]``.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from ingest.documents import Block, Cell, Document, Line, Picture, Table
from ingest.headings import looks_like_level_one
from vectorstore.errors import ReadError
from vectorstore.records import Span

_BOOKMARK = re.compile(r"\[bookmark:[^\]\n]*\]")
_PICTURE = re.compile(r"\[image:[^\]\n]*\]|!\[[^\]\n]*\]\([^)\s]*\)")
_RULE = re.compile(r":?-{3,}:?")
_NEWLINE = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
# Kangxi radicals; compatibility ideographs and their supplement. NFKC maps each to the one ideograph that was meant.
_MENDABLE = re.compile("[\u2f00-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
# A cell may go on over several lines, but a long sentence behind a number is the paragraph after the table.
_LONGEST_CONTINUATION = 80


def decode(data: bytes, source: str) -> str:
    """The characters of a text file: UTF-8 (with or without mark), UTF-16 with mark, or GB18030.

    Raises:
        ReadError: The bytes are empty, no text, or in none of these encodings.
    """
    if not data.strip():
        raise ReadError(f"{source} is empty; put the report's text into it or take the file away.")
    text = None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _decoded(data, "utf-16")
    elif b"\x00" not in data:
        text = _decoded(data, "utf-8-sig")
        if text is None:
            text = _decoded(data, "gb18030")
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


def _is_noise(text: str) -> bool:
    # GB18030 decodes nearly any bytes, so what came out must look like text: noise gives controls and such.
    strange = sum(unicodedata.category(c) in ("Cc", "Co", "Cn", "Cs") and c not in "\n\r\t\x0b\x0c\x85" for c in text)
    return strange * 50 > len(text)


def canonical(text: str) -> str:
    """The canonical text: uniform newlines, no bookmarks, mended radicals; every other character as it was."""
    text = _NEWLINE.sub("\n", text)
    text = _BOOKMARK.sub("", text)
    return _MENDABLE.sub(_mended, text)


def _mended(match: re.Match[str]) -> str:
    ideograph = unicodedata.normalize("NFKC", match[0])
    return ideograph if len(ideograph) == 1 else match[0]


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
    at = 0
    while at < len(lines):
        line = lines[at]
        if _is_piped(line.of(text)) and at + 1 < len(lines) and _is_piped(lines[at + 1].of(text)):
            end = next((i for i in range(at, len(lines)) if not _is_piped(lines[i].of(text))), len(lines))
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
            span = _stripped(text, start, start + len(part))
            if number:
                cells.append(span)
            elif cells and span.start < span.end:
                cells[-1] = Span(cells[-1].start if cells[-1].start < cells[-1].end else span.start, span.end)
            start += len(part) + 1
    end_row()
    filled = [cell.span for row in rows for cell in row if cell.span.start < cell.span.end]
    return Table(tuple(rows), Span(filled[0].start, filled[-1].end))


def _is_piped(line: str) -> bool:
    return "|" in line and not _starts_cell(line) and bool(line.replace("|", "").strip())


def _piped_table(text: str, lines: list[Span]) -> Table:
    """A table of one row a line. A bar that begins or ends every row is its frame, else an empty cell's edge."""
    lines = [_stripped(text, line.start, line.end) for line in lines]
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
