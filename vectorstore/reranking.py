"""Rerankers: models that read a question and a passage together, and how one is chosen.

They order the few passages that the search found. None comes with Nianbao: one is named by folder or hub name.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from vectorstore.errors import RerankerError
from vectorstore.model_loading import existing_folder

RERANKER_VARIABLE = "NIANBAO_RERANKER"
NO_RERANKER = "none"


class Reranker(Protocol):
    """What says how well passages answer a query.

    Attributes:
        name: What was asked for: a path or a hub name.
    """

    @property
    def name(self) -> str: ...

    def score(self, query: str, passages: Sequence[str]) -> list[float]:
        """One finite number a passage, in their order; higher answers better.

        The numbers are a model's own, mostly log odds: they can be compared within one query only.

        Raises:
            RerankerError: The model cannot be loaded, or its scores are unusable.
        """
        ...


def load_reranker(
    name_or_path: str | Path,
    *,
    device: str | None = None,
    batch_size: int | None = None,
    max_length: int | None = None,
) -> Reranker:
    """The reranker in a folder or of a hub name. Its weights are loaded when it first scores.

    Args:
        device: ``cpu``, ``cuda`` …; ``None`` for ``$NIANBAO_DEVICE``, or else the best there is.
        batch_size: Pairs at a time; ``None`` for ``$NIANBAO_BATCH_SIZE``, or else 32.
        max_length: Tokens of query and passage together, of which the rest is cut; ``None`` for the model's own limit.

    Raises:
        RerankerError: There is no such folder.
    """
    from vectorstore.cross_encoder_reranker import CrossEncoderReranker

    folder = existing_folder(name_or_path, "a reranker", RerankerError)
    name = str(name_or_path) if folder is None else str(folder)
    return CrossEncoderReranker(name, device=device, batch_size=batch_size, max_length=max_length)


def chosen_reranker(name: str | Path | None = None) -> Reranker | None:
    """The reranker of that name, or else that of ``$NIANBAO_RERANKER``; ``None`` without either, or for ``none``."""
    wanted = name if name is not None else os.environ.get(RERANKER_VARIABLE)
    return load_reranker(wanted) if wanted and str(wanted) != NO_RERANKER else None
