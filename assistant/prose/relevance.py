"""Which sentences answer a question: how much of it they hold, the rarer words counting more, and in what form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.lexicons import read_lexicon
from vectorstore.folding import fold_text
from vectorstore.ranking import DEFAULT
from vectorstore.records import Span
from vectorstore.retrieval.query_terms import read_query
from vectorstore.retrieval.word_scores import WordScorer
from vectorstore.sentences import trimmed

_SENTENCE_END = re.compile(r"[。！？!?][”’」』）)]*|\n|(?<=[；;])(?=[^；;\n]{12})")
_FORM_BONUS = 0.25
"""What the form of answer that is asked for adds to a sentence's share of the question."""

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


def with_expected_words(words: str) -> str:
    """A question with the words that an answer of the form it asks for is likely to hold: 电话 for 怎么联系."""
    return " ".join((words, *(word for kind in answer_types_of(words) for word in kind.expands)))


class Relevance:
    """Scores sentences against one question, over the sentences that may answer it.

    A term weighs the more the fewer of them hold it; what is said in other words than the reports' counts as these
    (`vectorstore.retrieval`). An English question has nothing but such words.
    """

    def __init__(self, words: str, sentences: Sequence[str]) -> None:
        self._kinds = answer_types_of(words)
        terms = read_query(without_question_words(with_expected_words(words)))
        wanted = terms.all
        held: Counter[str] = Counter()
        for sentence in map(fold_text, sentences):
            held.update(term for term in wanted if term in sentence)
        # A term that no sentence holds weighs as one that a single sentence holds: it may be a mere word.
        counted = {term: max(held[term], 1) for term in wanted}
        self._scorer = WordScorer(terms, counted, max(len(sentences), 1), DEFAULT)

    def score(self, sentence: str) -> float:
        """The share of the question that the sentence holds, and more if it has the form that is asked for."""
        share = self._scorer.share(sentence)
        if share and any(kind.pattern.search(fold_text(sentence)) for kind in self._kinds):
            share += _FORM_BONUS
        return share
