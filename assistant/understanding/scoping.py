"""Which reports a question is about: its bodies, kinds, places and years, and what it leaves open."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.plan import PlanScope
from assistant.understanding.lexicon import Lexicon, Tag
from assistant.understanding.linking import BodyMention, Linker, PlaceMention
from assistant.understanding.reading import QuestionReading, Unknown
from vectorstore.records import Body, Kind

_GOVERNMENTS = (Kind.COUNTY, Kind.CITY, Kind.PROVINCE)
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
    """

    scope: PlanScope
    choices: tuple[Choice, ...] = ()
    name_spans: tuple[tuple[int, int], ...] = ()

    def chosen(self, choice: Choice) -> ScopeReading:
        """The same with one reading settled."""
        return replace(self, scope=choice.scope, choices=())


def read_scope(reading: QuestionReading, linker: Linker, lexicon: Lexicon, *, wants_group: bool) -> ScopeReading:
    """Read the scope of a question.

    Args:
        wants_group: The question is about many bodies, so a place or kind narrows and names no one body.
    """
    names, name_spans = _unknown_names(reading)
    kinds, designations = _kinds(reading, lexicon, name_spans)
    regions = _regions(reading)
    base = PlanScope(
        kinds=kinds,
        regions=regions,
        years=tuple(sorted({year for mention in reading.years for year in mention.years})),
        names=names or designations,
        latest=reading.has("time", "latest"),
    )
    bare = [m for m in reading.bodies if m.bare and len(m.body_ids) > 1]
    if len(bare) == len(reading.bodies) == 1 and (wants_group or len(bare[0].body_ids) > _MOST_CHOICES) and not regions:
        # 自然资源局, in a corpus of many counties, is a sort of body and no one of them.
        sort = base.model_copy(update={"names": tuple(m.bare for m in bare if m.bare), "kinds": ()})
        return ScopeReading(sort, name_spans=name_spans)
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
    kind_tags = _kind_tags(reading)
    if len({tag.surface for tag in kind_tags}) == 2 and _sets_against(reading):
        pair = _bodies_of_two_kinds(reading, linker, lexicon, base)
        if pair is not None:
            return ScopeReading(pair)
    if reading.has("operation", "rank") and _kinds(reading, lexicon, name_spans)[1]:
        ranked = [b for b in linker.bodies.values() if _fits(b, base)]
        if len(ranked) == 1:
            # What rank is the economic zone among zones: the one that it is, within the kind that it is of.
            return ScopeReading(_only(base, ranked[0].body_id, kinds=base.kinds))
    if len(reading.places) > 1 and not reading.has("body"):
        # Two places (文登和张店谁多) each mean the one body that they have, if they have one.
        return _bodies_of_places(linker, base, reading)
    if name_spans and not wants_group:
        return _bodies_of_name(reading, linker, lexicon, base, name_spans)
    if wants_group or name_spans:
        return ScopeReading(base)
    if len(reading.places) == 1:
        return _bodies_of_place(reading, linker, base, reading.places[0])
    single = not reading.has("polarity") and not reading.has("operation", "trend")
    if base.kinds == (Kind.ZONE,) and single and len(kind_tags) == 1:
        # 经开区收到几件申请, without a place: which of them, if there are several.
        candidates = sorted((b for b in linker.bodies.values() if _fits(b, base)), key=lambda body: body.name)
        return _settled(reading, base, candidates, (kind_tags[0].start, kind_tags[0].end))
    return ScopeReading(base)


def _named_bodies(reading: QuestionReading, linker: Linker, base: PlanScope) -> ScopeReading:
    open_mention: tuple[BodyMention, list[Body]] | None = None
    ids: list[str] = []
    for mention in reading.bodies:
        candidates = [linker.bodies[body_id] for body_id in mention.body_ids]
        in_region = [b for b in candidates if _is_within(b, base.regions)] if base.regions else candidates
        candidates = in_region or candidates
        ids.extend(body.body_id for body in candidates)
        if len(candidates) > 1:
            open_mention = (mention, candidates)
    # Only a ranking keeps a kind that is named apart from the body: 柳浪镇在乡镇里排第几.
    among = base.kinds if reading.has("operation", "rank") else ()
    scope = _only(base, *dict.fromkeys(ids), kinds=among)
    if open_mention is None:
        return ScopeReading(scope)
    mention, candidates = open_mention
    others = [i for i in scope.bodies if i not in {b.body_id for b in candidates}]
    return ScopeReading(scope, _choices(reading, scope, candidates, (mention.start, mention.end), others))


def _bodies_of_place(reading: QuestionReading, linker: Linker, base: PlanScope, place: PlaceMention) -> ScopeReading:
    candidates = [b for region in place.regions for b in linker.within(region) if _fits(b, base)]
    governments = _governments(candidates, place)
    if len(candidates) > 1 and len(governments) == 1 and not base.kinds:
        candidates = governments
    if len(candidates) > 1 and base.kinds and not _singular(reading):
        return ScopeReading(base)
    return _settled(reading, base, candidates, (place.start, place.end))


def _bodies_of_places(linker: Linker, base: PlanScope, reading: QuestionReading) -> ScopeReading:
    bodies: list[str] = []
    for place in reading.places:
        candidates = [b for region in place.regions for b in linker.within(region) if _fits(b, base)]
        chosen = _governments(candidates, place) or candidates
        if len(chosen) != 1:
            return ScopeReading(base)
        bodies.append(chosen[0].body_id)
    return ScopeReading(_only(base, *bodies))


def _governments(bodies: list[Body], place: PlaceMention) -> list[Body]:
    """The governments of the very place, and not of what lies in it."""
    return [body for body in bodies if body.region in place.regions and body.kind in _GOVERNMENTS]


def _bodies_of_name(
    reading: QuestionReading, linker: Linker, lexicon: Lexicon, base: PlanScope, name_spans: tuple[tuple[int, int], ...]
) -> ScopeReading:
    """教育局, where the index has a 教育和体育局: a part of a name that only one body has, or a few."""
    kinds = _kinds(reading, lexicon, ())[0]
    candidates = [b for b in linker.bodies.values() if _fits(b, base.model_copy(update={"kinds": kinds}))]
    if not candidates and len(name_spans) == 1:
        start, end = name_spans[0]
        end = next((tag.end for tag in _kind_tags(reading) if tag.start == end), end)
        candidates = linker.sounding_like(reading.text[start:end])
    if len(candidates) > 1 and len(name_spans) != 1:
        return ScopeReading(base)
    return _settled(reading, base, candidates, name_spans[0])


def _settled(reading: QuestionReading, base: PlanScope, candidates: list[Body], span: tuple[int, int]) -> ScopeReading:
    """The one candidate; each as a reading where there are a few; the scope as it is where there is none or many."""
    if len(candidates) == 1:
        return ScopeReading(_only(base, candidates[0].body_id))
    if not candidates or len(candidates) > _MOST_CHOICES:
        return ScopeReading(base)
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
    for tag in _kind_tags(reading):
        kinds = {kind for value in tag.values("kind") for kind in lexicon.kinds[int(value)]}
        names = tuple(name for value in tag.values("designation") for name in lexicon.designations[int(value)])
        fitting = [
            body
            for body in linker.bodies.values()
            if (not kinds or body.kind in kinds)
            and _fits(body, base.model_copy(update={"kinds": (Kind.ZONE,) if names else (), "names": names}))
        ]
        if len(fitting) != 1:
            return None
        bodies.append(fitting[0].body_id)
    if len(set(bodies)) != 2:
        return None
    return _only(base, *bodies)


def _choices(
    reading: QuestionReading, base: PlanScope, candidates: list[Body], span: tuple[int, int], others: list[str]
) -> tuple[Choice, ...]:
    text = reading.question if len(reading.question) == len(reading.text) else reading.text
    end = span[1]
    # The kind word behind the place is part of the name that is written out: 文登|开发区.
    for tag in reading.following(end, 1):
        if tag.start == end and (tag.means("kind") or tag.means("designation")):
            end = tag.end
    return tuple(
        Choice(
            text[: span[0]] + body.name + text[end:],
            _only(base, *others, body.body_id),
        )
        for body in candidates
    )


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


def _fits(body: Body, scope: PlanScope) -> bool:
    names = (body.name, *body.aliases)
    return (not scope.kinds or body.kind in scope.kinds) and (
        not scope.names or any(part in name for part in scope.names for name in names)
    )


def _is_within(body: Body, regions: tuple[str, ...]) -> bool:
    return any(((body.region or "") + "/").startswith(region + "/") for region in regions)


def _singular(reading: QuestionReading) -> bool:
    """Whether 文登开发区 without any word for several means one: zones are named, towns are many."""
    return all(tag.means("designation") or tag.means("kind", "0") for tag in _kind_tags(reading))


def _kind_tags(reading: QuestionReading) -> list[Tag]:
    return [tag for tag in reading.tags if tag.means("kind") or tag.means("designation")]


def _kinds(
    reading: QuestionReading, lexicon: Lexicon, name_spans: tuple[tuple[int, int], ...]
) -> tuple[tuple[Kind, ...], tuple[str, ...]]:
    kinds: list[Kind] = []
    names: list[str] = []
    for tag in _kind_tags(reading):
        if any(end == tag.start for _, end in name_spans) and reading.language == "zh":
            continue
        for value in tag.values("kind"):
            kinds.extend(lexicon.kinds[int(value)])
        for value in tag.values("designation"):
            kinds.append(Kind.ZONE)
            names.extend(lexicon.designations[int(value)])
    return tuple(dict.fromkeys(kinds)), tuple(dict.fromkeys(names))


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
    return tuple(s.original for s in found), tuple((s.start, s.end) for s in found)
