"""How many tokens a survey may spend, and has spent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class BudgetSpentError(Exception):
    """The next call could cost more than what is left."""


class Call:
    """One call that is being made, in one attempt or several; each counts. A ``Meter`` of a language model.

    Attributes:
        attempts: So many were sent.
        tokens_in, tokens_out: Of the attempts that are over.
    """

    def __init__(self, budget: Budget, tokens_in: int, most_out: int, cancelled: threading.Event) -> None:
        self._budget = budget
        self._each = (tokens_in, most_out)
        self._cancelled = cancelled
        self._heard = 0
        self._is_reserved = False
        self._is_sent = False
        self.attempts = self.tokens_in = self.tokens_out = 0

    def sent(self) -> None:
        """An attempt begins.

        Raises:
            BudgetSpentError: Too little is left for another one.
        """
        if self._is_sent:
            self.settle()
            self.reserve()
        self._is_sent = True
        self.attempts += 1

    def heard(self, tokens: int) -> None:
        """So many tokens came; what a server says beyond the most that it was asked for isn't taken."""
        self._heard = min(tokens, self._each[1])

    def reserve(self) -> None:
        """Set aside what an attempt can cost."""
        self._budget.reserve(sum(self._each), self._cancelled)
        self._is_reserved = True

    def settle(self) -> None:
        """Count what the attempt did cost, and set aside nothing any more."""
        if not self._is_reserved:
            return
        tokens_in, tokens_out = (self._each[0], self._heard) if self._is_sent else (0, 0)
        self._budget.settle(sum(self._each), tokens_in, tokens_out, is_sent=self._is_sent)
        self.tokens_in += tokens_in
        self.tokens_out += tokens_out
        self._heard, self._is_reserved, self._is_sent = 0, False, False


class Budget:
    """Tokens, in and out. Before each attempt all that it can cost is set aside, so that the limit is never exceeded.

    Attributes:
        tokens_in, tokens_out, calls: Spent so far.
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._set_aside = 0
        self._changed = threading.Condition()
        self.calls = 0
        self.tokens_in = 0
        self.tokens_out = 0

    @property
    def spent(self) -> int:
        """In and out."""
        return self.tokens_in + self.tokens_out

    @contextmanager
    def call(self, tokens_in: int, most_out: int, cancelled: threading.Event) -> Iterator[Call]:
        """Make a call within the budget; waits for calls under way, which may cost less than they could.

        An attempt that fails counts for what it sent and what came of it.

        Raises:
            BudgetSpentError: Too little is left, or ``cancelled`` was set while waiting.
        """
        call = Call(self, tokens_in, most_out, cancelled)
        call.reserve()
        try:
            yield call
        finally:
            call.settle()

    def reserve(self, most: int, cancelled: threading.Event) -> None:
        """Set tokens aside.

        Raises:
            BudgetSpentError: As `call`.
        """
        with self._changed:
            while self._most is not None and self.spent + self._set_aside + most > self._most:
                if not self._set_aside or cancelled.is_set():
                    raise BudgetSpentError
                self._changed.wait(0.05)
            self._set_aside += most

    def settle(self, most: int, tokens_in: int, tokens_out: int, *, is_sent: bool) -> None:
        """Count an attempt in place of what was set aside for it."""
        with self._changed:
            self._set_aside -= most
            self.calls += is_sent
            self.tokens_in += tokens_in
            self.tokens_out += tokens_out
            self._changed.notify_all()
