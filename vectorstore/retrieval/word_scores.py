"""How well a passage's words fit a query: BM25 over weighted fields, and how much of the query its best sentence holds.

BM25 as in Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), section 3.5, with the
fields' counts weighted before they saturate; the inverse document frequency is Lucene's, which is never negative.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from vectorstore.folding import fold_text
from vectorstore.ranking import Ranking
from vectorstore.retrieval.query_terms import Concept, QueryTerms

TYPICAL_LENGTH = 200
"""Characters of a passage of average length, as reports are cut."""
_LATIN = re.compile("[a-zà-ÿ0-9]")
_SENTENCE_END = re.compile("[。！？；\n!?;]")

_OTHERWISE = 0.8
"""What a way in which reports write something counts, beside the very words."""


class WordScorer:
    """Scores passages against one query, and remembers what it has read of them.

    Args:
        frequencies: In how many of ``total`` passages each term stands.

    Attributes:
        weights: Of each term, by how rare it is and whose it is: the query's own or of the expansion.
    """

    def __init__(self, terms: QueryTerms, frequencies: Mapping[str, int], total: int, ranking: Ranking) -> None:
        self._ranking = ranking

        def worth(term: str) -> float:
            # A term that no passage holds counts for the share: something was asked that isn't there.
            held = min(frequencies.get(term, 0), total)
            return math.log(1 + (total - held + 0.5) / (held + 0.5))

        factors = dict.fromkeys(terms.own, 1.0) | dict.fromkeys(terms.expansion, ranking.expansion)
        self.weights = {term: factor * worth(term) for term, factor in factors.items()}
        self._finder = _Finder(self.weights)
        self._asked = _Asked(terms, worth)
        self._outside: dict[tuple[str, str], dict[str, float]] = {}
        self._read: dict[str, tuple[str, dict[str, int]]] = {}

    def score(self, body: str, section: str, text: str) -> float:
        """BM25 of a passage with its report's body and its heading; 0 where no term stands."""
        ranking, weights = self._ranking, self.weights
        saturation = ranking.saturation
        limit = saturation * (1 - ranking.length + ranking.length * len(text) / TYPICAL_LENGTH)
        counts = dict(self._counts_outside(body, section))
        for term, count in self._reading(text)[1].items():
            counts[term] = counts.get(term, 0.0) + ranking.text * count
        return (saturation + 1) * math.fsum([weights[term] * n / (n + limit) for term, n in counts.items() if n])

    def best_share(self, text: str) -> float:
        """The share of the query's weight that the best sentence of a passage holds, 0 to 1."""
        folded, counts = self._reading(text)
        held = [self._finder.among(counts, sentence) for sentence in _SENTENCE_END.split(folded)]
        return max(map(self._asked.share, held), default=0.0)

    def share(self, sentence: str) -> float:
        """The share of the query's weight that a sentence holds: 1 where it holds all of the query's own terms."""
        return self._asked.share(self._finder.counts(fold_text(sentence)))

    def folded(self, text: str) -> str:
        """A passage as it is matched."""
        return self._reading(text)[0]

    def _reading(self, text: str) -> tuple[str, dict[str, int]]:
        """A passage's text folded, and how often each term that stands in it does."""
        read = self._read.get(text)
        if read is None:
            folded = fold_text(text)
            read = self._read[text] = folded, self._finder.counts(folded)
        return read

    def _counts_outside(self, body: str, section: str) -> dict[str, float]:
        """The weighted counts in a body's name and a heading, which many passages share."""
        found = self._outside.get((body, section))
        if found is None:
            found = self._outside[body, section] = {}
            for words, weight in ((body, self._ranking.body), (section, self._ranking.section)):
                for term, count in self._finder.counts(fold_text(words)).items() if weight else ():
                    found[term] = found.get(term, 0.0) + weight * count
        return found


class _Finder:
    """Finds terms in folded texts."""

    def __init__(self, terms: Iterable[str]) -> None:
        # Most terms begin with a character that a text doesn't hold at all, which is soon seen.
        self._by_first: dict[str, list[str]] = {}
        self._runs: dict[str, re.Pattern[str]] = {}
        for term in terms:
            self._by_first.setdefault(term[0], []).append(term)
            run = _whole_run(term)
            if run is not None:
                self._runs[term] = run

    def counts(self, folded: str) -> dict[str, int]:
        """How often each term that stands in a text does."""
        counts: dict[str, int] = {}
        for first, terms in self._by_first.items():
            if first in folded:
                for term in terms:
                    count = len(self._runs[term].findall(folded)) if term in self._runs else folded.count(term)
                    if count:
                        counts[term] = count
        return counts

    def among(self, terms: Iterable[str], folded: str) -> list[str]:
        """Those of some terms that stand in a text."""
        runs = self._runs
        return [term for term in terms if term in folded and (term not in runs or runs[term].search(folded))]


class _Asked:
    """What a query asks for: its terms, and its concepts with the ways in which reports write each."""

    def __init__(self, terms: QueryTerms, worth: Callable[[str], float]) -> None:
        self._ways_with: dict[str, list[tuple[int, float]]] = {}
        self._part_of_way: list[int] = []
        said = {term for concept in terms.concepts for term in concept.said}
        parts = [Concept((term,), ()) for term in terms.own if term not in said]
        weights = [self._add(number, part, worth) for number, part in enumerate((*parts, *terms.concepts))]
        self._weight = math.fsum(weights) or 1.0

    def _add(self, number: int, part: Concept, worth: Callable[[str], float]) -> float:
        """Add a part; what it is worth to hold it."""
        ways = [(1.0, part.said), *((_OTHERWISE, way) for way in part.written)]
        totals = [math.fsum(map(worth, terms)) for _, terms in ways]
        # Latin words stand in no report: what they are worth is what is written for them.
        foreign = bool(part.written) and all(term.isascii() for term in part.said)
        weight = max(totals[1:]) if foreign else totals[0]
        for (factor, terms), total in zip(ways, totals, strict=True):
            for term in terms if total > 0 else ():
                of_way = weight * factor * worth(term) / total
                self._ways_with.setdefault(term, []).append((len(self._part_of_way), of_way))
            self._part_of_way.append(number)
        return weight

    def share(self, held: Iterable[str]) -> float:
        """The share of it, 0 to 1, that something holds which holds some terms: of each part its best way counts."""
        of_way: dict[int, float] = {}
        for term in held:
            for way, weight in self._ways_with.get(term, ()):
                of_way[way] = of_way.get(way, 0.0) + weight
        of_part: dict[int, float] = {}
        for way, weight in of_way.items():
            part = self._part_of_way[way]
            of_part[part] = max(of_part.get(part, 0.0), weight)
        return min(math.fsum(of_part.values()) / self._weight, 1.0)


def _whole_run(term: str) -> re.Pattern[str] | None:
    """What finds a term of digits or of Latin letters, which counts as a whole run only; ``None`` for Chinese."""
    if not _LATIN.match(term):
        return None
    kind = "0-9" if term[0].isdigit() else "a-zà-ÿ"
    return re.compile(f"(?<![{kind}]){re.escape(term)}(?![{kind}])")


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
