"""The form of the 2019 and 2020 reports, which is known by its labels."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ingest.checking.checks import derive, run_checks
from vectorstore.catalogue import catalogue

PROACTIVE = [
    ["第二十条第（一）项"],
    ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"],
    ["规章", "1", "2", "3"],
    ["规范性文件", "4", "5", "6"],
    ["第二十条第（五）项"],
    ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
    ["行政许可", "7", "-1942", "9"],
    ["其他对外管理服务事项", "10", "+43", "12"],
    ["第二十条第（六）项"],
    ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
    ["行政处罚", "13", "增14", "15"],
    ["行政强制", "16", "减4", "18"],
    ["第二十条第（八）项"],
    ["信息内容", "上一年项目数量", "本年增/减"],
    ["行政事业性收费", "19", "0"],
    ["第二十条第（九）项"],
    ["信息内容", "采购项目数量", "采购总金额"],
    ["政府集中采购", "20", "21.5万元"],
]
EXPECTED = {
    "rules_issued": "1", "rules_disclosed": "2", "rules_disclosed_total": "3",
    "normative_docs_issued": "4", "normative_docs_disclosed": "5", "normative_docs_disclosed_total": "6",
    "licence_prev_year_items": "7", "licence_items_delta": "-1942", "licence_decisions": "9",
    "other_services_prev_year_items": "10", "other_services_items_delta": "43", "other_services_decisions": "12",
    "penalty_prev_year_items": "13", "penalty_items_delta": "14", "penalty_decisions": "15",
    "coercion_prev_year_items": "16", "coercion_items_delta": "-4", "coercion_decisions": "18",
    "admin_fee_prev_year_items": "19", "admin_fee_items_delta": "0",
    "procurement_projects": "20", "procurement_amount": "21.5",
}  # fmt: skip


def read(forms: Any, rows: list[list[str]], part: str = "proactive") -> Any:
    return forms.read_form(forms.report_text(**{part: forms.flatten(rows)}))


def test_every_cell_of_its_first_table_has_its_own_metric(forms: Any) -> None:
    found = read(forms, PROACTIVE)
    assert {m: found.value(m) for m in found.figures} == {m: Decimal(v) for m, v in EXPECTED.items()}
    assert {cell.id for cell in catalogue().former_proactive_cells} == set(EXPECTED)
    assert all(f.unit == catalogue().metrics[f.metric].unit for f in found.reading.figures)


def test_nothing_of_it_is_taken_for_a_cell_of_the_form_in_force(forms: Any) -> None:
    current = {cell.id for cell in catalogue().proactive_cells}
    same = {"rules_issued", "normative_docs_issued", "licence_decisions", "penalty_decisions", "coercion_decisions"}
    assert current & set(read(forms, PROACTIVE).figures) == same


def with_cell(row: str, column: int, text: str) -> list[list[str]]:
    return [[*r[:column], text, *r[column + 1 :]] if r[0] == row else r for r in PROACTIVE]


@pytest.mark.parametrize(
    ("row", "column", "text", "metric", "value"),
    [
        ("行政许可", 2, "增15/减4", "licence_items_delta", None),
        ("行政许可", 2, "减少3项", "licence_items_delta", "-3"),
        ("行政许可", 2, "↑2", "licence_items_delta", "2"),
        ("行政许可", 3, "增15", "licence_decisions", None),
        ("行政许可", 3, "+43", "licence_decisions", None),
        ("政府集中采购", 2, "251000元", "procurement_amount", "25.1"),
        ("政府集中采购", 2, "251000", "procurement_amount", None),
        ("政府集中采购", 2, "0", "procurement_amount", "0"),
    ],
)
def test_changes_and_amounts_are_read_only_where_they_are_certain(
    forms: Any, row: str, column: int, text: str, metric: str, value: str | None
) -> None:
    found = read(forms, with_cell(row, column, text))
    assert found.value(metric) == (None if value is None else Decimal(value))
    assert found.state(metric) == ("unreadable" if value is None else "stated")


def test_an_amount_takes_its_unit_from_the_header(forms: Any) -> None:
    rows = with_cell("政府集中采购", 2, "1200")
    rows[-2] = ["信息内容", "采购项目数量", "采购总金额（元）"]
    assert read(forms, rows).value("procurement_amount") == Decimal("0.12")


def test_a_table_may_mix_both_forms(forms: Any) -> None:
    rows = [*PROACTIVE[:4], *forms.proactive_rows({"licence_decisions": "5", "admin_fees_wan_yuan": "2"})[4:]]
    found = read(forms, rows)
    assert (found.value("rules_disclosed"), found.value("licence_decisions")) == (2, 5)
    assert "licence_prev_year_items" not in found.figures and found.value("admin_fees_wan_yuan") == 2


def former_applications(forms: Any, values: dict[str, list[str]], other: list[str]) -> list[list[str]]:
    rows = [r for r in forms.application_rows(values) if not any("逾期" in c or c == "3.其他" for c in r)]
    at = next(i for i, row in enumerate(rows) if "（七）总计" in row)
    return [*rows[:at], ["", "（六）其他处理", *other], *rows[at:]]


def test_its_single_row_of_other_handling_counts_in_the_identities(forms: Any) -> None:
    values = {m: ["3", "0", "0", "0", "0", "0", "3"] for m in ("applications_new", "result_total")}
    values["result_granted"] = ["1", "0", "0", "0", "0", "0", "1"]
    figures = read(forms, former_applications(forms, values, ["2", *"00000", "2"]), "application")
    assert figures.value("other_subtotal") == 2 and figures.value("other_subtotal__natural_person") == 2
    assert not {"other_misc", "other_no_correction", "other_fee_unpaid"} & set(figures.figures)
    checks = run_checks(figures.reading.figures, "r")
    assert {c.holds for c in checks if c.rule == "outcome_total"} == {True}
    assert not [f for f in derive(figures.reading.figures) if f.metric == "other_subtotal"]


def test_in_the_form_in_force_a_row_that_lost_its_label_is_not_taken_for_the_sum(forms: Any) -> None:
    rows = forms.application_rows({"other_no_correction": ["2", *"00000", "2"]})
    for row in rows:
        if len(row) == 10 and ("逾期" in row[2] or row[2] == "3.其他"):
            row[2] = ""
    found = read(forms, rows, "application")
    assert "other_subtotal" not in found.figures and found.state("other_misc") == "unreadable"


def test_a_picture_says_nothing_of_metrics_that_only_it_has(forms: Any) -> None:
    found = forms.read_form(forms.report_text(proactive="[image: t2]"))
    assert set(found.figures) == {cell.id for cell in catalogue().proactive_cells}


def test_the_form_in_force_keeps_its_order_and_size() -> None:
    form = catalogue()
    assert (len(form.proactive_cells), len(form.application_rows) * len(form.application_columns)) == (10, 175)
    assert len(form.dispute_groups) * len(form.dispute_results) == 15
    former = [metric.id for metric in form.metrics.values() if metric.is_former]
    assert list(form.metrics)[-len(former) :] == former and not set(former) & {c.id for c in form.proactive_cells}
