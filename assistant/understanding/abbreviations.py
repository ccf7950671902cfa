"""Abbreviations of names: 住建局 for 住房和城乡建设局, 资规局, 卫健委, 市监局, by rule and not by list.

A Chinese abbreviation picks characters of the full name in their order and keeps what sort of body it is. What no rule
can know, that a 政务服务局 here is a 行政审批局 there, is data (``scope.toml``, ``office``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from vectorstore.body_names import designations

# What the names end in. 局 and 委 change places from county to county, 厅 is a province's.
_ENDING = re.compile(r"(?:委员会|[局委办厅院署站所处队区园港城]|中心|办公室)$")
_INTERCHANGEABLE = {"局": "局", "委": "局", "委员会": "局", "办公室": "办", "办": "办"}
_OF_ZONES = "区园港城"
_LONGEST = 16
_SHORTEST = 3
_WORDS_BEFORE = ("和", "与", "及", "、")


class Abbreviations:
    """The names of an index's departments and offices without their places, found by what people shorten them to.

    Args:
        cores: 住房和城乡建设局, each with the ids of the bodies that are called so.
        offices: Sets of designations that are the same office under several names.
    """

    def __init__(self, cores: dict[str, list[str]], offices: Iterable[Iterable[str]] = ()) -> None:
        self._cores = {core: ids for core, ids in cores.items() if _ENDING.search(core)}
        self._with: dict[str, list[str]] = {}
        for core in self._cores:
            for character in set(core):
                self._with.setdefault(character, []).append(core)
        self._same: dict[str, frozenset[str]] = {}
        for names in offices:
            group = frozenset(names)
            for name in group:
                self._same[name] = self._same.get(name, frozenset()) | group
        self._found: dict[str, tuple[tuple[str, ...], ...]] = {}

    def cores(self, name: str) -> tuple[tuple[str, ...], ...]:
        """The names that a stretch of a question shortens, in groups, the likelier first; empty if none."""
        if name not in self._found:
            if len(self._found) > 4096:
                self._found.clear()
            self._found[name] = tuple(self._groups(name))
        return self._found[name]

    def at(self, text: str, end: int, start: int) -> int | None:
        """Where the longest abbreviation in ``text[start:end]`` that ends at ``end`` begins.

        Leading characters that belong to no name (请问住建局) stay outside.
        """
        shortest = 2 if text[end - 1] == "委" else _SHORTEST
        begins = range(max(start, end - _LONGEST), end - shortest + 1)
        return next((begin for begin in begins if self.cores(text[begin:end])), None)

    def _groups(self, name: str) -> Iterator[tuple[str, ...]]:
        ending = _ENDING.search(name)
        if ending is None:
            return
        candidates = self._with.get(name[0], [])
        known = _known_as(name)
        tiers: list[Callable[[str], bool]] = [
            lambda core: core == name,
            lambda core: core[0] == name[0] and is_abbreviation(name, core) and (not known or _told(name, core)),
        ]
        if ending[0] not in _OF_ZONES:
            tiers += [
                lambda core: not known and is_abbreviation(name, core),
                lambda core: _told(name, core),
                lambda core: _in_other_words(name, core, ending[0]),
            ]
        for fits in tiers:
            if found := tuple(core for core in candidates if fits(core)):
                yield found
        same = self._same.get(name, frozenset())
        if found := tuple(core for core in self._cores if same and any(core.endswith(other) for other in same)):
            yield found


def is_abbreviation(short: str, long: str) -> bool:
    """Whether a name is made of characters of another in their order, its end included."""
    if len(short) > len(long) or _kind_of(short) != _kind_of(long):
        return False
    rest = iter(_stem(long))
    return all(character in rest for character in _stem(short))


def _stem(name: str) -> str:
    return _ENDING.sub("", name)


def _kind_of(name: str) -> str:
    """局, 委, 办: how an abbreviation of the name must end."""
    ending = _ENDING.search(name)
    return {"委员会": "委", "办公室": "办"}.get(ending[0], ending[0]) if ending else ""


def _known_as(name: str) -> bool:
    """Whether it is a designation in its own right: a 民政局 is no short form of anything else."""
    return any(name == entry.long for entry in designations()["department"])


def _told(name: str, core: str) -> bool:
    """Whether the list of designations, or the name itself, says so: 教育局 and 体育局 of 教育和体育局."""
    if any(core.endswith(joint + name) for joint in _WORDS_BEFORE):
        return True
    return any(
        core.endswith((entry.long, *entry.former)) and name in (entry.long, *entry.short, *entry.former)
        for entry in designations()["department"]
    )


def _in_other_words(name: str, core: str, ending: str) -> bool:
    """卫健委 where the body is a 卫生健康局: one and the same office, a commission here and a bureau there."""
    other = _ENDING.search(core)
    if other is None or _INTERCHANGEABLE.get(ending, ending) != _INTERCHANGEABLE.get(other[0], other[0]):
        return False
    return core[0] == name[0] and is_abbreviation(_stem(name) + other[0], core)
