"""What a Plan expresses, and what must hold of it for a word of a question to be expressed: a table, by category."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from assistant.plan import Average, Criterion, Plan, PlanScope
from assistant.understanding.linking import Linker
from assistant.understanding.metric_words import whole_of
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue
from vectorstore.records import Body

_AMOUNTS = ("percent>=1", "percent>=2", "percent>=3", "percent<=-0.5")
"""How the vocabulary writes that figures doubled or fell by half."""
_APPLICATIONS = ("applications_new", "applications_handled", "result_total")
"""Metrics whose words also just say that a row of the application table is one of applications."""


@dataclass(frozen=True, slots=True)
class Expressed:
    """What a Plan says, laid out for looking words up.

    Attributes:
        metrics: Ids of all metrics named anywhere in it, without columns, and of the wholes that they are part of.
        columns: The applicant columns named anywhere in it.
        scopes: Its own scope, those of its sides, and what any of them leaves out.
        bodies: Those that are named in any of the scopes.
        values: The numbers of its criteria, of its limit, place and run of years.
    """

    plan: Plan
    metrics: frozenset[str]
    columns: frozenset[str]
    scopes: tuple[PlanScope, ...]
    bodies: tuple[Body, ...]
    values: frozenset[Decimal]

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """What members must satisfy."""
        return self.plan.criteria

    @property
    def ranks(self) -> bool:
        """Whether somebody's place is asked for."""
        return self.plan.operation in ("top", "rank") or any(c.top is not None for c in self.criteria)

    def averages(self, average: Average) -> bool:
        """Whether a mean, or a median, is computed or held against."""
        computed = (self.plan.operation, self.plan.statistic)
        return average in computed or any(criterion.against == average for criterion in self.criteria)

    @property
    def moves(self) -> bool:
        """Whether years are set against one another."""
        plan = self.plan
        changes = plan.change is not None or any(c.change or c.year is not None for c in plan.criteria)
        return changes or plan.operation == "trend" or plan.years_running is not None or self.spans_years

    @property
    def changes(self) -> bool:
        """Whether a change from one year to another is computed or required."""
        plan = self.plan
        required = any(c.change or c.year is not None for c in plan.criteria)
        shown = self.spans_years and plan.operation in ("compare", "breakdown", "rank", "list", "top", "value")
        return required or plan.change is not None or plan.operation == "trend" or bool(plan.years_running) or shown

    @property
    def is_of_one(self) -> bool:
        """Whether it is about one body."""
        return len(self.plan.scope.bodies) == 1

    @property
    def spans_years(self) -> bool:
        """Whether the answer shows several years."""
        return len(self.plan.scope.years) > 1 or "year" in (*self.plan.group_by, *self.plan.within)

    @property
    def shares(self) -> bool:
        """Whether a part of a whole is computed or required."""
        plan = self.plan
        required = any(criterion.denominators for criterion in plan.criteria)
        return bool(plan.denominators) or "share" in (plan.operation, plan.statistic) or required

    @property
    def compares(self) -> bool:
        """Whether something is set against something else, or shown beside it."""
        plan = self.plan
        several = len(plan.scope.bodies) > 1 or len(plan.metrics) > 1
        return plan.operation == "compare" or self.ranks or self.moves or bool(plan.sides or plan.group_by) or several

    @property
    def splits(self) -> bool:
        """Whether the answer has a row for each of something."""
        return bool(self.plan.group_by or self.plan.within) or self.plan.operation in (
            "breakdown",
            "list",
            "compare",
            "trend",
        )


def expressed(plan: Plan, linker: Linker) -> Expressed:
    """Lay a Plan out for looking words up."""
    named = [*plan.metrics, *plan.denominators, *(m for criterion in plan.criteria for m in criterion.metrics)]
    named += [m for criterion in plan.criteria for m in (*criterion.denominators, *criterion.than)]
    bases = {metric.partition(COLUMN_SEPARATOR)[0] for metric in named}
    columns = {metric.partition(COLUMN_SEPARATOR)[2] for metric in named} - {""}
    numbers = [n for criterion in plan.criteria for n in (criterion.value, criterion.upper, criterion.top)]
    numbers += [plan.limit, plan.place, plan.years_running]
    values = {abs(Decimal(number)) for number in numbers if number is not None}
    scopes = tuple(_scopes(plan))
    bodies = tuple(linker.bodies[body_id] for scope in scopes for body_id in scope.bodies)
    metrics = frozenset(_with_wholes(bases))
    return Expressed(plan, metrics, frozenset(columns), scopes, bodies, frozenset(values))


def _with_wholes(bases: Iterable[str]) -> Iterator[str]:
    """Metrics and what they are parts of: the words of the whole have said of what the part is one."""
    for base in bases:
        whole: str | None = base
        while whole is not None:
            yield whole
            whole = whole_of(whole)
        if catalogue().metrics[base].has_columns or base in _APPLICATIONS:
            yield from _APPLICATIONS
        for metric in catalogue().metrics.values():
            if base in metric.sum_of:
                yield metric.id


def _scopes(plan: Plan) -> Iterator[PlanScope]:
    for scope in (plan.scope, *plan.sides):
        yield scope
        yield from scope.excluded


def _says_none(told: Expressed) -> bool:
    """没有: a criterion that zero satisfies, reports that don't say, or what is left out."""
    if told.plan.asks_whether == "none":
        return True
    none = any(criterion.holds(Decimal(0)) or criterion.comparison == "!=" for criterion in told.criteria)
    none = none or any(criterion.than and criterion.comparison == "<" for criterion in told.criteria)  # 没有提案多
    return none or told.plan.aspect in ("silent", "missing") or any(scope.excluded for scope in told.scopes)


def _requires(told: Expressed) -> bool:
    return bool(told.criteria) or told.plan.limit is not None


def _never(_: Expressed) -> bool:
    return False


def _has_results(told: Expressed) -> bool:
    """Whether the figures are what became of disputes."""
    return any((whole_of(metric) or "").startswith(("review_", "lit_")) for metric in told.metrics)


TOLD: dict[tuple[str, str], Callable[[Expressed], bool]] = {
    ("ratio", ""): lambda told: told.shares,
    ("operation", "mean"): lambda told: told.averages("mean"),
    ("operation", "median"): lambda told: told.averages("median"),
    ("operation", "top"): lambda told: told.ranks,
    ("operation", "bottom"): lambda told: told.ranks,
    ("operation", "rank"): lambda told: told.ranks,
    ("operation", "compare"): lambda told: told.compares or _requires(told),
    ("operation", "comparative"): lambda told: told.compares or _requires(told),
    ("operation", "trend"): lambda told: told.moves,
    ("operation", "share"): lambda told: told.shares or told.moves,
    ("operation", "breakdown"): lambda told: told.splits or told.compares or _has_results(told),
    ("operation", "crossed"): lambda told: len(told.plan.group_by) == 2,
    ("group", "column"): lambda told: (
        "column" in told.plan.group_by or bool(told.columns) or "applications_new" in told.metrics
    ),
    ("group", "outcome"): lambda told: (
        "outcome" in told.plan.group_by or "result_total" in told.metrics or _has_results(told)
    ),
    ("group", "kind"): lambda told: told.splits,
    ("group", "region"): lambda told: told.splits,
    ("group", "year"): lambda told: told.spans_years or told.moves,
    ("asked_group", ""): lambda told: told.splits or told.ranks,
    ("comparison", ">"): lambda told: _requires(told) or told.compares,
    ("comparison", ">="): _requires,
    ("comparison", "<"): lambda told: _requires(told) or told.compares,
    ("comparison", "<="): _requires,
    ("comparison", "="): _requires,
    ("comparison", "!="): _requires,
    ("comparison", ">=after"): _requires,
    ("comparison", "<=after"): _requires,
    ("comparison", "<after"): _requires,
    ("comparison", "strict"): lambda told: any(criterion.comparison in "<>" for criterion in told.criteria),
    ("part", ""): _never,
    ("bound", ""): _requires,
    ("bound", "share=1"): lambda told: told.shares or _requires(told) or bool(told.plan.group_by),
    ("change", ""): lambda told: told.changes,
    ("change", "year_on_year"): lambda told: told.moves,
    **{
        ("change", amount): lambda told: told.changes and (bool(told.criteria) or told.is_of_one) for amount in _AMOUNTS
    },
    ("change", "same"): lambda told: told.moves or any(criterion.than for criterion in told.criteria),
    ("change", "percent"): lambda told: told.shares or told.moves,
    ("polarity", "none"): _says_none,
    ("polarity", "silent"): _says_none,
    ("question", "contact"): _never,
    ("question", "mention"): _never,
    ("question", "called"): _never,
    ("question", "why"): lambda told: told.plan.shows == "reasons" or told.plan.operation == "breakdown",
    ("running", ""): lambda told: told.moves,
    ("aspect", ""): _never,
    ("themes", ""): _never,
    ("checks", "agreement"): lambda told: told.plan.subject == "checks" or any(c.than for c in told.criteria),
    ("checks", ""): lambda told: told.plan.subject == "checks",
    ("checks", "former_year"): lambda told: told.moves,
    ("checks", "either_number"): lambda _: True,
    ("reports", ""): lambda told: told.plan.subject in ("reports", "bodies"),
    ("reports", "published"): lambda _: True,
    ("reports", "sources"): lambda _: True,
    ("follow_up", "contains"): _never,
    ("follow_up", "second"): lambda told: told.ranks,
    ("follow_up", "place"): lambda told: told.ranks,
}
"""What must hold of a Plan that expresses a word, by its category and value; an empty value stands for the others.

A category that isn't here narrows nothing: the words of a question's form, its joints and its counting words.
"""
