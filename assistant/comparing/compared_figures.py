"""The figures of two reports in one list: what each says of every metric, and how far they are apart."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue
from vectorstore.records import Report, ResolvedFigure, Scope

if TYPE_CHECKING:
    from vectorstore.index import Index

PROSE = "prose"
"""The group of the metrics that no table of the form has."""


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """A metric in two reports.

    Attributes:
        group: ``proactive_table``, ``application_table``, ``dispute_table`` or ``PROSE``.
        left, right: ``None`` where a report is silent.
    """

    metric_id: str
    group: str
    left: ResolvedFigure | None
    right: ResolvedFigure | None

    @property
    def is_column(self) -> bool:
        """Whether it is about one type of applicant only."""
        return COLUMN_SEPARATOR in self.metric_id

    @property
    def values(self) -> tuple[Decimal | None, Decimal | None]:
        """What each says; ``None`` where that isn't known, for whatever reason."""
        return (self.left.value if self.left else None, self.right.value if self.right else None)

    @property
    def difference(self) -> Decimal | None:
        """Right less left; ``None`` where one of them isn't known."""
        left, right = self.values
        return None if left is None or right is None else right - left

    @property
    def share(self) -> Decimal | None:
        """The difference as a share of the left value; ``None`` where that is zero or something isn't known."""
        left, _ = self.values
        difference = self.difference
        return None if difference is None or not left else difference / left

    @property
    def differs(self) -> bool | None:
        """Whether the values differ; ``None`` where one isn't known, which is no difference and no agreement."""
        difference = self.difference
        return None if difference is None else difference != 0


def compared_figures(index: Index, left: Report, right: Report) -> list[ComparedFigure]:
    """Every metric that at least one of two reports says something of, in the form's order, prose last."""
    sides = [own_figures(index, report) for report in (left, right)]
    return [
        ComparedFigure(metric_id, group, sides[0].get(metric_id), sides[1].get(metric_id))
        for metric_id, group in _grouped()
        if metric_id in sides[0] or metric_id in sides[1]
    ]


def own_figures(index: Index, report: Report) -> dict[str, ResolvedFigure]:
    """By metric, what a report says of its own body and year."""
    return {
        figure.metric_id: figure
        for figure in index.figures(Scope(report_ids=(report.report_id,)))
        if figure.body_id == report.body_id and figure.year == report.year
    }


def _grouped() -> list[tuple[str, str]]:
    """All metrics with their group, group by group."""
    form = catalogue()
    groups = [*form.table_names, PROSE]
    found = [(metric_id, form.split(metric_id)[0].table or PROSE) for metric_id in form.metric_ids()]
    return sorted(found, key=lambda one: groups.index(one[1]))
