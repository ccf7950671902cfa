"""What a ranking is worth: recall, MRR and nDCG of one question, means over questions with bootstrap intervals.

Written here and not taken from a library, since a result may show several passages at once and recall is held against
what k results can hold at most, which trec_eval's measures (pytrec_eval, ir-measures, ranx) know nothing of; a test
compares with scikit-learn where the definitions meet.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Result = tuple[str, ...]
"""The ids of the passages that one result shows: mostly one, several for a chunk that spans them."""

MEASURES = ("recall@1", "recall@5", "recall@10", "MRR@10", "nDCG@10")
DEPTH = 10
RESAMPLES = 10_000
_SEED = 20_240_131


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with the bounds between which 95 % of the resampled means lie."""

    mean: float
    low: float
    high: float


def recall(results: Sequence[Result], relevant: AbstractSet[str], k: int) -> float:
    """The share of the relevant passages among the first k results, of as many as k results of one could show."""
    found = relevant & {passage for result in results[:k] for passage in result}
    return min(1.0, len(found) / min(k, len(relevant)))


def reciprocal_rank(results: Sequence[Result], relevant: AbstractSet[str], k: int = DEPTH) -> float:
    """One over the rank of the first result that shows something relevant; 0 if none of the first k does."""
    return next((1 / rank for rank, result in enumerate(results[:k], 1) if not relevant.isdisjoint(result)), 0.0)


def ndcg(results: Sequence[Result], relevant: AbstractSet[str], k: int = DEPTH) -> float:
    """Discounted gain of the results that show a relevant passage which none before showed, over the greatest gain."""
    gain, seen = 0.0, set[str]()
    for rank, result in enumerate(results[:k], 1):
        new = (relevant & set(result)) - seen
        gain += 1 / math.log2(rank + 1) if new else 0.0
        seen |= new
    return gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(relevant)) + 1))


def measure(results: Sequence[Result], relevant: AbstractSet[str]) -> list[float]:
    """All of ``MEASURES`` for one question, in their order, each between 0 and 1.

    Raises:
        ValueError: Nothing is relevant, so that nothing can be measured.
    """
    if not relevant:
        raise ValueError("A question without a relevant passage has neither recall nor rank.")
    recalls = [recall(results, relevant, k) for k in (1, 5, 10)]
    return [*recalls, reciprocal_rank(results, relevant), ndcg(results, relevant)]


def mean_interval(values: Collection[float] | NDArray[np.float64]) -> Interval:
    """The mean of one value a question, or of one difference a question, with its bootstrap interval.

    Differences of two systems on the same questions make it the paired bootstrap. The draws are the same for the same
    number of questions, so that a table can be made again.

    Raises:
        ValueError: There is no value.
    """
    sample = np.asarray(list(values), dtype=np.float64)
    if not sample.size:
        raise ValueError("There is no question to average over.")
    means = _draws(sample.size) @ sample
    low, high = np.percentile(means, (2.5, 97.5))
    return Interval(float(sample.mean()), float(low), float(high))


@lru_cache(maxsize=8)
def _draws(count: int) -> NDArray[np.float64]:
    """One row a resample: the share that each value has in it."""
    counts = np.random.default_rng(_SEED).multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    shares: NDArray[np.float64] = counts / count
    return shares


def share_interval(hits: int, of: int) -> Interval:
    """A share with Wilson's 95 % interval, which stays sensible where no error or only errors were seen.

    Raises:
        ValueError: ``of`` isn't positive.
    """
    if of < 1:
        raise ValueError("There is no question to take a share of.")
    z, share = 1.959964, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))
