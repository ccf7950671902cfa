"""The text of answers that follow one another, as pieces that are only ever added to."""

from __future__ import annotations

from assistant.answer import Answer


class WrittenOut:
    """What has been given out of an answer that is still coming.

    The built-in answer is held back, since a language model's wording takes its place; it is given out at the end
    where no model worded anything.

    Attributes:
        answer: The last that came.
    """

    def __init__(self, first: Answer) -> None:
        self.answer = first
        self._given = ""

    def add(self, answer: Answer) -> str:
        """The piece that another answer adds; empty where it adds nothing yet."""
        self.answer = answer
        return self._further() if answer.worded_by == "model" else ""

    def rest(self) -> str:
        """What is left to give out when the last answer has come."""
        return self._further()

    def _further(self) -> str:
        text = self.answer.text
        # A text that doesn't go on from what was given out is an answer of its own.
        piece = text[len(self._given) :] if text.startswith(self._given) else f"\n\n{text}"
        self._given = text
        return piece
