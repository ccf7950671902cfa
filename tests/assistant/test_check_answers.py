"""Where reports contradict themselves or one another: both sides cited, and how many checks there were."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from vectorstore.records import Check, CheckSide, Kind, Span


def checked(draft: Any, rule: str, subject: str, holds: bool | None, left: int | None, right: int | None) -> Any:
    """A draft with one more check, whose sides stand in two sentences of their own."""
    sides = []
    for name, value in (("左", left), ("右", right)):
        span = draft._append(f"{name}边写的是{value}。")
        sides.append(CheckSide(f"{name}边", None if value is None else Decimal(value), (span,)))
    draft.checks.append(Check(draft.report_id, rule, subject, holds, *sides))
    return draft


@pytest.mark.parametrize(
    ("aspect", "rule", "subject"),
    [
        ("failed_checks", "row_total", "applications_new"),
        ("channels", "channel_sum", "proactive_total"),
        ("prose_against_table", "narrative_against_table", "review_total"),
        ("implausible", "power_to_make_rules", "rules_in_force"),
        ("heading", "year_of_title", "title"),
        ("all", "negative_count", "review_total"),
    ],
)
def test_each_aspect_finds_its_own_failures(ask: Any, draft: Any, aspect: str, rule: str, subject: str) -> None:
    bad = checked(draft("甲镇", 2023, Kind.TOWNSHIP), rule, subject, False, 3, 4)
    other = draft("乙镇", 2023, Kind.TOWNSHIP)
    checked(other, "dispute_total", "review_total", True, 1, 1)
    answer = ask([bad, other], subject="checks", aspect=aspect)
    assert answer.value == 1
    assert [(row.body, row.state, row.readings) for row in answer.rows] == [("甲镇", "conflicting", (3, 4))]
    quotes = {citation.quote for citation in answer.citations}
    assert quotes == {"左边写的是3。", "右边写的是4。"}
    assert "1项不成立" in answer.text


def test_all_well_is_an_answer_that_says_how_much_was_checked(ask: Any, draft: Any) -> None:
    good = draft("甲镇", 2023)
    for at in range(3):
        checked(good, "row_total", "applications_new", True, at, at)
    answer = ask([good, draft("乙镇", 2023)], subject="checks", aspect="failed_checks")
    assert (answer.value, answer.rows) == (0, ())
    assert "没有发现不成立的勾稽关系" in answer.text and "共核对3项：3项成立" in answer.text


def test_what_cannot_be_judged_is_not_all_well(ask: Any, draft: Any) -> None:
    made = checked(draft("甲镇", 2023), "row_total", "applications_new", None, None, 3)
    answer = ask([made], subject="checks", aspect="failed_checks")
    assert answer.value is None
    assert "不能判断" in answer.text


def test_nothing_to_check_is_said(ask: Any, draft: Any) -> None:
    answer = ask([draft("甲镇", 2023)], subject="checks", aspect="channels")
    assert (answer.status, answer.value) == ("not_in_corpus", None)


def test_a_part_that_exceeds_another_whole_is_no_matter_of_channels(ask: Any, draft: Any) -> None:
    made = checked(draft("甲镇", 2023), "part_over_whole", "review_total", False, 3, 2)
    checked(made, "channel_sum", "proactive_total", True, 2, 2)
    assert ask([made], subject="checks", aspect="channels").value == 0


def two_years(draft: Any, carried_out: int | None, carried_in: int) -> list[Any]:
    return [
        draft("甲镇", 2022).row("applications_carried_out", {"total": carried_out}),
        draft("甲镇", 2023).row("applications_carried_in", {"total": carried_in}),
    ]


@pytest.mark.parametrize(
    ("carried_out", "carried_in", "verdict", "value"),
    [(3, 3, "对得上。", 0), (3, 4, "对不上。", 1), (None, 4, "不能判断。", None)],
)
def test_carried_over_is_judged_first_and_shown_with_both_figures(
    ask: Any, draft: Any, carried_out: int | None, carried_in: int, verdict: str, value: int | None
) -> None:
    drafts = two_years(draft, carried_out, carried_in)
    body = drafts[0].body.body_id
    answer = ask(drafts, subject="checks", aspect="years_disagree", scope={"bodies": [body], "latest": True})
    assert answer.text.startswith(verdict)
    assert answer.value == value
    if carried_out is not None:
        (row,) = answer.rows
        assert row.readings == (carried_in, carried_out)
        assert {c.report_id for c in answer.citations} == {d.report_id for d in drafts}
        assert f"为{carried_in}[1]" in answer.text and f"为{carried_out}[2]" in answer.text


def test_a_cell_is_cited_by_its_row(ask: Any, draft: Any) -> None:
    answer = ask(two_years(draft, 3, 4), subject="checks", aspect="years_disagree")
    assert all(len(citation.quote) > 3 and citation.cell is not None for citation in answer.citations)


def test_without_two_years_there_is_nothing_to_compare(ask: Any, draft: Any) -> None:
    made = checked(draft("甲镇", 2023), "balance", "applications_new", True, 3, 3)
    answer = ask([made], subject="checks", aspect="years_disagree")
    assert answer.status == "not_in_corpus"
    assert "连续两年" in answer.text and "共核对1项：1项成立" in answer.text


def test_a_metric_narrows_to_what_is_counted(ask: Any, draft: Any) -> None:
    made = checked(draft("甲镇", 2023), "power_to_make_rules", "rules_issued", False, 3, 0)
    checked(made, "negative_count", "review_total", False, -1, 0)
    answer = ask([made], subject="checks", aspect="implausible", metrics=["rules_in_force"])
    assert [row.metric for row in answer.rows] == ["rules_issued"]


def test_warnings_are_told_from_faults(ask: Any, draft: Any) -> None:
    made = checked(draft("甲镇", 2023), "heading_numbers", "heading_2", False, 3, 2)
    checked(made, "negative_count", "review_total", False, -1, 0)
    answer = ask([made], subject="checks", aspect="all")
    assert "共2项" in answer.text and "其中1项只是提示" in answer.text and "标题序号1项" in answer.text


def test_the_text_names_some_and_the_rows_hold_all(ask: Any, draft: Any) -> None:
    drafts = [checked(draft(f"{n}号镇", 2023), "row_total", "applications_new", False, n, n + 1) for n in range(20)]
    answer = ask(drafts, subject="checks", aspect="failed_checks")
    assert (answer.value, len(answer.rows)) == (20, 20)
    assert "共20项，全部见列表" in answer.text


def test_a_scope_without_reports_says_what_there_is(ask: Any, draft: Any) -> None:
    answer = ask([draft("甲镇", 2023)], subject="checks", aspect="all", scope={"years": [2001]})
    assert answer.status == "not_in_corpus"


def test_copying_is_said_not_to_be_checked(ask: Any, draft: Any) -> None:
    answer = ask([draft("甲镇", 2023)], subject="checks", aspect="copied")
    assert answer.status == "partial"
    assert "没有自动核对" in answer.text


def test_english_names_the_rule_and_both_values(ask: Any, draft: Any) -> None:
    made = checked(draft("甲镇", 2023), "row_total", "applications_new", False, 3, 4)
    answer = ask([made], subject="checks", aspect="failed_checks", language="en")
    assert "row total (new applications received): 3 [1] against 4 [2]" in answer.text


def test_a_layout_fault_quotes_what_is_printed(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2023)
    title = CheckSide(f"甲镇{2022}年报告", Decimal(2022), (Span(0, 2),))
    made.checks.append(
        Check(made.report_id, "year_of_title", "title", False, title, CheckSide("报告年度", Decimal(2023)))
    )
    answer = ask([made], subject="checks", aspect="heading")
    assert "“甲镇2022年报告”[1]，报告年度为2023" in answer.text
