"""What the tools give: short records, each with the places that state it and the call that gives more."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from assistant.answer import RowState, Status
from vectorstore.records import Kind

LONGEST_RESULT = 8000
"""Characters of a result as JSON: of an agent's context some 5,000 tokens in Chinese."""


class ToolResult(BaseModel):
    """A result. ``more`` says what was left out and which call gives it; ``None`` where nothing was."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def as_json(self) -> str:
        """As an agent reads it: what is unknown is null only where that says something (a row's ``value``).

        The record itself holds all fields.
        """
        return self.model_dump_json(exclude_defaults=True, exclude=self._told_elsewhere())

    def _told_elsewhere(self) -> dict[str, Any] | None:
        """The fields that the JSON needn't say again, as pydantic takes them."""
        return None

    def __str__(self) -> str:
        return self.as_json()


class Place(ToolResult):
    """A place in a report that states something.

    Attributes:
        n: The number that the text and the rows call it by.
        id: Permanent: it names the same place after the report was read again.
        body, year: Of the report; the JSON leaves them out where the row that cites it names them.
        quote: The report's characters from ``start`` to ``end``; of a long place its beginning, ending in ….
    """

    n: int
    id: str = ""
    report_id: str
    body: str = ""
    year: int | None = None
    section: str = ""
    quote: str
    start: int
    end: int
    page: int | None = None

    def is_told_by(self, row: AnswerRow) -> bool:
        """Whether a row that cites it says of which body and year it is."""
        return (self.report_id, self.body, self.year) == (row.report_id, row.body, row.year)

    def beside(self, row: AnswerRow | None) -> Self:
        """As the JSON has it beside the row that cites it."""
        if row is None or not self.is_told_by(row):
            return self
        return self.model_copy(update={"body": "", "year": None})


class AnswerRow(ToolResult):
    """A member of the answer's list; ``value`` is null where it is unknown, and the state says why.

    Attributes:
        other_citations: How many more there are; ``part="citations"`` gives them all.
    """

    body: str
    year: int | None = None
    label: str | None = None
    metric: str | None = None
    value: int | float | None
    unit: str | None = None
    state: RowState
    readings: tuple[int | float, ...] = ()
    note: str | None = None
    report_id: str | None = None
    citations: tuple[int, ...] = ()
    other_citations: int = 0


class ReportWithoutValue(ToolResult):
    """A report in scope that gave no usable value, and why."""

    report_id: str
    body: str
    year: int | None = None
    state: RowState


class CoverageOfAnswer(ToolResult):
    """How many reports were looked at, and how many of them say what of it.

    Attributes:
        and_others: How many without a value aren't listed here; ``part="silent"`` gives them all.
    """

    in_scope: int
    parts: dict[str, int] = {}
    missing: int | None = None
    without_value: tuple[ReportWithoutValue, ...] = ()
    and_others: int = 0


class AnswerResult(ToolResult):
    """What `ask` gives; ``[n]`` in the text are the numbers of citations.

    Attributes:
        text: Only with the first rows.
        table: The rows, where they were asked for briefly: the names of the columns, then a line for each row. An empty
            value is unknown.
        in_all: What is the same in every line of the table.
        options: What to ask instead, where the question can be meant in several ways.
        resolved: The whole question that was understood, where it leaned on the history.
    """

    question: str
    status: Status
    text: str = ""
    value: int | float | None = None
    unit: str | None = None
    rows: tuple[AnswerRow, ...] = ()
    table: str = ""
    in_all: dict[str, Any] = {}
    citations: tuple[Place, ...] = ()
    coverage: CoverageOfAnswer
    options: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    resolved: str | None = None
    more: str | None = None

    def _told_elsewhere(self) -> dict[str, Any] | None:
        citing = {n: row for row in self.rows for n in row.citations}
        told = {
            at: {"body", "year"}
            for at, place in enumerate(self.citations)
            if place.n in citing and place.is_told_by(citing[place.n])
        }
        return {"citations": told} if told else None


class FoundPassage(Place):
    """A passage that was found.

    Attributes:
        quote: Of its sentences those that answer, from the first to the last; else the passage's beginning.
        source: The file's name.
        also_in: How many other reports say nearly the same and are left out for it; a search of one body or year gives
            theirs.
    """

    title: str
    source: str = ""
    kind: Kind
    region: str | None = None
    also_in: int = 0


class SearchResult(ToolResult):
    """What `search` gives, best first.

    Attributes:
        note: What is to be known of them all: that none of them says it outright.
    """

    passages: tuple[FoundPassage, ...] = ()
    note: str | None = None
    more: str | None = None


class FigureReading(ToolResult):
    """One place that states a figure."""

    id: str = ""
    value: int | float | None
    quote: str
    start: int
    end: int


class FigureRow(ToolResult):
    """What the reports say of one body, year and metric; ``value`` is null where it is unknown."""

    report_id: str
    body: str
    year: int | None = None
    metric: str
    value: int | float | None
    unit: str
    state: RowState
    citations: tuple[FigureReading, ...] = ()
    other_citations: int = 0


class FiguresResult(ToolResult):
    """What `figures` gives, by region, body and year.

    Attributes:
        table, in_all: As of `AnswerResult`.
        names: What the metrics are called.
        total: How many figures there are, shown or not.
        in_scope: How many reports there are in the scope; the silent ones of them don't state the metric at all.
    """

    names: dict[str, str] = {}
    rows: tuple[FigureRow, ...] = ()
    table: str = ""
    in_all: dict[str, Any] = {}
    total: int
    in_scope: int
    silent: int | None = None
    more: str | None = None


class SectionHeading(ToolResult):
    """A heading, with the characters that its section takes."""

    heading: str
    level: int
    start: int
    end: int


class ReportExcerpt(ToolResult):
    """What `read_report` gives: the report's characters from ``start`` to ``end`` of ``characters``.

    Attributes:
        id: The permanent id of this place.
        sections: The headings, with the first part only.
        other_sections: How many more there are; a part of its heading finds each.
    """

    report_id: str
    title: str
    body: str
    kind: Kind
    region: str | None = None
    year: int | None = None
    source: str = ""
    characters: int
    sections: tuple[SectionHeading, ...] = ()
    other_sections: int = 0
    section: str | None = None
    id: str = ""
    start: int
    end: int
    text: str
    more: str | None = None
