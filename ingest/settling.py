"""What is put right when a sentence or paragraph has been read: parts of a total, and totals that include others."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ingest.statements import Reading, Remainder, Statement
from vectorstore.records import State


def separate_new(found: list[Statement]) -> list[Statement]:
    """Where a sentence says both 受理59件 and 新收47件, the larger one includes what was carried in."""
    totals = [s for s in found if s.metric == "applications_new" and not s.column and not s.channel_part and s.value]
    carried = any(s.metric == "applications_carried_in" for s in found)
    if len({s.value for s in totals}) == 2 and len({s.year_offset for s in totals}) == 1 and carried is False:
        larger = max(totals, key=lambda s: s.value)
        if larger is totals[0]:
            return [replace(s, metric="applications_handled") if s is larger else s for s in found]
    return found


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
