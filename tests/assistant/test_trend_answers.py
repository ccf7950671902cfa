"""How a measure goes from year to year: gaps are named, and years are compared like for like."""

from __future__ import annotations

from typing import Any

from vectorstore.records import Kind

NEW = "applications_new"


def trend(**plan: object) -> dict[str, object]:
    return {"subject": "figures", "operation": "trend", "metrics": [NEW], **plan}


def test_a_missing_and_a_silent_year_are_named_and_break_no_line(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2019).says(NEW, 2), draft("甲镇", 2021), draft("甲镇", 2022).says(NEW, 6)]
    answer = ask(drafts, **trend(scope={"bodies": [drafts[0].body.body_id]}))
    assert answer.value == 4
    assert "没有甲镇2020年的数字" in answer.text
    assert "甲镇2021年的报告没有写明" in answer.text
    assert answer.chart["x"] == ["2019", "2020", "2021", "2022"]
    assert answer.chart["y"] == [2, None, None, 6]
    assert [(row.year, row.value) for row in answer.rows] == [(2019, 2), (2021, None), (2022, 6)]


def test_years_of_different_bodies_are_also_compared_like_for_like(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2022).says(NEW, 7), draft("甲镇", 2023).says(NEW, 4), draft("乙镇", 2023).says(NEW, 9)]
    answer = ask(drafts, **trend())
    assert answer.value == 6
    assert "只看各年都有数的1个机关：2022年7件[1]，2023年4件[3]，减少3件" in answer.text


def test_years_without_a_common_body_cannot_be_compared_like_for_like(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2022).says(NEW, 7), draft("乙镇", 2023).says(NEW, 9)]
    assert "没有一个机关在各年都有数" in ask(drafts, **trend()).text


def test_years_of_the_same_bodies_need_no_warning(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", year).says(NEW, year - 2020) for year in (2022, 2023)]
    answer = ask(drafts, **trend())
    assert answer.warnings == ()
    assert "只看" not in answer.text


def test_means_counts_and_shares_have_trends(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2022).says(NEW, 0, "未收到申请。"),
        draft("乙镇", 2022).says(NEW, 4),
        draft("甲镇", 2023).says(NEW, 5),
        draft("乙镇", 2023).says(NEW, 6),
    ]
    zero = [{"comparison": "=", "value": 0}]
    assert ask(drafts, **trend(statistic="mean")).value == 3.5
    assert ask(drafts, **trend(statistic="count", criteria=zero)).value == -1
    share = ask(drafts, **trend(statistic="share", criteria=zero))
    assert share.value == -0.5
    assert "减少50个百分点" in share.text


def test_a_share_of_a_scope_is_of_all_its_bodies_together(ask: Any, draft: Any) -> None:
    drafts = [
        draft(name, year).says("result_granted", part).says("result_total", whole)
        for name, year, part, whole in (("甲镇", 2022, 1, 10), ("乙镇", 2022, 1, 2), ("甲镇", 2023, 6, 12))
    ]
    answer = ask(drafts, **trend(metrics=["result_granted"], denominators=["result_total"]))
    assert [row.value for row in answer.rows] == [1 / 6, 0.5]


def test_groups_have_a_line_each(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2022, Kind.TOWNSHIP).says(NEW, 1),
        draft("甲镇", 2023, Kind.TOWNSHIP).says(NEW, 2),
        draft("乙街道", 2022, Kind.SUBDISTRICT).says(NEW, 5),
        draft("乙街道", 2023, Kind.SUBDISTRICT).says(NEW, 3),
    ]
    answer = ask(drafts, **trend(group_by=["kind"]))
    assert "2023年新收政府信息公开申请合计：街道比乡镇多1件" in answer.text
    assert "增加最多的是乡镇（1件）" in answer.text
    assert {series["name"]: series["y"] for series in answer.chart["series"]} == {"乡镇": [1, 2], "街道": [5, 3]}
    assert answer.value is None


def test_a_rate_is_told_step_by_step(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", year).says(NEW, value) for year, value in ((2021, 10), (2022, 15), (2023, 12))]
    answer = ask(drafts, **trend(change="percent", scope={"bodies": [drafts[0].body.body_id]}))
    assert (answer.value, answer.unit) == (0.2, None)
    assert "2022年增加5件（增长50%）、2023年减少3件（下降20%）" in answer.text


def test_one_year_has_no_chart(ask: Any, draft: Any) -> None:
    answer = ask([draft("甲镇", 2023).says(NEW, 4)], **trend())
    assert answer.chart is None
    assert answer.status == "partial"
