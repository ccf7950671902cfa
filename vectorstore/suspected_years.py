"""Finds the reports that a check between two years may fail in, without reading any figure whole.

Of 10,000 reports, a hundred contradict the year before; to learn that from whole figures takes ten seconds, from bare
numbers one.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, select

from vectorstore import schema
from vectorstore.year_comparisons import CARRIED_IN, CARRIED_OUT, STOCKS

_Numbers = dict[tuple[str, str | None, int], float]
"""A report's numbers, by metric, column, and how many years before the report's own."""


def suspected_years(connection: Connection) -> set[str]:
    """The ids of the reports that state, for or together with the year before, other numbers than its report does.

    All that `vectorstore.year_comparisons.check_years` finds to fail are among them; a few others may be.
    """
    reports = schema.reports.c
    listed = connection.execute(
        select(reports.key, reports.report_id, reports.body_key, reports.year).where(
            reports.superseded_by.is_(None), reports.year.is_not(None)
        )
    ).all()
    by_year = defaultdict(list)
    for row in listed:
        by_year[row.body_key, row.year].append(row.key)
    numbers = _numbers(connection)
    suspected = set()
    for row in listed:
        before = by_year.get((row.body_key, row.year - 1), [])
        if len(before) == 1 and _differ(numbers[before[0]], numbers[row.key]):
            suspected.add(str(row.report_id))
    return suspected


def _numbers(connection: Connection) -> defaultdict[int, _Numbers]:
    figures, reports = schema.resolved_figures.c, schema.reports.c
    parts = [f"{stock}_{part}" for stock in STOCKS for part in ("issued", "repealed", "in_force")]
    found: defaultdict[int, _Numbers] = defaultdict(dict)
    statement = (
        select(figures.report_key, figures.metric, figures.column, reports.year - figures.year, figures.number)
        .join(schema.reports, figures.report_key == reports.key)
        .where(figures.number.is_not(None), figures.body_key == reports.body_key)
    )
    own = figures.metric.in_([CARRIED_IN, CARRIED_OUT, *parts]) & (figures.year == reports.year)
    for condition in (own, figures.year == reports.year - 1):
        for key, metric, column, ago, number in connection.execute(statement.where(condition)):
            found[key][metric, column, ago] = number
    _add_former(connection, found)
    return found


def _add_former(connection: Connection, found: defaultdict[int, _Numbers]) -> None:
    """What is compared with the year before in words, of which that year's report must be asked."""
    told = {(metric, column) for numbers in found.values() for metric, column, ago in numbers if ago == 1}
    figures, reports = schema.resolved_figures.c, schema.reports.c
    if not told:
        return
    statement = (
        select(figures.report_key, figures.metric, figures.column, figures.number)
        .join(schema.reports, figures.report_key == reports.key)
        .where(
            figures.number.is_not(None),
            figures.body_key == reports.body_key,
            figures.year == reports.year,
            figures.metric.in_(sorted({metric for metric, _ in told})),
        )
    )
    for key, metric, column, number in connection.execute(statement):
        if (metric, column) in told:
            found[key][metric, column, 0] = number


def _differ(before: _Numbers, now: _Numbers) -> bool:
    for (metric, column, ago), number in now.items():
        if ago == 1 and before.get((metric, column, 0), number) != number:
            return True
        if ago == 0 and metric == CARRIED_IN and before.get((CARRIED_OUT, column, 0), number) != number:
            return True
    for stock in STOCKS:
        of_stock = [
            before.get((f"{stock}_in_force", None, 0)),
            *(now.get((f"{stock}_{part}", None, 0)) for part in ("issued", "repealed", "in_force")),
        ]
        if None not in of_stock:
            former, issued, repealed, in_force = (number or 0.0 for number in of_stock)
            if former + issued - repealed != in_force:
                return True
    return False
