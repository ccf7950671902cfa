"""What a comparison with the year before states: 较去年减少1件, 比上年（25起）下降20%, 与去年持平."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ingest.clauses import Piece
from ingest.statements import Statement
from ingest.tokens import Token
from vectorstore.records import Span, State

_RESULT_METRIC = "result_granted"


def derive_from_change(base: Statement | None, piece: Piece, start: int, end: int) -> list[Statement]:
    """The year before's value from this year's and a change of so many; nothing from approximate numbers."""
    quantity = piece.quantity
    if (
        base is None
        or base.qualifier
        or base.column
        or quantity is None
        or quantity.value is None
        or quantity.qualifier
    ):
        return []
    change = next(token.kind for token in piece.tokens if token.kind in {"up", "down"})
    before = base.value - quantity.value if change == "up" else base.value + quantity.value
    if before < 0 or (base.unit and quantity.unit and base.unit != quantity.unit):
        return []
    word = "增加" if change == "up" else "减少"
    note = f"由本年{base.value:f}{base.unit}、比上年{word}{quantity.value:f}{quantity.unit}得出"
    return [_year_before(base, before, start, end, State.DERIVED, note)]


def derive_from_level(base: Statement | None, start: int, end: int) -> list[Statement]:
    """The year before's value where this year's is the same."""
    if base is None or base.qualifier or base.column:
        return []
    note = f"由本年{base.value:f}{base.unit}、与上年持平得出"
    return [_year_before(base, base.value, start, end, State.DERIVED, note)]


def state_last_year(base: Statement | None, quantity: Token, start: int, end: int) -> list[Statement]:
    """The year before's value, given in brackets."""
    if base is None or quantity.value is None:
        return []
    stated = _year_before(base, quantity.value, start, end, State.STATED, None)
    return [replace(stated, unit=quantity.unit, qualifier=quantity.qualifier)]


def derive_from_all(piece: Piece, found: list[Statement], start: int, end: int) -> list[Statement]:
    """How many were granted where all or none of the applications were: 均予以公开, 均未予以公开."""
    base = next((s for s in reversed(found) if s.metric == "applications_new" and not s.column), None)
    if base is None or not base.value or base.year_offset:
        return []
    kinds = piece.kinds()
    start = min(base.start, start)
    if "not_granted" in kinds:
        value, state, note = Decimal(0), State.STATED, None
    elif _is_all(piece) and _grants(piece) and not kinds & {"partial", "denied", "negation"}:
        value, state, note = base.value, State.DERIVED, f"由收到{base.value:f}{base.unit}、全部予以公开得出"
    else:
        return []
    return [
        replace(
            base, metric=_RESULT_METRIC, value=value, state=state, note=note, start=start, end=end, channel_part=False
        )
    ]


def _grants(piece: Piece) -> bool:
    # 均予以公开答复 says that all were answered, not how.
    return any(token.kind == "granted" and not token.text.endswith("答复") for token in piece.tokens)


def _is_all(piece: Piece) -> bool:
    return any(token.kind == "all" or token.text.startswith("全部") for token in piece.tokens)


def _year_before(base: Statement, value: Decimal, start: int, end: int, state: State, note: str | None) -> Statement:
    return replace(
        base,
        value=value,
        state=state,
        note=note,
        start=min(base.start, start),
        end=max(base.end, end),
        year_offset=base.year_offset - 1,
        year=None if base.year is None else base.year - 1,
        channel_part=False,
        number=Span(max(base.end, end), max(base.end, end)),
    )
