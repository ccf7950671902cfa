"""Error rates of saying that nothing answers, and the parts of the ranking that the ablation takes away."""

from __future__ import annotations

from dataclasses import fields

import pytest

from benchmarks.retrieval.ablation import taken_away, with_given
from benchmarks.retrieval.abstention import answered, area_under_curve, curve, rates, refused
from benchmarks.retrieval.question_files import Gold, Question
from benchmarks.retrieval.relevance import JudgedQuestion
from benchmarks.retrieval.tables import Table, as_cell
from vectorstore.ranking import Ranking


def scored(answerable: list[float], unanswerable: list[float]) -> list[tuple[JudgedQuestion, float]]:
    gold = (Gold("town.txt", "阅览角"),)
    yes = JudgedQuestion(Question("y", "a", "阅览角在哪", "open", gold), frozenset({"p"}))
    no = JudgedQuestion(Question("n", "a", "机场在哪", "open", ()), frozenset())
    return [*((yes, score) for score in answerable), *((no, score) for score in unanswerable)]


def test_an_answerable_question_below_the_threshold_is_wrongly_refused() -> None:
    assert refused(scored([0.9, 0.4, 0.5], [0.1]), 0.5) == (1, 3)


def test_an_unanswerable_question_at_the_threshold_is_wrongly_answered() -> None:
    assert answered(scored([0.9], [0.5, 0.2]), 0.5) == (1, 2)


def test_scores_that_part_the_questions_have_the_whole_area() -> None:
    assert area_under_curve(scored([0.8, 0.9], [0.1, 0.2])) == 1.0


def test_equal_scores_have_half_the_area() -> None:
    assert area_under_curve(scored([0.5, 0.5], [0.5])) == 0.5


def test_the_curve_needs_both_kinds_of_questions() -> None:
    with pytest.raises(ValueError, match="unanswerable"):
        curve(scored([0.5], []))


def test_a_set_without_unanswerable_questions_has_no_rate_for_them() -> None:
    (row,) = rates({"a": scored([0.5], [])}, 0.3).rows
    assert list(row) == ["a", "1", ".000 [.000, .793]", "0", "–"]


def test_each_part_is_taken_away_once_and_alone() -> None:
    shipped = Ranking()
    for name, ranking in taken_away():
        changed = [part.name for part in fields(Ranking) if getattr(ranking, part.name) != getattr(shipped, part.name)]
        assert changed == [name]


def test_the_texts_own_weight_is_never_taken_away() -> None:
    assert "text" not in dict(taken_away())


def test_values_are_read_as_what_the_part_is() -> None:
    given = with_given(["dense=0.7", "repeats=false", "per_report=5"])
    assert (given.dense, given.repeats, given.per_report) == (0.7, False, 5)


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(SystemExit, match="magic"):
        with_given(["magic=1"])


def test_a_table_is_markdown_where_that_is_asked_for() -> None:
    table = Table("Systems", ("system", "MRR@10"))
    table.add("ours", as_cell(None))
    assert table.shown(markdown=True).splitlines()[2:] == ["| system | MRR@10 |", "|---|--:|", "| ours | – |"]
