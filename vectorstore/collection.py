"""The Chroma collection of passages: the only file that imports chromadb.

Entries have the layout that LlamaIndex's own Chroma store writes, so any LlamaIndex program can open the collection.
They are written here, beneath that store, because building its nodes costs more than embedding them does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vectorstore.errors import IndexFolderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "passages"

# Chroma hands ids to SQLite as parameters, of which a statement takes a limited number.
_READ_BATCH = 1_000


FINGERPRINT = "embedding_fingerprint"
"""The entry of the collection's own metadata that says which model made its vectors."""


class PassageCollection:
    """The vectors of passages, by passage id, in cosine space."""

    def __init__(self, folder: Path, *, create: bool, made_by: Mapping[str, str] | None = None) -> None:
        """Open the collection in a folder; with ``create``, make it there if it isn't.

        Args:
            made_by: Of a collection that is made: what to keep with it of the model, among it ``FINGERPRINT``.

        Raises:
            IndexFolderError: It cannot be opened.
        """
        import chromadb
        from chromadb.config import Settings
        from chromadb.errors import NotFoundError

        self._folder = folder
        self._client: Any = None
        try:
            if create:
                folder.mkdir(parents=True, exist_ok=True)
            self._client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
            try:
                self._collection = self._client.get_collection(NAME, embedding_function=None)
            except NotFoundError:
                if not create:
                    raise
                self._collection = self._make_collection(made_by)
        except Exception as error:  # Chroma raises errors of many kinds, some from its Rust part
            if self._client is None:
                _forget_failed_start(folder)
            self.close()
            raise IndexFolderError(
                f"The Chroma collection in {folder} cannot be opened ({error}). Delete that folder and ingest again: "
                f"it is rebuilt from the database."
            ) from error

    def _make_collection(self, made_by: Mapping[str, str] | None) -> Any:
        # No embedding function: Chroma's default one is a model that it would download.
        return self._client.create_collection(
            NAME,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine"}},
            metadata=dict(made_by) if made_by else None,
        )

    @property
    def fingerprint(self) -> str | None:
        """The fingerprint of the model that made the vectors; ``None`` in collections of earlier versions."""
        found = (self._collection.metadata or {}).get(FINGERPRINT)
        return None if found is None else str(found)

    def describe(self, made_by: Mapping[str, str]) -> None:
        """Keep with the collection what made its vectors, where that isn't known or no longer right."""
        if dict(self._collection.metadata or {}) != dict(made_by):
            with self._writing():
                self._collection.modify(metadata=dict(made_by))

    def close(self) -> None:
        """Let go of the collection's files."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def count(self) -> int:
        """How many passages have vectors."""
        return int(self._collection.count())

    def ids(self) -> list[str]:
        """The ids of all passages that have vectors."""
        return list(self._collection.get(include=[])["ids"])

    def clear(self, made_by: Mapping[str, str] | None = None) -> None:
        """Take everything out, so that another model's vectors can go in."""
        with self._writing():
            self._client.delete_collection(NAME)
            self._collection = self._make_collection(made_by)

    def upsert(self, passages: Sequence[Any], vectors: NDArray[np.float32]) -> None:
        """Put passages in, or in place of those with the same ids.

        Args:
            passages: Rows with the columns of ``passages`` and report_id, body, kind, region, year, title, source.
            vectors: One row each, in the same order.

        Raises:
            IndexFolderError: They cannot be written, for instance because the disk is full.
        """
        with self._writing():
            largest = self._client.get_max_batch_size()
            for start in range(0, len(passages), largest):
                batch = passages[start : start + largest]
                self._collection.upsert(
                    ids=[row.passage_id for row in batch],
                    embeddings=vectors[start : start + largest],
                    documents=[row.text for row in batch],
                    metadatas=[node_metadata(row) for row in batch],
                )

    def delete(self, passage_ids: Sequence[str]) -> None:
        """Take passages out; ids that aren't there don't matter."""
        if passage_ids:
            with self._writing():
                self._collection.delete(ids=list(passage_ids))

    def nearest(self, vector: NDArray[np.float32], limit: int) -> dict[str, float]:
        """The nearest passages by id, nearest first, with their cosine similarities.

        Raises:
            IndexFolderError: The collection cannot be read.
        """
        with self._reading():
            wanted = min(limit, self.count())
            if not wanted:
                return {}
            found = self._collection.query(query_embeddings=[vector], n_results=wanted, include=["distances"])
        return {pid: 1.0 - distance for pid, distance in zip(found["ids"][0], found["distances"][0], strict=True)}

    def vectors(self, passage_ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors of those of the passages that have one.

        Raises:
            IndexFolderError: The collection cannot be read.
        """
        vectors: dict[str, NDArray[np.float32]] = {}
        with self._reading():
            for start in range(0, len(passage_ids), _READ_BATCH):
                batch = list(passage_ids[start : start + _READ_BATCH])
                found = self._collection.get(ids=batch, include=["embeddings"])
                vectors.update(zip(found["ids"], found["embeddings"], strict=True))
        return vectors

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # as above; another process may have changed the files under an open collection
            raise IndexFolderError(f"The Chroma collection in {self._folder} cannot be read ({error}).") from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # as above
            raise IndexFolderError(
                f"The Chroma collection in {self._folder} cannot be written ({error}). Nothing is lost: mend the "
                f"cause, a full disk for instance, and run the command again."
            ) from error


def _forget_failed_start(folder: Path) -> None:
    # Chroma keeps a client that couldn't start, and would give it to whoever opens the same folder later, when what
    # was wrong has long been mended. It has nothing public to take back that one alone.
    from chromadb.api.shared_system_client import SharedSystemClient

    if not getattr(SharedSystemClient, "_identifier_to_refcount", {}).get(str(folder)):
        getattr(SharedSystemClient, "_identifier_to_system", {}).pop(str(folder), None)


def node_metadata(row: Any) -> dict[str, str | int | bool]:
    """A passage's metadata as LlamaIndex writes that of a TextNode: ours, flat, and the node without its text."""
    own: dict[str, Any] = {
        "report_id": row.report_id,
        "title": row.title,
        "body": row.body,
        "kind": row.kind,
        "region": row.region or "",
        "section": row.section,
        "start": row.start,
        "end": row.end,
        "source": row.source,
    }
    if row.year is not None:  # a year that isn't known has no number: Chroma would have to store one
        own["year"] = row.year
    related = {
        "node_id": row.report_id,
        "node_type": "4",
        "metadata": {},
        "hash": None,
        "class_name": "RelatedNodeInfo",
    }
    node = {
        "id_": row.passage_id,
        "embedding": None,
        "metadata": own,
        "excluded_embed_metadata_keys": [],
        "excluded_llm_metadata_keys": [],
        "relationships": {"1": related},
        "metadata_template": "{key}: {value}",
        "metadata_separator": "\n",
        "text": "",
        "mimetype": "text/plain",
        "start_char_idx": row.start,
        "end_char_idx": row.end,
        "text_template": "{metadata_str}\n\n{content}",
        "class_name": "TextNode",
    }
    return own | {
        "_node_content": json.dumps(node, ensure_ascii=False),
        "_node_type": "TextNode",
        "document_id": row.report_id,
        "doc_id": row.report_id,
        "ref_doc_id": row.report_id,
    }
