"""Matches what a cell of the form is labelled with, through typos, numbering and other wordings.

The form's labels come from the catalogue, other wordings from ``lexicons/form_labels.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from vectorstore.catalogue import catalogue
from vectorstore.folding import fold_label

# A label of one typo in seven characters scores 86; 本年新制作数量 (an older form) against 本年制发件数 scores 62.
_LEAST_LIKENESS = 85
# Two labels nearly as like as one another decide nothing.
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
    data = tomllib.loads((files("ingest.lexicons") / "form_labels.toml").read_text(encoding="utf-8"))
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
        for identifier, wordings in labels.items():
            for wording in wordings:
                self._ids.setdefault(label_key(wording), identifier)

    def exact(self, text: str) -> str | None:
        """The id of the label that the text is, numbering and punctuation aside."""
        return self._ids.get(label_key(text))

    def find(self, text: str) -> str | None:
        """The id of the label that the text is, or is with small typos; ``None`` if none or two are as like."""
        key = label_key(text)
        if found := self._ids.get(key):
            return found
        return self._like(key) if len(key) >= _SHORTEST_FUZZY else None

    def _like(self, key: str) -> str | None:
        from rapidfuzz import fuzz, process

        ranked = process.extract(key, self._ids.keys(), scorer=fuzz.ratio, limit=6)
        if not ranked or ranked[0][1] < _LEAST_LIKENESS:
            return None
        best = self._ids[ranked[0][0]]
        rivals = [score for wording, score, _ in ranked if self._ids[wording] != best]
        return best if not rivals or ranked[0][1] - rivals[0] >= _LEAST_LEAD else None


def _with_wordings(own: Mapping[str, str], table: str) -> LabelSet:
    wordings = label_data().wordings[table]
    return LabelSet({key: (label, *wordings.get(key, ())) for key, label in own.items()})


@cache
def proactive_rows() -> LabelSet:
    """Row labels of the first table; the id is the form's own label."""
    return _with_wordings({cell.row: cell.row for cell in catalogue().proactive_cells}, "proactive_row")


@cache
def proactive_columns() -> LabelSet:
    """Column labels of the first table; the id is the form's own label without brackets."""
    return _with_wordings(
        {k: k for k in (label_key(c.column) for c in catalogue().proactive_cells)}, "proactive_column"
    )


@cache
def application_rows() -> LabelSet:
    """Row labels of the second table; the id is the metric."""
    return _with_wordings({row.id: row.label for row in catalogue().application_rows}, "application_row")


@cache
def application_parents() -> LabelSet:
    """Labels above the rows of the second table: 三、本年度办理结果, （三）不予公开 …; the id is the label's key."""
    parents = {label_key(row.parent): (row.parent,) for row in catalogue().application_rows if row.parent}
    return LabelSet(parents)


@cache
def application_columns() -> LabelSet:
    """Column labels of the second table; the id is the column's."""
    return _with_wordings({c.id: c.label for c in catalogue().application_columns}, "application_column")


@cache
def dispute_groups() -> LabelSet:
    """Group labels of the third table; the id is the group's."""
    return _with_wordings({g.id: g.label for g in catalogue().dispute_groups}, "dispute_group")


@cache
def dispute_results() -> LabelSet:
    """Result labels of the third table; the id is the result's."""
    return _with_wordings({r.id: r.label for r in catalogue().dispute_results}, "dispute_result")
