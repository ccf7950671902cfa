"""Writes a draft as Markdown, in the ways in which converters and people write it."""

from __future__ import annotations

import random
import re

from samples.draft import Draft, FormTable, Heading, Paragraph, Picture
from samples.grid import GridCell, grid
from samples.html_table_writing import write_table

_SPECIAL = re.compile(r"([\\*_~`|<\[\]])")


def write_markdown(draft: Draft, rng: random.Random) -> bytes:
    """The report in UTF-8. ``rng`` decides how its tables are written and what is emphasised."""
    return MarkdownText(draft, rng).write().encode("utf-8")


class MarkdownText:
    """One report being written."""

    def __init__(self, draft: Draft, rng: random.Random) -> None:
        self.draft = draft
        self.rng = rng
        self.tables = rng.choice(("bars", "bars", "open_bars", "html", "grid"))
        self.is_emphasised = rng.random() < 0.5

    def write(self) -> str:
        """The whole text."""
        parts: list[str] = []
        if self.rng.random() < 0.3:
            parts.append(
                '---\ntitle: "{}"\ndate: 2024-01-30\ntags: [年报]\n---\n'.format("".join(self.draft.title.split()))
            )
        for number, line in enumerate(self.draft.title.split("\n")):
            parts.append(f"# {line}\n" if number == 0 or self.rng.random() < 0.5 else f"**{line}**\n")
        parts.append(f"{_escaped(self.draft.notice)}\n")
        line = ""
        for block in self.draft.blocks:
            if isinstance(block, Heading):
                line += self._heading(block, is_first=not line)
                if block.run_in:
                    continue
            elif isinstance(block, Paragraph):
                line += self._inline("".join(sentence.text() for sentence in block.sentences))
            elif isinstance(block, Picture):
                line += f"![{block.label}](images/{self.rng.randint(1, 99)}.png)"
                if block.glued:
                    continue
            if line:
                parts.append(line + "\n")
                line = ""
            if isinstance(block, FormTable):
                parts.append(self._table(block) + "\n")
        parts += [line + "\n"] if line else []
        parts += [f"{line}\n" for line in self.draft.signature]
        return "\n".join(parts)

    def _heading(self, heading: Heading, is_first: bool) -> str:
        text = _escaped(heading.text())
        if heading.run_in:
            return f"**{text}。**" if self.is_emphasised else f"{text}。"
        if not is_first:
            return text
        mark = "#" * (heading.level + 1)
        return self.rng.choice((f"{mark} {text}", f"{mark} {text} {mark}", f"**{text}**"))

    def _inline(self, text: str) -> str:
        if not self.is_emphasised or len(text) < 20:
            return _escaped(text)
        start = self.rng.randrange(0, len(text) - 10)
        end = self.rng.randint(start + 1, start + 9)
        mark = self.rng.choice(("**", "*", "<u>"))
        closing = "</u>" if mark == "<u>" else mark
        return f"{_escaped(text[:start])}{mark}{_escaped(text[start:end])}{closing}{_escaped(text[end:])}"

    def _table(self, table: FormTable) -> str:
        if self.tables == "html":
            return write_table(table, "plain", self.rng)
        rows = [_filled(row) for row in grid(table)]
        width = max(map(len, rows))
        rows = [[_escaped(cell) for cell in (*row, *[""] * (width - len(row)))] for row in rows]
        if self.tables == "grid":
            rule = "+" + "+".join("-" * 8 for _ in range(width)) + "+"
            return "\n".join([rule, *(f"|{'|'.join(f' {cell} ' for cell in row)}|\n{rule}" for row in rows)])
        if self.tables == "open_bars":
            return "\n".join(
                [" | ".join(rows[0]), "|".join([" :---: "] * width), *(" | ".join(row) for row in rows[1:])]
            )
        lines = [f"| {' | '.join(row)} |" for row in rows]
        return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _filled(row: list[GridCell]) -> list[str]:
    """The row's texts at their columns, with empty cells where merged ones reach."""
    texts = [""] * max(cell.column + cell.column_span for cell in row)
    for cell in row:
        texts[cell.column] = cell.text
    return texts


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
