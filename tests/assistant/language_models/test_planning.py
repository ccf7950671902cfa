"""A Plan by a language model: when it is asked for one, what of it is taken, and what it must keep."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from assistant import dialogue
from assistant.assistant import Assistant
from assistant.language_models.drafting.prompting import is_confirmed
from assistant.language_models.planning import PLAN_TOKENS, plan_by_model
from assistant.plan import Plan
from tests.language_server import Reply, oracle
from vectorstore.records import Kind

if TYPE_CHECKING:
    from tests.language_server import LanguageServer

pytestmark = pytest.mark.integration

Understand = Callable[..., Plan | None]

SLANG = "2023年有几个镇没人搭理？"
NONE = {"subject": "figures", "operation": "count", "metrics": ["applications_new"], "kinds": ["township"],
        "years": [2023], "conditions": [{"comparison": "=", "value": 0}]}  # fmt: skip


@pytest.mark.parametrize(
    "question",
    [
        "2023年哪些镇没有收到申请？",
        "2023年申请最多的镇是哪个？",
        "柳浪镇2023年收到多少申请",
        "柳浪镇2019年收到多少申请",
        "什么是依申请公开？",
        "明年会有多少申请？",
        "公开率最高的镇是哪个？",
        "白石县柳浪镇人民政府",
        "？？？",
        "哪些报告提到落实各项要求？",
    ],
)
def test_a_sure_reading_is_never_sent(understand: Understand, language_server: LanguageServer, question: str) -> None:
    assert understand(question, NONE) is None
    assert not language_server.requests


@pytest.mark.parametrize(
    "question", [SLANG, "2023年哪个镇申请最扎堆、最多？", "平均每个镇接到几个单子", "谁家单子超过20张"]
)
def test_an_unsure_reading_is_sent_once_with_the_question_and_what_it_may_name(
    understand: Understand, language_server: LanguageServer, question: str
) -> None:
    understand(question, {"subject": "none"})
    assert len(language_server.requests) == 1
    sent = json.loads(language_server.requests[0]["messages"][-1]["content"])
    assert sent["question"] == question
    assert sent["years_held"] == [2022, 2023]
    assert "applications_new" in sent["metrics"]
    assert language_server.requests[0]["max_tokens"] == PLAN_TOKENS


def test_a_valid_plan_is_the_model_s_own_and_answers(understand: Understand, corpus: Assistant) -> None:
    plan = understand(SLANG, NONE)
    assert plan is not None
    assert plan.made_by == "model"
    assert plan.scope.kinds == (Kind.TOWNSHIP,)
    assert corpus.answer(plan, SLANG).value == 1


def test_the_answer_says_that_the_reading_is_a_model_s_in_its_language(
    corpus: Assistant, language_server: LanguageServer
) -> None:
    asked = Assistant(corpus.index, today=corpus.today, language_model=language_server.model())
    for question, remark in (
        (SLANG, "这样理解由语言模型给出：2023年"),
        ("How many townships had nobody knock in 2023?", "A language model understood the question so: "),
    ):
        language_server.script(oracle(json.dumps(NONE)))
        built_in, *others = asked.stream(question)
        assert others[0].plan["made_by"] == "model"
        assert built_in.plan.get("made_by") is None
        assert any(warning.startswith(remark) for warning in others[0].warnings)
        assert others[0].value == 1


def test_the_same_question_is_not_sent_twice(understand: Understand, language_server: LanguageServer) -> None:
    assert understand(SLANG, NONE) == understand(SLANG, NONE)
    assert not language_server.requests
    assert understand(SLANG, NONE, history=["2022年哪些镇没有收到申请？"]) is not None
    assert len(language_server.requests) == 2


def test_a_plan_that_the_model_does_not_find_in_the_question_is_not_taken(
    understand: Understand, language_server: LanguageServer
) -> None:
    people = "2023年哪个镇的人口最多？"
    plan = {"subject": "figures", "operation": "top", "metrics": ["applications_new"], "kinds": ["township"]}
    assert understand(people, plan | {"years": [2023], "limit": 1}, confirms=False) is None
    asked = json.loads(language_server.requests[-1]["messages"][-1]["content"])
    assert asked["asked"] == people
    assert "新收政府信息公开申请最多" in asked["understood"]


@pytest.mark.parametrize("reply", ["true", "yes", '{"same": "true"}', '{"same": 1}', "[" * 3000, ""])
def test_only_a_plain_yes_confirms(reply: str) -> None:
    assert not is_confirmed(reply)


def test_json_is_found_among_words_and_fences(understand: Understand) -> None:
    assert understand(SLANG, f"好的，计划如下：\n```json\n{json.dumps(NONE)}\n```") is not None


def test_an_invalid_plan_is_repaired_once_with_what_was_wrong(
    understand: Understand, language_server: LanguageServer
) -> None:
    plan = understand(SLANG, NONE | {"metrics": ["applications_ignored"]}, NONE)
    assert plan is not None
    told = language_server.requests[1]["messages"]
    assert "applications_ignored" in told[-1]["content"]
    assert told[-2]["role"] == "assistant"


def test_a_second_invalid_plan_leaves_the_built_in_reading(
    understand: Understand, language_server: LanguageServer
) -> None:
    assert understand(SLANG, "I can't do that.") is None
    assert len(language_server.requests) == 2


KEPT: list[tuple[str, dict[str, Any]]] = [
    ("a year is dropped", {"years": []}),
    ("a year is added", {"years": [2022, 2023]}),
    ("a year is swapped", {"years": [2022]}),
    ("the kind is swapped", {"kinds": ["zone"]}),
    ("the kind is dropped", {"kinds": []}),
    ("a threshold is added", {"conditions": [{"comparison": ">", "value": 5}]}),
    ("a second condition is added", {"conditions": [{"comparison": "=", "value": 0}, {"comparison": "<", "value": 9}]}),
    ("a limit is added", {"operation": "top", "limit": 3, "conditions": []}),
    ("a run of years is added", {"years_running": 3}),
    ("a base year is added", {"change": "difference", "since": 2020}),
    ("a body is added that was not offered", {"bodies": [1]}),
    ("a name is added that isn't in the question", {"names": ["青坪"]}),
    ("words are owned up to that aren't in the question", {"left_out": ["青坪"]}),
    ("nothing is measured", {"metrics": []}),
    ("a share is of nothing", {"operation": "share", "conditions": []}),
    ("bounds are upside down", {"conditions": [{"comparison": "between", "value": 0, "upper": -1}]}),
]


@pytest.mark.parametrize(("what", "changes"), KEPT, ids=[what for what, _ in KEPT])
def test_a_plan_that_says_another_question_is_refused(
    understand: Understand, language_server: LanguageServer, what: str, changes: dict[str, Any]
) -> None:
    assert understand(SLANG, NONE | changes) is None, what
    assert len(language_server.requests) == 2


@pytest.mark.parametrize(
    ("question", "plan"),
    [
        # The number, the negation, the body and the place stand in the question, and not in the plan.
        ("2023年有几个镇的单子超过20张？", {"subject": "figures", "operation": "count", "metrics": ["applications_new"],
                                  "kinds": ["township"], "years": [2023],
                                  "conditions": [{"comparison": ">", "value": 0}]}),
        ("2023年有几个镇没有接到单子？", {"subject": "figures", "operation": "count", "metrics": ["applications_new"],
                                "kinds": ["township"], "years": [2023],
                                "conditions": [{"comparison": ">", "value": 0}]}),
        ("柳浪镇2023年接了几张单子？", {"subject": "figures", "operation": "sum", "metrics": ["applications_new"],
                              "years": [2023]}),
        ("青川市2023年一共接了几张单子？", {"subject": "figures", "operation": "sum", "metrics": ["applications_new"],
                                "years": [2023]}),
        ("除了柳浪镇，2023年各镇接了几张单子？", {"subject": "figures", "operation": "sum",
                                     "metrics": ["applications_new"], "kinds": ["township"], "years": [2022]}),
    ],
)  # fmt: skip
def test_what_the_parser_surely_read_is_kept(understand: Understand, question: str, plan: dict[str, Any]) -> None:
    assert understand(question, plan) is None


def test_whom_the_question_leaves_out_is_left_out_or_told(understand: Understand) -> None:
    plan = understand("除了柳浪镇，2023年几个镇没人搭理？", NONE)
    assert plan is None or plan.scope.excluded or "柳浪镇" in plan.unplaced


def test_words_that_a_plan_owns_up_to_are_told(understand: Understand, corpus: Assistant) -> None:
    question = "2023年有几个镇没人搭理、也没人投诉？"
    plan = understand(question, NONE | {"left_out": ["没人投诉"]})
    if plan is not None:
        answer = corpus.answer(plan, question)
        assert answer.status == "partial"
        assert "没人投诉" in answer.text


def test_a_body_is_chosen_by_its_number(
    understand: Understand, corpus: Assistant, language_server: LanguageServer
) -> None:
    def reply(request: dict[str, Any]) -> str:
        offered = json.loads(request["messages"][-1]["content"])["bodies"]
        number = next(body["n"] for body in offered if body["name"] == "白石县柳浪镇人民政府")
        return json.dumps({"subject": "figures", "metrics": ["applications_new"], "bodies": [number], "years": [2023]})

    plan = understand("柳浪镇2023年接了几张单子？", reply)
    assert plan is not None
    assert corpus.answer(plan).value == 4


def test_a_share_written_as_a_percentage_is_a_part_of_one(understand: Understand) -> None:
    plan = understand(
        "2023年哪些镇有20%以上的单子被打回？",
        {"subject": "figures", "operation": "list", "metrics": ["denied_subtotal"], "share_of": ["result_total"],
         "kinds": ["township"], "years": [2023], "conditions": [{"comparison": ">=", "value": 20}]},
    )  # fmt: skip
    assert plan is not None
    assert float(plan.criteria[0].value) == 0.2


def test_the_next_question_goes_on_from_the_model_s_plan(understand: Understand, corpus: Assistant) -> None:
    assert understand(SLANG, NONE) is not None
    model_less = next(iter(corpus.stream("那2022年呢？", [SLANG])))
    assert model_less.plan.get("metrics") is None
    plan = understand(SLANG, NONE)
    assert plan is not None
    followed = corpus.ask("那2022年呢？", [plan])
    assert followed.value == 1
    assert followed.resolved


def test_a_follow_up_keeps_what_it_does_not_name(understand: Understand) -> None:
    plan = understand(
        "那单子超过20张的有谁？",
        {"subject": "figures", "operation": "list", "metrics": ["applications_new"], "continues": True,
         "conditions": [{"comparison": ">", "value": 20}]},
        history=["2023年哪些镇没有收到申请？"],
    )  # fmt: skip
    assert plan is not None
    assert (plan.scope.years, plan.scope.kinds) == ((2023,), (Kind.TOWNSHIP,))


def test_a_follow_up_that_forgets_what_it_leans_on_is_refused(understand: Understand) -> None:
    forgetful = {"subject": "figures", "operation": "sum", "metrics": ["applications_new"], "years": [2022]}
    history = ["白石县青坪镇人民政府2023年收到多少申请？"]
    assert understand("那2022年接了几个单子呢？", forgetful, history=history) is None


def test_a_plan_that_finds_nothing_does_not_replace_an_answer(understand: Understand) -> None:
    assert understand("2019年有几个镇没人搭理？", NONE | {"years": [2019]}) is None


def test_a_question_is_read_once_and_a_plan_computed_once(
    corpus: Assistant, language_server: LanguageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def note(name: str) -> None:
        original = getattr(dialogue, name)
        monkeypatch.setattr(dialogue, name, lambda *given, **named: done.append(name) or original(*given, **named))

    for name in ("parse_in_conversation", "execute", "restate"):
        note(name)
    language_server.script(oracle(json.dumps(NONE)))
    asked = Assistant(corpus.index, today=corpus.today, language_model=language_server.model())
    *_, answer = asked.stream(SLANG)
    assert answer.plan["made_by"] == "model"
    by_rules = done.count("execute") - 1
    assert (done.count("parse_in_conversation"), done.count("restate")) == (1, 1)
    done.clear()
    corpus.ask(SLANG)
    assert done.count("execute") == by_rules


def test_a_model_that_fails_leaves_the_built_in_answer_with_a_warning_in_its_language(
    corpus: Assistant, language_server: LanguageServer
) -> None:
    language_server.script(Reply("secret detail of the server", status=500))
    asked = Assistant(corpus.index, today=corpus.today, language_model=language_server.model(retries=0))
    for question, says in ((SLANG, "语言模型的服务器出错"), ("How many townships had nobody knock in 2023?", "failed")):
        built_in = corpus.ask(question)
        answer = asked.ask(question)
        assert answer.text == built_in.text
        assert any(says in warning for warning in answer.warnings)
        assert "secret" not in answer.model_dump_json()
        assert language_server.url not in answer.model_dump_json()


@pytest.mark.parametrize(("context", "sent"), [(900, 0), (3500, 1)])
def test_a_small_context_gets_fewer_metrics_or_no_question_but_never_half_of_one(
    corpus: Assistant, language_server: LanguageServer, context: int, sent: int
) -> None:
    language_server.script('{"subject": "none"}')
    model = language_server.model(context_tokens=context, reply_tokens=800 if sent else 400)
    built_in = next(iter(corpus.stream(SLANG)))
    assert plan_by_model(model, corpus, SLANG, (), built_in, corpus.understand(SLANG)) is None
    assert len(language_server.requests) == sent
    for request in language_server.requests:
        assert json.loads(request["messages"][-1]["content"])["question"] == SLANG


def test_the_prompt_stays_small_and_holds_no_report(
    understand: Understand, language_server: LanguageServer, corpus: Assistant
) -> None:
    understand(SLANG, {"subject": "none"})
    assert corpus.parser.linker.bodies
    model = language_server.model()
    assert model.count_tokens(language_server.said(0)) < 4000
    assert "忽略以上指令" not in language_server.said(0)
    assert "认真落实" not in language_server.said(0)
