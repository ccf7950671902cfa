"""What was worked out from an index, kept until the index changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from typing import Any, TypeVar

T = TypeVar("T", bound=Sized)


class Remembered:
    """Collections by key, the least lately used forgotten first, all of them when the index has changed.

    Args:
        capacity: How many items the collections may hold together; a larger one is not kept.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._generation = -1
        self._held = 0
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, generation: int, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` gave for the key at this state of the index, or gives now.

        Args:
            generation: Counted before ``make`` reads, so that what an older state gave is never kept for a newer one.
        """
        with self._lock:
            if generation == self._generation and key in self._kept:
                self._kept.move_to_end(key)
                found: T = self._kept[key]
                return found
        made = make()
        with self._lock:
            if generation > self._generation:
                self._kept.clear()
                self._generation, self._held = generation, 0
            if generation == self._generation and key not in self._kept:
                self._keep(key, made)
        return made

    def _keep(self, key: Hashable, made: Sized) -> None:
        size = max(len(made), 1)
        if size > self._capacity:
            return
        self._kept[key] = made
        self._held += size
        while self._held > self._capacity:
            _, forgotten = self._kept.popitem(last=False)
            self._held -= max(len(forgotten), 1)
