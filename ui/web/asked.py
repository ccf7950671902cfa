"""What was asked, as an address: enough to give the same answer again, on a reload, in a link, for a download."""

from __future__ import annotations

import base64
import binascii
import json
import threading
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from assistant.answer import Answer
from assistant.assistant import LONGEST_QUESTION
from assistant.plan import Plan
from vectorstore.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.assistant import Assistant

MOST_EARLIER = 200
_MOST_BYTES = 200_000
_KEPT = 64


@dataclass(frozen=True)
class Asked:
    """A question in its conversation.

    Attributes:
        question: As it was typed, or as the plan reads in words.
        plan: What to answer, where a person changed how the question was understood.
        history: Earlier questions of the conversation that this one may lean on, oldest first; a Plan where the
            person had changed it.
    """

    question: str
    plan: Plan | None = None
    history: tuple[str | Plan, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As the page's script keeps it: ``{"q": …, "p": {…} or null, "h": […]}``."""
        return {
            "q": self.question,
            "p": None if self.plan is None else self.plan.model_dump(mode="json", exclude_defaults=True),
            "h": [
                said if isinstance(said, str) else said.model_dump(mode="json", exclude_defaults=True)
                for said in self.history
            ],
        }

    @property
    def token(self) -> str:
        """For an address: letters, digits, ``-`` and ``_`` only."""
        packed = zlib.compress(json.dumps(self.as_json(), ensure_ascii=False, separators=(",", ":")).encode(), 9)
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_asked(record: Mapping[str, Any]) -> Asked:
    """What `Asked.as_json` gave.

    Raises:
        QuestionError: It isn't of that form; somebody else's link, or one of another version.
    """
    try:
        question, plan, history = record["q"], record.get("p"), record.get("h") or []
        if not isinstance(question, str) or len(question) > LONGEST_QUESTION or not isinstance(history, list):
            raise ValueError
        # Half a character, a lone surrogate, could not be put into an address.
        json.dumps([question, plan, history], ensure_ascii=False).encode()
        earlier = [said if isinstance(said, str) else Plan.model_validate(said) for said in history[-MOST_EARLIER:]]
        return Asked(question.strip(), None if plan is None else Plan.model_validate(plan), tuple(earlier))
    except (KeyError, TypeError, ValueError, RecursionError, ValidationError):
        raise QuestionError("This link or this request can't be read; ask the question again.") from None


def read_token(token: str) -> Asked:
    """What `Asked.token` gave.

    Raises:
        QuestionError: As `read_asked`.
    """
    try:
        packed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        # A bound, since a few bytes can unpack to gigabytes.
        record = json.loads(zlib.decompressobj().decompress(packed, _MOST_BYTES))
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        record = {}
    return read_asked(record if isinstance(record, dict) else {})


class Answers:
    """Gives the answers to what was asked; remembers the last few, since a page comes back for parts of them."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._kept: OrderedDict[tuple[str, str], Answer] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, asked: Asked) -> Answer:
        """The answer, over the index as it is now.

        Raises:
            QuestionError: The question is empty or too long, or its plan names what doesn't exist.
        """
        key = (self._assistant.index.fingerprint, asked.token)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        if asked.plan is not None:
            answer = self._assistant.answer(asked.plan, asked.question)
        else:
            answer = self._assistant.ask(asked.question, history=asked.history)
        with self._lock:
            self._kept[key] = answer
            if asked.history and answer.resolved is None:
                # It didn't lean on the conversation: its link and its files ask it without.
                self._kept[key[0], Asked(asked.question, asked.plan).token] = answer
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return answer
