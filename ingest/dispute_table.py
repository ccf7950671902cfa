"""Reads the form's third table, 行政复议、行政诉讼情况: a row of fifteen values under three groups of five results."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.form_rows import FigureMaker, FormRow, count_of
from ingest.labels import dispute_groups, dispute_results, label_key
from ingest.proactive_table import MISCOUNTED
from vectorstore.catalogue import catalogue
from vectorstore.records import Figure

_UNIT = "件"
_LITIGATION = "行政诉讼"
# So many of the fifteen result labels must be legible for the header to be trusted.
_FEWEST_LEGIBLE = 13
_FEWEST_VALUES = 5


def is_dispute_label(label: str) -> bool:
    """Whether a label belongs to this table and to no other of the form."""
    return (
        label_key(label) == _LITIGATION
        or dispute_groups().find(label) is not None
        or dispute_results().exact(label) in ("upheld", "corrected", "pending")
    )


def read_dispute_rows(rows: Sequence[FormRow], maker: FigureMaker, page: int | None) -> list[Figure]:
    """The figures of the rows that belong to this table, in order."""
    figures: list[Figure] = []
    groups: list[str] = []
    results: list[str | None] = []
    for row in rows:
        if any(is_dispute_label(label) for label in row.label_texts):
            for label in row.label_texts:
                if group := dispute_groups().find(label):
                    groups.append(group)
                elif label_key(label) != _LITIGATION:
                    results.append(dispute_results().find(label))
            continue
        # Fewer cells than a group has are no row of values; an empty row after the values is none either.
        if len(row.values) < _FEWEST_VALUES or (figures and not row.has_value):
            continue
        figures.extend(_row_figures(row, _metrics(groups, results), maker, page))
    return figures


def _all_metrics() -> tuple[str, ...]:
    form = catalogue()
    return tuple(f"{group.id}_{result.id}" for group in form.dispute_groups for result in form.dispute_results)


def _metrics(groups: Sequence[str], results: Sequence[str | None]) -> tuple[str, ...] | None:
    """The metrics of the columns from left to right; ``None`` if the header isn't the form's."""
    form = catalogue()
    if list(groups) != [group.id for group in form.dispute_groups]:
        return None
    expected = [result.id for result in form.dispute_results] * len(form.dispute_groups)
    if len(results) != len(expected):
        return None
    legible = [(found, wanted) for found, wanted in zip(results, expected, strict=True) if found is not None]
    if len(legible) < _FEWEST_LEGIBLE or any(found != wanted for found, wanted in legible):
        return None
    return _all_metrics()


def _row_figures(row: FormRow, metrics: tuple[str, ...] | None, maker: FigureMaker, page: int | None) -> list[Figure]:
    if metrics is None or len(row.values) != len(metrics):
        return [maker.unreadable(metric, None, _UNIT, row.span, MISCOUNTED, page) for metric in _all_metrics()]
    figures = []
    for metric, (cell, read) in zip(metrics, row.values, strict=True):
        value, note = count_of(read)
        figures.append(maker.figure(metric, None, _UNIT, value, row.span, cell, note, page=page))
    return figures
