"""Most, fewest and places: ties share a place, the unknown have none."""

from __future__ import annotations

from typing import Any

import pytest

from vectorstore.records import Kind

NEW = "applications_new"


@pytest.fixture
def towns(draft: Any) -> list[Any]:
    counts = (("甲", 5), ("乙", 9), ("丙", 5), ("丁", 1))
    return [draft(f"{name}镇", 2023, Kind.TOWNSHIP).says(NEW, n) for name, n in counts] + [draft("戊镇", 2023)]


def names(answer: Any) -> list[str]:
    return [row.body for row in answer.rows]


def test_the_first_is_told_with_its_value(ask: Any, towns: list[Any]) -> None:
    answer = ask(towns, subject="figures", operation="top", metrics=[NEW])
    assert names(answer) == ["乙镇"]
    assert answer.value == 9
    assert "最多的是乙镇9件[1]" in answer.text


def test_a_tie_for_the_last_place_is_listed_and_said(ask: Any, towns: list[Any]) -> None:
    answer = ask(towns, subject="figures", operation="top", metrics=[NEW], limit=2)
    assert names(answer)[0] == "乙镇"
    assert set(names(answer)) == {"乙镇", "甲镇", "丙镇"}
    assert "并列" in answer.text


def test_a_place_is_of_those_who_share_it_and_those_before_are_named(ask: Any, towns: list[Any]) -> None:
    answer = ask(towns, subject="figures", operation="top", metrics=[NEW], place=2)
    assert set(names(answer)) == {"甲镇", "丙镇"}
    assert "排在前面的是乙镇9件" in answer.text


def test_a_place_that_nobody_has_is_said_to_be_nobodys(ask: Any, towns: list[Any]) -> None:
    answer = ask(towns, subject="figures", operation="top", metrics=[NEW], place=5)
    assert names(answer) == []
    assert "只有4个" in answer.text


def test_fewest_leaves_out_the_silent(ask: Any, towns: list[Any]) -> None:
    answer = ask(towns, subject="figures", operation="top", metrics=[NEW], order="ascending")
    assert names(answer) == ["丁镇"]


def test_a_contradiction_that_could_win_leaves_the_answer_partial(ask: Any, towns: list[Any], draft: Any) -> None:
    torn = draft("己镇", 2023, Kind.TOWNSHIP).says(NEW, 3).says(NEW, 30)
    answer = ask([*towns, torn], subject="figures", operation="top", metrics=[NEW])
    assert names(answer) == ["乙镇"]
    assert answer.status == "partial"
    assert "己镇" in answer.text


def test_a_contradiction_that_cannot_win_changes_nothing(ask: Any, towns: list[Any], draft: Any) -> None:
    torn = draft("己镇", 2023, Kind.TOWNSHIP).says(NEW, 2).says(NEW, 3)
    answer = ask([*towns, torn], subject="figures", operation="top", metrics=[NEW])
    assert answer.status == "answered"


def test_tied_bodies_share_their_rank(ask: Any, towns: list[Any]) -> None:
    scope = {"bodies": [towns[2].body.body_id], "years": [2023]}
    answer = ask(towns, subject="figures", operation="rank", metrics=[NEW], scope=scope)
    assert answer.value == 2
    assert "与1个并列" in answer.text
    assert "有数的4个" in answer.text
    last = ask(towns, subject="figures", operation="rank", metrics=[NEW], scope=scope, order="ascending")
    assert last.value == 2


def test_a_silent_body_has_no_rank(ask: Any, towns: list[Any]) -> None:
    scope = {"bodies": [towns[4].body.body_id], "years": [2023]}
    answer = ask(towns, subject="figures", operation="rank", metrics=[NEW], scope=scope)
    assert (answer.status, answer.value) == ("not_in_corpus", None)


def test_a_body_ranks_among_another_kind_with_itself_added(ask: Any, towns: list[Any], draft: Any) -> None:
    zone = draft("青川开发区", 2023, Kind.ZONE).says(NEW, 6)
    scope = {"bodies": [zone.body.body_id], "years": [2023], "kinds": ["township"]}
    answer = ask([*towns, zone], subject="figures", operation="rank", metrics=[NEW], scope=scope)
    assert answer.value == 2


def test_years_are_told_apart_where_the_scope_holds_several(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", year).says(NEW, year - 2020) for year in (2022, 2023)]
    answer = ask(drafts, subject="figures", operation="top", metrics=[NEW])
    assert "甲镇（2023年）3件" in answer.text
