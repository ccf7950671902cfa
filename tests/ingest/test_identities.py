"""The bank of beginnings and signatures from the whole country: ``identities.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from ingest.documents import Document
from ingest.identity.identity import Identity, identify
from ingest.identity.regions import region_path
from ingest.manifest import ManifestEntry
from vectorstore.records import Kind

BANK: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "identities.toml").read_text(encoding="utf-8"))[
    "case"
]


def identity_of(text: str, source: str = "1.txt", entry: ManifestEntry | None = None, **metadata: str) -> Identity:
    return identify(Document(text, (), source, dict(metadata)), entry=entry)


@pytest.mark.parametrize("case", BANK, ids=[f"{number}-{case['class']}" for number, case in enumerate(BANK)])
def test_a_report_is_identified(case: dict[str, Any]) -> None:
    found = identity_of(case["text"], case.get("source", "1.txt"))
    assert (found.name, found.kind, found.region or "", found.year or 0) == (
        case["name"], Kind(case["kind"]), case["region"], case["year"],
    )  # fmt: skip
    if "issued_on" in case:
        assert found.issued_on == case["issued_on"]


@pytest.mark.parametrize("case", [case for case in BANK if not case["region"]], ids=lambda case: str(case["name"]))
def test_an_unknown_region_is_said_to_be_unknown(case: dict[str, Any]) -> None:
    found = identity_of(case["text"])
    assert found.kind is Kind.MINISTRY or any("地区留空" in warning for warning in found.warnings)


def test_of_homonyms_the_warning_names_those_that_are_meant() -> None:
    found = identity_of("鼓楼区教育局2024年政府信息公开工作年度报告\n一、总体情况\n我局坚持公开。")
    (warning,) = (warning for warning in found.warnings if "地区留空" in warning)
    assert "江苏省/南京市/鼓楼区" in warning
    assert "福建省/福州市/鼓楼区" in warning


TEXT = "商河县财政局2024年政府信息公开工作年度报告\n一、总体情况\n我局坚持公开。"


def test_the_manifest_goes_before_what_is_read() -> None:
    entry = ManifestEntry("1.txt", body="章丘区绣惠街道办事处", year=2021, region="济南市章丘区")
    found = identity_of(TEXT, entry=entry)
    assert (found.name, found.kind, found.region, found.year) == (
        "章丘区绣惠街道办事处", Kind.SUBDISTRICT, "山东省/济南市/章丘区", 2021,
    )  # fmt: skip
    assert "绣惠街道" in found.aliases


def test_a_manifest_without_them_leaves_what_is_read() -> None:
    assert identity_of(TEXT, entry=ManifestEntry("1.txt", url="http://example.org/")) == identity_of(TEXT)


def test_the_address_in_the_manifest_decides_between_homonyms() -> None:
    text = "西湖区民政局2024年政府信息公开工作年度报告\n一、总体情况\n我局坚持公开。"
    entry = ManifestEntry("1.txt", url="http://www.nanchang.gov.cn/1.html")
    assert identity_of(text, entry=entry).region == "江西省/南昌市/西湖区"
    assert identity_of(text, url="https://xihu.hangzhou.gov.cn/2.html").region == "浙江省/杭州市/西湖区"


def test_a_region_of_the_manifest_that_no_list_holds_is_kept() -> None:
    assert identity_of(TEXT, entry=ManifestEntry("1.txt", region="云川省/松陵市")).region == "云川省/松陵市"


def test_the_page_gives_title_and_date_where_the_text_has_none() -> None:
    found = identity_of(
        "一、总体情况\n我局坚持公开。",
        title="商河县财政局2024年政府信息公开工作年度报告_商河县人民政府",
        date="2025-01-09",
    )
    assert (found.name, found.year, found.issued_on) == ("商河县财政局", 2024, "2025-01-09")


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("上海市崇明县人民政府", "上海市崇明区人民政府"),
        ("章丘市环保局", "济南市章丘区生态环境局"),
        ("天津东疆保税港区管理委员会", "天津东疆综合保税区管理委员会"),
    ],
)
def test_a_renamed_body_is_the_same_body(earlier: str, later: str) -> None:
    def found(name: str) -> Identity:
        place = "天津市滨海新区网站可查。" if "东疆" in name else ""
        return identity_of(f"{name}2021年政府信息公开工作年度报告\n一、总体情况\n{place}坚持公开。")

    assert found(earlier).body_id == found(later).body_id


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("山东省/威海市/文登区", "山东省/威海市/文登区"),
        ("威海文登", "山东省/威海市/文登区"),
        ("山东 枣庄 市中区", "山东省/枣庄市/市中区"),
        ("吉林", "吉林省"),
        ("吉林市", "吉林省/吉林市"),
        ("凉山州", "四川省/凉山彝族自治州"),
        ("邢台桥西", "河北省/邢台市/信都区"),
        ("市中区", None),
        ("栖岚县", None),
        ("", None),
    ],
)
def test_a_region_is_read_as_people_write_it(written: str, path: str | None) -> None:
    assert region_path(written) == path
