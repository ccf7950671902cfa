"""The phrases that a sentence about figures may be made of, each with what it is: a name, a metric, a claim, a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from assistant.answer import Answer
from assistant.answering.membership_wording import bodies_of, kind_name, metric_name
from assistant.lexicons import read_lexicon
from assistant.plan import Plan, PlanScope
from vectorstore.catalogue import catalogue
from vectorstore.folding import fold_one_to_one
from vectorstore.records import Body, Kind

Sort = Literal["body", "label", "metric", "claim", "word"]
_LATIN = re.compile(r"[a-z]")


def checks() -> dict[str, Any]:
    """The table ``rewording_checks``."""
    return read_lexicon("rewording_checks")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase is.

    Attributes:
        values: Of a body its possible names; of a label itself; of a metric the base ids it may mean; of a claim its
            category.
    """

    sort: Sort
    values: frozenset[str]


@dataclass
class Phrases:
    """Phrases by their folded text, the longest found first.

    Attributes:
        more: Further phrases, shared with others; they aren't added to.
    """

    more: Phrases | None = None
    _known: dict[str, list[Meaning]] = field(default_factory=dict)
    _lengths: dict[str, set[int]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Its own phrases, counted: what keeps it for an index asks how large it is."""
        return len(self._known)

    def add(self, phrase: str, meaning: Meaning) -> None:
        """One more phrase; a body's name that several bodies go by means any of them."""
        folded = fold_one_to_one(phrase).strip()
        if not folded:
            return
        meanings = self._known.setdefault(folded, [])
        for position, known in enumerate(meanings):
            if known.sort == meaning.sort:
                meanings[position] = Meaning(meaning.sort, known.values | meaning.values)
                break
        else:
            meanings.append(meaning)
        self._lengths.setdefault(folded[0], set()).add(len(folded))

    def at(self, text: str, position: int) -> tuple[int, list[Meaning]] | None:
        """The end and the meanings of the longest phrase at a position of a folded text."""
        own = self._own_at(text, position)
        other = self.more.at(text, position) if self.more is not None else None
        if own is None or other is None:
            return own or other
        if own[0] == other[0]:
            return own[0], [*other[1], *own[1]]
        return max(own, other, key=lambda found: found[0])

    def _own_at(self, text: str, position: int) -> tuple[int, list[Meaning]] | None:
        for length in sorted(self._lengths.get(text[position], ()), reverse=True):
            end = position + length
            phrase = text[position:end]
            if phrase in self._known and _ends_a_word(text, position, end):
                return end, self._known[phrase]
            # A plural s is understood.
            if phrase in self._known and text[end : end + 1] == "s" and _ends_a_word(text, position, end + 1):
                return end + 1, self._known[phrase]
        return None


def _ends_a_word(text: str, start: int, end: int) -> bool:
    if _LATIN.match(text[start]) and start and (_LATIN.match(text[start - 1]) or text[start - 1].isdigit()):
        return False
    return not (_LATIN.match(text[end - 1]) and end < len(text) and _LATIN.match(text[end]))


@cache
def _claims(language: str) -> Mapping[str, tuple[str, ...]]:
    return {category: tuple(words[language]) for category, words in checks()["claims"].items()}


def names_of(bodies: Iterable[Body]) -> Phrases:
    """The bodies by all the names that they go by."""
    found = Phrases()
    for body in bodies:
        for name in (body.name, *body.aliases):
            if len(name) > 1:
                found.add(name, Meaning("body", frozenset({body.name})))
    return found


def phrases_of(answer: Answer, names: Phrases, labels: Iterable[str]) -> Phrases:
    """The phrases of one answer's language, metrics, scope and rows, and the names of all bodies.

    Args:
        names: Of all bodies.
        labels: What rows are called that aren't bodies.
    """
    found = Phrases(names)
    language = answer.language
    for category, words in _claims(language).items():
        for word in words:
            found.add(word, Meaning("claim", frozenset({category})))
    for word in checks()["vocabulary"][language]:
        found.add(word, Meaning("word", frozenset()))
    for label in labels:
        for name in {label, *re.split(r"[（）()]", label)}:
            if len(name) > 1:
                found.add(name, Meaning("label", frozenset({label})))
    for metric_id, term in _metric_terms(answer):
        found.add(term, Meaning("metric", frozenset({metric_id})))
    for word in _scope_words(answer):
        found.add(word, Meaning("word", frozenset()))
    return found


def base_of(metric_id: str) -> str:
    """A metric's id without its column."""
    return metric_id.partition("__")[0]


def metric_ids_of(answer: Answer) -> list[str]:
    """The base ids of all metrics that the rows or the plan name, each once."""
    plan = answer.plan
    named = [*plan.get("metrics", ()), *plan.get("denominators", ())]
    for criterion in plan.get("criteria", ()):
        named += [m for key in ("metrics", "denominators", "than") for m in criterion.get(key, ())]
    named += [row.metric for row in answer.rows if row.metric]
    return list(dict.fromkeys(base_of(metric_id) for metric_id in named if is_metric(metric_id)))


def is_metric(metric_id: str) -> bool:
    """Whether the catalogue holds a full id."""
    try:
        catalogue().split(metric_id)
    except KeyError:
        return False
    return True


def _metric_terms(answer: Answer) -> Iterator[tuple[str, str]]:
    """What the answer's metrics are called, by base id."""
    zh = answer.language == "zh"
    for metric_id in metric_ids_of(answer):
        name = metric_name(metric_id, answer.language)
        yield metric_id, name
        for part in re.split(r"[（）()：:，,]", name):
            if len(part.strip()) > 1:
                yield metric_id, part.strip()
        for entry in read_lexicon("metrics")["metric"]:
            if entry["id"] == metric_id and len(entry["groups"]) == 1 and not entry.get("weak"):
                for term in entry["groups"][0]:
                    if term.isascii() != zh and not term.startswith("~") and not _denies(term):
                        yield metric_id, term


def _denies(term: str) -> bool:
    """Whether a term is a claim by itself: 没办完, 全部办结."""
    return (
        bool(re.search(r"没|未|不|无|全|都|均|^收|接|\breceived|\bnot\b|\bno\b|\bun", term)) and "不予公开" not in term
    )


def _scope_words(answer: Answer) -> Iterator[str]:
    """The kind and the places that all members share, which may be said of any of them."""
    plan = Plan.model_validate(answer.plan) if answer.plan.get("subject") else None
    scope = plan.scope if plan is not None else PlanScope()
    kinds: set[Kind | None] = set(scope.kinds) or {row.kind for row in answer.rows}
    for kind in kinds if len(kinds) == 1 else ():
        if kind is not None:
            yield from (kind_name(kind, answer.language), kind_name(kind, answer.language, 1))
    if scope.names:
        yield from (bodies_of(scope, answer.language), bodies_of(scope, answer.language, 1))
    for region in scope.regions:
        path = region.split("/")
        for first in range(len(path)):
            for last in range(first, len(path)):
                joined = "".join(path[first : last + 1])
                yield joined
                if len(joined) > 2:
                    yield joined[:-1]
        yield region
