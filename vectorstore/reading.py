"""Whole records out of the tables: reports with their sections, bodies with their aliases, figures with readings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from vectorstore import rows, schema
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue
from vectorstore.records import Body, Report, ResolvedFigure, Scope, Section
from vectorstore.scope import subject_conditions


def read_bodies(connection: Connection) -> dict[int, Body]:
    """All bodies by key, in the order of their names."""
    bodies, aliases = schema.bodies, schema.body_aliases.c
    known: dict[int, set[str]] = defaultdict(set)
    for body_key, alias in connection.execute(select(aliases.body_key, aliases.alias)):
        known[body_key].add(alias)
    ordered = connection.execute(select(bodies).order_by(bodies.c.name, bodies.c.body_id))
    return {row.key: rows.body_of(row, sorted(known[row.key] - {row.name})) for row in ordered}


def read_reports(connection: Connection) -> dict[int, Report]:
    """All reports by key, in the order of region, body and year; what is unknown comes last."""
    reports, sections = schema.reports, schema.sections.c
    headed: dict[int, list[Section]] = defaultdict(list)
    for key, *section in connection.execute(
        select(
            sections.report_key, sections.heading, sections.level, sections.role, sections.start, sections.end
        ).order_by(sections.report_key, sections.position)
    ):
        headed[key].append(rows.section_of(*section))
    ordered = connection.execute(
        select(reports, schema.bodies.c.body_id)
        .join(schema.bodies, reports.c.body_key == schema.bodies.c.key)
        .order_by(
            reports.c.region.is_(None),
            reports.c.region,
            reports.c.body,
            reports.c.year.is_(None),
            reports.c.year,
            reports.c.report_id,
        )
    )
    return {row.key: rows.report_of(row, row.body_id, tuple(headed[row.key])) for row in ordered}


class FigureReader:
    """Reads figures, and keeps those that were read until something changes.

    Assembling a figure from its rows takes ten times as long as finding its key, and a conversation asks for the same
    metric again and again.
    """

    CAPACITY = 200_000
    """Figures kept, about 1 kB each."""

    def __init__(self) -> None:
        self._kept: tuple[int, dict[int, _Ordered]] = (-1, {})

    def read(
        self,
        connection: Connection,
        generation: int,
        bodies: dict[int, Body],
        scope: Scope,
        metric_ids: Collection[str] | None,
    ) -> list[ResolvedFigure]:
        """As `Index.figures` says.

        Args:
            connection: In a snapshot of ``generation``, to which ``bodies``, all of them by key, belong too.
        """
        conditions = _figure_conditions(scope, metric_ids)
        resolved = schema.resolved_figures.c
        wanted = connection.execute(select(resolved.key).where(*conditions)).scalars().all()
        kept = self._kept[1] if self._kept[0] == generation else {}
        missing = [key for key in wanted if key not in kept]
        if len(kept) + len(missing) > self.CAPACITY:
            kept, missing = {}, list(wanted)
        if missing:
            if len(missing) < len(wanted) and len(missing) <= _FEW:
                conditions = [resolved.key.in_(missing)]
            rank = {key: number for number, key in enumerate(sorted(bodies, key=lambda key: _body_order(bodies[key])))}
            kept = kept | dict(_assemble(connection.execute(_figure_statement(conditions)), bodies, rank))
        self._kept = (generation, kept if len(kept) <= self.CAPACITY else {})
        ordered = sorted((kept[key] for key in wanted), key=itemgetter(0))
        return [figure for _, figure in ordered]


_Order = tuple[int, bool, int, str, int, str]
_Ordered = tuple[_Order, ResolvedFigure]
# As many keys as one statement comfortably takes.
_FEW = 5_000


def _body_order(body: Body) -> tuple[bool, str, str, str]:
    return body.region is None, body.region or "", body.name, body.body_id


@cache
def _metric_order() -> dict[str, int]:
    return {metric: position for position, metric in enumerate(catalogue().metrics)}


def _figure_conditions(scope: Scope, metric_ids: Collection[str] | None) -> list[ColumnElement[bool]]:
    conditions = subject_conditions(scope, schema.resolved_figures)
    if metric_ids is not None:
        conditions.append(or_(False, *(_is_metric(metric_id) for metric_id in metric_ids)))
    return conditions


def _figure_statement(conditions: list[ColumnElement[bool]]) -> Select[Any]:
    resolved, readings = schema.resolved_figures.c, schema.figures.c
    return (
        select(
            resolved.key,
            schema.reports.c.report_id,
            resolved.body_key,
            resolved.metric,
            resolved.column,
            resolved.year,
            resolved.value,
            resolved.unit,
            resolved.state,
            resolved.origin,
            readings.value,
            readings.state,
            readings.unit,
            readings.origin,
            readings.start,
            readings.end,
            readings.qualifier,
            readings.cell_row,
            readings.cell_column,
            readings.cell_start,
            readings.cell_end,
            readings.page,
            readings.note,
        )
        .select_from(schema.resolved_figures)
        .join(schema.reports, resolved.report_key == schema.reports.c.key)
        .join(schema.figures, readings.resolved_key == resolved.key)
        .where(*conditions)
        .order_by(resolved.key, readings.position)
    )


def _is_metric(metric_id: str) -> ColumnElement[bool]:
    metric, _, column = metric_id.partition(COLUMN_SEPARATOR)
    resolved = schema.resolved_figures.c
    return and_(resolved.metric == metric, resolved.column == column if column else resolved.column.is_(None))


def _assemble(found: Iterable[Any], bodies: dict[int, Body], rank: dict[int, int]) -> Iterator[tuple[int, _Ordered]]:
    metric_order = _metric_order()
    for key, readings in groupby(found, key=itemgetter(0)):
        group = list(readings)
        _, report_id, body_key, metric, column, year, value, unit, state, origin = group[0][:10]
        body = bodies[body_key]
        figure = ResolvedFigure(
            report_id,
            body.body_id,
            body.name,
            body.kind,
            body.region,
            year,
            metric if column is None else f"{metric}{COLUMN_SEPARATOR}{column}",
            rows.decimal(value),
            unit,
            rows.state_of(state),
            rows.origin_of(origin),
            tuple(rows.figure_of(row[10:], report_id, body.body_id, metric, column, year) for row in group),
        )
        metric_rank = metric_order.get(metric, len(metric_order))
        yield key, ((rank[body_key], year is None, year or 0, report_id, metric_rank, figure.metric_id), figure)
