"""Where a reporting body is at home: read from its name, and where that is not enough, from its report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from ingest.body_names import body_words, division_name, division_parts
from vectorstore.places import Gazetteer, PlaceMention, gazetteer, narrow, support
from vectorstore.records import Kind, Span

_HOST = re.compile(r"(?:[a-z0-9-]+\.)+gov\.cn", re.IGNORECASE)
_READ = 6000  # characters: the preamble and the first sections name the place; the tables after them don't
_ADDRESS = re.compile(
    r"地址[为:]?\s*(?=(?P<first>[一-鿿]{2,12}))([一-鿿]{2,4}省)?([一-鿿]{2,4}市)?([一-鿿]{2,4}?[县区旗])(?!路|街|政府|委)"
)
_TOWNSHIP = re.compile(r"[一-鿿]{2,12}?(?:镇|乡|苏木|街道|地区)(?=$|人民政府|政府|办)")


def region_of(name: str, kind: Kind, text: str, source: str = "") -> str | None:
    """The region path of a body, as far down as it is known; ``None`` where nothing tells.

    A government's is its own division; everybody else's the division that it belongs to, not lower than a county.

    Args:
        text: The report's text; what it names decides between places of one name.
        source: The path or URL of the report: a folder may be named after a place.
    """
    if kind is Kind.MINISTRY:
        return None
    places = gazetteer()
    name = re.sub(r"^中国[(（](.+?)[)）]", r"\1", name)  # 中国（福建）自由贸易试验区
    head = _trusted_head(name, places)
    if kind in (Kind.ZONE, Kind.ZONE_DEPARTMENT) and head:
        rest = [m for m in places.find(name[head[-1].span.end :]) if _all_inside(m, head)]
        head = [*head, *rest]
    context = _context(text, source, places, exclude=head)
    candidates = narrow(head)
    region = places.decide(candidates, context) if candidates else None
    if not candidates and (unknown := division_name(name)):
        return _unknown_region(unknown, text)
    if candidates and _contradicted(head, context, places):
        candidates, region = [], None
    if kind in (Kind.TOWNSHIP, Kind.SUBDISTRICT) and (region is None or places.level(region) != "county"):
        region = _above_township(name, region, context, places) or region
    if region is None and len(candidates) != 1:
        located = places.locate(context)
        region = _level_of(name, located) if located else _address_region(text, places)
    elif kind is Kind.ZONE and region and places.level(region) == "province":
        located = places.locate([m for m in context if any(c.path.startswith(region) for c in m.candidates)])
        region = located if located and located.startswith(region) else region
    return region


def _trusted_head(name: str, places: Gazetteer) -> list[PlaceMention]:
    """The places that the name begins with; a short one before 县 or 区 is another place's name."""
    head = places.head(name)
    while head and not head[-1].is_full and re.match(r"[市县区旗]", name[head[-1].span.end :]):
        head.pop()
    # 东区街道, 新城镇: the township's own name, which is a county's name elsewhere.
    while head and not head[-1].is_full and re.match(r"(?:镇|乡|街道|苏木|回族乡|民族乡)", name[head[-1].span.end :]):
        head.pop()
    # 巴彦高勒苏木 begins like 巴彦县 and has nothing to do with it: the gazetteer's list of townships tells.
    if head and not head[-1].is_full and (match := _TOWNSHIP.match(name[head[-1].span.start :])):
        inner = _TOWNSHIP.match(name[head[-1].span.end :])
        if places.above_township(match.group()) and not (inner and places.above_township(inner.group())):
            head.pop()
    return head


def _all_inside(mention: PlaceMention, head: Sequence[PlaceMention]) -> bool:
    """Whether a place further on in the name lies in the one at its head: 福州 of 福建自贸区福州片区."""
    return any(a.contains(b) and a != b for a in narrow(head) for b in mention.candidates)


def _context(text: str, source: str, places: Gazetteer, exclude: Sequence[PlaceMention]) -> list[PlaceMention]:
    """The places that speak for a region: those of the prose, of government web addresses, of the file's path."""
    prose = text[:_READ] + "\n" + text[-600:]
    mentions = places.find(_HOST.sub(" ", re.sub(r"https?://\S*", " ", prose)))
    own = {m.candidates for m in exclude if not m.is_full}
    mentions = [m for m in mentions if m.is_full or m.candidates not in own]
    for host in {*_HOST.findall(prose), *_HOST.findall(source)}:
        for label in host.lower().split(".")[:-2]:
            if found := places.of_latin(label):
                mentions.append(PlaceMention(Span(0, 0), found, True))
    for part in PurePath(re.sub(r"https?://[^/]*", "", source)).parts[:-1]:
        mentions += places.find(part)
    return mentions


def _contradicted(head: Sequence[PlaceMention], context: Sequence[PlaceMention], places: Gazetteer) -> bool:
    """Whether a short name at the head means something else: 东湖 of a zone in 武汉 is no district of 南昌."""
    if any(mention.is_full for mention in head):
        return False
    candidates = narrow(head)
    if any(place.level != "county" for place in candidates):
        return False
    if any(support(place, context) for place in candidates):
        return False
    located = places.locate([mention for mention in context if mention.is_full])
    return located is not None


def _above_township(name: str, region: str | None, context: Sequence[PlaceMention], places: Gazetteer) -> str | None:
    """The county in which the township of that name lies, if the region known so far or the context singles it out."""
    match = _TOWNSHIP.search(name[places.head(name)[-1].span.end :] if region and places.head(name) else name)
    if match is None:
        return None
    found = [
        place
        for place in places.above_township(match.group())
        if place.level == "county" and (region is None or place.path.startswith(region))
    ]
    if len(found) == 1 and (region is not None or len(match.group()) >= 3):
        located = places.locate([m for m in context if m.is_full])
        related = located is None or located.startswith(found[0].path) or found[0].path.startswith(located)
        return found[0].path if related or region is not None else None
    scored = sorted(((support(place, context), place.path) for place in found), reverse=True)
    if scored and scored[0][0] > 0 and (len(scored) == 1 or scored[0][0] > scored[1][0]):
        return scored[0][1]
    return None


def _level_of(name: str, located: str) -> str:
    """The located path cut to the level that a name like 市财政局 or 省教育厅 speaks of."""
    parts = located.split("/")
    if name.startswith("省"):
        return parts[0]
    if name.startswith("市") and len(parts) == 3 and not parts[2].endswith("市"):
        return "/".join(parts[:2])
    return located


def _address_region(text: str, places: Gazetteer) -> str | None:
    """The divisions of an address that the gazetteer doesn't know, by their form: 甲省乙市丙县某路1号."""
    for match in _ADDRESS.finditer(text[:_READ]):
        parts = [part for part in match.groups()[1:] if part]
        if not places.head(match.group("first")) and body_words().zone_term.search(parts[-1]) is None:
            return "/".join(parts)
    return None


def _unknown_region(head: str, text: str) -> str | None:
    """The region of a division that the gazetteer doesn't hold, as the name and the text put it together."""
    parts = division_parts(head)
    if not parts:
        return None
    first = re.escape(parts[0])
    # Look-aheads, because nothing marks where a name begins: of 现将晴川市 and 晴川市 the shorter is the city.
    cities = (
        {m[1] for m in re.finditer(rf"(?=([一-鿿]{{2,4}}市){first})", text[:_READ])} if first[-1] != "市" else set()
    )
    city = min(cities, key=len, default="")
    provinces = {m[1] for m in re.finditer(rf"(?=([一-鿿]{{2,4}}省){city}{first})", text[:_READ])}
    province = min(provinces, key=len, default="") if not parts[0].endswith("省") else ""
    return "/".join(part for part in (province, city, *parts) if part)
