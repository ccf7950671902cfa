"""Who applied: 其中自然人10件、企业2件 are columns of the total before them, 均为自然人 makes it the one column."""

from __future__ import annotations

from dataclasses import replace

from ingest.narrative.clauses import Piece
from ingest.narrative.quoting import make_statement, quote
from ingest.narrative.sentence_context import Context
from ingest.narrative.statements import Statement
from ingest.narrative.tokens import YEAR, Token, kinds, units
from vectorstore.catalogue import catalogue
from vectorstore.records import State

_BESIDE = frozenset(
    {"application", "request", "receive", "receive_new", "occur", "filler", "among", "joiner", "linking", "all"}
    | {"this_year", "tail", "marker", "territory", YEAR}
)
# 服务个人3次, 走访企业2次 count no applications: these words name an applicant only where one is being spoken of.
# How many columns must have been listed before for 其他 to be the last of them, and not a lump of several.
_OTHERS = {"其他组织": 2, "其他": 3, "其它": 3}
_LEGAL = frozenset({"enterprise", "research_institution", "social_welfare_org", "legal_service_org"})
_ALL = ("均", "皆", "全部", "都", "全都")
_LOOSE = frozenset({"企业", "公司", "个人", "公民"})


def column_of(tokens: list[Token]) -> str | None:
    """The one column that the words name, if they speak of nothing else."""
    applicants = {token.kind for token in tokens if token.kind in kinds("applicants")}
    if len(applicants) != 1 or "legal_entity" in applicants:
        return None
    return applicants.pop() if all(token.kind in _BESIDE | kinds("applicants") for token in tokens) else None


def state_column(context: Context, index: int, piece: Piece, found: list[Statement]) -> Statement | None:
    """The column that a piece with a quantity states of the total before it, or of the new applications."""
    quantity = piece.quantity
    words = [*piece.before, *piece.after]
    column = column_of(words) or _rest_of(words, found)
    if quantity is None or column is None or "case" not in units().families.get(quantity.unit, ()):
        return None
    named = bool(piece.kinds & {"application", "request"})
    total = _total_before(context, found)
    if total is None:
        # 收到公民申请14件 counts all of them, if no other sort of applicants is counted beside it.
        is_loose = any(token.text in _LOOSE for token in words) and not _has_rival(context, column)
        if is_loose or not (named or "application" in context.topic | context.theme):
            return None
        return replace(make_statement(context, index, piece, "applications_new"), column=column, channel_part=False)
    if not catalogue().metrics[total.metric].has_columns or (quantity.value or 0) > total.value:
        return None
    stated = make_statement(context, index, piece, total.metric)
    return replace(
        stated, column=column, start=min(total.start, stated.start), channel_part=False, year_offset=total.year_offset
    )


def _rest_of(words: list[Token], found: list[Statement]) -> str | None:
    """The form's last column behind the others: 自然人8件、企业1件、法律服务机构1件、其他0件."""
    columns = {s.column for s in found if s.column}
    if not columns & _LEGAL or not words or any(t.kind in {"natural_person"} for t in words):
        return None
    others = [t for t in words if t.text in _OTHERS]
    if len(others) != 1 or any(t not in others and t.kind not in _BESIDE for t in words):
        return None
    return "other_org" if len(columns) >= (_OTHERS[others[0].text]) else None


def derive_column(context: Context, index: int, piece: Piece, found: list[Statement]) -> Statement | None:
    """The column that all of the applications fall into: 均为自然人申请."""
    if not any(t.text.startswith(_ALL) for t in piece.before) or "negation" in piece.kinds:
        return None
    column = column_of(piece.tokens)
    total = _total_before(context, found)
    if column is None or total is None or total.metric != "applications_new" or not total.value:
        return None
    start, end = quote(context, index)
    name = catalogue().column(column).label
    return replace(
        total,
        column=column,
        state=State.DERIVED,
        note=f"由收到{total.value:f}{total.unit}、均为{name}得出",
        start=min(start, total.start),
        end=max(end, total.end),
        channel_part=False,
        from_parts=False,
    )


def _has_rival(context: Context, column: str) -> bool:
    counted = (piece.kinds & kinds("applicants") for piece in context.pieces if piece.quantity)
    return any(applicants - {column} for applicants in counted)


def _total_before(context: Context, found: list[Statement]) -> Statement | None:
    said = (token.text for piece in context.pieces for token in piece.before)
    among = context.among or any(text.endswith(("申请人", "申请中")) for text in said)
    before = found or (context.last if among else [])
    totals = (s for s in reversed(before) if s.column is None and not s.channel_part and s.year_offset == 0)
    return next((s for s in totals if not s.metric.startswith("applications_carried")), None)
