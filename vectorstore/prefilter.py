"""Which passages can hold some words: the full-text index as a sieve that lets everything pass that does hold them.

What passes has still to be looked at. A word may be broken by white space in two places (a short one in one), or
between all its characters; a sentence so long that it was cut into two passages is what is not allowed for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import combinations, pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, literal_column, select, text

from vectorstore import schema
from vectorstore.folding import fold_text

Requirement = tuple[tuple[str, ...], ...]
"""Alternatives, one of which a passage must satisfy: phrases of the index's terms, all in the passage."""

_HAN_RUN = re.compile("[㐀-䶿一-鿿豈-﫿〇]+")
_LATIN_RUN = re.compile("[a-zà-ÿ]+|[0-9]+")
_MOST_BREAKS = 2
_SHORT = 3
"""Characters. A shorter word is broken in one place at most, or its single characters would let everything pass."""
_LONG = 8
"""Characters. A longer word is held if one of its thirds is, whichever two places break it."""
_SHORTEST_IN_PARTS = 4
_BEGINNING = "*"
"""Behind a run of digits or letters: a longer one may begin with it."""


def literally(word: str) -> Requirement | None:
    """What a passage must hold if it holds the word as it stands; ``None`` where that can't be told by terms."""
    folded = fold_text(word)
    runs = _HAN_RUN.findall(folded)
    if not runs:
        latin = max(_LATIN_RUN.findall(folded), key=len, default="")
        return ((latin + _BEGINNING,),) if len(latin) > 1 else None
    run = max(runs, key=len)
    if len(run) > _LONG:
        third = len(run) // 3
        return tuple(tuple(_bigrams(run[at : at + third])) for at in (0, third, 2 * third))
    broken = [
        _unbroken(run, breaks)
        for count in range((_MOST_BREAKS if len(run) > _SHORT else 1) + 1)
        for breaks in combinations(range(1, len(run)), count)
    ]
    return tuple(dict.fromkeys((*broken, (" ".join(run),))))


def in_parts(word: str) -> Requirement | None:
    """What a passage must hold if it holds the word cut into parts of two characters or more, in whatever order."""
    folded = fold_text(word)
    if len(folded) < _SHORTEST_IN_PARTS:
        return literally(word)
    ends = [end for run in _HAN_RUN.findall(folded) if len(run) > 1 for end in (run[:2], run[-2:])]
    latin = [run + _BEGINNING for run in _LATIN_RUN.findall(folded) if len(run) > 1]
    required = tuple(dict.fromkeys((*ends, *latin)))
    return (required,) if required else None


def any_of(requirements: Iterable[Requirement | None]) -> Requirement | None:
    """What a passage must hold if one of several things is held; ``None`` as soon as one of them isn't known."""
    alternatives: dict[tuple[str, ...], None] = {}
    for requirement in requirements:
        if requirement is None:
            return None
        alternatives.update(dict.fromkeys(requirement))
    return tuple(alternatives)


def _unbroken(run: str, breaks: Sequence[int]) -> tuple[str, ...]:
    """The phrases of a run that white space breaks before the given places."""
    edges = (0, *breaks, len(run))
    pieces = [run[start:end] for start, end in pairwise(edges)]
    return tuple(dict.fromkeys(term for piece in pieces for term in (_bigrams(piece) or [piece])))


def _bigrams(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def report_keys(connection: Connection, requirement: Requirement) -> set[int]:
    """The keys of the reports with a passage that satisfies the requirement."""
    passages = schema.passages.c
    statement = select(passages.report_key).where(passages.key.in_(_holding(requirement))).distinct()
    return {int(key) for key in connection.execute(statement).scalars()}


def mentions_in_passages(requirement: Requirement, conditions: Collection[ColumnElement[bool]]) -> Select[Any]:
    """The mentions that begin in a passage that satisfies the requirement, as rows with their ``clause``."""
    mentions, passages, reports = schema.mentions.c, schema.passages.c, schema.reports.c
    clause: ColumnElement[str] = literal_column(
        'substr(passages.text, mentions.start - passages.start + 1, mentions."end" - mentions.start)'
    )
    return (
        select(schema.mentions, clause.label("clause"), reports.report_id, schema.bodies.c.body_id)
        .select_from(schema.passages)
        .join(schema.mentions, mentions.report_key == passages.report_key)
        .join(schema.reports, mentions.report_key == reports.key)
        .join(schema.bodies, mentions.body_key == schema.bodies.c.key)
        .where(
            passages.key.in_(_holding(requirement)),
            mentions.start >= passages.start,
            mentions.start < passages.end,
            *conditions,
        )
        .order_by(reports.report_id, mentions.start)
    )


def passages_holding(requirement: Requirement) -> ColumnElement[bool]:
    """On ``passages``: that one satisfies the requirement."""
    return schema.passages.c.key.in_(_holding(requirement))


def _holding(requirement: Requirement) -> Any:
    query = " OR ".join("(" + " AND ".join(map(_quoted, phrases)) + ")" for phrases in requirement)
    return text("SELECT rowid FROM passage_terms WHERE passage_terms MATCH :terms").bindparams(
        terms=f"{{section passage}} : ({query})"
    )


def _quoted(phrase: str) -> str:
    stem = phrase.removesuffix(_BEGINNING)
    return f'"{stem}"' + (" *" if stem != phrase else "")
