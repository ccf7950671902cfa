"""Our embedding models as LlamaIndex's ``BaseEmbedding``, for programs that open the Chroma collection themselves.

embed_model = NianbaoEmbedding.of_collection(collection)    # the model that made its vectors
store = ChromaVectorStore(chroma_collection=collection)
index = VectorStoreIndex.from_vector_store(store, embed_model=embed_model)
"""

from __future__ import annotations

import asyncio
from typing import Any, Self

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr

from vectorstore.embedding import EmbeddingModel, load_embedding
from vectorstore.embedding_settings import EmbeddingSettings


class NianbaoEmbedding(BaseEmbedding):  # type: ignore[misc]  # llama_index is not followed by mypy
    """A LlamaIndex embedding over an `EmbeddingModel`."""

    _model: EmbeddingModel = PrivateAttr()

    def __init__(self, model: EmbeddingModel, **settings: Any) -> None:
        super().__init__(model_name=model.name, **settings)
        self._model = model

    @classmethod
    def load(cls, embedding: str | EmbeddingSettings | None = None, **settings: Any) -> Self:
        """Load a model by name or path or settings, as `load_embedding` does; ``None`` for the bundled one."""
        return cls(load_embedding(embedding), **settings)

    @classmethod
    def of_collection(cls, collection: Any, **settings: Any) -> Self:
        """The model that made the vectors of a Chroma collection of ours, with the prompts that it was used with."""
        recorded = EmbeddingSettings.recorded(collection.metadata or {})
        return cls(load_embedding(recorded), **settings)

    @classmethod
    def class_name(cls) -> str:
        return "NianbaoEmbedding"

    def _get_query_embedding(self, query: str) -> list[float]:
        embedding: list[float] = self._model.embed_query(query).tolist()
        return embedding

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        embeddings: list[list[float]] = self._model.embed_passages(texts).tolist()
        return embeddings

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    async def _aget_text_embedding(self, text: str) -> list[float]:
        return await asyncio.to_thread(self._get_text_embedding, text)
