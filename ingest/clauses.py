"""Sentences cut into clauses, and clauses into pieces that hold one quantity each.

"其中网站49条、微信168条，组织培训2次" has two clauses and three pieces. A piece is what the grammar looks at:
the words before its quantity, the quantity, and the words behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.tokens import CLOSE, OPEN, QUANTITY, STOP, Token, heads, kinds, tokenise

_SENTENCE_END = re.compile(r"[。!?\n]+|(?<=[\u4e00-\u9fff)])\.(?=[\u4e00-\u9fff(]|$)")
_NUMBERING = re.compile(
    r"^\s*(?:[(（]?[一二三四五六七八九十百]{1,3}[)）、.．]|[(（]\d{1,2}[)）]|\d{1,2}[、.．)）](?!\d)|[①-⑳]|[㈠-㈩])+"
)


@dataclass(slots=True)
class Piece:
    """A stretch of a clause with at most one quantity.

    Attributes:
        clause: Number of the clause within its sentence.
        separator: What stands before it: ``,`` ``;`` ``:`` a joiner, or ``(`` for the first piece in brackets.
        anchor: For a piece in brackets, the token before the bracket.
    """

    before: list[Token] = field(default_factory=list)
    quantity: Token | None = None
    after: list[Token] = field(default_factory=list)
    separator: str = ""
    clause: int = 0
    anchor: Token | None = None

    @property
    def tokens(self) -> list[Token]:
        """All its tokens, in order."""
        return [*self.before, *([self.quantity] if self.quantity else []), *self.after]

    @property
    def in_brackets(self) -> bool:
        """Whether it stands in brackets."""
        return self.anchor is not None

    def kinds(self) -> frozenset[str]:
        """The classes of its words."""
        return frozenset(token.kind for token in self.tokens)


def sentence_ranges(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of a folded text as ranges, without the numbering in front (（一）, 1.)."""
    start = 0
    for match in [*_SENTENCE_END.finditer(text), None]:
        end = match.start() if match else len(text)
        numbering = _NUMBERING.match(text[start:end])
        inner = start + (numbering.end() if numbering else 0)
        if text[inner:end].strip():
            yield inner, end
        if match:
            start = match.end()


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
            index = close + 1
            continue
        if token.kind == STOP:
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


def _close(piece: Piece, done: list[Piece], bracketed: list[Piece]) -> None:
    if piece.tokens:
        done.append(piece)
    done.extend(bracketed)
    bracketed.clear()


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
    for index, token in enumerate(piece.after):
        if token.kind in nouns:
            return piece.after[: index + 1], piece.after[index + 1 :]
        if token.kind in verbs:
            return piece.after[:index], piece.after[index:]
    return [], piece.after
