"""Other ways to search the same passages under the same headings, each as its library's own documentation builds it."""

from __future__ import annotations

import logging
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.retrieval.measures import Result
from vectorstore.embedding import bundled_model_folder
from vectorstore.folding import fold_text
from vectorstore.terms import terms_of

Headed = Sequence[tuple[str, str]]
"""Passages: each its id and its text under body, year and section."""


class Bm25:
    """BM25 by bm25s (k1 1.5, b .75, as it comes) over the words that a function cuts texts into."""

    def __init__(self, name: str, passages: Headed, words_of: Callable[[str], list[str]]) -> None:
        import bm25s

        self.name = name
        self._ids = [passage_id for passage_id, _ in passages]
        self._words_of = words_of
        self._bm25 = bm25s.BM25()
        self._bm25.index([words_of(text) for _, text in passages], show_progress=False)

    def rank(self, question: str, k: int) -> list[Result]:
        """The best passages; those that share no word with the question are left out."""
        words = [word for word in self._words_of(question) if word in self._bm25.vocab_dict]
        if not words:
            return []
        found, scores = self._bm25.retrieve([words], k=min(k, len(self._ids)), show_progress=False)
        return [(self._ids[at],) for at, score in zip(found[0], scores[0], strict=True) if score > 0]


def jieba_words(text: str) -> list[str]:
    """Words as jieba cuts them, without punctuation and white space."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    return [word for word in jieba.lcut(fold_text(text)) if any(character.isalnum() for character in word)]


def bigrams(text: str) -> list[str]:
    """Bigrams of Han characters; runs of digits and Latin letters whole."""
    return [term for term in terms_of(text) if len(term) > 1 or term.isascii()]


class Lsa:
    """Latent semantic analysis: TF-IDF over characters and bigrams, cut to 256 dimensions, compared by cosine."""

    name = "LSA, 256 dimensions"

    def __init__(self, passages: Headed, dimensions: int = 256) -> None:
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import Normalizer

        self._ids = [passage_id for passage_id, _ in passages]
        counted = TfidfVectorizer(analyzer=terms_of, sublinear_tf=True, min_df=2, max_features=80_000, dtype=np.float32)
        kept = min(dimensions, len(passages) - 1)
        self._pipeline: Any = make_pipeline(counted, TruncatedSVD(kept, random_state=1), Normalizer(copy=False))
        self._vectors = self._pipeline.fit_transform([text for _, text in passages]).astype(np.float32)

    def rank(self, question: str, k: int) -> list[Result]:
        """The nearest passages."""
        scores = self._vectors @ self._pipeline.transform([question])[0].astype(np.float32)
        return [(self._ids[at],) for at in best_of(scores, k)]


def best_of(scores: np.ndarray[Any, np.dtype[np.float32]], k: int) -> list[int]:
    """The places of the k highest scores, highest first."""
    k = min(k, len(scores))
    highest = np.argpartition(-scores, k - 1)[:k]
    return [int(at) for at in highest[np.argsort(-scores[highest], kind="stable")]]


def write_random_model(folder: Path, texts: Sequence[str], seed: int = 1) -> Path:
    """The bundled model with its vectors replaced by random ones: what a vocabulary gives without any training.

    Args:
        texts: Their terms' frequencies p give the vectors their weights, 1e-3 / (1e-3 + p).
    """
    from safetensors.numpy import load_file, save_file

    shutil.copytree(bundled_model_folder(), folder, dirs_exist_ok=True)
    counted = Counter(term for text in texts for term in terms_of(text))
    total = sum(counted.values()) or 1
    path = folder / "model.safetensors"
    tensors = load_file(path)
    table = tensors["embeddings"]
    weights = np.ones(len(table), dtype=np.float32)
    for term, number in _vocabulary(folder).items():
        share = counted[term] / total
        weights[number] = 1e-3 / (1e-3 + share)
    random = np.random.default_rng(seed).standard_normal(table.shape).astype(np.float32)
    tensors["embeddings"] = (random * weights[:, None]).astype(np.float16)
    save_file(tensors, path)
    return folder


def _vocabulary(folder: Path) -> dict[str, int]:
    from tokenizers import Tokenizer

    vocabulary: dict[str, int] = Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab()
    return vocabulary
