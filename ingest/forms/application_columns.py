"""Tells which column of the form's second table each applicant stands in, from the rows above the numbers.

Two ways lead there. Where the source gives a true grid, a number belongs to the label above it. Where it gives only
cells in order, the header's labels are counted: five organisations between 自然人 and 总计.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.forms.form_rows import FormRow
from ingest.forms.labels import application_columns, label_key, sum_words
from vectorstore.catalogue import catalogue
from vectorstore.records import State

_ORGANISATIONS = "法人或其他组织"
HEADER_WORDS = ("申请人情况", _ORGANISATIONS)
_OUTER = ("natural_person", "total")
# A single row that names so many columns needs no other to say their order.
_FEWEST_IN_ONE_ROW = 5
_FEWEST_PLACED = 4
# Labels of the labels' own columns: 序号, 部分, 项目.
_MOST_BEFORE = 3


@dataclass(frozen=True, slots=True)
class ColumnOrder:
    """Where the columns stand.

    Attributes:
        places: Grid columns by column id, if the grid can be relied on; else empty. A column that is missing in the
            table has no place.
        named: Grid columns that have a label of their own above them, known or not.
        width: Of the grid that ``places`` refer to.
        counted: Column ids from left to right (``None`` for a column that the form hasn't), or ``None`` if the
            labels don't say.
        is_padded: Rows are filled up with empty cells behind: what a converter does that loses merged cells.
    """

    places: Mapping[str, range]
    named: frozenset[int]
    width: int
    counted: tuple[str | None, ...] | None
    is_padded: bool = False


def form_order() -> tuple[str, ...]:
    """The form's own columns from left to right."""
    return tuple(column.id for column in catalogue().application_columns)


def is_header(row: FormRow) -> bool:
    """Whether a row names columns."""
    known = {application_columns().find(label) for label in row.own_label_texts} - {None}
    if len(known) >= 2:
        return True
    return any(label_key(label) in HEADER_WORDS for label in row.own_label_texts) and not row.has_value


def read_header(rows: Sequence[FormRow]) -> ColumnOrder:
    """The order of columns that consecutive header rows give."""
    places, named, width = _places(rows)
    return ColumnOrder(places, named, width, _counted(rows), any(_is_padded(row) for row in rows))


def _is_padded(row: FormRow) -> bool:
    first, last = row.entries[0], row.entries[-1]
    is_filled_up = last.read is not None and last.columns.stop == row.extent and len(row.entries) == row.extent
    return first.read is None and is_filled_up and last.read is not None and last.read.state is State.BLANK


def _places(rows: Sequence[FormRow]) -> tuple[dict[str, range], frozenset[int], int]:
    nothing: tuple[dict[str, range], frozenset[int], int] = ({}, frozenset(), 0)
    widths = {row.width for row in rows}
    if len(widths) != 1 or 0 in widths:
        return nothing
    stacks: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        for entry in row.entries:
            for column in entry.columns:
                stack = stacks[column]
                if entry.read is None and (not stack or stack[-1] != entry.text):
                    stack.append(entry.text)
    places: dict[str, range] = {}
    named = set()
    has_total = any(_is_own_total(stack[-1]) for stack in stacks.values() if stack)
    for column in sorted(stacks):
        stack = stacks[column]
        if stack and label_key(stack[-1]) not in HEADER_WORDS:
            named.add(column)
        found = _column_of(stack)
        if found is None or (found == "total" and has_total and not _is_own_total(stack[-1])):
            continue
        before = places.get(found)
        if before is not None and before.stop != column:
            return nothing  # one label over two places: which is meant can't be told
        places[found] = range(before.start if before else column, column + 1)
    return (places, frozenset(named), widths.pop()) if len(places) >= _FEWEST_PLACED else nothing


def _is_own_total(label: str) -> bool:
    """Whether a label is the form's 总计: where one is, 合计 is the sum of something less."""
    return label_key(label) == label_key(catalogue().column("total").label)


def _column_of(stack: Sequence[str]) -> str | None:
    """The column that the labels above a grid column name; a label may be broken over two cells."""
    if len(stack) > 1 and (found := application_columns().exact("".join(stack[-2:]))):
        return found
    return application_columns().find(stack[-1]) if stack else None


def _counted(rows: Sequence[FormRow]) -> tuple[str | None, ...] | None:
    inner: list[str | None] = []
    behind = 0
    for row in rows:
        labels = _without_repeats(row.own_label_texts)
        is_nested = any(label_key(label) == _ORGANISATIONS for label in labels)
        has_total = any(_is_own_total(label) for label in labels)
        found = [_named(label, has_total) for label in labels if label_key(label) not in HEADER_WORDS]
        # Of two columns called 计 the last is 总计, the one before it 小计.
        last = len(found) - 1 - found[::-1].index("total") if "total" in found else -1
        found = ["" if column == "total" and number != last else column for number, column in enumerate(found)]
        known = [column for column in found if column]
        above = behind
        behind += sum(label_key(label) in sum_words()["other"] for label in labels[1:])
        if not known:
            continue
        if found.index(known[0]) > _MOST_BEFORE:
            return None  # columns of something else stand before the applicants
        found = found[found.index(known[0]) :]
        if len(set(known)) >= _FEWEST_IN_ONE_ROW and "natural_person" in known and not is_nested:
            return (*(column or None for column in found), *([None] * above))
        if any(column not in _OUTER for column in known) and (len(known) >= 2 or not inner):
            inner.extend(found)
    order = _with_outer(inner)
    return None if order is None else (*order, *([None] * behind))


def _named(label: str, has_total: bool) -> str | None:
    """The column that a label names; empty for one that the form hasn't, ``None`` for one that isn't known."""
    found = application_columns().find(label) or _broken_outer(label)
    is_part = (label_key(label) in sum_words()["part"] and (has_total or not found)) or (
        found == "total" and has_total and not _is_own_total(label)
    )
    return "" if is_part else found


def _broken_outer(label: str) -> str | None:
    """自然人 or 总计 of which one line of a narrow column is left: 人, 计."""
    key = label_key(label)
    found = [name for name in _OUTER if key and key in label_key(catalogue().column(name).label)]
    return found[0] if len(found) == 1 else None


def _without_repeats(labels: Sequence[str]) -> list[str]:
    """Labels without those that a copy repeated for every cell that a merged one covered."""
    return [label for number, label in enumerate(labels) if number == 0 or label != labels[number - 1]]


def _with_outer(inner: Sequence[str | None]) -> tuple[str | None, ...] | None:
    """自然人, the organisations and 总计."""
    form = form_order()
    organisations = form[1:-1]
    inner = [column for column in inner if column not in _OUTER]
    known = [column for column in inner if column]
    if not known:
        return form
    if len(set(known)) != len(known):
        return None
    if len(known) == len(organisations) and None not in inner:
        return (form[0], *(column or None for column in inner), form[-1])
    if "" in inner:
        return None
    # Some labels are illegible or broken; the others must at least stand in the form's order.
    in_order = known == [column for column in organisations if column in known]
    return form if in_order and len(inner) <= len(organisations) else None
