"""``cmrc``: CMRC2018's questions over its contexts, as a guard against regressions outside our own genre.

What it measures is that words which stand in a passage find it; no embedding model is told from another by it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.retrieval.evaluation import evaluate
from benchmarks.retrieval.measures import MEASURES
from benchmarks.retrieval.options import shared_folder
from benchmarks.retrieval.question_files import Question
from benchmarks.retrieval.relevance import JudgedQuestion
from benchmarks.retrieval.systems import DenseLeg, OwnSearch, fused
from benchmarks.retrieval.tables import Table, as_cell, passed
from vectorstore.index import Index
from vectorstore.records import Body, Kind, Passage, Report, ReportContents

LEAST_MRR = 0.97
_SEED = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--file", type=Path, default=shared_folder() / "eval" / "cmrc2018_dev.json")
    parser.add_argument("--most", type=int, help="only so many questions, drawn at random but always the same")


def run(options: argparse.Namespace) -> int:
    """Print the table and the verdict; 1 if the fused search falls below the bound."""
    if not options.file.is_file():
        raise SystemExit(f"There is no {options.file}. Name the file with --file, or set NIANBAO_SHARED.")
    read = json.loads(options.file.read_text(encoding="utf-8"))
    contexts = {
        paragraph["id"]: (paragraph["context"], [question["question"] for question in paragraph["qas"]])
        for article in read["data"]
        for paragraph in article["paragraphs"]
    }
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder) / "index", create=True) as index:
        questions = list(_store(contexts, index))
        if options.most and options.most < len(questions):
            questions = random.Random(_SEED).sample(questions, options.most)
        systems = (fused(index), OwnSearch(index, "as shipped"), DenseLeg(index))
        table = Table(f"CMRC2018, {len(contexts)} contexts, n={len(questions)}", ("system", *MEASURES))
        together = None
        for system in systems:
            evaluation = evaluate(system, questions)
            together = together or evaluation.interval("MRR@10")
            table.add(evaluation.system, *(as_cell(evaluation.interval(name), bare=True) for name in MEASURES))
    is_met = together is not None and together.mean >= LEAST_MRR
    print(table.shown(markdown=options.markdown))
    print(f"Fused MRR@10 at least {LEAST_MRR}: {passed(is_met)}")
    return 0 if is_met else 1


def _store(contexts: dict[str, tuple[str, list[str]]], index: Index) -> Iterator[JudgedQuestion]:
    """Put each context into the index as a report of one passage, and make its questions."""
    by_text: dict[str, str] = {}
    with index.writing() as writer:
        for context, _ in contexts.values():
            if context not in by_text:
                contents = _report_of(context, len(by_text))
                writer.put(contents)
                by_text[context] = contents.passages[0].passage_id
        writer.embed()
    for context_id, (context, asked) in contexts.items():
        for number, text in enumerate(asked):
            question = Question(f"{context_id}-{number}", "cmrc", text, "exact", ())
            yield JudgedQuestion(question, frozenset({by_text[context]}))


def _report_of(context: str, number: int) -> ReportContents:
    report_id = hashlib.sha256(context.encode("utf-8")).hexdigest()[:16]
    passage = Passage(f"{report_id}:0-{len(context)}", report_id, "", None, context, 0, len(context), len(context))
    body = Body(f"context-{number}", "", Kind.DEPARTMENT)
    report = Report(report_id, "", body.body_id, body.name, body.kind, None, None, characters=len(context))
    return ReportContents(report, context, body, passages=(passage,))
