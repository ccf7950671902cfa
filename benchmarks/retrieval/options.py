"""What all commands are told alike: where reports, questions and judgements lie, and which sets to ask."""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection
from pathlib import Path

from benchmarks.retrieval.corpus import CACHE, Corpus, open_corpus
from benchmarks.retrieval.question_files import REPORTED_SETS, TUNING_SET, read_judgements, read_questions
from benchmarks.retrieval.relevance import JudgedQuestion, judge

HOME = Path(__file__).parent
REPORTED = "reported"


def common_options() -> argparse.ArgumentParser:
    """To be a parent of each command's parser."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--reports", type=Path, default=HOME / "reports", help="a folder of reports")
    parser.add_argument("--questions", type=Path, default=HOME / "questions", help="a folder of <set>.jsonl")
    parser.add_argument("--judgements", type=Path, default=HOME / "judgements.jsonl")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where indexes are kept between runs")
    parser.add_argument(
        "--sets",
        nargs="+",
        default=[TUNING_SET],
        help=f"which sets to ask; {TUNING_SET} by default, so that nobody who tunes sees the others by accident; "
        f"{REPORTED} stands for {' '.join(REPORTED_SETS)}",
    )
    parser.add_argument("--markdown", action="store_true", help="print tables as Markdown")
    return parser


def sets_of(options: argparse.Namespace) -> list[str]:
    """The names of the sets to ask, each once, in the order given."""
    named = [name for given in options.sets for name in (REPORTED_SETS if given == REPORTED else (given,))]
    return list(dict.fromkeys(named))


def corpus_of(options: argparse.Namespace, embedding: Path | None = None) -> Corpus:
    """The benchmark's reports in an index."""
    return open_corpus(options.reports, cache=options.cache, embedding=embedding)


def questions_of(
    options: argparse.Namespace, corpus: Corpus, sets: Collection[str] | None = None
) -> list[JudgedQuestion]:
    """The questions of the sets with what is relevant.

    Raises:
        QuestionError: As reading and judging say, or no question is left.
    """
    wanted = sets_of(options) if sets is None else sets
    questions = read_questions(options.questions, wanted)
    if not questions:
        raise SystemExit(f"There are no questions of the sets {', '.join(wanted)} in {options.questions}.")
    return judge(corpus, questions, read_judgements(options.judgements))


def shared_folder() -> Path:
    """Where the real reports and other people's question sets lie, which are not part of the repository."""
    return Path(os.environ.get("NIANBAO_SHARED", HOME.parents[2] / "shared"))
