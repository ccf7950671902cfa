"""Items of many reports grouped by what they are about: the matters that recur in the genre, else by shared words.

A group depends neither on the order of the items nor, for a known matter, on what other items there are.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.lexicons import read_lexicon
from assistant.prose.enumerations import without_mark
from vectorstore.folding import fold_text
from vectorstore.terms import terms_of

_FIRST_CLAUSE = re.compile("[,，。;；:：]")
_SHORTEST_CLAUSE = 6
"""Characters; a shorter first clause says little, and the next one is read with it."""
_STRONG, _STRONG_LATER, _WEAK, _WEAK_LATER = 3.0, 1.0, 1.0, 0.25
_LEAST_SCORE = 1.0
_LEAST_SIMILARITY = 0.3


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that recurs in the genre.

    Attributes:
        labels: By aspect (``problems``, ``improvement``) and language.
        strong, weak: Patterns over folded text.
        weight: Of a strong word, against those of other matters.
    """

    labels: dict[str, dict[str, str]]
    strong: tuple[re.Pattern[str], ...]
    weak: tuple[re.Pattern[str], ...]
    weight: float

    def score(self, first: str, whole: str) -> float:
        """How much an item is about it: words of its first clause count most."""
        strong = sum(self._weighed(p, first, whole, _STRONG, _STRONG_LATER) for p in self.strong)
        weak = sum(self._weighed(p, first, whole, _WEAK, _WEAK_LATER) for p in self.weak)
        return self.weight * strong + weak

    @staticmethod
    def _weighed(pattern: re.Pattern[str], first: str, whole: str, in_first: float, later: float) -> float:
        return in_first if pattern.search(first) else later if pattern.search(whole) else 0.0


def _lexicon() -> dict[str, Any]:
    return read_lexicon("themes")


@cache
def matters() -> tuple[Matter, ...]:
    """The matters of ``lexicons/themes.toml``, in its order."""
    return tuple(
        Matter(
            {aspect: theme[aspect] for aspect in ("problems", "improvement")},
            tuple(map(re.compile, theme["strong"])),
            tuple(map(re.compile, theme["weak"])),
            theme.get("weight", 1.0),
        )
        for theme in _lexicon()["theme"]
    )


def matter_of(item: str) -> Matter | None:
    """The matter that an item is about; ``None`` where it is none that is known. Of equals the first named."""
    whole = fold_text(without_mark(item))
    first = first_clause(whole)
    best = max(matters(), key=lambda matter: matter.score(first, whole))
    return best if best.score(first, whole) >= _LEAST_SCORE else None


def first_clause(item: str) -> str:
    """The first clause of an item without its mark, or as many as make a phrase."""
    words = without_mark(item)
    for match in _FIRST_CLAUSE.finditer(words):
        if match.start() >= _SHORTEST_CLAUSE:
            return words[: match.start()]
    return words.rstrip("。；;,， ")


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that say the same sort of thing, as positions in what was grouped; ``matter`` where it is a known one."""

    members: tuple[int, ...]
    matter: Matter | None

    def label(self, texts: Sequence[str], aspect: str, language: str) -> str:
        """What it is about: the matter's name for an aspect, else the first clause of its most typical text."""
        if self.matter is not None:
            return self.matter.labels[aspect][language]
        return first_clause(typical([texts[position] for position in self.members]))


def group_texts(texts: Sequence[str], *, known: bool = True) -> list[Group]:
    """Groups of item texts: one for each matter, the rest by the words they share; members in the order given.

    Args:
        known: Whether the texts are of the kind that has known matters, problems or measures.
    """
    if not known:
        return [Group(tuple(members), None) for members in _by_words(texts, range(len(texts)))]
    of_matter: dict[int, list[int]] = defaultdict(list)
    rest: list[int] = []
    matter_at: dict[str, int | None] = {}
    for position, text in enumerate(texts):
        if text not in matter_at:
            matter = matter_of(text)
            matter_at[text] = None if matter is None else matters().index(matter)
        at = matter_at[text]
        if at is None:
            rest.append(position)
        else:
            of_matter[at].append(position)
    groups = [Group(tuple(members), matters()[at]) for at, members in sorted(of_matter.items())]
    return groups + [Group(tuple(members), None) for members in _by_words(texts, rest)]


def typical(texts: Sequence[str]) -> str:
    """The text that has most in common with the others; of equals the shortest, then the first in order."""
    vectors = _vectors(texts)
    distinct = sorted(set(texts), key=lambda text: (len(text), text))
    return max(distinct, key=lambda text: sum(_similarity(vectors[text], vectors[other]) for other in texts))


def _by_words(texts: Sequence[str], positions: Sequence[int]) -> list[list[int]]:
    """Each text joins the group that it is most like on average, or begins one; in the order of the texts' words."""
    where: dict[str, list[int]] = defaultdict(list)
    for position in positions:
        where[texts[position]].append(position)
    vectors = _vectors([texts[position] for position in positions])
    groups: list[list[str]] = []
    for text in sorted(where):
        likeness = [sum(_similarity(vectors[text], vectors[o]) for o in group) / len(group) for group in groups]
        best = max(range(len(groups)), key=lambda at: likeness[at], default=-1)
        if best >= 0 and likeness[best] >= _LEAST_SIMILARITY:
            groups[best].append(text)
        else:
            groups.append([text])
    return [sorted(position for text in group for position in where[text]) for group in groups]


def _vectors(texts: Sequence[str]) -> dict[str, dict[str, float]]:
    """By text, the weights of its bigrams: tf-idf of unit length, over the distinct texts."""
    distinct = list(dict.fromkeys(texts))
    counted = {text: Counter(_bigrams(text)) for text in distinct}
    held = Counter(bigram for terms in counted.values() for bigram in terms)
    vectors = {}
    for text, terms in counted.items():
        weights = {b: n * math.log(1 + len(distinct) / held[b]) for b, n in terms.items()}
        length = math.sqrt(sum(w * w for w in weights.values())) or 1.0
        vectors[text] = {b: w / length for b, w in weights.items()}
    return vectors


def _bigrams(text: str) -> list[str]:
    telling = _common().sub(" ", fold_text(without_mark(text)))
    return [term for term in terms_of(telling) if len(term) > 1]


@cache
def _common() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_lexicon()["common"], key=len, reverse=True))))


def _similarity(a: dict[str, float], b: dict[str, float]) -> float:
    few, many = (a, b) if len(a) <= len(b) else (b, a)
    return sum(weight * many.get(bigram, 0.0) for bigram, weight in few.items())
