"""The Plan of a question about metrics: what is to be done with them, and by what the answer is split."""

from __future__ import annotations

import itertools
import re
from typing import Any

from assistant.plan import Criterion, Grouping, Operation, Plan, PlanScope
from assistant.understanding.changes import Movement, asks_percent, base_years, without_base_years
from assistant.understanding.clauses import parts_between
from assistant.understanding.conditions import (
    SOME,
    asks_both_ends,
    asks_for_bodies,
    find_place,
    lists,
    names_bodies,
    says_all_closed,
)
from assistant.understanding.criteria import Measured, asked_measured, change_criterion, in_unit_of, members_measured
from assistant.understanding.dated_bounds import is_dated
from assistant.understanding.figure_question import FigureQuestion, counted, read_figure_question
from assistant.understanding.group_plans import with_groups
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.metric_words import LEGAL_ENTITY_SUBTOTAL, NamedMetric
from assistant.understanding.reading import QuestionReading, wants_number
from assistant.understanding.scoping import ScopeReading
from assistant.understanding.shares import asks_share, share_plan, share_words, times_plan
from assistant.understanding.yes_or_no import asking_whether
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue

_EACH_PART = ("各", "几项", "哪几种", "种情形")
_LISTED, _RANKED = 5, 10
"""How many are shown where 哪些最多, or a ranking of all, names no number."""
_OVER_OTHERS = re.compile(r"比[^例重率,，]{1,14}[高低多少大小]")
_EVERY_YEAR = re.compile(r"(?:每一?年|年年|历年|各年|每个年度)[^,，。]{1,14}(?:都|(?<!平)均(?![值数]))")
_ALL_OF_THEM = re.compile(r"[^,，。都均]{0,12}(?:都|(?<!平)均(?![值数])|全都)")
_NEVER = re.compile(r"从来都?没|从未|从没|始终没|一直没|一直未")
_TOP_PERCENT = re.compile(r"(?:前|后|top |bottom )\s*\d+\s*(?:%|percent)")


def figure_plan(
    reading: QuestionReading, metrics: list[NamedMetric], scope: ScopeReading, base: Plan, lexicon: Lexicon
) -> Plan:
    """The Plan of a question about metrics: the operation, then what it needs."""
    ids = tuple(dict.fromkeys(metric.metric_id for metric in metrics))
    plan = base.model_copy(update={"subject": "figures", "metrics": ids, "words": ""})
    if reading.has("polarity", "silent"):
        return plan.model_copy(update={"operation": "list", "aspect": "silent", "unplaced": _unsupported(reading)})
    question = read_figure_question(reading, metrics, scope)
    plan = plan.model_copy(update={"unplaced": _unsupported(reading)})
    if reading.has("times"):
        return times_plan(question, _split(question, plan) or _computed(question, plan))
    if asks_share(question):
        share = share_plan(question, plan, lexicon, _computed)
        if share is not None:
            return share
        plan = _split(question, plan) or _computed(question, plan)
        # A share of what isn't one of the form's wholes, 占全县的比例, isn't computed.
        words = share_words(reading)
        left = () if plan.statistic == "share" or "column" in plan.group_by or "outcome" in plan.group_by else words
        return plan.model_copy(update={"unplaced": (*plan.unplaced, *left)})
    return _split(question, plan) or _computed(question, plan)


def _unsupported(reading: QuestionReading) -> tuple[str, ...]:
    tenths = tuple(match[0] for match in _TOP_PERCENT.finditer(reading.text))
    return (*(tag.surface for tag in reading.tagged("unsupported")), *tenths)


def _split(question: FigureQuestion, plan: Plan) -> Plan | None:
    """What a figure is made of: its applicants, its outcomes or its rows of the form; ``None`` if that isn't asked."""
    reading, by = question.reading, question.groups.by
    if by and by[-1] in ("column", "outcome"):
        return _breakdown(question, plan, by[-1])
    parts = catalogue().split(plan.metrics[0])[0].sum_of if len(plan.metrics) == 1 else ()
    each = reading.has("operation", "breakdown") or any(word in reading.text for word in _EACH_PART)
    ranks_bodies = question.is_extreme and asks_for_bodies(reading) and not by
    each = each or (reading.has("group", "outcome") and not asks_number(question) and not ranks_bodies)
    if not parts or not (asks_reasons(reading) or (each and "body" not in by)):
        return None
    group_by = (*(g for g in by if g != "outcome"), "outcome")[-2:]
    if reading.has("group", "outcome") and not catalogue().split(plan.metrics[0])[0].has_columns:
        parts = (*plan.metrics, *parts)  # how reviews ended, with how many there were
    return plan.model_copy(update={"operation": "breakdown", "group_by": group_by, "metrics": parts})


def asks_number(question: FigureQuestion) -> bool:
    """Whether a how-many is asked of a metric."""
    return any(focus.asks == "number" for statement in question.statements for focus in statement.focuses)


def asks_reasons(reading: QuestionReading) -> bool:
    """Whether reasons are asked for: 不予公开的原因, why were they refused."""
    named = any(word in reading.text for word in ("原因", "理由", "因为", "reason", "ground"))
    return named or reading.has("question", "why")


def _breakdown(question: FigureQuestion, plan: Plan, inner: Grouping) -> Plan:
    outer = tuple(g for g in question.groups.by if g != inner)
    base, _, column = plan.metrics[0].partition("__") if plan.metrics else ("applications_new", "", "")
    parts = catalogue().split(base)[0].sum_of
    if inner == "column":
        metrics: tuple[str, ...] = (base,)
    elif parts and base.endswith("_subtotal"):
        metrics = parts
    else:
        outcomes = [row.id for row in catalogue().application_rows if row.part == "outcome"]
        metrics = tuple(f"{outcome}__{column}" if column else outcome for outcome in outcomes)
    update: dict[str, Any] = {"metrics": metrics, "group_by": (*outer, inner), "operation": "breakdown"}
    if question.is_extreme:
        order = "ascending" if question.is_ascending else "descending"
        update |= {"operation": "top", "order": order, "limit": question.limit or 1}
    return plan.model_copy(update=update | {"region_level": question.groups.region_level})


def _computed(question: FigureQuestion, plan: Plan) -> Plan:
    """A figure, or what is computed of many."""
    reading = question.reading
    operation = _operation(question)
    measured = _measured(question, operation)
    if any(criterion.top is not None for criterion in measured.criteria):
        operation = "sum" if _asks_number(question) else "list"
    left = tuple(reading.text[s.start : s.end] for s in measured.left)
    plan = plan.model_copy(
        update={
            "operation": operation,
            "metrics": measured.metrics or plan.metrics,
            "criteria": tuple(in_unit_of(c, measured.metrics) for c in measured.criteria),
            "combine": "any" if measured.combine_any else "all",
            "change": measured.change,
            "unplaced": (*plan.unplaced, *left, *_years_apart(question, operation)),
        }
    )
    plan = _with_received(question, plan)
    plan = _with_running(question, plan)
    plan = _with_order(question, plan)
    plan = _with_change(question, plan)
    return asking_whether(question, with_groups(question, plan))


def _asks_number(question: FigureQuestion) -> bool:
    """Whether one number is asked for, and not one for each: 复议几件, but not 各复议几件."""
    reading = question.reading
    each = reading.has("operation", "breakdown") or any(word in reading.text for word in ("各", "每", "分别"))
    return wants_number(reading) == "things" and not each


def _years_apart(question: FigureQuestion, operation: Operation) -> tuple[str, ...]:
    """2022年没有申请但2023年有: conditions of different years aren't computed together."""
    reading = question.reading
    if operation not in ("list", "count") or question.movements or any(is_dated(b) for b in question.bounds):
        return ()
    for first, second in itertools.pairwise(reading.years):
        stated = any(first.end <= bound.start and bound.end <= second.start for bound in question.bounds)
        if stated and first.years and second.years and first.years != second.years:
            return (reading.text[second.start : second.end],)
    return ()


def _operation(question: FigureQuestion) -> Operation:
    """What is to be done. The order matters: a question that ranks may also count, one that lists may also compare."""
    reading, scope = question.reading, question.scope.scope
    if reading.has("operation", "rank"):
        return "rank" if scope.bodies else "top"
    if question.one_body and len(scope.years) > 1 and reading.has("operation", "sum"):
        return "sum"
    one_word = len(question.statements) == 1 and len(question.statements[0].metric_ids) > 1
    if question.one_body and one_word and (reading.has("operation", "sum") or _asks_legal_entities(question)):
        return "sum"  # 诉讼被纠正的共几件, of both routes
    against = any(tag.surface != "跟" for tag in reading.tagged("operation", "compare"))
    if len(scope.bodies) > 1 and (against or not reading.has("operation", "sum", "mean", "median")):
        return "compare"
    if question.is_extreme:
        return "top"
    if _sets_sides(question):
        return "compare"
    if question.average is not None:
        return question.average
    if question.one_body:
        return _operation_on_one(question)
    return _operation_on_many(question)


def _asks_legal_entities(question: FigureQuestion) -> bool:
    """法人或其他组织提了多少: the form's five columns of them are one number."""
    columns = question.reading.tagged("column")
    only = bool(columns) and all(tag.means("column", LEGAL_ENTITY_SUBTOTAL) for tag in columns)
    return only and _asks_number(question) and len(question.scope.scope.years) < 2


def _sets_sides(question: FigureQuestion) -> bool:
    scope, sides = question.scope.scope, question.scope.sides
    if any(side.excluded for side in sides) and len(sides) == 2:
        # 文登经开区跟其他开发区 can only be meant to be compared.
        return True
    several = bool(sides) or len(scope.kinds) > 1 or len(scope.regions) > 1
    return several and not scope.bodies and compares(question.reading)


def compares(reading: QuestionReading) -> bool:
    """镇和街道哪个申请多: two sides, and a word that sets them against one another."""
    sides = "哪个" in reading.text or "谁" in reading.text or "哪边" in reading.text
    ends = reading.text.rstrip("?？ 的些").endswith(("多", "少", "高", "低", "大", "小"))
    return reading.has("operation", "compare") or (sides and ends) or bool(_OVER_OTHERS.search(reading.text))


def _operation_on_one(question: FigureQuestion) -> Operation:
    reading, years = question.reading, question.scope.scope.years
    if question.groups.asked == "year":
        return "list"
    if reading.has("time", "all") or (reading.has("running") and question.movements):
        return "trend"
    if question.movements:
        base, relative = base_years(reading)
        return "trend" if len(years) > 1 or (base and not relative) else "value"
    if reading.has("operation", "trend") or (len(years) > 1 and not question.has_condition):
        return "trend"
    return "value"


def _operation_on_many(question: FigureQuestion) -> Operation:
    reading = question.reading
    what = counted(reading)
    if _asks_several(question):
        return "breakdown"
    if what == "bodies" or reading.has("question", "number_of_bodies"):
        return "count"
    members = asks_for_bodies(reading) or question.groups.asked is not None
    requires = members or question.has_condition or question.movements
    if len(question.statements) > 1 and compares(reading) and (not requires or _of_one_row(question)):
        return "breakdown"  # 企业和个人谁申请多
    if members and question.has_condition and what is None:
        return "list"
    if reading.has("operation", "list") and (question.has_condition or question.movements):
        return "list"
    if members and what != "things" and (question.movements or not reading.has("operation", "sum", "trend")):
        return "list"
    # Whether there are more and more zeros is a change in how many bodies satisfy the condition.
    if reading.has("operation", "trend") or question.movements:
        return "trend"
    if reading.has("operation", "sum") or (what == "things" and not _asks_each(question)):
        return "sum"
    placed = bool(question.reading.places) and not (members or question.has_condition or question.groups)
    return "sum" if placed else "list"  # 威海23年申请量


def _asks_several(question: FigureQuestion) -> bool:
    """处罚多少起，许可多少件, or 许可和处罚各多少: each figure of its own, not their sum."""
    if len(question.statements) < 2 or question.has_condition or question.movements:
        return False
    asked = {f for s in question.statements for f in s.focuses if f.asks == "number"}
    return len(asked) > 1 or question.reading.has("operation", "breakdown")


def _of_one_row(question: FigureQuestion) -> bool:
    """Whether only applicants of one figure are named, and no bodies: 企业和个人谁申请多."""
    rows = {metric.partition(COLUMN_SEPARATOR)[0] for s in question.statements for metric in s.metric_ids}
    bodies = any(names_bodies(tag) for tag in question.reading.tags)
    return question.reading.has("column") and len(rows) == 1 and not (bodies or question.has_condition)


def _asks_each(question: FigureQuestion) -> bool:
    """哪些开发区收到了申请，各多少件 lists, and doesn't add up."""
    return question.has_condition and question.reading.has("operation", "list")


def _measured(question: FigureQuestion, operation: Operation) -> Measured:
    reading, statements = question.reading, question.statements
    if operation in ("list", "count"):
        shown = operation == "count" or lists(reading) or question.groups.asked is not None
        return members_measured(reading, statements, lists=shown)
    if operation == "trend":
        level = members_measured(reading, statements, lists=False, with_movements=False)
        return Measured(level.metrics) if question.one_body else level
    if operation == "top" and len(statements) > 1 and not any(s.focuses for s in statements) and question.has_condition:
        # 申请排前五的局里哪几个没有诉讼: what the first satisfy isn't computed.
        first = min(statements, key=lambda s: (bool(s.bounds), s.start))
        return Measured(first.metric_ids, left=tuple(s for s in statements if s is not first))
    if operation in ("value", "compare") or not any(s.focuses for s in statements):
        return Measured(members_measured(reading, statements, lists=False).metrics)
    return asked_measured(reading, statements)


def _with_received(question: FigureQuestion, plan: Plan) -> Plan:
    """申请都办完了的单位: who received none has closed none."""
    all_closed = any(says_all_closed(tag) for tag in question.reading.tags)
    if not all_closed or plan.operation not in ("list", "count") or plan.metrics != ("applications_carried_out",):
        return plan
    named = tuple(c if c.metrics else c.model_copy(update={"metrics": plan.metrics}) for c in plan.criteria)
    received = Criterion(**SOME.model_dump(), metrics=("applications_new",))
    return plan.model_copy(update={"metrics": ("applications_new", *plan.metrics), "criteria": (received, *named)})


def _with_running(question: FigureQuestion, plan: Plan) -> Plan:
    """连续两年: members year after year, whatever else the words would ask for."""
    running = _years_running(question)
    if running is None or question.one_body:
        return plan
    update: dict[str, Any] = {"years_running": running}
    if plan.operation not in ("list", "count"):
        measured = members_measured(question.reading, question.statements, lists=False)
        if not measured.criteria:
            return plan
        update |= {
            "operation": "count" if counted(question.reading) == "bodies" else "list",
            "metrics": measured.metrics,
            "criteria": measured.criteria,
            "change": measured.change,
        }
    return plan.model_copy(update=update)


def _years_running(question: FigureQuestion) -> int | None:
    """For how many years the criteria hold one after the other; 0 for all: 每年培训都在3场以上, 从来没收到."""
    reading = question.reading
    tags = reading.tagged("running")
    if tags:
        return int(tags[0].values("running")[0])
    if not asks_for_bodies(reading) or question.groups.asked is not None:
        return None
    years = question.scope.scope.years
    if any(is_dated(bound) for bound in question.bounds):
        return None  # 23年有，24年一件都没有
    every = _EVERY_YEAR.search(reading.text) and question.has_condition
    if every or (_NEVER.search(reading.text) and len(years) != 1):
        return 0
    last = max((mention.end for mention in reading.years), default=0)
    all_of_them = len(years) > 1 and len(question.statements) == 1 and _ALL_OF_THEM.match(reading.text, last)
    # 近三年申请都超过10件的
    return len(years) if all_of_them and question.has_condition and not question.movements else None


def _with_order(question: FigureQuestion, plan: Plan) -> Plan:
    if plan.operation not in ("top", "rank"):
        return plan
    both = plan.operation == "top" and asks_both_ends(question.reading)
    update: dict[str, Any] = {"order": "both" if both else "ascending" if question.is_ascending else "descending"}
    if plan.operation == "top":
        listed = question.reading.has("operation", "list") and "哪些" in question.reading.text
        ranks = question.reading.has("operation", "rank")
        update["limit"] = question.limit or (_RANKED if ranks else _LISTED if listed else 1)
        update["place"] = find_place(question.reading)
    elif "倒数" not in question.reading.text:
        update["order"] = "descending"
    return plan.model_copy(update=update)


def _with_change(question: FigureQuestion, plan: Plan) -> Plan:
    """The measure as a change from the year before, and the years without those that are only its base."""
    movement = next(iter(question.movements), None)
    if movement is not None and any(criterion.top is not None for criterion in plan.criteria):
        return _from_the_year_before(question, plan)
    if movement is None:
        aspect = "percent_change" if plan.operation in ("trend", "compare") and asks_percent(question.reading) else None
        return plan.model_copy(update={"aspect": aspect})
    if plan.operation == "trend":
        aspect = "percent_change" if asks_percent(question.reading) else None
        return plan.model_copy(update={"aspect": aspect, "scope": _both_years(plan.scope)})
    plan = _from_the_year_before(question, plan)
    update: dict[str, Any] = {"scope": plan.scope}
    if plan.operation == "top":
        return _ranked_by_change(question, plan.model_copy(update=update), movement)
    if plan.operation not in ("list", "count"):
        several_years = plan.operation == "compare" and len(update["scope"].years) > 1
        update |= {} if several_years else {"change": movement.change}
    return plan.model_copy(update=update)


def _from_the_year_before(question: FigureQuestion, plan: Plan) -> Plan:
    """The years whose change is asked for: from the year before, or from the year that is named."""
    ranks = plan.operation == "top" or any(criterion.top is not None for criterion in plan.criteria)
    if plan.operation not in ("list", "count") and not ranks:
        return plan.model_copy(update={"scope": without_base_years(question.reading, plan.scope)})
    scope = without_base_years(question.reading, plan.scope)
    base, _ = base_years(question.reading)
    kept = tuple(year for year in scope.years if year not in base)
    if kept and kept != scope.years:
        return _since(plan.model_copy(update={"scope": scope.model_copy(update={"years": kept})}), base[0])
    if len(scope.years) == 2 and scope.years[1] == scope.years[0] + 1 and len(question.reading.years) == 1:
        # 2022到2023年增加的: the change from the one to the other.
        scope = scope.model_copy(update={"years": scope.years[1:]})
    return plan.model_copy(update={"scope": scope})


def _since(plan: Plan, year: int) -> Plan:
    """The plan with its changes from a year that isn't the one before."""
    criteria = tuple(c.model_copy(update={"since": year}) if c.change else c for c in plan.criteria)
    own = plan.change is not None or plan.operation == "top"
    return plan.model_copy(update={"criteria": criteria, "since": year if own else None})


def _both_years(scope: PlanScope) -> PlanScope:
    """2023年比上年增加多少, of many bodies together: the totals of both years."""
    if len(scope.years) != 1 or scope.bodies:
        return scope
    return scope.model_copy(update={"years": (scope.years[0] - 1, scope.years[0])})


def _ranked_by_change(question: FigureQuestion, plan: Plan, movement: Movement) -> Plan:
    """谁涨得最多 ranks by the change; 申请最多且比上年增加的 only requires it."""
    reading = question.reading
    extremes = [*reading.tagged("operation", "top", "bottom"), *reading.tagged("change", "percent")]
    beside = any(parts_between(reading, min(t.end, movement.end), max(t.start, movement.start)) == 0 for t in extremes)
    if not beside and extremes:
        own = change_criterion(movement).model_copy(update={"metrics": plan.metrics})
        return plan.model_copy(update={"criteria": (*plan.criteria, own)})
    most = not question.reading.has("operation", "bottom")
    order = "descending" if most == (movement.direction != "down") else "ascending"
    return plan.model_copy(update={"change": movement.change, "order": order})
