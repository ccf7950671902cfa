"""Full-text search over passages: SQLite's FTS5, over characters, bigrams and whole digit runs.

The only file with a dialect of its own; another database needs another one of these. The FTS table keeps no text
(``content=''``), only the index: a deletion has to hand in the very terms that went in, so they are made again from
the passage, which is why the version of the terms is recorded.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Select, Table, func, literal, literal_column, select, text

from vectorstore import schema
from vectorstore.terms import expand

_FIELDS = ("body", "section", "passage")

# Not in schema.metadata, since CREATE VIRTUAL TABLE is not what create_all would write.
_table = Table("passage_terms", MetaData(), Column("rowid", Integer, primary_key=True))

_FROM_EACH_END = 3_000
"""Passages that hold a term, counted from the first and from the last one, where a term has more than that."""


def create(connection: Connection) -> None:
    columns = ", ".join(_FIELDS)
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

    A common term's passages aren't counted to the last one, which is most of the time that a new question takes over
    200,000 passages: how dense they stand at both ends of the index tells nearly the same.
    """

    def __init__(self) -> None:
        self._known: tuple[int, dict[str, int]] = (-1, {})
        self._total: tuple[int, int] = (-1, 0)

    def total(self, connection: Connection, generation: int) -> int:
        """How many passages there are in a snapshot of ``generation``."""
        total = self._total  # another thread may put another state's in its place at any moment
        if total[0] != generation:
            counted = connection.execute(select(func.count()).select_from(schema.passages)).scalar_one()
            self._total = total = (generation, int(counted))
        return total[1]

    def of(self, connection: Connection, generation: int, terms: Iterable[str]) -> dict[str, int]:
        """The number of passages that hold each term, in a snapshot of ``generation``; of common terms about."""
        kept = self._known
        known = kept[1] if kept[0] == generation else {}
        missing = [term for term in terms if term not in known]
        if missing:
            known = known | _counted(connection, missing, self.total(connection, generation))
            self._known = (generation, known)
        return known


def _counted(connection: Connection, terms: Collection[str], total: int) -> dict[str, int]:
    """In how many of ``total`` passages each term occurs."""
    # Apart, or SQLite would read the whole table.
    first, last = (
        int(connection.exec_driver_sql(f"SELECT {end}(key) FROM passages").scalar() or 0) for end in ("min", "max")
    )
    # Both ends, since reports lie in the order of their folders: a town's name stands in none but one of them.
    from_first = _reached(connection, terms, "")
    from_last = _reached(connection, from_first, "ORDER BY rowid DESC")
    counted = {}
    for term in from_last:
        spanned = from_first[term] - first + 1 + last - from_last[term] + 1
        counted[term] = min(total, round(2 * _FROM_EACH_END * total / spanned))
    rare = _as_json([term for term in terms if term not in counted])
    statement = "SELECT term, doc FROM json_each(?) CROSS JOIN passage_vocabulary ON term = value"
    found = {str(term): int(count) for term, count in connection.exec_driver_sql(statement, (rare,))}
    # FTS5 cuts 97.3 at its point, so that the vocabulary doesn't list it; a phrase of both parts finds it.
    decimal = text("SELECT count(*) FROM passage_terms WHERE passage_terms MATCH :phrase")
    found |= {
        term: int(connection.execute(decimal, {"phrase": f'"{term}"'}).scalar_one()) for term in terms if "." in term
    }
    return dict.fromkeys(terms, 0) | found | counted


def _reached(connection: Connection, terms: Iterable[str], order: str) -> dict[str, int]:
    """The key to which so many passages reach that hold a term, of each term that has as many."""
    statement = f"""
        SELECT value, (
            SELECT rowid FROM passage_terms WHERE passage_terms MATCH '"' || value || '"'
            {order} LIMIT 1 OFFSET {_FROM_EACH_END - 1}
        )
        FROM json_each(?)
    """
    found = connection.exec_driver_sql(statement, (_as_json(list(terms)),))
    return {str(term): int(key) for term, key in found if key is not None}


def _as_json(terms: list[str] | dict[str, float]) -> str:
    return json.dumps(terms, ensure_ascii=False)


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


def heaviest(weights: Mapping[str, float], within: Select[Any] | None, limit: int) -> Select[Any]:
    """The passages whose terms weigh most together, heaviest first: columns ``key`` and ``weight``.

    How often a term occurs and how long the passage is don't count: FTS5's own bm25() took three times as long.

    Args:
        weights: Of each term that counts, as `terms_of` gives them.
        within: The keys of the passages in scope; ``None`` for all.
    """
    given = func.json_each(_as_json(dict(weights))).table_valued("key", "value")
    quoted = literal('"').concat(given.c.key).concat('"').label("quoted")
    # Materialised, or the weight would be read out of JSON anew for every passage found.
    terms = select(quoted, given.c.value.label("weight")).cte("terms").prefix_with("MATERIALIZED")
    weight = func.sum(terms.c.weight).label("weight")
    statement = (
        select(_table.c.rowid.label("key"), weight)
        .select_from(terms.join(_table, literal_column("passage_terms").op("MATCH")(terms.c.quoted)))
        .group_by(_table.c.rowid)
        .order_by(weight.desc(), _table.c.rowid)
        .limit(limit)
    )
    if within is not None:
        # The plus keeps SQLite from looking the terms up anew for every row in scope: 2.3 s became 20 ms.
        statement = statement.where(literal_column("+passage_terms.rowid").in_(within))
    return statement
