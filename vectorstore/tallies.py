"""What is found over many reports in SQL alone: a corpus has a hundred checks and figures for each of its reports."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from vectorstore import schema
from vectorstore.catalogue import COLUMN_SEPARATOR
from vectorstore.records import Scope, State
from vectorstore.scope import report_conditions

CheckTally = dict[tuple[str, str, bool | None], int]
"""How many checks there are of a rule and a subject that hold, fail, or can't be judged (``None``)."""


def tally_checks(connection: Connection, scope: Scope) -> CheckTally:
    """The checks of the reports in scope, counted."""
    checks = schema.checks.c
    statement = (
        select(checks.rule, checks.subject, checks.holds, func.count())
        .join(schema.reports, checks.report_key == schema.reports.c.key)
        .where(*report_conditions(scope))
        .group_by(checks.rule, checks.subject, checks.holds)
    )
    return {
        (rule, subject, None if holds is None else bool(holds)): number
        for rule, subject, holds, number in connection.execute(statement)
    }


def tally_failures(connection: Connection, scope: Scope) -> dict[str, dict[str, int]]:
    """For each report in scope that has checks which fail: how many, by rule."""
    checks, reports = schema.checks.c, schema.reports.c
    statement = (
        select(reports.report_id, checks.rule, func.count())
        .join(schema.reports, checks.report_key == reports.key)
        .where(checks.holds.is_(False), *report_conditions(scope))
        .group_by(reports.report_id, checks.rule)
    )
    tally: dict[str, dict[str, int]] = {}
    for report_id, rule, number in connection.execute(statement):
        tally.setdefault(report_id, {})[rule] = number
    return tally


def tally_states(connection: Connection, scope: Scope, states: Collection[State]) -> dict[str, int]:
    """For each report in scope that has figures of its own year in one of the states: how many."""
    figures, reports = schema.resolved_figures.c, schema.reports.c
    statement = (
        select(reports.report_id, func.count())
        .join(schema.reports, figures.report_key == reports.key)
        .where(figures.state.in_([state.value for state in states]), *_own(figures, reports), *report_conditions(scope))
        .group_by(reports.report_id)
    )
    return {row.report_id: row[1] for row in connection.execute(statement)}


def told_of_year_before(connection: Connection, scope: Scope) -> set[tuple[str, str]]:
    """The reports in scope and full metric ids of which they state a figure of their issuer for the year before."""
    figures, reports = schema.resolved_figures.c, schema.reports.c
    statement = (
        select(reports.report_id, figures.metric, figures.column)
        .join(schema.reports, figures.report_key == reports.key)
        .where(figures.year == reports.year - 1, figures.body_key == reports.body_key, *report_conditions(scope))
    )
    return {
        (report_id, metric if column is None else f"{metric}{COLUMN_SEPARATOR}{column}")
        for report_id, metric, column in connection.execute(statement)
    }


def _own(figures: Any, reports: Any) -> Sequence[ColumnElement[bool]]:
    """Of the issuer and of the report's year, or of no year where none is known."""
    same_year = or_(figures.year == reports.year, figures.year.is_(None))
    return (figures.body_key == reports.body_key, same_year)
