"""What a follow-up question names of its own: metrics, a bound, an operation. All else is the last Plan's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.plan import Criterion, Operation, Plan, PlanScope
from assistant.understanding.conditions import find_bounds, find_limit, find_place
from assistant.understanding.criteria import change_criterion
from assistant.understanding.figure_plans import figure_plan
from assistant.understanding.figure_question import FigureQuestion, read_figure_question
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.metric_words import NamedMetric, columns, expand_column, whole_of
from assistant.understanding.reading import QuestionReading, wants_number
from assistant.understanding.scoping import ScopeReading
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue

_OVER_MANY: tuple[Operation, ...] = ("list", "count", "sum", "mean", "median", "top", "breakdown")
_COMPUTED: tuple[Operation, ...] = ("sum", "mean", "median", "top", "rank", "trend")
_TRIVIAL = ("=", ">")
_SOME = re.compile(r"(?<![没未有])(?:收到过?|有过?|办过|发过)的(?:又|都)?(?:有|是|几|哪|多少)")
_NONE = re.compile(r"(?:没有?|未)(?:收到|收|有|办|发)?过?的(?:又|都)?(?:有|是|几|哪|多少)")
"""收到的有几个, after who received none, and the other way round."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question about figures that leaves words out, with the metrics that it names or leans on.

    Attributes:
        named: The metrics that it names itself.
        question: What is said, as if the metrics in question had been named.
    """

    reading: QuestionReading
    named: tuple[NamedMetric, ...]
    question: FigureQuestion
    scope: ScopeReading
    previous: Plan

    @property
    def bounds(self) -> bool:
        """Whether it says what members must satisfy: 超过10件的呢, 没有的呢."""
        return bool(find_bounds(self.reading))

    @property
    def moves(self) -> bool:
        """Whether it speaks of a rise or fall: 减少的呢."""
        return bool(self.question.movements)

    @property
    def operation(self) -> Operation | None:
        """The operation that a word of it names: 平均呢, 最少的呢, 一共几个."""
        reading = self.reading
        if wants_number(reading) == "bodies" or self._counts_members:
            return "count"
        if reading.has("operation", "bottom") or find_limit(reading) is not None:
            return "top"
        if reading.has("operation", "share"):
            return "share"
        return next((operation for operation in _COMPUTED if reading.has("operation", operation)), None)

    @property
    def _counts_members(self) -> bool:
        """How many, after a list, are its members."""
        reading = self.reading
        bare = reading.has("question", "how_many") and not reading.has("counter", "things")
        return bare and self.previous.operation == "list" and not (self.named or reading.has("operation", "sum"))


def read_follow_up(
    reading: QuestionReading, named: Sequence[NamedMetric], previous: Plan, scope: ScopeReading
) -> FollowUp:
    """A follow-up read as if it had named the metrics of the Plan before it, where it names none."""
    leaning = ("applications_new",) if previous.grouping == "outcome" else previous.metrics
    metrics = list(named) or [NamedMetric(metric, 0, ()) for metric in leaning]
    return FollowUp(reading, tuple(named), read_figure_question(reading, metrics, scope), scope, previous)


def changed(follow_up: FollowUp, previous: Plan, lexicon: Lexicon) -> Plan:
    """The Plan before with what the follow-up names in its place; the scope is settled already."""
    reading, scope = follow_up.reading, follow_up.scope.scope
    base = previous.model_copy(
        update={"scope": scope, "language": reading.language, "unplaced": (), "shows": "answer", "sides": ()}
    )
    asked = _asked(follow_up, base, lexicon)
    if follow_up.scope.sides:
        statistic = base.operation if base.operation in ("mean", "median") else base.statistic
        sides = {"operation": "compare", "sides": follow_up.scope.sides, "statistic": statistic, "criteria": ()}
        return base.model_copy(update=sides)
    if _is_opposite(follow_up, base):
        operation = follow_up.operation if follow_up.operation == "count" else base.operation
        criteria = tuple(_opposite(criterion) for criterion in base.criteria)
        return base.model_copy(update={"operation": operation, "criteria": criteria})
    if follow_up.named and reading.has("follow_up", "plural") and base.criteria:
        return asked.model_copy(update={"criteria": (*_explicit(base), *asked.criteria)})
    if follow_up.question.groups and not follow_up.named:
        return _split(base, asked)
    if columns(reading) and not follow_up.named:
        return _of_columns(base, reading)
    says_more = follow_up.bounds or follow_up.moves or follow_up.operation
    if follow_up.named and (says_more or previous.subject != "figures"):
        return asked
    if follow_up.named and asked.metrics == base.metrics and asked.criteria and base.operation in ("list", "count"):
        return base.model_copy(update={"operation": asked.operation, "criteria": asked.criteria})
    if follow_up.named:
        return _fitting(_of_metrics(base, asked), previous)
    if follow_up.moves:
        return _moved(follow_up, base, asked)
    if follow_up.operation is not None:
        return _operated(follow_up, base, asked)
    if follow_up.bounds:
        criteria = tuple(_on_the_same(criterion, previous) for criterion in asked.criteria)
        operation = base.operation if base.operation in _OVER_MANY else "list"
        return base.model_copy(update={"operation": operation, "criteria": criteria, "limit": None})
    return _fitting(base, previous)


def _asked(follow_up: FollowUp, base: Plan, lexicon: Lexicon) -> Plan:
    leaning = ("applications_new",) if base.grouping == "outcome" else base.metrics
    metrics = list(follow_up.named) or [NamedMetric(metric, 0, ()) for metric in leaning]
    empty = Plan(subject="figures", scope=base.scope, language=base.language)
    return figure_plan(follow_up.reading, metrics, follow_up.scope, empty, lexicon)


def _split(base: Plan, asked: Plan) -> Plan:
    """按机关类型分呢: what was computed, by group; a single figure in its parts."""
    statistic = base.operation if base.operation in ("sum", "mean", "median", "count", "share") else None
    update: dict[str, Any] = {"group_by": asked.group_by, "region_level": asked.region_level}
    if statistic is None or asked.grouping in ("column", "outcome"):
        update |= {"operation": asked.operation, "metrics": asked.metrics}
        update |= {"statistic": asked.statistic, "limit": asked.limit}
    return base.model_copy(update=update)


def _of_columns(base: Plan, reading: QuestionReading) -> Plan:
    """其中个人的有几件: the metric before, of the applicant types named."""
    bases = [metric.partition(COLUMN_SEPARATOR)[0] for metric in base.metrics]
    metrics = tuple(
        f"{one}{COLUMN_SEPARATOR}{column}"
        for one in bases
        if catalogue().metrics[one].has_columns
        for column_id, _ in columns(reading)
        for column in expand_column(column_id)
    )
    return base.model_copy(update={"metrics": metrics or base.metrics, "group_by": ()})


def _of_metrics(base: Plan, asked: Plan) -> Plan:
    """诉讼呢: the same of another metric, which takes the place of the one that criteria were on."""
    update: dict[str, Any] = {"metrics": asked.metrics}
    if base.operation == "breakdown":
        update |= {"operation": asked.operation, "group_by": ()}
    if base.denominators:
        whole = whole_of(asked.metrics[0]) if asked.metrics else None
        update["denominators"] = asked.denominators or ((whole,) if whole else ())
        if not update["denominators"]:
            update["operation"] = asked.operation
    named = [criterion for criterion in base.criteria if criterion.metrics and criterion.metrics != base.metrics]
    own = [c.model_copy(update={"metrics": ()}) for c in base.criteria if not c.metrics or c.metrics == base.metrics]
    return base.model_copy(update=update | {"criteria": (*own, *named)})


def _moved(follow_up: FollowUp, base: Plan, asked: Plan) -> Plan:
    """减少的呢, 增加最多的是谁: what was asked, of a rise or fall."""
    if base.operation in ("list", "count") and asked.operation == "trend":
        movement = follow_up.question.movements[0]
        own = change_criterion(movement).model_copy(update={"change": None})
        return base.model_copy(update={"change": movement.change, "since": None, "criteria": (own,)})
    criteria = () if asked.operation == "top" else asked.criteria or base.criteria
    update = {"change": asked.change, "since": asked.since, "operation": asked.operation, "aspect": asked.aspect}
    ranking = {"order": asked.order, "limit": asked.limit, "within": asked.within}
    return base.model_copy(update=update | ranking | {"criteria": criteria, "scope": asked.scope})


def _is_opposite(follow_up: FollowUp, base: Plan) -> bool:
    """那收到的呢, which did: the others of those that were asked for."""
    some = bool(base.criteria) and base.criteria[0].comparison != "="
    others = (_NONE if some else _SOME).search(follow_up.reading.text)
    asks = (follow_up.reading.has("follow_up", "opposite") or others) and not follow_up.named
    return bool(asks) and bool(base.criteria) and all(_is_trivial(criterion) for criterion in base.criteria)


def _opposite(criterion: Criterion) -> Criterion:
    return criterion.model_copy(update={"comparison": ">" if criterion.comparison == "=" else "="})


def _explicit(base: Plan) -> list[Criterion]:
    """The criteria with the metrics that they are on written out, for a question about another metric."""
    own = {"metrics": base.metrics[:1], "denominators": base.denominators, "change": base.change, "since": base.since}
    return [c if c.metrics else c.model_copy(update=own) for c in base.criteria]


def _operated(follow_up: FollowUp, base: Plan, asked: Plan) -> Plan:
    """Another operation on what was asked: 平均呢, 最少的呢, 排第几, 占多少."""
    operation = follow_up.operation
    update: dict[str, Any] = {"operation": operation, "group_by": (), "statistic": None}
    if operation == "share":
        of_members = bool(base.criteria) and not base.scope.bodies
        return base.model_copy(update=update) if of_members else _share_of(base, asked)
    if operation == "top":
        # What is the rank of nobody in particular is who stands where.
        update |= {"limit": asked.limit or find_limit(follow_up.reading) or 1, "place": find_place(follow_up.reading)}
        update["order"] = "ascending" if follow_up.reading.has("operation", "bottom") else _order(base, follow_up)
    if operation == "rank":
        update |= {"operation": "rank" if base.scope.bodies else "top", "order": asked.order}
    if operation == "trend":
        update |= {"aspect": asked.aspect, "scope": asked.scope}
    if operation in ("sum", "mean", "median") and len(base.metrics) > 1 and base.criteria:
        update["metrics"] = base.metrics[:1]
    if operation != "count":
        update["criteria"] = tuple(c for c in base.criteria if not _is_trivial(c))
    elif follow_up.bounds:
        update["criteria"] = asked.criteria
    return base.model_copy(update=update)


def _order(base: Plan, follow_up: FollowUp) -> str:
    """前三呢, after who has fewest, are the three with fewest."""
    named = follow_up.reading.has("operation", "top")
    return "descending" if named or base.operation != "top" else base.order


def _share_of(base: Plan, asked: Plan) -> Plan:
    if not asked.denominators:
        return base
    update = {"operation": "share", "metrics": asked.metrics, "denominators": asked.denominators, "criteria": ()}
    return base.model_copy(update=update)


def _is_trivial(criterion: Criterion) -> bool:
    """None, or any at all: as a condition on what is added up or ranked it says nothing."""
    return criterion.is_own and criterion.value == 0 and criterion.comparison in _TRIVIAL


def _on_the_same(criterion: Criterion, previous: Plan) -> Criterion:
    """A new bound is on what the old one was on."""
    before = previous.condition
    if criterion.metrics or before is None:
        return criterion
    return criterion.model_copy(update={"change": criterion.change or before.change, "than": before.than})


def _fitting(plan: Plan, previous: Plan) -> Plan:
    """A list turned to one body becomes its figure; one body's figure turned to many becomes their sum."""
    scope = plan.scope
    if plan.subject != "figures":
        return plan
    if len(scope.bodies) == 1 and not previous.scope.bodies and plan.operation in _OVER_MANY:
        return plan.model_copy(update={"operation": "value", "criteria": (), "group_by": (), "limit": None})
    if not scope.bodies and previous.scope.bodies and plan.operation in ("value", "compare", "rank", "trend"):
        return plan.model_copy(update={"operation": "sum", "criteria": ()})
    if len(scope.years) > 1 and len(scope.bodies) == 1 and plan.operation == "value":
        return plan.model_copy(update={"operation": "trend"})
    if len(scope.bodies) > 1 and plan.operation in ("value", "trend"):
        return plan.model_copy(update={"operation": "compare"})
    return plan


def narrowed(own: PlanScope, before: PlanScope) -> PlanScope:
    """The scope before with what a follow-up takes out of it."""
    return before.model_copy(update={"excluded": tuple(dict.fromkeys((*before.excluded, *own.excluded)))})
