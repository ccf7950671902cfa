"""The chart of the table that an address shows."""

from __future__ import annotations

from typing import Any

from assistant.pivoting.charts import chart_of
from assistant.pivoting.pivot import Pivot
from ui.texts import Texts
from ui.web.figures.address import Address
from vectorstore.catalogue import catalogue


def chart_for(pivot: Pivot, address: Address, words: Texts) -> dict[str, Any] | None:
    """The chart of the table that an address shows."""
    order = pivot.order(address.sort, descending=address.descending, find=address.find)
    at = pivot.column(address.sort or "")
    part = pivot.columns[at or 0].part if pivot.columns else None
    title = "" if part is None else catalogue().name(part.metric_id, words.language)
    if pivot.request.shows != "sum":
        title += words("figures.in_unit", unit=words(f"figures.show_{pivot.request.shows}"))
    return chart_of(pivot, order, title, address.sort)
