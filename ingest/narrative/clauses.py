"""Sentences cut into clauses, and clauses into pieces that hold one quantity each.

"其中网站49条、微信168条，组织培训2次" has two clauses and three pieces. A piece is what the grammar looks at:
the words before its quantity, the quantity, and the words behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.narrative.grammar import counted_kinds
from ingest.narrative.tokens import CLOSE, OPEN, QUANTITY, STOP, UNKNOWN, Token, heads, kinds, tokenise
from vectorstore.sentences import sentences

_TOTALS = frozenset({"共", "总共", "一共", "共有", "总计", "共计", "合计"})
_LONGEST_COUNTED = 4
_NUMBERING = re.compile(
    r"^\s*(?:[(（]?[一二三四五六七八九十百]{1,3}[)）、.．]|[(（]\d{1,2}[)）]|\d{1,2}[、.．)）](?!\d)|[①-⑳]|[㈠-㈩])+"
)


@dataclass(slots=True, eq=False)
class Piece:
    """A stretch of a clause with at most one quantity.

    Attributes:
        clause: Number of the clause within its sentence.
        separator: What stands before it: ``,`` ``;`` ``:`` a joiner, or ``(`` for the first piece in brackets.
        anchor: For a piece in brackets, the token before the bracket.
        claimed: Whether its number belongs to a statement of another piece.
        actor: The token that names the body of which the piece speaks, once that is known.
    """

    before: list[Token] = field(default_factory=list)
    quantity: Token | None = None
    after: list[Token] = field(default_factory=list)
    separator: str = ""
    clause: int = 0
    anchor: Token | None = None
    actor: Token | None = None
    claimed: bool = False
    # Worked out at the first question, once the piece is cut; functools' cached_property locks at each.
    _tokens: list[Token] | None = None
    _kinds: frozenset[str] | None = None
    _verbs: frozenset[str] | None = None
    _counted: frozenset[str] | None = None

    @property
    def tokens(self) -> list[Token]:
        """All its tokens, in order."""
        if self._tokens is None:
            self._tokens = [*self.before, *([self.quantity] if self.quantity else []), *self.after]
        return self._tokens

    @property
    def in_brackets(self) -> bool:
        """Whether it stands in brackets."""
        return self.anchor is not None

    @property
    def kinds(self) -> frozenset[str]:
        """The classes of its words."""
        if self._kinds is None:
            self._kinds = frozenset([token.kind for token in self.tokens])
        return self._kinds

    @property
    def counted(self) -> frozenset[str]:
        """The classes of the nouns that it counts, or denies."""
        if self._counted is None:
            self._counted = counted_kinds(self.before, self.after)
        return self._counted

    @property
    def verbs(self) -> frozenset[str]:
        """The classes of its verbs."""
        if self._verbs is None:
            self._verbs = self.kinds & kinds("verbs")
        return self._verbs

    def is_unknown(self, token: Token) -> bool:
        """Whether a token is text that the lexicon doesn't know and that doesn't name the one who acts."""
        return token.kind in (UNKNOWN, "opaque_words") and token is not self.actor


def sentence_ranges(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of a folded text as ranges, without the numbering in front (（一）, 1.)."""
    for sentence in sentences(text, at_semicolons=False):
        numbering = _NUMBERING.match(text[sentence.start : sentence.end])
        start = sentence.start + (numbering.end() if numbering else 0)
        if start < sentence.end:
            yield start, sentence.end


def cut(text: str) -> list[Piece]:
    """The pieces of one folded sentence, in order; token offsets are those of ``text``."""
    pieces, _ = _pieces(tokenise(text), 0)
    return pieces


def _pieces(tokens: Sequence[Token], clause: int) -> tuple[list[Piece], int]:
    done: list[Piece] = []
    bracketed: list[Piece] = []
    piece = Piece(clause=clause)
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.kind == OPEN:
            close = _matching(tokens, index)
            inner = tokens[index + 1 : close]
            if any(t.kind in {QUANTITY, "negation"} for t in inner):
                inside, _ = _pieces(inner, clause)
                for number, found in enumerate(inside):
                    found.anchor = tokens[index - 1] if index else token
                    found.separator = found.separator if number else "("
                bracketed.extend(inside)
            elif index and inner and _is_of_all(inner):
                bracketed.append(Piece(before=[*inner], separator="(", clause=clause, anchor=tokens[index - 1]))
            elif inner and inner[0].kind == "among" and piece.quantity is None:
                # 予以公开（含部分公开）28件 counts both.
                also = [t for t in inner if t.kind in kinds("outcomes")]
                piece.before.extend([inner[0]._replace(kind="joiner"), *also] if also else [])
            index = close + 1
            continue
        if token.kind == STOP and token.text == "," and _leads_to_total(piece, tokens, index):
            pass  # 收到申请，共计13件 is one clause
        elif token.kind == STOP:
            _close(piece, done, bracketed)
            clause += 1
            piece = Piece(separator=token.text, clause=clause)
        elif token.kind == "joiner" and piece.quantity and not piece.after:
            _close(piece, done, bracketed)
            piece = Piece(separator=token.text, clause=clause)
        elif token.kind == QUANTITY:
            if piece.quantity is not None:
                given, kept = _divide(piece)
                piece.after = given
                _close(piece, done, bracketed)
                piece = Piece(before=kept, separator="", clause=clause)
            piece.quantity = token
        elif token.kind != CLOSE:
            (piece.after if piece.quantity else piece.before).append(token)
        index += 1
    _close(piece, done, bracketed)
    return done, clause


def _is_of_all(inner: Sequence[Token]) -> bool:
    """Whether brackets say how all that was counted before them ended: （均维持）."""
    whole = inner[0].kind == "all" or inner[0].text.startswith(("均", "全部"))
    if all(token.kind in {"upheld", "corrected", "filler", "occur"} for token in inner):
        whole = True  # of one: 复议1件（维持）
    return whole and any(token.kind in kinds("outcomes") for token in inner)


def _leads_to_total(piece: Piece, tokens: Sequence[Token], comma: int) -> bool:
    """Whether what is counted stands before the comma, and its total behind it: 收到信息公开申请，共计13件."""
    if piece.quantity is not None or not piece.before or any(t.kind == "negation" for t in piece.before):
        return False
    received = any(token.kind in {"receive", "receive_new"} for token in piece.before)
    if not received or piece.before[-1].kind not in {"application", "request"}:
        return False
    behind = comma + 1
    while behind < len(tokens) and tokens[behind].text in _TOTALS:
        behind += 1
    return comma + 1 < behind < len(tokens) and tokens[behind].kind == QUANTITY


def _close(piece: Piece, done: list[Piece], bracketed: list[Piece]) -> None:
    if piece.before or piece.quantity or piece.after:
        done.append(piece)
    done.extend(bracketed)
    bracketed.clear()


def _counts_bodies(piece: Piece) -> bool:
    counted, *following = piece.after
    if len(counted.text) > _LONGEST_COUNTED or not following:
        return False
    ends = {"joiner", "negation", "this_year", "all"} | kinds("verbs")
    return piece.quantity is not None and piece.quantity.unit in {"个", "家", "名", "位"} and following[0].kind in ends


def _matching(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        depth += (tokens[index].kind == OPEN) - (tokens[index].kind == CLOSE)
        if depth == 0:
            return index
    return len(tokens)


def _divide(piece: Piece) -> tuple[list[Token], list[Token]]:
    """Which of the words between two quantities belong to the first: those up to its noun, if none stood before it."""
    nouns = heads()
    verbs = kinds("verbs")
    if any(token.kind in nouns for token in piece.before):
        return [], piece.after
    first = piece.after[0] if piece.after else None
    if len(piece.after) > 1 and piece.after[-1].text == "、":
        return piece.after[:-1], []  # 2次推进会、1次培训
    if first is not None and first.kind == UNKNOWN and _counts_bodies(piece):
        return piece.after[:1], piece.after[1:]  # 2个镇、3个部门
    for index, token in enumerate(piece.after):
        if token.kind in nouns:
            return piece.after[: index + 1], piece.after[index + 1 :]
        if token.kind in verbs:
            return piece.after[:index], piece.after[index:]
    return [], piece.after
