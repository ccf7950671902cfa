"""How well a passage's words fit a query: BM25 over weighted fields, and how much of the query its best sentence holds.

BM25 as in Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), section 3.5, with the
fields' counts weighted before they saturate; the inverse document frequency is Lucene's, which is never negative.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from vectorstore.folding import fold_text
from vectorstore.ranking import Ranking
from vectorstore.retrieval.query_terms import QueryTerms

TYPICAL_LENGTH = 200
"""Characters of a passage of average length, as reports are cut."""
_LATIN = re.compile("[a-zà-ÿ0-9]")
_SENTENCE_END = re.compile("[。！？；\n!?;]")

_OTHERWISE = 0.8
"""What a way in which reports write something counts, beside the very words."""

_Term = tuple[str, float, re.Pattern[str] | None]
"""A term, what it is worth, and what finds it where that isn't simply the term."""


class WordScorer:
    """Scores passages against one query.

    Args:
        frequencies: In how many of ``total`` passages each term stands.
    """

    def __init__(self, terms: QueryTerms, frequencies: Mapping[str, int], total: int, ranking: Ranking) -> None:
        self._ranking = ranking

        def worth(term: str) -> float:
            # A term that no passage holds counts for the share: something was asked that isn't there.
            held = min(frequencies.get(term, 0), total)
            return math.log(1 + (total - held + 0.5) / (held + 0.5))

        weights = dict.fromkeys(terms.own, 1.0) | dict.fromkeys(terms.expansion, ranking.expansion)
        self._terms = [(term, weight * worth(term), _whole_run(term)) for term, weight in weights.items()]
        self._of_body = _Counted(self._terms, ranking.body)
        self._of_section = _Counted(self._terms, ranking.section)
        said = {term for concept in terms.concepts for term in concept.said}
        self._parts = [_Part.of([term], (), worth) for term in terms.own if term not in said]
        self._parts += [_Part.of(concept.said, concept.written, worth) for concept in terms.concepts]
        self._asked = math.fsum(part.weight for part in self._parts) or 1.0

    def score(self, body: str, section: str, text: str) -> float:
        """BM25 of a passage with its report's body and its heading; 0 where no term stands."""
        ranking, folded = self._ranking, fold_text(text)
        saturation = ranking.saturation
        limit = saturation * (1 - ranking.length + ranking.length * len(text) / TYPICAL_LENGTH)
        score = 0.0
        for (term, worth, run), in_body, in_section in zip(
            self._terms, self._of_body[body], self._of_section[section], strict=True
        ):
            inside = folded.count(term) if run is None else len(run.findall(folded))
            if count := in_body + in_section + ranking.text * inside:
                score += worth * count * (saturation + 1) / (count + limit)
        return score

    def best_share(self, text: str) -> float:
        """The share of the query's weight that the best sentence of a passage holds, 0 to 1."""
        folded = fold_text(text)
        parts = [part for part in self._parts if part.held_in(folded)]
        if not parts:
            return 0.0
        best = max(math.fsum(part.held_in(sentence) for part in parts) for sentence in _SENTENCE_END.split(folded))
        return min(best / self._asked, 1.0)

    def share(self, sentence: str) -> float:
        """The share of the query's weight that a sentence holds: 1 where it holds all of the query's own terms."""
        folded = fold_text(sentence)
        return min(math.fsum(part.held_in(folded) for part in self._parts) / self._asked, 1.0)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of what is asked: a term, or a concept with the ways in which reports write it.

    Attributes:
        weight: What it is worth to hold it.
        ways: Each way to say it: what it counts where all of it stands, and its terms with their shares of it.
    """

    weight: float
    ways: tuple[tuple[float, tuple[tuple[str, float, re.Pattern[str] | None], ...]], ...]

    @classmethod
    def of(cls, said: Sequence[str], written: Sequence[Sequence[str]], worth: Callable[[str], float]) -> _Part:
        ways = [(1.0, said), *((_OTHERWISE, way) for way in written)]
        weights = [math.fsum(map(worth, terms)) for _, terms in ways]
        # Latin words stand in no report: what they are worth is what is written for them.
        foreign = bool(written) and all(term.isascii() for term in said)
        return cls(
            max(weights[1:]) if foreign else max(weights[0], *weights[1:], 0.0) if not said else weights[0],
            tuple(
                (factor, tuple((term, worth(term) / weight, _whole_run(term)) for term in terms))
                for (factor, terms), weight in zip(ways, weights, strict=True)
                if weight > 0
            ),
        )

    def held_in(self, folded: str) -> float:
        return self.weight * max(
            (
                factor * math.fsum(s for t, s, run in terms if (t in folded if run is None else run.search(folded)))
                for factor, terms in self.ways
            ),
            default=0.0,
        )


class _Counted(dict[str, list[float]]):
    """By a name or a heading, which many passages share: the weighted count of each term in it."""

    def __init__(self, terms: Sequence[_Term], weight: float) -> None:
        super().__init__()
        self._terms = terms
        self._weight = weight

    def __missing__(self, words: str) -> list[float]:
        folded = fold_text(words)
        counted = [self._weight * _count(term, run, folded) if self._weight else 0.0 for term, _, run in self._terms]
        self[words] = counted
        return counted


def _whole_run(term: str) -> re.Pattern[str] | None:
    """What finds a term of digits or of Latin letters, which counts as a whole run only; ``None`` for Chinese."""
    if not _LATIN.match(term):
        return None
    kind = "0-9" if term[0].isdigit() else "a-zà-ÿ"
    return re.compile(f"(?<![{kind}]){re.escape(term)}(?![{kind}])")


def _count(term: str, run: re.Pattern[str] | None, folded: str) -> int:
    return folded.count(term) if run is None else len(run.findall(folded))


def standardise(scores: Sequence[float]) -> list[float]:
    """Scores as standard deviations from their mean; zeros where all are equal.

    Fused are scores and not ranks: reciprocal ranks were measured to wreck a strong full-text leg (MRR .977 to .722
    on CMRC 2018), while z-scores of each query's candidates keep it.
    """
    if not scores:
        return []
    mean = math.fsum(scores) / len(scores)
    deviation = math.sqrt(math.fsum((score - mean) ** 2 for score in scores) / len(scores))
    return [(score - mean) / deviation if deviation > 1e-12 else 0.0 for score in scores]
