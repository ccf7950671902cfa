"""What a number in prose counts, in the report's own words: 培训, 解读政策文件, 意见建议."""

from __future__ import annotations

import re

from ingest.narrative.clauses import Piece
from ingest.narrative.tokens import DATE, DEPARTMENT, UNKNOWN, YEAR, Token, kinds, people

_EDGES = frozenset(
    {"filler", "joiner", "all", "marker", "this_year", "past", "cumulative", "among", YEAR, DATE, "linking"}
)
_WORD_PARTS = frozenset({UNKNOWN, "conclude", "disclose", "disclose_proactive"})
_LONGEST = 24
_SHARES = frozenset({"", "%", "‰", "个百分点", "倍"})
_TIMES = frozenset({"个工作日", "工作日", "天", "小时", "分钟", "个月", "周"})
_TRIM = re.compile(r"^[、,.;:·\-的了和及除将]+|[、,.;:·\-为共达约占]+$")
# To what something changed: the words before say what.
_CHANGE = re.compile(r"(?:增|减|升|降|提升|提高|压缩|缩短|下降|上升|增加|减少|增长|降低|扩大|达)[至到]")


def counted(piece: Piece, text: str, previous: str = "") -> str:
    """The noun phrase that the piece's number counts, from the folded ``text``; empty if nothing names it.

    The words behind the number where the ones before end in a verb (组织1次演练), else the words before it from
    the last verb on; with the verb, where there is nothing else (办结5件).
    """
    if piece.quantity is None:
        return ""
    before, after = _without_edges(piece.before), _without_edges(piece.after)
    if piece.quantity.unit in _TIMES:
        after = []  # 20个工作日内答复
    if piece.anchor is not None and piece.quantity.unit and not before and not after:
        return _phrase([piece.anchor], text) or previous
    verbs = kinds("verbs")
    nouns_after = [token for token in after if token.kind not in verbs]
    if after and nouns_after and (not before or before[-1].kind in verbs) and piece.quantity.unit != "%":
        return _phrase(after, text)
    # 覆盖12家企业: what is counted stands on both sides of its number.
    behind = "" if piece.quantity.unit in _SHARES | _TIMES else _named_behind(piece, text)
    last_verb = _last_verb(before)
    tail = before[last_verb + 1 :]
    if tail and all(token.kind == "info" for token in tail):
        # 微博发布信息40条: what tells it from other information is where it was put.
        channel = next((i for i, token in enumerate(before[:last_verb]) if token.kind in kinds("channels")), None)
        tail = tail if channel is None else before[channel:]
    if not any(token.kind == UNKNOWN or token.kind not in _EDGES for token in tail):
        tail = before[_start_of(before, max(last_verb, 0)) :]
    if tail and tail[0].text == "率":
        tail = before[_start_of(before, before.index(tail[0])) :]
    phrase = (_phrase(tail, text) + behind)[-_LONGEST:]
    return previous or phrase if _CHANGE.fullmatch(phrase) else phrase or previous


def _last_verb(before: list[Token]) -> int:
    """Where the last verb stands, -1 without one; in 发放宣传手册 the second one belongs to the noun."""
    at = [index for index, token in enumerate(before) if token.kind in kinds("verbs")]
    if len(at) > 1 and before[at[-1]].kind == "read" and at[-1] == at[-2] + 1 and at[-1] + 1 < len(before):
        return at[-2]
    return at[-1] if at else -1


def _start_of(before: list[Token], verb: int) -> int:
    """Where a phrase that ends in a verb begins: 公告公示 is one word, and so is 答复率."""
    parts = _WORD_PARTS | kinds("objects")
    while verb > 0 and before[verb - 1].end == before[verb].start and before[verb - 1].kind in parts:
        verb -= 1
    return verb


def _named_behind(piece: Piece, text: str) -> str:
    after = piece.after
    # 自助机 begins with a word of its own.
    unknown = {UNKNOWN, DEPARTMENT, "opaque_words"} | kinds("applicants")
    starts_inside = len(after) > 1 and after[0].kind == "filler" and after[1].kind == UNKNOWN
    if not after or not (starts_inside or after[0].kind in unknown or after[0].text in people()):
        return ""
    found = [after[0], *_without_edges(after[1:])] if after[0].kind == "filler" else _without_edges(after)
    return _phrase(found, text)


def _without_edges(tokens: list[Token]) -> list[Token]:
    found = list(tokens)
    while found and _is_edge(found[0]):
        found.pop(0)
    while found and _is_edge(found[-1]) and found[-1].text != "工作":
        found.pop()
    return found


def _is_edge(token: Token) -> bool:
    return token.kind in _EDGES and token.text not in people()


def _phrase(tokens: list[Token], text: str) -> str:
    if not tokens:
        return ""
    phrase = _TRIM.sub("", text[tokens[0].start : tokens[-1].end])
    phrase += ")" * (phrase.count("(") - phrase.count(")"))
    return phrase if len(phrase) <= _LONGEST else phrase[-_LONGEST:]
