"""Whom a question names. Bodies are made up, or of counties whose names alone are used."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.abbreviations import is_abbreviation
from assistant.understanding.linking import Linker
from vectorstore.body_names import short_names
from vectorstore.records import Body, Kind

WENDENG, ZHANGDIAN, QINGCHUAN = "山东省/威海市/文登区", "山东省/淄博市/张店区", "云江省/青川市/白石县"
NAMES: list[tuple[str, Kind, str | None]] = [
    ("威海市文登区人民政府办公室", Kind.GOVERNMENT_OFFICE, WENDENG),
    ("文登经济开发区管理委员会", Kind.ZONE, WENDENG),
    ("威海市文登区柳浪镇人民政府", Kind.TOWNSHIP, WENDENG),
    ("威海市文登区住房和城乡建设局", Kind.DEPARTMENT, WENDENG),
    ("威海市文登区人力资源和社会保障局", Kind.DEPARTMENT, WENDENG),
    ("威海市文登区卫生健康局", Kind.DEPARTMENT, WENDENG),
    ("威海市文登区行政审批服务局", Kind.DEPARTMENT, WENDENG),
    ("威海市文登区发展和改革局", Kind.DEPARTMENT, WENDENG),
    ("张店区住房和城乡建设局", Kind.DEPARTMENT, ZHANGDIAN),
    ("张店区自然资源和规划局", Kind.DEPARTMENT, ZHANGDIAN),
    ("张店区教育和体育局", Kind.DEPARTMENT, ZHANGDIAN),
    ("山东张店经济开发区管理委员会", Kind.ZONE, ZHANGDIAN),
    ("国家发展和改革委员会", Kind.MINISTRY, None),
    ("白石县人民政府", Kind.COUNTY, QINGCHUAN),
    ("白石县农业农村局", Kind.DEPARTMENT, QINGCHUAN),
    ("白石县城关镇人民政府", Kind.TOWNSHIP, QINGCHUAN),
    ("丙原县城关镇人民政府", Kind.TOWNSHIP, "云江省/青川市/丙原县"),
]
BODIES = [
    Body(f"b{i}", name, kind, region, short_names(name, kind, region)) for i, (name, kind, region) in enumerate(NAMES)
]
BY_ID = {body.body_id: body for body in BODIES}
GENERIC = {"开发区", "经开区", "高新区", "园区", "管委会", "政府办", "政府办公室", "镇", "局"}


@pytest.fixture(scope="module")
def linker() -> Linker:
    return Linker(BODIES, GENERIC)


def named(linker: Linker, text: str) -> list[set[str]]:
    return [{BY_ID[body_id].name for body_id in mention.body_ids} for mention in linker.find_bodies(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("文登经开区收到几件", "文登经济开发区管理委员会"),
        ("文登经开收到几件", "文登经济开发区管理委员会"),
        ("张店经开区", "山东张店经济开发区管理委员会"),
        ("区政府办22年", "威海市文登区人民政府办公室"),
        ("文登区府办", "威海市文登区人民政府办公室"),
        ("柳浪收到几件", "威海市文登区柳浪镇人民政府"),
        ("柳浪镇政府", "威海市文登区柳浪镇人民政府"),
        ("张店住建局", "张店区住房和城乡建设局"),
        ("张店区住房城乡建设局", "张店区住房和城乡建设局"),
        ("人社局", "威海市文登区人力资源和社会保障局"),
        ("教体局", "张店区教育和体育局"),
        ("体育局", "张店区教育和体育局"),
        ("资规局", "张店区自然资源和规划局"),
        ("国土局", "张店区自然资源和规划局"),
        ("文登卫健委", "威海市文登区卫生健康局"),
        ("文登区政务服务局", "威海市文登区行政审批服务局"),
        ("审批局", "威海市文登区行政审批服务局"),
        ("文登发改委", "威海市文登区发展和改革局"),
        ("发改委", "国家发展和改革委员会"),
        ("县农业局", "白石县农业农村局"),
        ("how many did liulang town get", "威海市文登区柳浪镇人民政府"),
        ("liu lang township", "威海市文登区柳浪镇人民政府"),
        ("wendeng etz and wendeng zone", "文登经济开发区管理委员会"),
        ("zhangdian economic development zone", "山东张店经济开发区管理委员会"),
        ("the bureau of agriculture", "白石县农业农村局"),
    ],
)
def test_short_names_lead_to_the_body(linker: Linker, text: str, name: str) -> None:
    assert {name} in named(linker, text)


@pytest.mark.parametrize("text", ["住建局收到几件", "城关镇收到几件"])
def test_a_name_that_several_bodies_have_means_all_of_them(linker: Linker, text: str) -> None:
    assert len(named(linker, text)[0]) == 2


@pytest.mark.parametrize("text", ["环翠区住建局收到几件", "朝阳区政府办收到几件"])
def test_another_countys_office_is_none_of_the_corpus(linker: Linker, text: str) -> None:
    mention = linker.find_bodies(text)[0]
    assert mention.names
    assert mention.start == text.index("区") + 1


@pytest.mark.parametrize(
    "text", ["文登区收到几件", "山东开发区一共几件", "没有一件办结", "结局如何", "哪个局最多", "文登高新技术企业"]
)
def test_places_and_words_are_no_bodies(linker: Linker, text: str) -> None:
    assert named(linker, text) == []


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.name)
def test_the_full_name_alone_leads_to_the_body(linker: Linker, body: Body) -> None:
    mentions = linker.find_bodies(body.name)
    if body.kind is Kind.COUNTY:
        assert linker.find_places(body.name)[0].regions == (body.region,)
    else:
        assert [mention.body_ids for mention in mentions] == [(body.body_id,)]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.name)
def test_every_alias_leads_to_bodies_or_a_place_that_hold_it(linker: Linker, body: Body) -> None:
    for alias in body.aliases:
        text = alias.lower()
        ids = {i for mention in linker.find_bodies(text) for i in mention.body_ids}
        regions = {region for place in linker.find_places(text) for region in place.regions}
        held = body.body_id in ids or any(f"{body.region}/".startswith(f"{region}/") for region in regions)
        assert held or alias in GENERIC, alias


def test_a_made_up_countys_places_are_found(linker: Linker) -> None:
    assert linker.find_places("白石的镇")[0].regions == (QINGCHUAN,)
    assert linker.find_places("青川市白石县")[0].regions == (QINGCHUAN,)
    assert linker.find_places("towns in baishi county")[0].regions == (QINGCHUAN,)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("威海市文登区的镇", WENDENG),
        ("文登区（威海市）", WENDENG),
        ("towns in wendeng, shandong", WENDENG),
        ("北京朝阳区", "北京市/朝阳区"),
    ],
)
def test_nested_places_are_one(linker: Linker, text: str, region: str) -> None:
    assert [place.regions for place in linker.find_places(text)] == [(region,)]


def test_parts_of_the_country_are_their_provinces(linker: Linker) -> None:
    assert linker.find_places("川渝的开发区")[0].regions == ("四川省", "重庆市")


@pytest.mark.parametrize(
    ("short", "long", "is_one"),
    [
        ("住建局", "住房和城乡建设局", True),
        ("资规局", "自然资源和规划局", True),
        ("卫健委", "卫生健康委员会", True),
        ("县府办", "县人民政府办公室", True),
        ("局住建", "住房和城乡建设局", False),
        ("住建委", "住房和城乡建设局", False),
    ],
)
def test_an_abbreviation_keeps_the_order_and_the_ending(short: str, long: str, is_one: bool) -> None:
    assert is_abbreviation(short, long) == is_one


@given(st.text(max_size=50))
def test_linking_never_fails_and_stays_within_the_text(text: str) -> None:
    linker = Linker(BODIES, GENERIC)
    mentions = linker.find_bodies(text)
    for mention in [*mentions, *linker.find_places(text)]:
        assert 0 <= mention.start < mention.end <= len(text)
    assert all(first.end <= second.start for first, second in pairwise(mentions))
    assert all(mention.body_ids for mention in mentions)


@given(
    st.lists(st.sampled_from([*(b.name for b in BODIES), "收到", "和", "住建局", "区", "文登", "2023年"]), max_size=5)
)
def test_names_in_any_order_do_not_overlap(parts: list[str]) -> None:
    mentions = Linker(BODIES, GENERIC).find_bodies("".join(parts))
    assert all(first.end <= second.start for first, second in pairwise(mentions))
