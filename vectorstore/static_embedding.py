"""Models with one vector a token: numpy only, a fraction of a second to load."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vectorstore.embedding_settings import EmbeddingSettings
from vectorstore.errors import EmbeddingError
from vectorstore.fingerprints import folder_fingerprint, with_settings
from vectorstore.terms import terms_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EXPANDED = "characters_and_bigrams"
"""The value of ``text_preparation`` in a model's config.json that says: its texts go through `terms.expand` first."""
_TABLES = ("embeddings", "embedding.weight")
"""What model2vec and sentence-transformers call the table of vectors."""


class StaticEmbedding:
    """The mean of its tokens' vectors, made length 1."""

    def __init__(self, settings: EmbeddingSettings, folder: Path) -> None:
        """Load the model in a folder, which sentence-transformers or model2vec wrote.

        Raises:
            EmbeddingError: The folder doesn't hold a whole model.
        """
        self.name = settings.name
        try:
            config = _read_json(folder / "config.json")
            expanded = config.get("text_preparation") == EXPANDED
            read = _read_terms if expanded else _read_tokens
            self._sum, self.dimension = read(folder)
            fingerprint = folder_fingerprint(folder)
            prompts = _read_json(folder / "config_sentence_transformers.json").get("prompts") or {}
        except (OSError, ValueError, KeyError) as error:
            raise EmbeddingError(f"The embedding model in {folder} cannot be loaded ({error}).") from error
        except Exception as error:  # tokenizers and safetensors raise bare Exceptions from Rust
            raise EmbeddingError(f"The embedding model in {folder} is damaged ({error}).") from error
        own_query = prompts.get("query") or ""
        own_passage = next((prompts[name] for name in ("document", "passage", "corpus") if prompts.get(name)), "")
        self.settings = replace(
            settings,
            query_prompt=own_query if settings.query_prompt is None else settings.query_prompt,
            passage_prompt=own_passage if settings.passage_prompt is None else settings.passage_prompt,
        )
        self._query_prompt, self._passage_prompt = self.settings.query_prompt or "", self.settings.passage_prompt or ""
        changed = self._passage_prompt if self._passage_prompt != own_passage else None
        self.fingerprint = with_settings(fingerprint, changed, None)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `EmbeddingModel` says."""
        return self._embed([self._passage_prompt + text for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """As `EmbeddingModel` says."""
        vector: NDArray[np.float32] = self._embed([self._query_prompt + text])[0]
        return vector

    def _embed(self, texts: list[str]) -> NDArray[np.float32]:
        import numpy

        if not texts:
            return numpy.zeros((0, self.dimension), dtype=numpy.float32)
        sums = self._sum(texts)
        lengths = numpy.linalg.norm(sums, axis=1, keepdims=True)
        lengths[lengths == 0] = 1.0
        vectors: NDArray[np.float32] = sums / lengths
        return vectors


Sum = Callable[[list[str]], "NDArray[np.float32]"]
"""Gives for each text the sum (or the mean) of its tokens' vectors."""


def _read_terms(folder: Path) -> tuple[Sum, int]:
    """A model whose tokens are our own terms: no tokenizer is needed.

    model2vec reads it too, but importing that brings in a client of the Hugging Face hub and takes longer than all the
    rest: 0.25 s against 0.65 s from a cold start. And sending the terms, joined, through the tokenizer gives the
    same vectors several times as slowly.
    """
    import numpy
    from safetensors import safe_open

    with safe_open(folder / "model.safetensors", framework="numpy") as tensors:
        held = set(tensors.keys())
        name = next((name for name in _TABLES if name in held), None)
        if name is None or len(held) > 1:
            # model2vec may keep weights and a mapping of tokens beside the table: left out, the vectors would be wrong.
            raise ValueError(f"model.safetensors holds {', '.join(sorted(held))} instead of just one table of vectors")
        # Half precision is for the package's size: reckoning in it is slower and loses digits.
        table: NDArray[np.float32] = tensors.get_tensor(name).astype(numpy.float32)
    vocabulary: dict[str, int] = _read_json(folder / "tokenizer.json")["model"]["vocab"]
    if not vocabulary or max(vocabulary.values()) >= len(table):
        raise ValueError(f"tokenizer.json has {len(vocabulary)} tokens, and there are {len(table)} vectors")
    id_of = vocabulary.get

    def add_up(texts: list[str]) -> NDArray[np.float32]:
        sums = numpy.zeros((len(texts), table.shape[1]), dtype=numpy.float32)
        ones = numpy.ones(0, dtype=numpy.float32)
        for row, text in enumerate(texts):
            known = [number for number in map(id_of, terms_of(text)) if number is not None]
            if known:
                if len(ones) < len(known):
                    ones = numpy.ones(len(known), dtype=numpy.float32)
                # A product with ones adds the rows up three times as fast as their sum() does.
                sums[row] = ones[: len(known)] @ table.take(known, axis=0)
        return sums

    return add_up, int(table.shape[1])


def _read_tokens(folder: Path) -> tuple[Sum, int]:
    """A model with a tokenizer of its own."""
    import numpy
    from model2vec import StaticModel

    # The default cuts texts at 512 tokens.
    model = StaticModel.from_pretrained(folder, normalize=True, max_length=None)
    model.embedding = model.embedding.astype(numpy.float32)

    def encode(texts: list[str]) -> NDArray[np.float32]:
        return numpy.asarray(model.encode(texts, use_multiprocessing=False), dtype=numpy.float32)

    return encode, int(model.embedding.shape[1])


def _read_json(path: Path) -> dict[str, Any]:
    """What a JSON file holds; nothing if there is no such file."""
    if not path.is_file():
        return {}
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read
