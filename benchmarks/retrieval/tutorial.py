"""LlamaIndex as its starter tutorial puts it together, over the same texts, here with the bundled embedding model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.retrieval.corpus import Corpus
from benchmarks.retrieval.measures import Result
from vectorstore.records import Passage


class LlamaIndexTutorial:
    """Default ``SentenceSplitter``, a Chroma collection, the question as the query.

    Its chunks are longer than our passages. A result shows all the passages that its chunk overlaps, and counts as
    right if one of them is: the most that can be said for it.
    """

    name = "LlamaIndex tutorial"

    def __init__(self, corpus: Corpus, folder: Path | None = None) -> None:
        """Build it; its collection lies in ``folder``, else in memory."""
        import chromadb
        from llama_index.core import Document, StorageContext, VectorStoreIndex
        from llama_index.core.node_parser import SentenceSplitter
        from llama_index.vector_stores.chroma import ChromaVectorStore

        from vectorstore.llama_index_embedding import NianbaoEmbedding

        settings = chromadb.Settings(anonymized_telemetry=False)
        client: Any = (
            chromadb.EphemeralClient(settings)
            if folder is None
            else chromadb.PersistentClient(path=str(folder), settings=settings)
        )
        # Clients in memory share what they hold within a process.
        if any(collection.name == "tutorial" for collection in client.list_collections()):
            client.delete_collection("tutorial")
        collection = client.create_collection("tutorial", embedding_function=None, metadata={"hnsw:space": "cosine"})
        reports = corpus.index.reports()
        self._passages = {report.report_id: corpus.index.passages(report.report_id) for report in reports}
        self._index = VectorStoreIndex.from_documents(
            [
                Document(
                    text=corpus.index.text(report.report_id),
                    metadata={"report_id": report.report_id, "title": report.title},
                    excluded_embed_metadata_keys=["report_id"],
                    excluded_llm_metadata_keys=["report_id"],
                )
                for report in reports
            ],
            storage_context=StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection)),
            embed_model=NianbaoEmbedding.load(embed_batch_size=100),
            transformations=[SentenceSplitter()],
        )

    def rank(self, question: str, k: int) -> list[Result]:
        """The passages of the nearest chunks."""
        found = self._index.as_retriever(similarity_top_k=k).retrieve(question)
        return [self._within(hit.node.metadata["report_id"], hit.node) for hit in found]

    def _within(self, report_id: str, node: Any) -> Result:
        start, end = node.start_char_idx, node.end_char_idx
        return tuple(_overlapping(self._passages[report_id], start, end))


def _overlapping(passages: Sequence[Passage], start: int, end: int) -> list[str]:
    return [passage.passage_id for passage in passages if passage.start < end and start < passage.end]
