"""Who satisfies a condition: members, others, and those of whom it can't be told; also year after year."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from assistant.answering.observations import Observation, by_unit
from assistant.plan import Condition


@dataclass
class Membership:
    """The bodies and years in scope, sorted by whether they satisfy the condition; no unit is in two lists."""

    members: list[list[Observation]] = field(default_factory=list)
    others: list[list[Observation]] = field(default_factory=list)
    unknown: list[list[Observation]] = field(default_factory=list)
    undecided: list[list[Observation]] = field(default_factory=list)


def sort_members(observations: Sequence[Observation], condition: Condition | None, combine: str = "all") -> Membership:
    """Which bodies and years satisfy the condition in all or any of their metrics; unknown never does.

    Without a condition, stating a value is the condition.
    """
    membership = Membership()
    for unit in by_unit(observations):
        verdicts = [_verdict(observation, condition) for observation in unit]
        if combine == "any":
            decided = True if True in verdicts else None if None in verdicts else False
        else:
            decided = False if False in verdicts else None if None in verdicts else True
        if decided is None:
            conflict = any(v is None and o.values for v, o in zip(verdicts, unit, strict=True))
            silent = any(not o.values for o in unit)
            (membership.undecided if conflict and not (silent and combine == "all") else membership.unknown).append(
                unit
            )
        else:
            (membership.members if decided else membership.others).append(unit)
    return membership


def _verdict(observation: Observation, condition: Condition | None) -> bool | None:
    if not observation.values:
        return None
    if condition is None:
        return True
    if observation.value is not None:
        return condition.holds(observation.value)
    verdicts = {condition.holds(value) for value in observation.values}
    return verdicts.pop() if len(verdicts) == 1 else None


def keep_running(membership: Membership, years_running: int) -> Membership:
    """Only members that satisfy the condition in so many successive years; the rest become others.

    Args:
        years_running: At least 2; or 0 for every year that the body reported on, of which there must be two.
    """
    every_year: dict[str, set[int | None]] = {}
    for units in (membership.members, membership.others, membership.unknown, membership.undecided):
        for unit in units:
            body_id, year = unit[0].unit_of_count
            every_year.setdefault(body_id, set()).add(year)
    satisfied: dict[str, set[int]] = {}
    for unit in membership.members:
        body_id, year = unit[0].unit_of_count
        if year is not None:
            satisfied.setdefault(body_id, set()).add(year)
    kept = {
        body_id: running_years(years, years_running) if years_running else _all(years, every_year[body_id])
        for body_id, years in satisfied.items()
    }

    def runs(unit: Sequence[Observation]) -> bool:
        body_id, year = unit[0].unit_of_count
        return year in kept.get(body_id, set())

    return Membership(
        [unit for unit in membership.members if runs(unit)],
        [*membership.others, *(unit for unit in membership.members if not runs(unit))],
        membership.unknown,
        membership.undecided,
    )


def running_years(years: Collection[int], length: int) -> set[int]:
    """The years that stand in a run of at least that length."""
    return {
        year
        for year in years
        if any(all(start + i in years for i in range(length)) for start in range(year - length + 1, year + 1))
    }


def _all(years: set[int], reported: Collection[int | None]) -> set[int]:
    return years if len(years) >= 2 and years == set(reported) else set()
