"""What cells and totals of a pivot table rest on: how many reports, how many of them without a number, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from assistant.answer import RowState
from assistant.answering.observations import Observation
from assistant.figures.measuring import Measured
from assistant.figures.summaries import Summary, summarise
from assistant.figures.verdicts import Verdicts
from assistant.plan import Plan, PlanScope, Statistic
from vectorstore.records import Origin


@dataclass(frozen=True)
class Shown:
    """A cell or a total: a summary, and what isn't there to be summarised.

    Attributes:
        missing: How many reports that would belong here don't exist.
        is_comparable: False of what must not be put together, such as documents in force of several years; it then
            shows nothing.
    """

    summary: Summary
    missing: int = 0
    is_comparable: bool = True

    @property
    def value(self) -> Fraction | None:
        """What it shows; ``None`` where nothing is known, or what is known must not be put together."""
        return self.summary.value if self.is_comparable else None

    @cached_property
    def states(self) -> Counter[RowState]:
        """How many of its reports, or of those that don't exist, are in which state."""
        counted: Counter[RowState] = Counter(m.state for m in self.summary.members)
        if self.missing:
            counted["missing"] = self.missing
        return counted

    @property
    def reports(self) -> int:
        """How many body-years it is of, those without a report included."""
        return len(self.summary.members) + self.missing

    @property
    def known(self) -> int:
        """How many of them give a number, or contradict themselves with one that counts."""
        return sum(m.value is not None for m in self.summary.members)

    @property
    def nested(self) -> tuple[Measured, ...]:
        """Governments that are left out beside their parts."""
        return self.summary.nested

    @property
    def is_complete(self) -> bool:
        """Whether every report that it is of gives a number."""
        return self.known == self.reports

    @property
    def figure(self) -> Observation | None:
        """The only figure that it is of; ``None`` of several, and of a number that isn't the figure itself."""
        summary = self.summary
        if self.missing or len(summary.members) != 1:
            return None
        observations = summary.members[0].observations
        return observations[0] if len(observations) == 1 else None

    @property
    def torn(self) -> int:
        """How many of its reports contradict themselves without a number that counts."""
        return sum(m.state == "conflicting" and m.value is None for m in self.summary.members)

    @property
    def main_state(self) -> RowState:
        """Where it has no value: a contradiction if one is among its reports, else the state that most are in."""
        if self.torn:
            return "conflicting"
        unknown = [state for state, _ in self.states.most_common() if state not in ("stated", "derived")]
        return unknown[0] if unknown else "silent"


def state_of(observation: Observation) -> str:
    """The state of a figure; ``corrected`` where a person corrected it."""
    is_corrected = any(reading.origin is Origin.CORRECTED for reading in observation.readings)
    return "corrected" if is_corrected and observation.value is not None else observation.state


def put_together(
    plan: Plan, statistic: Statistic, members: Iterable[Measured], verdicts: Verdicts | None, *, count_stating: bool
) -> Summary:
    """A statistic of body-years, each counted once, governments never added to the parts that their reports take in.

    Not even those that were asked for: who asks for counties and their towns in one table doesn't ask for both in one
    total.

    Args:
        count_stating: The number of those that state a number is asked for, which is known also where it is none.
    """
    distinct = tuple({m.unit_of_count: m for m in members}.values())
    unnamed = plan.model_copy(update={"scope": PlanScope()})
    summary = summarise(unnamed, statistic, distinct, verdicts)
    if count_stating and summary.value is None:
        return replace(summary, value=Fraction(0))
    return summary
