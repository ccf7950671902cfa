"""The conditions that a question states, each with its place: 没有, 0件, 超过100件, 1到5件, 两位数, at least five.

What a condition is on is told by ``clauses``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, cast

from assistant.plan import Comparison, Condition, Criterion
from assistant.understanding.averages import find_averages
from assistant.understanding.lexicon import Tag
from assistant.understanding.reading import QuestionReading, asks_for_members
from assistant.understanding.stated_numbers import are_joined, comparison_of, stated_numbers, states_part
from vectorstore.numerals import Number, parse_chinese

_COUNTED_BODIES = ("家", "个", "名", "位", "bodies", "zones", "towns", "agencies", "departments", "counties", "bureaus")
_STRICT: dict[Comparison, Comparison] = {">=": ">", "<=": "<"}
"""5件以上（不含5件）: the bound itself is left out."""
_INCLUSIVE: dict[Comparison, Comparison] = {strict: inclusive for inclusive, strict in _STRICT.items()}
_BOUND_ITSELF = re.compile(
    r"[件条次份起宗项篇场期个家元%万]{0,2}(?:[(（,，]|\s)\s*(?P<out>不)?(?:包含|包括|含|算|计)"
    r"(?:(?P<number>\d+|[一二三四五六七八九十百]+)[件条次份起宗项个家%]?|本数|该数|此数|在内|一半|半数|本身)?\s*(?P<close>[)）])?"
)
"""（含）, （不含5件）, ，不含本数: whether the bound itself belongs to it."""
_OUTSIDE_BEFORE = re.compile(r"(?:不在|不处于|不处在|不介于|不属于|没在|\bnot (?:\w+ )?between |\boutside )$")
_OUTSIDE_BEHIND = re.compile(r"[件条次份起宗项篇场期个家元%万]{0,2}(?:之间)?(?:以外|之外|范围(?:以外|之外|外))")
_OF_THEM = re.compile(r"(?:项|者|样|类|种)(?:数字|数据|指标|数)?(?:合计|加|之和|总|都|均|共|相加|合在|里)")
"""两项合计, 二者都: so many metrics."""
_OR = re.compile(r"\s*(?:或者?|or)\s*(?=[^\s])")


_ZERO_LEFT_OUT = re.compile(
    r"(?:不要|不算|不含|不计|不包括|除去|排除|去掉|剔除|除了)(?:是|为|等于)?(?:0|零)(?![.\d])(?:件|条|次)?(?:的|值)?"
)
"""（不要0的）"""

_BOTH_PLACES = re.compile(r"前[二三四五六七八九十\d]+[名位个家]?(?:和|与|及|以及|、)后[二三四五六七八九十\d]+")
_ENDS_APART = 18
"""Characters within which most and fewest are asked for together."""

_VERB = re.compile(r"(?:哪怕|任何|[办理收到接受发公开搞举承作提交出召做]{1,4})[过了到]?(?:哪怕|任何)?")
"""没|办理过|一件."""

Source = Literal["none", "some", "number"]


@dataclass(frozen=True, slots=True)
class Bound:
    """A condition and where the question states it.

    Attributes:
        source: ``none`` and ``some`` are told by words (没有, 收到过), ``number`` by a number.
        is_share: The number is a part of a whole: 一半以上, 超过60%.
    """

    start: int
    end: int
    condition: Condition
    source: Source
    is_share: bool = False


ZERO = Condition(comparison="=", value=Decimal(0))
SOME = Condition(comparison=">", value=Decimal(0))


def find_bounds(reading: QuestionReading) -> list[Bound]:
    """Every condition that the question states, in order, none inside another."""
    found = [*_worded(reading), *_numeric(reading), *_averages(reading)]
    taken = [(bound.start, bound.end) for bound in found]
    polar = [b for b in _polar(reading) if not any(s < b.end and b.start < e for s, e in taken)]
    found = [b for b in found if not _is_not_one(reading, b, polar)] + polar
    return _without_absorbed(reading, sorted(found, key=lambda bound: bound.start))


def _averages(reading: QuestionReading) -> list[Bound]:
    return [Bound(one.start, one.end, one.criterion, "number") for one in find_averages(reading)]


def find_limit(reading: QuestionReading) -> int | None:
    """How many of a ranking are asked for; ``None`` where no number says it."""
    limits = [int(number.value) for number in stated_numbers(reading) if _is_limit(reading, number)]
    if limits:
        return limits[-1]
    last = re.search(r"倒数([二三四五六七八九十]+|[2-9]\d*)(?![件条])", reading.text)
    return _number(last[1]) if last else find_place(reading)


def asks_both_ends(reading: QuestionReading) -> bool:
    """Whether those with most and those with fewest are asked for: 申请最多和最少的分别是谁, 前五名和后五名."""
    if _BOTH_PLACES.search(reading.text):
        return True
    most = [t for t in reading.tagged("operation", "top") if not t.means("operation", "bottom")]
    fewest = reading.tagged("operation", "bottom")
    return any(abs(a.start - b.start) <= _ENDS_APART for a in most for b in fewest)


def ranks_ascending(reading: QuestionReading) -> bool:
    """Whether the smallest come first."""
    return reading.has("operation", "bottom") or "倒数" in reading.text


def own_criteria(condition: Condition | None) -> tuple[Criterion, ...]:
    """A condition as the criterion on a plan's own measure; none without one."""
    return () if condition is None else (Criterion(**condition.model_dump()),)


def asks_for_bodies(reading: QuestionReading) -> bool:
    """Whether bodies are asked for: 哪些, 几家, …的开发区, or an English question that begins with bodies that …"""
    return asks_for_members(reading) or bool(relative_starts(reading)[:1] and _begins_with_bodies(reading))


def relative_starts(reading: QuestionReading) -> list[int]:
    """Where English says of which bodies it speaks: towns |without applications, bodies |whose applications fell."""
    starts = []
    for tag in reading.tags:
        if reading.language == "en" and names_bodies(tag):
            following = reading.following(tag.end, 1)
            if following and (following[0].means("clause", "relative") or following[0].surface in ("with", "without")):
                starts.append(following[0].start)
    return starts


def names_bodies(tag: Tag) -> bool:
    """Whether a word names bodies of any or a certain kind."""
    return tag.means("kind") or tag.means("designation") or tag.means("body")


def _begins_with_bodies(reading: QuestionReading) -> bool:
    first = next((t for t in reading.tags if not t.means("filler") or names_bodies(t)), None)
    return first is not None and names_bodies(first)


def lists(reading: QuestionReading) -> bool:
    """Whether members are asked for, so that a bare 收到过申请 means more than none."""
    if reading.has("operation", "top", "bottom", "rank", "mean", "median", "sum"):
        return False
    return reading.has("polarity", "some", "whether") or asks_for_bodies(reading)


def _polar(reading: QuestionReading) -> list[Bound]:
    """没有 and 有过; 有没有 asks whether, 有多少 and 有哪些 ask for something else."""
    bounds = [Bound(tag.start, tag.end, ZERO, "none") for tag in reading.tagged("polarity", "none")]
    for tag in reading.tagged("polarity", "some"):
        following = reading.following(tag.end, 1)
        asks = bool(following) and (
            following[0].means("question", "how_many", "amount", "what")
            or following[0].means("operation", "list", "share")
        )
        # Any town that received none: it is the towns that there are some of.
        of_bodies = tag.surface in ("any", "some") and bool(following) and names_bodies(following[0])
        if not asks and not of_bodies and not any(0 <= n.start - tag.end <= 1 for n in reading.numbers):
            bounds.append(Bound(tag.start, tag.end, SOME, "some"))
    return bounds


def _without_absorbed(reading: QuestionReading, bounds: list[Bound]) -> list[Bound]:
    """一件也没 + 有 is one negation, not + any another; 没有 before 超过 only turns the comparison."""
    kept: list[Bound] = []
    for bound in bounds:
        before = kept[-1] if kept else None
        if before is not None and before.source == "none":
            between = reading.text[before.end : bound.start].strip()
            if any(before.end <= year.start < bound.start for year in reading.years):
                kept.append(bound)  # none in 2022 but some in 2023
                continue
            near = len(between) <= 1 or (between.isascii() and not _names_metric(reading, before.end, bound.start))
            if near and bound.source in ("some", "none") and "," not in between:
                kept[-1] = replace(before, end=bound.end)
                continue
        kept.append(bound)
    return kept


def _names_metric(reading: QuestionReading, start: int, end: int) -> bool:
    """Whether a word of a metric stands in a stretch of the question."""
    return any(start <= t.start and t.end <= end and t.means("metric_word") for t in reading.tags)


def _is_not_one(reading: QuestionReading, bound: Bound, polar: list[Bound]) -> bool:
    """一件申请都没收到, 没有一件: the one is part of the negation."""
    is_one = bound.condition.comparison == "=" and bound.condition.value == 1
    negations = [b for b in polar if b.source == "none"]
    return is_one and any(
        0 <= bound.start - b.end <= 1
        or (b.end <= bound.start and _VERB.fullmatch(reading.text[b.end : bound.start]))
        or _is_plain(reading, b.end, bound.start)
        or (bound.end <= b.start and not re.search("[,，但却而]", reading.text[bound.end : b.start]))
        for b in negations
    )


def _is_plain(reading: QuestionReading, start: int, end: int) -> bool:
    """Whether English words stand between that name nothing: did not |receive a| single request."""
    between = reading.text[start:end]
    return start <= end and between.isascii() and "," not in between and not _names_metric(reading, start, end)


def _worded(reading: QuestionReading) -> list[Bound]:
    bounds = [Bound(*match.span(), SOME, "number") for match in _ZERO_LEFT_OUT.finditer(reading.text)]
    for tag in reading.tagged("bound"):
        words = tag.values("bound")[0]
        of_whole = words.startswith("share")
        if of_whole and not _all_of(reading, tag):
            continue
        condition = condition_of(words.removeprefix("share"))
        bounds.append(Bound(tag.start, tag.end, condition, "number", is_share=of_whole))
    return bounds


def says_all_closed(tag: Tag) -> bool:
    """全部办结: one word for that nothing is carried over."""
    return tag.means("bound", "=0") and tag.means("metric_word")


def _all_of(reading: QuestionReading, tag: Tag) -> bool:
    """全部 before 予以公开 or 企业 bounds a share; before 单位 it doesn't."""
    following = reading.following(tag.end, 1)
    before = next((t for t in reversed(reading.tags) if t.end < tag.start and not t.means("filler")), None)
    if reading.language == "en" and before is not None and before.means("part"):
        # Bodies that refused every application.
        return asks_for_bodies(reading) and bool(following) and following[0].means("metric_word")
    return asks_for_bodies(reading) and bool(following) and (following[0].means("part") or following[0].means("column"))


def condition_of(words: str) -> Condition:
    """The condition that the vocabulary writes as ``10..99``, ``>=100`` or ``=0``.

    Raises:
        ValueError: The vocabulary holds something else.
    """
    if match := re.fullmatch(r"(\d+)\.\.(\d+)", words):
        return Condition(comparison="between", value=Decimal(match[1]), upper=Decimal(match[2]))
    if match := re.fullmatch(r"(>=|<=|!=|=|>|<)(-?[\d.]+)", words):
        return Condition(comparison=cast(Comparison, match[1]), value=Decimal(match[2]))
    raise ValueError(f"{words!r} is no condition; write 10..99, >=100 or =0.")


def _numeric(reading: QuestionReading) -> list[Bound]:
    numbers = [n for n in stated_numbers(reading) if not _is_limit(reading, n) and not _counts_other(reading, n)]
    numbers = [n for n in numbers if not _is_left_out(reading, n, max(n.start - 3, 0)) or n is numbers[0]]
    bounds: list[Bound] = []
    index = 0
    while index < len(numbers):
        number, following = numbers[index], numbers[index + 1] if index + 1 < len(numbers) else None
        if bounds and number.start < bounds[-1].end:
            index += 1  # 超过10件（含10件）
            continue
        if following is not None and are_joined(reading, number, following):
            low, high = sorted((number.value, following.value))
            is_part = states_part(reading, following)
            outside = _OUTSIDE_BEFORE.search(reading.text[: number.start])
            if outside or _OUTSIDE_BEHIND.match(reading.text, following.end):
                start = outside.start() if outside else number.start
                below, above = Condition(comparison="<", value=low), Condition(comparison=">", value=high)
                bounds.append(Bound(start, number.end, below, "number", is_share=is_part))
                bounds.append(Bound(following.start, following.end, above, "number", is_share=is_part))
                index += 2
                continue
            condition = Condition(comparison="between", value=low, upper=high)
            bounds.append(Bound(number.start, following.end, condition, "number", is_share=is_part))
            index += 2
            continue
        bound = _numeric_bound(reading, number)
        if bound is not None:
            bounds.append(bound)
        index += 1
    return bounds


def _numeric_bound(reading: QuestionReading, number: Number) -> Bound | None:
    comparison, start, end = comparison_of(reading, number)
    is_part = states_part(reading, number)
    if comparison is not None:
        itself = _BOUND_ITSELF.match(reading.text, end)
        if _is_left_out(reading, number, number.end) or (itself and itself["out"]):
            comparison = _STRICT.get(comparison, comparison)
        elif itself and (itself["number"] or itself["close"]):
            comparison = _INCLUSIVE.get(comparison, comparison)
        end = itself.end() if itself and itself["close"] else end
        condition = Condition(comparison=comparison, value=number.value)
        return Bound(start, end, condition, "number", is_share=is_part)
    if number.value == 0:
        either = _is_either(reading, number)
        return Bound(number.start, number.end, ZERO, "number" if either else "none")
    is_percent = is_part and reading.text[number.end - 1] in "%成"
    if (is_percent or _has_unit(reading, number)) and asks_for_bodies(reading):
        condition = Condition(comparison="=", value=number.value)
        return Bound(number.start, number.end, condition, "number", is_share=is_percent)
    return None


def _is_either(reading: QuestionReading, number: Number) -> bool:
    """0件或1件: two numbers, one of which is meant."""
    others = [other for other in reading.numbers if other.digits_start != number.digits_start]
    return any(
        reading.text[min(number.end, other.end) : max(number.start, other.start)].strip("件条次份起个家项 ")
        in ("或", "或者", "或是", "or", "、")
        for other in others
    )


def _is_left_out(reading: QuestionReading, number: Number, start: int) -> bool:
    """6件以上, 正好6件的不算: from a place on, the number is said to be left out."""
    value = re.escape(str(number.value))
    pattern = rf"(?:不含|不包括|不算|除去)\s*{value}(?!\d)|(?:正好|刚好|恰好)\s*{value}\D{{0,4}}(?:不算|不含|除外|不要)"
    return re.search(pattern, reading.text[start:]) is not None


def find_place(reading: QuestionReading) -> int | None:
    """The one place of a ranking that is asked for: 申请第二多的单位, second most, 倒数第二; ``None`` for none."""
    match = re.search(r"第([二三四五六七八九十]+|\d+)(?:多|少|高|低|大|小)", reading.text)
    match = match or re.search(r"(?:排名?|位列|排在|排行|居)第([二三四五六七八九十]+|\d+)(?:名|位)?的", reading.text)
    match = match or re.search(r"倒数第([二三四五六七八九十]+|[2-9]\d*)(?![件条])", reading.text)
    if match:
        return _number(match[1])
    return 2 if reading.has("follow_up", "second") and reading.has("operation", "top", "bottom") else None


def _number(digits: str) -> int | None:
    return int(digits) if digits.isdigit() else parse_chinese(digits)


def _is_limit(reading: QuestionReading, number: Number) -> bool:
    before = reading.text[: number.start].rstrip()
    if before.endswith(("前", "top", "倒数", "bottom")):
        return True
    if before.endswith(" the") and reading.has("operation", "top", "bottom"):
        return True
    # 最多的三个开发区 and 五个申请最多的单位, and not 三个开发区谁最多.
    after_who = any(word in reading.text[number.end :] for word in ("谁", "哪个", "哪家"))
    ranked = reading.has("operation", "top", "bottom") and not after_who
    return ranked and reading.text[number.end :].lstrip().startswith(_COUNTED_BODIES)


def _counts_other(reading: QuestionReading, number: Number) -> bool:
    """三个开发区 says how many zones there are, not what they must satisfy; 连续两年 counts years."""
    after = reading.text[number.end :].lstrip()
    following = reading.following(number.end, 2)
    if number.value == 1 and reading.text[: number.start].endswith("的") and reading.has("operation", "top", "bottom"):
        return True  # 最高的一次
    if after.startswith(("年", "year")) or _OF_THEM.match(after):
        return True
    if following and following[0].means("counter", "bodies"):
        return len(following) < 2 or any(following[1].means(c) for c in ("kind", "designation", "body"))
    return bool(following) and any(following[0].means(c) for c in ("kind", "designation")) and number.value > 0


def _has_unit(reading: QuestionReading, number: Number) -> bool:
    either = _OR.match(reading.text, number.end)
    other = next((n for n in reading.numbers if either and n.digits_start == either.end()), None)
    if other is not None:
        return _has_unit(reading, other)  # 1或2件
    following = reading.following(number.end, 1)
    return bool(following) and (following[0].means("counter", "things") or following[0].means("metric_word"))
