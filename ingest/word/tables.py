"""Reads a Word table onto its true grid: merged cells once, at their first row and column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.word.drawings import choose
from ingest.word.package import MC, Element, W, attribute, child, is_on
from vectorstore.errors import ReadError

if TYPE_CHECKING:
    from ingest.word.text import Block, WordText

# Word itself stops at 63 columns; a damaged number must not make a row of millions.
_WIDEST = 1000


@dataclass(slots=True)
class WordCell:
    """A cell with what it holds, tables among it."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class WordTable:
    """A table: its cells by row, left to right. A row of which everything is merged into those above is empty."""

    rows: list[list[WordCell]]


def read_table(table: Element, text: WordText) -> WordTable:
    """The table with its cells' contents.

    Raises:
        ReadError: The file holds more cells than any report has.
    """
    rows: list[list[WordCell]] = []
    above: dict[int, WordCell] = {}
    for row in _inside(table, W + "tr"):
        properties = child(row, W + "trPr")
        if properties is not None and _is_gone(properties):
            continue
        cells: list[WordCell] = []
        below: dict[int, WordCell] = {}
        last: WordCell | None = None
        column = 0 if properties is None else _number(child(properties, W + "gridBefore"), 0)
        elements = list(_inside(row, W + "tc"))
        if not text.count_cells(len(elements)):
            raise ReadError(f"{text.source} holds more table cells than any report has; split it or take it out.")
        for element in elements:
            own = child(element, W + "tcPr")
            has = {} if own is None else {part.tag: part for part in own}
            if W + "cellDel" in has:
                continue
            span = max(_number(has.get(W + "gridSpan"), 1), 1)
            down, across = _role(has.get(W + "vMerge")), _role(has.get(W + "hMerge"))
            if across == "continue" and last is not None:
                # A cell that goes on from above was widened in its first row.
                last.column_span += span if last.row == len(rows) else 0
            elif down == "continue" and column in above:
                last = below[column] = above[column]
                last.row_span = len(rows) - last.row + 1
            else:
                last = WordCell(len(rows), column, column_span=span, blocks=list(text.blocks(element)))
                cells.append(last)
                if down is not None:
                    below[column] = last
            column += span
        rows.append(cells)
        above = below
    return WordTable(rows)


def _inside(element: Element, tag: str) -> Iterator[Element]:
    """The rows of a table, or cells of a row, also those that a content control or custom XML wraps."""
    for part in element:
        if part.tag == tag:
            yield part
        elif part.tag in (W + "sdt", W + "sdtContent", W + "customXml", W + "ins", W + "moveTo"):
            yield from _inside(part, tag)
        elif part.tag == MC + "AlternateContent":
            yield from _inside(choose(part), tag)


def _is_gone(properties: Element) -> bool:
    """Whether a row was deleted, moved away or hidden."""
    gone = child(properties, W + "del") is not None or child(properties, W + "moveFrom") is not None
    return gone or is_on(child(properties, W + "hidden"))


def _role(merge: Element | None) -> str | None:
    """A cell's part in a merge: ``restart`` or ``continue``; ``None`` without one."""
    return None if merge is None else attribute(merge) or "continue"


def _number(element: Element | None, otherwise: int) -> int:
    try:
        return min(max(int(attribute(element) or otherwise), 0), _WIDEST)
    except ValueError:
        return otherwise
