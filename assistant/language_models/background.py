"""Pieces of text from a source that may never end, taken within a deadline, with a beat between them."""

from __future__ import annotations

import atexit
import math
import threading
import time
from collections.abc import Callable, Generator, Iterator
from queue import Empty, SimpleQueue

_ENDED = object()
_LAST_WAIT = 1.0
"""Seconds that sources have to close when the program ends. A thread that comes back from a library's C or Rust after
Python has ended takes the whole process down (SIGABRT); one that hangs in a read doesn't come back."""
_running: dict[threading.Thread, threading.Event] = {}
"""The threads that read a source, each with what tells it that nobody wants it any more."""


class DeadlineError(Exception):
    """The deadline passed. ``started`` says whether a piece had come."""

    def __init__(self, started: bool) -> None:
        super().__init__()
        self.started = started


def pieces_until(
    deadline: float, source: Callable[[], Iterator[str]], ended: Callable[[], None], beat: float | None = None
) -> Generator[str | None]:
    """The source's pieces as they come, until the deadline (``time.monotonic``) at the latest.

    The source runs in a thread of its own, so that one that hangs inside a library holds nobody up. It is closed at its
    next piece once nobody wants it any more.

    Args:
        ended: Called when the source has come to its end, though that be long after the deadline.
        beat: Seconds after which a ``None`` comes again and again, whether pieces come or not, so that whoever waits
            can see that nobody wants them any more.

    Raises:
        DeadlineError: The deadline passed.
    """
    queue, unwanted = _read(source, ended)
    started = False
    next_beat = math.inf if beat is None else time.monotonic() + beat
    try:
        while True:
            if beat is not None and time.monotonic() >= next_beat:
                yield None
                next_beat = time.monotonic() + beat
            try:
                got = queue.get(timeout=max(0.0, min(deadline, next_beat) - time.monotonic()))
            except Empty:
                if time.monotonic() < deadline:
                    continue
                raise DeadlineError(started) from None
            if got is _ENDED:
                return
            if isinstance(got, Exception):
                raise got
            started = True
            yield str(got)
            if time.monotonic() > deadline:
                raise DeadlineError(started)
    finally:
        unwanted.set()


def _read(
    source: Callable[[], Iterator[str]], ended: Callable[[], None]
) -> tuple[SimpleQueue[object], threading.Event]:
    """Read a source in a thread of its own: where its pieces come, and what tells it that nobody wants them."""
    queue: SimpleQueue[object] = SimpleQueue()
    unwanted = threading.Event()

    def run() -> None:
        try:
            for piece in source():
                queue.put(piece)
                if unwanted.is_set():
                    break
            queue.put(_ENDED)
        except Exception as error:  # Whatever a library raises is for the caller, in the caller's thread.
            queue.put(error)
        finally:
            _running.pop(thread, None)
            ended()

    thread = threading.Thread(target=run, name="language-model", daemon=True)
    _running[thread] = unwanted
    thread.start()
    return queue, unwanted


def wait_with_beats(seconds: float, beat: float | None, wait: Callable[[float], bool]) -> Generator[str, None, bool]:
    """A wait with an empty piece for each beat; returns whether what was waited for has come.

    Args:
        wait: Waits for so many seconds at most, and says whether it has come.
    """
    while seconds > 0:
        part = seconds if beat is None else min(seconds, beat)
        if wait(part):
            return True
        seconds -= part
        if seconds > 0:
            yield ""
    return False


@atexit.register
def _close_all() -> None:
    running = list(_running.items())
    for _, unwanted in running:
        unwanted.set()
    until = time.monotonic() + _LAST_WAIT
    for thread, _ in running:
        thread.join(max(0.0, until - time.monotonic()))
