"""Which stretches of a section on problems and improvements tell problems, and which tell what is done about them.

Reports part the two in every way: by inner headings, by a label in the middle of a paragraph (改进：), by a turn of
phrase (下一步，), item by item, or only by beginning to count anew. The section is therefore read clause by clause:
labels and cues turn the reading over, and where there are none the tone of the clauses tells. Each clause is of one
sort.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Any

from assistant.lexicons import read_lexicon
from assistant.prose.enumerations import Mark, marks_in
from vectorstore.folding import fold
from vectorstore.records import Span

_CLAUSE = re.compile(r"[^。;!?\n]*[。;!?\n]+|[^。;!?\n]+$")
_CLOSING = " \t\n。;!?,"
_LONGEST_LEAD_IN = 60
_LEAST_PROBLEM = 8
"""Characters in front of its measure within one item."""


class Sort(Enum):
    """What a clause tells."""

    PROBLEM = "problem"
    MEASURE = "measure"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the section, without the label in front of it."""

    span: Span
    sort: Sort


@dataclass(frozen=True, slots=True)
class _Unit:
    """A clause in the folded text; ``body`` is where its words begin behind its mark."""

    start: int
    body: int
    end: int
    mark: Mark | None


@dataclass(slots=True)
class _Reading:
    """Where a reading of the section stands.

    Attributes:
        is_told: A label or a cue has said what is told now; otherwise it was concluded from the tone.
        last: The last mark of a problem.
        counts_measures: An enumeration of measures has begun since the turn to them.
    """

    sort: Sort | None = None
    is_told: bool = False
    last: Mark | None = None
    counts_measures: bool = False
    parts: list[tuple[int, int, Sort]] = field(default_factory=list)

    def turn(self, sort: Sort, *, is_told: bool) -> None:
        if sort is not self.sort:
            self.counts_measures = False
        self.sort, self.is_told = sort, is_told

    def add(self, start: int, end: int) -> None:
        if start < end:
            self.parts.append((start, end, self.sort or Sort.PROBLEM))

    @property
    def has_told(self) -> bool:
        """Whether the last that was read is a clause, and no label."""
        return bool(self.parts) and self.parts[-1][2] is not Sort.HEADING

    def add_heading(self, start: int, end: int) -> None:
        self.parts.append((start, end, Sort.HEADING))


def parts_of(text: str, whole: Span) -> list[Part]:
    """The stretches of a section's body in order: problems and measures, without labels and headings."""
    folded = fold(text[whole.start : whole.end], offset=whole.start)
    units = _units(folded.text)
    reading = _Reading()
    for at, unit in enumerate(units):
        _read_unit(folded.text, units, at, unit, reading)
    return [
        Part(folded.span(start, end), sort)
        for start, end, sort in _joined(reading.parts)
        if sort is not Sort.HEADING and folded.text[start:end].strip(_CLOSING)
    ]


def _units(folded: str) -> list[_Unit]:
    """The clauses, parted also where a mark begins: 问题：一是…，二是…."""
    marks = {mark.start: mark for mark in marks_in(folded)}
    starts = sorted({m.start() for m in _CLAUSE.finditer(folded)} | set(marks))
    units: list[_Unit] = []
    if not starts:
        return units
    for start, end in zip(starts, [*starts[1:], len(folded)], strict=True):
        mark = marks.get(start)
        units.append(_Unit(start, mark.end if mark else start, end, mark))
    return units


def _read_unit(folded: str, units: Sequence[_Unit], at: int, unit: _Unit, reading: _Reading) -> None:
    words = folded[unit.body : unit.end]
    label = _label_end(folded, unit, units[at + 1] if at + 1 < len(units) else None)
    if label is not None:
        end, sort = label
        if sort is not Sort.HEADING:
            reading.turn(sort, is_told=True)
            if unit.mark is not None and sort is Sort.PROBLEM and end < unit.end:
                reading.last = unit.mark
        reading.add_heading(unit.start, end)
        if folded[end : unit.end].strip(_CLOSING):
            reading.add(end, unit.end)
        return
    if not words.strip(_CLOSING):
        reading.add(unit.start, unit.end)
        return
    if unit.mark is not None:
        _turn_at_mark(folded, units, at, unit.mark, reading)
    elif not reading.is_told or (reading.sort is Sort.PROBLEM and reading.last is None and reading.has_told):
        _turn_by_tone(words, reading)
    cue = None if reading.sort is Sort.MEASURE else _cue_in(folded, unit)
    if cue is not None:
        if unit.mark is not None and cue > unit.start:
            reading.last = unit.mark
        reading.add(unit.start, cue)
        reading.turn(Sort.MEASURE, is_told=True)
        reading.add(cue, unit.end)
        return
    reading.sort = reading.sort or Sort.PROBLEM
    if unit.mark is not None and reading.sort is Sort.PROBLEM:
        reading.last = unit.mark
    reading.add(unit.start, unit.end)


def _turn_at_mark(folded: str, units: Sequence[_Unit], at: int, mark: Mark, reading: _Reading) -> None:
    """What an item of an enumeration turns: a new count to measures, the next of the problems back to problems."""
    if mark.number == 1:
        run = _run_from(units, at)
        if reading.sort is Sort.MEASURE:
            reading.counts_measures = True
        elif reading.sort is None or reading.last is not None:
            tones = [_tone(folded[u.body : u.end]) for u in run]
            if tones.count(Sort.MEASURE) > tones.count(Sort.PROBLEM):
                reading.turn(Sort.MEASURE, is_told=False)
                reading.counts_measures = True
        return
    last = reading.last
    follows = last is not None and (mark.style, mark.number) == (last.style, last.number + 1)
    if reading.sort is Sort.MEASURE and follows and not reading.counts_measures:
        unit = units[at]
        if _tone(folded[unit.body : unit.end]) is not Sort.MEASURE:
            reading.turn(Sort.PROBLEM, is_told=True)


def _run_from(units: Sequence[_Unit], at: int) -> list[_Unit]:
    """The items of the enumeration that begins here."""
    first = units[at].mark
    run = [units[at]]
    for unit in units[at + 1 :]:
        if unit.mark is None or first is None or unit.mark.style != first.style:
            continue
        if unit.mark.number != len(run) + 1:
            break
        run.append(unit)
    return run


def _turn_by_tone(words: str, reading: _Reading) -> None:
    tone = _tone(words)
    if tone is not None:
        reading.turn(tone, is_told=False)


def _joined(parts: Iterable[tuple[int, int, Sort]]) -> list[tuple[int, int, Sort]]:
    joined: list[tuple[int, int, Sort]] = []
    for start, end, sort in parts:
        if joined and joined[-1][2] is sort and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end, sort)
        else:
            joined.append((start, end, sort))
    return joined


def _lexicon() -> dict[str, Any]:
    return read_lexicon("sections")


@cache
def _any_of(key: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_lexicon()[key], key=len, reverse=True))))


@cache
def _patterns(key: str) -> re.Pattern[str]:
    return re.compile("|".join(_lexicon()[key]))


@cache
def _label() -> re.Pattern[str]:
    return re.compile(rf"(?:{_any_of('label_words').pattern}|\d{{4}}年度?|[,、()\s\"“”])+")


def _label_end(folded: str, unit: _Unit, following: _Unit | None) -> tuple[int, Sort] | None:
    """Where the label or lead-in of a clause ends, and what it announces; ``None`` where it has none."""
    colon = folded.find(":", unit.body, min(unit.end, unit.body + _LONGEST_LEAD_IN))
    if colon < 0:
        words = folded[unit.body : unit.end].strip(_CLOSING)
        sort = _announced(words) if words and _label().fullmatch(words) else None
        return None if sort is None else (unit.end, sort)
    words = folded[unit.body : colon].strip(_CLOSING)
    if words and _label().fullmatch(words):
        sort = _announced(words)
        return None if sort is None else (colon + 1, sort)
    leads = following is not None and following.mark is not None and not folded[colon + 1 : unit.end].strip(_CLOSING)
    if not leads or (unit.mark is not None and unit.mark.style == "is"):
        return None
    sort = _announced(words)
    return None if sort is None else (colon + 1, sort)


def _announced(words: str) -> Sort | None:
    """What a label announces: what its last telling word says; nothing of its own where it names both in a row."""
    problems = [m.end() for m in _any_of("problem_cores").finditer(words)]
    measures = [m.end() for m in _any_of("measure_cores").finditer(words)]
    against = _any_of("against").search(words)
    if against is not None:
        return Sort.MEASURE
    if problems and measures:
        between = words[min(problems[-1], measures[-1]) : max(problems[-1], measures[-1])]
        if _any_of("label_joints").search(between) and _label().fullmatch(words):
            return Sort.HEADING
        return Sort.PROBLEM if problems[-1] > measures[-1] else Sort.MEASURE
    if problems or measures:
        return Sort.PROBLEM if problems else Sort.MEASURE
    return None


def _cue_in(folded: str, unit: _Unit) -> int | None:
    """Where a clause turns to a measure: at the cue behind a comma, else at its beginning; ``None`` if it doesn't."""
    for match in _cues().finditer(folded, unit.body, unit.end):
        at = match.start()
        comma = folded.rfind(",", unit.body, at)
        own = folded[comma + 1 if comma >= 0 else unit.body : at]
        if folded[at - 1 : at] == "," and at - unit.start > _LEAST_PROBLEM:
            if unit.mark is None or _tone(folded[at : unit.end]) is not Sort.PROBLEM:
                return at
        elif unit.mark is None and not _admits(folded[at : unit.end]):
            return unit.start
        elif comma >= 0 and not own.strip() and comma - unit.start >= _LEAST_PROBLEM:
            return at
    return None


@cache
def _cues() -> re.Pattern[str]:
    words = [re.escape(word) for word in _lexicon()["improvement_starts"]]
    return re.compile("|".join([*_lexicon()["improvement_patterns"], *words]))


def _admits(words: str) -> bool:
    """Whether what follows a cue admits a problem all the same: 下一步工作中还存在…."""
    return _patterns("admitting").search(words.split(",")[0]) is not None


def _tone(words: str) -> Sort | None:
    """What a clause sounds like: it fails, or it begins with what is done about it."""
    for position, piece in enumerate(words.strip(_CLOSING).split(",")):
        remedied = _any_of("remedying").search(piece)
        if _patterns("problem_tones").search(piece) and not remedied:
            return Sort.PROBLEM
        if remedied or (position == 0 and _patterns("measure_tones").match(piece.strip())):
            return Sort.MEASURE
    return None
