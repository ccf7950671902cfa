"""How long ingestion and figure questions take over generated reports, in process and from a cold shell.

    python benchmarks/asking.py [--reports 1000] [--runs 20]

Prints a table. Nothing here is a test: machines vary, so quote medians, and ratios within one run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.assistant import Assistant
from ingest.pipeline import ingest
from samples.generator import generate, write_corpus
from vectorstore.index import Index

QUESTIONS = {
    "one body's figure": "{body}2022年收到几件申请",
    "list with none": "哪些开发区2022年没有收到申请",
    "sum": "2022年一共收到多少件申请",
    "top five": "2022年主动公开最多的5家",
    "passages": "{body}存在哪些问题",
}


def milliseconds(seconds: list[float]) -> str:
    """Median, and the slowest in brackets."""
    return f"{statistics.median(seconds) * 1000:.0f} ({max(seconds) * 1000:.0f})"


def main() -> None:
    """Generate, ingest, ask; print what each took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=20)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        corpus, folder = Path(scratch, "reports"), Path(scratch, "index")
        write_corpus(generate(args.reports, seed=1), corpus)
        start = time.perf_counter()
        with Index.open(folder, create=True) as index:
            ingest([corpus], index)
        took = time.perf_counter() - start
        print(f"ingest {args.reports} reports: {took:.1f} s, {took / args.reports * 1000:.1f} ms a report")
        with Assistant.open(folder) as assistant:
            body = assistant.index.bodies()[0].name
            for name, form in QUESTIONS.items():
                question = form.format(body=body)
                assistant.ask(question)
                times = []
                for _ in range(args.runs):
                    start = time.perf_counter()
                    assistant.ask(question)
                    times.append(time.perf_counter() - start)
                print(f"in process, {name}: {milliseconds(times)} ms")
        command = [str(Path(sys.executable).with_name("nianbao")), "ask", QUESTIONS["sum"], "--index", str(folder)]
        # An installed program has its bytecode cached, whatever this shell is set to.
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        times = []
        for _ in range(6):
            start = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, env=environment)
            times.append(time.perf_counter() - start)
        print(f"from a cold shell, sum: {milliseconds(times[1:])} ms")


if __name__ == "__main__":
    main()
