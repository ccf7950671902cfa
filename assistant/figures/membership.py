"""Who satisfies a plan's criteria: members, others, and those of whom it can't be told; also year after year."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from assistant.answering.inquiry import Inquiry
from assistant.answering.observations import Observation
from assistant.figures.exact import mean, median, order_of, total
from assistant.figures.measuring import Formula, Measure, Measured, measure_together, metric_ids_of
from assistant.figures.territories import asks_for_governments, governments_of_parts
from assistant.plan import Criterion, Plan


@dataclass(frozen=True, slots=True)
class Test:
    """What a criterion asks of one measure.

    Attributes:
        criterion: The one that asks it; on several metrics of the plan's own it asks each.
        level: What of all in scope a value is held against: their mean, their median, or the last value of the first;
            0 where it is held against a number.
        held: How many values the level is computed of.
    """

    formula: Formula
    criterion: Criterion
    level: Fraction = Fraction(0)
    held: int = 0

    def verdict(self, measured: Measured) -> bool | None:
        """Whether every value that the readings allow satisfies it; ``None`` where some do, or none is known."""
        if len(measured.possible) == 1:
            return self._holds(measured.possible[0])
        verdicts = {self._holds(value) for value in measured.possible}
        return verdicts.pop() if len(verdicts) == 1 else None

    def _holds(self, value: Fraction) -> bool | None:
        """Whether a value satisfies it; ``None`` where nothing is known that it could be held against."""
        if self.criterion.top is None:
            if self.criterion.against and not self.held:
                return None
            return self.criterion.holds(order_of(value - self.level if self.level else value))
        if not is_ranked(self.formula, self.criterion.order, value):
            return False
        if not self.held:
            return None
        return value >= self.level if self.criterion.order == "descending" else value <= self.level


@dataclass(frozen=True, slots=True)
class Candidate:
    """A body and year that may be a member.

    Attributes:
        observations: All that is known of the year itself; not empty.
        own: The plan's own measures.
        tested: What the tests are on, test by test.
        shown: The own measures and those of the tests, each once.
    """

    observations: tuple[Observation, ...]
    own: tuple[Measured, ...]
    tested: tuple[Measured, ...]
    shown: tuple[Measured, ...]

    @property
    def first(self) -> Observation:
        """An observation of it, for the body, kind, region and year."""
        return self.observations[0]

    @property
    def unit_of_count(self) -> tuple[str, int | None]:
        """The body and the year."""
        return self.observations[0].unit_of_count

    @property
    def total(self) -> Fraction | None:
        """The plan's own measure: of metrics told apart the sum of those that are known, ``None`` where none is."""
        if len(self.own) == 1:
            return self.own[0].value
        known = [measured.value for measured in self.own if measured.value is not None]
        return total(known) if known else None

    @property
    def addends(self) -> list[Observation]:
        """The figures that its total is made of."""
        return [o for measured in self.own if measured.value is not None for o in measured.observations]

    @property
    def evidence(self) -> list[Observation]:
        """The observations that all its measures are computed of, those of the year before first, each once."""
        return list({id(o): o for measured in self.shown for o in measured.observations}.values())


@dataclass
class Membership:
    """The bodies and years in scope, sorted by whether they satisfy the criteria; no candidate is in two lists.

    Attributes:
        undecided: Contradicting reports that satisfy them by one reading and not by another.
        unknown: Those of which a value that would decide is not known.
        moot: Of a run of years, those of which it isn't known and that other years decide.
        tests: What was asked of them, with the levels that were found.
    """

    members: list[Candidate] = field(default_factory=list)
    others: list[Candidate] = field(default_factory=list)
    unknown: list[Candidate] = field(default_factory=list)
    undecided: list[Candidate] = field(default_factory=list)
    moot: list[Candidate] = field(default_factory=list)
    tests: tuple[Test, ...] = ()

    @property
    def everyone(self) -> list[Candidate]:
        """All of them, list by list."""
        return [*self.members, *self.others, *self.unknown, *self.undecided, *self.moot]

    @property
    def is_told(self) -> bool:
        """Whether anything at all is known of anyone."""
        return bool(self.members or self.others or self.undecided)


def own_formulas(plan: Plan, *, each: bool) -> tuple[Formula, ...]:
    """The plan's own measure: its metrics added or, where they are to be told apart, each of them."""
    if not plan.metrics:
        return ()
    if each and not plan.denominators:
        return tuple(Formula((metric_id,), (), plan.change, plan.since) for metric_id in plan.metrics)
    return (Formula.of(plan),)


def tests_of(plan: Plan) -> list[Test]:
    """What the plan's criteria ask, measure by measure."""
    return [
        Test(formula, criterion)
        for criterion in plan.criteria
        for formula in (_own_formulas_of(plan, criterion) if criterion.is_own else (Formula.of(criterion),))
    ]


def _own_formulas_of(plan: Plan, criterion: Criterion) -> Iterable[Formula]:
    """The plan's own measures as a criterion on them has it: of its own year, than other metrics, or a change."""
    return [
        replace(
            formula,
            change=criterion.change or formula.change,
            since=criterion.since or formula.since,
            than=criterion.than,
            year=criterion.year,
        )
        for formula in own_formulas(plan, each=True)
    ]


def shown_formulas(plan: Plan, *, each: bool) -> list[Formula]:
    """What the plan's own measures and those of its criteria compute, each once, in that order."""
    return list(dict.fromkeys((*own_formulas(plan, each=each), *(test.formula for test in tests_of(plan)))))


def is_ranked(measure: Measure, order: str, value: Fraction) -> bool:
    """Whether a value can be first: nobody whose numbers fell rose most, though it be first of those that fell."""
    if measure.change is None:
        return True
    return value > 0 if order == "descending" else value < 0


def first_of(values: Sequence[Fraction], limit: int, order: str) -> list[Fraction]:
    """The first so many of values, from the most or from the fewest, all that equal the last of them included."""
    ranked = sorted(values, key=order_of, reverse=order == "descending")
    return [v for at, v in enumerate(ranked) if at < limit or v == ranked[limit - 1]]


def metric_ids_of_all(plan: Plan) -> list[str]:
    """Every metric that the plan's measure and its criteria need, each once."""
    measures: list[Measure] = [plan, *plan.criteria]
    return list(dict.fromkeys(metric_id for measure in measures for metric_id in metric_ids_of(measure)))


def candidates_of(inquiry: Inquiry, observations: Sequence[Observation], *, each: bool) -> list[Candidate]:
    """The bodies and years of observations, with what the plan measures of them.

    Args:
        observations: Of `metric_ids_of_all`.
        each: Whether the plan's metrics are told apart, rather than added.
    """
    own, formulas = own_formulas(inquiry.plan, each=each), shown_formulas(inquiry.plan, each=each)
    places = [formulas.index(test.formula) for test in tests_of(inquiry.plan)]
    return [
        Candidate(tuple(unit), measured[: len(own)], tuple(measured[place] for place in places), measured)
        for unit, measured in measure_together(inquiry, formulas, observations)
    ]


def levelled(plan: Plan, candidates: Sequence[Candidate]) -> tuple[Test, ...]:
    """What the criteria ask, with the means, medians and last places of all candidates that they hold values against.

    A government's figures are left out of a mean beside those of its parts, unless it is asked for.
    """
    return tuple(
        _levelled(plan, test, [(c, c.tested[at].value) for c in candidates])
        if test.criterion.against or test.criterion.top is not None
        else test
        for at, test in enumerate(tests_of(plan))
    )


def _levelled(plan: Plan, test: Test, measured: Sequence[tuple[Candidate, Fraction | None]]) -> Test:
    criterion = test.criterion
    known = [(candidate, value) for candidate, value in measured if value is not None]
    if criterion.top is not None:
        ranked = [value for _, value in known if is_ranked(test.formula, criterion.order, value)]
        first = first_of(ranked, criterion.top, criterion.order)
        return replace(test, level=first[-1] if first else Fraction(0), held=len(ranked))
    if not asks_for_governments(plan.scope):
        nested = governments_of_parts(candidate.first for candidate, _ in known)
        known = [(candidate, value) for candidate, value in known if candidate.unit_of_count not in nested]
    if not known:
        return test
    average = mean if criterion.against == "mean" else median
    return replace(test, level=average([value for _, value in known]), held=len(known))


def sort_members(plan: Plan, candidates: Sequence[Candidate]) -> Membership:
    """Which bodies and years satisfy all or any of the criteria, year after year where the plan says so.

    Without criteria, stating a value is the criterion. One that a known value decides is decided whatever else is
    unknown: of all, one that certainly fails; of any, one that certainly holds.
    """
    tests = levelled(plan, candidates)
    membership = Membership(tests=tests)
    for candidate in candidates:
        if tests:
            verdicts = [test.verdict(measured) for test, measured in zip(tests, candidate.tested, strict=True)]
        else:
            verdicts = [True if measured.possible else None for measured in candidate.own]
        _place(membership, candidate, verdicts, candidate.tested if tests else candidate.own, plan.combine)
    return membership if plan.years_running is None else keep_running(membership, plan.years_running)


def members_of(plan: Plan, candidates: Sequence[Candidate]) -> Membership:
    """Who is added up or ranked: those that satisfy the criteria; without criteria everyone, known or not."""
    return sort_members(plan, candidates) if plan.criteria else Membership(members=list(candidates))


def _place(
    membership: Membership,
    candidate: Candidate,
    verdicts: Sequence[bool | None],
    measured: Sequence[Measured],
    combine: str,
) -> None:
    decisive = combine == "any"
    if decisive in verdicts:
        (membership.members if decisive else membership.others).append(candidate)
    elif None not in verdicts:
        (membership.others if decisive else membership.members).append(candidate)
    else:
        is_torn = any(v is None and m.possible for v, m in zip(verdicts, measured, strict=True))
        lacks = any(not m.possible for m in measured)
        torn_alone = is_torn and (decisive or not lacks)
        (membership.undecided if torn_alone else membership.unknown).append(candidate)


def keep_running(membership: Membership, years_running: int) -> Membership:
    """Only members that satisfy the criteria in so many successive years; the rest become others.

    What isn't known of a year stays open only where it would decide: where with it the years would do.

    Args:
        years_running: At least 2; or 0 for every year that the body reported on, of which there must be two.
    """
    everyone = [*membership.members, *membership.others, *membership.unknown, *membership.undecided]
    reported = _years_of(everyone)
    certain = _years_of(membership.members)
    possible = _years_of([*membership.members, *membership.unknown, *membership.undecided])

    def runs(candidate: Candidate, years: dict[str, set[int]]) -> bool:
        body_id, year = candidate.unit_of_count
        of_body = years.get(body_id, set())
        if years_running:
            return year in running_years(of_body, years_running)
        return year is not None and len(of_body) >= 2 and of_body == reported[body_id]

    kept = [candidate for candidate in membership.members if runs(candidate, certain)]
    told = {candidate.first.body_id for candidate in kept}

    def matters(candidate: Candidate) -> bool:
        return candidate.first.body_id not in told and runs(candidate, possible)

    ended = [candidate for candidate in membership.members if not runs(candidate, certain)]
    open_ones = [*membership.unknown, *membership.undecided]
    return Membership(
        kept,
        [*membership.others, *ended],
        [candidate for candidate in membership.unknown if matters(candidate)],
        [candidate for candidate in membership.undecided if matters(candidate)],
        [candidate for candidate in open_ones if not matters(candidate)],
        membership.tests,
    )


def _years_of(candidates: Iterable[Candidate]) -> dict[str, set[int]]:
    """The years of each body; a report of an unknown year stands in no row of years."""
    years: dict[str, set[int]] = {}
    for candidate in candidates:
        body_id, year = candidate.unit_of_count
        if year is not None:
            years.setdefault(body_id, set()).add(year)
    return years


def running_years(years: Collection[int], length: int) -> set[int]:
    """The years that stand in a run of at least that length."""
    return {
        year
        for year in years
        if any(all(start + i in years for i in range(length)) for start in range(year - length + 1, year + 1))
    }
