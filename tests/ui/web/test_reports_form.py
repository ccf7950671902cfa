"""A report's figures as the official form, and the rest of its page."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from ui.texts import texts
from ui.web.markup import report_link
from ui.web.reports.official_form import OfficialForm
from ui.web.reports.report_page import render_report_page
from ui.web.reports.report_years import versions_of
from vectorstore.catalogue import catalogue
from vectorstore.records import CellReference, Figure, Kind, Origin, Report, ResolvedFigure, Scope, State

ZH = texts("zh")
TABLES = ("proactive_table", "application_table", "dispute_table")
REPORT = Report("r1", "白石镇2023年报", "b1", "白石镇", Kind.TOWNSHIP, None, 2023, tables=TABLES)


@pytest.fixture(scope="module")
def site(samples_index: Path) -> Iterator[Any]:
    from assistant.assistant import Assistant
    from ui.web.site import Site

    with Assistant.open(samples_index) as assistant:
        yield Site(assistant)


def cells(html: str) -> dict[str, str]:
    """The words of each of the form's cells, by metric."""
    found = re.findall(r'<td[^>]* data-metric="(\w+)">(.*?)</td>', html, re.DOTALL)
    assert len({metric for metric, _ in found}) == len(found)
    return {metric: unescape(re.sub(r"<[^>]*>", "", content)).strip() for metric, content in found}


def form_of(site: Any, source: str) -> tuple[OfficialForm, str]:
    index = site.assistant.index
    report = next(one for one in index.reports() if one.source.endswith(source))
    form = OfficialForm(report, index.figures(Scope(report_ids=(report.report_id,))), ZH)
    return form, form.render()


def test_the_forms_cells_say_what_the_report_was_written_from(site: Any, samples: Path) -> None:
    # By hand from samples/truth.jsonl.
    shown = cells(form_of(site, "office-2021.txt")[1])
    assert shown["applications_new"] == "27"
    assert shown["applications_new__natural_person"] == "20"
    assert shown["applications_new__enterprise"] == "4"
    assert shown["result_granted"] == "15"
    assert shown["result_granted__enterprise"] == "2"
    assert shown["normative_docs_in_force"] == "28"
    assert shown["rules_issued"] == "0"
    assert shown["review_total"] == "0"


def test_every_number_of_a_tables_cell_is_a_link_to_its_characters_exactly_once(site: Any) -> None:
    index = site.assistant.index
    reports = [report for report in index.reports() if report.tables]
    assert reports
    for report in reports[::5]:
        text = index.text(report.report_id)
        figures = index.figures(Scope(report_ids=(report.report_id,)))
        html = render_report_page(site, {"id": report.report_id, "view": "figures"}, ZH)
        panel = html.split('id="nb-view-figures"')[1].split('id="nb-view-checks"')[0]
        linked = Counter(re.findall(r'href="([^"]+)"', panel.split('class="nb-more-of-it"')[0]))
        printed = [r for f in figures for r in f.readings if r.origin is Origin.TABLE and r.value is not None]
        assert len(printed) > 50
        for reading in printed:
            assert reading.cell is not None
            place = (reading.cell.start, reading.cell.end)
            assert linked[report_link(report.report_id, reading.start, reading.end, place)] == 1, reading
            assert text[slice(*place)].strip().replace(",", "") == f"{reading.value}"


def figure(
    metric: str, value: int | None, state: State = State.STATED, origin: Origin = Origin.TABLE, at: int = 0
) -> Figure:
    cell = CellReference(0, 1, at + 2, at + 3) if origin is Origin.TABLE else None
    number = None if value is None else Decimal(value)
    return Figure("r1", "b1", metric, None, 2023, number, state, "件", origin, at, at + 5, None, cell)


def resolved(*readings: Figure, state: State | None = None, value: int | None = None, **more: Any) -> ResolvedFigure:
    first = readings[0]
    number = first.value if state is None else None if value is None else Decimal(value)
    made = ResolvedFigure(
        "r1", "b1", "白石镇", Kind.TOWNSHIP, None, 2023, first.metric, number, "件", state or first.state, first.origin,
        readings,
    )  # fmt: skip
    return replace(made, **more)


def test_zero_blank_slash_unreadable_and_silent_are_told_apart() -> None:
    form = OfficialForm(
        REPORT,
        [
            resolved(figure("applications_new", 0)),
            resolved(figure("applications_carried_in", None, State.BLANK)),
            resolved(figure("result_granted", None, State.NOT_APPLICABLE)),
            resolved(figure("result_partial", None, State.UNREADABLE)),
        ],
        ZH,
    )
    html = form.render()
    shown = cells(html)
    said = [
        shown[m]
        for m in ("applications_new", "applications_carried_in", "result_granted", "result_partial", "result_total")
    ]
    assert said == ["0", "空白", "/", "无法辨认", "未提及"]
    assert "格子是空的，不等于0" in html
    assert len(shown) == 10 + 25 * 7 + 15


def test_a_contradiction_shows_both_and_a_correction_what_was_before() -> None:
    prose = figure("applications_new", 9, origin=Origin.NARRATIVE, at=50)
    table = figure("applications_new", 153)
    corrected = figure("result_granted", 7, origin=Origin.CORRECTED)
    read = figure("result_granted", 1, at=20)
    form = OfficialForm(
        REPORT,
        [
            resolved(table, prose, state=State.CONFLICTING, value=153),
            resolved(read, corrected, value=7, state=State.STATED, origin=Origin.CORRECTED),
        ],
        ZH,
    )
    html = form.render()
    shown = cells(html)
    assert shown["applications_new"].split() == ["153", "≠", "9正文"]
    assert "报告前后不一，两处的数都列出" in html
    assert shown["result_granted"].split() == ["7更正", "1"]
    assert 'class="nb-other-reading"' in html
    assert form.others == []


def test_figures_of_another_year_or_body_stay_out_of_the_form() -> None:
    before = resolved(figure("applications_new", 4), year=2022)
    zone = resolved(figure("applications_new", 5), body_id="b2")
    form = OfficialForm(REPORT, [before, zone], ZH)
    assert cells(form.render())["applications_new"] == "未提及"
    assert form.others == [before, zone]


def test_a_table_that_was_not_read_is_not_drawn_as_a_grid_of_unknowns() -> None:
    told = resolved(figure("applications_new", 4, origin=Origin.NARRATIVE))
    # Pictures of other tables are no reason to say that these are on one.
    for report in (replace(REPORT, tables=()), replace(REPORT, tables=(), pictures=3)):
        form = OfficialForm(report, [told], ZH)
        html = form.render()
        assert (html.count("没有读到"), html.count("只有图片")) == (3, 0)
        assert cells(html) == {}
        assert form.others == [told]


def test_a_table_on_a_picture_that_was_not_read_is_one_sentence_that_leads_to_it() -> None:
    def unread(metric: str) -> ResolvedFigure:
        return resolved(figure(metric, None, State.UNREADABLE, Origin.IMAGE, at=70))

    cells_of_it = [unread("review_total"), unread("lit_direct_total"), unread("review_upheld")]
    form = OfficialForm(replace(REPORT, tables=(), pictures=1), cells_of_it, ZH)
    html = form.render()
    assert (html.count("没有读到"), html.count("只有图片")) == (2, 1)
    assert f'<a href="{report_link("r1", 70, 75)}">看图片</a>' in html
    assert form.others == []
    # Where one cell could be read, the table is drawn, with what is unknown in it.
    read = resolved(figure("review_total", 2, origin=Origin.IMAGE))
    shown = cells(OfficialForm(replace(REPORT, tables=(), pictures=1), [read, *cells_of_it[1:]], ZH).render())
    assert (shown["review_total"], shown["review_upheld"]) == ("2", "无法辨认")


def test_the_form_of_2019_has_its_own_first_table_and_one_row_of_other_handling() -> None:
    former = next(m for m in catalogue().metrics.values() if m.is_former)
    html = OfficialForm(REPORT, [resolved(figure(former.id, 3))], ZH).render()
    shown = cells(html)
    assert shown[former.id] == "3"
    assert "other_subtotal" in shown
    assert "other_misc" not in shown


def page(site: Any, **query: str) -> str:
    return render_report_page(site, query, ZH)


def test_the_place_of_an_address_is_marked_and_a_place_outside_is_said(site: Any) -> None:
    report = site.assistant.index.reports()[0]
    text = site.assistant.index.text(report.report_id)
    start = text.index("一、总体情况")
    html = page(site, id=report.report_id, at=f"{start}-{start + 6}", cell=f"{start + 2}-{start + 4}")
    assert (
        '<mark class="nb-cited">一、</mark><mark class="nb-cell">总体</mark><mark class="nb-cited">情况</mark>' in html
    )
    assert "不在这份报告里" in page(site, id=report.report_id, at="5-99999999")
    assert "<mark" not in page(site, id=report.report_id, at="<script>").split("nb-view-figures")[0]


def test_an_unknown_and_an_ambiguous_id_have_words(site: Any) -> None:
    ids = [report.report_id for report in site.assistant.index.reports()]
    first = next(c for c in "0123456789abcdef" if sum(i.startswith(c) for i in ids) > 1)
    assert f"开头的报告有{sum(i.startswith(first) for i in ids)}份" in page(site, id=first)
    html = page(site, id="<script>alert(1)</script>")
    assert "没有编号为" in html
    assert "<script" not in html


def test_the_failing_checks_come_first_with_both_sides_quoted(site: Any) -> None:
    index = site.assistant.index
    report_id = next(iter(index.tally_failures()))
    failing = index.checks(Scope(report_ids=(report_id,)), holds=False)
    html = page(site, id=report_id, view="checks").split('id="nb-view-checks"')[1]
    assert html.count('class="nb-check"') == len(failing)
    for side in (failing[0].left, failing[0].right):
        assert side.label in unescape(html)


def test_other_years_stand_side_by_side_as_the_samples_were_written(site: Any, samples: Path) -> None:
    truth = [json.loads(line) for line in (samples.parent / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    office = {r["year"]: r["figures"]["applications_new"] for r in truth if r["file"].startswith("office-")}
    report = next(one for one in site.assistant.index.reports() if one.source.endswith("office-2022.txt"))
    html = page(site, id=report.report_id, view="years").split('id="nb-view-years"')[1]
    row = re.search(r"新收政府信息公开申请</th>(.*?)</tr>", html)
    assert row is not None
    values = [unescape(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r"<td.*?</td>", row[1])]
    assert values == [f"{office[year]}件" for year in sorted(office)]


def test_versions_are_followed_through_all_replacements() -> None:
    def version(report_id: str, by: str | None) -> Report:
        return replace(REPORT, report_id=report_id, superseded_by=by)

    chain = [version("v1", "v2"), version("v2", "v3"), version("v3", None), version("w", None)]
    assert [one.report_id for one in versions_of(chain[2], chain)] == ["v1", "v2"]
    assert [one.report_id for one in versions_of(chain[0], chain)] == ["v2", "v3"]
    assert versions_of(chain[3], chain) == []
