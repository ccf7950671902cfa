"""Passages of several reports that say nearly the same, told by the triples of characters that they share.

Offices copy their sentences from one another and from the year before, changing names and numbers. Ten of them are
one answer, so the best one is shown and the others are counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vectorstore.folding import fold_label

_ALIKE = 0.55
"""The share of triples, of those of both together, from which two passages say the same: a changed word in a sentence
of twenty characters costs three triples of each."""
_CHANGES = re.compile(r"[0-9.,%]+|[、，。；：！？“”‘’（）()《》:;!?\"'-]")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a passage says, without what changes from office to office: numbers, marks, the body's own name."""

    triples: frozenset[str]

    def is_like(self, other: Wording) -> bool:
        """Whether both say nearly the same."""
        mine, others = len(self.triples), len(other.triples)
        if not mine or not others or min(mine, others) < _ALIKE * max(mine, others):
            return False
        shared = len(self.triples & other.triples)
        return shared >= _ALIKE * (mine + others - shared)


def wording_of(text: str, names: Sequence[str] = ()) -> Wording:
    """The wording of a passage.

    Args:
        names: Of its own body and place: left out.
    """
    words = fold_label(text)
    for name in sorted(names, key=len, reverse=True):
        words = words.replace(fold_label(name), "") if len(name) > 1 else words
    words = _CHANGES.sub("", words)
    return Wording(frozenset(map("".join, zip(words, words[1:], words[2:], strict=False))))
