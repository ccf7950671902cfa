"""Questions that come many at a time: one a line, from a file or as another program writes them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import typer

from ui.failures import sentence_of
from ui.options import FAILED, SOME_FAILED
from vectorstore.errors import QuestionError

if TYPE_CHECKING:
    from assistant.assistant import Assistant

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Turn:
    """A line of a batch: a question with the earlier questions of its conversation, oldest first.

    Attributes:
        line: Where it stands, from 1.
        fault: Why the line is no question; ``None`` where it is one.
    """

    line: int
    question: str = ""
    history: tuple[str, ...] = ()
    fault: str | None = None


def parse_turn(line: int, written: bytes) -> Turn:
    """One line: a question, or a JSON object with ``question`` and ``history``."""
    try:
        text = written.decode("utf-8-sig" if line == 1 else "utf-8").strip()
    except UnicodeDecodeError:
        return Turn(line, fault="it is not UTF-8 text.")
    if not text:
        return Turn(line, fault="it is empty; write one question a line.")
    if not text.startswith("{"):
        return Turn(line, text)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Turn(line, fault=f"it is no valid JSON: {error}.")
    question, history = value.get("question"), value.get("history") or []
    if question is not None and not isinstance(question, str):
        return Turn(line, fault='its "question" is no text.')
    if question is None or not question.strip():
        return Turn(line, fault='it has no "question".')
    if not isinstance(history, list) or not all(isinstance(earlier, str) for earlier in history):
        return Turn(line, question, fault='"history" must be a list of questions.')
    return Turn(line, question, tuple(history))


def read_batch(path: str) -> Iterator[Turn]:
    """The turns of a file, all checked before any is asked; of standard input ("-"), each as it arrives.

    Empty lines at the end don't count. A line of a file that is no question is wrong usage, since it can be mended; who
    writes to a pipe gets to know by the turn's ``fault``.
    """
    if path == STANDARD_INPUT:
        return _turns(sys.stdin.buffer) if sys.stdin is not None else iter(())
    try:
        with Path(path).open("rb") as file:
            turns = list(_turns(file))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise typer.BadParameter(f"{path} could not be read: {reason}.", param_hint="--batch") from None
    for turn in turns:
        if turn.fault is not None:
            raise typer.BadParameter(f"Line {turn.line} can't be asked: {turn.fault}", param_hint="--batch")
    return iter(turns)


def _turns(lines: BinaryIO) -> Iterator[Turn]:
    empty: list[Turn] = []
    # Only newlines end a line: splitlines() would also cut at characters that may stand inside JSON.
    for number, written in zip(count(1), lines, strict=False):
        turn = parse_turn(number, written)
        if not written.strip():
            empty.append(turn)
            continue
        yield from empty
        empty.clear()
        yield turn


def ask_batch(assistant: Assistant, turns: Iterator[Turn], as_json: bool) -> None:
    """Ask each, and print its answer, or in its place why there is none; one that fails costs no other its answer."""
    from ui.printing import print_answer, print_line

    answered = failed = 0
    for turn in turns:
        try:
            if turn.fault is not None:
                raise QuestionError(f"This can't be asked: {turn.fault}")
            answer = assistant.ask(turn.question, history=turn.history)
            printed = answer.model_dump_json() if as_json else None
        except Exception as error:
            failed += 1
            sentence = sentence_of(error)
            typer.echo(f"Line {turn.line}: {sentence}", err=True)
            if as_json:
                record = {"line": turn.line, "question": turn.question or None, "error": sentence}
                print_line(json.dumps(record, ensure_ascii=False))
        else:
            if printed is not None:
                print_line(printed)
            else:
                if answered:
                    print_line()
                print_answer(answer)
            answered += 1
        sys.stdout.flush()
    if failed:
        raise typer.Exit(SOME_FAILED if answered else FAILED)
