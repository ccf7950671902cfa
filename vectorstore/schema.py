"""The tables. Values are kept twice: exactly, as text, and as a number to compare and add in SQL.

Every row of a report hangs on ``reports.key`` and goes with it. Keys are integers of this database only; the ids that
records carry are columns beside them.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

SCHEMA_VERSION = 6
"""2 added pictures, corrections, versions of reports and where they were published; 3 the register of bodies; 4 what
the vectors of another model still lack, while they are being made; 5 the verdicts on checks; 6 the reports
that have gone."""

metadata = MetaData()


def _of_report() -> Column[int]:
    return Column("report_key", ForeignKey("reports.key", ondelete="CASCADE"), nullable=False)


def _of_body() -> Column[int]:
    # No foreign key: SQLite would scan every table that has one when a body goes, or want an index on each. Bodies
    # go when no row of report_bodies needs them, and that one is guarded.
    return Column("body_key", Integer, nullable=False)


meta = Table("meta", metadata, Column("name", String, primary_key=True), Column("value", Text, nullable=False))

bodies = Table(
    "bodies",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("body_id", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("folded_name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("region", String),
    Index("bodies_by_region", "region"),
)

# Which bodies a report is by or speaks about.
report_bodies = Table(
    "report_bodies",
    metadata,
    Column("report_key", ForeignKey("reports.key", ondelete="CASCADE"), primary_key=True),
    Column("body_key", ForeignKey("bodies.key"), primary_key=True),
    Index("report_bodies_by_body", "body_key"),
)

# Each report brings the names it uses: a body's aliases are all reports' together, and go with the reports.
body_aliases = Table(
    "body_aliases",
    metadata,
    _of_body(),
    _of_report(),
    Column("alias", String, nullable=False),
    Column("folded_alias", String, nullable=False),
    Index("body_aliases_by_body", "body_key"),
    Index("body_aliases_by_report", "report_key"),
)

reports = Table(
    "reports",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("report_id", String, nullable=False, unique=True),
    _of_body(),
    Column("title", Text, nullable=False),
    Column("body", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("region", String),
    Column("year", Integer),
    Column("period_start", String),
    Column("period_end", String),
    Column("issued_on", String),
    Column("source", Text, nullable=False),
    Column("sources", Text, nullable=False),  # a JSON list
    Column("retrieved_on", String),
    Column("pictures", Integer, nullable=False),
    Column("tables", Text, nullable=False),  # a JSON list
    Column("characters", Integer, nullable=False),
    Column("url", Text),
    Column("warnings", Text),  # a JSON list; null in reports of the first version
    Column("superseded_by", String),  # no foreign key: the later version may go first
    Index("reports_by_body", "body_key", "year"),
    Index("reports_by_year", "year"),
    Index("reports_by_successor", "superseded_by"),
)

report_texts = Table(
    "report_texts",
    metadata,
    Column("report_key", ForeignKey("reports.key", ondelete="CASCADE"), primary_key=True),
    Column("text", Text, nullable=False),
)

report_pictures = Table(
    "report_pictures",
    metadata,
    _of_report(),
    Column("position", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("image", LargeBinary, nullable=False),
    Column("media_type", String, nullable=False),
    Column("page", Integer),
    Index("report_pictures_by_report", "report_key", "position"),
)

# What was read of a report that has been corrected, as far as corrections change it, so that they can be taken back.
uncorrected_contents = Table(
    "uncorrected_contents",
    metadata,
    Column("report_key", ForeignKey("reports.key", ondelete="CASCADE"), primary_key=True),
    Column("contents", LargeBinary, nullable=False),  # JSON, compressed
)

# By the report's id and not its key: they outlive the report, and wait for it to come back.
corrections = Table(
    "corrections",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("report_id", String, nullable=False),
    Column("field", String, nullable=False),
    Column("value", Text),
    Column("former", Text),
    Column("made_by", Text, nullable=False),
    Column("made_on", String, nullable=False),
    Column("why", Text, nullable=False),
    Column("metric_id", String),
    Column("quote", Text),
    Column("former_id", String),
    Index("corrections_by_report", "report_id"),
    sqlite_autoincrement=True,  # a number that was taken back is not given again
)

# By the report's id, as corrections are, and by what the sides stated: another figure is another question, and where a
# report goes back to the former one, what was found on that holds again.
verdicts = Table(
    "verdicts",
    metadata,
    Column("report_id", String, primary_key=True),
    Column("rule", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("left", Text, primary_key=True),
    Column("right", Text, primary_key=True),
    Column("finding", String, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_on", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("former_id", String),
)

# Reports that are no longer here, so that whoever cites one learns what became of it.
departures = Table(
    "departures",
    metadata,
    Column("report_id", String, primary_key=True),
    Column("title", Text, nullable=False),
    Column("body_id", String, nullable=False),
    Column("body", String, nullable=False),
    Column("year", Integer),
    Column("departed_on", String, nullable=False),
    Column("became", String),
    Column("digests", Text, nullable=False),  # a JSON list
)

sections = Table(
    "sections",
    metadata,
    _of_report(),
    Column("position", Integer, nullable=False),
    Column("heading", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("role", String),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Index("sections_by_report", "report_key", "position"),
)

passages = Table(
    "passages",
    metadata,
    Column("key", Integer, primary_key=True),
    _of_report(),
    Column("passage_id", String, nullable=False, unique=True),
    Column("section", Text, nullable=False),
    Column("role", String),
    Column("text", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("tokens", Integer, nullable=False),
    Column("page", Integer),
    Column("is_table", Boolean, nullable=False),
    Index("passages_by_report", "report_key", "start"),
)

# What an answer uses: one row per report, body, year and metric, settled when the report is put.
resolved_figures = Table(
    "resolved_figures",
    metadata,
    Column("key", Integer, primary_key=True),
    _of_report(),
    _of_body(),
    Column("metric", String, nullable=False),
    Column("column", String),
    Column("year", Integer),
    Column("value", Text),
    Column("number", Float),
    Column("unit", String, nullable=False),
    Column("state", String, nullable=False),
    Column("origin", String, nullable=False),
    Index("resolved_figures_by_metric", "metric", "column", "year", "number"),
    Index("resolved_figures_by_report", "report_key"),
    Index("resolved_figures_by_body", "body_key", "metric"),
)

# The readings behind them, each with its place.
figures = Table(
    "figures",
    metadata,
    Column("resolved_key", ForeignKey("resolved_figures.key", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("value", Text),
    Column("state", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("qualifier", String),
    Column("cell_row", Integer),
    Column("cell_column", Integer),
    Column("cell_start", Integer),
    Column("cell_end", Integer),
    Column("page", Integer),
    Column("note", Text),
    Index("figures_by_resolved", "resolved_key", "position"),
)

mentions = Table(
    "mentions",
    metadata,
    _of_report(),
    _of_body(),
    Column("year", Integer),
    Column("value", Text, nullable=False),
    Column("number", Float, nullable=False),
    Column("unit", String, nullable=False),
    Column("counted", String, nullable=False),
    Column("folded_counted", String, nullable=False),
    Column("qualifier", String),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Index("mentions_by_report", "report_key", "start"),
    Index("mentions_by_counted", "folded_counted"),
)

checks = Table(
    "checks",
    metadata,
    _of_report(),
    Column("position", Integer, nullable=False),
    Column("rule", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("holds", Boolean),
    Column("left_label", Text, nullable=False),
    Column("left_value", Text),
    Column("left_spans", Text, nullable=False),  # a JSON list of [start, end]
    Column("left_report_id", String),  # of another report than the check's own
    Column("right_label", Text, nullable=False),
    Column("right_value", Text),
    Column("right_spans", Text, nullable=False),
    Column("right_report_id", String),
    Index("checks_by_report", "report_key", "position"),
    Index("checks_by_outcome", "holds", "rule"),
)

sources = Table(
    "sources",
    metadata,
    Column("path", String, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("modified_ns", BigInteger, nullable=False),
    Column("digest", String, nullable=False),
    Column("reader_version", String, nullable=False),
    Column("report_id", String),
    Column("problem", Text),
    Column("content_id", String),
    Column("source", Text),
    Column("manifest", Text),  # a JSON object
    Index("sources_by_report", "report_id"),
)

# The bodies that should report, as a person says; no row: no register was given. Which of the index's bodies they are
# changes with every report, so that is found out when it is asked.
register = Table(
    "register",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("region", String),
    Column("first_year", Integer),
    Column("last_year", Integer),
)

# Passages whose vectors the Chroma collection doesn't have yet, or still has though they are gone. Written in the
# transaction that changes the passage and emptied only after Chroma confirms, so a crash between the two heals itself.
vector_outbox = Table(
    "vector_outbox",
    metadata,
    Column("passage_id", String, primary_key=True),
    Column("action", String, nullable=False),  # "embed" or "delete"
)

# The same for the collection that another model's vectors are being put into, while there is one. The number tells an
# entry from an earlier one of the same passage: reports may be ingested while a passage of theirs is being embedded.
next_vector_outbox = Table(
    "next_vector_outbox",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("passage_id", String, nullable=False, unique=True),
    Column("action", String, nullable=False),  # "embed" or "delete"
    sqlite_autoincrement=True,  # or the entry that replaces the last one would get its number
)
