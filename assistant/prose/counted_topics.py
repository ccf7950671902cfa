"""What a question about a number outside the form asks the number of, and whether a clause states it.

Every clause is judged by itself, so that what other reports say changes no answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from assistant.lexicons import read_lexicon
from assistant.prose.translation import is_chinese, translated
from vectorstore.folding import fold_text
from vectorstore.numerals import find_numbers
from vectorstore.prefilter import Requirement, any_of, literally
from vectorstore.records import Mention

_HAN = re.compile("[一-鿿]+")
_SERVICE_NUMBER = re.compile(r"(?<![0-9.])1\d{4}(?![0-9.])")
"""A number that is a name: 12345."""
_LONGEST = 24
"""Characters of a topic; what is counted never takes more."""
_SHORTEST_WITHOUT_VERB = 3
_MOSTLY = 0.6
"""The share of a name's characters that a clause holds that names the most of it."""
_NEAREST = 10
"""Characters before a number in which what it counts is looked for, where the reader didn't tell what that is."""


def _lexicon() -> dict[str, Any]:
    return read_lexicon("mentions")


def unit_sort(unit: str) -> str | None:
    """What sort of thing a counting word counts: ``people``, ``times``, ``things``, ``money``, ``shares``."""
    return next((sort for sort, units in _lexicon()["units"].items() if unit in units), None)


def common_unit(unit: str) -> str:
    """The counting word under which numbers are added: 场 for 场次."""
    return next((group[0] for group in _lexicon()["same_units"]["groups"] if unit in group), unit)


@dataclass(frozen=True, slots=True)
class CountedTopic:
    """What is counted, and in what.

    Attributes:
        parts: Each must be held by the clause, under one of its names. Chinese has one part, English one a word.
        verbs: What was done, where the question says: of several numbers one with this verb is meant.
        sorts: What sorts of counting words the number may have; empty for any but a share.
        unit: The counting word asked for; empty where the question has none.
        is_loose: A clause need only name the most of it, and what is counted last: 热线工单 of 便民热线的工单.
    """

    parts: tuple[tuple[str, ...], ...]
    verbs: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()
    unit: str = ""
    is_loose: bool = False

    @property
    def requirement(self) -> Requirement | None:
        """What a passage that states such a number must hold; ``None`` where that can't be told by its terms."""
        if self.is_loose:
            return None
        required = [any_of(_ends(name) for name in part) for part in self.parts]
        return next((r for r in required if r), None)

    def is_named_in(self, clause: str) -> bool:
        """Whether a folded clause names what is counted, be it of this number or of another."""
        if self.is_loose:
            return all(any(_is_mostly_held(name, clause) for name in part) for part in self.parts)
        return all(any(name in clause for name in part) or _is_nearly_held(part, clause) for part in self.parts)

    def is_counted_by(self, mention: Mention, clause: str) -> bool:
        """Whether the number of a mention, in its folded clause, is of what is asked for."""
        if not self._has_sort(mention) or not self.is_named_in(clause):
            return False
        own = f"{fold_text(mention.counted)} {own_words(mention, clause)[-_NEAREST:]}"
        return any(_is_about(name, own) for part in self.parts for name in part)

    def is_called_so(self, mention: Mention, clause: str) -> bool:
        """Whether a number is counted under the very name that was asked for, and not one that is near it."""
        own = f"{fold_text(mention.counted)} {own_words(mention, clause)}"
        return all(part[0] in own for part in self.parts)

    def _has_sort(self, mention: Mention) -> bool:
        sort = unit_sort(mention.unit)
        if not mention.unit or not self.sorts:
            return sort not in _lexicon()["unit_use"]["special"]
        return sort in self.sorts or (sort is None and "people" not in self.sorts)


def _is_mostly_held(name: str, clause: str) -> bool:
    return len(name) > 3 and name[-2:] in clause and _characters_held(name, clause) >= _MOSTLY * len(name)


def _ends(name: str) -> Requirement | None:
    """What a passage holds that holds nearly all of a name: a bigram near its beginning, and one near its end."""
    runs = [run for run in _HAN.findall(name) if len(run) > 1]
    if not runs:
        return literally(name)
    reach = _may_miss(name) + 1
    first = dict.fromkeys(run[at : at + 2] for run in runs for at in range(min(reach, len(run) - 1)))
    last = dict.fromkeys(run[at : at + 2] for run in runs for at in range(max(0, len(run) - 1 - reach), len(run) - 1))
    return tuple(tuple(dict.fromkeys(pair)) for pair in product(first, last))


def _may_miss(name: str) -> int:
    return len(name) // 4 if len(name) > 3 else 0


def _is_nearly_held(names: tuple[str, ...], text: str) -> bool:
    """Whether a text holds a name in pieces, all of it but a character in four."""
    # Most clauses hold nothing of any, and one look tells.
    if not _beginnings(names).search(text):
        return False
    return any(len(name) - _characters_held(name, text) <= _may_miss(name) for name in names if len(name) > 3)


@cache
def _beginnings(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join({re.escape(n[at : at + 2]) for n in names for at in range(_may_miss(n) + 1)}))


def _is_about(name: str, own: str) -> bool:
    return name[-2:] in own or 2 * _characters_held(name, own) >= len(name)


def _characters_held(name: str, text: str) -> int:
    """How many characters of a name stand in the text, in pieces of two or more."""
    if name in text:
        return len(name)
    best = [0] * (len(name) + 1)
    for end in range(1, len(name) + 1):
        best[end] = best[end - 1]
        for start in range(end - 2, -1, -1):
            if name[start:end] not in text:
                break
            best[end] = max(best[end], best[start] + end - start)
    return best[-1]


def own_words(mention: Mention, clause: str) -> str:
    """The words of a folded clause that belong to a mention's number: from the number before it on, unit and all."""
    position = 0
    for number in find_numbers(clause):
        if number.value == mention.value and clause[number.end :].lstrip().startswith(mention.unit):
            return clause[position : number.start]
        if _counting().match(clause, number.end):
            # 12345 in 12345热线 counts nothing.
            position = number.end
    return clause


@cache
def _counting() -> re.Pattern[str]:
    units = sorted({unit for units in _lexicon()["units"].values() for unit in units}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, units)))


def is_part(mention: Mention, clause: str) -> bool:
    """Whether a mention's number is said to be a part of another: 其中办结400件."""
    return re.search("|".join(_lexicon()["parts"]["among"]), own_words(mention, clause)) is not None


def counted_topic(words: str) -> CountedTopic | None:
    """What a question counts; ``None`` where nothing is left of it without the words of asking."""
    folded = " ".join(fold_text(words).split())
    asked = _lexicon()["asked"]
    counter = re.search(asked["counter"], folded)
    unit = counter[1] if counter else ""
    if re.search(asked["people"], folded):
        sorts: tuple[str, ...] = ("people",)
    elif re.search(asked["share"], folded):
        sorts = ("shares",)
    else:
        sort = None if unit in _lexicon()["unit_use"]["any"] else unit_sort(unit)
        sorts = ("times", "things") if sort in ("times", "things") else (sort,) if sort else ()
    if not is_chinese(folded):
        parts = _parts_in_chinese(folded, "people" in sorts)
        return CountedTopic(parts, (), sorts, unit) if parts else None
    rest = _asking().sub(" ", folded)
    verbs = _alike_verbs(_verbs().findall(rest))
    topic = _bare(_without_short_verbs(_verbs().sub(" ", rest)))
    is_noun = topic in _lexicon()["nouns"]
    short = len(topic) < _SHORTEST_WITHOUT_VERB and not is_noun
    if short and "people" not in sorts and verbs and _bare(rest).endswith(verbs):
        # 意见征集 counts something else than 意见.
        topic = _bare(_without_short_verbs(rest))
    topic = topic or _bare(rest)
    return CountedTopic((tuple(_names(topic)),), verbs, sorts, unit) if len(topic) > 1 else None


def _parts_in_chinese(folded: str, counts_people: bool) -> tuple[tuple[str, ...], ...]:
    """What the words of an English question are called in Chinese, each with its other names."""
    parts = [written for written in translated(folded).values() if any(len(name) > 1 for name in written)]
    who = set(_lexicon()["asked"]["who"])
    said = [part for part in parts if not (counts_people and set(part) <= who)] or parts
    said += [(number,) for number in _SERVICE_NUMBER.findall(folded)]
    return tuple(tuple(dict.fromkeys(other for name in part for other in _names(name))) for part in said)


@cache
def _asking() -> re.Pattern[str]:
    asked = _lexicon()["asked"]
    return re.compile("|".join([asked["counter"], r"(?:多少|几)(?:人|名|位)?", *_lexicon()["asides"]]))


@cache
def _verbs() -> re.Pattern[str]:
    return re.compile("|".join(_lexicon()["verbs"]))


def _alike_verbs(said: Sequence[str]) -> tuple[str, ...]:
    """The verbs of a question, each with those that say the same."""
    groups = [group for group in _lexicon()["alike_verbs"] if any(verb in group for verb in said)]
    return tuple(dict.fromkeys((*said, *(verb for group in groups for verb in group))))


def _without_short_verbs(words: str) -> str:
    for pattern in _lexicon()["short_verbs"]:
        words = re.sub(pattern, " ", words.strip())
    return words


def _bare(words: str) -> str:
    """The topic in one piece: without particles, what is empty at its end, and the gaps that were left."""
    for pattern in _lexicon()["particles"]:
        words = re.sub(pattern, " ", words.strip())
    topic = "".join(words.split())
    shorter = re.sub("|".join(_lexicon()["tails"]), "", topic)
    return (shorter if len(shorter) > 1 else topic)[:_LONGEST]


def _names(topic: str) -> list[str]:
    """The topic as it was asked, then with what it names put as others call it."""
    names = [topic]
    for group in _lexicon()["names"]:
        held = max((name for name in group if name in topic), key=len, default=None)
        if held is not None:
            names += [topic.replace(held, other, 1) for other in group]
    return list(dict.fromkeys(names))
