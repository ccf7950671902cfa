"""Pages of generated reports say what the drafts state, whatever the site, the encoding and the editor."""

from __future__ import annotations

import random

import pytest

from ingest.files.readers import read_bytes
from ingest.html.page import read_html_page
from ingest.understanding import understand
from samples.comparison import compare
from samples.composition import Subject, compose
from samples.county import invent_territories
from samples.draft import FormTable
from samples.generator import GeneratedReport, generate
from samples.history import live_through
from samples.html_table_writing import TABLE_STYLES, write_table
from samples.html_writing import write_html
from vectorstore.catalogue import catalogue

# The prose that states these is read by others; a page must not change what they make of it.
PAGES = list(generate(40, seed=41, formats=("html",)))
IN_TABLES = frozenset(metric.id for metric in catalogue().metrics.values() if metric.table)


@pytest.fixture(params=PAGES, ids=lambda made: made.file)
def made(request: pytest.FixtureRequest) -> GeneratedReport:
    report: GeneratedReport = request.param
    return report


def test_every_figure_of_a_page_is_read_and_none_invented(made: GeneratedReport) -> None:
    found = compare(made.truth, understand(read_bytes(made.data, made.file)))
    contradicted = set(made.truth["readings"])
    wrong = [w for w in found.wrong if w[0].partition("__")[0] in IN_TABLES and w[0] not in contradicted]
    invented = [i for i in found.invented if i[0].partition("__")[0] in IN_TABLES]
    missed = [m for m in found.missed if m.partition("__")[0] in IN_TABLES]
    assert (wrong, invented, missed, found.identity) == ([], [], [], [])


def test_nothing_of_the_page_around_is_in_the_text(made: GeneratedReport) -> None:
    document = read_html_page(made.data, made.file)
    for words in ("您现在的位置", "索引号", "浏览次数", "【打印", "备案号", "相关文档", "扫一扫在手机", "请选择"):
        assert words not in document.text


def test_the_same_seed_writes_the_same_page() -> None:
    territory = next(invent_territories(3))
    body = territory.bodies[0]
    ((year, figures),) = live_through(body, (2023,), random.Random(1), {})
    pages = [
        write_html(compose(Subject(territory, body, year, figures), random.Random(2)), random.Random(4))
        for _ in range(2)
    ]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("style", TABLE_STYLES)
@pytest.mark.parametrize("name", ["proactive_table", "application_table", "dispute_table"])
def test_a_table_reads_the_same_in_every_style(name: str, style: str) -> None:
    metrics = {
        "proactive_table": [cell.id for cell in catalogue().proactive_cells],
        "application_table": [
            row.id if column.id == "total" else f"{row.id}__{column.id}"
            for row in catalogue().application_rows
            for column in catalogue().application_columns
        ],
        "dispute_table": [f"{g.id}_{r.id}" for g in catalogue().dispute_groups for r in catalogue().dispute_results],
    }[name]
    table = FormTable(name, {metric: str(1000 + number) for number, metric in enumerate(metrics)})
    headings = {
        "proactive_table": "二、主动公开政府信息情况",
        "application_table": "三、收到和处理政府信息公开申请情况",
        "dispute_table": "四、政府信息公开行政复议、行政诉讼情况",
    }
    page = (
        f"<p>白石镇2023年政府信息公开工作年度报告</p><p>一、总体情况</p><p>{headings[name]}</p>"
        f"{write_table(table, style, random.Random(7))}<p>六、其他需要报告的事项</p><p>无。</p>"
    )
    read = understand(read_html_page(page.encode("utf-8"), "page.html"))
    values = {f.metric_id: str(f.value) for f in read.figures if f.origin.value == "table" and f.value is not None}
    assert values == table.cells
