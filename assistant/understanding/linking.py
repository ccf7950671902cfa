"""Bodies and places named in a question.

A body is found by its name or one of its aliases, Chinese or Latin, as the index holds them; a place by the gazetteer.
Where a name fits several bodies, all of them are returned: choosing is not this file's business.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from vectorstore.folding import fold_label
from vectorstore.places import gazetteer
from vectorstore.records import Body, Span


@dataclass(frozen=True, slots=True)
class BodyMention:
    """Bodies that a stretch of the folded question may mean; ids in the order of the index, never empty.

    ``bare`` is the name where it says what the body is and not where: 自然资源局.
    """

    start: int
    end: int
    body_ids: tuple[str, ...]
    bare: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """Region paths that a stretch of the folded question may mean, those of the corpus first; never empty."""

    start: int
    end: int
    regions: tuple[str, ...]
    in_corpus: bool
    is_full: bool = True


class Linker:
    """Finds the corpus' bodies and regions in questions.

    Args:
        bodies: All bodies of the index.
        generic: Words that name no one body even if one has them as an alias (经开区, 管委会).
    """

    def __init__(self, bodies: Iterable[Body], generic: Collection[str] = ()) -> None:
        self.bodies = {body.body_id: body for body in bodies}
        self.regions = {region for body in self.bodies.values() if body.region for region in _prefixes(body.region)}
        self._region_names = _region_names(self.regions)
        self._keys: dict[str, list[str]] = {}
        for body in self.bodies.values():
            for name in (body.name, *body.aliases):
                key = _key(name)
                if len(key) >= 2 and key not in generic and key not in self._region_names:
                    ids = self._keys.setdefault(key, [])
                    if body.body_id not in ids:
                        ids.append(body.body_id)
        self._bare: dict[str, list[str]] = {}
        for body in self.bodies.values():
            names = (body.name, *body.aliases)
            for bare in {form for name in names for form in _without_place(name, body.region)}:
                if len(bare) >= 3 and bare not in self._keys and bare not in generic:
                    self._bare.setdefault(bare, []).append(body.body_id)
        self._longest = max(map(len, (*self._keys, *self._bare)), default=0)

    def find_bodies(self, text: str) -> list[BodyMention]:
        """Bodies named in a folded question, longest names first where they overlap, in order of place."""
        found: list[BodyMention] = []
        position = 0
        while position < len(text):
            mention = self._body_at(text, position)
            if mention:
                found.append(mention)
                position = mention.end
            else:
                position += 1
        return found

    def _body_at(self, text: str, position: int) -> BodyMention | None:
        latin = text[position].isascii() and text[position].isalnum()
        if latin and position and text[position - 1].isascii() and text[position - 1].isalnum():
            return None
        for end in range(min(len(text), position + self._longest), position + 1, -1):
            if latin and end < len(text) and text[end].isascii() and text[end].isalnum():
                continue
            name = text[position:end]
            if latin and name.endswith("s") and name not in self._keys and name not in self._bare:
                name = name[:-1]
            if ids := self._keys.get(name):
                return BodyMention(position, end, tuple(ids))
            if ids := self._bare.get(name):
                # 县 in 县住建局 says whose it is; the name itself begins behind it.
                start = position - 1 if position and text[position - 1] in "省市县区" else position
                return BodyMention(start, end, tuple(ids), bare=name)
        return None

    def sounding_like(self, name: str) -> list[Body]:
        """The bodies one of whose names is nearly this one: 自然资原局. Four in five characters must be right."""
        from rapidfuzz import fuzz, process

        names = [*self._keys, *self._bare]
        best = process.extractOne(name, names, scorer=fuzz.ratio, score_cutoff=79)
        if best is None:
            return []
        return [self.bodies[body_id] for body_id in self._keys.get(best[0]) or self._bare[best[0]]]

    def find_places(self, text: str, taken: Collection[Span] = ()) -> list[PlaceMention]:
        """Places named in a folded question outside ``taken``.

        ``is_full`` is false for the short name of a place outside the corpus that is no province: many are words too,
        so the caller looks at where it stands.
        """
        mentions = [
            mention
            for mention in gazetteer().find(text)
            if not any(mention.span.start < span.end and span.start < mention.span.end for span in taken)
        ]
        found: list[PlaceMention] = []
        for mention in mentions:
            paths = tuple(place.path for place in mention.candidates)
            own = tuple(path for path in paths if path in self.regions)
            if own:
                found.append(PlaceMention(mention.span.start, mention.span.end, own, in_corpus=True))
            else:
                is_full = mention.is_full or any("/" not in path for path in paths)
                found.append(PlaceMention(mention.span.start, mention.span.end, paths, False, is_full))
        covered = [*taken, *(Span(m.start, m.end) for m in found)]
        found.extend(self._corpus_places(text, covered))
        return _narrow(sorted(found, key=lambda mention: mention.start), self.regions)

    def _corpus_places(self, text: str, taken: Collection[Span]) -> list[PlaceMention]:
        """Places of the corpus that the gazetteer doesn't hold: dissolved districts, or a made-up county's."""
        found: list[PlaceMention] = []
        for name, paths in sorted(self._region_names.items(), key=lambda item: -len(item[0])):
            at = text.find(name)
            while at >= 0:
                end = at + len(name)
                if not any(at < s.end and s.start < end for s in (*taken, *(Span(m.start, m.end) for m in found))):
                    found.append(PlaceMention(at, end, paths, in_corpus=True))
                at = text.find(name, end)
        return found

    def within(self, region: str) -> list[Body]:
        """Bodies whose region is the place or lies in it, ordered by name."""
        inside = [b for b in self.bodies.values() if b.region and (b.region + "/").startswith(region + "/")]
        return sorted(inside, key=lambda body: body.name)


def _key(name: str) -> str:
    return re.sub(r"\s+", " ", name.strip().lower()) if name.isascii() else fold_label(name)


def _without_place(full: str, region: str | None) -> set[str]:
    """A name without the places it begins with: 自然资源局 and 县自然资源局 of 丙县自然资源局; empty if with none.

    The Latin names begin with one word for the place: Housing Bureau of Jiashan Housing Bureau.
    """
    if full.isascii():
        rest = _key(full).split(" ")[1:]
        return {" ".join(rest)} if len(rest) > 1 else set()
    name = fold_label(full)
    forms: set[str] = set()
    for part in (region or "").split("/"):
        if len(part) > 2 and name.startswith(part[:-1]):
            forms.add(name[len(part) - 1 :])
            name = name[len(part) if name.startswith(part) else len(part) - 1 :]
            forms.add(name)
    return forms


def _region_names(regions: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The corpus' places by full name and by short name (without its last character, where two remain)."""
    names: dict[str, list[str]] = {}
    for path in sorted(regions):
        name = path.rsplit("/", 1)[-1]
        for form in {name, name[:-1]} if len(name) > 2 else {name}:
            names.setdefault(form, []).append(path)
    return {name: tuple(paths) for name, paths in names.items()}


def _prefixes(region: str) -> list[str]:
    parts = region.split("/")
    return ["/".join(parts[: i + 1]) for i in range(len(parts))]


def _narrow(mentions: list[PlaceMention], corpus: Collection[str]) -> list[PlaceMention]:
    """Join neighbours that lie in one another (北京市朝阳区 is one place) and drop readings that don't fit."""
    joined: list[PlaceMention] = []
    for mention in mentions:
        previous = joined[-1] if joined else None
        if previous and mention.start - previous.end <= 1:
            inner = tuple(p for p in mention.regions if any((p + "/").startswith(o + "/") for o in previous.regions))
            if inner:
                in_corpus = any(path in corpus for path in inner)
                joined[-1] = PlaceMention(previous.start, mention.end, inner, in_corpus)
                continue
        joined.append(mention)
    return joined
