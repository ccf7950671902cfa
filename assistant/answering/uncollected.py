"""Answering without garbage collection in its midst."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Put automatic collection off until the end, if it is on.

    A collection looks at all that is remembered of the index, 150 ms over 10,000 reports, and what an answer leaves
    behind goes without it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
