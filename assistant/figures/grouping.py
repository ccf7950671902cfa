"""What is split by a plan's ``group_by``: observations by group, with what each group states and its row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assistant.answer import Row
from assistant.answering.inquiry import Inquiry
from assistant.answering.observations import Observation, cite
from assistant.answering.wording import as_number


def group_of(inquiry: Inquiry, observation: Observation, depth: int) -> str:
    """The name of the group that an observation belongs to, by the plan's ``group_by``."""
    wording, grouping = inquiry.wording, inquiry.plan.grouping
    if grouping == "kind" and observation.kind is not None:
        return wording.kind(observation.kind)
    if grouping == "year":
        return wording.year(observation.year)
    if grouping == "region":
        if not observation.region:
            return wording.phrase("breakdown.unknown_region")
        return "/".join(observation.region.split("/")[:depth])
    return observation.body


def region_depth(observations: Sequence[Observation]) -> int:
    """How many levels of the region tell the observations apart: provinces if there are several, else cities, …"""
    regions = {o.region for o in observations if o.region}
    for depth in (1, 2):
        if len({"/".join(region.split("/")[:depth]) for region in regions}) > 1:
            return depth
    return 3


def grouped(inquiry: Inquiry, observations: Sequence[Observation]) -> dict[str, list[Observation]]:
    """Observations by group, in order of first appearance; years in their order."""
    depth = region_depth(observations)
    groups: dict[str, list[Observation]] = defaultdict(list)
    for observation in observations:
        groups[group_of(inquiry, observation, depth)].append(observation)
    if inquiry.plan.grouping == "year":
        return dict(sorted(groups.items(), key=lambda item: item[1][0].year or 0))
    return dict(groups)


@dataclass(frozen=True, slots=True)
class Group:
    """A group's observations; ``known`` are those with a value, ``citations`` theirs."""

    name: str
    members: Sequence[Observation]
    known: Sequence[Observation]
    citations: tuple[int, ...]

    def values(self) -> list[Fraction]:
        """The known values, exact, in the order of the observations."""
        return [Fraction(o.value) for o in self.known if o.value is not None]

    def total(self) -> Fraction | None:
        """Their sum; ``None`` where none is known."""
        return sum(self.values(), Fraction(0)) if self.known else None


def groups_of(inquiry: Inquiry, observations: Sequence[Observation]) -> Iterator[Group]:
    """The groups in order of first appearance (years in their order), each cited as it is reached."""
    for name, members in grouped(inquiry, observations).items():
        known = [o for o in members if o.value is not None]
        yield Group(name, members, known, tuple(dict.fromkeys(n for o in known for n in cite(inquiry, o))))


def group_row(inquiry: Inquiry, group: Group, value: Fraction | None) -> Row:
    """The row of a group: its sum, or the state of its members where none is known."""
    members = group.members
    single = members[0] if len(members) == 1 else None
    same = {field: {getattr(o, field) for o in members} for field in ("kind", "region", "year", "body")}

    def shared(field: str) -> object:
        return next(iter(same[field])) if len(same[field]) == 1 else None

    return Row.model_validate(
        {
            "report_id": single.report.report_id if single else None,
            "body": shared("body") or group.name,
            "kind": shared("kind"),
            "region": shared("region"),
            "year": shared("year"),
            "metric": inquiry.plan.metrics[0] if len(inquiry.plan.metrics) == 1 else None,
            "label": group.name,
            "value": as_number(value),
            "unit": common_unit(members),
            "state": (single.state if single else "derived") if value is not None else members[0].state,
            "citations": group.citations,
        }
    )


def common_unit(observations: Sequence[Observation]) -> str:
    """The unit of the first observation; empty where there is none."""
    units = list(dict.fromkeys(o.unit for o in observations))
    return units[0] if units else ""
