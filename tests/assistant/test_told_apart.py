"""Groups, metrics and places that a question tells apart: none is added to another, and none is dropped."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assistant.answering.addends import metrics_apart
from assistant.plan import Plan
from assistant.understanding.conversation import Turn, parse_in_conversation
from assistant.understanding.lexicon import lexicon
from assistant.understanding.parser import Parser
from vectorstore.records import Body, Kind

NEW, PROACTIVE = "applications_new", "proactive_total"
QINGHE, LIUYU = "云江省/青川市/青禾县", "云江省/白石市/溪柳县"
BODIES = [
    Body("county_a", "青禾县人民政府", Kind.COUNTY, QINGHE, ("青禾县政府", "Qinghe County Government")),
    Body("county_b", "溪柳县人民政府", Kind.COUNTY, LIUYU, ("溪柳县政府", "Xiliu County Government")),
    Body("town_a", "青禾县柳浪镇人民政府", Kind.TOWNSHIP, QINGHE, ("柳浪镇",)),
    Body("town_b", "溪柳县松萤镇人民政府", Kind.TOWNSHIP, LIUYU, ("松萤镇",)),
    Body("town_c", "青禾县竹溪镇人民政府", Kind.TOWNSHIP, QINGHE, ("竹溪镇",)),
    Body("town_d", "溪柳县榆岭镇人民政府", Kind.TOWNSHIP, LIUYU, ("榆岭镇",)),
    Body("zone_a", "青禾经济开发区管理委员会", Kind.ZONE, QINGHE, ("青禾经开区",)),
    Body("zone_b", "溪柳经济开发区管理委员会", Kind.ZONE, LIUYU, ("溪柳经开区",)),
    Body("zone_c", "溪柳高新技术产业开发区管理委员会", Kind.ZONE, LIUYU, ("溪柳高新区",)),
]


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon(), BODIES, {2021, 2022, 2023}, date(2024, 5, 1))


def plan_of(parser: Parser, question: str, *history: str) -> Plan:
    last = None
    for earlier in history:
        last = Turn(parse_in_conversation(parser, earlier, last).plan, tuple)
    return parse_in_conversation(parser, question, last).plan


@pytest.mark.parametrize(
    ("question", "kinds", "regions"),
    [
        ("柳浪镇2023年主动公开在青禾县的乡镇里排第几", (Kind.TOWNSHIP,), (QINGHE,)),
        ("青禾县乡镇当中，柳浪镇23年申请数第几", (Kind.TOWNSHIP,), (QINGHE,)),
        ("柳浪镇2023年主动公开在本县乡镇里第几", (Kind.TOWNSHIP,), (QINGHE,)),
        ("柳浪镇2023年主动公开全县排第几", (), (QINGHE,)),
        ("柳浪镇2023年申请在全市乡镇中排第几", (Kind.TOWNSHIP,), ("云江省/青川市",)),
        ("青禾县柳浪镇2023年主动公开在乡镇里排第几", (Kind.TOWNSHIP,), ()),
    ],
)
def test_a_body_is_ranked_among_those_of_the_place_that_is_named(
    parser: Parser, question: str, kinds: tuple[Kind, ...], regions: tuple[str, ...]
) -> None:
    plan = plan_of(parser, question)
    assert (plan.operation, plan.scope.bodies, plan.unplaced) == ("rank", ("town_a",), ())
    assert (plan.scope.kinds, plan.scope.regions) == (kinds, regions)


def test_a_county_that_nothing_names_is_owned_up_to(parser: Parser) -> None:
    assert plan_of(parser, "2023年全县乡镇申请合计多少").unplaced == ("全县",)


def test_governments_may_share_the_words_for_what_they_are(parser: Parser) -> None:
    plan = plan_of(parser, "difference in 2023 applications between 青禾县 and 溪柳县政府")
    assert (plan.operation, plan.scope.bodies) == ("compare", ("county_a", "county_b"))


@pytest.mark.parametrize(
    ("question", "group"),
    [
        ("2022年开发区、乡镇、部门的申请各合计多少件", "kind"),
        ("2022年开发区和乡镇的申请分别是多少", "kind"),
        ("2023年青禾县与溪柳县各收到多少申请（只算乡镇）", "region"),
        ("2023年青禾县、溪柳县乡镇申请分别有多少件", "region"),
        ("青禾县和溪柳县2023年各有几个乡镇没收到申请", "region"),
        ("青禾县和溪柳县2023年申请平均数各是多少", "region"),
        ("各年份里乡镇主动公开总量是多少", "year"),
    ],
)
def test_what_is_asked_of_each_group_is_split_by_them(parser: Parser, question: str, group: str) -> None:
    assert plan_of(parser, question).group_by == (group,)


def test_the_first_of_each_county_is_not_the_first_of_both(parser: Parser) -> None:
    plan = plan_of(parser, "2021年青禾县和溪柳县各自主动公开最多的乡镇")
    assert (plan.operation, plan.within, plan.region_level) == ("top", ("region",), "county")


@pytest.mark.parametrize(
    "question",
    [
        "2021到2023年合计，哪个乡镇收到的申请最多",
        "历年累计申请最多的乡镇",
        "三年累计申请最少的开发区",
        "Which township received the most applications in total over 2021-2023?",
    ],
)
def test_totals_over_years_are_of_bodies_and_not_of_single_years(parser: Parser, question: str) -> None:
    plan = plan_of(parser, question)
    assert (plan.operation, plan.group_by, plan.within, plan.change) == ("top", ("body",), (), None)


@pytest.mark.parametrize(
    "question",
    [
        "2023年谁申请最多、谁复议最多",
        "2023年各开发区的予以公开、部分公开、不予公开件数列表",
        "青禾县政府2021到2023年申请和诉讼的变化",
    ],
)
def test_metrics_that_are_each_asked_for_are_not_added(parser: Parser, question: str) -> None:
    assert plan_of(parser, question).apart


def test_metrics_that_a_word_adds_up_are_added(parser: Parser) -> None:
    assert not plan_of(parser, "2023年乡镇复议和诉讼一共多少件").apart


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("青禾县政府和溪柳县政府2023年平均申请分别多少", ("分别",)),
        ("2023年申请最多的单位分别是谁", ()),
        ("2023年青禾县各乡镇主动公开合计分别是多少", ()),
    ],
)
def test_an_each_that_is_answered_with_one_figure_is_owned_up_to(
    parser: Parser, question: str, words: tuple[str, ...]
) -> None:
    assert plan_of(parser, question).unplaced == words


def test_metrics_of_different_units_are_never_answered_as_one() -> None:
    three = ("applications_new", "proactive_total", "review_total")
    plan = Plan(subject="figures", operation="sum", metrics=three)
    assert metrics_apart(plan) == [("applications_new", "review_total"), ("proactive_total",)]


@pytest.mark.parametrize(
    ("question", "operation"),
    [
        ("2022年商业企业提给开发区的申请有多少", "sum"),
        ("申请一直没超过两件的开发区（三年里）", "list"),
        ("2023年除青禾县以外，申请总数多少（乡镇）", "sum"),
    ],
)
def test_a_kind_behind_a_bracket_or_whom_applications_go_to_is_all_of_it(
    parser: Parser, question: str, operation: str
) -> None:
    parse = parser.parse(question)
    assert (parse.plan.operation, parse.plan.scope.bodies, parse.readings) == (operation, (), ())


def test_the_one_of_another_place_is_of_the_same_sort(parser: Parser) -> None:
    assert plan_of(parser, "溪柳那个呢", "青禾经开区2023年收到几件申请").scope.bodies == ("zone_b",)
    assert plan_of(parser, "那溪柳呢", "青禾县政府2023年收到几件申请").scope.bodies == ("county_b",)


@pytest.mark.parametrize(
    ("question", "subject", "aspect"),
    [
        ("各家年报里反复出现的短板是什么", "themes", "problems"),
        ("信息处理费是个什么费", "definition", None),
        ("哪份报告把年份搞错了", "checks", "heading"),
        ("标题里有多余字词的是哪份报告", "checks", "heading"),
        ("分渠道条数相加不等于总数的报告有吗", "checks", "channels"),
        ("Is the 青禾经开区 figure 153 or 9?", "checks", "conflicts"),
        ("哪个领导干得最好", "out_of_scope", "opinion"),
        ("提交申请的人姓甚名谁", "out_of_scope", "personal"),
        ("手头总共几份年报？", "reports", None),
        ("青禾经开区办公地址在哪儿", "passages", None),
    ],
)
def test_everyday_words_take_the_question_where_it_belongs(
    parser: Parser, question: str, subject: str, aspect: str | None
) -> None:
    plan = plan_of(parser, question)
    assert (plan.subject, plan.aspect) == (subject, aspect)


def test_a_question_behind_mention_is_no_text_to_look_for(parser: Parser) -> None:
    assert plan_of(parser, "青禾经开区提到用什么渠道公开信息").quoted == ()


def test_whether_something_is_counted_leaves_nothing_out(parser: Parser) -> None:
    assert parser.read("这里面算不算上年结转的").exclusions == ()


def test_a_sum_of_different_units_is_refused_and_each_is_told(ask: Any, draft: Any) -> None:
    zones = [
        draft("甲区", 2023).says(NEW, 4).says(PROACTIVE, 300),
        draft("乙区", 2023).says(NEW, 6).says(PROACTIVE, 20),
    ]
    answer = ask(zones, subject="figures", operation="top", metrics=[NEW, PROACTIVE])
    assert answer.value is None
    assert "不能相加" in answer.text
    assert "最多的是乙区6件" in answer.text
    assert "最多的是甲区300条" in answer.text
    assert "304" not in answer.text


def test_what_one_of_the_metrics_lacks_makes_the_whole_partial(ask: Any, draft: Any) -> None:
    zones = [draft("甲区", 2023).says(NEW, 4), draft("乙区", 2023).says(NEW, 6)]
    answer = ask(zones, subject="figures", operation="sum", metrics=[NEW, PROACTIVE])
    assert answer.status == "partial"
    assert "10件" in answer.text


def test_a_total_that_is_not_stated_is_told_by_its_channels(ask: Any, draft: Any) -> None:
    zone = draft("甲区", 2023).says("proactive_website", 30)
    scope = {"bodies": [zone.body.body_id], "years": [2023]}
    answer = ask([zone], subject="figures", operation="value", metrics=[PROACTIVE], scope=scope)
    assert (answer.status, answer.value) == ("partial", None)
    assert "不是总数" in answer.text
    assert "30条" in answer.text
