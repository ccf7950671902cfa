"""Proposals counted by the level of the congress that made them: 省人大代表建议1件、市人大代表建议4件 are 5."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from ingest.narrative.sentence_context import Context
from ingest.narrative.statements import Statement
from vectorstore.records import State

_METRICS = ("npc_proposals", "cppcc_proposals")
_LEVEL = re.compile(r"(全国|[省市州盟县区旗镇乡])(?:级|本级)?(?:人大|政协)")


def add_up_levels(context: Context, found: list[Statement]) -> list[Statement]:
    """A sentence's statements, with one of the sum where each proposal was counted with those of its level."""
    for metric in _METRICS:
        stated = [s for s in found if s.metric == metric and s.year_offset == 0 and s.state is State.STATED]
        levels = {_level_of(context, s) for s in stated}
        if len(stated) < 2 or None in levels or len(levels) < len(stated) or any(s.qualifier for s in stated):
            continue
        note = "由" + "、".join(f"{level}{s.value:f}{s.unit}" for level, s in _named(context, stated)) + "相加得出"
        total = replace(
            stated[0],
            value=sum((s.value for s in stated), Decimal(0)),
            state=State.DERIVED,
            note=note,
            start=min(s.start for s in stated),
            end=max(s.end for s in stated),
        )
        found = [total if s is stated[0] else s for s in found if s is stated[0] or s not in stated]
    return found


def _named(context: Context, stated: list[Statement]) -> list[tuple[str, Statement]]:
    return [(_level_of(context, s) or "", s) for s in stated]


def _level_of(context: Context, statement: Statement) -> str | None:
    for piece in context.pieces:
        quantity = piece.quantity
        if quantity and context.folded.span(quantity.start, quantity.end) == statement.number:
            match = _LEVEL.search("".join(token.text for token in [*piece.before, *piece.after]))
            return match[1] if match else None
    return None
