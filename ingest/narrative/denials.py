"""What a clause with a negation states: none of the things that it denies, or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.narrative.clauses import Piece
from ingest.narrative.framing import request_is_application
from ingest.narrative.grammar import BOTH, Frame, match, nouns
from ingest.narrative.quoting import make_statement
from ingest.narrative.sentence_context import DISCLOSE, TOPICS, Context
from ingest.narrative.statements import Statement
from ingest.narrative.subjects import is_body_word
from ingest.narrative.tokens import DEPARTMENT, QUANTITY, UNKNOWN, YEAR, Token, kinds

_APPLICATIONS = frozenset({"application", "request"})
_HARMLESS = frozenset(
    {"occur", "receive", "receive_new", "filler", "tail", "all", "linking", "handle", "hold", "charge", "undertake"}
    | {"this_year", "marker", "joiner", "topic", "territory", "info", YEAR}
)
# 未收到网上申请 leaves open whether there were letters; 书面 is how all of them are made.
_ONE_WAY = frozenset({"request_channel", "website"})
_ONLINE = ("网", "线上", "互联网", "在线", "电子", "公开平台", "依申请公开", "政府", "门户")
_SAYING = ("告知", "认定", "声称", "表示", "称", "说", "视为")
_REASON = re.compile("原因|教训|理由|根源|症结")
_SUCH = ("此类", "该类", "这类", "此种", "这种", "上述")
_PEOPLE = frozenset({"natural_person", "legal_entity"})
_DETAIL = frozenset(
    {"licence", "penalty", "coercion", "reason", "complaint", "petition", "civil", "policy", "training"}
)


def denied(context: Context, index: int, piece: Piece, negations: list[int]) -> list[Statement]:
    """What a clause with a negation states: 0 for every noun that it denies, or nothing."""
    statements: list[Statement] = []
    tokens = piece.tokens
    if context.excepted or any(t.kind in {"modal", "next", "double_negation"} for t in tokens[: negations[0]]):
        return []
    bounds = [*negations, len(tokens)]
    for number, start in enumerate(negations):
        behind = [t for t in tokens[start + 1 : bounds[number + 1]] if t.kind != QUANTITY]
        before = tokens[bounds[number - 1] + 1 if number else 0 : start]
        statements.extend(_denied_by(context, index, piece, tokens[start], before, behind))
    return statements


def _denied_by(
    context: Context, index: int, piece: Piece, negation: Token, before: list[Token], behind: list[Token]
) -> list[Statement]:
    if not behind and negation.text.endswith("未"):
        return []  # half of a label: 尚未 / 审结
    if not behind and before and (before[-1].kind == "conclude" or before[-1].text.endswith(_SAYING)):
        return []  # 便答复不存在 is what was answered
    scope, heads = behind, nouns(behind)
    inherited: list[str] = []
    if not heads:
        if any(t.kind not in _HARMLESS | kinds("applicants") for t in behind):
            return []
        heads, scope = nouns(before), before
        if not heads and any(t.kind in kinds("objects") | kinds("infos") for t in before):
            return []
        if not heads and not _speaks_of_else(context, index, behind):
            inherited = sorted(context.topic - {"info", "other"})
    if scope is behind and heads and _is_narrowed(behind[: heads[0]]):
        return []
    parts = _parts(context, scope, heads, before) or inherited
    statements: list[Statement] = []
    for at, kind in enumerate(parts):
        head = heads[min(at, len(heads) - 1)] if heads else -1
        if kind in _APPLICATIONS and scope is behind and head >= 0 and not _is_any_application(context, behind, head):
            continue
        if kind in _APPLICATIONS and any(t.text == "直接" for t in behind):
            continue  # 未直接收到 leaves open what others passed on
        frame = _frame(context, kind, scope, behind, heads, parts, bool(inherited))
        pattern = match(frame)
        if pattern and pattern.zero and all(s.metric != pattern.metric for s in statements):
            statements.append(make_statement(context, index, piece, pattern.metric, zero=negation))
    return statements


def _speaks_of_else(context: Context, index: int, behind: Sequence[Token]) -> bool:
    """Whether what isn't named need not be what the sentence or the section is about.

    Reasons deny nothing that was counted (败诉的原因是…没有), and 此类情形 is what the sentence itself spoke of before.
    """
    earlier = [piece for piece in context.pieces[:index] if piece.tokens]
    if any(_REASON.search(token.text) for piece in earlier for token in piece.tokens):
        return True
    if not earlier or not any(token.text.startswith(_SUCH) for token in behind):
        return False
    nouns_of = kinds("objects") | kinds("infos") | kinds("outcomes")
    spoken_of = next((named for piece in reversed(earlier) if (named := piece.kinds & nouns_of)), frozenset())
    return not {TOPICS.get(kind, kind) for kind in spoken_of} & context.topic


def _parts(context: Context, scope: Sequence[Token], heads: list[int], before: Sequence[Token]) -> list[str]:
    """The classes of the nouns that are denied; 上年无结转申请 denies what was carried in."""
    parts = [kind for i in heads for kind in BOTH.get(scope[i].kind, (scope[i].kind,))]
    if any(t.kind == "carried" for t in scope):
        around = [*before, *scope]
        if any(t.kind == "past" or (t.kind == YEAR and t.year != context.report_year) for t in around):
            return ["carried_in"]
        return []
    return parts


def _frame(
    context: Context,
    kind: str,
    scope: list[Token],
    behind: list[Token],
    heads: list[int],
    parts: list[str],
    inherited: bool,
) -> Frame:
    together = frozenset(parts) | frozenset(scope[i].kind for i in heads)
    if scope is not behind and heads:
        scope = scope[: heads[-1] + 1]  # 申请受理、办结数均为零: what was done with them is no part of what is denied
    present = frozenset(t.kind for t in behind) | (
        frozenset(t.kind for t in scope) if scope is not behind else frozenset()
    )
    verbs = frozenset(t.kind for t in behind if t.kind in kinds("verbs"))
    own = present - (together - {kind})
    if kind in _APPLICATIONS and verbs & {"receive", "receive_new"}:
        own, verbs = own - DISCLOSE - {"denied", "granted"}, verbs - DISCLOSE
    return Frame(
        noun=kind,
        inherited=inherited,
        verbs=verbs,
        kinds=own | {kind},
        unit=None,
        topic=context.theme | context.topic,
        channels=own & (kinds("channels") - {"request_channel"}),
        is_close=not any(t.kind == UNKNOWN for t in behind),
        is_whole=True,
        is_zero=True,
        parent=None,
    )


def _is_narrowed(described: Sequence[Token]) -> bool:
    """Whether unknown words before the noun may make it a sort of what it names: 因征地引发的行政复议.

    A body may be named (针对某乡), and where the words speak of disclosure nothing else is meant.
    """
    if not any(t.kind == UNKNOWN and not is_body_word(t) for t in described):
        return False
    return not any(t.kind in {"topic", "application", "info"} | DISCLOSE for t in described)


def _is_any_application(context: Context, behind: list[Token], head: int) -> bool:
    """Whether an application of any sort is denied, not one of some sort: 重大、疑难申请, 企业的申请, 当面申请."""
    described = behind[:head]
    if any(t.kind == UNKNOWN and not is_body_word(t) for t in described):
        return False
    if any(
        t.kind in _DETAIL or (t.kind == DEPARTMENT and "转" in "".join(x.text for x in described)) for t in described
    ):
        return False
    applicants = {t.kind for t in described if t.kind in kinds("applicants")}
    if applicants and not applicants & _PEOPLE:
        return False
    if any(t.text == "自然人" for t in described) and "legal_entity" not in applicants:
        return False
    ways = {t.text for t in described if t.kind in _ONE_WAY and not t.text.startswith("书面")}
    any_way = any(t.text.startswith(("任何", "书面")) or t.kind == "many" or t.text.endswith("形式") for t in described)
    if not any_way and (len(ways) == 1 or (len(ways) == 2 and not any(way.startswith(_ONLINE) for way in ways))):
        return False
    if behind[head].kind == "request":
        ordinary = _HARMLESS | kinds("applicants") | _ONE_WAY | {"many", "past", DEPARTMENT, UNKNOWN}
        if any(t.kind not in ordinary for t in described):
            return request_is_application(context, Piece(before=[*behind]), head)
    return True
