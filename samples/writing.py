"""Writes a draft as flattened text: the form in which the real reports come.

A table is one cell a line behind a tab; an empty line ends a row; a line without a tab continues the cell before it.
Merged labels stand in their first row only and are empty cells below. Bookmarks are left over here and there.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

from samples.draft import Draft, FormTable, Heading, Paragraph, Picture
from vectorstore.catalogue import catalogue

_NUMERALS = "一二三四五六七八九十"
_OUTCOMES = "三、本年度办理结果"


def write_flattened(draft: Draft, rng: random.Random) -> str:
    """The report's whole text, ending in a newline. ``rng`` decides where noise falls."""
    return FlattenedText(draft, rng).write()


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
        if heading.level == 1:
            number = f"{heading.number}、 " if heading.arabic else f"{_NUMERALS[heading.number - 1]}、"
            self.parts.append(f"{number}{heading.title}\n")
        else:
            mark = self._bookmark(0.1, "_GoBack")
            self.parts.append(f"{mark}（{_NUMERALS[heading.number - 1]}）{heading.title}")
            self.parts.append("。" if heading.run_in else "\n")

    def _paragraph(self, paragraph: Paragraph) -> None:
        self.parts += [*(sentence.text() for sentence in paragraph.sentences), "\n"]

    def _picture(self, picture: Picture) -> None:
        self.parts.append(f"[image: {picture.label}]" + ("" if picture.glued else "\n"))

    def _rows(self, rows: Iterable[Iterable[str]]) -> None:
        for row in rows:
            self.parts += [f"\t{cell}\n" for cell in row]
            self.parts.append("\n")
        self.parts.append("\n")

    def _label(self, label: str) -> str:
        """The label, sometimes wrapped over two lines of its cell or with a bookmark before it."""
        if "wrapped_labels" in self.draft.noise and 3 < len(label) < 7 and self.rng.random() < 0.4:
            label = f"{label[:2]}\n{label[2:]}"
        return self._bookmark(0.15) + label

    def _number(self, printed: str) -> str:
        padded = "padded_cells" in self.draft.noise and self.rng.random() < 0.1
        return f"\N{NO-BREAK SPACE}{printed}" if padded else printed

    def _table(self, table: FormTable) -> None:
        if table.name == "proactive_table":
            self._rows(self._proactive_rows(table))
        elif table.name == "application_table":
            self._rows(self._application_rows(table))
        else:
            self._rows(self._dispute_rows(table))

    def _proactive_rows(self, table: FormTable) -> Iterable[list[str]]:
        article = row = None
        numbers: list[str] = []
        cells = catalogue().proactive_cells
        for cell in cells:
            if cell.article != article:
                if numbers:
                    yield numbers
                    numbers, row = [], None
                yield [cell.article]
                columns = dict.fromkeys(c.column for c in cells if c.article == cell.article)
                yield ["信息内容", *columns]
                article = cell.article
            if cell.row != row:
                if numbers:
                    yield numbers
                numbers, row = [self._label(cell.row)], cell.row
            numbers.append(self._number(table.cells[cell.id]))
        yield numbers

    def _application_rows(self, table: FormTable) -> Iterable[list[str]]:
        columns = catalogue().application_columns
        organisations = [column for column in columns if column.parent]
        alone = [column.label for column in columns if not column.parent]
        rule = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
        yield [rule, "申请人情况"]
        yield ["", alone[0], organisations[0].parent, alone[1]]
        yield ["", "", *(self._label(column.label) for column in organisations), ""]
        above: set[str] = set()
        for row in catalogue().application_rows:
            if not row.parent:
                labels = [row.label]
            elif row.parent == _OUTCOMES:
                labels = ["" if _OUTCOMES in above else _OUTCOMES, row.label]
            else:
                labels = ["", "" if row.parent in above else row.parent, row.label]
            above.add(row.parent)
            if row.id in table.lost:
                labels = [""] * len(labels)
            labels[-1] = self._label(labels[-1]) if labels[-1] else ""
            metrics = (row.id if c.id == "total" else f"{row.id}__{c.id}" for c in columns)
            yield [*labels, *(self._number(table.cells[metric]) for metric in metrics)]

    def _dispute_rows(self, table: FormTable) -> Iterable[list[str]]:
        groups, results = catalogue().dispute_groups, catalogue().dispute_results
        lawsuits = [group for group in groups if group.parent]
        yield [groups[0].label, lawsuits[0].parent]
        yield [*(self._label(result.label) for result in results), *(group.label for group in lawsuits)]
        yield [*[""] * len(results), *(self._label(result.label) for _ in lawsuits for result in results)]
        yield [self._number(table.cells[f"{group.id}_{result.id}"]) for group in groups for result in results]
