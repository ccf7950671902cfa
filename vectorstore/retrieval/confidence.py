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

from vectorstore.records import Hit

ANSWERS = 0.6
"""From here on what is found may be called an answer; below, what is nearest."""
LEAST = 0.4
"""Below, nothing is near."""

_OF_SHARE, _OF_LEAD, _CONSTANT = 2.28, 0.247, -1.17
_MOST_SHARE, _MOST_LEAD = 0.6, 8.0
_FIRST = 3
_TELLING_SHARE, TOLD = 0.5, 0.9
"""A sentence that holds half of the question answered it in 22 of 24 cases, whatever else was found."""


def confidence(hits: Sequence[Hit]) -> float:
    """The likelihood, 0 to 1, that one of the first three passages of a search answers; 0 for none.

    Args:
        hits: As `Index.search` gives them, best first; fewer than ten make the rest a poor measure.
    """
    if not hits:
        return 0.0
    share = max(hit.share for hit in hits[:_FIRST])
    lead = hits[0].score - statistics.median(hit.score for hit in hits)
    log_odds = _OF_SHARE * min(share, _MOST_SHARE) + _OF_LEAD * min(lead, _MOST_LEAD) + _CONSTANT
    likelihood = 1 / (1 + math.exp(-log_odds))
    return max(likelihood, TOLD) if share >= _TELLING_SHARE else likelihood
