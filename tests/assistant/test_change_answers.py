"""Changes from the year before: values, lists, places and averages of them, with both years' figures."""

from __future__ import annotations

from typing import Any

import pytest

from vectorstore.records import Kind, State

NEW = "applications_new"
RISE = {"comparison": ">", "value": 0}
FALL = {"comparison": "<", "value": 0}


@pytest.fixture
def towns(draft: Any) -> list[Any]:
    """One rises from 4 to 7 to 8, one falls from 9 to 3, one stays, one has a single report, one is silent in 2022."""
    counts = {"甲镇": (4, 7, 8), "乙镇": (None, 9, 3), "丙镇": (None, 5, 5), "丁镇": (None, None, 6)}
    made = [
        draft(name, year, Kind.TOWNSHIP).says(NEW, count, f"{year}年新收{count}件。")
        for name, of_body in counts.items()
        for year, count in zip((2021, 2022, 2023), of_body, strict=True)
        if count is not None
    ]
    silent = draft("戊镇", 2022, Kind.TOWNSHIP)
    return [*made, silent, draft("戊镇", 2023, Kind.TOWNSHIP).says(NEW, 2, "2023年新收2件。")]


def changes(**plan: Any) -> dict[str, Any]:
    return {"subject": "figures", "metrics": [NEW], "change": "difference", **plan}


def names(answer: Any) -> list[str]:
    return list(dict.fromkeys(row.body for row in answer.rows))


def test_who_rose_is_listed_with_both_years(ask: Any, towns: list[Any]) -> None:
    answer = ask(towns, **changes(operation="list", criteria=[RISE], scope={"years": [2023]}))
    assert names(answer) == ["甲镇"]
    assert [(row.year, row.value) for row in answer.rows] == [(2022, 7), (2023, 8)]
    assert "的新收政府信息公开申请比上年增加：甲镇增加1件（2022年7件→2023年8件）[1][2]" in answer.text
    assert "缺上年的数字，不能比较：丁镇、戊镇" in answer.text
    english = ask(towns, language="en", **changes(operation="list", criteria=[RISE], scope={"years": [2023]}))
    assert "saw a rise in new applications received from the year before in 2023: 甲镇 up 1" in english.text


def test_without_a_year_each_bodys_latest_report_is_taken(ask: Any, towns: list[Any]) -> None:
    answer = ask(towns, **changes(operation="count", criteria=[FALL]))
    assert answer.value == 1
    assert names(answer) == ["乙镇"]
    older = [d for d in towns if (d.body.name, d.year) != ("乙镇", 2023)]
    assert ask(older, **changes(operation="count", criteria=[FALL])).value == 0


def test_a_criterion_may_be_on_the_change_of_a_plain_figure(ask: Any, towns: list[Any]) -> None:
    criterion = {"metrics": [NEW], "change": "difference", **RISE}
    answer = ask(
        towns, subject="figures", operation="sum", metrics=[NEW], criteria=[criterion], scope={"years": [2023]}
    )
    assert answer.value == 8
    assert [row.year for row in answer.rows] == [2023]


def test_the_value_of_a_change_shows_both_years(ask: Any, towns: list[Any]) -> None:
    scope = {"bodies": [towns[0].body.body_id], "years": [2023]}
    answer = ask(towns, **changes(scope=scope))
    assert answer.value == 1
    assert answer.text == "甲镇2023年新收政府信息公开申请增加1件（2022年7件→2023年8件）[1][2]。"
    percent = ask(towns, **changes(scope=scope) | {"change": "percent"})
    assert percent.value == pytest.approx(1 / 7)
    assert percent.unit is None
    assert "增长14.29%（2022年7件→2023年8件）" in percent.text


def test_a_change_without_the_year_before_is_unknown(ask: Any, towns: list[Any]) -> None:
    alone = next(d for d in towns if d.body.name == "丁镇")
    answer = ask(towns, **changes(scope={"bodies": [alone.body.body_id], "years": [2023]}))
    assert (answer.status, answer.value) == ("partial", None)
    assert "丁镇2023年新收政府信息公开申请6件[1]；丁镇缺2022年的新收政府信息公开申请，不能与上年比较" in answer.text


def test_the_year_before_may_be_told_by_the_report_itself(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2023, Kind.TOWNSHIP).says(NEW, 7)
    made.says(NEW, 9, "比上年减少2件。", state=State.DERIVED, year=2022, note="由7件、减少2件得出")
    answer = ask([made], **changes(operation="list", criteria=[FALL]))
    assert answer.value == 1
    assert "减少2件（2022年9件→2023年7件）" in answer.text


def test_most_risen_and_most_fallen(ask: Any, towns: list[Any]) -> None:
    rose = ask(towns, **changes(operation="top", scope={"years": [2023]}))
    assert names(rose) == ["甲镇"]
    assert rose.value == 1
    assert "比上年增加最多的是甲镇增加1件" in rose.text
    fell = ask(towns, **changes(operation="top", order="ascending", scope={"years": [2023]}))
    assert (names(fell), fell.value) == (["乙镇"], -6)
    nobody = ask(towns[:3], **changes(operation="top", order="ascending", scope={"years": [2023]}))
    assert nobody.status == "answered"
    assert "没有新收政府信息公开申请比上年减少的" in nobody.text
    assert not nobody.rows


def test_changes_are_averaged_and_ranked(ask: Any, towns: list[Any]) -> None:
    mean = ask(towns, **changes(operation="mean", scope={"years": [2023]}))
    assert mean.value == pytest.approx((1 - 6 + 0) / 3)
    scope = {"bodies": [towns[0].body.body_id], "years": [2023]}
    rank = ask(towns, **changes(operation="rank", scope=scope))
    assert rank.value == 1
    assert "有数的3个" in rank.text


def test_rising_two_years_running(ask: Any, towns: list[Any]) -> None:
    answer = ask(towns, **changes(operation="list", criteria=[RISE], years_running=2))
    assert names(answer) == ["甲镇"]
    assert answer.value == 1


def test_a_rise_from_zero_has_no_percentage(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", year).says(NEW, n, f"{year}年{n}件。") for year, n in ((2022, 0), (2023, 5))]
    answer = ask(drafts, **changes(operation="list", criteria=[RISE]) | {"change": "percent"})
    assert answer.value is None or answer.value == 0
    assert "1个的上年数为0，没有增减率" in answer.text


def test_a_share_may_change_too(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", year).says("result_granted", n, f"公开{n}件。").says("result_total", 10, f"{year}办结10件。")
        for year, n in ((2022, 4), (2023, 5))
    ]
    plan = {"subject": "figures", "metrics": ["result_granted"], "denominators": ["result_total"]}
    answer = ask(drafts, operation="list", change="difference", criteria=[RISE], **plan)
    assert answer.value == 1
    assert "增加10个百分点（2022年40%→2023年50%）" in answer.text
    assert len(answer.rows) == 4
