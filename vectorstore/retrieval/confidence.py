"""How likely it is that what a search found answers at all: nothing is always nearest, also where nothing answers.

Two things tell: how much of the question a single sentence holds, and how far the first passage stands out from the
rest. Their weights were fitted to the 105 tuning questions of ``benchmarks/retrieval``, of which 30 have no answer
(`docs/retrieval.md` has the error rates on the others). They say little of questions that are put in quite other
words than the reports': those are found as "nearest" rather than as answers.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

ANSWERS = 0.6
"""From this likelihood on what is found may be called an answer; below, what is nearest."""
LEAST = 0.4
"""Below, nothing is near."""
FIRST, CONSIDERED = 3, 20
"""Passages of which one is to answer, and those that they have to stand out from."""

_OF_SHARE, _OF_LEAD, _CONSTANT = 2.28, 0.247, -1.17
_MOST_SHARE, _MOST_LEAD = 0.6, 8.0
_TELLING_SHARE, TOLD = 0.5, 0.9
"""A sentence that holds half of the question answered it in 22 of 24 cases, whatever else was found."""


def likelihood(shares: Sequence[float], scores: Sequence[float]) -> float:
    """How likely it is, 0 to 1, that one of the first three passages answers; 0 for none.

    Args:
        shares: How much of the query the best sentence of each of the first passages holds.
        scores: Fused, of the first ``CONSIDERED`` passages, best first: before a reranker, whose scores are its own.
    """
    if not scores:
        return 0.0
    share = max(shares[:FIRST], default=0.0)
    lead = scores[0] - statistics.median(scores[:CONSIDERED])
    log_odds = _OF_SHARE * min(share, _MOST_SHARE) + _OF_LEAD * min(lead, _MOST_LEAD) + _CONSTANT
    estimate = 1 / (1 + math.exp(-log_odds))
    return max(estimate, TOLD) if share >= _TELLING_SHARE else estimate
