"""The page of figures, without a browser: addresses, what stands in the table, what is exported."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.export.formats import write
from assistant.pivoting.pivot import make_pivot
from assistant.pivoting.request import PivotRequest
from ui.texts import texts
from ui.web.figures.address import Address, read_address
from ui.web.figures.chart import chart_for
from ui.web.figures.controls import metric_groups, render_controls, suggest
from ui.web.figures.naming import table_name
from ui.web.figures.page import Page
from ui.web.figures.sheet import as_document, as_table
from ui.web.site import Site, Visit
from vectorstore.catalogue import catalogue
from vectorstore.errors import QuestionError
from vectorstore.records import (
    Body,
    CellReference,
    Figure,
    Kind,
    Origin,
    Passage,
    Report,
    ReportContents,
    State,
)

ZH, EN = texts("zh"), texts("en")
NEW = "applications_new"
COUNTY = "云江省/青川市/白石县"


@pytest.fixture(scope="module")
def assistant(samples_index: Path) -> Iterator[Assistant]:
    with Assistant.open(samples_index) as opened:
        yield opened


@pytest.fixture(scope="module")
def page(assistant: Assistant) -> Page:
    return Page(Site(assistant))


def shown(page: Page, /, language: str = "zh", **query: str) -> dict[str, Any]:
    result = page.show({"lang": language, "query": query})
    json.dumps(result)
    return result


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def row_of(html: str, name: str) -> str:
    return next(row for row in re.findall(r"<tr>.*?</tr>", html, re.S) if name in row)


def test_an_address_says_what_was_chosen_and_is_read_back() -> None:
    query = {
        "metrics": "review_total,applications_new__enterprise", "years": "2022,2023", "kinds": "zone", "page": "2",
        "places": "云江省/青川市", "bodies": "甲镇", "rows": "region", "columns": "metric", "level": "city",
        "show": "mean", "sort": "review_total", "order": "down", "find": "青",
    }  # fmt: skip
    assert read_address(query, ZH).query() == query
    assert read_address({}, ZH) == Address()
    assert Address().query() == {}
    assert read_address({"lang": "en", "years": ""}, ZH) == Address()


@pytest.mark.parametrize(
    "query",
    [
        {"metrics": "no_such"},
        {"metrics": "review_total__enterprise"},
        {"years": "2023年"},
        {"years": "99999"},
        {"kinds": "planet"},
        {"rows": "column"},
        {"columns": "body"},
        {"show": "product"},
        {"level": "street"},
        {"page": "0"},
        {"page": "-1"},
        {"page": "²"},
        {"page": "9999999999999"},
        {"metrics": ",".join(list(catalogue().metrics)[:41])},
        {"bodies": "甲" * 5000},
    ],
)
def test_an_address_that_makes_no_sense_is_refused_in_a_sentence(query: dict[str, str], page: Page) -> None:
    with pytest.raises(QuestionError) as error:
        read_address(query, ZH)
    assert str(error.value).endswith("。")
    assert 'role="alert"' in page.render(Visit(ZH, query))


def test_every_metric_can_be_chosen_once() -> None:
    listed = [metric.id for _, metrics in metric_groups() for metric in metrics]
    assert sorted(listed) == sorted(catalogue().metrics)


def test_the_controls_show_what_is_chosen(assistant: Assistant) -> None:
    request = PivotRequest(metrics=("applications_new__enterprise",), years=(2022,), kinds=(Kind.ZONE,), rows="kind")
    html = render_controls(assistant, request, ZH)
    checked = re.findall(r'value="([^"]+)" checked', html)
    assert checked == ["applications_new__enterprise", "2022", "zone"]
    assert '<option value="kind" selected>' in html
    assert "<details open>" in html


def test_the_table_is_named_in_both_languages() -> None:
    request = PivotRequest(years=(2021, 2022, 2023), kinds=(Kind.TOWNSHIP,), rows="body")
    assert table_name(request, ZH) == "新收政府信息公开申请，2021–2023年、乡镇，按单位和年份"
    assert table_name(request, EN) == "New applications received: 2021–2023, townships, by body and year"


def test_every_state_is_told_apart_in_the_table(page: Page) -> None:
    html = shown(page)["parts"]["table"]
    assert "无报告" in row_of(html, "农业农村局")
    assert "未提及" in row_of(html, "苔溪镇")
    torn = row_of(html, "松萤镇")
    assert text_of(torn).count("4 ≠ 2") == 1
    assert "<b>2</b>" in torn
    zero = row_of(html, "栖澜经济开发区")
    assert re.search(r">0</a>", zero)
    legend = text_of(shown(page)["parts"]["below"])
    for word in ("报告写明为零", "有报告，但没有提到", "没有这一年的报告", "前后不一"):
        assert word in legend
    assert "人工更正过" not in legend


def test_a_value_leads_to_the_cell_that_states_it(page: Page, assistant: Assistant) -> None:
    html = row_of(shown(page, years="2023")["parts"]["table"], "自然资源局")
    found = re.search(r'href="reports\?id=(\w+)&amp;at=(\d+)-(\d+)&amp;cell=(\d+)-(\d+)"[^>]*>41<', html)
    assert found is not None
    start, end, cell_start, cell_end = map(int, found.groups()[1:])
    text = assistant.index.text(found[1])
    assert text[cell_start:cell_end] == "41"
    assert start <= cell_start < cell_end <= end


def test_a_group_leads_to_the_table_of_its_bodies(page: Page) -> None:
    html = row_of(shown(page, rows="kind")["parts"]["table"], "乡镇")
    assert 'href="figures?years=2022&amp;kinds=township"' in html


def test_a_total_over_incomplete_data_says_so(page: Page) -> None:
    html = shown(page)["parts"]["table"]
    foot = text_of(html[html.index("<tfoot") :])
    assert "13份，1份无数，1个无报告" in foot
    assert "14份" in foot


def test_parts_of_years_and_of_reports_have_signs_of_their_own(page: Page) -> None:
    of_body = shown(page)["parts"]
    assert "（2/3年）" in text_of(row_of(of_body["table"], "苔溪镇"))
    assert "（2/3年） 3年里2年有数" in text_of(of_body["below"])
    of_kind = shown(page, rows="kind")["parts"]
    assert re.search(r"（\d+/\d+份）", text_of(row_of(of_kind["table"], "乡镇")))
    assert "（2/3份） 3份报告里2份有数" in text_of(of_kind["below"])


def test_columns_that_show_other_metrics_than_the_chosen_say_so(page: Page) -> None:
    outcomes = shown(page, metrics="result_granted", columns="outcome")["parts"]["said"]
    assert "表里是全部办理结果，不是所选的“予以公开" in text_of(outcomes)
    applicants = shown(page, metrics="applications_new__enterprise", columns="column")["parts"]["said"]
    assert "各类申请人" in text_of(applicants)
    for query in ({"metrics": "applications_new", "columns": "column"}, {"metrics": "result_granted"}):
        assert "所选的" not in text_of(shown(page, **query)["parts"]["said"])


def test_rows_are_sorted_over_the_whole_table_and_found_by_text(page: Page) -> None:
    html = shown(page, sort=f"{NEW}.2023", order="down")["parts"]["table"]
    names = re.findall(r'<th scope="row" class="nb-f-first"><span>([^<]+)', html)
    assert names[0] == "栖澜县自然资源局"
    assert 'aria-sort="descending"' in html
    found = shown(page, find="苔溪")["parts"]["table"]
    assert re.findall(r'<th scope="row" class="nb-f-first"><span>([^<]+)', found) == ["栖澜县苔溪镇人民政府"]
    assert "1行符合筛选（全表14行）" in found
    assert "没有一行符合" in shown(page, find="没有这样的")["parts"]["table"]


def test_only_a_page_of_rows_is_made(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.web.figures.table_view.PAGE", 5)
    html = shown(page, page="3")["parts"]["table"]
    assert html.count('scope="row"') == 4 + 1
    assert "第11–14行，共14行" in html
    assert shown(page, page="99")["parts"]["table"].count('scope="row"') == 4 + 1


def test_the_silent_are_counted_and_listed_when_asked(page: Page) -> None:
    below = shown(page)["parts"]["below"]
    assert "40份报告里39份有数，1份没有" in text_of(below)
    assert "苔溪" not in below
    listed = page.silences({"lang": "zh", "query": {}, "metric": NEW, "page": 1})
    assert text_of(listed).split() == ["栖澜县苔溪镇人民政府", "2022", "未提及"]
    assert page.silences({"lang": "zh", "query": {}, "metric": "no_such", "page": "x"}) == "<ul></ul>"


def test_the_question_that_asks_the_same_is_offered(page: Page) -> None:
    said = shown(page, rows="kind", years="2023", show="mean")["parts"]["said"]
    assert 'href="./?a=' in said
    assert "2023年" in text_of(said) and "平均多少" in text_of(said)
    assert "换成提问" not in shown(page, rows="kind", show="count")["parts"]["said"]
    several = shown(page, metrics="applications_new,review_total", columns="metric")["parts"]["said"]
    assert several.count('href="./?a=') == 2


def test_nothing_in_scope_has_its_words(page: Page) -> None:
    assert "没有符合条件的报告" in shown(page, bodies="没有这样的单位")["parts"]["table"]


def test_places_and_bodies_are_suggested(assistant: Assistant) -> None:
    assert suggest(assistant, "places", "栖澜")[0]["value"] == "霁川省/鹭汀市/栖澜县"
    assert suggest(assistant, "places", "鹭汀")[0] == {"value": "霁川省/鹭汀市", "label": "鹭汀市", "hint": "霁川省"}
    assert {one["value"] for one in suggest(assistant, "bodies", "教育")} == {"栖澜县教育和体育局"}
    assert suggest(assistant, "bodies", " ") == []


def test_an_export_has_numbers_states_totals_and_sources(assistant: Assistant) -> None:
    pivot = make_pivot(assistant.index, PivotRequest(years=(2022,)), "zh")
    document = as_document(assistant.index, pivot, pivot.order(), ZH, date(2026, 1, 2))
    table, totals, sources = document.tables
    heads = [column.name for column in table.columns]
    assert heads[-2:] == ["新收政府信息公开申请 2022年（件）", "新收政府信息公开申请 2022年（件）：说明"]
    rows = {str(row[0]): row for row in table.rows}
    assert len(rows) == 13
    assert rows["栖澜县苔溪镇人民政府"][-2:] == [None, "未提及"]
    assert rows["栖澜县松萤镇人民政府"][-2:] == [2, "前后不一: 4 ≠ 2"]
    assert rows["栖澜经济开发区管理委员会"][-2:] == [0, "报告写明"]
    assert list(totals.rows[0][1:5]) == [124, 12, 1, 0]
    values = [(row[0], row[3]) for row in sources.rows]
    assert ("栖澜县松萤镇人民政府", 4) in values and ("栖澜县松萤镇人民政府", 2) in values
    assert all("25" in str(row[-1]) for row in sources.rows if row[0] == "栖澜县人民政府办公室")
    for kind in ("csv", "xlsx", "md", "docx"):
        assert write(document, kind)


def test_an_export_keeps_what_is_known_of_a_mean(assistant: Assistant) -> None:
    pivot = make_pivot(assistant.index, PivotRequest(rows="kind", years=(2023,), shows="mean"), "zh")
    rows = {str(row[0]): row for row in as_table(pivot, pivot.order(), ZH).rows}
    assert rows["开发区"][1] == Decimal("2.666667")


def test_a_chart_follows_what_is_shown(assistant: Assistant) -> None:
    address = read_address({"years": "2023", "find": "镇"}, ZH)
    chart = chart_for(make_pivot(assistant.index, address.request, "zh"), address, ZH)
    assert chart is not None
    assert chart["type"] == "bar"
    assert all("镇" in name for name in chart["x"])


def test_a_hostile_report_is_shown_as_text(tmp_path: Path, hostile: str) -> None:
    from vectorstore.index import Index

    text = f"{hostile}镇收到申请1件。"
    name = f"{hostile.splitlines()[0]}镇"
    body = Body("b1", name, Kind.TOWNSHIP, COUNTY)
    report = Report("a1", text, "b1", name, Kind.TOWNSHIP, COUNTY, 2023, source=f"{hostile}.txt", characters=len(text))
    figure = Figure(
        "a1", "b1", NEW, None, 2023, Decimal(1), State.DERIVED, "件", Origin.DERIVED, 0, len(text),
        cell=CellReference(0, 0, 0, 1), note=hostile,
    )  # fmt: skip
    passage = Passage(f"a1:0-{len(text)}", "a1", "", None, text, 0, len(text), 1)
    with Index.open(tmp_path / "index", create=True) as index, index.writing() as writer:
        writer.put(ReportContents(report, text, body, (), (passage,), (figure,)))
    with Assistant.open(tmp_path / "index") as assistant:
        page = Page(Site(assistant))
        html = page.render(Visit(ZH, {"bodies": name.replace(",", " "), "find": hostile}))
        html += "".join(shown(page)["parts"].values()) + page.silences({"query": {}, "metric": NEW})
        html += page.chart({"lang": "zh", "query": {"rows": "body"}})
    assert "<script" not in html and "<img" not in html and "onerror=" not in re.sub(r'"[^"]*"|>[^<]*<', "", html)


def test_an_empty_index_says_where_to_begin(tmp_path: Path) -> None:
    from vectorstore.index import Index

    Index.open(tmp_path / "index", create=True).close()
    with Assistant.open(tmp_path / "index") as assistant:
        html = Page(Site(assistant)).render(Visit(ZH, {}))
    assert 'href="adding"' in html and "<form" not in html
