"""Places in reports as LlamaIndex nodes, each with its report as source and its characters in the report's text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.schema import NodeRelationship, NodeWithScore, RelatedNodeInfo, TextNode

from assistant.adapters.metadata import citation_metadata, hit_metadata
from assistant.answer import Citation
from vectorstore.records import Hit

_NOT_READ_OF_HIT = ("id", "report_id", "start", "end", "page", "sentences", "repeats", "scores", "likelihood", "source")
_NOT_READ_OF_CITATION = ("id", "report_id", "passage_id", "quote", "start", "end", "page", "cell", "source")
"""Metadata that a language model or an embedding is not shown: it says nothing of the matter."""


def node_of_hit(hit: Hit) -> NodeWithScore:
    """A passage that was found; its node's id is the passage's."""
    passage = hit.passage
    node = _node(
        passage.passage_id,
        passage.text,
        (passage.start, passage.end),
        hit.report.report_id,
        hit_metadata(hit),
        _NOT_READ_OF_HIT,
    )
    return NodeWithScore(node=node, score=hit.score)


def node_of_citation(citation: Citation) -> NodeWithScore:
    """A place that an answer cites; its node's id is the place's permanent one. No score: an answer ranks none."""
    node = _node(
        citation.id,
        citation.quote,
        (citation.start, citation.end),
        citation.report_id,
        citation_metadata(citation),
        _NOT_READ_OF_CITATION,
    )
    return NodeWithScore(node=node)


def _node(
    node_id: str,
    text: str,
    span: tuple[int, int],
    report_id: str,
    metadata: dict[str, Any],
    not_read: Sequence[str],
) -> TextNode:
    return TextNode(
        id_=node_id,
        text=text,
        start_char_idx=span[0],
        end_char_idx=span[1],
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=report_id)},
        excluded_llm_metadata_keys=list(not_read),
        excluded_embed_metadata_keys=list(not_read),
        metadata=metadata,
    )
