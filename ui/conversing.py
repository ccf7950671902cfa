"""A conversation on a terminal: ``nianbao ask`` without a question."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import typer

from ui.failures import sentence_of
from ui.printing import print_growing, print_line
from ui.texts import terminal_language, texts

if TYPE_CHECKING:
    from assistant.assistant import Assistant

PROMPT = "? "


def converse(assistant: Assistant, as_json: bool = False) -> None:
    """Ask what is typed, each question in its conversation, until the input ends (Ctrl+D).

    Ctrl+C gives up the line, or the answer, and not the conversation.
    """
    with suppress(ImportError):
        import readline  # noqa: F401  (arrow keys and the lines before, for input())

    words = texts(terminal_language())
    typer.echo(words("command.converse"), err=True)
    history: tuple[str, ...] = ()
    while True:
        try:
            question = input(PROMPT).strip()
            if question:
                history = _answer(assistant, question, history, as_json)
        except KeyboardInterrupt:
            typer.echo(err=True)
        except UnicodeDecodeError:
            typer.echo(words("command.not_text"), err=True)
        except EOFError:
            typer.echo(err=True)
            return


def _answer(assistant: Assistant, question: str, history: tuple[str, ...], as_json: bool) -> tuple[str, ...]:
    """Answers a question; what the next one may lean on."""
    try:
        if as_json:
            answer = assistant.ask(question, history)
            print_line(answer.model_dump_json())
        else:
            answer = print_growing(assistant.stream(question, history))
            print_line()
    except Exception as error:
        if isinstance(error, OSError):  # nobody reads, or nothing can be written
            raise
        typer.echo(sentence_of(error), err=True)
        return history
    # What leaned on nothing before it needs nothing before it to be leaned on.
    return (*history, question) if answer.resolved is not None else (question,)
