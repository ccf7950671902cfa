"""What a comparison with the year before states: 较去年减少1件, 比上年（25起）下降20%, 与去年持平."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ingest.narrative.clauses import Piece
from ingest.narrative.sentence_context import LEAVES, RESULTS
from ingest.narrative.statements import Statement
from ingest.narrative.tokens import COMPARED, YEAR, Token
from vectorstore.records import Span, State

_SAME_PERIOD = "同期"
_GROUPS = {"review_total": "review", "lit_direct_total": "lit_direct", "lit_post_review_total": "lit_post_review"}
_DISPUTE_RESULTS = frozenset({"upheld", "corrected", "pending", "other_result"})
_RESULT_METRIC = "result_granted"
_DECISIONS = frozenset({"决定", "处理", "处理决定", "答复"})
_METRICS = {
    "granted": "result_granted",
    "partial": "result_partial",
    "denied": "denied_subtotal",
    "unable": "unable_subtotal",
    "unprocessed": "unprocessed_subtotal",
    "other_handled": "other_subtotal",
    "withdrawn": "other_misc",
}


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
    """The year before's value, given in brackets or beside this year's: （上年40件）, 上年为40件."""
    if base is None or quantity.value is None or (quantity.unit and base.unit and quantity.unit != base.unit):
        return []
    stated = _year_before(base, quantity.value, start, end, State.STATED, None)
    return [replace(stated, unit=quantity.unit, qualifier=quantity.qualifier)]


def is_last_year_alone(piece: Piece, report_year: int | None) -> bool:
    """Whether a piece says no more than that it was so many the year before: 去年为8件, 2022年8件."""
    named = any(
        t.kind in {"past", "last_year"} or (t.kind in {YEAR, COMPARED} and t.year == _before(report_year))
        for t in piece.before
    )
    beside = {"past", "last_year", YEAR, COMPARED, "filler", "linking"}
    return named and not piece.after and all(t.kind in beside or t.text == _SAME_PERIOD for t in piece.before)


def state_new_level(
    piece: Piece, found: list[Statement], start: int, end: int, *, compared: bool = False
) -> list[Statement]:
    """This year's value behind the year before's: 由上年的12件增至15件.

    A value before it that names no year is none of this year's; it is taken out of ``found``.

    Args:
        compared: The value before it is the year before's, as its clause says: 较去年的5件增加至12件.
    """
    quantity = piece.quantity
    before = next((s for s in reversed(found) if not s.column and not s.channel_part), None)
    if not is_new_level(piece) or before is None or quantity is None or quantity.value is None:
        return []
    if before.year_offset == 0:
        found.remove(before)
    if compared and before.year_offset == 0:
        found.append(replace(before, year_offset=-1))
    return [
        replace(
            before,
            value=quantity.value,
            qualifier=quantity.qualifier,
            year_offset=0,
            year=None,
            start=min(before.start, start),
            end=end,
            number=Span(end, end),
        )
    ]


def is_new_level(piece: Piece) -> bool:
    """Whether a piece says to what something rose or fell: 增至15件."""
    words = [token for token in piece.before if token.kind != "filler"]
    return len(words) == 1 and words[0].kind in {"up", "down"} and words[0].text.endswith(("至", "到"))


def _before(report_year: int | None) -> int | None:
    return None if report_year is None else report_year - 1


def derive_from_all(piece: Piece, found: list[Statement], start: int, end: int) -> list[Statement]:
    """How many were granted where all or none of the applications were: 均予以公开, 均未予以公开."""
    base = next((s for s in reversed(found) if s.metric == "applications_new" and not s.column), None)
    if base is None or not base.value or base.year_offset:
        return []
    kinds = piece.kinds
    start = min(base.start, start)
    if "not_granted" not in kinds and (outcome := _outcome_of_all(piece, base)):
        return [replace(outcome, start=start, end=end, channel_part=False)]
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


def _outcome_of_all(piece: Piece, base: Statement) -> Statement | None:
    """The outcome that all of the applications had, or the only one: 均不予处理; 收到1件，予以公开."""
    outcomes = [token for token in piece.tokens if token.kind in RESULTS | LEAVES]
    plain = {"filler", "all", "conclude", "make", "handle", "linking", "topic", "this_year", "tail", "occur"}
    if not outcomes or base.qualifier or any(t.kind not in plain and t not in outcomes for t in piece.tokens):
        return None
    whole = _is_all(piece) or any(t.text.startswith("均") for t in piece.tokens)
    last = outcomes[-1]
    behind = [token.text for token in piece.tokens[piece.tokens.index(last) + 1 :]]
    if (base.value != 1 and not whole) or any(text not in _DECISIONS for text in behind):
        return None
    if last.kind in LEAVES and last.text.startswith("涉及"):
        return None  # 收到1件，涉及国家秘密 doesn't say what was decided
    if last.kind == "granted" and (behind or last.text.endswith("答复")):
        return None  # 均予以公开答复 says that all were answered, not how
    row = row_of(piece.tokens, piece.tokens.index(last), last.kind)
    metric = _METRICS.get(row, row)
    said = "、" if base.value == 1 else "、全部"
    note = f"由收到{base.value:f}{base.unit}{said}{last.text}得出"
    return replace(base, metric=metric, state=State.DERIVED, note=note)


def row_of(tokens: Sequence[Token], at: int, kind: str) -> str:
    """The row that a result is counted in where one reason is given: 因保护第三方合法权益不予公开."""
    if kind not in RESULTS:
        return kind
    family = {"other_handled": "other"}.get(kind, kind) + "_"
    reasons = {t.kind for t in tokens[:at] if t.kind in LEAVES | {"reason"}}
    is_open = any(t.text.startswith("等") for t in tokens[:at])
    return reasons.pop() if len(reasons) == 1 and next(iter(reasons)).startswith(family) and not is_open else kind


def derive_result(piece: Piece, base: Statement | None, start: int, end: int) -> list[Statement]:
    """How a body's one dispute ended, or all of them: 行政复议1件，维持原行政行为; 均维持."""
    if base and base.metric == "litigation_total" and (way := derive_way(piece, base, start, end)):
        return way
    group = _GROUPS.get(base.metric, "") if base else ""
    results = piece.counted & _DISPUTE_RESULTS
    if base is None or not group or len(results) != 1 or "negation" in piece.kinds or base.qualifier:
        return []
    if base.value != 1 and not (_is_all(piece) or any(t.text.startswith("均") for t in piece.tokens)):
        return []
    metric = f"{group}_{'other' if 'other_result' in results else next(iter(results))}"
    note = f"由{base.value:f}{base.unit}、{piece.tokens[-1].text}得出"
    return [replace(base, metric=metric, state=State.DERIVED, note=note, start=min(base.start, start), end=end)]


def derive_way(piece: Piece, base: Statement, start: int, end: int) -> list[Statement]:
    """Which way all of the lawsuits came: 行政诉讼3件，均为复议后起诉."""
    ways = {token.kind for token in piece.tokens} & {"lit_direct", "lit_post_review"}
    plain = {"filler", "all", "linking", "tail", "occur", "lit_direct", "lit_post_review"}
    whole = base.value == 1 or _is_all(piece) or any(t.text.startswith("均") for t in piece.tokens)
    if len(ways) != 1 or not whole or base.qualifier or any(t.kind not in plain for t in piece.tokens):
        return []
    note = f"由{base.value:f}{base.unit}、{piece.tokens[-1].text}得出"
    metric = f"{ways.pop()}_total"
    return [replace(base, metric=metric, state=State.DERIVED, note=note, start=min(base.start, start), end=end)]


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
