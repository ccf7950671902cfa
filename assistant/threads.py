"""Work that waits for the disk, given to threads by asynchronous programs, on asyncio or trio."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from importlib import import_module
from threading import Event, Lock
from typing import ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")

_AT_A_TIME = 40
"""As many as asynchronous programs mostly have threads for."""


class Threads:
    """So many threads and never more: work that is given up keeps its own until it ends.

    anyio's own would not: a limiter's token comes back as soon as nobody waits any more, with the thread still at work.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._process = 0

    def _submit(self, work: Callable[[], T]) -> Future[T]:
        with self._lock:
            # Threads don't come along into a process that is forked.
            if self._pool is None or self._process != os.getpid():
                self._pool = ThreadPoolExecutor(self._most, thread_name_prefix="nianbao")
                self._process = os.getpid()
            return self._pool.submit(copy_context().run, work)

    async def run(self, work: Callable[[], T]) -> T:
        """What a function returns, called in a thread when one is free.

        Cancelled, it returns at once. What isn't begun is never done; what is ends by itself, and is dropped.
        """
        from anyio import Event as Told

        told, soon = Told(), _soon()

        def tell(_: Future[T]) -> None:
            with suppress(RuntimeError):  # the loop has ended, and nobody waits
                soon(told.set)

        future = self._submit(work)
        future.add_done_callback(tell)
        try:
            await told.wait()
        finally:
            future.cancel()
        return future.result()


def _soon() -> Callable[[Callable[[], object]], object]:
    """What has a function called by the event loop that is running, from any thread."""
    try:
        return asyncio.get_running_loop().call_soon_threadsafe
    except RuntimeError:
        run_soon: Callable[[Callable[[], object]], object]
        run_soon = import_module("trio.lowlevel").current_trio_token().run_sync_soon
        return run_soon


_threads = Threads(_AT_A_TIME)


async def in_thread(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What a function returns, called in one of the threads of all assistants, as `Threads.run` does."""
    return await _threads.run(partial(work, *arguments, **named))


async def stepwise(steps: Generator[T]) -> AsyncGenerator[T]:
    """What a generator yields, each made in a thread.

    Left early, cancelled or closed, the generator is closed as soon as it is not at work, and so what it has open.
    """
    running, is_left, end = Lock(), Event(), object()

    def step() -> T | object:
        try:
            with running:
                return next(steps, end)
        finally:
            if is_left.is_set():
                close()

    def close() -> None:
        with running:
            steps.close()

    try:
        while (made := await in_thread(step)) is not end:
            yield made  # type: ignore[misc]  # the end is no T
    finally:
        is_left.set()
        # A step that is under way closes it, since nobody may meanwhile; and it must not be waited for.
        if running.acquire(blocking=False):
            try:
                steps.close()
            finally:
                running.release()
