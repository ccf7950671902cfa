"""Bodies named in a question.

A body is found by its name or one of its aliases, Chinese or Latin, as the index holds them, and by abbreviations of
its name; places are ``corpus_places``'s. Where a name fits several bodies, all of them are returned: choosing is not
this file's business.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from assistant.lexicons import read_lexicon
from assistant.plan import PlanScope
from assistant.understanding.abbreviations import Abbreviations
from assistant.understanding.corpus_places import CorpusPlaces, PlaceMention
from assistant.understanding.spelling import Spelling
from vectorstore.folding import fold_label
from vectorstore.places import gazetteer
from vectorstore.records import Body, Kind, Span

_LATIN_WORD = re.compile(r"[a-z0-9]+(?:['’-][a-z0-9]+)*")
_LONGEST_LATIN = 9  # words: "wendeng district housing and urban-rural development bureau"
_ABBREVIATED = (Kind.DEPARTMENT, Kind.ZONE_DEPARTMENT, Kind.GOVERNMENT_OFFICE, Kind.MINISTRY, Kind.ZONE)
_ABBREVIATION_END = re.compile(r"[局委办厅院署站所处队心室会区园港城]")
_ORGAN = re.compile(r"(?:管理委员会|管委会)$")
_BESIDE = re.compile(r"\s*(?:和|与|跟|、|还是|或|or|and|vs\.?|versus)\s*(?:the )?")
_OFFICES = ("Bureau", "Commission", "Department")
_LATIN_LEVEL = re.compile(r"(?:district|county|city|province|banner|prefecture|municipality)$")
# 文登经开 for 文登经开区; 文登高新 begins 文登高新技术企业 and stays a place and a word.
_WITHOUT_AREA = ("经开区", "综保区")
_LEVELS = ("省", "市", "县", "区")
_EVERY = ("各", "每", "几", "哪", "个")
_HAN = re.compile(r"[一-鿿]")


@dataclass(frozen=True, slots=True)
class BodyMention:
    """Bodies that a stretch of the folded question may mean; ids in the order of the index, never empty.

    ``names`` are parts of their names where the stretch says what the body is and not where: 自然资源局.
    """

    start: int
    end: int
    body_ids: tuple[str, ...]
    names: tuple[str, ...] = ()


class Linker:
    """Finds the corpus' bodies and regions in questions.

    Args:
        bodies: All bodies of the index.
        generic: Words that name no one body even if one has them as an alias (经开区, 管委会).
    """

    def __init__(self, bodies: Iterable[Body], generic: Collection[str] = ()) -> None:
        self.bodies = {body.body_id: body for body in bodies}
        self.places = CorpusPlaces(self.bodies.values())
        self.regions = self.places.regions
        self._generic = frozenset(generic) | {_compressed(word) for word in generic if word.isascii()}
        self._keys: dict[str, list[str]] = {}
        self._bare: dict[str, list[str]] = {}
        cores: dict[str, list[str]] = {}
        for body in self.bodies.values():
            self._add_names(body)
            if body.kind in _ABBREVIATED:
                full = fold_label(body.name)
                core = _ORGAN.sub("", full) if body.kind is Kind.ZONE else _shortest(full, body.region)
                cores.setdefault(core, []).append(body.body_id)
        for key in [key for key in self._bare if key in self._keys]:
            del self._bare[key]
        self._cores = cores
        offices = [entry["names"] for entry in read_lexicon("scope")["office"]]
        self._abbreviations = Abbreviations(cores, offices)
        self._lengths = _lengths_by_start([*self._keys, *self._bare])
        self._fitting: dict[PlanScope, tuple[Body, ...]] = {}

    def _add_names(self, body: Body) -> None:
        """A body's names as keys, and what is left of them without the place."""
        bare: set[str] = set()
        keys: set[str] = set()
        for name in (body.name, *body.aliases, *_other_latin(body)):
            key = _compressed(name) if name.isascii() else fold_label(name)
            keys |= {key, key[:-1] if key.endswith(_WITHOUT_AREA) else key}
            bare |= _without_place(name, key, body.region)
        # 县住建局 is 住建局 with a word for whose it is; 县政府办 is itself, since every government has an office.
        led = {form for form in keys | bare if form[:1] in _LEVELS and form[1:] in bare - self._generic}
        for form in keys - led:
            if len(form) >= 2 and form not in self._generic and not self._is_place(form, body):
                _append(self._keys, form, body.body_id)
        for form in bare - led:
            if len(form) >= 3 and form not in self._generic and not self._is_place(form, body):
                _append(self._bare, form, body.body_id)

    def _is_place(self, form: str, body: Body) -> bool:
        """Whether a name is the place's, which other bodies have too; a town named like a city elsewhere is itself."""
        if not form.isascii():
            return form in self.places.names
        return self.places.is_latin_name_of(_LATIN_LEVEL.sub("", form), body.region)

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
        found += self._abbreviated(text, found)
        kept: list[BodyMention] = []
        for mention in sorted(found, key=lambda mention: mention.start):
            if not kept or mention.start >= kept[-1].end:
                kept.append(mention)
        return kept

    def _body_at(self, text: str, position: int) -> BodyMention | None:
        character = text[position]
        if character.isascii() and character.isalnum():
            boundary = not position or not (text[position - 1].isascii() and text[position - 1].isalnum())
            return self._latin_body_at(text, position) if boundary else None
        for length in self._lengths.get(text[position : position + 2], ()):
            name = text[position : position + length]
            if name[0] in _LEVELS and text[max(0, position - 1) : position] in _EVERY:
                continue  # 各县|开发区 are all counties' zones
            if ids := self._keys.get(name):
                if name[0] in _LEVELS and self.places.ending_at(text, position + 1):
                    # 区政府办 in 朝阳区政府办 isn't the one that everybody here calls so.
                    return self._in_place(text, position + 1, position + len(name), tuple(ids))
                return BodyMention(position, position + len(name), tuple(ids))
            if ids := self._bare.get(name):
                return self._in_place(text, position, position + len(name), tuple(ids))
        return None

    def _latin_body_at(self, text: str, position: int) -> BodyMention | None:
        words = list(_words_from(text, position))
        for count in range(len(words), 0, -1):
            end = words[count - 1].end()
            written = text[position:end].removesuffix("'s")
            form = _compressed(written)
            for key in (form, form.removesuffix("s"), _without_level(written)):
                if ids := self._keys.get(key):
                    return BodyMention(position, end, tuple(ids))
                if ids := self._bare.get(key):
                    return BodyMention(position, end, tuple(ids), (written,))
        return None

    def _abbreviated(self, text: str, found: list[BodyMention]) -> Iterator[BodyMention]:
        """住建局, 文登区资规局, 县府办: abbreviations that no alias has foreseen."""
        start = 0
        for match in _ABBREVIATION_END.finditer(text):
            end = match.end()
            start = max([start, *(m.end for m in found if m.end <= end)])
            if any(m.start < end <= m.end for m in found):
                continue
            begin = end
            while begin > start and _HAN.match(text[begin - 1]):
                begin -= 1
            short = self._abbreviations.at(text, end, begin)
            if short is not None and not self._is_generic(text[short:end]):
                yield self._in_place(text, short, end, ())
                start = end

    def _is_generic(self, name: str) -> bool:
        """山东开发区 are zones, although it is short for 山东张店经济开发区, and 文登区 is a place."""
        if name in self.places.names or gazetteer().named(name):
            return True
        return any(name[i:] in self._generic and (not i or name[:i] in self.places.names) for i in range(len(name)))

    def _in_place(self, text: str, begin: int, end: int, ids: tuple[str, ...]) -> BodyMention:
        """The bodies that a bare name means: of the place before it, if one is there and has such a body.

        Args:
            ids: The bodies of exactly that name; empty for an abbreviation.
        """
        name = text[begin:end]
        groups = self._abbreviations.cores(name)
        place = self.places.ending_at(text, begin)
        if place:
            for among in (ids, *((i for core in cores for i in self._cores[core]) for cores in groups)):
                inside = tuple(dict.fromkeys(i for i in among if is_within(self.bodies[i], place.regions)))
                if inside:
                    return BodyMention(place.start, end, inside)
        elif begin and text[begin - 1] in _LEVELS and not (begin > 1 and _HAN.match(text[begin - 2])):
            begin -= 1  # 县 in 县住建局 says whose it is; the name itself begins behind it
        if ids:
            return BodyMention(begin, end, ids, (name,))
        cores = groups[0]
        return BodyMention(begin, end, tuple(dict.fromkeys(i for core in cores for i in self._cores[core])), cores)

    def find_places(self, text: str, taken: Collection[Span] = ()) -> list[PlaceMention]:
        """Places named in a folded question outside ``taken``."""
        return self.places.find(text, taken)

    def sharing_sort(
        self, text: str, places: Iterable[PlaceMention], bodies: Collection[BodyMention]
    ) -> list[BodyMention]:
        """The zones of places that stand beside a zone and share its sort: |Weihai| or Luoyang high-tech zone."""
        found = []
        for place, mention in itertools.product(places, bodies):
            beside = _BESIDE.fullmatch(text[place.end : mention.start]) if place.end < mention.start else None
            zones = [self.bodies[body_id] for body_id in mention.body_ids]
            if beside is None or len(zones) > 1 or zones[0].kind is not Kind.ZONE or is_within(zones[0], place.regions):
                continue
            for sort in _sorts(zones[0]):
                alike = self.fitting(PlanScope(kinds=(Kind.ZONE,), regions=place.regions, names=sort))
                if len(alike) == 1:
                    found.append(BodyMention(place.start, place.end, (alike[0].body_id,)))
        return found

    @cached_property
    def spelling(self) -> Spelling:
        """What the index' Chinese names and places are nearly written like; made when a question first has a typo."""
        return Spelling([*self._keys, *self._bare, *self.places.names])

    @cached_property
    def latin_words(self) -> frozenset[str]:
        """The words that the index' Latin names and places begin with."""
        names = (alias for body in self.bodies.values() for alias in body.aliases if alias.isascii())
        known = (gazetteer().known(region) for region in self.regions)
        places = (form for place in known if place for form in place.latin)
        return frozenset(name.split(" ")[0].lower() for name in (*names, *places))

    def fitting(self, scope: PlanScope) -> tuple[Body, ...]:
        """The bodies of a scope, its years aside, ordered by name."""
        scope = scope.model_copy(update={"years": (), "latest": False})
        if scope not in self._fitting:
            if len(self._fitting) > 512:
                self._fitting.clear()
            found = [body for body in self.bodies.values() if fits(body, scope)]
            self._fitting[scope] = tuple(sorted(found, key=lambda body: (body.name, body.region or "")))
        return self._fitting[scope]


def fits(body: Body, scope: PlanScope) -> bool:
    """Whether a body is in a scope, whatever the years."""
    return (
        (not scope.bodies or body.body_id in scope.bodies)
        and (not scope.kinds or body.kind in scope.kinds)
        and (not scope.regions or is_within(body, scope.regions))
        and (not scope.names or any(part in name for part in scope.names for name in (body.name, *body.aliases)))
        and not any(fits(body, excluded) for excluded in scope.excluded if not excluded.years)
    )


def is_within(body: Body, regions: Collection[str]) -> bool:
    """Whether a body's region is one of the places or lies in one."""
    return any(((body.region or "") + "/").startswith(region + "/") for region in regions)


def _append(names: dict[str, list[str]], name: str, body_id: str) -> None:
    ids = names.setdefault(name, [])
    if not ids or ids[-1] != body_id:
        ids.append(body_id)


def _lengths_by_start(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The lengths of the names that begin with two characters, longest first: hardly anywhere does a name begin."""
    lengths: dict[str, set[int]] = {}
    for name in names:
        lengths.setdefault(name[:2], set()).add(len(name))
    return {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}


def _shortest(name: str, region: str | None) -> str:
    """A name without any of the places it begins with."""
    return min(_without_place(name, name, region), key=len, default=name)


def _words_from(text: str, position: int) -> Iterator[re.Match[str]]:
    """The Latin words from a position on, as far as only spaces part them."""
    for count, match in enumerate(_LATIN_WORD.finditer(text, position)):
        if count == _LONGEST_LATIN or text[position : match.start()].strip():
            return
        yield match
        position = match.end()


def _compressed(name: str) -> str:
    """A Latin name without what people write or leave out: Wen Deng, Xi'an, Hi-tech."""
    return re.sub(r"[\s'’-]", "", name.lower())


def _sorts(zone: Body) -> Iterator[tuple[str, ...]]:
    """The parts of names that say of which sort a zone is: 高新区, 高新技术产业开发区."""
    for entry in read_lexicon("scope")["designation"]:
        names = tuple(entry["names"])
        if any(part in name for part in names for name in (zone.name, *zone.aliases)):
            yield names
            return


def _other_latin(body: Body) -> Iterator[str]:
    """Other words for what a body is called in Latin letters: a commission for a bureau, Hunan Road for Hunanlu."""
    for alias in body.aliases:
        if not alias.isascii():
            continue
        place, _, office = alias.rpartition(" ")
        if office in _OFFICES and body.kind in (Kind.DEPARTMENT, Kind.ZONE_DEPARTMENT):
            yield from (f"{place} {other}" for other in _OFFICES if other != office)
        if body.kind is Kind.SUBDISTRICT and "路街道" in body.name and place.lower().endswith("lu"):
            yield f"{place[:-2]} Road {office}"
            yield f"{place[:-2]} Road"


def _without_level(name: str) -> str:
    """Jinyu County Health Bureau as the index has it: Jinyu Health Bureau."""
    place, _, rest = name.partition(" ")
    level, _, office = rest.partition(" ")
    return _compressed(f"{place} {office}") if office and _LATIN_LEVEL.fullmatch(level) else ""


def _without_place(full: str, key: str, region: str | None) -> set[str]:
    """A name without the places it begins with: 自然资源局 and 县自然资源局 of 丙县自然资源局; empty if with none.

    The Latin names begin with one word for the place: Housing Bureau of Jiashan Housing Bureau, which is also a
    Bureau of Housing.

    Args:
        key: The name as it is compared.
    """
    if full.isascii():
        rest = full.lower().split(" ")[1:]
        if len(rest) < 2:
            return set()
        forms = {_compressed(" ".join(rest))}
        if rest[-1] in ("bureau", "commission", "office"):
            forms.add(_compressed(" ".join([rest[-1], "of", *rest[:-1]])))
        return forms
    stripped: set[str] = set()
    for part in (region or "").split("/"):
        if len(part) > 2 and key.startswith(part[:-1]):
            stripped.add(key[len(part) - 1 :])
            key = key[len(part) if key.startswith(part) else len(part) - 1 :]
            stripped.add(key)
        elif len(part) == 2 and key.startswith(part):
            key = key[len(part) :]
            stripped.add(key)
    return stripped
