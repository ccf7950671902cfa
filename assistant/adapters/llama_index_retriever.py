"""The search as LlamaIndex's ``BaseRetriever``: nodes carry the place that they come from, and each leg's score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.adapters.llama_index_nodes import node_of_hit
from assistant.threads import in_thread
from vectorstore.records import Hit


class NianbaoRetriever(BaseRetriever):  # type: ignore[misc]  # mypy skips llama_index
    """Retrieves passages by a search of an `Assistant`.

    Each node's text equals its report's canonical text from ``start_char_idx`` to ``end_char_idx``. Its metadata names
    report_id, title, body, kind, region, year, section, start, end, page and source; ``id``, the passage's permanent
    one; ``citation``, the reference in words; ``sentences``, the sentences that answer, each with its start, end and
    text; ``repeats``, the ids of passages of other reports that say nearly the same; ``scores``, one of each leg that
    found it; and ``likelihood``, how likely it is that one of the first three nodes answers at all.

    Args:
        search: From a query to hits, best first: ``Assistant.search`` with its filters settled.
    """

    def __init__(self, search: Callable[[str], Sequence[Hit]], **settings: Any) -> None:
        super().__init__(**settings)
        self._search = search

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [node_of_hit(hit) for hit in self._search(query_bundle.query_str)]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await in_thread(self._retrieve, query_bundle)
