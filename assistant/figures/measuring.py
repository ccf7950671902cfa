"""What a measure gives for each body and year: a figure, a sum of figures, a share, or the change from the year before.

Every answer about figures works on these: who is a member, what is added up, who is first, what a group shows. Unknown
stays unknown on the way: a share of which a side isn't stated, or a change of which a year isn't, has no value.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from assistant.answer import RowState
from assistant.answering.inquiry import Inquiry
from assistant.answering.observations import Observation, by_unit, observe, observe_elsewhere, worst_state
from assistant.figures.exact import exact, total
from assistant.plan import Change, PlanScope

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


@dataclass(frozen=True, slots=True)
class Formula:
    """A measure by itself, apart from the plan or the criterion that asks for it."""

    metrics: tuple[str, ...]
    denominators: tuple[str, ...] = ()
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure of one body and year.

    Attributes:
        current: The observations of the year itself, in the order of the measure's metrics, then its denominators.
        before: Those of the year before, where the measure is a change; else empty.
        value: ``None`` where it is unknown, or where readings contradict one another without one that counts, or where
            a share has a base of zero.
        possible: Every value that the readings allow, ascending: one where it is known, several where a report
            contradicts itself without a reading that counts, none where it is unknown.
    """

    current: tuple[Observation, ...]
    before: tuple[Observation, ...]
    value: Fraction | None
    possible: tuple[Fraction, ...]

    @property
    def observations(self) -> tuple[Observation, ...]:
        """All that it is computed of, the year before first."""
        return (*self.before, *self.current)

    @property
    def unit_of_count(self) -> tuple[str, int | None]:
        """The body and the year that it is of."""
        return self.current[0].unit_of_count

    @property
    def states_all(self) -> bool:
        """Whether every figure is known that it takes; a share may then still have a base of zero, and no value."""
        return bool(self.current) and all(o.value is not None for o in self.observations)

    @property
    def state(self) -> RowState:
        """The state that tells most against using it; ``derived`` where it is known and computed of several figures."""
        worst = worst_state(self.observations)
        return "derived" if worst == "stated" and len(self.observations) > 1 else worst


def measure_each(inquiry: Inquiry, measure: Measure, scope: PlanScope | None = None) -> list[Measured]:
    """The measure of every body and year in scope, known or not, in the order of the reports.

    Args:
        scope: The plan's by default.
    """
    return measure_observed(inquiry, measure, observe(inquiry, metric_ids_of(measure), scope))


def metric_ids_of(measure: Measure) -> list[str]:
    """The metrics and denominators, each once: what must be observed for the measure."""
    return list(dict.fromkeys((*measure.metrics, *measure.denominators)))


def measure_observed(inquiry: Inquiry, measure: Measure, observations: Sequence[Observation]) -> list[Measured]:
    """The measure of every body and year that observations of its metrics are of, in their order."""
    units = by_unit(observations)
    before = _years_before(inquiry, units, metric_ids_of(measure)) if measure.change else {}
    return [_measured(measure, tuple(unit), before.get(_year_before(unit), ())) for unit in units]


def measure_together(
    inquiry: Inquiry, measures: Sequence[Measure], observations: Sequence[Observation]
) -> list[tuple[list[Observation], tuple[Measured, ...]]]:
    """Several measures of every body and year that observations are of: the unit's observations, and each measure."""
    units = by_unit(observations)
    wanted = [metric_ids_of(measure) for measure in measures]
    changing = dict.fromkeys(m for measure, ids in zip(measures, wanted, strict=True) if measure.change for m in ids)
    before = _years_before(inquiry, units, list(changing)) if changing else {}
    if len(measures) == 1 and not changing:
        # One measure takes all that a unit has observations of.
        return [(unit, (_measured(measures[0], tuple(unit), ()),)) for unit in units]
    together = []
    for unit in units:
        now = {o.metric_id: o for o in unit}
        then = {o.metric_id: o for o in before.get(_year_before(unit), ())} if changing else {}
        measured = tuple(
            _measured(measure, _of(ids, now), _of(ids, then)) for measure, ids in zip(measures, wanted, strict=True)
        )
        together.append((unit, measured))
    return together


def _of(metric_ids: Sequence[str], observed: Mapping[str | None, Observation]) -> tuple[Observation, ...]:
    return tuple(observed[metric_id] for metric_id in metric_ids if metric_id in observed)


def _year_before(unit: Sequence[Observation]) -> tuple[str, int | None]:
    body_id, year = unit[0].unit_of_count
    return body_id, None if year is None else year - 1


def _years_before(
    inquiry: Inquiry, units: Sequence[Sequence[Observation]], metric_ids: Sequence[str]
) -> dict[tuple[str, int | None], tuple[Observation, ...]]:
    """What is known of the year before each unit: from its own report, or from one that tells the change from it."""
    wanted = {before for unit in units if (before := _year_before(unit))[1] is not None}
    years = tuple(sorted({year for _, year in wanted if year is not None}))
    if not years:
        return {}
    scope = inquiry.plan.scope.model_copy(update={"years": years, "latest": False, "excluded": ()})
    found = {unit[0].unit_of_count: tuple(unit) for unit in by_unit(observe(inquiry, metric_ids, scope))}
    open_bodies = sorted({body_id for body_id, year in wanted if not _states_all(found.get((body_id, year)))})
    told: dict[tuple[str, int | None], dict[str | None, Observation]] = {}
    for observation in observe_elsewhere(inquiry, metric_ids, open_bodies, years):
        told.setdefault(observation.unit_of_count, {}).setdefault(observation.metric_id, observation)
    for unit, elsewhere in told.items():
        own = {o.metric_id: o for o in found.get(unit, ())}
        merged = [
            o
            for metric_id in metric_ids
            if (o := _known(own.get(metric_id)) or elsewhere.get(metric_id) or own.get(metric_id))
        ]
        found[unit] = tuple(merged)
    return {unit: observations for unit, observations in found.items() if unit in wanted}


def _known(observation: Observation | None) -> Observation | None:
    return observation if observation is not None and observation.values else None


def _states_all(unit: Sequence[Observation] | None) -> bool:
    return unit is not None and all(o.values for o in unit)


def _measured(measure: Measure, current: tuple[Observation, ...], before: tuple[Observation, ...]) -> Measured:
    used = before if measure.change else ()
    if len(current) == len(measure.metrics) == 1 and not used and not measure.change and not measure.denominators:
        return _measured_alone(current[0])
    value = compute(measure, values_of(current), values_of(used))
    return Measured(current, used, value, _possible(measure, current, used) if value is None else (value,))


def _measured_alone(observation: Observation) -> Measured:
    """The measure that is one figure itself: of most questions, so it has no detour to make."""
    if observation.value is None:
        return Measured((observation,), (), None, tuple(sorted(map(exact, observation.values))))
    value = exact(observation.value)
    return Measured((observation,), (), value, (value,))


Values = dict[str | None, Fraction | None]
"""Values by metric id."""


def values_of(observations: Sequence[Observation]) -> Values:
    """The values that count, by metric id."""
    return {o.metric_id: None if o.value is None else exact(o.value) for o in observations}


def compute(measure: Measure, now: Values, before: Values) -> Fraction | None:
    """The measure of values by metric: of one body and year, or of several bodies added metric by metric.

    Args:
        before: The values of the year before; used only where the measure is a change.
    """
    current = _level(measure, now)
    if measure.change is None or current is None:
        return current
    former = _level(measure, before)
    if former is None:
        return None
    if measure.change == "difference":
        return current - former
    return (current - former) / former if former else None


def _level(measure: Measure, values: Values) -> Fraction | None:
    part = _sum(measure.metrics, values)
    if not measure.denominators or part is None:
        return part
    whole = _sum(measure.denominators, values)
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
