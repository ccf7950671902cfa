"""The commands that ask: ``ask``, ``search`` and ``chat``."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ui.options import (
    DEFAULT_INDEX,
    AsJson,
    AsOf,
    IndexFolder,
    InRegion,
    InSection,
    InYear,
    OfBody,
    OfKind,
    OutputFile,
    WithReranker,
    open_assistant,
    parse_date,
)
from vectorstore.errors import QuestionError


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with the earlier questions of its conversation, oldest first, and the line that it stood on."""

    line: int
    question: str
    history: tuple[str, ...] = ()


def parse_turn(line: int, text: str) -> Turn:
    """One line of a batch: a question, or a JSON object with ``question`` and ``history``; wrong usage otherwise."""
    text = text.strip()
    if not text:
        raise typer.BadParameter(f"Line {line} is empty; write one question a line.", param_hint="--batch")
    if not text.startswith("{"):
        return Turn(line, text)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise typer.BadParameter(f"Line {line} is no valid JSON: {error}.", param_hint="--batch") from None
    question, history = value.get("question"), value.get("history") or []
    if not isinstance(question, str) or not question.strip():
        raise typer.BadParameter(f'Line {line} has no "question".', param_hint="--batch")
    if not isinstance(history, list) or not all(isinstance(earlier, str) for earlier in history):
        raise typer.BadParameter(f'Line {line}: "history" must be a list of questions.', param_hint="--batch")
    return Turn(line, question, tuple(history))


def read_batch(path: str) -> list[Turn]:
    """All turns of a file ("-": standard input), checked before any is asked; blank lines at the end don't count."""
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise typer.BadParameter(f"{path} could not be read: {error.strerror}.", param_hint="--batch") from None
    except UnicodeDecodeError:
        raise typer.BadParameter(f"{path} is not UTF-8 text.", param_hint="--batch") from None
    # Only newlines end a line: splitlines() would also cut at characters that may stand inside JSON.
    lines = text.rstrip().split("\n") if text.strip() else []
    return [parse_turn(line, turn) for line, turn in enumerate(lines, 1)]


def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in Chinese or English.")] = None,
    index: IndexFolder = DEFAULT_INDEX,
    as_json: AsJson = False,
    today: AsOf = None,
    reranker: WithReranker = None,
    batch: Annotated[
        str | None,
        typer.Option(
            "--batch",
            metavar="FILE",
            help='One question a line, or {"question": ..., "history": [...]}; "-" reads standard input.',
        ),
    ] = None,
    output: OutputFile = None,
) -> None:
    """Ask a question; the answer cites the passages that state it."""
    if (question is None) == (batch is None):
        raise typer.BadParameter("Give either one question or --batch FILE.")
    if output is not None and (as_json or batch is not None):
        raise typer.BadParameter(
            "An answer is written to one file; leave out --json and --batch.", param_hint="--output"
        )
    if output is not None:
        _write_answer(question or "", index, parse_date(today), reranker, output)
        return
    turns = read_batch(batch) if batch is not None else [Turn(1, question or "")]
    from ui.printing import print_answer, print_json, print_line

    with open_assistant(index, parse_date(today), reranker) as assistant:
        for position, turn in enumerate(turns):
            try:
                answer = assistant.ask(turn.question, history=turn.history)
            except QuestionError as error:
                raise QuestionError(f"Line {turn.line}: {error}" if batch is not None else str(error)) from error
            if as_json and batch is not None:
                print_line(answer.model_dump_json())
            elif as_json:
                print_json(answer.model_dump(mode="json"))
            else:
                if position:
                    print_line()
                print_answer(answer)
            sys.stdout.flush()


def _write_answer(question: str, index: Path, today: date | None, reranker: str | None, output: Path) -> None:
    from ui.exporting import answer_document, check_output, write_file

    check_output(output)
    with open_assistant(index, today, reranker) as assistant:
        write_file(answer_document(assistant, assistant.ask(question)), output)


def search(
    query: Annotated[str, typer.Argument(help="Words to look for.")],
    index: IndexFolder = DEFAULT_INDEX,
    year: InYear = None,
    kind: OfKind = None,
    region: InRegion = None,
    body: OfBody = None,
    section: InSection = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many passages.")] = 10,
    reranker: WithReranker = None,
    as_json: AsJson = False,
) -> None:
    """Find the passages nearest to some words, narrowed by the bodies, places and years among them."""
    from ui.listing import excerpt, hit_record
    from ui.printing import print_json, print_line
    from ui.texts import terminal_language, texts
    from vectorstore.retrieval.confidence import ANSWERS

    with open_assistant(index, reranker=reranker) as assistant:
        hits = assistant.search(query, year=year, kind=kind, region=region, body=body, section=section, k=k)
    if as_json:
        print_json([hit_record(hit) for hit in hits])
        return
    words = texts(terminal_language())
    if not hits:
        print_line(words("command.nothing"))
    elif hits[0].likelihood < ANSWERS:
        print_line(words("command.nearest"))
    for position, hit in enumerate(hits, 1):
        where = " · ".join(str(part) for part in (hit.report.body, hit.report.year, hit.passage.section) if part)
        print_line(f"{position}. {where}")
        for line in excerpt(hit):
            print_line(f"   {line}")
        if hit.repeats:
            print_line("   " + words("command.repeats", count=len(hit.repeats)))


def chat(
    index: IndexFolder = DEFAULT_INDEX,
    host: Annotated[str, typer.Option(help="The address to listen at; 127.0.0.1 is this computer only.")] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host",
            metavar="NAME",
            help="A name that browsers may open it by, as nianbao.example.org; can be given several times. By default "
            "only localhost and --host, and where --host isn't this computer only, also every IP address.",
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="The port; by default the first free from 7860.")
    ] = None,
    reranker: WithReranker = None,
    open_browser: Annotated[bool, typer.Option("--open-browser/--no-browser", help="Open it in the browser.")] = True,
) -> None:
    """Open the web chat."""
    from ui.web.serving import launch

    launch(index, host=host, port=port, open_browser=open_browser, reranker=reranker, names=allow_host or ())
