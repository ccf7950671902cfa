"""What a question says of figures against the year before: 增加了, 下降超过10件, 翻了一番, 比上年多, fell, doubled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from assistant.plan import Change, Comparison, Condition, PlanScope
from assistant.understanding.conditions import Bound, condition_of
from assistant.understanding.periods import YearMention
from assistant.understanding.reading import QuestionReading

Direction = Literal["up", "down", "same"]

_MIRRORED: dict[Comparison, Comparison] = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "=", "!=": "!="}
_AMOUNT_GAP = 8
"""Characters between 增长 and the number that says by how much."""
_MORE_OR_LESS = re.compile(r"[^,，。?？]{0,10}?(?:(多|高|大|more|higher)(?!少)|(少|低|小|fewer|less|lower))")
_EITHER_WAY = re.compile(r"\s*(?:了|的|得|,|是|还是|或者?|or|\s)*(?:还是|或|or)\s*(?:是|有)?\s*")
_COMPARATIVE_EN = re.compile(
    r"\b(?:(more|higher|larger|greater)|(fewer|less|lower|smaller))\b(?! than (?!in )\w+ (?!in ))"
)
_BASE_YEAR = re.compile(
    r"(?<!over )(?<!forward )(?:(?<![对相])比起?|(?<!比)较|(?:对比|相比|比较)(?:起|于)?|与|和|跟|同"
    r"|than (?:in )?|from|over|compared (?:with|to)|against)\s*$"
)
_OPENING = re.compile(r"\D{0,6}(?:对比|比较|相比)\s*")
"""对比2022年甲局和乙局: who begins so sets bodies against one another, and no years."""
_CLOSED = re.compile(r"(?:与|和|跟|同|较|比)[^,，]{0,8}年度?相比$")
"""与2022年相比2023年: what follows is no base."""


@dataclass(frozen=True, slots=True)
class Movement:
    """A rise, a fall or neither.

    Attributes:
        direction: ``None`` where only a comparison with the year before is named.
        condition: On the change: what a member of 增长超过50%的 satisfies; a fall is a negative change.
        states_amount: The question says how large the change must be.
    """

    start: int
    end: int
    direction: Direction | None
    change: Change
    condition: Condition
    states_amount: bool = False


def find_movements(reading: QuestionReading, bounds: Sequence[Bound]) -> tuple[list[Movement], list[Bound]]:
    """The movements that a question names, in order, and the bounds that aren't on one of them."""
    found = _worded(reading)
    found += [m for m in _compared_with_before(reading) if not any(_overlap(m, other) for other in found)]
    left = list(bounds)
    movements: list[Movement] = []
    for movement in sorted(found, key=lambda m: m.start):
        movement = _denied(movement, left)
        amount = _amount_of(reading, movement, left)
        if amount is not None:
            left.remove(amount)
            movement = _by_amount(movement, amount)
        movements.append(movement)
    return _joined(reading, movements), [b for b in left if not any(_overlap(m, b) for m in movements)]


def asks_percent(reading: QuestionReading) -> bool:
    """Whether a change is asked for as a share of the year before: 增幅, 增长率, percent."""
    return reading.has("change", "percent")


def base_years(reading: QuestionReading) -> tuple[tuple[int, ...], bool]:
    """The years that others are set against (比2021年多了几件), and whether one is relative to today: 比去年."""
    years: list[int] = []
    relative = False
    for mention in reading.years:
        if _is_base(reading, mention) and len(mention.years) == 1:
            years.extend(mention.years)
            relative = relative or not any(c.isdigit() for c in reading.text[mention.start : mention.end])
    return tuple(years), relative


def without_base_years(reading: QuestionReading, scope: PlanScope) -> PlanScope:
    """The scope of the years themselves, where the change from the year before is asked for."""
    base, relative = base_years(reading)
    kept = tuple(year for year in scope.years if year not in base)
    if not base or (kept and max(base) + 1 not in kept):
        return scope
    if not kept and not relative:
        kept = tuple(year + 1 for year in base)
    return scope.model_copy(update={"years": kept, "latest": bool(scope.bodies) and not kept})


def _is_base(reading: QuestionReading, mention: YearMention) -> bool:
    """Whether a year is what another is set against."""
    before = reading.text[: mention.start]
    if len(mention.years) > 1 and before.rstrip().endswith((" over", " from")):
        return False  # in total over 2021-2025
    if _BASE_YEAR.search(before) is None or _CLOSED.search(before):
        return False
    if _OPENING.fullmatch(before):
        return len(reading.years) > 1
    joins = before.rstrip().endswith(("与", "和", "跟", "同")) and reading.has("operation", "sum")
    return not joins or reading.has("change") or "比" in reading.text[mention.end : mention.end + 3]


def _worded(reading: QuestionReading) -> list[Movement]:
    percent: Change = "percent" if asks_percent(reading) else "difference"
    found = []
    for tag in reading.tagged("change"):
        for value in tag.values("change"):
            if value in ("up", "down", "same"):
                found.append(Movement(tag.start, tag.end, value, percent, _condition(value)))  # type: ignore[arg-type]
            elif value.startswith("percent") and value != "percent":
                condition = condition_of(value.removeprefix("percent"))
                direction: Direction = "up" if condition.value > 0 else "down"
                found.append(Movement(tag.start, tag.end, direction, "percent", condition, states_amount=True))
    return found


def _compared_with_before(reading: QuestionReading) -> list[Movement]:
    """比上年多, 比去年少: the direction is a bare 多 or 少 behind."""
    ends = [tag.end for tag in reading.tagged("change", "year_on_year")]
    ends += [m.end for m in reading.years if _is_base(reading, m)]
    change: Change = "percent" if asks_percent(reading) else "difference"
    found: list[Movement] = []
    direction: Direction
    for end in ends:
        match = _MORE_OR_LESS.match(reading.text, end)
        former = _last_comparative(reading, end)
        if match is None and former is not None:
            direction = "up" if former[1] else "down"
            found.append(Movement(*former.span(), direction, change, _condition(direction)))
            continue
        if match is None:
            found.append(Movement(end - 1, end, None, change, _condition("up")))
            continue
        direction = "up" if match[1] else "down"
        found.append(Movement(end, match.end(), direction, change, _condition(direction)))
    return found


def _last_comparative(reading: QuestionReading, end: int) -> re.Match[str] | None:
    """More in 2023 than in 2022: English compares before it says with what."""
    if reading.language == "zh":
        return None
    return next(iter(reversed(list(_COMPARATIVE_EN.finditer(reading.text, 0, end)))), None)


def _condition(direction: str) -> Condition:
    comparison: Comparison = {"up": ">", "down": "<"}.get(direction, "=")  # type: ignore[assignment]
    return Condition(comparison=comparison, value=Decimal(0))


def _denied(movement: Movement, bounds: list[Bound]) -> Movement:
    """没有增加: no rise is a fall or neither."""
    for bound in bounds:
        if bound.source == "none" and 0 <= movement.start - bound.end <= 1 and movement.direction in ("up", "down"):
            bounds.remove(bound)
            comparison: Comparison = "<=" if movement.direction == "up" else ">="
            denied = Condition(comparison=comparison, value=Decimal(0))
            return replace(movement, start=bound.start, condition=denied, states_amount=True)
    return movement


def _amount_of(reading: QuestionReading, movement: Movement, bounds: Sequence[Bound]) -> Bound | None:
    """The bound on the change itself: 增长超过50%, 减少10件以上, fell by more than 10, more than 10 fewer."""
    if movement.direction not in ("up", "down") or movement.states_amount:
        return None
    for bound in bounds:
        if bound.source != "number":
            continue
        between = reading.text[min(movement.end, bound.end) : max(movement.start, bound.start)]
        behind = 0 <= bound.start - movement.end <= _AMOUNT_GAP
        if reading.language == "en":
            behind = behind or 0 <= movement.start - bound.end <= 2 * _AMOUNT_GAP
        # 申请超过10件且增加的: a bound before the movement is the figure's own.
        if behind and not any(mark in between for mark in (",", "，", "且", "但", "的", " and ", " but ")):
            return bound
    return None


def _by_amount(movement: Movement, amount: Bound) -> Movement:
    change: Change = "percent" if amount.is_share else movement.change
    if change == "percent" and not amount.is_share and amount.condition.value > 1:
        change = "difference"
    condition = amount.condition if movement.direction == "up" else _mirrored(amount.condition)
    return replace(movement, end=max(movement.end, amount.end), change=change, condition=condition, states_amount=True)


def _mirrored(condition: Condition) -> Condition:
    """The condition of a fall, as one on a negative change."""
    if condition.upper is not None:
        return condition.model_copy(update={"value": -condition.upper, "upper": -condition.value})
    return condition.model_copy(update={"comparison": _MIRRORED[condition.comparison], "value": -condition.value})


def _joined(reading: QuestionReading, movements: list[Movement]) -> list[Movement]:
    """比上年 + 增加 is one movement; so are two words of one direction beside one another: 增长率 增加.

    多了还是少了 asks which of the two it is.
    """
    kept: list[Movement] = []
    for movement in movements:
        before = kept[-1] if kept else None
        between = reading.text[before.end : movement.start] if before is not None else ""
        if before is not None and _EITHER_WAY.fullmatch(between) and before.direction != movement.direction:
            kept[-1] = replace(before, end=movement.end, direction=None)
            continue
        if before is not None and not _parted(reading, before.end, movement.start):
            if before.direction is None:
                kept[-1] = movement
                continue
            if movement.direction is None or (movement.direction == before.direction and not movement.states_amount):
                continue
        kept.append(movement)
    told = [movement for movement in kept if movement.direction is not None]
    return told or kept


def _parted(reading: QuestionReading, start: int, end: int) -> bool:
    """Whether another metric or a contrast stands between."""
    return any(
        start <= t.start and t.end <= end and (t.means("metric_word") or t.means("clause", "contrast"))
        for t in reading.tags
    )


def _overlap(first: Movement, second: Movement | Bound) -> bool:
    return first.start < second.end and second.start < first.end
