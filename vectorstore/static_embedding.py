"""Models with one vector a token, read by model2vec: numpy only, a fraction of a second to load."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.embedding import folder_fingerprint
from vectorstore.errors import EmbeddingError
from vectorstore.terms import terms_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EXPANDED = "characters_and_bigrams"
"""The value of ``text_preparation`` in a model's config.json that says: its texts go through `terms.expand` first."""


class StaticEmbedding:
    """The mean of its tokens' vectors, made length 1."""

    def __init__(self, name: str, folder: Path) -> None:
        """Load the model in a folder, which sentence-transformers or model2vec wrote.

        Raises:
            EmbeddingError: The folder doesn't hold a whole model.
        """
        import numpy
        from model2vec import StaticModel

        self.name = name
        try:
            # The default cuts texts at 512 tokens, which is 256 characters once bigrams are counted.
            self._model = StaticModel.from_pretrained(folder, normalize=True, max_length=None)
            self.fingerprint = folder_fingerprint(folder)
        except (OSError, ValueError, KeyError) as error:
            raise EmbeddingError(f"The embedding model in {folder} cannot be loaded ({error}).") from error
        except Exception as error:  # tokenizers and safetensors raise bare Exceptions from Rust
            raise EmbeddingError(f"The embedding model in {folder} is damaged ({error}).") from error
        # Half precision is for the package's size: reckoning in it is slower and loses digits.
        self._model.embedding = self._model.embedding.astype(numpy.float32)
        self.dimension = int(self._model.embedding.shape[1])
        config = folder / "config.json"
        prepared = json.loads(config.read_text(encoding="utf-8")) if config.is_file() else {}
        self._ids: dict[str, int] | None = None
        if prepared.get("text_preparation") == EXPANDED:
            self._ids = {token: number for number, token in enumerate(self._model.tokens)}

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `EmbeddingModel` says."""
        import numpy

        if not texts:
            return numpy.zeros((0, self.dimension), dtype=numpy.float32)
        if self._ids is not None:
            return self._embed_terms(texts, self._ids)
        vectors = self._model.encode(list(texts), use_multiprocessing=False)
        return numpy.asarray(vectors, dtype=numpy.float32)

    def _embed_terms(self, texts: Sequence[str], ids: dict[str, int]) -> NDArray[np.float32]:
        # The terms are the tokens already. Sending them through the tokenizer, joined, gives the same vectors five
        # times as slowly: 2,000 passages of 200 characters took 0.87 s that way and 0.19 s this way.
        import numpy

        table = self._model.embedding
        sums = numpy.zeros((len(texts), self.dimension), dtype=numpy.float32)
        for row, text in enumerate(texts):
            known = [ids[term] for term in terms_of(text) if term in ids]
            if known:
                sums[row] = table[known].sum(axis=0)
        lengths = numpy.linalg.norm(sums, axis=1, keepdims=True)
        lengths[lengths == 0] = 1.0
        vectors: NDArray[np.float32] = sums / lengths
        return vectors

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """As `EmbeddingModel` says."""
        vector: NDArray[np.float32] = self.embed_passages([text])[0]
        return vector
