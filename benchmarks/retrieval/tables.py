"""Tables as they are printed: aligned for a terminal, or as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.retrieval.measures import Interval


@dataclass
class Table:
    """A title, a header and rows of cells; the first column is left-aligned, the others right."""

    title: str
    header: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        """Put a row in."""
        self.rows.append(cells)

    def shown(self, *, markdown: bool) -> str:
        """The lines of the table, an empty one after it."""
        return self._as_markdown() if markdown else self._as_text()

    def _as_markdown(self) -> str:
        lines = [f"**{self.title}**", "", _bars(self.header), "|---|" + "--:|" * (len(self.header) - 1)]
        return "\n".join([*lines, *(_bars(row) for row in self.rows), ""])

    def _as_text(self) -> str:
        widths = [max(len(row[at]) for row in (self.header, *self.rows)) for at in range(len(self.header))]
        lines = [self.title]
        for row in (self.header, *self.rows):
            cells = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
            lines.append("  ".join((row[0].ljust(widths[0]), *cells)))
        return "\n".join([*lines, ""])


def _bars(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def as_cell(interval: Interval | None, *, signed: bool = False, bare: bool = False) -> str:
    """.632 [.581, .683]; with a sign for differences; ``bare``: without the interval."""
    if interval is None:
        return "–"
    shown = [_short(value, signed) for value in (interval.mean, interval.low, interval.high)]
    return shown[0] if bare else f"{shown[0]} [{shown[1]}, {shown[2]}]"


def _short(value: float, signed: bool) -> str:
    digits = f"{value:+.3f}" if signed else f"{value:.3f}"
    return digits.replace("0.", ".", 1) if abs(value) < 0.9995 else digits


def passed(is_passed: bool) -> str:
    """PASS or FAIL."""
    return "PASS" if is_passed else "FAIL"
