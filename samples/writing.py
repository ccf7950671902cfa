"""Writes a draft as flattened text: the form in which the real reports come.

A table is one cell a line behind a tab; an empty line ends a row; a line without a tab continues the cell before it.
Merged labels stand in their first row only and are empty cells below. Bookmarks are left over here and there.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from samples.draft import Draft, FormTable, Heading, Paragraph, Picture
from samples.grid import GridCell, grid


def write_flattened(draft: Draft, rng: random.Random) -> str:
    """The report's whole text, ending in a newline. ``rng`` decides where noise falls."""
    return FlattenedText(draft, rng).write()


def write_text(draft: Draft, rng: random.Random) -> bytes:
    """``write_flattened`` in UTF-8."""
    return write_flattened(draft, rng).encode("utf-8")


class FlattenedText:
    """One report being written."""

    def __init__(self, draft: Draft, rng: random.Random) -> None:
        self.draft = draft
        self.rng = rng
        self.parts: list[str] = []

    def write(self) -> str:
        self.parts += [self.draft.title, "\n", self.draft.notice, "\n\n"]
        for block in self.draft.blocks:
            if isinstance(block, Heading):
                self._heading(block)
            elif isinstance(block, Paragraph):
                self._paragraph(block)
            elif isinstance(block, FormTable):
                self._table(block)
            else:
                self._picture(block)
        self.parts += ["\n\n", *(line + "\n" for line in self.draft.signature), self.draft.notice, "\n"]
        return "".join(self.parts)

    def _bookmark(self, chance: float, name: str | None = None) -> str:
        if "bookmarks" not in self.draft.noise or self.rng.random() >= chance:
            return ""
        return f"[bookmark: {name or f'_Hlk{self.rng.randint(10**7, 10**8 - 1)}'}]"

    def _heading(self, heading: Heading) -> None:
        mark = self._bookmark(0.1, "_GoBack") if heading.level == 2 else ""
        self.parts += [mark, heading.text(), "。" if heading.run_in else "\n"]

    def _paragraph(self, paragraph: Paragraph) -> None:
        self.parts += [*(sentence.text() for sentence in paragraph.sentences), "\n"]

    def _picture(self, picture: Picture) -> None:
        self.parts.append(f"[image: {picture.label}]" + ("" if picture.glued else "\n"))

    def _label(self, label: str) -> str:
        """The label, sometimes wrapped over two lines of its cell or with a bookmark before it."""
        if "wrapped_labels" in self.draft.noise and 3 < len(label) < 7 and self.rng.random() < 0.4:
            label = f"{label[:2]}\n{label[2:]}"
        return self._bookmark(0.15) + label

    def _number(self, printed: str) -> str:
        padded = "padded_cells" in self.draft.noise and self.rng.random() < 0.1
        return f"\N{NO-BREAK SPACE}{printed}" if padded else printed

    def _table(self, table: FormTable) -> None:
        rows = [[self._cell(cell) for cell in row] for row in _flattened(grid(table), table)]
        if table.layout == "bars":
            width = max(map(len, rows))
            self.parts += ["|".join((*row, *[""] * (width - len(row)))) + "\n" for row in rows]
        elif table.layout == "lines":
            self.parts += [f"{cell}\n" for row in rows for cell in row if cell]
        else:
            for row in rows:
                self.parts += [*(f"\t{cell}\n" for cell in row), "\n"]
        self.parts.append("\n")

    def _cell(self, cell: GridCell | None) -> str:
        if cell is None or not (cell.text or cell.metric):
            return ""
        if cell.metric:
            return self._number(cell.text)
        return self._label(cell.text) if cell.is_leaf else cell.text


def _flattened(rows: list[list[GridCell]], table: FormTable) -> Iterator[list[GridCell | None]]:
    """The rows without dropped cells, with an empty one (``None``) for each merged cell that reaches down into them."""
    for number, row in enumerate(rows):
        above = [c for earlier in rows[:number] for c in earlier if c.row + c.row_span > number]
        placed: list[tuple[int, GridCell | None]] = [(cell.column, None) for cell in above]
        placed += [(cell.column, cell) for cell in row if cell.metric not in table.dropped or cell.metric is None]
        yield [cell for _, cell in sorted(placed, key=lambda place: place[0])]
