"""Tells which row of the form's second table each line of labels names, from all of them together.

A label alone doesn't decide: two rows end in 总计, three are called 其他, and bodies add sums of their own. What
stands above a row, and which other rows there are, does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.forms.labels import application_parents, application_rows, application_subtotals, label_key, sum_words
from vectorstore.catalogue import catalogue
from vectorstore.folding import fold_label

NO_METRIC = ""
"""A row that is named and counts nothing of the form: a sum that a body added."""

_TOP_ROWS = ("applications_new", "applications_carried_in", "applications_carried_out")
_OTHER_PARENT = "其他处理"
_OTHER_SIBLINGS = ("other_no_correction", "other_fee_unpaid")
_TOTAL_NUMBER = re.compile(r"^(?:\(七\)|㈦|七[、.,]|\(7\)|7[、.,])")


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """The labels of a row from left to right, parents among them, and whether it holds anything behind them."""

    labels: tuple[str, ...]
    is_filled: bool


@dataclass(slots=True)
class _Naming:
    labels: tuple[str, ...]
    is_filled: bool
    parent: str | None
    metric: str | None
    is_parent_row: bool
    is_part: bool


def name_rows(rows: Sequence[LabelledRow]) -> list[str | None]:
    """For each row the metric that it counts, ``NO_METRIC``, or ``None`` where its label doesn't say."""
    namings = _first_guesses(rows)
    _settle_parts_of_labels(namings)
    _settle_totals(namings)
    _settle_parts(namings)
    return [naming.metric for naming in namings]


def _first_guesses(rows: Sequence[LabelledRow]) -> list[_Naming]:
    namings: list[_Naming] = []
    parent: str | None = None
    previous: str | None = None
    for row in rows:
        for label in row.labels:
            parent = application_parents().exact(label) or parent
        last = row.labels[-1] if row.labels else ""
        is_parent_row = bool(last) and application_parents().exact(last) is not None
        is_part = label_key(last) in sum_words()["part"]
        metric = None if is_parent_row or is_part or not last else _metric_of(row.labels)
        if metric == "other_misc" and not (parent == _OTHER_PARENT or previous in _OTHER_SIBLINGS):
            metric = None
        if metric == "result_total" and parent is None and previous is None:
            metric = None
        if metric in _TOP_ROWS:
            parent = None  # 四、结转 ends what stood above it
        previous = metric or previous
        namings.append(_Naming(row.labels, row.is_filled, parent, metric, is_parent_row, is_part))
    return namings


def _metric_of(labels: Sequence[str]) -> str | None:
    last = labels[-1]
    return _metric_named(last) or _metric_named("".join(dict.fromkeys(labels)))


def _metric_named(label: str) -> str | None:
    """The row that a label names, also with its parent's label glued before it."""
    if found := application_rows().find(label):
        return found
    key = label_key(label)
    for row in catalogue().application_rows:
        parent = label_key(row.parent)
        if parent and key.startswith(parent) and len(key) > len(parent):
            return application_rows().find(key.removeprefix(parent).lstrip("0123456789"))
    return None


def _settle_totals(namings: Sequence[_Naming]) -> None:
    """One of the rows called 总计 is the form's; the others are sums of the group that they stand in."""
    totals = [i for i, naming in enumerate(namings) if naming.metric == "result_total" and naming.is_filled]
    numbered = [i for i in totals if _TOTAL_NUMBER.match(fold_label(namings[i].labels[-1]))]
    if len(totals) < 2:
        if totals and not numbered and any(_is_nameless(naming) for naming in namings):
            namings[totals[0]].metric = None  # the form's own may be one of those that lost their label
        return
    outflow = next((i for i, n in enumerate(namings) if n.metric == "applications_carried_out"), len(namings))
    before = [i for i in totals if i < outflow]
    chosen = numbered[0] if len(numbered) == 1 else (before or totals)[-1]
    if len(numbered) > 1:
        return  # the table stands there twice
    for index in totals:
        if index != chosen:
            namings[index].metric = application_subtotals().get(namings[index].parent or "", NO_METRIC)


def _settle_parts_of_labels(namings: Sequence[_Naming]) -> None:
    """（六）其他 on a line without values is the beginning of （六）其他处理 where a row 3.其他 has some."""
    filled = {naming.metric for naming in namings if naming.is_filled}
    for naming in namings:
        if naming.metric and not naming.is_filled and naming.metric in filled:
            naming.metric = NO_METRIC


def _is_nameless(naming: _Naming) -> bool:
    return naming.metric is None and naming.is_filled and not naming.is_parent_row and not naming.is_part


def _settle_parts(namings: Sequence[_Naming]) -> None:
    """Rows that sum up a group: 小计 below it, or numbers beside the group's own label."""
    placed = {naming.metric for naming in namings}
    nameless = any(_is_nameless(naming) for naming in namings)
    for naming in namings:
        if naming.metric is not None or not naming.is_filled or not (naming.is_part or naming.is_parent_row):
            continue
        subtotal = application_subtotals().get(naming.parent or "")
        if naming.is_part:
            naming.metric = subtotal or NO_METRIC
        elif subtotal is not None:
            leaves = set(catalogue().metrics[subtotal].sum_of)
            # The former form has one row for （六）其他处理. Where a group's own rows are there, this is their sum; but
            # where some of them are, and this stands in the place of a row, it is a row that lost its label.
            if leaves <= placed or (not leaves & placed and not nameless):
                naming.metric = subtotal
