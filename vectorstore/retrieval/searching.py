"""Hybrid search: passages that full text and the vectors put forward, scored, fused, and each thing said once."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, select

from vectorstore import database, schema
from vectorstore.batches import batched
from vectorstore.full_text import Frequencies
from vectorstore.ranking import Ranking
from vectorstore.records import Scope, SectionRole, Span
from vectorstore.retrieval.candidates import candidate_keys
from vectorstore.retrieval.confidence import CONSIDERED, FIRST, likelihood
from vectorstore.retrieval.query_terms import read_query
from vectorstore.retrieval.repeats import Wording, wording_of
from vectorstore.retrieval.requirements import Requirements, requirements_of
from vectorstore.retrieval.similarities import similarities
from vectorstore.retrieval.word_scores import WordScorer, standardise
from vectorstore.scope import report_conditions, without_needless_condition
from vectorstore.sentences import sentences
from vectorstore.vectors import BUNDLED, Vectors, passage_heading

if TYPE_CHECKING:
    from vectorstore.reranking import Reranker

_NEAR_BEST = 0.75
"""A sentence of a passage answers if it holds at least this share of what the passage's best one holds."""
_READ_BY_SENTENCE = 80
"""Passages whose sentences are looked at one by one."""
_ENDS = re.compile(r"[。！？；!?;：:）)”」』]\s*$")
"""What a sentence ends in; a heading or a picture's place does not."""
_LOOKED_THROUGH = 100
"""Passages among which repetitions are looked for."""
_RERANKED = 50
"""Passages that a reranker reads: a cross-encoder takes milliseconds for each."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage found.

    Attributes:
        row: Of ``passages``, with the report's ``report_id``, ``body`` and ``year``.
        score: Fused, or the reranker's; comparable within one search only.
        scores: Of each leg that found it.
        share: How much of the query its best sentence holds, 0 to 1; 0 for a table.
        sentences: Those of its sentences that hold nearly as much, as spans of the report's text, in order.
        repeats: Ids of passages of other reports that say nearly the same.
    """

    row: Any
    score: float
    scores: dict[str, float]
    share: float
    sentences: tuple[Span, ...]
    repeats: tuple[str, ...]


def retrieve(
    connection: Connection,
    vectors: Vectors,
    frequencies: Frequencies,
    query: str,
    scope: Scope,
    k: int,
    roles: Collection[SectionRole] | None,
    ranking: Ranking,
    reranker: Reranker | None = None,
) -> tuple[list[Retrieved], float]:
    """The best passages of a scope, at most ``k``, best first, and how likely it is that one of the first answers."""
    if k < 1 or not query.strip():
        return [], 0.0
    requirements = requirements_of(query, scope.years) if ranking.must_match else Requirements()
    conditions = report_conditions(without_needless_condition(connection, scope)) + requirements.conditions()
    if roles is not None:
        conditions.append(schema.passages.c.role.in_([role.value for role in roles]))
    terms = read_query(
        query, stop_words=ranking.stop_words, characters=ranking.characters, expanded=ranking.expansion > 0
    )
    generation = database.generation(connection)
    held, total = frequencies.of(connection, generation, terms.all), frequencies.total(connection, generation)
    limit = max(ranking.candidates, 2 * k)
    scorer = WordScorer(terms, held, total, ranking)
    keys = candidate_keys(connection, terms, scorer.weights, held, conditions, limit)
    rows = _rows(connection, schema.passages.c.key, keys)
    dense: dict[str, float] = {}
    dense_weight = ranking.dense_weight(bundled=vectors.model_name == BUNDLED)
    if dense_weight:
        dense = similarities(connection, vectors, query, conditions, [row.passage_id for row in rows], total, limit)
        known = {row.passage_id for row in rows}
        rows += _rows(connection, schema.passages.c.passage_id, [pid for pid in dense if pid not in known])
    rows = [row for row in rows if requirements.are_met(row.year, row.section, row.text)]
    ranked = _ranked(rows, scorer, dense, dense_weight, ranking)
    # As many as the likelihood looks at, however few are wanted: the first k of them are those that k would give.
    told = _told_apart(ranked, max(k, CONSIDERED), scorer, ranking)
    answers = _likelihood([one for one, _ in told[:CONSIDERED]], scorer)
    if reranker is not None:
        told = _told_apart(_reranked(ranked, query, reranker), k, scorer, ranking)
    found = [
        Retrieved(one.row, one.score, one.scores, *_sentences(one.row, scorer), tuple(repeats))
        for one, repeats in told[:k]
    ]
    return found, answers


def _likelihood(told: Sequence[_Scored], scorer: WordScorer) -> float:
    first = [one for one in told if not one.row.is_table]
    return likelihood([scorer.best_share(one.row.text) for one in first[:FIRST]], [one.score for one in first])


@dataclass(frozen=True, slots=True)
class _Scored:
    row: Any
    score: float
    scores: dict[str, float]


def _rows(connection: Connection, column: ColumnElement[Any], wanted: Collection[Any]) -> list[Any]:
    reports = schema.reports.c
    statement = (
        select(schema.passages, reports.report_id, reports.body, reports.year)
        .select_from(schema.passages)
        .join(schema.reports, schema.passages.c.report_key == reports.key)
    )
    return [row for part in batched(wanted) for row in connection.execute(statement.where(column.in_(part)))]


def _ranked(
    rows: Sequence[Any], scorer: WordScorer, dense: Mapping[str, float], dense_weight: float, ranking: Ranking
) -> list[_Scored]:
    """The passages that either leg found, best first: weighted sums of standardised scores.

    No vector yet counts as an average one. A passage that holds no term and was in nobody's reach is left out.
    """
    words = [scorer.score(row.body, row.section, row.text) for row in rows]
    found = [(row, score) for row, score in zip(rows, words, strict=True) if score > 0 or row.passage_id in dense]
    known = [dense[row.passage_id] for row, _ in found if row.passage_id in dense]
    average = statistics.fmean(known) if known else 0.0
    by_words = standardise([score for _, score in found])
    by_vectors = standardise([dense.get(row.passage_id, average) for row, _ in found])
    scored = []
    for (row, score), words_, near in zip(found, by_words, by_vectors, strict=True):
        legs = {"lexical": score} if score > 0 else {}
        if row.passage_id in dense:
            legs["dense"] = dense[row.passage_id]
        scored.append(_Scored(row, words_ + dense_weight * near + ranking.table * row.is_table, legs))
    return _by_sentence(_in_order(scored), scorer, ranking)


def _in_order(scored: Iterable[_Scored]) -> list[_Scored]:
    return sorted(scored, key=lambda one: (-one.score, one.row.passage_id))


def _by_sentence(ranked: Sequence[_Scored], scorer: WordScorer, ranking: Ranking) -> list[_Scored]:
    """The first ones again, by what their best sentence holds as well; the others behind them."""
    if not ranking.sentence:
        return list(ranked)
    first, rest = ranked[:_READ_BY_SENTENCE], ranked[_READ_BY_SENTENCE:]
    shares = standardise([0.0 if one.row.is_table else scorer.best_share(one.row.text) for one in first])
    again = [replace(one, score=one.score + ranking.sentence * share) for one, share in zip(first, shares, strict=True)]
    return [*_in_order(again), *rest]


def _reranked(ranked: Sequence[_Scored], query: str, reranker: Reranker) -> list[_Scored]:
    """The first few as the reranker orders them, before all others."""
    first, rest = ranked[:_RERANKED], ranked[_RERANKED:]
    texts = [f"{passage_heading(one.row.body, one.row.year, one.row.section)}\n{one.row.text}" for one in first]
    read = zip(first, reranker.score(query, texts), strict=True)
    again = _in_order(_Scored(one.row, score, {**one.scores, "reranker": score}) for one, score in read)
    # Behind them the others keep their order; their own scores are of another kind.
    return [*again, *(replace(one, score=again[-1].score) for one in rest)] if again else []


def _told_apart(
    ranked: Sequence[_Scored], k: int, scorer: WordScorer, ranking: Ranking
) -> list[tuple[_Scored, list[str]]]:
    """The first ``k`` that say something of their own, each with the ids of those that repeat it elsewhere.

    What repeats is told among the first hundred; of one report not too many come first while others have some.
    """
    several = len({one.row.report_key for one in ranked}) > 1
    chosen: list[tuple[_Scored, list[str]]] = []
    wordings: list[Wording] = []
    held_back: list[_Scored] = []
    of_report: Counter[int] = Counter()
    for one in ranked[: max(_LOOKED_THROUGH, 2 * k)]:
        if ranking.repeats and several:
            wording = wording_of(scorer.folded(one.row.text), (one.row.body,))
            like = next(
                (
                    repeats
                    for (other, repeats), known in zip(chosen, wordings, strict=True)
                    if other.row.report_key != one.row.report_key and wording.is_like(known)
                ),
                None,
            )
            if like is not None:
                like.append(one.row.passage_id)
                continue
        if len(chosen) >= k:
            continue
        if several and of_report[one.row.report_key] >= ranking.per_report:
            held_back.append(one)
            continue
        of_report[one.row.report_key] += 1
        chosen.append((one, []))
        if ranking.repeats and several:
            wordings.append(wording)
    least = chosen[-1][0].score if chosen else 0.0
    return chosen + [(replace(one, score=min(one.score, least)), []) for one in held_back[: k - len(chosen)]]


def _sentences(row: Any, scorer: WordScorer) -> tuple[float, tuple[Span, ...]]:
    """How much the best sentence of a passage holds of the query, and the sentences that hold nearly as much."""
    if row.is_table:
        return 0.0, ()  # rows are no sentences
    spans = sentences(row.text)
    spans = [span for span in spans if _ENDS.search(span.of(row.text))] or spans  # a heading only where all are
    shares = [scorer.share(span.of(row.text)) for span in spans]
    best = max(shares, default=0.0)
    return best, tuple(
        Span(row.start + span.start, row.start + span.end)
        for span, share in zip(spans, shares, strict=True)
        if best > 0 and share >= _NEAR_BEST * best
    )
