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
from vectorstore.numerals import Number, parse_chinese

_QUALIFIERS: dict[str, Comparison] = {
    "超过": ">",
    "超出": ">",
    "突破": ">",
    "多于": ">",
    "超": ">",
    "逾": ">",
    "余": ">",
    "多": ">",
    "不少于": ">=",
    "不低于": ">=",
    "至少": ">=",
    "不足": "<",
}
_COUNTED_BODIES = ("家", "个", "名", "位", "bodies", "zones", "towns", "agencies", "departments", "counties", "bureaus")
_STRICT: dict[Comparison, Comparison] = {">=": ">", "<=": "<"}
"""5件以上（不含5件）: the bound itself is left out."""
_INCLUSIVE: dict[Comparison, Comparison] = {strict: inclusive for inclusive, strict in _STRICT.items()}
_BOUND_ITSELF = re.compile(
    r"[件条次份起宗项篇场期个家元%万]{0,2}(?:[(（,，]|\s)\s*(?P<out>不)?(?:包含|包括|含|算|计)"
    r"(?:(?P<number>\d+|[一二三四五六七八九十百]+)[件条次份起宗项个家%]?|本数|该数|此数|在内|一半|半数|本身)?\s*(?P<close>[)）])?"
)
"""（含）, （不含5件）, ，不含本数: whether the bound itself belongs to it."""
_ONE_HALF = Decimal("0.5")
_FRACTION = re.compile(r"分之([一二三四五六七八九十]+|\d+)")


_ZERO_LEFT_OUT = re.compile(
    r"(?:不要|不算|不含|不计|不包括|除去|排除|去掉|剔除|除了)(?:是|为|等于)?(?:0|零)(?![.\d])(?:件|条|次)?(?:的|值)?"
)
"""（不要0的）"""

_BOTH_PLACES = re.compile(r"前[二三四五六七八九十\d]+[名位个家]?(?:和|与|及|以及|、)后[二三四五六七八九十\d]+")
_ENDS_APART = 18
"""Characters within which most and fewest are asked for together."""

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
    limits = [int(number.value) for number in _numbers(reading) if _is_limit(reading, number)]
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
        if not asks and not any(0 <= n.start - tag.end <= 1 for n in reading.numbers):
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
    numbers = [n for n in _numbers(reading) if not _is_limit(reading, n) and not _counts_other(reading, n)]
    numbers = [n for n in numbers if not _is_left_out(reading, n, max(n.start - 3, 0)) or n is numbers[0]]
    bounds: list[Bound] = []
    index = 0
    while index < len(numbers):
        number, following = numbers[index], numbers[index + 1] if index + 1 < len(numbers) else None
        if bounds and number.start < bounds[-1].end:
            index += 1  # 超过10件（含10件）
            continue
        if following is not None and _joined(reading, number, following):
            low, high = sorted((number.value, following.value))
            condition = Condition(comparison="between", value=low, upper=high)
            is_part = _is_part(reading, following)
            bounds.append(Bound(number.start, following.end, condition, "number", is_share=is_part))
            index += 2
            continue
        bound = _numeric_bound(reading, number)
        if bound is not None:
            bounds.append(bound)
        index += 1
    return bounds


def _numeric_bound(reading: QuestionReading, number: Number) -> Bound | None:
    comparison, start, end = _comparison(reading, number)
    is_part = _is_part(reading, number)
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
        return Bound(number.start, number.end, ZERO, "none")
    is_percent = is_part and reading.text[number.end - 1] in "%成"
    if (is_percent or _has_unit(reading, number)) and asks_for_bodies(reading):
        condition = Condition(comparison="=", value=number.value)
        return Bound(number.start, number.end, condition, "number", is_share=is_percent)
    return None


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


def _numbers(reading: QuestionReading) -> list[Number]:
    """The numbers of the question, percentages, tenths and halves as parts of one."""
    numbers = []
    for number in reading.numbers:
        after = reading.text[number.end : number.end + 1]
        if after == "%":
            number = replace(number, value=number.value / 100, end=number.end + 1)
        elif after == "成" and number.value <= 10:
            number = replace(number, value=number.value / 10, end=number.end + 1)
        numbers.append(number)
    for tag in reading.tagged("number_word"):
        value = Decimal(tag.values("number_word")[0])
        numbers.append(Number(value, None, tag.start, tag.end, tag.start, tag.end, is_chinese=False))
    return _with_fractions(reading, sorted(numbers, key=lambda number: number.start))


def _with_fractions(reading: QuestionReading, numbers: list[Number]) -> list[Number]:
    """三分之一, and 百分之十: the two numbers are one."""
    joined: list[Number] = []
    for number in numbers:
        match = _FRACTION.match(reading.text, number.end)
        part = None if match is None else int(match[1]) if match[1].isdigit() else parse_chinese(match[1])
        if match is not None and part and number.value:
            joined.append(replace(number, value=part / number.value, end=match.end()))
        elif not joined or number.digits_start >= joined[-1].end:
            joined.append(number)
    return joined


def _is_part(reading: QuestionReading, number: Number) -> bool:
    written = reading.text[number.digits_start : number.end]
    return number.value > 0 and (number.value == _ONE_HALF or written.endswith(("%", "成")) or "分之" in written)


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
    if after.startswith(("年", "year")):
        return True
    if following and following[0].means("counter", "bodies"):
        return len(following) < 2 or any(following[1].means(c) for c in ("kind", "designation", "body"))
    return bool(following) and any(following[0].means(c) for c in ("kind", "designation")) and number.value > 0


def _comparison(reading: QuestionReading, number: Number) -> tuple[Comparison | None, int, int]:
    """How the number is compared, and from where to where the comparison with its number goes."""
    behind = _comparison_behind(reading, number)
    if behind is not None:
        return behind[0], number.start, behind[1].end
    before = _comparison_before(reading, number)
    if before is not None and (number.qualifier not in _QUALIFIERS or before[1].start < number.start):
        return before[0], min(before[1].start, number.start), number.end
    if number.qualifier in _QUALIFIERS:
        return _QUALIFIERS[number.qualifier], number.start, number.end
    if reading.text[: number.digits_start].rstrip().endswith(" over"):
        return ">", number.start - len("over "), number.end
    return None, number.start, number.end


def _comparison_behind(reading: QuestionReading, number: Number) -> tuple[Comparison, Tag] | None:
    for tag in reading.following(number.end, 5):
        of_next = any(0 <= other.start - tag.end <= 1 for other in reading.numbers)
        if tag.means("clause", "joint", "contrast") or (of_next and tag.means("comparison", "<", ">", "<=", ">=")):
            return None  # 零申请且公开不到300条: the comparison is the next number's
        if tag.means("comparison", ">=after"):
            return ">=", tag
        if tag.means("comparison", "<=after"):
            return "<=", tag
        if tag.means("comparison", "<after"):
            return "<", tag
        if not (tag.means("counter", "things") or tag.means("filler") or tag.means("metric_word")):
            return None
        # 5件申请都不到 is one bound; in 5件申请以上 nothing is gained by reading on.
    return None


def _comparison_before(reading: QuestionReading, number: Number) -> tuple[Comparison, Tag] | None:
    best: tuple[Comparison, Tag] | None = None
    for tag in reading.tagged("comparison"):
        for value in tag.values("comparison"):
            gap = number.digits_start - tag.end
            near = 0 <= gap <= 3 or (tag.start <= number.start < tag.end <= number.digits_start)
            # 只有 in 只有3件 compares; an only further off doesn't.
            fits = value in (">", ">=", "<", "<=", "=", "!=") and near and (value != "=" or gap <= 1)
            if fits and (best is None or tag.start < best[1].start):
                best = (cast(Comparison, value), tag)
    return best


def _joined(reading: QuestionReading, first: Number, second: Number) -> bool:
    between = reading.text[first.end : second.start].strip("件条次份起宗项篇场期例元万 ")
    return between in ("到", "至", "-", "~", "—", "和", "to", "and")


def _has_unit(reading: QuestionReading, number: Number) -> bool:
    following = reading.following(number.end, 1)
    return bool(following) and (following[0].means("counter", "things") or following[0].means("metric_word"))
