"""Writes what docs/command_line.md lists of the commands and their options: `python docs/make_command_line.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer.main

from ui.cli import COMMANDS, app

PAGE = Path(__file__).resolve().parent / "command_line.md"
MARKER = "<!-- What follows is made by docs/make_command_line.py. -->\n"


def render() -> str:
    """All commands, in the order of ``nianbao --help``."""
    commands: Any = typer.main.get_command(app)
    return "\n".join(_section(name, commands.commands[name], example) for name, _, example in COMMANDS)


def _section(name: str, command: Any, example: str) -> str:
    context = typer.Context(command, info_name=f"nianbao {name}")
    usage = " ".join(command.get_usage(context).removeprefix("Usage:").split())
    lines = [f"## nianbao {name}", "", " ".join(command.help.split()), "", "```", usage, example, "```", ""]
    records = [parameter.get_help_record(context) for parameter in command.params]
    rows = [f"| `{_cell(spelling)}` | {_cell(meaning)} |" for spelling, meaning in filter(None, records)]
    return "\n".join([*lines, *(["| | |", "|---|---|", *rows, ""] if rows else [])])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main() -> None:
    """Rewrite the page below the marker."""
    kept = PAGE.read_text(encoding="utf-8").partition(MARKER)[0]
    PAGE.write_text(f"{kept}{MARKER}\n{render()}", encoding="utf-8")


if __name__ == "__main__":
    main()
