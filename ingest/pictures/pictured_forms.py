"""Finds out which table of the form a grid shows, and which metric each of its cells belongs to, by the labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from ingest.forms import labels
from ingest.forms.labels import label_key
from ingest.pictures.certification import OLDER_OUTCOME
from ingest.pictures.table_grids import GridCell, TableGrid
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue
from vectorstore.folding import fold_label
from vectorstore.records import SectionRole

_IDEOGRAPH = re.compile("[\u3400-\u9fff]")
_PUNCTUATION = re.compile(r"[\W_]+")
_FEWEST_LABELS = 3
# A label with one character in five misread still scores 80.
_SURE_LIKENESS = 75
_LEAST_LIKENESS = 50
_LEAST_LIKENESS_BETWEEN = 35
_LEAST_SURE_SHARE = 0.6
_SHORTEST_WHOLE = 4
_TWO_LABELS = "?"
_WHOLE_LIKENESS = 80
_FEWEST_RESULTS = 9
_CONTENT = "信息内容"


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell of the form on a grid, with its full metric id."""

    metric: str
    cell: GridCell


def find_role(texts: Sequence[str]) -> SectionRole | None:
    """Which table the texts of cells or words are of; ``None`` where too few of its labels are among them."""
    dispute = {labels.dispute_results().exact(t) for t in texts} & {"upheld", "corrected", "pending"}
    found = {
        SectionRole.PROACTIVE_TABLE: {labels.proactive_rows().find(t) for t in texts}
        | {labels.proactive_columns().find(t) for t in texts},
        SectionRole.APPLICATION_TABLE: {labels.application_rows().find(t) for t in texts},
        SectionRole.DISPUTE_TABLE: dispute | {labels.dispute_groups().find(t) for t in texts},
    }
    # 总计 and 其他 are labels of more than one table.
    found[SectionRole.APPLICATION_TABLE] -= {"result_total", "other_misc"}
    counts = {role: len(matched - {None}) for role, matched in found.items()}
    best = max(counts, key=lambda role: counts[role])
    return best if counts[best] >= _FEWEST_LABELS else None


def locate(role: SectionRole, grid: TableGrid) -> tuple[FormCell, ...]:
    """The cells of the table's values that can be told with certainty; empty where its structure isn't the form's."""
    if role is SectionRole.APPLICATION_TABLE:
        return _locate_applications(grid)
    return _locate_disputes(grid) if role is SectionRole.DISPUTE_TABLE else _locate_proactive(grid)


def _is_label(cell: GridCell) -> bool:
    return _IDEOGRAPH.search(cell.text) is not None


def _value_rows(grid: TableGrid, width: int) -> list[tuple[tuple[GridCell, ...], tuple[GridCell, ...]]]:
    """The rows whose last ``width`` cells stand in the last columns of the grid and hold no label; labels, values."""
    columns = max((cell.column + cell.column_span for cell in grid.cells), default=0)
    found = []
    for row, cells in grid.rows.items():
        values = cells[-width:]
        expected = list(range(columns - width, columns))
        is_plain = all(cell.column_span == 1 and cell.row_span == 1 and cell.row == row for cell in values)
        labelled = sum(_is_label(cell) for cell in values)
        if is_plain and [cell.column for cell in values] == expected and labelled == 0:
            found.append((cells[:-width], values))
    return found


def _headers(grid: TableGrid, cell: GridCell) -> list[str]:
    """The texts above a cell, from the top down; without lines, what the words above it may be together."""
    middle = (cell.box.left + cell.box.right) / 2
    above = [c for c in grid.cells if c.box.top < cell.box.top and c.box.left <= middle < c.box.right]
    labelled = [c for c in sorted(above, key=lambda c: c.row) if _is_label(c)]
    if grid.is_ruled or not labelled:
        return [c.text for c in labelled]
    # An unruled header is one cell of all that stands above, and only the last lines of it are the column's own.
    words = [word.text for word in labelled[0].words]
    return ["".join(words[-count:]) for count in range(1, min(4, len(words)) + 1)]


def _locate_applications(grid: TableGrid) -> tuple[FormCell, ...]:
    columns = catalogue().application_columns
    rows = _value_rows(grid, len(columns))
    if not rows or not _fits_columns(grid, rows[0][1]):
        return ()
    metrics = _aligned([_variants(left) for left, _ in rows])
    # Without lines two rows may have run into one; the identities don't tell which of the two a number is of.
    if not grid.is_ruled and not _is_complete(metrics):
        return ()
    found = []
    for metric, (_, values) in zip(metrics, rows, strict=True):
        for column, cell in zip(columns, values, strict=True):
            if metric is not None:
                suffix = "" if column.id == "total" else COLUMN_SEPARATOR + column.id
                found.append(FormCell(metric + suffix, cell))
    return tuple(found)


def _is_complete(metrics: Sequence[str | None]) -> bool:
    """Whether there is one row for every row of one of the two forms, and no other."""
    form = [row.id for row in catalogue().application_rows]
    merged = catalogue().metrics[OLDER_OUTCOME].sum_of
    older = [OLDER_OUTCOME if row == merged[0] else row for row in form if row not in merged[1:]]
    return list(metrics) in (form, older)


def _fits_columns(grid: TableGrid, values: Sequence[GridCell]) -> bool:
    """Whether the header has the form's columns in its order; a table that goes on from before has none."""
    known = labels.application_columns()
    for column, cell in zip(catalogue().application_columns, values, strict=True):
        named = {known.find(text) for text in _headers(grid, cell)} - {None}
        if named and column.id not in named:
            return False
    return True


def _variants(cells: Sequence[GridCell]) -> list[str]:
    """What a row may be labelled with: its last label, and where lines are missing every word by itself.

    Where words of it are labels of two rows, since a line between them wasn't seen, it is like no label at all.
    """
    own = cells[-1:]
    if len({name for cell in own for word in cell.words if (name := _named(word.text))}) > 1:
        return [_TWO_LABELS]
    # A label that goes down over several rows is the parent of a row whose own wasn't read.
    texts = [cell.text for cell in own if _is_label(cell) and cell.row_span == 1]
    words = [word.text for cell in own for word in cell.words] if len(cells) == 1 else []
    return [*texts, *words]


def _named(text: str) -> str | None:
    """The row of the form whose whole label the text is, nearly; the shortest labels are parts of others."""
    if len(label_key(text)) < _SHORTEST_WHOLE:
        return None
    ranked = max((_likeness(text, label), row) for row, label in _form_rows())
    return ranked[1] if ranked[0] >= _WHOLE_LIKENESS else None


def _form_rows() -> list[tuple[str, str]]:
    """Ids and labels of both forms' rows in order; the older form's one row of （六） comes before the later three."""
    rows = [(row.id, row.label) for row in catalogue().application_rows]
    first = next(i for i, (row, _) in enumerate(rows) if row in catalogue().metrics[OLDER_OUTCOME].sum_of)
    return [*rows[:first], (OLDER_OUTCOME, "（六）其他处理"), *rows[first:]]


def _aligned(variants: Sequence[Sequence[str]]) -> list[str | None]:
    """The row id of each row of the grid: labels decide, in the form's order.

    A row whose label can't be read counts only between two that can, where just as many are missing in the form.
    """
    form = _form_rows()
    likeness = [
        [max((_likeness(text, label) for text in texts), default=0.0) for _, label in form] for texts in variants
    ]
    chosen = _best_alignment(likeness)
    sure = [(i, j) for i, j in chosen if likeness[i][j] >= _SURE_LIKENESS]
    if len(sure) < max(1, len(variants) * _LEAST_SURE_SHARE):
        return [None] * len(variants)
    found: list[str | None] = [None] * len(variants)
    is_older = any(form[j][0] == OLDER_OUTCOME for _, j in sure)
    skipped = set(catalogue().metrics[OLDER_OUTCOME].sum_of) if is_older else {OLDER_OUTCOME}
    for i, j in sure:
        found[i] = form[j][0]
    for (i, j), (k, m) in pairwise(sure):
        between = [(number, form[number][0]) for number in range(j + 1, m) if form[number][0] not in skipped]
        if len(between) != k - i - 1:
            continue
        for row, (number, name) in enumerate(between, i + 1):
            if likeness[row][number] >= _LEAST_LIKENESS_BETWEEN or not any(variants[row]):
                found[row] = name
    return found


def _likeness(text: str, label: str) -> float:
    """From 0 to 100. With brackets and without: where one of a pair isn't recognized, what it holds stays."""
    short = label_key(text), label_key(label)
    long = _PUNCTUATION.sub("", fold_label(text)), _PUNCTUATION.sub("", fold_label(label))
    return max(fuzz.ratio(*pair) if all(pair) else 0.0 for pair in (short, long))


def _best_alignment(likeness: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Pairs of row and form row, both ascending, whose likenesses above the least add up to the most."""
    rows, width = len(likeness), len(likeness[0]) if likeness else 0
    best = [[0.0] * (width + 1) for _ in range(rows + 1)]
    for i in range(rows):
        for j in range(width):
            paired = best[i][j] + max(0.0, likeness[i][j] - _LEAST_LIKENESS)
            best[i + 1][j + 1] = max(paired, best[i][j + 1], best[i + 1][j])
    pairs = []
    i, j = rows, width
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _locate_disputes(grid: TableGrid) -> tuple[FormCell, ...]:
    form = catalogue()
    metrics = [(group.id, result.id) for group in form.dispute_groups for result in form.dispute_results]
    rows = _value_rows(grid, len(metrics))
    if len(rows) != 1:
        return ()
    values = rows[0][1]
    matched = 0
    for (group, result), cell in zip(metrics, values, strict=True):
        headers = _headers(grid, cell)
        groups = {labels.dispute_groups().find(text) for text in headers} - {None}
        results = {labels.dispute_results().find(text) for text in headers} - {None}
        if (groups and group not in groups) or (results and result not in results):
            return ()
        matched += result in results
    if matched < _FEWEST_RESULTS:
        return ()
    return tuple(FormCell(f"{g}_{r}", cell) for (g, r), cell in zip(metrics, values, strict=True))


def _locate_proactive(grid: TableGrid) -> tuple[FormCell, ...]:
    cells = {(cell.row, label_key(cell.column)): cell.id for cell in catalogue().proactive_cells}
    found: list[FormCell] = []
    header: tuple[GridCell, ...] = ()
    for row in grid.rows.values():
        texts = [cell.text for cell in row]
        if any(label_key(text) == _CONTENT for text in texts):
            header = row
            continue
        name = next((n for text in texts if (n := labels.proactive_rows().find(text))), None)
        for cell in row if name else ():
            middle = (cell.box.left + cell.box.right) / 2
            above = next((h for h in header if h.box.left <= middle < h.box.right), None)
            column = labels.proactive_columns().find(above.text) if above else None
            metric = cells.get((name or "", column or ""))
            if metric is not None and not _is_label(cell):
                found.append(FormCell(metric, cell))
    return tuple(found) if len({f.metric for f in found}) == len(found) else ()
