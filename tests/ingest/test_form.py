from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from ingest.forms.cells import read_cell
from ingest.forms.form import read_form
from ingest.structure.sections import find_sections
from ingest.text.flattened_text import read_flattened_text
from vectorstore.catalogue import catalogue
from vectorstore.records import SectionRole, State

ZEROS = ["0"] * 15


def proactive(forms: Any, values: dict[str, str]) -> Any:
    return forms.read_form(forms.report_text(proactive=forms.flatten(forms.proactive_rows(values))))


def application(forms: Any, values: dict[str, list[str]]) -> Any:
    return forms.read_form(forms.report_text(application=forms.flatten(forms.application_rows(values))))


def from_rows(forms: Any, rows: list[list[str]], part: str = "application") -> Any:
    return forms.read_form(forms.report_text(**{part: forms.flatten(rows)}))


def test_every_cell_of_the_form_is_read_at_its_own_place(forms: Any) -> None:
    numbers = iter(range(1, 1000))
    first = {c.id: str(next(numbers)) for c in catalogue().proactive_cells}
    second = {r.id: [str(next(numbers)) for _ in range(7)] for r in catalogue().application_rows}
    third = [str(next(numbers)) for _ in range(15)]
    read = forms.read_form(
        forms.report_text(
            forms.flatten(forms.proactive_rows(first)),
            forms.flatten(forms.application_rows(second)),
            forms.flatten(forms.dispute_rows(third)),
        )
    )
    columns = [c.id for c in catalogue().application_columns]
    expected = dict(first)
    for metric, values in second.items():
        expected |= {metric if c == "total" else f"{metric}__{c}": v for c, v in zip(columns, values, strict=True)}
    disputes = [f"{g.id}_{r.id}" for g in catalogue().dispute_groups for r in catalogue().dispute_results]
    expected |= dict(zip(disputes, third, strict=True))
    assert {m: read.value(m) for m in read.figures} == {m: Decimal(v) for m, v in expected.items()}
    assert all(read.cell(m) == v and v in read.quote(m) for m, v in expected.items())
    assert read.reading.tables_found == tuple(SectionRole(t) for t in catalogue().table_names)


def test_a_quote_is_the_whole_row(forms: Any) -> None:
    read = application(forms, {"applications_new": ["3", "0", "0", "0", "0", "0", "3"]})
    assert read.quote("applications_new").startswith("一、本年新收政府信息公开申请数量")
    assert read.quote("applications_new").split() == ["一、本年新收政府信息公开申请数量", *"3000003"]


@pytest.mark.parametrize(
    ("cell", "state", "value"),
    [
        ("0", "stated", "0"),
        (" 0", "stated", "0"),
        ("", "blank", None),
        ("\xa0", "blank", None),
        ("/", "not_applicable", None),
        ("／", "not_applicable", None),
        ("—", "not_applicable", None),
        ("——", "not_applicable", None),
        ("-", "not_applicable", None),
        ("无", "not_applicable", None),
        ("1,234", "stated", "1234"),
        ("１２", "stated", "12"),
        ("12件", "stated", "12"),
        ("-3", "stated", "-3"),
        ("O", "unreadable", None),
        ("1 2.3.4", "unreadable", None),
        ("12元", "unreadable", None),
    ],
)
def test_zero_blank_dash_and_noise_are_kept_apart(forms: Any, cell: str, state: str, value: str | None) -> None:
    read = proactive(forms, {"licence_decisions": cell})
    assert read.state("licence_decisions") == state
    assert read.value("licence_decisions") == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("cell", "value"),
    [("59237.2449", "59237.2449"), ("43.788万元", "43.788"), ("251000元", "25.1"), ("1.2亿元", "12000"), ("0元", "0")],
)
def test_fees_are_exact_in_ten_thousand_yuan(forms: Any, cell: str, value: str) -> None:
    assert proactive(forms, {"admin_fees_wan_yuan": cell}).value("admin_fees_wan_yuan") == Decimal(value)


def test_fees_under_a_header_in_yuan_are_converted(forms: Any) -> None:
    rows = forms.proactive_rows({"admin_fees_wan_yuan": "1500"})
    rows[-2][-1] = "本年收费金额（单位：元）"
    read = from_rows(forms, rows, "proactive")
    assert read.value("admin_fees_wan_yuan") == Decimal("0.15")
    assert "元" in (read.figures["admin_fees_wan_yuan"].note or "")


@pytest.mark.parametrize(
    ("form_label", "printed"),
    [
        ("本年制发件数", "本年制发件数量"),
        ("本年制发件数", "本年（2023）制发"),
        ("现行有效件数", "现行有效件"),
        ("本年处理决定数量", "本年处理绝对数量"),
        ("行政规范性文件", "行政规范性\n文件"),
        ("第二十条第（一）项", "第二十条(一)项"),
    ],
)
def test_labels_of_the_first_table_may_be_misprinted(forms: Any, form_label: str, printed: str) -> None:
    rows = forms.proactive_rows({c.id: str(n) for n, c in enumerate(catalogue().proactive_cells, 1)})
    bent = [[printed if cell == form_label else cell for cell in row] for row in rows]
    read = from_rows(forms, bent, "proactive")
    assert [read.value(c.id) for c in catalogue().proactive_cells] == list(range(1, 11))


@pytest.mark.parametrize(
    ("metric", "labels"),
    [
        ("applications_carried_in", ["二、上年转结政府信息公开申请数量"]),
        ("applications_carried_in", ["上年结转政府信息公开数量"]),
        ("result_partial", ["", "（二）部分公开"]),
        ("denied_state_secret", ["（三）不予公开1.属于国家秘密"]),
        ("unprocessed_confirm_reissue", ["", "", "5.要求行政机关确认或重新\n出具已获取信息"]),
        ("other_misc", ["", "", "3.其它"]),
        ("result_total", ["", "（七）合计"]),
        ("denied_safety_stability", ["", "", "3.危及“三安全—稳定”"]),
    ],
)
def test_labels_of_the_second_table_may_be_misprinted(forms: Any, metric: str, labels: list[str]) -> None:
    rows = forms.application_rows({metric: ["1", "2", "3", "4", "5", "6", "21"]})
    at = next(i for i, row in enumerate(rows) if "21" in row)
    rows[at] = [*labels, *rows[at][-7:]]
    read = from_rows(forms, rows)
    assert read.value(metric) == 21 and read.value(f"{metric}__other_org") == 6
    assert {f.state for f in read.reading.figures} == {State.STATED}


def test_rows_are_found_in_any_order(forms: Any) -> None:
    rows = forms.application_rows({"applications_carried_out": ["0", "4", "0", "0", "0", "0", "4"]})
    moved = [*rows[:3], rows[-1], *rows[3:-1]]
    assert from_rows(forms, moved).value("applications_carried_out__enterprise") == 4


def test_a_row_with_a_cell_too_few_is_unreadable_and_not_shifted(forms: Any) -> None:
    read = application(forms, {"applications_new": ["3", "0", "0", "0", "0", "3"]})
    assert {read.state(m) for m in read.figures if m.startswith("applications_new")} == {"unreadable"}
    assert read.value("applications_new") is None and read.figures["applications_new"].note
    assert read.state("applications_carried_in") == "stated"


def test_a_row_with_a_cell_too_many_is_unreadable(forms: Any) -> None:
    read = application(forms, {"result_granted": ["3", "0", "0", "0", "0", "0", "0", "3"]})
    assert read.state("result_granted") == "unreadable"


def test_a_row_without_its_label_is_read_only_if_the_identities_bear_it_out(forms: Any) -> None:
    rows = forms.application_rows({})
    at = next(i for i, row in enumerate(rows) if "2.重复申请" in row)
    rows[at][2] = ""
    read = from_rows(forms, rows)
    assert read.value("unprocessed_duplicate") == 0 and read.figures["unprocessed_duplicate"].note
    assert read.quote("unprocessed_duplicate").split() == list("0000000")
    rows[-1][-1] = ""  # now the balance can't be judged, but the sum of the outcomes can
    assert from_rows(forms, rows).value("unprocessed_duplicate") == 0
    total = next(i for i, row in enumerate(rows) if "（七）总计" in row)
    rows[total][-7:] = [""] * 7
    read = from_rows(forms, rows)
    assert {m for m in read.figures if read.state(m) == "unreadable"} == {
        m for m in read.figures if m.startswith("unprocessed_duplicate")
    }


def test_rows_without_labels_that_differ_are_unreadable(forms: Any) -> None:
    values = {
        "denied_state_secret": ["1", "0", "0", "0", "0", "0", "1"],
        "denied_other_law": ["0", "2", "0", "0", "0", "0", "2"],
        "result_total": ["1", "2", "0", "0", "0", "0", "3"],
        "applications_new": ["1", "2", "0", "0", "0", "0", "3"],
    }
    rows = forms.application_rows(values)
    for row in rows:
        if row[2:3] in (["1.属于国家秘密"], ["2.其他法律行政法规禁止公开"]):
            row[2] = ""
    read = from_rows(forms, rows)
    assert {read.state(m) for m in read.figures if m.startswith("denied_state_secret__n")} == {"unreadable"}
    assert read.value("denied_other_law__research_institution") == 0  # both rows say so
    assert read.value("denied_other_law__enterprise") is None


def test_a_row_that_is_gone_altogether_is_silence(forms: Any) -> None:
    rows = [row for row in forms.application_rows({}) if "2.重复申请" not in row]
    assert "unprocessed_duplicate" not in from_rows(forms, rows).figures


def test_a_label_that_spans_the_grid_leaves_empty_cells_before_the_values(forms: Any) -> None:
    rows = forms.application_rows({"applications_new": ["", "", "5", "0", "0", "0", "0", "0", "5"]})
    read = from_rows(forms, rows)
    assert read.value("applications_new__natural_person") == 5 and read.value("applications_new") == 5


def test_a_blank_first_value_is_blank_and_not_a_spanned_label(forms: Any) -> None:
    read = application(forms, {"result_total": ["", "0", "0", "0", "0", "0", "0"]})
    assert read.state("result_total__natural_person") == "blank"
    assert read.value("result_total__enterprise") == 0


def test_two_totals_and_three_others_are_told_apart_by_their_parents(forms: Any) -> None:
    read = application(
        forms,
        {"other_misc": ["0", "0", "0", "0", "0", "7", "7"], "result_total": ["0", "0", "0", "0", "0", "8", "8"]},
    )
    assert (read.value("other_misc"), read.value("result_total"), read.value("applications_new")) == (7, 8, 0)


def test_columns_in_another_order_are_followed_by_their_header(forms: Any) -> None:
    rows = forms.application_rows({"applications_new": ["1", "2", "3", "4", "5", "6", "21"]})
    rows[2][2], rows[2][3] = rows[2][3], rows[2][2]
    read = from_rows(forms, rows)
    assert read.value("applications_new__research_institution") == 2
    assert read.value("applications_new__enterprise") == 3


def test_a_number_glued_to_its_label_counts_only_where_it_can_be_one(forms: Any) -> None:
    rows = forms.proactive_rows({})
    bent = [["规章555"] if row[0] == "规章" else ["行政许可12"] if row[0] == "行政许可" else row for row in rows]
    read = from_rows(forms, bent, "proactive")
    assert {read.state(f"rules_{m}") for m in ("issued", "repealed", "in_force")} == {"unreadable"}
    assert read.value("licence_decisions") == 12


def test_one_column_over_several_of_the_grid_has_empty_cells_behind_its_value(forms: Any) -> None:
    rows = forms.proactive_rows({"penalty_decisions": "9"})
    bent = [[*row, "", ""] if row[0] in ("行政处罚", "行政强制") else row for row in rows]
    read = from_rows(forms, bent, "proactive")
    assert read.value("penalty_decisions") == 9


def test_a_dispute_row_of_another_length_is_unreadable(forms: Any) -> None:
    read = from_rows(forms, forms.dispute_rows(["0"] * 14), "dispute")
    assert {f.state for f in read.reading.figures} == {State.UNREADABLE} and len(read.figures) == 15
    assert read.reading.tables_found == ()


def test_an_empty_dispute_row_is_blank(forms: Any) -> None:
    read = from_rows(forms, forms.dispute_rows([""] * 14 + ["0"]), "dispute")
    assert read.state("review_total") == "blank" and read.value("lit_post_review_total") == 0


def test_dispute_values_under_another_header_are_not_taken(forms: Any) -> None:
    rows = forms.dispute_rows([str(n) for n in range(15)])
    rows[1][0], rows[1][1] = rows[1][1], rows[1][0]
    read = from_rows(forms, rows, "dispute")
    assert all(f.value is None for f in read.reading.figures)


def test_a_pictured_table_gives_unreadable_figures_at_the_picture(forms: Any) -> None:
    read = forms.read_form(forms.report_text(proactive="[image: t2]", dispute="[image: t4]"))
    assert read.reading.pictures == 2 and read.reading.tables_found == ()
    assert set(read.reading.pictured) == {SectionRole.PROACTIVE_TABLE, SectionRole.DISPUTE_TABLE}
    assert read.state("licence_decisions") == "unreadable" and read.quote("licence_decisions") == "[image: t2]"
    assert read.figures["review_total"].origin.value == "image"
    assert "applications_new" not in read.figures


def test_a_picture_beside_a_table_that_was_read_takes_nothing_back(forms: Any) -> None:
    table = forms.flatten(forms.proactive_rows({"licence_decisions": "5"}))
    read = forms.read_form(forms.report_text(proactive="[image: chart]\n" + table))
    assert read.value("licence_decisions") == 5 and read.reading.pictures == 0


def test_parts_without_table_and_picture_are_silent(forms: Any) -> None:
    assert forms.read_form(forms.report_text()).figures == {}


def test_other_tables_give_nothing(forms: Any) -> None:
    rows = [["序号", "单位", "行政许可"], ["1", "某局", "12"], ["2", "某办", "3"]]
    assert forms.read_form(forms.report_text(overview=forms.flatten(rows))).figures == {}


def whole_report(forms: Any, write: Any) -> tuple[Any, dict[str, Decimal]]:
    """A report with all three tables written by ``write``, and what its cells should be."""
    first = {c.id: str(n) for n, c in enumerate(catalogue().proactive_cells, 1)}
    second = {r.id: [str(100 * n + i) for i in range(7)] for n, r in enumerate(catalogue().application_rows, 1)}
    third = [str(n) for n in range(15)]
    rows = (forms.proactive_rows(first), forms.application_rows(second), forms.dispute_rows(third))
    expected = forms.read_form(forms.report_text(*(forms.flatten(r) for r in rows)))
    return forms.read_form(forms.report_text(*(write(r) for r in rows))), {
        m: f.value for m, f in expected.figures.items()
    }


def test_tables_with_bars_between_their_cells_are_read_alike(forms: Any) -> None:
    read, expected = whole_report(
        forms, lambda rows: "\n".join("|".join(c.replace("\n", "") for c in row) + "|" for row in rows)
    )
    assert {m: f.value for m, f in read.figures.items()} == expected


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_tables_whose_cells_are_lines_are_read_alike(forms: Any, gap: str) -> None:
    read, expected = whole_report(forms, lambda rows: gap.join(c for row in rows for c in row if c))
    assert {m: f.value for m, f in read.figures.items()} == expected


def test_a_lost_cell_among_lines_makes_its_row_unreadable(forms: Any) -> None:
    rows = forms.application_rows({"result_granted": ["3", "0", "", "0", "0", "0", "3"]})
    read = forms.read_form(forms.report_text(application="\n".join(c for row in rows for c in row if c)))
    assert read.state("result_granted") == "unreadable" and read.value("result_partial") == 0


def test_prose_in_a_part_without_table_makes_no_table(forms: Any) -> None:
    text = forms.report_text(application="2023年未收到申请。\n3\n行政许可\n", dispute="无\n")
    assert forms.read_form(text).figures == {}


def test_a_cell_with_words_is_a_label() -> None:
    assert read_cell("行政许可") is None and read_cell("3件申请") is None


def test_the_real_tables_are_read_exactly(shared: Any) -> None:
    for line in (shared / "eval" / "seeds.gold.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        document = read_flattened_text((shared / "reports" / gold["file"]).read_bytes(), gold["file"])
        reading = read_form(document, find_sections(document), report_id="r", body_id="b", year=gold["year"])
        if not reading.tables_found:
            continue
        values = {f.metric_id: f.value for f in reading.figures}
        for metric, value in gold["figures"].items():
            if catalogue().split(metric)[0].table:
                assert values[metric] == value, metric
        known = set(gold["figures"]) | set(gold["conflicting"])
        allowed = tuple(gold["allowed"])
        assert {m for m, v in values.items() if v is not None and m not in known and not m.startswith(allowed)} == set()


def test_the_three_groups_of_disputes_may_stand_in_tables_of_their_own(forms: Any) -> None:
    results = [result.label for result in catalogue().dispute_results]
    values = {"行政复议": "21014", "行政诉讼（未经复议直接起诉）": "10001", "行政诉讼（复议后起诉）": "00101"}
    tables = [f"{name}\n{forms.flatten([[name], results, list(cells)])}\n" for name, cells in values.items()]
    read = forms.read_form(forms.report_text(dispute="\n".join(tables)))
    metrics = [f"{g.id}_{r.id}" for g in catalogue().dispute_groups for r in catalogue().dispute_results]
    assert [str(read.value(metric)) for metric in metrics] == list("".join(values.values()))


def test_an_empty_row_at_the_end_takes_nothing_from_the_former_form_s_row_of_other_outcomes(forms: Any) -> None:
    rows = [row for row in forms.application_rows({}) if not {"3.其他"} & set(row)]
    kept = [row for row in rows if not any(label.startswith(("1.申请人", "2.申请人")) for label in row)]
    place = next(at for at, row in enumerate(kept) if "（七）总计" in row)
    kept[place:place] = [["", "（六）其他处理", "1", "0", "0", "0", "0", "0", "1"]]
    kept.append([""] * 9)
    read = from_rows(forms, kept)
    assert read.value("other_subtotal") == 1
    assert "other_misc" not in read.figures or read.value("other_misc") is None
