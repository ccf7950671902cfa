"""The places of a question: those of the gazetteer, and those that only the corpus has.

A corpus may hold a division that was dissolved, or a county that somebody made up; its places are known by the regions
of its bodies, and in Latin letters by how its bodies are called.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property

from assistant.lexicons import read_lexicon
from vectorstore.places import gazetteer
from vectorstore.records import Body, Kind, Span

_LATIN = re.compile(r"[a-z]+(?:['-][a-z]+)*")
# Their names in Latin letters begin with the place: Wendeng Finance Bureau.
_NAMED_BY_PLACE = (Kind.DEPARTMENT, Kind.GOVERNMENT_OFFICE, Kind.COUNTY, Kind.CITY, Kind.PROVINCE)
_LEVELS = "省市县区旗州"
_LONGEST_NAME = 12
_JOINING = "和与同及"
_LATIN_LEVELS = {
    "county": "县旗",
    "district": "区",
    "city": "市",
    "province": "省",
    "banner": "旗",
    "prefecture": "州盟",
    "municipality": "市",
}
_NO_NAMES = frozenset(
    {"which", "each", "per", "by", "the", "every", "what", "any", "one", "a", "whole", "other", "same", "this"}
)


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """Region paths that a stretch of the folded question may mean, those of the corpus first; never empty.

    ``is_full`` is false for the short name of a place outside the corpus that is no province: many are words too, so
    the caller looks at where it stands.
    """

    start: int
    end: int
    regions: tuple[str, ...]
    in_corpus: bool
    is_full: bool = True


class CorpusPlaces:
    """Finds places in questions, the corpus' own first.

    Args:
        bodies: All bodies of the index.
    """

    def __init__(self, bodies: Iterable[Body]) -> None:
        located = [body for body in bodies if body.region]
        self.regions = {region for body in located for region in prefixes(body.region or "")}
        self.names = _names(self.regions)
        self._latin = _latin_names(located)
        self._areas = _areas()
        self._lengths: dict[str, list[int]] = {}
        for name in self.names:
            self._lengths.setdefault(name[:2], []).append(len(name))
        for lengths in self._lengths.values():
            lengths.sort(reverse=True)

    def is_latin_name_of(self, word: str, region: str | None) -> bool:
        """Whether a compressed Latin word names a place, and a region is there or lies in it."""
        paths = self._latin.get(word) or [place.path for place in gazetteer().of_latin(word)]
        return any(f"{region}/".startswith(f"{path}/") for path in paths)

    def find(self, text: str, taken: Collection[Span] = ()) -> list[PlaceMention]:
        """Places named in a folded question outside ``taken``, in order."""
        candidates = [*self._known_places(text), *self._own_places(text)]
        for name, regions in self._areas.items():
            candidates += [PlaceMention(m.start(), m.end(), regions, True) for m in re.finditer(name, text)]
        # 白石县 of the corpus before the 白石 of somewhere else.
        candidates.sort(key=lambda m: (m.start - m.end, not m.in_corpus))
        found: list[PlaceMention] = []
        covered = list(taken)
        for mention in candidates:
            if not any(mention.start < span.end and span.start < mention.end for span in covered):
                found.append(mention)
                covered.append(Span(mention.start, mention.end))
        return _joined(_nested(sorted(found, key=lambda mention: mention.start), self.regions), text)

    def _known_places(self, text: str) -> Iterator[PlaceMention]:
        for mention in gazetteer().find(text.replace("'s", "  ")):
            start, end = mention.span.start, mention.span.end
            paths = tuple(place.path for place in mention.candidates)
            own = _widest(tuple(path for path in paths if path in self.regions))
            paths = _widest(paths)
            if not own and start and text[start] in _JOINING and text[start - 1] >= "一":
                continue  # 部门和|县政府, and not 和县
            is_full = bool(own) or mention.is_full or any("/" not in path for path in paths)
            yield PlaceMention(start, end, own or paths, bool(own), is_full)

    def ending_at(self, text: str, end: int) -> PlaceMention | None:
        """The place whose name ends right there, of the corpus or, written in full, of any other."""
        for length in range(min(end, _LONGEST_NAME), 1, -1):
            name = text[end - length : end]
            if paths := self.names.get(name):
                return PlaceMention(end - length, end, paths, in_corpus=True)
            if name[-1] in _LEVELS and (places := gazetteer().named(name)):
                return PlaceMention(end - length, end, tuple(place.path for place in places), in_corpus=False)
        return None

    def _own_places(self, text: str) -> Iterator[PlaceMention]:
        """Places of the corpus, whether or not the gazetteer holds them, the longest that stands at each place."""
        for position in range(len(text) - 1):
            for length in self._lengths.get(text[position : position + 2], ()):
                name = text[position : position + length]
                if paths := self.names.get(name):
                    yield PlaceMention(position, position + len(name), paths, in_corpus=True)
                    break
        for word in _LATIN.finditer(text) if self._latin else ():
            name = word[0].removesuffix("'s")
            level = re.match(rf"\s+({'|'.join(_LATIN_LEVELS)})\b", text[word.end() :])
            if paths := self._latin.get(name) or (self._spelt(name, level[1]) if level else ()):
                yield PlaceMention(word.start(), word.end() + (level.end() if level else 0), paths, in_corpus=True)

    def _spelt(self, name: str, level: str) -> tuple[str, ...]:
        """The corpus' places of a level that are spelt so in pinyin: a city that no body is called after."""
        if name in _NO_NAMES:
            return ()
        return tuple(path for path in self._romanised.get(name, ()) if path[-1] in _LATIN_LEVELS[level])

    @cached_property
    def _romanised(self) -> dict[str, list[str]]:
        """The places that the gazetteer doesn't hold, by how their short names are spelt in pinyin."""
        from pypinyin import lazy_pinyin  # a quarter of a second to load: only an unknown Latin name pays for it

        found: dict[str, list[str]] = {}
        for path in sorted(self.regions):
            if not gazetteer().known(path):
                found.setdefault("".join(lazy_pinyin(path.rsplit("/", 1)[-1][:-1])), []).append(path)
        return found


def _widest(paths: tuple[str, ...]) -> tuple[str, ...]:
    """The provinces among the places of one name, if there are any: 河北 is no district of Tianjin."""
    return tuple(path for path in paths if "/" not in path) or paths


def prefixes(region: str) -> list[str]:
    """A region path and all that it lies in, widest first."""
    parts = region.split("/")
    return ["/".join(parts[: i + 1]) for i in range(len(parts))]


@cache
def _areas() -> dict[str, tuple[str, ...]]:
    """The parts of the country that have a name and no government: 川渝, 京津冀."""
    return {term: tuple(area["regions"]) for area in read_lexicon("scope")["area"] for term in area["terms"]}


def _names(regions: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The corpus' places by full name and by short name (without its last character, where two remain)."""
    names: dict[str, list[str]] = {}
    for path in sorted(regions):
        name = path.rsplit("/", 1)[-1]
        for form in {name, name[:-1]} if len(name) > 2 else {name}:
            names.setdefault(form, []).append(path)
    return {name: tuple(paths) for name, paths in names.items()}


def _latin_names(bodies: list[Body]) -> dict[str, tuple[str, ...]]:
    """The Latin names of places that the gazetteer doesn't hold: what most Latin names of its bodies begin with."""
    votes: dict[str, Counter[str]] = {}
    for body in bodies:
        region = body.region or ""
        if body.kind not in _NAMED_BY_PLACE or gazetteer().known(region):
            continue
        for alias in body.aliases:
            if alias.isascii() and " " in alias:
                votes.setdefault(region, Counter())[alias.split(" ")[0].lower()] += 1
    found: dict[str, list[str]] = {}
    for region, counted in votes.items():
        found.setdefault(counted.most_common(1)[0][0], []).append(region)
    return {name: tuple(regions) for name, regions in found.items()}


def _nested(mentions: list[PlaceMention], corpus: Collection[str]) -> list[PlaceMention]:
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


def _joined(mentions: list[PlaceMention], text: str) -> list[PlaceMention]:
    """Wendeng, Weihai and towns in Wendeng, Shandong are one place, told from the inside out."""
    kept: list[PlaceMention] = []
    for mention in mentions:
        previous = kept[-1] if kept else None
        between = text[previous.end : mention.start] if previous else ""
        if previous and re.fullmatch(r"\s*(?:,|\(|（|in|of)\s*", between):
            inner = tuple(p for p in previous.regions if any((p + "/").startswith(o + "/") for o in mention.regions))
            if inner and inner != mention.regions:
                kept[-1] = replace(previous, end=mention.end, regions=inner)
                continue
        kept.append(mention)
    return kept
