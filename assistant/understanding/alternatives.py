"""Questions about figures with two readings, each written out as a question of its own."""

from __future__ import annotations

from assistant.plan import Plan
from assistant.understanding.lexicon import Tag
from assistant.understanding.reading import QuestionReading

Alternative = tuple[str, Plan]
_VAGUELY_HANDLED = ("办了", "办理了", "处理了")


def alternatives(reading: QuestionReading, plan: Plan) -> tuple[Alternative, ...]:
    """The readings of a question that asks for the largest change of either sort.

    办了几件 may ask what was received or what was closed.
    """
    handled = _received_or_closed(reading, plan)
    if handled:
        return handled
    if plan.subject != "figures" or plan.operation != "top":
        return ()
    return _either_change(reading, plan)


def _received_or_closed(reading: QuestionReading, plan: Plan) -> tuple[Alternative, ...]:
    vague = [tag for tag in reading.tagged("metric_word") if tag.surface in _VAGUELY_HANDLED]
    if plan.subject != "figures" or plan.metrics != ("applications_handled",) or not vague:
        return ()
    return tuple(
        (_instead(reading, vague[0], word), plan.model_copy(update={"metrics": (metric,)}))
        for word, metric in (("收到了", "applications_new"), ("办结了", "result_total"))
    )


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


def _instead(reading: QuestionReading, tag: Tag, word: str) -> str:
    return reading.text[: tag.start] + word + reading.text[tag.end :]
