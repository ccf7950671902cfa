"""Holds a body's reports of two consecutive years against one another (I6).

What the year before said is known only when both reports are there, so these checks are made when they are asked for
and not kept. Each belongs to the later report; a side that the earlier one states names it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Protocol

from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue
from vectorstore.records import Check, CheckSide, Figure, Report, ResolvedFigure, Scope, Span, State

CARRIED_IN, CARRIED_OUT = "applications_carried_in", "applications_carried_out"
STOCKS = ("rules", "normative_docs")
_KNOWN = (State.STATED, State.DERIVED)
Figures = Mapping[str, ResolvedFigure]
"""One report's figures of its own body and year, by full metric id."""


class YearIndex(Protocol):
    """What these checks need of the index."""

    def reports(self, scope: Scope = ...) -> list[Report]: ...

    def figures(self, scope: Scope = ..., metric_ids: Collection[str] | None = ...) -> list[ResolvedFigure]: ...

    def told_of_year_before(self, scope: Scope = ...) -> set[tuple[str, str]]: ...


def compare_years(former: Iterable[ResolvedFigure], later: Iterable[ResolvedFigure]) -> tuple[Check, ...]:
    """The checks between a body's figures of one year and of the next.

    Args:
        former: What the report of the earlier year states of its own body and year.
        later: The same of the later year, and what that report says of the year before.

    ``carried_over``: what was carried in is what was carried over, column by column. ``stock_in_force``: documents in
    force are those of the year before, plus issued, less repealed. ``stated_of_year_before``: what a comparison with
    the year before implies is what that year's report states. A contradictory figure can't be judged.
    """
    before = {figure.metric_id: figure for figure in former}
    later = list(later)
    newest = max((figure.year for figure in later if figure.year is not None), default=None)
    now = {figure.metric_id: figure for figure in later if figure.year == newest}
    told = [figure for figure in later if newest is not None and figure.year == newest - 1]
    return (*_carried_over(before, now), *_stocks(before, now), *_told(before, told))


def check_years(index: YearIndex, scope: Scope) -> list[Check]:
    """The checks of every report in scope whose body reported the year before, in the order of reports."""
    reports = {report.report_id: report for report in index.reports(scope) if report.year is not None}
    if not reports:
        return []
    wide = replace(scope, years=(), report_ids=())
    if scope.report_ids:
        wide = replace(wide, body_ids=tuple(sorted({report.body_id for report in reports.values()})))
    everything = {r.report_id: r for r in index.reports(wide) if r.year is not None}
    of_year = defaultdict(list)
    for report in everything.values():
        of_year[report.body_id, report.year].append(report)
    before = {r.report_id: of_year[r.body_id, (r.year or 0) - 1] for r in reports.values()}
    pairs = {report_id: earlier[0] for report_id, earlier in before.items() if len(earlier) == 1}
    if not pairs:
        return []
    figures = _figures_of_pairs(index, scope, wide, pairs, everything)
    checks: list[Check] = []
    for report_id, earlier in pairs.items():
        own = [figure for figure in figures[earlier.report_id] if figure.year == earlier.year]
        checks.extend(compare_years(own, figures[report_id]))
    return checks


def _figures_of_pairs(
    index: YearIndex, scope: Scope, wide: Scope, pairs: Mapping[str, Report], everything: Mapping[str, Report]
) -> Mapping[str, list[ResolvedFigure]]:
    """What reports and those of the year before state of themselves, by report.

    Any metric may be told of the year before, but few reports tell it: only of those is more read than the form's
    balance and stock.
    """
    by_report: dict[str, list[ResolvedFigure]] = defaultdict(list)

    def read(within: Scope, metric_ids: Collection[str]) -> None:
        for figure in index.figures(within, metric_ids):
            issued = everything.get(figure.report_id)
            if issued is not None and figure.body_id == issued.body_id:
                by_report[figure.report_id].append(figure)

    always = _metric_ids()
    read(wide, always)
    told = {(report_id, i) for report_id, i in index.told_of_year_before(scope) if report_id in pairs}
    more = {metric_id for _, metric_id in told}.difference(always)
    if more:
        both = {found for report_id, _ in told for found in (report_id, pairs[report_id].report_id)}
        read(Scope(report_ids=tuple(sorted(both))), more)
    return by_report


def _metric_ids() -> tuple[str, ...]:
    """What is carried over, column by column, and the stocks of documents."""
    columns = [f"{row}{COLUMN_SEPARATOR}{c}" for row in (CARRIED_IN, CARRIED_OUT) for c in _columns() if c]
    stocks = [f"{stock}_{part}" for stock in STOCKS for part in ("issued", "repealed", "in_force")]
    return (CARRIED_IN, CARRIED_OUT, *columns, *stocks)


def _columns() -> tuple[str | None, ...]:
    return (None, *(column.id for column in catalogue().applicant_columns))


def _carried_over(before: Figures, now: Figures) -> Iterable[Check]:
    for column in _columns():
        suffix = "" if column is None else f"{COLUMN_SEPARATOR}{column}"
        out, carried = before.get(CARRIED_OUT + suffix), now.get(CARRIED_IN + suffix)
        if out is not None and carried is not None:
            yield _equal("carried_over", carried, _side(carried), _side(out, carried))


def _stocks(before: Figures, now: Figures) -> Iterable[Check]:
    for stock in STOCKS:
        in_force, former = now.get(f"{stock}_in_force"), before.get(f"{stock}_in_force")
        issued, repealed = now.get(f"{stock}_issued"), now.get(f"{stock}_repealed")
        if in_force is None or former is None or issued is None or repealed is None:
            continue
        values = [_value(figure) for figure in (former, issued, repealed)]
        expected = None if None in values else _sum(values[:2]) - _sum(values[2:])
        label = f"上年现行有效{_plain(former)}加本年制发{_plain(issued)}减本年废止{_plain(repealed)}"
        right = CheckSide(label, expected, _spans(former), former.report_id)
        yield _equal("stock_in_force", in_force, _side(in_force), right)


def _told(before: Figures, told: Iterable[ResolvedFigure]) -> Iterable[Check]:
    for figure in told:
        former = before.get(figure.metric_id)
        is_approximate = any(reading.qualifier for reading in figure.readings)
        if former is not None and not is_approximate:
            yield _equal("stated_of_year_before", figure, _side(figure), _side(former, figure))


def _equal(rule: str, of: ResolvedFigure, left: CheckSide, right: CheckSide) -> Check:
    holds = None if left.value is None or right.value is None else left.value == right.value
    return Check(of.report_id, rule, of.metric_id, holds, left, right)


def _side(figure: ResolvedFigure, check_of: ResolvedFigure | None = None) -> CheckSide:
    year = "" if figure.year is None else f"{figure.year}年"
    side = CheckSide(f"{year}{catalogue().name(figure.metric_id)}", _value(figure), _spans(figure))
    is_other = check_of is not None and check_of.report_id != figure.report_id
    return replace(side, report_id=figure.report_id) if is_other else side


def _value(figure: ResolvedFigure) -> Decimal | None:
    return figure.value if figure.state in _KNOWN else None


def _sum(values: Sequence[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))


def _plain(figure: ResolvedFigure) -> str:
    value = _value(figure)
    return "未知" if value is None else f"{value:f}"


def _spans(figure: ResolvedFigure) -> tuple[Span, ...]:
    return tuple(dict.fromkeys(_place(reading) for reading in figure.readings))


def _place(reading: Figure) -> Span:
    return Span(reading.cell.start, reading.cell.end) if reading.cell else Span(reading.start, reading.end)
