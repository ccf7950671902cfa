"""Two groupings at once: every cell has its row, unknown cells stay unknown, totals are of what is known."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.answering.deferred import Deferred
from vectorstore.catalogue import catalogue
from vectorstore.records import Kind

NEW = "applications_new"
COLUMNS = [column.id for column in catalogue().application_columns]
OUTCOMES = [row.id for row in catalogue().application_rows if row.part == "outcome"]


def cells(answer: Any) -> dict[str, object]:
    return {row.label: row.value for row in answer.rows}


def tabled(draft: Any, name: str, granted: int, denied: int, year: int = 2023) -> Any:
    """A zone that granted some applications of enterprises and denied some of natural persons."""
    made = draft(name, year, Kind.ZONE)
    for outcome in OUTCOMES:
        person = denied if outcome == "denied_third_party" else 0
        enterprise = granted if outcome == "result_granted" else 0
        row = (person, enterprise, 0, 0, 0, 0, person + enterprise)
        made.row(outcome, dict(zip(COLUMNS, row, strict=True)))
    return made


@pytest.fixture
def zones(draft: Any) -> list[Any]:
    return [tabled(draft, "青川开发区", 4, 1), tabled(draft, "墨溪开发区", 2, 0), draft("白石开发区", 2023, Kind.ZONE)]


def test_each_body_has_each_outcome(ask: Any, zones: list[Any]) -> None:
    answer = ask(zones, subject="figures", operation="breakdown", metrics=[], group_by=["body", "outcome"])
    assert len(answer.rows) == 3 * len(OUTCOMES)
    table = cells(answer)
    assert table["青川开发区 × 予以公开"] == 4
    assert table["墨溪开发区 × 不予公开（保护第三方合法权益）"] == 0
    assert "青川开发区：予以公开4件" in answer.text


def test_the_rows_of_a_large_table_are_made_when_they_are_looked_at(ask: Any, draft: Any) -> None:
    zones = [tabled(draft, f"{name}溪开发区", 4, 1) for name in "青墨白松柏"]
    answer = ask(zones, subject="figures", operation="breakdown", metrics=[], group_by=["body", "outcome"])
    assert isinstance(answer.rows, Deferred)
    assert len(answer.rows) == 5 * len(OUTCOMES)
    numbers = {citation.n for citation in answer.citations}
    assert all(row.citations and numbers.issuperset(row.citations) for row in answer.rows)


def test_an_unknown_cell_is_unknown_and_not_zero(ask: Any, zones: list[Any]) -> None:
    answer = ask(zones, subject="figures", operation="breakdown", metrics=[], group_by=["body", "outcome"])
    unknown = [row for row in answer.rows if row.body == "白石开发区"]
    assert {(row.value, row.state) for row in unknown} == {(None, "silent")}
    assert f"有{len(OUTCOMES)}项没有可用的数字" in answer.text
    series = next(s for s in answer.chart["series"] if s["name"] == "予以公开")
    assert dict(zip(answer.chart["x"], series["y"], strict=True))["白石开发区"] is None


def test_totals_say_on_how_many_they_rest(ask: Any, zones: list[Any]) -> None:
    answer = ask(zones, subject="figures", operation="breakdown", metrics=[], group_by=["body", "outcome"])
    assert "有数各格的合计：予以公开6件（2个有数）" in answer.text


def test_years_and_kinds_make_a_table(ask: Any, draft: Any) -> None:
    drafts = [
        draft("甲镇", 2022, Kind.TOWNSHIP).says(NEW, 1),
        draft("甲镇", 2023, Kind.TOWNSHIP).says(NEW, 2),
        draft("乙镇", 2023, Kind.TOWNSHIP).says(NEW, 3),
        draft("丙街道", 2023, Kind.SUBDISTRICT).says(NEW, 4),
    ]
    answer = ask(drafts, subject="figures", operation="sum", metrics=[NEW], group_by=["year", "kind"])
    assert cells(answer) == {"2022年 × 乡镇": 1, "2023年 × 乡镇": 5, "2023年 × 街道": 4}
    assert answer.chart["type"] == "line"
    assert {s["name"]: s["y"] for s in answer.chart["series"]} == {"乡镇": [1, 5], "街道": [None, 4]}


def test_applicants_and_outcomes_make_a_table(ask: Any, zones: list[Any]) -> None:
    answer = ask(zones, subject="figures", operation="breakdown", metrics=[], group_by=["column", "outcome"])
    table = cells(answer)
    assert len(table) == 6 * len(OUTCOMES)
    assert table["商业企业 × 予以公开"] == 6
    assert table["自然人 × 不予公开（保护第三方合法权益）"] == 1


def test_a_table_of_shares_has_no_totals(ask: Any, zones: list[Any]) -> None:
    answer = ask(
        zones,
        subject="figures",
        operation="breakdown",
        metrics=["result_granted"],
        denominators=["denied_third_party"],
        group_by=["body", "column"],
    )
    assert "合计" not in answer.text.partition("：")[2]
    assert answer.chart is None or answer.chart["type"] == "bar"


def test_several_bodies_have_their_parts_each(ask: Any, zones: list[Any]) -> None:
    scope = {"bodies": [zone.body.body_id for zone in zones[:2]], "years": [2023]}
    answer = ask(zones, subject="figures", operation="breakdown", metrics=[], group_by=["outcome"], scope=scope)
    assert cells(answer)["墨溪开发区 × 予以公开"] == 2


def test_a_condition_leaves_only_the_cells_that_satisfy_it(ask: Any, zones: list[Any]) -> None:
    answer = ask(
        zones,
        subject="figures",
        operation="breakdown",
        metrics=[],
        group_by=["body", "outcome"],
        criteria=[{"comparison": ">", "value": 1}],
    )
    assert cells(answer) == {"青川开发区 × 予以公开": 4, "墨溪开发区 × 予以公开": 2}


def test_a_table_of_the_silent_is_not_in_the_corpus(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2022), draft("甲镇", 2023)]
    answer = ask(drafts, subject="figures", operation="sum", metrics=[NEW], group_by=["year", "kind"])
    assert answer.status == "not_in_corpus"
    assert all(row.value is None for row in answer.rows)
