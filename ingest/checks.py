"""Holds a report's figures against the form's identities and against one another, and derives sums from them.

A check says which two numbers should be equal and whether they are; where a number is unknown it says that it can't be
judged. Identities of the form are judged on its tables alone; prose is compared with tables and with prose apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue
from vectorstore.records import Check, CheckSide, Figure, Origin, Span, State

_TABLE_ORIGINS = (Origin.TABLE, Origin.IMAGE)
_PROACTIVE = "proactive_total"
_CHANNELS = ("proactive_website", "proactive_wechat")
# In characters: channels further away than a long paragraph belong to another statement.
_CHANNEL_REACH = 400
_Key = tuple[str, int | None]
_Cells = dict[str, Figure]


def run_checks(figures: Sequence[Figure], report_id: str) -> tuple[Check, ...]:
    """Every check that the figures give occasion for, body by body and year by year.

    Rules: ``row_total`` (I1), ``outcome_total`` (I2), ``balance`` (I3), ``dispute_total`` (I5), ``channel_sum``,
    ``narrative_against_table``, ``narrative_against_narrative``. A rule none of whose numbers is there gives no check.
    """
    checks: list[Check] = []
    for group in _by_body_and_year(figures).values():
        cells = _table_cells(group)
        checks.extend(_row_totals(cells, report_id))
        checks.extend(_outcome_totals(cells, report_id))
        checks.extend(_balances(cells, report_id))
        checks.extend(_dispute_totals(cells, report_id))
        checks.extend(_channel_sums(group, report_id))
        checks.extend(_prose_checks(group, report_id))
    return tuple(checks)


def derive(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """The sums of the catalogue whose addends the tables all give: new figures, in the catalogue's order.

    Each is placed at its first addend's row and says in its note what was added. Where prose states the same sum,
    both readings are kept.
    """
    derived: list[Figure] = []
    for group in _by_body_and_year(figures).values():
        cells = _table_cells(group)
        for metric in catalogue().metrics.values():
            if not metric.sum_of:
                continue
            columns = [None, *(c.id for c in catalogue().applicant_columns)] if metric.has_columns else [None]
            for column in columns:
                addends = [cells.get(_id(addend, column)) for addend in metric.sum_of]
                if sum_ := _derived(metric.id, metric.unit, column, addends):
                    derived.append(sum_)
    return tuple(derived)


def _derived(metric: str, unit: str, column: str | None, addends: Sequence[Figure | None]) -> Figure | None:
    known = [f for f in addends if f is not None and f.value is not None]
    if not known or len(known) != len(addends):
        return None
    terms = "、".join(f"{catalogue().name(f.metric_id)}{_plain(f.value)}" for f in known)
    return replace(
        known[0],
        metric=metric,
        column=column,
        unit=unit,
        value=sum((f.value for f in known if f.value is not None), Decimal(0)),
        state=State.DERIVED,
        origin=Origin.DERIVED,
        cell=None,
        note=f"由以下各项相加得出：{terms}。",
    )


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


def _id(metric: str, column: str | None) -> str:
    return metric if column in (None, "total") else f"{metric}{COLUMN_SEPARATOR}{column}"


def _by_body_and_year(figures: Iterable[Figure]) -> dict[_Key, list[Figure]]:
    groups: dict[_Key, list[Figure]] = defaultdict(list)
    for figure in figures:
        groups[figure.body_id, figure.year].append(figure)
    return groups


def _table_cells(figures: Iterable[Figure]) -> _Cells:
    """The tables' figures by full metric id; of two tables that both give a cell, neither: they may differ."""
    cells: _Cells = {}
    twice: set[str] = set()
    for figure in figures:
        is_pictured = figure.origin is Origin.IMAGE and figure.value is None
        if figure.origin in _TABLE_ORIGINS and not is_pictured:
            former = cells.setdefault(figure.metric_id, figure)
            if former.value != figure.value:
                twice.add(figure.metric_id)
    return {metric_id: figure for metric_id, figure in cells.items() if metric_id not in twice}


def _side(label: str, cells: _Cells, metric_ids: Sequence[str]) -> CheckSide:
    found = [cells.get(metric_id) for metric_id in metric_ids]
    known = [f for f in found if f is not None and f.value is not None]
    value = sum((f.value for f in known if f.value is not None), Decimal(0)) if len(known) == len(found) else None
    return CheckSide(label, value, tuple(_place(f) for f in known))


def _place(figure: Figure) -> Span:
    # The cell's own characters, so that it can be told which cells a failing identity touches.
    return Span(figure.cell.start, figure.cell.end) if figure.cell else Span(figure.start, figure.end)


def _equal(report_id: str, rule: str, subject: str, left: CheckSide, right: CheckSide) -> Check:
    holds = None if left.value is None or right.value is None else left.value == right.value
    return Check(report_id, rule, subject, holds, left, right)


def _is_there(cells: _Cells, metric_ids: Iterable[str]) -> bool:
    return any(metric_id in cells for metric_id in metric_ids)


def _row_totals(cells: _Cells, report_id: str) -> Iterable[Check]:
    for row in catalogue().application_rows:
        addends = [_id(row.id, column.id) for column in catalogue().applicant_columns]
        if _is_there(cells, [*addends, row.id]):
            name = catalogue().name(row.id)
            left = _side(f"{name}：六类申请人之和", cells, addends)
            yield _equal(report_id, "row_total", row.id, left, _side(f"{name}：总计", cells, [row.id]))


def _outcome_totals(cells: _Cells, report_id: str) -> Iterable[Check]:
    rows = catalogue().application_rows
    for column in catalogue().application_columns:
        addends = [_id(row.id, column.id) for row in rows if row.part == "outcome"]
        totals = [_id(row.id, column.id) for row in rows if row.part == "outcome_total"]
        if _is_there(cells, [*addends, *totals]):
            left = _side(f"{column.name_zh}：各项办理结果之和", cells, addends)
            right = _side(f"{column.name_zh}：办理结果总计", cells, totals)
            yield _equal(report_id, "outcome_total", totals[0], left, right)


def _balances(cells: _Cells, report_id: str) -> Iterable[Check]:
    rows = catalogue().application_rows
    for column in catalogue().application_columns:
        inflow = [_id(row.id, column.id) for row in rows if row.part == "inflow"]
        outflow = [_id(row.id, column.id) for row in rows if row.part in ("outcome_total", "outflow")]
        if _is_there(cells, [*inflow, *outflow]):
            left = _side(f"{column.name_zh}：本年新收加上年结转", cells, inflow)
            right = _side(f"{column.name_zh}：办理结果总计加结转下年度", cells, outflow)
            yield _equal(report_id, "balance", inflow[0], left, right)


def _dispute_totals(cells: _Cells, report_id: str) -> Iterable[Check]:
    form = catalogue()
    for group in form.dispute_groups:
        total = f"{group.id}_total"
        addends = [f"{group.id}_{result.id}" for result in form.dispute_results if result.id != "total"]
        if _is_there(cells, [*addends, total]):
            left = _side(f"{group.name_zh}：四种结果之和", cells, addends)
            yield _equal(report_id, "dispute_total", total, left, _side(f"{group.name_zh}：总计", cells, [total]))


def _channel_sums(figures: Sequence[Figure], report_id: str) -> Iterable[Check]:
    """Each statement of a total against the channels stated behind it, up to the next total.

    Other channels may make up what is missing, so a smaller sum can't be judged; a larger one fails.
    """
    prose = sorted((f for f in figures if f.value is not None and f.metric in (_PROACTIVE, *_CHANNELS)), key=_position)
    totals = [figure for figure in prose if figure.metric == _PROACTIVE]
    for index, total in enumerate(totals):
        following = totals[index + 1].start if index + 1 < len(totals) else None
        channels: dict[str, Figure] = {}
        for figure in prose:
            near = total.start <= figure.start < total.start + _CHANNEL_REACH
            if figure.metric in _CHANNELS and near and (following is None or figure.start < following):
                channels.setdefault(figure.metric, figure)
        if len(channels) < len(_CHANNELS) or any(f.qualifier for f in (total, *channels.values())):
            continue
        added = sum((f.value for f in channels.values() if f.value is not None), Decimal(0))
        label = "加".join(catalogue().name(metric) for metric in channels)
        left = CheckSide(label, added, tuple(_place(f) for f in channels.values()))
        right = _one(catalogue().name(_PROACTIVE), total)
        check = _equal(report_id, "channel_sum", _PROACTIVE, left, right)
        is_less = total.value is not None and added < total.value
        yield replace(check, holds=None) if is_less else check


def _position(figure: Figure) -> tuple[int, bool]:
    # Readings of one sentence share its span; the total stands first in it.
    return figure.start, figure.metric != _PROACTIVE


def _prose_checks(figures: Sequence[Figure], report_id: str) -> Iterable[Check]:
    prose: dict[str, list[Figure]] = defaultdict(list)
    tables: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.value is None or figure.qualifier:
            continue  # 200余 can't be held against 217
        if figure.origin is Origin.NARRATIVE:
            prose[figure.metric_id].append(figure)
        elif figure.origin in _TABLE_ORIGINS or (figure.origin is Origin.DERIVED and _is_sum(figure)):
            tables[figure.metric_id].append(figure)
    for metric_id, stated in prose.items():
        name = catalogue().name(metric_id)
        for cell in tables[metric_id]:
            for reading in _distinct(stated):
                right = _one(f"表格：{name}", cell)
                yield _equal(report_id, "narrative_against_table", metric_id, _one(f"正文：{name}", reading), right)
        first, *others = _distinct(stated)
        if len(stated) > 1 and not others:
            others = [stated[1]]
        for reading in others:
            right = _one(f"正文另一处：{name}", reading)
            yield _equal(report_id, "narrative_against_narrative", metric_id, _one(f"正文：{name}", first), right)


def _is_sum(figure: Figure) -> bool:
    # Prose derives figures too ("较去年减少1件"); a sum of the catalogue comes from the tables.
    return bool(catalogue().metrics[figure.metric].sum_of)


def _distinct(readings: Iterable[Figure]) -> list[Figure]:
    """The first reading of each value."""
    by_value: dict[Decimal | None, Figure] = {}
    for reading in readings:
        by_value.setdefault(reading.value, reading)
    return list(by_value.values())


def _one(label: str, figure: Figure) -> CheckSide:
    return CheckSide(label, figure.value, (_place(figure),))
