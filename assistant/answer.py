"""The Answer: what every interface gives, and the JSON that ``nianbao ask --json`` prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, WrapSerializer, WrapValidator

from assistant.answering.deferred import Deferred
from assistant.plan import Language
from vectorstore.records import Kind

Status = Literal["answered", "partial", "not_in_corpus", "needs_clarification"]
RowState = Literal["stated", "derived", "conflicting", "blank", "not_applicable", "unreadable", "silent", "missing"]
"""What is known of a row's value. ``missing``: there is no report at all; a silent report doesn't mention it."""


class Record(BaseModel):
    """Immutable, and refusing fields that it doesn't know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


T = TypeVar("T")

Parts = Annotated[
    Sequence[T],
    # What is made when it is looked at stays so until then.
    WrapValidator(lambda given, validate: given if isinstance(given, Deferred) else tuple(validate(given))),
    WrapSerializer(lambda parts, serialize: serialize(tuple(parts))),
]
"""A tuple, or one whose items are made when they are looked at."""


class CitedCell(Record):
    """The table cell that states a value: zero-based row and column, and its own characters in the report."""

    row: int
    column: int
    start: int
    end: int


class Citation(Record):
    """A place in a report. ``quote`` equals the report's canonical ``text[start:end]``; ``n`` counts from 1.

    Attributes:
        id: Permanent: it stays when the report is read anew or its passages are cut elsewhere (`nianbao cite`).
    """

    n: int = Field(ge=1)
    id: str = ""
    report_id: str
    passage_id: str | None
    title: str
    body: str
    year: int | None
    section: str
    quote: str
    start: int
    end: int
    page: int | None = None
    cell: CitedCell | None = None
    source: str = ""


class Row(Record):
    """A member of a list, a body compared, a year of a trend, an addend of a sum.

    Attributes:
        label: What the row is where it isn't a body: a column, an outcome, a group; else ``None``.
        value: ``None`` where it is unknown, and then the state says why.
        citations: The numbers of the citations that state it.
        readings: The different values of a conflicting figure, in the order of the text.
    """

    report_id: str | None
    body: str
    kind: Kind | None = None
    region: str | None = None
    year: int | None = None
    metric: str | None = None
    label: str | None = None
    value: int | float | None = None
    unit: str | None = None
    state: RowState = "stated"
    citations: Parts[int] = ()
    readings: tuple[int | float, ...] = ()
    note: str | None = None


class WithoutValue(Record):
    """A report in scope that gave no usable value, and why."""

    report_id: str
    body: str
    year: int | None
    state: RowState


class Coverage(Record):
    """The reports in scope, partitioned by what they say of the metric; ``blank`` includes "/".

    ``stated + derived + conflicting + blank + unreadable + silent == in_scope`` always holds.
    ``missing`` counts bodies that should have reported and didn't; ``None`` without a register of bodies.
    """

    in_scope: int = 0
    stated: int = 0
    derived: int = 0
    conflicting: int = 0
    blank: int = 0
    unreadable: int = 0
    silent: int = 0
    missing: int | None = None
    without_value: tuple[WithoutValue, ...] = ()

    @property
    def parts(self) -> dict[str, int]:
        """The parts of the partition that are not empty, in its order."""
        names = ("stated", "derived", "conflicting", "blank", "unreadable", "silent")
        return {name: count for name in names if (count := getattr(self, name))}


class Option(Record):
    """One reading of an ambiguous question, as a question that can be asked as it stands."""

    question: str


class Corpus(Record):
    """What the answer was computed over."""

    reports: int
    fingerprint: str


class Answer(Record):
    """An answer with its evidence. Every ``[n]`` in ``text`` exists in ``citations``.

    Attributes:
        value: The answer's one number: members counted, a sum, a mean, a rank, a share between 0 and 1, one
            body's figure; else ``None``.
        plan: The Plan as JSON, readable.
        resolved: The question that was answered, where a follow-up was completed from the conversation; ``None``
            where the question stands on its own.
        worded_by: Who wrote ``text``; a model's every sentence was checked against the citations that it names.
    """

    question: str
    language: Language
    status: Status
    text: str
    value: int | float | None = None
    unit: str | None = None
    rows: Parts[Row] = ()
    citations: Parts[Citation] = ()
    coverage: Coverage = Coverage()
    plan: dict[str, Any] = Field(default_factory=dict)
    options: tuple[Option, ...] = ()
    warnings: tuple[str, ...] = ()
    chart: dict[str, Any] | None = None
    corpus: Corpus
    resolved: str | None = None
    worded_by: Literal["rules", "model"] = "rules"

    @property
    def is_of_figures(self) -> bool:
        """Whether reports without a value are told one by one.

        In a search, every report where nothing was found would be.
        """
        return bool(self.plan.get("subject", "figures") == "figures")
