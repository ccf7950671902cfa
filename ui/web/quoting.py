"""What a report says, drawn as it stands there."""

from __future__ import annotations

from collections.abc import Collection

from ui.web.markup import escape
from vectorstore.records import Span

# Between the cells stands what a screen reader, or a copy of the text, needs to tell them apart.
_SEPARATOR = '<i aria-hidden="true"> | </i>'


def render_cells(quote: str, start: int, marks: Collection[Span], *, is_long: bool = False) -> str:
    """A table row, which a report's text holds a cell a line, as cells in a row.

    Args:
        start: Where the quote begins, counted as the marks are.
        marks: Characters whose cells are marked, so that they can be found among their neighbours.
        is_long: Whether the quote is folded at first.
    """
    cells: list[str] = []
    position = start
    for piece in quote.replace("\t", "\n").split("\n"):
        first, last = position, position + len(piece)
        position = last + 1
        if not piece.strip():
            continue
        tag = "mark" if any(first < mark.end and mark.start < last for mark in marks) else "span"
        cells.append(f"<{tag}>{escape(piece.strip())}</{tag}>")
    classes = "nb-cells nb-long" if is_long else "nb-cells"
    return f'<blockquote lang="zh" class="{classes}">{_SEPARATOR.join(cells)}</blockquote>'
