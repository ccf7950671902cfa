"""Which sentences answer a question: character uni- and bigrams shared with it, the rarer the weightier."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.lexicons import read_lexicon
from vectorstore.folding import fold_text
from vectorstore.records import Span
from vectorstore.sentences import trimmed
from vectorstore.terms import terms_of

_SENTENCE_END = re.compile(r"[。！？!?][”’」』）)]*|\n|(?<=[；;])(?=[^；;\n]{12})")
# Question words and particles find nothing; alone they would make every sentence alike.
_STOP = frozenset("的了吗呢吧啊么哪些什怎样如何谁是在有和与及或之其这那个为对把被给都还也就请问我你他它们")


# 几件, 多少份: the counting word after a question word is the answer's, and seldom the sentence's.
_COUNTING = "[个件条次份篇家起项名位场期宗元例些]?"


@dataclass(frozen=True, slots=True)
class AnswerType:
    """A form that an answer can have: a telephone number, a name in quotation marks.

    Attributes:
        words: A question that holds one of them, folded, asks for this form.
        besides: If there are any, it must hold one of these too.
        unless: A question that holds one of these asks for something else: 电话咨询多少次.
        pattern: What a folded sentence of this form holds.
        expands: Words that such a sentence is likely to hold, added to the question.
    """

    name: str
    words: tuple[str, ...]
    besides: tuple[str, ...]
    unless: tuple[str, ...]
    pattern: re.Pattern[str]
    expands: tuple[str, ...]


def _lexicon() -> dict[str, Any]:
    return read_lexicon("answer_types")


@cache
def _answer_types() -> tuple[AnswerType, ...]:
    return tuple(
        AnswerType(
            t["name"],
            tuple(t["words"]),
            tuple(t.get("besides", ())),
            tuple(t.get("unless", ())),
            re.compile(t["pattern"]),
            tuple(t["expands"]),
        )
        for t in _lexicon()["type"]
    )


@cache
def _question_words() -> re.Pattern[str]:
    words = sorted(_lexicon()["question_words"], key=len, reverse=True)
    counting = sorted(_lexicon()["counting_question_words"], key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(counting)}){_COUNTING}|{'|'.join(words)}")


def answer_types_of(query: str) -> list[AnswerType]:
    """The forms of answer that a question asks for; an account's name makes any other name superfluous."""
    folded = fold_text(query)

    def holds(words: tuple[str, ...]) -> bool:
        return any(word in folded for word in words)

    kinds = [
        kind
        for kind in _answer_types()
        if holds(kind.words) and (not kind.besides or holds(kind.besides)) and not holds(kind.unless)
    ]
    return [kind for kind in kinds if kind.name != "name"] if len(kinds) > 1 else kinds


def sentences_of(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of a part of a text, without surrounding white space and without table cells.

    A long sentence is cut at semicolons, which in this genre end a point.
    """
    end = len(text) if end is None else end
    spans, position = [], start
    for match in _SENTENCE_END.finditer(text, start, end):
        spans.append(trimmed(text, position, match.end()))
        position = match.end()
    spans.append(trimmed(text, position, end))
    # A line that begins with a tab is a cell of a table.
    return [s for s in spans if s.end - s.start > 1 and (s.start == 0 or text[s.start - 1] != "\t")]


def without_question_words(words: str) -> str:
    """A folded question without the words of asking: 多少, 什么, 几件."""
    return _question_words().sub(" ", fold_text(words))


def query_terms(words: str) -> Counter[str]:
    """The terms of a question; question words left out, words of the expected answer's form put in."""
    kinds = answer_types_of(words)
    asked = without_question_words(words)
    expanded = " ".join((asked, *(word for kind in kinds for word in kind.expands)))
    return Counter(term for term in terms_of(expanded) if not set(term) & _STOP)


class Relevance:
    """Scores sentences against one question, over one set of sentences.

    A term's weight is its inverse document frequency over the set; bigrams count for three characters, because a
    shared character means little. A score of 1 is a sentence that holds every term.
    """

    def __init__(self, words: str, sentences: Sequence[str]) -> None:
        terms = query_terms(words)
        self._kinds = answer_types_of(words)
        held: Counter[str] = Counter()
        for sentence in sentences:
            held.update(terms.keys() & set(terms_of(sentence)))
        total = max(len(sentences), 1)
        self._weights = {
            # A term that no sentence holds weighs as one that a single sentence holds: it may be a mere word.
            term: math.log(1 + total / (0.5 + max(held[term], 1))) * (3 if len(term) > 1 else 1)
            for term in terms
        }
        self._sum = sum(self._weights.values()) or 1.0

    def score(self, sentence: str) -> float:
        """How much of the question's weight the sentence holds, and more if it has the form that is asked for."""
        found = self._weights.keys() & set(terms_of(sentence))
        share = sum(self._weights[term] for term in found) / self._sum
        if share and self._kinds and any(kind.pattern.search(fold_text(sentence)) for kind in self._kinds):
            share += 0.25
        return share


class TranslatedRelevance:
    """Scores Chinese sentences against an English question: the share of its words that a sentence has in Chinese."""

    def __init__(self, words: str, counterparts: dict[str, tuple[str, ...]]) -> None:
        self._counterparts = list(counterparts.values())
        self._kinds = answer_types_of(words)

    def score(self, sentence: str) -> float:
        """1 for a sentence that holds a counterpart of every word; more if it has the form that is asked for."""
        folded = fold_text(sentence)
        held = sum(any(word in folded for word in written) for written in self._counterparts)
        share = held / max(len(self._counterparts), 1)
        if self._kinds and any(kind.pattern.search(folded) for kind in self._kinds):
            share += 0.25
        return share
