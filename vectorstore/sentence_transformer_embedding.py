"""Any model of sentence-transformers, by name or folder. Loading it brings in torch, which takes seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.embedding import folder_fingerprint
from vectorstore.errors import EmbeddingError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class SentenceTransformerEmbedding:
    """A model with its own prompts for queries and passages, where it has them."""

    def __init__(self, name: str, *, device: str | None = None, batch_size: int = 64) -> None:
        """Load a model from a folder, or by name from the hub or the local hub cache.

        Raises:
            EmbeddingError: It cannot be loaded, for instance because the hub cannot be reached.
        """
        from sentence_transformers import SentenceTransformer

        self.name = name
        self._batch_size = batch_size
        is_local = Path(name).is_dir()
        try:
            self._model = SentenceTransformer(name, device=device)
        except Exception as error:  # the hub client, transformers and torch each raise their own kinds
            what_to_do = (
                "Check that the folder holds a whole sentence-transformers model."
                if is_local
                else "If this machine cannot reach the Hugging Face hub, copy the model into a folder and name that "
                "folder instead, or leave --embedding out to use the bundled model."
            )
            first_line = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise EmbeddingError(
                f"The embedding model {name} cannot be loaded ({first_line[:200]}). {what_to_do}"
            ) from error
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise EmbeddingError(f"The embedding model {name} doesn't say how long its vectors are.")
        self.dimension = int(dimension)
        # A model from the hub is told by its vectors: its files may lie anywhere in the cache.
        self.fingerprint = (
            folder_fingerprint(Path(name))
            if is_local
            else hashlib.sha256(self.embed_query("政府信息公开").round(3).tobytes()).hexdigest()[:16]
        )

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `EmbeddingModel` says."""
        import numpy

        if not texts:
            return numpy.zeros((0, self.dimension), dtype=numpy.float32)
        return self._checked(
            self._model.encode_document(
                list(texts), batch_size=self._batch_size, normalize_embeddings=True, show_progress_bar=False
            )
        )

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """As `EmbeddingModel` says."""
        vectors = self._model.encode_query([text], normalize_embeddings=True, show_progress_bar=False)
        vector: NDArray[np.float32] = self._checked(vectors)[0]
        return vector

    def _checked(self, vectors: object) -> NDArray[np.float32]:
        import numpy

        checked = numpy.asarray(vectors, dtype=numpy.float32)
        if not numpy.isfinite(checked).all():
            raise EmbeddingError(f"The embedding model {self.name} gave vectors with no finite values.")
        return checked
