"""Which metric a cell of a pictured table belongs to: its labels decide, or nothing does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

pytest.importorskip("numpy")

from ingest.pictures.optical_recognition import Word
from ingest.pictures.pictured_forms import find_role, locate
from ingest.pictures.table_grids import GridCell, TableGrid, with_cells
from ingest.pictures.table_regions import Box
from samples.draft import FormTable
from samples.grid import grid as printed_grid
from vectorstore.catalogue import catalogue
from vectorstore.records import SectionRole

APPLICATIONS, DISPUTES = SectionRole.APPLICATION_TABLE, SectionRole.DISPUTE_TABLE
WIDTH, HEIGHT = 60, 30


def application_table() -> FormTable:
    columns = [column.id for column in catalogue().applicant_columns]
    metrics = [m for row in catalogue().application_rows for m in (*(f"{row.id}__{c}" for c in columns), row.id)]
    return FormTable("application_table", dict.fromkeys(metrics, "0"))


def dispute_table() -> FormTable:
    form = catalogue()
    return FormTable(
        "dispute_table", {f"{g.id}_{r.id}": "0" for g in form.dispute_groups for r in form.dispute_results}
    )


def draw(table: FormTable, changed: dict[str, str] | None = None, without: Sequence[str] = ()) -> TableGrid:
    """The grid of a table as it is recognized; ``changed`` gives other texts, ``without`` drops rows by a label."""
    cells = []
    rows = [row for row in printed_grid(table) if not any(cell.text in without for cell in row)]
    gone = [row[0].row for row in printed_grid(table) if any(cell.text in without for cell in row)]
    for row in rows:
        for cell in row:
            top = cell.row - sum(number < cell.row for number in gone)
            span = cell.row_span - sum(cell.row <= number < cell.row + cell.row_span for number in gone)
            box = Box(
                cell.column * WIDTH, top * HEIGHT, (cell.column + cell.column_span) * WIDTH, (top + span) * HEIGHT
            )
            text = (changed or {}).get(cell.text, cell.text)
            words = (Word(text, box.left + 5, box.top + 5, box.right - 5, box.bottom - 5, 1.0),) if text else ()
            cells.append(GridCell(top, cell.column, span, cell.column_span, box, words))
    return with_cells(TableGrid((), True, 20.0), sorted(cells, key=lambda cell: (cell.row, cell.column)))


def located(role: SectionRole, grid: TableGrid) -> dict[str, tuple[int, int]]:
    return {found.metric: (found.cell.row, found.cell.column) for found in locate(role, grid)}


def truth(table: FormTable) -> dict[str, tuple[int, int]]:
    return {cell.metric: (cell.row, cell.column) for row in printed_grid(table) for cell in row if cell.metric}


def test_every_cell_of_the_application_table_is_found_by_its_labels() -> None:
    assert located(APPLICATIONS, draw(application_table())) == truth(application_table())


def test_every_cell_of_the_dispute_table_is_found_by_its_labels() -> None:
    assert located(DISPUTES, draw(dispute_table())) == truth(dispute_table())


def test_misread_labels_are_still_known() -> None:
    partial = next(row.label for row in catalogue().application_rows if row.id == "result_partial")
    changed = {
        partial: partial[:-1],
        "2.重复申请": "2.里复申请",
        "7.属于行政执法案卷": "7属于行政孰法案卷",
        "商业企业": "商业企亚",
    }
    assert located(APPLICATIONS, draw(application_table(), changed)) == truth(application_table())


def test_a_label_that_was_not_read_is_known_by_its_neighbours() -> None:
    assert located(APPLICATIONS, draw(application_table(), {"2.重复申请": ""})) == truth(application_table())


def test_a_row_with_a_label_of_its_own_is_no_row_of_the_form() -> None:
    found = located(APPLICATIONS, draw(application_table(), {"2.重复申请": "转交有关部门办理的信件"}))
    assert "unprocessed_duplicate" not in found and "unprocessed_publication" in found


def test_a_row_that_is_missing_shifts_no_other() -> None:
    found = located(APPLICATIONS, draw(application_table(), without=("2.重复申请",)))
    labels = {row.id for row in catalogue().application_rows} - {"unprocessed_duplicate"}
    assert {metric for metric in found if "__" not in metric} == labels


def test_two_unread_labels_beside_a_missing_row_are_left_out() -> None:
    changed = {"3.要求提供公开出版物": "", "4.无正当理由大量反复申请": ""}
    found = located(APPLICATIONS, draw(application_table(), changed, without=("2.重复申请",)))
    assert not {"unprocessed_duplicate", "unprocessed_publication", "unprocessed_excessive"} & found.keys()


def test_the_older_forms_single_row_of_other_handling_is_its_own() -> None:
    rows = {row.id: row.label for row in catalogue().application_rows}
    grid = draw(
        application_table(),
        {rows["other_misc"]: "（六）其他处理"},
        without=(rows["other_no_correction"], rows["other_fee_unpaid"]),
    )
    # The parent's own label stands beside it once more, as it does where the row is not merged.
    found = located(APPLICATIONS, grid)
    assert "other_subtotal" in found
    assert "other_misc" not in found and "result_total" in found


def test_a_cell_with_the_labels_of_two_rows_is_of_neither() -> None:
    grid = draw(application_table(), without=("（一）予以公开",))
    partial = next(cell for cell in grid.cells if cell.text.startswith("（二）部分公开"))
    word = replace(partial.words[0], text="（一）予以公开")
    cells = [replace(cell, words=(word, *cell.words)) if cell is partial else cell for cell in grid.cells]
    found = located(APPLICATIONS, with_cells(grid, cells))
    assert not {"result_granted", "result_partial"} & found.keys() and "denied_state_secret" in found


def test_without_lines_a_table_counts_only_if_every_row_is_there() -> None:
    whole, partial = draw(application_table()), draw(application_table(), without=("2.重复申请",))
    assert located(APPLICATIONS, replace(whole, is_ruled=False)) == truth(application_table())
    assert located(APPLICATIONS, replace(partial, is_ruled=False)) == {}


def test_columns_in_another_order_are_not_read() -> None:
    swapped = {"商业企业": "科研机构", "科研机构": "商业企业"}
    assert located(APPLICATIONS, draw(application_table(), swapped)) == {}


def test_result_labels_in_another_order_are_not_read() -> None:
    assert located(DISPUTES, draw(dispute_table(), {"结果维持": "结果纠正", "结果纠正": "结果维持"})) == {}


def test_a_header_that_cannot_be_read_certifies_no_dispute_table() -> None:
    unread = dict.fromkeys(("结果维持", "结果纠正", "其他结果"), "")
    assert located(DISPUTES, draw(dispute_table(), unread)) == {}


def test_the_role_is_told_by_labels_that_only_one_table_has() -> None:
    assert find_role(["1.属于国家秘密", "2.重复申请", "（一）予以公开", "总计"]) is APPLICATIONS
    assert find_role(["行政复议", "结果维持", "结果纠正", "总计"]) is DISPUTES
    assert find_role(["规章", "行政许可", "行政处罚", "0"]) is SectionRole.PROACTIVE_TABLE
    assert find_role(["总计", "其他", "3.其他", "自然人"]) is None
