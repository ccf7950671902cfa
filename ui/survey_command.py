"""The command that has a language model read every report in scope: ``survey``."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.options import (
    DEFAULT_INDEX,
    INTERRUPTED,
    SOME_FAILED,
    WRONG_USAGE,
    AsJson,
    AsOf,
    AtModel,
    IndexFolder,
    InRegion,
    InSection,
    InYear,
    OfBody,
    OfKind,
    OutputFile,
    WithModel,
    open_assistant,
    parse_date,
)
from ui.survey_words import estimate_lines, progress_parts, thousands

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.language_models.survey import Survey, SurveyResult
    from assistant.language_models.surveying.records import Progress
    from ui.texts import Texts

CSV_HEADER = ("report_id", "body", "kind", "region", "year", "outcome", "quote", "start", "end", "read", "why")


def survey(
    question: Annotated[str, typer.Argument(help="What each report is held against, as a question about reports.")],
    index: IndexFolder = DEFAULT_INDEX,
    year: InYear = None,
    kind: OfKind = None,
    region: InRegion = None,
    body: OfBody = None,
    section: InSection = None,
    tables: Annotated[bool, typer.Option("--tables", help="Have the tables read as well, and not only prose.")] = False,
    estimate: Annotated[bool, typer.Option("--estimate", help="Only say what it takes; nothing is sent.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Begin without asking.")] = False,
    most_tokens: Annotated[
        int | None,
        typer.Option("--most-tokens", min=1, metavar="N", help="Tokens, sent and received, after which it ends."),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ask again what was asked before.")] = False,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a line for each report, comma-separated.")] = False,
    output: OutputFile = None,
    today: AsOf = None,
    llm: WithModel = None,
    llm_url: AtModel = None,
) -> None:
    """Have the language model read every report in scope, one by one: which of them say so, in which words.

    The question's own words narrow the scope, as in `ask`; the options take their place. What it takes is said before
    anything is sent. Ctrl+C stops it, prints what is known and exits with 130; what was read is kept, and the same
    command goes on from there. Where not all could be read, it exits with 3.
    """
    if as_json + as_csv + (output is not None) > 1:
        raise typer.BadParameter("Choose one of --json, --csv and --output.")
    from ui.exporting import check_output
    from ui.texts import terminal_language, texts

    check_output(output)
    words = texts(terminal_language())
    with open_assistant(index, parse_date(today), llm=llm, llm_url=llm_url) as assistant:
        scope: dict[str, Any] = {"year": year, "kind": kind, "region": region, "body": body}
        asked = assistant.survey(question, section=section, tables=tables, **scope)
        if asked.has_model and not _begins(asked, words, fresh, most_tokens, estimate, yes, as_json):
            return
        if not asked.has_model:
            if estimate:
                raise typer.BadParameter("No language model is set, so that nothing would be sent; give --llm.")
            typer.echo(words("survey.no_model"), err=True)
        stop = threading.Event()
        with _stopping(stop, words), _bar(words) as show:
            result = asked.run(most_tokens=most_tokens, stop=stop, progress=show, fresh=fresh)
        _print(assistant, asked, result, as_json, as_csv, output)
        if asked.has_model:
            counts = {
                "calls": result.calls,
                "tokens_in": thousands(result.tokens_in),
                "tokens_out": thousands(result.tokens_out),
            }
            typer.echo(words("survey.total", **counts), err=True)
    sys.stdout.flush()
    if stop.is_set():
        raise typer.Exit(INTERRUPTED)
    if any(verdict.outcome in ("failed", "not_read") and verdict.why != "no_text" for verdict in result.verdicts):
        raise typer.Exit(SOME_FAILED)


def _begins(
    asked: Survey, words: Texts, fresh: bool, most_tokens: int | None, only_estimate: bool, yes: bool, as_json: bool
) -> bool:
    """Say what it takes; whether to begin."""
    from ui.printing import print_json

    with _counting(words) as advance:
        estimate = asked.measure(advance, fresh=fresh)
    if only_estimate and as_json:
        print_json(estimate.as_json() | {"scope": asked.scope_name})
        return False
    for line in estimate_lines(asked, estimate, words, most_tokens):
        typer.echo(line, err=not only_estimate)
    if only_estimate:
        return False
    if not estimate.calls or yes:
        return True
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        typer.echo(words("survey.needs_yes"), err=True)
        raise typer.Exit(WRONG_USAGE)
    if typer.confirm(words("survey.confirm"), err=True):
        return True
    typer.echo(words("survey.declined"), err=True)
    return False


@contextmanager
def _stopping(stop: threading.Event, words: Texts) -> Iterator[None]:
    """Ctrl+C sets the event, once; the next one ends the program as it always does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupted(number: int, frame: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)
        sys.stderr.write(f"\n{words('survey.stopping')}\n")

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _counting(words: Texts) -> Iterator[Any]:
    """A bar for the counting, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    with _progress() as bar:
        task = bar.add_task(words("survey.counting"), total=None, told="")
        yield lambda done, of: bar.update(task, completed=done, total=of)


@contextmanager
def _bar(words: Texts) -> Iterator[Any]:
    """A bar for the reading, on a terminal; silence elsewhere."""
    if not sys.stderr.isatty():
        yield lambda progress: None
        return
    with _progress() as bar:
        task = bar.add_task(words("survey.reading"), total=None, told="")

        def show(progress: Progress) -> None:
            told = " · ".join(progress_parts(progress, words))
            bar.update(task, completed=progress.done, total=progress.of, told=told)

        yield show


def _progress() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[told]}", markup=False),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _print(
    assistant: Assistant, asked: Survey, result: SurveyResult, as_json: bool, as_csv: bool, output: Path | None
) -> None:
    from ui.exporting import answer_document, write_file
    from ui.printing import print_answer, print_csv, print_json

    if output is not None:
        write_file(answer_document(assistant, result.answer), output)
    elif as_json:
        print_json(result.as_json())
    elif as_csv:
        print_csv(CSV_HEADER, _csv_rows(asked, result))
    else:
        print_answer(result.answer)


def _csv_rows(asked: Survey, result: SurveyResult) -> Iterator[list[Any]]:
    from assistant.export.csv_writing import harmless

    for report, verdict in zip(asked.reports, result.verdicts, strict=False):
        yield [
            report.report_id, harmless(report.body), report.kind.value, report.region or "", report.year or "",
            verdict.outcome, harmless(verdict.quote), "" if verdict.start is None else verdict.start,
            "" if verdict.end is None else verdict.end, verdict.read, harmless(verdict.problem or verdict.why),
        ]  # fmt: skip
