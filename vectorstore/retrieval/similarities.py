"""How near the vectors of passages are to a query's, within a scope."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, select

from vectorstore import schema
from vectorstore.batches import batched
from vectorstore.vectors import Vectors

NARROW = 1_000
"""Up to so many passages in scope, every one's vector is compared; Chroma's own filter scans all metadata."""


def similarities(
    connection: Connection,
    vectors: Vectors,
    query: str,
    conditions: Sequence[ColumnElement[bool]],
    candidates: Sequence[str],
    total: int,
    limit: int,
) -> dict[str, float]:
    """Cosines of the passages nearest to a query, and of the candidates; by passage id.

    Args:
        conditions: On the tables ``passages`` and ``reports``.
        candidates: Ids of passages in scope that full text found.
        total: How many passages the index holds.
        limit: How many of the nearest to look at.
    """
    passages = schema.passages.c
    joined = schema.passages.join(schema.reports, passages.report_key == schema.reports.c.key)
    inside = select(passages.passage_id).select_from(joined).where(*conditions)
    if conditions:
        narrow = connection.execute(inside.limit(NARROW + 1)).scalars().all()
        if len(narrow) <= NARROW:
            return vectors.similar(query, narrow, limit) or {}
    elif total <= NARROW:
        return vectors.similar(query, None, NARROW) or {}
    nearest = vectors.similar(query, None, 4 * limit if conditions else limit)
    if nearest is None:
        return {}
    if conditions:
        kept = {
            passage_id
            for ids in batched(nearest)
            for passage_id in connection.execute(inside.where(passages.passage_id.in_(ids))).scalars()
        }
        nearest = {passage_id: score for passage_id, score in nearest.items() if passage_id in kept}
    missing = [passage_id for passage_id in candidates if passage_id not in nearest]
    return nearest | (vectors.similar(query, missing, limit) or {})
