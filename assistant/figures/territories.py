"""Whose numbers contain whose: a government's report tells of its whole territory, its parts' reports among it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

from assistant.answering.whole_places import GOVERNMENTS
from assistant.plan import PlanScope
from vectorstore.records import Kind


class Placed(Protocol):
    """A report, or what it says: of a body and year, in a region."""

    @property
    def body_id(self) -> str: ...
    @property
    def kind(self) -> Kind | None: ...
    @property
    def region(self) -> str | None: ...
    @property
    def year(self) -> int | None: ...


def governments_of_parts(placed: Iterable[Placed]) -> set[tuple[str, int | None]]:
    """The bodies and years of governments that stand beside a part of theirs in the same year.

    A part is any other body within the region, but not another government of that very region.
    """
    everyone = list(placed)
    if not any(one.kind in GOVERNMENTS for one in everyone):
        return set()
    governments: dict[tuple[int | None, str], set[str]] = defaultdict(set)
    parts: dict[tuple[int | None, str], set[str]] = defaultdict(set)
    for one in everyone:
        if one.region:
            (governments if one.kind in GOVERNMENTS else parts)[one.year, one.region].add(one.body_id)
    inside: dict[tuple[int | None, str], set[str]] = defaultdict(set)
    for (year, region), bodies in parts.items():
        inside[year, region] |= bodies
    for placed_in in (governments, parts):
        for (year, region), bodies in placed_in.items():
            for above in _regions_above(region):
                inside[year, above] |= bodies
    return {
        (body_id, place[0])
        for place, bodies in governments.items()
        for body_id in bodies
        if inside.get(place, set()) - {body_id}
    }


def _regions_above(region: str) -> list[str]:
    levels = region.split("/")
    return ["/".join(levels[:depth]) for depth in range(1, len(levels))]


def overlaps(placed: Iterable[Placed]) -> bool:
    """Whether a total of these may count some twice: a government stands beside a part of its own."""
    return bool(governments_of_parts(placed))


def asks_for_governments(scope: PlanScope) -> bool:
    """Whether a scope names governments, or single bodies: what is asked for by name is not left out."""
    return bool(scope.bodies) or not GOVERNMENTS.isdisjoint(scope.kinds)
