"""What is put right when a sentence or paragraph has been read: parts of a total, and totals that include others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from ingest.narrative.statements import Reading, Remainder, Statement
from vectorstore.records import Span, State


def separate_new(found: list[Statement], newly_received: Collection[Span]) -> list[Statement]:
    """Where a sentence says both 受理59件 and 新收47件, the larger number includes what was carried in."""
    totals = [s for s in found if s.metric == "applications_new" and not s.column and not s.channel_part]
    new = [s for s in totals if s.number in newly_received]
    if len(new) != 1:
        return found
    larger = [s for s in totals if s.value > new[0].value and s.year_offset == new[0].year_offset]
    return [replace(s, metric="applications_handled") if s in larger else s for s in found]


def less_handled(found: list[Statement]) -> list[Statement]:
    """Numbers of handled applications that are less than those that came in: only what was left to handle
    (受理3件，1件撤回，实际办理2件)."""
    new = [s for s in found if s.metric == "applications_new" and not s.column and not s.channel_part]
    return [
        s
        for s in found
        if s.metric == "applications_handled"
        and not s.column
        and any(s.value < n.value and s.year_offset == n.year_offset and s.subject == n.subject for n in new)
    ]


def without_narrow_denials(found: list[Statement]) -> list[Statement]:
    """A sentence's statements without those that it limits itself: 未收到书面申请，但通过网络收到2件."""
    received = {
        (s.year_offset, s.subject) for s in found if s.metric == "applications_new" and s.value and not s.column
    }
    return [
        s
        for s in found
        if s.metric != "applications_new" or s.value or s.unit or (s.year_offset, s.subject) not in received
    ]


def part_rivals(found: list[Statement]) -> tuple[list[Statement], list[Statement]]:
    """A sentence's statements, and those that are none: different numbers of one thing in one sentence are counted
    by place or by time (市级30件，县区50件), so none of them is the whole."""
    values: dict[tuple[str, str | None, str], set[Decimal]] = {}
    for s in found:
        if not s.channel_part and s.year_offset == 0:
            values.setdefault(_counted(s), set()).add(s.value)
    rivals = [s for s in found if not s.channel_part and s.year_offset == 0 and len(values.get(_counted(s), ())) > 1]
    return [s for s in found if s not in rivals], rivals


def _counted(s: Statement) -> tuple[str, str | None, str]:
    return s.metric, s.column, s.subject or s.territory or ""


def of_many_bodies(found: list[Statement]) -> tuple[list[Statement], list[Statement]]:
    """A sentence's statements about its author, and those of a list by body: 甲区收到5件, 乙区收到6件."""
    subjects: dict[tuple[str, int], set[str]] = {}
    for s in found:
        if s.subject:
            subjects.setdefault((s.metric, s.year_offset), set()).add(s.subject)
    elsewhere = [s for s in found if s.subject and (s.listed or len(subjects.get((s.metric, s.year_offset), ())) > 1)]
    return [s for s in found if s not in elsewhere], elsewhere


def listed_parts(found: list[Statement], numbers: Sequence[tuple[Span, Decimal]]) -> list[Statement]:
    """Those of a sentence's statements that are none: numbers that add up to the one before them are its parts,
    whatever they are parts by (收到9件，个人申请7件，单位申请2件).

    Args:
        numbers: All numbers of the sentence with a unit, in order.
    """
    parts: list[Statement] = []
    for at, (span, value) in enumerate(numbers):
        whole = next((s for s in found if s.number == span and s.value and not (s.column or s.channel_part)), None)
        if whole is None:
            continue
        total, listed = Decimal(0), []
        for other, addend in numbers[at + 1 :]:
            total += addend
            listed.append(other)
            if total >= value:
                break
        if total == value and len(listed) > 1:
            parts.extend(s for s in found if s.metric == whole.metric and s.number in listed and not s.column)
    return parts


def settle_parts(reading: Reading) -> None:
    """Applications stated by way of filing: parts of a total that is there, else added up to it."""
    parts = [s for s in reading.statements if s.channel_part and s.column is None]
    if not parts:
        return
    whole = [s for s in reading.statements if s.metric == "applications_new" and not s.channel_part and not s.column]
    channel_parts = set(parts)
    kept = [s for s in reading.statements if s not in channel_parts]
    if any(s.by_applicant for s in parts):
        columns = [s for s in reading.statements if s.metric == "applications_new" and s.column]
        ways = [s for s in parts if not s.by_applicant]
        reading.remainders.extend(map(_remainder, ways))
        parts = sorted((*columns, *(s for s in parts if s.by_applicant)), key=lambda s: s.number.start)
    if not whole and len({s.year_offset for s in parts}) == 1:
        if len(parts) == 1:
            kept.append(replace(parts[0], channel_part=False, from_parts=True))
        else:
            total = sum((s.value for s in parts), Decimal(0))
            note = "由分项件数" + "、".join(f"{s.value:f}" for s in parts) + "相加得出"
            kept.append(
                replace(
                    parts[0],
                    column=None,
                    by_applicant=False,
                    value=total,
                    end=max(s.end for s in parts),
                    state=State.DERIVED,
                    note=note,
                    channel_part=False,
                    from_parts=True,
                )
            )
            reading.remainders.extend(_remainder(s) for s in parts if not s.column)
    else:
        reading.remainders.extend(_remainder(s) for s in parts if not s.column)
    kept.sort(key=lambda s: s.number.start)
    reading.statements[:] = kept


def _remainder(part: Statement) -> Remainder:
    return Remainder(part.value, part.unit, "政府信息公开申请", part.qualifier, part.start, part.end, part.year)


def settle_channels(reading: Reading) -> None:
    """Two numbers of one channel in a paragraph (two accounts, two columns) are parts, not a contradiction."""
    for metric in ("proactive_website", "proactive_wechat"):
        stated = [s for s in reading.statements if s.metric == metric and s.year_offset == 0]
        if len({s.value for s in stated}) > 1:
            parts = set(stated)
            reading.statements[:] = [s for s in reading.statements if s not in parts]
            reading.remainders.extend(
                Remainder(s.value, s.unit, "公开信息", s.qualifier, s.start, s.end, s.year) for s in stated
            )
