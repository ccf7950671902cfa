"""``run``: every system on the questions: all together, by kind, by set, and how far ours is ahead of each."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

from assistant.assistant import Assistant
from benchmarks.retrieval.baselines import Bm25, Lsa, bigrams, jieba_words, write_random_model
from benchmarks.retrieval.corpus import Corpus, content_key, open_corpus
from benchmarks.retrieval.evaluation import Evaluation, evaluate
from benchmarks.retrieval.measures import MEASURES
from benchmarks.retrieval.options import corpus_of, questions_of, sets_of
from benchmarks.retrieval.question_files import KINDS, TUNING_SET, Question
from benchmarks.retrieval.real_reports import real_corpus, real_questions
from benchmarks.retrieval.relevance import JudgedQuestion
from benchmarks.retrieval.systems import AssistantSearch, DenseLeg, OwnSearch, System, fused
from benchmarks.retrieval.tables import Table, as_cell
from benchmarks.retrieval.tutorial import LlamaIndexTutorial
from vectorstore.terms import terms_of

RANDOM = "Nianbao, random vectors"

Maker = Callable[[Corpus], System]

OURS: dict[str, Maker] = {
    "ours": lambda corpus: OwnSearch(corpus.index),
    "assistant": lambda corpus: AssistantSearch(Assistant(corpus.index)),
    "fused": lambda corpus: fused(corpus.index),
    "dense": lambda corpus: DenseLeg(corpus.index),
}
OTHERS: dict[str, Maker] = {
    "jieba": lambda corpus: Bm25("BM25, jieba words", corpus.headed_passages(), jieba_words),
    "bigrams": lambda corpus: Bm25("bm25s, bigrams", corpus.headed_passages(), bigrams),
    "characters": lambda corpus: Bm25("bm25s, characters and bigrams", corpus.headed_passages(), terms_of),
    "lsa": lambda corpus: Lsa(corpus.headed_passages()),
    "tutorial": LlamaIndexTutorial,
}


def random_corpus(corpus: Corpus, options: argparse.Namespace) -> Corpus:
    """The same reports in an index whose vectors come from an untrained model with the bundled one's vocabulary."""
    passages = [text for _, text in corpus.headed_passages()]
    folder = Path(options.cache) / f"random-model-{content_key(passages)}"
    return open_corpus(options.reports, cache=options.cache, embedding=write_random_model(folder, passages))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--systems", nargs="+", choices=[*OURS, "random", *OTHERS], default=[*OURS, "random", *OTHERS])
    parser.add_argument("--details", type=Path, help="a file for one line of JSON a question and system")
    parser.add_argument(
        "--failures", type=int, default=0, help=f"print so many questions of set {TUNING_SET} that ours answers worst"
    )


def run(options: argparse.Namespace) -> int:
    """Evaluate and print."""
    with ExitStack() as stack:
        corpus = stack.enter_context(corpus_of(options))
        questions = questions_of(options, corpus)
        evaluations = list(_evaluations(options, corpus, questions, stack))
    print(_told(corpus_size(questions), questions))
    for table in tables(evaluations, sets_of(options)):
        print(table.shown(markdown=options.markdown))
    if options.details:
        _write_details(options.details, evaluations)
    _print_failures(evaluations[0], options.failures)
    for table in _real_tables(options):
        print(table.shown(markdown=options.markdown))
    return 0


def _evaluations(
    options: argparse.Namespace, corpus: Corpus, questions: Sequence[JudgedQuestion], stack: ExitStack
) -> Iterator[Evaluation]:
    makers = OURS | OTHERS
    for name in options.systems:
        if name == "random":
            other = stack.enter_context(random_corpus(corpus, options))
            yield evaluate(OwnSearch(other.index, RANDOM), questions)
            yield evaluate(DenseLeg(other.index, "random vectors alone"), questions)
        else:
            yield evaluate(makers[name](corpus), questions)


def corpus_size(questions: Sequence[JudgedQuestion]) -> int:
    """In how many reports the gold lies."""
    return len({gold.report for judged in questions for gold in judged.question.gold})


def _told(reports: int, questions: Sequence[JudgedQuestion]) -> str:
    answerable = [judged for judged in questions if judged.relevant]
    relevant = sum(len(judged.relevant) for judged in answerable) / max(1, len(answerable))
    return (
        f"{len(answerable)} answerable questions about {reports} reports, with {relevant:.1f} relevant passages on "
        f"average; {len(questions) - len(answerable)} unanswerable ones are not measured here.\n"
    )


def tables(evaluations: Sequence[Evaluation], sets: Sequence[str]) -> Iterator[Table]:
    """All tables of the comparison; the first evaluation is the one that the others are held against."""
    where = f"set {', '.join(sets)}" if len(sets) == 1 else f"sets {', '.join(sets)}"
    whole = Table(f"All systems, {where}, n={len(evaluations[0].questions)}", ("system", *MEASURES))
    for evaluation in evaluations:
        whole.add(evaluation.system, *(as_cell(evaluation.interval(name)) for name in MEASURES))
    yield whole
    for name in ("MRR@10", "recall@10"):
        yield _by(name, evaluations, "kind", KINDS)
    if len(sets) > 1:
        yield _by("MRR@10", evaluations, "set", sets)
        yield _by("recall@10", evaluations, "set", sets)
    ours = evaluations[0]
    ahead = Table(f"{ours.system} less each other, paired, {where}", ("system", "recall@10", "MRR@10", "nDCG@10"))
    for other in evaluations[1:]:
        cells = (as_cell(ours.over(other, name), signed=True) for name in ahead.header[1:])
        ahead.add(other.system, *cells)
    yield ahead


def _by(measure: str, evaluations: Sequence[Evaluation], what: Literal["kind", "set"], values: Sequence[str]) -> Table:
    def having(value: str) -> Callable[[Question], bool]:
        return lambda question: value == (question.kind if what == "kind" else question.set_name)

    asked = [judged.question for judged in evaluations[0].questions]
    counts = {value: sum(map(having(value), asked)) for value in values}
    present = [value for value in values if counts[value]]
    table = Table(f"{measure} by {what}", ("system", *(f"{value} (n={counts[value]})" for value in present)))
    for evaluation in evaluations:
        table.add(evaluation.system, *(as_cell(evaluation.interval(measure, having(value))) for value in present))
    return table


def _write_details(path: Path, evaluations: Sequence[Evaluation]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for evaluation in evaluations:
            for judged, results, values in zip(
                evaluation.questions, evaluation.results, evaluation.values.tolist(), strict=True
            ):
                line = {
                    "system": evaluation.system,
                    "id": judged.question.id,
                    "kind": judged.question.kind,
                    "results": results,
                    "relevant": sorted(judged.relevant),
                    **dict(zip(MEASURES, values, strict=True)),
                }
                file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _print_failures(evaluation: Evaluation, count: int) -> None:
    values = evaluation.values[:, MEASURES.index("MRR@10")].tolist()
    ranked = sorted(zip(values, evaluation.questions, strict=True), key=lambda pair: pair[0])
    for value, judged in [each for each in ranked if each[1].question.set_name == TUNING_SET][:count]:
        print(f"{value:.2f}  {judged.question.id} ({judged.question.kind})  {judged.question.text}")


def _real_tables(options: argparse.Namespace) -> Iterator[Table]:
    """The real reports, where they are: few questions, so no more than a look."""
    corpus = real_corpus(options.cache)
    if corpus is None:
        return
    with corpus:
        questions = real_questions(corpus)
        names = [name for name in options.systems if name != "random"]
        makers = OURS | OTHERS
        table = Table(f"The five real reports, n={len(questions)}", ("system", *MEASURES))
        for name in names:
            evaluation = evaluate(makers[name](corpus), questions)
            table.add(evaluation.system, *(as_cell(evaluation.interval(each), bare=True) for each in MEASURES))
        yield table
