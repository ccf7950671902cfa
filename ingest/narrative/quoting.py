"""Statements made from a piece, with the characters that a person has to read to see it."""

from __future__ import annotations

from decimal import Decimal

from ingest.narrative.clauses import Piece
from ingest.narrative.framing import FILING
from ingest.narrative.sentence_context import Context
from ingest.narrative.statements import Statement
from ingest.narrative.tokens import Token
from vectorstore.catalogue import catalogue

_INTRODUCTION = 70
_YUAN_OF_WAN = 10_000
# 信函 and 信函申请 are one way of filing.
_SAME_WAY = 2


def make_statement(context: Context, index: int, piece: Piece, metric: str, *, zero: Token | None = None) -> Statement:
    quantity = piece.quantity
    number = zero or quantity
    assert number is not None
    place = context.folded.span(number.start, number.end)
    start, end = quote(context, index)
    # A number in brackets can be a piece of its own, which the piece that it belongs to must not leave out.
    start, end = min(start, place.start), max(end, place.end)
    value = Decimal(0) if zero or quantity is None or quantity.value is None else quantity.value
    unit = "" if zero or quantity is None else quantity.unit
    if unit and catalogue().metrics[metric].unit == "万元":
        value, unit = value / _YUAN_OF_WAN, "万元"
    offset = 0
    if context.year is not None and context.report_year is not None and metric not in {"applications_carried_in"}:
        offset = context.year - context.report_year
    present = piece.kinds
    requested = [t for t in piece.tokens if t.kind in FILING]
    is_one_way = len(requested) == 1 or (len(requested) > 1 and _is_listed(context, piece))
    legal = "legal_entity" in present and "natural_person" not in present
    return Statement(
        metric=metric,
        value=value,
        start=start,
        end=end,
        year_offset=offset,
        year=context.year,
        qualifier=None if zero or quantity is None else quantity.qualifier,
        unit=unit,
        channel_part=metric == "applications_new"
        and zero is None
        and (legal or (is_one_way and "many" not in present)),
        by_applicant=metric == "applications_new" and zero is None and legal,
        territory=context.territory,
        subject=context.subject,
        held=("hold" in present or (piece.clause == context.clause and "hold" in context.verbs))
        and not _is_held_by_all(piece),
        number=place,
    )


def _is_held_by_all(piece: Piece) -> bool:
    """Whether others hold it, each for itself: 各部门自行组织培训30次."""
    at = [i for i, token in enumerate(piece.before) if token.kind in {"territory", "hold"}]
    first = piece.before[at[0]] if at else None
    return first is not None and first.kind == "territory" and first.text.startswith("各")


def _is_listed(context: Context, piece: Piece) -> bool:
    """Whether a piece that names several ways of filing is one of a list by such ways: 网络申请7件，信函和当面申请2件.

    通过网络、信函收到9件 names the ways of all of them.
    """
    if context.among:
        return True
    own = {t.text[:_SAME_WAY] for t in piece.tokens if t.kind in FILING}
    others = [
        {t.text[:_SAME_WAY] for t in p.tokens if t.kind in FILING}
        for p in context.pieces
        if p is not piece and p.quantity
    ]
    return any(others) and not any(own & other for other in others)


def quote(context: Context, index: int) -> tuple[int, int]:
    """What to quote for a piece: its clause, with the subject's clause before it where that states nothing itself."""
    pieces = context.pieces
    piece = pieces[index]
    clause = context.clause_of(piece)
    start, end = pieces[clause.first].tokens[0].start, clause.end
    furthest = pieces[clause.last].tokens[-1].end - _INTRODUCTION - clause.pieces * 20
    has_noun = bool(piece.counted)
    for at in range(clause.first - 1, -1, -1):
        earlier = pieces[at]
        begin = earlier.tokens[0].start
        is_source = not has_noun and context.source is not None and at >= context.source
        bare = earlier.quantity is None and "negation" not in earlier.kinds
        if not (is_source or (bare and begin >= furthest)):
            break
        start = min(start, begin)  # what opens with brackets has them behind it in the order of the pieces
    text = context.folded.text
    if text[end : end + 1] in {")", "]"}:
        end += 1
    span = context.folded.span(start, end)
    return span.start, span.end
