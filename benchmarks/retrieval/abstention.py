"""``abstention``: how often search says that nothing answers where something does, and the reverse.

The threshold is chosen on the tuning set only; the table shows what it does on each set.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from assistant.assistant import Assistant
from benchmarks.retrieval.measures import share_interval
from benchmarks.retrieval.options import corpus_of, questions_of, sets_of
from benchmarks.retrieval.relevance import JudgedQuestion
from benchmarks.retrieval.tables import Table, as_cell
from vectorstore.retrieval.confidence import ANSWERS, LEAST

Answerable = Callable[[str], float]
"""How sure it is that something answers a question; higher is surer, on whatever scale the threshold is on."""

THRESHOLD = ANSWERS
"""From which likelihood on what is found is called an answer, and not only what is nearest."""

Scored = Sequence[tuple[JudgedQuestion, float]]


def refused(scored: Scored, threshold: float) -> tuple[int, int]:
    """Of the answerable questions, how many score below the threshold, and how many there are."""
    scores = [score for judged, score in scored if judged.relevant]
    return sum(score < threshold for score in scores), len(scores)


def answered(scored: Scored, threshold: float) -> tuple[int, int]:
    """Of the unanswerable questions, how many score at least the threshold, and how many there are."""
    scores = [score for judged, score in scored if not judged.relevant]
    return sum(score >= threshold for score in scores), len(scores)


def area_under_curve(scored: Scored) -> float:
    """The chance that an answerable question scores above an unanswerable one, ties counting half.

    Raises:
        ValueError: There are none of one or the other.
    """
    yes = np.array([score for judged, score in scored if judged.relevant])
    no = np.array([score for judged, score in scored if not judged.relevant])
    if not yes.size or not no.size:
        raise ValueError("The curve needs answerable and unanswerable questions.")
    above = (yes[:, None] > no[None, :]).mean() + 0.5 * (yes[:, None] == no[None, :]).mean()
    return float(above)


def rates(by_set: dict[str, Scored], threshold: float) -> Table:
    """The error rates at a threshold, a row a set."""
    table = Table(
        f"When nothing answers: errors at {threshold:g}",
        ("set", "answerable", "of them refused", "unanswerable", "of them answered"),
    )
    for name, scored in by_set.items():
        cells = []
        for wrong, of in (refused(scored, threshold), answered(scored, threshold)):
            cells += [str(of), as_cell(share_interval(wrong, of)) if of else "–"]
        table.add(name, *cells)
    return table


def curve(scored: Scored, points: int = 21) -> Table:
    """Both error rates over thresholds that are quantiles of the scores."""
    table = Table(
        f"Errors by threshold (area under the curve {area_under_curve(scored):.3f})",
        ("threshold", "refused", "answered"),
    )
    thresholds = np.unique(np.quantile([score for _, score in scored], np.linspace(0, 1, points)))
    for threshold in thresholds.tolist():
        (no, answerable), (yes, unanswerable) = refused(scored, threshold), answered(scored, threshold)
        table.add(f"{threshold:.3f}", f"{no / answerable:.3f}", f"{yes / unanswerable:.3f}")
    return table


def shipped_answerable(assistant: Assistant) -> Answerable:
    """The likelihood by which the assistant goes."""
    return lambda question: max((hit.likelihood for hit in assistant.search(question)), default=0.0)


def statuses(assistant: Assistant, questions: Sequence[JudgedQuestion]) -> Table:
    """What the assistant's whole answers say: how many of each status, a row for each set and whether it has an answer.

    Only ``answered`` to an unanswerable question claims what isn't so; ``partial`` quotes what is nearest and says so.
    """
    counted: dict[tuple[str, str], Counter[str]] = {}
    for judged in questions:
        row = (judged.question.set_name, "answerable" if judged.relevant else "unanswerable")
        counted.setdefault(row, Counter())[assistant.ask(judged.question.text).status] += 1
    said = ("answered", "partial", "needs_clarification", "not_in_corpus")
    table = Table("What the assistant answers", ("set", "questions", "n", *said))
    for (name, which), counts in sorted(counted.items()):
        total = counts.total()
        table.add(name, which, str(total), *(f"{counts[status] / total:.2f}" for status in said))
    return table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--threshold", type=float, default=THRESHOLD)
    parser.add_argument("--curve", action="store_true", help="print the curve over thresholds as well")


def run(options: argparse.Namespace) -> int:
    """Score every question and print."""
    with corpus_of(options) as corpus:
        assistant = Assistant(corpus.index)
        answerable = shipped_answerable(assistant)
        questions = questions_of(options, corpus)
        scored = [(judged, answerable(judged.question.text)) for judged in questions]
        said = statuses(assistant, questions)
    sets = sets_of(options)
    by_set: dict[str, Scored] = {name: [each for each in scored if each[0].question.set_name == name] for name in sets}
    if len(sets) > 1:
        by_set["all"] = scored
    for threshold in (options.threshold, LEAST) if options.threshold == ANSWERS else (options.threshold,):
        print(rates(by_set, threshold).shown(markdown=options.markdown))
    print(said.shown(markdown=options.markdown))
    if options.curve:
        print(curve(scored).shown(markdown=options.markdown))
    return 0
