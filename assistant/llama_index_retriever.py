"""The retriever as LlamaIndex's ``BaseRetriever``: nodes carry the place that they come from, and each leg's score."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from vectorstore.records import Hit

NOT_READ = ["report_id", "start", "end", "page", "sentences", "repeats", "scores", "likelihood", "source"]
"""Metadata that a language model or an embedding is not shown: it says nothing of the matter."""


class NianbaoRetriever(BaseRetriever):  # type: ignore[misc]  # mypy skips llama_index
    """Retrieves passages by a search of an `Assistant`.

    Each node's text equals its report's canonical text from ``start_char_idx`` to ``end_char_idx``. Its metadata names
    report_id, title, body, kind, region, year, section, start, end, page and source; ``citation``, the reference in
    words; ``sentences``, the sentences that answer, each with its start, end and text; ``repeats``, the ids of passages
    of other reports that say nearly the same; ``scores``, one of each leg that found it; and ``likelihood``, how likely
    it is that one of the first three nodes answers at all.

    Args:
        search: From a query to hits, best first: ``Assistant.search`` with its filters settled.
    """

    def __init__(self, search: Callable[[str], Sequence[Hit]], **settings: Any) -> None:
        super().__init__(**settings)
        self._search = search

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [NodeWithScore(node=_node(hit), score=hit.score) for hit in self._search(query_bundle.query_str)]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


def _node(hit: Hit) -> TextNode:
    passage, report = hit.passage, hit.report
    return TextNode(
        id_=passage.passage_id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=report.report_id)},
        excluded_llm_metadata_keys=NOT_READ,
        excluded_embed_metadata_keys=NOT_READ,
        metadata={
            "report_id": report.report_id,
            "title": report.title,
            "body": report.body,
            "kind": str(report.kind),
            "region": report.region,
            "year": report.year,
            "section": passage.section,
            "start": passage.start,
            "end": passage.end,
            "page": passage.page,
            "source": report.source,
            "citation": cite(hit),
            "sentences": [
                {"start": span.start, "end": span.end, "text": passage.quote(span)} for span in hit.sentences
            ],
            "repeats": list(hit.repeats),
            "scores": dict(hit.scores),
            "likelihood": hit.likelihood,
        },
    )


def cite(hit: Hit) -> str:
    """Where a passage stands, in words: body, title, section, page or characters."""
    passage, report = hit.passage, hit.report
    place = f"p. {passage.page}" if passage.page is not None else f"{passage.start}–{passage.end}"
    return "，".join(part for part in (report.body, f"《{report.title}》", passage.section, place) if part)
