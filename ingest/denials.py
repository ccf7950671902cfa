"""What a clause with a negation states: none of the things that it denies, or nothing."""

from __future__ import annotations

from ingest.clauses import Piece
from ingest.framing import request_is_application
from ingest.grammar import Frame, match, nouns
from ingest.quoting import make_statement
from ingest.sentence_context import BOTH, DISCLOSE, Context
from ingest.statements import Statement
from ingest.tokens import QUANTITY, UNKNOWN, YEAR, Token, kinds

_HARMLESS = frozenset(
    {"occur", "receive", "receive_new", "filler", "tail", "all", "linking", "handle", "hold", "charge", "undertake"}
    | {"this_year", "marker", "joiner", "topic", "territory", YEAR}
)


def denied(context: Context, index: int, piece: Piece, negations: list[int]) -> list[Statement]:
    """What a clause with a negation states: 0 for every noun that it denies, or nothing."""
    statements: list[Statement] = []
    tokens = piece.tokens
    if any(t.kind in {"modal", "next"} for t in tokens[: negations[0]]):
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
    heads = nouns(behind)
    scope = behind
    inherited: list[str] = []
    if behind and behind[0].kind == UNKNOWN and (negation.text.startswith(("未", "从未")) or len(behind[0].text) > 10):
        return []
    if not behind and negation.text.endswith("未"):
        return []  # half of a label: 尚未 / 审结
    if not heads:
        if any(t.kind not in _HARMLESS for t in behind):
            return []
        heads, scope = nouns(before), before
        if not heads and any(t.kind in kinds("objects") | kinds("infos") for t in before):
            return []
        if not heads:
            inherited = sorted(context.topic - {"info", "other"})
    parts = [kind for i in heads for kind in BOTH.get(scope[i].kind, (scope[i].kind,))] or inherited
    together = frozenset(parts) | frozenset(scope[i].kind for i in heads)
    present = frozenset(t.kind for t in behind) | (frozenset(t.kind for t in scope) if scope is before else frozenset())
    verbs = frozenset(t.kind for t in behind if t.kind in kinds("verbs"))
    statements: list[Statement] = []
    for at, kind in enumerate(parts):
        own = present - (together - {kind})
        own_verbs = verbs
        if kind in {"application", "request"} and verbs & {"receive", "receive_new"}:
            own, own_verbs = own - DISCLOSE - {"denied", "granted"}, verbs - DISCLOSE
        if kind == "request" and not inherited:
            whole = Piece(before=[*behind])
            head = heads[min(at, len(heads) - 1)]
            described = any(t.kind not in _HARMLESS | {"legal_entity", "natural_person"} for t in scope[:head])
            if described and not request_is_application(context, whole, head):
                continue
        frame = Frame(
            noun=kind,
            inherited=bool(inherited),
            verbs=own_verbs,
            kinds=own | {kind},
            unit=None,
            topic=context.theme | context.topic,
            channels=own & (kinds("channels") - {"request_channel"}),
            is_close=not any(t.kind == UNKNOWN for t in behind),
            is_whole=True,
            is_zero=True,
            parent=None,
        )
        pattern = match(frame)
        if pattern and pattern.zero and all(s.metric != pattern.metric for s in statements):
            statements.append(make_statement(context, index, piece, pattern.metric, zero=negation))
    return statements
