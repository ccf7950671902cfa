"""What people call bodies: short names, names without the province, names in Latin letters.

The words are data (``data/body_names.toml``). Latin names need pypinyin for what the gazetteer doesn't hold, so they
are made once, at ingestion, and kept with the body: no question waits for it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from vectorstore.places import Place, gazetteer, narrow
from vectorstore.records import Kind

# 国家税务总局句容市税务局 is called 句容市税务局.
_NATIONAL = re.compile(r"^(?:国家[一-鿿]{2,8}总局|国家统计局|中华人民共和国|新疆生产建设兵团)(?=[一-鿿]{4})")
_DIVISION_EN = {"省": "Province", "市": "City", "区": "District", "县": "County", "旗": "Banner", "盟": "League"}
_LANDFORM_EN = {"湖": "Lake", "山": "Mountain", "河": "River", "江": "River", "岛": "Island", "湾": "Bay"}
_TOWN_EN = {"镇": "Town", "乡": "Township", "苏木": "Sumu", "街道": "Subdistrict"}


@dataclass(frozen=True, slots=True)
class Designation:
    """A word that names end in, its short forms (the usual one first) and what it is in English.

    ``former`` are those that were renamed to it: a body that was called so is the same body.
    """

    long: str
    short: tuple[str, ...]
    english: tuple[str, ...] = ()
    former: tuple[str, ...] = ()


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads((files("vectorstore.data") / "body_names.toml").read_text(encoding="utf-8"))


@cache
def _of_peoples() -> re.Pattern[str]:
    """What stands behind the own name of an ethnic township: 大蚬彝族乡 is called 大蚬."""
    return re.compile(f"(?:(?:{'|'.join(_content()['peoples'])})族)+$")


@cache
def designations() -> dict[str, tuple[Designation, ...]]:
    """The designations of ``zone``, ``organ`` and ``department``, longest first."""
    return {
        sort: tuple(
            sorted(
                (
                    Designation(e["long"], tuple(e["short"]), tuple(e.get("english", ())), tuple(e.get("former", ())))
                    for e in entries
                ),
                key=lambda designation: -len(designation.long),
            )
        )
        for sort, entries in _content().items()
        if sort != "peoples"
    }


@dataclass(frozen=True, slots=True)
class _Parts:
    """A name taken apart: 威海市文登区 | 界石 | 镇 | 人民政府.

    Attributes:
        places: The names it begins with, as written, outermost first.
        place: The innermost of them as the gazetteer knows it; else the region's own.
        own: What is the body's alone: 界石, 甘眉, 昆嵛山; often empty.
        designation: 镇, 经济开发区, 财政局, or empty for a government.
        organ: 人民政府, 管理委员会, 人民政府办公室 …, or empty.
    """

    places: tuple[str, ...]
    place: Place | None
    own: str
    designation: str
    organ: str


def canonical_core(name: str, kind: Kind, region: str | None) -> str:
    """What tells a body from the others of its kind in its region, however long its name is written.

    Without the places before it and without the organ behind it: 经济开发区 of 文登经济开发区管理委员会.
    """
    parts = _take_apart(re.sub(r"\s", "", name), kind, region)
    renamed = _entry("zone" if kind is Kind.ZONE else "department", parts.designation)
    designation = renamed.long if renamed else parts.designation
    for entry in designations()["zone"]:
        # 高新区 has one long form only; 经开区 has two, and stays what it is.
        if designation == "高新区" and entry.long == "高新技术产业开发区":
            designation = entry.long
    organ = parts.organ if kind in (Kind.GOVERNMENT_OFFICE, Kind.ZONE_DEPARTMENT, Kind.DEPARTMENT) else ""
    return parts.own + designation + organ


def short_names(name: str, kind: Kind, region: str | None = None) -> tuple[str, ...]:
    """Everything else that people call a body, the most usual Chinese short name first, Latin names last.

    The name itself is left out. A bare place name is among them only for the government of that place, and for a
    township or zone whose own name it is (界石, 甘眉): 文登 alone means the place, not its zone.
    """
    bare = re.sub(r"\s", "", name)
    parts = _take_apart(bare, kind, region)
    makers = {
        Kind.ZONE: _of_zone,
        Kind.TOWNSHIP: _of_township,
        Kind.SUBDISTRICT: _of_township,
        Kind.COUNTY: _of_government,
        Kind.CITY: _of_government,
        Kind.PROVINCE: _of_government,
        Kind.GOVERNMENT_OFFICE: _of_office,
    }
    chinese, latin = makers.get(kind, _of_department)(parts)
    # A name with a second plate in brackets goes by either.
    plates = [re.sub(r"\([^()]*\)|（[^（）]*）", "", bare)] if re.search(r"[(（]", bare) else []
    found = [form for form in (*chinese, *plates, *latin) if len(form) >= 2 and form != bare]
    return tuple(dict.fromkeys(found))


def _take_apart(name: str, kind: Kind, region: str | None) -> _Parts:
    places = gazetteer()
    name = _NATIONAL.sub("", name)
    head = places.head(name)
    while head and not head[-1].is_full and re.match(r"[市县区旗镇乡街]", name[head[-1].span.end :]):
        head.pop()
    candidates = narrow(head)
    within = [p for p in candidates if region and (region == p.path or region.startswith(p.path + "/"))]
    place = within[0] if within else (candidates[0] if len(candidates) == 1 else None)
    if region and (place is None or place.path != region):
        place = places.known(region) or place
    written = tuple(mention.span.of(name) for mention in head)
    rest = name[head[-1].span.end :] if head else name
    if not head and region and place is None:
        # A division that the gazetteer doesn't know: its names are those of the region.
        for part in region.split("/"):
            if rest.startswith(part):
                written, rest = (*written, part), rest[len(part) :]
    organ = _organ_of(rest, kind)
    rest = rest[: len(rest) - len(organ)]
    if kind in (Kind.TOWNSHIP, Kind.SUBDISTRICT):
        # 剡浦区人民政府望潮街道办事处 is an office of its district's government, and called 望潮街道.
        rest = re.sub("^(?:人民)?政府(?=.)", "", rest) if written else rest
        match = re.search(r"(?:苏木|街道|地区|镇|乡|街)$", rest)
        designation = match.group() if match else ""
    else:
        sort = "zone" if kind is Kind.ZONE else "department"
        known = sorted((form for d in designations()[sort] for form in (d.long, *d.former)), key=len, reverse=True)
        designation = next((form for form in known if rest.endswith(form)), "")
        if kind is Kind.ZONE and not designation:
            designation = next((s for d in designations()[sort] for s in d.short if rest.endswith(s)), "")
    return _Parts(written, place, rest[: len(rest) - len(designation)], designation, organ)


def _organ_of(rest: str, kind: Kind) -> str:
    if kind in (Kind.TOWNSHIP, Kind.SUBDISTRICT):
        match = re.search(r"(?<=[镇乡木道区])(?:(?:人民)?政府|办事处|办)?(?:党政)?(?:综合)?(?:办公室)?$", rest)
        return match.group() if match else ""
    if kind is Kind.DEPARTMENT:
        return ""
    return next((o.long for o in designations()["organ"] if rest.endswith(o.long) and o.long != "街道办事处"), "")


def _short(designation: Designation | None) -> tuple[str, ...]:
    return designation.short if designation else ()


def _entry(sort: str, long: str) -> Designation | None:
    """The designation of that name, or the one that it was renamed to."""
    entries = designations().get(sort, ())
    renamed = next((d for d in entries if long in d.former), None)
    return renamed or next((d for d in entries if d.long == long), None)


def _other_names(entry: Designation | None, designation: str) -> list[str]:
    """Today's and earlier long forms of a designation, itself excluded."""
    return [form for form in ((entry.long, *entry.former) if entry else ()) if form != designation]


def _place_forms(parts: _Parts) -> list[str]:
    """How the place before a name is written: short, full, with what it lies in; at least the empty form."""
    forms: list[str] = []
    if parts.place:
        forms += [parts.place.short_name, parts.place.name]
    forms += [parts.places[-1]] if parts.places else []
    # An unknown 云岭县 is shortened like a known one.
    if parts.places and parts.place is None and len(parts.places[-1]) > 2:
        forms.insert(0, parts.places[-1][:-1])
    return list(dict.fromkeys(forms))


def _of_zone(parts: _Parts) -> tuple[list[str], list[str]]:
    entry = _entry("zone", parts.designation)
    short, long = list(_short(entry)), parts.designation
    words = [*short, long, *_other_names(entry, long)] if short else [long]
    before = [""] if parts.own else []
    places = _place_forms(parts)
    written = ["".join(parts.places[-1:])] if parts.places else []
    chinese: list[str] = []
    for place in [*before, *dict.fromkeys([*written[:1], *places[:1], *places])]:
        chinese += [place + parts.own + word for word in words if len(place + parts.own) >= 2]
    if parts.own and len(parts.own) >= 2 and parts.designation:
        chinese.append(parts.own)
    organs = ["管委会", "管理委员会"]
    chinese += [form + organ for form in list(chinese) if form.endswith(("区", "园", "城")) for organ in organs[:1]]
    chinese += [f"{p}{parts.own}{long}管理委员会" for p in [*before, *places[:1]] if p + parts.own]
    latin: list[str] = []
    for proper in _latin_of(parts.own) or _latin_of_place(parts):
        latin += [f"{proper} {word}" for word in (entry.english if entry else ("Zone",))]
        if parts.own:
            latin.append(proper)
    if parts.own and (outer := _latin_of_place(parts)[:1]):
        latin += [f"{outer[0]} {form}" for form in latin[:2]]
    return chinese, latin


def _of_township(parts: _Parts) -> tuple[list[str], list[str]]:
    town = parts.own + parts.designation
    places = _place_forms(parts)
    is_street = parts.designation in ("街道", "街", "地区")
    if parts.designation == "街":
        town = parts.own + "街道"
    chinese = [town]
    if len(parts.own) >= 2:
        chinese.append(parts.own)
    organs = ["办事处", "办"] if is_street else ["政府", "人民政府"] * bool(parts.designation)
    chinese += [town + organ for organ in organs]
    for place in places:
        chinese += [place + town, *(place + town + organ for organ in organs)]
    chinese += [place + parts.own for place in places[:1] if len(parts.own) >= 2]
    if len(parts.places) > 1:
        chinese.append("".join(parts.places) + town)
    latin: list[str] = []
    for proper in _latin_of(parts.own) if parts.designation else ():
        word = _TOWN_EN.get(parts.designation, "Subdistrict" if is_street else "Town")
        latin += [f"{proper} {word}", *([f"{proper} Street"] if is_street else []), proper]
    return chinese, latin


def _of_government(parts: _Parts) -> tuple[list[str], list[str]]:
    places = _place_forms(parts)
    full = parts.place.name if parts.place else (parts.places[-1] if parts.places else parts.own)
    chinese = [full, f"{full}政府", f"{full}人民政府", *places]
    if len(parts.places) > 1:
        chinese += ["".join(parts.places), "".join(parts.places) + "政府"]
    latin: list[str] = []
    for proper in _latin_of_place(parts):
        division = _DIVISION_EN.get(full[-1:], "")
        latin += [f"{proper} {division} Government".replace("  ", " "), f"{proper} {division}".strip(), proper]
    return chinese, latin


def _of_office(parts: _Parts) -> tuple[list[str], list[str]]:
    places = _place_forms(parts)
    organ = parts.organ or "人民政府办公室"
    words = list(_short(_entry("organ", organ))) or ["政府办"]
    full = parts.place.name if parts.place else (parts.places[-1] if parts.places else "")
    ordered = list(dict.fromkeys([full, *places]))
    chinese = [place + word for place in ordered for word in words if place]
    chinese += [place + organ for place in ordered if place]
    if full:
        chinese += [f"{full[-1]}政府办", f"{full[-1]}政府办公室"]
    latin: list[str] = []
    for proper in _latin_of_place(parts):
        division = _DIVISION_EN.get(full[-1:], "")
        latin += [f"{proper} {division} Government Office".replace("  ", " "), f"{proper} Government Office"]
    return chinese, latin


def _of_department(parts: _Parts) -> tuple[list[str], list[str]]:
    entry = _entry("department", parts.designation)
    words = [*_short(entry), parts.designation, *_other_names(entry, parts.designation)]
    chinese = [place + parts.own + word for place in _place_forms(parts) for word in words]
    if parts.own:
        chinese += [parts.own + word for word in words]
        for zone in designations()["zone"]:
            if zone.long in parts.own and zone.short:
                shorter = parts.own.replace(zone.long, zone.short[0])
                chinese[:0] = [p + shorter + w for p in _place_forms(parts)[:1] for w in words]
                break
    full = parts.place.name if parts.place else ""
    if full and not parts.own:
        chinese += [full[-1] + word for word in words]
    latin: list[str] = []
    for proper in _latin_of_place(parts):
        division = _DIVISION_EN.get(full[-1:], "")
        for word in entry.english if entry else ():
            latin += [f"{proper} {word}", f"{proper} {division} {word}".replace("  ", " ")]
    return chinese, latin


def _latin_of_place(parts: _Parts) -> list[str]:
    if parts.place:
        return list(parts.place.latin)
    return _latin_of(re.sub(r"[省市区县旗]$", "", parts.places[-1])) if parts.places else []


def _latin_of(own: str) -> list[str]:
    """How a proper name is spelt in Latin letters, the likeliest first: Helanhu, Helan Lake."""
    own = _of_peoples().sub("", own) or own
    if not own or not re.fullmatch(r"[一-鿿]+", own):
        return []
    landform = _LANDFORM_EN.get(own[-1])
    names = [own, own[:-1]] if landform and len(own) > 2 else [own]
    from pypinyin import lazy_pinyin  # a quarter of a second to load: only where a name is new

    spelt = ["".join(lazy_pinyin(name)).capitalize() for name in names]
    return [spelt[0], *(f"{proper} {landform}" for proper in spelt[1:])]
