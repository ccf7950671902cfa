"""Counts by body: 其中甲区5件、乙区6件, 甲县、乙县分别收到5件、6件, and other numbers that are shared out in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.narrative.clauses import Piece
from ingest.narrative.framing import make_frame
from ingest.narrative.grammar import BOTH, match, nouns
from ingest.narrative.quoting import make_statement
from ingest.narrative.sentence_context import DISCLOSE, Context
from ingest.narrative.statements import Statement
from ingest.narrative.subjects import is_body_word, is_self, listed_bodies
from ingest.narrative.tokens import YEAR, Token, kinds, units

_LIST = 2
_SHARED = {
    "application": "applications_new",
    "request": "applications_new",
    "review": "review_total",
    "lawsuit": "litigation_total",
}
# What a total can be split by body: others (培训, 规范性文件) are counted where they are done.
_SPLIT = frozenset({"applications_new", "applications_handled", "proactive_total", "review_total", "litigation_total"})
_BESIDE = frozenset({"filler", "among", "receive", "receive_new", "all", "joiner", "marker", "linking"}) | DISCLOSE


def state_share(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement] | None:
    """One body's part of the total before it: 其中海陵区200件; ``None`` where it is none."""
    body = _body_of(piece)
    if body is None or not piece.quantity or not _has_total(context, found):
        return None
    total = _total(context, found)
    beside = [token for token in [*piece.before, *piece.after] if token is not body]
    if (
        total is None
        or (total.unit and total.unit != piece.quantity.unit)
        or any(t.kind not in _BESIDE for t in beside)
    ):
        return None
    own = make_statement(context, index, piece, total.metric)
    start = min(own.start, total.start)
    return [replace(own, subject=body.text, listed=True, from_parts=True, channel_part=False, start=start)]


def _body_of(piece: Piece) -> Token | None:
    """The other body that a piece counts for: 甲区 of 其中甲区5件, and of 甲区（5件）."""
    if piece.anchor is not None and not piece.before and not piece.after and is_body_word(piece.anchor):
        return piece.anchor
    return None if piece.actor is None or is_self(piece.actor) else piece.actor


def state_listed(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement] | None:
    """One body's number in a list by body that has no total: 各县区受理申请情况：甲区5件、乙区6件."""
    body = _body_of(piece)
    shares = [p for p in context.pieces if _is_share(p)]
    if body is None or piece not in shares or len(shares) < _LIST:
        return None
    leading = [p for p in context.pieces[:index] if p not in shares]
    metric = _metric_of_heading(context, leading[0]) if len(leading) == 1 else None
    if metric is None:
        return None
    own = make_statement(context, index, piece, metric)
    heading = leading[0].tokens[0]
    start = min(own.start, context.folded.span(heading.start, heading.end).start)
    return [replace(own, subject=body.text, territory=None, listed=True, channel_part=False, start=start)]


def _is_share(piece: Piece) -> bool:
    """Whether a piece has nothing but a body and its number, or the names of which the numbers stand in brackets."""
    if piece.quantity is None:
        return bool(piece.before) and all(t.kind == "joiner" or is_body_word(t) for t in piece.before)
    if "case" not in units().families.get(piece.quantity.unit, ()):
        return False
    around = [*piece.before, *([piece.anchor] if piece.anchor else []), *piece.after]
    beside = [token for token in around if not is_body_word(token)]
    return len(around) == len(beside) + 1 and all(t.kind in {"filler", "among", "joiner"} for t in beside)


def _metric_of_heading(context: Context, piece: Piece) -> str | None:
    """What a list by body counts, by the words that lead up to it, which count nothing but bodies themselves."""
    if piece.quantity is not None and piece.quantity.unit not in {"位", "名", "个", "家"}:
        return None
    if "negation" in piece.kinds or piece.kinds & {"reason", "licence", "penalty", "proposal", "handle", "conclude"}:
        return None
    for kind, metric in (("review", "review_total"), ("lawsuit", "litigation_total")):
        if kind in piece.kinds:
            return metric
    received = piece.kinds & {"receive", "receive_new"}
    return (
        "applications_new"
        if received and piece.kinds & {"application", "request"} | context.topic & {"application"}
        else None
    )


def _has_total(context: Context, found: list[Statement]) -> bool:
    return bool(found) or (context.among and bool(context.last))


def _total(context: Context, found: list[Statement]) -> Statement | None:
    last = found[-1] if found else context.last[-1]
    return last if last.metric in _SPLIT and not last.column and not last.channel_part else None


def share_out(context: Context, index: int, piece: Piece, found: list[Statement]) -> list[Statement] | None:
    """The statements of numbers that 分别 shares out: 甲县、乙县分别收到5件、6件; ``None`` where nothing is shared.

    The first piece has all the names and its own number; the numbers behind it stand alone.
    """
    at = next((i for i, token in enumerate(piece.before) if token.text.startswith("分别")), None)
    if at is None:
        return None
    numbers = _numbers(context.pieces, index)
    bodies = listed_bodies(piece)
    if len(numbers) < 2:
        return None
    years = _years(piece.before[:at])
    if len(years) > 1:
        return _share_among_years(context, piece, numbers, years) or []
    if len(bodies) != len(numbers):
        return _share_among_nouns(context, piece, at, numbers)
    rest = [token for token in piece.before if token not in bodies and token.kind != "joiner"]
    metric = _metric(context, rest, found)
    if metric is None:
        return None
    statements: list[Statement] = []
    for number, body in zip(numbers, bodies, strict=True):
        own = make_statement(context, context.pieces.index(number), number, metric)
        start = context.folded.span(bodies[0].start, bodies[0].end).start
        statements.append(replace(own, subject=body.text, listed=True, start=min(own.start, start)))
    for number in numbers[1:]:
        number.claimed = True
    return statements


def _share_among_nouns(context: Context, piece: Piece, at: int, numbers: Sequence[Piece]) -> list[Statement] | None:
    """人大代表建议、政协提案分别为7件、10件."""
    before = piece.before[:at]
    counted = [kind for i in nouns(before) for kind in BOTH.get(before[i].kind, (before[i].kind,))]
    if len(counted) != len(numbers):
        return None
    statements: list[Statement] = []
    for number, kind in zip(numbers, counted, strict=True):
        others = (frozenset(counted) | frozenset(t.kind for t in before if t.kind in BOTH)) - {kind}
        frame = make_frame(context, piece, kind, False, piece.before, at, others)
        pattern = match(frame) if frame else None
        if pattern:
            own = make_statement(context, context.pieces.index(number), number, pattern.metric)
            start = context.folded.span(piece.before[0].start, piece.before[0].end).start
            statements.append(replace(own, start=min(own.start, start)))
    for number in numbers[1:]:
        number.claimed = True
    return statements


def _years(before: Sequence[Token]) -> list[int]:
    """The years that are listed: 2021年、2022年、2023年, or 2021年至2023年."""
    tokens = [token for token in before if token.kind == YEAR]
    named = [token.year for token in tokens if token.year is not None]
    if len(named) == 2 and any(t.text in {"至", "到", "-", "~"} for t in before):
        return list(range(named[0], named[1] + 1))
    return named


def _share_among_years(
    context: Context, piece: Piece, numbers: Sequence[Piece], years: Sequence[int]
) -> list[Statement] | None:
    """2022年、2023年分别收到申请11件、15件."""
    counted = nouns(piece.before)
    metric = _metric(context, [token for token in piece.before if token.kind != YEAR], [])
    if metric is None and len(counted) == 1:
        frame = make_frame(context, piece, piece.before[counted[0]].kind, False, piece.before, counted[0], frozenset())
        pattern = match(frame) if frame else None
        metric = pattern.metric if pattern else None
    if metric is None or context.report_year is None or len(years) != len(numbers):
        return None
    start = context.folded.span(piece.before[0].start, piece.before[0].end).start
    statements: list[Statement] = []
    for number, year in zip(numbers, years, strict=True):
        own = make_statement(context, context.pieces.index(number), number, metric)
        offset = year - context.report_year
        statements.append(replace(own, year=year, year_offset=offset, start=min(own.start, start)))
    for number in numbers[1:]:
        number.claimed = True
    return statements


def _numbers(pieces: Sequence[Piece], index: int) -> list[Piece]:
    found = [pieces[index]]
    for piece in pieces[index + 1 :]:
        if piece.before or piece.after or piece.separator not in {"、", ",", "和", "及"}:
            break
        found.append(piece)
    return found


def _metric(context: Context, rest: list[Token], found: list[Statement]) -> str | None:
    heads = nouns(rest)
    if heads:
        return _SHARED.get(rest[heads[-1]].kind)
    total = _total(context, found) if found else None
    if total is not None and all(token.kind in _BESIDE for token in rest):
        return total.metric
    received = any(token.kind in {"receive", "receive_new"} for token in rest)
    only = all(token.kind in kinds("verbs") | {"filler", "all"} for token in rest)
    return "applications_new" if received and only and "application" in context.topic else None
