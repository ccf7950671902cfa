"""What the command line prints: JSON, CSV, and text for people.

People get a table drawn by rich on a terminal and tab-separated lines in a pipe; JSON is the same everywhere. Rich
never gets to interpret what a report says: its markup is off, or ``[1]`` would vanish.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ui.texts import texts

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation, Row

LONG_LIST = 3
"""From more rows than these on, an answer's rows are worth a table beside its text."""


def print_line(text: str = "") -> None:
    """One line to standard output, as it is."""
    sys.stdout.write(text + "\n")


def print_json(value: Any) -> None:
    """One JSON document, indented, Chinese readable."""
    print_line(json.dumps(value, ensure_ascii=False, indent=2))


def print_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Comma-separated values with a header; an unknown value is an empty field (its state stands beside it)."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """A table; ``right`` are the columns to align right. In a pipe: one line a row, tabs between the cells."""
    if not sys.stdout.isatty():
        print_line("\t".join(header))
        for row in rows:
            print_line("\t".join(" ".join(cell.split()) for cell in row))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for position, name in enumerate(header):
        table.add_column(Text(name), justify="right" if position in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def format_number(value: float | None) -> str:
    """A number as it is read: 1234.5, 12; empty where it is unknown."""
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def row_value(row: Row, language: str, write: Callable[[float], str] = format_number) -> str:
    """What a row says of its value: the number, both numbers of a contradiction, or "—" where there is none."""
    if row.value is None and row.readings:
        return " / ".join(map(write, row.readings))
    if row.value is None:
        return "—"
    unit = row.unit or ""
    gap = " " if language == "en" and unit else ""
    return f"{write(row.value)}{gap}{unit}"


def row_state(row: Row, language: str, write: Callable[[float], str] = format_number) -> str:
    """How the row's value is known, in words, with its note."""
    words = texts(language)
    state = words(f"state.{row.state}")
    if row.state == "conflicting" and row.value is not None and len(row.readings) > 1:
        values = " / ".join(map(write, row.readings))
        state = words("command.conflict_values", values=values)
    if not row.note:
        return state
    return f"{state}；{row.note}" if language == "zh" else f"{state}; {row.note}"


def _citation_lines(citation: Citation) -> Iterable[str]:
    year = f" {citation.year}" if citation.year else ""
    section = f" · {citation.section}" if citation.section else ""
    yield f"[{citation.n}] {citation.body}{year}{section}"
    yield "    " + " | ".join(part for line in citation.quote.splitlines() if (part := line.strip()))


def row_name(row: Row) -> str:
    """Whose row it is and what of theirs; a label that begins with the body names both."""
    if not row.label:
        return row.body
    return row.label if row.label.startswith(row.body) else f"{row.body} {row.label}"


def print_answer(answer: Answer) -> None:
    """An answer for a person: its text, its rows where they are many, what it rests on, and what to mind."""
    from assistant.export.readable import readable_rows

    words = texts(answer.language)
    print_line(answer.text)
    if len(answer.rows) > LONG_LIST:
        print_line()
        header = [words(f"column.{name}") for name in ("body", "year", "value", "state", "evidence")]
        rows = [
            [
                row_name(row),
                str(row.year or ""),
                row_value(row, answer.language),
                row_state(row, answer.language),
                "".join(f"[{n}]" for n in row.citations),
            ]
            for row in map(readable_rows(answer), answer.rows)
        ]
        print_table(header, rows, right=(2,))
    for option in answer.options:
        print_line(f"  - {option.question}")
    for warning in answer.warnings:
        print_line(words("command.warning") + warning)
    if answer.citations:
        print_line()
    for citation in answer.citations:
        for line in _citation_lines(citation):
            print_line(line)
