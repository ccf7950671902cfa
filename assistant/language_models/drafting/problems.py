"""Why a draft can't be meant."""

from __future__ import annotations

from collections.abc import Iterable


class DraftError(Exception):
    """A draft that can't be meant. ``problems`` are sentences, for whoever drafted it."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))
