"""From statements to what a Plan says of figures: what is measured, and what bodies must satisfy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.plan import Change, Condition, Criterion
from assistant.understanding.changes import Movement
from assistant.understanding.clauses import Statement
from assistant.understanding.conditions import SOME, ZERO, Bound, find_limit, ranks_ascending
from assistant.understanding.dated_bounds import is_dated
from assistant.understanding.reading import QuestionReading
from vectorstore.catalogue import catalogue

_IT = re.compile(r"\b(?:it|they|its|their)\b|它|其(?![他中它余])|[该这](?:个|家)?(?:局|镇|乡|街道|区|单位|机关|部门)")
"""Whoever a question has just asked for."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a question measures and requires.

    Attributes:
        metrics: Of the plan's own measure.
        change: Of the plan's own measure.
        combine_any: One criterion is enough.
        left: Metrics that are named beside what can be asked at once.
    """

    metrics: tuple[str, ...]
    criteria: tuple[Criterion, ...] = ()
    change: Change | None = None
    combine_any: bool = False
    left: tuple[Statement, ...] = ()


def members_measured(
    reading: QuestionReading,
    statements: Sequence[Statement],
    *,
    lists: bool,
    with_movements: bool = True,
    named: bool = False,
) -> Measured:
    """For a question that asks for members or their number: every statement is a condition.

    Args:
        lists: A metric that nothing is said of must be more than none: 收到申请的镇.
        with_movements: A rise or fall is a condition too.
        named: Each criterion says which metrics it is on, even where those are all that is measured.
    """
    required = [_requirements(s, with_movements) for s in statements]
    some = [_criterion(SOME)] if lists or any(required) else []
    relative = any(s.in_relative for s in statements)
    # 没有申请的有哪些，各公开多少条: what is asked of a metric is no condition, nor is the head of a relative clause.
    required = [
        own or ([] if s.focuses or (relative and not s.in_relative) else some)
        for s, own in zip(statements, required, strict=True)
    ]
    asked = [s for s, own in zip(statements, required, strict=True) if not own]
    metrics = _all_metrics(asked if asked and not _requires_nothing(required) else statements)
    flat = [criterion for own in required for criterion in own]
    changes = {criterion.change for criterion in flat}
    change = changes.pop() if len(changes) == 1 else None
    combine_any = len(flat) > 1 and (_is_any(reading, statements) or _exclude_each_other(flat))
    if not named and _is_own(statements, required):
        own = tuple(c.model_copy(update={"change": None}) for c in required[0])
        return Measured(metrics, own, change, combine_any or (len(statements) > 1 and _is_any(reading, statements)))
    stated = tuple(
        criterion.model_copy(update={"metrics": s.metric_ids})
        for s, own in zip(statements, required, strict=True)
        for criterion in own
    )
    return Measured(metrics, stated, change, combine_any)


def _requires_nothing(required: Sequence[Sequence[Criterion]]) -> bool:
    """Whether nothing at all is required."""
    return not any(required)


def _exclude_each_other(criteria: Sequence[Criterion]) -> bool:
    """1件、2件的, 不在200到400条之间: no figure is both, so either is meant."""
    first = criteria[0]
    if [c.comparison for c in criteria] == ["<", ">"] and criteria[0].value <= criteria[1].value:
        return len(criteria) == 2 and criteria[0] == criteria[1].model_copy(update=criteria[0].bounding)
    same = all(c.comparison == "=" and c.model_copy(update={"value": first.value}) == first for c in criteria)
    return same and len({c.value for c in criteria}) == len(criteria)


def _is_own(statements: Sequence[Statement], required: Sequence[Sequence[Criterion]]) -> bool:
    """Whether all that is required is required alike of every metric measured, so that no criterion need name one."""
    if not statements or any(len(s.metric_ids) > 1 for s in statements):
        return False
    first = list(required[0])
    of_one_kind = len({criterion.change for criterion in first}) <= 1
    return of_one_kind and all(list(own) == first for own in required) and (len(statements) == 1 or len(first) <= 1)


def asked_measured(reading: QuestionReading, statements: Sequence[Statement]) -> Measured:
    """For a question that asks something of one metric: the others are conditions, and so are its own bounds."""
    extreme = [s for s in statements if any(f.asks == "extreme" for f in s.focuses)]
    asked = extreme or [s for s in statements if s.focuses]
    others = [s for s in statements if s not in asked]
    first = bool(extreme) and (all(s.in_relative for s in extreme) or _asks_of_it(reading, extreme, others))
    if first and any(_asked_beside(reading, s) for s in others):
        return _of_the_first(reading, statements, extreme)
    left = tuple(s for s in others if s.focuses and not s.bounds and not s.movements)
    criteria: list[Criterion] = []
    for statement in others:
        if statement not in left:
            required = _requirements(statement) or [_criterion(SOME)]
            criteria += [c.model_copy(update={"metrics": statement.metric_ids}) for c in required]
    own = [b.condition for s in asked[:1] for b in s.bounds if _narrows(s, b)]
    averaged = reading.has("operation", "mean", "median")
    if not own and averaged and any(s.in_relative and not extreme for s in asked[:1]):
        own = [SOME]  # 收到申请的镇平均收到几件: of those that received any
    several = len(_all_metrics(asked)) > 1
    for condition in own:
        criterion = _criterion(condition)
        criteria.append(criterion.model_copy(update={"metrics": asked[0].metric_ids}) if several else criterion)
    combine_any = len(criteria) > 1 and _is_any(reading, others)
    return Measured(_all_metrics(asked), tuple(criteria), None, combine_any, left)


def _asks_of_it(reading: QuestionReading, extreme: Sequence[Statement], others: Sequence[Statement]) -> bool:
    """Which department was last by items disclosed, and how many applications did |it| get?"""
    asked = [f.start for s in others for f in s.focuses if f.asks == "number"]
    end = max(s.end for s in extreme)
    return bool(asked) and min(asked) >= end and _IT.search(reading.text, end) is not None


def _asked_beside(reading: QuestionReading, statement: Statement) -> bool:
    """Whether something is asked of a metric beside the one that ranks: 申请最多的镇|复议几件, |有没有复议."""
    if statement.in_relative or statement.movements:
        return False
    return not statement.bounds or (reading.has("polarity", "whether") and statement.bounds[0].source == "some")


def _of_the_first(reading: QuestionReading, statements: Sequence[Statement], extreme: Sequence[Statement]) -> Measured:
    """What the first of a ranking have of another metric: to be among them is a condition."""
    asked = [s for s in statements if s not in extreme and _asked_beside(reading, s)]
    movement = next((m for s in extreme for m in s.movements), None)
    # 下降最多 is the least of all changes.
    falls = movement is not None and movement.direction == "down"
    first = Criterion(
        metrics=_all_metrics(extreme),
        change=movement.change if movement else None,
        top=find_limit(reading) or 1,
        order="ascending" if ranks_ascending(reading) != falls else "descending",
    )
    others = [s for s in statements if s not in asked and s not in extreme]
    required = [
        c.model_copy(update={"metrics": s.metric_ids}) for s in others for c in _requirements(s) or [_criterion(SOME)]
    ]
    return Measured(_all_metrics(asked), (first, *required))


def in_unit_of(criterion: Criterion, metric_ids: Sequence[str]) -> Criterion:
    """A bound on an amount of money in the metric's own unit: 超过700万 of a metric in 万元 is 700."""
    on = criterion.metrics or metric_ids
    in_wan = bool(on) and catalogue().split(on[0])[0].unit == "万元"
    if not in_wan or criterion.value < 10_000:
        return criterion
    upper = None if criterion.upper is None else criterion.upper / 10_000
    return criterion.model_copy(update={"value": criterion.value / 10_000, "upper": upper})


def change_criterion(movement: Movement) -> Criterion:
    """What a movement requires of the change from the year before."""
    return Criterion(**movement.condition.model_dump() | {"change": movement.change})


def _requirements(statement: Statement, with_movements: bool = True) -> list[Criterion]:
    numbers = [b for b in statement.bounds if b.source == "number"]
    polar = [b for b in statement.bounds if b.source != "number"]
    # 没有一个超过10件, 有100件以上: beside a number the bare word says nothing more.
    bounds = [*numbers, *(b for b in polar if is_dated(b))] or polar[:1]
    moved = [change_criterion(m) for m in statement.movements if m.direction is not None and with_movements]
    if moved and not numbers and all(b.source == "some" for b in bounds):
        bounds = []
    return [*(_criterion(bound.condition) for bound in bounds), *moved]


def _narrows(statement: Statement, bound: Bound) -> bool:
    """有多少被不予公开 adds up; only a stated number, or 收到过申请的 of whom the rest is asked, narrows that."""
    if is_dated(bound):
        return True
    if bound.condition == ZERO:
        return False
    return bound.source == "number" or statement.in_relative


def _criterion(condition: Condition) -> Criterion:
    return Criterion(**condition.model_dump())


def _all_metrics(statements: Sequence[Statement]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(metric for s in statements for metric in s.metric_ids))


def _is_any(reading: QuestionReading, statements: Sequence[Statement]) -> bool:
    """复议或诉讼有一样的 is any; 没有复议或诉讼, one negation over both, is neither: all."""
    if not reading.has("polarity", "either"):
        return False
    negations = {b for s in statements for b in s.bounds if b.source == "none"}
    return len(negations) != 1 or any(b.source != "none" for s in statements for b in s.bounds)
