"""Which bodies and years satisfy a plan's criteria, where they are counted or added up by groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.inquiry import Inquiry
from assistant.answering.named_bodies import observe_named
from assistant.answering.observations import Observation
from assistant.figures.measuring import Unit
from assistant.figures.membership import Candidate, Membership, candidates_of, metric_ids_of_all, sort_members
from assistant.plan import Criterion, Plan


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Whether bodies and years satisfy a plan's criteria; those that are in no set can't be told.

    Attributes:
        plan: The one whose criteria they are of.
        decided: Those that satisfy them or don't, with what tells it.
    """

    plan: Plan
    satisfying: frozenset[Unit]
    failing: frozenset[Unit]
    membership: Membership
    decided: Mapping[Unit, Candidate]

    @property
    def is_torn(self) -> bool:
        """Whether a report contradicts itself about it."""
        return bool(self.membership.undecided)

    def evidence(self, units: Iterable[Unit]) -> Iterator[Observation]:
        """What decides whether bodies and years satisfy the criteria."""
        return (o for unit in units if unit in self.decided for o in self.decided[unit].evidence)


def body_criteria(plan: Plan) -> tuple[Criterion, ...]:
    """The criteria on bodies: where groups are listed, those on the plan's own measure are on the groups."""
    return tuple(c for c in plan.criteria if not (plan.operation == "list" and is_on_groups(c)))


def is_on_groups(criterion: Criterion) -> bool:
    """Whether a criterion of a plan that lists groups is on what the groups show."""
    return criterion.is_own and not criterion.than and criterion.year is None and criterion.top is None


def judge(inquiry: Inquiry, criteria: Sequence[Criterion]) -> Verdicts | None:
    """The verdicts of criteria on the bodies and years in the plan's scope; ``None`` without criteria."""
    if not criteria:
        return None
    judging = inquiry.with_plan(inquiry.plan.model_copy(update={"criteria": tuple(criteria)}))
    observations = observe_named(judging, metric_ids_of_all(judging.plan))
    membership = sort_members(judging.plan, candidates_of(judging, observations, each=True))
    decided = {candidate.unit_of_count: candidate for candidate in (*membership.members, *membership.others)}
    return Verdicts(judging.plan, _units(membership.members), _units(membership.others), membership, decided)


def _units(candidates: Sequence[Candidate]) -> frozenset[Unit]:
    return frozenset(candidate.unit_of_count for candidate in candidates)
