"""Examples of what is asked and what answers it, drawn from word lists and from texts.

Three kinds. *Listed*: what is said stands for what is written, alone or within a sentence. *Put in*: what is said takes
the place of what is written, in a piece of a sentence, and the passage around is the answer. *Cut out*: a piece of a
sentence asks for the passage around it, which sometimes lacks the piece, so that more than its words must answer.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import NamedTuple

from vectorstore.data.embedding_build.texts import Association
from vectorstore.sentences import sentences

PER_ASSOCIATION = 12
FROM_PARAGRAPHS = 36_000
EXAMPLES = 60
"""Sentences that are looked up for each written term."""
SEARCHED = 150_000
LONGEST = 120
_SEED = 3

_QUESTIONS = (
    "{}",
    "{}的情况",
    "有没有{}",
    "{}怎么样",
    "关于{}",
    "{}有哪些",
    "哪里提到{}",
    "{}多少",
    "想知道{}",
    "今年{}",
    "谁{}",
    "怎么{}",
    "{}吗",
)
_ENGLISH_QUESTIONS = (
    "{}",
    "any {}",
    "what about {}",
    "{} in the report",
    "how many {}",
    "is there {}",
    "which mention {}",
)
_STATEMENTS = ("加强{}", "{}情况", "做好{}工作", "{}。", "开展{}", "进一步{}")
_HAN_RUN = re.compile("[一-鿿]{4,}")


class Pair(NamedTuple):
    """A question and a text that answers it. Pairs of one ``group`` may answer one another's questions."""

    question: str
    passage: str
    group: int


def draw_pairs(
    associations: Sequence[Association],
    law: Sequence[str],
    told: Sequence[str],
    paragraphs: Sequence[str],
    from_paragraphs: int = FROM_PARAGRAPHS,
) -> list[Pair]:
    """All pairs, in an order drawn by chance; the same input gives the same pairs.

    Args:
        law: Paragraphs of laws: examples of words in use.
        told: Sentences of reports, likewise, and worth more.
        paragraphs: Of reports: the passages.
        from_paragraphs: How many pairs to draw from them, about a third with what is said put in.
    """
    chance = random.Random(_SEED)
    texts = [text for text in [*told, *told, *told, *law] if 10 < len(text) <= LONGEST]
    pairs = _listed(associations, texts, chance) + _put_in_and_cut_out(
        associations, paragraphs, from_paragraphs, chance
    )
    chance.shuffle(pairs)
    return pairs


def _listed(associations: Sequence[Association], texts: Sequence[str], chance: random.Random) -> list[Pair]:
    examples = _examples({term for each in associations for term in each.written}, texts, chance)
    pairs: list[Pair] = []
    for group, each in enumerate(associations):
        for _ in range(PER_ASSOCIATION):
            # What is written is listed the nearest first.
            written = each.written[int(chance.random() ** 1.5 * len(each.written))]
            said, found = chance.choice(each.said), examples[written]
            question = _asked(said, chance)
            kind = chance.random()
            if kind < 0.35 or not found:
                form = "{}" if chance.random() < 0.5 else chance.choice(_STATEMENTS)
                pairs.append(Pair(question, form.format(written), group))
            elif kind < 0.55:
                text = chance.choice(found)
                pairs.append(Pair(text.replace(written, f" {said} "), text, group))
            else:
                pairs.append(Pair(question, chance.choice(found), group))
    return pairs


def _examples(terms: set[str], texts: Sequence[str], chance: random.Random) -> dict[str, list[str]]:
    """Texts that hold each term, at most ``EXAMPLES``."""
    found: dict[str, list[str]] = {term: [] for term in terms}
    wanted = sorted(terms)
    for text in chance.sample(texts, min(SEARCHED, len(texts))):
        for term in [term for term in wanted if term in text]:
            found[term].append(text)
            if len(found[term]) >= EXAMPLES:
                wanted.remove(term)
    return found


def _put_in_and_cut_out(
    associations: Sequence[Association], paragraphs: Sequence[str], number: int, chance: random.Random
) -> list[Pair]:
    said: dict[str, list[tuple[str, int]]] = {}
    for group, each in enumerate(associations):
        for written in each.written:
            if len(written) > 1:
                said.setdefault(written, []).extend((form, group) for form in each.said)
    pattern = re.compile("|".join(map(re.escape, sorted(said, key=lambda term: (-len(term), term)))) or r"(?!)")
    pairs: list[Pair] = []
    for group_of_its_own in range(len(associations), len(associations) + (number if paragraphs else 0)):
        sentence, passage = _window(chance.choice(paragraphs), chance)
        places = list(pattern.finditer(sentence))
        if places and chance.random() < 0.3:
            place = chance.choice(places)
            words, group = chance.choice(said[place.group()])
            pairs.append(Pair(_asked(_put_in(words, sentence, place, chance), chance), passage, group))
        elif runs := _HAN_RUN.findall(sentence):
            piece = _piece(chance.choice(runs), chance)
            if chance.random() < 0.3:
                passage = passage.replace(piece, "")
            pairs.append(Pair(_asked(piece, chance), passage, group_of_its_own))
    return pairs


def _window(paragraph: str, chance: random.Random) -> tuple[str, str]:
    """A sentence of a paragraph, and the same with some of its neighbours."""
    spans = sentences(paragraph)
    at = chance.randrange(len(spans))
    first = spans[max(0, at - chance.randint(0, 3))]
    last = spans[min(len(spans) - 1, at + chance.randint(0, 3))]
    return spans[at].of(paragraph), paragraph[first.start : last.end]


def _put_in(said: str, sentence: str, place: re.Match[str], chance: random.Random) -> str:
    """What is said, alone or with some characters from around the place that it takes."""
    if said.isascii() or chance.random() < 0.5:
        return said
    before = sentence[max(0, place.start() - chance.randint(0, 4)) : place.start()]
    return before + said + sentence[place.end() : place.end() + chance.randint(0, 4)]


def _piece(run: str, chance: random.Random) -> str:
    length = min(len(run), chance.randint(3, 8))
    start = chance.randint(0, len(run) - length)
    return run[start : start + length]


def _asked(words: str, chance: random.Random) -> str:
    return chance.choice(_ENGLISH_QUESTIONS if words.isascii() else _QUESTIONS).format(words)
