"""When a question is read a second time, in its own words, and when its first answer stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from assistant.answer import Answer, Corpus, Status
from assistant.assistant import Assistant
from assistant.in_words import outranks, plan_in_words
from assistant.plan import Plan, PlanScope
from assistant.understanding.parser import Parse
from vectorstore.records import Kind, SectionRole

WHITE = "云江省/青川市/白石县"
ASIDE = "说说养蜂人的补贴"
"""Words that no vocabulary knows, and that ask for no number."""

Second = Callable[..., Plan | None]


@pytest.fixture(scope="module")
def assistant(draft: Any, assistant_over: Any) -> Assistant:
    town = draft("梨花镇人民政府", 2023, Kind.TOWNSHIP, WHITE)
    town.body = replace(town.body, aliases=("梨花镇",))
    town.section(
        "一、总体情况",
        SectionRole.OVERVIEW,
        "对行动不便的老人，由网格员上门代写申请表并代为提交。",
        "设立便民服务角，摆放政策折页。",
        "组织业务培训两场。",
    )
    office = draft("白石县教育局", 2023, Kind.DEPARTMENT, WHITE)
    office.section("一、总体情况", SectionRole.OVERVIEW, "便民服务角放置入学指南。", "会议室改作查阅点。")
    office.says("applications_new", 3, "全年收到政府信息公开申请3件。")
    opened: Assistant = assistant_over(town, office)
    return opened


def _answer(status: Status) -> Answer:
    return Answer(question="问题", language="zh", status=status, text="", corpus=Corpus(reports=2, fingerprint="f"))


@pytest.fixture(scope="module")
def second(assistant: Assistant) -> Second:
    """The second reading of a question whose first plan and answer are as said."""

    def read(question: str, status: Status = "not_in_corpus", **plan: Any) -> Plan | None:
        parse = assistant.parser.parse(question)
        made = Plan.model_validate({"subject": "passages", "words": "别的", **plan})
        return plan_in_words(replace(parse, plan=made), _answer(status), assistant.index)

    return read


def test_a_question_that_found_nothing_is_looked_for_in_its_own_words(second: Second) -> None:
    plan = second("说说梨花镇养蜂人的补贴")
    assert plan is not None
    assert (plan.subject, plan.scope, plan.quoted) == ("passages", PlanScope(), ())
    assert "养蜂人的补贴" in plan.words
    assert "梨花镇" not in plan.words


def test_the_words_are_looked_for_in_the_scope_and_the_language_of_the_question(second: Second) -> None:
    town: dict[str, Any] = {"kinds": (Kind.TOWNSHIP,), "years": (2023,)}
    plan = second(ASIDE, scope=town, language="en")
    assert plan is not None
    assert (plan.scope, plan.language) == (PlanScope(**town), "en")


@pytest.mark.parametrize("status", ["answered", "needs_clarification"])
def test_an_answer_that_leaves_nothing_out_stands(second: Second, status: Status) -> None:
    assert second(ASIDE, status) is None


@pytest.mark.parametrize("question", ["养蜂人有多少", "养蜂人补贴了几次", "how many beekeepers were subsidised"])
def test_that_no_number_is_stated_is_an_answer_to_how_many(second: Second, question: str) -> None:
    assert second(question, subject="mentions") is None
    assert second(question) is None


def test_that_nothing_holds_what_is_quoted_is_an_answer(second: Second) -> None:
    assert second("说说“养蜂人”的补贴") is None


def test_a_question_without_words_of_its_own_has_no_second_reading(second: Second) -> None:
    assert second("2023年白石县教育局的行政复议") is None


@pytest.mark.parametrize("subject", ["figures", "checks", "reports", "themes"])
def test_what_was_computed_stands_while_few_words_were_left_out(second: Second, subject: str) -> None:
    few = {"subject": subject, "unplaced": ("养蜂", "补贴")}
    assert second(ASIDE, "partial", **few) is None
    assert second(ASIDE, "not_in_corpus", **few) is None
    many = {"subject": subject, "unplaced": ("养蜂", "补贴", "说说")}
    assert second(ASIDE, "partial", **many) is not None


def test_the_same_plan_is_not_carried_out_twice(second: Second) -> None:
    plan = second(ASIDE)
    assert plan is not None
    assert second(ASIDE, **plan.model_dump()) is None


def test_a_name_and_a_kind_that_no_report_has_are_words_the_second_time(second: Second) -> None:
    plan = second(ASIDE, scope={"names": ("坐轮椅的",), "kinds": (Kind.PROVINCE,), "years": (2023,)})
    assert plan is not None
    assert plan.scope == PlanScope(years=(2023,))


@pytest.mark.parametrize("scope", [{"years": (2019,)}, {"regions": ("远海省",)}, {"bodies": ("never-held",)}])
def test_what_no_report_is_about_is_not_looked_for_elsewhere(second: Second, scope: dict[str, Any]) -> None:
    assert second(f"远海省{ASIDE}", scope=scope) is None


def test_a_place_that_the_question_does_not_write_in_full_may_be_a_part_of_a_word(second: Second) -> None:
    plan = second(ASIDE, scope={"regions": ("吉林省/吉林市/龙潭区",)})
    assert plan is not None
    assert plan.scope == PlanScope()
    assert plan.words == ASIDE


def _outranks(assistant: Assistant, other: Status, first: Status, question: str = ASIDE, **plan: Any) -> bool:
    parse: Parse = assistant.parser.parse(question)
    made = Plan.model_validate({"subject": "passages", "words": "别的", **plan})
    return outranks(_answer(other), _answer(first), replace(parse, plan=made), assistant.index)


def test_a_sure_answer_in_words_outranks_and_none_never_does(assistant: Assistant) -> None:
    for first in ("not_in_corpus", "partial"):
        assert _outranks(assistant, "answered", first)
        assert not _outranks(assistant, "not_in_corpus", first)


def test_the_nearest_outranks_only_where_nothing_was_found_or_words_were_left_out(assistant: Assistant) -> None:
    assert _outranks(assistant, "partial", "not_in_corpus")
    assert _outranks(assistant, "partial", "partial", unplaced=("养蜂",))
    assert not _outranks(assistant, "partial", "partial")


@pytest.mark.parametrize("aspect", ["personal", "opinion", "task", "prediction", "other"])
def test_what_reports_do_not_hold_gives_way_only_to_a_sentence_that_tells_it(assistant: Assistant, aspect: str) -> None:
    plan = {"subject": "out_of_scope", "aspect": aspect}
    assert _outranks(assistant, "answered", "not_in_corpus", "网格员上门代写申请表", **plan)
    assert not _outranks(assistant, "answered", "not_in_corpus", "养蜂人的儿子养了几头牛", **plan)
    assert not _outranks(assistant, "partial", "not_in_corpus", "网格员上门代写申请表", **plan)


@pytest.mark.parametrize("question", ["镇长是谁", "梨花镇的主任好不好", "明天天气怎么样", "“航天育种”写在哪里"])
def test_what_the_reports_do_not_hold_is_still_said_not_to_be_there(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.status, answer.citations) == ("not_in_corpus", ())


@pytest.mark.parametrize("question", ["梨花镇有多少养蜂人", "梨花镇有多少行人"])
def test_an_amount_of_what_no_report_mentions_is_not_answered_with_sentences_that_share_words(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    assert (answer.status, answer.value, answer.citations) == ("not_in_corpus", None, ())


@pytest.mark.parametrize("question", ["继续", "再详细点。", "hi, who are you?", "in English please", "明白了，谢谢！"])
def test_a_message_that_asks_nothing_is_not_looked_for_in_the_reports(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.status, answer.citations) == ("needs_clarification", ())


def test_a_message_that_asks_nothing_leaves_the_conversation_where_it_was(assistant: Assistant) -> None:
    first = "白石县教育局2023年收到多少件申请"
    assert assistant.ask("in English please", [first]).text.startswith("白石县教育局, 2023: new applications")
    assert assistant.ask("那梨花镇呢", [first, "继续"]).text == assistant.ask("那梨花镇呢", [first]).text


@pytest.mark.parametrize(
    "question",
    ["清华大学收到多少申请", "省财政厅有多少件申请", "云江水务集团办理了多少件申请", "中央财经大学收到多少申请"],
)
def test_the_number_of_all_is_not_given_for_an_institution_that_nobody_knows(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    assert (answer.status, answer.value, answer.rows) == ("not_in_corpus", None, ())


def test_an_exact_figure_is_not_replaced_by_sentences(assistant: Assistant) -> None:
    answer = assistant.ask("白石县教育局2023年收到多少件申请")
    assert (answer.status, answer.value) == ("answered", 3)


def test_a_year_without_reports_is_named_and_nothing_else_quoted(assistant: Assistant) -> None:
    answer = assistant.ask("2019年便民服务角摆放了什么")
    assert (answer.status, answer.citations) == ("not_in_corpus", ())
    assert "2019" in answer.text
