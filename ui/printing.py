"""What the command line prints: JSON, CSV, and text for people.

People get a table drawn by rich on a terminal and tab-separated lines in a pipe; JSON is the same everywhere. Rich
never gets to interpret what a report says: its markup is off, or ``[1]`` would vanish.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from ui.listing import format_number
from ui.terminal import columns, harmless, is_terminal, styled, with_markers, wrapped
from ui.texts import texts

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation, Row

_ID = re.compile(r"[0-9a-f]{16}")
"""A report's id, which nobody could copy out of two lines."""
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
    from assistant.export.csv_writing import harmless_row

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(map(harmless_row, rows))


def print_records(columns: Sequence[str], records: Iterable[Mapping[str, Any]]) -> None:
    """Records as comma-separated values; several values of a field stand in it one after the other."""
    print_csv(columns, ([_field(record[name]) for name in columns] for record in records))


def _field(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "; ".join(map(str, value)) if isinstance(value, list) else value


def print_wrapped(text: str, indent: str = "") -> None:
    """Text for a person: lines as wide as the terminal, further ones after ``indent``; in a pipe as it is."""
    for line in text.split("\n"):
        if is_terminal():
            own = indent + ("  " if line.lstrip().startswith("- ") else "")
            for part in wrapped(harmless(line), columns(), own):
                print_line(with_markers(part))
        else:
            print_line(with_markers(line))


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """A table; ``right`` are the columns to align right. In a pipe: one line a row, tabs between the cells."""
    if not is_terminal():
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
        ids = [len(row[position]) for row in rows if _ID.fullmatch(row[position])]
        justify: Literal["left", "right"] = "right" if position in right else "left"
        table.add_column(Text(name), justify=justify, overflow="fold", min_width=max(ids, default=None))
    for row in rows:
        table.add_row(*(Text(harmless(cell)) for cell in row))
    Console().print(table, crop=False)


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


def print_place(place_id: str, indent: str) -> None:
    """How to follow a citation: a command on a line of its own, so that it can be copied and run."""
    print_line(styled(f"{indent}nianbao cite {place_id}", "faint"))


def _print_citation(citation: Citation) -> None:
    year = f" {citation.year}" if citation.year else ""
    section = f" · {citation.section}" if citation.section else ""
    head = f"[{citation.n}] {citation.body}{year}{section}"
    quote = "    " + " | ".join(part for line in citation.quote.splitlines() if (part := line.strip()))
    print_wrapped(head, indent="    ")
    print_wrapped(quote, indent="    ")
    if citation.id:
        print_place(citation.id, indent="    ")


def row_name(row: Row) -> str:
    """Whose row it is and what of theirs; a label that begins with the body names both."""
    if not row.label:
        return row.body
    return row.label if row.label.startswith(row.body) else f"{row.body} {row.label}"


def print_answer(answer: Answer, *, with_text: bool = True) -> None:
    """An answer for a person: its text, its rows where they are many, what it rests on, and what to mind."""
    from assistant.export.readable import readable_rows

    words = texts(answer.language)
    if with_text:
        print_wrapped(answer.text)
    if answer.worded_by == "model":
        print_line(styled(f"({words('ask.worded')})", "faint"))
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
        print_wrapped(f"  - {option.question}", indent="  ")
    for warning in answer.warnings:
        if warning in answer.text:
            continue  # what a text begins with, such as the words that weren't taken into account
        print_wrapped(words("command.warning") + warning, indent="  ")
    if answer.citations:
        print_line()
    for citation in answer.citations:
        _print_citation(citation)


def print_growing(answers: Iterable[Answer]) -> Answer:
    """Print what a question is answered with, and give it: of answers that follow one another, the last."""
    from ui.growing import print_while_growing

    answer, is_printed = print_while_growing(answers)
    print_answer(answer, with_text=not is_printed)
    return answer
