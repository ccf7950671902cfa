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
from assistant.plan import SURVEY, Plan
from vectorstore.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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


@dataclass(frozen=True, slots=True)
class Answered:
    """What is known of an answer.

    Attributes:
        answer: The answer as far as it has come.
        built_in: The answer in the program's own words, where a language model worded it.
        is_final: Whether nothing more is to come.
    """

    answer: Answer
    built_in: Answer | None = None
    is_final: bool = True


class Answers:
    """Gives the answers to what was asked; remembers the last few, since a page comes back for parts of them."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._kept: OrderedDict[tuple[str, str], Answered] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, asked: Asked) -> Answer:
        """The answer, over the index as it is now; as far as it has come while it is being worded.

        Raises:
            QuestionError: The question is empty or too long, or its plan names what doesn't exist.
        """
        return self.answered(asked).answer

    def answered(self, asked: Asked) -> Answered:
        """The answer with what is known of it.

        Raises:
            QuestionError: As `answer`.
        """
        known = self._find(asked)
        if known is None:
            *_, known = self.stream(asked)
        return known

    def stream(self, asked: Asked) -> Iterator[Answered]:
        """The answer as it comes; the last is final. Closed before that, the built-in one is what is remembered.

        Raises:
            QuestionError: As `answer`.
        """
        known = self._find(asked)
        model = self._assistant.language_model
        # What a model didn't word, because it failed or was stopped, it may word when it is asked again.
        if known is not None and known.is_final and (model is None or known.answer.worded_by == "model"):
            yield known
            return
        if model is None:
            known = Answered(next(self._answers(asked)))
            self._keep(asked, known)
            yield known
            return
        plain: Answer | None = None
        last: Answered | None = None
        try:
            for answer in self._answers(asked):
                plain = answer if answer.worded_by == "rules" else plain
                built_in = plain if answer.worded_by == "model" else None
                if last is not None and last.answer == answer:
                    yield last  # so that a reader who has gone is noticed while the model goes on
                    continue
                last = Answered(answer, built_in, is_final=False)
                self._keep(asked, last)
                yield last
            if last is not None:
                last = Answered(last.answer, last.built_in)
                self._keep(asked, last)
        finally:
            if last is not None and not last.is_final and plain is not None:
                self._keep(asked, Answered(plain, is_final=False))
        if last is not None:
            yield last

    def _answers(self, asked: Asked) -> Iterator[Answer]:
        model = self._assistant.language_model
        if asked.plan is not None and asked.plan.aspect == SURVEY:
            from assistant.language_models.survey import known_answer

            yield known_answer(self._assistant, asked.plan, asked.question)
        elif asked.plan is not None:
            answer = self._assistant.answer(asked.plan, asked.question)
            yield answer
            if model is not None:
                from assistant.language_models.rewording import reword

                yield from reword(model, self._assistant, answer)
        elif model is None:
            yield self._assistant.ask(asked.question, history=asked.history)
        else:
            yield from self._assistant.stream(asked.question, asked.history)

    def forget(self, asked: Asked) -> None:
        """Work the answer out anew the next time: more of it is known by now."""
        with self._lock:
            self._kept.pop(self._key(asked), None)

    def _key(self, asked: Asked) -> tuple[str, str]:
        return (self._assistant.index.fingerprint, asked.token)

    def _find(self, asked: Asked) -> Answered | None:
        key = self._key(asked)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, asked: Asked, known: Answered) -> None:
        key = self._key(asked)
        with self._lock:
            self._kept[key] = known
            if asked.history and known.answer.resolved is None:
                # It didn't lean on the conversation: its link and its files ask it without.
                self._kept[key[0], Asked(asked.question, asked.plan).token] = known
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
