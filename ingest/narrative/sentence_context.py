"""What is known while a sentence is read, and how each of its pieces changes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.narrative.clauses import Piece
from ingest.narrative.statements import Statement
from ingest.narrative.subjects import actor_of, is_self
from ingest.narrative.tokens import COMPARED, DATE, YEAR, Token, kinds
from vectorstore.folding import Folded
from vectorstore.records import Span

# Counted by how often they were held.
EVENTS = frozenset({"training_sessions", "open_day_events"})

TOPICS = {"request": "application", "carried_in": "application", "carried_out": "application", "carried": "application"}

RESULTS = frozenset({"granted", "partial", "denied", "unable", "unprocessed", "other_handled"})

# The rows of the form below the results: why something was denied, why it couldn't be given.
LEAVES = frozenset(
    kind
    for kind in kinds("outcomes")
    if kind.startswith(("denied_", "unable_", "unprocessed_", "other_no", "other_fee"))
) | {"withdrawn"}

DISPUTES = frozenset({"review", "lawsuit", "lit_direct", "lit_post_review"})

# Classes that change what is known while a sentence is read.
_OF_YEARS = frozenset({"since", "this_year", YEAR})
_NOTICED = frozenset(
    {"next", "except", "territory", YEAR, "past", "this_year", COMPARED, "last_year", "before", "among"}
)

# Which group of disputes the results behind a total are results of.
_GROUPS = {
    "review_total": "review",
    "litigation_total": "lawsuit",
    "lit_direct_total": "lit_direct",
    "lit_post_review_total": "lit_post_review",
}
INFO = frozenset({"info", "post", "dynamic"})

DISCLOSE = frozenset({"disclose", "disclose_proactive"})

# 从申请内容看, 按内容分: what a list goes by.
_BY = ("看", "分", "划分", "分类")

_NO_TOPICS = RESULTS | LEAVES | INFO | {"upheld", "corrected", "pending", "other_result", "reason", "outcome_total"}

# Verbs that an enumeration carries into the next clause, since they make a count mean something else.
LASTING = frozenset({"clean", "attend", "report", "draft", "read"})


class Clause(NamedTuple):
    """The pieces of one clause; those in brackets may stand among others'.

    Attributes:
        first, last: Indexes of its first and its last piece.
        pieces: Their number.
        end: Of its last token, in the folded text.
    """

    first: int
    last: int
    pieces: int
    end: int


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
    excepted: bool = False
    bare_year: bool = False
    over_years: bool = False
    ratio_of: str = ""
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
    accumulated: str = ""
    last: list[Statement] = field(default_factory=list)
    _clauses: dict[int, Clause] = field(default_factory=dict)

    def clause_of(self, piece: Piece) -> Clause:
        """The clause that a piece of the sentence stands in."""
        if not self._clauses:
            for index, other in enumerate(self.pieces):
                former, end = self._clauses.get(other.clause), other.tokens[-1].end
                first, size, furthest = (former.first, former.pieces, former.end) if former else (index, 0, end)
                self._clauses[other.clause] = Clause(first, index, size + 1, max(furthest, end))
        return self._clauses[piece.clause]


def enter(context: Context, piece: Piece, found: list[Statement]) -> None:
    kinds_present = piece.kinds
    if kinds_present & _OF_YEARS:
        _notice_since(context, piece)
    if context.bare_year:  # 上年为8件 is an aside: what follows is about this year again
        context.year, context.bare_year = None, False
    for token in piece.tokens if kinds_present & _NOTICED else ():
        if token.kind == "next":
            context.is_future = True
        elif token.kind == "except":
            context.excepted = True
        elif token.kind == "territory":
            named = [t.text for t in piece.before if t.kind == "territory"]
            # 全县各级各部门 are those of the county.
            context.territory, context.subject = named[0] if named and named[0][0] == "全" else token.text, None
        elif token.kind == YEAR and not piece.in_brackets and not piece.kinds & {"carried", "carried_out"}:
            context.year = context.year if _is_cause(piece, token) else token.year
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
    _notice_actor(context, piece)
    if _lists_contents(context, piece, found):
        context.by_content = True
    if (
        piece.quantity
        and not piece.in_brackets
        and kinds_present & {"issue", "policy"}
        and "normative" not in kinds_present
    ):
        context.documents = True


def _is_cause(piece: Piece, year: Token) -> bool:
    """Whether a year is only that of what led to something: 因2022年的申请引发行政复议1件 was in the report's year."""
    at = piece.tokens.index(year)
    caused = any(token.text in {"引发", "引起", "产生", "导致"} for token in piece.tokens[at + 1 :])
    return at > 0 and piece.tokens[at - 1].text in {"因", "由"} and caused


def _notice_actor(context: Context, piece: Piece) -> None:
    """Who acts from here on: a body that the piece names, the author again (我局), or who acted before."""
    actor = actor_of(piece)
    if actor is None:
        first = next((token.kind for token in piece.before if token.kind != "filler"), "")
        if first in {"website", "wechat"}:
            context.subject = None  # 区政府门户网站发布: nobody else's any more
        return
    piece.actor = actor
    context.territory = None
    context.subject = None if is_self(actor) else actor.text


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
    if piece.quantity is None:
        said = "".join(token.text for token in piece.before)
        return "内容" in said and said.endswith(_BY) and "application" in context.topic | context.theme
    if piece.kinds & (DISPUTES | {"negation"}):
        return False
    counted = any(s.metric in {"applications_new", "applications_handled"} for s in found or context.last)
    named = any("内容" in t.text for t in piece.before) and "application" in context.topic
    return (counted or named) and any(t.text.endswith("涉及") for t in piece.before)


def leave(context: Context, index: int, piece: Piece, statements: list[Statement]) -> None:
    own = piece.verbs
    context.verbs_before = own or context.verbs_before
    if "receive_new" in own and piece.quantity:
        context.newly_received.add(context.folded.span(piece.quantity.start, piece.quantity.end))
    context.verbs = own or (context.verbs if piece.clause == context.clause else context.verbs & LASTING)
    context.clause = piece.clause
    # 网站804条（政策12条），微信400条: what is counted in brackets is not what the sentence goes on with.
    aside = piece.in_brackets and piece.quantity is not None and not statements
    heads = frozenset() if aside else _heads(piece)
    if piece.quantity and not statements and "application" not in context.topic | context.theme:
        heads -= {"request"}  # 建房申请4件: an application for something else
    if heads:
        topics = _topics(heads)
        if topics:
            context.topic, context.source = topics, index
            context.theme |= topics
    elif not context.topic and any(s.metric == "applications_new" for s in statements):
        context.topic, context.theme = frozenset({"application"}), context.theme | {"application"}
    for metric, group in _GROUPS.items() if statements else ():
        if any(s.metric == metric and s.value for s in statements):
            context.theme = (context.theme - DISPUTES) | {group}
            context.topic -= DISPUTES - {group}


def topic_of(pieces: Sequence[Piece]) -> frozenset[str]:
    """What a sentence that states nothing was about last: what the next sentence may go on with."""
    return next((topics for piece in reversed(pieces) if (topics := _topics(_heads(piece)))), frozenset())


def _heads(piece: Piece) -> frozenset[str]:
    return piece.counted or (_mentioned_topics(piece) if piece.quantity is None else frozenset())


def _topics(heads: frozenset[str]) -> frozenset[str]:
    if not heads:
        return heads
    named = frozenset(TOPICS.get(kind, kind) for kind in heads - _NO_TOPICS)
    return named | {"info"} if INFO & heads else named


def _mentioned_topics(piece: Piece) -> frozenset[str]:
    """What a clause without a number is about although its last words are unknown: 对规范性文件进行梳理."""
    return piece.kinds & {"normative", "npc", "cppcc"} if "negation" not in piece.kinds else frozenset()
