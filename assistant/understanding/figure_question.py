"""A question about metrics with all that was read of it, before anything is decided."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.plan import Average
from assistant.understanding.additions import added
from assistant.understanding.averages import find_averages
from assistant.understanding.changes import Movement, find_movements
from assistant.understanding.clauses import Claim, Focus, Statement, state
from assistant.understanding.conditions import (
    Bound,
    asks_for_bodies,
    find_bounds,
    find_limit,
    names_bodies,
    ranks_ascending,
)
from assistant.understanding.dated_bounds import dated
from assistant.understanding.grouping_words import Groups, read_groups
from assistant.understanding.lexicon import Tag
from assistant.understanding.metric_words import NamedMetric
from assistant.understanding.oppositions import oppose
from assistant.understanding.reading import QuestionReading, wants_number
from assistant.understanding.scoping import ScopeReading
from vectorstore.catalogue import catalogue

_HOW_MANY_AT_END = re.compile(r"(?:一共|总共|共)?有?(?:多少|几)(?:个|家)?[?？呢\s]*$")
_COUNTED_NOUNS = (("counter", "bodies"), ("counter", "reports"), ("kind",), ("designation",), ("body",))


@dataclass(frozen=True, slots=True)
class FigureQuestion:
    """A question about metrics.

    Attributes:
        bounds: The conditions that aren't on a movement.
        statements: The metrics in order of their words, each with what is said of it.
        limit: How many of a ranking are asked for.
    """

    reading: QuestionReading
    scope: ScopeReading
    bounds: tuple[Bound, ...]
    movements: tuple[Movement, ...]
    statements: tuple[Statement, ...]
    groups: Groups
    limit: int | None

    @property
    def one_body(self) -> bool:
        """Whether one body is named."""
        return len(self.scope.scope.bodies) == 1

    @property
    def average(self) -> Average | None:
        """The mean or median that is asked for."""
        tags = _averages_asked(self.reading)
        if any(tag.means("operation", "mean") for tag in tags):
            return "mean"
        return "median" if tags else None

    @property
    def is_extreme(self) -> bool:
        """Whether the first or last of a ranking are asked for."""
        return self.limit is not None or self.reading.has("operation", "top", "bottom")

    @property
    def has_condition(self) -> bool:
        """Whether something must be satisfied, a movement aside."""
        return any(s.bounds for s in self.statements)

    @property
    def is_ascending(self) -> bool:
        """Whether the smallest come first."""
        return ranks_ascending(self.reading)


def counted(reading: QuestionReading) -> str | None:
    """What a how-many asks the number of, as `wants_number` says, but for 规范性文件发了几个: things, not bodies."""
    what = wants_number(reading)
    if what == "things" and (_counts_members(reading) or _ends_in_number_of_bodies(reading)):
        return "bodies"
    if what == "bodies" and not any(names_bodies(tag) for tag in reading.tags):
        rest = reading.text.rstrip("?？。 呢啊呀")
        if rest.endswith("几个") and not rest.removesuffix("几个").endswith(("的", "有", "共", "是")):
            return "things"
    return what


def _ends_in_number_of_bodies(reading: QuestionReading) -> bool:
    """没有复议的镇有多少: nothing but their number is asked of the bodies at its end."""
    rest = _HOW_MANY_AT_END.sub("", reading.text)
    nouns = [tag for tag in reading.tags if names_bodies(tag) and tag.end == len(rest)]
    return rest != reading.text and any(reading.text[: noun.start].endswith("的") for noun in nouns)


def _counts_members(reading: QuestionReading) -> bool:
    """部门有几个公开不足100条: a bound behind the how-many is what those that are counted satisfy."""
    nouns = [tag.end for tag in reading.tags if names_bodies(tag)]
    for tag in reading.tagged("question", "how_many"):
        following = reading.following(tag.end, 1)
        counter = bool(following) and following[0].means("counter", "bodies")
        behind = any(bound.start >= tag.end and bound.source == "number" for bound in find_bounds(reading))
        if counter and behind and any(end <= tag.start for end in nouns):
            return True
    return False


def read_figure_question(
    reading: QuestionReading, metrics: Sequence[NamedMetric], scope: ScopeReading
) -> FigureQuestion:
    """Bind the words of a question to its metrics."""
    movements, bounds = find_movements(reading, find_bounds(reading))
    focuses = _focuses(reading, movements)
    bounds = bounds if movements else dated(reading, bounds, [f.start for f in focuses if f.asks == "number"])
    found: list[Claim] = [*bounds, *movements, *focuses]
    claims = sorted(found, key=lambda claim: claim.start)
    about_applications = any(catalogue().split(m.metric_id)[0].has_columns for m in metrics)
    return FigureQuestion(
        reading,
        scope,
        tuple(bounds),
        tuple(movements),
        tuple(_statements(reading, scope, state(reading, metrics, claims))),
        read_groups(reading, about_applications=about_applications),
        find_limit(reading),
    )


def _statements(reading: QuestionReading, scope: ScopeReading, statements: Sequence[Statement]) -> Sequence[Statement]:
    """Where bodies are asked for, what they have more of than of something else is one statement about them."""
    of_bodies = asks_for_bodies(reading) or counted(reading) == "bodies" or any(s.in_relative for s in statements)
    of_bodies = of_bodies or any(
        reading.has(*words) for words in (("question", "number_of_bodies"), ("operation", "share"), ("asked_group",))
    )
    return oppose(reading, added(reading, statements)) if of_bodies and len(scope.scope.bodies) != 1 else statements


def _focuses(reading: QuestionReading, movements: Sequence[Movement]) -> list[Focus]:
    """The words that say what is asked of a metric; the number of bodies is asked of none."""
    found = [Focus(t.start, t.end, "extreme") for t in reading.tagged("operation", "top", "bottom", "rank")]
    for tag in [*reading.tagged("question", "how_many"), *reading.tagged("question", "amount")]:
        following = reading.following(tag.end, 1)
        noun = bool(following) and any(following[0].means(*what) for what in _COUNTED_NOUNS)
        if not noun or counted(reading) == "things":
            found.append(Focus(tag.start, tag.end, "number"))
    if not any(f.asks == "number" for f in found):
        statistics = [*_averages_asked(reading), *reading.tagged("operation", "sum")]
        found += [Focus(t.start, t.end, "statistic") for t in statistics[:1]]
    return [f for f in found if not any(m.start < f.end and f.start < m.end for m in movements)]


def _averages_asked(reading: QuestionReading) -> list[Tag]:
    """The words that ask for a mean or median, and not those that figures are held against: 超过平均数."""
    held = find_averages(reading)
    tags = reading.tagged("operation", "mean", "median")
    return [tag for tag in tags if not any(b.start <= tag.start and tag.end <= b.end for b in held)]
