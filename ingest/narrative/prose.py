"""The reader of prose: goes through a paragraph's sentences piece by piece and keeps what they are about.

A sentence's topic carries from clause to clause (收到申请7件，结转2件), a paragraph's heading and section give the
first one. A number that no pattern of the grammar claims, or that could be counted as two things, is a remainder.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from decimal import Decimal
from functools import cache, lru_cache

from ingest.narrative.applicants import derive_column
from ingest.narrative.changes import derive_from_all, derive_from_level, derive_result
from ingest.narrative.clauses import Piece, cut, sentence_ranges
from ingest.narrative.denials import denied
from ingest.narrative.framing import carried_kind
from ingest.narrative.grammar import BOTH, nouns
from ingest.narrative.mentions import counted
from ingest.narrative.partial_counts import is_over_years, of_all_disputes
from ingest.narrative.proposal_levels import add_up_levels
from ingest.narrative.quantity_rules import read_quantity, statement_before
from ingest.narrative.quoting import make_statement, quote
from ingest.narrative.sentence_context import (
    DISCLOSE,
    DISPUTES,
    LEAVES,
    RESULTS,
    TOPICS,
    Context,
    enter,
    leave,
    topic_of,
)
from ingest.narrative.settling import (
    less_handled,
    listed_parts,
    of_many_bodies,
    part_rivals,
    separate_new,
    settle_channels,
    settle_parts,
    without_narrow_denials,
)
from ingest.narrative.statements import Reading, Remainder, Statement
from ingest.narrative.tokens import UNKNOWN, YEAR, kinds, tokenise, units, view
from vectorstore.catalogue import catalogue
from vectorstore.folding import Folded
from vectorstore.records import SectionRole

# 2.1 收件。 The number of a paragraph, which counts nothing; 2.1万人 is none.
_PARAGRAPH_NUMBER = re.compile(
    r"[ \t\u3000]*\d{1,2}(?:[.．]\d{1,2}){1,3}(?:[、)）.．]|[ \t\u3000]+|(?=[一-鿿]))(?![\d%％‰万亿千百余多])"
)

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
# 如收到2件 tells of nothing that was.
_SUPPOSED = ("如果", "如有", "如未", "如需", "如收", "如遇", "如发", "若", "凡", "一旦")
# With these a sentence may speak of what the ones before it counted.
_FOLLOWING = re.compile("均|都|皆|全部|予以公开|持平|相同|一致|相当|变化|自然人|企业|公民|维持|纠正|审结|终止")
# With these it may be what the next one goes on with: 依法做好复议工作。发生3件。
_TOPIC = re.compile("申请|复议|诉讼|起诉|代表|提案|培训|开放|公开日|规范性|费|许可|处罚|强制")
# What is longer or has more pieces is no sentence but a list or a damaged table: pieces are looked at in pairs.
_LONGEST_SENTENCE = 5000
_MOST_PIECES = 1000
_LONGEST_HEADING = 30
_PLANNED = ("力争", "计划", "拟", "将会", "将要", "将继续", "争取", "应当", "应予", "应公开", "应主动公开", "原计划")
# 未收到书面申请, where the paragraph goes on with those that came in otherwise.
_NARROW = re.compile(r"[未无没][^,，。;；]{0,8}(?:书面|口头|当面|信函|纸质)")
_AS_A_RULE = ("应", "如", "若", "凡", "可以", "必须", "一旦", "确保", "原则")
_REST = ("尚有", "尚", "其余", "剩余", "余下", "另有", "还有", "仍有")
# Under which of these a document was filed says nothing of what was disclosed, or asked for.
_ATTRIBUTES = re.compile(
    r"公文[^,。;]{0,4}属性|公开属性|属性[^,。;]{0,2}认定|源头认定|主动公开类?\d+[件份条个][、,]依申请公开类?\d+[件份条个][、,]不予?公开"
)
_HEADING_ENDS = ("情况", "方面", "工作", "情况。", "方面。", "工作。")
_REFERRING = frozenset(
    {"all", "level", "not_granted", "upheld", "corrected", "pending", "other_result", "natural_person"}
    | {"lit_direct", "lit_post_review"}
    | RESULTS
    | LEAVES
)
_CARRIED = frozenset({"carried_in", "carried_out"})
_OF_CARRIED = frozenset({"carried", "filler", "linking", "among", YEAR})
_CARRIED_ON = "结转"
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
    numbered = _after_paragraph_number(text)
    folded = view(text[numbered:], offset + numbered)
    base = _ROLE_TOPICS.get(role, frozenset()) if role else frozenset()
    base = _heading_topic(heading) or base
    last: list[Statement] = []
    carried: frozenset[str] = frozenset()
    unread = ""
    for start, end in sentence_ranges(folded.text):
        if end - start > _LONGEST_SENTENCE or not _is_worth_reading(folded.text, start, end, bool(last)):
            unread = folded.text[start:end]
            continue
        sentence = Folded(folded.text[start:end], folded.offsets[start:end])
        pieces = cut(sentence.text)
        if not pieces or len(pieces) > _MOST_PIECES:
            continue
        if unread:
            told = len(unread) <= _LONGEST_SENTENCE and _TOPIC.search(unread)
            carried, unread = topic_of(cut(unread)) if told else frozenset(), ""
        if _LOOKS_LIKE_CELLS.search(sentence.text):
            continue
        if "|" in sentence.text:
            reading.statements.extend(_flattened_row(sentence, year, pieces))
            continue
        if heading_topic := _run_in_heading(sentence.text, pieces):
            base = heading_topic
            continue
        begins_among = any(token.kind == "among" for token in pieces[0].before[:2])
        topic = carried if carried and (begins_among or _lists_channels(pieces[0], last)) else base
        context = Context(sentence, year, topic, base | carried, pieces, among=begins_among)
        context.in_table = role in _TABLES
        if _is_about_fees(sentence.text, heading, role, base):
            context.theme |= {"fee"}
        context.last = last
        context.over_years = is_over_years(sentence.text, year, _first_number(pieces))
        if begins_among and last:
            context.parent = last[-1].metric
        if not _may_state(pieces, bool(last)):
            carried = topic_of(pieces) or context.topic
            continue
        found = _read_sentence(context, reading)
        last = found or last
        carried = context.topic
    _settle(reading, text, offset)
    return reading


def _after_paragraph_number(text: str) -> int:
    """Where a paragraph's words begin behind a number such as 2.1; 0 where it has none, or counts with it."""
    number = _PARAGRAPH_NUMBER.match(text)
    if number is None:
        return 0
    follows = text[number.end() : number.end() + 1]
    counts = number[0][-1:].isdigit() and follows in units().starting
    return 0 if counts else number.end()


def _settle(reading: Reading, text: str, offset: int) -> None:
    if any(_NARROW.search(text[s.start - offset : s.end - offset]) for s in reading.statements if not s.value):
        reading.statements[:] = without_narrow_denials(reading.statements)
    settle_parts(reading)
    settle_channels(reading)


@cache
def _worth_reading() -> re.Pattern[str]:
    """What a sentence must have at least one of to say anything by itself: a number, a negation."""
    measures = "".join(map(re.escape, sorted(units().starting)))
    numeral = rf"[一二两三四五六七八九十百千万亿][余多来]?[万亿]?[{measures}]"
    return re.compile(
        rf"(?<![\d-])\d+(?![\d年月日-])|[零没空]|{numeral}|未(?!来|成年)|不收取|不征收|无(?!障碍|缝|偿|纸化|死角|论|疑)|不存在|不曾|不涉及"
    )


def _is_worth_reading(text: str, start: int, end: int, follows: bool) -> bool:
    if _worth_reading().search(text, start, end) or (follows and _FOLLOWING.search(text, start, end)):
        return True
    if end - start > _LONGEST_HEADING:
        return False
    return text.endswith(_HEADING_ENDS, start, end) or _TOPIC.search(text, start, end) is not None


def _first_number(pieces: list[Piece]) -> int:
    return next((p.quantity.start for p in pieces if p.quantity), 0)


def _lists_channels(piece: Piece, last: list[Statement]) -> bool:
    """Whether a sentence goes on with the channels of the total before it: 网站200条，微信公众号100条."""
    channel = piece.before[0].kind in {"website", "wechat"} if piece.before and piece.quantity else False
    return channel and bool(last) and last[-1].metric == "proactive_total"


def _may_state(pieces: list[Piece], follows: bool) -> bool:
    """Whether a sentence has a number or a negation, or speaks of what was stated before: 均予以公开."""
    return any(p.quantity or "negation" in p.kinds for p in pieces) or (
        follows and any(p.kinds & ({"all", "level", "not_granted", "granted"} | kinds("applicants")) for p in pieces)
    )


def _is_about_fees(sentence: str, heading: str, role: SectionRole | None, base: frozenset[str]) -> bool:
    """Whether a notice of fees can be one of the fees for information: no other is in those parts of the form."""
    if base & {"admin_fee", "admin_charge"} or "行政事业性" in sentence:
        return False
    return role in _WITH_FEES or _INFORMATION_FEE.search(sentence + "\n" + heading) is not None


@lru_cache(maxsize=4096)
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
    if len(text) > _LONGEST_HEADING or any(p.quantity or "negation" in p.kinds for p in pieces):
        return frozenset()
    if (
        len(pieces) > 1
        or (kinds("verbs") - {"receive", "handle", "occur", "disclose_proactive", "charge"}) & pieces[0].kinds
    ):
        return frozenset()
    return _heading_topic(text) or (frozenset({"other"}) if text.rstrip("。").endswith(_HEADING_ENDS) else frozenset())


def _read_sentence(context: Context, reading: Reading) -> list[Statement]:
    outcomes = frozenset().union(*[p.kinds & RESULTS for p in context.pieces if p.quantity])
    if len(outcomes) > 1:
        context.theme |= {"application"}
    of_else = any(p.kinds & (DISPUTES | {"npc", "cppcc", "both_proposals", "both_disputes"}) for p in context.pieces)
    if any(p.kinds & _CARRIED or (_carries_year(p) and not of_else) for p in context.pieces):
        context.theme |= {"application"}
        context.topic = context.topic or frozenset({"application"})
    context.documents = _ATTRIBUTES.search(context.folded.text) is not None
    found: list[Statement] = []
    for index, piece in enumerate(context.pieces):
        enter(context, piece, found)
        if piece.claimed:
            continue
        statements = _statements(context, index, piece, found)
        found.extend(statements)
        if statements:
            context.last_counted = catalogue().metrics[statements[-1].metric].name_zh
        else:
            _remain(context, piece, reading)
        leave(context, index, piece, statements)
    found = add_up_levels(context, without_narrow_denials(found))
    found, elsewhere = of_many_bodies(found)
    reading.of_others.extend(elsewhere)
    quantities = [p.quantity for p in context.pieces if p.quantity and p.quantity.value is not None]
    numbers = [(context.folded.span(q.start, q.end), q.value) for q in quantities if q.unit and q.value is not None]
    parts = [*of_all_disputes(context, found), *listed_parts(found, numbers)]
    if _CARRIED_ON not in context.folded.text:
        parts.extend(less_handled(found))
    found = [s for s in found if s not in parts]
    found, rivals = part_rivals(separate_new(found, context.newly_received))
    reading.remainders.extend(
        Remainder(s.value, s.unit, catalogue().metrics[s.metric].name_zh, s.qualifier, s.start, s.end, s.year)
        for s in (*parts, *rivals)
    )
    reading.statements.extend(found)
    return found


def _carries_year(piece: Piece) -> bool:
    """Whether a piece says no more than what a year left over: 2022年度结转3件."""
    quantity = piece.quantity
    counts = quantity is not None and quantity.unit in {"件", "宗", "份"}
    return counts and "carried" in piece.kinds and all(t.kind in _OF_CARRIED for t in [*piece.before, *piece.after])


def _statements(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement]:
    quantity = piece.quantity
    if context.is_future:
        return []
    denies = "negation" in piece.kinds
    negations = [i for i, token in enumerate(piece.tokens) if token.kind == "negation"] if denies else []
    if quantity is not None:
        if negations and quantity.value == 1 and negations[0] < len(piece.before):
            return denied(context, index, piece, negations)  # 没有一件
        return read_quantity(context, index, piece, found)
    if negations:
        return denied(context, index, piece, negations)
    if left := _left_over(context, index, piece, found):
        return left
    if not (found or context.last) or not _speaks_of_before(piece) or _is_general(context, index):
        return []
    if "near_level" in piece.kinds:
        context.compared = ""
        return []
    if "level" in piece.kinds and context.compared == "last_year":
        context.compared = ""
        return derive_from_level(statement_before(context, found), *quote(context, index))
    if column := derive_column(context, index, piece, found):
        return [column]
    if result := derive_result(piece, statement_before(context, found), *quote(context, index)):
        return result
    return derive_from_all(piece, found or context.last, *quote(context, index))


def _is_general(context: Context, index: int) -> bool:
    """Whether a sentence says what is done as a rule: 依法应当公开的，全部公开; 对能够公开的均予以公开."""
    for piece in context.pieces[: index + 1]:
        if any(t.kind == "modal" and t.text.startswith(_AS_A_RULE) for t in piece.tokens):
            return True
        if not piece.quantity and any(
            t.text == "的" and (before.kind in DISCLOSE or before.kind == UNKNOWN)
            for before, t in itertools.pairwise(piece.tokens)
        ):
            return True
    return False


def _left_over(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement]:
    """What is carried out where the number stands in the clause before: 1件正在办理，结转下年."""
    before = context.pieces[index - 1] if index else None
    quantity = before.quantity if before else None
    if before is None or quantity is None or "application" not in context.topic | context.theme:
        return []
    way = "carried_out" if "carried_out" in piece.kinds else carried_kind(context, piece, [])
    rest = "pending" in before.kinds or any(t.text.startswith(_REST) for t in before.before)
    plain = all(
        t.kind in {"carried_out", "carried", "filler", "modal", "handle", "linking", YEAR} for t in piece.tokens
    )
    if way != "carried_out" or not rest or not plain:
        return []
    if any(s.number == context.folded.span(quantity.start, quantity.end) for s in found):
        return []
    stated = make_statement(context, index - 1, before, "applications_carried_out")
    return [replace(stated, year_offset=0, year=None, end=max(stated.end, quote(context, index)[1]))]


def _speaks_of_before(piece: Piece) -> bool:
    return bool(piece.kinds & _REFERRING) or any(token.text.startswith(("均", "皆")) for token in piece.before)


def _is_planned(context: Context, piece: Piece) -> bool:
    """Whether a number is one that is aimed at, not one that was counted: 下一步将组织培训4次, 力争突破1000条."""
    later = context.year is not None and context.report_year is not None and context.year > context.report_year
    return context.is_future or later or any(t.text.startswith(_PLANNED) for t in piece.before)


def _remain(context: Context, piece: Piece, reading: Reading) -> None:
    """Keep what no pattern claimed: a number, or the denial of something that the catalogue doesn't count."""
    quantity = piece.quantity
    if quantity is None and "negation" not in piece.kinds:
        return
    if quantity is not None and _is_planned(context, piece):
        return
    text = context.folded.text
    index = context.pieces.index(piece)
    if quantity is not None and quantity.value is not None:
        phrase = counted(piece, text, context.last_counted)
        context.last_counted = phrase
        denied_one = quantity.value == 1 and any(token.kind == "negation" for token in piece.before)
        supposed = any(token.text.startswith(_SUPPOSED) for token in piece.before)
        if "contact" not in piece.kinds and (quantity.unit or phrase) and not denied_one and not supposed:
            start, end = quote(context, index)
            reading.remainders.append(
                Remainder(quantity.value, quantity.unit, phrase, quantity.qualifier, start, end, context.year)
            )
        return
    negation = next((i for i, t in enumerate(piece.tokens) if t.kind == "negation"), None)
    if negation is None or context.is_future or "modal" in piece.kinds:
        return
    behind = piece.tokens[negation + 1 :]
    heads = [i for i in nouns(behind) if behind[i].kind in _DENIABLE]
    if heads:
        start, end = quote(context, index)
        for i in heads:
            reading.remainders.append(Remainder(Decimal(0), "", behind[i].text, None, start, end, context.year))
