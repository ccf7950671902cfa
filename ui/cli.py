"""The command line: ``nianbao``.

Only typer is imported at the top. A figure question from a cold shell must be answered in a fraction of a second,
so each command imports what it needs when it runs.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some files failed.
"""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ui import (
    correct_command,
    index_commands,
    list_commands,
    question_commands,
    reembed_command,
    register_command,
    verdict_command,
)
from ui.options import FAILED
from vectorstore.errors import NianbaoError


class SentenceGroup(TyperGroup):
    """Turns every error that is raised on purpose into one sentence on standard error, and exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except NianbaoError as error:
            message = str(error)
        except BrokenPipeError:
            # The reader of our output (head, less) has enough. Python would complain once more while it closes.
            sys.stdout = io.StringIO()
            raise typer.Exit(0) from None
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            message = (
                f"The system refused: {error.strerror or error}{where}. Check the path, its rights and the space left."
            )
        typer.echo(message, err=True)
        raise typer.Exit(FAILED)


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
    ("search", question_commands.search, "nianbao search '征地 申请' --year 2023 --kind zone -k 5"),
    ("figures", list_commands.figures, "nianbao figures --metric applications_new --year 2023 --csv > figures.csv"),
    ("reports", list_commands.reports, "nianbao reports --kind zone --year 2023"),
    ("report", list_commands.report, "nianbao report 3f2a --text"),
    ("bodies", list_commands.bodies, "nianbao bodies --region 山东省/威海市"),
    ("checks", list_commands.checks, "nianbao checks --year 2023"),
    ("verdict", verdict_command.verdict, "nianbao verdict 3f2a --rule row_total --dismiss --why 表后有说明"),
    ("status", list_commands.status, "nianbao status --json"),
    ("remove", index_commands.remove, "nianbao remove 3f2a"),
    ("correct", correct_command.correct, "nianbao correct 3f2a --figure applications_new=3 --why 与原件核对"),
    ("register", register_command.register, "nianbao register 应报单位.csv --index my-index"),
    ("repair", index_commands.repair, "nianbao repair --index my-index"),
    ("reembed", reembed_command.reembed, "nianbao reembed --embedding BAAI/bge-small-zh-v1.5 --index my-index"),
]

for _name, _function, _example in COMMANDS:
    app.command(_name, epilog=f"Example: {_example}")(_function)


def main() -> None:
    """The entry point: UTF-8 whatever the locale says, since every report is Chinese."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    # Imports make many objects and no garbage; looking for some every 700 objects costs a tenth of a cold start.
    gc.set_threshold(50_000, 20, 20)
    app()
