"""How long figure questions take over generated reports: in process, beside bare SQL, and from a cold shell.

    python benchmarks/asking.py [--reports 10000] [--cold-reports 1000] [--runs 20] [--keep FOLDER]

With ``--keep`` the corpora and indexes stay in a folder and the next run takes them from there: making and ingesting
10,000 reports takes far longer than asking. In process the time is the processor's; from
the shell it is the clock's. Nothing here is a test: machines vary, so quote medians, and ratios within one run.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.assistant import Assistant
from ingest.pipeline import ingest
from samples.generator import generate, write_corpus
from vectorstore.database import DATABASE_NAME
from vectorstore.index import Index

_TODAY = date(2026, 6, 1)

QUESTIONS = {
    "one body's figure": "{body}2022年收到几件申请",
    "count": "2022年有多少个乡镇没有收到申请",
    "list, up to 100 rows": "2022年哪些开发区没有收到申请",
    "list of two conditions": "2022年哪些开发区没有收到申请也没有行政复议",
    "list of most bodies": "2022年哪些单位收到了申请",
    "sum": "2022年一共收到多少件申请",
    "mean": "2022年乡镇平均收到多少件申请",
    "median": "2022年各部门收到申请的中位数",
    "top five": "2022年主动公开最多的5家",
    "rank of a body": "{body}2022年收到的申请排第几",
    "kinds compared": "2022年乡镇和街道哪个收到的申请多",
    "by kind": "2022年各类机关分别收到多少申请",
    "share of a column": "2022年自然人申请占比多少",
    "share of bodies": "2022年收到申请超过10件的乡镇占多少",
    "trend of the corpus": "2021到2025年申请总数的变化趋势",
    "outcomes of all": "2022年申请办理结果分布",
}

_SUM = """
SELECT sum(f.number) FROM resolved_figures f JOIN reports r ON r.key = f.report_key
WHERE f.metric = 'applications_new' AND f."column" IS NULL AND f.year = 2022 AND r.superseded_by IS NULL
AND f.body_key = r.body_key AND f.year = r.year AND r.kind
"""
BARE = {
    "2022年一共收到多少件申请": f"{_SUM} NOT IN ('county', 'city', 'province')",
    "2022年乡镇一共收到多少件申请": f"{_SUM} = 'township'",
}
"""Questions with the SQL that computes the same sum, of what each body's own report of the year says."""


def times(act: Callable[[], object], runs: int, clock: Callable[[], float] = time.process_time) -> list[float]:
    """Milliseconds, in order of length: of the processor, unless another clock is given, for machines are shared."""
    taken = []
    for _ in range(runs):
        start = clock()
        act()
        taken.append((clock() - start) * 1000)
    return sorted(taken)


def pace() -> float:
    """How fast the machine is just now: milliseconds for a million turns of an empty loop."""
    (taken,) = times(lambda: [None for _ in range(1_000_000)], 1)
    return taken


def median_and_high(taken: list[float]) -> str:
    """The median, and the 95th hundredth in brackets."""
    return f"{statistics.median(taken):.1f} ({taken[int(len(taken) * 0.95)]:.1f})"


def time_questions(assistant: Assistant, runs: int) -> Iterator[str]:
    """A row for each question: when it was asked first, then again, then with rows and citations made."""
    body = assistant.index.bodies()[0].name
    for name, form in QUESTIONS.items():
        question = form.format(body=body)
        ask = partial(assistant.ask, question)
        first, again, answer = times(ask, 1), times(ask, runs), ask()
        to_first_row = times(partial(next, iter(answer.rows)), 1)
        to_all = times(answer.model_dump_json, 1)
        yield (
            f"| {name} | {len(answer.rows)} | {len(answer.citations)} | {first[0]:.0f} | {median_and_high(again)} | "
            f"{to_first_row[0]:.1f} | {to_all[0]:.0f} |"
        )


def time_beside_sql(assistant: Assistant, database: Path, runs: int) -> Iterator[str]:
    """A row for each sum: the question, the bare SQL, and their ratio."""
    with closing(sqlite3.connect(database)) as connection:

        def add_up(statement: str) -> float:
            (total,) = connection.execute(statement).fetchone()
            return float(total)

        for question, statement in BARE.items():
            assistant.ask(question)
            asked = statistics.median(times(partial(assistant.ask, question), runs))
            bare = statistics.median(times(partial(add_up, statement), runs))
            same = "yes" if add_up(statement) == assistant.ask(question).value else "no"
            yield f"| {question} | {asked:.1f} | {bare:.1f} | {asked / bare:.1f} | {same} |"


def time_cold(folder: Path, runs: int = 6) -> list[float]:
    """Milliseconds of a question from the shell, the first not counted."""
    command = [str(Path(sys.executable).with_name("nianbao")), "ask", QUESTIONS["sum"], "--index", str(folder)]
    # An installed program has its bytecode cached, whatever this shell is set to.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    run = partial(subprocess.run, command, check=True, capture_output=True, env=environment)
    run()
    return times(run, runs, time.perf_counter)


def prepare(reports: int, folder: Path) -> Path:
    """The index over so many generated reports, made unless it is there."""
    index_folder = folder / f"index {reports}"
    if not (index_folder / DATABASE_NAME).is_file():
        corpus = folder / f"reports {reports}"
        write_corpus(generate(reports, seed=1), corpus)
        start = time.perf_counter()
        with Index.open(index_folder, create=True) as index:
            ingest([corpus], index)
        took = time.perf_counter() - start
        print(f"{reports} reports ingested in {took:.0f} s, {took / reports * 1000:.1f} ms a report.\n", flush=True)
    return index_folder


@contextmanager
def kept_in(folder: Path | None) -> Iterator[Path]:
    """The folder that was asked for, or one that goes at the end."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory() as scratch:
        yield Path(scratch)


def main() -> None:
    """Generate, ingest, ask; print what each took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--cold-reports", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--keep", type=Path, help="a folder for the corpora and indexes")
    options = parser.parse_args()
    with kept_in(options.keep) as folder:
        large, small = prepare(options.reports, folder), prepare(options.cold_reports, folder)
        with Assistant.open(large, today=_TODAY) as assistant:
            start = time.perf_counter()
            assistant.ask(QUESTIONS["sum"])
            print(f"The first question over {options.reports} reports: {time.perf_counter() - start:.1f} s.\n")
            print(f"A million turns of an empty loop: {pace():.0f} ms.\n")
            print("| question | rows | citations | first, ms | again: p50 (p95), ms | first row, ms | as JSON, ms |")
            print("|---|--:|--:|--:|--:|--:|--:|")
            for line in time_questions(assistant, options.runs):
                print(line, flush=True)
            print("\n| sum | asked, ms | bare SQL, ms | ratio | same value |\n|---|--:|--:|--:|---|")
            for line in time_beside_sql(assistant, large / DATABASE_NAME, options.runs):
                print(line, flush=True)
        cold = time_cold(small)
        print(f"\n`nianbao ask` from a cold shell over {options.cold_reports} reports: {median_and_high(cold)} ms")


if __name__ == "__main__":
    main()
