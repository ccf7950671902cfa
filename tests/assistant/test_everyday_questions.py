"""How people put questions in everyday Chinese: what the Plan of each is. Bodies are made up; no report is read."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.plan import Criterion, Plan
from assistant.understanding.conversation import Turn, parse_in_conversation
from assistant.understanding.lexicon import lexicon
from assistant.understanding.parser import Parser
from vectorstore.records import Body, Kind

COUNTY, OTHER = "山东省/威海市/文登区", "山东省/威海市/荣成市"
BODIES = [
    Body("government", "文登区人民政府", Kind.COUNTY, COUNTY),
    Body("town_a", "柳浪镇人民政府", Kind.TOWNSHIP, COUNTY, ("柳浪镇", "柳浪")),
    Body("town_b", "松萤镇人民政府", Kind.TOWNSHIP, OTHER, ("松萤镇",)),
    Body("street", "环山街道办事处", Kind.SUBDISTRICT, COUNTY, ("环山街道",)),
    Body("zone_a", "甲山经济开发区管理委员会", Kind.ZONE, COUNTY, ("甲山经开区",)),
    Body("zone_b", "乙水高新技术产业开发区管理委员会", Kind.ZONE, OTHER, ("乙水高新区",)),
    Body("bureau", "文登区财政局", Kind.DEPARTMENT, COUNTY, ("区财政局",)),
    Body("office", "荣成市教育局", Kind.DEPARTMENT, OTHER),
]


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon(), BODIES, {2021, 2022, 2023}, date(2024, 5, 1))


def in_words(criterion: Criterion) -> str:
    """A criterion as `applications_new >= 3`."""
    return f"{'+'.join(criterion.metrics)} {criterion.comparison} {criterion.value}".strip()


def criteria_of(plan: Plan) -> list[str]:
    return [in_words(criterion) for criterion in plan.criteria]


@pytest.mark.parametrize(
    "question", ["对比2023年文登区财政局和荣成市教育局的申请量", "比较一下2023年区财政局和荣成市教育局的申请"]
)
def test_who_begins_with_comparing_sets_bodies_against_one_another_and_no_years(parser: Parser, question: str) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, plan.scope.bodies, plan.scope.years) == ("compare", ("bureau", "office"), (2023,))
    assert plan.change is None


@pytest.mark.parametrize("question", ["柳浪镇2023年对比2022年申请增加了多少", "对比2022年，柳浪镇2023年申请增加多少"])
def test_a_year_that_another_is_compared_with_stays_one(parser: Parser, question: str) -> None:
    assert parser.parse(question).plan.scope.years == (2022, 2023)


@pytest.mark.parametrize(
    ("question", "criteria"),
    [
        ("2023年收到申请10件以上（不含）的单位有哪些", ["> 10"]),
        ("2023年收到申请10件以上（不含10件）的单位有哪些", ["> 10"]),
        ("2023年收到申请10件以上（含）的单位有哪些", [">= 10"]),
        ("2023年收到申请超过10件（含10件）的单位", [">= 10"]),
        ("申请5件以下（不含本数）的镇有哪些", ["< 5"]),
        ("2022年申请在20件以上，不含20件的单位", ["> 20"]),
        ("2023年行政许可少于100件的单位（不要0的）", ["< 100", "> 0"]),
    ],
)
def test_a_remark_on_the_bound_itself_is_heeded(parser: Parser, question: str, criteria: list[str]) -> None:
    plan = parser.parse(question).plan
    assert (sorted(criteria_of(plan)), plan.unplaced) == (sorted(criteria), ())


@pytest.mark.parametrize(
    ("question", "operation", "criteria"),
    [
        ("2022年收到申请最多10件的部门有哪些", "list", ["<= 10"]),
        ("2023年最少5件申请的单位", "list", [">= 5"]),
        ("2023年申请最少的5个单位", "top", []),
        ("2023年申请最多的单位有几件", "top", []),
        ("2023年申请最多的10个单位", "top", []),
    ],
)
def test_most_right_before_a_number_bounds_and_else_ranks(
    parser: Parser, question: str, operation: str, criteria: list[str]
) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, criteria_of(plan)) == (operation, criteria)


def test_a_comparison_before_another_number_is_not_that_of_the_zero_before_it(parser: Parser) -> None:
    plan = parser.parse("2023年零申请且主动公开不到300条的单位").plan
    assert criteria_of(plan) == ["applications_new = 0", "proactive_total < 300"]


@pytest.mark.parametrize(
    ("question", "metric"),
    [
        ("22年柳浪镇收到的申请中，商业企业提出的有多少得到了公开", "result_granted__enterprise"),
        ("柳浪镇2022年收到的申请里企业提的公开了几件", "result_granted__enterprise"),
        ("柳浪镇2023年自然人提出的申请有几件被拒绝", "denied_subtotal__natural_person"),
        ("柳浪镇2023年有多少件申请因属于过程性信息不予公开", "denied_process_info"),
        ("柳浪镇2023年的申请里有几件是答复不掌握的", "unable_not_held"),
        ("2022年全年柳浪镇政府登记了几件信息公开申请", "applications_new"),
        ("柳浪镇2023年收到多少件依申靖公开", "applications_new"),
    ],
)
def test_a_cell_of_the_form_is_read_from_an_outcome_and_an_applicant(
    parser: Parser, question: str, metric: str
) -> None:
    plan = parser.parse(question).plan
    assert (plan.subject, plan.operation, plan.metrics, plan.unplaced) == ("figures", "value", (metric,), ())


@pytest.mark.parametrize(
    "question",
    [
        "柳浪镇2022年收到的申请中有百分之多少来自自然人",
        "柳浪镇2022年申请里自然人提交的占几分之几",
        "柳浪镇2022年申请有多大比例是自然人提的",
    ],
)
def test_a_share_may_be_asked_for_in_many_words(parser: Parser, question: str) -> None:
    plan = parser.parse(question).plan
    assert plan.operation == "share"
    assert (plan.metrics, plan.denominators) == (("applications_new__natural_person",), ("applications_new",))


@pytest.mark.parametrize(
    ("question", "operation", "group_by"),
    [
        ("2023年部门收到的申请，自然人、企业等各有多少", "breakdown", ("column",)),
        ("2022年镇收到的申请都是哪些类型的申请人提出的，分别多少", "breakdown", ("column",)),
        ("2023年开发区的申请人构成", "breakdown", ("column",)),
        ("2023年文登区按机关类型统计申请数", "breakdown", ("kind",)),
        ("把2022年各镇的申请加一下", "sum", ()),
        ("2023年各部门共收到多少申请", "sum", ()),
        ("2023年向各部门提了多少申请", "sum", ()),
        ("2023年各部门各收到多少申请", "breakdown", ("body",)),
    ],
)
def test_sums_and_splits_are_told_apart(
    parser: Parser, question: str, operation: str, group_by: tuple[str, ...]
) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, plan.group_by, plan.metrics, plan.scope.bodies) == (
        operation,
        group_by,
        ("applications_new",),
        (),
    )


@pytest.mark.parametrize(
    "question",
    ["给我一份2022年未收到申请的乡镇清单", "盘点一下2022年零申请的乡镇", "2022年灵申请的乡镇", "2022年没身请的乡镇"],
)
def test_lists_of_zeros_may_be_asked_for_in_many_words(parser: Parser, question: str) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, plan.scope.kinds, criteria_of(plan)) == ("list", (Kind.TOWNSHIP,), ["= 0"])


@pytest.mark.parametrize("question", ["2023年申请都办完了的单位", "2023年申请全部办结的单位有哪些"])
def test_who_closed_all_received_some(parser: Parser, question: str) -> None:
    assert criteria_of(parser.parse(question).plan) == ["applications_new > 0", "applications_carried_out = 0"]


def test_handled_may_be_received_or_closed(parser: Parser) -> None:
    parse = parser.parse("柳浪镇2023年办了几件")
    assert [reading.plan.metrics for reading in parse.readings] == [("applications_new",), ("result_total",)]


@pytest.mark.parametrize(
    ("question", "aspect"),
    [
        ("现在几点了", "other"),
        ("今天天气怎么样", "other"),
        ("帮我订票", "other"),
        ("柳浪镇2023年那个申请人住哪里", "personal"),
    ],
)
def test_what_no_report_says_is_refused(parser: Parser, question: str, aspect: str) -> None:
    plan = parser.parse(question).plan
    assert (plan.subject, plan.aspect) == ("out_of_scope", aspect)


@pytest.mark.parametrize(
    ("question", "subject", "aspect"),
    [
        ("柳浪镇23年公开条数前后怎么不一样", "checks", "conflicts"),
        ("2022年没附统计表的报告有哪些", "reports", "no_tables"),
        ("2021年哪些报告里压根没放表格", "reports", "no_tables"),
        ("三年报告不齐全的有谁", "reports", "missing"),
        ("2023年谁的报告没提收到多少申请", "figures", "silent"),
        ("2022年没提信息处理费这茬的单位", "figures", "silent"),
        ("柳浪镇2023年自己承认哪些地方做得不够", "passages", "problems"),
        ("规范性文件和规章有何不同", "definition", None),
    ],
)
def test_questions_about_reports_go_where_they_belong(
    parser: Parser, question: str, subject: str, aspect: str | None
) -> None:
    plan = parser.parse(question).plan
    assert (plan.subject, plan.aspect) == (subject, aspect)


@pytest.mark.parametrize(
    ("question", "operation"),
    [
        ("2023年哪个单位发布会最多", "top"),
        ("2023年有几家开过发布会", "count"),
        ("2022年谁没开发布会", "list"),
        ("文登区财政局和荣成市教育局谁的粉丝多", "top"),
        ("柳浪镇2023年收回多少份问卷", "value"),
        ("2023年各开发区一共开了多少场座谈会", "sum"),
    ],
)
def test_what_only_texts_count_is_looked_for_there(parser: Parser, question: str, operation: str) -> None:
    plan = parser.parse(question).plan
    assert (plan.subject, plan.operation) == ("mentions", operation)


def test_a_rate_of_something_else_is_not_passed_off_as_that_of_applications(parser: Parser) -> None:
    assert "12345" in " ".join(parser.parse("2023年12345办结率").plan.unplaced)


@pytest.mark.parametrize("question", ["柳浪镇前后几年的申请", "柳浪镇历年申请"])
def test_all_years_are_not_the_latest(parser: Parser, question: str) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, plan.scope.latest) == ("trend", False)


def test_never_is_held_against_the_figures_of_all_years(parser: Parser) -> None:
    plan = parser.parse("柳浪镇是不是从来没收过申请").plan
    assert (plan.operation, plan.scope.latest, plan.asks_whether) == ("value", False, "all")


@pytest.mark.parametrize(
    ("question", "running"),
    [
        ("21年以来每年培训都在3场以上的局", 0),
        ("2021、2022、2023三年里从没收过申请的单位", 0),
        ("2022和2023两年都收到申请的乡镇", 2),
    ],
)
def test_every_year_is_a_condition_on_each(parser: Parser, question: str, running: int) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, plan.years_running, plan.group_by) == ("list", running, ())


@pytest.mark.parametrize("question", ["柳浪镇2022年跟2021年一共搞了几次培训", "柳浪镇2021和2022两年一共搞了几次培训"])
def test_years_that_are_added_are_not_compared(parser: Parser, question: str) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, plan.change, plan.scope.years) == ("sum", None, (2021, 2022))


def test_more_or_fewer_asks_which_and_requires_neither(parser: Parser) -> None:
    assert criteria_of(parser.parse("乡镇零申请的个数逐年是多了还是少了").plan) == ["= 0"]


def test_the_greatest_fall_from_the_year_before_is_a_fall(parser: Parser) -> None:
    plan = parser.parse("2022年跟前一年比，公开数量降幅最大的开发区").plan
    assert (plan.operation, plan.change, plan.order) == ("top", "percent", "ascending")


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("哪些地方政府2023年收了信息处理费", (Kind.COUNTY, Kind.CITY, Kind.PROVINCE)),
        ("2023年哪个县区政府收到的申请最多", (Kind.COUNTY,)),
        ("2023年各县政府收到的申请", (Kind.COUNTY,)),
    ],
)
def test_governments_are_bodies_and_no_places(parser: Parser, question: str, kinds: tuple[Kind, ...]) -> None:
    plan = parser.parse(question).plan
    assert (plan.scope.kinds, "region" in plan.group_by) == (kinds, False)


def test_a_town_that_is_not_known_is_no_county_elsewhere(parser: Parser) -> None:
    assert parser.parse("文登区青龙镇2023年收到几件申请").plan.scope.names == ("青龙",)


def test_what_is_in_brackets_says_which_fee_is_meant(parser: Parser) -> None:
    plan = parser.parse("2023年收费超过500块的单位（信息处理费）").plan
    assert (plan.metrics, criteria_of(plan)) == (("info_fee_yuan",), ["> 500"])


def test_others_than_an_applicant_are_all_others(parser: Parser) -> None:
    metrics = parser.parse("2022年企业以外的申请有多少件").plan.metrics
    assert len(metrics) == 5 and "applications_new__enterprise" not in metrics


@pytest.mark.parametrize(
    ("before", "question", "criteria", "kinds"),
    [
        ("哪些开发区2023年没收到申请", "收到申请的有哪些", ["> 0"], (Kind.ZONE,)),
        ("哪些开发区2023年没收到申请", "收到的有几个", ["> 0"], (Kind.ZONE,)),
        ("哪些开发区2023年没收到申请", "没收到的有几个", ["= 0"], (Kind.ZONE,)),
        ("哪些开发区2023年收到申请", "没收到的有几个", ["= 0"], (Kind.ZONE,)),
        ("2023年部门一共收到多少件申请", "如果是镇呢", [], (Kind.TOWNSHIP,)),
    ],
)
def test_an_elliptic_question_leans_on_the_one_before(
    parser: Parser, before: str, question: str, criteria: list[str], kinds: tuple[Kind, ...]
) -> None:
    plan = parse_in_conversation(parser, question, Turn(parser.parse(before).plan, tuple)).plan
    assert (criteria_of(plan), plan.scope.kinds, plan.scope.years) == (criteria, kinds, (2023,))


@pytest.mark.parametrize(
    ("question", "operation", "criteria"),
    [
        ("2023年收到申请少于等于2件的街道有几个", "count", ["<= 2"]),
        ("2023年申请满10件的部门", "list", [">= 10"]),
        ("2023年申请不够10件的部门", "list", ["< 10"]),
        ("2023年有申请但没有复议的镇有多少", "count", ["applications_new > 0", "review_total = 0"]),
        ("各县2023年零申请乡镇数", "count", ["= 0"]),
        ("2023年公开率100%的部门", "list", ["= 1"]),
    ],
)
def test_bounds_and_counts_may_be_worded_otherwise(
    parser: Parser, question: str, operation: str, criteria: list[str]
) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, criteria_of(plan), plan.unplaced) == (operation, criteria, ())


def test_zones_of_counties_are_zones(parser: Parser) -> None:
    assert parser.parse("2023年五个县的开发区各公开了多少条").plan.scope.kinds == (Kind.ZONE,)


def test_who_stands_third_is_one_place_of_a_ranking(parser: Parser) -> None:
    plan = parser.parse("2023年乡镇中申请数排第三的是谁").plan
    assert (plan.operation, plan.place) == ("top", 3)


def test_a_name_with_numerals_is_looked_for_whole(parser: Parser) -> None:
    assert parser.parse("谁的报告里写了三审三校").plan.quoted == ("三审三校",)
