"""Where a reporting body is at home: read from its name, and where that is not enough, from its report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from ingest.identity.body_names import body_words, division_name, division_parts
from vectorstore.places import LEVELS, Gazetteer, Place, PlaceMention, gazetteer, narrow, support
from vectorstore.records import Kind, Span

_HOST = re.compile(r"(?:[a-z0-9-]+\.)+gov\.cn", re.IGNORECASE)
# What a national body's branch has before the place that it is of; the corps is one in all but name.
_CORPS = "新疆生产建设兵团"
_CORPS_REGION = "新疆维吾尔自治区"
_NATIONAL = re.compile(
    rf"^(?:中华人民共和国|中国共产党|中共|{_CORPS}(?=.)"
    r"|(?:中国|国家)[一-鿿]{2,10}?(?:总局|局|委员会|银行)(?=[一-鿿]{3}))"
)
_AREA_CODE = re.compile(r"(?<!\d)[(]?(0(?:10|2\d|[3-9]\d{2}))[)]?[-\s—－–]{0,3}[1-9]\d{6,7}(?!\d)")
# 新华路, 北京街道, 朝阳村: a place's short name that is only part of another name.
_PART_OF_A_NAME = re.compile(
    r"[东南西北中]?(?:路|街|大道|大街|巷|桥)|镇|乡|苏木|街道|村|社区|居委|嘎查|山|湖|湾|河|[一-鿿]{0,2}(?:小学|中学|大厦)"
)
_READ = 6000  # characters: the preamble and the first sections name the place; the tables after them don't
_ADDRESS = re.compile(
    r"地址[为:]?\s*(?=(?P<first>[一-鿿]{2,12}))([一-鿿]{2,4}省)?([一-鿿]{2,4}市)?([一-鿿]{2,4}?[县区旗])(?!路|街|政府|委)"
)
_SECOND_PLATE = re.compile(r"[（(](?P<name>[一-鿿]{4,20})[)）]")
_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
_OFFICE = re.compile(r"地址[为:：]?\s*[^。，,；;\n]{2,30}")
_TOWNSHIP = re.compile(r"[一-鿿]{2,12}?(?:镇|乡|苏木|街道|地区)(?=$|人民政府|政府|办)")


def region_of(name: str, kind: Kind, text: str, source: str = "", url: str = "") -> str | None:
    """The region path of a body, as far down as it is known; ``None`` where nothing tells.

    A government's is its own division; everybody else's the division that it belongs to, not lower than a county.

    Args:
        text: The report's text; what it names decides between places of one name.
        source: The path or URL of the report: a folder may be named after a place.
        url: Where it was published, if that is known.
    """
    if kind is Kind.MINISTRY:
        return None
    places = gazetteer()
    name = re.sub(r"^中国[(（](.+?)[)）]", r"\1", name)  # 中国（福建）自由贸易试验区
    corps = name.startswith(_CORPS)
    name = _NATIONAL.sub("", name)
    head = _trusted_head(name, places)
    if kind is Kind.ZONE and not head and (plate := _SECOND_PLATE.search(name)):
        name = plate["name"]  # 某某合作示范区（连云港徐圩新区）: only the second plate says where
        head = _trusted_head(name, places)
    if head:
        head = [*head, *_inner_places(name, kind, head, places)]
    rest = name[head[-1].span.end :] if head else name
    if kind is Kind.ZONE and (term := body_words().zone_term.search(rest)):
        # 雄安新区 holds the characters of 安新县: what is the zone's own name says nothing of places.
        text = text.replace(rest[: term.end()], "　")
    context = _context(text, f"{url} {source}" if url else source, places, exclude=head)
    candidates = narrow(head)
    region = places.decide(candidates, context) if candidates else None
    if region is None and not any(support(place, context) for place in candidates):
        # 河北雄安新区: a name begins with its province more often than with a district of that name elsewhere.
        region = next((place.path for place in candidates if place.level == "province"), None)
    if not candidates and not _is_listed_township(name, kind, places) and (unknown := division_name(name)):
        return _unknown_region(unknown, text)
    if candidates and _contradicted(head, context, places):
        candidates, region = [], None
    if kind in (Kind.TOWNSHIP, Kind.SUBDISTRICT) and (region is None or places.level(region) != "county"):
        region = _above_township(name, region, context, places) or region
    if region is None and corps:
        return _CORPS_REGION
    if region is None and len(candidates) != 1:
        located = places.locate(context)
        region = _level_of(name, located) if located else _address_region(text, places)
    elif kind is Kind.ZONE and region and places.level(region) == "province":
        if region in _MUNICIPALITIES and body_words().zone_term.match(rest):
            # 北京经开区 lies in several districts, whichever of them its text names; an address says where it sits.
            context = places.find("\n".join(match.group() for match in _OFFICE.finditer(text)))
        located = places.locate([m for m in context if any(c.path.startswith(region) for c in m.candidates)])
        region = located if located and located.startswith(region) else region
    return region


def doubt(name: str, kind: Kind, region: str | None) -> str | None:
    """A sentence on why the region of a body is unknown, in Chinese; ``None`` where it is known."""
    if region is not None or kind is Kind.MINISTRY:
        return None
    places = gazetteer()
    possible = narrow(_trusted_head(_NATIONAL.sub("", name), places))
    if kind in (Kind.TOWNSHIP, Kind.SUBDISTRICT) and (match := _TOWNSHIP.match(name)):
        possible = possible or list(places.above_township(match.group()))
    if len(possible) < 2:
        return f"看不出“{name}”在哪里，地区留空。"
    listed = "、".join(place.path for place in possible[:4]) + ("等" if len(possible) > 4 else "")
    return f"“{name}”可能在{listed}，正文不足以断定是哪一个，地区留空。"


def region_path(written: str) -> str | None:
    """The path of a region as a person writes it: 山东省/威海市/文登区, 山东威海文登, 文登区.

    ``None`` where no place is meant or more than one is.
    """
    places = gazetteer()
    if (known := places.known(written.strip().strip("/"))) is not None:
        return known.path
    found = _read_path(re.sub(r"[\s/、,，>·-]+", "", written), (), places)
    # 吉林 is a province and its city: the wider one is meant unless its 市 is written.
    levels = {level: [place for place in found if place.level == level] for level in LEVELS}
    widest = next((at_level for at_level in levels.values() if at_level), [])
    return widest[0].path if len(widest) == 1 else None


def _read_path(written: str, outer: Sequence[Place], places: Gazetteer) -> list[Place]:
    """The places that a chain of names can mean, each within the one before; any cut into names is tried."""
    if not written:
        return list(outer)
    for length in range(len(written), 1, -1):
        named = [p for p in places.named(written[:length]) if not outer or any(o.contains(p) and o != p for o in outer)]
        if named and (found := _read_path(written[length:], named, places)):
            return found
    return []


def _trusted_head(name: str, places: Gazetteer) -> list[PlaceMention]:
    """The places that the name begins with; a short one before 县 or 区 is another place's name."""
    head = places.head(name)
    while head and not head[-1].is_full and re.match(r"[市县区旗]", name[head[-1].span.end :]):
        head.pop()
    # 长白山开发区 is of no 长白县, 通州湾示范区 not of 通州区: the waters and mountains have those names too.
    while head and not head[-1].is_full and re.match(r"[山湖湾岛江河]", name[head[-1].span.end :]):
        if any(place.level != "county" for place in head[-1].candidates):
            break
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


def _inner_places(name: str, kind: Kind, head: Sequence[PlaceMention], places: Gazetteer) -> list[PlaceMention]:
    """The places further on in a name that lie within those at its head.

    福州 of 福建自贸区福州片区, 宜城 of 襄阳市生态环境局宜城分局.
    """
    start = head[-1].span.end
    found = [mention for mention in places.find(name[start:]) if _all_inside(mention, head)]
    if kind in (Kind.ZONE, Kind.ZONE_DEPARTMENT):
        # 雄安新区 holds the characters of 安新县: a place begins where the name or a part of it does.
        ends = {0} | {match.end() for match in body_words().zone_term.finditer(name[start:])}
        return [
            mention for mention in found if mention.span.start in ends or name[start + mention.span.start - 1] in "(（"
        ]
    branches = {match.end() for match in re.finditer("(?=[市县区旗]?(?:分局|分公司|分中心))", name[start:])}
    return [mention for mention in found if mention.span.end in branches]


def _all_inside(mention: PlaceMention, head: Sequence[PlaceMention]) -> bool:
    """Whether a place further on in the name lies in the one at its head: 福州 of 福建自贸区福州片区."""
    return any(a.contains(b) and a != b for a in narrow(head) for b in mention.candidates)


def _context(text: str, source: str, places: Gazetteer, exclude: Sequence[PlaceMention]) -> list[PlaceMention]:
    """The places that speak for a region: those of the prose, of government web addresses, of the file's path."""
    prose = text[:_READ] + "\n" + text[-600:]
    bare = _HOST.sub(" ", re.sub(r"https?://\S*", " ", prose))
    own = {m.candidates for m in exclude if not m.is_full}
    mentions = [
        mention
        for mention in _chained(places.find(bare))
        if mention.is_full or not (mention.candidates in own or _PART_OF_A_NAME.match(bare, mention.span.end))
    ]
    cities_of = [places.of_area_code(code) for code in dict.fromkeys(_AREA_CODE.findall(prose))]
    mentions += [PlaceMention(Span(0, 0), cities, True) for cities in cities_of if cities]
    for host in {*_HOST.findall(prose), *_HOST.findall(source)}:
        named = [places.of_latin(label) for label in host.lower().split(".")[:-2]]
        mentions += [PlaceMention(Span(0, 0), found, True) for found in named if found]
    for part in PurePath(re.sub(r"https?://[^/]*", "", source)).parts[:-1]:
        mentions += _chained(places.find(part))
    return mentions


def _chained(mentions: Sequence[PlaceMention]) -> list[PlaceMention]:
    """The mentions, each that stands right behind another narrowed by it: the 西湖区 of 杭州市西湖区 is one place."""
    chained: list[PlaceMention] = []
    for mention in mentions:
        before = chained[-1] if chained else None
        if before and before.span.end == mention.span.start and before.span.end > before.span.start:
            inside = tuple(c for c in mention.candidates if any(o.contains(c) and o != c for o in before.candidates))
            mention = replace(mention, candidates=inside) if inside else mention
        chained.append(mention)
    return chained


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


def _is_listed_township(name: str, kind: Kind, places: Gazetteer) -> bool:
    """Whether the whole name is a township's that the gazetteer lists: 东花市街道 lies in no 东花市."""
    if kind not in (Kind.TOWNSHIP, Kind.SUBDISTRICT):
        return False
    match = _TOWNSHIP.match(name)
    return bool(match and places.above_township(match.group()))


def home_of(text: str, source: str = "", url: str = "") -> str | None:
    """The region path at which a text is at home by the places it names in full, its address and its folder."""
    places = gazetteer()
    found = _context(text, f"{url} {source}" if url else source, places, exclude=())
    return places.locate([mention for mention in found if mention.is_full])


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
