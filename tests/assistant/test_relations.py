"""What relates the words of a question, and numbers, silence and denials in everyday words: the Plan of each."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.plan import Criterion, Plan
from assistant.understanding.lexicon import lexicon
from assistant.understanding.parser import Parser
from vectorstore.records import Body, Kind

PLACE = "山东省/威海市/文登区"
BODIES = [
    Body("town_a", "柳浪镇人民政府", Kind.TOWNSHIP, PLACE, ("柳浪镇",)),
    Body("town_b", "松萤镇人民政府", Kind.TOWNSHIP, PLACE, ("松萤镇",)),
    Body("street", "环山街道办事处", Kind.SUBDISTRICT, PLACE, ("环山街道",)),
    Body("zone_a", "甲山经济开发区管理委员会", Kind.ZONE, PLACE, ("甲山经开区",)),
    Body("zone_b", "乙水高新技术产业开发区管理委员会", Kind.ZONE, PLACE, ("乙水高新区",)),
    Body("bureau", "文登区财政局", Kind.DEPARTMENT, PLACE, ("区财政局",)),
    Body("office", "文登区教育局", Kind.DEPARTMENT, PLACE),
]


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon(), BODIES, {2021, 2022, 2023}, date(2024, 5, 1))


def criteria_of(plan: Plan) -> list[str]:
    return [f"{'+'.join(c.metrics)} {c.comparison} {c.value}".strip() for c in plan.criteria]


@pytest.mark.parametrize(
    ("question", "criterion"),
    [
        ("2023年人大建议比政协提案办得多的单位", {"than": ("cppcc_proposals",)}),
        ("2023年罚款决定（行政处罚）比行政许可多的单位", {"than": ("licence_decisions",)}),
        ("2023年诉讼比复议来得多的单位有哪些", {"than": ("review_total",)}),
        ("2023年复议没有诉讼多的单位", {"comparison": "<", "than": ("litigation_total",)}),
        ("2023年哪些单位的复议不如诉讼多", {"comparison": "<", "than": ("litigation_total",)}),
        ("2023年主动公开条数高于开发区平均水平的开发区是哪几家", {"against": "mean"}),
        ("2023年申请比部门中位数多的局", {"against": "median"}),
        ("2023年哪些局的申请量低于各局均值", {"comparison": "<", "against": "mean"}),
        ("2023年主动公开不及全县平均的乡镇", {"comparison": "<", "against": "mean"}),
    ],
)
def test_what_figures_are_held_against_is_kept_however_it_is_said(
    parser: Parser, question: str, criterion: dict[str, object]
) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, plan.unplaced) == ("list", ())
    assert plan.criteria == (Criterion.model_validate(criterion),)


def test_the_average_of_others_than_are_asked_about_is_owned_up_to(parser: Parser) -> None:
    assert parser.parse("2023年申请高于乡镇平均的部门").plan.unplaced == ("乡镇",)


@pytest.mark.parametrize(
    "question",
    [
        "2023年复议和诉讼加起来超过3件的单位",
        "2023年复议加诉讼超过3件的单位",
        "2023年复议、诉讼两项合计超过3件的单位",
        "Which bodies had more than 3 reviews and lawsuits combined in 2023?",
    ],
)
def test_figures_that_are_added_are_bounded_together(parser: Parser, question: str) -> None:
    plan = parser.parse(question).plan
    assert (criteria_of(plan), plan.unplaced) == (["review_total+litigation_total > 3"], ())


@pytest.mark.parametrize(
    ("question", "criteria"),
    [
        ("2023年要么有复议要么有诉讼的部门", ["> 0"]),
        ("2023年申请数是1件或者2件的乡镇街道", ["= 1", "= 2"]),
        ("2023年申请1或2件的乡镇", ["= 1", "= 2"]),
        ("2023年申请为0件或1件的街道", ["= 0", "= 1"]),
        ("2023年培训1次、2次的乡镇", ["= 1", "= 2"]),
        ("2023年主动公开不在200到400条之间的乡镇", ["< 200", "> 400"]),
        ("2023年申请5件以下或20件以上的部门", ["<= 5", ">= 20"]),
    ],
)
def test_of_what_cannot_hold_at_once_either_is_meant(parser: Parser, question: str, criteria: list[str]) -> None:
    plan = parser.parse(question).plan
    assert (criteria_of(plan), plan.combine, plan.unplaced) == (criteria, "any", ())


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("2022年有申请，2023年一件都没有了的单位", [(">", 2022), ("=", 2023)]),
        ("2022年没收到申请、2023年收到了的单位", [("=", 2022), (">", 2023)]),
        ("2022年没搞政府开放日、2023年搞了的单位有哪些", [("=", 2022), (">", 2023)]),
    ],
)
def test_two_years_of_opposite_kind_are_no_run_of_years(
    parser: Parser, question: str, years: list[tuple[str, int]]
) -> None:
    plan = parser.parse(question).plan
    assert [(c.comparison, c.year) for c in plan.criteria] == years
    assert (plan.years_running, plan.unplaced) == (None, ())


@pytest.mark.parametrize(
    ("question", "running"),
    [("连续五年都有诉讼的单位", 5), ("一连四年都有复议的单位", 4), ("哪些部门三年内都有诉讼", 3)],
)
def test_a_run_of_any_number_of_years_is_one(parser: Parser, question: str, running: int) -> None:
    plan = parser.parse(question).plan
    assert (plan.years_running, criteria_of(plan), plan.unplaced) == (running, ["> 0"], ())


@pytest.mark.parametrize(
    ("question", "criteria"),
    [
        ("2023年主动公开过万条的是谁", ["> 10000"]),
        ("2023年主动公开不过百的单位", ["<= 100"]),
        ("公开量两百到二百六之间的是哪些单位", ["between 200"]),
        ("Which bodies disclosed over 3k items in 2023?", ["> 3000"]),
        ("Which bodies disclosed more than 3 thousand items in 2023?", ["> 3000"]),
        ("Which departments charged at least 5 million yuan in admin fees in 2023?", [">= 500"]),
        ("2023年没办理过一件政协提案的乡镇", ["= 0"]),
        ("2023年乡镇里申请为三件的", ["= 3"]),
    ],
)
def test_numbers_are_what_they_are_worth_in_everyday_words(parser: Parser, question: str, criteria: list[str]) -> None:
    plan = parser.parse(question).plan
    assert (criteria_of(plan), plan.unplaced) == (criteria, ())


def test_more_than_half_of_the_applications_is_of_those_received(parser: Parser) -> None:
    plan = parser.parse("2023年予以公开件数超过申请数一半的部门").plan
    assert (plan.metrics, plan.denominators) == (("result_granted",), ("applications_new",))


@pytest.mark.parametrize(
    "question",
    [
        "2023年没有依申请公开数据的单位有谁",
        "2023年没有申请数字的单位",
        "2023年查不到申请数的单位",
        "2023年申请数据缺失的单位",
        "Which 2023 reports did not state how many applications they received?",
        "Which bodies gave no figure for applications in 2023?",
    ],
)
def test_to_have_no_figures_is_to_be_silent(parser: Parser, question: str) -> None:
    plan = parser.parse(question).plan
    assert (plan.aspect, plan.metrics, plan.criteria, plan.unplaced) == ("silent", ("applications_new",), (), ())


@pytest.mark.parametrize(
    "question",
    [
        "2023年部门当中，不是没有诉讼的有哪几个",
        "2023年并非没有诉讼的部门",
        "2023年绝非没有诉讼的部门",
        "Which departments did not lack litigation in 2023?",
        "Which departments were not without lawsuits in 2023?",
    ],
)
def test_what_is_denied_twice_is_said(parser: Parser, question: str) -> None:
    plan = parser.parse(question).plan
    assert (criteria_of(plan), plan.unplaced) == (["> 0"], ())


def test_a_denial_of_none_that_is_not_understood_is_owned_up_to(parser: Parser) -> None:
    assert parser.parse("2023年并非都没有申请的乡镇").plan.unplaced


@pytest.mark.parametrize(
    "question",
    [
        "Which department was last by items disclosed in 2023, and how many applications did it get?",
        "2023年主动公开最少的局是哪个，它收到几件申请",
    ],
)
def test_it_is_whoever_was_asked_for(parser: Parser, question: str) -> None:
    plan = parser.parse(question).plan
    assert (plan.metrics, [(c.metrics, c.top, c.order) for c in plan.criteria]) == (
        ("applications_new",),
        [(("proactive_total",), 1, "ascending")],
    )


def test_of_one_outcome_bodies_are_ranked(parser: Parser) -> None:
    plan = parser.parse("办理结果里无法提供最多的局是2023年的哪个").plan
    assert (plan.operation, plan.metrics, plan.group_by) == ("top", ("unable_subtotal",), ())


def test_whether_all_did_asks_for_no_sum(parser: Parser) -> None:
    plan = parser.parse("文登区的乡镇2023年是不是都收到申请了").plan
    assert (plan.operation, plan.asks_whether, criteria_of(plan)) == ("list", "all", ["> 0"])


def test_legal_entities_of_one_body_are_one_number(parser: Parser) -> None:
    plan = parser.parse("法人或其他组织2023年向区财政局提了多少申请").plan
    assert (plan.operation, len(plan.metrics)) == ("sum", 5)


def test_the_mean_has_a_short_name(parser: Parser) -> None:
    assert parser.parse("部门2023年行政许可决定的均数是多少").plan.operation == "mean"


@pytest.mark.parametrize("question", ["谁连一分钱信息处理费都没收", "咱柳浪镇2023年收着几件申请"])
def test_words_of_mere_tone_are_not_warned_of(parser: Parser, question: str) -> None:
    assert parser.parse(question).plan.unplaced == ()


@pytest.mark.parametrize(
    ("question", "criteria", "statistic"),
    [
        ("2021到2023年申请合计不到5件的乡镇", ["< 5"], None),
        ("近三年申请总数超过10件的开发区", ["> 10"], None),
        ("2021到2023年平均申请超过5件的局", ["> 5"], "mean"),
        ("Which towns received fewer than 3 applications in total from 2021 to 2023?", ["< 3"], None),
    ],
)
def test_years_that_are_added_are_bounded_together(
    parser: Parser, question: str, criteria: list[str], statistic: str | None
) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, plan.group_by, plan.statistic) == ("list", ("body",), statistic)
    assert (criteria_of(plan), plan.years_running, plan.unplaced) == (criteria, None, ())


def test_a_total_of_bodies_is_none_of_years(parser: Parser) -> None:
    plan = parser.parse("近三年一共有几个乡镇申请超过3件").plan
    assert (plan.operation, plan.group_by) == ("count", ())


@pytest.mark.parametrize(
    "question",
    [
        "2023年比区财政局申请多的部门",
        "2023年申请比区财政局多几件",
        "只在2023年有诉讼的部门",
        "2023年不是既没有复议也没有诉讼的部门",
        "2023年申请超过诉讼两倍的单位",
        "2023年许可与处罚之差超过1000件的局",
    ],
)
def test_relations_that_a_plan_leaves_out_are_owned_up_to(parser: Parser, question: str) -> None:
    assert parser.parse(question).plan.unplaced


def test_an_average_behind_a_bound_is_of_those_that_satisfy_it(parser: Parser) -> None:
    plan = parser.parse("2023年申请超过5件的局平均公开多少条").plan
    assert (plan.operation, plan.metrics, criteria_of(plan)) == ("mean", ("proactive_total",), ["applications_new > 5"])
