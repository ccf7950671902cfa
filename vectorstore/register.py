"""The register: which bodies should report, which of the index's bodies they are, and who of them didn't report.

A name is matched as questions match it, by the body's name and aliases and by what is left of it without its places and
organ; among homonyms the region decides. Where it doesn't, the entry stands for all of them: that one of them reported
is then no proof that it did, but that it didn't report can't be claimed either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from vectorstore.body_names import canonical_core
from vectorstore.folding import fold_label, fold_text
from vectorstore.records import Body, Kind, MissingReports, RegisteredBody, Report, Scope


class Register:
    """A register over an index's bodies and reports.

    Args:
        entries: As they were given, in order.
        bodies: All bodies of the index.
        reports: All reports that count.
    """

    def __init__(self, entries: Iterable[RegisteredBody], bodies: Iterable[Body], reports: Iterable[Report]) -> None:
        known = _KnownBodies(bodies)
        self._entries = [replace(entry, bodies=known.find(entry)) for entry in entries]
        self._years: dict[str, set[int]] = defaultdict(set)
        for report in reports:
            if report.year is not None:
                self._years[report.body_id].add(report.year)
        self._all_years = sorted({year for years in self._years.values() for year in years})

    def within(self, scope: Scope) -> list[RegisteredBody]:
        """The registered bodies in scope, in the register's order; with years only those due in one of them."""
        names = [fold_text(name) for name in scope.names]
        return [
            entry
            for entry in self._entries
            if _is_within(entry, scope, names) and (not scope.years or any(map(entry.is_due, scope.years)))
        ]

    def missing(self, scope: Scope) -> list[MissingReports]:
        """The registered bodies in scope that should have reported on one of its years and didn't.

        Without years in the scope: on one of those that the index holds any reports of. A body that is registered
        twice, for different years, is told once.
        """
        years = scope.years or self._all_years
        due: dict[str, tuple[RegisteredBody, set[int]]] = {}
        for entry in self.within(replace(scope, years=())):
            key = entry.bodies[0].body_id if len(entry.bodies) == 1 else f"{entry.region}/{entry.name}"
            _, lacking = due.setdefault(key, (entry, set()))
            reported = self.years_of(entry)
            lacking.update(year for year in years if entry.is_due(year) and year not in reported)
        return [MissingReports(entry, tuple(sorted(lacking))) for entry, lacking in due.values() if lacking]

    def years_of(self, entry: RegisteredBody) -> set[int]:
        """The years that the index holds reports of, of the body or of any that it may be."""
        return {year for body in entry.bodies for year in self._years.get(body.body_id, ())}


def _is_within(entry: RegisteredBody, scope: Scope, names: Sequence[str]) -> bool:
    # What an entry is in the index says more exactly where and what it is than the register does.
    subjects: tuple[Body | RegisteredBody, ...] = entry.bodies or (entry,)
    if scope.body_ids and not any(body.body_id in scope.body_ids for body in entry.bodies):
        return False
    if scope.kinds and not any(subject.kind in scope.kinds for subject in subjects):
        return False
    if scope.regions and not any(_lies_in(subject.region, scope.regions) for subject in subjects):
        return False
    called = [entry.name, *(form for body in entry.bodies for form in (body.name, *body.aliases))]
    return not names or any(name in fold_text(form) for form in called for name in names)


def _lies_in(region: str | None, regions: Sequence[str]) -> bool:
    return region is not None and any(f"{region}/".startswith(f"{wide.strip('/')}/") for wide in regions)


class _KnownBodies:
    """The index's bodies by everything that they are called."""

    def __init__(self, bodies: Iterable[Body]) -> None:
        self._named: dict[str, list[Body]] = defaultdict(list)
        self._called: dict[str, list[Body]] = defaultdict(list)
        self._cores: dict[tuple[Kind, str], list[Body]] = defaultdict(list)
        for body in bodies:
            self._named[fold_label(body.name)].append(body)
            self._cores[body.kind, _core(body.name, body.kind, body.region)].append(body)
            for alias in body.aliases:
                self._called[fold_label(alias)].append(body)

    def find(self, entry: RegisteredBody) -> tuple[Body, ...]:
        """The bodies that an entry can be; of ways to match the surest that matches any."""
        key = fold_label(entry.name)
        found = _compatible(entry, self._named.get(key, ()))
        if not found and entry.region is not None:
            # 经济开发区 alone is the core of many zones, so here the region must be the very same.
            alike = self._cores.get((entry.kind, _core(entry.name, entry.kind, entry.region)), ())
            found = [body for body in alike if body.region == entry.region]
        if not found:
            alike = [body for body in self._called.get(key, ()) if body.kind is entry.kind]
            found = _compatible(entry, alike)
        return tuple({body.body_id: body for body in found}.values())


@lru_cache(maxsize=100_000)
def _core(name: str, kind: Kind, region: str | None) -> str:
    return canonical_core(name, kind, region)


def _compatible(entry: RegisteredBody, bodies: Iterable[Body]) -> list[Body]:
    """Those whose region and the entry's can be one; of several those of the very region, then of the very kind."""
    found = [body for body in bodies if _may_be_one(entry.region, body.region)]
    for nearer in (
        [body for body in found if body.region == entry.region],
        [body for body in found if body.kind is entry.kind],
    ):
        if len(found) > 1 and nearer:
            found = nearer
    return found


def _may_be_one(region: str | None, other: str | None) -> bool:
    return (
        region is None or other is None or f"{region}/".startswith(f"{other}/") or f"{other}/".startswith(f"{region}/")
    )
