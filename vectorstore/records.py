"""The records that pass between the parts: what a report is, what it says, and where it says it.

Standard library only, so that any part, test or notebook can use them without loading a vendor. Offsets are
Python string indices into the report's canonical text (see ``ingest.documents``), end exclusive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What sort of body reports. The values are the contract's words; `catalogue` holds their names."""

    ZONE = "zone"
    ZONE_DEPARTMENT = "zone_department"
    TOWNSHIP = "township"
    SUBDISTRICT = "subdistrict"
    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    MINISTRY = "ministry"
    DEPARTMENT = "department"
    GOVERNMENT_OFFICE = "government_office"


class State(StrEnum):
    """What is known of a value. A metric without any figure was not stated: that is silence, not a state."""

    STATED = "stated"
    DERIVED = "derived"
    BLANK = "blank"
    """The cell is there and empty."""
    NOT_APPLICABLE = "not_applicable"
    """The cell says "/", "—" or 无 where a number belongs."""
    UNREADABLE = "unreadable"
    """Something is there that cannot be read with certainty: a shifted row, a picture of a table."""
    CONFLICTING = "conflicting"
    """Only of resolved figures: the report states different values."""


class Origin(StrEnum):
    """How a value came to be known."""

    TABLE = "table"
    NARRATIVE = "narrative"
    IMAGE = "image"
    DERIVED = "derived"
    CORRECTED = "corrected"


class SectionRole(StrEnum):
    """What a section is about, whatever its number or wording."""

    PREAMBLE = "preamble"
    OVERVIEW = "overview"
    PROACTIVE = "proactive"
    APPLICATIONS = "applications"
    MANAGEMENT = "management"
    PLATFORM = "platform"
    SUPERVISION = "supervision"
    PROACTIVE_TABLE = "proactive_table"
    APPLICATION_TABLE = "application_table"
    DISPUTE_TABLE = "dispute_table"
    PROBLEMS = "problems"
    OTHER = "other"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters of one report's canonical text; ``0 <= start <= end``."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"A span must have 0 <= start <= end, not {self.start}:{self.end}.")

    def of(self, text: str) -> str:
        """The characters of ``text`` that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a report.

    Attributes:
        heading: The heading line as printed, without its glued-on picture placeholder.
        level: 1 for 一、; 2 for （一）.
        role: What it is about; ``None`` where the heading is none that is known.
        start, end: From the heading's first character to the next heading of the same or a higher level.
    """

    heading: str
    level: int
    role: SectionRole | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Body:
    """Who reports.

    Attributes:
        body_id: Stable under another spelling of the name: made from the canonical name and region.
        name: Canonical: cleaned of title typos, as the body signs itself.
        aliases: Short and earlier names, ``name`` itself excluded; 文登经开区, 界石镇.
        region: ``山东省/威海市/文登区`` as far as known; ``None`` if nothing is known.
    """

    body_id: str
    name: str
    kind: Kind
    region: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One annual report.

    Attributes:
        report_id: From the canonical text, so that the same report under two names is one report.
        body: The issuer's canonical name, cleaned of title typos.
        year: The statistics year, not the year of issue; ``None`` where it cannot be told.
        period: First and last day of the statistics, ISO dates, where stated.
        issued_on: ISO date, where stated.
        source: The path (relative to what was ingested) or URL where it was found first.
        sources: Every place where it was found, ``source`` first.
        pictures: Number of pictures standing where a table of the official form belongs.
        tables: Which of the three tables of the form could be read: a subset of
            ``{"proactive_table", "application_table", "dispute_table"}``, in the form's order.
        url: Where it was published, from the manifest or the page itself; with ``retrieved_on`` what a printed
            reference needs.
        superseded_by: The ``report_id`` of a later version of this report; answers then leave this one out.
        warnings: Sentences in Chinese on what was inferred of its identity, or could not be told.
    """

    report_id: str
    title: str
    body_id: str
    body: str
    kind: Kind
    region: str | None
    year: int | None
    period: tuple[str, str] | None = None
    issued_on: str | None = None
    source: str = ""
    sources: tuple[str, ...] = ()
    retrieved_on: str | None = None
    sections: Sequence[Section] = ()
    pictures: int = 0
    tables: tuple[str, ...] = ()
    characters: int = 0
    url: str | None = None
    superseded_by: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a report that retrieval returns: bounded in tokens, cut at sentence ends, within one section.

    Attributes:
        passage_id: ``{report_id}:{start}-{end}``.
        section: The headings above it, outermost first, joined by `` / ``; empty for the preamble.
        role: The innermost known role of those sections.
        text: Equal to the report's ``text[start:end]``.
        tokens: Counted by tiktoken's cl100k_base.
        is_table: A table is a passage of its own.
    """

    passage_id: str
    report_id: str
    section: str
    role: SectionRole | None
    text: str
    start: int
    end: int
    tokens: int
    page: int | None = None
    is_table: bool = False

    def quote(self, span: Span) -> str:
        """The characters of a span of the report's text that lies within the passage."""
        return self.text[span.start - self.start : span.end - self.start]


@dataclass(frozen=True, slots=True)
class PassageExtent:
    """Where a passage stands, without its words; the fields are those of `Passage`."""

    start: int
    end: int
    role: SectionRole | None
    is_table: bool


@dataclass(frozen=True, slots=True)
class CellReference:
    """Where in a table a value stands: zero-based row and column, and the cell's own characters."""

    row: int
    column: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One reading of one metric at one place of a report.

    Attributes:
        body_id: Whom it is about: mostly the issuer.
        metric: Catalogue id of the row or of the narrative metric; without a column it is the total.
        column: An applicant column's id (``natural_person`` …); ``None`` for the total.
        year: The year the value is about: of a figure derived from "较去年减少1件", the year before.
        value: Exact; ``None`` unless the state is stated or derived.
        qualifier: 约, 余, 超 … as printed, where the number is approximate.
        start, end: The quote: the clause or sentence that states it; for a cell, its whole table row.
        note: For a derived figure, from what; for an unreadable one, why. A sentence in Chinese, shown as it is.
    """

    report_id: str
    body_id: str
    metric: str
    column: str | None
    year: int | None
    value: Decimal | None
    state: State
    unit: str
    origin: Origin
    start: int
    end: int
    qualifier: str | None = None
    cell: CellReference | None = None
    page: int | None = None
    note: str | None = None

    @property
    def metric_id(self) -> str:
        """The full id: ``applications_new`` or ``applications_new__natural_person``."""
        return self.metric if self.column is None else f"{self.metric}__{self.column}"

    @property
    def place(self) -> tuple[int, int, int]:
        """Where it stands, for the order of reading: start, end, and the table's column, -1 outside a table."""
        return self.start, self.end, -1 if self.cell is None else self.cell.column


@dataclass(frozen=True, slots=True)
class Mention:
    """Any number that the prose states beside the catalogue's metrics: 组织培训3场.

    Attributes:
        counted: What is counted, in the report's words: ``培训``.
        unit: ``场``; ``%`` for a percentage (``value`` is then the number before the sign).
        start, end: The clause that states it.
    """

    report_id: str
    body_id: str
    year: int | None
    value: Decimal
    unit: str
    counted: str
    qualifier: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CheckSide:
    """One side of a check: what it is in words, its value if known, and the places that state it.

    Attributes:
        report_id: Of the report that the spans refer to, where it isn't the check's own: the year before's.
    """

    label: str
    value: Decimal | None
    spans: tuple[Span, ...] = ()
    report_id: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """An identity or comparison that a report's figures should satisfy.

    Attributes:
        rule: An id of ``vectorstore.check_rules``, which holds what it says and how grave it is.
        subject: The full metric id that it is about; ``period``, ``title``, ``heading_3`` for the layout.
        holds: ``None`` where a side is unknown.
    """

    report_id: str
    rule: str
    subject: str
    holds: bool | None
    left: CheckSide
    right: CheckSide


@dataclass(frozen=True, slots=True)
class ResolvedFigure:
    """What an answer uses for one body, year and metric of one report, with every reading behind it.

    Attributes:
        body, kind, region: Of the body that the figure is about.
        state: ``CONFLICTING`` where readings differ; then ``value`` is the table's if its identities hold,
            and ``None`` for prose against prose.
        readings: All figures behind it, in the order of the text; never empty.
    """

    report_id: str
    body_id: str
    body: str
    kind: Kind
    region: str | None
    year: int | None
    metric_id: str
    value: Decimal | None
    unit: str
    state: State
    origin: Origin
    readings: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which reports a question is about. An empty field does not narrow.

    Attributes:
        regions: Prefixes of a region path: ``山东省``, ``山东省/威海市``.
        names: Substrings, one of which the body's name or an alias must contain (高新 for 高新区).
        report_ids: Just these, whether or not a later version replaced them.
        superseded: Reports that a later version replaced as well; otherwise they are left out.
    """

    body_ids: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    regions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    report_ids: tuple[str, ...] = ()
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, with the fused score (higher is better; comparable within one search only)."""

    passage: Passage
    report: Report
    score: float
    scores: dict[str, float] = field(default_factory=dict)
    """The score of each leg that found it: ``lexical`` (BM25, higher is better), ``dense`` (cosine)."""
    sentences: tuple[Span, ...] = ()
    """Those of its sentences that answer, in order; offsets in the report's text. Empty for a table."""
    repeats: tuple[str, ...] = ()
    """Ids of passages of other reports that say nearly the same and are left out for it."""
    share: float = 0.0
    """How much of the query its best sentence holds, 0 to 1, the rarer words counting more; 0 for a table."""
    likelihood: float = 0.0
    """How likely it is, 0 to 1, that one of the first three hits of its search answers: the same for all of them."""
    id: str = ""
    """The passage's permanent id, where `Assistant.search` found it."""


@dataclass(frozen=True, slots=True)
class ReportPicture:
    """A picture that stands where a table of the form belongs, kept so that its figures can be seen.

    Attributes:
        start, end: The picture's placeholder in the text, which is also the quote of its figures.
        image: The file's bytes.
        media_type: ``image/png`` …
    """

    start: int
    end: int
    image: bytes
    media_type: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class ReportContents:
    """Everything that reading one report gives: what the index keeps of it.

    Attributes:
        text: Canonical; all spans refer to it.
        body: The issuer. ``other_bodies`` are those that the report states figures about besides.
        pictures: Those of tables, in order, where the format carries them.
    """

    report: Report
    text: str
    body: Body
    other_bodies: tuple[Body, ...] = ()
    passages: tuple[Passage, ...] = ()
    figures: tuple[Figure, ...] = ()
    mentions: tuple[Mention, ...] = ()
    checks: tuple[Check, ...] = ()
    pictures: tuple[ReportPicture, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was ingested, or that could not be.

    Attributes:
        path: Absolute, as the key that tells whether a file is new, changed or gone.
        digest: SHA-256 of its bytes.
        reader_version: The version of the reading code: another one makes the file count as changed.
        report_id: The report that it is part of; ``None`` where it could not be read; then ``problem`` says why in one
            line.
        content_id: The ``report_id`` of its own reading: another one where the report was kept as a second file, of the
            same report in another format, gives it. ``None`` where that isn't known.
        source: How it is called in ``Report.sources``.
        manifest: What a manifest says of it, as a JSON object; ``None`` where none ever named it.
    """

    path: str
    size: int
    modified_ns: int
    digest: str
    reader_version: str
    report_id: str | None
    problem: str | None = None
    content_id: str | None = None
    source: str | None = None
    manifest: str | None = None


class CorrectedField(StrEnum):
    """What a person can correct of a report."""

    BODY = "body"
    KIND = "kind"
    REGION = "region"
    YEAR = "year"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says of a report against what was read from it. Kept apart from the report, and outlives it.

    Attributes:
        number: Counted through the whole index from 1, never given twice; 0 until it is kept.
        report_id: The report as it is read now: it follows the file to another reading of it.
        value: As written, a number in plain digits; ``None`` where a figure is declared unreadable.
        former: What was read when the correction was made, likewise; ``None`` where nothing was.
        made_by, made_on, why: Who, on which day (ISO), and the reason given.
        metric_id: Of a figure, its full id; else ``None``.
        quote: The report's words that state a corrected figure; ``None`` where the place that was read stays.
        former_id: The id that the report had when the correction was made, where its reading has changed since.
    """

    number: int
    report_id: str
    field: CorrectedField
    value: str | None
    former: str | None
    made_by: str
    made_on: str
    why: str
    metric_id: str | None = None
    quote: str | None = None
    former_id: str | None = None


class Finding(StrEnum):
    """What a person found who looked at a check that fails."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person found on a check that fails. Kept apart from the check, and outlives it and its report.

    Attributes:
        report_id, rule, subject: The check's; the id is the report's as it is read now, as a correction's is.
        finding: Confirmed: the report is wrong. Dismissed: no fault, since there is an explanation.
        left, right: What the two sides stated when it was made, as `vectorstore.verdicts.stated` gives it.
        made_by: Who, as they call themselves; empty where they didn't say.
        made_on: The day (ISO).
        note: The explanation; may be empty.
        former_id: The id that the report had when it was made, where its reading has changed since.
    """

    report_id: str
    rule: str
    subject: str
    finding: Finding
    left: str
    right: str
    made_by: str
    made_on: str
    note: str = ""
    former_id: str | None = None


@dataclass(frozen=True, slots=True)
class Departure:
    """A report that has gone from the index.

    Attributes:
        title, body_id, body, year: As of a `Report`.
        departed_on: The day (ISO).
        became: The id that another reading of the same report has; ``None`` where none is known.
        digests: Of the files that it was read from, as of `SourceFile`.
    """

    report_id: str
    title: str
    body_id: str
    body: str
    year: int | None
    departed_on: str
    became: str | None = None
    digests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisteredBody:
    """A body that a register says should report.

    Attributes:
        name: As the register writes it.
        region: As the register says or the name tells; ``None`` if neither does.
        first_year, last_year: The statistics years for which it should report, both included; ``None``: unbounded.
        bodies: Those of the index that it is: one; none where the index knows no such body; several where the
            register doesn't tell homonyms apart.
    """

    name: str
    kind: Kind
    region: str | None = None
    first_year: int | None = None
    last_year: int | None = None
    bodies: tuple[Body, ...] = ()

    def is_due(self, year: int) -> bool:
        """Whether it should have reported on the year."""
        return (self.first_year is None or self.first_year <= year) and (
            self.last_year is None or year <= self.last_year
        )


@dataclass(frozen=True, slots=True)
class MissingReports:
    """A registered body without a report that it should have published, and the years on which it didn't report."""

    registered: RegisteredBody
    years: tuple[int, ...]
