"""A stated total of 0 makes its parts 0, and nothing else does."""

from __future__ import annotations

from typing import Any

from assistant.answering.implied_zeros import wholes_of


def test_the_parts_of_disputes_have_their_totals() -> None:
    assert wholes_of("review_corrected") == ("review_total",)
    assert wholes_of("lit_direct_upheld") == ("lit_direct_total", "litigation_total")
    assert wholes_of("lit_post_review_total") == ("litigation_total",)


def test_no_other_metric_has_its_parts_from_a_total() -> None:
    assert wholes_of("review_total") == wholes_of("litigation_total") == ()
    assert wholes_of("proactive_website") == wholes_of("result_granted") == ()


def test_no_dispute_is_none_of_any_result_and_the_answer_says_from_what(ask: Any, draft: Any) -> None:
    town = draft("柳溪镇", 2023).says("review_total", 0, "全年未发生行政复议。")
    answer = ask([town], subject="figures", metrics=["review_corrected"], scope={"years": [2023]})
    assert answer.value == 0
    assert answer.rows[0].state == "derived"
    assert "报告写明行政复议为0" in answer.text


def test_some_disputes_leave_their_results_unknown(ask: Any, draft: Any) -> None:
    town = draft("柳溪镇", 2023).says("review_total", 2)
    answer = ask([town], subject="figures", metrics=["review_corrected"], scope={"years": [2023]})
    assert answer.value is None
