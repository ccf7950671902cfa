"""Questions with several conditions: what each of them is on. Bodies are made up; no report is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

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
    ("question", "criteria"),
    [
        ("有申请但没有复议的单位", ["applications_new > 0", "review_total = 0"]),
        ("没申请却有诉讼的单位", ["applications_new = 0", "litigation_total > 0"]),
        ("申请有复议没有的单位", ["applications_new > 0", "review_total = 0"]),
        ("申请超过10件而主动公开不到50条的镇", ["applications_new > 10", "proactive_total < 50"]),
        ("收到申请却一件都没公开的单位", ["applications_new > 0", "result_granted+result_partial = 0"]),
        ("行政许可0件但处罚超过100的部门", ["licence_decisions = 0", "penalty_decisions > 100"]),
        ("申请10件以上且没有结转的单位", ["applications_new >= 10", "applications_carried_out = 0"]),
        ("有建议没提案的部门", ["npc_proposals > 0", "cppcc_proposals = 0"]),
        (
            "申请多于5件且没有复议、诉讼的部门有哪些",
            ["applications_new > 5", "review_total = 0", "litigation_total = 0"],
        ),
        (
            "有企业申请但没有个人申请的部门",
            ["applications_new__enterprise > 0", "applications_new__natural_person = 0"],
        ),
        ("bodies with applications but no reviews", ["applications_new > 0", "review_total = 0"]),
        ("towns that received applications but have no reviews", ["applications_new > 0", "review_total = 0"]),
        (
            "which towns received more than 10 applications but published fewer than 50 items",
            ["applications_new > 10", "proactive_total < 50"],
        ),
        (
            "departments with no licences but more than 100 penalties",
            ["licence_decisions = 0", "penalty_decisions > 100"],
        ),
    ],
)
def test_each_condition_is_on_the_metric_beside_it(parser: Parser, question: str, criteria: list[str]) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, criteria_of(plan), plan.combine, plan.unplaced) == ("list", criteria, "all", ())


@pytest.mark.parametrize(
    ("question", "metrics", "condition", "combine"),
    [
        ("复议和诉讼都有的单位", ("review_total", "litigation_total"), "> 0", "all"),
        ("既没收到申请又没有诉讼的单位", ("applications_new", "litigation_total"), "= 0", "all"),
        ("申请、复议、诉讼都没有的镇", ("applications_new", "review_total", "litigation_total"), "= 0", "all"),
        ("没有复议或诉讼的单位", ("review_total", "litigation_total"), "= 0", "all"),
        ("没有复议或者没有诉讼的单位", ("review_total", "litigation_total"), "= 0", "any"),
        ("复议或诉讼有一样的单位", ("review_total", "litigation_total"), "> 0", "any"),
        ("bodies with neither reviews nor lawsuits", ("review_total", "litigation_total"), "= 0", "all"),
        ("bodies without reviews or lawsuits", ("review_total", "litigation_total"), "= 0", "all"),
        ("bodies with reviews or lawsuits", ("review_total", "litigation_total"), "> 0", "any"),
    ],
)
def test_one_condition_of_several_metrics_is_on_each(
    parser: Parser, question: str, metrics: tuple[str, ...], condition: str, combine: str
) -> None:
    plan = parser.parse(question).plan
    assert (plan.metrics, criteria_of(plan), plan.combine) == (metrics, [condition], combine)


@pytest.mark.parametrize(
    ("question", "operation", "metric", "criteria"),
    [
        ("没有申请的单位主动公开了多少条", "sum", "proactive_total", ["applications_new = 0"]),
        ("主动公开超过100条的镇平均收到几件申请", "mean", "applications_new", ["proactive_total > 100"]),
        ("没有复议的单位里申请最多的是谁", "top", "applications_new", ["review_total = 0"]),
        ("发了规范性文件的镇公开了多少条", "sum", "proactive_total", ["normative_docs_issued > 0"]),
        ("收到过申请的镇平均收到几件", "mean", "applications_new", ["> 0"]),
        (
            "受理了申请的镇里有几个没有结转",
            "count",
            "applications_carried_out",
            ["applications_new > 0", "applications_carried_out = 0"],
        ),
        (
            "不予公开占比超过一半的镇平均收到几件申请",
            "mean",
            "applications_new",
            ["denied_subtotal/result_total > 0.5"],
        ),
        (
            "how many items did towns without applications disclose",
            "sum",
            "proactive_total",
            ["applications_new = 0"],
        ),
        (
            "average applications of towns that disclosed more than 100 items",
            "mean",
            "applications_new",
            ["proactive_total > 100"],
        ),
    ],
)
def test_a_clause_about_bodies_narrows_what_is_asked_of_another_metric(
    parser: Parser, question: str, operation: str, metric: str, criteria: list[str]
) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, criteria_of(plan)) == (operation, criteria)
    assert metric in plan.metrics


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("申请不超过10件的镇", "<= 10"),
        ("没有超过5件申请的镇", "<= 5"),
        ("连5件申请都不到的镇", "< 5"),
        ("申请大于等于5的镇", ">= 5"),
        ("申请≥5的单位", ">= 5"),
        ("申请是两位数的镇", "between 10..99"),
        ("申请个位数的镇", "between 0..9"),
        ("申请在10件和50件之间的镇", "between 10..50"),
        ("申请上百件的单位", ">= 100"),
        ("只有1件申请的镇", "= 1"),
        ("申请不止1件的镇", "> 1"),
        ("复议非零的单位", "> 0"),
        ("申请数为零的镇", "= 0"),
        ("一件申请也没有的镇", "= 0"),
        ("towns with exactly one application", "= 1"),
        ("bodies with double-digit applications", "between 10..99"),
        ("which bodies received between 10 and 50 applications", "between 10..50"),
    ],
)
def test_bounds_are_read_as_people_word_them(parser: Parser, question: str, condition: str) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, criteria_of(plan)) == ("list", [condition])


def test_two_bounds_on_one_metric_are_both_kept(parser: Parser) -> None:
    assert criteria_of(parser.parse("申请超过3件但不到8件的镇").plan) == ["> 3", "< 8"]


@pytest.mark.parametrize(
    ("question", "bound"),
    [
        ("企业申请占比超过三分之一的部门", Decimal(1) / Decimal(3)),
        ("自然人申请占八成以上的单位", Decimal("0.8")),
        ("申请全部予以公开的单位", Decimal(1)),
        ("只有自然人申请的单位", Decimal(1)),
    ],
)
def test_parts_of_a_whole_bound_a_share(parser: Parser, question: str, bound: Decimal) -> None:
    plan = parser.parse(question).plan
    assert plan.denominators
    assert [criterion.value for criterion in plan.criteria] == [bound]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("2023年人均公开多少条", "人均"),
        ("柳浪镇的申请占全县的比例", "占全县的比例"),
    ],
)
def test_what_a_plan_cannot_hold_is_told(parser: Parser, question: str, words: str) -> None:
    assert parser.parse(question).plan.unplaced == (words,)


@pytest.mark.parametrize("question", ["2023年处罚了多少起，许可了多少件", "行政许可和行政处罚各多少"])
def test_figures_that_are_asked_for_side_by_side_are_not_added(parser: Parser, question: str) -> None:
    assert parser.parse(question).plan.operation == "breakdown"


@pytest.mark.parametrize(
    ("question", "metrics"),
    [
        ("打官司最多的单位", ("litigation_total",)),
        ("被驳回的申请有几件", ("denied_subtotal",)),
        ("红头文件发了几个", ("normative_docs_issued",)),
        ("推文发了多少条", ("proactive_wechat",)),
        ("开了多少罚单", ("penalty_decisions",)),
        ("复议输了几件", ("review_corrected",)),
        ("官司打赢几件", ("lit_direct_upheld", "lit_post_review_upheld")),
        ("复议还没结案的几件", ("review_pending",)),
        ("积压的申请最多的单位", ("applications_carried_out",)),
        ("how many fines were imposed", ("penalty_decisions",)),
        ("requests turned down", ("denied_subtotal",)),
    ],
)
def test_everyday_words_name_metrics(parser: Parser, question: str, metrics: tuple[str, ...]) -> None:
    plan = parser.parse(question).plan
    assert (plan.subject, plan.metrics, plan.unplaced) == ("figures", metrics, ())
