"""Tables that stand as lines, a row a line: whatever parts the cells, they are read, and never wrongly."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest

from ingest.document_writer import DocumentWriter
from ingest.documents import Line, Table
from ingest.text.flattened_text import find_blocks
from ingest.text.row_lines import with_row_tables
from vectorstore.catalogue import catalogue

GRANTED = ["6", "2", "0", "0", "0", "0", "8"]
NOT_HELD = ["3", "1", "0", "1", "1", "0", "6"]
NEW = ["13", "4", "0", "1", "2", "0", "20"]
TOTAL = ["9", "3", "0", "1", "1", "0", "14"]
OUT = ["4", "1", "0", "0", "1", "0", "6"]
VALUES = {
    "applications_new": NEW,
    "result_granted": GRANTED,
    "unable_not_held": NOT_HELD,
    "result_total": TOTAL,
    "applications_carried_out": OUT,
}
DISPUTES = ["2", "1", "0", "1", "4", "1", "0", "0", "0", "1", "0", "0", "1", "0", "1"]
Write = Callable[[Sequence[Sequence[str]]], str]


def written(mark: str, *, keeps_empty: bool) -> Write:
    def write(rows: Sequence[Sequence[str]]) -> str:
        width = max(map(len, rows))
        filled = [[*row, *([""] * (width - len(row)))] if keeps_empty else [c for c in row if c] for row in rows]
        return "\n".join(mark.join(" ".join(cell.split()) for cell in row) for row in filled)

    return write


WAYS = {
    "tabs": written("\t", keeps_empty=False),
    "padded tabs": written("\t", keeps_empty=True),
    "commas": written(",", keeps_empty=True),
    "a space": written(" ", keeps_empty=False),
    "spaces": written("    ", keeps_empty=False),
    "wide spaces": written("\u3000\u3000", keeps_empty=False),
}


def expected() -> dict[str, Decimal]:
    columns = [column.id for column in catalogue().application_columns]
    cells = {row.id: VALUES.get(row.id, ["0"] * 7) for row in catalogue().application_rows}
    found = {
        metric if column == "total" else f"{metric}__{column}": Decimal(value)
        for metric, values in cells.items()
        for column, value in zip(columns, values, strict=True)
    }
    disputes = [f"{g.id}_{r.id}" for g in catalogue().dispute_groups for r in catalogue().dispute_results]
    return found | {metric: Decimal(value) for metric, value in zip(disputes, DISPUTES, strict=True)}


def report(forms: Any, write: Write) -> str:
    text: str = forms.report_text(
        write(forms.proactive_rows({"normative_docs_issued": "3", "licence_decisions": "412"})),
        write(forms.application_rows(VALUES)),
        write(forms.dispute_rows(DISPUTES)),
    )
    return text


@pytest.mark.parametrize("way", list(WAYS))
def test_a_row_a_line_is_a_table_whatever_parts_its_cells(forms: Any, way: str) -> None:
    read = forms.read_form(report(forms, WAYS[way]))
    assert {metric: read.value(metric) for metric in expected()} == expected()
    assert read.value("licence_decisions") == 412
    assert read.value("normative_docs_issued") == 3
    assert sum(section.level == 1 for section in read.sections) == 7
    assert not [s for s in read.sections if s.level == 2 and s.heading.endswith("0")]


def test_a_row_of_the_form_with_its_values_is_no_heading(forms: Any) -> None:
    read = forms.read_form(report(forms, WAYS["a space"]))
    assert not [s.heading for s in read.sections if re.match(r"四、结转|三、本年度办理结果|（七）", s.heading)]


def test_blank_lines_between_the_rows_leave_one_table(forms: Any) -> None:
    text = re.sub(r"\n(?=[^\n])", "\n\n", report(forms, WAYS["a space"]))
    assert len([b for b in find_blocks(text) if isinstance(b, Table)]) == 3


def test_a_row_that_lost_a_cell_is_unreadable_not_moved(forms: Any) -> None:
    text = report(forms, WAYS["a space"]).replace(
        "1.本机关不掌握相关政府信息 3 1 0 1 1 0 6", "1.本机关不掌握相关政府信息 3 1 1 1 0 6"
    )
    read = forms.read_form(text)
    assert read.state("unable_needs_creation") == "stated"
    assert read.value("unable_not_held__research_institution") in (None, 0)
    assert read.value("unable_not_held__natural_person") in (None, 3)


def drop_cell(line: str, rng: random.Random) -> str:
    words = line.split(" ")
    del words[rng.choice([at for at, word in enumerate(words) if word.isdigit()])]
    return " ".join(words)


def repeat_cell(line: str, rng: random.Random) -> str:
    words = line.split(" ")
    at = rng.choice([at for at, word in enumerate(words) if word.isdigit()])
    return " ".join([*words[:at], words[at], *words[at:]])


def break_label(line: str, rng: random.Random) -> str:
    label = re.split(r"(?: \d+)+$", line)[0]
    values = line[len(label) :]
    at = rng.randint(1, max(1, len(label) - 1))
    ways = (
        f"{label[:at]}\n{label[at:]}{values}",
        f"{label[:at]}{values}\n{label[at:]}",
        f"{label[:at]}\n{values}\n{label[at:]}",
    )
    return rng.choice(ways)


def lose_label(line: str, rng: random.Random) -> str:
    match = re.search(r"(?: \d+)+$", line)
    return match.group().strip() if match else line


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("damage", [drop_cell, repeat_cell, break_label, lose_label])
def test_a_damaged_row_gives_right_values_or_none(forms: Any, damage: Any, seed: int) -> None:
    rng = random.Random(seed)
    lines = report(forms, WAYS["a space"]).split("\n")
    rows = [at for at, line in enumerate(lines) if re.search(r"\D (?:\d+ ){6}\d+$", line)]
    at = rng.choice(rows)
    lines[at] = damage(lines[at], rng)
    read = forms.read_form("\n".join(lines))
    found = {m: read.value(m) for m in expected() if m in read.figures and read.value(m) is not None}
    assert found.items() <= expected().items()
    assert len(found) > 150


def test_a_label_broken_around_its_values_is_put_together() -> None:
    lines = [
        "1.申请人无正当理由逾期不补正、行政机关不再处",
        "0 0 0 0 0 0 0",
        "理其政府信息公开申请",
        "（六）其他",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机",
        "处理 0 0 0 0 0 0 1",
        "关不再处理其政府信息公开申请",
        "3.其他 0 0 0 0 0 0 0",
        "（七）总计 0 0 0 0 0 0 1",
    ]
    writer = DocumentWriter()
    for line in lines:
        writer.line(line, 1)
    document = with_row_tables(writer.document("report.pdf"))
    (table,) = document.blocks
    assert isinstance(table, Table)
    assert table.page == 1
    rows = [[cell.span.of(document.text) for cell in row] for row in table.rows]
    assert rows[0] == ["1.申请人无正当理由逾期不补正、行政机关不再处", *"0000000"]
    assert ["2.申请人逾期未按收费通知要求缴纳费用、行政机", *"0000001"] in rows


def test_a_comma_inside_a_number_leaves_it_unread_unless_it_is_quoted(forms: Any) -> None:
    for cell, value in (("1,204", None), ('"1,204"', 1204)):
        rows = [["第二十条第（五）项"], ["信息内容", "本年处理决定数量"], ["行政许可", cell]]
        rows += [["第二十条第（六）项"], ["信息内容", "本年处理决定数量"], ["行政处罚", "36"], ["行政强制", "5"]]
        text = "\n".join(",".join(row) for row in rows)
        read = forms.read_form(forms.report_text(proactive=text))
        assert read.value("penalty_decisions") == 36
        assert read.value("licence_decisions") == value


@pytest.mark.parametrize(
    "lines",
    [
        "全年共收到申请 3\n其中答复 2",
        "（一）主动公开情况\n公开信息 120 条",
        "行政许可 412",
        "2023年,我镇收到申请3件,办结2件。\n行政处罚,行政强制",
        "一、总体情况\n1 2 3 4 5 6 7",
    ],
)
def test_what_isn_t_the_form_s_stays_prose(lines: str) -> None:
    assert all(isinstance(block, Line) for block in find_blocks(lines))


def test_a_row_of_empty_cells_below_its_header_is_a_row_of_the_table() -> None:
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    lines = ["行政复议\t行政诉讼", "\t".join([*results, "未经复议直接起诉", "复议后起诉"])]
    lines += ["\t" * 5 + "\t".join(results * 2), "\t" * 14, "五、存在的主要问题"]
    tables = [block for block in find_blocks("\n".join(lines)) if isinstance(block, Table)]
    assert [len(table.rows) for table in tables] == [4]
    assert len(tables[0].rows[-1]) == 15
    assert all(cell.span.start == cell.span.end for cell in tables[0].rows[-1])
