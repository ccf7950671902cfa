"""Full-text search over passages: SQLite's FTS5 with BM25, over characters, bigrams and whole digit runs.

The only file with a dialect of its own; another database needs another one of these. The FTS table keeps no text
(``content=''``), only the index: a deletion has to hand in the very terms that went in, so they are made again from
the passage, which is why the version of the terms is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    func,
    literal_column,
    select,
    text,
)

from vectorstore import schema
from vectorstore.terms import expand

# The heading says what the passage is about, the body's name says whose it is: the scope already narrows by body,
# so the name is worth little.
_WEIGHTS = {"body": 0.5, "section": 1.5, "passage": 1.0}

# Not in schema.metadata, since CREATE VIRTUAL TABLE is not what create_all would write.
_table = Table(
    "passage_terms",
    MetaData(),
    Column("rowid", Integer, primary_key=True),
    *(Column(name, String) for name in _WEIGHTS),
)


def create(connection: Connection) -> None:
    columns = ", ".join(_WEIGHTS)
    connection.execute(
        text(f"CREATE VIRTUAL TABLE passage_terms USING fts5({columns}, content='', tokenize='unicode61')")
    )
    connection.execute(text("CREATE VIRTUAL TABLE passage_vocabulary USING fts5vocab(passage_terms, 'row')"))


def rebuild(connection: Connection) -> None:
    """Index every passage anew, with the terms of this version."""
    for table in ("passage_vocabulary", "passage_terms"):
        connection.execute(text(f"DROP TABLE IF EXISTS {table}"))
    create(connection)
    reports, passages = schema.reports.c, schema.passages.c
    for report_key, body in connection.execute(select(reports.key, reports.body)).all():
        held = select(passages.key, passages.section, passages.text).where(passages.report_key == report_key)
        add(connection, body, [(row.key, row.section, row.text) for row in connection.execute(held)])


class Frequencies:
    """How many passages there are, and in how many terms occur, remembered until the index changes.

    Counting reads all entries of a term.
    """

    def __init__(self) -> None:
        self._known: tuple[int, dict[str, int]] = (-1, {})
        self._total: tuple[int, int] = (-1, 0)

    def total(self, connection: Connection, generation: int) -> int:
        """How many passages there are in a snapshot of ``generation``."""
        if self._total[0] != generation:
            counted = connection.execute(select(func.count()).select_from(schema.passages)).scalar_one()
            self._total = (generation, int(counted))
        return self._total[1]

    def of(self, connection: Connection, generation: int, terms: Iterable[str]) -> dict[str, int]:
        """The number of passages that hold each term, in a snapshot of ``generation``."""
        known = self._known[1] if self._known[0] == generation else {}
        missing = [term for term in terms if term not in known]
        if missing:
            statement = text("SELECT doc FROM passage_vocabulary WHERE term = :term")
            counted = {term: int(connection.execute(statement, {"term": term}).scalar() or 0) for term in missing}
            known = known | counted
            self._known = (generation, known)
        return known


def _terms(body: str, section: str, passage: str) -> dict[str, str]:
    return {"body": expand(body), "section": expand(section), "passage": expand(passage)}


def add(connection: Connection, body: str, rows: Iterable[tuple[int, str, str]]) -> None:
    """Index passages of one report: each its key, section heading and text."""
    values = [{"rowid": key, **_terms(body, section, passage)} for key, section, passage in rows]
    if values:
        connection.execute(
            text("INSERT INTO passage_terms(rowid, body, section, passage) VALUES (:rowid, :body, :section, :passage)"),
            values,
        )


def remove(connection: Connection, body: str, rows: Iterable[tuple[int, str, str]]) -> None:
    """Take passages out: with the same body, section and text with which they were added."""
    values = [{"rowid": key, **_terms(body, section, passage)} for key, section, passage in rows]
    if values:
        connection.execute(
            text(
                "INSERT INTO passage_terms(passage_terms, rowid, body, section, passage) "
                "VALUES ('delete', :rowid, :body, :section, :passage)"
            ),
            values,
        )


def match(terms: Sequence[str], conditions: Sequence[Any], limit: int) -> Select[Any]:
    """The passages that hold any of the terms, best first: columns ``key`` and ``score`` (BM25, higher is better).

    Args:
        terms: As `terms_of` gives them; at least one.
        conditions: On the tables ``passages`` and ``reports``, which are joined.
    """
    query = " OR ".join(f'"{term}"' for term in dict.fromkeys(terms))
    weights = ", ".join(str(weight) for weight in _WEIGHTS.values())
    # FTS5 gives the better the lower, below zero.
    score: ColumnElement[float] = literal_column(f"-bm25(passage_terms, {weights})")
    statement = (
        select(_table.c.rowid.label("key"), score.label("score"))
        .select_from(_table)
        .where(literal_column("passage_terms").op("MATCH")(query))
        .order_by(literal_column("score").desc(), _table.c.rowid)
        .limit(limit)
    )
    if conditions:
        keys = (
            select(schema.passages.c.key)
            .select_from(schema.passages.join(schema.reports, schema.passages.c.report_key == schema.reports.c.key))
            .where(*conditions)
        )
        # The plus keeps SQLite from looking the terms up anew for every row in scope: 2.3 s became 20 ms.
        statement = statement.where(literal_column("+passage_terms.rowid").in_(keys))
    return statement
