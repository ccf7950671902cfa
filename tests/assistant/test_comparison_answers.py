"""Comparisons and changes: who has more, by how much, from which year to which."""

from __future__ import annotations

from typing import Any

from vectorstore.records import Kind, State

NEW = "applications_new"


def test_two_bodies_are_compared_by_their_difference(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023).says(NEW, 12), draft("乙镇", 2023).says(NEW, 5)]
    scope = {"bodies": [d.body.body_id for d in drafts], "years": [2023]}
    answer = ask(drafts, subject="figures", operation="compare", metrics=[NEW], scope=scope)
    assert answer.value == 7
    assert "甲镇比乙镇多7件" in answer.text
    assert len(answer.rows) == 2


def test_a_comparison_with_the_unknown_is_not_decided(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023).says(NEW, 12), draft("乙镇", 2023)]
    scope = {"bodies": [d.body.body_id for d in drafts], "years": [2023]}
    answer = ask(drafts, subject="figures", operation="compare", metrics=[NEW], scope=scope)
    assert (answer.status, answer.value) == ("partial", None)
    assert "不能比较" in answer.text


def test_a_body_without_a_report_is_named(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023).says(NEW, 12), draft("乙镇", 2021).says(NEW, 3)]
    scope = {"bodies": [d.body.body_id for d in drafts], "years": [2023]}
    answer = ask(drafts, subject="figures", operation="compare", metrics=[NEW], scope=scope)
    assert answer.status == "partial"
    assert "乙镇" in answer.text


def test_groups_are_compared_by_their_totals(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023, Kind.TOWNSHIP).says(NEW, 2),
        draft("乙镇", 2023, Kind.TOWNSHIP).says(NEW, 3),
        draft("丙街道", 2023, Kind.SUBDISTRICT).says(NEW, 4),
    ]
    answer = ask(drafts, subject="figures", operation="compare", metrics=[NEW], group_by=["kind"])
    assert answer.value == 1
    assert "乡镇比街道多1件" in answer.text


def test_a_change_is_signed_and_told_in_words(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2022).says(NEW, 7), draft("甲镇", 2023).says(NEW, 4)]
    scope = {"bodies": [drafts[0].body.body_id]}
    answer = ask(drafts, subject="figures", operation="trend", metrics=[NEW], scope=scope)
    assert answer.value == -3
    assert "2023年比2022年减少3件" in answer.text
    assert answer.chart["x"] == ["2022", "2023"]


def test_the_year_before_comes_from_the_later_report_where_there_is_no_other(ask: Any, draft: Any) -> None:
    later = draft("甲镇", 2022).says(NEW, 7).says(NEW, 8, "较去年减少1件。", state=State.DERIVED, year=2021)
    scope = {"bodies": [later.body.body_id], "years": [2022]}
    answer = ask([later], subject="figures", operation="trend", metrics=[NEW], scope=scope)
    assert answer.value == -1
    assert "2021年8件（由2022年报告的“较去年减少1件”推算）" in answer.text


def test_one_known_year_makes_no_trend(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2022), draft("甲镇", 2023).says(NEW, 4)]
    answer = ask(
        drafts, subject="figures", operation="trend", metrics=[NEW], scope={"bodies": [drafts[0].body.body_id]}
    )
    assert (answer.status, answer.value) == ("partial", None)


def test_totals_of_different_reports_are_warned_of(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2022).says(NEW, 7), draft("甲镇", 2023).says(NEW, 4), draft("乙镇", 2023).says(NEW, 9)]
    answer = ask(drafts, subject="figures", operation="trend", metrics=[NEW])
    assert answer.value == 6
    assert any("不能直接比较" in warning for warning in answer.warnings)


def test_members_are_counted_year_by_year(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2022).says(NEW, 0, "未收到。"), draft("甲镇", 2023).says(NEW, 4), draft("乙镇", 2023)]
    condition = {"comparison": "=", "value": 0}
    answer = ask(drafts, subject="figures", operation="trend", metrics=[NEW], criteria=[condition])
    assert answer.value == -1
    assert "2023年0个（1个有数）" in answer.text


def test_a_change_is_also_told_as_a_percentage(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2022).says(NEW, 40), draft("甲镇", 2023).says(NEW, 46)]
    plan = {"subject": "figures", "operation": "trend", "metrics": [NEW], "scope": {"bodies": [drafts[0].body.body_id]}}
    answer = ask(drafts, **plan)
    assert (answer.value, answer.unit) == (6, "件")
    assert "增长15%" in answer.text
    share = ask(drafts, **plan, aspect="percent_change")
    assert (share.value, share.unit) == (0.15, None)


def test_what_starts_at_zero_has_no_percentage(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2022).says(NEW, 0), draft("甲镇", 2023).says(NEW, 4)]
    plan = {"subject": "figures", "operation": "trend", "metrics": [NEW], "scope": {"bodies": [drafts[0].body.body_id]}}
    assert ask(drafts, **plan).value == 4
    share = ask(drafts, **plan, aspect="percent_change")
    assert (share.status, share.value) == ("partial", None)
    assert "不能算增长率" in share.text


TOWNS_AND_STREETS = [{"kinds": ["township"]}, {"kinds": ["subdistrict"]}]


def test_sides_say_what_they_rest_on_and_their_means(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023, Kind.TOWNSHIP).says(NEW, 4),
        draft("乙镇", 2023, Kind.TOWNSHIP).says(NEW, 3),
        draft("丙镇", 2023, Kind.TOWNSHIP),
        draft("丁街道", 2023, Kind.SUBDISTRICT).says(NEW, 5),
    ]
    answer = ask(drafts, subject="figures", operation="compare", metrics=[NEW], sides=TOWNS_AND_STREETS)
    assert answer.text.startswith("新收政府信息公开申请合计：乡镇比街道多2件。")
    assert "乡镇7件[1][2]（2个有数，1个没有）；街道5件[3]（1个有数）" in answer.text
    assert "按每个平均：乡镇3.5件、街道5件" in answer.text
    assert (answer.value, answer.unit) == (2, "件")
    assert answer.coverage.in_scope == 4
    mean = ask(drafts, subject="figures", operation="compare", metrics=[NEW], sides=TOWNS_AND_STREETS, statistic="mean")
    assert mean.value == 1.5
    assert "街道比乡镇多1.5件" in mean.text


def test_sides_of_one_size_need_no_means(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023, Kind.TOWNSHIP).says(NEW, 4), draft("丁街道", 2023, Kind.SUBDISTRICT).says(NEW, 5)]
    answer = ask(drafts, subject="figures", operation="compare", metrics=[NEW], sides=TOWNS_AND_STREETS)
    assert "平均" not in answer.text


def test_sides_lie_within_the_plan_s_own_scope(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023, Kind.TOWNSHIP).says(NEW, 4),
        draft("甲镇", 2022, Kind.TOWNSHIP).says(NEW, 40),
        draft("丁街道", 2023, Kind.SUBDISTRICT).says(NEW, 5),
    ]
    plan = {"subject": "figures", "operation": "compare", "metrics": [NEW], "sides": TOWNS_AND_STREETS}
    assert ask(drafts, scope={"years": [2023]}, **plan).value == 1


def test_one_body_is_compared_with_the_mean_of_the_others(ask: Any, draft: Any) -> None:
    drafts = [draft(f"{n}开发区", 2023).says(NEW, value) for n, value in (("甲", 9), ("乙", 2), ("丙", 4))]
    own = {"bodies": [drafts[0].body.body_id]}
    others = {"kinds": ["zone"], "excluded": [own]}
    answer = ask(drafts, subject="figures", operation="compare", metrics=[NEW], sides=[own, others], statistic="mean")
    assert answer.value == 6
    assert "甲开发区比开发区（不含甲开发区）多6件" in answer.text


def test_sides_that_overlap_say_so(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023, Kind.TOWNSHIP).says(NEW, 4), draft("乙街道", 2023, Kind.SUBDISTRICT).says(NEW, 1)]
    sides = [{"kinds": ["township"]}, {"regions": ["云江省"]}]
    answer = ask(drafts, subject="figures", operation="compare", metrics=[NEW], sides=sides)
    assert "各方有重叠：1个机关年度" in answer.text


def test_a_side_of_the_silent_leaves_a_comparison_undecided(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023, Kind.TOWNSHIP).says(NEW, 4), draft("乙街道", 2023, Kind.SUBDISTRICT)]
    answer = ask(drafts, subject="figures", operation="compare", metrics=[NEW], sides=TOWNS_AND_STREETS)
    assert (answer.status, answer.value) == ("partial", None)
    assert "不能比较：街道没有可用的数字" in answer.text
    assert [row.value for row in answer.rows] == [4, None]


def test_sides_can_be_compared_by_how_many_satisfy_a_condition(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023, Kind.TOWNSHIP).says(NEW, 0, "未收到申请。"),
        draft("乙镇", 2023, Kind.TOWNSHIP).says(NEW, 3),
        draft("丙街道", 2023, Kind.SUBDISTRICT).says(NEW, 5),
    ]
    plan = {"subject": "figures", "operation": "compare", "metrics": [NEW], "sides": TOWNS_AND_STREETS}
    zero = {"criteria": [{"comparison": "=", "value": 0}]}
    assert ask(drafts, statistic="count", **zero, **plan).value == 1
    share = ask(drafts, statistic="share", **zero, **plan)
    assert share.value == 0.5
    assert "乡镇比街道高50个百分点" in share.text


def test_each_metric_is_compared_by_itself(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023).says(NEW, 12).says("review_total", 1),
        draft("乙镇", 2023).says(NEW, 5).says("review_total", 4),
    ]
    scope = {"bodies": [d.body.body_id for d in drafts], "years": [2023]}
    answer = ask(drafts, subject="figures", operation="compare", metrics=[NEW, "review_total"], scope=scope)
    assert "甲镇比乙镇多7件" in answer.text
    assert "乙镇比甲镇多3件" in answer.text
    assert answer.value is None
    assert len(answer.rows) == 4


def test_bodies_are_compared_by_a_share_of_their_own(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2023).says("result_granted", 1).says("result_total", 2),
        draft("乙镇", 2023).says("result_granted", 1).says("result_total", 4),
    ]
    scope = {"bodies": [d.body.body_id for d in drafts], "years": [2023]}
    answer = ask(
        drafts,
        subject="figures",
        operation="compare",
        metrics=["result_granted"],
        denominators=["result_total"],
        scope=scope,
    )
    assert answer.value == 0.25
    assert "甲镇比乙镇高25个百分点" in answer.text


def test_of_three_two_can_share_the_first_place(ask: Any, draft: Any) -> None:
    drafts = [draft(f"{n}镇", 2023).says(NEW, value) for n, value in (("甲", 9), ("乙", 9), ("丙", 4))]
    scope = {"bodies": [d.body.body_id for d in drafts], "years": [2023]}
    answer = ask(drafts, subject="figures", operation="compare", metrics=[NEW], scope=scope)
    assert "甲镇、乙镇并列最多" in answer.text


def test_bodies_over_several_years_are_compared_as_they_go(ask: Any, draft: Any) -> None:
    drafts = [
        draft(name, year).says(NEW, value)
        for name, year, value in (("甲镇", 2022, 3), ("甲镇", 2023, 9), ("乙镇", 2022, 5), ("乙镇", 2023, 6))
    ]
    scope = {"bodies": [drafts[0].body.body_id, drafts[2].body.body_id]}
    answer = ask(drafts, subject="figures", operation="compare", metrics=[NEW], scope=scope)
    assert answer.text.startswith("2023年新收政府信息公开申请合计：甲镇比乙镇多3件。增加最多的是甲镇（6件）。")
    assert len(answer.rows) == 4
    assert [series["y"] for series in answer.chart["series"]] == [[3, 9], [5, 6]]
