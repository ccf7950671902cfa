"""Tables of the form with every sort of damage at once: whatever is read must be what was printed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document_writer import CellText, DocumentWriter
from ingest.forms.form import read_form
from ingest.structure.sections import find_sections
from ingest.text.flattened_text import read_flattened_text
from samples.draft import FormTable
from samples.grid import GridCell, grid
from vectorstore.catalogue import catalogue
from vectorstore.records import Figure

HEADINGS = (
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
)
APPLICANTS = [column.id for column in catalogue().applicant_columns]
Rows = list[list[GridCell]]


def cell_id(row: str, column: str) -> str:
    return row if column == "total" else f"{row}__{column}"


def consistent_cells(rng: random.Random) -> dict[str, dict[str, str]]:
    """Printed cells of the three tables that satisfy every identity."""
    largest = rng.choice((0, 1, 3, 30, 2000))
    matrix: dict[str, dict[str, int]] = {row.id: {} for row in catalogue().application_rows}
    outcomes = [row.id for row in catalogue().application_rows if row.part == "outcome"]
    for column in APPLICANTS:
        for row in outcomes:
            matrix[row][column] = rng.randint(0, largest) if rng.random() < 0.3 else 0
        total = sum(matrix[row][column] for row in outcomes)
        carried_in = rng.randint(0, largest) if rng.random() < 0.4 else 0
        out = max(0, carried_in - total) + (rng.randint(0, largest) if rng.random() < 0.4 else 0)
        matrix["result_total"][column] = total
        matrix["applications_carried_in"][column] = carried_in
        matrix["applications_carried_out"][column] = out
        matrix["applications_new"][column] = total + out - carried_in
    applications = {}
    for row, values in matrix.items():
        for column, value in (*values.items(), ("total", sum(values.values()))):
            applications[cell_id(row, column)] = str(value)
    disputes = {}
    for group in catalogue().dispute_groups:
        results = [rng.randint(0, largest) for _ in range(4)]
        for result, value in zip(catalogue().dispute_results, (*results, sum(results)), strict=True):
            disputes[f"{group.id}_{result.id}"] = str(value)
    proactive = {cell.id: str(rng.randint(0, largest)) for cell in catalogue().proactive_cells}
    proactive["admin_fees_wan_yuan"] = rng.choice(("0", "12.5", "59237.2449"))
    return {"proactive_table": proactive, "application_table": applications, "dispute_table": disputes}


@dataclass
class Damaged:
    """The three tables as rows of cells, and how they are written down."""

    tables: dict[str, Rows]
    rng: random.Random
    layout: str

    def each(self, name: str | None = None) -> Iterator[tuple[int, int, GridCell]]:
        for key, rows in self.tables.items():
            for number, row in enumerate(rows):
                for at, cell in enumerate(row):
                    if name in (None, key):
                        yield number, at, cell

    def edit(self, change: Callable[[GridCell], GridCell]) -> None:
        for rows in self.tables.values():
            for row in rows:
                row[:] = [change(cell) for cell in row]


# ---- deviations: each changes what is printed, never what a cell under its own labels means --------------------


def lose_labels(damaged: Damaged) -> None:
    rows = damaged.tables["application_table"]
    for row in damaged.rng.sample(range(3, len(rows)), damaged.rng.randint(1, 6)):
        rows[row] = [cell if cell.metric else replace(cell, text="") for cell in rows[row]]


def blank_cells(damaged: Damaged) -> None:
    mark = damaged.rng.choice(("", "/", "—", "无"))
    share = damaged.rng.choice((0.02, 0.3))
    damaged.edit(lambda c: replace(c, text=mark) if c.metric and damaged.rng.random() < share else c)


def drop_empty_cells(damaged: Damaged) -> None:
    for rows in damaged.tables.values():
        for row in rows:
            row[:] = [c for c in row if not (c.metric and c.text == "" and damaged.rng.random() < 0.7)]


def drop_cells(damaged: Damaged) -> None:
    if damaged.layout in ("padded_bars", "barred_lines"):
        return  # its padding is made from a whole grid
    for rows in damaged.tables.values():
        for row in rows:
            values = [at for at, cell in enumerate(row) if cell.metric]
            if damaged.rng.random() < 0.15 and values:
                row.pop(damaged.rng.choice(values))


def add_cells(damaged: Damaged) -> None:
    if damaged.layout in ("padded_bars", "barred_lines"):
        return
    for rows in damaged.tables.values():
        for row in rows:
            if damaged.rng.random() < 0.1:
                row.insert(damaged.rng.randrange(len(row) + 1), replace(row[0], text="", metric=None))


def repeat_header(damaged: Damaged) -> None:
    rows = damaged.tables["application_table"]
    at = damaged.rng.randrange(4, len(rows))
    if all(cell.row_span == 1 for row in rows[:at] for cell in row[:0]):
        rows[at:at] = [list(row) for row in rows[:3]]


def add_notes(damaged: Damaged) -> None:
    for rows in damaged.tables.values():
        width = 1 + max(c.column + c.column_span for row in rows for c in row)
        title = damaged.rng.choice(("单位：件", "附表", "2023年度统计表"))
        rows.insert(0, [GridCell(0, 0, title, column_span=width - 1)])
        rows.append([GridCell(0, 0, "注：本表数据经核对，共3项。")])


MISSPELLINGS = (
    ("商业企业", "商业\n企业"),
    ("本年处理决定数量", "本年处理绝对数量"),
    ("上年结转", "上年转结"),
    ("（", "("),
    ("一、", "1."),
    ("1.", "1、"),
    ("本年制发件数", "本年制发件数量"),
    ("现行有效件数", "现行有效件"),
    ("其他", "其它"),
    ("申请", "申 请"),
    ("结果维持", "结果\n维持"),
    ("行政规范性文件", "规范性文件"),
    ("第二十条第", "第二十条 第"),
)


def misspell(damaged: Damaged) -> None:
    chosen = damaged.rng.sample(MISSPELLINGS, 4)

    def bent(cell: GridCell) -> GridCell:
        text = cell.text
        for old, new in chosen:
            text = text if cell.metric else text.replace(old, new)
        return replace(cell, text=text)

    damaged.edit(bent)


def print_otherwise(damaged: Damaged) -> None:
    def printed(cell: GridCell) -> GridCell:
        if not cell.metric or not cell.text.isdigit() or damaged.rng.random() < 0.7:
            return cell
        wide = cell.text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        forms = (f"{cell.text}件", f" {cell.text} ", f"{int(cell.text):,}", wide, f"{cell.text}*", f"{cell.text}①")
        return replace(cell, text=damaged.rng.choice(forms))

    damaged.edit(printed)


def break_numbers(damaged: Damaged) -> None:
    def broken(cell: GridCell) -> GridCell:
        if cell.metric and cell.text.isdigit() and len(cell.text) > 1 and damaged.rng.random() < 0.5:
            return replace(cell, text=f"{cell.text[:1]}\n{cell.text[1:]}")
        return cell

    damaged.edit(broken)


def spoil_numbers(damaged: Damaged) -> None:
    spoilt = ("约{}", "{}余", "{}/2", "{}（3）", "{}十万元", "{}%", "{}、{}", "见附件", "{}{}人天", "O", "{}-{}")

    def spoil(cell: GridCell) -> GridCell:
        if cell.metric and cell.text and damaged.rng.random() < 0.03:
            return replace(cell, text=damaged.rng.choice(spoilt).format(cell.text, cell.text))
        return cell

    damaged.edit(spoil)


def swap_columns(damaged: Damaged) -> None:
    """The leaf columns of two organisations change places, header and values."""
    first, second = damaged.rng.sample(range(4, 9), 2)
    move = {first: second, second: first}
    rows = damaged.tables["application_table"]
    for row in rows[2:]:
        row[:] = sorted(
            (replace(c, column=move[c.column]) if c.column in move and c.column_span == 1 else c for c in row),
            key=lambda c: c.column,
        )


def add_part_column(damaged: Damaged) -> None:
    """A column 小计 behind the five organisations."""
    rows = damaged.tables["application_table"]
    for number, row in enumerate(rows):
        shifted = []
        for cell in row:
            if cell.column >= 9 and cell.column_span == 1:
                cell = replace(cell, column=cell.column + 1)
            elif cell.column + cell.column_span > 8 and cell.column_span > 1:
                cell = replace(cell, column_span=cell.column_span + 1)
            shifted.append(cell)
        if number == 2:
            shifted.append(GridCell(2, 9, "小计"))
        elif number > 2:
            known = [c.text for c in row if c.metric and "__" in c.metric and "natural" not in c.metric]
            total = sum(int(t) for t in known) if all(t.isdigit() for t in known) else 0
            shifted.append(GridCell(number, 9, str(total)))
        row[:] = sorted(shifted, key=lambda c: c.column)


def add_part_rows(damaged: Damaged) -> None:
    rows = damaged.tables["application_table"]
    at = damaged.rng.randrange(6, len(rows))
    label = damaged.rng.choice(("小计", "合计", "其中：重大事项"))
    numbers = [GridCell(0, 3 + n, str(damaged.rng.randint(0, 9))) for n in range(7)]
    rows.insert(at, [GridCell(0, 0, label, column_span=3), *numbers])


def number_rows(damaged: Damaged) -> None:
    if damaged.layout == "lines":
        return  # nothing tells a row's number from a value there
    for rows in damaged.tables.values():
        for number, row in enumerate(rows):
            label = "序号" if number == 0 else str(number)
            row[:] = [GridCell(0, 0, label), *(replace(c, column=c.column + 1) for c in row)]


def remark_column(damaged: Damaged) -> None:
    for rows in damaged.tables.values():
        width = max(c.column + c.column_span for row in rows for c in row)
        for number, row in enumerate(rows):
            row.append(GridCell(0, width, "备注" if number == 0 else ""))


def shift_rows(damaged: Damaged) -> None:
    """Numbers stand a cell too far to the left or right, and labels are gone."""
    rows = damaged.tables["application_table"]
    for at in damaged.rng.sample(range(4, len(rows)), 2):
        numbers = [c.text for c in rows[at] if c.metric]
        numbers = [*numbers[1:], ""] if damaged.rng.random() < 0.5 else ["", *numbers[:-1]]
        rows[at] = [GridCell(at, n, text) for n, text in enumerate(("", "", "", *numbers))]


def break_identities(damaged: Damaged) -> None:
    cells = [(n, i) for n, i, c in damaged.each("application_table") if c.metric and c.text.isdigit()]
    for number, at in damaged.rng.sample(cells, min(3, len(cells))):
        row = damaged.tables["application_table"][number]
        row[at] = replace(row[at], text=str(int(row[at].text) + damaged.rng.randint(1, 3)))


def shuffle_rows(damaged: Damaged) -> None:
    """The rows below a group's own label stand in another order (no merged cells reach over them here)."""
    if damaged.layout in ("tabs", "bars"):
        rows = damaged.tables["application_table"]
        at = next((i for i, row in enumerate(rows) if any("属于国家秘密" in c.text for c in row)), None)
        if at is not None and len(rows) > at + 8:
            tail = rows[at + 1 : at + 7]
            damaged.rng.shuffle(tail)
            rows[at + 1 : at + 7] = tail


# Deviations after which a number may stand under labels that aren't its own; a person couldn't read it either, and
# only what the identities certify may be read.
DEVIATIONS: dict[str, Callable[[Damaged], None]] = {
    f.__name__: f
    for f in (
        break_identities, swap_columns, add_part_column, blank_cells, break_numbers, spoil_numbers, print_otherwise,
        misspell, lose_labels, shift_rows, shuffle_rows, drop_empty_cells, drop_cells, add_cells, add_part_rows,
        number_rows, remark_column, repeat_header, add_notes,
    )
}  # fmt: skip
HARMLESS = (
    "swap_columns", "blank_cells", "print_otherwise", "misspell", "add_notes", "remark_column", "number_rows",
    "add_part_column", "add_part_rows", "shuffle_rows", "repeat_header", "break_identities", "drop_empty_cells",
)  # fmt: skip
LAYOUTS = ("grid", "filled", "tabs", "bars", "padded_bars", "barred_lines", "lines")


# ---- layouts --------------------------------------------------------------------------------------------------


def renumbered(rows: Rows) -> Rows:
    return [[replace(cell, row=number) for cell in row] for number, row in enumerate(rows)]


def filled(rows: Rows) -> Rows:
    """Each merged cell's text in every cell that it covers."""
    places: dict[tuple[int, int], GridCell] = {}
    for row in rows:
        for cell in row:
            for down in range(cell.row_span):
                for right in range(cell.column_span):
                    key = (cell.row + down, cell.column + right)
                    places.setdefault(key, replace(cell, row=key[0], column=key[1], row_span=1, column_span=1))
    return [[places[key] for key in sorted(places) if key[0] == number] for number in range(len(rows))]


def under_merged(rows: Rows) -> list[list[str]]:
    """Texts by row as a word processor flattens them: cells below a merged one are there and empty."""
    texts = []
    for number, row in enumerate(rows):
        above = [(c.column, "") for r in rows[:number] for c in r if c.row < number < c.row + c.row_span]
        texts.append([text for _, text in sorted([*above, *((c.column, c.text) for c in row)], key=lambda x: x[0])])
    return texts


def write(damaged: Damaged) -> Any:
    writer = DocumentWriter()
    parts = ["云溪县白石镇人民政府2023年政府信息公开工作年度报告", "一、总体情况", "我镇全年按要求开展工作。"]
    if damaged.layout in ("grid", "filled"):
        for line in parts:
            writer.line(line)
        for heading, rows in zip(HEADINGS, damaged.tables.values(), strict=True):
            writer.line(heading)
            placed = filled(renumbered(rows)) if damaged.layout == "filled" else renumbered(rows)
            writer.table([[CellText(c.row, c.column, c.text, c.row_span, c.column_span) for c in r] for r in placed])
        writer.line("五、存在的主要问题及改进情况")
        return writer.document("made-up.html")
    for heading, rows in zip(HEADINGS, damaged.tables.values(), strict=True):
        parts.append(heading)
        rows = renumbered(rows)
        if damaged.layout == "tabs":
            parts.append("\n".join("".join(f"\t{text}\n" for text in row) for row in under_merged(rows)) + "\n\n")
        elif damaged.layout == "lines":
            parts.extend(text.replace("\n", "") for row in rows for text in (c.text for c in row) if text.strip())
        else:
            width = max(c.column + c.column_span for row in rows for c in row)
            for row in rows:
                pads = "|" * max(0, width - len(row)) if damaged.layout != "bars" else ""
                if damaged.layout == "barred_lines":
                    parts.extend(f"{c.text} |".strip() for c in row)
                    parts.extend([pads] if pads else [])
                else:
                    parts.append(" | ".join(c.text.replace("\n", " ") for c in row) + " |" + pads)
    parts.append("五、存在的主要问题及改进情况")
    return read_flattened_text("\n".join(parts).encode(), "made-up.txt")


def is_visible(names: set[str]) -> bool:
    """Whether the damage can be seen: a row that lost a cell and gained another has as many as it should."""
    return not (names & {"add_cells", "remark_column"} and names & {"drop_cells", "drop_empty_cells"})


def stated(damaged: Damaged) -> dict[str, Decimal]:
    return {c.metric: Decimal(c.text) for _, _, c in damaged.each() if c.metric and c.text.replace(".", "").isdigit()}


def read(damaged: Damaged) -> list[Figure]:
    document = write(damaged)
    sections = find_sections(document)
    return list(read_form(document, sections, report_id="r", body_id="b", year=2023).figures)


def compare(seed: int, names: tuple[str, ...], layout: str) -> tuple[int, int, list[str]]:
    """How many cells were printed and how many of them read, and what was read wrongly."""
    rng = random.Random(seed)
    cells = consistent_cells(rng)
    damaged = Damaged({n: [list(row) for row in grid(FormTable(n, cells[n]))] for n in cells}, rng, layout)
    if "break_identities" in names:
        break_identities(damaged)
    truth = stated(damaged)
    for name in DEVIATIONS:
        if name in names and name != "break_identities":
            DEVIATIONS[name](damaged)
    figures = read(damaged)
    printed = {c.metric for _, _, c in damaged.each() if c.metric and any(ch.isdigit() for ch in c.text)}
    wrong = [
        f"{f.metric_id}: {f.value} for {truth[f.metric_id]}"
        for f in figures
        if f.value is not None and f.metric_id in truth and f.value != truth[f.metric_id]
    ]
    known = {f.metric_id for f in figures if f.value is not None}
    return len(printed), len(printed & known), wrong


@pytest.mark.parametrize("layout", LAYOUTS)
def test_undamaged_tables_are_read_whole_in_every_layout(layout: str) -> None:
    for seed in range(20):
        assert compare(seed, (), layout) == (200, 200, [])


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout != "lines"])
@pytest.mark.parametrize("name", HARMLESS)
def test_what_leaves_a_person_sure_is_read_whole(name: str, layout: str) -> None:
    for seed in range(3):
        printed, found, wrong = compare(seed, (name,), layout)
        assert (found, wrong) == (printed, [])


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sets(st.sampled_from(sorted(DEVIATIONS)), max_size=4).filter(is_visible),
    st.sampled_from(LAYOUTS),
)
def test_nothing_is_read_that_was_not_printed(seed: int, names: set[str], layout: str) -> None:
    assert compare(seed, tuple(names), layout)[2] == []
