"""Questions about figures with two readings, each written out as a question of its own."""

from __future__ import annotations

from assistant.plan import Plan
from assistant.understanding.lexicon import Tag
from assistant.understanding.reading import QuestionReading

Alternative = tuple[str, Plan]


def alternatives(reading: QuestionReading, plan: Plan) -> tuple[Alternative, ...]:
    """The readings of a question that asks for both ends of a ranking, or for the largest change of either sort."""
    if plan.subject != "figures" or plan.operation != "top":
        return ()
    return _both_ends(reading, plan) or _either_change(reading, plan)


def _both_ends(reading: QuestionReading, plan: Plan) -> tuple[Alternative, ...]:
    """申请最多和最少的分别是谁: who has most, and who has fewest."""
    most = [t for t in reading.tagged("operation", "top") if not t.means("operation", "bottom")]
    fewest = reading.tagged("operation", "bottom")
    if not most or not fewest:
        return ()
    first, second = sorted((most[0], fewest[0]), key=lambda tag: tag.start)
    if second.start - first.end > 6:
        return ()
    by_most: Plan = plan.model_copy(update={"order": "descending"})
    by_fewest: Plan = plan.model_copy(update={"order": "ascending"})
    plans = (by_most, by_fewest) if first is most[0] else (by_fewest, by_most)
    texts = (_without(reading, first.end, second.end), _without(reading, first.start, second.start))
    return tuple(zip(texts, plans, strict=True))


def _either_change(reading: QuestionReading, plan: Plan) -> tuple[Alternative, ...]:
    """变化最大: it rose most, or it fell most."""
    changed = [t for t in reading.tagged("operation", "trend") if not t.means("change", "up", "down")]
    if not changed or plan.change is not None:
        return ()
    words = ("增加", "减少") if reading.language == "zh" else ("increase", "decrease")
    moved = plan.model_copy(update={"change": "difference"})
    orders = ("descending", "ascending")
    return tuple(
        (_instead(reading, changed[0], word), moved.model_copy(update={"order": order}))
        for word, order in zip(words, orders, strict=True)
    )


def _without(reading: QuestionReading, start: int, end: int) -> str:
    return reading.text[:start] + reading.text[end:]


def _instead(reading: QuestionReading, tag: Tag, word: str) -> str:
    return reading.text[: tag.start] + word + reading.text[tag.end :]
