"""Who should have reported and didn't: an answer of its own, and part of the coverage of every other."""

from __future__ import annotations

from typing import Any

import pytest

from vectorstore.records import Kind, RegisteredBody

REGION = "云江省/青川市/白石县"


def due(name: str, first: int | None = None, last: int | None = None, kind: Kind = Kind.TOWNSHIP) -> RegisteredBody:
    return RegisteredBody(name, kind, REGION, first, last)


@pytest.fixture
def corpus(draft: Any) -> list[Any]:
    return [
        draft("甲镇", 2022, Kind.TOWNSHIP).says("applications_new", 2),
        draft("甲镇", 2023, Kind.TOWNSHIP).says("applications_new", 3),
        draft("乙镇", 2022, Kind.TOWNSHIP),
    ]


REGISTER = [due("甲镇"), due("乙镇"), due("丙镇", 2023), due("丁街道", None, None, Kind.SUBDISTRICT)]


@pytest.mark.parametrize(
    ("plan", "missing"),
    [
        ({"operation": "sum", "scope": {"years": [2023]}}, 3),
        ({"operation": "list", "scope": {"years": [2023]}}, 3),
        ({"operation": "list", "scope": {"years": [2022]}}, 1),
        ({"operation": "mean", "scope": {"years": [2023], "kinds": ["township"]}}, 2),
        ({"operation": "sum", "scope": {"years": [2022, 2023], "kinds": ["township"]}}, 2),
        ({"operation": "sum", "scope": {"years": [2023], "regions": ["云江省/别市"]}}, 0),
        ({"operation": "sum", "scope": {"years": [2023], "names": ["丙"]}}, 1),
        ({"operation": "sum", "scope": {"years": [2023], "excluded": [{"kinds": ["subdistrict"]}]}}, 2),
        ({"operation": "sum"}, 3),
    ],
)
def test_every_figure_question_counts_the_missing(
    ask: Any, corpus: list[Any], plan: dict[str, Any], missing: int
) -> None:
    answer = ask(corpus, REGISTER, subject="figures", metrics=["applications_new"], **plan)
    assert answer.coverage.missing == missing


def test_without_a_register_nobody_knows_who_is_missing(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, subject="figures", operation="sum", metrics=["applications_new"])
    assert answer.coverage.missing is None
    assert "名册" not in answer.text


def test_missing_is_told_apart_from_silent(ask: Any, corpus: list[Any]) -> None:
    answer = ask(
        corpus, REGISTER, subject="figures", operation="sum", metrics=["applications_new"], scope={"years": [2022]}
    )
    assert (answer.coverage.silent, answer.coverage.missing) == (1, 1)
    assert "名册内另有1个机关缺2022年的报告：丁街道。" in answer.text
    assert [w.body for w in answer.coverage.without_value] == ["乙镇"]


def test_who_did_not_report_is_answered_by_the_register(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, REGISTER, subject="reports", operation="list", aspect="missing", scope={"years": [2023]})
    assert answer.value == 3
    assert [(row.body, row.year, row.state, row.value) for row in answer.rows] == [
        ("乙镇", 2023, "missing", None),
        ("丙镇", 2023, "missing", None),
        ("丁街道", 2023, "missing", None),
    ]
    assert "应报4个机关，1个已有报告，3个缺报告" in answer.text


def test_several_years_have_a_row_each(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, REGISTER, subject="reports", operation="list", aspect="missing", scope={"years": [2022, 2023]})
    assert answer.value == 3
    assert [(row.body, row.year) for row in answer.rows] == [
        ("乙镇", 2023),
        ("丙镇", 2023),
        ("丁街道", 2022),
        ("丁街道", 2023),
    ]


def test_bodies_outside_the_register_are_not_judged(ask: Any, corpus: list[Any]) -> None:
    answer = ask(corpus, [due("甲镇")], subject="reports", operation="list", aspect="missing", scope={"years": [2022]})
    assert answer.value == 0
    assert "名册内2022年各机关应报的1个机关都有2022年的报告" in answer.text
    assert "另有1个机关不在名册内" in answer.text


def test_nobody_due_is_no_praise(ask: Any, corpus: list[Any]) -> None:
    answer = ask(
        corpus, [due("丙镇", 2023)], subject="reports", operation="list", aspect="missing", scope={"years": [2022]}
    )
    assert (answer.value, "没有2022年各机关应报的机关" in answer.text) == (0, True)


def test_a_body_that_is_asked_for_by_name_is_told_with_its_report(ask: Any, corpus: list[Any]) -> None:
    body_id = corpus[0].body.body_id
    answer = ask(
        corpus, subject="reports", operation="list", aspect="missing", scope={"bodies": [body_id], "years": [2023]}
    )
    assert "甲镇有2023年的报告[1]" in answer.text
    assert answer.citations[0].quote == "2023年政府信息公开工作年度报告"


def test_english_says_it_too(ask: Any, corpus: list[Any]) -> None:
    answer = ask(
        corpus, REGISTER, subject="reports", operation="list", aspect="missing", scope={"years": [2022]}, language="en"
    )
    assert answer.text.startswith("Bodies that should have reported and have no report for 2022: 1: 丁街道.")
    assert "A missing report is not a silent one" in answer.text
