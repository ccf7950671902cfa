"""What is asked of each of several: of groups named side by side, of metrics, of bodies over years together."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from assistant.plan import Grouping, Plan, RegionLevel
from assistant.understanding.conditions import asks_for_bodies
from assistant.understanding.figure_question import FigureQuestion
from assistant.understanding.grouping_words import Groups
from assistant.understanding.reading import QuestionReading
from vectorstore.places import MUNICIPALITIES

_EACH = re.compile(
    r"分别|各自|respectively|"
    r"\beach\b(?=[\s?.!]*$| (?:\w+ed|receive|get|got|have|had|disclose|publish|handle|in|for|during)\b)"
)
_EACH_OF_THEM = re.compile(r"各(?![自个家类级项地种年月季位单方渠])")
"""各合计多少, 各收到多少: what stands before it is distributed over, where 各乡镇 names a group of its own."""
_LEVELS: tuple[RegionLevel, ...] = ("province", "city", "county")
_ADDED_UP = ("sum", "list", "value", "mean", "median", "count")
_REACH = -3
"""Characters that may stand between 平均 or 合计 and the metric that it is of: 平均|每年|申请."""


def asks_each(reading: QuestionReading) -> bool:
    """Whether something is asked of each of several that are named: 分别, 各自, 各合计多少."""
    return bool(each_words(reading))


def each_words(reading: QuestionReading) -> list[tuple[int, int]]:
    """Where the words stand that ask it of each."""
    nouns = ("kind", "designation", "body", "group", "asked_group")
    starts = {tag.start for tag in reading.tags if any(tag.means(category) for category in nouns)}
    bare = [m for m in _EACH_OF_THEM.finditer(reading.text) if not starts & {m.start(), m.end()}]
    return [m.span() for m in (*_EACH.finditer(reading.text), *bare)]


def adds_up_all(plan: Plan) -> bool:
    """Whether the answer is one figure, or one ranking, of all that a question names."""
    if plan.group_by or plan.within or plan.sides or plan.apart or any(c.top is not None for c in plan.criteria):
        return False
    if plan.operation == "top":
        # 申请最多的分别是谁 may have one answer, or several that share the place.
        of_several = max(len(plan.scope.regions), len(plan.scope.kinds), len(plan.metrics)) > 1
        return of_several and plan.order != "both" and (plan.limit or 1) == 1
    return plan.operation in ("sum", "mean", "median")


def groups_beside(question: FigureQuestion) -> Groups | None:
    """The groups named side by side that something is asked of each: 青禾县与溪柳县各收到多少; ``None`` if none are."""
    sides = question.scope.sides
    if len(sides) < 2 or question.scope.scope.whole or not asks_each(question.reading):
        return None
    bare = all(not (side.bodies or side.names or side.years or side.excluded) for side in sides)
    if bare and all(len(side.kinds) == 1 for side in sides) and len({side.regions for side in sides}) == 1:
        return Groups(("kind",))
    levels = {_level(side.regions[0]) for side in sides if len(side.regions) == 1}
    of_places = bare and all(len(side.regions) == 1 for side in sides)
    if of_places and len(levels) == 1 and len({side.kinds for side in sides}) == 1:
        return Groups(("region",), region_level=levels.pop())
    return None


def with_sides_apart(question: FigureQuestion, plan: Plan) -> Plan:
    """The plan with each of the sides beside the others where they are no groups of one sort."""
    apart = len(question.scope.sides) > 1 and asks_each(question.reading)
    if not apart or plan.operation not in _ADDED_UP or question.has_condition or question.movements:
        return plan
    statistic = plan.operation if plan.operation in ("mean", "median") else None
    return plan.model_copy(
        update={"operation": "compare", "sides": question.scope.sides, "statistic": statistic, "criteria": ()}
    )


def first_of_each(plan: Plan, groups: Groups) -> Plan:
    """各自申请最多的乡镇: the first of each group, not the first group."""
    return plan.model_copy(update={"within": groups.by, "region_level": groups.region_level})


def totals_over_years(question: FigureQuestion, plan: Plan) -> Plan | None:
    """五年合计申请最多的乡镇: each body's years are added before any is ranked; ``None`` if that isn't asked."""
    reading, groups = question.reading, question.groups
    spans = len(plan.scope.years) > 1 or reading.has("time", "all") or "year" in groups.by
    spans = spans or (not plan.scope.years and "累计" in reading.text)
    others = [grouping for grouping in groups.by if grouping not in ("year", "body")]
    if plan.operation != "top" or plan.change is not None or groups.asked is not None or others:
        return None
    if not spans or not reading.has("operation", "sum"):
        return None
    by: tuple[Grouping, ...] = ("body",)
    scope = plan.scope.model_copy(update={"latest": False})
    return plan.model_copy(update={"group_by": by, "within": (), "scope": scope})


def bounded_over_years(question: FigureQuestion, plan: Plan) -> Plan | None:
    """近三年申请合计超过10件的: each body's years are added, or averaged, before they are held against the number."""
    own = plan.criteria[0] if len(plan.criteria) == 1 else None
    averages = question.average is not None and _precedes_bound(question, "mean", "median")
    by_others = set(question.groups.by) - ({"year"} if averages else set())
    over_years = (len(plan.scope.years) > 1 or averages) and plan.years_running is None and not by_others
    if own is None or not own.is_own or own.against or own.change or own.year or not own.value or not over_years:
        return None
    asked = any(focus.asks == "number" for s in question.statements for focus in s.focuses)
    lists = plan.operation in ("list", "count", "mean", "median") and question.groups.asked is None and not asked
    sums = _precedes_bound(question, "sum")
    if not lists or question.one_body or not (sums or averages) or not asks_for_bodies(question.reading):
        return None
    update: dict[str, Any] = {"operation": "list", "group_by": ("body",), "statistic": question.average}
    return plan.model_copy(update=update | {"scope": plan.scope.model_copy(update={"latest": False})})


def _precedes_bound(question: FigureQuestion, *operations: str) -> bool:
    """申请|合计|超过10件, and neither 一共有几个镇申请超过10件 nor 申请超过5件的镇平均公开几条."""
    statement = question.statements[0]
    bound = max((b.start for b in statement.bounds), default=-1)
    tags = question.reading.tagged("operation", *operations)
    return any(
        question.reading.language == "en" or _REACH <= tag.end - statement.start <= bound - statement.start
        for tag in tags
    )


def with_metrics_apart(question: FigureQuestion, plan: Plan) -> Plan:
    """The plan with its metrics one by one, where each is asked for and no word adds them up."""
    statements = [s for s in question.statements if set(s.metric_ids) <= set(plan.metrics)]
    if len(statements) < 2 or any(len(s.metric_ids) > 1 for s in statements):
        return plan
    if question.reading.has("operation", "sum") and not asks_each(question.reading):
        return plan
    update: dict[str, Any] = {"apart": _asks_of_each(question, plan)}
    return plan.model_copy(update=update)


def _asks_of_each(question: FigureQuestion, plan: Plan) -> bool:
    if {"column", "outcome"} & set(plan.group_by):
        return False
    match plan.operation:
        case "top" | "rank":
            return sum(any(f.asks == "extreme" for f in s.focuses) for s in question.statements) > 1
        case "trend" | "mean" | "median":
            return True
        case "breakdown":
            return bool(plan.group_by)
        case "sum":
            return asks_each(question.reading)
    return False


def distributed(question: FigureQuestion) -> FigureQuestion:
    """The question with the groups that it names side by side as those that it is split by."""
    groups = None if question.groups else groups_beside(question)
    return question if groups is None else replace(question, groups=groups)


def _level(region: str) -> RegionLevel:
    path = region.split("/")
    depth = len(path) + (1 if path[0] in MUNICIPALITIES and len(path) > 1 else 0)
    return _LEVELS[min(depth, len(_LEVELS)) - 1]
