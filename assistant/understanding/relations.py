"""Words that set others in relation: 或, 加起来, 比…多, 不是没有, 高于镇的平均. Where a Plan leaves the relation out.

Each of the words related may be in the Plan, and the answer all the same be to another question.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from assistant.plan import Criterion
from assistant.understanding.averages import find_averages
from assistant.understanding.expressed import Expressed
from assistant.understanding.lexicon import Lexicon, Tag
from assistant.understanding.reading import QuestionReading

_EITHER = ("或", "或者", "或是", "要么", "or", "either")
_BETWEEN_NUMBERS = re.compile(
    r".*[\d零一二两三四五六七八九十][件条次份起个家项]?(?:或者?|或是)[\d零一二两三四五六七八九十]"
)
_SUM = re.compile(r"加起来|加在一起|加一起|之和|总和|相加|合起来|合在一起|\b(?:added|taken) together\b|\bcombined\b")
_MORE_THAN = re.compile(r"比(?![例较如重率起上去前])[^,，。;；]{2,16}?(?:多|少|高|低|大|小)(?!少)")
_ONLY_THEN = re.compile(r"(?:只|仅)(?:有|是)?(?=在?(?:\d{2,4}|去|今|前|上)年)|\bonly (?=in (?:19|20)\d\d)")
"""只在2023年有诉讼的: that the other years had none isn't asked of anyone."""
_DENIED_TWICE = re.compile(
    r"(?:不是|并非|绝非|并不是|不会|不可能|非)(?:完全|真的|既|都|全|所有.{1,4}都)?(?:没有?|无|未)"
    r"|\b(?:not|never|n't) \w+ no\b|\b(?:not|never|n't) (?:\w+ )?(?:lack(?:ing|ed)?|without|free of)\b"
)


def relations_lost(reading: QuestionReading, told: Expressed, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Start and end of the words that relate others in a way that the Plan doesn't."""
    if told.plan.operation in ("list", "count"):
        yield from ((tag.start, tag.end) for tag in reading.tagged("polarity", "either") if _is_all(reading, tag, told))
        yield from _unless(_adds(told), _SUM, reading)
        yield from _unless(_sets_against(told), _MORE_THAN, reading)
        yield from _unless(not told.plan.scope.years, _ONLY_THEN, reading)
        if _contradicts(told):
            yield from ((number.start, number.end) for number in reading.numbers)
    if told.plan.operation == "value":
        yield from _bodies_set_against(reading, told)
    if any(criterion.comparison == "=" and not criterion.value for criterion in told.criteria):
        yield from (match.span() for match in _DENIED_TWICE.finditer(reading.text))
    yield from _averages_of_others(reading, told, lexicon)


def _bodies_set_against(reading: QuestionReading, told: Expressed) -> Iterator[tuple[int, int]]:
    """比区财政局申请多的部门: who is asked for by a named body's figure isn't that body."""
    if told.plan.change is not None or told.moves or not told.is_of_one:
        return
    for match in _MORE_THAN.finditer(reading.text):
        if any(match.start() < body.start and body.end <= match.end() for body in reading.bodies):
            yield match.span()


def is_related(text: str, told: Expressed) -> bool:
    """Whether a character that nobody knows relates others, and is told: 建议加提案超过10件, 不在200到400之间."""
    if text == "加":
        return any(len(criterion.metrics) > 1 for criterion in told.criteria)
    pairs = itertools.combinations(told.criteria, 2)
    return text == "不" and told.plan.combine == "any" and any(_exclude_each_other(*pair) for pair in pairs)


def _unless(is_told: bool, words: re.Pattern[str], reading: QuestionReading) -> Iterator[tuple[int, int]]:
    if not is_told:
        yield from (match.span() for match in words.finditer(reading.text))


def _is_all(reading: QuestionReading, tag: Tag, told: Expressed) -> bool:
    """Whether either is asked of conditions and both are required; 没有复议或诉讼 denies both, 镇或街道 are bodies."""
    behind = reading.following(tag.end, 1)
    of_bodies = bool(behind) and any(behind[0].means(what) for what in ("kind", "designation", "body"))
    numbered = len(told.criteria) > 1 or (len(told.plan.metrics) > 1 and bool(told.criteria))
    denied = any(criterion.holds(0) for criterion in told.criteria)
    if tag.surface in _EITHER and _BETWEEN_NUMBERS.fullmatch(reading.text[max(tag.start - 2, 0) : tag.end + 1]):
        return told.plan.combine == "all" and len(told.criteria) < 2
    joins = tag.surface in _EITHER and not of_bodies and reading.text[tag.end :].strip() != ""
    return joins and numbered and not denied and told.plan.combine == "all" and not _adds(told)


def _adds(told: Expressed) -> bool:
    """Whether figures are added, or there is nothing to be added."""
    summed = any(len(criterion.metrics) > 1 for criterion in told.criteria)
    return summed or not any(c.value for c in told.criteria) or told.plan.statistic is not None


def _sets_against(told: Expressed) -> bool:
    """Whether a figure is held against another one, be it of another year or of everyone."""
    plan = told.plan
    held = any(c.than or c.against or c.change or c.year or c.denominators for c in told.criteria)
    return held or bool(plan.change or plan.sides or plan.group_by) or not plan.criteria or told.moves


def _contradicts(told: Expressed) -> bool:
    """Whether no figure can satisfy all that is required of it: 1 and 2 at once."""
    pairs = itertools.combinations(told.criteria, 2)
    return told.plan.combine == "all" and any(_exclude_each_other(one, other) for one, other in pairs)


def _exclude_each_other(one: Criterion, other: Criterion) -> bool:
    if one != other.model_copy(update=one.bounding):
        return False
    if one.comparison == other.comparison == "=":
        return one.value != other.value
    low, high = sorted((one, other), key=lambda criterion: criterion.value)
    return low.comparison in ("<", "<=") and high.comparison in (">", ">=") and low.value < high.value


def _averages_of_others(reading: QuestionReading, told: Expressed, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """高于镇的平均的街道: a level is only computed of all that are asked about."""
    for average in find_averages(reading):
        words = [t for t in reading.tagged("kind") if average.start <= t.start and t.end <= average.end]
        kinds = set(told.plan.scope.kinds)
        yield from (
            (tag.start, tag.end)
            for tag in words
            if kinds - {kind for value in tag.values("kind") for kind in lexicon.kinds[int(value)]}
        )
        places = [p for p in reading.places if average.start <= p.start and p.end <= average.end]
        yield from ((p.start, p.end) for p in places if set(told.plan.scope.regions) - set(p.regions))
