"""The prompts of a survey: the question and one report, both as data, and what a reply must look like."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from assistant.language_models.model import Message
from assistant.language_models.surveying.excerpts import Excerpt
from assistant.lexicons import read_lexicon

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        # The quote first: who looks for the words before deciding decides better.
        "quote": {"type": "string"},
        "verdict": {"type": "string", "enum": ["yes", "no", "unclear"]},
    },
    "required": ["quote", "verdict"],
    "additionalProperties": False,
}
LONGEST_REPLY_KEPT = 600
"""Characters of an unusable reply that are shown to the model again."""
ROOM_TO_ASK_AGAIN = 700
"""Tokens that a report leaves free for that reply and for what is said to it."""

_MARKUP = str.maketrans("<>", "＜＞")


@cache
def prompt_version() -> str:
    """Sixteen hex digits that change with whatever is said to a model or withheld from it."""
    lexicon = read_lexicon("survey")
    said = [lexicon["prompt"], lexicon["again"], read_lexicon("instructions"), SCHEMA]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Prompts:
    """The messages about one question.

    Attributes:
        question: As the model is asked it.
        count: Counts tokens.
    """

    question: str
    count: Callable[[str], int]

    @cached_property
    def _around(self) -> tuple[str, str]:
        prompt = read_lexicon("survey")["prompt"]
        question = self.question.translate(_MARKUP)
        return prompt["before"].replace("{question}", question), prompt["after"]

    def about(self, excerpt: Excerpt) -> tuple[Message, ...]:
        """The messages of the first call about a report."""
        before, after = self._around
        return self._system, Message("user", f"{before}{excerpt.text}{after}")

    def again(self, asked: Sequence[Message], reply: str, why: str) -> tuple[Message, ...]:
        """The messages that answer a reply that can't be used; ``why`` is a word of the lexicon's ``again``."""
        shown = reply[:LONGEST_REPLY_KEPT] or "{}"
        return (*asked, Message("assistant", shown), Message("user", read_lexicon("survey")["again"][why]))

    @cached_property
    def _system(self) -> Message:
        return Message("system", read_lexicon("survey")["prompt"]["system"].strip())

    def tokens_of(self, messages: Sequence[Message]) -> int:
        """Of the texts of messages."""
        return sum(self.count(message.text) for message in messages)

    @cached_property
    def frame_tokens(self) -> int:
        """Of the first call without the report.

        With those of the report's excerpt these are all of the call's: what is before it ends in a newline, it ends in
        one itself, and no token goes over a newline into the words that follow (which a test holds to).
        """
        before, after = self._around
        return self.count(self._system.text) + self.count(before) + self.count(after)

    def frame(self) -> tuple[Message, ...]:
        """The messages of a call without any report."""
        return self.about(Excerpt("", ()))
