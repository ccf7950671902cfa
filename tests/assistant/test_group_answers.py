"""What groups show: sums, means, counts and shares by kind, region, year or part of a figure, and which is first."""

from __future__ import annotations

from typing import Any

import pytest

from vectorstore.catalogue import catalogue
from vectorstore.records import Kind

NEW = "applications_new"
COLUMNS = [column.id for column in catalogue().application_columns]
ZERO = {"comparison": "=", "value": 0}


def figures(**plan: object) -> dict[str, object]:
    return {"subject": "figures", "metrics": [NEW], **plan}


def values(answer: Any) -> dict[str, object]:
    return {row.label: row.value for row in answer.rows}


@pytest.fixture
def corpus(draft: Any) -> list[Any]:
    """Two cities of one province; towns of 1, 2 and 0, a silent town, a subdistrict of 9, another year of 5."""
    return [
        draft("甲镇", 2023, Kind.TOWNSHIP, "云江省/青川市/白石县").says(NEW, 1),
        draft("乙镇", 2023, Kind.TOWNSHIP, "云江省/青川市/白石县").says(NEW, 2),
        draft("丙镇", 2023, Kind.TOWNSHIP, "云江省/墨溪市/黑石县").says(NEW, 0, "本年未收到申请。"),
        draft("丁镇", 2023, Kind.TOWNSHIP, "云江省/墨溪市/黑石县"),
        draft("戊街道", 2023, Kind.SUBDISTRICT, "云江省/墨溪市/黑石县").says(NEW, 9),
        draft("甲镇", 2022, Kind.TOWNSHIP, "云江省/青川市/白石县").says(NEW, 5),
    ]


def test_a_group_shows_the_statistic_that_is_asked_for(ask: Any, corpus: list[Any]) -> None:
    scope = {"years": [2023]}
    by_kind = figures(group_by=["kind"], scope=scope)
    assert values(ask(corpus, operation="sum", **by_kind)) == {"乡镇": 3, "街道": 9}
    assert values(ask(corpus, operation="mean", **by_kind)) == {"乡镇": 1, "街道": 9}
    assert values(ask(corpus, operation="median", **by_kind)) == {"乡镇": 1, "街道": 9}
    assert values(ask(corpus, operation="count", criteria=[ZERO], **by_kind)) == {"乡镇": 1, "街道": 0}
    shares = values(ask(corpus, operation="share", criteria=[ZERO], **by_kind))
    assert shares == {"乡镇": pytest.approx(1 / 3), "街道": 0}


def test_on_how_many_each_group_rests_is_said(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, **figures(operation="sum", group_by=["kind"], scope={"years": [2023]}))
    assert "乡镇3件[1][2][3]（3个有数）" in answer.text
    assert "丁镇（2023年，报告未提及）" in answer.text


def test_a_group_of_the_silent_has_no_value_and_says_why(ask: Any, corpus: list[Any]) -> None:
    answer = ask([corpus[3], corpus[4]], **figures(operation="sum", group_by=["kind"]))
    row = next(row for row in answer.rows if row.label == "乡镇")
    assert (row.value, row.state) == (None, "silent")
    assert "乡镇没有可用的数字" in answer.text


def test_the_region_with_most_is_of_the_level_asked_for(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, **figures(operation="top", group_by=["region"], region_level="city", scope={"years": [2023]}))
    assert answer.value == 9
    assert [(row.label, row.region) for row in answer.rows] == [("云江省墨溪市", "云江省/墨溪市")]
    county = ask(corpus, **figures(operation="top", group_by=["region"], region_level="county", order="ascending"))
    assert county.rows[0].region == "云江省/青川市/白石县"


def test_a_city_is_no_county_to_be_ranked(ask: Any, corpus: list[Any], draft: Any) -> None:
    city = draft("墨溪市人民政府", 2023, Kind.CITY, "云江省/墨溪市").says(NEW, 500)
    answer = ask([*corpus, city], **figures(operation="top", group_by=["region"], region_level="county"))
    assert answer.rows[0].label == "云江省墨溪市黑石县"
    everything = ask([*corpus, city], **figures(operation="sum", group_by=["region"], region_level="county"))
    assert values(everything)["云江省墨溪市（本级）"] == 500


def test_beneath_a_municipality_there_are_no_cities(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023, Kind.TOWNSHIP, "重庆市/巴南区").says(NEW, 1),
        draft("乙镇", 2023, Kind.TOWNSHIP, "重庆市/大足区").says(NEW, 2),
        draft("丙镇", 2023, Kind.TOWNSHIP, "云江省/青川市/白石县").says(NEW, 4),
    ]
    by_city = ask(drafts, **figures(operation="sum", group_by=["region"], region_level="city"))
    assert values(by_city) == {"重庆市": 3, "云江省青川市": 4}
    by_county = ask(drafts, **figures(operation="sum", group_by=["region"], region_level="county"))
    assert values(by_county) == {"重庆市巴南区": 1, "重庆市大足区": 2, "云江省青川市白石县": 4}


def test_the_year_with_most_is_told(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, **figures(operation="top", group_by=["year"]))
    assert (answer.value, answer.unit) == (12, "件")
    assert "按年份分，新收政府信息公开申请合计最多的是2023年12件" in answer.text


def test_groups_that_tie_are_all_first(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023, Kind.TOWNSHIP).says(NEW, 4), draft("乙街道", 2023, Kind.SUBDISTRICT).says(NEW, 4)]
    answer = ask(drafts, **figures(operation="top", group_by=["kind"]))
    assert values(answer) == {"乡镇": 4, "街道": 4}
    assert answer.value is None
    assert "并列" in answer.text


def test_a_list_of_groups_has_its_condition_on_the_groups(ask: Any, corpus: list[Any]) -> None:
    over = {"comparison": ">", "value": 5}
    plan = figures(operation="list", group_by=["region"], region_level="county", criteria=[over])
    answer = ask(corpus, **plan)
    assert values(answer) == {"云江省墨溪市黑石县": 9, "云江省青川市白石县": 8}
    assert (answer.value, answer.unit) == (2, "个")
    none = ask(corpus, **{**plan, "criteria": [{"comparison": ">", "value": 50}]})
    assert (none.value, none.rows) == (0, ())
    assert "没有一个" in none.text


def test_a_condition_on_other_metrics_narrows_the_bodies_of_a_group(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023, Kind.TOWNSHIP).says(NEW, 4).says("review_total", 1),
        draft("乙镇", 2023, Kind.TOWNSHIP).says(NEW, 7).says("review_total", 0, "没有复议。"),
        draft("丙镇", 2023, Kind.TOWNSHIP).says(NEW, 8),
    ]
    some = {"comparison": ">", "value": 0, "metrics": ["review_total"]}
    answer = ask(drafts, **figures(operation="sum", group_by=["kind"], criteria=[some]))
    assert values(answer) == {"乡镇": 4}


def test_a_group_has_its_place_among_the_groups(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, **figures(operation="rank", group_by=["kind"], scope={"kinds": ["township"]}))
    assert answer.value == 2
    assert "有数的2个中排第2" in answer.text
    assert values(answer) == {"街道": 9, "乡镇": 8}


def test_the_share_of_a_group_is_of_all_its_bodies_together(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023, Kind.TOWNSHIP).says("result_granted", 1).says("result_total", 2),
        draft("乙镇", 2023, Kind.TOWNSHIP).says("result_granted", 0, "未予公开。").says("result_total", 8),
        draft("丙街道", 2023, Kind.SUBDISTRICT).says("result_granted", 3),
    ]
    plan = {"subject": "figures", "metrics": ["result_granted"], "denominators": ["result_total"], "group_by": ["kind"]}
    together = ask(drafts, operation="share", **plan)
    assert values(together) == {"乡镇": 0.1, "街道": None}
    assert values(ask(drafts, operation="mean", **plan))["乡镇"] == 0.25


def test_a_share_without_a_base_is_a_part_of_the_whole(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2023).row(NEW, dict(zip(COLUMNS, (3, 1, 0, 0, 0, 0, 4), strict=True)))
    answer = ask([made], **figures(operation="share", group_by=["column"]))
    assert values(answer)["自然人"] == 0.75
    assert sum(row.value for row in answer.rows) == 1


def test_a_change_can_be_split(ask: Any, corpus: list[Any]) -> None:
    plan = figures(operation="sum", group_by=["kind"], change="difference", scope={"years": [2023]})
    answer = ask(corpus, **plan)
    assert values(answer)["乡镇"] == -4
    assert "乡镇减少4件" in answer.text
    assert "缺上年的数字" in answer.text
    percent = ask(corpus, **{**plan, "change": "percent"})
    assert values(percent)["乡镇"] == -0.8


def test_the_sort_of_applicant_with_most_is_told(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2023).row(NEW, dict(zip(COLUMNS, (3, 1, 0, 0, 0, 0, 4), strict=True)))
    answer = ask([made], **figures(operation="top", group_by=["column"]))
    assert answer.value == 3
    assert values(answer) == {"自然人": 3}


def test_a_government_is_not_added_to_its_own_parts(ask: Any, draft: Any) -> None:
    drafts = [
        draft("白石县人民政府", 2023, Kind.COUNTY).says(NEW, 50),
        draft("甲镇", 2023, Kind.TOWNSHIP).says(NEW, 4),
    ]
    by_year = ask(drafts, **figures(operation="sum", group_by=["year"]))
    assert values(by_year) == {"2023年": 4}
    assert "白石县人民政府（2023年）" in by_year.text
    by_kind = ask(drafts, **figures(operation="sum", group_by=["kind"]))
    assert values(by_kind) == {"乡镇": 4, "县级政府": 50}


def test_a_count_names_whom_it_counts(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, **figures(operation="count", group_by=["kind"], criteria=[ZERO], scope={"years": [2023]}))
    assert answer.rows[0].note == "丙镇"


def test_bodies_of_one_name_are_told_apart(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023, Kind.TOWNSHIP, "云江省/青川市/白石县").says(NEW, 4)]
    other = draft("甲镇", 2023, Kind.TOWNSHIP, "云江省/墨溪市/黑石县")
    other.body = type(other.body)("another", "甲镇", Kind.TOWNSHIP, "云江省/墨溪市/黑石县")
    answer = ask([*drafts, other.says(NEW, 6)], **figures(operation="sum", group_by=["body"]))
    assert values(answer) == {"甲镇（云江省青川市白石县）": 4, "甲镇（云江省墨溪市黑石县）": 6}


def test_what_the_form_does_not_split_is_said(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2023).says("review_total", 4)
    answer = ask([made], subject="figures", operation="breakdown", metrics=["review_total"], group_by=["column"])
    assert answer.status == "partial"
    assert "不按申请人类型统计" in answer.text


def test_long_tables_are_in_the_rows_and_not_in_the_text(ask: Any, draft: Any) -> None:
    drafts = [draft(f"第{n}号镇", 2023, Kind.TOWNSHIP).says(NEW, n) for n in range(1, 31)]
    answer = ask(drafts, **figures(operation="sum", group_by=["body"]))
    assert len(answer.rows) == 30
    assert answer.text.count("号镇") == 12
    assert "等30个" in answer.text


def test_english_groups_read_as_english(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, **figures(operation="mean", group_by=["kind"], scope={"years": [2023]}, language="en"))
    assert "by kind: townships: 1 [1][2][3] (3 stating it); subdistricts: 9 [4] (1 stating it)." in answer.text


def test_a_body_that_fails_the_criteria_is_no_group_of_zero(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023, Kind.TOWNSHIP).says(NEW, 4).says("review_total", 1),
        draft("乙镇", 2023, Kind.TOWNSHIP).says(NEW, 7).says("review_total", 0, "没有复议。"),
    ]
    some = {"comparison": ">", "value": 0, "metrics": ["review_total"]}
    answer = ask(drafts, **figures(operation="sum", group_by=["body"], criteria=[some]))
    assert values(answer) == {"甲镇": 4}
    assert answer.coverage.stated == 2
    assert len(answer.rows[0].citations) == 2


def test_of_percent_changes_a_year_before_of_zero_counts_only_in_the_whole(ask: Any, draft: Any) -> None:
    drafts = [
        draft(name, year, Kind.TOWNSHIP).says(NEW, value, f"{year}年收到申请{value}件。")
        for name, year, value in (("甲镇", 2022, 10), ("甲镇", 2023, 15), ("乙镇", 2022, 0), ("乙镇", 2023, 5))
    ]
    plan = figures(group_by=["kind"], change="percent", scope={"years": [2023]})
    assert values(ask(drafts, operation="sum", **plan)) == {"乡镇": 1}
    mean = ask(drafts, operation="mean", **plan)
    assert values(mean) == {"乡镇": 0.5}
    assert "1个的上年数为0" in mean.text


def test_parts_that_miss_the_total_are_told(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2023).row(NEW, dict(zip(COLUMNS, (3, 1, 0, 0, 0, 0, 9), strict=True)))
    answer = ask([made], **figures(operation="breakdown", group_by=["column"]))
    assert "甲镇2023年各项合计4件，与报告的新收政府信息公开申请9件" in answer.text
    assert any("不符" in warning for warning in answer.warnings)
