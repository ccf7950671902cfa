"""Flattened texts of the official form, built from the catalogue, so that tests can bend them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest

from ingest.documents import Document
from ingest.forms.form import FormReading, read_form
from ingest.structure.sections import find_sections
from ingest.text.flattened_text import read_flattened_text
from vectorstore.catalogue import catalogue
from vectorstore.records import Figure

Row = list[str]


def flatten(rows: Sequence[Row]) -> str:
    """A table as flattened text has it: each cell behind a tab, a blank line after each row."""
    return "\n".join("".join(f"\t{cell}\n" for cell in row) for row in rows) + "\n"


def proactive_rows(values: dict[str, str]) -> list[Row]:
    rows: list[Row] = []
    article = header = None
    for cell in catalogue().proactive_cells:
        if cell.article != article:
            article = cell.article
            columns = [c.column for c in catalogue().proactive_cells if c.article == article]
            header = list(dict.fromkeys(columns))
            rows += [[article], ["信息内容", *header]]
        if not rows[-1] or rows[-1][0] != cell.row:
            rows.append([cell.row])
        rows[-1].append(values.get(cell.id, "0"))
    return rows


def application_rows(values: dict[str, Sequence[str]]) -> list[Row]:
    """``values`` gives seven cells by metric; the others are zeros."""
    rows: list[Row] = [
        ["（勾稽关系：第一、二项之和等于第三、四项之和）", "申请人情况"],
        ["", "自然人", "法人或其他组织", "总计"],
        ["", "", "商业\n企业", "科研\n机构", "社会公益组织", "法律服务机构", "其他", ""],
    ]
    part, group = "三、本年度办理结果", ""
    for row in catalogue().application_rows:
        labels = [row.label]
        if row.parent == part:
            labels = [part if row.id == "result_granted" else "", row.label]
        elif row.parent:
            labels = ["", "" if row.parent == group else row.parent, row.label]
            group = row.parent
        rows.append([*labels, *values.get(row.id, ["0"] * 7)])
    return rows


def dispute_rows(values: Sequence[str]) -> list[Row]:
    results = [result.label for result in catalogue().dispute_results]
    return [
        ["行政复议", "行政诉讼"],
        [*results, "未经复议直接起诉", "复议后起诉"],
        ["", "", "", "", "", *results, *results],
        list(values),
    ]


def report_text(proactive: str = "", application: str = "", dispute: str = "", overview: str = "") -> str:
    """A made-up report with what stands in its three parts with tables."""
    return (
        "云溪县白石镇人民政府\n2023年政府信息公开工作年度报告\n\n本报告依据有关规定编制。\n"
        f"一、总体情况\n{overview or '我镇全年按要求开展工作。'}\n"
        f"二、主动公开政府信息情况\n{proactive}\n"
        f"三、收到和处理政府信息公开申请情况\n{application}\n"
        f"四、政府信息公开行政复议、行政诉讼情况\n{dispute}\n"
        "五、存在的主要问题及改进情况\n公开内容不够丰富。今后逐步改进。\n"
        "六、其他需要报告的事项\n无。\n"
    )


def read_text(text: str) -> Document:
    return read_flattened_text(text.encode("utf-8"), "made-up.txt")


class ReadForm:
    """A reading with its text, and its figures by full metric id."""

    def __init__(self, text: str) -> None:
        self.document = read_text(text)
        self.sections = find_sections(self.document)
        self.reading: FormReading = read_form(self.document, self.sections, report_id="r", body_id="b", year=2023)
        self.figures: dict[str, Figure] = {figure.metric_id: figure for figure in self.reading.figures}
        assert len(self.figures) == len(self.reading.figures), "one cell was read twice"

    def value(self, metric_id: str) -> Decimal | None:
        return self.figures[metric_id].value

    def state(self, metric_id: str) -> str:
        return self.figures[metric_id].state.value

    def quote(self, metric_id: str) -> str:
        figure = self.figures[metric_id]
        return self.document.text[figure.start : figure.end]

    def cell(self, metric_id: str) -> str:
        cell = self.figures[metric_id].cell
        assert cell is not None
        return self.document.text[cell.start : cell.end]


class FormTexts:
    """What tests build reports with."""

    flatten = staticmethod(flatten)
    proactive_rows = staticmethod(proactive_rows)
    application_rows = staticmethod(application_rows)
    dispute_rows = staticmethod(dispute_rows)
    report_text = staticmethod(report_text)
    read_text = staticmethod(read_text)
    read_form: Callable[[str], ReadForm] = staticmethod(ReadForm)


@pytest.fixture(scope="session")
def forms() -> FormTexts:
    """Builders of flattened reports, and their readings."""
    return FormTexts()
