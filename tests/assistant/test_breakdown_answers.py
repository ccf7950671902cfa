"""Parts of a figure: who applied, and what became of the applications."""

from __future__ import annotations

from typing import Any

import pytest

from vectorstore.catalogue import catalogue
from vectorstore.records import SectionRole

NEW = "applications_new"
COLUMNS = [column.id for column in catalogue().application_columns]
OUTCOMES = [row.id for row in catalogue().application_rows if row.part == "outcome"]


@pytest.fixture
def tabled(draft: Any) -> Any:
    """Two applications, of an enterprise and of a natural person; one denied, one granted."""
    made = draft("青川开发区", 2023).row(NEW, dict(zip(COLUMNS, (1, 1, 0, 0, 0, 0, 2), strict=True)))
    for outcome in OUTCOMES:
        count = {"denied_third_party": 1, "result_granted": 1}.get(outcome, 0)
        made.row(outcome, dict(zip(COLUMNS, (count, 0, 0, 0, 0, 0, count), strict=True)))
    return made


def test_applicants_are_told_one_by_one(ask: Any, tabled: Any) -> None:
    answer = ask([tabled], subject="figures", operation="breakdown", metrics=[NEW], group_by=["column"])
    assert {row.label: row.value for row in answer.rows}["商业企业"] == 1
    assert len(answer.rows) == 6
    assert "自然人1件[1]，商业企业1件[1]，其余各项为0" in answer.text


def test_a_condition_names_only_those_that_applied(ask: Any, tabled: Any) -> None:
    condition = {"comparison": ">", "value": 0}
    answer = ask(
        [tabled], subject="figures", operation="breakdown", metrics=[NEW], group_by=["column"], criteria=[condition]
    )
    assert [row.label for row in answer.rows] == ["自然人", "商业企业"]


def test_outcomes_are_told_in_words(ask: Any, tabled: Any) -> None:
    condition = {"comparison": ">", "value": 0}
    answer = ask([tabled], subject="figures", operation="breakdown", group_by=["outcome"], criteria=[condition])
    assert "不予公开（保护第三方合法权益）1件" in answer.text
    assert "予以公开1件" in answer.text
    assert {row.value for row in answer.rows} == {1}


def test_outcomes_can_be_those_of_one_sort_of_applicant(ask: Any, tabled: Any) -> None:
    answer = ask(
        [tabled], subject="figures", operation="breakdown", metrics=["result_granted__enterprise"], group_by=["outcome"]
    )
    assert all(row.value == 0 for row in answer.rows)
    assert "各项均为0" in answer.text


def test_a_value_of_a_glued_row_is_cited_by_its_cell_too(ask: Any, tabled: Any) -> None:
    answer = ask([tabled], subject="figures", metrics=[f"{NEW}__enterprise"])
    quotes = [c.quote for c in answer.citations]
    assert "1" in quotes
    assert any(quote.startswith("新收") for quote in quotes)
    assert answer.citations[0].cell is not None


def test_unknown_parts_are_neither_zero_nor_hidden(ask: Any, draft: Any) -> None:
    made = draft("青川开发区", 2023).row(NEW, {"natural_person": 1, "enterprise": None, "total": 1})
    answer = ask([made], subject="figures", operation="breakdown", metrics=[NEW], group_by=["column"])
    values = {row.label: (row.value, row.state) for row in answer.rows}
    assert values["商业企业"] == (None, "blank")
    assert values["科研机构"] == (None, "silent")
    assert "有5项没有可用的数字" in answer.text


def test_without_a_table_the_prose_on_applications_is_quoted(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2023).without_tables()
    made.section("（二）依申请公开", SectionRole.APPLICATIONS, "收到的那份申请已于期限内书面答复申请人。")
    answer = ask(
        [made], subject="figures", operation="breakdown", group_by=["outcome"], scope={"bodies": [made.body.body_id]}
    )
    assert answer.status == "partial"
    assert all(row.value is None for row in answer.rows)
    assert "书面答复申请人" in answer.text
