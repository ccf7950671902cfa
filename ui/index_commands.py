"""The commands that change an index: ``ingest``, ``remove`` and ``repair``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.options import (
    DEFAULT_INDEX,
    FAILED,
    INTERRUPTED,
    SOME_FAILED,
    AsJson,
    IndexFolder,
    ReportId,
    find_report,
    open_index,
)

if TYPE_CHECKING:
    from ingest.summary import IngestSummary

_SHOWN_TWINS = 20

Manifest = Annotated[
    Path | None,
    typer.Option(
        "--manifest",
        metavar="FILE",
        help="A CSV table that says where files came from and whose reports they are. Its columns: path, url, "
        "retrieved_on, body, kind, year, region (路径, 网址, 获取日期, 机关, 类型, 年度, 地区); only the path is "
        "needed. "
        "What it says is kept with the files.",
    ),
]
Advance = Callable[[str, int, int], None]
"""Called with the stage (``reading`` or ``embedding``), how many are done, and of how many."""


@contextmanager
def progress_bar() -> Iterator[Advance]:
    """A bar for each stage on standard error where that is a terminal; silence in a pipe."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    from ui.texts import terminal_language, texts

    words = texts(terminal_language())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

        def advance(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(words(f"command.{stage}"), total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield advance


def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, folders and .zip archives.")],
    index: IndexFolder = DEFAULT_INDEX,
    as_json: AsJson = False,
    manifest: Manifest = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", min=1, metavar="N", help="Processes that read side by side; by default one a CPU."),
    ] = None,
    embedding: Annotated[
        str | None,
        typer.Option("--embedding", metavar="NAME", help="A sentence-transformers model by name or path."),
    ] = None,
) -> None:
    """Read reports into an index: only what is new or changed, and what is gone is taken out."""
    from ingest import pipeline
    from ingest.files import file_finding
    from ingest.manifest import read_manifest
    from ui.printing import print_json, print_line
    from vectorstore.index import Index

    # Before the index is made: a mistyped path must not leave an empty one behind.
    file_finding.find_files(paths, index)
    if manifest is not None:
        read_manifest(manifest)
    try:
        with Index.open(index, create=True, embedding=embedding) as kept, progress_bar() as progress:
            summary = pipeline.ingest(paths, kept, progress=progress, manifest=manifest, jobs=jobs)
    except KeyboardInterrupt:
        typer.echo("Interrupted. What was read so far is in the index; run the command again to go on.", err=True)
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        print_json(summary.as_json())
    else:
        print_line(summary_line(summary))
        for line in joined_lines(summary):
            print_line(line)
    for problem in summary.problems:
        typer.echo(problem, err=True)
    if summary.problems:
        nothing_read = not (summary.new or summary.changed or summary.unchanged)
        raise typer.Exit(FAILED if nothing_read else SOME_FAILED)


def summary_line(summary: IngestSummary) -> str:
    """What an ingestion did, in one line."""
    from ui.texts import terminal_language, texts

    words = texts(terminal_language())
    counts = [
        words("command.count", name=words(f"command.{name}"), n=len(getattr(summary, name)))
        for name in ("new", "changed", "unchanged", "removed", "failed")
    ]
    return words(
        "command.ingested_versions" if summary.superseded else "command.ingested",
        counts=words("command.separator").join(counts),
        n=summary.reports,
        superseded=summary.superseded,
    )


def joined_lines(summary: IngestSummary) -> list[str]:
    """One line for each file that holds a report that another file holds too, and for each report with versions."""
    from ui.texts import terminal_language, texts

    words = texts(terminal_language())
    twins = [words("command.twin", name=source, id=report_id) for source, report_id in summary.duplicates.items()]
    more = [words("command.more", n=len(twins) - _SHOWN_TWINS)] if len(twins) > _SHOWN_TWINS else []
    return [*twins[:_SHOWN_TWINS], *more, *summary.notes]


def remove(
    report_id: ReportId,
    index: IndexFolder = DEFAULT_INDEX,
    as_json: AsJson = False,
) -> None:
    """Take a report out of the index; ingesting its file again brings it back."""
    from ui.listing import report_record
    from ui.printing import print_json, print_line

    with open_index(index) as kept:
        found = find_report(kept, report_id)
        paths = [source.path for source in kept.sources(found.report_id)]
        with kept.writing() as writer:
            writer.remove(found.report_id)
            for path in paths:
                writer.forget_source(path)
            writer.embed()
    if as_json:
        print_json(report_record(found))
    else:
        print_line(f"Removed {found.report_id}: {found.title}")


def repair(index: IndexFolder = DEFAULT_INDEX, as_json: AsJson = False) -> None:
    """Bring the vectors up to the database, after an ingestion that was interrupted."""
    from ui.printing import print_json, print_line

    with open_index(index) as kept, kept.writing() as writer, progress_bar() as progress:
        embedded = writer.embed(lambda done, total: progress("embedding", done, total))
    if as_json:
        print_json({"embedded": embedded})
    else:
        print_line(f"{embedded} passages embedded; the index is complete.")
