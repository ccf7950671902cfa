"""Many reports at a time: side by side, stopped at once, and patient with a server that asks for a pause."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import NamedTuple

from assistant.language_models.surveying.budget import BudgetSpentError
from assistant.language_models.surveying.judging import Task, blank_verdict
from assistant.language_models.surveying.records import ReportVerdict
from vectorstore.errors import LanguageModelError

logger = logging.getLogger(__name__)

_LOOK_AGAIN = 0.05
"""Seconds after which a stop is noticed at the latest."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
PATIENCE = 600.0
"""Seconds that a server may ask for pauses before the rest is left unread."""
_PASSING = ("rate", "busy")
"""Reasons for which a report is asked about again later: the server is there, and has too much to do."""


class Pending(NamedTuple):
    """A report that is to be read.

    Attributes:
        prepare: Reads what is to be sent; ``None`` where the report has gone, or holds nothing to read.
    """

    report_id: str
    prepare: Callable[[], Task | None]


class Crew:
    """Judges many reports, a few at a time.

    Threads of its own rather than a pool's: those of a pool are waited for when the program ends, and a call that
    nobody wants any more may still take a minute.

    Args:
        judge: Gives the verdict on one report; see `Judge.judge`.
        parallel: At a time, at most.
        cancelled: Set from outside to stop at once; calls that are under way are no longer waited for.
        late: Given the verdicts of those calls all the same, if they come: they are paid for.
    """

    def __init__(
        self,
        judge: Callable[[Task], ReportVerdict],
        parallel: int,
        cancelled: threading.Event,
        late: Callable[[ReportVerdict], None] = lambda verdict: None,
    ) -> None:
        self._judge = judge
        self._parallel = parallel
        self._cancelled = cancelled
        self._late = late
        self._finished: SimpleQueue[ReportVerdict | None] = SimpleQueue()
        self._waiting: deque[Pending] = deque()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._left = threading.Event()
        self._why = ""
        self._failed_running = 0
        self._pause = _FIRST_PAUSE
        self._paused_until = 0.0
        self._last_success = 0.0

    @property
    def why(self) -> str:
        """Why some reports were not asked about: ``stopped``, ``budget`` or ``server``; empty where all were."""
        return self._why

    def verdicts(self, tasks: Sequence[Pending]) -> Iterator[ReportVerdict]:
        """The verdicts as they come. Reports without one were not asked about, for the reason in ``why``."""
        self._waiting.extend(tasks)
        self._last_success = time.monotonic()
        workers = min(self._parallel, len(tasks))
        for _ in range(workers):
            threading.Thread(target=self._work, name="survey", daemon=True).start()
        try:
            while workers:
                if self._cancelled.is_set():
                    self._end("stopped")
                    return
                try:
                    finished = self._finished.get(timeout=_LOOK_AGAIN)
                except Empty:
                    continue
                if finished is None:
                    workers -= 1
                else:
                    yield finished
        finally:
            self._left.set()
            self._ended.set()

    def _end(self, why: str) -> None:
        with self._lock:
            self._why = self._why or why
            self._ended.set()

    def _work(self) -> None:
        try:
            while not self._ended.is_set() and not self._cancelled.is_set():
                self._rest()
                with self._lock:
                    if not self._waiting or self._ended.is_set():
                        return
                    pending = self._waiting.popleft()
                verdict = self._one(pending)
                if verdict is None:
                    continue
                if self._left.is_set():
                    self._late(verdict)
                self._finished.put(verdict)
        finally:
            self._finished.put(None)

    def _one(self, pending: Pending) -> ReportVerdict | None:
        """The verdict on a report; ``None`` where it goes back among those that wait, or nobody waits for it."""
        verdict = ReportVerdict(pending.report_id, "not_read", why="gone")
        try:
            task = pending.prepare()
            if task is None:
                return verdict
            verdict = blank_verdict(task)
            verdict = self._judge(task)
        except BudgetSpentError:
            self._waiting.append(pending)
            self._end("budget")
            return None
        except LanguageModelError as error:
            if self._left.is_set():
                return None
            if error.reason in _PASSING and self._take_a_rest(error.wait):
                self._waiting.appendleft(pending)
                return None
            if not self._failed_running:  # of many in a row, one tells enough
                logger.warning("The report %s could not be judged: %s", pending.report_id, error)
            self._count_failure()
            return replace(verdict, outcome="failed", why="model", problem=error.reason)
        except Exception:
            if self._left.is_set():
                return None  # The index has been closed meanwhile, say.
            logger.exception("The report %s could not be judged.", pending.report_id)
            return replace(verdict, outcome="failed", why="model", problem="other")
        with self._lock:
            self._failed_running, self._pause, self._last_success = 0, _FIRST_PAUSE, time.monotonic()
        return verdict

    def _take_a_rest(self, wait: float | None) -> bool:
        """Everybody pauses, as long as the server asks, else longer each time; false where that goes on too long."""
        with self._lock:
            now = time.monotonic()
            if now - self._last_success > PATIENCE or (wait or 0.0) > PATIENCE:
                return False
            # Calls that were under way when the pause began are refused too; that doesn't make it longer.
            if now >= self._paused_until or wait is not None:
                self._paused_until = max(self._paused_until, now + (self._pause if wait is None else wait))
                self._pause = min(self._pause * 2, _LONGEST_PAUSE)
            return True

    def _rest(self) -> None:
        while (left := self._paused_until - time.monotonic()) > 0 and not self._ended.is_set():
            self._cancelled.wait(min(left, _LOOK_AGAIN))
            if self._cancelled.is_set():
                return

    def _count_failure(self) -> None:
        """A server that fails each time is gone: the others needn't be tried one by one."""
        with self._lock:
            self._failed_running += 1
            is_gone = self._failed_running >= max(3, self._parallel)
        if is_gone:
            self._end("server")
