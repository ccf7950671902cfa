"""Browsing: what the filters of an address leave, and how many each further one would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.texts import texts
from ui.web.reports.browse_view import render_browsing
from ui.web.reports.browsing import (
    FACETS,
    MARKS,
    PAGE_LENGTH,
    Filters,
    Listed,
    Shelf,
    read_filters,
    scope_of,
)
from ui.web.reports.full_text import highlighted, search, spans_of
from ui.web.reports.report_table import reports_table
from vectorstore.records import Kind, Report, Scope

ZH, EN = texts("zh"), texts("en")
TABLES = ("proactive_table", "application_table", "dispute_table")


def listed(name: str, kind: Kind, region: str | None, year: int | None, **more: Any) -> Listed:
    faults, is_corrected = more.pop("faults", 0), more.pop("is_corrected", False)
    report = Report(f"id-{name}-{year}", f"{name}年报", f"b-{name}", name, kind, region, year, **more)
    return Listed(report, faults, 0, is_corrected)


ALL = (
    listed("白石镇", Kind.TOWNSHIP, "云山省/青溪市/白石县", 2023, tables=TABLES, faults=2, issued_on="2024-01-09"),
    listed("白石镇", Kind.TOWNSHIP, "云山省/青溪市/白石县", 2022, tables=TABLES, issued_on="2023-01-19"),
    listed("青溪高新区", Kind.ZONE, "云山省/青溪市", 2023, tables=TABLES[:1], is_corrected=True),
    listed("松岭园区", Kind.ZONE, "海原省/松岭市", 2023, pictures=3),
    listed("松岭园区", Kind.ZONE, "海原省/松岭市", 2023, superseded_by="x", faults=1),
    listed("无名局", Kind.DEPARTMENT, None, None),
)
SHELF = Shelf(ALL, {"b-青溪高新区": ("青高新",)})


def found(**query: str) -> list[tuple[str, int | None]]:
    return [(one.report.body, one.report.year) for one in SHELF.find(read_filters(query)).listed]


def test_versions_that_were_replaced_are_listed_only_when_asked_for() -> None:
    assert len(found()) == 5
    assert found(marks="replaced") == [("松岭园区", 2023)]
    assert SHELF.find(Filters()).counts["marks"]["replaced"] == 1


@pytest.mark.parametrize(
    ("query", "bodies"),
    [
        ({"kind": "zone"}, ["青溪高新区", "松岭园区"]),
        ({"kind": "zone,township", "year": "2023"}, ["白石镇", "青溪高新区", "松岭园区"]),
        ({"place": "云山省/青溪市"}, ["白石镇", "白石镇", "青溪高新区"]),
        ({"place": "青溪"}, ["白石镇", "白石镇", "青溪高新区"]),
        ({"name": "青高新"}, ["青溪高新区"]),
        ({"name": "青 高新区"}, ["青溪高新区"]),
        ({"tables": "pictures"}, ["松岭园区"]),
        ({"tables": "some,none"}, ["青溪高新区", "无名局"]),
        ({"marks": "failed"}, ["白石镇"]),
        ({"marks": "corrected"}, ["青溪高新区"]),
        ({"marks": "failed,corrected"}, []),
        ({"year": "unknown"}, ["无名局"]),
        ({"kind": "nonsense", "year": "20x3", "page": "-4"}, ["白石镇", "白石镇", "青溪高新区", "松岭园区", "无名局"]),
    ],
)
def test_a_filter_leaves_what_it_says(query: dict[str, str], bodies: list[str]) -> None:
    assert [body for body, _ in found(**query)] == bodies


def test_a_filter_counts_what_it_would_leave_with_another_value() -> None:
    counts = SHELF.find(read_filters({"kind": "zone", "year": "2023"})).counts
    assert counts["kind"] == {"zone": 2, "township": 1, "department": 0}
    assert counts["year"] == {"2023": 2, "2022": 0, "unknown": 0}


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "kind": st.sampled_from(["zone", "township", "zone,department"]),
            "year": st.sampled_from(["2023", "2022,2023", "unknown"]),
            "tables": st.sampled_from(["all", "some,pictures", "none"]),
            "marks": st.sampled_from(list(MARKS)),
            "place": st.sampled_from(["青溪", "云山省", "nowhere"]),
        },
    )
)
def test_choosing_a_value_leaves_as_many_as_were_counted(query: dict[str, str]) -> None:
    filters = read_filters(query)
    counts = SHELF.find(filters).counts
    for facet in FACETS:
        for value, number in counts[facet].items():
            if facet == "marks":
                chosen = filters if value in filters.values(facet) else filters.toggled(facet, value)
            else:
                chosen = replace(filters, chosen={**filters.chosen, facet: (value,)})
            assert len(SHELF.find(chosen).listed) == number, (facet, value)


def test_what_is_unknown_comes_last_in_either_order() -> None:
    assert found(sort="year")[-1] == ("无名局", None)
    assert found(sort="-year")[-1] == ("无名局", None)
    assert [year for _, year in found(sort="-year")][:2] == [2022, 2023]
    assert found(sort="issued")[0] == ("白石镇", 2023)
    assert found(sort="failed")[0] == ("白石镇", 2023)


def test_an_address_is_read_as_it_was_written() -> None:
    filters = read_filters(
        {"kind": "zone,city", "year": "2023", "place": "甲/乙", "q": "征地 & <b>", "sort": "-year", "page": "3"}
    )
    again = {name: str(value) for name, value in filters.as_query().items() if value not in (None, "")}
    assert read_filters(again) == filters
    assert "<b>" not in filters.address()


def test_places_are_suggested_with_their_reports() -> None:
    assert SHELF.places_called("青") == [("云山省/青溪市", 3)]
    assert SHELF.places_called("云山省/青")[0] == ("云山省/青溪市", 3)
    assert SHELF.places_called("") != []
    assert SHELF.places_called("火星") == []


def test_a_search_within_filters_looks_in_just_what_they_leave() -> None:
    def scope(**query: str) -> Scope:
        filters = read_filters(query)
        return scope_of(filters, SHELF.find(filters))

    assert scope() == Scope()
    assert scope(kind="zone", year="2023") == Scope(kinds=(Kind.ZONE,), years=(2023,))
    assert scope(marks="failed") == Scope(report_ids=("id-白石镇-2023",))
    assert scope(place="nowhere") == Scope(report_ids=("",))


def test_overlapping_terms_make_one_mark_and_a_quote_stands_alone() -> None:
    text = "收到政府信息公开申请三件"
    assert [span.of(text) for span in spans_of(highlighted("信息公开"), text)] == ["信息公开"]
    assert [span.of("公开 申请，申请") for span in spans_of(highlighted("“公开申请”的原因"), "公开 申请，申请")] == [
        "公开 申请"
    ]


@pytest.fixture(scope="module")
def site(samples_index: Path) -> Iterator[Any]:
    from assistant.assistant import Assistant
    from ui.web.site import Site

    with Assistant.open(samples_index) as assistant:
        yield Site(assistant)


def test_the_list_agrees_with_the_truth_of_the_samples(site: Any, samples: Path) -> None:
    import json

    truth = [json.loads(line) for line in (samples.parent / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    html = render_browsing(site, Filters(), ZH)
    assert html.count("<tr>") - 1 == min(len(truth), PAGE_LENGTH)
    for kind, number in Counter(report["kind"] for report in truth).items():
        assert len(reports_table(site.assistant.index, {"kind": kind}, ZH).rows) == number


def test_a_file_of_the_list_says_unknown_and_not_nothing(site: Any) -> None:
    table = reports_table(site.assistant.index, {"year": "2023"}, EN)
    header, rows = [column.name for column in table.columns], table.rows
    assert len(set(header)) == len(header) == len(rows[0])
    assert {row[header.index("Statistics year")] for row in rows} == {2023}
    assert {row[header.index("Web address")] for row in rows} == {None}


def test_nothing_found_says_which_filter_to_loosen(site: Any) -> None:
    html = render_browsing(site, read_filters({"kind": "zone", "name": "教育局"}), ZH)
    assert "没有符合全部条件" in html
    assert "去掉“类型”的条件：3份" in html
    assert "去掉“名称”的条件：9份" in html


def test_a_search_says_what_it_narrowed_to_and_can_be_widened(site: Any) -> None:
    html = render_browsing(site, read_filters({"q": "2023年乡镇开展培训"}), ZH)
    assert "缩小到：2023年。" in html
    assert "narrow=0" in html
    done = search(site.assistant, read_filters({"q": "2023年乡镇开展培训", "narrow": "0"}), SHELF.find(Filters()))
    assert done.within == Scope()
    assert done.words == "2023年乡镇开展培训"


def test_what_no_sentence_says_is_called_nearest(site: Any) -> None:
    assert "最接近的段落" in render_browsing(site, read_filters({"q": "航天发射场的噪音补偿"}), ZH) or (
        "没有找到" in render_browsing(site, read_filters({"q": "航天发射场的噪音补偿"}), ZH)
    )
    html = render_browsing(site, read_filters({"q": "“从来没有哪份报告写过这句话”"}), ZH)
    assert "去掉引号" in html


def test_an_empty_index_leads_to_adding() -> None:
    index = SimpleNamespace(remember=lambda key, make: Shelf((), {}))
    html = render_browsing(SimpleNamespace(assistant=SimpleNamespace(index=index)), Filters(), ZH)  # type: ignore[arg-type]
    assert 'href="adding"' in html
