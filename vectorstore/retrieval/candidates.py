"""Which passages are worth scoring: those whose terms of a query weigh most together, by full text.

SQLite takes a third of a microsecond for every passage of every term, and the commonest characters stand in most
passages. So the commonest terms find no passages here; they count where the passages that the others found are scored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from vectorstore import full_text, schema
from vectorstore.retrieval.query_terms import QueryTerms

BUDGET = 20_000
"""Passages of terms that SQLite goes through for the query's own words, and again for the expansion."""
FEW = 300
"""Up to so many passages in scope, all of them are scored, whatever they hold."""


def candidate_keys(
    connection: Connection,
    terms: QueryTerms,
    weights: Mapping[str, float],
    frequencies: Mapping[str, int],
    conditions: Sequence[ColumnElement[bool]],
    limit: int,
) -> list[int]:
    """The keys of the passages that full text puts forward, at most ``limit``.

    Args:
        weights: What each term is worth.
        frequencies: In how many passages each term stands.
        conditions: On the tables ``passages`` and ``reports``.
    """
    within = _keys(conditions) if conditions else None
    if within is not None:
        few = connection.execute(within.limit(FEW + 1)).scalars().all()
        if len(few) <= FEW:
            return sorted(few)
    # Apart, or the many terms of an English question's expansion would leave its own none.
    telling = telling_terms(terms.own, frequencies) + telling_terms(terms.expansion, frequencies)
    if not telling:
        return []
    found = full_text.heaviest({term: weights[term] for term in telling}, within, limit)
    return list(connection.execute(found).scalars())


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


def _keys(conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    passages = schema.passages.c
    joined = schema.passages.join(schema.reports, passages.report_key == schema.reports.c.key)
    return select(passages.key).select_from(joined).where(*conditions)
