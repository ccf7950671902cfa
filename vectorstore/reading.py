"""Whole records out of the tables: reports with their sections, bodies with their aliases, figures with readings."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import groupby
from operator import itemgetter
from types import EllipsisType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from vectorstore import plain, rows, schema
from vectorstore.batches import batched
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue
from vectorstore.folding import fold_text
from vectorstore.outline import Outline
from vectorstore.records import (
    Body,
    Check,
    Correction,
    Figure,
    Mention,
    RegisteredBody,
    Report,
    ReportContents,
    ReportPicture,
    ResolvedFigure,
    Scope,
    SourceFile,
    Span,
    Verdict,
)
from vectorstore.scope import report_conditions, subject_conditions, without_needless_condition

_LONGEST_ID = 200
"""Longer is the id of no report, and SQLite compares no longer beginnings than tens of thousands of characters."""


def read_bodies(connection: Connection) -> dict[int, Body]:
    """All bodies by key, in the order of their names."""
    bodies, aliases = schema.bodies, schema.body_aliases.c
    known: dict[int, set[str]] = defaultdict(set)
    for body_key, alias in connection.execute(select(aliases.body_key, aliases.alias)):
        known[body_key].add(alias)
    ordered = connection.execute(select(bodies).order_by(bodies.c.name, bodies.c.body_id))
    return {row.key: rows.body_of(row, sorted(known[row.key] - {row.name})) for row in ordered}


def read_reports(connection: Connection) -> dict[int, Report]:
    """All reports by key, in the order of region, body and year; what is unknown comes last.

    A body has one name in all its reports, whatever each of them signs with: 某镇 or 某镇人民政府.
    """
    reports, sections = schema.reports, schema.sections.c
    of_section = (sections.position, sections.heading, sections.level, sections.role, sections.start, sections.end)
    outlines = select(sections.report_key, func.json_group_array(func.json_array(*of_section)))
    headed = {key: Outline(written) for key, written in connection.execute(outlines.group_by(sections.report_key))}
    ordered = connection.execute(
        select(reports, schema.bodies.c.body_id, schema.bodies.c.name)
        .join(schema.bodies, reports.c.body_key == schema.bodies.c.key)
        .order_by(
            reports.c.region.is_(None),
            reports.c.region,
            schema.bodies.c.name,
            reports.c.year.is_(None),
            reports.c.year,
            reports.c.report_id,
        )
    )
    return {row.key: rows.report_of(row, row.body_id, row.name, headed.get(row.key, ())) for row in ordered}


def read_report_key(connection: Connection, report_id: str) -> int:
    """The key of the report of that id, or of the only id that begins so; KeyError where there is none, or several."""
    reports = schema.reports.c
    key = connection.execute(select(reports.key).where(reports.report_id == report_id)).scalar()
    if key is None and 0 < len(report_id) <= _LONGEST_ID:
        starting = reports.report_id.startswith(report_id, autoescape=True)
        keys = connection.execute(select(reports.key).where(starting).limit(2)).scalars().all()
        key = keys[0] if len(keys) == 1 else None
    if key is None:
        raise KeyError(report_id)
    return int(key)


def read_fingerprint(connection: Connection) -> str:
    """See `Index.fingerprint`."""
    reports, sources, register = schema.reports.c, schema.sources.c, schema.register.c
    ids = connection.execute(select(reports.report_id).order_by(reports.report_id)).scalars().all()
    versions = connection.execute(select(sources.reader_version).where(sources.report_id.is_not(None)).distinct())
    content: list[Any] = [list(ids), sorted(versions.scalars())]
    if due := [tuple(row) for row in connection.execute(select(*register).order_by(register.position))]:
        content.append(due)
    made = schema.corrections.c
    # Who made it and why are part of what answers say.
    shown = (made.value, made.quote, made.former, made.made_by, made.made_on, made.why)
    said = select(made.report_id, made.field, made.metric_id, *shown)
    held = said.where(made.report_id.in_(select(reports.report_id))).order_by(made.number)
    if corrected := [tuple(row) for row in connection.execute(held)]:
        content.append({"corrections": corrected})
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def read_register(connection: Connection) -> list[RegisteredBody]:
    """The bodies that should report, in the register's order; empty where none was given."""
    register = schema.register
    return [rows.registered_of(row) for row in connection.execute(select(register).order_by(register.c.position))]


def read_mentions(connection: Connection, scope: Scope, words: str | None) -> list[Mention]:
    """See `Index.mentions`."""
    mentions, reports = schema.mentions.c, schema.reports.c
    conditions = subject_conditions(scope, schema.mentions)
    if words is not None and words.strip():
        folded = fold_text(words.strip())
        parts = {folded[i:j] for i in range(len(folded)) for j in range(i + 2, len(folded) + 1)}
        conditions.append(
            or_(
                mentions.folded_counted.contains(folded, autoescape=True),
                mentions.folded_counted.in_(sorted(parts)),
            )
        )
    statement = (
        select(schema.mentions, reports.report_id, schema.bodies.c.body_id)
        .join(schema.reports, mentions.report_key == reports.key)
        .join(schema.bodies, mentions.body_key == schema.bodies.c.key)
        .where(*conditions)
        .order_by(reports.report_id, mentions.start)
    )
    return [rows.mention_of(row, row.report_id, row.body_id) for row in connection.execute(statement)]


def read_texts(connection: Connection, report_ids: Collection[str]) -> dict[str, str]:
    """The canonical texts of those of the reports that there are, by id."""
    texts, reports = schema.report_texts.c, schema.reports.c
    statement = select(reports.report_id, texts.text).join(schema.reports, texts.report_key == reports.key)
    found: dict[str, str] = {}
    for ids in batched(dict.fromkeys(report_ids)):
        of_batch = connection.execute(statement.where(reports.report_id.in_(ids)))
        found.update((row.report_id, row.text) for row in of_batch)
    return found


def read_corrections(connection: Connection, report_id: str | None) -> list[Correction]:
    """See `Index.corrections`."""
    corrections = schema.corrections
    statement = select(corrections).order_by(corrections.c.number)
    if report_id is not None:
        statement = statement.where(corrections.c.report_id == report_id)
    return [rows.correction_of(row) for row in connection.execute(statement)]


def read_verdicts(connection: Connection, report_ids: Collection[str] | None) -> list[Verdict]:
    """See `Index.verdicts`."""
    verdicts = schema.verdicts
    ordered = select(verdicts).order_by(verdicts.c.made_on, *verdicts.primary_key.columns)
    if report_ids is None:
        return [rows.verdict_of(row) for row in connection.execute(ordered)]
    found: list[Verdict] = []
    for ids in batched(dict.fromkeys(report_ids)):
        of_batch = connection.execute(ordered.where(verdicts.c.report_id.in_(ids)))
        found.extend(rows.verdict_of(row) for row in of_batch)
    return found


def read_cells(connection: Connection, places: Collection[tuple[str, Span]]) -> dict[tuple[str, Span], Figure]:
    """See `Index.cells`."""
    reports, resolved, readings = schema.reports.c, schema.resolved_figures.c, schema.figures.c
    statement = (
        select(reports.report_id, resolved.metric, resolved.column, resolved.year, *_reading_columns())
        .join(schema.resolved_figures, resolved.report_key == reports.key)
        .join(schema.figures, readings.resolved_key == resolved.key)
        .where(readings.cell_start.is_not(None))
    )
    found: dict[tuple[str, Span], Figure] = {}
    for ids in batched(dict.fromkeys(report_id for report_id, _ in places)):
        for row in connection.execute(statement.where(reports.report_id.in_(ids))):
            place = (row.report_id, Span(row.cell_start, row.cell_end))
            if place in places:
                found[place] = rows.figure_of(row[4:], row.report_id, "", row.metric, row.column, row.year)
    return found


def read_sources(
    connection: Connection, report_id: str | None = None, paths: Collection[str] | None = None
) -> list[SourceFile]:
    """See `Index.sources`."""
    ordered = select(schema.sources).order_by(schema.sources.c.path)
    if report_id is not None:
        ordered = ordered.where(schema.sources.c.report_id == report_id)
    if paths is None:
        return [rows.source_of(row) for row in connection.execute(ordered)]
    wanted = (ordered.where(schema.sources.c.path.in_(some)) for some in batched(sorted(paths)))
    return [rows.source_of(row) for statement in wanted for row in connection.execute(statement)]


def read_checks(connection: Connection, scope: Scope, holds: bool | EllipsisType | None) -> list[Check]:
    """See `Index.checks`."""
    checks, reports = schema.checks.c, schema.reports.c
    conditions = report_conditions(scope)
    if not isinstance(holds, EllipsisType):
        conditions.append(checks.holds.is_(holds))
    statement = (
        select(schema.checks, reports.report_id)
        .join(schema.reports, checks.report_key == reports.key)
        .where(*conditions)
        .order_by(reports.report_id, checks.position)
    )
    return [rows.check_of(row, row.report_id) for row in connection.execute(statement)]


def read_pictures(connection: Connection, report_id: str) -> list[ReportPicture]:
    """The pictures of a report in the order of its text."""
    pictures, reports = schema.report_pictures, schema.reports.c
    statement = (
        select(pictures)
        .join(schema.reports, pictures.c.report_key == reports.key)
        .where(reports.report_id == report_id)
        .order_by(pictures.c.position)
    )
    return [rows.picture_of(row) for row in connection.execute(statement)]


def read_contents(connection: Connection, key: int, report: Report, *, uncorrected: bool) -> ReportContents:
    """All that is kept of the report with that key, or of what was read of it before corrections."""
    texts, packed = schema.report_texts.c, schema.uncorrected_contents.c
    passages = select(schema.passages).where(schema.passages.c.report_key == key).order_by(schema.passages.c.key)
    whole = ReportContents(
        report=report,
        text=str(connection.execute(select(texts.text).where(texts.report_key == key)).scalar_one()),
        body=Body(report.body_id, report.body, report.kind, report.region),
        passages=tuple(rows.passage_of(row, report.report_id) for row in connection.execute(passages)),
        pictures=tuple(read_pictures(connection, report.report_id)),
    )
    if uncorrected:
        found = connection.execute(select(packed.contents).where(packed.report_key == key)).scalar()
        if found is not None:
            kept = plain.unpack(found)
            return replace(kept, text=whole.text, passages=whole.passages, pictures=whole.pictures)
    bodies = _bodies_of(connection, key)
    subjects = {body_key: body.body_id for body_key, body in bodies.items()}
    of_report = schema.mentions.c.report_key == key
    mentions = select(schema.mentions).where(of_report).order_by(schema.mentions.c.start)
    checks = select(schema.checks).where(schema.checks.c.report_key == key).order_by(schema.checks.c.position)
    return replace(
        whole,
        body=next((body for body in bodies.values() if body.body_id == report.body_id), whole.body),
        other_bodies=tuple(body for body in bodies.values() if body.body_id != report.body_id),
        figures=tuple(
            rows.figure_of(row[5:], report.report_id, subjects[row[1]], *row[2:5])
            for row in connection.execute(_reading_statement(key))
        ),
        mentions=tuple(
            rows.mention_of(row, report.report_id, subjects[row.body_key]) for row in connection.execute(mentions)
        ),
        checks=tuple(rows.check_of(row, report.report_id) for row in connection.execute(checks)),
    )


def _bodies_of(connection: Connection, report_key: int) -> dict[int, Body]:
    """The bodies of a report by key, with the aliases that this report gives them."""
    bodies, aliases, linked = schema.bodies, schema.body_aliases.c, schema.report_bodies.c
    called: dict[int, list[str]] = defaultdict(list)
    for body_key, alias in connection.execute(
        select(aliases.body_key, aliases.alias).where(aliases.report_key == report_key)
    ):
        called[body_key].append(alias)
    found = connection.execute(
        select(bodies)
        .join(schema.report_bodies, linked.body_key == bodies.c.key)
        .where(linked.report_key == report_key)
    )
    return {row.key: rows.body_of(row, called[row.key]) for row in found}


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
        conditions = _figure_conditions(without_needless_condition(connection, scope), metric_ids)
        resolved = schema.resolved_figures.c
        wanted = connection.execute(select(resolved.key).where(*conditions)).scalars().all()
        last = self._kept  # another thread may put another state's in its place at any moment
        kept = last[1] if last[0] == generation else {}
        missing = [key for key in wanted if key not in kept]
        if len(kept) + len(missing) > self.CAPACITY:
            kept, missing = {}, list(wanted)
        if missing:
            if len(missing) < len(wanted) and len(missing) <= _FEW:
                conditions = [resolved.key.in_(missing)]
            rank = {key: number for number, key in enumerate(sorted(bodies, key=lambda key: _body_order(bodies[key])))}
            kept.update(_assemble(connection.execute(_figure_statement(conditions)), bodies, rank))
        if last[0] <= generation:
            self._kept = (generation, kept if len(kept) <= self.CAPACITY else {})
        ordered = sorted((kept[key] for key in wanted), key=itemgetter(0))
        return [figure for _, figure in ordered]


_Order = tuple[int, bool, int, str, int, str]
_Ordered = tuple[_Order, ResolvedFigure]
# As many keys as one statement comfortably takes.
_FEW = 5_000
# Reports or bodies of which all figures are sooner looked through than one metric's of all reports.
_NAMED = 50


def _body_order(body: Body) -> tuple[bool, str, str, str]:
    return body.region is None, body.region or "", body.name, body.body_id


@cache
def _metric_order() -> dict[str, int]:
    return {metric: position for position, metric in enumerate(catalogue().metrics)}


def _figure_conditions(scope: Scope, metric_ids: Collection[str] | None) -> list[ColumnElement[bool]]:
    conditions = subject_conditions(scope, schema.resolved_figures)
    if metric_ids is not None:
        named = len(scope.report_ids) or len(scope.body_ids)
        # SQLite would take the index of metrics, whatever it is told of the tables, and look at every report's figure.
        # Anything but the bare column keeps it from that: 25 ms became 1 ms over 10,000 reports.
        metric = schema.resolved_figures.c.metric
        column = metric.concat("") if 0 < named <= _NAMED else metric
        conditions.append(or_(False, *(_is_metric(metric_id, column) for metric_id in metric_ids)))
    return conditions


def _reading_columns() -> list[Any]:
    """What `rows.figure_of` takes."""
    readings = schema.figures.c
    place = (readings.start, readings.end, readings.qualifier)
    cell = (readings.cell_row, readings.cell_column, readings.cell_start, readings.cell_end)
    return [readings.value, readings.state, readings.unit, readings.origin, *place, *cell, readings.page, readings.note]


def _reading_statement(report_key: int) -> Select[Any]:
    """Every reading of a report, in the order of its text."""
    resolved, readings = schema.resolved_figures.c, schema.figures.c
    return (
        select(resolved.key, resolved.body_key, resolved.metric, resolved.column, resolved.year, *_reading_columns())
        .join(schema.figures, readings.resolved_key == resolved.key)
        .where(resolved.report_key == report_key)
        .order_by(readings.start, readings.end, resolved.key, readings.position)
    )


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
            *_reading_columns(),
        )
        .select_from(schema.resolved_figures)
        .join(schema.reports, resolved.report_key == schema.reports.c.key)
        .join(schema.figures, readings.resolved_key == resolved.key)
        .where(*conditions)
        .order_by(resolved.key, readings.position)
    )


def _is_metric(metric_id: str, metric_column: ColumnElement[str]) -> ColumnElement[bool]:
    metric, _, column = metric_id.partition(COLUMN_SEPARATOR)
    resolved = schema.resolved_figures.c
    return and_(metric_column == metric, resolved.column == column if column else resolved.column.is_(None))


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
