"""A table while the markup of its rows is read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ingest.html.blocks import PageBlock, SourceCell, SourceTable

_DIGITS = re.compile(r"\s*\+?([0-9]{1,9})")


class OpenTable:
    """A table while its rows are read, and where the page goes on behind it."""

    def __init__(self, table: SourceTable, sink: list[PageBlock]) -> None:
        self.table = table
        self.sink = sink
        self._row: list[SourceCell] | None = None
        self._group: list[list[SourceCell]] | None = None
        self._foot: list[list[SourceCell]] | None = None

    @property
    def outside(self) -> list[PageBlock]:
        """Where what stands outside the cells goes: before the rows that follow it, behind those that precede it."""
        return self.table.trailing if any(self.table.rows) else self.table.loose

    def start_group(self, is_foot: bool = False) -> None:
        """A group of rows begins; a foot stands below the others wherever the markup has it."""
        group: list[list[SourceCell]] = []
        rows = self.table.rows
        if self._foot is not None and rows and rows[-1] is self._foot:
            rows.insert(-1, group)
        else:
            rows.append(group)
        if is_foot:
            self._foot = group
        self._group = group

    def start_row(self) -> None:
        if self._group is None:
            self.start_group()
        self._row = []
        assert self._group is not None
        self._group.append(self._row)

    def close_row(self) -> None:
        self._row = None

    def close_group(self) -> None:
        self._group = None

    def start_cell(self, attributes: Mapping[str, str]) -> list[PageBlock]:
        """A cell of the current row, begun if there is none; returns where its blocks go."""
        if self._row is None:
            self.start_row()
        cell = SourceCell([], _span(attributes.get("colspan"), 1), _span(attributes.get("rowspan"), 1))
        assert self._row is not None
        self._row.append(cell)
        return cell.blocks


def _span(text: str | None, default: int) -> int:
    """A span as HTML reads it: the digits that the attribute begins with."""
    if not text:
        return default
    match = _DIGITS.match(text)
    return int(match[1]) if match else default
