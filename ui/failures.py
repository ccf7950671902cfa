"""What a command says when something fails, one sentence, and the code that it exits with."""

from __future__ import annotations

import os

from ui.errors import UsageError
from ui.options import FAILED, WRONG_USAGE
from vectorstore.errors import LanguageModelError, NianbaoError, QuestionError

TRACEBACK = "NIANBAO_TRACEBACK"
"""The environment variable that asks for Python's own account of an error that nobody foresaw."""


def sentence_of(error: Exception) -> str:
    """What failed, where, and what to do.

    Raises:
        Exception: The error itself, where nobody foresaw it and the environment asks for its traceback.
    """
    if isinstance(error, NianbaoError):
        return str(error)
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return f"The system refused: {error.strerror or error}{where}. Check the path, its rights and the space left."
    if isinstance(error, UnicodeEncodeError):
        return "Something that was given is not UTF-8 text; write it again in UTF-8."
    if isinstance(error, MemoryError):
        return "The memory was not enough. Narrow what is asked for, or do it in smaller parts."
    if os.environ.get(TRACEBACK):
        raise error
    told = " ".join(str(error).split())[:200]
    return (
        f"Nianbao failed in a way that it should not ({type(error).__name__}{': ' + told if told else ''}). "
        f"Please report it, with what {TRACEBACK}=1 shows."
    )


def exit_code_of(error: Exception) -> int:
    """Wrong usage where what was given can't be meant, such as no question or no such model; else failed."""
    if isinstance(error, QuestionError | UsageError):
        return WRONG_USAGE
    if isinstance(error, LanguageModelError) and error.reason == "settings":
        return WRONG_USAGE
    return FAILED
