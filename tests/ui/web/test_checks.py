"""The list of failed checks: what is wanted, what is counted, and what is shown of a check."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from ui.texts import texts
from ui.web.checks.check_table import checks_table
from ui.web.checks.check_view import name_of, value_of
from ui.web.checks.page import Page
from ui.web.checks.work_list import PAGE_SIZE, Wanted, list_checks, read_wanted
from ui.web.reports.report_page import render_report_page
from ui.web.site import Site, Visit
from vectorstore.database import DATABASE_NAME
from vectorstore.errors import NianbaoError
from vectorstore.index import Index
from vectorstore.records import Check, CheckSide, Finding, ReportContents, Scope, Span, Verdict

ZONE = "栖澜高新技术产业开发区管理委员会"
"""Of the bundled samples, this zone contradicts itself thrice in its report on 2022."""


@pytest.fixture
def site(samples_index: Path, tmp_path: Path) -> Iterator[Site]:
    """Over a copy of the bundled samples that the test may change: their four contradictions, no faults of layout."""
    shutil.copytree(samples_index, tmp_path / "index")
    with closing(sqlite3.connect(tmp_path / "index" / DATABASE_NAME)) as connection:
        connection.execute("DELETE FROM checks WHERE rule LIKE '%title' OR rule LIKE 'heading%' OR rule LIKE 'period%'")
        connection.commit()
    with Assistant.open(tmp_path / "index") as assistant:
        yield Site(assistant)


def index_of(site: Site) -> Index:
    return site.assistant.index


def add_checks(site: Site, *changes: dict[str, Any]) -> ReportContents:
    """Give the first report more checks that fail: each as a record's fields, with plain values for the sides."""
    index = index_of(site)
    contents = index.contents(index.reports()[0].report_id)
    failing = CheckSide("左", Decimal(1), (Span(0, 4),))
    made = [
        Check(
            contents.report.report_id,
            change.get("rule", "row_total"),
            change.get("subject", "applications_new"),
            False,
            replace(failing, label=change.get("label", "左")),
            CheckSide("右", Decimal(change.get("right", 2))),
        )
        for change in changes
    ]
    with index.writing() as writer:
        writer.put(replace(contents, checks=(*contents.checks, *made)))
    return contents


def named(html: str) -> list[str]:
    return re.findall(r"<h3>(.*?)</h3>", html)


def visit(site: Site, language: str = "zh", **query: str) -> str:
    return Page(site).render(Visit(texts(language), query))


def test_what_is_wanted_comes_back_from_its_address() -> None:
    wanted = Wanted(sort="year", place="甲省/乙市", year="2023", verdict="all", group="rule", page=3)
    assert read_wanted(wanted.query(page=3)) == wanted
    assert Wanted().query() == {}
    assert "page" not in wanted.query(sort="value")


@pytest.mark.parametrize(
    "query",
    [
        {"verdict": "perhaps", "group": "colour", "page": "-3"},
        {"page": "²", "rule": None, "place": ["a"], "verdict": 7},
        {"page": "1e9", "unheard": "of"},
    ],
)
def test_what_makes_no_sense_is_taken_for_not_given(query: dict[str, Any]) -> None:
    assert read_wanted(query) == Wanted()


def test_the_samples_contradictions_are_listed_with_both_sides(site: Site) -> None:
    html = visit(site, report=next(r.report_id for r in index_of(site).reports() if (r.body, r.year) == (ZONE, 2022)))
    assert named(html) == ["正文前后 · 主动公开政府信息", "正文前后 · 网站公开信息", "正文前后 · 微信公众号公开信息"]
    values = re.findall(r'<p class="nb-check-value">(\d+)</p>', html)
    assert values == ["272", "13", "43", "9", "216", "4"]
    assert "相差 259" in html


def test_each_filter_counts_what_the_others_leave(site: Site) -> None:
    add_checks(site, {"rule": "row_total"}, {"rule": "heading_style", "subject": "heading_1"})
    everything = list_checks(index_of(site), Wanted())
    assert len(everything.items) == 6
    assert everything.counts["severity"] == {"fault": 5, "warning": 1}
    faults = list_checks(index_of(site), Wanted(severity="fault"))
    assert len(faults.items) == 5
    assert faults.counts["severity"] == {"fault": 5, "warning": 1}
    assert faults.counts["sort"] == {"identity": 1, "comparison": 4}
    assert len(list_checks(index_of(site), Wanted(severity="fault", sort="layout")).items) == 0


def test_a_place_counts_what_lies_in_it_and_narrows_to_it(site: Site) -> None:
    listed = list_checks(index_of(site), Wanted())
    region = listed.items[0][0].place
    province = region.split("/")[0]
    assert listed.counts["place"][province] == sum(item.place.startswith(f"{province}/") for item, _ in listed.items)
    assert len(list_checks(index_of(site), Wanted(place=province)).items) == listed.counts["place"][province]
    assert len(list_checks(index_of(site), Wanted(place=province[:1])).items) == 0


def test_a_body_is_found_by_a_part_of_its_name(site: Site) -> None:
    assert {item.report.body for item, _ in list_checks(index_of(site), Wanted(body="栖澜高新")).items} == {ZONE}
    assert not list_checks(index_of(site), Wanted(body="没有这个单位")).items


def test_long_lists_come_in_pages(site: Site) -> None:
    add_checks(site, *({"subject": f"heading_{n}", "rule": "heading_style"} for n in range(PAGE_SIZE + 3)))
    first, last = visit(site), visit(site, page="2")
    assert (len(named(first)), len(named(last))) == (PAGE_SIZE, 7)
    assert named(visit(site, page="99")) == named(last)
    assert "共 57 条" in last
    assert re.findall(r"aria-current=\"page\">(.*?)<", last) == ["2"]


def test_what_is_surely_wrong_comes_first(site: Site) -> None:
    contents = add_checks(
        site,
        {"rule": "heading_style", "subject": "heading_1"},
        {"rule": "row_total"},
        {"rule": "wording_of_title", "subject": "title"},
    )
    of_first = [
        item.rule.severity
        for item, _ in list_checks(index_of(site), Wanted()).items
        if item.report.report_id == contents.report.report_id
    ]
    assert of_first[-2:] == ["warning", "warning"] and set(of_first[:-2]) == {"fault"}
    with index_of(site).writing() as writer:
        only_doubts = tuple(replace(c, rule="heading_style") for c in contents.checks if c.holds is not False)[:1]
        doubtful = replace(only_doubts[0], holds=False, subject="heading_1")
        writer.put(replace(contents, checks=(doubtful,)))
    listed = [item for item, _ in list_checks(index_of(site), Wanted()).items]
    assert listed[-1].report.report_id == contents.report.report_id
    page = render_report_page(site, {"id": contents.report.report_id}, texts("zh"))
    assert 'nb-tag nb-warn">1处' in page and 'nb-tag nb-bad">1处' not in page


@pytest.mark.parametrize(
    ("rule", "label", "value", "shown"),
    [
        ("row_total", "六类申请人之和", 12, "12"),
        ("row_total", "六类申请人之和", None, ""),
        ("heading_numbers", "一、总体情况", 1, ""),
        ("year_of_title", "白石镇2023年度报告", 2023, ""),
        ("year_of_title", "报告年度", 2023, "2023"),
        ("period_of_year", "统计期限2021-01-01至2021-12-31", None, ""),
    ],
)
def test_a_side_states_a_number_only_where_its_words_do_not(
    rule: str, label: str, value: int | None, shown: str
) -> None:
    side = CheckSide(label, None if value is None else Decimal(value))
    assert value_of(Check("r", rule, "applications_new", False, side, side), side) == shown


def test_checks_are_grouped_by_rule_where_that_is_wanted(site: Site) -> None:
    add_checks(site, {"rule": "heading_style", "subject": "heading_1"}, {"rule": "row_total"})
    html = visit(site, group="rule")
    assert re.findall(r"<h2>([^<]*?) <", html) == ["申请人合计", "正文与表格", "正文前后", "标题编号样式"]


def request_of(site: Site, **more: Any) -> dict[str, Any]:
    item = list_checks(index_of(site), Wanted()).items[0][0].check
    check = {
        "report": item.report_id,
        "rule": item.rule,
        "subject": item.subject,
        "left": str(item.left.value),
        "right": str(item.right.value),
    }
    return {"lang": "zh", "check": check, "query": {}, **more}


def test_a_verdict_is_kept_with_note_and_name_and_can_be_taken_back(site: Site) -> None:
    page = Page(site)
    request = request_of(site, finding="dismissed", note="  两个口径\n不同 ", by="张三")
    reply = page.judge(request)
    assert (reply["done"], reply["all"]) == (1, 4)
    assert "两个口径 不同" in reply["item"] and "张三" in reply["item"]
    (verdict,) = index_of(site).verdicts()
    assert (verdict.finding, verdict.note, verdict.made_by) == (Finding.DISMISSED, "两个口径 不同", "张三")
    assert len(named(visit(site))) == 3
    assert len(named(visit(site, verdict="dismissed"))) == 1
    assert page.undo(request)["done"] == 0
    assert index_of(site).verdicts() == []


def test_a_verdict_on_a_check_that_changed_meanwhile_is_refused(site: Site) -> None:
    request = request_of(site, finding="confirmed")
    request["check"]["left"] = "1000"
    with pytest.raises(NianbaoError, match="刷新"):
        Page(site).judge(request)
    for broken in ({}, {"check": None}, {"check": {"report": 5}}, {"check": {"report": "no such report"}}):
        with pytest.raises(NianbaoError):
            Page(site).judge({"lang": "zh", "finding": "confirmed", **broken})
    with pytest.raises(NianbaoError, match="只能"):
        Page(site).judge(request_of(site, finding="open"))
    assert index_of(site).verdicts() == []


def test_a_check_whose_values_changed_is_open_again_and_says_what_was_found(site: Site) -> None:
    check = list_checks(index_of(site), Wanted()).items[0][0].check
    former = Verdict(check.report_id, check.rule, check.subject, Finding.CONFIRMED, "77", "88", "李四", "2026-01-02")
    with index_of(site).writing() as writer:
        writer.record_verdict(former)
    html = visit(site)
    assert "曾判为“确有差错”，但那时的数是 77 和 88，现在变了。" in html
    assert "李四" in html
    assert "已看 0 / 4 条" in html


def test_nothing_fails_no_reports_and_nothing_matches_are_told_apart(site: Site, tmp_path: Path) -> None:
    assert "没有符合这些条件的" in visit(site, body="没有这个单位")
    page = Page(site)
    for _ in range(4):
        page.judge(request_of(site, finding="confirmed"))
    assert "都看过了" in visit(site)
    Index.open(tmp_path / "empty", create=True).close()
    with Assistant.open(tmp_path / "empty") as empty:
        assert "还没有报告" in visit(Site(empty))
    index = index_of(site)
    with index.writing() as writer:
        for report_id in {check.report_id for check in index.failed_checks()}:
            writer.put(replace(index.contents(report_id), checks=()))
    assert "没有对不上的数" in visit(site)


def test_what_a_report_holds_is_text_and_nothing_else(site: Site, hostile: str) -> None:
    add_checks(site, {"rule": "heading_style", "subject": hostile, "label": hostile})
    html = visit(site, body=hostile) + visit(site, sort="layout", rule=hostile) + visit(site, sort="layout")
    assert "<script" not in html and "<img" not in html
    assert "&lt;script&gt;" in html


def test_the_sides_of_a_row_are_drawn_as_cells_with_theirs_marked(site: Site) -> None:
    html = visit(site, rule="narrative_against_table", lang="zh")
    (row,) = re.findall(r'<blockquote[^>]* class="nb-cells">(.*?)</blockquote>', html)
    cells = re.findall(r"<(span|mark)>(.*?)</\1>", row)
    assert cells[-1] == ("mark", "2")
    assert [kind for kind, _ in cells].count("mark") == 1


def test_a_reports_own_page_shows_its_checks_without_judging_them(site: Site) -> None:
    report = next(r for r in index_of(site).reports() if (r.body, r.year) == (ZONE, 2022))
    failing = index_of(site).failed_checks(Scope(report_ids=(report.report_id,)))[0]
    Page(site).judge({"lang": "zh", "check": name_of(failing), "query": {}, "finding": "confirmed"})
    page = render_report_page(site, {"id": report.report_id, "view": "checks"}, texts("en"))
    html = page.split('id="nb-view-checks"')[1].split('id="nb-view-years"')[0]
    assert len(named(html)) == 3
    assert html.count(f">{texts('en')('checks.confirmed')}<") == 1
    assert "data-finding" not in html
    assert f"checks?report={report.report_id}&amp;verdict=all" in html


def test_the_exported_list_has_both_values_their_words_and_the_verdict(site: Site) -> None:
    Page(site).judge(request_of(site, finding="dismissed", note="两个口径", by="张三"))
    table = checks_table(index_of(site), {"verdict": "all", "page": "2"}, texts("zh"))
    rows = [dict(zip((column.name for column in table.columns), row, strict=True)) for row in table.rows]
    assert len(rows) == 4
    assert [row["结论"] for row in rows].count("另有缘故") == 1
    row = next(row for row in rows if row["单位"] == ZONE and row["指标"] == "主动公开政府信息")
    assert (row["一边的数"], row["另一边的数"], row["相差"], row["年份"]) == (272, 13, 259, 2022)
    assert "272" in str(row["一边的原文"])
    assert len(checks_table(index_of(site), {}, texts("en")).rows) == 3
