"""The columns of a pivot table: which figures each is of, and under which heading it stands."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

from assistant.pivoting.request import PivotRequest
from assistant.plan import Language
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue

STOCKS = frozenset({"rules_in_force", "normative_docs_in_force", "applications_carried_in", "applications_carried_out"})
"""What is there at one time: the same documents and cases again every year, so that years don't add up."""


@dataclass(frozen=True, slots=True)
class Part:
    """A figure that a table shows, before it is split by years or kinds.

    Attributes:
        family: What stands over it and its neighbours: the id of the metric whose part it is.
        name: Its own; empty where it is the whole of its family.
        is_stated_total: Whether the form has it as the total of its neighbours.
    """

    metric_id: str
    family: str
    name: str = ""
    is_stated_total: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        key: Of its year or kind; ``None`` where it isn't split.
        role: ``value``, or ``total`` of the values of its part beside it.
    """

    part: Part
    key: Hashable
    name: str
    role: Literal["value", "total"] = "value"

    @property
    def token(self) -> str:
        """What an address calls it."""
        if self.role == "total":
            return f"{self.part.metric_id}.total"
        return self.part.metric_id if self.key is None else f"{self.part.metric_id}.{self.key}"

    @property
    def unit(self) -> str:
        """Of its values."""
        return catalogue().split(self.part.metric_id)[0].unit


def parts_of(request: PivotRequest, language: Language) -> list[Part]:
    """The figures of a request in the order of its metrics, those of the form's columns and outcomes in the form's."""
    parts: dict[str, Part] = {}
    for metric_id in request.metrics:
        metric, column = catalogue().split(metric_id)
        if request.axis == "column" and metric.has_columns:
            made = _by_applicant(metric.id, language)
        elif request.axis == "outcome" and metric.has_columns:
            made = _by_outcome(column, language)
        else:
            made = [Part(metric_id, metric_id)]
        for part in made:
            parts.setdefault(part.metric_id, part)
    return list(parts.values())


def _by_applicant(base: str, language: Language) -> list[Part]:
    columns = catalogue().application_columns
    return [
        Part(
            base if column.id == "total" else f"{base}{COLUMN_SEPARATOR}{column.id}",
            base,
            column.name_zh if language == "zh" else column.name_en,
            column.id == "total",
        )
        for column in columns
    ]


def _by_outcome(column: str | None, language: Language) -> list[Part]:
    suffix = f"{COLUMN_SEPARATOR}{column}" if column else ""
    return [
        Part(row.id + suffix, f"result_total{suffix}", catalogue().name(row.id, language), row.part == "outcome_total")
        for row in catalogue().application_rows
        if row.part in ("outcome", "outcome_total")
    ]
