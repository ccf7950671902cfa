"""What is offered for the beginning of a name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.web.suggesting import bodies_called, places_called, places_of_reports, wider_places
from vectorstore.index import Index


@pytest.fixture(scope="module")
def index(samples_index: Path) -> Iterator[Index]:
    with Index.open(samples_index) as opened:
        yield opened


def test_a_region_lies_in_those_around_it() -> None:
    assert list(wider_places("云江省/青川市/白石县")) == ["云江省", "云江省/青川市", "云江省/青川市/白石县"]
    assert list(wider_places("云江省")) == ["云江省"]


def test_every_place_of_the_reports_and_those_around_it_are_offered(index: Index) -> None:
    places = places_of_reports(index)
    assert {report.region for report in index.reports() if report.region} <= set(places)
    assert places_called(index, " ") == list(places) == sorted(places)


def test_a_place_itself_comes_before_what_lies_in_it(index: Index) -> None:
    deepest = max(places_of_reports(index), key=lambda place: place.count("/"))
    widest, *_, own = deepest.split("/")
    assert places_called(index, widest)[0] == widest
    assert places_called(index, own)[0].endswith(own)
    assert deepest in places_called(index, deepest) and deepest in places_called(index, deepest.replace("/", ""))
    assert places_called(index, "没有这个地方") == []


def test_a_body_is_found_by_any_of_its_names_in_any_script(index: Index) -> None:
    body = next(body for body in index.bodies() if "经济开发区" in body.name)
    assert body in bodies_called(index, "經濟開發區")
    for called in (body.name, *body.aliases):
        assert body in bodies_called(index, called)
    assert bodies_called(index, body.name)[0] == body
    assert len(bodies_called(index, "")) == len(index.bodies())
