"""What an answer holds as computed: its rows as facts, and what the numbers of its built-in sentences are of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from assistant.answer import Answer, Row, RowState
from assistant.answering.membership_wording import metric_name
from assistant.language_models.wording.reading import Reading, read
from assistant.language_models.wording.sentences import built_in_sentences
from assistant.language_models.wording.vocabulary import (
    Phrases,
    is_metric,
    names_of,
    phrases_of,
)
from assistant.plan import Plan
from vectorstore.catalogue import catalogue
from vectorstore.records import Body

KNOWN: tuple[RowState, ...] = ("stated", "derived")
_YEAR_LABEL = re.compile(r"(?:19|20)\d\d年?$")


@dataclass(frozen=True, slots=True)
class Fact:
    """One row: what is known, of whom, and where it stands.

    Attributes:
        body: ``None`` where it is of a group or of the whole scope.
        label: The column or group that it is of.
        values: The value, or all readings of a contradiction; empty where it is unknown.
    """

    body: str | None
    label: str | None
    values: tuple[Decimal, ...]
    unit: str | None
    state: RowState
    citations: frozenset[int]

    @property
    def is_known(self) -> bool:
        """Whether there is one value of it."""
        return self.state in KNOWN and len(self.values) == 1


class Facts:
    """The facts of one answer, and the words that it may be told in.

    Args:
        bodies: All bodies of the index, so that one that the answer isn't about is known for what it is.
        names: What they all go by, if that has been gathered already.
    """

    def __init__(self, answer: Answer, bodies: Iterable[Body], names: Phrases | None = None) -> None:
        self.answer = answer
        self.bodies = {body.name: body for body in bodies}
        self.plan = Plan.model_validate(answer.plan)
        self.rows = tuple(self._fact(row) for row in answer.rows)
        labels = {fact.label for fact in self.rows if fact.label}
        self.names = names_of(self.bodies.values()) if names is None else names
        self.phrases: Phrases = phrases_of(answer, self.names, labels)
        self.citations = {citation.n: citation for citation in answer.citations}

    def _fact(self, row: Row) -> Fact:
        body = row.body if row.body in self.bodies else None
        label = self._label(row, body)
        values = (
            row.readings if row.state == "conflicting" and row.readings else () if row.value is None else (row.value,)
        )
        return Fact(
            body,
            label,
            tuple(dict.fromkeys(Decimal(str(value)) for value in values)),
            row.unit,
            row.state,
            frozenset(row.citations),
        )

    def _label(self, row: Row, body: str | None) -> str | None:
        """What the row is of beside its body; not the body's, the year's or the metric's own name."""
        named = row.label if row.label and row.label != row.body else None if body else row.body
        if (
            row.metric
            and is_metric(row.metric)
            and (named is None or named == metric_name(row.metric, self.answer.language))
        ):
            named = self._column(row.metric)
        if named is None or _YEAR_LABEL.match(named) or (body is None and self._is_scope(named)):
            return None
        return named

    def _column(self, metric_id: str) -> str | None:
        column = catalogue().split(metric_id)[1] if is_metric(metric_id) else None
        if column is None:
            return None
        named = catalogue().column(column)
        return named.name_zh if self.answer.language == "zh" else named.name_en

    def _is_scope(self, name: str) -> bool:
        return name.endswith(("各机关", "报告")) or name.startswith(("bodies in", "all reports"))

    @cached_property
    def told(self) -> tuple[Reading, ...]:
        """The built-in sentences, taken apart."""
        language = self.answer.language
        return tuple(read(sentence, self.phrases, language) for sentence in built_in_sentences(self.answer))

    @cached_property
    def named(self) -> frozenset[str]:
        """The bodies that the evidence is of."""
        return frozenset(
            {fact.body for fact in self.rows if fact.body} | {citation.body for citation in self.citations.values()}
        )
