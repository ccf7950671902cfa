"""Any model of sentence-transformers, by name or folder. Loading it brings in torch, which takes seconds."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vectorstore.embedding_settings import EmbeddingSettings, listed_prompts
from vectorstore.errors import EmbeddingError
from vectorstore.fingerprints import folder_fingerprint, with_settings
from vectorstore.model_loading import (
    ModelKind,
    chosen_batch_size,
    chosen_device,
    fit_precision,
    load_model,
    with_smaller_batches,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PROBE = ["本年度收到政府信息公开申请。", "举办业务培训，发布政策解读，办理行政复议。"]


class SentenceTransformerEmbedding:
    """A model with prompts for queries and passages: those given, or its own, or those listed for it."""

    def __init__(self, settings: EmbeddingSettings) -> None:
        """Load a model from a folder, or by name from the local hub cache or the hub.

        Raises:
            EmbeddingError: It cannot be loaded, for instance because the hub cannot be reached.
        """
        self.name = settings.name
        self._device = chosen_device(settings.device)
        self._batch_size = chosen_batch_size(settings.batch_size)
        self._model, revision = self._load(settings)
        if not fit_precision(self._model, lambda: self._encode(_PROBE, "", checked=False)):
            self._model, revision = self._load(settings)
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise EmbeddingError(f"The embedding model {self.name} doesn't say how long its vectors are.")
        self.dimension = int(dimension)
        own = {name: prompt for name, prompt in self._model.prompts.items() if prompt}
        own_passage = next((own[name] for name in ("document", "passage", "corpus") if name in own), "")
        listed = listed_prompts(self.name) if not own else ("", "")
        query, passage = settings.query_prompt, settings.passage_prompt
        self.settings = replace(
            settings,
            query_prompt=(own.get("query") or listed[0]) if query is None else query,
            passage_prompt=(own_passage or listed[1]) if passage is None else passage,
            revision=revision,
        )
        base = hashlib.sha256(revision.encode()).hexdigest()[:16] if revision else folder_fingerprint(Path(self.name))
        given = None if self.settings.passage_prompt == own_passage else self.settings.passage_prompt
        self.fingerprint = with_settings(base, given, settings.max_length)

    def _load(self, settings: EmbeddingSettings) -> tuple[Any, str | None]:
        from sentence_transformers import SentenceTransformer

        model, revision = load_model(
            partial(SentenceTransformer, device=self._device),
            settings.name,
            revision=settings.revision,
            organisation="sentence-transformers",
            what="the embedding model",
            error=EmbeddingError,
            way_out=", or use the bundled model (--embedding bundled)",
            accepts=(ModelKind.EMBEDDING, ModelKind.ENCODER),
            needs="Vectors need an embedding model, which makes one vector of a text, such as BAAI/bge-small-zh-v1.5. "
            "Name one, or use the bundled model (--embedding bundled); a cross-encoder is named with --reranker.",
        )
        if settings.max_length is not None:
            model.max_seq_length = settings.max_length
        if revision is None and not (Path(settings.name) / "modules.json").is_file():
            logging.getLogger(__name__).warning(
                "The folder %s has no modules.json, so the mean of the tokens' vectors is used. Models that were made "
                "for another pooling need that file and the folders that it names.",
                settings.name,
            )
        return model, revision

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `EmbeddingModel` says."""
        import numpy

        if not texts:
            return numpy.zeros((0, self.dimension), dtype=numpy.float32)
        return self._encode(list(texts), self.settings.passage_prompt)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """As `EmbeddingModel` says."""
        vector: NDArray[np.float32] = self._encode([text], self.settings.query_prompt, query=True)[0]
        return vector

    def _encode(
        self, texts: list[str], prompt: str | None, *, query: bool = False, checked: bool = True
    ) -> NDArray[np.float32]:
        import numpy

        # Both kinds have a method of their own: some models send them through different layers.
        encode = self._model.encode_query if query else self._model.encode_document

        def run(batch_size: int) -> Any:
            return encode(
                texts, prompt=prompt, batch_size=batch_size, normalize_embeddings=True, show_progress_bar=False
            )

        found, self._batch_size = with_smaller_batches(run, self._batch_size, EmbeddingError)
        vectors = numpy.asarray(found, dtype=numpy.float32)
        if checked and not numpy.isfinite(vectors).all():
            raise EmbeddingError(f"The embedding model {self.name} gave vectors with no finite values. Name another.")
        return vectors
