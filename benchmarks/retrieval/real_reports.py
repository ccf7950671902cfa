"""The five real reports, where they are present, with questions about their prose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.retrieval.corpus import Corpus, open_corpus
from benchmarks.retrieval.options import shared_folder
from benchmarks.retrieval.question_files import Question
from benchmarks.retrieval.relevance import JudgedQuestion


def real_corpus(cache: Path) -> Corpus | None:
    """Their index; ``None`` where they aren't."""
    reports = shared_folder() / "reports"
    return open_corpus(reports, cache=cache) if reports.is_dir() else None


def real_questions(corpus: Corpus) -> list[JudgedQuestion]:
    """Those of the evaluation set that prose answers; relevant is a passage of the file with one of the strings."""
    path = shared_folder() / "eval" / "questions.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [_judged(line, corpus) for line in lines if line["kind"] == "passage"]


def _judged(line: dict[str, Any], corpus: Corpus) -> JudgedQuestion:
    kind = "english" if line["language"] == "en" else "named"
    relevant = {
        passage.passage_id
        for cited in line["expect"]["cites"]
        for passage in corpus.passages(cited["file"])
        if any(string in passage.text for string in cited["any"])
    }
    return JudgedQuestion(Question(line["id"], "real", line["question"], kind, ()), frozenset(relevant))
