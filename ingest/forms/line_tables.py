"""Puts tables together again whose cells a converter wrote as lines of their own, with nothing to say where a row ends.

Only where a part of the form has no table, and only from lines that are the form's labels or bare values. An empty
cell leaves no line in such a text, so a row that lost one has too few values, and its reader finds it unreadable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.documents import Cell, Document, Line, Table
from ingest.forms.application_table import is_application_label, names_application_row
from ingest.forms.cells import read_cell
from ingest.forms.dispute_table import is_dispute_label
from ingest.forms.labels import (
    application_columns,
    application_rows,
    dispute_groups,
    dispute_results,
    label_key,
    proactive_columns,
    proactive_rows,
)
from ingest.forms.proactive_table import is_proactive_label
from vectorstore.records import Section, SectionRole, Span, State

_TABLE_ROLES = (SectionRole.PROACTIVE_TABLE, SectionRole.APPLICATION_TABLE, SectionRole.DISPUTE_TABLE)
_LONGEST_LABEL = 60
_LABELS = (
    proactive_rows, proactive_columns, application_columns, application_rows, dispute_groups, dispute_results,
)  # fmt: skip
_WORD = re.compile(r"\S+")
_BROKEN_RESULTS = frozenset(("结果维持", "结果纠正", "其他结果", "尚未审结"))
# Fewer of the form's labels than these are words that happen to stand there.
_FEWEST_LABELS = 3
_OTHER_LABELS = frozenset(("信息内容", "总计", "合计", "其他", "结果"))


@dataclass(frozen=True, slots=True)
class _Piece:
    span: Span
    text: str
    is_value: bool


def tables_of_lines(document: Document, sections: Sequence[Section]) -> tuple[Table, ...]:
    """The tables that stand as lines in parts of the form without a table, in order."""
    tables: list[Table] = []
    for part in sections:
        if part.level != 1 or part.role not in _TABLE_ROLES:
            continue
        inside = [b for b in document.blocks if part.start <= b.span.start < part.end]
        if any(isinstance(block, Table) for block in inside):
            continue
        lines = [b for b in inside if isinstance(b, Line) and b.span.start >= part.start + len(part.heading)]
        tables.extend(_table(run) for run in _runs(document.text, lines) if _is_table(run))
    return tuple(tables)


def _is_table(run: Sequence[_Piece]) -> bool:
    return sum(_is_known(piece.text) for piece in run if not piece.is_value) >= _FEWEST_LABELS


def _runs(text: str, lines: Sequence[Line]) -> Iterator[list[_Piece]]:
    """Stretches of lines that are labels or values, or rows of them with spaces between; prose parts them."""
    run: list[_Piece] = []
    for line in lines:
        if pieces := _pieces(text, line.span):
            run.extend(pieces)
        elif run:
            yield _mended(run)
            run = []
    if run:
        yield _mended(run)


def _pieces(text: str, span: Span) -> list[_Piece]:
    """A line as a label or a value, or as a row of them; empty if it is neither."""
    content = span.of(text)
    words = [_piece(content, span.start, match.start(), match.end()) for match in _WORD.finditer(content)]
    at = len(words)
    while at and words[at - 1].is_value:
        at -= 1
    label = _piece(content, span.start, 0, words[at - 1].span.end - span.start) if at else None
    if len(words) > 1 and at < len(words) and (label is None or _is_known(label.text)):
        return [*([label] if label else []), *words[at:]]
    if len(words) > 1 and all(_is_known(word.text) for word in words):
        return words
    whole = _Piece(span, content, _is_value(content))
    is_label = read_cell(content) is None and len(content) <= _LONGEST_LABEL and not content.endswith("。")
    return [whole] if whole.is_value or is_label else []


def _piece(content: str, offset: int, start: int, end: int) -> _Piece:
    return _Piece(Span(offset + start, offset + end), content[start:end], _is_value(content[start:end]))


def _is_value(content: str) -> bool:
    value = read_cell(content)
    return value is not None and value.state in (State.STATED, State.NOT_APPLICABLE)


def _mended(run: Sequence[_Piece]) -> list[_Piece]:
    """With labels joined that were broken over two lines: 结果, 维持."""
    mended: list[_Piece] = []
    for piece in run:
        before = mended[-1] if mended else None
        if before and not before.is_value and not piece.is_value and _is_broken_label(before.text, piece.text):
            mended[-1] = _Piece(Span(before.span.start, piece.span.end), before.text + piece.text, False)
        else:
            mended.append(piece)
    return mended


def _is_broken_label(first: str, second: str) -> bool:
    joined = first + second
    if label_key(joined) in _BROKEN_RESULTS:
        return True
    found = any(labels().exact(joined) for labels in _LABELS)
    return found and not (_is_known(first) and _is_known(second))


def _is_known(label: str) -> bool:
    return (
        label_key(label) in _OTHER_LABELS
        or is_proactive_label(label)
        or is_application_label(label)
        or is_dispute_label(label)
    )


def _table(run: Sequence[_Piece]) -> Table:
    rows: list[list[_Piece]] = [[]]
    for piece in run:
        current = rows[-1]
        ends_row = False
        if current and piece.is_value:
            ends_row = not current[-1].is_value and is_dispute_label(_last_distinct(current))
        elif current:
            ends_row = current[-1].is_value or _starts_row(piece.text)
        if ends_row:
            rows.append([])
        rows[-1].append(piece)
    cells = tuple(
        tuple(Cell(number, column, piece.span) for column, piece in enumerate(row)) for number, row in enumerate(rows)
    )
    return Table(cells, Span(run[0].span.start, run[-1].span.end))


def _starts_row(label: str) -> bool:
    return proactive_rows().find(label) is not None or names_application_row(label)


def _last_distinct(row: Sequence[_Piece]) -> str:
    """The last label that isn't one that all tables have: the fifteenth result is a 总计."""
    return next((piece.text for piece in reversed(row) if label_key(piece.text) not in _OTHER_LABELS), row[-1].text)
