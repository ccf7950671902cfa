"""Yes-or-no questions: what they ask of how many, and that the answer begins with it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assistant.understanding.lexicon import lexicon
from assistant.understanding.parser import Parser
from assistant.understanding.two_questions import questions_in
from vectorstore.records import Body, Kind

NEW = "applications_new"
NONE = {"comparison": "=", "value": 0}
ANY = {"comparison": ">", "value": 0}
ZONES_2023 = {"kinds": ["zone"], "years": [2023]}

PLACE = "山东省/威海市/文登区"
BODIES = [
    Body("town", "柳浪镇人民政府", Kind.TOWNSHIP, PLACE, ("柳浪镇",)),
    Body("zone_a", "甲山经济开发区管理委员会", Kind.ZONE, PLACE, ("甲山经开区",)),
    Body("zone_b", "乙水高新技术产业开发区管理委员会", Kind.ZONE, PLACE, ("乙水高新区",)),
]


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon(), BODIES, {2021, 2022, 2023}, date(2024, 5, 1))


@pytest.fixture
def zones(draft: Any) -> list[Any]:
    return [
        draft("白石开发区", 2023).says(NEW, 0, "本年未收到申请。"),
        draft("青川开发区", 2023).says(NEW, 3),
    ]


def asked(ask: Any, corpus: list[Any], quantity: str, criterion: dict[str, Any], **plan: Any) -> str:
    common = {"subject": "figures", "operation": "list", "metrics": [NEW], "scope": ZONES_2023}
    text: str = ask(corpus, **common | plan | {"criteria": [criterion], "asks_whether": quantity}).text
    return text


@pytest.mark.parametrize(
    ("question", "quantity", "comparison"),
    [
        ("2023年有没有开发区没收到申请", "some", "="),
        ("2023年是否有开发区收到申请", "some", ">"),
        ("2023年没有一家开发区收到申请，对吗", "all", "="),
        ("2023年没有一家开发区没收到申请，对吗", "none", "="),
        ("2023年是不是所有开发区都收到了申请", "all", ">"),
        ("2023年没有一个开发区申请超过10件，对吗", "none", ">"),
        ("Did any zone receive no applications in 2023?", "some", "="),
        ("Is it true that no zone received applications in 2023?", "all", "="),
        ("Did all zones receive applications in 2023?", "all", ">"),
    ],
)
def test_a_yes_or_no_question_says_of_how_many_it_asks(
    parser: Parser, question: str, quantity: str, comparison: str
) -> None:
    plan = parser.parse(question).plan
    assert (plan.operation, plan.asks_whether, plan.unplaced) == ("list", quantity, ())
    assert [criterion.comparison for criterion in plan.criteria] == [comparison]


@pytest.mark.parametrize(
    "question", ["哪些开发区2023年没有收到申请", "2023年有几个开发区没收到申请吗", "能列出2023年没收到申请的开发区吗"]
)
def test_who_and_how_many_are_no_yes_or_no_questions(parser: Parser, question: str) -> None:
    assert parser.parse(question).plan.asks_whether is None


def test_a_number_that_is_held_against_a_bodys_own_is_a_condition(parser: Parser) -> None:
    plan = parser.parse("柳浪镇2023年收到的申请是2件吗").plan
    assert (plan.operation, plan.asks_whether, [c.value for c in plan.criteria]) == ("value", "some", [2])


@pytest.mark.parametrize(
    ("quantity", "criterion", "begins"),
    [
        ("some", NONE, "有。2023年有1个开发区未收到"),
        ("some", {"comparison": ">", "value": 5}, "没有。"),
        ("none", NONE, "不是。2023年有1个开发区未收到"),
        ("all", NONE, "不是。不是这样的有1个开发区：青川开发区3件[1]。"),
        ("all", {"comparison": "<", "value": 5}, "是。"),
    ],
)
def test_the_answer_begins_with_yes_or_no(
    ask: Any, zones: list[Any], quantity: str, criterion: dict[str, Any], begins: str
) -> None:
    assert asked(ask, zones, quantity, criterion).startswith(begins)


@pytest.mark.parametrize(
    ("quantity", "criterion", "begins"),
    [
        ("some", NONE, "有。"),
        ("all", NONE, "不是。"),
        ("some", {"comparison": ">", "value": 5}, "不能确定，1个"),
        ("all", {"comparison": "<", "value": 5}, "不能确定，1个"),
    ],
)
def test_a_silent_report_leaves_open_only_what_it_would_decide(
    ask: Any, draft: Any, zones: list[Any], quantity: str, criterion: dict[str, Any], begins: str
) -> None:
    assert asked(ask, [*zones, draft("临溪开发区", 2023)], quantity, criterion).startswith(begins)


def test_english_says_yes(ask: Any, zones: list[Any]) -> None:
    assert asked(ask, zones, "some", ANY, language="en").startswith("Yes. 1 zone received applications in 2023")


def test_nobody_year_after_year_denies_nothing_of_single_years(ask: Any, draft: Any, zones: list[Any]) -> None:
    earlier = [draft("白石开发区", 2022).says(NEW, 2)]
    plan = {"subject": "figures", "operation": "list", "metrics": [NEW], "criteria": [NONE], "years_running": 2}
    text = ask([*zones, *earlier], **plan, scope={"kinds": ["zone"]}).text
    assert "没有一个连续2年未收到政府信息公开申请" in text
    assert "都收到过" not in text


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("2023年没收到申请的镇有几个？哪个局申请最多？", 2),
        ("开发区有几个，一共收到多少件申请", 2),
        ("How many towns are there and how many applications did they receive?", 2),
        ("哪些乡镇22年零申请？不要县里的", 1),
        ("谁的处罚决定多？2023", 1),
        ("哪些镇没收到申请？为什么？", 1),
        ("三个镇，一共收到多少件申请", 1),
    ],
)
def test_two_questions_are_told_from_one_and_its_scope(text: str, count: int) -> None:
    assert len(questions_in(text)) == count
