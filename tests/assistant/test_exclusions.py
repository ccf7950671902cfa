"""What a scope leaves out: bodies, kinds, regions, years, names; the words say so."""

from __future__ import annotations

from typing import Any

import pytest

from vectorstore.records import Kind

NEW = "applications_new"


@pytest.fixture
def corpus(draft: Any) -> list[Any]:
    return [
        draft("甲镇", 2022, Kind.TOWNSHIP).says(NEW, 1),
        draft("甲镇", 2023, Kind.TOWNSHIP).says(NEW, 2),
        draft("乙镇", 2023, Kind.TOWNSHIP, "云江省/临溪市/南县").says(NEW, 4),
        draft("青川高新区", 2023).says(NEW, 8),
    ]


@pytest.mark.parametrize(
    ("excluded", "total", "words"),
    [
        ({"kinds": ["township"]}, 8, "（不含乡镇）"),
        ({"years": [2022]}, 14, "（不含2022年）"),
        ({"regions": ["云江省/临溪市"]}, 11, "（不含云江省临溪市）"),
        ({"names": ["高新"]}, 7, "（不含名称含“高新”的机关）"),
        ({"kinds": ["township"], "years": [2022]}, 14, "（不含2022年乡镇）"),
        ({}, 15, "全部报告"),
    ],
)
def test_what_lies_in_an_excluded_scope_is_left_out(
    ask: Any, corpus: list[Any], excluded: dict[str, Any], total: int, words: str
) -> None:
    answer = ask(corpus, subject="figures", operation="sum", metrics=[NEW], scope={"excluded": [excluded]})
    assert answer.value == total
    assert words in answer.text


def test_an_excluded_body_is_named(ask: Any, corpus: list[Any]) -> None:
    scope = {"kinds": ["township"], "years": [2023], "excluded": [{"bodies": [corpus[2].body.body_id]}]}
    plan = {"subject": "figures", "operation": "list", "metrics": [NEW], "criteria": [{"comparison": ">", "value": 0}]}
    answer = ask(corpus, scope=scope, **plan)
    assert answer.text.startswith("2023年（不含乙镇）有1个乡镇收到过政府信息公开申请：甲镇2件")
    assert "townships in 2023 except 乙镇" in ask(corpus, scope=scope, language="en", **plan).text


def test_a_scope_of_which_nothing_is_left_is_said(ask: Any, corpus: list[Any]) -> None:
    scope = {"kinds": ["zone"], "excluded": [{"names": ["高新"]}]}
    answer = ask(corpus, subject="figures", operation="sum", metrics=[NEW], scope=scope)
    assert answer.status == "not_in_corpus"
    assert "符合范围的1份报告都被排除了" in answer.text


def test_the_latest_report_is_the_latest_of_those_left(ask: Any, corpus: list[Any]) -> None:
    scope = {"bodies": [corpus[0].body.body_id], "latest": True, "excluded": [{"years": [2023]}]}
    assert ask(corpus, subject="figures", metrics=[NEW], scope=scope).value == 1
