"""A report's sections as they come out of the database: made when they are looked at.

A question over ten thousand reports looks at the headings of those that it cites; making all of them took most of
the time of a first question.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import overload

from vectorstore.records import Section, SectionRole


class Outline(Sequence[Section]):
    """Sections in the order of their report, equal to a tuple of the same.

    Args:
        written: A JSON list of position, heading, level, role or null, start and end, in any order.
    """

    __slots__ = ("_made", "_written")

    def __init__(self, written: str) -> None:
        self._written = written
        self._made: tuple[Section, ...] | None = None

    def _sections(self) -> tuple[Section, ...]:
        if self._made is None:
            # Two threads may both make them; they make the same.
            self._made = tuple(
                Section(heading, level, None if role is None else SectionRole(role), start, end)
                for _, heading, level, role, start, end in sorted(json.loads(self._written), key=lambda s: s[0])
            )
        return self._made

    def __len__(self) -> int:
        return len(self._sections())

    def __iter__(self) -> Iterator[Section]:
        return iter(self._sections())

    @overload
    def __getitem__(self, at: int) -> Section: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Section, ...]: ...
    def __getitem__(self, at: int | slice) -> Section | tuple[Section, ...]:
        return self._sections()[at]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Outline):
            return self._sections() == other._sections()
        return self._sections() == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._sections())

    def __repr__(self) -> str:
        return repr(self._sections())

    def __reduce__(self) -> tuple[type[Outline], tuple[str]]:
        return Outline, (self._written,)
