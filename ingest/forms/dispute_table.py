"""Reads the form's third table, 行政复议、行政诉讼情况: fifteen values, each of a group and a result.

In a true grid a value belongs to the group and the result that stand above it or before it, so that the table may be
turned, parted in two, or in any order. Where there are only cells in order, the header must be the form's own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from ingest.documents import Cell
from ingest.forms.cells import CellValue
from ingest.forms.form_rows import MISCOUNTED, Entry, FigureMaker, FormRow, aligned, count_of
from ingest.forms.labels import dispute_groups, dispute_results, label_key, litigation_labels, sum_words
from vectorstore.catalogue import catalogue
from vectorstore.records import Figure, State

_UNIT = "件"
_LITIGATION = "行政诉讼"
# So many of the fifteen result labels must be legible for the header to be trusted.
_MOST_ILLEGIBLE = 2
_FEWEST_VALUES = 5
# In rows; longer ones are the table over and over, and looked at no further.
_LONGEST_HEADER = 50
# Where a narrow column breaks the results' labels.
_BROKEN = {"结果维持": "维持", "结果纠正": "纠正", "其他结果": "结果", "尚未审结": "审结"}
_HEADS = {label.removesuffix(tail) for label, tail in _BROKEN.items()}
_IN_BRACKETS = re.compile(r"[（(]([^（）()]+)[）)]")
_SERIAL = ("序号", "编号")
_Placed = list[tuple[str, Cell, CellValue, FormRow]]


def is_dispute_label(label: str) -> bool:
    """Whether a label belongs to this table and to no other of the form."""
    return (
        label_key(label) in litigation_labels()
        or _group_of(label) is not None
        or dispute_results().exact(label) in ("upheld", "corrected", "pending")
    )


def _group_of(label: str) -> str | None:
    """The group that a label names, also in brackets: 行政诉讼（复议后起诉）."""
    if found := dispute_groups().find(label):
        return found
    if label_key(label) not in litigation_labels() or (inside := _IN_BRACKETS.search(label)) is None:
        return None
    return dispute_groups().find(inside[1])


def read_dispute_rows(rows: Sequence[FormRow], maker: FigureMaker) -> list[Figure]:
    """The figures of the rows that belong to this table, in order."""
    figures: list[Figure] = []
    for part in _parts(rows):
        placed = _by_place(part) or _by_labels(part)
        if placed:
            figures.extend(_figure(metric, cell, read, row, maker) for metric, cell, read, row in placed)
        else:
            figures.extend(_counted(part, maker))
    return figures


def _figure(metric: str, cell: Cell, read: CellValue, row: FormRow, maker: FigureMaker) -> Figure:
    value, note = count_of(read)
    return maker.figure(metric, None, _UNIT, value, row.span, cell, note, page=row.page)


def _is_header(row: FormRow) -> bool:
    """Whether a row only names: no number, and words of this table."""
    return not row.has_value and any(_is_own_word(label) for label in row.own_label_texts)


def _is_own_word(label: str) -> bool:
    return is_dispute_label(label) or dispute_results().find(label) is not None


def _parts(rows: Sequence[FormRow]) -> Iterable[list[FormRow]]:
    """The table's pieces: each a header with the rows below it; 复议 and 诉讼 may stand one below the other."""
    part: list[FormRow] = []
    has_values = False
    for row in rows:
        if _is_header(row) and has_values and len(row.own_label_texts) > 1:
            # The name of the group alone may stand above its results.
            end = len(part) - 1 if _is_header(part[-1]) else len(part)
            yield part[:end]
            part, has_values = part[end:], False
        part.append(row)
        has_values = has_values or (row.has_value and not _is_header(row))
    if part:
        yield part


def _by_place(rows: Sequence[FormRow]) -> _Placed:
    """The values by what stands above and before them in the grid; empty unless every value has its own place."""
    rows = [row for row in rows if _is_header(row) or any(e.is_own and e.read is not None for e in row.entries)]
    if not rows or any(row.width != rows[0].width or not row.width for row in rows):
        return []
    numbers = {column for row in rows for e in row.entries if _is_number(e) for column in e.columns}
    headers = [_is_header(row) and not _is_empty_line(row, numbers) for row in rows]
    has_numbers = any(_is_number(entry) for row in rows for entry in row.entries)
    stacks: dict[int, list[str]] = defaultdict(list)
    placed: _Placed = []
    for row, is_header in zip(rows, headers, strict=True):
        if is_header:
            for entry in row.entries:
                if entry.read is None:
                    for column in entry.columns:
                        stacks[column].append(entry.text)
            continue
        if has_numbers and not row.labels and not row.has_value:
            continue  # an empty row beside the values
        beside = [entry.text for entry in row.entries if entry.read is None]
        for entry in row.entries:
            if entry.read is None:
                continue
            above = [label for column in entry.columns for label in stacks[column]]
            metric = _address((*above, *beside))
            if metric is not None and entry.is_own:
                placed.append((metric, entry.cell, entry.read, row))
            elif _is_number(entry) and not any(label_key(label) in sum_words()["other"] for label in above):
                return []
    return _distinct(placed)


def _is_number(entry: Entry) -> bool:
    return entry.read is not None and entry.read.state is not State.BLANK


def _is_empty_line(row: FormRow, numbers: Collection[int]) -> bool:
    """Whether a row of words is one of values that are all empty: its words stand beside the numbers, not above."""
    words = {column for e in row.entries if e.read is None for column in e.columns}
    empty = {column for e in row.entries if e.read is not None for column in e.columns}
    return not words & set(numbers) and bool(empty & set(numbers))


def _address(labels: Iterable[str]) -> str | None:
    """The metric of the one group and the one result that the labels name."""
    groups, results = set(), set()
    for label in labels:
        group, result = _group_of(label), dispute_results().find(label)
        if group:
            groups.add(group)
        elif result:
            results.add(result)
    return f"{groups.pop()}_{results.pop()}" if len(groups) == len(results) == 1 else None


def _distinct(placed: _Placed) -> _Placed:
    """The values if no two are of one metric, but for cells that a copy repeated with the same number."""
    by_metric: dict[str, tuple[str, Cell, CellValue, FormRow]] = {}
    for value in placed:
        former = by_metric.setdefault(value[0], value)
        if former[2] != value[2]:
            return []
    whole_groups = len(by_metric) % len(catalogue().dispute_results) == 0
    return list(by_metric.values()) if whole_groups else []


def _by_labels(rows: Sequence[FormRow]) -> _Placed:
    """The values of a table turned on its side without a grid: a row for each result, its group above or before it."""
    group: str | None = None
    placed: _Placed = []
    for row in rows:
        named = [found for label in row.label_texts if (found := _group_of(label))]
        group = named[-1] if named else group
        result = dispute_results().find(row.label_texts[-1]) if row.labels else None
        if row.values:
            if len(row.values) != 1 or group is None or result is None:
                return []
            placed.append((f"{group}_{result}", *row.values[0], row))
    return _distinct(placed)


def _counted(rows: Sequence[FormRow], maker: FigureMaker) -> list[Figure]:
    """The values by their number alone, below a header whose groups and results are the form's."""
    figures: list[Figure] = []
    header: list[list[str]] = []
    labels: list[str] | None = None
    has_numbers = any(row.has_value for row in rows)
    for row in rows:
        if any(_is_own_word(label) or _is_tail(label) for label in row.label_texts):
            if len(header) < _LONGEST_HEADER:
                header.append(list(row.label_texts))
                labels = None
            if not row.has_value:
                continue
        # Fewer cells than a group has are no row of values; an empty row after the values is none either.
        if len(row.values) < _FEWEST_VALUES or (has_numbers and not row.has_value) or (figures and not row.has_value):
            continue
        if labels is None:
            labels = [label for part in _mended(header) for label in part]
            metrics = _metrics(labels)
        figures.extend(_row_figures(row, labels, metrics, maker))
    return figures


def _is_tail(label: str) -> bool:
    return label_key(label) in _BROKEN.values()


def _mended(header: Sequence[Sequence[str]]) -> list[list[str]]:
    """The header's labels with those put together that a converter broke over two rows: 结果 结果 / 维持 纠正."""
    mended: list[list[str]] = []
    for labels in header:
        tails = [label_key(label) for label in labels]
        above = mended[-1] if mended else []
        heads = [index for index, label in enumerate(above) if label_key(label) in _HEADS]
        if tails and all(tail in _BROKEN.values() for tail in tails) and len(heads) == len(tails):
            for index, tail in zip(heads, labels, strict=True):
                above[index] += tail
        else:
            mended.append(list(labels))
    return mended


def _may_be_shifted(values: Sequence[tuple[Cell, CellValue]]) -> bool:
    """Whether the last cell is empty and a group doesn't add up: then a cell may be lost before it."""
    size = len(catalogue().dispute_results)
    numbers = [read.value for _, read in values]
    for start in range(0, len(numbers), size):
        *results, total = numbers[start : start + size]
        known = [n for n in results if n is not None]
        if values[-1][1].state is State.BLANK and len(known) == len(results) and sum(known) != (total or 0):
            return True
    return False


def _all_metrics() -> tuple[str, ...]:
    form = catalogue()
    return tuple(f"{group.id}_{result.id}" for group in form.dispute_groups for result in form.dispute_results)


def _metrics(labels: Sequence[str]) -> tuple[str, ...] | None:
    """The metrics of the columns from left to right; ``None`` if the header isn't the form's, or one of its halves."""
    form = catalogue()
    groups: list[str] = []
    results: list[str | None] = []
    for label in labels:
        if group := _group_of(label):
            groups.append(group)
        elif label_key(label) in litigation_labels():
            groups.append(_LITIGATION)
        elif label_key(label) not in sum_words()["other"]:
            results.append(dispute_results().find(label))
    whole = [group.id for group in form.dispute_groups]
    named = list(dict.fromkeys(group for group in groups if group != _LITIGATION))
    if named not in (whole, whole[1:], *([group] for group in whole)):
        return None
    if _LITIGATION in groups and whole[0] in named and groups.index(_LITIGATION) < groups.index(whole[0]):
        return None  # the halves stand the other way round
    expected = [result.id for result in form.dispute_results] * len(named)
    size = len(form.dispute_results)
    if len(results) == len(expected) + size and results[:size] == results[size : 2 * size]:
        results = results[size:]  # a copy that repeated merged cells has the first group's results in two rows
    if len(results) != len(expected):
        return None
    legible = [(found, wanted) for found, wanted in zip(results, expected, strict=True) if found is not None]
    if len(legible) < len(expected) - _MOST_ILLEGIBLE or any(found != wanted for found, wanted in legible):
        return None
    return tuple(f"{group}_{result.id}" for group in named for result in form.dispute_results)


def _row_figures(
    row: FormRow, labels: Sequence[str], metrics: tuple[str, ...] | None, maker: FigureMaker
) -> list[Figure]:
    """A row's figures.

    Args:
        labels: Of the header.
        metrics: What these name.
    """
    numbered = any(label_key(label) in _SERIAL for label in labels)
    numbers = row.values[1:] if numbered else row.values
    values = aligned(numbers, len(metrics)) if metrics is not None and not row.has_gap else None
    if metrics is None or values is None or _may_be_shifted(values):
        affected = metrics or _all_metrics()
        return [maker.unreadable(metric, None, _UNIT, row.span, MISCOUNTED, row.page) for metric in affected]
    pairs = zip(metrics, values, strict=True)
    return [_figure(metric, cell, read, row, maker) for metric, (cell, read) in pairs]
