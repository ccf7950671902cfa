"""English questions in the ways people put them. Bodies and places are made up; no report is read."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.plan import Plan
from assistant.understanding.lexicon import lexicon
from assistant.understanding.parser import Parser
from vectorstore.records import Body, Kind

PROVINCE, CITY = "荻潭省", "荻潭省/翰坪市"
COUNTY, OTHER = f"{CITY}/葭岗县", f"{CITY}/霏渚县"
BODIES = [
    Body("county", "葭岗县人民政府", Kind.COUNTY, COUNTY, ("Jiagang", "Jiagang County", "Jiagang County Government")),
    Body("health", "葭岗县卫生健康局", Kind.DEPARTMENT, COUNTY, ("Jiagang Health Bureau",)),
    Body("other_health", "霏渚县卫生健康局", Kind.DEPARTMENT, OTHER, ("Feizhu Health Bureau",)),
    Body("town", "霏渚县茗野镇人民政府", Kind.TOWNSHIP, OTHER, ("Mingye Town", "Mingye")),
    Body("street", "霏渚县荷塘路街道办事处", Kind.SUBDISTRICT, OTHER, ("Hetanglu Subdistrict", "Hetanglu")),
    Body("zone", "葭岗经济开发区管理委员会", Kind.ZONE, COUNTY, ("Jiagang Economic Development Zone",)),
    Body("other_zone", "霏渚经济开发区管理委员会", Kind.ZONE, OTHER, ("Feizhu Economic Development Zone",)),
    Body("tech", "葭岗高新技术产业开发区管理委员会", Kind.ZONE, COUNTY, ("Jiagang High-tech Zone",)),
]


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon(), BODIES, {2021, 2022, 2023}, date(2024, 5, 1))


def plan_of(parser: Parser, question: str) -> Plan:
    return parser.parse(question).plan


def criteria_of(plan: Plan) -> list[str]:
    return [f"{criterion.comparison} {criterion.value}" for criterion in plan.criteria]


@pytest.mark.parametrize(
    "question",
    [
        "Were there towns without a single application in 2023?",
        "Which zones did not receive a single request during 2022?",
        "Which towns had not one application in 2023?",
        "Which zones didn't get even a single request in 2022?",
        "List the departments that received not a single application in 2023",
        "Towns where nobody applied in 2023",
        "Which towns had zero applications in 2023?",
    ],
)
def test_not_a_single_one_is_none(parser: Parser, question: str) -> None:
    plan = plan_of(parser, question)
    assert (plan.operation, criteria_of(plan), plan.unplaced) == ("list", ["= 0"], ())


@pytest.mark.parametrize(
    ("question", "kind", "criterion"),
    [
        ("How many of the zones had no applications in 2022?", Kind.ZONE, "= 0"),
        ("In 2022, what number of zones received no application?", Kind.ZONE, "= 0"),
        ("Number of towns with zero applications in 2023", Kind.TOWNSHIP, "= 0"),
        ("What is the number of towns that received more than 2 applications in 2023?", Kind.TOWNSHIP, "> 2"),
        ("number of departments sued in 2023", Kind.DEPARTMENT, "> 0"),
        ("How many of the departments were taken to court in 2023?", Kind.DEPARTMENT, "> 0"),
    ],
)
def test_how_many_of_a_kind_counts_that_kind(parser: Parser, question: str, kind: Kind, criterion: str) -> None:
    plan = plan_of(parser, question)
    assert (plan.operation, plan.scope.kinds, criteria_of(plan)) == ("count", (kind,), [criterion])


@pytest.mark.parametrize(
    "question",
    [
        "Add up the applications of all towns in 2023",
        "Sum up the applications of towns in 2023",
        "Add together the applications received by towns in 2023",
        "How many applications did towns receive altogether in 2023?",
    ],
)
def test_adding_up_is_a_sum_and_no_check(parser: Parser, question: str) -> None:
    plan = plan_of(parser, question)
    assert (plan.subject, plan.operation, plan.metrics) == ("figures", "sum", ("applications_new",))


@pytest.mark.parametrize(
    ("question", "metric"),
    [
        ("How many times was Jiagang County Health Bureau asked for information in 2023?", "applications_new"),
        ("How many times did Jiagang County Health Bureau get sued in 2023?", "litigation_total"),
        ("Jiagang County Health Bureau's 2023 review total?", "review_total"),
        ("the Jiagang County Health Bureau's applications in 2023", "applications_new"),
        ("Jiagang County Health Bureau: how many lawsuits followed a review in 2023?", "lit_post_review_total"),
        ("How many applications carried over from the previous year did Jiagang Health Bureau report for 2023?",
         "applications_carried_in"),
        ("applications left over from the year before at Jiagang Health Bureau in 2023", "applications_carried_in"),
        ("How many applications did Jiagang Health Bureau carry over to the next year in 2023?",
         "applications_carried_out"),
        ("How many applications could Jiagang Health Bureau not provide information for in 2023?", "unable_subtotal"),
        ("How many requests by firms did Jiagang Health Bureau turn down in 2023?", "denied_subtotal__enterprise"),
        ("applications by citizens that Jiagang Health Bureau refused in 2023", "denied_subtotal__natural_person"),
        ("How many applications from companies did Jiagang Health Bureau grant in 2023?", "result_granted__enterprise"),
        ("requests by lawyers to Jiagang Health Bureau in 2023", "applications_new__legal_service_org"),
        ("Requests from NGOs to Jiagang Health Bureau in 2023", "applications_new__social_welfare_org"),
        ("applications from research institutes at Jiagang Health Bureau 2023",
         "applications_new__research_institution"),
    ],
)  # fmt: skip
def test_a_figure_of_one_body(parser: Parser, question: str, metric: str) -> None:
    plan = plan_of(parser, question)
    assert (plan.scope.bodies, plan.scope.years, plan.metrics) == (("health",), (2023,), (metric,))
    assert plan.unplaced == ()


@pytest.mark.parametrize(
    ("question", "region"),
    [
        ("Total applications for the Hanping City bodies, 2023?", CITY),
        ("Which departments in Hanping City received applications in 2023?", CITY),
        ("Which towns in Ditan Province received no applications in 2023?", PROVINCE),
        ("How many applications did bodies in Ditan Province receive in 2023?", PROVINCE),
    ],
)
def test_a_city_that_no_body_is_called_after_is_known_by_its_pinyin(parser: Parser, question: str, region: str) -> None:
    plan = plan_of(parser, question)
    assert (plan.scope.regions, plan.scope.names, plan.unplaced) == ((region,), (), ())


def test_a_road_and_where_it_is_name_one_subdistrict(parser: Parser) -> None:
    plan = plan_of(parser, "Break down the outcomes of applications at Hetang Road subdistrict, Feizhu County, 2023")
    assert (plan.scope.bodies, plan.sides) == (("street",), ())


def test_a_sort_of_zone_is_no_one_of_them(parser: Parser) -> None:
    plan = plan_of(parser, "Which economic development zones received no applications in 2023?")
    assert (plan.scope.bodies, plan.scope.kinds, plan.unplaced) == ((), (Kind.ZONE,), ())
    assert "经济开发区" in plan.scope.names


def test_sorts_of_zones_are_compared(parser: Parser) -> None:
    plan = plan_of(parser, "High-tech zones versus economic development zones: who disclosed more items in 2023?")
    assert (plan.operation, len(plan.sides)) == ("compare", 2)


def test_who_did_something_is_no_grouping(parser: Parser) -> None:
    by_county = plan_of(parser, "Items disclosed by towns in 2023, per county")
    won = plan_of(parser, "Lawsuits won by county governments in 2023")
    assert by_county.group_by == ("region",)
    assert (won.group_by, won.scope.kinds) == ((), (Kind.COUNTY,))


@pytest.mark.parametrize(
    ("question", "metric"),
    [
        ("bodies that refused every application", "denied_subtotal"),
        ("Which bodies granted all applications in 2023?", "result_granted"),
        ("Which bodies approved every single request in 2023?", "result_granted"),
    ],
)
def test_every_application_is_a_share_of_one(parser: Parser, question: str, metric: str) -> None:
    plan = plan_of(parser, question)
    assert (plan.metrics, plan.denominators, criteria_of(plan)) == ((metric,), ("result_total",), ["= 1"])


def test_a_place_in_a_ranking_is_asked_for_in_many_ways(parser: Parser) -> None:
    for asks in ("what place does {} take", "what position does {} have", "where does {} rank"):
        question = f"By applications in 2023, {asks.format('Jiagang Health Bureau')} among the departments?"
        assert plan_of(parser, question).operation == "rank"


def test_by_how_many_two_bodies_differ(parser: Parser) -> None:
    question = (
        "By how many applications did Jiagang County Health Bureau and Feizhu County Health Bureau differ in 2023?"
    )
    plan = plan_of(parser, question)
    assert (plan.operation, plan.scope.bodies) == ("compare", ("health", "other_health"))


def test_which_years_the_reports_cover_is_a_question_about_reports(parser: Parser) -> None:
    plan = plan_of(parser, "Which years do the reports cover?")
    assert (plan.subject, plan.group_by) == ("reports", ("year",))


@pytest.mark.parametrize(
    ("question", "aspect"),
    [
        ("What are the applicants' names?", "personal"),
        ("Who won the election?", "other"),
        ("What's the weather in Jiagang?", "other"),
    ],
)
def test_what_no_report_says_is_out_of_scope(parser: Parser, question: str, aspect: str) -> None:
    plan = plan_of(parser, question)
    assert (plan.subject, plan.aspect) == ("out_of_scope", aspect)


@pytest.mark.parametrize(
    "question",
    [
        "What were the applications to Jiagang County Government in 2023 about?",
        "What did applicants ask Jiagang Health Bureau about in 2023?",
    ],
)
def test_what_applications_are_about_is_told_in_words(parser: Parser, question: str) -> None:
    assert plan_of(parser, question).subject == "passages"


def test_what_is_searched_for_has_no_preposition_left_of_the_scope(parser: Parser) -> None:
    plan = plan_of(parser, "How many symposia did Jiagang Health Bureau hold in 2023?")
    assert plan.words == "how many symposia did hold"


@pytest.mark.parametrize(
    "question",
    [
        "Did Feizhu or Jiagang economic development zone disclose more items in 2023?",
        "Compare Feizhu and Jiagang economic development zone: applications in 2023",
    ],
)
def test_a_place_beside_a_zone_means_its_own_zone_of_that_sort(parser: Parser, question: str) -> None:
    plan = plan_of(parser, question)
    assert (plan.operation, plan.scope.bodies, plan.sides) == ("compare", ("other_zone", "zone"), ())
