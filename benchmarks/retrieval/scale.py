"""``scale``: quality, latency, memory and disk at 100, 10,000 and 200,000 passages.

The smallest corpora are groups of the benchmark's reports, and each question is put to the group that holds its answer.
The larger ones are those reports among generated ones. A generated report may answer a question to the whole corpus
too and counts as wrong then, so questions that name their body are shown apart.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.retrieval.comparison import OTHERS, OURS
from benchmarks.retrieval.corpus import Corpus, count_passages
from benchmarks.retrieval.distractors import groups, large_corpus, small_corpus
from benchmarks.retrieval.evaluation import Evaluation, evaluate
from benchmarks.retrieval.measures import MEASURES
from benchmarks.retrieval.options import corpus_of, questions_of, sets_of
from benchmarks.retrieval.relevance import JudgedQuestion
from benchmarks.retrieval.systems import System
from benchmarks.retrieval.tables import Table, as_cell
from benchmarks.retrieval.tutorial import LlamaIndexTutorial
from vectorstore.index import Index

SMALLEST = 1_000
"""Up to so many passages the benchmark's own reports are parted; more are made up by generated ones."""
_NAMING = ("named", "exact")


@dataclass(frozen=True)
class Measured:
    """What one system showed at one size.

    Attributes:
        passages: In the index, on average over the groups.
        memory: Bytes that its process held after the last question.
        disk: Bytes of what it keeps on disk; ``None`` if it keeps nothing there.
    """

    evaluation: Evaluation
    passages: int
    memory: int
    disk: int | None


@dataclass(frozen=True)
class Job:
    """What a process of its own has to do: one system over one index."""

    system: str
    folder: Path
    questions: tuple[JudgedQuestion, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    names = [*OURS, *OTHERS]
    parser.add_argument("--sizes", nargs="+", type=int, default=[100, 10_000, 200_000], help="passages")
    parser.add_argument("--systems", nargs="+", choices=names, default=names)
    parser.add_argument("--onto", type=Path, help="a ready index of generated reports to begin the largest size with")


def run(options: argparse.Namespace) -> int:
    """Measure and print, a table a size."""
    with corpus_of(options) as corpus:
        questions = questions_of(options, corpus)
        for size in options.sizes:
            onto = options.onto if size == max(options.sizes) else None
            table = _table(options, size, _parts(options, corpus, questions, size, onto))
            print(table.shown(markdown=options.markdown), flush=True)
    return 0


def _parts(
    options: argparse.Namespace, corpus: Corpus, questions: Sequence[JudgedQuestion], size: int, onto: Path | None
) -> list[tuple[Path, tuple[JudgedQuestion, ...]]]:
    """The indexes of a size, each with the questions that are put to it."""
    if size > SMALLEST:
        with large_corpus(options.reports, corpus, size, options.cache, onto) as among:
            return [(among.folder, tuple(judged for judged in questions if judged.relevant))]
    parts = []
    left = {judged.question.id: judged for judged in questions if judged.relevant}
    for files in groups(corpus, size):
        with small_corpus(options.reports, files, options.cache) as group:
            inside = {passage.passage_id for file in files for passage in group.passages(file)}
        asked = tuple(_within(judged, inside) for judged in list(left.values()) if judged.relevant & inside)
        for judged in asked:
            del left[judged.question.id]
        parts.append((group.folder, asked))
    return parts


def _within(judged: JudgedQuestion, inside: set[str]) -> JudgedQuestion:
    return JudgedQuestion(judged.question, judged.relevant & inside, judged.irrelevant & inside)


def _table(options: argparse.Namespace, size: int, parts: Sequence[tuple[Path, tuple[JudgedQuestion, ...]]]) -> Table:
    count = sum(len(asked) for _, asked in parts)
    columns = ("passages", "recall@10", "MRR@10", "MRR@10, body named", "p50, ms", "p95, ms", "memory, MB", "disk, MB")
    table = Table(f"{size} passages, sets {', '.join(sets_of(options))}, n={count}", ("system", *columns))
    for name in options.systems:
        try:
            measured = [_in_own_process(Job(name, folder, asked)) for folder, asked in parts if asked]
        except BrokenProcessPool:
            table.add(name, "didn't fit into memory", *[""] * (len(columns) - 1))
            continue
        table.add(*_row(measured))
        print(f"{size} passages: {table.rows[-1]}", file=sys.stderr, flush=True)
    return table


def _row(measured: Sequence[Measured]) -> list[str]:
    whole = _joined([each.evaluation for each in measured])
    taken = [seconds * 1000 for seconds in whole.seconds]
    disks = [each.disk for each in measured if each.disk is not None]
    return [
        whole.system,
        f"{statistics.mean(each.passages for each in measured):.0f}",
        as_cell(whole.interval("recall@10")),
        as_cell(whole.interval("MRR@10")),
        as_cell(whole.interval("MRR@10", lambda question: question.kind in _NAMING), bare=True),
        f"{np.percentile(taken, 50):.1f}",
        f"{np.percentile(taken, 95):.1f}",
        f"{statistics.mean(each.memory for each in measured) / 1e6:.0f}",
        f"{statistics.mean(disks) / 1e6:.0f}" if disks else "in memory",
    ]


def _joined(evaluations: Sequence[Evaluation]) -> Evaluation:
    return Evaluation(
        evaluations[0].system,
        tuple(judged for each in evaluations for judged in each.questions),
        tuple(results for each in evaluations for results in each.results),
        np.concatenate([each.values for each in evaluations]).reshape(-1, len(MEASURES)),
        tuple(seconds for each in evaluations for seconds in each.seconds),
    )


def _in_own_process(job: Job) -> Measured:
    # A process of its own: what another system loaded or left behind would count as this one's memory.
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as processes:
        return processes.submit(measure_system, job).result()


def measure_system(job: Job) -> Measured:
    """Build the system over the index, ask, and see what it holds."""
    import psutil

    with tempfile.TemporaryDirectory() as scratch, Index.open(job.folder) as index:
        corpus = Corpus(index, job.folder)
        system = _maker(job.system, Path(scratch))(corpus)
        gc.collect()
        evaluation = evaluate(system, job.questions)
        memory = psutil.Process().memory_info().rss
        disk = size_on_disk(job.folder) if job.system in OURS else size_on_disk(Path(scratch)) or None
    return Measured(evaluation, count_passages(job.folder), memory, disk)


def _maker(name: str, scratch: Path) -> Callable[[Corpus], System]:
    if name == "tutorial":
        return lambda corpus: LlamaIndexTutorial(corpus, scratch)
    return (OURS | OTHERS)[name]


def size_on_disk(folder: Path) -> int:
    """Bytes of all files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
