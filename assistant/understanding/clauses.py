"""Which of a question's words belong together: each condition, movement and question word with its metric.

没有申请的单位主动公开了多少条 has two metrics, a negation and a how-many. A person reads 没有 with 申请 and 多少
with 主动公开, because they stand beside one another and no clause ends between them. That is what is computed here: of
all ways to hand the claims to the metrics, the one whose distances add up to least.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import TYPE_CHECKING, Literal

from assistant.understanding.changes import Movement
from assistant.understanding.conditions import Bound, relative_starts
from assistant.understanding.lexicon import Tag
from assistant.understanding.reading import QuestionReading
from vectorstore.catalogue import catalogue

if TYPE_CHECKING:
    from assistant.understanding.metric_words import NamedMetric

_MOST_WAYS = 20_000
_RELATIVE_END = re.compile(r"的(?:[这那]些|[这那]?前?(?:[二两三四五六七八九十几]|\d+)[个家名位])?$")
_COMMA = re.compile(r"[,，;；:：]")

# Costs, in characters of distance.
_WRONG_SIDE = 4
_OTHER_CLAIM_BETWEEN = 6
_OTHER_METRIC_BETWEEN = 9
_CONTRAST = 14
_COMMA_BETWEEN = 5
_JOINT = 7
_RELATIVE = 10
_METRIC_LEFT_OUT = 12

WHOLE_CLAUSE = _RELATIVE
"""What parts two clauses for certain, as `parts_between` counts it."""


@dataclass(frozen=True, slots=True)
class Focus:
    """A word that says what is asked of a metric: 多少, 平均, 最多."""

    start: int
    end: int
    asks: Literal["number", "extreme", "statistic"]


Claim = Bound | Movement | Focus


@dataclass(slots=True)
class Statement:
    """One metric, or several of the very same words, with the claims on it.

    Attributes:
        in_relative: It stands in a clause that says of which bodies the question is: 没收到申请的|镇…
    """

    metric_ids: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    bounds: list[Bound] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    focuses: list[Focus] = field(default_factory=list)
    in_relative: bool = False

    @property
    def start(self) -> int:
        """Where its first word stands."""
        return self.spans[0][0] if self.spans else -1

    @property
    def end(self) -> int:
        """Where its last word ends."""
        return self.spans[-1][1] if self.spans else -1

    @property
    def is_claimed(self) -> bool:
        """Whether any word says something of it."""
        return bool(self.bounds or self.movements or self.focuses)


def state(reading: QuestionReading, metrics: Sequence[NamedMetric], claims: Sequence[Claim]) -> list[Statement]:
    """The metrics in order of their words, each with its claims."""
    statements = _statements(_with_own_words(metrics))
    ends = relative_ends(reading)
    starts = relative_starts(reading)
    for statement in statements:
        statement.in_relative = any(statement.end <= at for at in ends) or any(
            at <= statement.start and not _closes(reading, at, statement.start) for at in starts
        )
    if not statements:
        return []
    if not all(statement.spans for statement in statements):
        for claim in claims:
            for statement in statements:
                _hand(claim, statement)
        return statements
    for claim, at in zip(claims, _assign(reading, statements, claims), strict=True):
        _hand(claim, statements[at])
    _share_among_joined(reading, statements)
    return statements


def relative_ends(reading: QuestionReading) -> list[int]:
    """Where a clause about bodies ends in their noun and the question goes on: 没收到申请的|镇主动公开了多少条."""
    found = []
    for tag in reading.tags:
        is_noun = tag.means("kind") or tag.means("designation") or tag.means("body")
        before = reading.text[: tag.start]
        rest = reading.text[tag.end :].strip(" ?？。！里中内呢有吗")
        if is_noun and _RELATIVE_END.search(before) and rest:
            found.append(tag.start)
    return found


def _closes(reading: QuestionReading, start: int, end: int) -> bool:
    """Whether an English clause about bodies ends between two places: of the towns with most applications|, how many"""
    return any(start < t.start < end and t.means("question", "how_many") for t in reading.tags)


Parting = tuple[int, int, int]
"""What parts two clauses: where it begins, where it ends, and its cost."""


def partings(reading: QuestionReading) -> list[Parting]:
    """Everything in a question that parts clauses."""
    found = [(comma.start(), comma.end(), _COMMA_BETWEEN) for comma in _COMMA.finditer(reading.text)]
    for tag in reading.tags:
        if tag.means("clause", "contrast"):
            found.append((tag.start, tag.end, _CONTRAST))
        elif tag.means("clause", "joint"):
            found.append((tag.start, tag.end, _JOINT))
        elif tag.surface in ("without", "with") or _is_about_bodies(reading, tag):
            found.append((tag.start, tag.end, _RELATIVE))
    return found + [(at, at, _RELATIVE) for at in relative_ends(reading)]


def parts_between(reading: QuestionReading, start: int, end: int, known: Sequence[Parting] | None = None) -> int:
    """What parts two places of the question, as a cost; 0 where they stand in one clause.

    Args:
        known: The question's `partings`, for who asks of many places.
    """
    parted = partings(reading) if known is None else known
    return sum(cost for first, last, cost in parted if start <= first and last <= end)


def _is_about_bodies(reading: QuestionReading, tag: Tag) -> bool:
    """Whether a relative word begins a clause about bodies; applications by citizens |that it refused says which."""
    if not tag.means("clause", "relative"):
        return False
    before = next((t for t in reversed(reading.tags) if t.end <= tag.start), None)
    return before is None or not (before.means("metric_word") or before.means("column"))


def _with_own_words(metrics: Sequence[NamedMetric]) -> list[NamedMetric]:
    """企业申请 and 个人申请 share a word; each stands where the word is that only it has."""
    owners: dict[tuple[int, int], set[tuple[tuple[int, int], ...]]] = {}
    for metric in metrics:
        for word in metric.words:
            owners.setdefault(word, set()).add(metric.words)
    own = []
    for metric in metrics:
        words = tuple(word for word in metric.words if len(owners[word]) == 1)
        own.append(replace(metric, words=words or metric.words))
    return own


def _statements(metrics: Sequence[NamedMetric]) -> list[Statement]:
    by_words: dict[tuple[tuple[int, int], ...], list[str]] = {}
    for number, metric in enumerate(metrics):
        # Without words of their own, metrics are told apart all the same.
        key = metric.words or ((-1 - number, -1 - number),)
        by_words.setdefault(key, []).append(metric.metric_id)
    return sorted(
        (Statement(tuple(dict.fromkeys(ids)), spans if spans[0][0] >= 0 else ()) for spans, ids in by_words.items()),
        key=lambda statement: statement.start,
    )


def _hand(claim: Claim, statement: Statement) -> None:
    if isinstance(claim, Bound):
        statement.bounds.append(claim)
    elif isinstance(claim, Movement):
        statement.movements.append(claim)
    else:
        statement.focuses.append(claim)


def _assign(reading: QuestionReading, statements: Sequence[Statement], claims: Sequence[Claim]) -> tuple[int, ...]:
    """For each claim the place of its statement, so that the costs add up to least."""
    parted = partings(reading)
    costs = [
        [_least(reading, claim, statement, statements, claims, parted) for statement in statements] for claim in claims
    ]
    if len(statements) ** len(claims) > _MOST_WAYS:
        return tuple(row.index(min(row)) for row in costs)

    def total(way: tuple[int, ...]) -> float:
        left_out = len(statements) - len(set(way))
        crowded = len(way) - len(set(way))
        return sum(row[at] for row, at in zip(costs, way, strict=True)) + _METRIC_LEFT_OUT * min(left_out, crowded)

    return min(itertools.product(range(len(statements)), repeat=len(claims)), key=total)


def _least(
    reading: QuestionReading,
    claim: Claim,
    statement: Statement,
    statements: Sequence[Statement],
    claims: Sequence[Claim],
    parted: Sequence[Parting],
) -> float:
    """The cost of the cheapest of a statement's places, from the nearest on as far as one can still be cheaper."""
    least = inf
    for gap, span in sorted((_gap(reading, claim, span), span) for span in statement.spans):
        if gap >= least:
            break
        least = min(least, _distance(reading, claim, span, statements, claims, parted))
    return least


def _gap(reading: QuestionReading, claim: Claim, span: tuple[int, int]) -> float:
    scale = 0.4 if reading.language == "en" else 1.0
    return max(claim.start - span[1] if claim.start >= span[1] else span[0] - claim.end, 0) * scale


def _distance(
    reading: QuestionReading,
    claim: Claim,
    span: tuple[int, int],
    statements: Sequence[Statement],
    claims: Sequence[Claim],
    parted: Sequence[Parting],
) -> float:
    is_behind = claim.start >= span[1]
    start, end = (span[1], claim.start) if is_behind else (claim.end, span[0])
    cost = _gap(reading, claim, span) + parts_between(reading, start, end, parted)
    cost += _OTHER_CLAIM_BETWEEN * sum(
        start <= other.start and other.end <= end for other in claims if other is not claim and not _is_vague(other)
    )
    others = [s for statement in statements for s in statement.spans if s != span]
    cost += _OTHER_METRIC_BETWEEN * sum(start <= other[0] and other[1] <= end for other in others)
    if is_behind == _stands_before(reading, claim):
        cost += _WRONG_SIDE
    return cost


def _is_vague(claim: Claim) -> bool:
    return isinstance(claim, Focus) and claim.asks == "statistic"


def _stands_before(reading: QuestionReading, claim: Claim) -> bool:
    """Whether such a word stands before its metric rather than behind it."""
    if isinstance(claim, Bound):
        return claim.source != "number" or reading.language == "en"
    if isinstance(claim, Movement):
        return False
    return reading.language == "en" or claim.asks == "statistic"


def _share_among_joined(reading: QuestionReading, statements: Sequence[Statement]) -> None:
    """复议和诉讼都没有: what is said of one is said of all that are joined to it."""
    pairs = list(itertools.pairwise(statements))
    for first, second in [*pairs, *reversed(pairs)]:
        if first.is_claimed == second.is_claimed or not _is_joined(reading, first.end, second.start):
            continue
        source, target = (first, second) if first.is_claimed else (second, first)
        target.bounds.extend(b for b in source.bounds if b.source != "number" or _in_one_unit(source, target))
        target.movements.extend(source.movements)
        target.focuses.extend(source.focuses)


def _in_one_unit(first: Statement, second: Statement) -> bool:
    """信息处理费、诉讼超过10件: what counts cases says nothing of money."""
    return len({catalogue().split(metric)[0].unit for s in (first, second) for metric in s.metric_ids}) == 1


def _is_joined(reading: QuestionReading, start: int, end: int) -> bool:
    between = _tags_between(reading, start, end)
    if any(tag.means("clause", "contrast") for tag in between):
        return False
    words = reading.text[start:end].strip()
    joined = any(tag.means("clause", "join") for tag in between) or words in ("", "、", ",", "/", "&")
    return joined and all(
        tag.means("clause", "join") or tag.means("filler") or tag.means("counter") or tag.means("clause", "joint")
        for tag in between
    )


def _tags_between(reading: QuestionReading, start: int, end: int) -> list[Tag]:
    return [tag for tag in reading.tags if start <= tag.start and tag.end <= end]
