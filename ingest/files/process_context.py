"""Starts processes that don't begin by running the program that started them."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType


class ReadingProcess(SpawnProcess):
    """A spawned process that knows nothing of the main program.

    Else a script that ingests, and isn't guarded by ``if __name__ == "__main__"``, would ingest again in each process,
    and every process would import what the command line needs.
    """

    def start(self) -> None:
        program = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            super().start()
        finally:
            sys.modules["__main__"] = program


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep an interruption at the keyboard waiting until processes have been started whole.

    One that is told nothing of what it is for complains of it. Threads and processes that are started meanwhile never
    hear of interruptions at all: only the program that started them decides what to do.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []
    former = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if hasattr(signal, "pthread_sigmask") else None
    try:
        yield
    finally:
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if former is not None:
            signal.signal(signal.SIGINT, former)
        if pressed:
            signal.raise_signal(signal.SIGINT)


class ReadingContext(SpawnContext):
    """What a pool makes its processes with."""

    Process = ReadingProcess
