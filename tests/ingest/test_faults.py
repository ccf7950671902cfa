"""Impossible values, and faults of numbering, period and title."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from ingest.checking.checks import check_report, run_checks
from ingest.structure.sections import find_sections
from ingest.text.flattened_text import read_flattened_text
from vectorstore.check_rules import check_rules
from vectorstore.records import Check, Figure, Kind, Mention, Origin, Report, State


def figure(metric: str, value: str | None, start: int = 0, **changes: Any) -> Figure:
    number = None if value is None else Decimal(value)
    state = State.BLANK if value is None else State.STATED
    made = Figure("r", "b", metric, None, 2023, number, state, "件", Origin.TABLE, start, start + 3)
    return replace(made, **changes)


def report(kind: Kind = Kind.TOWNSHIP, **changes: Any) -> Report:
    made = Report("r", "白石镇人民政府2023年政府信息公开工作年度报告", "b", "白石镇人民政府", kind, None, 2023)
    return replace(made, **changes)


def found(checks: Any, rule: str, holds: bool | None = False) -> list[Check]:
    assert all(check.rule in check_rules() for check in checks)
    return [check for check in checks if check.rule == rule and check.holds is holds]


@pytest.mark.parametrize(
    ("kind", "fails"),
    [(Kind.TOWNSHIP, True), (Kind.ZONE, True), (Kind.COUNTY, True), (Kind.DEPARTMENT, True), (Kind.CITY, False),
     (Kind.PROVINCE, False), (Kind.MINISTRY, False), (Kind.GOVERNMENT_OFFICE, False)],
)  # fmt: skip
def test_only_some_bodies_can_make_rules(kind: Kind, fails: bool) -> None:
    checks = check_report(report(kind), "", [figure("rules_issued", "2")])
    assert bool(found(checks, "power_to_make_rules")) is fails


def test_rules_in_force_at_a_department_are_no_fault() -> None:
    assert not found(check_report(report(Kind.DEPARTMENT), "", [figure("rules_in_force", "2")]), "power_to_make_rules")
    holds = check_report(report(), "", [figure("rules_issued", "0"), figure("rules_in_force", None)])
    assert len(found(holds, "power_to_make_rules", True)) == 1


def test_the_rules_of_another_body_are_judged_by_no_kind() -> None:
    other = figure("rules_issued", "2", body_id="city")
    assert not found(check_report(report(), "", [other]), "power_to_make_rules")


def test_counts_are_whole_and_not_below_nought() -> None:
    figures = [
        figure("licence_decisions", "-3"),
        figure("penalty_decisions", "2.5", 10),
        figure("licence_items_delta", "-1942", 20),
        figure("admin_fees_wan_yuan", "0.25", 30),
        figure("proactive_total", "4.5", 40, qualifier="约", origin=Origin.NARRATIVE),
    ]
    checks = check_report(report(), "", figures)
    assert [c.subject for c in found(checks, "negative_count")] == ["licence_decisions"]
    assert [c.subject for c in found(checks, "fractional_count")] == ["penalty_decisions"]


def mention(counted: str, value: str, unit: str, start: int = 0) -> Mention:
    return Mention("r", "b", 2023, Decimal(value), unit, counted, None, start, start + 4)


def test_no_more_than_all_is_answered_but_growth_may_be_any() -> None:
    mentions = [mention("办结率", "120", "%"), mention("增长率", "140", "%"), mention("按时答复率", "100", "%")]
    assert [c.subject for c in found(check_report(report(), "", [], mentions), "rate_over_100")] == ["办结率"]


def test_parts_that_exceed_the_whole_fail_even_if_some_are_blank() -> None:
    figures = [
        figure("applications_new", "4", 0, column="natural_person"),
        figure("applications_new", None, 1, column="enterprise"),
        figure("applications_new", "3", 2),
    ]
    checks = run_checks(figures, "r")
    (check,) = found(checks, "part_over_whole")
    assert (check.subject, check.left.value, check.right.value) == ("applications_new", 4, 3)
    assert found(checks, "row_total", None)
    assert not found(run_checks([*figures[:2], figure("applications_new", "4", 2)], "r"), "part_over_whole")


def test_a_group_sum_of_the_table_is_held_against_its_rows() -> None:
    leaves = ("unable_not_held", "unable_needs_creation", "unable_unclear")
    figures = [*(figure(leaf, "1", n) for n, leaf in enumerate(leaves)), figure("unable_subtotal", "4", 9)]
    (check,) = found(run_checks(figures, "r"), "group_total")
    assert (check.left.value, check.right.value) == (3, 4)


def prose(metric: str, value: str, start: int = 100) -> Figure:
    return figure(metric, value, start, origin=Origin.NARRATIVE)


def test_handled_applications_are_usually_new_and_carried_in() -> None:
    figures = [
        figure("applications_new", "5"),
        figure("applications_carried_in", "2", 5),
        prose("applications_handled", "7"),
    ]
    assert found(run_checks(figures, "r"), "handled_total", True)
    assert found(run_checks([*figures[:2], prose("applications_handled", "9")], "r"), "handled_total")
    assert found(run_checks([figures[0], figures[2]], "r"), "handled_total", None)
    told = [prose("applications_new", "5", 10), prose("applications_carried_in", "2", 20), figures[2]]
    assert found(run_checks(told, "r"), "handled_total", True)


@pytest.mark.parametrize(("other", "holds"), [("3", True), ("4", False)])
def test_other_channels_close_the_sum(other: str, holds: bool) -> None:
    text = "主动公开10条，其中网站5条，微信2条，其他渠道3条。\n下一段其他9条。"
    figures = [
        prose("proactive_total", "10", 0),
        prose("proactive_website", "5", 7),
        prose("proactive_wechat", "2", 14),
    ]
    mentions = [mention("其他渠道", other, "条", 19), mention("其他", "9", "条", 30)]
    (check,) = [c for c in run_checks(figures, "r", text, mentions) if c.rule == "channel_sum"]
    assert check.holds is holds and len(check.left.spans) == 3


def test_one_channel_cannot_exceed_the_total() -> None:
    figures = [prose("proactive_total", "10", 0), prose("proactive_website", "15", 7)]
    assert found(run_checks(figures, "r"), "part_over_whole")
    assert not run_checks([figures[0], prose("proactive_website", "5", 7)], "r")


PARTS = ("总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况",
         "存在的主要问题及改进情况", "其他需要报告的事项")  # fmt: skip


def layout(numbers: str | list[str], **changes: Any) -> tuple[Check, ...]:
    text = "白石镇人民政府2023年政府信息公开工作年度报告\n"
    text += "".join(f"{n}、{part}\n我镇按要求开展工作。\n" for n, part in zip(numbers, PARTS, strict=True))
    document = read_flattened_text(text.encode(), "made-up.txt")
    made = report(sections=find_sections(document), **changes)
    return check_report(made, changes.get("text", document.text), [])


def test_parts_numbered_in_order_are_no_fault() -> None:
    checks = layout("一二三四五六")
    assert len(found(checks, "heading_numbers", True)) == 6 and not [c for c in checks if c.holds is False]


def test_numbers_that_repeat_or_are_arabic_are_shown() -> None:
    checks = layout("一一三四五六")
    (check,) = found(checks, "heading_numbers")
    assert (check.left.value, check.right.value) == (1, 2) and check.left.spans
    arabic = layout(["一", "2", "三", "四", "5", "六"])
    assert [c.subject for c in found(arabic, "heading_style")] == ["heading_2", "heading_5"]
    assert not found(arabic, "heading_numbers")


def test_a_period_that_is_not_the_year_is_shown() -> None:
    whole = check_report(report(period=("2023-01-01", "2023-12-31")), "", [])
    assert found(whole, "period_of_year", True) and found(whole, "year_of_period", True)
    short = check_report(report(period=("2023-01-01", "2023-12-20")), "", [])
    assert found(short, "period_of_year") and found(short, "year_of_period", True)
    assert found(check_report(report(period=("2022-01-01", "2022-12-31")), "", []), "year_of_period")


@pytest.mark.parametrize("damaged", ["20231月1日", "201811日", "2023年11日"])
def test_dates_that_lost_digits_are_shown(damaged: str) -> None:
    text = f"所列数据的统计期限自{damaged}起。"
    checks = found(check_report(report(), text, []), "damaged_date")
    assert len(checks) == (0 if damaged == "2023年11日" else 1)
    assert all(c.left.spans[0].of(text) in damaged for c in checks)


@pytest.mark.parametrize(
    ("title", "faults"),
    [
        ("白石镇人民政府2023年政府信息公开工作年度报告", set()),
        ("白石镇人民政府2023年度政府信息公开工作年度报告", {"wording_of_title"}),
        ("白石镇人民政府政府信息公开工作年度报告", {"wording_of_title"}),
        ("2023年政府信息公开工作年度报告", {"wording_of_title"}),
        ("加大白石镇人民政府2023年政府信息公开工作年度报告", {"wording_of_title"}),
        ("白石镇人民政府2022年政府信息公开工作年度报告", {"year_of_title"}),
    ],
)
def test_faults_of_the_title_are_shown(title: str, faults: set[str]) -> None:
    checks = check_report(report(title=title), f"{title}\n一、总体情况\n", [])
    assert {c.rule for c in checks if c.holds is False} == faults
    assert not [c for c in check_report(report(title=title), "一、总体情况\n", []) if "title" in c.rule]
