"""Two questions in one: 2023年没收到申请的镇有几个？哪个局申请最多？"""

from __future__ import annotations

import re

from assistant.understanding.reading import QuestionReading

_PART = re.compile(r"[^?？;；\n]+[?？;；\n]*")
_ASKS = re.compile(
    r"多少|几[个家所件条次份场起宗]|哪|谁|什么|吗|呢|有没有|是否|是不是|怎么|第几|最[多少高低大小]"
    r"|\b(?:how|what|which|who|whose|did|does|do|is|are|was|were|has|have)\b",
    re.IGNORECASE,
)
_WHY = re.compile(r"为什么|为啥|为何|原因|\bwhy\b", re.IGNORECASE)
"""The reasons for an answer are part of it."""
_COUNTS_BODIES = re.compile(r"(?:几|多少)(?:个|家|所)|\bhow many\b", re.IGNORECASE)
_JOINT = re.compile(
    r"[,，](?=(?:它们|这些\w{0,4})?(?:一共|总共|合计|平均)[^,，]*(?:多少|几))|,? and (?=how (?:many|much)\b)",
    re.IGNORECASE,
)
"""有几个开发区，一共收到多少件: the second asks something else than how many bodies."""


_AND_WHO = re.compile(
    r"[,，](?=(?:而且|并且|其中|那么?|又是?)?(?:是)?(?:哪个|哪家|哪一[个家]|哪些|哪几[个家]|谁|最[多少高低大小])[^,，]*(?:最[多少高低大小]|第一|垫底|谁|哪[个家些]))"
    r"|, (?:and )?(?=(?:which|who|whose)\b[^,]*\b(?:most|fewest|highest|lowest|largest|smallest)\b)",
    re.IGNORECASE,
)
"""全县收到多少申请，哪个单位最多: how many there were in all, and who had most of them."""
_HOW_MANY = re.compile(r"多少|几[件条次份场起宗]|\bhow (?:many|much)\b", re.IGNORECASE)


def with_scope_of(question: QuestionReading, first: QuestionReading) -> str:
    """A question with the years and places of the one that it was asked in one breath with, where it names none."""
    said = question.question
    if question.bodies or question.places or first.bodies:
        return said
    places = [first.text[p.start : p.end] for p in first.places]
    years = [first.text[m.start : m.end] for m in first.years]
    if question.years or question.has("time", "all") or question.has("group", "year") or not (years or places):
        return said
    if question.language == "zh":
        return "".join((*places, "、".join(years), said))
    return f"{said.rstrip('?？. ')} in {' '.join((*places, *years))}?"


def questions_in(text: str) -> tuple[str, ...]:
    """The questions that a text asks one after the other, each a question of its own; one for any other text."""
    parts = tuple(part.strip() for part in _PART.findall(text) if part.strip(" ?？;；"))
    if len(parts) == 1 and len(_JOINT.findall(text)) == 1:
        first, second = (part.strip() for part in _JOINT.split(text))
        parts = (first, second) if _COUNTS_BODIES.search(first) else parts
    if len(parts) == 1 and len(_AND_WHO.findall(text)) == 1:
        first, second = (part.strip() for part in _AND_WHO.split(text))
        parts = (first, second) if _HOW_MANY.search(first) and not _HOW_MANY.search(second) else parts
    several = len(parts) == 2 and all(_ASKS.search(part) for part in parts) and not _WHY.search(parts[-1])
    return parts if several else (text,)
