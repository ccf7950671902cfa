"""Embedding models behind one small interface, and how one is chosen.

A model that keeps one vector a token (static) is read with numpy alone, so the bundled one needs no torch. Any other
goes through sentence-transformers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from vectorstore.errors import EmbeddingError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class EmbeddingModel(Protocol):
    """What turns texts into vectors. All vectors are float32 of length 1, so that a dot product is a cosine.

    Attributes:
        name: What was asked for: ``bundled``, a path or a hub name.
        dimension: Of every vector.
        fingerprint: Changes when the model's vectors would.
    """

    @property
    def name(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    @property
    def fingerprint(self) -> str: ...

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of passages: one row a text, in their order. A text without any known token has a row of zeros."""
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a query."""
        ...


def bundled_model_folder() -> Path:
    """Where the model that comes with Nianbao lies."""
    return Path(str(files("vectorstore.data"))) / "embedding_model"


def load_embedding(
    name_or_path: str | Path | None = None, *, device: str | None = None, batch_size: int = 64
) -> EmbeddingModel:
    """Load a model.

    Args:
        name_or_path: A folder with a model, or a name on the Hugging Face hub; ``None`` for the bundled one.
        device: ``cpu``, ``cuda`` …; ``None`` for the best there is. Static models don't use it.
        batch_size: Passages at a time. Static models don't use it.

    Raises:
        EmbeddingError: It isn't there, can't be fetched, or isn't a model.
    """
    from vectorstore.static_embedding import StaticEmbedding

    if name_or_path is None or name_or_path == "bundled":
        return StaticEmbedding("bundled", bundled_model_folder())
    folder = Path(name_or_path).expanduser()
    if folder.is_dir() and is_static(folder):
        return StaticEmbedding(str(folder.resolve()), folder)
    looks_like_path = str(name_or_path).startswith((".", "/", "~")) or str(name_or_path).count("/") > 1
    if looks_like_path and not folder.is_dir():
        raise EmbeddingError(f"There is no folder {folder} with an embedding model. Check the path.")
    from vectorstore.sentence_transformer_embedding import SentenceTransformerEmbedding

    return SentenceTransformerEmbedding(
        str(folder.resolve()) if folder.is_dir() else str(name_or_path), device=device, batch_size=batch_size
    )


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


def folder_fingerprint(folder: Path) -> str:
    """Sixteen hex digits of what the files of a model say; notes about it don't count."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".md" and not path.name.startswith("."):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
