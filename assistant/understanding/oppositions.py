"""One figure against another of the same body: 提案比建议多的, 个人申请多于企业申请的, more reviews than lawsuits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.plan import Comparison, Criterion
from assistant.understanding.clauses import Claim, Statement
from assistant.understanding.conditions import Bound
from assistant.understanding.reading import QuestionReading

_COUNTS = r"\)?(?:的?(?:件数|条数|次数|数量|数目|数|量|总数))?\)?"
_DONE = "办发做搞公开受理承收到提交接作出"
"""What bodies do with what is counted: 建议比提案|办得|多."""
_TURNED = re.compile(
    rf"{_COUNTS}(?:[还要更来得都的了{_DONE}]|numbers?)*(?:(?P<more>[多高大])|(?P<fewer>[少低小]))(?!多少|少于|于)"
)
_NOT_AS = "(?:没有|不如|不及|比不上|赶不上)"
_BETWEEN: tuple[tuple[re.Pattern[str], Comparison | None], ...] = (
    (re.compile(rf"{_COUNTS}[\u4e00-\u9fff]{{0,2}}(?:比(?![例较上去前重率])|相比|较之?)[^,，年均]{{0,6}}"), None),
    (re.compile(rf"{_COUNTS}(?:还|都)?{_NOT_AS}[^,，年均]{{0,2}}"), None),
    (re.compile(rf"{_COUNTS}(?:不少于|不低于|大于等于|至少等于)"), ">="),
    (re.compile(rf"{_COUNTS}(?:不多于|不超过|不高于|不大于|没超过|没有超过|小于等于)"), "<="),
    (re.compile(rf"{_COUNTS}(?:也|都|明显|远远?)?(?:多于|高于|大于|超过|超出|多过)了?"), ">"),
    (re.compile(rf"{_COUNTS}(?:也|都|明显|远远?)?(?:少于|低于|小于)"), "<"),
    (re.compile(rf"{_COUNTS}(?:正好|刚好|恰好)?(?:等于|就是)"), "="),
    (re.compile(rf"{_COUNTS}(?:不等于|不同于)"), "!="),
)
"""What stands between two metrics that are set against one another; after a bare 比 the direction stands behind."""
_SAME = re.compile(
    rf"{_COUNTS}(?:正好|刚好|恰好|完全|都|是)*(?:(?P<not>不)(?:相等|一样多?|相同|一致|等)|(?:相等|一样多?|相同|持平|一致))"
)
_PART_OF = re.compile(
    rf"{_COUNTS}的?(?:一半|半数|\d+(?:\.\d+)?[%成倍]|[一二两三四五六七八九十]+[成倍]|百分之|[一二三四五六七八九十]+分之|half)"
)
_JOINED = re.compile(rf"{_COUNTS}(?:和|与|跟|同|、)")
_THAN = re.compile(r"[a-z ]{0,24} than(?: in| for| of| by| from)?(?: the| their| its)? ?(?:new |number of )?")
_COMPARATIVE = re.compile(
    r"\b(?P<not>no |not )?(?:(?P<more>more|higher|larger|greater)|(?P<fewer>fewer|less|lower|smaller))\b[a-z ]{0,30}$"
)
_EQUAL = re.compile(
    r"[a-z ]{0,24}(?: equal(?:s|led|ling)?(?: to)?| the same as| as)(?: the| their| its)? ?(?:number of )?"
)


_ENGLISH: dict[tuple[bool, bool], Comparison] = {
    (True, False): ">",
    (False, False): "<",
    (True, True): "<=",
    (False, True): ">=",
}
"""By whether more is said, and whether it is denied."""


def is_relative(bound: Bound) -> bool:
    """Whether a bound holds one figure against another."""
    return isinstance(bound.condition, Criterion) and bool(bound.condition.than)


def oppose(reading: QuestionReading, statements: Sequence[Statement]) -> list[Statement]:
    """The statements, any two that are set against one another as one: its bound is on how many more there are."""
    opposed = list(statements)
    at = 0
    while at + 1 < len(opposed):
        together = _opposed(reading, opposed[at], opposed[at + 1])
        if together is not None:
            opposed[at : at + 2] = [together]
        at += 1
    return opposed


def _opposed(reading: QuestionReading, first: Statement, second: Statement) -> Statement | None:
    told = compared(reading, (first.start, first.end), (second.start, second.end))
    if told is None or set(first.metric_ids) == set(second.metric_ids):
        return None
    comparison, start, end = told
    criterion = Criterion(comparison=comparison, than=second.metric_ids)
    amount = _amount(second, end) if comparison in (">", "<") else None
    rest = [b for b in (*first.bounds, *second.bounds) if b is not amount and not _within(b, start, end)]
    if amount is not None:
        criterion = Criterion(**amount.condition.model_dump() | {"than": second.metric_ids})
        criterion = criterion if comparison == ">" else _mirrored(criterion)
    bound = Bound(start, max(end, amount.end if amount else end), criterion, "number")
    return replace(
        first,
        spans=(*first.spans, *second.spans),
        bounds=[bound, *rest],
        movements=[m for m in (*first.movements, *second.movements) if not _within(m, start, end)],
        focuses=[f for f in (*first.focuses, *second.focuses) if not _within(f, start, end)],
    )


def _within(claim: Claim, start: int, end: int) -> bool:
    return start <= claim.start < end


def compared(
    reading: QuestionReading, first: tuple[int, int], second: tuple[int, int]
) -> tuple[Comparison, int, int] | None:
    """How the words of one metric are compared with those of another behind them; ``None`` where they aren't.

    With the comparison, from where to where its words go.
    """
    text, second_end = reading.text, _words_end(reading, second)
    between = text[_words_end(reading, first) : second[0]]
    if _PART_OF.match(text, second_end):
        return None  # 超过收到申请的一半
    for pattern, comparison in _BETWEEN:
        if not pattern.fullmatch(between):
            continue
        if comparison is not None:
            return comparison, first[0], second_end
        turned = _TURNED.match(text, second_end)
        if turned is None:
            # 复议不如诉讼 says as much as 不如诉讼多.
            return ("<", first[0], second_end) if re.search("不如|不及|比不上|赶不上", between) else None
        denied = re.search(_NOT_AS, between) is not None
        return (">" if bool(turned["more"]) != denied else "<", first[0], turned.end())
    same = _SAME.match(text, second_end)
    if same and _JOINED.fullmatch(between):
        return "!=" if same["not"] else "=", first[0], same.end()
    if reading.language != "en":
        return None
    former = _COMPARATIVE.search(text[: first[0]])
    if former and _THAN.fullmatch(between):
        comparison = _ENGLISH[bool(former["more"]), bool(former["not"])]
        return comparison, former.start(), second_end
    return ("=", first[0], second_end) if _EQUAL.fullmatch(between) else None


def _words_end(reading: QuestionReading, span: tuple[int, int]) -> int:
    """Where a metric's words end, with those that it shares: 企业|申请 behind 个人申请比."""
    words = [t for t in reading.tags if t.means("metric_word") or t.means("column")]
    end = max((t.end for t in words if span[0] <= t.start and t.end <= span[1]), default=span[1])
    for tag in words:
        if tag.start == end:
            end = tag.end
    return end


def _amount(second: Statement, end: int) -> Bound | None:
    """By how much more: 比建议多5件以上."""
    return next((b for b in second.bounds if b.source == "number" and 0 <= b.start - end <= 2), None)


def _mirrored(criterion: Criterion) -> Criterion:
    """So many fewer as a negative excess."""
    turned: dict[Comparison, Comparison] = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
    low, high = -criterion.value, None if criterion.upper is None else -criterion.upper
    return criterion.model_copy(
        update={
            "comparison": turned.get(criterion.comparison, criterion.comparison),
            "value": low if high is None else high,
            "upper": None if high is None else low,
        }
    )
