"""Matches what a cell of the form is labelled with, through typos, numbering and other wordings.

The form's labels come from the catalogue, other wordings from ``lexicons/form_labels.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from ingest.lexicons import read_lexicon
from vectorstore.catalogue import catalogue
from vectorstore.folding import fold_label

# A label of one typo in seven characters scores 86; 本年新制作数量 (an older form) against 本年制发件数 scores 62.
_LEAST_LIKENESS = 85
# Two labels nearly as like as one another decide nothing.
_SHORTEST_BEGINNING = 12
_LEAST_LEAD = 6
_SHORTEST_FUZZY = 5

_BRACKETS = re.compile(r"[(（〔\[][^()（）〔〕\[\]]*[)）〕\]]")
_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,2}[、.,，:]|[(（][一二三四五六七八九十\d]{1,2}[)）]|[㈠-㈩]|\d{1,2}[、.,，．](?!\d)|[①-⑳])[、.,]?"
)
_PUNCTUATION = re.compile(r"[\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d年?")


@dataclass(frozen=True, slots=True)
class LabelData:
    """``form_labels.toml`` as it is: other wordings by the form's own label or id."""

    wordings: Mapping[str, Mapping[str, tuple[str, ...]]]
    not_applicable: frozenset[str]


@cache
def label_data() -> LabelData:
    """The label lexicon, read once per process."""
    data = read_lexicon("form_labels")
    marks = frozenset(fold_label(mark) for mark in data.pop("not_applicable")["marks"])
    wordings = {name: {key: tuple(words) for key, words in table.items()} for name, table in data.items()}
    return LabelData(wordings, marks)


@lru_cache(maxsize=4096)
def label_key(text: str) -> str:
    """A label as it is compared: folded, without its number, what stands in brackets, years and punctuation."""
    folded = _NUMBERING.sub("", fold_label(text))
    folded = _YEAR.sub("", _BRACKETS.sub("", folded))
    return _PUNCTUATION.sub("", folded)


class LabelSet:
    """Labels of one kind (the rows of a table, its columns), to be told apart from one another.

    Args:
        labels: For each id its wordings, the form's own first.
    """

    def __init__(self, labels: Mapping[str, Iterable[str]]) -> None:
        self._ids: dict[str, str] = {}
        # The same few labels come in every report; comparing one with all of them is dear.
        self._like = lru_cache(maxsize=4096)(self._most_like)
        for identifier, wordings in labels.items():
            for wording in wordings:
                self._ids.setdefault(label_key(wording), identifier)

    def keys(self) -> frozenset[str]:
        """The keys of all wordings."""
        return frozenset(self._ids)

    def exact(self, text: str) -> str | None:
        """The id of the label that the text is, numbering and punctuation aside."""
        return self._ids.get(label_key(text))

    def find(self, text: str) -> str | None:
        """The id of the label that the text is, or is with small typos; ``None`` if none or two are as like."""
        key = label_key(text)
        if found := self._ids.get(key):
            return found
        return self._like(key) if len(key) >= _SHORTEST_FUZZY else None

    def _begun_with(self, key: str) -> str | None:
        """The one label that begins so: what a converter leaves of one that is broken over lines."""
        if len(key) < _SHORTEST_BEGINNING:
            return None
        begun = {identifier for wording, identifier in self._ids.items() if wording.startswith(key)}
        return begun.pop() if len(begun) == 1 else None

    def _most_like(self, key: str) -> str | None:
        from rapidfuzz import fuzz, process
        from rapidfuzz.distance import OSA

        # One character wrong, missing or changed with its neighbour, and no other label within two such steps.
        near = process.extract(key, self._ids.keys(), scorer=OSA.distance, score_cutoff=2, limit=None)
        if near and near[0][1] == 1 and len({self._ids[wording] for wording, _, _ in near}) == 1:
            return self._ids[near[0][0]]
        ranked = process.extract(key, self._ids.keys(), scorer=fuzz.ratio, limit=6)
        if not ranked or ranked[0][1] < _LEAST_LIKENESS:
            return self._begun_with(key)
        best = self._ids[ranked[0][0]]
        rivals = [score for wording, score, _ in ranked if self._ids[wording] != best]
        return best if not rivals or ranked[0][1] - rivals[0] >= _LEAST_LEAD else None


def _with_wordings(own: Mapping[str, str], table: str) -> LabelSet:
    wordings = label_data().wordings[table]
    return LabelSet({key: (label, *wordings.get(key, ())) for key, label in own.items()})


@cache
def proactive_rows() -> LabelSet:
    """Row labels of the first table, of the form in force and the former one; the id is the form's own label."""
    cells = (*catalogue().proactive_cells, *catalogue().former_proactive_cells)
    return _with_wordings({cell.row: cell.row for cell in cells}, "proactive_row")


@cache
def proactive_columns() -> LabelSet:
    """Column labels of the first table, of both forms; the id is the form's own label without brackets.

    What the forms call 本年处理决定数量 and 处理决定数量 is one column.
    """
    current = {key: key for key in (label_key(c.column) for c in catalogue().proactive_cells)}
    known = _with_wordings(current, "proactive_column")
    keys = (label_key(cell.column) for cell in catalogue().former_proactive_cells)
    return _with_wordings(current | {key: key for key in keys if known.exact(key) is None}, "proactive_column")


@cache
def proactive_metrics() -> Mapping[tuple[str, str], str]:
    """The metric of each row and column of the first table, by their ids above."""
    cells = (*catalogue().proactive_cells, *catalogue().former_proactive_cells)
    found = ((cell, proactive_columns().exact(cell.column)) for cell in cells)
    return {(cell.row, column): cell.id for cell, column in found if column is not None}


@cache
def application_rows() -> LabelSet:
    """Row labels of the second table; the id is the metric."""
    return _with_wordings({row.id: row.label for row in catalogue().application_rows}, "application_row")


@cache
def application_parents() -> LabelSet:
    """Labels above the rows of the second table: 三、本年度办理结果, （三）不予公开 …; the id is the label's key."""
    parents = {label_key(row.parent): row.parent for row in catalogue().application_rows if row.parent}
    return _with_wordings(parents, "application_parent")


@cache
def application_subtotals() -> Mapping[str, str]:
    """The sum of the rows below each parent, by the parent's id: 不予公开 is ``denied_subtotal``."""
    parents = {row.id: label_key(row.parent) for row in catalogue().application_rows}
    sums = (metric for metric in catalogue().metrics.values() if metric.sum_of and metric.has_columns)
    return {parents[metric.sum_of[0]]: metric.id for metric in sums}


@cache
def sum_words() -> Mapping[str, frozenset[str]]:
    """Names of rows and columns that the form hasn't: ``part`` for a sum of some, ``other`` for no count."""
    return {kind: frozenset(map(label_key, words)) for kind, words in label_data().wordings["sum"].items()}


@cache
def application_columns() -> LabelSet:
    """Column labels of the second table; the id is the column's."""
    return _with_wordings({c.id: c.label for c in catalogue().application_columns}, "application_column")


@cache
def dispute_groups() -> LabelSet:
    """Group labels of the third table; the id is the group's."""
    return _with_wordings({g.id: g.label for g in catalogue().dispute_groups}, "dispute_group")


@cache
def litigation_labels() -> frozenset[str]:
    """The keys of what stands above both sorts of lawsuits in the third table."""
    return frozenset(map(label_key, label_data().wordings["litigation"]["label"]))


@cache
def dispute_results() -> LabelSet:
    """Result labels of the third table; the id is the result's."""
    return _with_wordings({r.id: r.label for r in catalogue().dispute_results}, "dispute_result")
