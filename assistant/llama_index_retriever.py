"""The retriever as LlamaIndex's ``BaseRetriever``: nodes carry the place that they come from, and each leg's score."""

from __future__ import annotations

from typing import Any

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from vectorstore.index import Index
from vectorstore.records import Hit, Scope


class NianbaoRetriever(BaseRetriever):  # type: ignore[misc]  # mypy skips llama_index
    """Retrieves passages by the index's hybrid search.

    Each node's text equals its report's canonical text from ``start_char_idx`` to ``end_char_idx``; its metadata names
    report_id, title, body, kind, region, year, section, start, end, source and ``scores``.

    Args:
        k: How many passages to return.
    """

    def __init__(self, index: Index, *, scope: Scope | None = None, k: int = 10, **settings: Any) -> None:
        super().__init__(**settings)
        self._index = index
        self._scope = scope or Scope()
        self._k = k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._index.search(query_bundle.query_str, self._scope, self._k)
        return [NodeWithScore(node=_node(hit), score=hit.score) for hit in hits]


def _node(hit: Hit) -> TextNode:
    passage, report = hit.passage, hit.report
    return TextNode(
        id_=passage.passage_id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=report.report_id)},
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
            "source": report.source,
            "scores": dict(hit.scores),
        },
    )
