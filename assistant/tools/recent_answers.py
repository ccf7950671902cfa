"""The answers that were given last, since agents come back for their further rows."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.answer import Answer

if TYPE_CHECKING:
    from assistant.assistant import Assistant

MOST_ANSWERS = 64
MOST_ROWS = 50_000
"""Of all of them together; the last one is kept however many it has."""

_Key = tuple[str, str, str, tuple[str, ...]]


class RecentAnswers:
    """Asks, and remembers: a language model is asked once for all the rows of an answer, and they are of one plan.

    Safe from several threads.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._kept: OrderedDict[_Key, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def ask(self, question: str, history: Sequence[str]) -> Answer:
        """The answer, made now."""
        key = self._key(question, history)
        answer = self._assistant.ask(question, list(history))
        with self._lock:
            self._kept[key] = answer
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and self._are_too_many():
                self._kept.popitem(last=False)
        return answer

    def again(self, question: str, history: Sequence[str]) -> Answer:
        """The answer that was given to it over the corpus as it is, if it is still known; else as `ask`."""
        key = self._key(question, history)
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
        return known or self.ask(question, history)

    def _are_too_many(self) -> bool:
        return len(self._kept) > MOST_ANSWERS or sum(len(answer.rows) for answer in self._kept.values()) > MOST_ROWS

    def _key(self, question: str, history: Sequence[str]) -> _Key:
        return (self._assistant.index.fingerprint, str(self._assistant.today), question.strip(), tuple(history))
