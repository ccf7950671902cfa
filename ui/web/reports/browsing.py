"""Which reports a visitor browses: the filters of an address, what they leave, and how many each further one would.

Every report is a bit of a number, and so is every value of a filter: ten thousand reports are narrowed, and counted by
every filter, in a millisecond or two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ui.web.markup import link
from ui.web.suggesting import wider_places
from vectorstore.check_rules import FAULT, rule_of
from vectorstore.folding import fold_text
from vectorstore.index import Index
from vectorstore.records import Kind, Report, Scope

PAGE_LENGTH = 50
HITS_SHOWN, MOST_HITS = 10, 50
LONGEST = 200
"""Characters of a name, a place or a search that are looked at."""
UNKNOWN_YEAR = "unknown"
TABLES = ("all", "some", "pictures", "none")
"""Of the form's three tables: all read; one or two; only pictures of them; not even pictures."""
MARKS = ("failed", "doubtful", "corrected", "replaced")
"""Reports with failing checks, with doubtful ones, that a person corrected, that a later version replaced."""
SORTS = ("place", "body", "year", "kind", "issued", "failed")
_FIRST_DOWN = frozenset({"year", "issued", "failed"})
FACETS = ("kind", "year", "tables", "marks")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a visitor browses, as the address says.

    Attributes:
        place: A region's path, or a part of one as someone typed it.
        chosen: By facet (``FACETS``) the values chosen; any of them will do, but of marks each must be there.
        name: A part of the body's name, an alias or the title.
        query: What is searched for in the texts; empty to browse.
        sort: One of ``SORTS``, behind a dash in its other order.
        page: From 1.
        narrow: Whether the query's own words narrow the search.
        shown: How many hits of a search.
    """

    place: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    name: str = ""
    query: str = ""
    sort: str = ""
    page: int = 1
    narrow: bool = True
    shown: int = HITS_SHOWN

    def values(self, facet: str) -> tuple[str, ...]:
        """The chosen values of a facet."""
        return self.chosen.get(facet, ())

    @property
    def is_open(self) -> bool:
        """Whether nothing is filtered."""
        return not (self.place or self.name or any(self.chosen.values()))

    def toggled(self, facet: str, value: str) -> Filters:
        """With one value of a facet chosen, or no longer."""
        now = self.values(facet)
        values = tuple(v for v in now if v != value) if value in now else (*now, value)
        return replace(self, chosen={**self.chosen, facet: values}, page=1, shown=HITS_SHOWN)

    def without(self, name: str) -> Filters:
        """Without one of its filters: ``place``, ``name`` or a facet."""
        if name in FACETS:
            return replace(self, chosen={**self.chosen, name: ()}, page=1)
        return replace(
            self, place="" if name == "place" else self.place, name="" if name == "name" else self.name, page=1
        )

    def cleared(self) -> Filters:
        """Without any filter, what is searched for kept."""
        return Filters(query=self.query, sort=self.sort)

    def address(self, path: str = "reports") -> str:
        """The page's address with these filters, escaped for an attribute."""
        return link(path, **self.as_query())

    def as_query(self) -> dict[str, object]:
        """The query of its address; what is as by default is ``None``."""
        return {
            "q": self.query,
            **{facet: ",".join(self.values(facet)) for facet in FACETS},
            "place": self.place,
            "name": self.name,
            "sort": self.sort,
            "page": self.page if self.page > 1 else None,
            "narrow": None if self.narrow else "0",
            "show": self.shown if self.shown > HITS_SHOWN else None,
        }


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters of an address. Anyone can write an address: what isn't one of our values is left out."""
    allowed: dict[str, Callable[[str], object]] = {
        "kind": lambda value: value in set(Kind),
        "year": lambda value: value == UNKNOWN_YEAR or re.fullmatch("[0-9]{4}", value),
        "tables": lambda value: value in TABLES,
        "marks": lambda value: value in MARKS,
    }
    chosen = {
        facet: tuple(dict.fromkeys(v for v in query.get(facet, "")[:LONGEST].split(",") if accepts(v)))
        for facet, accepts in allowed.items()
    }
    sort = query.get("sort", "")
    return Filters(
        place=query.get("place", "").strip()[:LONGEST].strip("/"),
        chosen=chosen,
        name=query.get("name", "").strip()[:LONGEST],
        query=query.get("q", "").strip()[:LONGEST],
        sort=sort if sort.removeprefix("-") in SORTS else "",
        page=_number(query.get("page"), 1, 100_000),
        narrow=query.get("narrow") != "0",
        shown=_number(query.get("show"), HITS_SHOWN, MOST_HITS),
    )


def _number(written: str | None, least: int, most: int) -> int:
    return min(max(int(written), least), most) if written and re.fullmatch("[0-9]{1,6}", written) else least


@dataclass(frozen=True, slots=True)
class Listed:
    """A report as it stands in the list.

    Attributes:
        faults, doubts: How many of its checks fail: those that contradict the report or the form, and the doubtful.
        is_corrected: Whether a person corrected it.
    """

    report: Report
    faults: int
    doubts: int
    is_corrected: bool

    @property
    def tables(self) -> str:
        """One of ``TABLES``."""
        if self.report.tables:
            return "all" if len(self.report.tables) == 3 else "some"
        return "pictures" if self.report.pictures else "none"

    @property
    def marks(self) -> Iterator[str]:
        """Those of ``MARKS`` that it bears."""
        bears = (self.faults, self.doubts, self.is_corrected, self.report.superseded_by is not None)
        return (mark for mark, borne in zip(MARKS, bears, strict=True) if borne)

    @property
    def year(self) -> str:
        """Its value of the facet."""
        return UNKNOWN_YEAR if self.report.year is None else str(self.report.year)


@dataclass(frozen=True, slots=True)
class Found:
    """What some filters leave.

    Attributes:
        listed: All of it, in the order asked for.
        counts: By facet and value, how many reports there would be with that value of the facet instead of those
            chosen; of a mark, with it beside the others.
        without: By filter (``place``, ``name`` and the facets) that is set: how many there would be without it.
    """

    listed: Sequence[Listed]
    counts: Mapping[str, Mapping[str, int]]
    without: Mapping[str, int]

    @property
    def pages(self) -> int:
        """How many pages; one at least."""
        return max(1, -(-len(self.listed) // PAGE_LENGTH))


class Shelf:
    """All reports of an index, also those that later versions replaced, made ready to be narrowed.

    Attributes:
        listed: Every report, in the order of places, bodies and years.
    """

    def __init__(self, listed: Iterable[Listed], aliases: Mapping[str, Sequence[str]]) -> None:
        self.listed = tuple(listed)
        self._aliases = aliases
        self._facets: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
        self._regions: dict[str, int] = {}
        for position, one in enumerate(self.listed):
            bit = 1 << position
            values = {
                "kind": (one.report.kind.value,),
                "year": (one.year,),
                "tables": (one.tables,),
                "marks": one.marks,
            }
            for facet, borne in values.items():
                for value in borne:
                    self._facets[facet][value] = self._facets[facet].get(value, 0) | bit
            if one.report.region:
                self._regions[one.report.region] = self._regions.get(one.report.region, 0) | bit
        self._orders: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self.listed)

    @cached_property
    def _names(self) -> list[str]:
        reports = (one.report for one in self.listed)
        return [
            fold_text("\n".join((r.body, *self._aliases.get(r.body_id, ()), r.title, r.report_id))) for r in reports
        ]

    @cached_property
    def places(self) -> dict[str, int]:
        """Every region and those above it, with how many reports lie there."""
        counted: dict[str, int] = {}
        for region, mask in self._regions.items():
            for path in wider_places(region):
                counted[path] = counted.get(path, 0) + mask.bit_count()
        return counted

    def places_called(self, words: str, most: int = 12) -> list[tuple[str, int]]:
        """The regions whose name holds the words, with their reports; the likeliest first."""
        folded = fold_text(words.strip().strip("/"))
        called = []
        for path, number in self.places.items():
            own = fold_text(path.rsplit("/", 1)[-1])
            if folded in own or ("/" in folded and folded in fold_text(path)):
                called.append((not own.startswith(folded), path.count("/"), -number, path))
        return [(path, -number) for _, _, number, path in sorted(called)[:most]]

    def find(self, filters: Filters) -> Found:
        """What the filters leave, in their order."""
        everything = (1 << len(self.listed)) - 1
        replaced = self._facets["marks"].get("replaced", 0)
        # Versions that were replaced are in no list but the one that asks for them.
        shelf = everything if "replaced" in filters.values("marks") else everything & ~replaced
        masks = {facet: self._mask(facet, filters.values(facet), everything) for facet in FACETS}
        masks["place"] = self._in_place(filters.place) if filters.place else everything
        masks["name"] = self._called(filters.name) if filters.name else everything

        def without(left_out: str) -> int:
            kept = shelf
            for name, mask in masks.items():
                if name != left_out:
                    kept &= mask
            return kept

        found = without("")
        counts: dict[str, dict[str, int]] = {}
        for facet in FACETS:
            others = found if facet == "marks" else without(facet)
            counts[facet] = {value: (mask & others).bit_count() for value, mask in self._facets[facet].items()}
        if replaced and "replaced" not in filters.values("marks"):
            kept = replaced
            for mask in masks.values():
                kept &= mask
            counts["marks"]["replaced"] = kept.bit_count()
        is_set = [
            name for name in masks if filters.values(name) or (name in ("place", "name") and getattr(filters, name))
        ]
        bits = format(found, f"0{max(len(self.listed), 1)}b")[::-1]
        return Found(
            [self.listed[position] for position in self._order(filters.sort) if bits[position] == "1"],
            counts,
            {name: without(name).bit_count() for name in is_set},
        )

    def _mask(self, facet: str, values: Sequence[str], everything: int) -> int:
        if not values:
            return everything
        known = [self._facets[facet].get(value, 0) for value in values]
        mask = everything if facet == "marks" else 0
        for one in known:
            mask = mask & one if facet == "marks" else mask | one
        return mask

    def _in_place(self, place: str) -> int:
        exact = [region for region in self._regions if f"{region}/".startswith(f"{place}/")]
        folded = fold_text(place)
        mask = 0
        for region in exact or [region for region in self._regions if folded in fold_text(region)]:
            mask |= self._regions[region]
        return mask

    def _called(self, name: str) -> int:
        wanted = fold_text(name).split()
        mask = 0
        for position, names in enumerate(self._names):
            if all(word in names for word in wanted):
                mask |= 1 << position
        return mask

    def _order(self, sort: str) -> Sequence[int]:
        name = sort.removeprefix("-") or "place"
        if name == "place" and not sort.startswith("-"):
            return range(len(self.listed))
        if sort not in self._orders:
            key = _KEYS[name]
            keys = [key(one) for one in self.listed]
            # What is unknown comes last in either order.
            is_down = (name in _FIRST_DOWN) != sort.startswith("-")
            known = [position for position, value in enumerate(keys) if value is not None]
            known.sort(key=lambda position: keys[position], reverse=is_down)
            self._orders[sort] = known + [position for position, value in enumerate(keys) if value is None]
        return self._orders[sort]


def _by_pinyin(name: str) -> bytes:
    # The common characters stand in the order of their sounds in this encoding.
    return name.encode("gb18030", errors="replace")


_KEYS: dict[str, Callable[[Listed], Any]] = {
    "place": lambda one: one.report.region and _by_pinyin(one.report.region),
    "body": lambda one: _by_pinyin(one.report.body),
    "year": lambda one: one.report.year,
    "kind": lambda one: list(Kind).index(one.report.kind),
    "issued": lambda one: one.report.issued_on,
    "failed": lambda one: (one.faults, one.doubts),
}


def shelf_of(index: Index) -> Shelf:
    """The reports of an index as it is now, made ready once for all who browse."""
    return index.remember("the reports to browse", lambda: _make_shelf(index))


def _make_shelf(index: Index) -> Shelf:
    failures = index.tally_failures(Scope(superseded=True))
    corrected = {correction.report_id for correction in index.corrections()}

    def listed(report: Report) -> Listed:
        failed = failures.get(report.report_id, {})
        faults = sum(number for rule, number in failed.items() if rule_of(rule).severity == FAULT)
        return Listed(report, faults, sum(failed.values()) - faults, report.report_id in corrected)

    aliases = {body.body_id: body.aliases for body in index.bodies() if body.aliases}
    return Shelf((listed(report) for report in index.reports(Scope(superseded=True))), aliases)


def scope_of(filters: Filters, found: Found) -> Scope:
    """What the filters leave, as a scope to search in."""
    if filters.is_open:
        return Scope()
    years = filters.values("year")
    if not (filters.place or filters.name or filters.values("tables") or filters.values("marks")) and (
        UNKNOWN_YEAR not in years
    ):
        return Scope(kinds=tuple(map(Kind, filters.values("kind"))), years=tuple(map(int, years)))
    # An empty list of ids wouldn't narrow; no report has an empty id.
    return Scope(report_ids=tuple(one.report.report_id for one in found.listed) or ("",))
