"""Statements made from a piece, with the characters that a person has to read to see it."""

from __future__ import annotations

from decimal import Decimal

from ingest.clauses import Piece
from ingest.framing import FILING
from ingest.sentence_context import Context, noun_kinds
from ingest.statements import Statement
from ingest.tokens import Token, kinds

_INTRODUCTION = 70
# 信函 and 信函申请 are one way of filing.
_SAME_WAY = 2


def make_statement(context: Context, index: int, piece: Piece, metric: str, *, zero: Token | None = None) -> Statement:
    quantity = piece.quantity
    start, end = quote(context, index)
    value = Decimal(0) if zero or quantity is None or quantity.value is None else quantity.value
    unit = "" if zero or quantity is None else quantity.unit
    offset = 0
    if context.year is not None and context.report_year is not None and metric not in {"applications_carried_in"}:
        offset = context.year - context.report_year
    present = piece.kinds()
    requested = [t for t in piece.tokens if t.kind in FILING]
    is_one_way = len(requested) == 1 or (len(requested) > 1 and _is_listed(context, piece))
    column = next((k for k in sorted(present & kinds("applicants")) if k != "legal_entity"), None)
    legal = "legal_entity" in present and not any("公民" in t.text or "个人" in t.text for t in piece.tokens)
    number = zero or quantity
    assert number is not None
    return Statement(
        metric=metric,
        value=value,
        start=start,
        end=end,
        column=column if metric == "applications_new" and zero is None else None,
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
        number=context.folded.span(number.start, number.end),
    )


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
    clauses = [p for p in pieces if p.clause == piece.clause]
    first, last = clauses[0], clauses[-1]
    start, end = first.tokens[0].start, max(p.tokens[-1].end for p in clauses)
    has_noun = bool(noun_kinds(piece))
    for earlier in reversed(pieces[: pieces.index(first)]):
        begin = earlier.tokens[0].start
        is_source = not has_noun and context.source is not None and pieces.index(earlier) >= context.source
        bare = earlier.quantity is None and "negation" not in earlier.kinds()
        if not (is_source or bare) or (
            not is_source and last.tokens[-1].end - begin > _INTRODUCTION + len(clauses) * 20
        ):
            break
        start = begin
    text = context.folded.text
    if text[end : end + 1] in {")", "]"}:
        end += 1
    span = context.folded.span(start, end)
    return span.start, span.end
