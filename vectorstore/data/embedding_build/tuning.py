"""Moves token vectors so that the two texts of a pair come near one another, and away from the other pairs'.

Symmetric cross-entropy over the cosines within a batch (InfoNCE, as sentence-transformers'
MultipleNegativesSymmetricRankingLoss), on the mean of a text's tokens, with Adam. Written out in numpy: the gradient
of a mean of rows is two sparse products, and the same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from vectorstore.data.embedding_build.pairs import Pair
from vectorstore.terms import terms_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

EPOCHS = 4
BATCH = 256
RATE = 0.02
SCALE = 20.0
WARM_UP = 0.1
_SEED = 5


def tune(table: NDArray[np.float32], tokens: Sequence[str], pairs: Sequence[Pair]) -> NDArray[np.float32]:
    """The table after training.

    Args:
        table: One row a token.
        pairs: Those of the same group are not held against each other. Pairs of which one side has no known token are
            left out; so are the last ones of an epoch that don't fill a batch.
    """
    ids = {token: number for number, token in enumerate(tokens)}
    left = _counts([pair.question for pair in pairs], ids)
    right = _counts([pair.passage for pair in pairs], ids)
    groups = np.array([pair.group for pair in pairs])
    whole = (left.getnnz(1) > 0) & (right.getnnz(1) > 0)
    left, right, groups = left[whole], right[whole], groups[whole]
    batch = min(BATCH, len(groups))
    if batch < 2:
        return table
    steps = EPOCHS * (len(groups) // batch)
    generator = np.random.default_rng(_SEED)
    optimiser = _Adam(table.copy(), steps)
    for _ in range(EPOCHS):
        order = generator.permutation(len(groups))
        for start in range(0, len(groups) - batch + 1, batch):
            chosen = order[start : start + batch]
            optimiser.step(_gradient(optimiser.table, left[chosen], right[chosen], groups[chosen]))
    return optimiser.table


def _counts(texts: Sequence[str], ids: dict[str, int]) -> csr_matrix:
    """How often each token stands in each text."""
    rows: list[int] = []
    columns: list[int] = []
    for row, text in enumerate(texts):
        for term in terms_of(text):
            if term in ids:
                rows.append(row)
                columns.append(ids[term])
    return csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(texts), len(ids)))


def _gradient(
    table: NDArray[np.float32], left: csr_matrix, right: csr_matrix, groups: NDArray[np.int64]
) -> NDArray[np.float32]:
    x, x_lengths = _unit(left @ table)
    y, y_lengths = _unit(right @ table)
    size = len(groups)
    similarities = SCALE * (x @ y.T)
    same = groups[:, None] == groups[None, :]
    np.fill_diagonal(same, False)
    similarities[same] = -1e4
    by_row = np.exp(similarities - similarities.max(axis=1, keepdims=True))
    by_column = np.exp(similarities - similarities.max(axis=0, keepdims=True))
    by_row /= by_row.sum(axis=1, keepdims=True)
    by_column /= by_column.sum(axis=0, keepdims=True)
    wanted = 2 * np.eye(size, dtype=np.float32)
    slope = ((by_row + by_column - wanted) * (SCALE / (2 * size))).astype(np.float32)
    found: NDArray[np.float32] = left.T @ _through_unit(slope @ y, x, x_lengths)
    found += right.T @ _through_unit(slope.T @ x, y, y_lengths)
    return found


def _unit(sums: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    lengths = (np.linalg.norm(sums, axis=1, keepdims=True) + 1e-9).astype(np.float32)
    return sums / lengths, lengths


def _through_unit(
    slope: NDArray[np.float32], unit: NDArray[np.float32], lengths: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The slope by the vectors before they were made length 1."""
    along = (slope * unit).sum(axis=1, keepdims=True)
    through: NDArray[np.float32] = ((slope - unit * along) / lengths).astype(np.float32, copy=False)
    return through


class _Adam:
    """Adam with a warm-up, then falling to zero over a known number of steps."""

    def __init__(self, table: NDArray[np.float32], steps: int) -> None:
        self.table = table
        self._steps = steps
        self._step = 0
        self._mean = np.zeros_like(table)
        self._square = np.zeros_like(table)

    def step(self, gradient: NDArray[np.float32]) -> None:
        self._step += 1
        rate = RATE * min(1.0, self._step / max(1.0, WARM_UP * self._steps)) * (1 - self._step / self._steps)
        self._mean += 0.1 * (gradient - self._mean)
        self._square += 0.01 * (gradient * gradient - self._square)
        mean = self._mean / (1 - 0.9**self._step)
        square = self._square / (1 - 0.99**self._step)
        self.table -= (rate * mean / (np.sqrt(square) + 1e-8)).astype(np.float32)
