"""What a measure gives for each body and year: a figure, a sum of figures, a share, or the change from another year.

Every answer about figures works on these: who is a member, what is added up, who is first, what a group shows. Unknown
stays unknown on the way: a share of which a side isn't stated, or a change of which a year isn't, has no value.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Protocol

from assistant.answer import RowState
from assistant.answering.inquiry import Inquiry
from assistant.answering.observations import Observation, by_unit, observe, observe_elsewhere, worst_state
from assistant.figures.exact import exact, total
from assistant.plan import Change, Criterion

Unit = tuple[str, int | None]
"""A body and a year."""

_MOST_COMBINED = 64
"""Combinations of contradicting readings that are looked at; beyond, the measure counts as unknown."""


class Measure(Protocol):
    """What is computed: a Plan's own measure, or a Criterion's."""

    @property
    def metrics(self) -> tuple[str, ...]: ...
    @property
    def denominators(self) -> tuple[str, ...]: ...
    @property
    def change(self) -> Change | None: ...
    @property
    def since(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Formula:
    """A measure by itself, apart from the plan or the criterion that asks for it.

    Attributes:
        since: The year that a change is from; ``None`` for the year before.
        than: Metrics that are taken from the others.
        year: The year of the figures; ``None`` for that of the body and year measured.
    """

    metrics: tuple[str, ...]
    denominators: tuple[str, ...] = ()
    change: Change | None = None
    since: int | None = None
    than: tuple[str, ...] = ()
    year: int | None = None

    @classmethod
    def of(cls, measure: Measure) -> Formula:
        """What any measure computes."""
        if isinstance(measure, Formula):
            return measure
        than, year = (measure.than, measure.year) if isinstance(measure, Criterion) else ((), None)
        return cls(measure.metrics, measure.denominators, measure.change, measure.since, than, year)


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure of one body and year.

    Attributes:
        unit_of_count: The body and the year that it is of.
        current: The observations of the year itself, in the order of the measure's metrics, then those that are taken
            from them, then its denominators. Of a formula with a year, those of that year.
        before: Those of the year that a change is from, where the measure is a change; else empty.
        value: ``None`` where it is unknown, or where readings contradict one another without one that counts, or where
            a share has a base of zero.
        possible: Every value that the readings allow, ascending: one where it is known, several where a report
            contradicts itself without a reading that counts, none where it is unknown.
    """

    unit_of_count: Unit
    current: tuple[Observation, ...]
    before: tuple[Observation, ...]
    value: Fraction | None
    possible: tuple[Fraction, ...]

    @property
    def observations(self) -> tuple[Observation, ...]:
        """All that it is computed of, the year before first."""
        return (*self.before, *self.current)

    @property
    def states_all(self) -> bool:
        """Whether every figure is known that it takes; a share may then still have a base of zero, and no value."""
        return bool(self.current) and all(o.value is not None for o in self.observations)

    @property
    def state(self) -> RowState:
        """The state that tells most against using it; ``derived`` where it is known and computed of several figures."""
        worst = worst_state(self.observations)
        return "derived" if worst == "stated" and len(self.observations) > 1 else worst


def metric_ids_of(measure: Measure) -> list[str]:
    """All that must be observed for the measure, each metric once."""
    formula = Formula.of(measure)
    return list(dict.fromkeys((*formula.metrics, *formula.than, *formula.denominators)))


def measure_observed(inquiry: Inquiry, measure: Measure, observations: Sequence[Observation]) -> list[Measured]:
    """The measure of every body and year that observations of its metrics are of, in their order.

    Args:
        observations: Of its metrics and of nothing else, each metric of a body and year once.
    """
    if _is_figure(formula := Formula.of(measure)) and len(formula.metrics) == 1 and formula.year is None:
        return [_measured_alone(o.unit_of_count, o) for o in observations]
    return [measured for _, (measured,) in measure_together(inquiry, [measure], observations)]


def measure_together(
    inquiry: Inquiry, measures: Sequence[Measure], observations: Sequence[Observation]
) -> list[tuple[list[Observation], tuple[Measured, ...]]]:
    """Several measures of every body and year that observations are of: the unit's observations, and each measure."""
    units = by_unit(observations)
    formulas = [Formula.of(measure) for measure in measures]
    wanted = [metric_ids_of(formula) for formula in formulas]
    elsewhere = _of_other_years(inquiry, units, formulas)
    if len(formulas) == 1 and not elsewhere and not formulas[0].change and formulas[0].year is None:
        # One measure takes all that a unit has observations of.
        return [(unit, (_measured(formulas[0], unit[0].unit_of_count, tuple(unit), ()),)) for unit in units]
    together = []
    for unit in units:
        body_id, year = unit[0].unit_of_count
        now = {o.metric_id: o for o in unit}
        measured = []
        for formula, ids in zip(formulas, wanted, strict=True):
            current = now if formula.year in (None, year) else elsewhere.get((body_id, formula.year), {})
            before = elsewhere.get((body_id, _base_year(formula, year)), {}) if formula.change else {}
            measured.append(_measured(formula, (body_id, year), _of(ids, current), _of(ids, before)))
        together.append((unit, tuple(measured)))
    return together


def _of(metric_ids: Sequence[str], observed: Mapping[str | None, Observation]) -> tuple[Observation, ...]:
    return tuple(observed[metric_id] for metric_id in metric_ids if metric_id in observed)


def _base_year(formula: Formula, year: int | None) -> int | None:
    """The year that the change is from which a formula asks for, of a unit's year."""
    if formula.since is not None:
        return formula.since
    now = formula.year or year
    return None if now is None else now - 1


def _of_other_years(
    inquiry: Inquiry, units: Sequence[Sequence[Observation]], formulas: Sequence[Formula]
) -> dict[Unit, dict[str | None, Observation]]:
    """What formulas need of other years than each unit's own: from the year's report, or from one that tells of it."""
    wanted: set[Unit] = set()
    ids: dict[str, None] = {}
    for formula in formulas:
        if formula.year is None and not formula.change:
            continue
        ids |= dict.fromkeys(metric_ids_of(formula))
        for body_id, year in (unit[0].unit_of_count for unit in units):
            others = (formula.year, _base_year(formula, year) if formula.change else None)
            wanted |= {(body_id, other) for other in others if other is not None}
    years = tuple(sorted({year for _, year in wanted if year is not None}))
    return _observed_in(inquiry, wanted, years, list(ids)) if years else {}


def _observed_in(
    inquiry: Inquiry, wanted: Collection[Unit], years: tuple[int, ...], metric_ids: Sequence[str]
) -> dict[Unit, dict[str | None, Observation]]:
    scope = inquiry.plan.scope.model_copy(update={"years": years, "latest": False, "excluded": ()})
    found: dict[Unit, dict[str | None, Observation]] = {
        unit[0].unit_of_count: {o.metric_id: o for o in unit}
        for unit in by_unit(observe(inquiry, metric_ids, scope))
        if unit[0].unit_of_count in wanted
    }
    open_bodies = sorted({unit[0] for unit in wanted if not _states_all(found.get(unit), metric_ids)})
    for observation in observe_elsewhere(inquiry, metric_ids, open_bodies, years):
        if observation.unit_of_count not in wanted:
            continue
        own = found.setdefault(observation.unit_of_count, {})
        if _known(own.get(observation.metric_id)) is None:
            own[observation.metric_id] = observation
    return found


def _known(observation: Observation | None) -> Observation | None:
    return observation if observation is not None and observation.values else None


def _states_all(unit: Mapping[str | None, Observation] | None, metric_ids: Sequence[str]) -> bool:
    return unit is not None and all(_known(unit.get(metric_id)) for metric_id in metric_ids)


def _measured(
    formula: Formula, unit: Unit, current: tuple[Observation, ...], before: tuple[Observation, ...]
) -> Measured:
    if len(current) == len(formula.metrics) == 1 and _is_figure(formula):
        return _measured_alone(unit, current[0])
    value = compute(formula, values_of(current), values_of(before))
    return Measured(unit, current, before, value, _possible(formula, current, before) if value is None else (value,))


def _is_figure(formula: Formula) -> bool:
    """Whether nothing is computed of the metrics but their sum."""
    return not (formula.change or formula.denominators or formula.than)


def _measured_alone(unit: Unit, observation: Observation) -> Measured:
    """The measure that is one figure itself: of most questions, so it has no detour to make."""
    if observation.value is None:
        return Measured(unit, (observation,), (), None, tuple(sorted(map(exact, observation.values))))
    certain = _certain(observation.value)
    return Measured(unit, (observation,), (), certain[0], certain)


@lru_cache(maxsize=10_000)
def _certain(value: Decimal) -> tuple[Fraction]:
    """The only value that is possible: one tuple for the hundreds of thousands that have a small number."""
    return (exact(value),)


Values = dict[str | None, Fraction | None]
"""Values by metric id."""


def values_of(observations: Sequence[Observation]) -> Values:
    """The values that count, by metric id."""
    return {o.metric_id: None if o.value is None else exact(o.value) for o in observations}


def compute(measure: Measure, now: Values, before: Values) -> Fraction | None:
    """The measure of values by metric: of one body and year, or of several bodies added metric by metric.

    Args:
        before: The values of the year that a change is from; used only where the measure is a change.
    """
    formula = Formula.of(measure)
    current = _level(formula, now)
    if formula.change is None or current is None:
        return current
    former = _level(formula, before)
    if former is None:
        return None
    if formula.change == "difference":
        return current - former
    return (current - former) / former if former else None


def _level(formula: Formula, values: Values) -> Fraction | None:
    part = _sum(formula.metrics, values)
    if formula.than and part is not None:
        taken = _sum(formula.than, values)
        part = None if taken is None else part - taken
    if not formula.denominators or part is None:
        return part
    whole = _sum(formula.denominators, values)
    return part / whole if whole else None


def _sum(metric_ids: Sequence[str], values: Values) -> Fraction | None:
    known = [value for metric_id in metric_ids if (value := values.get(metric_id)) is not None]
    return total(known) if known and len(known) == len(metric_ids) else None


def every_value(measure: Measure, measured: Measured) -> tuple[Fraction, ...]:
    """The values by all readings, also by those that contradict one that counts; ascending."""
    return _combined(
        measure, measured.current, measured.before, [o.values for o in (*measured.current, *measured.before)]
    )


def _possible(measure: Measure, current: Sequence[Observation], before: Sequence[Observation]) -> tuple[Fraction, ...]:
    readings = [(o.value,) if o.value is not None else o.values for o in (*current, *before)]
    return _combined(measure, current, before, readings)


def _combined(
    measure: Measure,
    current: Sequence[Observation],
    before: Sequence[Observation],
    readings: Sequence[Sequence[Decimal]],
) -> tuple[Fraction, ...]:
    if not readings or not all(readings):
        return ()
    choices = [[exact(value) for value in values] for values in readings]
    combined = list(itertools.islice(itertools.product(*choices), _MOST_COMBINED + 1))
    if len(combined) > _MOST_COMBINED:
        return ()
    results = set()
    for chosen in combined:
        now: Values = {o.metric_id: v for o, v in zip(current, chosen, strict=False)}
        former: Values = {o.metric_id: v for o, v in zip(before, chosen[len(current) :], strict=False)}
        results.add(compute(measure, now, former))
    return tuple(sorted(r for r in results if r is not None)) if None not in results else ()
