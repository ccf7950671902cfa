"""The failed checks as a list to work through: filtered, counted by every filter, and by what people found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ui.web.suggesting import wider_places
from vectorstore.check_rules import FAULT, CheckRule, check_rules, rule_of
from vectorstore.records import Check, Finding, Report, Scope
from vectorstore.verdicts import OPEN, Judgement, Verdicts

if TYPE_CHECKING:
    from vectorstore.index import Index

PAGE_SIZE = 50
ALL = "all"
STANDINGS = (OPEN, *(finding.value for finding in Finding))
UNKNOWN = "unknown"
"""Of a year or place that isn't known."""
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a visitor wants to see; an empty field does not narrow.

    Attributes:
        sort, rule, severity: Of the rules, as `vectorstore.check_rules` has them.
        place: A region path or the beginning of one; `UNKNOWN` for reports without any.
        year: In digits, or `UNKNOWN`.
        body: Part of a body's name.
        report: A report's whole id.
        verdict: One of `STANDINGS`, or `ALL`.
        group: ``report`` or ``rule``.
        page: From 1.
    """

    sort: str = ""
    rule: str = ""
    severity: str = ""
    place: str = ""
    kind: str = ""
    year: str = ""
    body: str = ""
    report: str = ""
    verdict: str = OPEN
    group: str = "report"
    page: int = 1

    def query(self, **changes: Any) -> dict[str, str]:
        """As an address's query, without what it takes for granted; a change of anything else leads to page 1."""
        changed = replace(self, **({"page": 1} | changes))
        given = {field.name: (getattr(changed, field.name), field.default) for field in fields(changed)}
        return {name: str(value) for name, (value, usual) in given.items() if value != usual}

    @property
    def narrows(self) -> bool:
        """Whether anything but the verdict leaves checks out."""
        return bool(replace(self, verdict=OPEN, group="report", page=1) != Wanted())


def read_wanted(query: Mapping[str, Any]) -> Wanted:
    """What an address or a call asks for; what makes no sense in it is taken for not given."""
    given = {
        field.name: str(query[field.name]).strip()[:_LONGEST]
        for field in fields(Wanted)
        if isinstance(query.get(field.name), str | int)
    }
    page = given.pop("page", "1")
    if given.get("verdict") not in (*STANDINGS, ALL):
        given.pop("verdict", None)
    if given.get("group") != "rule":
        given.pop("group", None)
    number = int(page) if page.isascii() and page.isdigit() else 1
    return Wanted(**given, page=max(number, 1))


class Item(NamedTuple):
    """A failed check with what it is filtered by."""

    check: Check
    report: Report
    rule: CheckRule
    year: str
    place: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What there is of what is wanted.

    Attributes:
        items: All that match, in the order in which they are grouped, each with what was found on it.
        counts: For every filter, how many there would be with each of its values and the other filters as they are.
        everything: How many failed checks the index holds.
    """

    items: Sequence[tuple[Item, Judgement]]
    counts: Mapping[str, Mapping[str, int]]
    everything: int

    @property
    def pages(self) -> int:
        """At least one."""
        return max(-(-len(self.items) // PAGE_SIZE), 1)

    def page(self, number: int) -> Sequence[tuple[Item, Judgement]]:
        """The items of a page, counted from 1; of a page after the last, those of the last."""
        first = (min(number, self.pages) - 1) * PAGE_SIZE
        return self.items[first : first + PAGE_SIZE]

    @property
    def looked_at(self) -> tuple[int, int]:
        """How many have a verdict on their values, and of how many, whatever verdict is wanted."""
        of_all = sum(self.counts["verdict"].values())
        return of_all - self.counts["verdict"].get(OPEN, 0), of_all


_VALUES: Mapping[str, Callable[[Item], str]] = {
    "sort": lambda item: item.rule.sort,
    "rule": lambda item: item.rule.id,
    "severity": lambda item: item.rule.severity,
    "place": lambda item: item.place,
    "kind": lambda item: item.report.kind.value,
    "year": lambda item: item.year,
}


def list_checks(index: Index, wanted: Wanted) -> Listed:
    """The failed checks that are wanted, and the counts of all filters."""
    everything = index.remember("failed checks to list", lambda: _items(index))
    verdicts = Verdicts(index.verdicts())
    pool: Sequence[Item] = everything
    if wanted.body:
        called = {body.body_id for body in index.bodies(Scope(names=(wanted.body,)))}
        pool = [item for item in pool if item.report.body_id in called]
    if wanted.report:
        pool = [item for item in pool if item.report.report_id == wanted.report]
    tests = {name: test for name in _VALUES if (test := _test(name, getattr(wanted, name))) is not None}
    matching: list[tuple[Item, Judgement]] = []
    left_out: dict[str, list[Item]] = {name: [] for name in _VALUES}
    standings: Counter[str] = Counter(dict.fromkeys(STANDINGS, 0))
    for item in pool:
        failed = [name for name, test in tests.items() if not test(item)]
        if len(failed) > 1:
            continue
        judgement = verdicts.on(item.check)
        is_judged_so = wanted.verdict in (ALL, judgement.standing)
        if not failed:
            standings[judgement.standing] += 1
            if is_judged_so:
                matching.append((item, judgement))
        elif is_judged_so:
            left_out[failed[0]].append(item)
    counts: dict[str, Mapping[str, int]] = {
        name: Counter(map(value, (*(item for item, _ in matching), *left_out[name]))) for name, value in _VALUES.items()
    }
    counts["place"] = _with_wider_places(counts["place"])
    counts["verdict"] = standings
    matching.sort(key=_order_of(matching, wanted.group))
    return Listed(matching, counts, len(everything))


def _order_of(matching: Sequence[tuple[Item, Judgement]], group: str) -> Callable[[tuple[Item, Judgement]], Any]:
    """What is surely wrong comes first: reports with a fault, the faults of each; rules by how grave they are."""
    if group == "rule":
        order = {rule: position for position, rule in enumerate(check_rules())}
        return lambda found: (
            found[0].rule.severity != FAULT,
            order.get(found[0].rule.id, len(order)),
            found[0].rule.id,
        )
    faulty = {item.report.report_id for item, _ in matching if item.rule.severity == FAULT}
    first: dict[str, int] = {}
    for item, _ in matching:
        first.setdefault(item.report.report_id, len(first))
    return lambda found: (
        found[0].report.report_id not in faulty,
        first[found[0].report.report_id],
        found[0].rule.severity != FAULT,
    )


def _items(index: Index) -> tuple[Item, ...]:
    reports = {report.report_id: report for report in index.reports()}
    return tuple(
        _item(check, reports[check.report_id]) for check in index.failed_checks() if check.report_id in reports
    )


def _item(check: Check, report: Report) -> Item:
    year = UNKNOWN if report.year is None else str(report.year)
    return Item(check, report, rule_of(check.rule), year, report.region or UNKNOWN)


def _test(name: str, value: str) -> Callable[[Item], bool] | None:
    if not value:
        return None
    if name == "place":
        return partial(_is_in_place, value)
    return partial(_is_value, _VALUES[name], value)


def _is_in_place(place: str, item: Item) -> bool:
    return item.place == place or item.place.startswith(f"{place}/")


def _is_value(value_of: Callable[[Item], str], value: str, item: Item) -> bool:
    return value_of(item) == value


def _with_wider_places(counts: Mapping[str, int]) -> Mapping[str, int]:
    wider: Counter[str] = Counter()
    for place, number in counts.items():
        for wide in wider_places(place):
            wider[wide] += number
    return wider
