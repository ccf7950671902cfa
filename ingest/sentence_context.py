"""What is known while a sentence is read, and how each of its pieces changes it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.clauses import Piece
from ingest.grammar import nouns
from ingest.statements import Statement
from ingest.subjects import subject_of
from ingest.tokens import COMPARED, DATE, YEAR, Token, kinds
from vectorstore.folding import Folded
from vectorstore.records import Span

# What a combined noun stands for: 建议提案, 复议诉讼.
BOTH = {"both_proposals": ("npc", "cppcc"), "both_disputes": ("review", "lawsuit")}

TOPICS = {"request": "application", "carried_in": "application", "carried_out": "application", "carried": "application"}

RESULTS = frozenset({"granted", "partial", "denied", "unable", "unprocessed", "other_handled"})

DISPUTES = frozenset({"review", "lawsuit", "lit_direct", "lit_post_review"})

_DISPUTE_RESULTS = frozenset({"upheld", "corrected", "pending", "other_result"})
INFO = frozenset({"info", "post", "dynamic"})

DISCLOSE = frozenset({"disclose", "disclose_proactive"})

# Verbs that an enumeration carries into the next clause, since they make a count mean something else.
LASTING = frozenset({"clean", "attend", "report", "draft", "read"})


@dataclass(slots=True)
class Context:
    """What is known while a sentence is read; offsets are those of its folded text."""

    folded: Folded
    report_year: int | None
    topic: frozenset[str]
    theme: frozenset[str]
    pieces: list[Piece]
    year: int | None = None
    territory: str | None = None
    is_future: bool = False
    in_table: bool = False
    verbs_before: frozenset[str] = frozenset()
    newly_received: set[Span] = field(default_factory=set)
    documents: bool = False
    among: bool = False
    by_content: bool = False
    subject: str | None = None
    since: bool = False
    parent: str | None = None
    outer: str | None = None
    compared: str = ""
    verbs: frozenset[str] = frozenset()
    clause: int = -1
    source: int | None = None
    last_counted: str = ""
    last: list[Statement] = field(default_factory=list)


def enter(context: Context, piece: Piece, found: list[Statement]) -> None:
    _notice_since(context, piece)
    for token in piece.tokens:
        if token.kind == "next":
            context.is_future = True
        elif token.kind == "territory":
            context.territory = token.text
        elif token.kind == YEAR and not piece.in_brackets and not piece.kinds() & {"carried", "carried_out"}:
            context.year = token.year
        elif token.kind == "past" and context.report_year is not None:
            context.year = context.report_year - 1
        elif token.kind == "this_year":
            context.year = None
        elif token.kind == COMPARED:
            year_before = context.report_year is not None and token.year == context.report_year - 1
            context.compared = "last_year" if year_before else "before"
        elif token.kind in {"last_year", "before"}:
            context.compared = token.kind
        elif token.kind == "among" and not context.among:
            context.among = True
            context.parent = found[-1].metric if found else None
    if piece.separator == "(":
        context.outer = found[-1].metric if found else None
    if piece.separator == ";":
        context.among, context.parent, context.by_content = False, None, False
    named = subject_of(piece)
    context.subject = context.subject if named is None else named or None
    if _lists_contents(context, piece, found):
        context.by_content = True
    if piece.quantity and piece.kinds() & {"issue", "policy"} and "normative" not in piece.kinds():
        context.documents = True


def _notice_since(context: Context, piece: Piece) -> None:
    """Whether the sentence counts over years: 自2019年以来, 《条例》施行以来; until it comes to the report's year."""
    before: Token | None = None
    for token in piece.tokens:
        own_year = token.kind == YEAR and token.year == context.report_year
        if token.kind == "since" or (token.text == "以来" and before and not _is_this_year(before, context)):
            context.since = True
        elif own_year or (token.kind == "this_year" and token.text != "以来"):
            context.since = False
        if token.kind != DATE or before is None:
            before = token  # 2019年5月以来 is since 2019


def _is_this_year(token: Token, context: Context) -> bool:
    return token.kind in {"this_year", DATE} or (token.kind == YEAR and token.year == context.report_year)


def _lists_contents(context: Context, piece: Piece, found: list[Statement]) -> bool:
    """Whether a piece begins to tell what applications are about: 收到申请5件，涉及行政许可3件、行政处罚2件."""
    kinds_present = piece.kinds()
    if piece.quantity is None or "negation" in kinds_present or kinds_present & DISPUTES:
        return False
    counted = any(s.metric in {"applications_new", "applications_handled"} for s in found or context.last)
    return counted and any(t.text.endswith("涉及") for t in piece.before)


def leave(context: Context, index: int, piece: Piece, statements: list[Statement]) -> None:
    own = piece.kinds() & kinds("verbs")
    context.verbs_before = own or context.verbs_before
    if "receive_new" in own and piece.quantity:
        context.newly_received.add(context.folded.span(piece.quantity.start, piece.quantity.end))
    context.verbs = own or (context.verbs if piece.clause == context.clause else context.verbs & LASTING)
    context.clause = piece.clause
    heads = noun_kinds(piece) or (_mentioned_topics(piece) if piece.quantity is None else frozenset())
    if piece.quantity and not statements and "application" not in context.topic | context.theme:
        heads -= {"request"}  # 建房申请4件: an application for something else
    if heads:
        topics = frozenset((INFO & heads and {"info"}) or ()) | frozenset(
            TOPICS.get(k, k)
            for k in heads
            if k not in RESULTS | INFO | {"upheld", "corrected", "pending", "other_result"}
        )
        if topics:
            context.topic, context.source = topics, index
            context.theme |= topics
    elif not context.topic and any(s.metric == "applications_new" for s in statements):
        context.topic, context.theme = frozenset({"application"}), context.theme | {"application"}
    if piece.quantity is not None and any(s.metric in {"review_total"} and s.value for s in statements):
        context.theme = (context.theme - DISPUTES) | {"review"}
    if any(s.metric == "litigation_total" and s.value for s in statements):
        context.theme = (context.theme - DISPUTES) | {"lawsuit"}


def _mentioned_topics(piece: Piece) -> frozenset[str]:
    """What a clause without a number is about although its last words are unknown: 对规范性文件进行梳理."""
    return piece.kinds() & {"normative", "npc", "cppcc"} if "negation" not in piece.kinds() else frozenset()


def noun_kinds(piece: Piece) -> frozenset[str]:
    before = [piece.before[i].kind for i in nouns(piece.before)]
    found = before or [piece.after[i].kind for i in nouns(piece.after)]
    return frozenset(part for kind in found for part in BOTH.get(kind, (kind,)))
