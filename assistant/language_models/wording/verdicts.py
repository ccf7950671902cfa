"""What checking a sentence comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Why = Literal[
    "language", "markup", "length", "repeated", "citation", "support", "number", "year", "name", "unknown", "polarity",
    "contradiction", "quote", "words", "instruction",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refused:
    """A sentence that must not be shown.

    Attributes:
        why: The rule that it breaks; the words for it are those of ``why`` in the table ``rewording``.
        at: What breaks it, for whoever looks into it.
    """

    why: Why
    at: str = ""


class RefusedError(Exception):
    """Raised by a rule; carries its verdict."""

    def __init__(self, why: Why, at: str = "") -> None:
        super().__init__(f"{why}: {at}")
        self.verdict = Refused(why, at)
