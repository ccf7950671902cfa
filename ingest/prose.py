"""The reader of prose: goes through a paragraph's sentences piece by piece and keeps what they are about.

A sentence's topic carries from clause to clause (收到申请7件，结转2件), a paragraph's heading and section give the
first one. A number that no pattern of the grammar claims, or that could be counted as two things, is a remainder.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from decimal import Decimal

from ingest.changes import derive_from_all, derive_from_change, derive_from_level, state_last_year
from ingest.clauses import Piece, cut, sentence_ranges
from ingest.denials import denied
from ingest.framing import CARRIED_METRICS, OUTCOME_METRICS, WHOLE, carried_kind, inherited_nouns, make_frame
from ingest.grammar import NO_NOUN, match, nouns, nouns_behind
from ingest.mentions import counted
from ingest.quoting import make_statement, quote
from ingest.sentence_context import BOTH, DISCLOSE, DISPUTES, RESULTS, TOPICS, Context, enter, leave, noun_kinds
from ingest.settling import listed_parts, part_rivals, separate_new, settle_channels, settle_parts
from ingest.statements import Reading, Remainder, Statement
from ingest.tokens import COMPARED, DATE, UNKNOWN, Token, kinds, tokenise, view
from vectorstore.catalogue import catalogue
from vectorstore.folding import Folded
from vectorstore.records import SectionRole, State

_ROLE_TOPICS = {
    SectionRole.APPLICATIONS: frozenset({"application"}),
    SectionRole.APPLICATION_TABLE: frozenset({"application"}),
    SectionRole.DISPUTE_TABLE: frozenset({"review", "lawsuit"}),
}

# A row of a table that lost its borders: 本年新收…数量 58 7 0 0 1 0 66. Its first number is no total.
_LOOKS_LIKE_CELLS = re.compile(r"(?:\d+ ){2,}\d+")
_TABLES = frozenset({SectionRole.PROACTIVE_TABLE, SectionRole.APPLICATION_TABLE, SectionRole.DISPUTE_TABLE})
_INFORMATION_FEE = re.compile(r"信息处理费|信息处理收费|信息公开[^,。;]{0,4}(?:收费|费用|处理费)")
_WITH_FEES = frozenset({SectionRole.OTHER, SectionRole.APPLICATIONS, SectionRole.APPLICATION_TABLE})
# Verbs of what a change may be a change of; 点击量较去年增加100次 is none of the statement before it.
_CHANGEABLE = frozenset(
    {"receive", "receive_new", "handle", "conclude", "disclose", "disclose_proactive", "occur", "hold", "undertake"}
)
_BODY_ENDINGS = ("区", "县", "市", "镇", "乡", "街道", "局", "委", "旗", "办", "厅", "部门")
_DISPUTES = frozenset({"review_total", "litigation_total"})
_ABOUT_DISCLOSURE = DISCLOSE | {"topic", "application", "request", "info", "conclude", "handle"}
_RATIOS = frozenset({"%", "‰", "倍", "个百分点"})

_DENIABLE = frozenset(
    {"consultation", "complaint", "petition", "hotline", "oversight", "civil", "policy", "interpretation"}
)


def read(
    text: str, *, year: int | None, role: SectionRole | None = None, heading: str = "", offset: int = 0
) -> Reading:
    """What a paragraph states; spans are shifted by ``offset``.

    Args:
        year: The report's statistics year.
        role, heading: The section that it stands in: what it is about where it doesn't say.
    """
    reading = Reading()
    folded = view(text, offset)
    base = _ROLE_TOPICS.get(role, frozenset()) if role else frozenset()
    base = _heading_topic(heading) or base
    last: list[Statement] = []
    carried: frozenset[str] = frozenset()
    for start, end in sentence_ranges(folded.text):
        sentence = Folded(folded.text[start:end], folded.offsets[start:end])
        pieces = cut(sentence.text)
        if not pieces:
            continue
        if _LOOKS_LIKE_CELLS.search(sentence.text):
            continue
        if "|" in sentence.text:
            reading.statements.extend(_flattened_row(sentence, year, pieces))
            continue
        if heading_topic := _run_in_heading(sentence.text, pieces):
            base = heading_topic
            continue
        begins_among = any(token.kind == "among" for token in pieces[0].before[:2])
        topic = carried if begins_among and carried else base
        context = Context(sentence, year, topic, base | carried, pieces, among=begins_among)
        context.in_table = role in _TABLES
        if _is_about_fees(sentence.text, heading, role, base):
            context.theme |= {"fee"}
        context.last = last
        if begins_among and last:
            context.parent = last[-1].metric
        found = _read_sentence(context, reading)
        last = found or last
        carried = context.topic
    settle_parts(reading)
    settle_channels(reading)
    return reading


def _is_about_fees(sentence: str, heading: str, role: SectionRole | None, base: frozenset[str]) -> bool:
    """Whether a notice of fees can be one of the fees for information: no other is in those parts of the form."""
    if "admin_fee" in base or "行政事业性" in sentence:
        return False
    return role in _WITH_FEES or _INFORMATION_FEE.search(sentence + "\n" + heading) is not None


def _heading_topic(heading: str) -> frozenset[str]:
    if not heading:
        return frozenset()
    every = tokenise(view(heading).text)
    tokens = [t for t in every if t.kind != UNKNOWN]
    found = {part for i in nouns(tokens) for part in BOTH.get(tokens[i].kind, (tokens[i].kind,))}
    if not found and any("依申请" in token.text for token in every):
        found = {"application"}
    return frozenset(TOPICS.get(kind, kind) for kind in found)


def _flattened_row(sentence: Folded, year: int | None, pieces: list[Piece]) -> list[Statement]:
    """A row of the form's first table that stands as a line: 行政许可 | 800 | -15 | 785, the last cell counts."""
    label, last = pieces[0].tokens, pieces[-1]
    if len(label) != 1 or label[0].kind not in {"licence", "penalty", "coercion"} or last.quantity is None:
        return []
    context = Context(sentence, year, frozenset(), frozenset(), pieces)
    return [make_statement(context, len(pieces) - 1, last, f"{label[0].kind}_decisions")] if not last.before else []


def _run_in_heading(text: str, pieces: list[Piece]) -> frozenset[str]:
    """The topic that a sentence without a statement gives the next ones: 依申请公开工作情况。"""
    if len(text) > 30 or any(p.quantity or "negation" in p.kinds() for p in pieces):
        return frozenset()
    if (
        len(pieces) > 1
        or (kinds("verbs") - {"receive", "handle", "occur", "disclose_proactive", "charge"}) & pieces[0].kinds()
    ):
        return frozenset()
    return _heading_topic(text) or (frozenset({"other"}) if text.endswith(("情况", "方面", "工作")) else frozenset())


def _read_sentence(context: Context, reading: Reading) -> list[Statement]:
    outcomes = {t.kind for p in context.pieces for t in p.tokens if t.kind in RESULTS and p.quantity}
    if len(outcomes) > 1:
        context.theme |= {"application"}
    if any(t.kind in {"carried_in", "carried_out"} for p in context.pieces for t in p.tokens):
        context.theme |= {"application"}
        context.topic = context.topic or frozenset({"application"})
    found: list[Statement] = []
    for index, piece in enumerate(context.pieces):
        enter(context, piece, found)
        statements = _statements(context, index, piece, found)
        found.extend(statements)
        if not statements:
            _remain(context, piece, reading)
        leave(context, index, piece, statements)
    quantities = [p.quantity for p in context.pieces if p.quantity and p.quantity.value is not None]
    numbers = [(context.folded.span(q.start, q.end), q.value) for q in quantities if q.unit and q.value is not None]
    parts = listed_parts(found, numbers)
    found = [s for s in found if s not in parts]
    found, rivals = part_rivals(separate_new(found, context.newly_received))
    reading.remainders.extend(
        Remainder(s.value, s.unit, catalogue().metrics[s.metric].name_zh, s.qualifier, s.start, s.end, s.year)
        for s in (*parts, *rivals)
    )
    reading.statements.extend(found)
    return found


def _statements(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement]:
    quantity = piece.quantity
    negations = [i for i, token in enumerate(piece.tokens) if token.kind == "negation"]
    if context.is_future:
        return []
    if quantity is None:
        if negations:
            return denied(context, index, piece, negations)
        base = _base(context, found)
        if "level" in piece.kinds() and context.compared == "last_year":
            context.compared = ""
            return derive_from_level(base, *quote(context, index))
        return derive_from_all(piece, found or context.last, *quote(context, index))
    if negations and quantity.value == 1 and negations[0] < len(piece.before):
        return denied(context, index, piece, negations)
    if negations and negations[0] < len(piece.before):
        return []
    if not quantity.unit and context.in_table:
        return []  # a stray cell
    if quantity.unit in _RATIOS or "modal" in piece.kinds() or "ratio" in piece.kinds():
        context.compared = ""
        return []
    base = _base(context, found)
    anchor = piece.anchor.kind if piece.anchor else ""
    if piece.anchor and anchor == COMPARED and context.report_year and piece.anchor.year == context.report_year - 1:
        anchor = "last_year"
    of_last_year = {anchor} | piece.kinds()
    if piece.in_brackets and of_last_year & {"last_year", "past"} and not piece.kinds() & {"up", "down"}:
        return state_last_year(base, quantity, *quote(context, index))
    if context.compared and piece.kinds() & {"up", "down"}:
        compared, context.compared = context.compared, ""
        same = noun_kinds(piece) <= {"application", "request", "info"} | (DISPUTES & context.topic) | context.topic
        other = any(t.kind == UNKNOWN or t.kind in kinds("verbs") - _CHANGEABLE for t in piece.before)
        if compared == "last_year" and same and not other:
            return derive_from_change(base, piece, *quote(context, index))
        return []
    return _stated(context, index, piece, found)


def _base(context: Context, found: list[Statement]) -> Statement | None:
    return next((s for s in reversed(found or context.last) if not s.channel_part and s.year_offset == 0), None)


def _stated(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement]:
    quantity = piece.quantity
    assert quantity is not None and quantity.value is not None
    if not piece.before and not piece.after and piece.separator == "、" and found:
        return _add_to_last(context, index, piece, found)
    if _is_sum_of_parts(piece, found):
        return [make_statement(context, index, piece, found[0].metric)]
    if "including_carried" in piece.kinds():
        before = context.pieces[index - 1].quantity if index else None
        span = before and context.folded.span(before.start, before.end)
        if found and found[-1].metric == "applications_new" and found[-1].number == span:
            found[-1] = replace(found[-1], metric="applications_handled")
        return [make_statement(context, index, piece, "applications_carried_in")]
    heads = [(piece.before, i) for i in nouns(piece.before)] or [(piece.after, i) for i in nouns_behind(piece.after)]
    parts = [(tokens, i, kind) for tokens, i in heads for kind in BOTH.get(tokens[i].kind, (tokens[i].kind,))]
    if carried := carried_kind(context, piece, found):
        parts = [(piece.before, 0, carried)]
    inherited = not parts
    if inherited:
        parts = [(piece.before, -1, kind) for kind in inherited_nouns(context, piece)]
    each = bool(piece.before) and piece.before[-1].text == "各"
    if len(parts) > 1 and quantity.value and not each:
        return []
    if _is_of_a_part_of_the_year(piece):
        return []
    if context.since or (piece.kinds() & {"cumulative"} and _has_new_part(context, index)):
        return []
    statements: list[Statement] = []
    co_heads = frozenset(kind for _, _, kind in parts) | frozenset(tokens[i].kind for tokens, i, _ in parts if i >= 0)
    for tokens, at, kind in parts:
        frame = make_frame(context, piece, kind, inherited and kind != NO_NOUN, tokens, at, co_heads - {kind})
        pattern = match(frame) if frame else None
        if pattern and _is_of_another_body(context, piece):
            continue
        if pattern and pattern.metric in _DISPUTES and _is_about_else(tokens[:at] if at > 0 else [], quantity.value):
            continue
        if pattern and context.by_content and pattern.metric not in CARRIED_METRICS | OUTCOME_METRICS:
            continue
        if pattern and _in_list_of_disclosures(context) and not pattern.metric.startswith("proactive"):
            continue
        if pattern and all(s.metric != pattern.metric for s in statements):
            statements.append(make_statement(context, index, piece, pattern.metric))
    return statements


def _is_about_else(before: list[Token], value: Decimal) -> bool:
    """Whether disputes are described as about something other than disclosure: 涉征地补偿类行政诉讼3件."""
    described = any(t.kind == UNKNOWN and len(t.text) > 1 and not t.text.endswith(_BODY_ENDINGS) for t in before)
    return bool(value) and described and not any(t.kind in _ABOUT_DISCLOSURE for t in before)


def _add_to_last(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement]:
    """ "建议4件、12件": two numbers of the same thing are added up, since neither is the whole."""
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


def _is_sum_of_parts(piece: Piece, found: list[Statement]) -> bool:
    """自然人申请15件、法人申请2件，共17件: a bare total behind the parts that it is the sum of."""
    quantity = piece.quantity
    bare = piece.before and all(t.text in WHOLE for t in piece.before) and not piece.after
    if quantity is None or not bare or len(found) < 2:
        return False
    parts = all(s.channel_part or s.column for s in found) and len({(s.metric, s.year_offset) for s in found}) == 1
    return parts and sum(s.value for s in found) == quantity.value


def _is_of_a_part_of_the_year(piece: Piece) -> bool:
    return any(token.kind == DATE and token.text.endswith(("半年", "季度")) for token in piece.before)


def _in_list_of_disclosures(context: Context) -> bool:
    """Whether parts of what was disclosed are being listed: 公开信息17条，其中政协提案1条."""
    return context.among and (context.parent or "").startswith("proactive")


def _is_of_another_body(context: Context, piece: Piece) -> bool:
    """Whether the piece is one of a list by place: 其中青榆区收到申请5件."""
    if not context.among:
        return False
    verbs = kinds("verbs") | {"filler"}
    return any(
        token.kind == UNKNOWN and token.text.endswith(_BODY_ENDINGS) and (following is None or following.kind in verbs)
        for token, following in itertools.zip_longest(piece.before, piece.before[1:])
    )


def _has_new_part(context: Context, index: int) -> bool:
    """Whether the next piece gives this year's share of a total over years: 累计4000条，其中本年新增350条."""
    following = context.pieces[index + 1 : index + 3]
    return any("among" in p.kinds() for p in following) and any(
        t.kind == "this_year" or t.text.startswith(("新增", "增加")) for p in following for t in p.tokens
    )


def _remain(context: Context, piece: Piece, reading: Reading) -> None:
    """Keep what no pattern claimed: a number, or the denial of something that the catalogue doesn't count."""
    quantity = piece.quantity
    text = context.folded.text
    index = context.pieces.index(piece)
    if quantity is not None and quantity.value is not None:
        phrase = counted(piece, text, context.last_counted)
        context.last_counted = phrase
        if "contact" not in piece.kinds() and (quantity.unit or phrase):
            start, end = quote(context, index)
            reading.remainders.append(
                Remainder(quantity.value, quantity.unit, phrase, quantity.qualifier, start, end, context.year)
            )
        return
    negation = next((i for i, t in enumerate(piece.tokens) if t.kind == "negation"), None)
    if negation is None or context.is_future or "modal" in piece.kinds():
        return
    behind = piece.tokens[negation + 1 :]
    heads = [i for i in nouns(behind) if behind[i].kind in _DENIABLE]
    if heads:
        start, end = quote(context, index)
        for i in heads:
            reading.remainders.append(Remainder(Decimal(0), "", behind[i].text, None, start, end, context.year))
