"""The names of reporting bodies: what kind of body a name is the name of, and where a report names its author.

The words that names are made of are data: ``lexicons/bodies.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ingest.lexicons import read_lexicon
from vectorstore.places import Gazetteer, Place, gazetteer, narrow
from vectorstore.records import Kind

NAME = r"(?P<name>[一-鿿][一-鿿()、·]{1,50}?)"
YEAR = r"(?:20\d\d年?(?:度)?(?:的)?)?"
# The Xinjiang corps: itself, a division (with its city), a regiment.
CORPS = "(?:生产建设兵团|[一二三四五六七八九十]师|[一二三四五六七八九十〇零百]团)"
_LEVEL_KINDS = {"province": Kind.PROVINCE, "city": Kind.CITY, "county": Kind.COUNTY}
_UNKNOWN_DIVISION = re.compile(
    r"(?P<province>[一-鿿]{2,5}(?:省|自治区))?(?P<city>[一-鿿]{2,6}?(?:市|自治州|盟|地区))?(?P<county>[一-鿿]{1,7}?[县区旗市])?"
)


@dataclass(frozen=True, slots=True)
class BodyWords:
    """The lexicon, with alternations made of it, longest first."""

    zone: re.Pattern[str]
    inside_zone: re.Pattern[str]
    township: re.Pattern[str]
    farm: re.Pattern[str]
    subdistrict: re.Pattern[str]
    government: re.Pattern[str]
    office: re.Pattern[str]
    zone_term: re.Pattern[str]
    not_zone: tuple[str, ...]
    ministries: frozenset[str]
    inner_office: re.Pattern[str]
    noise: re.Pattern[str]
    stray: frozenset[str]
    self_references: tuple[str, ...]
    ending: re.Pattern[str]
    extension: re.Pattern[str]
    preamble: tuple[re.Pattern[str], ...]
    contact: tuple[re.Pattern[str], ...]
    guide: tuple[re.Pattern[str], ...]
    publisher: re.Pattern[str]
    subject: re.Pattern[str]
    anywhere: re.Pattern[str]


def _either(words: list[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True)) + ")"


@cache
def body_words() -> BodyWords:
    """The lexicon, read once per process."""
    data = read_lexicon("bodies")
    zone, organs = _either(data["zone_terms"]), _either(data["zone_organs"])
    town, town_organs = _either(data["township_terms"]), _either(data["township_organs"])
    street, street_organs = _either(["街道", "地区"]), _either(data["subdistrict_organs"])
    endings = _either(data["department_endings"])
    # A zone with a second plate keeps it in brackets: 高新区(经开区)管委会.
    zone_name = rf"(?:{zone}(?:\([^()]*\))?{organs}?(?:\([^()]*\))?|管理委员会|管委会)"

    def compile_all(patterns: list[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(pattern.format(name=NAME, year=YEAR)) for pattern in patterns)

    return BodyWords(
        zone=re.compile(rf"(?<=.){zone_name}$"),
        inside_zone=re.compile(
            rf"(?:{zone}|管理委员会|管委会)(?:\([^()]*\))?{organs}?(?P<inner>.{{1,20}}{endings}|办公室)$"
        ),
        township=re.compile(rf"(?<=.){town}{town_organs}?$"),
        farm=re.compile(rf"(?<=.){_either(data['farm_terms'])}(?:管理委员会|管委会)?$"),
        subdistrict=re.compile(rf"(?<=.)(?:{street}{street_organs}?|街办事处|街办|街道办)$"),
        government=re.compile(rf"{_either(data['government_organs'])}$"),
        office=re.compile(rf"{_either(data['government_offices'])}$"),
        zone_term=re.compile(zone),
        not_zone=tuple(data["not_zone_organs"]),
        ministries=frozenset(data["ministries"]),
        inner_office=re.compile(rf"{_either(data['inner_offices'])}$"),
        noise=re.compile(_either(data["title_noise"])),
        stray=frozenset(data["stray_words"]),
        self_references=tuple(data["self_references"]),
        ending=re.compile(
            rf"(?:{zone}|{organs}|{town}|街道|地区|{_either(data['government_organs'])}|办事处|{endings}"
            rf"|{_either(data['farm_terms'])}|{CORPS}"
            r"|[^\W\d]{2}(?:省|市|县|区|州|盟|旗))(?:\([^()]*\))?$"
        ),
        extension=re.compile(r"(?:党工委)?(?:管理委员会|管委会|人民政府|政府|办事处|街道办事处)$"),
        preamble=compile_all(data["preamble_patterns"]),
        contact=compile_all(data["contact_patterns"]),
        guide=compile_all(data["guide_patterns"]),
        publisher=re.compile(
            rf"{_either(data['publisher_labels'])}[\s:|]*(?P<name>[一-鿿()]{{4,30}})(?=[\s|,。]|$)", re.MULTILINE
        ),
        subject=re.compile(rf"20\d\d年?(?:度|来|以来)?[,，]?{NAME}(?={_either(data['verbs'])})"),
        anywhere=re.compile(
            # A look-ahead, so that names behind two boundaries are both seen: 我镇通过甲镇人民政府.
            rf"(?:^|[^一-鿿]|{_either(data['boundaries'])})(?=(?P<name>[一-鿿]{{2,20}}?{_either(data['full_organs'])}))"
        ),
    )


def kind_of(name: str, places: Gazetteer | None = None) -> Kind:
    """The kind of body that a name is the name of.

    The gazetteer decides where words can't: 浦东新区 is a district, 两江新区 a zone; 海阳市 is a county, 威海市 a city.
    """
    words, places = body_words(), places or gazetteer()
    bare = re.sub(r"\s", "", name).replace("（", "(").replace("）", ")")
    if bare.removeprefix("中华人民共和国") in words.ministries:
        return Kind.MINISTRY
    bare = re.sub(r"(?<=.)\([^()]*\)$", "", bare)  # the second plate
    government = words.government.sub("", bare)
    division = division_of(government, places)
    if division is not None:
        return _LEVEL_KINDS[division.level]
    if (corps := _kind_in_corps(government)) is not None:
        return corps
    if words.township.search(bare) or words.farm.search(bare):
        return Kind.TOWNSHIP
    if words.subdistrict.search(bare):
        return Kind.SUBDISTRICT
    if words.office.search(bare):
        return Kind.GOVERNMENT_OFFICE
    if not bare.endswith(words.not_zone):
        # 浦东新区财政局 is a district's bureau: its 新区 is no zone term.
        rest = bare[places.head(bare)[-1].span.end :] if places.head(bare) else bare
        if words.zone.search("　" + rest):
            return Kind.ZONE
        if words.inside_zone.search(rest):
            return Kind.ZONE_DEPARTMENT
    if government != bare or division_name(bare) == bare:
        return _kind_of_unknown_division(government)
    return Kind.DEPARTMENT


def _kind_in_corps(name: str) -> Kind | None:
    """Of the Xinjiang corps, which is a province's equal; its divisions run a city each, its regiments a township."""
    if name.endswith("生产建设兵团"):
        return Kind.PROVINCE
    if re.search(r"[一二三四五六七八九十]师(?:[一-鿿]{2,4}市)?$", name):
        return Kind.CITY
    return Kind.TOWNSHIP if re.search(r"[一二三四五六七八九十〇零百]团$", name) else None


def _kind_of_unknown_division(name: str) -> Kind:
    if name.endswith(("省", "自治区")):
        return Kind.PROVINCE
    if name.endswith(("自治州", "盟", "地区")):
        return Kind.CITY
    if name.endswith("市"):
        return Kind.COUNTY if re.search(r"(?:市|自治州|盟|地区).{2,}市$", name) else Kind.CITY
    return Kind.COUNTY if name.endswith(("县", "区", "旗")) else Kind.DEPARTMENT


def division_of(name: str, places: Gazetteer) -> Place | None:
    """The one division that a name is the full name of (威海市文登区), or several of the same level's first."""
    mentions = places.head(name)
    if not mentions or mentions[-1].span.end != len(name) or not mentions[-1].is_full:
        return None
    found = [place for place in narrow(mentions) if place.name == name[mentions[-1].span.start :]] or narrow(mentions)
    return found[0]


def division_name(name: str) -> str:
    """The divisions that a name begins with by their form alone: 晴川市云岭县 of 晴川市云岭县财政局. May be empty.

    For places that the gazetteer doesn't know. A zone (开发区, 景区) is no division.
    """
    match = _UNKNOWN_DIVISION.match(name)
    if match is None:
        return ""
    county = match["county"] or ""
    end = match.end()
    if county and (body_words().zone_term.search(county) or len(county) < 3 or name[end:].startswith("域")):
        end = match.start("county")  # 东中西区域 holds no 东中西区
    head = name[:end]
    return head if re.search(r"[一-鿿]{2}(?:省|自治区|市|自治州|盟|地区|县|区|旗)$", head) else ""


def division_parts(head: str) -> list[str]:
    """The parts of what ``division_name`` found, outermost first."""
    match = _UNKNOWN_DIVISION.match(head)
    return [part for part in match.group("province", "city", "county") if part] if match else []


def is_name_like(name: str) -> bool:
    """Whether a string could be a body's name: it ends as one does and isn't the report speaking of itself."""
    words = body_words()
    if not 2 < len(name) <= 40 or name.startswith(words.self_references):
        return False
    if re.search(r"[,。;:!?“”《》\d]", name) or re.search(r"信息公开|政务公开|条例|规定|要求|年度", name):
        return False
    return bool(words.ending.search(name))


_INNER = re.compile(
    r"(?P<body>.+?(?:(?:镇|乡|苏木)(?:人民政府|政府)?|街道(?!办)|街道办事处|街道办|政府办(?:公室|公厅)?))"
    r"(?P<inner>(?![市县区]|办事处)[一-鿿()]{2,14}(?:办公室|办|科|股|室|处|中心|所|部|组))"
)


def without_inner_office(name: str) -> str:
    """The body whose office a contact names: 界石镇人民政府 of 界石镇人民政府党政办公室.

    The office of a county's, city's or province's government stays: it is a body of its own.
    """
    words = body_words()
    if words.office.search(name) and not re.search(r"(?:镇|乡|苏木)(?:人民)?政府办公室$", name):
        return name
    match = _INNER.fullmatch(name)
    shorter = match["body"] if match and is_name_like(match["body"]) else words.inner_office.sub("", name)
    return shorter if shorter != name and is_name_like(shorter) else name


def find_in_preamble(text: str) -> Iterator[str]:
    """The names that a preamble gives its author, likeliest first. ``text`` is folded and without white space."""
    for pattern in body_words().preamble:
        for match in pattern.finditer(text):
            name = tidy(match["name"])
            # X镇人民政府信息公开…: the one 政府 belongs to both.
            name = without_inner_office(name + "政府" if name.endswith("人民") else name)
            if is_name_like(name):
                yield name


def find_in_contact(text: str) -> Iterator[str]:
    """The names behind 请与 … 联系, with their inner offices. ``text`` is folded and without white space."""
    for pattern in body_words().contact:
        for match in pattern.finditer(text):
            name = tidy(match["name"])
            if not name.startswith(body_words().self_references) and len(name) > 2:
                yield name


def find_in_guides(text: str) -> Iterator[str]:
    """The names that the titles of guides and rules bear: 《甲局政府信息公开指南》. Text as above."""
    for pattern in body_words().guide:
        for match in pattern.finditer(text):
            name = tidy(match["name"])
            if is_name_like(name):
                yield name


def find_publishers(text: str) -> Iterator[str]:
    """The bodies that a page's metadata names as its publisher, inner offices left out. Folded, with its lines."""
    words = body_words()
    for match in words.publisher.finditer(text):
        name = tidy(match["name"])
        if is_name_like(name) and not words.inner_office.fullmatch(name):
            yield name


def find_as_subject(text: str) -> Iterator[str]:
    """Names that are the subject of a sentence about the year: 2023年，… 认真 …"""
    for match in body_words().subject.finditer(text):
        name = tidy(match["name"])
        if is_name_like(name):
            yield name


def find_anywhere(text: str) -> Iterator[str]:
    """Every name of a government, its office or a zone's organ in the prose, folded and without white space."""
    for match in body_words().anywhere.finditer(text):
        name = tidy(match["name"])
        if is_name_like(name) and not any(own in name for own in body_words().self_references):
            yield name


def tidy(name: str) -> str:
    """Without the words that a title or sentence has around a name."""
    name = re.sub(r"\((?:以下)?简称[^()]*\)?|\([^()]*$", "", name)
    name = name.strip("、,;:·-_ 《》“”\"'")
    return re.sub(r"^(?:请与|请|在|对|将(?!乐)|由|与|的|关于)|(?:的|之|在|全面|年度)$", "", name)
