"""What is put right when a sentence or paragraph has been read: parts of a total, and totals that include others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from ingest.statements import Reading, Remainder, Statement
from vectorstore.records import Span, State


def separate_new(found: list[Statement], newly_received: Collection[Span]) -> list[Statement]:
    """Where a sentence says both 受理59件 and 新收47件, the larger number includes what was carried in."""
    totals = [s for s in found if s.metric == "applications_new" and not s.column and not s.channel_part]
    new = [s for s in totals if s.number in newly_received]
    if len(new) != 1:
        return found
    larger = [s for s in totals if s.value > new[0].value and s.year_offset == new[0].year_offset]
    return [replace(s, metric="applications_handled") if s in larger else s for s in found]


def part_rivals(found: list[Statement]) -> tuple[list[Statement], list[Statement]]:
    """A sentence's statements, and those that are none: different numbers of one thing in one sentence are counted
    by place or by time (市级30件，县区50件), so none of them is the whole."""
    values: dict[tuple[str, str | None, int], set[Decimal]] = {}
    for s in found:
        if not s.channel_part and s.year_offset == 0:
            values.setdefault((s.metric, s.column, s.year_offset), set()).add(s.value)
    rivals = [s for s in found if not s.channel_part and len(values.get((s.metric, s.column, s.year_offset), ())) > 1]
    return [s for s in found if s not in rivals], rivals


def settle_parts(reading: Reading) -> None:
    """Applications stated by way of filing: parts of a total that is there, else added up to it."""
    parts = [s for s in reading.statements if s.channel_part and s.column is None]
    if not parts:
        return
    whole = [s for s in reading.statements if s.metric == "applications_new" and not s.channel_part and not s.column]
    kept = [s for s in reading.statements if s not in parts]
    if not whole and len({s.year_offset for s in parts}) == 1:
        if len(parts) == 1:
            kept.append(replace(parts[0], channel_part=False))
        else:
            total = sum((s.value for s in parts), Decimal(0))
            note = "由各渠道件数" + "、".join(f"{s.value:f}" for s in parts) + "相加得出"
            kept.append(
                replace(
                    parts[0],
                    value=total,
                    end=max(s.end for s in parts),
                    state=State.DERIVED,
                    note=note,
                    channel_part=False,
                )
            )
    else:
        reading.remainders.extend(
            Remainder(s.value, s.unit, "政府信息公开申请", s.qualifier, s.start, s.end, s.year) for s in parts
        )
    kept.sort(key=lambda s: s.number.start)
    reading.statements[:] = kept


def settle_channels(reading: Reading) -> None:
    """Two numbers of one channel in a paragraph (two accounts, two columns) are parts, not a contradiction."""
    for metric in ("proactive_website", "proactive_wechat"):
        stated = [s for s in reading.statements if s.metric == metric and s.year_offset == 0]
        if len({s.value for s in stated}) > 1:
            reading.statements[:] = [s for s in reading.statements if s not in stated]
            reading.remainders.extend(
                Remainder(s.value, s.unit, "公开信息", s.qualifier, s.start, s.end, s.year) for s in stated
            )
