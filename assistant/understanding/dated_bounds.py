"""Conditions of different years on one body: 2022年没有申请而2023年有的, none in 2022 but some in 2023."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.plan import Criterion
from assistant.understanding.conditions import SOME, Bound
from assistant.understanding.reading import QuestionReading

_HAD = re.compile(r"(?:收到|接到|有|受理|办理|发生|出现|办|搞|开展|举办|发|出台|制发|被告|收)[了过](?!多少|几|哪)")
_OPENING = 8
"""Characters within which a question that opens with its year names it: in 2022 which bodies …"""


def dated(reading: QuestionReading, bounds: Sequence[Bound], asked: Sequence[int]) -> list[Bound]:
    """The bounds, each on its own year where every year that is named has one, or is asked for a number.

    Args:
        asked: Where the question asks for a number.
    """
    stretches = _stretches(reading)
    within = {year: [b for b in bounds if start <= b.start < end] for year, start, end in stretches}
    if any(within.values()):
        added = [had for year, start, end in stretches if not within[year] for had in _had(reading, start, end)]
        bounds = sorted([*bounds, *added], key=lambda bound: bound.start)
        within = {year: [b for b in bounds if start <= b.start < end] for year, start, end in stretches}
    asks = {year for year, start, end in stretches if any(start <= at < end for at in asked)}
    all_asked = all(of_year or year in asks for year, of_year in within.items())
    if len(within) < 2 or not any(within.values()) or not all_asked:
        return list(bounds)
    years = {id(bound): year for year, of_year in within.items() if year not in asks for bound in of_year}
    return [_in_year(bound, years[id(bound)]) if id(bound) in years else bound for bound in bounds]


def _had(reading: QuestionReading, start: int, end: int) -> list[Bound]:
    """2022年没收到、2023年|收到了: beside a year that had none, the bare verb says that there were some."""
    match = _HAD.search(reading.text[start:end])
    return [Bound(start + match.start(), start + match.end(), SOME, "some")] if match else []


def is_dated(bound: Bound) -> bool:
    """Whether a bound is on a year of its own."""
    return isinstance(bound.condition, Criterion) and bound.condition.year is not None


def _in_year(bound: Bound, year: int) -> Bound:
    return replace(bound, condition=Criterion(**bound.condition.model_dump() | {"year": year}))


def _stretches(reading: QuestionReading) -> list[tuple[int, int, int]]:
    """Each single year with the stretch of the question that speaks of it: in English mostly before it."""
    years = [mention for mention in reading.years if len(mention.years) == 1]
    if not years or len({mention.years for mention in years}) < len(years) or len(years) != len(reading.years):
        return []
    if reading.language == "zh" or (years and years[0].start <= _OPENING):
        ends = [*(mention.start for mention in years[1:]), len(reading.text)]
        return [(mention.years[0], mention.start, end) for mention, end in zip(years, ends, strict=True)]
    starts = [0, *(mention.end for mention in years[:-1])]
    return [(mention.years[0], start, mention.start) for mention, start in zip(years, starts, strict=True)]
