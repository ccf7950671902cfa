"""What people call bodies."""

from __future__ import annotations

import pytest

from vectorstore.body_names import canonical_core, short_names
from vectorstore.records import Kind

WENDENG = "山东省/威海市/文登区"


@pytest.mark.parametrize(
    ("name", "kind", "region", "expected"),
    [
        (
            "文登经济开发区管理委员会",
            Kind.ZONE,
            WENDENG,
            {"文登经开区", "文登开发区", "文登经济开发区", "文登经开区管委会", "Wendeng Economic Development Zone"},
        ),
        (
            "山东张店经济开发区管理委员会",
            Kind.ZONE,
            "山东省/淄博市/张店区",
            {"张店经开区", "张店经济开发区", "张店经济开发区管理委员会", "Zhangdian Zone"},
        ),
        ("甘眉工业园区", Kind.ZONE, None, {"甘眉园区", "甘眉", "甘眉工业园区管委会", "Ganmei Industrial Park"}),
        ("咸宁高新技术产业开发区", Kind.ZONE, "湖北省/咸宁市", {"咸宁高新区", "Xianning High-tech Zone"}),
        (
            "威海市文登区界石镇人民政府",
            Kind.TOWNSHIP,
            WENDENG,
            {"界石镇", "界石", "界石镇政府", "文登区界石镇", "Jieshi Town", "Jieshi"},
        ),
        (
            "威海市文登区人民政府办公室",
            Kind.GOVERNMENT_OFFICE,
            WENDENG,
            {"文登区政府办", "文登政府办", "区政府办", "文登区人民政府办公室", "Wendeng District Government Office"},
        ),
        (
            "蓬江区白沙街道办事处",
            Kind.SUBDISTRICT,
            "广东省/江门市/蓬江区",
            {"白沙街道", "白沙街道办", "Baisha Subdistrict"},
        ),
        ("文登区人民政府", Kind.COUNTY, WENDENG, {"文登区", "文登", "文登区政府", "Wendeng District", "Wendeng"}),
        (
            "云岭县发展和改革局",
            Kind.DEPARTMENT,
            "晴川市/云岭县",
            {"云岭县发改局", "云岭发改局", "Yunling Development and Reform Bureau"},
        ),
        ("云岭经济开发区管理委员会", Kind.ZONE, "晴川市/云岭县", {"云岭经开区", "Yunling Economic Development Zone"}),
    ],
)
def test_a_body_goes_by_the_names_people_use(name: str, kind: Kind, region: str | None, expected: set[str]) -> None:
    names = short_names(name, kind, region)
    assert expected <= set(names)
    assert len(set(names)) == len(names) and name not in names


def test_the_usual_short_name_comes_first_and_latin_names_last() -> None:
    names = short_names("文登经济开发区管理委员会", Kind.ZONE, WENDENG)
    assert names[0] == "文登经开区"
    latin = [name.isascii() for name in names]
    assert latin == sorted(latin)


@pytest.mark.parametrize("kind_of_zone", ["经济开发区", "高新技术产业开发区"])
def test_a_kind_or_a_county_alone_is_no_alias_of_a_zone(kind_of_zone: str) -> None:
    names = short_names(f"文登{kind_of_zone}管理委员会", Kind.ZONE, WENDENG)
    assert not {"开发区", "经开区", "高新区", "管委会", "文登", "Wendeng", "Zone"} & set(names)


def test_the_core_of_a_name_is_the_same_however_long_it_is_written() -> None:
    region = "山东省/淄博市/张店区"
    written = ["山东张店经济开发区管理委员会", "张店经济开发区", "淄博市张店经济开发区管委会"]
    assert {canonical_core(name, Kind.ZONE, region) for name in written} == {"经济开发区"}
    assert canonical_core("张店高新区", Kind.ZONE, region) == canonical_core(
        "张店高新技术产业开发区", Kind.ZONE, region
    )


@pytest.mark.parametrize(
    ("earlier", "later", "kind", "region"),
    [
        ("章丘市环保局", "济南市章丘区生态环境局", Kind.DEPARTMENT, "山东省/济南市/章丘区"),
        ("天津东疆保税港区管理委员会", "天津东疆综合保税区管理委员会", Kind.ZONE, "天津市/滨海新区"),
        ("平阴县卫计局", "平阴县卫生健康局", Kind.DEPARTMENT, "山东省/济南市/平阴县"),
    ],
)
def test_a_renamed_body_keeps_its_core_and_goes_by_both_names(
    earlier: str, later: str, kind: Kind, region: str
) -> None:
    assert canonical_core(earlier, kind, region) == canonical_core(later, kind, region)
    own = {name.removeprefix("平阴县") for name in short_names(later, kind, region)}
    assert any(name.endswith(("环保局", "保税港区", "卫计局")) for name in own)


def test_a_branch_of_a_national_body_is_called_without_it() -> None:
    assert "句容税务局" in short_names("国家税务总局句容市税务局", Kind.DEPARTMENT, "江苏省/镇江市/句容市")


def test_an_office_of_a_districts_government_is_called_after_itself() -> None:
    names = short_names("云瓯市剡浦区人民政府望潮街道办事处", Kind.SUBDISTRICT, "云瓯市/剡浦区")
    assert {"望潮街道", "望潮街道办", "Wangchao Subdistrict"} <= set(names)
    assert not [name for name in names if name.startswith("人民政府")]


def test_lakes_and_mountains_are_also_named_in_english() -> None:
    names = short_names("云瓯市鹤澜湖旅游度假区管理委员会", Kind.ZONE, "浙江省/云瓯市")
    assert {"Helanhu Resort", "Helan Lake Resort", "Helan Lake"} <= set(names)


def test_an_ethnic_township_is_spelt_without_its_people() -> None:
    assert "Daxian Township" in short_names("弥岭县大蚬彝族乡人民政府", Kind.TOWNSHIP, "云南省/弥岭县")
