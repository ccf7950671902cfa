"""What became of disputes is asked of the four results, and of nothing else."""

from __future__ import annotations

import pytest

from assistant.understanding.dispute_results import results_of
from assistant.understanding.metric_words import NamedMetric


@pytest.mark.parametrize(
    ("total", "results"),
    [
        ("review_total", ["review_upheld", "review_corrected", "review_other", "review_pending"]),
        ("lit_direct_total", ["lit_direct_upheld", "lit_direct_corrected", "lit_direct_other", "lit_direct_pending"]),
    ],
)
def test_a_total_of_disputes_has_four_results(total: str, results: list[str]) -> None:
    assert [metric.metric_id for metric in results_of([NamedMetric(total, 0, ())])] == results


def test_lawsuits_are_of_two_sorts_with_four_results_each() -> None:
    found = [metric.metric_id for metric in results_of([NamedMetric("litigation_total", 0, ())])]
    assert len(found) == len(set(found)) == 8
    assert all(metric.startswith(("lit_direct_", "lit_post_review_")) for metric in found)
