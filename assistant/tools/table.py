"""Rows as a table of comma-separated lines: many times as many as there is room for as records."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any

from assistant.tools.calls import Room

VALUE = "value"
"""The column that always stands there: an empty cell of it is a value that is unknown."""
ID_LENGTH = 8
"""Characters of a report's id in a line: enough to tell reports apart and to read one."""


def table_of(records: Sequence[Mapping[str, Any]], room: Room) -> tuple[str, dict[str, Any], int]:
    """The lines of the first records, the names of their columns before them, as far as there is room.

    Columns in which nothing stands are left out, but for that of the value. ``None`` is an empty cell.

    Returns:
        The table, what all the records have in common and the lines therefore don't hold, and how many lines there are.
    """
    if not records:
        return "", {}, 0
    common: dict[str, Any] = {}
    if len(records) > 1:
        first = {name: value for name, value in records[0].items() if name != VALUE}
        common = {name: value for name, value in first.items() if all(one[name] == value for one in records)}
    columns = [
        name
        for name in records[0]
        if name not in common and (name == VALUE or any(_stands(one[name]) for one in records))
    ]
    common = {name: value for name, value in common.items() if _stands(value)}
    room.left -= len(json.dumps(common, ensure_ascii=False))
    lines = [_line(columns)]
    room.left -= _length(lines[0])
    for record in records:
        line = _line("" if record[name] is None else record[name] for name in columns)
        if _length(line) > room.left and len(lines) > 1:
            break
        room.left -= _length(line)
        lines.append(line)
    return "\n".join(lines), common, len(lines) - 1


def _stands(value: Any) -> bool:
    return value not in (None, "")


def _line(cells: Iterable[Any]) -> str:
    written = StringIO()
    csv.writer(written, lineterminator="").writerow([" ".join(str(cell).split()) for cell in cells])
    return written.getvalue()


def _length(line: str) -> int:
    """As a part of a JSON text: without its quotation marks, with the line's end."""
    return len(json.dumps(line, ensure_ascii=False))
