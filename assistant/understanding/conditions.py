"""What the members of a list must satisfy: 没有, 0件, 超过100件, 1到5件, 过千, at least five."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from assistant.plan import Comparison, Condition, Criterion
from assistant.understanding.reading import QuestionReading, asks_for_members
from vectorstore.numerals import Number, parse_chinese

_QUALIFIERS: dict[str, Comparison] = {
    "超过": ">",
    "超出": ">",
    "多于": ">",
    "超": ">",
    "逾": ">",
    "不少于": ">=",
    "不低于": ">=",
    "至少": ">=",
    "不足": "<",
}


def find_condition(reading: QuestionReading, *, one_body: bool = False) -> tuple[Condition | None, int | None]:
    """The condition of a list and the limit of a ranking that a question states; ``None`` where it states none.

    Args:
        one_body: The question is about one body, so 有没有收到 asks for its figure and not for members.
    """
    limit: int | None = _ordinal(reading)
    bounds: list[tuple[Number, Comparison | None]] = []
    for number in _numbers(reading):
        if _is_limit(reading, number):
            limit = int(number.value)
        elif not _counts_bodies(reading, number):
            bounds.append((number, _comparison(reading, number)))
    compared = [(number, comparison) for number, comparison in bounds if comparison]
    if len(bounds) == 2 and not compared and _joined(reading, bounds[0][0], bounds[1][0]):
        low, high = sorted((bounds[0][0].value, bounds[1][0].value))
        return Condition(comparison="between", value=low, upper=high), limit
    if len(compared) == 2 and {c for _, c in compared} <= {">", ">=", "<", "<="}:
        low, high = sorted(number.value for number, _ in compared)
        return Condition(comparison="between", value=low, upper=high), limit
    if compared:
        return Condition(comparison=compared[0][1] or "=", value=compared[0][0].value), limit
    if reading.has("polarity", "whether") and one_body:
        return None, limit
    zero = any(number.value == 0 for number, _ in bounds)
    if zero or reading.has("polarity", "none"):
        return Condition(comparison="=", value=Decimal(0)), limit
    exact = [number for number, _ in bounds if _has_unit(reading, number)]
    if exact and reading.has("operation", "list"):
        return Condition(comparison="=", value=exact[0].value), limit
    if _lists(reading):
        return Condition(comparison=">", value=Decimal(0)), limit
    return None, limit


def own_criteria(condition: Condition | None) -> tuple[Criterion, ...]:
    """A condition as the criterion on a plan's own measure; none without one."""
    return () if condition is None else (Criterion(**condition.model_dump()),)


def _ordinal(reading: QuestionReading) -> int | None:
    """The rank asked for: 申请第二多的单位, second most. The answer shows those above it too."""
    match = re.search(r"第([二三四五六七八九十])(?:多|少|高|低|大|小)", reading.text)
    if match:
        return parse_chinese(match[1])
    return 2 if reading.has("follow_up", "second") and reading.has("operation", "top", "bottom") else None


def _lists(reading: QuestionReading) -> bool:
    """Whether members are asked for, so that a bare 收到过申请 means more than none."""
    ranked = reading.has("operation", "top", "bottom", "rank", "mean", "median", "sum")
    if reading.has("polarity", "some", "whether"):
        return not ranked
    return not ranked and asks_for_members(reading)


def _numbers(reading: QuestionReading) -> list[Number]:
    numbers = list(reading.numbers)
    for index, number in enumerate(numbers):
        if reading.text[number.end : number.end + 1] == "%":
            numbers[index] = replace(number, value=number.value / 100, end=number.end + 1)
    for tag in reading.tagged("number_word"):
        value = Decimal(tag.values("number_word")[0])
        numbers.append(Number(value, None, tag.start, tag.end, tag.start, tag.end, is_chinese=False))
    return sorted(numbers, key=lambda number: number.start)


def _is_limit(reading: QuestionReading, number: Number) -> bool:
    before = reading.text[: number.start].rstrip()
    if before.endswith(("前", "top", "倒数", "bottom", "the")):
        return True
    # 最多的三个开发区 and 五个申请最多的单位, and not 三个开发区谁最多.
    after_who = any(word in reading.text[number.end :] for word in ("谁", "哪个", "哪家"))
    ranked = reading.has("operation", "top", "bottom") and not after_who
    after = reading.text[number.end :].lstrip()
    return ranked and after.startswith(("家", "个", "名", "位", "bodies", "zones", "towns", "agencies", "departments"))


def _counts_bodies(reading: QuestionReading, number: Number) -> bool:
    """三个开发区 says how many zones there are, not what they must satisfy; 连续两年 counts years."""
    after = reading.text[number.end :].lstrip()
    following = reading.following(number.end, 2)
    if after.startswith(("年", "year")):
        return True
    if following and following[0].means("counter", "bodies"):
        return len(following) < 2 or any(following[1].means(c) for c in ("kind", "designation", "body"))
    return bool(following) and any(following[0].means(c) for c in ("kind", "designation")) and number.value > 0


def _comparison(reading: QuestionReading, number: Number) -> Comparison | None:
    after = reading.text[number.end : number.end + 12]
    tail = after.lstrip("件条次份起宗项篇场期例元万个家 ")
    if tail.startswith(("以上", "及以上", "or more")):
        return ">="
    if tail.startswith(("以下", "及以下", "以内", "or fewer", "or less")):
        return "<="
    if number.qualifier in _QUALIFIERS:
        return _QUALIFIERS[number.qualifier]
    if reading.text[: number.digits_start].rstrip().endswith(" over"):
        return ">"
    best: tuple[int, Comparison] | None = None
    for tag in reading.tagged("comparison"):
        for value in tag.values("comparison"):
            gap = number.digits_start - tag.end
            if value in (">", ">=", "<", "<=") and 0 <= gap <= 3 and (best is None or tag.start < best[0]):
                best = (tag.start, value)  # type: ignore[assignment]  # checked against the literals just above
    return best[1] if best else None


def _joined(reading: QuestionReading, first: Number, second: Number) -> bool:
    between = reading.text[first.end : second.start].strip("件条次份起宗项篇场期例元万 ")
    return between in ("到", "至", "-", "~", "和", "to", "and")


def _has_unit(reading: QuestionReading, number: Number) -> bool:
    following = reading.following(number.end, 1)
    return bool(following) and (following[0].means("counter", "things") or following[0].means("metric_word"))
