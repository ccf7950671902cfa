"""Whose report it is, on which year, and where that body is at home."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.documents import Document
from ingest.identity.body_names import kind_of
from ingest.identity.identity import Identity, body_id, identify
from vectorstore.records import Kind


def identity_of(text: str, source: str = "1.txt", **metadata: str) -> Identity:
    return identify(Document(text, (), source, dict(metadata)))


REST = "\n\n一、总体情况\n本年度按要求开展工作。\n"


@pytest.mark.parametrize(
    ("file", "name", "kind", "region", "year", "issued_on"),
    [
        ("000", "文登经济开发区管理委员会", Kind.ZONE, "山东省/威海市/文登区", 2023, "2024-01-22"),
        ("001", "威海市文登区界石镇人民政府", Kind.TOWNSHIP, "山东省/威海市/文登区", 2023, None),
        ("002", "威海市文登区人民政府办公室", Kind.GOVERNMENT_OFFICE, "山东省/威海市/文登区", 2022, "2023-01-16"),
        ("003", "定襄经济技术开发区", Kind.ZONE, "山西省/忻州市/定襄县", 2023, None),
        ("004", "山东张店经济开发区管理委员会", Kind.ZONE, "山东省/淄博市/张店区", 2023, None),
    ],
)
def test_a_real_report_is_identified(
    shared: Path, file: str, name: str, kind: Kind, region: str, year: int, issued_on: str | None
) -> None:
    (path,) = (shared / "reports").glob(f"{file}_*.txt")
    found = identity_of(path.read_text(encoding="utf-8"), path.name)
    assert (found.name, found.kind, found.region, found.year, found.issued_on) == (name, kind, region, year, issued_on)


@pytest.mark.parametrize(
    ("title", "name", "year"),
    [
        ("云岭县财政局2023年政府信息公开工作年度报告", "云岭县财政局", 2023),
        ("云岭县财政局2023年度政府信息公开工作年度报告", "云岭县财政局", 2023),
        ("2023年云岭县财政局政府信息公开年报", "云岭县财政局", 2023),
        ("云岭县财政局关于2023年政府信息公开工作的年度报告", "云岭县财政局", 2023),
        ("云岭县财政局\n2023年度\n政府信息公开工作年度报告", "云岭县财政局", 2023),
        ("云岭县财政局政务公开工作报告（2023年度）", "云岭县财政局", 2023),
        ("云岭县财政局二〇二三年政府信息公开年度报告", "云岭县财政局", 2023),
        ("云岭县财政局２０２３年政府信息公开工作年度报告", "云岭县财政局", 2023),
        ("白石镇人民政府信息公开2023年度报告", "白石镇人民政府", 2023),
        ("首页 > 年报 > 正文\n标 题 | 云岭县财政局2023年政府信息公开工作年度报告 |\n文号 | 无", "云岭县财政局", 2023),
        ("雲嶺縣財政局2023年政府信息公開工作年度報告", "云岭县财政局", 2023),
    ],
)
def test_titles_vary(title: str, name: str, year: int) -> None:
    found = identity_of(title + REST)
    assert (found.name, found.year) == (name, year)


def test_the_name_is_the_one_the_body_signs() -> None:
    text = f"云岭经济开发区\n2023年政府信息公开工作年度报告{REST}\n云岭经济开发区管理委员会\n2024年1月9日\n"
    found = identity_of(text)
    assert found.name == "云岭经济开发区管理委员会"
    assert found.issued_on == "2024-01-09"
    assert "云岭经开区" in found.aliases


def test_the_office_in_a_contact_is_not_the_town() -> None:
    text = f"白石镇人民政府2023年政府信息公开工作年度报告\n请与白石镇人民政府党政办公室联系（电话：1）。{REST}"
    assert identity_of(text).name == "白石镇人民政府"


def test_a_stray_word_before_the_name_is_taken_off() -> None:
    text = (
        f"加大威海市环翠区财政局2023年政府信息公开工作年度报告\n请与威海市环翠区财政局联系（电话：1）。{REST}"
        "威海市环翠区财政局\n2024年1月9日"
    )
    found = identity_of(text)
    assert found.name == "威海市环翠区财政局"
    assert found.warnings


@pytest.mark.parametrize("stray", ["加强", "加大", "正文", "关于", "附件", "标题：", "附件：", "做好", "转发", "公开"])
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("霏垭县住房和城乡建设局", Kind.DEPARTMENT),
        ("霏垭县青榆镇人民政府", Kind.TOWNSHIP),
        ("霏垭县云汀街道办事处", Kind.SUBDISTRICT),
        ("霏垭县人民政府办公室", Kind.GOVERNMENT_OFFICE),
        ("霏垭经济开发区管理委员会", Kind.ZONE),
    ],
)
def test_the_signature_shows_which_word_of_the_title_is_stray(stray: str, name: str, kind: Kind) -> None:
    address = "地址：霁川省鹭汀市霏垭县听灯路2号。"
    found = identity_of(f"{stray}{name}2023年政府信息公开工作年度报告\n{address}{REST}\n{name}\n2024年1月20日\n")
    assert (found.name, found.kind, found.region) == (name, kind, "霁川省/鹭汀市/霏垭县")


def test_a_place_before_the_name_is_no_stray_word() -> None:
    for title, signed in [
        ("霁川省鹭汀市霏垭县财政局", "霏垭县财政局"),
        ("霏垭县财政局", "财政局"),
        ("山东省威海市文登区财政局", "文登区财政局"),
        ("威海文登区财政局", "文登区财政局"),
    ]:
        found = identity_of(f"{title}2023年政府信息公开工作年度报告{REST}\n{signed}\n2024年1月20日\n")
        assert found.name == title


@pytest.mark.parametrize(
    "text",
    [
        "2023年政府信息公开工作年度报告\n本报告由云岭县财政局编制。" + REST,
        "2023年政府信息公开工作年度报告\n如有疑问，请与云岭县财政局办公室联系（地址：甲路1号）。" + REST,
        "2023年政府信息公开工作年度报告" + REST + "云岭县财政局\n2024年1月9日",
        "2023年政府信息公开工作年度报告\n一、总体情况\n2023年，云岭县财政局认真落实要求。\n",
    ],
)
def test_a_title_without_a_body_leaves_it_to_the_text(text: str) -> None:
    found = identity_of(text)
    assert found.name == "云岭县财政局"
    assert any("标题没有写明机关" in warning for warning in found.warnings)


def test_where_nothing_names_the_body_the_file_does_and_a_warning_says_so() -> None:
    found = identity_of("2023年政府信息公开工作年度报告" + REST, "folder/某单位.txt")
    assert found.name == "某单位"
    assert any("文件名" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("统计期限自2023年1月1日起至2023年12月31日止", ("2023-01-01", "2023-12-31")),
        ("统计期限为2023年1月1日到12月31日", ("2023-01-01", "2023-12-31")),
        ("统计期限为2022年12月21日至2023年12月20日", ("2022-12-21", "2023-12-20")),
        ("统计期限为20231月1日至12月31日", None),
    ],
)
def test_the_period_gives_the_year_where_the_title_lacks_it(period: str, expected: tuple[str, str] | None) -> None:
    found = identity_of(f"云岭县财政局政府信息公开工作年度报告\n所列数据{period}。{REST}")
    assert (found.year, found.period) == (2023, expected)


def test_the_title_wins_over_the_period_and_a_warning_says_so() -> None:
    found = identity_of(
        f"云岭县财政局2023年政府信息公开工作年度报告\n数据统计期限自2022年1月1日至2022年12月31日。{REST}"
    )
    assert found.year == 2023
    assert any("2022年" in warning for warning in found.warnings)


def test_the_year_of_issue_is_not_the_year_of_the_statistics() -> None:
    found = identity_of("云岭县财政局政府信息公开工作年度报告" + REST + "云岭县财政局\n二〇二四年一月十二日")
    assert (found.year, found.issued_on) == (2023, "2024-01-12")


def test_a_year_that_nothing_tells_stays_unknown() -> None:
    assert identity_of("云岭县财政局政府信息公开工作年度报告" + REST).year is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("定襄经济技术开发区", Kind.ZONE),
        ("两江新区管理委员会", Kind.ZONE),
        ("宁波保税区（出口加工区）管理委员会", Kind.ZONE),
        ("白云山风景名胜区管理局", Kind.ZONE),
        ("浦东新区人民政府", Kind.COUNTY),
        ("浦东新区财政局", Kind.DEPARTMENT),
        ("威海经济技术开发区财政局", Kind.ZONE_DEPARTMENT),
        ("高新区管委会应急管理局", Kind.ZONE_DEPARTMENT),
        ("高新区四宝山街道办事处", Kind.SUBDISTRICT),
        ("北京市朝阳区高碑店地区办事处", Kind.SUBDISTRICT),
        ("巴彦高勒苏木人民政府", Kind.TOWNSHIP),
        ("白石镇人民政府办公室", Kind.TOWNSHIP),
        ("海阳市人民政府", Kind.COUNTY),
        ("阿拉善左旗人民政府", Kind.COUNTY),
        ("威海市人民政府", Kind.CITY),
        ("锡林郭勒盟行政公署", Kind.CITY),
        ("重庆市人民政府", Kind.PROVINCE),
        ("国家统计局", Kind.MINISTRY),
        ("国家税务总局威海市税务局", Kind.DEPARTMENT),
        ("北京市城市管理委员会", Kind.DEPARTMENT),
        ("文登区政府办", Kind.GOVERNMENT_OFFICE),
        ("云岭县人民政府", Kind.COUNTY),
    ],
)
def test_the_kind_is_read_from_the_name(name: str, kind: Kind) -> None:
    assert kind_of(name) is kind


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("白石镇人民政府2023年政府信息公开工作年度报告\n晴川市云岭县白石镇人民政府位于甲路。", None),
        ("界石镇人民政府2023年政府信息公开工作年度报告\n网址：http://wendeng.example.gov.cn", "山东省/威海市/文登区"),
        ("界石镇人民政府2023年政府信息公开工作年度报告\n地址：重庆市巴南区甲路", "重庆市/巴南区"),
        ("威海市界石镇人民政府2023年政府信息公开工作年度报告", "山东省/威海市/文登区"),
        ("鼓楼区财政局2023年政府信息公开工作年度报告\n地址：徐州市甲路", "江苏省/徐州市/鼓楼区"),
        ("鼓楼区财政局2023年政府信息公开工作年度报告", None),
        ("市财政局2023年政府信息公开工作年度报告\n地址：威海市环翠区甲路，威海市人民政府网站", "山东省/威海市"),
        ("东湖新技术开发区管委会2023年政府信息公开工作年度报告\n地址：湖北省武汉市甲路，武汉市网站", "湖北省/武汉市"),
        ("晴川市云岭县财政局2023年政府信息公开工作年度报告", "晴川市/云岭县"),
        ("云岭县财政局2023年政府信息公开工作年度报告\n现将晴川市云岭县工作报告如下。", "晴川市/云岭县"),
        ("云岭经济开发区2023年政府信息公开工作年度报告\n地址：霜山省晴川市云岭县甲路1号", "霜山省/晴川市/云岭县"),
        ("琼海市人民政府2023年政府信息公开工作年度报告", "海南省/琼海市"),
    ],
)
def test_the_region_comes_from_the_name_and_where_that_is_open_from_the_text(text: str, region: str | None) -> None:
    assert identity_of(text + REST).region == region


def test_a_body_keeps_its_id_under_a_longer_name() -> None:
    region = "山东省/威海市/文登区"
    short = body_id("文登经济开发区", Kind.ZONE, region)
    assert short == body_id("威海市文登经济开发区管理委员会", Kind.ZONE, region)
    assert short != body_id("文登区人民政府", Kind.COUNTY, region)
    assert len(short) == 12


def test_a_generic_designation_of_itself_is_no_alias() -> None:
    text = (
        "定襄经济技术开发区2023年政府信息公开工作年度报告\n"
        f"现将定襄经济技术开发区（以下简称开发区）2023年工作报告如下。{REST}"
    )
    assert "开发区" not in identity_of(text).aliases


@pytest.mark.parametrize(
    ("signature", "name"), [("", "霍山县"), ("\n霍山县人民政府\n2024年1月20日\n", "霍山县人民政府")]
)
def test_a_government_is_found_by_its_full_name_however_its_title_is_printed(signature: str, name: str) -> None:
    text = f"霍山县2023年政府信息公开工作年度报告\n一、总体情况\n全县按要求开展工作。\n六、其他事项\n无。\n{signature}"
    identity = identity_of(text)
    assert identity.name == name
    assert {"霍山县", "霍山县政府", "霍山县人民政府", "霍山"} <= {identity.name, *identity.aliases}
    assert identity.body_id == body_id("霍山县人民政府", identity.kind, identity.region)
