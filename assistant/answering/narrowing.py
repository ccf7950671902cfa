"""The scope of a search: the filters that were given, and what the query's own words say beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.answering.inquiry import stored_scope
from assistant.plan import PlanScope
from vectorstore.index import Index
from vectorstore.places import gazetteer
from vectorstore.records import Scope


def within(index: Index, given: Scope, named: PlanScope) -> Scope:
    """The scope that was given, narrowed by what is named where it is open; a filter outranks the words.

    What is named narrows only as far as reports remain, the surest first: bodies and places always do, a kind, a name
    or a year that none of their reports has does not. What is named to be left out is left out; the scope then lists
    the reports that remain.
    """
    scope = next((scope for scope in _ever_wider(given, stored_scope(named)) if index.reports(scope)), None)
    if scope is None:
        return _joined(given, stored_scope(named))
    excluded = [narrowing for left_out in named.excluded if (narrowing := stored_scope(left_out)) != Scope()]
    without = {report.report_id for narrowing in excluded for report in index.reports(narrowing)}
    if not without:
        return scope
    remaining = tuple(r.report_id for r in index.reports(scope) if r.report_id not in without)
    return replace(scope, report_ids=remaining) if remaining else scope


def widened(index: Index, named: PlanScope) -> PlanScope | None:
    """A plan's scope without a name or a kind that no report of it has; ``None`` if still no report is in it.

    A guessed name (坐轮椅的人去) and a kind go; bodies, places and years are what was asked about.
    """
    for less in ({}, {"names": ()}, {"names": (), "kinds": ()}):
        scope = named.model_copy(update=less)
        if index.reports(stored_scope(scope)):
            return scope
    return None


def _ever_wider(given: Scope, said: Scope) -> Iterator[Scope]:
    """All that is said, then less of it: a guessed name, a kind, a year first; a place also as part of a name."""
    yield _joined(given, said)
    if said.regions and not said.names:
        # 皋川的开发区 is the one called so, wherever the index has it lie.
        yield _joined(given, replace(said, regions=(), names=tuple(map(_short_name, said.regions))))
    for less in (
        replace(said, names=()),
        replace(said, names=(), kinds=()),
        replace(said, names=(), years=()),
        replace(said, names=(), kinds=(), years=()),
    ):
        yield _joined(given, less)


def _short_name(region: str) -> str:
    place = gazetteer().known(region)
    name = region.rsplit("/", 1)[-1]
    return place.short_name if place is not None else name[:-1] if len(name) > 2 else name


def _joined(given: Scope, said: Scope) -> Scope:
    whose_is_given = bool(given.names or given.body_ids or given.report_ids)
    return replace(
        given,
        body_ids=given.body_ids if whose_is_given else said.body_ids,
        names=given.names if whose_is_given else said.names,
        kinds=given.kinds or said.kinds,
        regions=given.regions or said.regions,
        years=given.years or said.years,
    )
