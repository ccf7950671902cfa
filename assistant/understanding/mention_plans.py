"""Plans of questions about numbers outside the form, and about what reports don't mention."""

from __future__ import annotations

import re

from assistant.plan import Operation, Plan
from assistant.understanding.conditions import find_bounds, find_limit, own_criteria
from assistant.understanding.reading import QuestionReading, wants_number

_AROUND = " 了过的吗呢?？。“”\"'"
_WHO = re.compile(r"的?(?:有|是)?(?:哪些|哪几个|哪几家|哪家|谁|单位|机关|报告|部门)+$")
_LONGEST = 30
_AGGREGATES: tuple[Operation, ...] = ("median", "mean", "sum")


def mention_plan(reading: QuestionReading, base: Plan) -> Plan:
    """What a question does with a number of the prose: 一共几场, 哪家最多, 超过1万的, 几家有."""
    words = _without_kinds(reading, base.words) if base.scope.bodies else base.words
    plan = base.model_copy(update={"subject": "mentions", "words": words})
    if len(base.scope.bodies) == 1:
        return plan.model_copy(update={"operation": "value"})
    bounds = [bound for bound in find_bounds(reading) if not bound.is_share and bound.source != "some"]
    if bounds:
        operation: Operation = "count" if wants_number(reading) == "bodies" else "list"
        return plan.model_copy(update={"operation": operation, "criteria": own_criteria(bounds[-1].condition)})
    if reading.has("operation", "top", "bottom") or sets_against(reading):
        fewest = reading.has("operation", "bottom") or reading.text.rstrip("?？ 的些").endswith(("少", "低", "小"))
        order = "ascending" if fewest else "descending"
        return plan.model_copy(update={"operation": "top", "order": order, "limit": find_limit(reading) or 1})
    for operation in _AGGREGATES:
        if reading.has("operation", operation):
            return plan.model_copy(update={"operation": operation})
    return plan.model_copy(update={"operation": "count" if wants_number(reading) == "bodies" else "list"})


def _without_kinds(reading: QuestionReading, words: str) -> str:
    """The words without what only says which sort of body was named: 高新区 behind 威海."""
    kinds = [tag.surface for tag in reading.tags if tag.means("kind") or tag.means("designation")]
    for kind in kinds:
        left = words.replace(kind, " ", 1).strip()
        words = left if len(left) > 1 else words
    return words


def sets_against(reading: QuestionReading) -> bool:
    """谁的粉丝多, 哪个单位热线少: a bare comparative."""
    asks = any(word in reading.text for word in ("谁", "哪个", "哪家", "哪边"))
    return asks and reading.text.rstrip("?？ 的些").endswith(("多", "少", "高", "低"))


def unmentioned_plan(reading: QuestionReading, base: Plan) -> Plan | None:
    """Who doesn't mention something: 谁没提到三审三校; ``None`` where that isn't asked."""
    tags = reading.tagged("polarity", "silent")
    if not tags:
        return None
    words = _WHO.sub("", reading.text[tags[-1].end :].strip(_AROUND)).strip(_AROUND)
    if not 2 <= len(words) <= _LONGEST:
        return None
    return base.model_copy(update={"operation": "list", "aspect": "silent", "quoted": (words,)})
