"""Finds tables that stand as text with one row a line: a label of the form, then its values.

Between the cells are tabs, commas or spaces. Tabs and commas keep empty cells; with spaces alone an empty cell leaves
nothing, so such a row has too few values, and its reader finds it unreadable. Only the form's own labels tell such a
row from a numbered heading (四、结转下年度继续办理) or from prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, lru_cache

from ingest.documents import Block, Cell, Document, Line, Table
from ingest.forms.cells import read_cell
from ingest.forms.form_words import is_known_label
from ingest.forms.labels import (
    application_parents,
    application_rows,
    label_key,
    proactive_rows,
)
from ingest.structure.headings import looks_like_level_one
from vectorstore.records import Span, State

_LONGEST_LINE = 400
_LONGEST_LABEL = 80
_LONGEST_UNKNOWN_LABEL = 40
_LONGEST_VALUE = 16
_SHORTEST_BROKEN = 3
# A row of so many values is the form's even if its label isn't known; one of so many needs no label.
_SEVERAL_VALUES = 6
_MANY_VALUES = 5
_FEWEST_ROWS = 2
_FEWEST_RESULTS = 4
_MOST_BLANK_LINES = 1
_MARKS = '\t ,\u3000\u00a0"'
_LAST_CELL = re.compile(rf"[{_MARKS}]([^{_MARKS}]{{1,{_LONGEST_VALUE}}})$")
_WORD = re.compile(r"\S+")
# What stands between two marks; a number with commas of its own is put in quotation marks: "1,204".
_PARTS = {
    mark: re.compile(
        rf"(?:(?<=^)|(?<={mark}))(?:[ \u3000]*\"(?P<quoted>[^\"\t]*)\"[ \u3000]*|(?P<plain>[^{mark}]*))(?=$|{mark})"
    )
    for mark in ("\t", ",")
}


class _Kind(Enum):
    VALUES = "a label, then values"
    NUMBERS = "values alone"
    LABELS = "labels alone"
    PART = "a part of a label that is broken over lines"


@dataclass(frozen=True, slots=True)
class _Row:
    kind: _Kind
    cells: tuple[Span, ...]
    is_known: bool
    """Whether all its labels are the form's, or, of values, the one before them."""


def with_row_tables(document: Document) -> Document:
    """The document, with a table in place of each run of lines that are rows of the form's tables."""
    if not any(isinstance(b, Line) and _may_be_values(b.span.of(document.text)) for b in document.blocks):
        return document
    return replace(document, blocks=tuple(_blocks(document)))


def _blocks(document: Document) -> Iterator[Block]:
    blocks = document.blocks
    at = 0
    while at < len(blocks):
        end = at
        first = blocks[at]
        while end < len(blocks) and isinstance(block := blocks[end], Line) and block.page == first.page:
            end += 1
        spans = [block.span for block in blocks[at:end]]
        done = 0
        for start, stop in row_runs(document.text, spans):
            yield from blocks[at + done : at + start]
            yield row_table(document.text, spans[start:stop], first.page)
            done = stop
        yield from blocks[at + done : max(end, at + 1)]
        at = max(end, at + 1)


def row_runs(text: str, lines: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """The runs of lines that make up a table, as (first, behind the last), in order."""
    seen: dict[int, _Row | None] = {}

    def row(number: int) -> _Row | None:
        if number not in seen:
            seen[number] = _row(text, lines[number])
        return seen[number]

    behind = 0
    number = 0
    while number < len(lines):
        content = lines[number].of(text)
        found = row(number) if _may_be_values(content) or _is_empty_row(content) else None
        if found is None or found.kind not in (_Kind.VALUES, _Kind.NUMBERS):
            number += 1
            continue
        start = number
        for at in _neighbours(text, lines, number, -1):
            if at < behind or row(at) is None:
                break
            start = at
        end = number + 1
        for at in _neighbours(text, lines, number, 1):
            if row(at) is None:
                break
            end = at + 1
        if _is_table([r for at in range(start, end) if (r := row(at)) is not None]):
            yield start, end
            behind = end
        number = end


def _neighbours(text: str, lines: Sequence[Span], number: int, step: int) -> Iterator[int]:
    """The numbers of the lines before or behind one, until too many empty ones come; the empty ones left out."""
    blank = 0
    at = number + step
    while 0 <= at < len(lines) and blank <= _MOST_BLANK_LINES:
        content = lines[at].of(text)
        if content.strip() or _is_empty_row(content):
            blank = 0
            yield at
        else:
            blank += 1
        at += step


def _is_table(rows: Sequence[_Row]) -> bool:
    known = sum(row.kind is _Kind.VALUES and row.is_known for row in rows)
    if known >= _FEWEST_ROWS:
        return True
    results = max((len(row.cells) for row in rows if row.kind is _Kind.LABELS), default=0)
    numbers = any(row.kind is _Kind.NUMBERS for row in rows)
    return (numbers and results >= _FEWEST_RESULTS) or (known > 0 and results >= 2)


def row_table(text: str, lines: Sequence[Span], page: int | None = None) -> Table:
    """The table of such lines."""
    rows = [row for line in lines if (row := _row(text, line)) is not None]
    rows = _with_labels(text, rows)
    cells = tuple(
        tuple(Cell(number, column, span) for column, span in enumerate(row.cells)) for number, row in enumerate(rows)
    )
    filled = [line for line in lines if line.of(text).strip()]
    first, last = filled[0].of(text), filled[-1].of(text)
    start = filled[0].start + len(first) - len(first.lstrip())
    end = max([filled[-1].start + len(last.rstrip()), *(cell.span.end for row in cells for cell in row)])
    return Table(cells, Span(start, end), page)


def _with_labels(text: str, rows: Sequence[_Row]) -> list[_Row]:
    """Values whose label is broken over the lines around them, with its first part before them."""
    settled: list[_Row] = []
    for number, row in enumerate(rows):
        before = settled[-1] if settled else None
        behind = rows[number + 1] if number + 1 < len(rows) else None
        is_nameless = row.kind is _Kind.NUMBERS or (row.kind is _Kind.VALUES and not row.is_known)
        if is_nameless and before and behind and before.kind is behind.kind is _Kind.PART:
            joined = before.cells[-1].of(text) + behind.cells[0].of(text)
            values = tuple(span for span in row.cells if _is_value(span.of(text)))
            if _names_row(joined) and len(values) >= _MANY_VALUES:
                settled[-1] = _Row(_Kind.VALUES, (before.cells[-1], *values), True)
                continue
        settled.append(row)
    return settled


def _may_be_values(content: str) -> bool:
    """A quick test before a thorough one: whether the last of several cells may be a value."""
    if not 1 < len(content) <= _LONGEST_LINE:
        return False
    last = _LAST_CELL.search(content.strip(_MARKS))
    return last is not None and "|" not in content and read_cell(last[1]) is not None


def _is_empty_row(content: str) -> bool:
    """Whether a line is a row of values that are all empty: the tabs between them are all that is left."""
    return content.count("\t") >= _MANY_VALUES - 1 and len(content) <= _LONGEST_LINE and not content.strip(_MARKS)


def _row(text: str, line: Span) -> _Row | None:
    content = line.of(text)
    if _is_empty_row(content):
        return _Row(_Kind.NUMBERS, tuple(_split(content, line.start, "\t")), False)
    if not 0 < len(content.strip()) <= _LONGEST_LINE or "|" in content:
        return None
    if _is_part_heading(content):
        return None
    pieces = _pieces(text, line)
    filled = [span for span in pieces if span.start < span.end]
    if not filled:
        return None
    are_values = [_is_value(span.of(text)) for span in filled]
    first = are_values.index(True) if True in are_values else len(filled)
    labels, values = filled[:first], filled[first:]
    if any(len(span.of(text)) > _LONGEST_LABEL for span in labels) or not all(are_values[first:]):
        return None
    if not values:
        return _row_of_labels(text, pieces, labels)
    if not labels:
        return _Row(_Kind.NUMBERS, tuple(pieces), False) if len(values) >= _MANY_VALUES else None
    name = labels[-1].of(text)
    is_known = _names_row(name)
    if (is_known and (len(values) > 1 or proactive_rows().exact(name) is not None)) or (
        len(values) >= _SEVERAL_VALUES and len(name) <= _LONGEST_UNKNOWN_LABEL and not name.endswith(("。", "；"))
    ):
        return _Row(_Kind.VALUES, tuple(pieces), is_known)
    return None


def _row_of_labels(text: str, pieces: Sequence[Span], labels: Sequence[Span]) -> _Row | None:
    if all(_is_known(span.of(text)) for span in labels):
        return _Row(_Kind.LABELS, tuple(pieces), True)
    if len(labels) == 1 and _is_part_of_label(labels[0].of(text)):
        return _Row(_Kind.PART, tuple(labels), False)
    return None


def _is_part_heading(content: str) -> bool:
    return looks_like_level_one(content.strip())


def _is_value(content: str) -> bool:
    if len(content) > _LONGEST_VALUE:
        return False
    value = read_cell(content)
    return value is not None and value.state is not State.BLANK


def _is_known(label: str) -> bool:
    # The words on how the rows add up stand in brackets, which a label's key leaves out.
    return ("勾稽关系" in label and label.endswith(("）", ")"))) or is_known_label(label)


@lru_cache(maxsize=4096)
def _names_row(label: str) -> bool:
    return (
        proactive_rows().exact(label) is not None
        or application_rows().find(label) is not None
        or application_parents().exact(label) is not None
    )


@lru_cache(maxsize=4096)
def _is_part_of_label(content: str) -> bool:
    key = label_key(content)
    if len(key) == 1:  # 2.没 of 2.没有现成信息
        return len(content.strip()) > 1 and any(label.startswith(key) for label in _label_keys())
    return bool(key) and any(key in label for label in _label_keys())


@cache
def _label_keys() -> tuple[str, ...]:
    """The keys of labels long enough to be broken over lines."""
    keys = application_rows().keys() | application_parents().keys() | proactive_rows().keys()
    return tuple(sorted(key for key in keys if len(key) > _SHORTEST_BROKEN))


def _pieces(text: str, line: Span) -> list[Span]:
    """The cells of a line, empty ones among them where tabs or commas part it."""
    content = line.of(text)
    if "\t" in content.strip(" \u3000\u00a0\n"):
        return list(_split(content, line.start, "\t"))
    if "," in content:
        parts = list(_split(content, line.start, ","))
        values = [span for span in parts if span.start < span.end and _is_value(span.of(text))]
        if values or all(_is_known(span.of(text)) for span in parts if span.start < span.end):
            return parts
    words = [Span(line.start + match.start(), line.start + match.end()) for match in _WORD.finditer(content)]
    at = len(words)
    while at and _is_value(words[at - 1].of(text)):
        at -= 1
    return [*_labels(text, words[:at]), *words[at:]]


def _split(content: str, offset: int, mark: str) -> Iterator[Span]:
    for match in _PARTS[mark].finditer(content):
        part = match["quoted"] if match["quoted"] is not None else match["plain"]
        start = offset + (match.start("quoted") if match["quoted"] is not None else match.start("plain"))
        stripped = part.strip()
        first = start + len(part) - len(part.lstrip()) if stripped else start
        yield Span(first, first + len(stripped))


def _labels(text: str, words: Sequence[Span]) -> list[Span]:
    """Words with spaces between as labels: the parting that makes the most of them the form's own."""
    if len(words) > 24:
        return list(words)
    best: list[tuple[float, list[Span]]] = [(0.0, [])]
    for end in range(1, len(words) + 1):
        options: list[tuple[float, list[Span]]] = []
        for start in range(max(0, end - 6), end):
            span = Span(words[start].start, words[end - 1].end)
            content = span.of(text)
            # Longer labels go before the same words as several.
            gain = float(len("".join(content.split()))) ** 1.1 if _is_known(content) else 0.0
            if gain or start == end - 1:
                options.append((best[start][0] + gain, [*best[start][1], span]))
        best.append(max(options, key=lambda option: option[0]))
    return best[-1][1]
