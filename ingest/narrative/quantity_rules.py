"""What a piece with a number states: rules tried one after another, the first that knows the form of words counts.

Each rule gets the sentence's context, the piece's index, the piece, and what the sentence has stated so far. It
returns the statements, an empty list where the number is no figure, or ``None`` where the next rule should look.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from ingest.narrative.applicants import state_column
from ingest.narrative.bare_totals import state_items, state_sum, state_years_share
from ingest.narrative.changes import (
    derive_from_change,
    is_last_year_alone,
    is_new_level,
    row_of,
    state_last_year,
    state_new_level,
)
from ingest.narrative.clauses import Piece
from ingest.narrative.framing import CARRIED_METRICS, OUTCOME_METRICS, WHOLE, carried_kind, inherited_nouns, make_frame
from ingest.narrative.grammar import BOTH, NO_NOUN, Pattern, match, nouns, nouns_behind
from ingest.narrative.partial_counts import (
    has_new_part,
    in_list_of_disclosures,
    is_about_else,
    is_lead_share,
    is_of_a_part_of_the_year,
    is_of_another_body,
    is_of_disputes,
    is_of_each,
)
from ingest.narrative.places_counted import share_out, state_listed, state_share
from ingest.narrative.quoting import make_statement, quote
from ingest.narrative.sentence_context import DISPUTES, EVENTS, INFO, Context
from ingest.narrative.statements import Statement
from ingest.narrative.tokens import COMPARED, UNKNOWN, YEAR, Token, kinds, units
from vectorstore.records import State

Rule = Callable[[Context, int, Piece, list[Statement]], list[Statement] | None]

_PROPOSALS = frozenset({"npc_proposals", "cppcc_proposals"})
_BARE = WHOLE | {"为", "达", "达到", "计", "有", "共为"}
_OTHERS = ("其他", "其它")
_BESIDE_YEAR = frozenset({"filler", "linking"})
_NO_YEAR_OF_ITS_OWN = frozenset({"同比", "年同比", "环比"})
_OUTSIDE = frozenset({"外", "之外", "以外"})
_RATIOS = frozenset({"成", "%", "‰", "倍", "个百分点"})
_DISPUTE_TOTALS = frozenset({"review_total", "litigation_total"})
# Verbs of what a change may be a change of; 点击量较去年增加100次 is none of the statement before it.
_CHANGEABLE = frozenset(
    {"receive", "receive_new", "handle", "conclude", "disclose", "disclose_proactive", "occur", "hold", "undertake"}
)


def read_quantity(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement]:
    """The statements of a piece with a number; ``found`` may lose one that this piece shows to be none."""
    for rule in _RULES:
        statements = rule(context, index, piece, found)
        if statements is not None:
            if any(s.metric == "applications_carried_in" and s.value for s in statements):
                _include_carried(context, index, piece, found)
            return statements
    return []


def _include_carried(context: Context, index: int, piece: Piece, found: list[Statement]) -> None:
    """Make what was received handled, where what was carried in is a part of it: 收到20件，其中上年结转2件.

    In brackets it is one only where the new ones stand beside it: 受理32件（上年结转2件，本年新收30件）.
    """
    if not found or found[-1].metric != "applications_new":
        return
    last = found[-1]
    numbers = [piece.quantity, *(p.quantity for p in context.pieces[index + 1 : index + 2] if p.in_brackets)]
    both = sum(n.value for n in numbers if n and n.value is not None)
    listed = piece.in_brackets and context.outer == last.metric and both == last.value
    among = context.among and context.parent == last.metric
    if (among or listed) and last.number not in context.newly_received and not last.column:
        found[-1] = replace(last, metric="applications_handled")
        context.parent = context.outer = "applications_handled"


def statement_before(context: Context, found: list[Statement]) -> Statement | None:
    """The last total of this year, which a change or a value of last year refers to."""
    return next((s for s in reversed(found or context.last) if not s.channel_part and s.year_offset == 0), None)


def _nothing(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement] | None:
    """Numbers that count nothing: shares, limits, plans, stray cells, the largest of several."""
    quantity = piece.quantity
    assert quantity is not None
    if any(token.kind == "negation" for token in piece.before):
        return []
    if not quantity.unit and context.in_table:
        return []
    is_fraction = quantity.value is not None and quantity.value != quantity.value.to_integral_value()
    if is_fraction and "money" not in units().families.get(quantity.unit, ()):
        return []  # nothing that is counted comes in fractions
    if quantity.unit in {"个", "家", "名"} and piece.after and piece.after[0].text in {"以上", "以下"}:
        return []  # 涉及两个以上单位的申请
    if quantity.unit in _RATIOS or piece.kinds & {"modal", "ratio"}:
        context.compared, context.ratio_of = "", context.compared
        return []
    if _is_of_several_years(piece):
        return []
    if "except" in piece.kinds and not piece.kinds & {"carried", "carried_out", "carried_in"}:
        return []
    clause = (other for other in context.pieces[: index + 1] if other.clause == piece.clause)
    return [] if any("extreme" in other.kinds for other in clause) else None


def _is_of_several_years(piece: Piece) -> bool:
    """Whether years are joined before the number: 2022年和2023年共收到8件."""
    years = [i for i, token in enumerate(piece.before) if token.kind == YEAR]
    shared = any(t.text.startswith("分别") for t in piece.before)
    return not shared and any(b == a + 2 and piece.before[a + 1].kind == "joiner" for a, b in itertools.pairwise(years))


def _last_year(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement] | None:
    """（上年25件）, 上年为25件."""
    quantity = piece.quantity
    assert quantity is not None
    base = statement_before(context, found)
    anchor = piece.anchor.kind if piece.anchor else ""
    if piece.anchor and anchor == COMPARED and context.report_year and piece.anchor.year == context.report_year - 1:
        anchor = "last_year"
    named = piece.in_brackets and ({anchor} | piece.kinds) & {"last_year", "past"} and not piece.kinds & {"up", "down"}
    following = context.pieces[index + 1 : index + 2]
    compares = any(p.clause == piece.clause and p.quantity and p.kinds & {"up", "down"} for p in following)
    alone = base is not None and is_last_year_alone(piece, context.report_year)
    same_period = bool(found) and any(t.kind == "past" or t.text.endswith("同期") for t in piece.before)
    plain = alone and (piece.in_brackets or same_period or piece.before[-1].text in {"为", "的"} or compares)
    if not named and not plain:
        return None
    context.bare_year = alone
    return state_last_year(base, quantity, *quote(context, index))


def _new_level(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement] | None:
    """由12件增至15件."""
    quantity = piece.quantity
    if quantity is None or not is_new_level(piece):
        return None
    compared = context.compared == "last_year" and index > 0 and "last_year" in context.pieces[index - 1].kinds
    context.compared = ""
    number = context.folded.span(quantity.start, quantity.end)
    stated = state_new_level(piece, found, *quote(context, index), compared=compared)
    return [replace(s, number=number) for s in stated]


def _compared_year(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement] | None:
    """新收申请较2021年的151件增加33件: the number right behind the year that is compared with is that year's."""
    behind = list(itertools.takewhile(lambda t: t.kind in _BESIDE_YEAR, reversed(piece.before)))
    words = piece.before[: len(piece.before) - len(behind)]
    if not words or words[-1].kind not in {COMPARED, "last_year", "before"} or words[-1].text in _NO_YEAR_OF_ITS_OWN:
        return None
    named, rest = words[-1], words[:-1]
    if not any(t.kind not in _BESIDE_YEAR for t in rest):
        return None
    if named.kind == "before" or context.report_year is None:
        return []
    whole = replace(piece, before=rest, _tokens=None, _kinds=None, _verbs=None, _counted=None)
    year, context.year = context.year, named.year or context.report_year - 1
    context.pieces[index] = whole
    stated = _column(context, index, whole, found) or _patterned(context, index, whole, found)
    context.pieces[index], context.year = piece, year
    return stated or []


def _change(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement] | None:
    """较去年减少1件, 较上年增长20%（增加10件）."""
    if piece.separator == "(" and piece.kinds & {"up", "down"}:
        context.compared = context.compared or context.ratio_of
    if not context.compared and _is_bare_change(piece):
        context.compared = context.ratio_of  # 同比增长25%，增加20件
    if not context.compared or not piece.kinds & {"up", "down"}:
        return None
    context.ratio_of = ""
    compared, context.compared = context.compared, ""
    same = piece.counted <= {"application", "request", "info"} | (DISPUTES & context.topic) | context.topic
    other = any(t.kind == UNKNOWN or t.kind in kinds("verbs") - _CHANGEABLE for t in piece.before)
    if compared != "last_year" or not same or other or not _follows_total(context, index, found):
        return []
    if not any(token.kind in {"up", "down"} for token in piece.before):  # 较2022年19件略有上升
        assert piece.quantity is not None
        return state_last_year(statement_before(context, found), piece.quantity, *quote(context, index))
    return derive_from_change(statement_before(context, found), piece, *quote(context, index))


def _follows_total(context: Context, index: int, found: list[Statement]) -> bool:
    """Whether the last number before a change is the total's: 其中网络申请7件，同比减少1件 is none of the total."""
    base = statement_before(context, found)
    for piece in reversed(context.pieces[:index]):
        quantity = piece.quantity
        if quantity is None or piece.in_brackets or quantity.unit in _RATIOS or piece.kinds & {"up", "down"}:
            continue
        return base is not None and base.number == context.folded.span(quantity.start, quantity.end)
    return True


def _is_bare_change(piece: Piece) -> bool:
    words = [token for token in piece.before if token.kind != "filler"]
    return len(words) == 1 and words[0].kind in {"up", "down"} and not piece.after


def _added(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement] | None:
    """建议4件、12件: two numbers of the same thing are added up, since neither is the whole."""
    if piece.before or piece.after or piece.separator != "、" or not found:
        return None
    if any(t.text.startswith("分别") for p in context.pieces[:index] if p.clause == piece.clause for t in p.before):
        return []
    last, quantity = found[-1], piece.quantity
    assert quantity is not None and quantity.value is not None
    if last.unit != quantity.unit or last.number.end > context.folded.span(quantity.start, quantity.end).start:
        return []
    start, end = quote(context, index)
    value = last.value + quantity.value
    note = f"由“{last.value:f}{last.unit}”与“{quantity.text}”相加得出"
    found[-1] = replace(
        last, value=value, state=State.DERIVED, note=note, end=max(end, last.end), start=min(start, last.start)
    )
    return []


def _except(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement] | None:
    """除收到2件申请外，未收到其他申请: what is excepted is all there was."""
    if "except" not in piece.kinds or not piece.kinds & {"receive", "receive_new"}:
        return None
    following = context.pieces[index + 1 : index + 2]
    if not any("negation" in p.kinds and any(t.text.startswith(_OTHERS) for t in p.tokens) for p in following):
        return None
    whole = replace(
        piece,
        before=[t for t in piece.before if t.kind != "except"],
        after=[t for t in piece.after if t.text not in _OUTSIDE],
        _tokens=None,
        _kinds=None,
        _verbs=None,
        _counted=None,
    )
    context.pieces[index] = whole
    stated = _patterned(context, index, whole, found)
    context.pieces[index] = piece
    return stated


def _including_carried(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement] | None:
    """受理35件（含上年结转4件）: what was received then is what was handled."""
    if "including_carried" not in piece.kinds:
        return None
    before = context.pieces[index - 1].quantity if index else None
    span = before and context.folded.span(before.start, before.end)
    if found and found[-1].metric == "applications_new" and found[-1].number == span:
        found[-1] = replace(found[-1], metric="applications_handled")
    return [make_statement(context, index, piece, "applications_carried_in")]


def _column(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement] | None:
    """其中自然人10件."""
    column = state_column(context, index, piece, found)
    return None if column is None else [column]


def _of_share(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement] | None:
    """自然人申请占92%，共46件; 申请量同比下降35%，为38件: a bare number behind the share of what it counts."""
    share = context.pieces[index - 1] if index else None
    if share is None or share.quantity is None or share.quantity.unit not in _RATIOS or piece.after:
        return None
    if not piece.before or any(token.text not in _BARE for token in piece.before):
        return None
    changed = bool(share.kinds & {"up", "down"})
    counted = kinds("applicants") | (kinds("objects") if changed else kinds("outcomes"))
    if not share.kinds & counted or share.after:
        return None
    words = [t for t in share.before if t.kind not in {"ratio", "last_year", "before", "up", "down"}]
    whole = Piece(before=words, quantity=piece.quantity, separator=share.separator, clause=piece.clause)
    context.pieces[index] = whole
    stated = _column(context, index, whole, found) or _patterned(context, index, whole, found)
    context.pieces[index] = piece
    return stated


def _patterned(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement] | None:
    """What the patterns of the lexicon make of the noun that is counted."""
    quantity = piece.quantity
    assert quantity is not None and quantity.value is not None
    heads = [(piece.before, i) for i in nouns(piece.before)] or [(piece.after, i) for i in nouns_behind(piece.after)]
    together: frozenset[str] = frozenset()
    parts = [
        (tokens, i, row_of(tokens, i, kind))
        for tokens, i in heads
        for kind in BOTH.get(tokens[i].kind, (tokens[i].kind,))
    ]
    if _lists_new(heads):
        parts.append((piece.before, -1, "application"))
    if len(parts) > 1 and {kind for _, _, kind in parts[:-1]} == {"policy"} and parts[-1][2] in INFO:
        documents, parts = parts[:-1], parts[-1:]  # 各类文件、信息168条
        together = frozenset(kind for _, _, kind in documents)
    if context.among and [kind for _, _, kind in parts] == ["proposal"] and context.topic >= {"npc", "cppcc"}:
        parts = [(tokens, i, "npc") for tokens, i, _ in parts]  # 建议和提案23件，其中建议9件、提案14件
    if carried := carried_kind(context, piece, found):
        parts = [(piece.before, -1, carried)]
    inherited = not parts
    if inherited:
        parts = [(piece.before, -1, kind) for kind in inherited_nouns(context, piece)]
    each = bool(piece.before) and piece.before[-1].text == "各"
    if (len(parts) > 1 and quantity.value and not each) or is_of_each(context, index):
        return []
    dated = is_of_a_part_of_the_year(context, piece)
    if context.since or context.over_years:
        return []
    counted = (
        together
        | frozenset(kind for _, _, kind in parts)
        | frozenset(tokens[i].kind for tokens, i, _ in parts if i >= 0)
    )
    statements = _match_parts(context, index, piece, parts, counted, inherited, dated)
    if statements and "cumulative" in piece.kinds and has_new_part(context, index):
        # A system's own 本年新增 may be only what came into the system.
        context.accumulated = statements[0].metric if statements[0].metric == "proactive_total" else ""
        return []
    return statements


def _match_parts(
    context: Context,
    index: int,
    piece: Piece,
    parts: list[tuple[list[Token], int, str]],
    counted: frozenset[str],
    inherited: bool,
    dated: str,
) -> list[Statement]:
    statements: list[Statement] = []
    for tokens, at, kind in parts:
        frame = make_frame(context, piece, kind, inherited and kind != NO_NOUN, tokens, at, counted - {kind})
        pattern = match(frame) if frame else None
        if pattern is None or _is_of_else(context, piece, pattern, tokens[:at] if at > 0 else [], kind):
            continue
        if all(s.metric != pattern.metric for s in statements):
            stated = make_statement(context, index, piece, pattern.metric)
            if not dated:
                statements.append(stated)
            elif pattern.metric in EVENTS and dated == "month":
                statements.append(replace(stated, dated=True))
    return statements


def _lists_new(heads: list[tuple[list[Token], int]]) -> bool:
    """Whether the nouns are listed behind 新收: 新收、上年结转申请均为0件."""
    tokens, first = heads[0] if heads else ([], 0)
    return first > 1 and tokens[first - 1].text == "、" and tokens[first - 2].kind == "receive_new"


def _is_of_else(context: Context, piece: Piece, pattern: Pattern, before: list[Token], kind: str) -> bool:
    """Whether what the pattern found is counted of another matter than the metric's, or of another body."""
    value = piece.quantity.value if piece.quantity else None
    if is_of_another_body(context, piece) or is_of_disputes(context, kind):
        return True
    if pattern.metric in _DISPUTE_TOTALS and is_about_else(before, value or Decimal(0)):
        return True
    if pattern.metric in _PROPOSALS and is_lead_share(context, piece):
        return True
    if context.by_content and pattern.metric not in CARRIED_METRICS | OUTCOME_METRICS:
        return True
    return in_list_of_disclosures(context) and not pattern.metric.startswith("proactive")


_RULES: tuple[Rule, ...] = (
    _except,
    _nothing,
    _last_year,
    _new_level,
    _compared_year,
    _change,
    share_out,
    state_items,
    state_years_share,
    _added,
    state_sum,
    _including_carried,
    state_share,
    state_listed,
    _column,
    _of_share,
    _patterned,
)
