"""Shares: of a named ratio, of a part in its whole, or of the bodies that satisfy a condition."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from assistant.plan import Criterion, Operation, Plan, PlanScope
from assistant.understanding.conditions import Bound, names_bodies, own_criteria
from assistant.understanding.criteria import members_measured
from assistant.understanding.figure_question import FigureQuestion
from assistant.understanding.group_plans import with_groups
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.metric_words import whole_of
from assistant.understanding.reading import QuestionReading, wants_number
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue

_OF_RECEIVED = re.compile(
    r"(?:新收|收到的?|接到的?)申请(?:总?(?:数|量|件数))?的?(?:一半|半数|\d|百分之|[一二三四五六七八九]成|[一二三四五六七八九]分之)"
    r"|(?<!理)申请(?:总?(?:数|量|件数))的?(?:一半|半数|\d|百分之|[一二三四五六七八九]成|[一二三四五六七八九]分之)"
    r"|\bof (?:the |all )?(?:new )?applications (?:it |they )?received"
)
"""超过申请数一半: what came in is the whole, and not what was closed."""
_AGAINST_RECEIVED = re.compile(
    r"占(?:了|到)?(?:全部|所有|总)?的?(?:当年|本年度?|全年|年度|其)?(?:新收到?|收到的?|接到的?)的?(?:政府信息公开|信息公开)?"
    r"(?:申请|(?=的|多|几|百|比|[?？]|$))|(?:与|和|同)(?:新收|收到的?)(?:政府信息公开|信息公开)?申请(?:总?数|总?量|件数)?的?(?:之比|比例|比值|比率)"
    r"|\b(?:of|by|to|in) (?:the |all |its |their )*new applications\b"
)
"""不予公开占新收申请的比例: likewise, where it is said what the share is of."""
_OF_EVERYONE = re.compile(
    r"占(?:全[县市区省旗州镇]|全部单位|所有单位|整体|总体)的?(?:比重|比例|百分比|份额|多少|几成)?"
)
Computed = Callable[[FigureQuestion, Plan], Plan]


def share_words(reading: QuestionReading) -> tuple[str, ...]:
    """The words that ask for a share, with what it is to be of: 占全县的比重."""
    for tag in reading.tagged("operation", "share"):
        share = _OF_EVERYONE.match(reading.text, tag.start)
        return (share[0] if share else tag.surface,)
    return ()


def asks_share(question: FigureQuestion) -> bool:
    """Whether a share is asked for, or one is bounded: 公开率, 占比, 一半以上."""
    reading = question.reading
    bounded = any(bound.is_share for bound in question.bounds)
    moved = bool(question.movements) or reading.has("operation", "trend")
    tags = reading.tagged("operation", "share")
    words = [tag.surface for tag in tags if not (moved and tag.means("change", "percent"))]
    if words and set(words) <= {"占"} and wants_number(reading) == "bodies":
        words = []  # 零申请占几家 counts
    return reading.has("ratio") or bool(words) or bounded


def share_plan(question: FigureQuestion, plan: Plan, lexicon: Lexicon, computed: Computed) -> Plan | None:
    """The plan as a share; ``None`` where the question names nothing that is a share of anything.

    Args:
        computed: Plans what is asked of other metrics where a share is only a condition.
    """
    reading = question.reading
    bounded = [bound for bound in question.bounds if _bounds_share(bound)]
    if not bounded and not reading.has("ratio") and _is_of_members(question, plan):
        return _of_members(question, plan, lists=False)
    whole_bounds = [(s, [bound for bound in s.bounds if not _bounds_share(bound)]) for s in question.statements]
    beside = [replace(s, bounds=bounds) for s, bounds in whole_bounds if bounds]
    asked = [s for s in question.statements if bounded and s.focuses and not s.bounds]
    within = [s for s, bounds in whole_bounds if not bounds and s not in asked]
    if not within and not reading.has("ratio"):
        within, beside, asked = list(question.statements), [], []
    share = _share(question, plan, tuple(dict.fromkeys(m for s in within for m in s.metric_ids)), lexicon)
    if share is None:
        return _of_members(question, plan, lists=True) if _names_bodies_as_whole(question, plan) else None
    required = members_measured(reading, beside, lists=False, named=True).criteria
    if asked:
        of_share = {"metrics": share.metrics, "denominators": share.denominators}
        bound = Criterion(**bounded[0].condition.model_dump() | of_share)
        rest = replace(question, statements=tuple(asked), bounds=())
        other = computed(rest, plan)
        return other.model_copy(update={"criteria": (*other.criteria, bound, *required)})
    if bounded and not question.one_body and not question.is_extreme:
        operation: Operation = "count" if wants_number(reading) == "bodies" else "list"
        own = own_criteria(bounded[0].condition)
        return share.model_copy(update={"operation": operation, "criteria": (*own, *required)})
    share = with_groups(question, share.model_copy(update={"criteria": required}))
    return _ranked(question, _set_against(question, share))


def _bounds_share(bound: Bound) -> bool:
    """Whether a bound is on the share: 超过一半, and where shares are spoken of also 高于平均."""
    return bound.is_share or (isinstance(bound.condition, Criterion) and bound.condition.against is not None)


def times_plan(question: FigureQuestion, plan: Plan) -> Plan:
    """甲是乙的几倍, of two bodies, sides, metrics or years; of anything else the plan says that it isn't computed."""
    reading, statements = question.reading, question.statements
    if plan.operation == "compare" and len(plan.metrics) == 1:
        plan = _by_sides(plan)
        if 2 in (len(plan.scope.bodies), len(plan.sides)):
            return plan.model_copy(update={"times": True})
    years = plan.scope.years
    of_years = plan.operation == "trend" and len(years) == 2 and len(plan.metrics) == 1
    if of_years and reading.years[-1].years == years[:1]:
        return plan.model_copy(update={"times": True})
    if len(statements) == 2 and plan.operation in ("value", "sum", "list", "breakdown"):
        first, second = (s.metric_ids for s in statements)
        of_one = len(plan.scope.bodies) < 2 and not plan.group_by and not question.has_condition
        if of_one and set(first) != set(second):
            update = {"operation": "share", "metrics": first, "denominators": second, "times": True}
            return plan.model_copy(update=update)
    words = tuple(tag.surface for tag in reading.tagged("times")[:1])
    return plan.model_copy(update={"unplaced": (*plan.unplaced, *words)})


def _by_sides(plan: Plan) -> Plan:
    """Two kinds or places that are compared as groups, as sides in the question's order."""
    scope, field = plan.scope, {"kind": "kinds", "region": "regions"}.get(plan.grouping or "")
    if field is None or len(plan.group_by) != 1 or len(getattr(scope, field)) != 2:
        return plan
    sides = tuple(PlanScope.model_validate({field: (one,)}) for one in getattr(scope, field))
    return plan.model_copy(update={"sides": sides, "group_by": (), "region_level": None})


def _set_against(question: FigureQuestion, share: Plan) -> Plan:
    """镇和部门的公开率: the share of each side."""
    if not question.scope.sides or question.is_extreme or share.group_by:
        return share
    return share.model_copy(update={"operation": "compare", "sides": question.scope.sides})


def _ranked(question: FigureQuestion, share: Plan) -> Plan:
    """公开率最高的单位 ranks by the share."""
    if not question.is_extreme or not (share.denominators or share.group_by):
        return share
    order = "ascending" if question.is_ascending else "descending"
    return share.model_copy(update={"operation": "top", "order": order, "limit": question.limit or 1})


def _is_of_members(question: FigureQuestion, plan: Plan) -> bool:
    """零申请单位占比: of how many bodies something holds."""
    required = [s for s in question.statements if s.bounds or s.movements]
    # 收到申请但未被复议的部门占比: all that stands before the share's word is required.
    last = max((tag.start for tag in question.reading.tagged("operation", "share")), default=0)
    before = all(s.end <= last for s in question.statements)
    all_required = before or len(required) == len(question.statements)
    return _is_about_bodies(question, plan) and bool(required) and all_required


def _is_about_bodies(question: FigureQuestion, plan: Plan) -> bool:
    reading = question.reading
    named = reading.has("body") or reading.has("kind") or wants_number(reading) == "bodies"
    return named and not plan.scope.bodies


def _names_bodies_as_whole(question: FigureQuestion, plan: Plan) -> bool:
    """What share of departments had reviews."""
    reading = question.reading
    following = [t for tag in reading.tagged("operation", "share") for t in reading.following(tag.end, 2)]
    if following and following[0].means("follow_up", "everyone"):
        return False  # 占全县的比重 is a share of what they all have
    return _is_about_bodies(question, plan) and any(names_bodies(tag) for tag in following)


def _of_members(question: FigureQuestion, plan: Plan, *, lists: bool) -> Plan:
    measured = members_measured(question.reading, question.statements, lists=lists)
    update: dict[str, Any] = {
        "operation": "share",
        "metrics": measured.metrics,
        "criteria": measured.criteria,
        "change": measured.change,
        "combine": "any" if measured.combine_any else "all",
    }
    base = [s for s in question.statements if s.in_relative]
    if base and len(base) < len(question.statements):
        # 申请超过5件的部门里有复议的占多少 is of fewer than all, which isn't computed.
        words = tuple(question.reading.text[s.start : s.end] for s in base)
        update["unplaced"] = (*plan.unplaced, *words)
    return _ranked(question, with_groups(question, plan.model_copy(update=update)))


def _share(question: FigureQuestion, plan: Plan, ids: tuple[str, ...], lexicon: Lexicon) -> Plan | None:
    for tag in question.reading.tagged("ratio"):
        first = lexicon.ratios[tag.values("ratio")[0]][0]
        return _of(plan, first.numerators, first.denominators)
    if not ids:
        return None
    wholes = [metric for metric in ids if any(whole_of(other) == metric for other in ids)]
    if wholes:
        return _of(plan, tuple(metric for metric in ids if metric not in wholes), tuple(wholes[:1]))
    if len(ids) > 1:
        return _ordered_share(question, plan, ids)
    of_received = _OF_RECEIVED.search(question.reading.text) or _AGAINST_RECEIVED.search(question.reading.text)
    if of_received and whole_of(ids[0]) == "result_total" and "__" not in ids[0]:
        return _of(plan, ids, ("applications_new",))
    whole = _whole_by_order(question, ids[0]) or whole_of(ids[0])
    return None if whole is None else _of(plan, ids, (whole,))


def _whole_by_order(question: FigureQuestion, metric_id: str) -> str | None:
    """个人申请里不予公开占比 is of the individuals' outcomes; 不予公开里个人占几成 of those denied."""
    base, _, column = metric_id.partition(COLUMN_SEPARATOR)
    words = question.reading.tagged("column")
    outcome = [t for t in question.reading.tagged("metric_word") if t.means("part") or whole_of(base) == "result_total"]
    if not column or not words or not outcome or whole_of(base) != "result_total":
        return None
    return f"result_total{COLUMN_SEPARATOR}{column}" if words[0].start < outcome[-1].start else None


def _of(plan: Plan, parts: tuple[str, ...], whole: tuple[str, ...]) -> Plan:
    return plan.model_copy(update={"operation": "share", "metrics": parts, "denominators": whole, "criteria": ()})


def _ordered_share(question: FigureQuestion, plan: Plan, ids: tuple[str, ...]) -> Plan:
    """Two metrics neither of which is the other's whole: 无法提供里不掌握占多少, lawsuits as a share of reviews."""
    for metric in ids:
        if set(ids) - {metric} <= set(catalogue().split(metric)[0].sum_of):
            return _of(plan, tuple(other for other in ids if other != metric), (metric,))
    same_whole = {whole_of(metric) for metric in ids}
    if len(same_whole) == 1 and None not in same_whole and "/" not in question.reading.text:
        return _of(plan, ids, (same_whole.pop() or ids[-1],))
    return _of(plan, ids[:1], ids[1:2])
