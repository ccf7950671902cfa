"""Sums, means, medians, shares and groups: exact, and never over what is unknown."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from assistant.figures.exact import median
from vectorstore.records import Kind, State

NEW = "applications_new"


@pytest.fixture
def towns(draft: Any) -> list[Any]:
    """Applications 1, 2 and 4, and one town that says nothing."""
    drafts = [draft(f"{name}镇", 2023, Kind.TOWNSHIP).says(NEW, n) for name, n in (("甲", 1), ("乙", 2), ("丙", 4))]
    return [*drafts, draft("丁镇", 2023, Kind.TOWNSHIP)]


@pytest.mark.parametrize(("operation", "value"), [("sum", 7), ("mean", 7 / 3), ("median", 2)])
def test_the_silent_are_left_out_and_said(ask: Any, towns: list[Any], operation: str, value: float) -> None:
    answer = ask(towns, subject="figures", operation=operation, metrics=[NEW])
    assert answer.value == pytest.approx(value)
    assert answer.status == "answered"
    assert {row.body for row in answer.rows} == {"甲镇", "乙镇", "丙镇"}
    assert any("不按0计算" in warning for warning in answer.warnings)
    assert "丁镇" in answer.text


def test_a_sum_of_nothing_known_is_unknown(ask: Any, towns: list[Any]) -> None:
    answer = ask(towns, subject="figures", operation="sum", metrics=["review_total"])
    assert (answer.status, answer.value) == ("not_in_corpus", None)


def test_a_sum_over_an_empty_scope_is_unknown(ask: Any, towns: list[Any]) -> None:
    answer = ask(towns, subject="figures", operation="sum", metrics=[NEW], scope={"years": [2020]})
    assert (answer.status, answer.value) == ("not_in_corpus", None)


def test_several_metrics_are_added(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023).says("npc_proposals", 2).says("cppcc_proposals", 3)]
    answer = ask(drafts, subject="figures", operation="sum", metrics=["npc_proposals", "cppcc_proposals"])
    assert answer.value == 5
    assert len(answer.rows) == 2


def test_a_contradiction_without_a_value_is_not_added(ask: Any, towns: list[Any], draft: Any) -> None:
    torn = draft("戊镇", 2023, Kind.TOWNSHIP).says(NEW, 10).says(NEW, 20)
    answer = ask([*towns, torn], subject="figures", operation="sum", metrics=[NEW])
    assert answer.value == 7
    assert answer.status == "partial"
    assert "戊镇（2023年）前后不一致，未计入" in answer.text


def test_a_government_is_not_added_to_its_own_towns(ask: Any, towns: list[Any], draft: Any) -> None:
    county = draft("白石县人民政府", 2023, Kind.COUNTY).says(NEW, 50)
    elsewhere = draft("云溪县人民政府", 2023, Kind.COUNTY, "云江省/青川市/云溪县").says(NEW, 3)
    plan = {"subject": "figures", "metrics": [NEW]}
    answer = ask([*towns, county, elsewhere], operation="sum", **plan)
    assert answer.value == 10
    assert {row.body for row in answer.rows} == {"甲镇", "乙镇", "丙镇", "云溪县人民政府"}
    assert "白石县人民政府50件[" in answer.text and "不再计入" in answer.text
    assert ask([*towns, county, elsewhere], operation="mean", **plan).value == 2.5
    assert "白石县人民政府 50" in ask([*towns, county], operation="sum", language="en", **plan).text


def test_another_years_government_is_added(ask: Any, towns: list[Any], draft: Any) -> None:
    county = draft("白石县人民政府", 2022, Kind.COUNTY).says(NEW, 50)
    assert ask([*towns, county], subject="figures", operation="sum", metrics=[NEW]).value == 57


def test_a_government_that_is_asked_for_is_added_and_warned_of(ask: Any, towns: list[Any], draft: Any) -> None:
    county = draft("白石县人民政府", 2023, Kind.COUNTY).says(NEW, 50)
    plan = {"subject": "figures", "operation": "sum", "metrics": [NEW]}
    asked = ask([*towns, county], scope={"kinds": ["township", "county"]}, **plan)
    assert asked.value == 57
    assert any("重复" in warning for warning in asked.warnings)
    alone = ask([*towns, county], scope={"kinds": ["township"]}, **plan)
    assert (alone.value, alone.warnings) == (7, ask(towns, **plan).warnings)


def test_decimals_are_added_exactly(ask: Any, draft: Any) -> None:
    drafts = [draft(f"{n}局", 2023).says("admin_fees_wan_yuan", "0.1") for n in "甲乙丙"]
    answer = ask(drafts, subject="figures", operation="sum", metrics=["admin_fees_wan_yuan"])
    assert answer.value == 0.3
    assert "合计0.3万元" in answer.text


def test_a_share_is_a_fraction_of_two_cited_rows(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023).says("proactive_total", 200).says("proactive_wechat", 150)]
    plan = {"subject": "figures", "operation": "share", "metrics": ["proactive_wechat"]}
    answer = ask(drafts, denominators=["proactive_total"], **plan)
    assert answer.value == 0.75
    assert [row.value for row in answer.rows] == [150, 200]
    assert "75%" in answer.text


def test_there_is_no_share_of_zero(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023).says("result_granted", 0).says("result_total", 0)]
    answer = ask(
        drafts, subject="figures", operation="share", metrics=["result_granted"], denominators=["result_total"]
    )
    assert answer.value is None
    assert answer.status == "answered"
    assert "没有可算的占比" in answer.text


def test_a_share_with_an_unknown_side_is_unknown(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023).says("result_total", 4)]
    answer = ask(
        drafts, subject="figures", operation="share", metrics=["result_granted"], denominators=["result_total"]
    )
    assert answer.value is None
    assert answer.status == "partial"


def test_a_share_uses_only_those_that_state_both(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023).says("result_granted", 1).says("result_total", 4),
        draft("乙镇", 2023).says("result_total", 100),
    ]
    answer = ask(
        drafts, subject="figures", operation="share", metrics=["result_granted"], denominators=["result_total"]
    )
    assert answer.value == 0.25


def test_a_share_of_bodies_is_of_those_that_state_it(ask: Any, towns: list[Any], draft: Any) -> None:
    none = draft("戊镇", 2023, Kind.TOWNSHIP).says(NEW, 0, "本年未收到申请。")
    condition = {"comparison": "=", "value": 0}
    answer = ask([*towns, none], subject="figures", operation="share", metrics=[NEW], criteria=[condition])
    assert answer.value == 0.25
    assert [row.value for row in answer.rows] == [1, 4]


def test_bodies_are_listed_and_ranked_by_a_share_of_their_own(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023).says("proactive_total", 200).says("proactive_wechat", 150),
        draft("乙镇", 2023).says("proactive_total", 10).says("proactive_wechat", 1),
        draft("丙镇", 2023).says("proactive_total", 0, "未公开。").says("proactive_wechat", 0, "没有推送。"),
        draft("丁镇", 2023).says("proactive_wechat", 90),
    ]
    plan = {"subject": "figures", "metrics": ["proactive_wechat"], "denominators": ["proactive_total"]}
    over = ask(drafts, operation="list", criteria=[{"comparison": ">", "value": "0.5"}], **plan)
    assert over.value == 1
    assert "有1个机关的微信公众号公开信息占主动公开政府信息的比例超过50%：甲镇75%[1][2]" in over.text
    assert "1个的主动公开政府信息为0" in over.text
    assert over.coverage.silent == 1
    each = ask(drafts, operation="list", **plan)
    assert "的比例：甲镇75%[1][2]、乙镇10%[3][4]。" in each.text
    assert each.value == 2
    lowest = ask(drafts, operation="top", order="ascending", **plan)
    assert lowest.value == 0.1
    assert {row.body for row in lowest.rows} == {"乙镇"}


def test_a_sum_under_a_condition_that_nobody_meets_says_so(ask: Any, towns: list[Any]) -> None:
    answer = ask(towns, subject="figures", operation="sum", metrics=[NEW], criteria=[{"comparison": ">", "value": 99}])
    assert (answer.status, answer.value) == ("answered", 0)
    assert "没有" in answer.text


def test_there_is_no_mean_of_nobody(ask: Any, towns: list[Any]) -> None:
    plan = {"subject": "figures", "metrics": [NEW], "criteria": [{"comparison": ">", "value": 99}]}
    answer = ask(towns, operation="mean", **plan)
    assert (answer.status, answer.value, answer.unit) == ("answered", None, "件")


def test_a_sum_over_members_of_unknown_value_is_unknown(ask: Any, draft: Any) -> None:
    torn = draft("甲镇", 2023).says(NEW, 10).says(NEW, 20)
    plan = {"subject": "figures", "operation": "sum", "metrics": [NEW], "criteria": [{"comparison": ">", "value": 5}]}
    answer = ask([torn, draft("乙镇", 2023)], **plan)
    assert (answer.status, answer.value) == ("partial", None)
    assert "10件[" in answer.text and "20件[" in answer.text


def test_groups_are_summed_one_by_one(ask: Any, towns: list[Any], draft: Any) -> None:
    zone = draft("青川开发区", 2023, Kind.ZONE).says(NEW, 5)
    answer = ask([*towns, zone], subject="figures", operation="breakdown", metrics=[NEW], group_by=["kind"])
    assert {row.kind: row.value for row in answer.rows} == {Kind.TOWNSHIP: 7, Kind.ZONE: 5}


def test_a_group_of_which_nothing_is_known_has_no_value(ask: Any, towns: list[Any], draft: Any) -> None:
    silent = draft("青川开发区", 2023, Kind.ZONE)
    answer = ask([*towns, silent], subject="figures", operation="sum", metrics=[NEW], group_by=["kind"])
    assert {row.kind: row.value for row in answer.rows} == {Kind.TOWNSHIP: 7, Kind.ZONE: None}


def test_derived_figures_count_as_derived(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023).says(NEW, 5, "由各项相加。", state=State.DERIVED)]
    answer = ask(drafts, subject="figures", operation="sum", metrics=[NEW])
    assert answer.coverage.derived == 1
    assert answer.rows[0].state == "derived"


def test_the_median_of_an_even_number_is_the_mean_of_the_middle_two() -> None:
    assert median([Fraction(4), Fraction(1), Fraction(3), Fraction(2)]) == Fraction(5, 2)
    with pytest.raises(ValueError, match="no median"):
        median([])
