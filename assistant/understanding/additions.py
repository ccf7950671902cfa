"""Figures of one body that are added before they are held against a number: 建议和提案加起来超过10件的."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.understanding.clauses import Statement
from assistant.understanding.reading import QuestionReading
from vectorstore.catalogue import catalogue

_COUNTS = r"(?:的?(?:件数|条数|次数|数量|数目|数|量))?"
_JOINED = re.compile(rf"{_COUNTS}\s*(?:和|与|跟|同|及|以及|、|\+|and|&)?\s*(?:the |their |its )?")
_PLUS = re.compile(rf"{_COUNTS}\s*(?:加上?|再加上?|\+|plus)\s*(?:the |their |its )?")
_SUM_BEHIND = re.compile(
    rf"{_COUNTS}[,，]?(?:[两二三2][项者样]|二者)?(?:的|数)?"
    r"(?:全?加(?:起来|在一起|一起|到一起|一块儿?|总|和)?|合计|合起来|合在一起|之和|总和|总数|总量|总计|相加|共计|一共|总共|共)"
    r"|\s*(?:together|combined|in total|altogether|in all|added together|taken together)\b"
)
_SUM_BEFORE = re.compile(r"\b(?:total|combined|sum) (?:of |number of )?(?:the |their )?$")


def added(reading: QuestionReading, statements: Sequence[Statement]) -> list[Statement]:
    """The statements, those whose figures a number bounds together as one."""
    together: list[Statement] = []
    for statement in statements:
        if together and _is_sum(reading, together[-1], statement):
            together[-1] = _as_one(together[-1], statement)
        else:
            together.append(statement)
    return together


def says_sum(reading: QuestionReading, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether the words of one metric and those of another behind them are said to be added."""
    text = reading.text
    between = text[first[1] : second[0]]
    if _PLUS.fullmatch(between):
        return True
    joined = _JOINED.fullmatch(between)
    return bool(joined and (_SUM_BEHIND.match(text, second[1]) or _SUM_BEFORE.search(text[: first[0]])))


def _is_sum(reading: QuestionReading, first: Statement, second: Statement) -> bool:
    bounded = any(b.source == "number" for s in (first, second) for b in s.bounds)
    units = {catalogue().split(metric)[0].unit for s in (first, second) for metric in s.metric_ids}
    spans = bool(first.spans and second.spans) and first.end <= second.start
    return spans and bounded and len(units) == 1 and says_sum(reading, first.spans[-1], second.spans[0])


def _as_one(first: Statement, second: Statement) -> Statement:
    return replace(
        first,
        metric_ids=tuple(dict.fromkeys((*first.metric_ids, *second.metric_ids))),
        spans=(*first.spans, *second.spans),
        bounds=list(dict.fromkeys((*first.bounds, *second.bounds))),
        movements=list(dict.fromkeys((*first.movements, *second.movements))),
        focuses=list(dict.fromkeys((*first.focuses, *second.focuses))),
    )
