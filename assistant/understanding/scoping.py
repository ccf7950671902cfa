"""Which reports a question is about: its bodies, kinds, places and years, and what it leaves open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from assistant.lexicons import read_lexicon
from assistant.plan import PlanScope
from assistant.understanding.corpus_places import PlaceMention
from assistant.understanding.lexicon import Lexicon, Tag
from assistant.understanding.linking import BodyMention, Linker, is_within
from assistant.understanding.place_roles import regions_ranked, with_governments
from assistant.understanding.reading import QuestionReading, Unknown, asks_for_members, wants_number
from assistant.understanding.scope_words import is_other, kind_scope, merged
from assistant.understanding.sides import Sides, read_sides
from vectorstore.places import MUNICIPALITIES
from vectorstore.records import Body, Kind

_GOVERNMENTS = (Kind.COUNTY, Kind.CITY, Kind.PROVINCE)
_EACH = re.compile(
    "(?:各|分别)(?!(?:自|是|有|为)*(?:多少|几))|每|所有|全部|几个|单位|机关|each|every|all "  # 各多少 is of figures
)
_ADDRESSED = ("给", "向", "对", "交到", "递到", "提到", "寄到", "寄往")
# More readings than a person would look through: then the question is taken to be about all of them together.
_MOST_CHOICES = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One reading of an ambiguous name: the question with the name written out, and the scope it then has."""

    question: str
    scope: PlanScope


@dataclass(frozen=True, slots=True)
class ScopeReading:
    """The scope of a question.

    Attributes:
        choices: Where a name fits several bodies: one each. ``scope`` then covers all of them.
        name_spans: Stretches of the question that were taken as names of bodies that the index doesn't know.
        sides: Where groups stand side by side (镇和街道, 山东和重庆, 文登经开区跟其他开发区): the scope of each, all
            within ``scope``. Whether they are compared or taken together, the scope doesn't know. Bodies side by side
            are no sides: they are ``scope.bodies``.
        unplaced: Words for whom it is about, or isn't, that couldn't be linked: 除了霞屿; another county's bureau.
        together: How many bodies a name fits that are taken together, because they are too many to choose from.
    """

    scope: PlanScope
    choices: tuple[Choice, ...] = ()
    name_spans: tuple[tuple[int, int], ...] = ()
    sides: tuple[PlanScope, ...] = ()
    unplaced: tuple[str, ...] = ()
    together: int = 0

    def chosen(self, choice: Choice) -> ScopeReading:
        """The same with one reading settled."""
        return replace(self, scope=choice.scope, choices=())


def read_scope(reading: QuestionReading, linker: Linker, lexicon: Lexicon, *, wants_group: bool) -> ScopeReading:
    """Read the scope of a question.

    Args:
        wants_group: The question is about many bodies, so a place or kind narrows and names no one body.
    """
    reading = with_governments(reading, linker)
    names, name_spans = _unknown_names(reading)
    excluded = tuple(scope for exclusion in reading.exclusions for scope in exclusion.scopes)
    kinds = merged(kind_scope(tag, lexicon) for tag in _kind_tags(reading, name_spans))
    base = kinds.model_copy(
        update={
            "regions": _regions(reading),
            "years": tuple(sorted({year for mention in reading.years for year in mention.years})),
            "names": names or kinds.names,
            "latest": reading.has("time", "latest"),
            "excluded": excluded,
        }
    )
    leaves_out_bodies = any(not e.is_linked for e in reading.exclusions) or any(
        scope.bodies or scope.kinds or scope.regions for scope in excluded
    )
    scoped = _whom(reading, linker, lexicon, base, name_spans, wants_group=wants_group or leaves_out_bodies)
    if not scoped.unplaced:
        scoped = _with_sides(scoped, base, read_sides(reading, linker, lexicon))
    if reading.has("time", "all"):
        scoped = _of_all_years(scoped)
    if _means_places(reading, scoped.scope):
        scoped = _of_whole_places(scoped)
    return replace(scoped, unplaced=(*reading.excluded, *scoped.unplaced))


def _means_places(reading: QuestionReading, scope: PlanScope) -> bool:
    """Whether a place stands for itself, and not for each body in it: 威海2023年一共, 山东比安徽多多少."""
    if not scope.regions or scope.bodies or scope.kinds or scope.names:
        return False
    if reading.has("counter", "reports") or reading.text.rstrip("?？ ").endswith("的"):
        return False  # 威海有几份报告, 安徽公开超过500条的
    of_each = reading.has("operation", "list", "mean", "median", "top", "bottom", "rank") or asks_for_members(reading)
    of_each = of_each or reading.has("body") or wants_number(reading) == "reports"
    return not (of_each or _EACH.search(reading.text))


def _of_whole_places(scoped: ScopeReading) -> ScopeReading:
    sides = tuple(
        side if side.bodies or side.kinds or side.names else side.model_copy(update={"whole": bool(side.regions)})
        for side in scoped.sides
    )
    return replace(scoped, scope=scoped.scope.model_copy(update={"whole": True}), sides=sides)


def _of_all_years(scoped: ScopeReading) -> ScopeReading:
    """历年: no one year is left open."""
    of_all = {"latest": False}
    choices = tuple(replace(c, scope=c.scope.model_copy(update=of_all)) for c in scoped.choices)
    return replace(scoped, scope=scoped.scope.model_copy(update=of_all), choices=choices)


def _with_sides(scoped: ScopeReading, base: PlanScope, sides: Sides | None) -> ScopeReading:
    """The sides, within a scope that holds all of them; none where each of them is a body of the scope's own."""
    if sides is None or (len(scoped.scope.bodies) > 1 and not sides.has_group) or scoped.choices:
        return scoped
    if sides.has_body or sides.has_others:
        kinds = sides.kinds if all(sides.kinds) else ()
        whole = base.model_copy(update={"bodies": (), "regions": (), "names": (), "kinds": kinds})
        return replace(scoped, scope=whole, sides=sides.scopes)
    return scoped if scoped.scope.bodies else replace(scoped, sides=sides.scopes)


def _whom(
    reading: QuestionReading,
    linker: Linker,
    lexicon: Lexicon,
    base: PlanScope,
    name_spans: tuple[tuple[int, int], ...],
    *,
    wants_group: bool,
) -> ScopeReading:
    bare = [m for m in reading.bodies if m.names and len(m.body_ids) > 1]
    if len(bare) == len(reading.bodies) == 1 and (wants_group or len(bare[0].body_ids) > _MOST_CHOICES):
        # 自然资源局, in a corpus of many counties, is a sort of body and no one of them.
        sort = base.model_copy(update={"names": bare[0].names, "kinds": ()})
        if not base.regions or wants_group:
            return ScopeReading(sort, name_spans=name_spans, together=0 if wants_group else len(bare[0].body_ids))
    if reading.bodies:
        # An unknown name beside a known one is not the scope's: it stays to be answered for.
        return _named_bodies(reading, linker, base)
    scoped = _unnamed_bodies(reading, linker, lexicon, base, name_spans, wants_group=wants_group)
    return replace(scoped, name_spans=name_spans)


def _unnamed_bodies(
    reading: QuestionReading,
    linker: Linker,
    lexicon: Lexicon,
    base: PlanScope,
    name_spans: tuple[tuple[int, int], ...],
    *,
    wants_group: bool,
) -> ScopeReading:
    """The bodies that places, kinds and unknown names mean where no body is named."""
    kind_tags = _kind_tags(reading, ())
    if len({tag.surface for tag in kind_tags}) == 2 and _sets_against(reading):
        pair = _bodies_of_two_kinds(reading, linker, lexicon, base)
        if pair is not None:
            return ScopeReading(pair)
    if reading.has("operation", "rank") and base.names and not name_spans:
        ranked = linker.fitting(base)
        if len(ranked) == 1:
            # What rank is the economic zone among zones: the one that it is, within the kind that it is of.
            return ScopeReading(_only(base, ranked[0].body_id, kinds=base.kinds))
    averaged = reading.has("operation", "mean", "median")  # the mean of two counties is not that of two governments
    if len(reading.places) > 1 and not reading.has("body") and not averaged:
        # Two places (文登和张店谁多) each mean the one body that they have, if they have one.
        return _bodies_of_places(linker, base, reading)
    if name_spans and not wants_group:
        return _bodies_of_name(reading, linker, lexicon, base, name_spans)
    if wants_group or name_spans:
        return ScopeReading(base)
    if len(reading.places) == 1:
        return _bodies_of_place(reading, linker, base, reading.places[0])
    single = not reading.has("polarity") and not reading.has("operation", "trend", "share")
    others = any(is_other(reading.text, t.start) or _means_any(reading.text, t) for t in kind_tags)
    if base.kinds == (Kind.ZONE,) and single and len(kind_tags) == 1 and not others:
        # 经开区收到几件申请, without a place: which of them, if there are several.
        return _settled(reading, base, linker.fitting(base), (kind_tags[0].start, kind_tags[0].end))
    return ScopeReading(base)


def _means_any(text: str, kind: Tag) -> bool:
    """Whether a kind without a place is all of it: 开发区里谁多, 企业提给开发区的申请."""
    return text[kind.end : kind.end + 1] in tuple("里中内们") or text[: kind.start].endswith(_ADDRESSED)


def _named_bodies(reading: QuestionReading, linker: Linker, base: PlanScope) -> ScopeReading:
    open_mention: tuple[BodyMention, list[Body]] | None = None
    ids: list[str] = []
    elsewhere: list[str] = []
    for mention in reading.bodies:
        candidates = [linker.bodies[body_id] for body_id in mention.body_ids]
        in_region = [b for b in candidates if is_within(b, base.regions)] if base.regions else candidates
        if mention.names and not in_region:
            # 环翠区住建局, where only other counties' are known, is none of them.
            elsewhere.append(reading.text[mention.start : mention.end])
            continue
        candidates = in_region or candidates
        ids.extend(body.body_id for body in candidates)
        if len(candidates) > 1:
            open_mention = (mention, candidates)
    if not ids:
        return ScopeReading(base.model_copy(update={"names": tuple(elsewhere), "kinds": ()}))
    scope = _only(base, *dict.fromkeys(ids))
    if reading.has("operation", "rank"):
        # Only a ranking keeps kinds and places that are named apart from the body: 柳浪镇在青禾县的乡镇里排第几.
        ranked = [linker.bodies[body_id] for body_id in scope.bodies]
        scope = scope.model_copy(update={"kinds": base.kinds, "regions": regions_ranked(reading, ranked)})
    named = ScopeReading(scope, unplaced=tuple(elsewhere))
    if open_mention is None:
        return named
    mention, candidates = open_mention
    if len(candidates) > _MOST_CHOICES:
        return replace(named, together=len(candidates))
    others = [i for i in scope.bodies if i not in {b.body_id for b in candidates}]
    return replace(named, choices=_choices(reading, scope, candidates, (mention.start, mention.end), others))


def _bodies_of_place(reading: QuestionReading, linker: Linker, base: PlanScope, place: PlaceMention) -> ScopeReading:
    candidates: Sequence[Body] = linker.fitting(base.model_copy(update={"regions": place.regions}))
    governments = _governments(candidates, place)
    if len(candidates) > 1 and not governments and not base.kinds and _is_wide(place):
        return ScopeReading(base)
    if len(candidates) > 1 and len(governments) == 1 and not base.kinds:
        candidates = governments
    if len(candidates) > 1 and base.kinds and not _singular(reading):
        return ScopeReading(base)
    return _settled(reading, base, candidates, (place.start, place.end))


def _is_wide(place: PlaceMention) -> bool:
    """Whether a place is a city with counties or more, of whose bodies nobody means a single one."""
    levels = [region.split("/") for region in place.regions]
    return all(len(path) < (2 if path[0] in MUNICIPALITIES else 3) for path in levels)


def _bodies_of_places(linker: Linker, base: PlanScope, reading: QuestionReading) -> ScopeReading:
    bodies: list[str] = []
    for place in reading.places:
        candidates = linker.fitting(base.model_copy(update={"regions": place.regions}))
        chosen = _governments(candidates, place) or candidates
        if len(chosen) != 1:
            return ScopeReading(base)
        bodies.append(chosen[0].body_id)
    return ScopeReading(_only(base, *bodies))


def _governments(bodies: Sequence[Body], place: PlaceMention) -> list[Body]:
    """The governments of the very place, and not of what lies in it."""
    return [body for body in bodies if body.region in place.regions and body.kind in _GOVERNMENTS]


def _bodies_of_name(
    reading: QuestionReading, linker: Linker, lexicon: Lexicon, base: PlanScope, name_spans: tuple[tuple[int, int], ...]
) -> ScopeReading:
    """教育局, where the index has a 教育和体育局: a part of a name that only one body has, or a few."""
    kinds = merged(kind_scope(tag, lexicon) for tag in _kind_tags(reading, ())).kinds
    candidates = linker.fitting(base.model_copy(update={"kinds": kinds}))
    if len(candidates) > 1 and len(name_spans) != 1:
        return ScopeReading(base)
    return _settled(reading, base, candidates, name_spans[0])


def _settled(
    reading: QuestionReading, base: PlanScope, candidates: Sequence[Body], span: tuple[int, int]
) -> ScopeReading:
    """The one candidate; each as a reading where there are a few; the scope as it is where there is none or many."""
    if len(candidates) == 1:
        return ScopeReading(_only(base, candidates[0].body_id))
    # Nobody chooses among the bodies of a province, nor of 威海的开发区.
    of_many = any("/" not in region for region in base.regions) or reading.text[span[1] :].startswith(("的", "'s"))
    if not candidates or len(candidates) > _MOST_CHOICES or (of_many and base.regions):
        return ScopeReading(base, together=0 if of_many else len(candidates))
    return ScopeReading(base, _choices(reading, base, candidates, span, []))


def _sets_against(reading: QuestionReading) -> bool:
    return reading.has("operation", "compare", "trend") or any(
        word in reading.text for word in ("比", "还是", "谁", "哪个", " or ", "vs")
    )


def _bodies_of_two_kinds(
    reading: QuestionReading, linker: Linker, lexicon: Lexicon, base: PlanScope
) -> PlanScope | None:
    """经开区和高新区谁多, where the corpus has one of each; ``None`` where it has several."""
    bodies: list[str] = []
    for tag in _kind_tags(reading, ()):
        own = kind_scope(tag, lexicon)
        fitting = linker.fitting(base.model_copy(update={"kinds": own.kinds, "names": own.names}))
        if len(fitting) != 1:
            return None
        bodies.append(fitting[0].body_id)
    if len(set(bodies)) != 2:
        return None
    return _only(base, *bodies)


def _choices(
    reading: QuestionReading, base: PlanScope, candidates: Sequence[Body], span: tuple[int, int], others: list[str]
) -> tuple[Choice, ...]:
    same = len(reading.question) == len(reading.text) and not reading.corrections
    text = reading.question if same else reading.text
    end = span[1]
    # The kind word behind the place is part of the name that is written out: 文登|开发区.
    for tag in reading.following(end, 1):
        if tag.start == end and (tag.means("kind") or tag.means("designation")):
            end = tag.end
    return tuple(
        Choice(text[: span[0]] + name + text[end:], _only(base, *others, body.body_id))
        for name, body in zip(_told_apart(candidates), candidates, strict=True)
    )


def _told_apart(bodies: Sequence[Body]) -> list[str]:
    """The bodies' names, with their region before those that several go by: 文登区城关镇人民政府."""
    times = Counter(body.name for body in bodies)
    return [
        body.name if times[body.name] == 1 or not body.region else body.region.rsplit("/", 1)[-1] + body.name
        for body in bodies
    ]


def _only(base: PlanScope, *body_ids: str, kinds: tuple[Kind, ...] = ()) -> PlanScope:
    """The scope narrowed to bodies: they say where and what they are, so nothing else may narrow them away."""
    return base.model_copy(
        update={
            "bodies": body_ids,
            "regions": (),
            "kinds": kinds,
            "names": (),
            "latest": base.latest or not base.years,
        }
    )


def _singular(reading: QuestionReading) -> bool:
    """Whether 文登开发区 without any word for several means one: zones are named, towns are many."""
    tags = _kind_tags(reading, ())
    plural = any(reading.text[t.start : t.end].isascii() and reading.text[: t.end].endswith("s") for t in tags)
    return not plural and all(tag.means("designation") or tag.means("kind", "0") for tag in tags)


def _kind_tags(reading: QuestionReading, name_spans: tuple[tuple[int, int], ...]) -> list[Tag]:
    """The words for kinds, without those that end a name that the index doesn't know: 东疆|综保区."""
    return [
        tag
        for tag in reading.tags
        if (tag.means("kind") or tag.means("designation"))
        and not (reading.language == "zh" and any(end == tag.start for _, end in name_spans))
        and not _leads_kind(reading, tag)
    ]


def _leads_kind(reading: QuestionReading, tag: Tag) -> bool:
    """五个县的|开发区 are zones, and no counties."""
    if tag.surface not in ("县", "区县", "县区", "县市区"):
        return False
    return any(
        other.start > tag.start
        and reading.text[tag.end : other.start] in ("的", "各", "里的", "下属", "下属的", "下面的")
        and (other.means("kind") or other.means("designation"))
        for other in reading.tags
    )


def _regions(reading: QuestionReading) -> tuple[str, ...]:
    return tuple(dict.fromkeys(region for place in reading.places for region in place.regions))


def _unknown_names(reading: QuestionReading) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    """Unknown words that can only be a body's name: right before a kind (东疆|综保区), or Latin with a capital."""
    if reading.has("question", "mention"):
        return (), ()  # whatever is named behind 提到 is what is looked for
    found: list[Unknown] = []
    for stretch in reading.unknown:
        before_kind = any(
            tag.start == stretch.end and (tag.means("kind") or tag.means("designation")) for tag in reading.tags
        )
        if stretch.text.isascii():
            if reading.language == "en" and stretch.is_name and stretch.start > 0 and len(stretch.text) > 2:
                found.append(stretch)
        elif before_kind and len(stretch.text) >= 2:
            found.append(stretch)
    if not found and (institution := _institution(reading)) is not None:
        name, stretch = institution
        return (name,), ((stretch.start, stretch.end),)
    return tuple(s.original for s in found), tuple((s.start, s.end) for s in found)


@cache
def _institution_name() -> re.Pattern[str]:
    institution = read_lexicon("scope")["institution"]
    endings, does = ("|".join(institution[part]) for part in ("endings", "does"))
    return re.compile(rf"\s*([一-鿿]{{1,12}}?(?:{endings}))(?=[\s?？,，。]*$|\s*\d{{4}}|{does})")


def _institution(reading: QuestionReading) -> tuple[str, Unknown] | None:
    """The name of an institution that a question begins with, 中央财经大学收到多少, and the unknown words that end it.

    Nobody whose report is in the index has such a name, nor does a place or a kind stand for it.
    """
    match = _institution_name().match(reading.text)
    if match is None or reading.bodies or reading.has("operation", "list"):
        return None
    if any(place.start >= match.end(1) for place in reading.places):
        return None
    ending = next((s for s in reading.unknown if s.end == match.end(1)), None)
    inside = [tag for tag in reading.tags if tag.start < match.end(1)]
    if ending is None or any(category != "filler" for tag in inside for category, _ in tag.meanings):
        return None
    others = [s for s in reading.unknown if s.start >= match.end(1) and len(s.text) > 1]
    return None if others else (match[1], ending)
