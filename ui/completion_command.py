"""The command that teaches a shell to complete ours: ``completion``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from vectorstore.errors import NianbaoError


class Shell(StrEnum):
    """A shell that can be taught."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"
    PWSH = "pwsh"


def completion(
    shell: Annotated[
        Shell | None, typer.Argument(metavar="[SHELL]", help="bash, zsh, fish, powershell or pwsh; by default yours.")
    ] = None,
    install: Annotated[
        bool, typer.Option("--install", help="Write it to where the shell looks for it, in place of printing it.")
    ] = False,
) -> None:
    """Print the script that completes commands, options and their values when Tab is pressed, or install it."""
    # Typer has these for its own options, which can't be told the shell; they are tried in real shells by the tests.
    from typer.completion import get_completion_script  # type: ignore[attr-defined]
    from typer.completion import install as install_script  # type: ignore[attr-defined]

    from ui.printing import print_line

    chosen = shell or _own_shell()
    if not install:
        print_line(get_completion_script(prog_name="nianbao", complete_var="_NIANBAO_COMPLETE", shell=chosen.value))
        return
    _, path = install_script(shell=chosen.value, prog_name="nianbao")
    print_line(f"{path} completes nianbao in {chosen.value}; it takes effect in a new terminal.")


def _own_shell() -> Shell:
    import shellingham  # type: ignore[import-untyped]

    try:
        name: str = shellingham.detect_shell()[0]
        return Shell(name)
    except (shellingham.ShellDetectionFailure, ValueError, OSError):
        names = ", ".join(Shell)
        raise NianbaoError(f"Your shell could not be found out; name one of {names}.") from None
