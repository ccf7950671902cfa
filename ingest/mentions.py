"""What a number in prose counts, in the report's own words: 培训, 解读政策文件, 意见建议."""

from __future__ import annotations

import re

from ingest.clauses import Piece
from ingest.tokens import DATE, UNKNOWN, YEAR, Token, kinds, people

_EDGES = frozenset(
    {"filler", "joiner", "all", "marker", "this_year", "past", "cumulative", "among", YEAR, DATE, "linking"}
)
_LONGEST = 24
_SHARES = frozenset({"", "%", "‰", "个百分点", "倍"})
_TRIM = re.compile(r"^[、,.;:·\-的了和及]+|[、,.;:·\-为共达约]+$")


def counted(piece: Piece, text: str, previous: str = "") -> str:
    """The noun phrase that the piece's number counts, from the folded ``text``; empty if nothing names it.

    The words behind the number where the ones before end in a verb (组织1次演练), else the words before it from
    the last verb on; with the verb, where there is nothing else (办结5件).
    """
    if piece.quantity is None:
        return ""
    before, after = _without_edges(piece.before), _without_edges(piece.after)
    verbs = kinds("verbs")
    nouns_after = [token for token in after if token.kind not in verbs]
    if after and nouns_after and (not before or before[-1].kind in verbs) and piece.quantity.unit != "%":
        return _phrase(after, text)
    # 覆盖12家企业: what is counted stands on both sides of its number.
    behind = "" if piece.quantity.unit in _SHARES else _named_behind(piece, text)
    last_verb = max((index for index, token in enumerate(before) if token.kind in verbs), default=-1)
    tail = before[last_verb + 1 :]
    if not any(token.kind == UNKNOWN or token.kind not in _EDGES for token in tail):
        tail = before[max(last_verb, 0) :]
    return (_phrase(tail, text) + behind)[-_LONGEST:] or previous


def _named_behind(piece: Piece, text: str) -> str:
    after = piece.after
    # 自助机 begins with a word of its own.
    starts_inside = len(after) > 1 and after[0].kind == "filler" and after[1].kind == UNKNOWN
    if not after or not (starts_inside or after[0].kind == UNKNOWN or after[0].text in people()):
        return ""
    found = [after[0], *_without_edges(after[1:])] if after[0].kind == "filler" else _without_edges(after)
    return _phrase(found, text)


def _without_edges(tokens: list[Token]) -> list[Token]:
    found = list(tokens)
    while found and _is_edge(found[0]):
        found.pop(0)
    while found and _is_edge(found[-1]):
        found.pop()
    return found


def _is_edge(token: Token) -> bool:
    return token.kind in _EDGES and token.text not in people()


def _phrase(tokens: list[Token], text: str) -> str:
    if not tokens:
        return ""
    phrase = _TRIM.sub("", text[tokens[0].start : tokens[-1].end])
    return phrase if len(phrase) <= _LONGEST else phrase[-_LONGEST:]
