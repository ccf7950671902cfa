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
