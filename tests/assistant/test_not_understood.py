"""What isn't understood is said, and never answered as something else."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.plan import Plan
from assistant.understanding.conversation import Turn, parse_in_conversation
from assistant.understanding.lexicon import lexicon
from assistant.understanding.parser import Parse, Parser
from assistant.understanding.two_questions import questions_in, with_scope_of
from vectorstore.records import Body, Kind

BODIES = [
    Body("zone_a", "甲山经济开发区管理委员会", Kind.ZONE, "山东省/威海市/文登区", ("甲山经开区", "甲山")),
    Body("zone_b", "乙水高新技术产业开发区管理委员会", Kind.ZONE, "山西省/忻州市/定襄县", ("乙水高新区",)),
    Body("town_a", "柳浪镇人民政府", Kind.TOWNSHIP, "山东省/威海市/文登区", ("柳浪镇", "柳浪")),
]
ZONES = "哪些开发区2023年没有收到申请"


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon(), BODIES, {2021, 2022, 2023}, date(2024, 5, 1))


def parse(parser: Parser, question: str, *history: str, found: bool = True) -> Parse:
    """A question behind others, of which the last found something or not."""
    last: Turn | None = None
    for earlier in history:
        plan = parse_in_conversation(parser, earlier, last).plan
        last = Turn(plan, tuple, found=lambda: found, before=last)
    return parse_in_conversation(parser, question, last)


def plan_of(parser: Parser, question: str) -> Plan:
    return parser.parse(question).plan


@pytest.mark.parametrize("noise", ["？？？", "<b>x</b>[1] $a$", "张三", "李四", "...", "10"])
def test_nonsense_repeats_no_answer(parser: Parser, noise: str) -> None:
    behind = parse(parser, noise, ZONES)
    assert behind.is_empty
    assert not behind.is_completed


@pytest.mark.parametrize(
    "follow_up", ["那2022年呢", "超过10件的呢", "超过10件的", "前5名", ">10", "2022", "第二个呢", "柳浪镇呢"]
)
def test_a_few_signs_may_still_be_a_follow_up(parser: Parser, follow_up: str) -> None:
    assert parse(parser, follow_up, ZONES).is_completed


@pytest.mark.parametrize(
    "question",
    ["each body's applications in 2023", "trend of applications", "申请变化趋势", "applications by each zone"],
)
def test_a_complete_question_is_no_follow_up(parser: Parser, question: str) -> None:
    behind = parse(parser, question, "哪些开发区2022年没有收到申请")
    assert not behind.is_completed
    assert behind.plan == plan_of(parser, question)


@pytest.mark.parametrize("question", ["第二名是谁", "柳浪镇和甲山经开区", "柳浪镇2022年和2023年比较"])
def test_words_that_no_report_holds_are_not_asked_about_again(parser: Parser, question: str) -> None:
    assert not parse(parser, question, "无人机", found=False).is_completed
    assert parse(parser, "那柳浪镇呢", "无人机", found=False).plan.words == "无人机"
    assert parse(parser, "柳浪镇", "无人机").plan.words == "无人机"


def test_behind_words_that_no_report_holds_the_conversation_goes_on_with_what_came_before(parser: Parser) -> None:
    behind = parse(parser, "2022年", "哪些开发区2023年没有收到申请", "无人机", found=False)
    assert behind.plan.subject == "figures"
    assert behind.plan.scope.years == (2022,)


def test_a_question_without_words_is_in_the_language_of_the_conversation(parser: Parser) -> None:
    assert parse(parser, "2022", ZONES).plan.language == "zh"
    assert parse(parser, "asdfgh", ZONES).plan.language == "zh"
    assert parse(parser, "2022", "which zones received no applications in 2023?").plan.language == "en"
    assert parse(parser, "trend of applications", ZONES).plan.language == "en"
    assert plan_of(parser, "2023").language == plan_of(parser, "？？？").language == "zh"
    assert plan_of(parser, "asdfgh").language == "en"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("提到征地的单位有哪些", "征地"),
        ("提到征地的报告有几份", "征地"),
        ("提到征地的2022年报告有哪些", "征地"),
        ("提到征地有哪些单位", "征地"),
        ("提到适老化的有哪些", "适老化"),
        ("提到征地的开发区有哪些", "征地"),
        ("哪些单位的报告提到征地", "征地"),
        ("哪些单位提到村级报告", "村级报告"),
        ("哪些单位提到公众反映的问题", "公众反映的问题"),
    ],
)
def test_who_is_asked_for_is_no_part_of_what_is_looked_for(parser: Parser, question: str, words: str) -> None:
    plan = plan_of(parser, question)
    assert (plan.operation, plan.quoted) == ("list", (words,))


@pytest.mark.parametrize(
    "question",
    [
        "各机关2023年不予公开占新收申请的比例",
        "2023年不予公开占新收申请多少",
        "2023年不予公开占收到的申请的比重",
        "2023年不予公开与新收申请之比",
        "denied as a share of new applications in 2023",
    ],
)
def test_a_share_is_of_what_the_question_says(parser: Parser, question: str) -> None:
    plan = plan_of(parser, question)
    assert (plan.operation, plan.metrics, plan.denominators) == ("share", ("denied_subtotal",), ("applications_new",))


def test_a_share_without_a_whole_of_its_own_is_of_what_was_closed(parser: Parser) -> None:
    assert plan_of(parser, "2023年不予公开占比").denominators == ("result_total",)


def test_a_share_of_everyones_total_is_said_not_to_be_computed(parser: Parser) -> None:
    plan = plan_of(parser, "新收占全县的比重2023年")
    assert plan.operation != "share"
    assert "占全县的比重" in plan.unplaced
    assert plan_of(parser, "2023年零申请单位占全县的比例").operation == "share"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2023年全县收到多少申请，哪个单位最多？", ("2023年全县收到多少申请", "哪个单位最多？")),
        ("2023年收到几件申请，其中最多的是谁", ("2023年收到几件申请", "其中最多的是谁")),
        (
            "How many applications were received in 2023, and which body received most?",
            ("How many applications were received in 2023", "which body received most?"),
        ),
        ("2023年申请最多的单位，收到多少件", ("2023年申请最多的单位，收到多少件",)),
        ("哪些镇没收到申请，哪个最多", ("哪些镇没收到申请，哪个最多",)),
    ],
)
def test_how_many_and_who_had_most_are_two_questions(text: str, parts: tuple[str, ...]) -> None:
    assert questions_in(text) == parts


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("2023年共收到多少件申请？", "有多少单位没有收到申请？", "2023年有多少单位没有收到申请？"),
        ("2023年共收到多少件申请？", "2022年哪些单位没有收到申请？", "2022年哪些单位没有收到申请？"),
        ("2023年共收到多少件申请？", "历年哪些单位没有收到申请？", "历年哪些单位没有收到申请？"),
        ("柳浪镇2023年收到多少件申请？", "哪个镇最多？", "哪个镇最多？"),
        (
            "How many applications were received in 2023?",
            "Which bodies received none?",
            "Which bodies received none in 2023?",
        ),
    ],
)
def test_the_second_of_two_questions_is_of_the_same_year(parser: Parser, first: str, second: str, whole: str) -> None:
    assert with_scope_of(parser.read(second), parser.read(first)) == whole


@pytest.mark.parametrize("question", ["中央财经大学的申请", "中央财经大学", "清溪小学2023年收到多少申请"])
def test_an_institution_that_nobody_knows_is_a_body_that_nobody_knows(parser: Parser, question: str) -> None:
    assert plan_of(parser, question).scope.names in (("中央财经大学",), ("清溪小学",))


@pytest.mark.parametrize("question", ["大学生的申请", "哪些大学提出了申请", "哪些单位提到大学"])
def test_a_word_for_institutions_names_none(parser: Parser, question: str) -> None:
    assert plan_of(parser, question).scope.names == ()
