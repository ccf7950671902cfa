"""The command line: ``nianbao``.

Only typer is imported at the top. A figure question from a cold shell must be answered in a fraction of a second,
so each command imports what it needs when it runs.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some files or questions failed, 130 interrupted.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ui import (
    checks_command,
    cite_command,
    completion_command,
    correct_command,
    index_commands,
    list_commands,
    llm_command,
    mcp_command,
    question_commands,
    reembed_command,
    register_command,
    serve_command,
    survey_command,
    verdict_command,
)
from ui.failures import exit_code_of, sentence_of
from ui.options import INTERRUPTED


class SentenceGroup(TyperGroup):
    """Turns every error into one sentence on standard error, and an exit code."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        with _in_sentences():  # --help and --version print here already
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: Any) -> Any:
        with _in_sentences():
            result = super().invoke(ctx)
            # Here and not while Python ends: a full disk must be told, and in a sentence.
            sys.stdout.flush()
            return result


@contextmanager
def _in_sentences() -> Iterator[None]:
    try:
        yield
        return
    except typer.Abort:  # Ctrl+C at a question
        sys.stderr.write("\n")
        raise typer.Exit(INTERRUPTED) from None
    except (typer.Exit, typer.TyperException):
        raise
    except BrokenPipeError:
        # The reader of our output (head, less) has enough. Python would complain once more while it closes.
        sys.stdout = io.StringIO()
        raise typer.Exit(0) from None
    except Exception as error:
        message, code = sentence_of(error), exit_code_of(error)
    typer.echo(message, err=True)
    try:
        sys.stdout.flush()
    except OSError:
        sys.stdout = io.StringIO()
    raise typer.Exit(code)


app = typer.Typer(
    cls=SentenceGroup,
    name="nianbao",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def print_version(wanted: bool) -> None:
    """Prints the version and ends, if it is asked for."""
    if wanted:
        from importlib.metadata import version

        typer.echo(f"nianbao {version('nianbao')}")
        raise typer.Exit


@app.callback()
def choose(
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Exact, cited answers over Chinese government-information-disclosure annual reports (年报)."""


COMMANDS: list[tuple[str, Callable[..., None], str]] = [
    ("ingest", index_commands.ingest, "nianbao ingest reports/ more.zip --manifest list.csv --index my-index"),
    ("ask", question_commands.ask, "nianbao ask 哪些开发区2023年没有收到申请"),
    ("chat", question_commands.chat, "nianbao chat --port 7860"),
    ("serve", serve_command.serve, "nianbao serve --index my-index --port 8000"),
    ("mcp", mcp_command.mcp, "nianbao mcp --index my-index"),
    ("survey", survey_command.survey, "nianbao survey 哪些报告把问题归因于人手不足 --year 2023 --llm openai:qwen3-8b"),
    ("search", question_commands.search, "nianbao search '征地 申请' --year 2023 --kind zone -k 5"),
    ("cite", cite_command.cite, "nianbao cite 3f2a9c0d1e4b5a67.812-24.k7m2p9qd --format gbt7714"),
    ("figures", list_commands.figures, "nianbao figures --metric applications_new --year 2023 --csv > figures.csv"),
    ("reports", list_commands.reports, "nianbao reports --kind zone --year 2023"),
    ("report", list_commands.report, "nianbao report 3f2a --text"),
    ("bodies", list_commands.bodies, "nianbao bodies --region 山东省/威海市 --csv"),
    ("checks", checks_command.checks, "nianbao checks --year 2023"),
    ("verdict", verdict_command.verdict, "nianbao verdict 3f2a --rule row_total --dismiss --why 表后有说明"),
    ("llm", llm_command.llm, "nianbao llm --llm ollama:qwen3:8b"),
    ("status", list_commands.status, "nianbao status --json"),
    ("remove", index_commands.remove, "nianbao remove 3f2a"),
    ("correct", correct_command.correct, "nianbao correct 3f2a --figure applications_new=3 --why 与原件核对"),
    ("register", register_command.register, "nianbao register 应报单位.csv --index my-index"),
    ("repair", index_commands.repair, "nianbao repair --index my-index"),
    ("reembed", reembed_command.reembed, "nianbao reembed --embedding BAAI/bge-small-zh-v1.5 --index my-index"),
    ("completion", completion_command.completion, "nianbao completion zsh --install"),
]

for _name, _function, _example in COMMANDS:
    app.command(_name, epilog=f"Example: {_example}")(_function)


COMPLETE = "_NIANBAO_COMPLETE"
"""The environment variable by which a shell asks what may follow."""


def main() -> None:
    """The entry point: UTF-8 whatever the locale says, since every report is Chinese."""
    if sys.stdout is None:  # closed by whoever started this
        sys.stdout = io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    # Imports make many objects and no garbage; looking for some every 700 objects costs a tenth of a cold start.
    gc.set_threshold(50_000, 20, 20)
    if COMPLETE in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]

        completion_init()
    app()
