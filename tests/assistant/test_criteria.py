"""Members by several criteria: on different metrics, on shares, on changes; joined by all or any."""

from __future__ import annotations

from typing import Any

import pytest

from vectorstore.records import Kind

NEW, REVIEWS, PUBLIC = "applications_new", "review_total", "proactive_total"
GRANTED, CLOSED = "result_granted", "result_total"


def some(*metrics: str) -> dict[str, Any]:
    return {"metrics": list(metrics), "comparison": ">", "value": 0}


def none(*metrics: str) -> dict[str, Any]:
    return {"metrics": list(metrics), "comparison": "=", "value": 0}


def town(draft: Any, name: str, year: int = 2023, **values: int | tuple[int, int]) -> Any:
    made = draft(name, year, Kind.TOWNSHIP)
    for metric, value in values.items():
        for one in value if isinstance(value, tuple) else (value,):
            made.says(metric, one, f"{metric}为{one}。")
    return made


def names(answer: Any) -> set[str]:
    return {row.body for row in answer.rows}


@pytest.fixture
def towns(draft: Any) -> list[Any]:
    return [
        town(draft, "甲镇", applications_new=12, review_total=0, proactive_total=30),
        town(draft, "乙镇", applications_new=20, review_total=2, proactive_total=90),
        town(draft, "丙镇", applications_new=0, review_total=0, proactive_total=10),
        town(draft, "丁镇", applications_new=15),
        town(draft, "戊镇", review_total=1),
    ]


def test_criteria_on_different_metrics_must_all_hold(ask: Any, towns: list[Any]) -> None:
    plan = {"subject": "figures", "operation": "list", "metrics": [NEW], "criteria": [some(NEW), none(REVIEWS)]}
    answer = ask(towns, scope={"kinds": ["township"], "years": [2023]}, **plan)
    assert names(answer) == {"甲镇"}
    assert answer.value == 1
    assert answer.text.startswith(
        "2023年有1个乡镇收到过政府信息公开申请且没有行政复议：甲镇（新收政府信息公开申请12件、行政复议0件）[1][2]。"
    )
    assert {row.metric for row in answer.rows} == {NEW, REVIEWS}
    assert ask(towns, language="en", **plan).text.startswith(
        "1 body received applications and had no administrative reviews: "
    )


def test_what_one_value_decides_is_decided_whatever_else_is_unknown(ask: Any, towns: list[Any]) -> None:
    plan = {"subject": "figures", "operation": "list", "metrics": [NEW], "criteria": [some(NEW), none(REVIEWS)]}
    answer = ask(towns, **plan)
    # 戊镇 has reviews, so its silence about applications doesn't matter; 丁镇 may or may not have had reviews.
    assert "因缺少数字不能判定：丁镇（2023年）" in answer.text
    assert ask(towns, combine="any", **plan).value == 4


def test_criteria_need_no_metric_of_the_plans_own(ask: Any, towns: list[Any]) -> None:
    criteria = [
        {"metrics": [NEW], "comparison": ">", "value": 10},
        {"metrics": [PUBLIC], "comparison": "<", "value": 50},
    ]
    answer = ask(towns, subject="figures", operation="count", criteria=criteria)
    assert answer.value == 1
    assert "的新收政府信息公开申请超过10件且主动公开政府信息少于50条：甲镇（新收政府信息公开申请12件" in answer.text


def test_a_share_may_be_a_criterion_beside_a_figure(ask: Any, draft: Any) -> None:
    low = {"metrics": [GRANTED], "denominators": [CLOSED], "comparison": "<", "value": "0.5"}
    many = {"metrics": [NEW], "comparison": ">", "value": 10}
    drafts = [
        town(draft, "甲镇", applications_new=12, result_granted=4, result_total=10),
        town(draft, "乙镇", applications_new=12, result_granted=5, result_total=10),
        town(draft, "丙镇", applications_new=12, result_granted=0, result_total=0),
        town(draft, "丁镇", applications_new=2, result_granted=0, result_total=2),
    ]
    answer = ask(drafts, subject="figures", operation="list", criteria=[low, many])
    assert names(answer) == {"甲镇"}
    assert "比例低于50%" in answer.text or "比例少于50%" in answer.text
    assert "40%" in answer.text
    assert "1个的" in answer.text and "没有可算的占比" in answer.text


def test_figures_are_added_over_those_that_satisfy_the_criteria(ask: Any, towns: list[Any]) -> None:
    criterion = {"metrics": [PUBLIC], "comparison": ">", "value": 20}
    plan = {"subject": "figures", "metrics": [NEW], "criteria": [criterion]}
    answer = ask(towns, operation="sum", **plan)
    assert answer.value == 32
    assert [row.metric for row in answer.rows] == [NEW, NEW]
    assert "主动公开政府信息超过20条" in answer.text
    assert ask(towns, operation="mean", **plan).value == 16
    assert ask(towns, operation="top", **plan).value == 20


def test_top_is_among_those_that_satisfy_the_criteria(ask: Any, towns: list[Any]) -> None:
    answer = ask(towns, subject="figures", operation="top", metrics=[NEW], criteria=[none(REVIEWS)])
    assert names(answer) == {"甲镇"}
    assert "没有行政复议" in answer.text


def test_a_share_of_members_takes_all_criteria(ask: Any, towns: list[Any]) -> None:
    plan = {"subject": "figures", "operation": "share", "criteria": [some(NEW), none(REVIEWS)]}
    answer = ask(towns, **plan)
    assert answer.value == 0.25
    assert [row.value for row in answer.rows] == [1, 4]


def test_a_contradicting_report_is_undecided_unless_another_criterion_decides(ask: Any, draft: Any) -> None:
    drafts = [
        town(draft, "甲镇", applications_new=(3, 30), review_total=0),
        town(draft, "乙镇", applications_new=(3, 30), review_total=2),
        town(draft, "丙镇", applications_new=(20, 30), review_total=0),
    ]
    many = {"metrics": [NEW], "comparison": ">", "value": 10}
    answer = ask(drafts, subject="figures", operation="list", criteria=[many, none(REVIEWS)])
    assert names(answer) == {"丙镇"}
    assert answer.status == "partial"
    assert "不能判定：甲镇3件" in answer.text
    assert "不能判定：甲镇3件[1]与30件[2]、乙镇" not in answer.text


def test_two_years_running_takes_all_criteria(ask: Any, draft: Any) -> None:
    drafts = [
        town(draft, name, year, applications_new=new, review_total=reviews)
        for name, counts in {"甲镇": ((3, 0), (2, 0)), "乙镇": ((3, 0), (2, 1))}.items()
        for year, (new, reviews) in zip((2022, 2023), counts, strict=True)
    ]
    answer = ask(drafts, subject="figures", operation="list", criteria=[some(NEW), none(REVIEWS)], years_running=2)
    assert names(answer) == {"甲镇"}
    assert answer.value == 1


def test_a_run_of_years_that_ends_in_the_year_asked_for_looks_back(ask: Any, draft: Any) -> None:
    drafts = [town(draft, "甲镇", year, applications_new=0) for year in (2022, 2023)]
    plan = {"subject": "figures", "operation": "list", "metrics": [NEW], "years_running": 2}
    criteria = [{"comparison": "=", "value": 0}]
    assert ask(drafts, criteria=criteria, scope={"years": [2023]}, **plan).value == 1
    assert ask(drafts[1:], criteria=criteria, scope={"years": [2023]}, **plan).value == 0


def test_what_is_unknown_of_a_year_matters_only_where_it_would_complete_a_run(ask: Any, draft: Any) -> None:
    counts = {"甲镇": (0, None, 3), "乙镇": (None, 3, 0), "丙镇": (0, 0, None)}
    drafts = [
        town(draft, name, year, **({} if value is None else {NEW: value}))
        for name, of_body in counts.items()
        for year, value in zip((2021, 2022, 2023), of_body, strict=True)
    ]
    both = [{"comparison": "=", "value": 0}, {"metrics": [NEW], "comparison": "<", "value": 1}]
    answer = ask(drafts, subject="figures", operation="list", metrics=[NEW], criteria=both, years_running=2)
    assert names(answer) == {"丙镇"}
    assert "另有1个因缺少数字不能判定：甲镇（2022年）。" in answer.text


def test_a_contradiction_that_counts_is_named_beside_several_criteria(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2023, Kind.TOWNSHIP).says(NEW, 9, "收到9件。").row(NEW, {"total": 4}).says(REVIEWS, 0)
    answer = ask([made], subject="figures", operation="list", criteria=[some(NEW), none(REVIEWS)])
    assert answer.value == 1
    assert "报告前后不一致的有甲镇" in answer.text


def test_a_base_of_zero_is_no_missing_number(ask: Any, draft: Any) -> None:
    low = {"metrics": [GRANTED], "denominators": [CLOSED], "comparison": "<", "value": "0.5"}
    drafts = [
        town(draft, "甲镇", applications_new=12, result_granted=4, result_total=10),
        town(draft, "乙镇", applications_new=12, result_granted=0, result_total=0),
    ]
    answer = ask(drafts, subject="figures", operation="list", criteria=[low, some(NEW)])
    assert "1个的办理结果总计为0" in answer.text
    assert "因缺少数字不能判定" not in answer.text
