"""Which passages are worth scoring: those that hold the rarer terms of a query, by full text.

BM25 within SQLite costs about half a microsecond for every place of every term, and the commonest characters stand in
most passages: 200,000 passages took 0.2 s and more. So the commonest terms find no passages here; they count where
the passages that the others found are scored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from vectorstore import full_text, schema
from vectorstore.retrieval.query_terms import QueryTerms

BUDGET = 25_000
"""Occurrences of terms that SQLite scores for one query."""
FEW = 300
"""Up to so many passages in scope, all of them are scored, whatever they hold."""


def candidate_keys(
    connection: Connection,
    terms: QueryTerms,
    frequencies: Mapping[str, int],
    conditions: Sequence[ColumnElement[bool]],
    limit: int,
) -> list[int]:
    """The keys of the passages that full text puts forward, at most ``limit`` for each sort of terms.

    Args:
        frequencies: In how many passages each term stands.
        conditions: On the tables ``passages`` and ``reports``.
    """
    if conditions:
        few = connection.execute(_keys(conditions).limit(FEW + 1)).scalars().all()
        if len(few) <= FEW:
            return list(few)
    found: dict[int, None] = {}
    for sort in (terms.own, terms.expansion):
        telling = telling_terms(sort, frequencies)
        if telling:
            rows = connection.execute(full_text.match(telling, conditions, limit))
            found.update((row.key, None) for row in rows)
    return list(found)


def telling_terms(terms: Sequence[str], frequencies: Mapping[str, int]) -> list[str]:
    """The rarest terms, as many as the budget allows; at least one that stands anywhere."""
    held = sorted((term for term in terms if frequencies.get(term)), key=lambda term: (frequencies[term], term))
    telling: list[str] = []
    spent = 0
    for term in held:
        spent += frequencies[term]
        if telling and spent > BUDGET:
            break
        telling.append(term)
    return telling


def _keys(conditions: Sequence[ColumnElement[bool]]) -> Any:
    passages = schema.passages.c
    joined = schema.passages.join(schema.reports, passages.report_key == schema.reports.c.key)
    return select(passages.key).select_from(joined).where(*conditions).order_by(passages.key)
