"""The prompt of a wording: rules of ours in one message, everything that others wrote as data in another."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from assistant.language_models.model import Message
from assistant.lexicons import read_lexicon
from assistant.plan import Language

if TYPE_CHECKING:
    from assistant.language_models.model import LanguageModel

_DROPPED = ("besides", "coverage", "warnings")


def prompt(model: LanguageModel, data: dict[str, Any], language: Language, besides: int) -> list[Message] | None:
    """The messages; ``None`` where even the shortest material is more than the model can take in.

    Args:
        besides: How many of the last pieces of evidence can be spared.
    """
    spared = besides
    while True:
        messages = _messages(data, language)
        if model.room(messages) >= 0:
            return messages
        if not spared:
            return None
        data = data | {"evidence": data["evidence"][:-1]}
        spared -= 1


def _messages(data: dict[str, Any], language: Language) -> list[Message]:
    words = read_lexicon("rewording")["prompt"]
    written = json.dumps(data, ensure_ascii=False, indent=1)
    mark = f"={secrets.token_hex(8)}="
    while mark in written:
        mark = f"={secrets.token_hex(8)}="
    # Replaced and not formatted: the data may hold braces.
    user = words["user"][language].replace("{mark}", mark).replace("{data}", written)
    return [Message("system", words["system"][language]), Message("user", user)]
