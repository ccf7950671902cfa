"""Conditions that hold a figure against another: another metric's, another year's, the average's, that of the first."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vectorstore.records import Kind

NEW, REVIEWS, ITEMS = "applications_new", "review_total", "proactive_total"
COUNTY, NEXT = "云江省/青川市/白石县", "云江省/青川市/红叶县"
quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def towns(draft: Any) -> list[Any]:
    """Applications, reviews and items of 2023; 丁镇 is silent about reviews, 戊镇 contradicts itself about them."""
    said = {"甲镇": (9, 2, 100), "乙镇": (3, 5, 300), "丙镇": (3, 3, 200), "丁镇": (1, None, 50)}
    made = []
    for name, values in said.items():
        town = draft(name, 2023, Kind.TOWNSHIP, COUNTY if name in ("甲镇", "乙镇") else NEXT)
        for metric, value in zip((NEW, REVIEWS, ITEMS), values, strict=True):
            if value is not None:
                town.says(metric, value)
        made.append(town)
    torn = (
        draft("戊镇", 2023, Kind.TOWNSHIP, NEXT)
        .says(NEW, 4)
        .says(REVIEWS, 3, "复议3件。")
        .says(REVIEWS, 6, "复议6件。")
    )
    return [*made, torn]


def figures(**plan: Any) -> dict[str, Any]:
    return {"subject": "figures", "operation": "list", "metrics": [NEW], "scope": {"years": [2023]}, **plan}


def names(answer: Any) -> set[str]:
    return {row.body for row in answer.rows}


def test_one_figure_may_be_held_against_another_of_the_same_body(ask: Any, towns: list[Any]) -> None:
    more = ask(towns, **figures(criteria=[{"than": [REVIEWS]}]))
    assert (names(more), more.status) == ({"甲镇"}, "partial")
    assert "新收政府信息公开申请多于行政复议：甲镇多7件（9件对2件）[1][2]" in more.text
    assert "因报告前后不一致不能判定：戊镇" in more.text
    assert "丁镇（2023年，报告未提及）" in more.text
    as_many = ask(towns, **figures(criteria=[{"comparison": "=", "value": 0, "than": [REVIEWS]}]))
    assert names(as_many) == {"丙镇"}
    by_two = ask(towns, **figures(criteria=[{"comparison": "<=", "value": -2, "than": [REVIEWS]}]))
    assert names(by_two) == {"乙镇"}
    english = ask(towns, language="en", **figures(criteria=[{"than": [REVIEWS]}]))
    assert (
        "had new applications received above administrative reviews in 2023: 甲镇 7 more (9 against 2)" in english.text
    )


def test_a_mean_or_median_is_computed_of_all_that_state_the_figure(ask: Any, towns: list[Any]) -> None:
    above = ask(towns, **figures(criteria=[{"against": "mean"}]))
    assert names(above) == {"甲镇"}
    assert "新收政府信息公开申请的平均数为4件，由5份报告的数字算出" in above.text
    at_least = ask(towns, **figures(criteria=[{"comparison": ">=", "value": 0, "against": "median"}]))
    assert names(at_least) == {"甲镇", "乙镇", "丙镇", "戊镇"}
    counted = ask(towns, **figures(operation="count", criteria=[{"comparison": "<", "value": 0, "against": "mean"}]))
    assert counted.value == 3


def test_the_first_of_a_ranking_may_be_asked_for_other_figures(ask: Any, towns: list[Any]) -> None:
    first = {"metrics": [NEW], "top": 1}
    items = ask(towns, **figures(operation="sum", metrics=[ITEMS], criteria=[first]))
    assert items.value == 100
    assert "新收政府信息公开申请最多的是甲镇9件" in items.text
    tied = ask(towns, **figures(operation="sum", metrics=[ITEMS], criteria=[{**first, "top": 3}]))
    assert tied.value == 600, "all that share the last place are among the first"
    fewest = ask(towns, **figures(metrics=[ITEMS], criteria=[{**first, "order": "ascending"}]))
    assert names(fewest) == {"丁镇"}


def test_a_first_that_is_silent_is_named_and_nothing_is_made_up(ask: Any, towns: list[Any]) -> None:
    answer = ask(
        towns,
        **figures(operation="sum", metrics=[REVIEWS], criteria=[{"metrics": [ITEMS], "top": 1, "order": "ascending"}]),
    )
    assert answer.value is None
    assert "主动公开政府信息最少的是丁镇50条" in answer.text


def test_conditions_may_be_on_different_years_of_one_body(ask: Any, draft: Any) -> None:
    counts = {"甲镇": (0, 4), "乙镇": (0, 0), "丙镇": (2, 4), "丁镇": (None, 4)}
    made = [
        draft(name, year, Kind.TOWNSHIP).says(NEW, count, f"{year}年新收{count}件。")
        for name, of_body in counts.items()
        for year, count in zip((2022, 2023), of_body, strict=True)
        if count is not None
    ]
    criteria = [{"comparison": "=", "value": 0, "year": 2022}, {"year": 2023}]
    answer = ask(made, **figures(criteria=criteria, scope={"years": [2022, 2023]}))
    assert (answer.value, names(answer)) == (1, {"甲镇"})
    assert {(row.year, row.value) for row in answer.rows} == {(2022, 0), (2023, 4)}
    assert "缺2022年的数字，不能比较：丁镇" in answer.text
    later = ask(made, **figures(operation="sum", criteria=criteria[:1], scope={"years": [2022, 2023]}))
    assert later.value == 4, "of those with none in 2022, what they received in 2023"


def test_a_change_may_be_from_another_year_than_the_one_before(ask: Any, draft: Any) -> None:
    made = [
        draft("甲镇", year, Kind.TOWNSHIP).says(NEW, count, f"{year}年新收{count}件。")
        for year, count in ((2020, 2), (2022, 9), (2023, 4))
    ]
    rose = figures(change="difference", since=2020, criteria=[{}])
    answer = ask(made, **rose)
    assert "新收政府信息公开申请比2020年增加：甲镇增加2件（2020年2件→2023年4件）" in answer.text
    assert ask(made, **figures(change="difference", criteria=[{}])).value == 0
    doubled = ask(made, **figures(criteria=[{"change": "percent", "since": 2020, "comparison": ">=", "value": 1}]))
    assert doubled.value == 1
    unknown = ask(made, **{**rose, "since": 2019})
    assert "缺2019年的数字" in unknown.text or unknown.value is None


def test_the_first_of_each_group_share_their_places(ask: Any, towns: list[Any]) -> None:
    answer = ask(towns, **figures(operation="top", within=["region"], region_level="county", limit=1))
    assert [(row.body, row.value) for row in answer.rows] == [("甲镇", 9), ("戊镇", 4)]
    assert "云江省青川市白石县：甲镇9件[1]；云江省青川市红叶县：戊镇4件[2]" in answer.text
    assert answer.value is None
    second = ask(towns, **figures(operation="top", within=["kind"], order="ascending", limit=2))
    assert names(second) == {"丁镇", "乙镇", "丙镇"}


def test_both_ends_are_one_answer_and_its_value_their_distance(ask: Any, towns: list[Any]) -> None:
    answer = ask(towns, **figures(operation="top", order="both", limit=1))
    assert (answer.value, names(answer)) == (8, {"甲镇", "丁镇"})
    assert "两者相差8件" in answer.text
    several = ask(towns, **figures(operation="top", order="both", limit=2))
    assert several.value is None


def test_how_many_times_one_is_the_other_is_told_in_the_questions_order(ask: Any, towns: list[Any]) -> None:
    ids = {town.body.name: town.body.body_id for town in towns}

    def compared(*bodies: str) -> Any:
        scope = {"years": [2023], "bodies": [ids[name] for name in bodies]}
        return ask(towns, **figures(operation="compare", times=True, scope=scope))

    assert (compared("甲镇", "乙镇").value, compared("甲镇", "乙镇").unit) == (3, None)
    assert compared("乙镇", "甲镇").value == pytest.approx(1 / 3)
    assert "甲镇是乙镇的3倍" in compared("甲镇", "乙镇").text
    of_metrics = ask(
        towns, **figures(operation="share", denominators=[REVIEWS], times=True, scope={"bodies": [ids["丙镇"]]})
    )
    assert (of_metrics.value, "是行政复议的1倍" in of_metrics.text) == (1, True)


def test_nothing_is_so_many_times_zero(ask: Any, draft: Any) -> None:
    made = [draft("甲镇", 2023).says(NEW, 3), draft("乙镇", 2023).says(NEW, 0)]
    scope = {"years": [2023], "bodies": [town.body.body_id for town in made]}
    answer = ask(made, **figures(operation="compare", times=True, scope=scope))
    assert (answer.value, answer.status) == (None, "partial")
    assert "乙镇为0" in answer.text


@pytest.mark.parametrize("criterion", [{"against": "mean"}, {"top": 1}])
def test_where_all_contradict_themselves_nobody_is_held_against_nothing(
    ask: Any, draft: Any, criterion: dict[str, Any]
) -> None:
    torn = draft("甲镇", 2023, Kind.TOWNSHIP).says(REVIEWS, 3, "复议3件。").says(REVIEWS, 6, "复议6件。")
    answer = ask([torn], **figures(metrics=[REVIEWS], criteria=[criterion]))
    assert (answer.status, answer.rows) == ("partial", ())
    assert "前后不一致不能判定：甲镇" in answer.text


@quick
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=7),
    st.sampled_from(["mean", "median"]),
    st.integers(1, 4),
)
def test_relative_conditions_hold_of_those_of_whom_they_are_true(
    ask: Any, draft: Any, corpus: list[tuple[int, int]], average: str, top: int
) -> None:
    drafts = [
        draft(f"第{n}号机关", 2023).says(NEW, new).says(REVIEWS, reviews) for n, (new, reviews) in enumerate(corpus)
    ]

    def members(**criterion: Any) -> set[str]:
        return names(ask(drafts, **figures(criteria=[criterion])))

    def those(holds: Any) -> set[str]:
        return {f"第{n}号机关" for n, (new, reviews) in enumerate(corpus) if holds(new, reviews)}

    values = sorted(new for new, _ in corpus)
    half = len(values) // 2
    middle = Fraction(values[half] if len(values) % 2 else values[half - 1] + values[half], 1 if len(values) % 2 else 2)
    level = middle if average == "median" else Fraction(sum(values), len(values))
    assert members(than=[REVIEWS]) == those(lambda new, reviews: new > reviews)
    assert members(against=average) == those(lambda new, _: new > level)
    assert members(top=top) == those(lambda new, _: sum(other > new for other in values) < top)
