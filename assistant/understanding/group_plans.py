"""How a Plan is split by groups, and what a group shows of its bodies."""

from __future__ import annotations

import re
from typing import Any

from assistant.plan import Grouping, Plan, Statistic
from assistant.understanding.changes import without_base_years
from assistant.understanding.criteria import members_measured
from assistant.understanding.distribution import (
    asks_each,
    bounded_over_years,
    distributed,
    first_of_each,
    totals_over_years,
    with_metrics_apart,
    with_sides_apart,
)
from assistant.understanding.figure_question import FigureQuestion
from assistant.understanding.grouping_words import names_each
from assistant.understanding.oppositions import is_relative

_ASKED_BODY = re.compile(
    r"(?:哪个|哪家|哪一个|哪一家|是谁|谁)(?!年|年度)|which (?:body|agency|town|zone|department)|who"
)
"""哪个单位哪一年最多: of all bodies in all years the one, with its year."""


def with_groups(question: FigureQuestion, plan: Plan) -> Plan:
    """The plan with the groups and the metrics that the question tells apart; as it is where it names none."""
    return with_metrics_apart(question, _grouped(question, plan))


def _grouped(question: FigureQuestion, plan: Plan) -> Plan:
    if plan.operation == "compare" and not plan.scope.bodies:
        return _sides(question, plan)
    if question.groups.asked == "year" and plan.operation == "top" and _ASKED_BODY.search(question.reading.text):
        return plan.model_copy(update={"scope": plan.scope.model_copy(update={"latest": False})})
    totals = totals_over_years(question, plan) or bounded_over_years(question, plan)
    if totals is not None:
        return totals
    beside = distributed(question)
    if beside is not question and plan.operation == "top":
        return first_of_each(plan, beside.groups)
    question = beside
    if not question.groups:
        return with_sides_apart(question, plan)
    plan = _asked_group(question, plan) if question.groups.asked is not None else _split_by(question, plan)
    if "year" in (*plan.group_by, *plan.within) and not question.reading.has("time", "latest"):
        return plan.model_copy(update={"scope": plan.scope.model_copy(update={"latest": False})})
    return plan


def _statistic(question: FigureQuestion) -> Statistic | None:
    reading = question.reading
    if question.average is not None:
        return question.average
    return "share" if reading.has("operation", "share") else None


def _sides(question: FigureQuestion, plan: Plan) -> Plan:
    """镇和街道哪个平均申请多: each side shows the statistic that is named."""
    statistic = _statistic(question)
    update: dict[str, Any] = {}
    if question.has_condition:
        measured = members_measured(question.reading, question.statements, lists=False)
        update = {"criteria": measured.criteria, "metrics": measured.metrics}
        statistic = statistic or "count"
    if question.scope.sides:
        return plan.model_copy(update={**update, "sides": question.scope.sides, "statistic": statistic})
    by = "kind" if len(plan.scope.kinds) > 1 else "region"
    return plan.model_copy(update={**update, "group_by": (by,), "statistic": statistic})


def _asked_group(question: FigureQuestion, plan: Plan) -> Plan:
    """哪个县收到的申请最多, 哪些县合计超过100件, 哪个县零申请单位最多."""
    groups, reading = question.groups, question.reading
    if groups.asked == "year" and "body" in groups.by and plan.operation == "top":
        return plan.model_copy(update={"within": ("body",)})  # 各单位申请最多的是哪年
    update: dict[str, Any] = {"region_level": groups.region_level, "statistic": _statistic(question)}
    update["group_by"] = (groups.asked,)
    of_members = all(s.bounds for s in question.statements)
    none = any(b.source == "none" for s in question.statements for b in s.bounds)
    counts_bodies = none or reading.has("body") or reading.has("kind")
    if plan.operation == "top" and of_members and counts_bodies:
        measured = members_measured(reading, question.statements, lists=False)
        update |= {"criteria": measured.criteria, "metrics": measured.metrics}
        update["statistic"] = "share" if update["statistic"] == "share" else "count"
    if plan.operation not in ("top", "list", "count"):
        update["operation"] = "top" if question.is_extreme else "list"
    # 哪类机关提案比建议多: of groups one figure isn't held against another.
    opposed = [reading.text[s.start : s.end] for s in question.statements if any(is_relative(b) for b in s.bounds)]
    return plan.model_copy(update=update | {"unplaced": (*plan.unplaced, *opposed)})


def _asks_total(question: FigureQuestion) -> bool:
    """Whether one total is asked for of 各局: 各局一共收费多少, 各局收费总金额, but not 各局分别合计多少."""
    reading = question.reading
    total = reading.has("operation", "sum") or any("总" in tag.surface for tag in reading.tagged("metric_word"))
    return total and not asks_each(reading)


def _split_by(question: FigureQuestion, plan: Plan) -> Plan:
    by, reading = question.groups.by, question.reading
    if plan.years_running is not None:
        by = tuple(g for g in by if g != "year")
        if not by:
            return plan
    outer: tuple[Grouping, ...]
    statistic = _statistic(question)
    update: dict[str, Any] = {"group_by": by, "region_level": question.groups.region_level}
    if question.one_body and by == ("year",) and plan.operation in ("value", "trend"):
        return plan.model_copy(update={"operation": "trend"})
    match plan.operation:
        case "mean" | "median":
            # 平均每个镇 is the mean over the towns.
            within = ("body", "year") if question.one_body else ("body",)
            outer = tuple(g for g in by if g not in within)
            update |= {"group_by": outer, "statistic": statistic if outer else None}
            update["scope"] = plan.scope.model_copy(update={"latest": plan.scope.latest and "year" not in by})
        case "count":
            outer = tuple(g for g in by if g != "body")
            update |= {"group_by": outer, "statistic": "count" if outer else None}
        case "share":
            # 占办理结果总计 names what a share is of, not what it is split by.
            outer = tuple(g for g in by if g not in ("column", "outcome"))
            update |= {"group_by": outer, "statistic": None if plan.denominators or not outer else "share"}
        case "sum" if by == ("body",) and _asks_total(question):
            return plan
        case "top":
            named = tuple(g for g in by if g != "body")
            field = "within" if names_each(reading) else "group_by"
            return plan.model_copy(update={field: named, "region_level": question.groups.region_level})
        case "rank" | "compare":
            return plan
        case "trend":
            outer = tuple(g for g in by if g != "year")
            if not outer:
                return plan
            moved = bool(question.movements)
            scope = question.scope.scope
            update |= {
                "operation": "breakdown",
                "group_by": outer if moved else (outer[0], "year"),
                "change": question.movements[0].change if moved else None,
                "aspect": None,
                "scope": without_base_years(question.reading, scope) if moved else plan.scope,
            }
        case "list" if question.has_condition or question.movements:
            update["group_by"] = tuple(g for g in by if g != "body")
        case _:
            summed = plan.operation == "sum" and len(by) == 1 and by != ("body",)
            update["operation"] = "sum" if summed else "breakdown"
            update["criteria"] = plan.criteria if question.has_condition else ()
    return plan.model_copy(update=update)
