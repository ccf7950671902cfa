"""Reads reports side by side in processes of their own, each file within a time and a memory that bound what it can do.

A file that crashes its process, or never ends, costs one line; the others go on. Results come in the order in which the
files were given, whichever was done first, so that one ingestion is like another.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, TimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ingest.files.report_reading import read_report
from ingest.manifest import ManifestEntry
from vectorstore.errors import ReadError
from vectorstore.records import ReportContents

if TYPE_CHECKING:
    from pebble import ProcessFuture, ProcessPool

T = TypeVar("T")
Outcome = ReportContents | ReadError

MEMORY_LIMIT = 4 * 1024**3
"""Bytes of data that a process may have. Recognising the words of a page takes less than one."""
_REPORTS_PER_PROCESS = 500
"""Then a fresh one takes over: libraries in C keep some of what they were given."""
_MOST_BYTES_IN_FLIGHT = 256 * 1024**2
_MOST_BREAKS = 3
_FEW = 60
"""Light files that are read before processes are started: in the time that this takes, one reads so many."""


class InterruptedReadingError(ReadError):
    """Reading a file was ended from outside; another time it may do better."""


@dataclass(frozen=True, slots=True)
class ReadingTask:
    """A file to read.

    Attributes:
        seconds: How long that may take.
        is_light: It takes milliseconds whatever is in it, so that it may be read without a process that can be ended.
    """

    data: bytes
    source: str
    entry: ManifestEntry | None
    seconds: float
    is_light: bool = False


@dataclass(slots=True)
class _Waiting(Generic[T]):
    """A subject in its turn; ``future`` only where a process reads it, ``outcome`` where it is known already."""

    subject: T
    task: ReadingTask | None = None
    future: ProcessFuture[Outcome] | None = None
    outcome: Outcome | None = None


class ReadingProcesses:
    """Processes that read, started when the first file comes. A context: at its end none is left.

    Args:
        number: How many.
        read: What they do with a file, if it isn't reading a report; a function of a module.
    """

    def __init__(self, number: int, read: Callable[[ReadingTask], Outcome] | None = None) -> None:
        self._number = number
        self._read = read or _read
        self._pool: ProcessPool | None = None
        self._breaks = 0
        self._read_here = 0

    def __enter__(self) -> ReadingProcesses:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def read(self, steps: Iterable[tuple[T, ReadingTask | None]]) -> Iterator[tuple[T, Outcome | None]]:
        """Each subject with what was read of it, or why it couldn't be, in order.

        Args:
            steps: Taken only so far ahead as keeps the processes busy. A subject without a task passes through in its
                place, with ``None``.
        """
        waiting: deque[_Waiting[T]] = deque()
        most_in_flight = 4 * self._number + 4
        in_flight = bytes_in_flight = 0
        for subject, task in steps:
            if task is None:
                waiting.append(_Waiting(subject))
            elif self._is_read_here(task):
                waiting.append(_Waiting(subject, outcome=self._read(task)))
            else:
                waiting.append(_Waiting(subject, task, self._submit(task)))
                in_flight += 1
                bytes_in_flight += len(task.data)
            while waiting and (
                (first := waiting[0]).task is None
                or in_flight >= most_in_flight
                or bytes_in_flight >= _MOST_BYTES_IN_FLIGHT
            ):
                outcome = self._outcome(waiting)
                if first.task is not None:
                    in_flight -= 1
                    bytes_in_flight -= len(first.task.data)
                yield first.subject, outcome
        while waiting:
            first = waiting[0]
            yield first.subject, self._outcome(waiting)

    def _outcome(self, waiting: deque[_Waiting[T]]) -> Outcome | None:
        """What became of the first that is waiting, which then waits no more."""
        first = waiting[0]
        while first.future is not None and first.task is not None:
            try:
                result = first.future.result()
            except BrokenProcessPool:
                self._restart(waiting)
                continue
            except (Exception, CancelledError) as error:
                result = _ended(first.task, error)
            waiting.popleft()
            return result
        waiting.popleft()
        return first.outcome

    def _is_read_here(self, task: ReadingTask) -> bool:
        """Whether starting processes would cost more than it saves."""
        if not task.is_light or self._pool is not None or (self._number > 1 and self._read_here >= _FEW):
            return False
        self._read_here += 1
        return True

    def _restart(self, waiting: deque[_Waiting[T]]) -> None:
        """Begin again with fresh processes, after all of them ended while none was reading."""
        self._breaks += 1
        self._stop()
        if self._breaks > _MOST_BREAKS:
            raise ReadError(
                "The processes that read reports are ended again and again from outside; free some memory, or ingest "
                "with --jobs 1, and run the command again: what is in stays in."
            )
        for other in waiting:
            if other.task is not None and other.future is not None and not _is_good(other.future):
                other.future = self._submit(other.task)

    def _submit(self, task: ReadingTask) -> ProcessFuture[Outcome]:
        if self._pool is None:
            from ingest.files.process_context import undisturbed

            self._pool = _pool_of(self._number)
            with undisturbed():
                return self._pool.schedule(self._read, args=(task,), timeout=task.seconds)
        try:
            return self._pool.schedule(self._read, args=(task,), timeout=task.seconds)
        except RuntimeError:
            # The pool broke down since the last file; ``_outcome`` sees it on that one's future.
            return _broken()

    def _stop(self) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None


def _read(task: ReadingTask) -> Outcome:
    try:
        return read_report(task.data, task.source, task.entry)
    except ReadError as error:
        return error


def _ended(task: ReadingTask, error: BaseException) -> ReadError:
    if isinstance(error, TimeoutError):
        return InterruptedReadingError(
            f"{task.source} was not read within {task.seconds:.0f} seconds, as any report is; "
            "split it, or try again when the machine is less busy."
        )
    return InterruptedReadingError(
        f"{task.source} ended the process that read it ({_cause(error)}): it is damaged or takes too much memory; "
        "save it in another format or take it out."
    )


def _cause(error: BaseException) -> str:
    code = getattr(error, "exitcode", None)
    if isinstance(code, int) and code < 0:
        with suppress(ValueError):
            return signal.Signals(-code).name
    return " ".join(f"{type(error).__name__}: {error}".split())[:120]


def _is_good(future: ProcessFuture[Outcome]) -> bool:
    return future.done() and not future.cancelled() and not isinstance(future.exception(), BrokenProcessPool)


def _broken() -> ProcessFuture[Outcome]:
    from pebble import ProcessFuture

    future: ProcessFuture[Outcome] = ProcessFuture()
    future.set_exception(BrokenProcessPool("the pool is closed"))
    return future


def _pool_of(number: int) -> ProcessPool:
    from pebble import ProcessPool

    from ingest.files.process_context import ReadingContext

    return ProcessPool(
        max_workers=number,
        max_tasks=_REPORTS_PER_PROCESS,
        initializer=_limit_process,
        initargs=(MEMORY_LIMIT,),
        context=ReadingContext(),
    )


def _limit_process(memory: int) -> None:
    """Bound the process that this runs in, and keep it from outliving its purpose."""
    # Reading makes many objects and no garbage in circles.
    gc.set_threshold(50_000, 20, 20)
    # Ended by the one that started it, the process takes along what it has started itself (LibreOffice); and an
    # interruption at the keyboard reaches only the process that decides what to do about it.
    if hasattr(os, "setpgid"):
        with suppress(OSError):
            os.setpgid(0, 0)
            signal.signal(signal.SIGTERM, _end_group)
    if sys.platform.startswith("linux"):
        import resource

        # Not RLIMIT_AS: onnxruntime and others reserve addresses by the gigabyte that they never use.
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        if most == resource.RLIM_INFINITY or most > memory:
            resource.setrlimit(resource.RLIMIT_DATA, (memory, most))


def _end_group(*_: Any) -> None:
    os.killpg(0, signal.SIGKILL)
