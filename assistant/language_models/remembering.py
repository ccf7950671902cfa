"""The plans that a model made in this process, so that the same question isn't sent twice."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import NamedTuple

from assistant.answer import Answer
from assistant.plan import Plan

MOST = 512


class ModelReading(NamedTuple):
    """A question as a model understood it.

    Attributes:
        understood: The plan as a question, in its language.
        continues: Whether it leaned on the one before.
        answer: To the plan, where that has just been computed; never remembered, since some are as large as a corpus.
    """

    plan: Plan
    understood: str
    continues: bool = False
    answer: Answer | None = None


class PlanMemory:
    """The last so many plans by question, history, corpus and day, or that there is none. Safe from several threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._plans: OrderedDict[Hashable, ModelReading | None] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> tuple[bool, ModelReading | None]:
        """Whether the model was asked, and what came of it."""
        with self._lock:
            if key not in self._plans:
                return False, None
            self._plans.move_to_end(key)
            return True, self._plans[key]

    def keep(self, key: Hashable, read: ModelReading | None) -> None:
        """Remember what came of asking."""
        with self._lock:
            self._plans[key] = None if read is None else read._replace(answer=None)
            self._plans.move_to_end(key)
            while len(self._plans) > self._most:
                self._plans.popitem(last=False)
