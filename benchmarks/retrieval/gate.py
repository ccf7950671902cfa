"""``gate``: whether the bundled vectors earn their place beside full text, by the bounds that were set beforehand."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from benchmarks.retrieval.comparison import RANDOM, corpus_size, random_corpus
from benchmarks.retrieval.evaluation import Evaluation, evaluate
from benchmarks.retrieval.options import REPORTED, corpus_of, questions_of, sets_of
from benchmarks.retrieval.systems import fused, lexical_alone
from benchmarks.retrieval.tables import Table, as_cell, passed

LEAST_GAINS = {"MRR@10": 0.03, "recall@10": 0.04}
LEAST_QUESTIONS = 200
LEAST_REPORTS = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The gate is asked of the reported sets."""
    parser.set_defaults(sets=[REPORTED])


def run(options: argparse.Namespace) -> int:
    """Print each condition with its verdict; 1 if one of them fails."""
    with corpus_of(options) as corpus, random_corpus(corpus, options) as untrained:
        questions = questions_of(options, corpus)
        both = evaluate(fused(corpus.index), questions)
        lexical = evaluate(lexical_alone(corpus.index), questions)
        control = evaluate(fused(untrained.index, RANDOM), questions)
    verdicts: list[bool] = []
    title = f"The gate of the bundled vectors, sets {', '.join(sets_of(options))}"
    table = Table(title, ("condition", "found", "verdict"))

    def put(condition: str, found: str, is_met: bool) -> None:
        verdicts.append(is_met)
        table.add(condition, found, passed(is_met))

    asked, reports = len(both.questions), corpus_size(questions)
    put(f"at least {LEAST_QUESTIONS} questions", str(asked), asked >= LEAST_QUESTIONS)
    put(f"over at least {LEAST_REPORTS} reports", str(reports), reports >= LEAST_REPORTS)
    for name, least in LEAST_GAINS.items():
        gain = both.over(lexical, name)
        put(
            f"over full text alone, {name} at least +{least}, interval above 0",
            as_cell(gain, signed=True),
            gain is not None and gain.mean >= least and gain.low > 0,
        )
    for name in LEAST_GAINS:
        lead = both.over(control, name)
        is_ahead = lead is not None and lead.low > 0
        put(f"over random vectors, {name}, interval above 0", as_cell(lead, signed=True), is_ahead)
    print(_levels((both, lexical, control)).shown(markdown=options.markdown))
    print(table.shown(markdown=options.markdown))
    return 0 if all(verdicts) else 1


def _levels(evaluations: Sequence[Evaluation]) -> Table:
    table = Table("What is compared", ("system", *LEAST_GAINS))
    for evaluation in evaluations:
        table.add(evaluation.system, *(as_cell(evaluation.interval(name)) for name in LEAST_GAINS))
    return table
