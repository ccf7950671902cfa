"""Tables that come with a true grid, as web pages, word processors and PDF files give them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from ingest.document_writer import CellText, DocumentWriter
from ingest.forms.form import read_form
from ingest.structure.sections import find_sections
from samples.draft import FormTable
from samples.grid import grid
from vectorstore.catalogue import catalogue
from vectorstore.records import Figure

Cells = Sequence[Sequence[tuple[int, int, str] | tuple[int, int, str, int, int]]]
RESULTS = [result.label for result in catalogue().dispute_results]
ROLES = {
    "proactive": "二、主动公开政府信息情况",
    "application": "三、收到和处理政府信息公开申请情况",
    "dispute": "四、政府信息公开行政复议、行政诉讼情况",
}


def read(*tables: tuple[str, Cells]) -> dict[str, Figure]:
    """Figures by full metric id; ``tables`` are a part's name and rows of cells (row, column, text, spans)."""
    writer = DocumentWriter()
    writer.line("云溪县白石镇人民政府2023年政府信息公开工作年度报告")
    writer.line("一、总体情况")
    last = ""
    for number, (part, rows) in enumerate(tables):
        if part != last:
            writer.line(ROLES[part])
        last = part
        writer.table([[CellText(*cell) for cell in row] for row in rows], page=number + 1)
    document = writer.document("made-up.html")
    sections = find_sections(document)
    figures = read_form(document, sections, report_id="r", body_id="b", year=2023).figures
    by_id = {figure.metric_id: figure for figure in figures}
    assert len(by_id) == len(figures)
    for figure in figures:
        if figure.cell and figure.value is not None:
            assert document.text[figure.cell.start : figure.cell.end]
    return by_id


def values(figures: dict[str, Figure]) -> dict[str, int | None]:
    return {m: None if f.value is None else int(f.value) for m, f in figures.items()}


def plain(rows: Sequence[Sequence[str]]) -> Cells:
    """Rows of texts, each a cell of one row and column."""
    return [[(r, c, text) for c, text in enumerate(row)] for r, row in enumerate(rows)]


def form_table(name: str, cells: dict[str, str]) -> list[list[tuple[int, int, str, int, int]]]:
    return [[(c.row, c.column, c.text, c.row_span, c.column_span) for c in row] for row in grid(FormTable(name, cells))]


def application_cells(**rows: Sequence[int]) -> dict[str, str]:
    cells = {}
    for row in catalogue().application_rows:
        for column, value in zip(catalogue().application_columns, rows.get(row.id, [0] * 7), strict=True):
            cells[row.id if column.id == "total" else f"{row.id}__{column.id}"] = str(value)
    return cells


def test_an_empty_cell_among_numbers_is_placed_by_its_column() -> None:
    cells = application_cells(applications_new=[3, 0, 0, 0, 0, 1, 4])
    cells["applications_new__enterprise"] = ""
    found = read(("application", form_table("application_table", cells)))
    assert found["applications_new__enterprise"].state.value == "blank"
    assert found["applications_new__other_org"].value == 1 and found["applications_new"].value == 4


def test_a_row_that_lacks_its_last_cell_is_unreadable() -> None:
    table = form_table("application_table", application_cells(applications_new=[3, 0, 0, 0, 0, 1, 4]))
    table[3] = [c if c[1] < 5 else (c[0], c[1] - 1, *c[2:]) for c in table[3] if c[1] != 4]
    found = read(("application", table))
    assert found["applications_new"].value is None and found["applications_carried_in"].value == 0


def test_a_column_of_sums_and_one_of_remarks_count_nothing() -> None:
    names = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "小计", "总计", "备注"]
    rows = [
        ["项目", *names],
        ["一、本年新收政府信息公开申请数量", "1", "2", "3", "4", "5", "6", "20", "21", "无误"],
        ["二、上年结转政府信息公开申请数量", "0", "0", "0", "0", "0", "0", "0", "0", ""],
    ]
    found = read(("application", plain(rows)))
    assert values(found)["applications_new"] == 21 and found["applications_new__other_org"].value == 6
    assert len(found) == 14


def test_a_column_that_the_table_lacks_is_silent() -> None:
    names = ["自然人", "商业企业", "科研机构", "社会公益组织", "其他", "总计"]
    found = read(("application", plain([["项目", *names], ["一、本年新收政府信息公开申请数量", *"123452"]])))
    assert values(found) == {
        "applications_new__natural_person": 1,
        "applications_new__enterprise": 2,
        "applications_new__research_institution": 3,
        "applications_new__social_welfare_org": 4,
        "applications_new__other_org": 5,
        "applications_new": 2,
    }


def test_a_number_merged_over_two_rows_or_columns_is_nobodys() -> None:
    table = form_table("application_table", application_cells(applications_new=[3, 1, 0, 0, 0, 0, 4]))
    table[3] = [(3, 0, "一、本年新收政府信息公开申请数量", 1, 3), (3, 3, "3", 1, 2), *table[3][3:]]
    found = read(("application", table))
    assert found["applications_new__natural_person"].value is None
    assert found["applications_new__enterprise"].value is None
    assert found["applications_new__research_institution"].value == 0
    table = form_table("application_table", application_cells())
    table[3][-1] = (3, 9, "5", 2, 1)
    table[4] = table[4][:-1]
    found = read(("application", table))
    assert found["applications_new"].value is None and found["applications_carried_in"].value is None


def test_words_in_a_cell_spoil_that_cell_alone() -> None:
    cells = application_cells()
    cells["result_granted__enterprise"] = "见附件"
    cells["result_partial__enterprise"] = "150十万元"
    found = read(("application", form_table("application_table", cells)))
    assert {m for m, f in found.items() if f.state.value == "unreadable"} == {
        "result_granted__enterprise",
        "result_partial__enterprise",
    }


def test_a_value_below_a_wide_header_may_be_merged_repeated_or_first() -> None:
    header = [(0, 0, "信息内容"), (0, 1, "本年处理决定数量", 1, 3)]
    for cells in ([(1, 1, "5", 1, 3)], [(1, 1, "5"), (1, 2, "5"), (1, 3, "5")], [(1, 1, "5"), (1, 2, ""), (1, 3, "")]):
        assert values(read(("proactive", [header, [(1, 0, "行政许可"), *cells]]))) == {"licence_decisions": 5}
    found = read(("proactive", [header, [(1, 0, "行政许可"), (1, 1, "5"), (1, 2, "6"), (1, 3, "")]]))
    assert found["licence_decisions"].state.value == "unreadable"


def test_copied_tables_repeat_the_text_of_merged_cells() -> None:
    rows = [
        ["第二十条第（一）项"] * 4,
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "1", "2", "3"],
        ["第二十条第（五）项"] * 4,
        ["信息内容", "本年处理决定数量", "本年处理决定数量", "本年处理决定数量"],
        ["行政许可", "4", "4", "4"],
    ]
    assert values(read(("proactive", plain(rows)))) == {
        "rules_issued": 1,
        "rules_repealed": 2,
        "rules_in_force": 3,
        "licence_decisions": 4,
    }


DISPUTES = {
    f"{group.id}_{result.id}": 5 * g + r + 1
    for g, group in enumerate(catalogue().dispute_groups)
    for r, result in enumerate(catalogue().dispute_results)
}


def test_the_dispute_table_may_be_turned_on_its_side() -> None:
    groups = ["行政复议", "未经复议直接起诉", "复议后起诉"]
    by_group = [["", *RESULTS], *([name, *(str(5 * g + r + 1) for r in range(5))] for g, name in enumerate(groups))]
    by_result = [list(column) for column in zip(*by_group, strict=True)]
    tall = [[name, result, str(5 * g + r + 1)] for g, name in enumerate(groups) for r, result in enumerate(RESULTS)]
    for rows in (by_group, by_result, tall):
        assert values(read(("dispute", plain(rows)))) == DISPUTES


def test_the_dispute_table_may_be_parted_in_two() -> None:
    review = [["行政复议"] * 5, RESULTS, list("12345")]
    lawsuits = [
        ["行政诉讼"] * 10,
        ["未经复议直接起诉"] * 5 + ["复议后起诉"] * 5,
        RESULTS * 2,
        [str(n) for n in range(6, 16)],
    ]
    assert values(read(("dispute", plain(review)), ("dispute", plain(lawsuits)))) == DISPUTES


def test_the_groups_of_the_dispute_table_may_change_places() -> None:
    rows = [
        ["复议后起诉"] * 5 + ["行政复议"] * 5 + ["未经复议直接起诉"] * 5,
        RESULTS * 3,
        [*(str(n) for n in range(11, 16)), *(str(n) for n in range(1, 11))],
    ]
    assert values(read(("dispute", plain(rows)))) == DISPUTES


def glued(*tables: Cells) -> Cells:
    rows: list[list[tuple[int, int, str, int, int]]] = []
    for table in tables:
        first = len(rows)
        rows += [[(c[0] + first, *c[1:]) for c in row] for row in table]  # type: ignore[misc]
    return rows


def test_three_tables_may_be_one() -> None:
    proactive = form_table("proactive_table", {c.id: "7" for c in catalogue().proactive_cells})
    applications = form_table("application_table", application_cells(applications_new=[2, 0, 0, 0, 0, 0, 2]))
    disputes = form_table("dispute_table", {metric: str(n) for metric, n in DISPUTES.items()})
    title = [[(0, 0, "三、收到和处理政府信息公开申请情况", 1, 10)]]
    found = read(("proactive", glued(proactive, title, applications, disputes)))
    assert len(found) == 200 and found["applications_new"].value == 2
    assert {m: int(found[m].value or 0) for m in DISPUTES} == DISPUTES


@pytest.mark.parametrize("at", [4, 9, 20])
@pytest.mark.parametrize("repeats", [True, False])
def test_a_table_may_go_on_over_the_page(at: int, repeats: bool) -> None:
    names = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    body = [
        ["", row.parent, row.label, *(str(n + c) for c in range(7))]
        for n, row in enumerate(catalogue().application_rows)
    ]
    header = [["", "", "项目", *names]]
    second = [*(header if repeats else []), *body[at:]]
    found = read(("application", plain([*header, *body[:at]])), ("application", plain(second)))
    rows = catalogue().application_rows
    assert [found[row.id].value for row in rows] == [Decimal(n + 6) for n in range(25)]
    assert [found[row.id].page for row in rows] == [1] * at + [2] * (25 - at)


def test_sums_that_a_body_added_are_not_the_total_of_outcomes() -> None:
    cells = application_cells(denied_state_secret=[1, 0, 0, 0, 0, 0, 1], result_total=[1, 0, 0, 0, 0, 0, 1])
    table = form_table("application_table", cells)
    at = next(i for i, row in enumerate(table) if any("（四）无法提供" in c[2] for c in row))
    part = [(at, 2, "合计", 1, 1), *((at, 3 + n, v, 1, 1) for n, v in enumerate("1000001"))]
    grown = [[(c[0] + (c[0] >= at), *c[1:3], c[3] + (c[0] < at < c[0] + c[3]), c[4]) for c in row] for row in table]
    grown = [[(*c[:3], c[3] + 1, c[4]) if c[2] == "（三）不予公开" else c for c in row] for row in grown]
    found = read(("application", [*grown[:at], part, *grown[at:]]))
    assert found["denied_subtotal"].value == 1 and found["result_total"].value == 1
    assert found["unable_not_held"].value == 0


def test_an_empty_row_of_disputes_is_blank_and_quotes_its_header() -> None:
    groups = ["行政复议"] * 5 + ["未经复议直接起诉"] * 5 + ["复议后起诉"] * 5
    found = read(("dispute", plain([groups, RESULTS * 3, [""] * 15])))
    assert {f.state.value for f in found.values()} == {"blank"} and len(found) == 15
    found = read(("dispute", plain([groups, RESULTS * 3, [""] * 15, ["1"] * 15])))
    assert {f.value for f in found.values()} == {1}


def test_the_article_may_stand_beside_its_rows() -> None:
    rows: Cells = [
        [(0, 0, "第二十条第（一）项", 3, 1), (0, 1, "信息内容"), (0, 2, "本年制发件数"), (0, 3, "本年废止件数")],
        [(1, 1, "规章"), (1, 2, "1"), (1, 3, "2")],
        [(2, 1, "行政规范性文件"), (2, 2, "3"), (2, 3, "4")],
    ]
    assert values(read(("proactive", rows))) == {
        "rules_issued": 1,
        "rules_repealed": 2,
        "normative_docs_issued": 3,
        "normative_docs_repealed": 4,
    }


def test_a_table_that_does_not_split_by_applicants_states_totals() -> None:
    rows = [["申请情况", "数量"], ["本年新收政府信息公开申请数量", "5"], ["（一）予以公开", "4"]]
    assert values(read(("application", plain(rows)))) == {"applications_new": 5, "result_granted": 4}


def test_columns_of_something_else_are_not_taken_for_the_forms() -> None:
    names = ["项目", "第一季度", "第二季度", "第三季度", "第四季度", "自然人", "法人", "总计"]
    found = read(("application", plain([names, ["一、本年新收政府信息公开申请数量", *"1200003"]])))
    assert {f.value for f in found.values()} == {None}


def test_of_two_sums_the_forms_own_is_the_total() -> None:
    names = ["项目", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "合计", "总计"]
    found = read(("application", plain([names, ["一、本年新收政府信息公开申请数量", *"12000023"]])))
    assert found["applications_new"].value == 3 and len(found) == 7


def test_disputes_that_do_not_tell_lawsuits_apart_are_unreadable() -> None:
    rows = [["行政复议"] * 5 + ["行政诉讼"] * 5, RESULTS * 2, list("1000120003")]
    assert {f.value for f in read(("dispute", plain(rows))).values()} == {None}
