"""A place that is asked about as a whole: its government's report stands for those of its parts."""

from __future__ import annotations

from typing import Any

import pytest

from vectorstore.records import Kind

NEW = "applications_new"
CITY, COUNTY = "甲省/乙市", "甲省/乙市/丙县"


@pytest.fixture
def drafts(draft: Any) -> list[Any]:
    return [
        draft("乙市人民政府", 2023, Kind.CITY, region=CITY).says(NEW, 50),
        draft("乙市教育局", 2023, Kind.DEPARTMENT, region=CITY).says(NEW, 9),
        draft("丙县人民政府", 2023, Kind.COUNTY, region=COUNTY).says(NEW, 20),
        draft("丁镇人民政府", 2023, Kind.TOWNSHIP, region=COUNTY).says(NEW, 4),
        draft("丁镇人民政府", 2022, Kind.TOWNSHIP, region=COUNTY).says(NEW, 3),
    ]


def total(ask: Any, drafts: list[Any], region: str, **scope: Any) -> Any:
    plan = {"subject": "figures", "operation": "sum", "metrics": [NEW]}
    return ask(drafts, **plan, scope={"regions": [region], "whole": True, **scope})


@pytest.mark.parametrize(("region", "value"), [("甲省", 50), (CITY, 50), (COUNTY, 20)])
def test_a_place_is_told_by_the_outermost_government(ask: Any, drafts: list[Any], region: str, value: int) -> None:
    answer = total(ask, drafts, region, years=[2023])
    assert answer.value == value
    assert answer.coverage.in_scope == 1
    assert "通常已包含在内" in answer.text


def test_without_a_government_of_that_year_the_bodies_tell(ask: Any, drafts: list[Any]) -> None:
    answer = total(ask, drafts, COUNTY, years=[2022])
    assert answer.value == 3
    assert "通常已包含在内" not in answer.text


def test_each_year_is_told_by_its_own_outermost_reports(ask: Any, drafts: list[Any]) -> None:
    assert total(ask, drafts, COUNTY).value == 23


def test_what_is_asked_of_each_body_takes_no_government_for_it(ask: Any, drafts: list[Any]) -> None:
    plan = {"subject": "figures", "operation": "list", "metrics": [NEW], "criteria": [{"comparison": ">", "value": 0}]}
    answer = ask(drafts, **plan, scope={"regions": [CITY], "years": [2023]})
    assert len(answer.rows) == 4
