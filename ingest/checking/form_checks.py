"""Judges the identities of the form's tables: I1, I2, I3, I5, and the sums that a table gives besides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from ingest.checking.check_sides import Cells, added, equal, summed
from ingest.forms.identities import Identity, application_identities, cell_id
from vectorstore.catalogue import catalogue
from vectorstore.records import Check, CheckSide

_LABELS = {
    "outcome_total": ("各项办理结果之和", "办理结果总计"),
    "balance": ("本年新收加上年结转", "办理结果总计加结转下年度"),
}


def check_form(cells: Cells, report_id: str) -> Iterable[Check]:
    """Every identity of which a number is there; where some are unknown, also whether the parts exceed the whole."""
    yield from _application_checks(cells, report_id)
    yield from _group_totals(cells, report_id)
    yield from _dispute_totals(cells, report_id)


def _application_checks(cells: Cells, report_id: str) -> Iterable[Check]:
    stated = {figure.metric for figure in cells.values()}
    for identity in application_identities(stated):
        left_ids, right_ids = _cell_ids(identity)
        if cells.keys().isdisjoint(left_ids) and cells.keys().isdisjoint(right_ids):
            continue
        left_label, right_label = _labels(identity)
        left, right = summed(left_label, cells, left_ids), summed(right_label, cells, right_ids)
        subject = right_ids[0] if identity.rule != "balance" else left_ids[0]
        yield equal(report_id, identity.rule, subject, left, right)
        if identity.rule != "balance":
            yield from _part_over_whole(cells, report_id, subject, left_ids, left, right)


@lru_cache(maxsize=1024)
def _cell_ids(identity: Identity) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(cell_id(*place) for place in identity.left), tuple(cell_id(*place) for place in identity.right)


@lru_cache(maxsize=1024)
def _labels(identity: Identity) -> tuple[str, str]:
    if identity.rule == "row_total":
        name = catalogue().name(identity.place)
        return f"{name}：六类申请人之和", f"{name}：总计"
    column = catalogue().column(identity.place).name_zh
    left, right = _LABELS[identity.rule]
    return f"{column}：{left}", f"{column}：{right}"


def _part_over_whole(
    cells: Cells, report_id: str, subject: str, part_ids: Sequence[str], left: CheckSide, right: CheckSide
) -> Iterable[Check]:
    """A failure of parts that exceed the whole although some are unknown; nothing where they don't."""
    if left.value is not None or right.value is None:
        return
    parts = [figure for i in part_ids if (figure := cells.get(i)) is not None and figure.value is not None]
    if added(parts) > right.value:
        known = replace(left, label=f"{left.label}（仅已知各项）", value=added(parts))
        yield Check(report_id, "part_over_whole", subject, False, known, right)


def _group_totals(cells: Cells, report_id: str) -> Iterable[Check]:
    """Where a table gives a sum of its own for 不予公开 and its like beside the group's rows."""
    form = catalogue()
    for metric in form.metrics.values():
        if not metric.sum_of or not metric.has_columns:
            continue
        for column in form.application_columns:
            subject = cell_id(metric.id, column.id)
            leaves = [cell_id(leaf, column.id) for leaf in metric.sum_of]
            if subject in cells and any(leaf in cells for leaf in leaves):
                left = summed(f"{metric.name_zh}：{column.name_zh}，各项之和", cells, leaves)
                right = summed(f"{metric.name_zh}：{column.name_zh}，小计", cells, [subject])
                yield equal(report_id, "group_total", subject, left, right)


def _dispute_totals(cells: Cells, report_id: str) -> Iterable[Check]:
    form = catalogue()
    for group in form.dispute_groups:
        total = f"{group.id}_total"
        parts = [f"{group.id}_{result.id}" for result in form.dispute_results if result.id != "total"]
        if any(metric_id in cells for metric_id in (*parts, total)):
            left = summed(f"{group.name_zh}：四种结果之和", cells, parts)
            right = summed(f"{group.name_zh}：总计", cells, [total])
            yield equal(report_id, "dispute_total", total, left, right)
            yield from _part_over_whole(cells, report_id, total, parts, left, right)
