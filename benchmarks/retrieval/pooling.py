"""``pool``: passages that several systems found, to be judged without knowing which found them; and taking verdicts.

Gold quotes are what the questions' writers had in mind. A question to the whole corpus is answered in more places, and
a system that finds those must not be held wrong.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.retrieval.comparison import OTHERS, OURS
from benchmarks.retrieval.corpus import Corpus
from benchmarks.retrieval.options import corpus_of, questions_of
from benchmarks.retrieval.question_files import QuestionError, read_judgements
from benchmarks.retrieval.relevance import JudgedQuestion
from benchmarks.retrieval.systems import System
from vectorstore.records import Passage, Report

POOLED_KINDS = ("open", "keywords", "place", "english")
POOLED_DEPTH = 5
POOLED_SYSTEMS = ("ours", "dense", "jieba", "characters", "lsa")
"""Ways to search that differ most: what the others find, one of these mostly finds too, and judging takes people."""
_SEED = 7


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--out", type=Path, help="the file for the judges; they set relevant to true or false")
    parser.add_argument("--take", type=Path, metavar="FILE", help="add what judges said in a file to the judgements")
    parser.add_argument("--depth", type=int, default=POOLED_DEPTH, help="so many results of each system")
    parser.add_argument("--kinds", nargs="+", default=list(POOLED_KINDS))
    parser.add_argument("--systems", nargs="+", choices=[*OURS, *OTHERS], default=list(POOLED_SYSTEMS))


def run(options: argparse.Namespace) -> int:
    """Write the pool, or take the judgements."""
    if options.take:
        print(f"{take(options.take, options.judgements)} judgements added to {options.judgements}.")
        return 0
    if not options.out:
        raise SystemExit("Say where to write the pool: --out FILE; or whose judgements to take: --take FILE.")
    with corpus_of(options) as corpus:
        questions = [judged for judged in questions_of(options, corpus) if judged.question.kind in options.kinds]
        systems = [(OURS | OTHERS)[name](corpus) for name in options.systems]
        lines = list(pool(corpus, questions, systems, options.depth))
    with options.out.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    print(f"{len(lines)} passages for {len({line['id'] for line in lines})} questions in {options.out}.")
    return 0


def pool(
    corpus: Corpus, questions: Sequence[JudgedQuestion], systems: Sequence[System], depth: int
) -> Iterator[dict[str, Any]]:
    """Lines for the judges: questions in their order, the unjudged passages of each shuffled; unanswerable ones too."""
    chance = random.Random(_SEED)
    passages = {passage.passage_id: (file, passage) for file in corpus.reports for passage in corpus.passages(file)}
    for judged in questions:
        known = judged.relevant | judged.irrelevant
        found = {
            passage_id
            for system in systems
            for result in system.rank(judged.question.text, depth)[:depth]
            for passage_id in result
            if passage_id not in known
        }
        ordered = sorted(found)
        chance.shuffle(ordered)
        for passage_id in ordered:
            file, passage = passages[passage_id]
            yield _line(judged, file, corpus.reports[file], passage)


def _line(judged: JudgedQuestion, file: str, report: Report, passage: Passage) -> dict[str, Any]:
    return {
        "id": judged.question.id,
        "question": judged.question.text,
        "report": file,
        "body": report.body,
        "year": report.year,
        "section": passage.section,
        "start": passage.start,
        "end": passage.end,
        "quote": passage.text,
        "relevant": None,
    }


def take(judged: Path, judgements: Path) -> int:
    """Add what judges said to the judgements; how many there were.

    Raises:
        QuestionError: A line isn't judged, or says the contrary of what is known of the same passage.
    """
    known = {(j.question_id, j.report, j.start, j.end): j.relevant for j in read_judgements(judgements)}
    new = []
    for judgement in read_judgements(judged):
        place = (judgement.question_id, judgement.report, judgement.start, judgement.end)
        if known.get(place, judgement.relevant) is not judgement.relevant:
            raise QuestionError(f"Question {place[0]}: {place[1]}, {place[2]}–{place[3]} was judged otherwise before.")
        if place not in known:
            known[place] = judgement.relevant
            new.append(judgement)
    with judgements.open("a", encoding="utf-8") as file:
        for judgement in new:
            line = {
                "id": judgement.question_id,
                "report": judgement.report,
                "start": judgement.start,
                "end": judgement.end,
                "relevant": judgement.relevant,
                "quote": judgement.quote,
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return len(new)
