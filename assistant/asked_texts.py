"""What a program gives for questions, seen to be texts before anything reads them letter by letter."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.plan import Plan
from vectorstore.errors import QuestionError


def check_text(given: object, name: str) -> None:
    """See that something is a text.

    Raises:
        QuestionError: It is something else.
    """
    if not isinstance(given, str):
        raise QuestionError(f"The {name} is a text, and not {_named(given)}.")


def check_conversation(question: object, history: object) -> None:
    """See that a question is a text, and its history a list of texts and Plans.

    Raises:
        QuestionError: They are something else.
    """
    check_text(question, "question")
    if isinstance(history, str):
        raise QuestionError("The history is a list of the earlier questions, oldest first; give one as [question].")
    if not isinstance(history, Sequence):
        raise QuestionError(f"The history is a list of the earlier questions, and not {_named(history)}.")
    for said in history:
        if not isinstance(said, str | Plan):
            raise QuestionError(f"The history is a list of questions and Plans, and {_named(said)} is neither.")


def _named(given: object) -> str:
    return "None" if given is None else f"of the type {type(given).__name__}"
