"""Asks the project's own question bank and says how many answers are exact, kind by kind, and how long they take.

    python -m benchmarks.answering                          corpora, indexes and banks in a scratch folder
    python -m benchmarks.answering --folder F               in F, and as they are where they are there already
    python -m benchmarks.answering --failures 20 --plans    prints what is wrong with so many, and their plans
    python -m benchmarks.answering --only bank --kind sum   one corpus and one kind of question
    python -m benchmarks.answering --markdown               the tables of docs/answering.md

Three corpora: the bank's own, the sample county, and the five real reports where they are at hand (``NIANBAO_SHARED``).
Gold comes from the generator's truth or was read by people, never from the code that is measured: see
``samples/questions``.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.assistant import Assistant
from ingest.pipeline import ingest
from samples.questions.bank import write_bank
from samples.questions.corpus import bank_corpus, write_bank_corpus
from samples.questions.judge import malformed, misses
from vectorstore.index import Index

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("NIANBAO_SHARED", ROOT.parent / "shared"))


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one question. ``seconds`` is one answer's time in process."""

    question: dict[str, Any]
    answer: dict[str, Any]
    wrong: list[str]
    seconds: float

    @property
    def misleads(self) -> bool:
        """Whether the answer is wrong and doesn't let on: no warning, no question back, no "not in the corpus"."""
        return bool(self.wrong) and self.answer.get("status") == "answered" and not self.answer.get("warnings")


def prepare(folder: Path) -> list[str]:
    """Write the corpora's questions and indexes under ``folder`` where they aren't yet; return the corpora's names."""
    sources = {
        "county": (ROOT / "samples" / "reports", ROOT / "samples" / "truth.jsonl"),
        "real": (SHARED / "reports", SHARED / "eval" / "seeds.gold.jsonl"),
    }
    there = {name: source for name, source in sources.items() if source[1].is_file()}
    for name in ("bank", *there):
        out = folder / name
        if (out / "index").exists():
            continue
        if name == "bank":
            rows, reports = write_bank_corpus(bank_corpus(), out), out / "reports"
        else:
            out.mkdir(parents=True, exist_ok=True)
            reports, truth = there[name]
            rows = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines()]
        write_bank(rows, out)
        with Index.open(out / "index", create=True) as index:
            ingest([reports], index)
    return ["bank", *there]


def ask_bank(questions: Sequence[dict[str, Any]], index: Path) -> Iterator[Result]:
    """Each question's answer held against its gold, as if asked in the year after the last report's."""
    with Assistant.open(index) as assistant:
        years = {report.year for report in assistant.index.reports() if report.year is not None}
    with Assistant.open(index, today=date(max(years) + 1, 6, 1)) as assistant:
        assistant.ask("哪些开发区没收到申请")
        for question in questions:
            started = time.perf_counter()
            try:
                answer = assistant.ask(question["question"], history=question.get("history", []))
            except Exception as error:  # a question that breaks the program is a wrong answer, and the next is asked
                yield Result(question, {}, [f"{type(error).__name__}: {error}"], time.perf_counter() - started)
                continue
            seconds = time.perf_counter() - started
            plain = answer.model_dump(mode="json")
            wrong = [*misses(question["expect"], plain), *malformed(plain, assistant.index.text)]
            yield Result(question, plain, wrong, seconds)


def tell(results: Mapping[str, Sequence[Result]], markdown: bool) -> None:
    """Right of asked by kind of question and corpus, misleading answers of all, milliseconds over the first corpus."""
    kinds = sorted({result.question["kind"] for part in results.values() for result in part})
    separator, edge = (" | ", "|") if markdown else ("  ", "")
    head = ["kind", *results, "misleading", "p50 ms", "p95 ms"]
    print(edge, separator.join(cell.ljust(15) for cell in head), edge)
    if markdown:
        print("|" + "---|" * len(head))
    for kind in (*kinds, None):
        parts = [[r for r in part if kind in (None, r.question["kind"])] for part in results.values()]
        times = sorted(1000 * result.seconds for result in parts[0])
        shown = [f"{times[int(quantile * (len(times) - 1))]:.1f}" if times else "" for quantile in (0.5, 0.95)]
        misleading = str(sum(result.misleads for part in parts for result in part) or "")
        cells = [kind or "all", *(_right(part, share=kind is None) for part in parts), misleading, *shown]
        print(edge, separator.join(cell.ljust(15) for cell in cells), edge)


def _right(part: Sequence[Result], *, share: bool) -> str:
    right = sum(not result.wrong for result in part)
    if not part:
        return ""
    return f"{right}/{len(part)}" + (f" ({right / len(part):.1%})" if share else "")


def show(result: Result, plans: bool) -> None:
    question, answer = result.question, result.answer
    asked = " → ".join([*question.get("history", []), question["question"]])
    print(f"{question['id']}  {asked}")
    print(f"    {answer.get('status')} {answer.get('value')} | {str(answer.get('text'))[:200]!r}")
    print("    " + "; ".join(result.wrong)[:500])
    if plans:
        known = {k: v for k, v in answer.get("plan", {}).items() if v not in (None, [], "", {}) and k != "words"}
        print("    " + json.dumps(known, ensure_ascii=False)[:700])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="keeps corpora, questions and indexes here")
    parser.add_argument("--only", choices=("bank", "county", "real"), help="ask about one corpus only")
    parser.add_argument("--kind", help="only questions of this kind")
    parser.add_argument("--group", help="only questions of this group")
    parser.add_argument("--failures", type=int, default=0, help="print what is wrong with so many")
    parser.add_argument("--plans", action="store_true", help="print their plans too")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="nianbao-bank-") as scratch:
        folder = options.folder or Path(scratch)
        results = {}
        for name in prepare(folder):
            if options.only in (None, name):
                lines = (folder / name / "questions.jsonl").read_text(encoding="utf-8").splitlines()
                questions = [question for line in lines if _wanted(question := json.loads(line), options)]
                results[name] = list(ask_bank(questions, folder / name / "index"))
    failures = [result for part in results.values() for result in part if result.wrong]
    for result in failures[: options.failures]:
        show(result, options.plans)
    tell(results, options.markdown)


def _wanted(question: Mapping[str, Any], options: argparse.Namespace) -> bool:
    return options.kind in (None, question["kind"]) and options.group in (None, question["group"])


if __name__ == "__main__":
    main()
