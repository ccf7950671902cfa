"""What a place does beside a body that is named: it says where the body is, among whom it ranks, or whose it is too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.understanding.corpus_places import PlaceMention
from assistant.understanding.linking import BodyMention, Linker, is_within
from assistant.understanding.reading import QuestionReading
from vectorstore.places import MUNICIPALITIES
from vectorstore.records import Body, Kind

_GOVERNMENTS = (Kind.COUNTY, Kind.CITY, Kind.PROVINCE)
_OWN_PLACE = re.compile("[全本该](?P<level>[县区市省])(?![长委直级])")
_DEPTHS = {"省": 1, "市": 2, "县": 3, "区": 3}
_PART_OF_NAME = re.compile(r"[的\s]*")
_SAYS_WHERE = re.compile(r"\s*(?:,|，|\(|in|of)\s*")
_JOINS = re.compile(r"\s*(?:和|与|跟|及|、|and|&|vs)\s*(?:the )?")


def regions_ranked(reading: QuestionReading, ranked: Sequence[Body]) -> tuple[str, ...]:
    """The places among whose bodies one is ranked: 柳浪镇在|青禾县|的乡镇里排第几, but not |青禾县|柳浪镇排第几."""
    own = _own_place(reading, ranked)
    if own is not None:
        return (own,)
    among = [place for place in reading.places if not _says_where(reading, place)]
    regions = tuple(dict.fromkeys(region for place in among for region in place.regions))
    return regions if all(is_within(body, regions) for body in ranked) else ()


def _own_place(reading: QuestionReading, ranked: Sequence[Body]) -> str | None:
    """The place that a body itself is in: 柳浪镇在全县排第几; ``None`` where none is meant or known."""
    match = _OWN_PLACE.search(reading.text)
    regions = {body.region for body in ranked}
    if match is None or len(regions) != 1 or (region := regions.pop()) is None:
        return None
    path = region.split("/")
    depth = _DEPTHS[match["level"]] - (path[0] in MUNICIPALITIES)
    return "/".join(path[:depth]) if 0 < depth <= len(path) else None


def places_left_open(reading: QuestionReading, linker: Linker) -> list[tuple[int, int]]:
    """Where 全县 and 本市 stand while the corpus has several such places: which one is meant, nothing says."""
    found = []
    for match in _OWN_PLACE.finditer(reading.text):
        depth = _DEPTHS[match["level"]]
        regions = {"/".join(b.region.split("/")[:depth]) for b in linker.bodies.values() if b.region is not None}
        if len(regions) > 1:
            found.append(match.span())
    return found


def _says_where(reading: QuestionReading, place: PlaceMention) -> bool:
    """Whether the place only says where the body beside it is."""
    for body in reading.bodies:
        if place.end <= body.start and _PART_OF_NAME.fullmatch(reading.text[place.end : body.start]):
            return True
        behind = reading.text[body.end : place.start]
        if body.end <= place.start and reading.language == "en" and _SAYS_WHERE.fullmatch(behind):
            return True
    return False


def with_governments(reading: QuestionReading, linker: Linker) -> QuestionReading:
    """The reading with places joined to a government's name as governments too: Qinghe |and Liuyu county governments"""
    governments: list[BodyMention] = []
    places: list[PlaceMention] = []
    for place in reading.places:
        own = _government_of(place, linker) if _shares_a_head(reading, place, linker) else None
        if own is None:
            places.append(place)
        else:
            governments.append(BodyMention(place.start, place.end, (own.body_id,)))
    if not governments:
        return reading
    bodies = tuple(sorted((*reading.bodies, *governments), key=lambda mention: mention.start))
    return replace(reading, bodies=bodies, places=tuple(places))


def _shares_a_head(reading: QuestionReading, place: PlaceMention, linker: Linker) -> bool:
    for body in reading.bodies:
        joined = place.end <= body.start and _JOINS.fullmatch(reading.text[place.end : body.start])
        if joined and all(linker.bodies[body_id].kind in _GOVERNMENTS for body_id in body.body_ids):
            return True
    return False


def _government_of(place: PlaceMention, linker: Linker) -> Body | None:
    own = [b for b in linker.bodies.values() if b.region in place.regions and b.kind in _GOVERNMENTS]
    return own[0] if len(own) == 1 else None
