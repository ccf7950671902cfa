"""A question about metrics with all that was read of it, before anything is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.understanding.changes import Movement, find_movements
from assistant.understanding.clauses import Claim, Focus, Statement, state
from assistant.understanding.conditions import Bound, find_bounds, find_limit, names_bodies
from assistant.understanding.grouping_words import Groups, read_groups
from assistant.understanding.metric_words import NamedMetric
from assistant.understanding.reading import QuestionReading, wants_number
from assistant.understanding.scoping import ScopeReading
from vectorstore.catalogue import catalogue

_COUNTED_NOUNS = (("counter", "bodies"), ("counter", "reports"), ("kind",), ("designation",), ("body",))


@dataclass(frozen=True, slots=True)
class FigureQuestion:
    """A question about metrics.

    Attributes:
        bounds: The conditions that aren't on a movement.
        statements: The metrics in order of their words, each with what is said of it.
        limit: How many of a ranking are asked for.
        above_mean: The words of a bound that is a mean: 超过平均. It isn't computed.
    """

    reading: QuestionReading
    scope: ScopeReading
    bounds: tuple[Bound, ...]
    movements: tuple[Movement, ...]
    statements: tuple[Statement, ...]
    groups: Groups
    limit: int | None
    above_mean: str | None

    @property
    def one_body(self) -> bool:
        """Whether one body is named."""
        return len(self.scope.scope.bodies) == 1

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
        return self.reading.has("operation", "bottom") or "倒数" in self.reading.text


def counted(reading: QuestionReading) -> str | None:
    """What a how-many asks the number of, as `wants_number` says, but for 规范性文件发了几个: things, not bodies."""
    what = wants_number(reading)
    if what == "things" and _counts_members(reading):
        return "bodies"
    if what == "bodies" and not any(names_bodies(tag) for tag in reading.tags):
        rest = reading.text.rstrip("?？。 呢啊呀")
        if rest.endswith("几个") and not rest.removesuffix("几个").endswith(("的", "有", "共", "是")):
            return "things"
    return what


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
    above_mean = _above_mean(reading)
    found: list[Claim] = [*bounds, *movements, *_focuses(reading, movements, above_mean)]
    claims = sorted(found, key=lambda claim: claim.start)
    about_applications = any(catalogue().split(m.metric_id)[0].has_columns for m in metrics)
    return FigureQuestion(
        reading,
        scope,
        tuple(bounds),
        tuple(movements),
        tuple(state(reading, metrics, claims)),
        read_groups(reading, about_applications=about_applications),
        find_limit(reading),
        above_mean,
    )


def _focuses(reading: QuestionReading, movements: Sequence[Movement], above_mean: str | None) -> list[Focus]:
    """The words that say what is asked of a metric; the number of bodies is asked of none."""
    found = [Focus(t.start, t.end, "extreme") for t in reading.tagged("operation", "top", "bottom", "rank")]
    for tag in [*reading.tagged("question", "how_many"), *reading.tagged("question", "amount")]:
        following = reading.following(tag.end, 1)
        noun = bool(following) and any(following[0].means(*what) for what in _COUNTED_NOUNS)
        if not noun or counted(reading) == "things":
            found.append(Focus(tag.start, tag.end, "number"))
    if not any(f.asks == "number" for f in found) and above_mean is None:
        statistics = reading.tagged("operation", "mean", "median", "sum")
        found += [Focus(t.start, t.end, "statistic") for t in statistics[:1]]
    return [f for f in found if not any(m.start < f.end and f.start < m.end for m in movements)]


def _above_mean(reading: QuestionReading) -> str | None:
    for tag in reading.tagged("operation", "mean"):
        before = [t for t in reading.tagged("comparison") if 0 <= tag.start - t.end <= (2 if t.surface > "~" else 5)]
        if before:
            return reading.text[before[0].start : tag.end]
    return None
