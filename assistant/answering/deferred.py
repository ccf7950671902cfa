"""Parts of an answer that are made when they are looked at: thousands of rows, and the citations behind a sum."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar, overload

T_co = TypeVar("T_co", covariant=True)


class Deferred(Sequence[T_co]):
    """A tuple whose items are made one by one as they are reached, and kept.

    Args:
        items: What makes them; used up once, by whoever reaches furthest.
        length: How many there will be, where that is known without making them.
    """

    def __init__(self, items: Iterable[T_co], length: int | None = None) -> None:
        self._coming = iter(items)
        self._made: list[T_co] = []
        self._length = length
        self._lock = threading.RLock()

    def __len__(self) -> int:
        if self._length is None:
            self._length = len(self._all())
        return self._length

    @property
    def known_length(self) -> int | None:
        """How many there are, where that is known by now; asking makes none."""
        return self._length

    def __bool__(self) -> bool:
        return next(iter(self), self) is not self

    def __iter__(self) -> Iterator[T_co]:
        at = 0
        while at < len(self._made) or self._make(at):
            yield self._made[at]
            at += 1

    @overload
    def __getitem__(self, at: int) -> T_co: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[T_co, ...]: ...
    def __getitem__(self, at: int | slice) -> T_co | tuple[T_co, ...]:
        if isinstance(at, slice):
            if (at.start or 0) >= 0 and (at.step or 1) > 0 and (at.stop or 0) > 0:
                # The first few are wanted most often, and the rest need not be made for them.
                self._make(at.stop - 1)
                return tuple(self._made[at])
            return tuple(self._all())[at]
        if at >= 0:
            self._make(at)
            return self._made[at]
        return self._all()[at]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, tuple | list | Deferred):
            return tuple(self._all()) == tuple(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self._all()))

    def __add__(self, other: Sequence[Any]) -> Deferred[Any]:
        return Deferred(chain(self, other), _together(self, other))

    def __radd__(self, other: Sequence[Any]) -> Deferred[Any]:
        return Deferred(chain(other, self), _together(self, other))

    def __repr__(self) -> str:
        return repr(tuple(self._all()))

    def __reduce__(self) -> tuple[type[tuple[T_co, ...]], tuple[tuple[T_co, ...]]]:
        return tuple, (tuple(self._all()),)

    def _make(self, upto: int) -> bool:
        """Make items until there is one at ``upto``; whether there is."""
        with self._lock:
            self._made += islice(self._coming, max(0, upto + 1 - len(self._made)))
            if upto >= len(self._made):
                self._length = len(self._made)
            return upto < len(self._made)

    def _all(self) -> list[T_co]:
        with self._lock:
            self._made += self._coming
            return self._made


def known_length(parts: Sequence[object]) -> int | None:
    """How many parts there are, where that can be told without making any."""
    return parts.known_length if isinstance(parts, Deferred) else len(parts)


def _together(*parts: Sequence[Any]) -> int | None:
    lengths = [known_length(part) for part in parts]
    return None if None in lengths else sum(length for length in lengths if length is not None)
