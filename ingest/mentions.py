"""What a number in prose counts, in the report's own words: 培训, 解读政策文件, 意见建议."""

from __future__ import annotations

import re

from ingest.clauses import Piece
from ingest.tokens import DATE, UNKNOWN, YEAR, Token, kinds

_EDGES = frozenset(
    {"filler", "joiner", "all", "marker", "this_year", "past", "cumulative", "among", YEAR, DATE, "linking"}
)
_LONGEST = 24
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
    last_verb = max((index for index, token in enumerate(before) if token.kind in verbs), default=-1)
    tail = before[last_verb + 1 :]
    if not any(token.kind == UNKNOWN or token.kind not in _EDGES for token in tail):
        tail = before[max(last_verb, 0) :]
    return _phrase(tail, text) or previous


def _without_edges(tokens: list[Token]) -> list[Token]:
    found = list(tokens)
    while found and found[0].kind in _EDGES:
        found.pop(0)
    while found and found[-1].kind in _EDGES:
        found.pop()
    return found


def _phrase(tokens: list[Token], text: str) -> str:
    if not tokens:
        return ""
    phrase = _TRIM.sub("", text[tokens[0].start : tokens[-1].end])
    return phrase if len(phrase) <= _LONGEST else phrase[-_LONGEST:]
