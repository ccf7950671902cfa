"""Questions that are answered by yes or no: 有没有镇…, …对吗, did any town …, and of how many they ask it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from assistant.plan import Criterion, Plan, Quantity
from assistant.understanding.conditions import SOME, names_bodies
from assistant.understanding.criteria import members_measured
from assistant.understanding.figure_question import FigureQuestion
from assistant.understanding.lexicon import Tag
from assistant.understanding.reading import QuestionReading, wants_number

_WHETHER = re.compile(
    r"是不是|是否|有没有|有木有|有无|(?:吗|么|对不对|是吧|对吧|没有|没)[ ?.!]*$"
    r"|^(?:is|are|was|were|did|do|does|has|have|had)\b|\bwhether\b"
)
_ASKS_ELSE = re.compile(
    r"哪|谁|多少|几|什么|啥|怎|为何|列出|列一下|(?:能|可以|可否)(?:不能)?(?:告诉|列|给|查|说|帮)"
    r"|\b(?:which|what|who|whose|how|when|why|list|or)\b"
)
_WHETHER_ANY = re.compile(r"有没有|有木有|有无|是否|[了过](?:吗|没有?)|^(?:did|has|have|had)\b|\bany\b")
"""Whether there was any: 收到申请了吗. 申请多吗 asks something else."""
_SOME_BODY = re.compile(
    r"(?:有没有|有木有|是否有|有无|是不是有|有(?=哪.*吗)|的有(?=吗|么))(?:任何|哪)?一?(?:个|家|些)?"
    r"|\b(?:any|some)\b"
)
_ALL_BODIES = re.compile(r"都|均|所有|全部|每一?[个家]|各个|\b(?:all|every|each)\b")
_NO_BODY = re.compile(r"没有?(?:任何|哪)?一?[个家]|没有任何|无一|\b(?:no|none of|not one|not a single)\b")
_EVER = re.compile(r"从来|从未|从没|曾|\b(?:ever|never)\b")


def asking_whether(question: FigureQuestion, plan: Plan) -> Plan:
    """The plan of a yes-or-no question with what is asked of its members; any other plan as it is."""
    reading = question.reading
    if not _is_yes_or_no(reading):
        return plan
    if question.one_body and plan.operation in ("value", "trend"):
        return _of_one_body(question, plan)
    of_each = plan.operation == "breakdown" and plan.group_by == ("body",)
    # 镇是不是都收到申请了 asks for no sum.
    of_each = of_each or (plan.operation == "sum" and not plan.criteria and not reading.has("operation", "sum"))
    if _ALL_BODIES.search(reading.text) and of_each:
        # 每个局都收到申请了吗 asks of each whether, and not for each how many.
        own = plan.criteria or (Criterion(**SOME.model_dump()),)
        plan = plan.model_copy(update={"operation": "list", "group_by": (), "statistic": None, "criteria": own})
    if plan.operation not in ("list", "count") or not plan.criteria or plan.group_by:
        return plan
    return plan.model_copy(update={"asks_whether": _quantity(reading, plan)})


def _is_yes_or_no(reading: QuestionReading) -> bool:
    text = _SOME_BODY.sub("", reading.text)
    return bool(_WHETHER.search(reading.text)) and not _ASKS_ELSE.search(text) and wants_number(reading) is None


def _of_one_body(question: FigureQuestion, plan: Plan) -> Plan:
    reading, moves = question.reading, bool(question.movements) or question.reading.has("operation", "comparative")
    measured = members_measured(reading, question.statements, lists=bool(_WHETHER_ANY.search(reading.text)))
    if not measured.criteria and len(reading.numbers) == 1 and reading.has("counter", "things"):
        # 收到的申请是2件吗
        equal = Criterion(comparison="=", value=reading.numbers[0].value)
        measured = replace(measured, criteria=(equal,))
    if measured.metrics != plan.metrics or measured.change != plan.change or not measured.criteria:
        return plan
    if plan.operation == "trend" and (moves or reading.has("operation", "trend")):
        return plan
    update: dict[str, Any] = {"operation": "value", "criteria": measured.criteria}
    if _EVER.search(reading.text) and not reading.years:
        update["scope"] = plan.scope.model_copy(update={"latest": False})
    every = any(criterion.holds(0) for criterion in measured.criteria) or _ALL_BODIES.search(reading.text)
    return plan.model_copy(update=update | {"asks_whether": "all" if every else "some"})


def _quantity(reading: QuestionReading, plan: Plan) -> Quantity:
    """Of how many it is asked: 有没有镇…, 是不是所有镇…, 没有一个镇…对吗.

    That no town received any is that all received none.
    """
    denies = any(criterion.holds(0) for criterion in plan.criteria)
    if _SOME_BODY.search(reading.text):
        return "some"
    negations = [t for t in reading.tagged("polarity", "none") if reading.text[t.end :].strip(" ?.!")]
    if any(_denies_bodies(reading, tag) for tag in negations):
        return "all" if denies and len(negations) == 1 else "none"
    if negations and not denies:
        return "none"  # 都没超过10件
    if _ALL_BODIES.search(reading.text) or (denies and not reading.has("polarity", "some")):
        return "all"
    return "some"


def _denies_bodies(reading: QuestionReading, tag: Tag) -> bool:
    """Whether it is bodies that there are none of: 没有一家…, no zone."""
    if tag.means("polarity", "whether"):
        return False
    following = reading.following(tag.end, 1)
    named = bool(following) and names_bodies(following[0])
    return named or bool(_NO_BODY.match(reading.text, tag.start))
