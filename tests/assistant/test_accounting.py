"""What a question says and its Plan doesn't is told in the question's words. Bodies are made up; no report is read."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.plan import Criterion, Plan, PlanScope
from assistant.understanding.accounting import accounted, unexpressed
from assistant.understanding.conversation import Turn, parse_in_conversation
from assistant.understanding.lexicon import lexicon
from assistant.understanding.parser import Parser
from vectorstore.records import Body, Kind

COUNTY = "山东省/威海市/文登区"
BODIES = [
    Body("town_a", "柳浪镇人民政府", Kind.TOWNSHIP, COUNTY, ("柳浪镇", "柳浪", "Liulang Town")),
    Body("town_b", "松萤镇人民政府", Kind.TOWNSHIP, COUNTY, ("松萤镇", "Songying Town")),
    Body("zone_a", "甲山经济开发区管理委员会", Kind.ZONE, COUNTY, ("甲山经开区",)),
    Body("bureau", "文登区财政局", Kind.DEPARTMENT, COUNTY, ("区财政局", "Wendeng Finance Bureau")),
]
OF_ALL = Plan(subject="figures", operation="sum", metrics=("applications_new",), scope=PlanScope(years=(2023,)))


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon(), BODIES, {2021, 2022, 2023}, date(2024, 5, 1))


def lost(parser: Parser, question: str, plan: Plan) -> tuple[str, ...]:
    return unexpressed(parser.read(question), plan, parser.lexicon, parser.linker)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("2023年一共收到多少件申请", ()),
        ("2023年企业申请一共多少件", ("企业",)),
        ("2023年错误的申请一共多少件", ("错误",)),
        ("2023年申请平均多少件", ("平均",)),
        ("2023年申请的中位数", ("中位数",)),
        ("2023年申请最多的", ("最多",)),
        ("2023年不予公开的申请有多少件", ("不予公开",)),
        ("2023年复议被维持的一共多少件", ("复议", "维持")),
        ("2023年没有申请的一共多少", ("没有",)),
        ("2023年超过50件的申请一共多少件", ("超过50",)),
        ("2022年一共收到多少件申请", ("2022年",)),
        ("2023年柳浪镇一共收到多少件申请", ("柳浪镇",)),
        ("2023年文登区一共收到多少件申请", ("文登区",)),
        ("2023年镇一共收到多少件申请", ("镇",)),
        ("2023年高新区一共收到多少件申请", ("高新区",)),
        ("2023年申请增加了多少", ("增加了",)),
        ("2023年申请占比", ("占比",)),
        ("2023年除了柳浪镇一共收到多少件申请", ("除了柳浪镇",)),
        ("2023年联系电话和申请一共多少件", ("联系电话",)),
        ("2023年经常收到的申请一共多少件", ("经常",)),
        ("2023年申请都是图片的有多少件", ("都是图片",)),
        ("How many applications without a decision in 2023 in total?", ("without",)),
        ("total applications from companies in 2023", ("companies",)),
        ("average applications in 2023", ("average",)),
        ("share of applications in 2023", ("share",)),
        ("applications of towns in 2023 in total", ("towns",)),
        ("three applications in 2023 in total", ("three",)),
    ],
)
def test_a_word_that_the_plan_does_not_express_is_lost(parser: Parser, question: str, words: tuple[str, ...]) -> None:
    assert lost(parser, question, OF_ALL) == words


@pytest.mark.parametrize(
    ("question", "update"),
    [
        ("2023年企业申请一共多少件", {"metrics": ("applications_new__enterprise",)}),
        ("2023年申请按申请人类型分，企业多少", {"operation": "breakdown", "group_by": ("column",)}),
        ("2023年申请平均多少件", {"operation": "mean"}),
        ("2023年申请超过平均的", {"operation": "list", "criteria": (Criterion(against="mean"),)}),
        ("2023年申请最多的", {"operation": "top", "limit": 1}),
        ("2023年没有申请的", {"operation": "list", "criteria": (Criterion(comparison="="),)}),
        ("2023年超过50件的", {"operation": "list", "criteria": (Criterion(value=50),)}),
        ("2023年镇一共收到多少件申请", {"scope": PlanScope(years=(2023,), kinds=(Kind.TOWNSHIP,))}),
        ("2023年文登区一共收到多少件申请", {"scope": PlanScope(years=(2023,), bodies=("bureau",))}),
        ("2023年申请增加的", {"operation": "list", "criteria": (Criterion(change="difference"),)}),
        ("2023年申请占比", {"operation": "share", "denominators": ("result_total",)}),
        ("2023年收没收到申请", {"operation": "value"}),
        ("不予公开的申请2023年有多少件", {"metrics": ("denied_subtotal",)}),
        ("2023年结转一共多少件申请", {"metrics": ("applications_carried_out",)}),
    ],
)
def test_a_word_that_the_plan_expresses_is_not_lost(parser: Parser, question: str, update: dict[str, object]) -> None:
    assert lost(parser, question, OF_ALL.model_copy(update=update)) == ()


def test_of_several_words_that_mean_the_same_the_first_is_told(parser: Parser) -> None:
    assert lost(parser, "2023年申请占比是多大比例", OF_ALL) == ("占比",)


def test_what_the_plan_owns_up_to_is_not_told_twice(parser: Parser) -> None:
    reading = parser.read("2023年错误的申请一共多少件")
    plan = OF_ALL.model_copy(update={"unplaced": ("错误",)})
    assert accounted(reading, plan, parser.lexicon, parser.linker).unplaced == ("错误",)


def test_a_search_for_words_has_nothing_to_account_for(parser: Parser) -> None:
    plan = Plan(subject="passages", words="错误的申请")
    assert accounted(parser.read("错误的申请"), plan, parser.lexicon, parser.linker) == plan


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("错误的公开信息有几条", ("错误",)),
        ("2023年行政许可少于100件的单位（不要0的）", ()),
    ],
)
def test_the_parser_tells_what_its_plan_leaves_out(parser: Parser, question: str, words: tuple[str, ...]) -> None:
    assert parser.parse(question).plan.unplaced == words


def test_a_follow_up_tells_what_it_leaves_out(parser: Parser) -> None:
    last = Turn(parser.parse("2023年柳浪镇收到多少件申请").plan, tuple)
    assert parse_in_conversation(parser, "错误的呢", last).plan.unplaced == ("错误",)


@pytest.mark.parametrize(
    "question",
    [
        "2023年哪些镇没有收到申请",
        "柳浪镇2023年收到企业申请几件，占比多少",
        "2023年各单位的申请和公开条数分别是多少",
        "2023年申请比上年增加的单位有哪些",
        "2022年和2023年都没有复议的镇",
        "柳浪镇和松萤镇2023年谁收到的申请多",
        "2023年有人申请公开的单位有几家",
        "2023年因逾期不补正作其他处理的有几件",
        "2023年申请排前3的单位",
        "连续三年零申请的镇",
        "2023年主动公开最多的三个单位",
        "文登区2023年除了镇谁的申请最多",
        "Which towns received no applications in 2023?",
        "How many of the towns had at least one review in 2023?",
        "What share of applications in 2023 came from individuals?",
        "How many more applications did Liulang Town receive than Songying Town in 2023?",
        "Which bodies received fewer applications in 2023 than in 2022?",
    ],
)
def test_what_is_understood_leaves_nothing_to_tell(parser: Parser, question: str) -> None:
    assert parser.parse(question).plan.unplaced == ()
