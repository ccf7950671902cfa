"""Questions about changes from the year before, groups, sides and shares. Bodies are made up; no report is read."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.plan import Criterion, Plan
from assistant.understanding.lexicon import lexicon
from assistant.understanding.parser import Parser
from vectorstore.records import Body, Kind

COUNTY = "山东省/威海市/文登区"
BODIES = [
    Body("town_a", "柳浪镇人民政府", Kind.TOWNSHIP, COUNTY, ("柳浪镇", "柳浪", "Liulang Town")),
    Body("town_b", "松萤镇人民政府", Kind.TOWNSHIP, COUNTY, ("松萤镇", "Songying Town")),
    Body("zone_a", "甲山经济开发区管理委员会", Kind.ZONE, COUNTY, ("甲山经开区",)),
    Body("zone_b", "乙水高新技术产业开发区管理委员会", Kind.ZONE, COUNTY, ("乙水高新区",)),
    Body("bureau", "文登区财政局", Kind.DEPARTMENT, COUNTY, ("区财政局",)),
]


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon(), BODIES, {2021, 2022, 2023}, date(2024, 5, 1))


def in_words(criterion: Criterion) -> str:
    """A criterion as `applications_new+review_total/result_total change >= 3`."""
    of = "+".join(criterion.metrics) + ("/" + "+".join(criterion.denominators) if criterion.denominators else "")
    change = f" {criterion.change}" if criterion.change else ""
    upper = "" if criterion.upper is None else f"..{criterion.upper}"
    return f"{of}{change} {criterion.comparison} {criterion.value}{upper}".strip()


def criteria_of(plan: Plan) -> list[str]:
    return [in_words(criterion) for criterion in plan.criteria]


@pytest.mark.parametrize(
    ("question", "change", "condition"),
    [
        ("2023年哪些单位申请比上年增加了", "difference", "> 0"),
        ("哪些单位申请比去年减少了", "difference", "< 0"),
        ("2023年主动公开比2022年多的单位有哪些", "difference", "> 0"),
        ("申请下降超过10件的单位", "difference", "< -10"),
        ("申请没有增加的单位", "difference", "<= 0"),
        ("申请持平的单位", "difference", "= 0"),
        ("申请翻了一番的单位", "percent", ">= 1"),
        ("申请增长超过50%的镇", "percent", "> 0.5"),
        ("申请减少一半以上的单位", "percent", "<= -0.5"),
        ("which bodies' applications fell in 2023", "difference", "< 0"),
        ("bodies whose applications grew by more than 50%", "percent", "> 0.5"),
        ("bodies whose applications doubled", "percent", ">= 1"),
    ],
)
def test_a_rise_or_fall_is_a_condition_on_the_change(
    parser: Parser, question: str, change: str, condition: str
) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, plan.change, criteria_of(plan)) == ("list", change, [condition])
    assert plan.scope.years in ((), (2023,))


def test_changes_of_two_metrics_are_two_criteria(parser: Parser) -> None:
    plan = parser.parse("申请增加但公开减少的单位").plan
    assert criteria_of(plan) == ["applications_new difference > 0", "proactive_total difference < 0"]


@pytest.mark.parametrize(
    ("question", "change", "order"),
    [
        ("2023年谁的申请涨得最多", "difference", "descending"),
        ("申请降得最多的三个部门", "difference", "ascending"),
        ("2023年申请增幅最大的单位", "percent", "descending"),
        ("申请增加最快的单位", "percent", "descending"),
        ("which body had the largest increase in applications", "difference", "descending"),
    ],
)
def test_bodies_are_ranked_by_their_change(parser: Parser, question: str, change: str, order: str) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, plan.change, plan.order, plan.criteria) == ("top", change, order, ())


def test_a_rise_beside_a_ranking_only_narrows_it(parser: Parser) -> None:
    plan = parser.parse("申请最多且比上年增加的单位").plan
    assert (plan.operation, plan.change) == ("top", None)
    assert criteria_of(plan) == ["applications_new difference > 0"]


def test_rises_may_be_required_year_after_year(parser: Parser) -> None:
    assert parser.parse("申请连续两年增加的单位").plan.years_running == 2
    assert parser.parse("公开条数逐年下降的单位").plan.years_running == 0


def test_one_bodys_change_is_a_value_and_that_between_named_years_a_trend(parser: Parser) -> None:
    value = parser.parse("柳浪镇2023年申请比上年少了几件").plan
    assert (value.operation, value.change, value.scope.years) == ("value", "difference", (2023,))
    assert parser.parse("柳浪镇2023年申请比2021年少了几件").plan.scope.years == (2021, 2023)
    to_last = parser.parse("柳浪镇比2021年多了几件申请").plan
    assert (to_last.operation, to_last.scope.years) == ("trend", (2021, 2023))


def test_a_change_from_another_year_than_the_one_before_says_so(parser: Parser) -> None:
    plan = parser.parse("2023年哪些镇申请比2021年增加了").plan
    assert (plan.scope.years, plan.change, plan.since, plan.unplaced) == ((2023,), "difference", 2021, ())
    before = parser.parse("2023年哪些镇申请比2022年增加了").plan
    assert (before.scope.years, before.since) == ((2023,), None)


@pytest.mark.parametrize(
    ("question", "operation", "group_by", "statistic"),
    [
        ("2023年各镇各收到几件申请", "breakdown", ("body",), None),
        ("每个镇每年收到几件申请", "breakdown", ("body", "year"), None),
        ("按年份和机关类型汇总申请", "breakdown", ("year", "kind"), None),
        ("各开发区×结果", "breakdown", ("body", "outcome"), None),
        ("各类机关按申请人类型列出申请", "breakdown", ("kind", "column"), None),
        ("各单位不予公开的原因", "breakdown", ("body", "outcome"), None),
        ("哪个县收到的申请最多", "top", ("region",), None),
        ("哪一年申请最多", "top", ("year",), None),
        ("哪类机关平均收到的申请最多", "top", ("kind",), "mean"),
        ("哪个县零申请单位最多", "top", ("region",), "count"),
        ("哪类单位零申请占比最高", "top", ("kind",), "share"),
        ("哪些县合计超过100件申请", "list", ("region",), None),
        ("每年有几个单位零申请", "count", ("year",), "count"),
        ("各县零申请单位占比", "share", ("region",), "share"),
        ("2023年各县平均申请", "mean", ("region",), "mean"),
        ("applications by kind of body", "breakdown", ("kind",), None),
        ("applications of each town", "breakdown", ("body",), None),
        ("total applications by county", "sum", ("region",), None),
        ("share of bodies without applications by county", "share", ("region",), "share"),
        ("which year had the most applications", "top", ("year",), None),
    ],
)
def test_groups_are_read(
    parser: Parser, question: str, operation: str, group_by: tuple[str, ...], statistic: str | None
) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, plan.group_by, plan.statistic, plan.unplaced) == (operation, group_by, statistic, ())


def test_the_level_of_a_region_is_kept(parser: Parser) -> None:
    assert parser.parse("哪个市申请最多").plan.region_level == "city"
    assert parser.parse("各省一共收到多少件申请").plan.region_level == "province"


def test_the_mean_over_towns_is_not_split_by_town(parser: Parser) -> None:
    assert parser.parse("平均每个镇收到几件申请").plan.group_by == ()


def test_sides_show_the_statistic_that_is_named(parser: Parser) -> None:
    plan = parser.parse("2023年镇和部门哪个平均申请多").plan
    assert (plan.operation, plan.statistic) == ("compare", "mean")
    assert [side.kinds for side in plan.sides] == [(Kind.TOWNSHIP,), (Kind.DEPARTMENT,)]


def test_the_zeros_of_two_sides_are_counted(parser: Parser) -> None:
    plan = parser.parse("镇和部门哪个零申请的多").plan
    assert (plan.operation, plan.statistic, criteria_of(plan)) == ("compare", "count", ["= 0"])


@pytest.mark.parametrize(
    ("question", "metrics", "denominators"),
    [
        ("办结率", ("result_total",), ("applications_new", "applications_carried_in")),
        ("复议纠错率", ("review_corrected",), ("review_total",)),
        ("个人申请里不予公开占比", ("denied_subtotal__natural_person",), ("result_total__natural_person",)),
        ("不予公开中因为第三方的占比", ("denied_third_party",), ("denied_subtotal",)),
    ],
)
def test_shares_have_their_own_whole(
    parser: Parser, question: str, metrics: tuple[str, ...], denominators: tuple[str, ...]
) -> None:
    plan = parser.parse(question).plan
    assert (plan.metrics, plan.denominators) == (metrics, denominators)


@pytest.mark.parametrize(
    "question",
    ["申请最多和最少的分别是谁", "申请最多的镇和最少的镇相差多少件", "who had the most and the fewest applications"],
)
def test_both_ends_of_a_ranking_are_one_question(parser: Parser, question: str) -> None:
    parse = parser.parse(question)
    assert (parse.readings, parse.plan.operation, parse.plan.order, parse.plan.unplaced) == ((), "top", "both", ())


def test_the_largest_change_is_a_rise_or_a_fall(parser: Parser) -> None:
    parse = parser.parse("申请变化最大的镇")
    assert [(r.plan.change, r.plan.order) for r in parse.readings] == [
        ("difference", "descending"),
        ("difference", "ascending"),
    ]


@pytest.mark.parametrize(
    ("question", "group"),
    [
        ("申请都是什么人提的", "column"),
        ("2023年因为什么不予公开", "outcome"),
        ("why were applications refused", "outcome"),
    ],
)
def test_questions_in_words_are_answered_by_a_breakdown(parser: Parser, question: str, group: str) -> None:
    plan = parser.parse(question).plan
    assert (plan.subject, plan.operation, plan.group_by) == ("figures", "breakdown", (group,))
