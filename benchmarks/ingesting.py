"""How long ingestion takes, by format and by part: reading the file, understanding it, storing, embedding.

    python benchmarks/ingesting.py [--reports 40] [--formats txt html docx] [--jobs 1 2] [--texts 500]

Prints two tables: milliseconds of processor time a report in one process, after the first reports have loaded what
their readers need; and reports a second of the clock through the whole pipeline with so many processes. Nothing here is
a test: machines vary, so quote medians, and ratios within one run.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ingest.files.readers import read_bytes
from ingest.files.reading_processes import ReadingProcesses, ReadingTask
from ingest.pipeline import ingest
from ingest.understanding import understand
from samples.formats import FORMATS
from samples.generator import generate, write_corpus
from vectorstore.index import Index

_WARMING = 3


def median(seconds: Sequence[float]) -> str:
    """In milliseconds, with the slowest in brackets."""
    return f"{statistics.median(seconds) * 1000:.1f} ({max(seconds) * 1000:.0f})"


def time_parts(format_name: str, reports: int, folder: Path) -> str:
    """A row of the first table."""
    reading, understanding, storing = [], [], []
    with Index.open(folder / format_name, create=True) as index, index.writing() as writer:
        for number, report in enumerate(generate(reports + _WARMING, seed=1, formats=(format_name,))):
            start = time.process_time()
            document = read_bytes(report.data, report.file)
            read = time.process_time()
            contents = understand(document)
            understood = time.process_time()
            writer.put(contents)
            stored = time.process_time()
            if number >= _WARMING:
                reading.append(read - start)
                understanding.append(understood - read)
                storing.append(stored - understood)
        start = time.process_time()
        passages = writer.embed()
        embedding = time.process_time() - start
    both = [a + b for a, b in zip(reading, understanding, strict=True)]
    return (
        f"| {format_name} | {median(reading)} | {median(understanding)} | {median(storing)} | "
        f"{embedding / (reports + _WARMING) * 1000:.1f} | {1 / statistics.mean(both):.0f} | "
        f"{passages / (reports + _WARMING):.0f} |"
    )


def time_ingestion(reports: int, jobs: int, folder: Path) -> str:
    """A row of the second table."""
    corpus = folder / "corpus"
    if not corpus.exists():
        write_corpus(generate(reports, seed=2), corpus)
    start = time.perf_counter()
    with Index.open(folder / f"index {jobs}", create=True) as index:
        marks: dict[str, float] = {}

        def note(stage: str, done: int, total: int) -> None:
            if done == total:
                marks.setdefault(stage, time.perf_counter())

        ingest([corpus / "reports"], index, jobs=jobs, progress=note)
    end = time.perf_counter()
    read = marks["reading"]
    return f"| {jobs} | {reports / (read - start):.0f} | {reports / (end - start):.0f} |"


def break_even(processors: int) -> str:
    """How long processes take to be ready, and how many texts are read in that time."""
    (first, *reports) = generate(20, seed=3)
    understand(read_bytes(first.data, first.file))
    start = time.perf_counter()
    for report in reports:
        understand(read_bytes(report.data, report.file))
    each = (time.perf_counter() - start) / len(reports)
    start = time.perf_counter()
    with ReadingProcesses(processors) as processes:
        list(processes.read((None, ReadingTask(first.data, first.file, None, 60)) for _ in range(processors)))
    ready = time.perf_counter() - start
    return f"{processors} processes are ready after {ready:.1f} s, in which one reads {ready / each:.0f} texts."


def main() -> None:
    """Generate, read, ingest; print what each took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=40, help="of each format")
    parser.add_argument("--formats", nargs="*", default=[name for name in FORMATS if name != "scan"], choices=FORMATS)
    parser.add_argument("--texts", type=int, default=500, help="for the whole pipeline")
    parser.add_argument("--jobs", nargs="*", type=int, default=[1, 2])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        print("| format | reading, ms | understanding, ms | storing, ms | embedding, ms | reports/s/core | passages |")
        print("|---|---|---|---|---|---|---|")
        for name in options.formats:
            print(time_parts(name, options.reports, Path(scratch)), flush=True)
        print("\n| processes | read and stored, reports/s | with vectors, reports/s |")
        print("|---|---|---|")
        for jobs in options.jobs:
            print(time_ingestion(options.texts, jobs, Path(scratch)), flush=True)
        print()
        print(break_even(max(options.jobs, default=2)))


if __name__ == "__main__":
    main()
