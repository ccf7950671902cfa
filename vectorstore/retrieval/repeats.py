"""Passages of several reports that say nearly the same, told by the triples of characters that they share.

Offices copy their sentences from one another and from the year before, changing names and numbers. Ten of them are
one answer, so the best one is shown and the others are counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from vectorstore.folding import fold_label

_ALIKE = 0.55
"""The share of triples, of those of both together, from which two passages say the same: a changed word in a sentence
of twenty characters costs three triples of each."""
_SAMPLED = 80
"""Triples that stand for all of a passage: comparing all of a hundred passages' took a fifth of a search."""
_DENIAL = re.compile("[没未无不非]")
_CHANGES = re.compile(r"[0-9.,%]+|[、，。；：！？“”‘’（）()《》:;!?\"'-]")


class Wording:
    """What a passage says, without what changes from office to office: numbers, marks, the body's own name."""

    def __init__(self, words: str) -> None:
        self._words = words

    @cached_property
    def triples(self) -> frozenset[str]:
        """Every three characters that stand beside one another."""
        return frozenset([self._words[at : at + 3] for at in range(self._places)])

    @property
    def _places(self) -> int:
        return max(len(self._words) - 2, 0)

    @cached_property
    def _sample(self) -> list[str]:
        step = max(1, self._places // _SAMPLED)
        return [self._words[at : at + 3] for at in range(0, self._places, step)]

    @cached_property
    def _denials(self) -> int:
        return len(_DENIAL.findall(self._words))

    def is_like(self, other: Wording) -> bool:
        """Whether both say nearly the same; what one denies and the other states is not the same."""
        if self._denials != other._denials:
            return False
        mine, others = self._places, other._places
        if not mine or not others or min(mine, others) < _ALIKE * max(mine, others):
            return False
        shared = mine * sum(map(other.triples.__contains__, self._sample)) / len(self._sample)
        return shared >= _ALIKE * (mine + others - shared)


def wording_of(text: str, names: Sequence[str] = ()) -> Wording:
    """The wording of a passage.

    Args:
        text: Folded.
        names: Of its own body and place: left out.
    """
    words = "".join(text.split())
    for name in sorted(names, key=len, reverse=True):
        words = words.replace(fold_label(name), "") if len(name) > 1 else words
    return Wording(_CHANGES.sub("", words))
