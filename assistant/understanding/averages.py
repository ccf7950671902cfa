"""Conditions that an average is the bound of: 超过平均数, 比中位数低, 平均水平以上, above the mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from assistant.plan import Average, Comparison, Criterion
from assistant.understanding.lexicon import Tag
from assistant.understanding.reading import QuestionReading

_AVERAGE_LED = re.compile(r"(?:了|全[县市区省体部]|整体|总体|同类|所有|各|各?单位|的|the| |overall|county|city)*")
_AVERAGE_TURNED = re.compile(
    r"(?:水平|线|值|数|更|要|还)*(?:(?P<more>[高多大])|[低少小])(?!多少|[^,，的]{0,6}(?:几|多少))"
)
_AVERAGE_AND_OVER = re.compile(r"(?:水平|线|值|数|之)*(?:(?P<over>以上|之上)|以下|之下)")
_AVERAGE_COMPARED = re.compile(
    r"(?:(?P<more>more|higher|larger|greater)|(?:fewer|less|lower|smaller))[a-z ]{0,30} than (?:the |an? )?(?:\w+ )?$"
)


@dataclass(frozen=True, slots=True)
class AverageBound:
    """A condition that holds figures against an average, and where the question states it."""

    start: int
    end: int
    criterion: Criterion


def find_averages(reading: QuestionReading) -> list[AverageBound]:
    """The bounds of a question that are an average."""
    bounds = []
    for tag in reading.tagged("operation", "mean", "median"):
        compared = _compared_with_average(reading, tag)
        if compared is not None:
            comparison, start, end = compared
            against: Average = "mean" if tag.means("operation", "mean") else "median"
            bounds.append(AverageBound(start, end, Criterion(comparison=comparison, against=against)))
    return bounds


def _leads(reading: QuestionReading, start: int, end: int) -> bool:
    """Whether nothing but whose average it is stands between: 高于|全县开发区的|平均."""
    left = list(reading.text[start:end])
    named = [t for t in reading.tags if t.means("kind") or t.means("designation") or t.means("body")]
    spans = [(t.start, t.end) for t in named]
    spans += [(m.start, m.end) for m in reading.places] + [(m.start, m.end) for m in reading.years]
    for word_start, word_end in spans:
        if start <= word_start and word_end <= end:
            left[word_start - start : word_end - start] = [" "] * (word_end - word_start)
    return _AVERAGE_LED.fullmatch("".join(left)) is not None


def _compared_with_average(reading: QuestionReading, tag: Tag) -> tuple[Comparison, int, int] | None:
    """How something is compared with an average, and from where to where the words of it go."""
    before = [
        (value, other)
        for other in reading.tagged("comparison")
        if other.end <= tag.start and _leads(reading, other.end, tag.start)
        for value in other.values("comparison")
        if value in (">", ">=", "<", "<=", "=")
    ]
    if before:
        value, other = before[0]
        return cast(Comparison, value), other.start, tag.end
    behind = _AVERAGE_TURNED.match(reading.text, tag.end)
    start = max(reading.text.rfind(word, 0, tag.start) for word in ("比", "较"))
    if behind and start >= 0 and _leads(reading, start + 1, tag.start):
        return ">" if behind["more"] else "<", start, behind.end()
    behind = _AVERAGE_AND_OVER.match(reading.text, tag.end)
    if behind:
        return ">=" if behind["over"] else "<=", tag.start, behind.end()
    former = _AVERAGE_COMPARED.search(reading.text[: tag.start])
    return (">" if former["more"] else "<", former.start(), tag.end) if former else None
