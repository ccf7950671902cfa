"""A report before it is written in any format: headings, paragraphs, tables and pictures, and what each states.

Composition makes a draft from a body's figures, deviations change it, a writer per format prints it, and the truth
is read from the draft itself, never from the printed text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

Number = int | Decimal

_NUMERALS = "零一二三四五六七八九"
_PLACEHOLDER = re.compile(r"\{(\w+)(?:\.chinese)?\}")
_CLAUSE_ENDS = re.compile(r"[，。；：、]")


def placeholders(wording: str) -> frozenset[str]:
    """The names that a wording has placeholders for: ``{applications_new}``, ``{applications_new.chinese}``."""
    return frozenset(_PLACEHOLDER.findall(wording))


@dataclass(slots=True)
class Quantity:
    """A number as a sentence prints it: 300余 is ``Quantity(300, after="余")``."""

    value: Number
    after: str = ""

    def __str__(self) -> str:
        return f"{self.value}{self.after}"

    @property
    def chinese(self) -> str:
        """As prose writes a small number that counts something: 两, 十二; digits from 20 on."""
        if not 0 <= self.value < 20 or self.value % 1:
            return str(self)
        tens, ones = divmod(int(self.value), 10)
        if tens:
            return "十" + (_NUMERALS[ones] if ones else "") + self.after
        return ("两" if ones == 2 else _NUMERALS[ones]) + self.after


@dataclass(slots=True)
class Sentence:
    """A wording with what is filled in.

    Attributes:
        topic: The name of its group in ``phrases.toml``.
        quantities: By metric id; those that the wording has a placeholder for are stated.
        words: Everything else that is filled in.
        zeros: Metrics that the wording denies without a number.
    """

    topic: str
    wording: str
    quantities: dict[str, Quantity]
    words: dict[str, str]
    zeros: tuple[str, ...] = ()

    def text(self) -> str:
        return self._fill(self.wording)

    def _fill(self, wording: str) -> str:
        return wording.format(**self.words, **self.quantities)

    def readings(self) -> Iterator[tuple[str, Number]]:
        """Metric ids with the values that the sentence states."""
        for metric, quantity in self.quantities.items():
            if metric in placeholders(self.wording):
                yield metric, quantity.value
        for metric in self.zeros:
            yield metric, 0

    def evidence(self) -> Iterator[tuple[str, str]]:
        """Metric ids with the clause that states each."""
        clauses = _CLAUSE_ENDS.split(self.wording)
        for metric, _ in self.readings():
            printed = [clause for clause in clauses if metric in placeholders(clause)]
            denied = [clause for clause in clauses if any(word in clause for word in ("未", "没有", "无"))]
            yield metric, self._fill((printed or denied)[0])


@dataclass(slots=True)
class Heading:
    """``number`` counts from 1 within its level; ``arabic`` prints the faulty "2、 " of some real reports."""

    level: int
    number: int
    title: str
    role: str
    arabic: bool = False
    run_in: bool = False
    """The paragraph follows on the same line."""


@dataclass(slots=True)
class Paragraph:
    sentences: list[Sentence]
    role: str


def holds_number(printed: str) -> bool:
    """Whether a cell says a number: an empty one and "/" don't."""
    return printed not in {"", "/"}


@dataclass(slots=True)
class FormTable:
    """One of the form's three tables.

    Attributes:
        cells: Printed text by full metric id (a column's included; the bare id is the total).
        lost: Row ids of the application table whose labels are missing.
    """

    name: str
    cells: dict[str, str]
    lost: frozenset[str] = frozenset()

    def readings(self) -> Iterator[tuple[str, Number]]:
        """Metric ids and values of the cells that hold a number under a label that is there."""
        for metric, printed in self.cells.items():
            if metric.partition("__")[0] not in self.lost and holds_number(printed):
                yield metric, Decimal(printed)


@dataclass(slots=True)
class Picture:
    """A picture where a table belongs; ``glued``: the next heading follows on its line."""

    label: str
    glued: bool = False


Block = Heading | Paragraph | FormTable | Picture


@dataclass(slots=True)
class Draft:
    """A whole report.

    Attributes:
        noise: What the capture added: any of ``bookmarks``, ``wrapped_labels``, ``padded_cells``.
        implied: What it implies of other years: ``(metric, year, value)``.
    """

    title: str
    notice: str
    blocks: list[Block]
    signature: tuple[str, ...]
    noise: set[str] = field(default_factory=set)
    implied: list[tuple[str, int, Number]] = field(default_factory=list)

    def sentences(self) -> Iterator[Sentence]:
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield from block.sentences
