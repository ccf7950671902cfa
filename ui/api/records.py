"""What the routes give besides an Answer: the records that the command line prints, without paths of this computer."""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from assistant.tools.calls import file_name
from vectorstore.records import Kind, Origin, SectionRole, State

T = TypeVar("T")


class Record(BaseModel):
    """A record of the API: fields are added in later versions, none is taken away."""

    model_config = ConfigDict(extra="forbid")


class Page(Record, Generic[T]):
    """A part of a list."""

    items: list[T]
    total: int = Field(description="How many there are in all.")
    offset: int = Field(description="How many lie before these.")
    next_offset: int | None = Field(description="The offset of the next page; null on the last.")


class Report(Record):
    report_id: str
    title: str
    body: str
    body_id: str
    kind: Kind
    region: str | None
    year: int | None
    source: str = Field(description="The file's name.")
    sources: list[str]
    issued_on: str | None
    period: list[str] | None
    tables: list[str]
    pictures: int
    characters: int
    url: str | None
    retrieved_on: str | None
    superseded_by: str | None
    warnings: list[str]


class Section(Record):
    heading: str
    level: int
    role: SectionRole | None
    start: int
    end: int


class Correction(Record):
    number: int
    report_id: str
    field: str
    metric: str | None
    value: str | None
    former: str | None
    by: str
    on: str
    why: str
    quote: str | None
    former_id: str | None


class WholeReport(Report):
    corrections: list[Correction]
    sections: list[Section]


class ReportText(Record):
    report_id: str
    start: int
    end: int
    characters: int = Field(description="Of the whole text.")
    text: str = Field(description="text[start:end] of the canonical text, which all offsets refer to.")


class Cell(Record):
    row: int
    column: int
    start: int
    end: int


class Reading(Record):
    """A place that states a figure."""

    id: str = Field(description="The place's permanent id.")
    start: int
    end: int
    quote: str
    cell: Cell | None
    page: int | None
    value: int | float | None
    state: State
    origin: Origin
    qualifier: str | None
    note: str | None


class Figure(Record):
    """What an answer uses for one body, year and metric of one report. An unknown value is null, never 0."""

    report_id: str
    body: str
    body_id: str
    kind: Kind
    region: str | None
    year: int | None
    metric: str
    name: str
    value: int | float | None
    unit: str
    state: State
    origin: Origin
    citations: list[Reading]


class Sentence(Record):
    start: int
    end: int
    text: str


class Hit(Record):
    """A passage that was found."""

    id: str
    passage_id: str
    report_id: str
    title: str
    body: str
    kind: Kind
    region: str | None
    year: int | None
    section: str
    text: str
    start: int
    end: int
    page: int | None
    source: str
    sentences: list[Sentence]
    repeats: list[str]
    share: float
    likelihood: float
    score: float
    scores: dict[str, float]


class Hits(Record):
    """Passages, best first."""

    query: str
    items: list[Hit]


class CheckPlace(Record):
    id: str
    report_id: str
    start: int
    end: int
    quote: str


class Side(Record):
    label: str
    value: int | float | None
    citations: list[CheckPlace]


class Judgement(Record):
    """What a person found on a check."""

    current: bool
    finding: Literal["confirmed", "dismissed"]
    left: str | None
    right: str | None
    made_by: str
    made_on: str
    note: str


class Check(Record):
    """An identity or comparison that a report's figures should satisfy; ``holds`` is null where a side is unknown."""

    report_id: str
    body: str
    year: int | None
    rule: str
    name: str
    sort: str
    severity: str
    subject: str
    holds: bool | None
    left: Side
    right: Side
    verdict: Judgement | None


class Body(Record):
    body_id: str
    name: str
    aliases: list[str]
    kind: Kind
    region: str | None
    years: list[int]


class Metric(Record):
    """A number that reports state."""

    metric: str = Field(description="The full id.")
    name_zh: str
    name_en: str
    unit: str
    table: str | None = Field(description="The table of the official form; null if only prose states it.")
    sum_of: list[str]
    former: bool = Field(description="Only of the form for 2019 and 2020.")


class Metrics(Record):
    items: list[Metric]


class Health(Record):
    """That the server is there."""

    status: Literal["ok"]
    version: str


class Holdings(Record):
    """What the index holds, and what may be done here."""

    status: Literal["ok"]
    version: str
    reports: int
    bodies: int
    years: list[int]
    fingerprint: str
    embedding: str
    language_model: bool
    ingestion: bool


class Reference(Record):
    """What a permanent id stands for: a place in a report, or a whole one; then what is of a place is null."""

    id: str = Field(description="As it is now.")
    report_id: str
    title: str
    body: str
    year: int | None
    section: str | None
    page: int | None
    quote: str | None
    start: int | None
    end: int | None
    passage_id: str | None
    moved: bool = Field(description="The report was read anew since, and its text is another.")
    superseded_by: str | None
    source: str
    url: str | None
    references: dict[str, str | dict[str, Any]] = Field(description="By format: gbt7714, bibtex, ris, csl-json.")


class ArrivedFile(Record):
    name: str
    size: int
    problem: str | None


class FailedFile(Record):
    source: str
    problem: str


class IngestionSummary(Record):
    """What was done, by the files' names."""

    new: list[str]
    changed: list[str]
    unchanged: list[str]
    removed: list[str]
    failed: list[FailedFile]
    report_ids: dict[str, str] = Field(description="By the name of each file whose report is in the index now.")
    duplicates: dict[str, str]
    kept: list[str]
    unmatched: list[str]
    notes: list[str]
    passed_over: int
    embedded: int
    reports: int
    superseded: int


class Ingestion(Record):
    """Files that are being taken in together, or were."""

    id: str
    state: Literal["waiting", "running", "stopped", "failed", "done"]
    stage: str
    done: int
    total: int
    problem: str | None
    files: list[ArrivedFile]
    summary: IngestionSummary | None


class Ingestions(Record):
    items: list[Ingestion]


Offset = Annotated[int, Field(ge=0, le=100_000_000, description="How many to leave out.")]


def without_paths(record: Any) -> Any:
    """The record with every ``source`` and ``sources`` reduced to file names, wherever they stand in it."""
    if isinstance(record, dict):
        return {name: _reduced(name, value) for name, value in record.items()}
    if isinstance(record, list | tuple):
        return [without_paths(value) for value in record]
    return record


def _reduced(name: str, value: Any) -> Any:
    if name == "source" and isinstance(value, str):
        return file_name(value)
    if name == "sources" and isinstance(value, list):
        return [file_name(one) if isinstance(one, str) else one for one in value]
    return without_paths(value)
