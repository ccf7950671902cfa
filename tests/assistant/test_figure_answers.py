"""Values, lists and counts, over made-up reports."""

from __future__ import annotations

from typing import Any

import pytest

from vectorstore.records import Kind, SectionRole, State

NEW = "applications_new"
ZERO = {"comparison": "=", "value": 0}
SOME = {"comparison": ">", "value": 0}


@pytest.fixture
def zones(draft: Any) -> list[Any]:
    """Four zones: one with none, one with three, one that leaves its cell blank, one that is silent."""
    return [
        draft("白石开发区", 2023).says(NEW, 0, "本年未收到申请。"),
        draft("青川开发区", 2023).says(NEW, 3),
        draft("云江开发区", 2023).row(NEW, {"natural_person": 1, "total": None}),
        draft("临溪开发区", 2023),
    ]


def bodies(answer: Any) -> set[str]:
    return {row.body for row in answer.rows}


def test_a_value_is_told_with_its_unit_and_citation(ask: Any, zones: list[Any]) -> None:
    answer = ask(zones, subject="figures", metrics=[NEW], scope={"bodies": [zones[1].body.body_id], "years": [2023]})
    assert answer.status == "answered"
    assert answer.value == 3
    assert answer.text == "青川开发区2023年新收政府信息公开申请3件[1]。"
    assert answer.rows[0].report_id == zones[1].report_id


def test_a_value_in_english_keeps_the_chinese_name(ask: Any, zones: list[Any]) -> None:
    scope = {"bodies": [zones[1].body.body_id], "years": [2023]}
    answer = ask(zones, subject="figures", metrics=[NEW], scope=scope, language="en")
    assert answer.text == "青川开发区, 2023: new applications received: 3 [1]."


def test_a_list_of_zeros_leaves_out_blank_and_silent(ask: Any, zones: list[Any]) -> None:
    answer = ask(zones, subject="figures", operation="list", metrics=[NEW], criteria=[ZERO], scope={"kinds": ["zone"]})
    assert bodies(answer) == {"白石开发区"}
    assert answer.value == 1
    assert answer.status == "answered"
    assert (answer.coverage.stated, answer.coverage.blank, answer.coverage.silent) == (2, 1, 1)
    assert {w.body for w in answer.coverage.without_value} == {"云江开发区", "临溪开发区"}
    assert "临溪开发区（2023年，报告未提及）" in answer.text


def test_less_than_some_number_leaves_out_the_unknown_too(ask: Any, zones: list[Any]) -> None:
    answer = ask(zones, subject="figures", operation="list", metrics=[NEW], criteria=[{"comparison": "<", "value": 99}])
    assert bodies(answer) == {"白石开发区", "青川开发区"}


def test_a_list_without_members_is_an_answer(ask: Any, zones: list[Any]) -> None:
    condition = {"comparison": ">", "value": 100}
    answer = ask(zones, subject="figures", operation="list", metrics=[NEW], criteria=[condition])
    assert answer.status == "answered"
    assert answer.value == 0
    assert "没有" in answer.text


def test_a_list_of_which_nobody_states_the_figure_is_no_answer(ask: Any, zones: list[Any]) -> None:
    answer = ask(zones, subject="figures", operation="list", metrics=["review_total"], criteria=[ZERO])
    assert answer.status == "not_in_corpus"
    assert answer.value is None
    assert all(row.value is None for row in answer.rows)


def test_a_count_counts_each_body_and_year(ask: Any, draft: Any) -> None:
    drafts = [draft("白石开发区", year).says(NEW, 2) for year in (2022, 2023)]
    answer = ask(drafts, subject="figures", operation="count", metrics=[NEW], criteria=[SOME])
    assert answer.value == 2
    assert "（2022年）" in answer.text


def test_all_metrics_must_satisfy_or_any_as_the_plan_says(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023, Kind.TOWNSHIP).says("review_total", 0).says("litigation_total", 0),
        draft("乙镇", 2023, Kind.TOWNSHIP).says("review_total", 0).says("litigation_total", 2),
        draft("丙镇", 2023, Kind.TOWNSHIP).says("review_total", 0),
    ]
    plan = {
        "subject": "figures",
        "operation": "list",
        "metrics": ["review_total", "litigation_total"],
        "criteria": [ZERO],
    }
    assert bodies(ask(drafts, **plan)) == {"甲镇"}
    assert bodies(ask(drafts, combine="any", **plan)) == {"甲镇", "乙镇", "丙镇"}
    assert ask(drafts, **plan).coverage.silent == 1


def test_a_contradiction_is_shown_with_both_values(ask: Any, draft: Any) -> None:
    conflicting = draft("青川开发区", 2023).says("proactive_total", 120).says("proactive_total", 8)
    answer = ask(
        [conflicting], subject="figures", metrics=["proactive_total"], scope={"bodies": [conflicting.body.body_id]}
    )
    assert "120条[1]与8条[2]" in answer.text
    assert answer.status == "partial"
    assert answer.value is None
    assert answer.rows[0].readings == (120, 8)
    assert answer.warnings


def test_contradicting_prose_is_a_member_only_where_all_readings_are(ask: Any, draft: Any) -> None:
    drafts = [
        draft("青川开发区", 2023).says("proactive_total", 120).says("proactive_total", 8),
        draft("白石开发区", 2023).says("proactive_total", 300).says("proactive_total", 200),
    ]
    plan = {"subject": "figures", "operation": "list", "metrics": ["proactive_total"]}
    over = ask(drafts, criteria=[{"comparison": ">", "value": 100}], **plan)
    assert bodies(over) == {"白石开发区"}
    assert "不能判定：青川开发区120条" in over.text
    assert over.status == "partial"
    assert ask(drafts, criteria=[{"comparison": ">", "value": 5}], **plan).value == 2


def test_the_tables_value_counts_against_prose(ask: Any, draft: Any) -> None:
    conflicting = draft("青川开发区", 2023).says(NEW, 9).row(NEW, {"total": 4})
    answer = ask(
        [conflicting], subject="figures", operation="list", metrics=[NEW], criteria=[{"comparison": "<", "value": 5}]
    )
    assert answer.value == 1
    assert answer.rows[0].state == "conflicting"
    assert answer.rows[0].readings == (9, 4)


def test_a_picture_for_a_table_is_cited_and_not_zero(ask: Any, draft: Any) -> None:
    pictured = draft("青川开发区", 2023).picture("二、主动公开政府信息情况", SectionRole.PROACTIVE_TABLE)
    scope = {"bodies": [pictured.body.body_id], "years": [2023]}
    answer = ask([pictured], subject="figures", metrics=["licence_decisions"], scope=scope)
    assert answer.status == "not_in_corpus"
    assert answer.value is None
    assert answer.coverage.unreadable == 1
    assert "图片" in answer.text
    assert answer.citations[0].quote == "[image: 表]"


def test_a_year_without_a_report_names_the_years_that_there_are(ask: Any, zones: list[Any]) -> None:
    answer = ask(zones, subject="figures", metrics=[NEW], scope={"bodies": [zones[1].body.body_id], "years": [2019]})
    assert answer.status == "not_in_corpus"
    assert "2023年" in answer.text


def test_a_later_report_tells_the_year_before(ask: Any, draft: Any) -> None:
    later = draft("白石镇", 2022, Kind.TOWNSHIP).says(NEW, 7)
    later.says(NEW, 9, "较去年减少2件。", state=State.DERIVED, year=2021, note="由7件、减少2件得出")
    scope = {"bodies": [later.body.body_id], "years": [2021]}
    answer = ask([later], subject="figures", metrics=[NEW], scope=scope)
    assert answer.value == 9
    assert answer.rows[0].state == "derived"
    assert "推算" in answer.text
    assert ask([later], subject="figures", operation="top", metrics=[NEW]).value == 7


def test_the_latest_year_is_taken_and_said(ask: Any, draft: Any) -> None:
    drafts = [draft("白石镇", year, Kind.TOWNSHIP).says(NEW, year - 2020) for year in (2021, 2023, 2022)]
    scope = {"bodies": [drafts[0].body.body_id], "latest": True}
    answer = ask(drafts, subject="figures", metrics=[NEW], scope=scope)
    assert answer.value == 3
    assert "最近一份报告（2023年）" in answer.text


def test_a_citys_report_tells_of_its_zones(ask: Any, draft: Any) -> None:
    zone = draft("湖滨新区", 2023).body
    city = draft("青川市", 2023, Kind.CITY).says(NEW, 30).says(NEW, 12, "其中湖滨新区12件。", about=zone)
    answer = ask([city], subject="figures", metrics=[NEW], scope={"bodies": [zone.body_id], "years": [2023]})
    assert answer.value == 12
    assert answer.rows[0].body == "湖滨新区"
    assert "青川市" in answer.text
    assert ask([city], subject="figures", operation="sum", metrics=[NEW]).value == 30


def test_a_missing_subtotal_is_added_up_only_from_known_addends(ask: Any, draft: Any) -> None:
    known = draft("甲镇", 2023).says("unable_not_held", 2).says("unable_needs_creation", 1).says("unable_unclear", 0)
    partly = draft("乙镇", 2023).says("unable_not_held", 2)
    answer = ask([known, partly], subject="figures", metrics=["unable_subtotal"])
    values = {row.body: row.value for row in answer.rows}
    assert values == {"甲镇": 3, "乙镇": None}
    assert answer.coverage.derived == 1


def test_qualifiers_stay_with_their_numbers(ask: Any, draft: Any) -> None:
    about = draft("甲镇", 2023).says("proactive_total", 20, "公开20余条。", qualifier="余")
    assert "20余条" in ask([about], subject="figures", metrics=["proactive_total"]).text


def test_more_than_a_dozen_members_are_counted_in_the_text_and_all_in_the_rows(ask: Any, draft: Any) -> None:
    drafts = [draft(f"第{n}开发区", 2023).says(NEW, 0, "本年未收到申请。") for n in range(15)]
    answer = ask(drafts, subject="figures", operation="list", metrics=[NEW], criteria=[ZERO])
    assert "等15个" in answer.text
    assert len(answer.rows) == 15
