"""A report before it is written in any format: headings, paragraphs, tables and pictures, and what each states.

Composition makes a draft from a body's figures, deviations change it, a writer per format prints it, and the truth
is read from the draft itself, never from the printed text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from vectorstore.records import Kind

Number = int | Decimal

_NUMERALS = "零一二三四五六七八九"
_ORDINALS = "一二三四五六七八九十"
_PLACEHOLDER = re.compile(r"\{(\w+)(?:\.chinese)?\}")
_CLAUSE_ENDS = re.compile(r"[，。；：、]")


def placeholders(wording: str) -> frozenset[str]:
    """The names that a wording has placeholders for: ``{applications_new}``, ``{applications_new.chinese}``."""
    return frozenset(_PLACEHOLDER.findall(wording))


@dataclass(slots=True)
class Quantity:
    """A number as a sentence prints it: 300余 is ``Quantity(300, after="余")``.

    Attributes:
        printed: In place of the plain digits: 1,204, １２, 1.2万.
    """

    value: Number
    after: str = ""
    printed: str | None = None

    def __str__(self) -> str:
        return f"{self.value if self.printed is None else self.printed}{self.after}"

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
    """A heading of the first level, 一、, or of the second, （一）.

    Attributes:
        number: From 1 within its level.
        arabic: Numbered "2、 " as some real reports do.
        mark: Printed in place of the number; empty where the number is missing.
        run_in: The paragraph follows on the same line.
    """

    level: int
    number: int
    title: str
    role: str
    arabic: bool = False
    run_in: bool = False
    mark: str | None = None

    def text(self) -> str:
        """Number and title."""
        if self.mark is not None:
            return self.mark + self.title
        ordinal = _ORDINALS[self.number - 1]
        if self.level == 2:
            return f"（{ordinal}）{self.title}"
        return f"{self.number}、 {self.title}" if self.arabic else f"{ordinal}、{self.title}"


@dataclass(slots=True)
class Paragraph:
    sentences: list[Sentence]
    role: str


STROKES = ("/", "—", "－", "-", "无")
"""What stands in a cell that doesn't apply."""


def holds_number(printed: str) -> bool:
    """Whether a cell says a number: an empty one and a stroke don't."""
    return printed not in {"", *STROKES}


@dataclass(slots=True)
class FormTable:
    """One of the form's three tables.

    Attributes:
        cells: Printed text by full metric id (a column's included; the bare id is the total).
        stated: What a cell states that prints more than a plain number: 43.788万元, 1,204.
        lost: Row ids of the application table whose values can't be told for certain: unlabelled, or short of cells.
        labels: What is printed in place of the form's own labels.
        unlabelled: Row ids of the application table whose labels are missing.
        dropped: Cells that the capture left out; only flattened text can lose them without a trace.
        repeats_merged: A merged cell's text stands in every cell that it covers, as copying by hand leaves it.
        former: The table is of the form of 2019 and 2020.
        layout: How flattened text has it: a cell a line behind a tab (``cells``), without the tabs (``lines``), or a
            row a line with bars between (``bars``).
    """

    name: str
    cells: dict[str, str]
    lost: frozenset[str] = frozenset()
    stated: dict[str, Decimal] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    unlabelled: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    repeats_merged: bool = False
    former: bool = False
    layout: str = "cells"

    def label(self, official: str) -> str:
        """What is printed for a label of the form."""
        return self.labels.get(official, official)

    def readings(self) -> Iterator[tuple[str, Number]]:
        """Metric ids and values of the cells that hold a number under a label that is there."""
        for metric, printed in self.cells.items():
            if metric.partition("__")[0] not in self.lost and holds_number(printed):
                yield metric, self.stated[metric] if metric in self.stated else Decimal(printed)


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
        kind: What sort of body reports.
        noise: What the capture added: any of ``bookmarks``, ``wrapped_labels``, ``padded_cells``.
        implied: What it implies of other years: ``(metric, year, value)``.
    """

    title: str
    notice: str
    blocks: list[Block]
    signature: tuple[str, ...]
    kind: Kind
    noise: set[str] = field(default_factory=set)
    implied: list[tuple[str, int, Number]] = field(default_factory=list)

    def sentences(self) -> Iterator[Sentence]:
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield from block.sentences

    def sentence_words(self) -> dict[str, str]:
        """What its sentences fill in: the body's own name for itself, its county, the year."""
        return next((sentence.words for sentence in self.sentences() if sentence.words), {})
