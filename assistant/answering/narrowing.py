"""The scope of a search: the filters that were given, and what the query's own words say beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.answering.inquiry import stored_scope
from assistant.plan import PlanScope
from vectorstore.index import Index
from vectorstore.places import gazetteer
from vectorstore.records import Scope


def within(index: Index, given: Scope, named: PlanScope, query: str = "") -> Scope:
    """The scope that was given, narrowed by what is named where it is open.

    A filter outranks the words. What is named narrows only as far as reports remain: a guessed name, a year or a place
    that none of them has is then no scope but words to look for (大理石, 泰山庙会). A body always is one, and a place
    that the query writes in full (山东省). A kind narrows beside a place or a body only: 产业园征地 and 乡卫生院 stand
    in everybody's reports. What is named to be left out is left out; the scope then lists the reports that remain.
    """
    said = _said(given, named)
    is_sure = bool(said.body_ids) or any(region.rsplit("/", 1)[-1] in query for region in said.regions)
    ways = [_joined(given, less) for less in _ever_wider(said, is_sure=is_sure)]
    scope = next((scope for scope in ways if index.reports(scope)), ways[-1])
    excluded = [narrowing for left_out in named.excluded if (narrowing := stored_scope(left_out)) != Scope()]
    without = {report.report_id for narrowing in excluded for report in index.reports(narrowing)}
    if not without:
        return scope
    return replace(
        scope, report_ids=tuple(r.report_id for r in index.reports(scope) if r.report_id not in without) or _NONE
    )


def narrows_fully(scope: Scope, given: Scope, named: PlanScope) -> bool:
    """Whether what is named is all in the scope that `within` gave, so that none of it has to be looked for."""
    said = _said(given, named)
    whole = replace(_joined(given, said), report_ids=scope.report_ids)
    return scope in (whole, replace(whole, regions=given.regions, names=_as_names(said)))


def _said(given: Scope, named: PlanScope) -> Scope:
    said = stored_scope(named)
    stands_alone = not (said.regions or said.body_ids or said.names or given != Scope())
    return replace(said, kinds=()) if stands_alone else said


def widened(index: Index, named: PlanScope, question: str = "") -> PlanScope | None:
    """A plan's scope without a name or a kind that no report of it has; ``None`` if still no report is in it.

    A guessed name (坐轮椅的人去) and a kind go, and a place that the question doesn't write in full (龙潭水库); bodies
    and years are what was asked about.
    """
    ways: list[dict[str, object]] = [{}, {"names": ()}, {"names": (), "kinds": ()}]
    if question and not any(region.rsplit("/", 1)[-1] in question for region in named.regions):
        ways.append({"names": (), "kinds": (), "regions": (), "whole": False})
    for less in ways:
        scope = named.model_copy(update=less)
        if index.reports(stored_scope(scope)):
            return scope
    return None


def _ever_wider(said: Scope, *, is_sure: bool) -> Iterator[Scope]:
    """All that is said, then less of it; a place also as a part of a name. A sure body or place stays."""
    yield said
    if said.regions and not said.names:
        # 皋川的开发区 is the one called so, wherever the index has it lie.
        yield replace(said, regions=(), names=_as_names(said))
    yield replace(said, names=())
    yield replace(said, names=(), kinds=())
    yield replace(said, names=(), years=())
    yield replace(said, names=(), kinds=(), years=())
    if not is_sure:
        yield replace(said, names=(), kinds=(), regions=())
        yield Scope()


def _as_names(said: Scope) -> tuple[str, ...]:
    return tuple(map(_short_name, said.regions))


def _short_name(region: str) -> str:
    place = gazetteer().known(region)
    name = region.rsplit("/", 1)[-1]
    return place.short_name if place is not None else name[:-1] if len(name) > 2 else name


_NONE = ("",)
"""An id that no report has: an empty list of ids would not narrow."""


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
