"""Puts tables together again whose cells a converter wrote as lines of their own, with nothing to say where a row ends.

Only where a part of the form has no table, and only from lines that are the form's labels or bare values. An empty
cell leaves no line in such a text, so a row that lost one has too few values, and its reader finds it unreadable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.application_table import is_application_label, names_application_row
from ingest.cells import read_cell
from ingest.dispute_table import is_dispute_label
from ingest.documents import Cell, Document, Line, Table
from ingest.labels import application_columns, application_rows, dispute_results, label_key, proactive_rows
from ingest.proactive_table import is_proactive_label
from vectorstore.records import Section, SectionRole, Span, State

_TABLE_ROLES = (SectionRole.PROACTIVE_TABLE, SectionRole.APPLICATION_TABLE, SectionRole.DISPUTE_TABLE)
_LONGEST_LABEL = 60
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
    """Stretches of lines that are labels or values; prose parts them."""
    run: list[_Piece] = []
    for line in lines:
        content = line.span.of(text)
        value = read_cell(content)
        is_value = value is not None and value.state in (State.STATED, State.NOT_APPLICABLE)
        if is_value or (value is None and len(content) <= _LONGEST_LABEL and not content.endswith("。")):
            run.append(_Piece(line.span, content, is_value))
        elif run:
            yield _mended(run)
            run = []
    if run:
        yield _mended(run)


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
    found = any(labels().exact(joined) for labels in (dispute_results, application_columns, application_rows))
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
