"""Room for what clients send: files are kept in the system's temporary folder until all of a request has come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import gettempdir

from ui.http_serving.problems import ProblemError
from ui.texts import texts
from vectorstore.errors import ReadError

AT_ONCE = 3
"""Uploads that come in side by side; others wait for their turn."""


class Receiving:
    """Who may send files now: a few at a time, and nobody what the disk has no room for."""

    def __init__(self, patience: float) -> None:
        """``patience`` is in seconds: so long a request waits for its turn."""
        self._patience = patience
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._coming = 0

    @asynccontextmanager
    async def turn(self, size: int) -> AsyncIterator[None]:
        """Room for so many bytes, held until what came has been put where it belongs.

        Raises:
            ProblemError: There is none, or nobody's turn has ended for long.
        """
        try:
            await asyncio.wait_for(self._turns.acquire(), self._patience)
        except TimeoutError:
            told = "Other files are coming in; send these when that is done."
            raise ProblemError("overloaded", told, retry_after=30) from None
        try:
            self._require_disk(size)
            self._coming += size
            try:
                yield
            finally:
                self._coming -= size
        finally:
            self._turns.release()

    def _require_disk(self, size: int) -> None:
        from ui.adding.arrivals import require_disk

        try:
            require_disk(texts("en"), Path(gettempdir()), self._coming + size)
        except ReadError as error:
            raise ProblemError("unavailable", str(error)) from None
