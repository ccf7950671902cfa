"""The commands that ask: ``ask``, ``search`` and ``chat``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from assistant.filters import MOST_HITS
from ui.batch import STANDARD_INPUT, ask_batch, read_batch
from ui.options import (
    DEFAULT_INDEX,
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
    WithReranker,
    open_assistant,
    open_language_model,
    parse_date,
)


def ask(
    question: Annotated[
        str | None,
        typer.Argument(
            help='The question, in Chinese or English; "-", or none where standard input isn\'t a terminal, reads it '
            "from there. On a terminal none begins a conversation."
        ),
    ] = None,
    index: IndexFolder = DEFAULT_INDEX,
    as_json: AsJson = False,
    today: AsOf = None,
    reranker: WithReranker = None,
    batch: Annotated[
        str | None,
        typer.Option(
            "--batch",
            metavar="FILE",
            help='One question a line, or {"question": ..., "history": [...]}; "-" reads standard input, and answers '
            "each line as it comes.",
        ),
    ] = None,
    output: OutputFile = None,
    llm: WithModel = None,
    llm_url: AtModel = None,
) -> None:
    """Ask a question; the answer cites the passages that state it."""
    if question is not None and batch is not None:
        raise typer.BadParameter("Give either one question or --batch FILE.")
    if output is not None and (as_json or batch is not None):
        raise typer.BadParameter(
            "An answer is written to one file; leave out --json and --batch.", param_hint="--output"
        )
    if output is not None:
        from ui.exporting import check_output

        check_output(output)
    converses = batch is None and question is None and output is None and _is_terminal()
    turns = read_batch(batch) if batch is not None else iter(())
    asked = "" if converses or batch is not None else _question(question)
    with open_assistant(index, parse_date(today), reranker, llm, llm_url) as assistant:
        if batch is not None:
            ask_batch(assistant, turns, as_json)
        elif converses:
            from ui.conversing import converse

            converse(assistant, as_json)
        elif output is not None:
            from ui.exporting import answer_document, write_file

            write_file(answer_document(assistant, assistant.ask(asked)), output)
        elif as_json:
            from ui.printing import print_json

            print_json(assistant.ask(asked).model_dump(mode="json"))
        else:
            from ui.printing import print_growing

            print_growing(assistant.stream(asked))


def _is_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _question(given: str | None) -> str:
    """The question that was given, or that stands on standard input; wrong usage where there is none."""
    if given is not None and given != STANDARD_INPUT:
        return given
    try:
        read = sys.stdin.buffer.read().decode("utf-8-sig") if sys.stdin is not None else ""
    except UnicodeDecodeError:
        raise typer.BadParameter("Standard input is not UTF-8 text.", param_hint="QUESTION") from None
    lines = [" ".join(line.split()) for line in read.splitlines() if line.strip()]
    if not lines:
        raise typer.BadParameter("Nothing is asked. Give a question, or --batch FILE.", param_hint="QUESTION")
    if len(lines) > 1:
        raise typer.BadParameter(
            f"Standard input has {len(lines)} lines, and one question is asked at a time. `nianbao ask --batch -` asks "
            "each line on its own.",
            param_hint="QUESTION",
        )
    return lines[0]


def search(
    query: Annotated[str, typer.Argument(help="Words to look for.")],
    index: IndexFolder = DEFAULT_INDEX,
    year: InYear = None,
    kind: OfKind = None,
    region: InRegion = None,
    body: OfBody = None,
    section: InSection = None,
    k: Annotated[int, typer.Option("-k", min=1, max=MOST_HITS, help="How many passages.")] = 10,
    reranker: WithReranker = None,
    as_json: AsJson = False,
) -> None:
    """Find the passages nearest to some words, narrowed by the bodies, places and years among them."""
    from ui.listing import excerpt, hit_record
    from ui.printing import print_json, print_line, print_place, print_wrapped
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
        print_wrapped(f"{position}. {where}", indent="   ")
        for line in excerpt(hit):
            print_wrapped(f"   {line}", indent="   ")
        if hit.repeats:
            print_line("   " + words("command.repeats", count=len(hit.repeats)))
        if hit.id:
            print_place(hit.id, indent="   ")


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
    llm: WithModel = None,
    llm_url: AtModel = None,
    open_browser: Annotated[bool, typer.Option("--open-browser/--no-browser", help="Open it in the browser.")] = True,
) -> None:
    """Open the web chat."""
    from ui.web.serving import launch

    launch(
        index,
        host=host,
        port=port,
        open_browser=open_browser,
        reranker=reranker,
        names=allow_host or (),
        language_model=open_language_model(llm, llm_url),
    )
