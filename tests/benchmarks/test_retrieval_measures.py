"""The measures by hand-computed cases, by scikit-learn where definitions meet, and by what must hold of any ranking."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from benchmarks.retrieval.measures import (
    Result,
    mean_interval,
    measure,
    ndcg,
    recall,
    reciprocal_rank,
    share_interval,
)

IDS = st.sampled_from([f"p{number}" for number in range(12)])


def ranking(ids: str) -> list[Result]:
    return [(passage,) for passage in ids]


def test_recall_is_held_against_what_k_results_can_show_at_most() -> None:
    assert recall(ranking("abc"), {"a", "x", "y"}, 1) == 1.0
    assert recall(ranking("abc"), {"a", "x", "y"}, 3) == pytest.approx(1 / 3)


def test_only_the_first_relevant_result_counts_for_its_rank() -> None:
    assert reciprocal_rank(ranking("xyab"), {"a", "b"}) == pytest.approx(1 / 3)


def test_a_relevant_result_behind_the_depth_is_not_found() -> None:
    assert reciprocal_rank(ranking("xyza"), {"a"}, k=3) == 0.0
    assert ndcg(ranking("xyza"), {"a"}, k=3) == 0.0


def test_a_chunk_that_spans_several_passages_shows_them_all() -> None:
    chunks: list[Result] = [("x", "y"), ("a", "b", "z")]
    assert recall(chunks, {"a", "b"}, 5) == 1.0
    assert reciprocal_rank(chunks, {"a", "b"}) == 0.5


def test_a_passage_shown_again_gains_nothing() -> None:
    assert ndcg([("a",), ("a",)], {"a", "b"}) == ndcg([("a",), ("x",)], {"a", "b"})


def test_nothing_found_measures_zero_throughout() -> None:
    assert measure([], {"a"}) == [0.0] * 5


def test_a_question_without_relevant_passages_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="relevant passage"):
        measure(ranking("ab"), set())


@given(st.permutations([f"p{number}" for number in range(12)]), st.sets(IDS, min_size=1))
def test_ndcg_is_that_of_scikit_learn_for_results_of_one_passage(order: list[str], relevant: set[str]) -> None:
    gains = [[float(passage in relevant) for passage in order]]
    scores = [[float(-rank) for rank in range(len(order))]]
    expected = ndcg_score(gains, scores, k=10)
    assert ndcg([(passage,) for passage in order], relevant, 10) == pytest.approx(expected)


@given(st.lists(IDS, unique=True, max_size=12), st.sets(IDS, min_size=1))
def test_every_measure_lies_between_zero_and_one(order: list[str], relevant: set[str]) -> None:
    assert all(0.0 <= value <= 1.0 for value in measure([(passage,) for passage in order], relevant))


@given(st.sets(IDS, min_size=1), st.lists(IDS, unique=True, max_size=12))
def test_putting_what_is_relevant_first_is_perfect(relevant: set[str], others: list[str]) -> None:
    order = [*sorted(relevant), *(passage for passage in others if passage not in relevant)]
    assert measure([(passage,) for passage in order], relevant) == pytest.approx([1.0] * 5)


def test_the_interval_of_equal_values_is_their_value() -> None:
    interval = mean_interval([0.25] * 40)
    assert (interval.mean, interval.low, interval.high) == pytest.approx((0.25, 0.25, 0.25))


def test_the_interval_is_the_same_each_time_and_holds_the_mean() -> None:
    values = np.random.default_rng(3).random(60)
    first, second = mean_interval(values), mean_interval(values)
    assert first == second
    assert first.low < first.mean < first.high


def test_the_interval_is_about_that_of_the_normal_distribution() -> None:
    values = np.random.default_rng(4).random(400)
    half = 1.96 * values.std() / np.sqrt(values.size)
    interval = mean_interval(values)
    assert interval.high - interval.low == pytest.approx(2 * half, rel=0.05)


def test_no_values_have_no_mean() -> None:
    with pytest.raises(ValueError, match="no question"):
        mean_interval([])


def test_a_share_of_none_still_has_an_upper_bound() -> None:
    interval = share_interval(0, 20)
    assert interval.mean == interval.low == 0.0
    assert 0.1 < interval.high < 0.2
