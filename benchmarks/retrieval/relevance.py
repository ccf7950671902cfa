"""Which passages of a corpus answer which question: those at its gold quotes, and those that judges said do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.retrieval.corpus import Corpus
from benchmarks.retrieval.question_files import Judgement, Question, QuestionError


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question over one corpus.

    Attributes:
        relevant: Ids of the passages that answer; empty if none does.
        irrelevant: Ids of those that judges said don't.
    """

    question: Question
    relevant: frozenset[str]
    irrelevant: frozenset[str] = frozenset()


def judge(corpus: Corpus, questions: Iterable[Question], judgements: Sequence[Judgement] = ()) -> list[JudgedQuestion]:
    """The questions with their relevant passages, in their order.

    A passage is relevant if it overlaps a gold quote, wherever its report holds that, or makes up at least half of a
    stretch that was judged so (or the stretch half of it): reports may be cut otherwise by then.

    Raises:
        QuestionError: A report or a quote isn't in the corpus.
    """
    by_question: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        by_question.setdefault(judgement.question_id, []).append(judgement)
    judged = []
    for question in questions:
        gold = {
            passage_id
            for gold in question.gold
            for start, end in _places(corpus, question.id, gold.report, gold.quote)
            for passage_id in overlapping(corpus, gold.report, start, end)
        }
        if question.gold and not gold:
            raise QuestionError(f"No passage holds the gold quotes of question {question.id}.")
        said: dict[bool, set[str]] = {True: set(), False: set()}
        for judgement in by_question.get(question.id, ()):
            said[judgement.relevant].update(_judged_passages(corpus, judgement))
        relevant = frozenset(gold | said[True])
        judged.append(JudgedQuestion(question, relevant, frozenset(said[False]) - relevant))
    return judged


def overlapping(corpus: Corpus, file: str, start: int, end: int, share: float = 0.0) -> list[str]:
    """The passages of a report that share more than ``share`` of the shorter of the two with a stretch of its text."""
    return [
        passage.passage_id
        for passage in corpus.passages(file)
        if min(end, passage.end) - max(start, passage.start) > share * min(end - start, passage.end - passage.start)
    ]


def _judged_passages(corpus: Corpus, judgement: Judgement) -> list[str]:
    text = _text(corpus, judgement.question_id, judgement.report)
    if text[judgement.start : judgement.end] == judgement.quote:
        places = [(judgement.start, judgement.end)]
    else:
        places = list(_places(corpus, judgement.question_id, judgement.report, judgement.quote))
    return [
        passage_id for start, end in places for passage_id in overlapping(corpus, judgement.report, start, end, 0.499)
    ]


def _places(corpus: Corpus, question_id: str, file: str, quote: str) -> Iterator[tuple[int, int]]:
    text = _text(corpus, question_id, file)
    at = text.find(quote)
    if at < 0:
        raise QuestionError(f"Question {question_id}: the report {file} doesn't hold the quote “{quote}”.")
    while at >= 0:
        yield at, at + len(quote)
        at = text.find(quote, at + 1)


def _text(corpus: Corpus, question_id: str, file: str) -> str:
    if file not in corpus.reports:
        raise QuestionError(f"Question {question_id}: there is no report {file} among those of the benchmark.")
    return corpus.text(file)
