"""What a stated total of 0 says of its parts: 未发生行政复议 leaves no review that was upheld or corrected.

Only of disputes, which reports deny in a sentence beside a table that is a picture or empty. Totals of other sorts have
parts that reports state of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from vectorstore.catalogue import catalogue
from vectorstore.records import ResolvedFigure, State

_LITIGATION = "litigation_total"
_TOTAL = "_total"


@cache
def wholes_of(metric_id: str) -> tuple[str, ...]:
    """The totals that a metric of disputes is a part of, the nearest first; empty for any other metric."""
    group = next((g.id for g in catalogue().dispute_groups if metric_id.startswith(f"{g.id}_")), None)
    if group is None:
        return ()
    nearest = () if metric_id == f"{group}{_TOTAL}" else (f"{group}{_TOTAL}",)
    is_lawsuit = f"{group}{_TOTAL}" in catalogue().metrics[_LITIGATION].sum_of
    return (*nearest, _LITIGATION) if is_lawsuit else nearest


def implying_zero(
    report_id: str, metric_id: str, figures: Mapping[tuple[str, str], ResolvedFigure]
) -> ResolvedFigure | None:
    """The total of 0 that says that this part is 0 too; ``None`` where the report states none.

    Args:
        figures: By report id and metric id.
    """
    for whole in wholes_of(metric_id):
        figure = figures.get((report_id, whole))
        if figure is not None and figure.value == 0 and figure.state is not State.CONFLICTING:
            return figure
    return None
