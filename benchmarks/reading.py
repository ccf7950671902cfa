"""How exactly generated reports are read, by format and by metric, and how long reading takes.

    python benchmarks/reading.py [--reports 500] [--seed 41] [--formats txt html …]

The truth is that of the drafts (``samples.truth``), which no reading code has a part in. Precision is the share of
right values among those read, recall among those stated; what a row without its label states counts for neither, and of
a contradiction every reading has to be there. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ingest.pipeline import read_report
from samples.comparison import Comparison, compare
from samples.formats import FORMATS
from samples.generator import GeneratedReport, generate
from vectorstore.catalogue import catalogue
from vectorstore.errors import ReadError

_TABLES = {
    "proactive_table": "first table (proactive disclosure)",
    "application_table": "second table (applications)",
    "dispute_table": "third table (reviews, lawsuits)",
}


@dataclass(slots=True)
class Tally:
    """Counts of figures; ``failed`` of files that couldn't be read at all, ``milliseconds`` a file."""

    reports: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    invented: int = 0
    failed: int = 0
    misidentified: int = 0
    milliseconds: list[float] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of what was read. 1 if nothing was."""
        read = self.right + self.wrong + self.invented
        return self.right / read if read else 1.0

    @property
    def recall(self) -> float:
        """Of what is stated. 1 if nothing is."""
        stated = self.right + self.wrong + self.missed
        return self.right / stated if stated else 1.0


def group_of(metric: str) -> str:
    """The table that a metric belongs to, or the metric itself, without its column, if only prose states it."""
    row = metric.partition("__")[0]
    known = catalogue().metrics.get(row)
    return _TABLES.get(known.table or "", row) if known else row


def count(result: Comparison, by_group: dict[str, Tally], tally: Tally) -> None:
    """Add a report's comparison to the tallies."""
    for name, metrics in (
        ("right", result.right),
        ("wrong", [wrong[0] for wrong in result.wrong]),
        ("missed", result.missed),
        ("invented", [invented[0] for invented in result.invented]),
    ):
        setattr(tally, name, getattr(tally, name) + len(metrics))
        for group, number in Counter(map(group_of, metrics)).items():
            setattr(by_group[group], name, getattr(by_group[group], name) + number)
    tally.misidentified += bool(result.identity)


def measure(reports: Iterator[GeneratedReport], tally: Tally, by_group: dict[str, Tally], verbose: bool) -> None:
    """Read the reports and compare each with its truth."""
    for report in reports:
        tally.reports += 1
        start = time.perf_counter()
        try:
            contents = read_report(report.data, report.file)
        except ReadError as error:
            tally.failed += 1
            print(f"{report.file}: {error}", file=sys.stderr)
            continue
        tally.milliseconds.append((time.perf_counter() - start) * 1000)
        result = compare(report.truth, contents)
        count(result, by_group, tally)
        if verbose and (result.wrong or result.missed or result.invented or result.identity):
            print(
                f"{report.file} {report.truth['deviations']}\n    wrong {result.wrong[:4]}, "
                f"invented {result.invented[:4]}, missed {len(result.missed)}: {result.missed[:4]}, "
                f"identity {result.identity}",
                file=sys.stderr,
            )


def table(heading: str, rows: dict[str, Tally], *, files: bool) -> str:
    """A Markdown table of tallies."""
    columns = [heading, *(["reports", "not read", "misidentified"] if files else [])]
    columns += ["right", "wrong", "invented", "missed", "precision", "recall", *(["ms a report"] if files else [])]
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for name, tally in rows.items():
        cells = [name]
        if files:
            cells += [str(tally.reports), str(tally.failed), str(tally.misidentified)]
        cells += [str(n) for n in (tally.right, tally.wrong, tally.invented, tally.missed)]
        cells += [f"{tally.precision:.4f}", f"{tally.recall:.4f}"]
        if files:
            cells.append(f"{statistics.median(tally.milliseconds):.1f}" if tally.milliseconds else "–")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Generate, read, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=500, help="of each format")
    parser.add_argument("--seed", type=int, default=41)
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS))
    parser.add_argument("--verbose", action="store_true", help="name the reports that aren't read perfectly")
    args = parser.parse_args()
    by_format: dict[str, Tally] = {}
    by_group: dict[str, Tally] = defaultdict(Tally)
    for name in args.formats:
        by_format[name] = Tally()
        measure(generate(args.reports, args.seed, formats=(name,)), by_format[name], by_group, args.verbose)
    print(f"{args.reports} reports of each format, seed {args.seed}\n")
    print(table("format", by_format, files=True), end="\n\n")
    print(table("metric", dict(sorted(by_group.items())), files=False))


if __name__ == "__main__":
    main()
