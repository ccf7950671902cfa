"""Embedding models behind one small interface, and how one is chosen.

A model that keeps one vector a token (static) is read with numpy alone, so the bundled one needs no torch. Any other
goes through sentence-transformers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from vectorstore.embedding_settings import BUNDLED, EmbeddingSettings
from vectorstore.errors import EmbeddingError
from vectorstore.model_loading import existing_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class EmbeddingModel(Protocol):
    """What turns texts into vectors. All vectors are float32 of length 1, so that a dot product is a cosine.

    Attributes:
        name: What was asked for: ``bundled``, a path or a hub name.
        dimension: Of every vector.
        fingerprint: Changes when the model's vectors of passages would.
    """

    @property
    def name(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    @property
    def fingerprint(self) -> str: ...

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of passages: one row a text, in their order. A text without any known token has a row of zeros.

        Raises:
            EmbeddingError: The device's memory doesn't suffice, or the vectors are unusable.
        """
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a query."""
        ...


class LoadedEmbedding(EmbeddingModel, Protocol):
    """What `load_embedding` gives.

    Attributes:
        settings: With the prompts and the commit that it really has, so that the same can be loaded again.
    """

    @property
    def settings(self) -> EmbeddingSettings: ...


def bundled_model_folder() -> Path:
    """Where the model that comes with Nianbao lies."""
    return Path(str(files("vectorstore.data"))) / "embedding_model"


def load_embedding(
    embedding: str | Path | EmbeddingSettings | None = None,
    *,
    device: str | None = None,
    batch_size: int | None = None,
) -> LoadedEmbedding:
    """Load a model.

    Args:
        embedding: A folder with a model, or a name on the Hugging Face hub, or settings; ``None`` for the bundled one.
        device: In place of that of the settings. Static models don't use it.
        batch_size: In place of that of the settings. Static models don't use it.

    Raises:
        EmbeddingError: It isn't there, can't be fetched, or isn't a model.
    """
    from vectorstore.static_embedding import StaticEmbedding

    settings = EmbeddingSettings.of(embedding)
    settings = replace(
        settings, device=device or settings.device, batch_size=settings.batch_size if batch_size is None else batch_size
    )
    if settings.name == BUNDLED:
        return StaticEmbedding(settings, bundled_model_folder())
    folder = existing_folder(settings.name, "an embedding model", EmbeddingError)
    if folder is not None and is_static(folder):
        return StaticEmbedding(settings, folder)
    from vectorstore.sentence_transformer_embedding import SentenceTransformerEmbedding

    return SentenceTransformerEmbedding(settings)


def is_static(folder: Path) -> bool:
    """Whether a folder holds a model with one vector a token, as sentence-transformers or model2vec saves it."""
    modules = folder / "modules.json"
    if modules.is_file():
        listed = json.loads(modules.read_text(encoding="utf-8"))
        first = str(listed[0].get("type", "")) if listed else ""
        # Further modules than normalisation would be left out by reading the table alone.
        rest = [str(module.get("type", "")) for module in listed[1:]]
        return first.endswith("StaticEmbedding") and all(kind.endswith("Normalize") for kind in rest)
    config = folder / "config.json"
    return config.is_file() and json.loads(config.read_text(encoding="utf-8")).get("model_type") == "model2vec"
