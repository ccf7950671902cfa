"""Runs the commands as a shell would, without one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from ui.cli import app


def run(*arguments: str | Path, stdin: str | None = None) -> Result:
    """What a command prints, and its exit code."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


def read(*arguments: str | Path, stdin: str | None = None) -> Any:
    """What a command that succeeds prints as JSON."""
    result = run(*arguments, "--json", stdin=stdin)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)
