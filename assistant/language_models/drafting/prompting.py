"""What a language model is told and shown for a draft: instructions, examples, and the question with its choices."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from assistant.language_models.drafting.choices import Choices
from assistant.language_models.model import Message
from assistant.lexicons import read_lexicon
from assistant.plan import Language
from vectorstore.catalogue import kinds_name
from vectorstore.records import Kind

_PROBLEMS_TOLD = 8
CONFIRMED: dict[str, Any] = {
    "title": "confirmed",
    "type": "object",
    "properties": {"same": {"type": "boolean"}},
    "required": ["same"],
    "additionalProperties": False,
}


def instructions(language: Language) -> Iterator[Message]:
    """The system's message and the examples in a language."""
    prompt = read_lexicon("planning")
    yield Message("system", str(prompt["prompt"]["system"]).strip())
    for example in prompt["example"]:
        if example["language"] == language:
            yield Message("user", json.dumps({"question": example["question"]}, ensure_ascii=False))
            yield Message("assistant", str(example["reply"]))


def question_message(question: str, choices: Choices, language: Language, known: Mapping[str, Any]) -> Message:
    """The question as data, with what its draft may name and what is known beside it."""
    asked = {
        "question": question,
        "metrics": choices.metrics,
        "columns": choices.columns,
        "kinds": {str(kind): kinds_name(kind, language) for kind in Kind},
        "bodies": _numbered(choices.body_names),
        "places": _numbered(choices.places),
    }
    return Message("user", json.dumps(asked | dict(known), ensure_ascii=False))


def repair_message(problems: Sequence[str]) -> Message:
    """What was wrong with a draft."""
    told = str(read_lexicon("planning")["prompt"]["repair"])
    return Message("user", told.format(problems=" ".join(problems[:_PROBLEMS_TOLD])))


def confirmation(question: str, understood: str, left_out: Sequence[str]) -> list[Message]:
    """What is sent to learn whether a plan in words asks what the question does."""
    asked = {"asked": question, "understood": understood, "left_out": list(left_out)}
    return [
        Message("system", str(read_lexicon("planning")["prompt"]["confirm"]).strip()),
        Message("user", json.dumps(asked, ensure_ascii=False)),
    ]


def is_confirmed(reply: str) -> bool:
    """Whether a reply says yes, and nothing else."""
    try:
        said = json.loads(reply[reply.find("{") : reply.rfind("}") + 1])
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("same") is True


def _numbered(names: Iterable[str]) -> list[dict[str, object]]:
    """Names with the numbers that a draft calls them by, from 1."""
    return [{"n": number, "name": name} for number, name in enumerate(names, 1)]
