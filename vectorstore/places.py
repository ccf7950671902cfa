"""The place gazetteer: provinces, prefectures and counties, and which of them a text means.

A region is a path of full names from the province down, ``山东省/威海市/文登区``; what the numbering has between a
municipality and its districts, or a province and the cities directly under it, is left out. The lists are data
(``data/places.tsv`` and its neighbours; ``data/README.md`` says where they come from).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from vectorstore.folding import fold_one_to_one
from vectorstore.records import Span

LEVELS = ("province", "city", "county")
MUNICIPALITIES = frozenset({"北京市", "天津市", "上海市", "重庆市"})
"""Provinces that are cities: beneath them there are districts and no cities."""

_LATIN_WORD = re.compile(r"[a-zà-ÿ'’]+")
_LATIN_GENERIC = {
    "province": "省",
    "municipality": "市",
    "city": "市",
    "prefecture": "州盟区市",
    "district": "区",
    "county": "县",
    "banner": "旗",
    "league": "盟",
}
_LONGEST_LATIN = 3  # words: "hong kong city"


@dataclass(frozen=True, slots=True)
class Place:
    """A division of the country.

    Attributes:
        code: GB/T 2260: two digits for a province, four for a prefecture, six for a county.
        level: ``province`` (municipalities too), ``city`` (prefectures of every sort) or ``county`` (districts and
            county-level cities too).
        short_name: 文登 of 文登区; the name itself where only one character would be left (单县).
        latin: Forms in Latin letters, the usual one first.
    """

    code: str
    level: str
    name: str
    short_name: str
    path: str
    latin: tuple[str, ...]

    def contains(self, other: Place) -> bool:
        """Whether the other place lies in this one, or is it."""
        return other.path == self.path or other.path.startswith(self.path + "/")


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place name found in a text.

    Attributes:
        candidates: The places of that name, higher levels first; never empty.
        is_full: Written with its 省, 市, 区, 县; a short name is weaker evidence.
    """

    span: Span
    candidates: tuple[Place, ...]
    is_full: bool


class Gazetteer:
    """All places, by every name they go by. Use the cached ``gazetteer()``."""

    def __init__(
        self,
        places: Iterable[Place],
        former: Iterable[tuple[str, str]],
        words: Iterable[str],
        nicknames: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.places = tuple(places)
        self._by_path = {place.path: place for place in self.places}
        self._by_code = {place.code: place for place in self.places}
        self._full: dict[str, list[Place]] = {}
        self._short: dict[str, list[Place]] = {}
        for place in self.places:
            self._full.setdefault(place.name, []).append(place)
            if place.short_name != place.name:
                self._short.setdefault(place.short_name, []).append(place)
        for name, path in former:
            place = self._by_path[path]
            if place not in self._full.setdefault(name, []):
                self._full[name].append(place)
            short = name[:-1] if len(name) > 2 else name
            if place not in self._short.setdefault(short, []) and short not in place.name:
                self._short[short].append(place)
        for name, path in (*nicknames, *((name, p.path) for p in self.places for name in _shortened(p))):
            if self._by_path[path] not in self._full.setdefault(name, []):
                self._full[name].append(self._by_path[path])
        self._short = {name: found for name, found in self._short.items() if found}
        self._words = frozenset(words)
        lengths: dict[str, set[int]] = {}
        for name in (*self._full, *self._short):
            lengths.setdefault(name[:2], set()).add(len(name))
        self._lengths = {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}
        # Hardly anywhere does a name begin: asking at each place in turn would cost most of the time.
        firsts, seconds = (re.escape("".join(sorted(letters))) for letters in zip(*self._lengths, strict=True))
        self._beginning = re.compile(f"[{firsts}](?=[{seconds}])")
        self._latin: dict[str, list[Place]] | None = None
        self._townships: dict[str, tuple[Place, ...]] | None = None
        self._area_codes: dict[str, tuple[Place, ...]] | None = None

    def place(self, path: str) -> Place:
        """The place of a region path; KeyError if there is none."""
        return self._by_path[path]

    def known(self, path: str) -> Place | None:
        """The place of a region path, or ``None``: a report may name a division that the gazetteer doesn't hold."""
        return self._by_path.get(path)

    def level(self, path: str) -> str | None:
        """``province``, ``city`` or ``county``; ``None`` for a path that the gazetteer doesn't hold."""
        place = self._by_path.get(path)
        return place.level if place else None

    def named(self, name: str) -> tuple[Place, ...]:
        """The places of exactly this Chinese name, full, short or former; higher levels first."""
        return tuple(dict.fromkeys((*self._full.get(name, ()), *self._short.get(name, ()))))

    def find(self, text: str) -> list[PlaceMention]:
        """All place names in a text, longest first where they overlap, in order.

        A county whose name is an ordinary word too (和平, 资源, 城区) counts only in full or right behind the name
        of where it lies. Latin names are found as well, with a "City" or "County" behind them.
        """
        folded = fold_one_to_one(text)
        mentions = [*self._find_chinese(folded), *self._find_latin(folded)]
        return sorted(mentions, key=lambda mention: mention.span)

    def head(self, name: str) -> list[PlaceMention]:
        """The place names that a body's name begins with, one right behind the other: 山东, 张店 of 山东张店经开区.

        Each must lie in the one before it; short names of every kind count here.
        """
        mentions: list[PlaceMention] = []
        position = 0
        while match := self._match(name, position):
            if mentions and not any(a.contains(b) for a in mentions[-1].candidates for b in match.candidates):
                break
            mentions.append(match)
            position = match.span.end
        return mentions

    def resolve(self, text: str | Sequence[PlaceMention], context: str | Sequence[PlaceMention] = ()) -> str | None:
        """The region that a name or short phrase means, or ``None`` where that can't be told.

        Names narrow one another: 威海市文登区 is one place, 鼓楼区 alone is four. What is then still open is decided
        by the places named in the context, if they speak for one candidate more than for any other. Where
        candidates lie in one another (吉林), the part that all have in common is the answer.
        """
        mentions = self.find(text) if isinstance(text, str) else list(text)
        return self.decide(narrow(mentions), self.find(context) if isinstance(context, str) else context)

    def decide(self, candidates: Sequence[Place], context: Sequence[PlaceMention]) -> str | None:
        """The one candidate that the context speaks for; see ``resolve``."""
        if len(candidates) > 1:
            scored = sorted(((support(place, context), place) for place in candidates), key=lambda pair: -pair[0])
            if scored[0][0] > scored[1][0]:
                candidates = [scored[0][1]]
            else:
                candidates = [place for score, place in scored if score == scored[0][0]]
        if not candidates:
            return None
        return common_path([place.path for place in candidates])

    def locate(self, mentions: Sequence[PlaceMention]) -> str | None:
        """Where a running text is at home, going by all the places it names: as far down as one of them dominates."""
        found = list(dict.fromkeys(place for mention in mentions for place in mention.candidates))
        inside: Place | None = None
        for level in LEVELS:
            rivals = [place for place in found if place.level == level and (inside is None or inside.contains(place))]
            rivals += [
                self._by_path[path]
                for path in {path for place in found for path in _ancestors(place.path)}
                if self._by_path[path].level == level and (inside is None or inside.contains(self._by_path[path]))
            ]
            told = [p for p in dict.fromkeys(rivals) if any(_tells(mention, p) for mention in mentions)]
            scored = sorted(((support(p, mentions), p) for p in told), key=lambda pair: -pair[0])
            # Twice the runner-up: a neighbour named once in passing must not decide, nor be decided upon.
            if not scored or (len(scored) > 1 and scored[0][0] < 2 * scored[1][0]):
                if level == "city":
                    continue  # a city directly under its province has no level between
                break
            inside = scored[0][1]
        return inside.path if inside else None

    def expand(self, name: str) -> list[str]:
        """The region paths that a question's place word may mean: 文登, 文登区, 文登市, Wendeng, Wendeng District.

        Higher levels first; empty for a word that is no place.
        """
        word = fold_one_to_one(name).strip()
        found = self.named(word)
        return [place.path for place in found or self._of_latin(word)]

    def of_latin(self, word: str) -> tuple[Place, ...]:
        """The places whose Latin form is this word, written in any case, with or without apostrophes."""
        return tuple(dict.fromkeys(self._latin_index().get(_latin_key(word), ())))

    def of_area_code(self, code: str) -> tuple[Place, ...]:
        """The cities that a telephone area code (``0631``) is of; reads their list once."""
        if self._area_codes is None:
            self._area_codes = {
                row[0]: tuple(self._of_code_list(name) for name in row[1].split(" ")) for row in _rows("area_codes.tsv")
            }
        return self._area_codes.get(code, ())

    def _of_code_list(self, name: str) -> Place:
        province, _, own = name.rpartition("/")
        found = [place for place in self._full[own] if place.name == own and place.path.startswith(province)]
        return min(found, key=lambda place: LEVELS.index(place.level))

    def above_township(self, name: str) -> tuple[Place, ...]:
        """The divisions in which a township, subdistrict or zone of exactly this name lies; reads its list once."""
        if self._townships is None:
            below: dict[str, list[Place]] = {}
            for line in _rows("townships.tsv"):
                code, names = line
                place = self._by_code[code]
                for township in names.split(" "):
                    below.setdefault(township, []).append(place)
            self._townships = {township: tuple(found) for township, found in below.items()}
        return self._townships.get(name, ())

    def _find_chinese(self, text: str) -> Iterator[PlaceMention]:
        last: PlaceMention | None = None
        for start in self._beginning.finditer(text):
            position = start.start()
            if text[position : position + 2] not in self._lengths or (last and position < last.span.end):
                continue
            match = self._match(text, position)
            if match is None:
                continue
            if match.span.of(text) in self._words:
                within = last.candidates if last and last.span.end == position else ()
                inside = tuple(p for p in match.candidates if any(w.contains(p) and w != p for w in within))
                kept = inside or tuple(p for p in match.candidates if p.level != "county")
                if not kept:
                    continue
                match = PlaceMention(match.span, kept, match.is_full)
            yield match
            last = match

    def _match(self, text: str, position: int) -> PlaceMention | None:
        for length in self._lengths.get(text[position : position + 2], ()):
            name = text[position : position + length]
            full, short = self._full.get(name), self._short.get(name)
            if full or short:
                return PlaceMention(Span(position, position + len(name)), self.named(name), bool(full))
        return None

    def _find_latin(self, text: str) -> Iterator[PlaceMention]:
        words = list(_LATIN_WORD.finditer(text))
        index = 0
        while index < len(words):
            for count in range(min(_LONGEST_LATIN, len(words) - index), 0, -1):
                start, end = words[index].start(), words[index + count - 1].end()
                phrase = text[start:end]
                if phrase in self._words or re.search(r"[^a-zà-ÿ'’ ]", phrase):
                    continue
                if found := self._of_latin(phrase):
                    yield PlaceMention(Span(start, end), found, count > 1)
                    index += count - 1
                    break
            index += 1

    def _of_latin(self, phrase: str) -> tuple[Place, ...]:
        words = phrase.split()
        if len(words) > 1 and (endings := _LATIN_GENERIC.get(words[-1])):
            found = self.of_latin(" ".join(words[:-1]))
            return tuple(place for place in found if place.name[-1] in endings) or found
        return self.of_latin(phrase)

    def _latin_index(self) -> dict[str, list[Place]]:
        if self._latin is None:
            self._latin = {}
            for place in self.places:
                for form in place.latin:
                    for key in {_latin_key(form), _latin_key(form).replace("lv", "lu").replace("nv", "nu")}:
                        self._latin.setdefault(key, []).append(place)
        return self._latin


def _shortened(place: Place) -> tuple[str, ...]:
    """耿马县 and 耿马自治县 of 耿马傣族佤族自治县, 凉山州 of 凉山彝族自治州: as people write, and reports too."""
    for ending in ("自治县", "自治州", "自治旗"):
        if place.name.endswith(ending) and not place.short_name.endswith(ending):
            return place.short_name + ending[-1], place.short_name + ending
    return ()


def narrow(mentions: Sequence[PlaceMention]) -> list[Place]:
    """The places that a sequence of nested names can mean, those of the deepest name that fits the others."""
    state: list[Place] = []
    for mention in mentions:
        inner = [place for place in mention.candidates if not state or any(outer.contains(place) for outer in state)]
        if inner:
            state = inner
        elif outer := [place for place in state if any(name.contains(place) for name in mention.candidates)]:
            state = outer  # 文登区（威海市）: the wider place stands behind the narrower
    return state


def support(place: Place, context: Sequence[PlaceMention]) -> float:
    """How much the names in a context speak for a place: names of it, of what lies in it, of what it lies in."""
    total = 0.0
    for mention in context:
        related = [other for other in mention.candidates if other.contains(place) or place.contains(other)]
        if related:
            # The narrower the place that both share, the more it says: a county's name more than its province's.
            depth = max(min(other.path.count("/"), place.path.count("/")) + 1 for other in related)
            total += depth * len(related) / len(mention.candidates) * (2.0 if mention.is_full else 1.0)
    return total


def _tells(mention: PlaceMention, place: Place) -> bool:
    """Whether a mention can mean nothing outside a place: of four 鼓楼区, two lie in 江苏, which says nothing."""
    return all(place.contains(candidate) for candidate in mention.candidates)


def common_path(paths: Sequence[str]) -> str | None:
    """What several region paths have in common from the province down; ``None`` if nothing."""
    shared: list[str] = []
    for parts in zip(*(path.split("/") for path in paths), strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return "/".join(shared) or None


def _ancestors(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def _latin_key(form: str) -> str:
    return re.sub(r"[\s'’-]", "", form.lower().replace("ü", "v"))


def _rows(name: str) -> Iterator[list[str]]:
    for line in (files("vectorstore.data") / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer, read once per process."""
    paths: dict[str, str] = {}
    places: list[Place] = []
    for code, parent, level, name, short_name, latin in _rows("places.tsv"):
        path = f"{paths[parent]}/{name}" if parent else name
        paths[code] = path
        places.append(Place(code, level, name, short_name, path, tuple(latin.split("/"))))
    former = [(row[0], row[1]) for row in _rows("former_places.tsv")]
    nicknames = [(row[0], row[1]) for row in _rows("place_nicknames.tsv")]
    return Gazetteer(places, former, (row[0] for row in _rows("place_words.tsv")), nicknames)
