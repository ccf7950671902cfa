"""A model's Plan of words that nobody else can read: it is told, turns nothing round, and answers in the unit asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from assistant.assistant import Assistant
from assistant.plan import Plan, PlanScope
from tests.language_server import oracle

if TYPE_CHECKING:
    from tests.language_server import LanguageServer

pytestmark = pytest.mark.integration

Understand = Callable[..., Plan | None]

COUNT: dict[str, Any] = {"subject": "figures", "operation": "count", "metrics": ["applications_new"],
                         "kinds": ["township"], "years": [2023]}  # fmt: skip
OF_BODY: dict[str, Any] = {"subject": "figures", "metrics": ["applications_new"], "bodies": [1], "years": [2023]}


def bounded(comparison: str, value: int) -> dict[str, Any]:
    return COUNT | {"conditions": [{"comparison": comparison, "value": value}]}


DIRECTIONS = [
    ("2023年有几个镇至少被催办4回？", "<", ">="),
    ("2023年有几个镇不到4回被催办？", ">", "<"),
    ("2023年被催办超过4回的镇有几个？", "<", ">"),
    ("2023年被催办没超过4回的镇有几个？", ">", "<="),
    ("2023年被催办4回以上的镇有几个？", "<=", ">="),
    ("How many townships were nagged more than 4 times in 2023?", "<", ">"),
]


@pytest.mark.parametrize(("question", "wrong", "right"), DIRECTIONS)
def test_a_comparison_is_not_turned_round(understand: Understand, question: str, wrong: str, right: str) -> None:
    assert understand(question, bounded(wrong, 4)) is None


@pytest.mark.parametrize(("question", "wrong", "right"), DIRECTIONS)
def test_a_comparison_that_was_turned_round_is_repaired(
    understand: Understand, question: str, wrong: str, right: str
) -> None:
    plan = understand(question, bounded(wrong, 4), bounded(right, 4))
    assert plan is not None and plan.criteria[0].comparison == right


def test_a_comparison_has_two_sides(understand: Understand, language_server: LanguageServer) -> None:
    assert understand("2023年柳浪镇和月宫镇哪个更累？", OF_BODY | {"operation": "compare"}) is None
    assert "compare needs two" in language_server.requests[1]["messages"][-1]["content"]


def test_a_name_that_nobody_knows_stays_unplaced(understand: Understand) -> None:
    plan = understand("2023年柳浪镇和月宫镇哪个更累？", OF_BODY)
    assert plan is None or "月宫" in " ".join(plan.unplaced)


@pytest.mark.parametrize(
    "question",
    [
        "2023年柳浪镇税收是多少亿元？",
        "2023年柳浪镇的耕地有多少亩？",
        "2023年柳浪镇绿化了几百平方米？",
        "2023年柳浪镇招了多少人？",
        "2023年柳浪镇修路多少公里？",
        "2023年柳浪镇会议开了几个小时？",
        "How many residents did 白石县柳浪镇人民政府 resettle in 2023?",
    ],
)
def test_what_is_asked_in_another_unit_is_not_answered(understand: Understand, question: str) -> None:
    assert understand(question, OF_BODY) is None


@pytest.mark.parametrize(
    "question", ["2023年柳浪镇接了几张单子？", "2023年柳浪镇果树多少？", "2023年柳浪镇收了几份锦旗？"]
)
def test_words_that_only_the_model_read_are_told_first(
    understand: Understand, corpus: Assistant, language_server: LanguageServer, question: str
) -> None:
    plan = understand(question, OF_BODY)
    assert plan is not None and plan.unplaced
    language_server.script(oracle(json.dumps(OF_BODY)))
    asked = Assistant(corpus.index, today=corpus.today, language_model=language_server.model())
    _, *others = asked.stream(question)
    for answer in others:
        first, second = answer.text.split("\n", 1)
        assert first.startswith("这样理解由语言模型给出：")
        assert second.startswith(f"以下回答没有考虑“{plan.unplaced[0]}”")
        assert answer.status == "partial"


def test_whom_the_question_leaves_out_is_left_out_in_words_too(corpus: Assistant) -> None:
    plan = corpus.understand("2023年哪些镇没有收到申请？").plan
    (body_id,) = (b for b, body in corpus.parser.linker.bodies.items() if body.name == "白石县青坪镇人民政府")
    plan = plan.model_copy(
        update={"scope": plan.scope.model_copy(update={"excluded": (PlanScope(bodies=(body_id,)),)})}
    )
    assert "2023年乡镇（不含白石县青坪镇人民政府）" in (corpus.restate(plan) or "")
