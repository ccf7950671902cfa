"""Work that takes time is done in a few threads, never where requests are received."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from fastapi import Request, Response
from starlette.requests import ClientDisconnect

from ui.http_serving.problems import ProblemError
from ui.http_serving.settings import ServerSettings

T = TypeVar("T")
logger = logging.getLogger(__name__)

_END = object()


class Workers:
    """A few threads that do what requests ask for; the others wait their turn."""

    def __init__(self, settings: ServerSettings) -> None:
        self._pool = ThreadPoolExecutor(settings.threads, thread_name_prefix="nianbao-http")
        self._seconds = settings.seconds

    def close(self) -> None:
        """Begin nothing new; what is being done ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Do it as soon as a thread is free."""
        return self._pool.submit(work)

    async def run(self, request: Request, work: Callable[[], T]) -> T:
        """What the work gives. Where the client leaves before it is begun, it isn't done.

        Raises:
            ProblemError: It takes too long.
            ClientDisconnect: The client has left.
        """
        future = asyncio.wrap_future(self._pool.submit(work))
        gone = asyncio.ensure_future(_gone(request))
        either: set[asyncio.Future[Any]] = {future, gone}
        try:
            await asyncio.wait(either, timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED)
            if future.done():
                return future.result()
            if gone.done():
                raise ClientDisconnect
            raise ProblemError("timed_out", f"No answer within {self._seconds:g} seconds; ask for less at once.")
        finally:
            gone.cancel()
            if not future.done():
                # A thread can't be interrupted: what is begun goes on, and its error interests nobody any more.
                future.cancel()

    async def json(self, request: Request, work: Callable[[], Any], status: int = 200) -> Response:
        """The response with what the work gives, as JSON; that is written in the thread too."""
        content = await self.run(request, lambda: encode(work()))
        return Response(content, status, media_type="application/json")

    async def steps(self, iterator: Iterator[T], beat: float) -> AsyncGenerator[T | None]:
        """The iterator's items as they come; ``None`` after each ``beat`` seconds without one.

        However this ends, the iterator is closed, when its step has ended.
        """
        step: Future[Any] | None = None
        try:
            while True:
                step = self._pool.submit(next, iterator, _END)
                waiting = asyncio.wrap_future(step)
                while not (await asyncio.wait({waiting}, timeout=beat))[0]:
                    yield None
                item = waiting.result()
                if item is _END:
                    return
                yield item
        finally:
            if step is not None:
                step.cancel()
                step.add_done_callback(lambda _: _close(iterator))


def _close(iterator: Iterator[Any]) -> None:
    close = getattr(iterator, "close", None)
    if close is not None:
        with suppress(Exception):
            close()


async def _gone(request: Request) -> None:
    """Ends when the client has left. The request's body must have been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def encode(record: Any) -> bytes:
    """A JSON document in UTF-8, Chinese readable."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
