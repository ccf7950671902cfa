"""Vectors of what stands beside what: positive pointwise mutual information, reduced by singular value decomposition.

Tokens are those of ``vectorstore.terms``: characters, bigrams, and runs of Latin letters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix  # type: ignore[import-untyped]
from sklearn.utils.extmath import randomized_svd  # type: ignore[import-untyped]

from vectorstore.terms import terms_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOW = 6  # characters to either side
SMOOTHING = 0.75
SIF = 1e-3
RAREST = 3
_SEED = 20_190_515
_BLOCK = 20_000  # texts at a time: their pairs are held in memory
_RUN = re.compile(r"[㐀-䶿一-鿿豈-﫿〇]+|[0-9]+(?:\.[0-9]+)?|[a-zà-ÿ]+")


def count_terms(texts: Iterable[str]) -> Counter[str]:
    """How often each term stands in the texts."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(terms_of(text))
    return counts


def choose_tokens(counts: Mapping[str, float], wanted: Iterable[str], most: int) -> list[str]:
    """The vocabulary: Chinese characters seen three times, what is ``wanted``, then the commonest bigrams."""
    ordered = sorted(counts, key=lambda term: (-counts[term], term))
    chosen = dict.fromkeys(
        [term for term in ordered if len(term) == 1 and not term.isascii() and counts[term] >= RAREST]
    )
    chosen |= dict.fromkeys(sorted(wanted))
    for term in ordered:
        if len(chosen) >= most or counts[term] < RAREST:
            break
        if len(term) == 2 and not term.isascii():
            chosen[term] = None
    return list(chosen)[:most]


def count_neighbours(texts: Sequence[str], tokens: Sequence[str]) -> csr_matrix:
    """How often two tokens stand near one another, nearer counting more. Overlapping tokens are no neighbours."""
    ids = {token: number for number, token in enumerate(tokens)}
    shape = (len(tokens), len(tokens))
    total = csr_matrix(shape, dtype=np.float32)
    for start in range(0, len(texts), _BLOCK):
        layers = _positions(texts[start : start + _BLOCK], ids)
        for left, left_length in layers:
            for right, _ in layers:
                for distance in range(left_length, WINDOW + left_length):
                    a, b = left[:-distance], right[distance:]
                    known = (a >= 0) & (b >= 0)
                    weights = np.full(int(known.sum()), 1.0 / (1.0 + 0.2 * (distance - left_length)), np.float32)
                    total = total + coo_matrix((weights, (a[known], b[known])), shape=shape).tocsr()
    return (total + total.T).tocsr()


def _positions(texts: Iterable[str], ids: Mapping[str, int]) -> list[tuple[NDArray[np.int32], int]]:
    """The token that begins at each place, -1 where none known does: of one character or word, and of two."""
    ones: list[int] = []
    twos: list[int] = []
    for text in texts:
        for run in _RUN.findall(text):
            if run[0] < "\u3000":
                ones += [ids.get(run, -1), -1]
                twos += [-1, -1]
            else:
                ones += [ids.get(character, -1) for character in run] + [-1]
                twos += [ids.get(run[i : i + 2], -1) for i in range(len(run) - 1)] + [-1, -1]
        ones += [-1] * WINDOW
        twos += [-1] * WINDOW
    return [(np.array(ones, dtype=np.int32), 1), (np.array(twos, dtype=np.int32), 2)]


def vectors(neighbours: csr_matrix, frequencies: NDArray[np.float64], dimension: int) -> NDArray[np.float32]:
    """Token vectors, of mean length 16 before each is weighted down the commoner it is (SIF).

    So weighted, the mean of a text's tokens says what the text is about. Tokens that never occurred are next to zero.
    """
    by_row = np.asarray(neighbours.sum(axis=1)).ravel()
    smoothed = by_row**SMOOTHING
    smoothed /= smoothed.sum()
    pairs = neighbours.tocoo()
    with np.errstate(divide="ignore"):
        information = np.log(pairs.data / (by_row[pairs.row] * smoothed[pairs.col]))
    positive = information > 0
    matrix = csr_matrix(
        (information[positive].astype(np.float32), (pairs.row[positive], pairs.col[positive])), shape=neighbours.shape
    )
    left, singular, _ = randomized_svd(matrix, n_components=dimension, n_iter=3, random_state=_SEED)
    found = left * np.sqrt(singular)
    lengths = np.linalg.norm(found, axis=1)
    found *= 16.0 / lengths[lengths > 0].mean()
    found *= (SIF / (SIF + frequencies / frequencies.sum()))[:, None]
    found[frequencies == 0] *= 0.01
    return np.asarray(found, dtype=np.float32)
