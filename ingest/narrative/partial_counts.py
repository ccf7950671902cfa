"""Counts of only a part of what a metric counts: of some months, of another matter, of each of several; or of years."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal

from ingest.narrative.clauses import Piece
from ingest.narrative.sentence_context import DISCLOSE, DISPUTES, LEAVES, RESULTS, Context
from ingest.narrative.statements import Statement
from ingest.narrative.subjects import is_self
from ingest.narrative.tokens import DATE, DEPARTMENT, UNKNOWN, YEAR, Token, kinds
from vectorstore.records import Span

_BODY_ENDINGS = ("区", "县", "市", "镇", "乡", "街道", "局", "委", "旗", "办", "厅", "部门")
_ABOUT_DISCLOSURE = DISCLOSE | {"topic", "application", "request", "info", "conclude", "handle"}
# 自2019年起, 2018年至2023年: what the sentence counts, it counts over years.
_OVER_YEARS = re.compile(
    r"[自从](20\d\d)年(?:\d+月)?(?:起|以来|至今)|(20\d\d)年?[至到~-](?:20\d\d)年(?!\d+月)"
    r"|[(](?:自)?\w{0,4}(?:开通|成立|上线|建站|运行|开设|创办)以来"
)
_FROM, _UNTIL, _SINCE = ("自", "从", "截至", "截止", "截止到"), ("至", "到"), ("底", "末", "以来", "至", "到")
_ENDS = ("底", "末")
_DISPUTE_TOTALS = frozenset({"review_total", "litigation_total"})


def is_over_years(text: str, report_year: int | None, number: int) -> bool:
    """Whether a sentence counts from an earlier year on: 自2019年起, 2018年至2023年.

    Args:
        number: Where its first number stands; years behind it, other than in brackets, are what it is about.
    """
    years = _OVER_YEARS.search(text)
    if years is None or years[1] == str(report_year):
        return False
    return years.start() < number or "(" in text[: years.start() + 1]


def is_of_each(context: Context, index: int) -> bool:
    """Whether the number is what each of several has: 四个街道各收到2件."""
    before = context.pieces[index - 1] if index else None
    same_clause = before is not None and before.clause == context.pieces[index].clause
    if before is not None and same_clause and before.after and before.after[-1].text == "各":
        return True
    if same_clause and context.subject and before and before.quantity and before.quantity.unit in {"个", "家"}:
        return True  # 甲区、乙区等3个县区收到申请超过100件
    tokens = context.pieces[index].before
    verbs = kinds("verbs")
    return any(t.text == "各" and follows.kind in verbs for t, follows in itertools.pairwise(tokens))


def is_of_a_part_of_the_year(context: Context, piece: Piece) -> str:
    """Of what part of the year a piece counts: ``season`` (上半年, 一季度), ``month`` (3月份), or none (empty).

    截至12月 and 1月1日至12月31日 are none.
    """
    before = [t for p in context.pieces if p.clause == piece.clause - 1 and not p.quantity for t in p.before]
    tokens = [*before, *piece.before]
    dates = [token for token in tokens if token.kind == DATE]
    if any(token.text.endswith(("半年", "季度")) for token in dates):
        return "season"
    months = [token for token in dates if token.text.endswith(("月", "月份"))]
    return "month" if months and len(dates) == 1 and not _until(tokens, dates[0]) else ""


def _until(tokens: list[Token], date: Token) -> bool:
    at = tokens.index(date)
    around = [t.text for t in [*tokens[max(at - 2, 0) : at], *tokens[at + 1 : at + 2]]]
    before, after = around[: min(at, 2)], around[min(at, 2) :]
    return any(text.endswith(_FROM) or text in _UNTIL for text in before) or any(t.startswith(_SINCE) for t in after)


def is_of_disputes(context: Context, kind: str) -> bool:
    """Whether an outcome is one of disputes, not of applications: 行政复议5件, 撤回1件."""
    return kind in LEAVES | RESULTS and bool(context.topic & DISPUTES) and "application" not in context.topic


def is_about_else(before: list[Token], value: Decimal) -> bool:
    """Whether disputes are described as about something other than disclosure: 涉征地补偿类行政诉讼3件."""
    described = any(t.kind == UNKNOWN and len(t.text) > 1 and not t.text.endswith(_BODY_ENDINGS) for t in before)
    return bool(value) and described and not any(t.kind in _ABOUT_DISCLOSURE for t in before)


def in_list_of_disclosures(context: Context) -> bool:
    """Whether parts of what was disclosed are being listed: 公开信息17条，其中政协提案1条."""
    return context.among and (context.parent or "").startswith("proactive")


def is_of_another_body(context: Context, piece: Piece) -> bool:
    """Whether the piece is one of a list by place: 其中青榆区收到申请5件."""
    if not context.among:
        return False
    verbs = kinds("verbs") | {"filler"}
    if piece.actor is not None and not is_self(piece.actor):
        return False
    return any(
        token.kind in {UNKNOWN, DEPARTMENT}
        and token.text.endswith(_BODY_ENDINGS)
        and (following is None or following.kind in verbs)
        for token, following in itertools.zip_longest(piece.before, piece.before[1:])
    )


def has_new_part(context: Context, index: int) -> bool:
    """Whether the next piece gives this year's share of a total over years: 累计4000条，其中本年新增350条."""
    following = context.pieces[index + 1 : index + 5]
    said = [t for p in context.pieces[: index + 1] for t in p.tokens]
    own_year = (
        t
        for before, t, after in zip([None, *said], said, [*said[1:], None], strict=False)
        if t.kind == YEAR
        and t.year == context.report_year
        and not t.text.endswith(_ENDS)
        # 截至2023年12月底 is since ever
        and not (before and before.text in _FROM[2:] and after and after.kind == DATE)
    )
    if any(t.kind == "this_year" for t in said) or any(own_year):
        return False
    return any("among" in p.kinds for p in following) and any(
        t.kind == "this_year"
        or t.text.startswith(("新增", "增加"))
        or (t.kind == YEAR and t.year == context.report_year and not (after and after.kind == DATE))
        for p in following
        for t, after in itertools.zip_longest(p.tokens, p.tokens[1:])
    )


def is_lead_share(context: Context, piece: Piece) -> bool:
    """Whether only the proposals that the body leads are counted, beside those it assists with: 主办2件，协办3件."""
    leads = any(token.text.startswith(("主办", "牵头")) for token in piece.before)
    return leads and any("assist" in other.kinds and other.quantity for other in context.pieces if other is not piece)


def of_all_disputes(context: Context, found: list[Statement]) -> list[Statement]:
    """Totals of disputes of every sort, of which some or none are about disclosure: 复议56件, 其中涉及信息公开3件."""
    others: list[Statement] = []
    for piece in context.pieces[1:]:
        before = [s for s in found if s.metric in _DISPUTE_TOTALS and s.number < _place(context, piece)]
        if _is_none_about_disclosure(piece):
            others.extend(s for s in before[-1:] if s not in others)
        named = any(token.kind in {"topic", "info"} for token in piece.before)
        if piece.quantity and "among" in piece.kinds and named and not piece.kinds & {"review", "lawsuit", "disclose"}:
            others.extend(s for s in before if s.value and s not in others)
    return others


def _place(context: Context, piece: Piece) -> Span:
    number = piece.quantity or piece.tokens[0]
    return context.folded.span(number.start, number.end)


def _is_none_about_disclosure(piece: Piece) -> bool:
    """行政诉讼2件（均不涉及政府信息公开）."""
    none = "negation" in piece.kinds and any(t.kind == "all" or t.text.startswith("均") for t in piece.before)
    return piece.in_brackets and none and bool(piece.kinds & {"topic", "info"})
