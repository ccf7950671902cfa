"""An answer on a terminal while a language model words it: the text grows, and what stands below it follows."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ui.terminal import harmless, is_terminal, styled, with_markers
from ui.texts import texts

if TYPE_CHECKING:
    from assistant.answer import Answer

_BACK = "\r\x1b[K"
"""Back to the beginning of the line, which is wiped."""


def print_while_growing(answers: Iterable[Answer]) -> tuple[Answer, bool]:
    """Print the text of a model's wording as it comes; the last answer, and whether its text has been printed.

    The built-in answer is not printed before it: what is printed can't be taken back. On anything but a terminal
    nothing is.
    """
    last: Answer | None = None
    printed = ""
    waiting = False
    try:
        for answer in answers:
            if last is not None and is_terminal():
                if answer.worded_by == "model" and answer.text != printed:
                    _write((_BACK if waiting else "") + with_markers(harmless(answer.text[len(printed) :])))
                    printed, waiting = answer.text, False
                elif not printed and not waiting:
                    _write(styled(texts(last.language)("ask.wording"), "faint"))
                    waiting = True
            last = answer
    finally:
        if waiting:
            _write(_BACK)
    assert last is not None, "a question is answered at least once"
    if printed:
        _write("\n")
    return last, bool(printed)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
