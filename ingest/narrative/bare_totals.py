"""Totals that stand bare behind their parts, or beside others: 共17件, 合计474条, 860期1955条, 其中本年新增284条."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ingest.narrative.clauses import Piece
from ingest.narrative.framing import WHOLE
from ingest.narrative.quoting import make_statement
from ingest.narrative.sentence_context import DISCLOSE, Context
from ingest.narrative.statements import Statement
from ingest.narrative.tokens import YEAR, Token, units

_CHANNEL_COUNTS = frozenset({"proactive_website", "proactive_wechat"})
_OF_YEARS_SHARE = frozenset({"among", "filler", "this_year", "info", "up", YEAR})
_FEWEST_PARTS = 2


def state_sum(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement] | None:
    """自然人申请15件、法人申请2件，共17件: a bare total behind the parts that it is the sum of."""
    quantity = piece.quantity
    bare = piece.before and all(t.text in WHOLE for t in piece.before) and not piece.after
    if quantity is None or quantity.value is None or not bare or not found:
        return None
    parts = all(s.channel_part or s.column for s in found) and len({(s.metric, s.year_offset) for s in found}) == 1
    same_unit = all(not s.unit or s.unit == quantity.unit for s in found)
    # 网上申请105件、快递寄来17件，合计122件: some of the parts may not be known as such.
    if not parts or not same_unit or sum(s.value for s in found) > quantity.value:
        listed = _sum_of_listed(context, index, quantity, found)
        whole = make_statement(context, index, piece, listed.metric) if listed else None
        return [replace(whole, subject=listed.subject)] if listed and whole else None
    return [make_statement(context, index, piece, found[0].metric)]


def _sum_of_listed(context: Context, index: int, quantity: Token, found: list[Statement]) -> Statement | None:
    """The first part of what a bare total counts that is exactly the sum of the numbers before it:
    网站公开176条，公众号298条，合计474条.

    Parts that were taken for the whole are marked in ``found`` as what they are.
    """
    covered: list[Piece] = []
    total = Decimal(0)
    for part in reversed([p for p in context.pieces[:index] if p.quantity and not p.in_brackets]):
        number = part.quantity
        if number is None or number.unit != quantity.unit or number.value is None or total >= (quantity.value or 0):
            break
        total += number.value
        covered.append(part)
    places = {context.folded.span(p.quantity.start, p.quantity.end): p for p in covered if p.quantity}
    listed = [s for s in found if s.number in places]
    metrics = {s.metric for s in listed}
    if total != quantity.value or len(covered) < _FEWEST_PARTS or any(s.column or s.qualifier for s in listed):
        return None
    subjects = {None if s.subject == "本级" else s.subject for s in listed}
    if len(subjects) > 1 or not metrics:
        return None
    subject = subjects.pop()
    if metrics <= _CHANNEL_COUNTS:
        return replace(listed[0], metric="proactive_total", subject=subject)
    stated = {s.number for s in listed}
    if metrics != {"applications_new"} or not all(
        place in stated or p.counted & {"application", "request"} for place, p in places.items()
    ):
        return None
    found[:] = [replace(s, channel_part=True) if s in listed else s for s in found]
    return replace(listed[0], subject=subject)


def state_items(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement] | None:
    """推送860期1955条: the items count, not the issues that they came in."""
    before = context.pieces[index - 1] if index else None
    if (
        piece.before
        or piece.after
        or piece.separator not in {"", "、"}
        or not found
        or before is None
        or before.quantity is None
    ):
        return None
    issues = "periodical" in units().families.get(before.quantity.unit, ())
    items = piece.quantity is not None and "item" in units().families.get(piece.quantity.unit, ())
    span = context.folded.span(before.quantity.start, before.quantity.end)
    if not issues or not items or found[-1].number != span:
        return None
    return [make_statement(context, index, piece, found.pop().metric)]


def state_years_share(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement] | None:
    """This year's part of a total over years: 累计主动公开3016条，其中本年新增284条."""
    if not context.accumulated or not context.among or piece.after:
        return None
    own_year = any(t.kind == "this_year" or (t.kind == YEAR and t.year == context.report_year) for t in piece.before)
    plain = all(t.kind in _OF_YEARS_SHARE | DISCLOSE for t in piece.before)
    if not plain or not (own_year or any(t.text.startswith("新增") for t in piece.before)):
        return None
    context.accumulated, metric = "", context.accumulated
    return [make_statement(context, index, piece, metric)]
