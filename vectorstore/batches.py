"""Long lists of ids, cut to what one query takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

_BATCH = 500
"""Ids in one query; SQLite takes 999 parameters in its older builds."""

T = TypeVar("T")


def batched(items: Iterable[T]) -> Iterator[list[T]]:
    """The items in lists of at most 500."""
    listed = list(items)
    return (listed[at : at + _BATCH] for at in range(0, len(listed), _BATCH))
