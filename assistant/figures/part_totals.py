"""Whether the parts of a figure add up to the total that the report states beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from assistant.answering.citations import markers
from assistant.answering.inquiry import Inquiry
from assistant.answering.named_bodies import observe_named
from assistant.answering.observations import Observation
from assistant.answering.showing import cite, quantity
from assistant.figures.grouping import Cell, part_ids
from assistant.plan import Plan
from vectorstore.catalogue import COLUMN_SEPARATOR, catalogue

_NAMED = 5


def say_totals(inquiry: Inquiry, cells: Sequence[Cell]) -> list[str]:
    """The bodies and years whose parts are all known and don't add up to the stated total, each with both numbers."""
    total_id = _total_of(inquiry.plan)
    if total_id is None or len(cells) < len(_all_parts(inquiry.plan)):
        return []
    parts: dict[tuple[str, int | None], list[Observation]] = defaultdict(list)
    for cell in cells:
        for measured in cell.summary.members:
            parts[measured.unit_of_count] += measured.current
    wording = inquiry.wording
    said = []
    for total in observe_named(inquiry, [total_id]):
        of_unit = [o.value for o in parts.get(total.unit_of_count, []) if o.value is not None]
        added = sum(of_unit, Decimal(0))
        if total.value is None or len(of_unit) < len(cells) or added == total.value:
            continue
        said.append(
            wording.phrase(
                "breakdown.mismatch",
                body=total.body,
                year=wording.year(total.year),
                parts=wording.quantity(added, total.unit),
                metric=wording.metric([total_id]),
                total=quantity(inquiry, total) + markers(cite(inquiry, total)),
            )
        )
    more = [wording.phrase("breakdown.more_mismatches", count=len(said))] if len(said) > _NAMED else []
    return [wording.clauses([*said[:_NAMED], *more])] if said else []


def _total_of(plan: Plan) -> str | None:
    """The figure that the parts should add up to; ``None`` where they aren't all the parts of one."""
    if plan.denominators or plan.change is not None:
        return None
    column = plan.metrics[0].partition(COLUMN_SEPARATOR)[2] if plan.metrics else ""
    if plan.grouping == "outcome":
        return f"result_total{COLUMN_SEPARATOR}{column}" if column else "result_total"
    if plan.grouping == "column" and len(plan.metrics) == 1:
        return plan.metrics[0].partition(COLUMN_SEPARATOR)[0]
    return None


def _all_parts(plan: Plan) -> Sequence[object]:
    if plan.grouping == "outcome":
        return [row for row in catalogue().application_rows if row.part == "outcome"]
    return part_ids(plan, "column")
