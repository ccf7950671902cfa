"""Any cross-encoder of sentence-transformers, by name or folder. Loading it brings in torch, which takes seconds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING, Any

from vectorstore.errors import RerankerError
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

_PROBE = [("有多少件政府信息公开申请", "本年度收到政府信息公开申请。"), ("举办培训", "联系电话见网站。")]


class CrossEncoderReranker:
    """A model with one score a pair, such as BAAI/bge-reranker-v2-m3 or Qwen3-Reranker."""

    def __init__(
        self, name: str, *, device: str | None = None, batch_size: int | None = None, max_length: int | None = None
    ) -> None:
        """As `load_reranker` says; nothing is loaded yet."""
        self.name = name
        self._device = chosen_device(device)
        self._batch_size = chosen_batch_size(batch_size, RerankerError)
        self._max_length = max_length
        self._model: Any = None
        self._lock = RLock()

    def score(self, query: str, passages: Sequence[str]) -> list[float]:
        """As `Reranker` says."""
        if not passages:
            return []
        with self._lock:
            if self._model is None:
                self._model = self._load()
            pairs = [(query, passage) for passage in passages]
            scores, self._batch_size = with_smaller_batches(
                partial(self._predict, self._model, pairs), self._batch_size, RerankerError
            )
        return [float(score) for score in scores]

    def _load(self) -> Any:
        model = self._load_once()
        if not fit_precision(model, lambda: self._predict(model, _PROBE, len(_PROBE), checked=False)):
            model = self._load_once()
        if model.num_labels != 1:
            raise RerankerError(
                f"The model {self.name} gives {model.num_labels} scores for a pair, and a reranker gives one. Name a "
                f"cross-encoder made for ranking."
            )
        return model

    def _load_once(self) -> Any:
        from sentence_transformers import CrossEncoder

        model, _ = load_model(
            partial(CrossEncoder, device=self._device, max_length=self._max_length),
            self.name,
            revision=None,
            organisation="cross-encoder",
            what="the reranker",
            error=RerankerError,
            way_out=", or go on without a reranker",
            accepts=(ModelKind.CROSS_ENCODER,),
            needs="A reranker has to be a cross-encoder, which scores a question and a passage together, such as "
            "BAAI/bge-reranker-v2-m3. Name one, or go on without a reranker (none).",
        )
        return model

    def _predict(
        self, model: Any, pairs: list[tuple[str, str]], batch_size: int, *, checked: bool = True
    ) -> NDArray[np.float32]:
        import numpy
        from torch import nn

        # The logit and not its sigmoid, which is 1.0 in single precision for all passages that answer well.
        found = model.predict(pairs, batch_size=batch_size, activation_fn=nn.Identity(), show_progress_bar=False)
        scores = numpy.asarray(found, dtype=numpy.float32)
        if checked and not numpy.isfinite(scores).all():
            raise RerankerError(f"The reranker {self.name} gave scores that are no numbers. Name another one.")
        return scores
