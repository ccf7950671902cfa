"""A Scope as conditions of SQL."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from vectorstore import schema
from vectorstore.folding import fold_text
from vectorstore.records import Scope

_LAST_YEAR = 9999


def _within_regions(column: Any, regions: tuple[str, ...]) -> ColumnElement[bool]:
    # Whole components only: 山东省/威海 is no prefix of 山东省/威海市. Ranges can use an index where LIKE cannot;
    # "0" is the character after "/".
    paths = [region.strip("/") for region in regions]
    return or_(column.in_(paths), *((column >= f"{path}/") & (column < f"{path}0") for path in paths))


def _years(scope: Scope) -> list[int]:
    # SQLite refuses numbers of more than 64 bits.
    return [year for year in scope.years if abs(year) <= _LAST_YEAR]


def body_conditions(scope: Scope) -> list[ColumnElement[bool]]:
    """On ``bodies``: its ids, kinds, regions and names."""
    bodies = schema.bodies.c
    conditions: list[ColumnElement[bool]] = []
    if scope.body_ids:
        conditions.append(bodies.body_id.in_(scope.body_ids))
    if scope.kinds:
        conditions.append(bodies.kind.in_([kind.value for kind in scope.kinds]))
    if scope.regions:
        conditions.append(_within_regions(bodies.region, scope.regions))
    if scope.names:
        conditions.append(_named(scope.names))
    return conditions


def _named(names: tuple[str, ...]) -> ColumnElement[bool]:
    folded = [fold_text(name) for name in names]
    aliases = schema.body_aliases.c
    called = select(aliases.body_key).where(
        or_(*(aliases.folded_alias.contains(name, autoescape=True) for name in folded))
    )
    return or_(
        *(schema.bodies.c.folded_name.contains(name, autoescape=True) for name in folded),
        schema.bodies.c.key.in_(called),
    )


def report_conditions(scope: Scope) -> list[ColumnElement[bool]]:
    """On ``reports``: of its issuer, its year and itself."""
    reports = schema.reports.c
    conditions: list[ColumnElement[bool]] = []
    if scope.kinds:
        conditions.append(reports.kind.in_([kind.value for kind in scope.kinds]))
    if scope.regions:
        conditions.append(_within_regions(reports.region, scope.regions))
    issuers = body_conditions(Scope(body_ids=scope.body_ids, names=scope.names))
    if issuers:
        conditions.append(reports.body_key.in_(select(schema.bodies.c.key).where(*issuers)))
    if scope.years:
        conditions.append(reports.year.in_(_years(scope)))
    if scope.report_ids:
        conditions.append(reports.report_id.in_(scope.report_ids))
    elif not scope.superseded:
        conditions.append(reports.superseded_by.is_(None))
    return conditions


def without_needless_condition(connection: Connection, scope: Scope) -> Scope:
    """The scope without the condition on superseded reports where there are none: any condition slows a search."""
    reports = schema.reports.c
    if connection.execute(select(reports.key).where(reports.superseded_by.is_not(None)).limit(1)).scalar() is None:
        return replace(scope, superseded=True)
    return scope


def subject_conditions(scope: Scope, table: Any) -> list[ColumnElement[bool]]:
    """On ``resolved_figures`` or ``mentions``: of the body that it is about, the year that it is about, its report."""
    conditions: list[ColumnElement[bool]] = []
    reports = schema.reports.c
    subjects = body_conditions(scope)
    if subjects:
        conditions.append(table.c.body_key.in_(select(schema.bodies.c.key).where(*subjects)))
    if scope.years:
        conditions.append(table.c.year.in_(_years(scope)))
    if scope.report_ids:
        conditions.append(table.c.report_key.in_(select(reports.key).where(reports.report_id.in_(scope.report_ids))))
    elif not scope.superseded:
        # The few that are superseded, by their index: asking each figure's report would cost a look-up a row.
        conditions.append(table.c.report_key.not_in(select(reports.key).where(reports.superseded_by.is_not(None))))
    return conditions
