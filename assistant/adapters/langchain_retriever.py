"""The search as LangChain's ``BaseRetriever``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from assistant.adapters.metadata import hit_metadata
from assistant.threads import in_thread
from vectorstore.errors import QuestionError
from vectorstore.records import Hit

_OF_A_CALL = ("k", "year", "kind", "region", "body", "section", "narrow")


class NianbaoLangChainRetriever(BaseRetriever):
    """Retrieves passages by a search of an `Assistant`.

    A document's ``page_content`` equals its report's canonical text from ``metadata["start"]`` to ``metadata["end"]``,
    its ``id`` is the passage's permanent one, and its metadata is that of a LlamaIndex node, with its ``score``.

    Attributes:
        search: From a query, and by name what a call gives, to hits, best first: ``Assistant.search``.
        k: How many documents at most.

    A call may give another ``k``, and other filters: ``retriever.invoke(query, k=3, year=2022)``.
    """

    search: Callable[..., Sequence[Hit]]
    k: int = 10

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun | None = None, **given: Any
    ) -> list[Document]:
        for name in given:
            if name not in _OF_A_CALL:
                raise QuestionError(f"A retriever is not called with {name!r}; it takes {', '.join(_OF_A_CALL)}.")
        return [_document(hit) for hit in self.search(query, **{"k": self.k} | given)]

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun | None = None, **given: Any
    ) -> list[Document]:
        return await in_thread(self._get_relevant_documents, query, **given)


def _document(hit: Hit) -> Document:
    return Document(hit.passage.text, id=hit.id or None, metadata={**hit_metadata(hit), "score": hit.score})
