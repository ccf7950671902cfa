"""Questions that hold a figure against another: another metric's, another year's, the average's, that of the first."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assistant.plan import Plan
from assistant.understanding.lexicon import lexicon
from assistant.understanding.parser import Parser
from vectorstore.records import Body, Kind

BODIES = [Body("town_a", "柳浪镇人民政府", Kind.TOWNSHIP, "山东省/威海市/文登区", ("柳浪镇", "柳浪", "Liulang Town"))]
NEW, ITEMS, REVIEWS = "applications_new", "proactive_total", "review_total"
PERSONS, COMPANIES = f"{NEW}__natural_person", f"{NEW}__enterprise"
MOTIONS, SUGGESTIONS = "cppcc_proposals", "npc_proposals"


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon(), BODIES, {2021, 2022, 2023}, date(2024, 5, 1))


def relation(plan: Plan) -> tuple[Any, ...]:
    """What the only criterion holds against what."""
    (criterion,) = plan.criteria
    return (*(criterion.metrics or plan.metrics), criterion.comparison, int(criterion.value), *criterion.than)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2023年提案比建议多的单位", (MOTIONS, ">", 0, SUGGESTIONS)),
        ("2023年哪些单位建议比提案少", (SUGGESTIONS, "<", 0, MOTIONS)),
        ("2023年个人申请多于企业申请的部门", (PERSONS, ">", 0, COMPANIES)),
        ("2023年企业申请比个人申请多的镇有哪些", (COMPANIES, ">", 0, PERSONS)),
        ("2023年公开少于申请的单位", (ITEMS, "<", 0, NEW)),
        ("2023年新收比办结多的单位有哪些", (NEW, ">", 0, "result_total")),
        ("2023年办结数等于新收数的单位", ("result_total", "=", 0, NEW)),
        ("2023年提案和建议一样多的单位", (MOTIONS, "=", 0, SUGGESTIONS)),
        ("2023年建议与提案相等的单位", (SUGGESTIONS, "=", 0, MOTIONS)),
        ("2023年提案比建议多2件以上的单位", (MOTIONS, ">=", 2, SUGGESTIONS)),
        ("2023年提案比建议少3件以上的单位", (MOTIONS, "<=", -3, SUGGESTIONS)),
        (
            "which bodies received more applications from companies than from individuals in 2023",
            (COMPANIES, ">", 0, PERSONS),
        ),
        ("which departments had more reviews than lawsuits in 2023", (REVIEWS, ">", 0, "litigation_total")),
        ("departments with fewer suggestions than motions", (SUGGESTIONS, "<", 0, MOTIONS)),
    ],
)
def test_one_figure_against_another(parser: Parser, question: str, expected: tuple[Any, ...]) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, relation(plan), plan.unplaced) == ("list", expected, ())


def test_a_relation_may_narrow_what_is_asked_of_another_figure(parser: Parser) -> None:
    plan = parser.parse("2023年个人申请比企业申请多的单位复议几件").plan
    assert (plan.operation, plan.metrics, relation(plan)) == ("sum", (REVIEWS,), (PERSONS, ">", 0, COMPANIES))


@pytest.mark.parametrize(
    ("question", "comparison", "average"),
    [
        ("2023年申请超过平均数的镇", ">", "mean"),
        ("2023年申请高于平均水平的单位有哪些", ">", "mean"),
        ("2023年申请低于中位数的部门", "<", "median"),
        ("2023年申请量在平均线以上的部门", ">=", "mean"),
        ("2023年申请比平均水平少的单位", "<", "mean"),
        ("2023年申请比中位数高的镇", ">", "median"),
        ("2023年公开率高于平均水平的单位", ">", "mean"),
        ("2023年申请增幅高于平均的单位", ">", "mean"),
        ("2023年主动公开不到平均数的镇有哪些", "<", "mean"),
        ("towns whose applications in 2023 were above average", ">", "mean"),
        ("which towns had applications below the median in 2023", "<", "median"),
        ("which departments received more applications than the average in 2023", ">", "mean"),
    ],
)
def test_an_average_may_be_the_bound(parser: Parser, question: str, comparison: str, average: str) -> None:
    plan = parser.parse(question).plan
    (criterion,) = plan.criteria
    told = (plan.operation, criterion.comparison, criterion.against, plan.statistic, plan.unplaced)
    assert told == ("list", comparison, average, None, ())


@pytest.mark.parametrize(
    ("question", "conditions"),
    [
        ("2022年没有申请而2023年有申请的单位", [(2022, "="), (2023, ">")]),
        ("2022年没有申请但2023年有的单位有哪些", [(2022, "="), (2023, ">")]),
        ("2021年有2023年没有复议的单位有几个", [(2021, ">"), (2023, "=")]),
        ("which bodies had no applications in 2022 but some in 2023", [(2022, "="), (2023, ">")]),
        ("2022年申请不到5件而2023年超过10件的部门", [(2022, "<"), (2023, ">")]),
    ],
)
def test_each_year_has_its_condition(parser: Parser, question: str, conditions: list[tuple[int, str]]) -> None:
    plan = parser.parse(question).plan
    assert [(criterion.year, criterion.comparison) for criterion in plan.criteria] == conditions
    assert plan.unplaced == ()


def test_a_condition_of_one_year_narrows_what_is_asked_of_another(parser: Parser) -> None:
    plan = parser.parse("2022年没有申请的单位2023年收到几件申请").plan
    assert plan.operation == "sum"
    assert [(criterion.year, criterion.comparison) for criterion in plan.criteria] == [(2022, "=")]


@pytest.mark.parametrize("question", ["2022年和2023年申请都超过10件的单位", "2023年没有申请的单位"])
def test_one_condition_has_no_year_of_its_own(parser: Parser, question: str) -> None:
    assert all(criterion.year is None for criterion in parser.parse(question).plan.criteria)


@pytest.mark.parametrize(
    ("question", "operation", "metrics", "top", "order"),
    [
        ("2023年申请最多的镇主动公开了多少条", "sum", (ITEMS,), 1, "descending"),
        ("2023年申请最少的镇复议几件", "sum", (REVIEWS,), 1, "ascending"),
        ("2023年主动公开最多的三个单位收到几件申请", "sum", (NEW,), 3, "descending"),
        ("2023年主动公开最多的三个单位各收到几件申请", "list", (NEW,), 3, "descending"),
        ("2023年申请最多的镇有没有被复议", "list", (REVIEWS,), 1, "descending"),
        (
            "of the bodies with most applications in 2023 how many reviews were there",
            "sum",
            (REVIEWS,),
            1,
            "descending",
        ),
        ("how many items did the town with the most applications disclose in 2023", "sum", (ITEMS,), 1, "descending"),
    ],
)
def test_to_be_first_may_be_the_condition(
    parser: Parser, question: str, operation: str, metrics: tuple[str, ...], top: int, order: str
) -> None:
    plan = parser.parse(question).plan
    (criterion,) = plan.criteria
    assert (plan.operation, plan.metrics, plan.unplaced) == (operation, metrics, ())
    assert (criterion.top, criterion.order) == (top, order)


def test_whose_rise_is_largest_may_be_the_condition(parser: Parser) -> None:
    plan = parser.parse("2023年申请增长最多的单位主动公开了多少条").plan
    (criterion,) = plan.criteria
    assert (plan.metrics, plan.change, criterion.metrics, criterion.change) == ((ITEMS,), None, (NEW,), "difference")
    fell = parser.parse("2023年申请下降最多的单位主动公开了多少条").plan.criteria[0]
    assert (fell.change, fell.order) == ("difference", "ascending")


@pytest.mark.parametrize(
    ("question", "within"),
    [
        ("2023年各县申请最多的单位", ("region",)),
        ("每年申请最多的是谁", ("year",)),
        ("2023年各类机关里申请最多的单位", ("kind",)),
        ("which body received the most applications in each year", ("year",)),
        ("the body with the most applications in each county in 2023", ("region",)),
    ],
)
def test_the_first_of_each_group_is_told_from_the_first_group(
    parser: Parser, question: str, within: tuple[str, ...]
) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, plan.within, plan.group_by, plan.unplaced) == ("top", within, (), ())
    assert parser.parse("2023年哪个县申请最多").plan.within == ()


@pytest.mark.parametrize(
    ("question", "operation", "denominators"),
    [
        ("2023年镇的申请是街道的几倍", "compare", ()),
        ("2023年予以公开是不予公开的几倍", "share", ("denied_subtotal",)),
        ("柳浪镇2023年申请是2022年的几倍", "trend", ()),
        ("柳浪镇2023年新收申请是复议的多少倍", "share", (REVIEWS,)),
    ],
)
def test_how_many_times_one_of_two_is_the_other(
    parser: Parser, question: str, operation: str, denominators: tuple[str, ...]
) -> None:
    plan = parser.parse(question).plan
    assert (plan.times, plan.operation, plan.denominators, plan.unplaced) == (True, operation, denominators, ())


@pytest.mark.parametrize(("question", "words"), [("2023年人均公开多少条", "人均"), ("2023年申请是全国的几倍", "几倍")])
def test_a_ratio_to_what_no_report_states_is_told_as_left_out(parser: Parser, question: str, words: str) -> None:
    plan = parser.parse(question).plan
    assert plan.subject == "out_of_scope" or words in plan.unplaced


def test_each_bodys_first_year_is_told_from_the_first_year_of_all(parser: Parser) -> None:
    each, of_all = parser.parse("各单位申请最多的是哪年").plan, parser.parse("申请最多的年份").plan
    assert (each.within, each.group_by) == (("body",), ())
    assert (of_all.within, of_all.group_by) == ((), ("year",))
