"""``check``: whether the questions can be used: every quote is in its report; and what there is of each kind.

Nothing of the questions themselves is printed unless it is wrong, so that those who tune may run it on all sets.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence

from benchmarks.retrieval.corpus import Corpus
from benchmarks.retrieval.options import corpus_of, sets_of
from benchmarks.retrieval.question_files import (
    KINDS,
    REPORTED_SETS,
    TUNING_SET,
    Judgement,
    Question,
    QuestionError,
    read_judgements,
    read_questions,
)
from benchmarks.retrieval.relevance import JudgedQuestion, judge
from benchmarks.retrieval.tables import Table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """All sets are looked at."""
    parser.set_defaults(sets=[TUNING_SET, *REPORTED_SETS])


def run(options: argparse.Namespace) -> int:
    """Print what is wrong and the counts; 1 if something is wrong."""
    questions = read_questions(options.questions, sets_of(options))
    judgements = read_judgements(options.judgements)
    with corpus_of(options) as corpus:
        judged, problems = _judge_each(corpus, questions, judgements)
        problems += list(_unknown(questions, judgements))
        asked_of = {gold.report for question in questions for gold in question.gold}
        print(f"{len(corpus.reports)} reports, {len(asked_of)} of them with gold; {len(judgements)} judgements.\n")
    for problem in problems:
        print(problem)
    print(_counts(judged).shown(markdown=options.markdown))
    return 1 if problems else 0


def _judge_each(
    corpus: Corpus, questions: Sequence[Question], judgements: Sequence[Judgement]
) -> tuple[list[JudgedQuestion], list[str]]:
    judged: list[JudgedQuestion] = []
    problems = []
    for question in questions:
        try:
            judged += judge(corpus, [question], judgements)
        except QuestionError as error:
            problems.append(str(error))
    return judged, problems


def _unknown(questions: Sequence[Question], judgements: Sequence[Judgement]) -> Iterator[str]:
    known = {question.id for question in questions}
    for question_id in sorted({judgement.question_id for judgement in judgements} - known):
        yield f"A judgement is of question {question_id}, which isn't in these sets."


def _counts(judged: Sequence[JudgedQuestion]) -> Table:
    columns = (*KINDS, "unanswerable", "all", "relevant passages")
    table = Table("Questions, without those that are wrong", ("set", *columns))
    for name in dict.fromkeys(each.question.set_name for each in judged):
        of_set = [each for each in judged if each.question.set_name == name]
        answerable = [each for each in of_set if each.relevant]
        kinds = Counter(each.question.kind for each in answerable)
        relevant = sum(len(each.relevant) for each in answerable) / max(1, len(answerable))
        numbers = (*(kinds[kind] for kind in KINDS), len(of_set) - len(answerable), len(of_set))
        table.add(name, *map(str, numbers), f"{relevant:.2f}")
    return table
