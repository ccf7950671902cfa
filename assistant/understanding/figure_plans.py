"""The Plan of a question about metrics: what is to be done with them, and by what the answer is split."""

from __future__ import annotations

from assistant.plan import Condition, Grouping, Operation, Plan
from assistant.understanding.conditions import find_condition, own_criteria
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.metric_words import NamedMetric, whole_of
from assistant.understanding.reading import QuestionReading, asks_for_members, wants_number
from assistant.understanding.scoping import ScopeReading
from vectorstore.catalogue import catalogue


def figure_plan(
    reading: QuestionReading, metrics: list[NamedMetric], scope: ScopeReading, base: Plan, lexicon: Lexicon
) -> Plan:
    """The Plan of a question about metrics: the operation, then what it needs."""
    ids = tuple(dict.fromkeys(metric.metric_id for metric in metrics))
    plan = base.model_copy(update={"subject": "figures", "metrics": ids, "words": ""})
    condition, limit = find_condition(reading, one_body=len(scope.scope.bodies) == 1)
    condition = _in_unit_of(condition, ids)
    unsupported = tuple(tag.surface for tag in reading.tagged("unsupported"))
    if asks_for_members(reading) and not reading.has("operation", "top", "bottom") and not scope.scope.bodies:
        # 哪些部门的申请少了 lists by a change, which isn't computed for many bodies.
        unsupported += tuple(tag.surface for tag in reading.tagged("operation", "trend"))
    if len(scope.scope.kinds) > 1 and _compares(reading):
        unsupported += tuple(tag.surface for tag in reading.tagged("operation", "mean", "median"))
    plan = plan.model_copy(update={"unplaced": unsupported})
    if reading.has("polarity", "silent"):
        return plan.model_copy(update={"operation": "list", "aspect": "silent"})
    of_a_share = condition is not None and 0 < condition.value < 1
    if reading.has("ratio") or reading.has("operation", "share") or of_a_share:
        share = _share(reading, plan, condition, lexicon)
        if share is not None:
            return _ranked_share(reading, share, condition, limit)
    group = _group(reading, metrics, scope)
    if group in ("column", "outcome"):
        return _breakdown(reading, plan, group)
    parts = catalogue().split(ids[0])[0].sum_of if len(ids) == 1 else ()
    reasons = any(word in reading.text for word in ("原因", "理由", "reason"))
    if parts and (reasons or reading.has("operation", "breakdown") or "各" in reading.text) and not reading.has("body"):
        return plan.model_copy(update={"operation": "breakdown", "group_by": ("outcome",), "metrics": parts})
    running = reading.tagged("running")
    if running and condition is not None and len(scope.scope.bodies) != 1:
        # 2021、2022连续两年 and 连续两年 count years; what they ask for is members.
        counts = wants_number(reading) == "bodies"
        asked = {"operation": "count" if counts else "list", "criteria": own_criteria(condition)}
        return plan.model_copy(update={**asked, "years_running": int(running[0].values("running")[0])})
    operation = "top" if limit is not None else _operation(reading, scope, condition is not None)
    update: dict[str, object] = {"operation": operation}
    if operation in ("list", "count", "trend"):
        update["criteria"] = own_criteria(condition)
        update["combine"] = "any" if reading.has("polarity", "either") and not _is_none(reading) else "all"
    elif condition is not None and condition.value != 0 and operation in ("sum", "mean", "median", "top"):
        # 有多少被不予公开 adds up; only a stated bound narrows what is added.
        update["criteria"] = own_criteria(condition)
    if operation == "top":
        update["limit"] = limit or (5 if reading.has("operation", "list") and "哪些" in reading.text else 1)
        update["order"] = "ascending" if reading.has("operation", "bottom") else "descending"
    if operation in ("trend", "compare") and any(w in reading.text for w in ("率", "百分", "幅", "percent")):
        update["aspect"] = "percent_change"
    if operation == "rank" and "倒数" in reading.text:
        update["order"] = "ascending"
    if group is not None:
        update["group_by"] = (group,)
        if operation in ("list", "value"):
            update["operation"] = "breakdown"
    return plan.model_copy(update=update)


def _in_unit_of(condition: Condition | None, metric_ids: tuple[str, ...]) -> Condition | None:
    """A bound on an amount of money in the metric's own unit: 超过700万 of a metric in 万元 is 700."""
    in_wan = bool(metric_ids) and catalogue().split(metric_ids[0])[0].unit == "万元"
    if condition is None or not in_wan or condition.value < 10_000:
        return condition
    upper = None if condition.upper is None else condition.upper / 10_000
    return condition.model_copy(update={"value": condition.value / 10_000, "upper": upper})


def _is_none(reading: QuestionReading) -> bool:
    return reading.has("polarity", "none")


def _operation(reading: QuestionReading, scope: ScopeReading, has_condition: bool) -> Operation:
    """What is to be done. The order matters: a question that ranks may also count, one that lists may also compare."""
    one_body = len(scope.scope.bodies) == 1
    several = len(scope.scope.bodies) > 1
    counted = wants_number(reading)
    if reading.has("operation", "rank"):
        return "rank" if scope.scope.bodies else "top"
    years = scope.scope.years
    if one_body and len(years) > 1 and reading.has("operation", "sum"):
        return "sum"
    if several and not reading.has("operation", "sum", "mean", "median"):
        return "compare"
    if reading.has("operation", "top", "bottom"):
        return "top"
    sides = len(scope.scope.kinds) > 1 or len(scope.scope.regions) > 1
    if sides and _compares(reading) and not scope.scope.bodies:
        return "compare"
    if reading.has("operation", "mean"):
        return "mean"
    if reading.has("operation", "median"):
        return "median"
    # Whether there are more and more zeros is a change in how many bodies satisfy the condition.
    if reading.has("operation", "trend") and (not has_condition or not reading.has("operation", "list")):
        return "trend"
    if one_body and len(years) > 1 and not has_condition:
        return "trend"
    if one_body:
        return "value"
    if counted == "bodies":
        return "count"
    if reading.has("operation", "sum") and (counted == "things" or not has_condition):
        return "sum"
    if counted == "things" and not (has_condition and asks_for_members(reading)):
        return "sum"
    return "list"


def _group(reading: QuestionReading, metrics: list[NamedMetric], scope: ScopeReading) -> Grouping | None:
    """What an answer is split by."""
    split = reading.has("operation", "breakdown") or any(
        tag.surface.startswith(("按", "各", "by ")) for tag in reading.tagged("group")
    )
    about_applications = any(catalogue().split(m.metric_id)[0].has_columns for m in metrics)
    for tag in reading.tagged("group"):
        values = tag.values("group")
        if "column" in values and about_applications and (split or not reading.has("operation", "sum", "top")):
            return "column"
        if "outcome" in values and about_applications and not reading.has("operation", "top", "rank", "sum"):
            return "outcome"
        for value in ("kind", "region", "year"):
            if value in values and (split or value == "year"):
                return value
    if len(scope.scope.kinds) > 1 and _compares(reading):
        return "kind"
    return "region" if len(scope.scope.regions) > 1 and _compares(reading) and not scope.scope.bodies else None


def _compares(reading: QuestionReading) -> bool:
    """镇和街道哪个申请多: two sides, and a word that sets them against one another."""
    sides = "哪个" in reading.text or "谁" in reading.text
    return reading.has("operation", "compare") or (
        sides and reading.text.rstrip("?？ 的些").endswith(("多", "少", "高", "低"))
    )


def _breakdown(reading: QuestionReading, plan: Plan, group: Grouping) -> Plan:
    if group == "outcome":
        column = plan.metrics[0].partition("__")[2] if plan.metrics else ""
        outcomes = [row.id for row in catalogue().application_rows if row.part == "outcome"]
        metrics = tuple(f"{outcome}__{column}" if column else outcome for outcome in outcomes)
    else:
        base = plan.metrics[0].partition("__")[0]
        metrics = (base,)
    return plan.model_copy(update={"operation": "breakdown", "group_by": (group,), "metrics": metrics, "criteria": ()})


def _share(reading: QuestionReading, plan: Plan, condition: Condition | None, lexicon: Lexicon) -> Plan | None:
    """A share: of a named ratio, of two metrics one of which is part of the other, or of the bodies of a condition."""
    for tag in reading.tagged("ratio"):
        first = lexicon.ratios[tag.values("ratio")[0]][0]
        return plan.model_copy(
            update={"operation": "share", "metrics": first.numerators, "denominators": first.denominators}
        )
    ids = plan.metrics
    if not ids:
        return None
    about_bodies = reading.has("body") or reading.has("kind") or wants_number(reading) == "bodies"
    of_members = condition is not None and not 0 < condition.value < 1
    if of_members and about_bodies and len(ids) == 1 and not plan.scope.bodies:
        return plan.model_copy(update={"operation": "share", "criteria": own_criteria(condition)})
    wholes = [metric for metric in ids if any(whole_of(other) == metric for other in ids)]
    if wholes:
        parts = tuple(metric for metric in ids if metric not in wholes)
        return plan.model_copy(update={"operation": "share", "metrics": parts, "denominators": tuple(wholes[:1])})
    if len(ids) > 1:
        return _ordered_share(reading, ids, plan)
    whole = whole_of(ids[0])
    if whole is None:
        return None
    return plan.model_copy(update={"operation": "share", "denominators": (whole,)})


def _ranked_share(reading: QuestionReading, share: Plan, condition: Condition | None, limit: int | None) -> Plan:
    """A share that ranks (公开率最高的单位) or that members must satisfy (微信占一半以上的)."""
    if share.denominators and reading.has("operation", "top", "bottom"):
        order = "ascending" if reading.has("operation", "bottom") else "descending"
        return share.model_copy(update={"operation": "top", "order": order, "limit": limit or 1})
    if share.denominators and condition is not None and 0 < condition.value <= 1:
        return share.model_copy(update={"criteria": own_criteria(condition)})
    return share


def _ordered_share(reading: QuestionReading, ids: tuple[str, ...], plan: Plan) -> Plan:
    """Two metrics neither of which is the other's whole: 无法提供里不掌握占多少, lawsuits as a share of reviews."""
    bases = {metric: catalogue().split(metric)[0] for metric in ids}
    for metric in ids:
        if set(ids) - {metric} <= set(bases[metric].sum_of):
            rest = tuple(other for other in ids if other != metric)
            return plan.model_copy(update={"operation": "share", "metrics": rest, "denominators": (metric,)})
    same_whole = {whole_of(metric) for metric in ids}
    if len(same_whole) == 1 and None not in same_whole and "/" not in reading.text:
        whole = same_whole.pop() or ids[-1]
        return plan.model_copy(update={"operation": "share", "metrics": ids, "denominators": (whole,)})
    return plan.model_copy(update={"operation": "share", "metrics": ids[:1], "denominators": ids[1:2]})
