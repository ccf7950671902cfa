"""Hybrid search: full text first, vectors beside it, their scores put on one scale and added.

Scores are fused, not ranks: reciprocal ranks were measured to wreck a strong full-text leg, while z-scores of each
query's candidates keep it.
"""

from __future__ import annotations

import statistics
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from vectorstore import database, full_text, schema
from vectorstore.query_terms import query_terms
from vectorstore.records import Scope, SectionRole
from vectorstore.scope import report_conditions, without_needless_condition
from vectorstore.vectors import Vectors

EXPANSION_WEIGHT = 0.5
DENSE_WEIGHT = 0.5
TABLE_WEIGHT = -1.0
"""Added to a table's fused score, in standard deviations: the official form repeats 申请 in every row, so it comes
first for any words about applications, and who wants its numbers asks for figures."""
CANDIDATES = 200
"""How many passages each leg puts forward, at least."""
NARROW = 1_000
"""Up to so many passages in scope, every one's vector is compared; Chroma's own filter scans all metadata."""
LARGE = 5_000
COMMON = 0.25
"""In an index of more than ``LARGE`` passages, single characters that occur in more than this share of them are not
looked for: they weigh next to nothing in BM25, and scoring every passage that holds one is what takes the time."""

Found = tuple[Any, float, dict[str, float]]


def retrieve(
    connection: Connection,
    vectors: Vectors,
    frequencies: full_text.Frequencies,
    query: str,
    scope: Scope,
    k: int,
    roles: Collection[SectionRole] | None,
) -> list[Found]:
    """The best passages: each its row of ``passages``, its fused score and the score of each leg."""
    conditions = report_conditions(without_needless_condition(connection, scope))
    if roles is not None:
        conditions.append(schema.passages.c.role.in_([role.value for role in roles]))
    limit = max(CANDIDATES, 2 * k)
    if k < 1 or not query.strip():
        return []
    lexical = _lexical(connection, frequencies, query, conditions, limit)
    dense = _dense(connection, vectors, query, conditions, list(lexical), limit)
    scores = _fuse(lexical, dense)
    for passage_id in _tables_among(connection, scores):
        scores[passage_id] += TABLE_WEIGHT
    best = sorted(scores, key=lambda passage_id: (-scores[passage_id], passage_id))[:k]
    statement = select(schema.passages).where(schema.passages.c.passage_id.in_(best))
    found = {row.passage_id: row for row in connection.execute(statement)}
    legs = {"lexical": lexical, "dense": dense}
    return [
        (found[pid], scores[pid], {name: leg[pid] for name, leg in legs.items() if pid in leg})
        for pid in best
        if pid in found
    ]


def _tables_among(connection: Connection, passage_ids: Collection[str]) -> list[str]:
    columns = schema.passages.c
    tables = select(columns.passage_id).where(columns.passage_id.in_(list(passage_ids)), columns.is_table)
    return list(connection.execute(tables).scalars())


def _lexical(
    connection: Connection,
    frequencies: full_text.Frequencies,
    query: str,
    conditions: Sequence[ColumnElement[bool]],
    limit: int,
) -> dict[str, float]:
    own, expansion = query_terms(query)
    passages = connection.execute(select(func.count()).select_from(schema.passages)).scalar_one()
    if passages > LARGE:
        generation = database.generation(connection)
        common = frequencies.of(connection, generation, [term for term in (*own, *expansion) if len(term) == 1])
        rare = [term for term in own if len(term) > 1 or common[term] <= COMMON * passages]
        own, expansion = rare or own, [t for t in expansion if len(t) > 1 or common[t] <= COMMON * passages]
    scores: dict[int, float] = {}
    for terms, weight in ((own, 1.0), (expansion, EXPANSION_WEIGHT)):
        if terms:
            for key, score in connection.execute(full_text.match(terms, conditions, limit)):
                scores[key] = scores.get(key, 0.0) + weight * score
    columns = schema.passages.c
    ids = connection.execute(select(columns.key, columns.passage_id).where(columns.key.in_(list(scores))))
    return {passage_id: scores[key] for key, passage_id in ids}


def _dense(
    connection: Connection,
    vectors: Vectors,
    query: str,
    conditions: Sequence[ColumnElement[bool]],
    candidates: list[str],
    limit: int,
) -> dict[str, float]:
    passages = schema.passages.c
    joined = schema.passages.join(schema.reports, passages.report_key == schema.reports.c.key)
    inside = select(passages.passage_id).select_from(joined).where(*conditions)
    if conditions:
        narrow = connection.execute(inside.limit(NARROW + 1)).scalars().all()
        if len(narrow) <= NARROW:
            return vectors.similar(query, narrow, limit) or {}
    elif connection.execute(select(func.count()).select_from(schema.passages)).scalar_one() <= NARROW:
        return vectors.similar(query, None, NARROW) or {}
    nearest = vectors.similar(query, None, 4 * limit if conditions else limit)
    if nearest is None:
        return {}
    if conditions:
        kept = set(connection.execute(inside.where(passages.passage_id.in_(list(nearest)))).scalars())
        nearest = {passage_id: score for passage_id, score in nearest.items() if passage_id in kept}
    missing = [passage_id for passage_id in candidates if passage_id not in nearest]
    return nearest | (vectors.similar(query, missing, limit) or {})


def _fuse(lexical: dict[str, float], dense: dict[str, float]) -> dict[str, float]:
    """Weighted sums of z-scores. No match in full text is a score of zero; no vector yet is an average one."""
    candidates = sorted(lexical.keys() | dense.keys())
    by_words = _standardise([lexical.get(passage_id, 0.0) for passage_id in candidates])
    known = [dense[passage_id] for passage_id in candidates if passage_id in dense]
    average = statistics.fmean(known) if known else 0.0
    by_vectors = _standardise([dense.get(passage_id, average) for passage_id in candidates])
    return {
        passage_id: words + DENSE_WEIGHT * near
        for passage_id, words, near in zip(candidates, by_words, by_vectors, strict=True)
    }


def _standardise(scores: list[float]) -> list[float]:
    if not scores:
        return []
    mean = statistics.fmean(scores)
    deviation = statistics.pstdev(scores, mean)
    return [(score - mean) / deviation if deviation > 0 else 0.0 for score in scores]
