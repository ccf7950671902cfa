"""How a question was understood, as controls, and what a person changes in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.plan import Criterion, Plan, PlanScope
from ui.texts import texts
from ui.web.ask.answer_parts import AnswerParts
from ui.web.ask.plan_changes import changed_plan
from ui.web.ask.plan_controls import PlanControls, offered_operations, plan_sentence, suggestions
from ui.web.asked import Asked
from ui.web.site import Site
from vectorstore.errors import QuestionError
from vectorstore.records import Kind

ZH = texts("zh")
TOP = Plan(subject="figures", operation="top", metrics=("applications_new",), scope=PlanScope(years=(2023,)), limit=5)


@pytest.fixture(scope="module")
def asked(samples_index: Path) -> Iterator[Assistant]:
    with Assistant.open(samples_index) as assistant:
        yield assistant


def fields(html: str) -> dict[str, Any]:
    """What a browser would send of the form as it stands."""
    sent: dict[str, Any] = {}
    for kind, name, value, mark in re.findall(
        r'<input type="(checkbox|hidden)" name="(\w+)" value="([^"]*)"( checked)?', html
    ):
        if kind == "hidden" or mark:
            sent.setdefault(name, []).append(unescape(value))
    for name, options in re.findall(r'<select class="nb-control" name="(\w+)".*?>(.*?)</select>', html):
        sent[name] = re.findall(r'value="(\w*)" selected', options)[0]
    for name, value in re.findall(r'<input type="\w+" class="nb-control" name="(\w+)"[^>]*? value="([^"]*)"', html):
        sent[name] = unescape(value)
    return sent


def form(plan: Plan, assistant: Assistant) -> dict[str, Any]:
    return fields(PlanControls(plan, assistant, ZH).render())


@pytest.mark.parametrize(
    "plan",
    [
        TOP,
        Plan(subject="figures", operation="list", metrics=("applications_new",), scope=PlanScope(kinds=(Kind.ZONE,)),
             criteria=(Criterion(comparison="=", value=Decimal(0)),)),
        Plan(subject="figures", operation="compare", metrics=("applications_new",),
             sides=(PlanScope(kinds=(Kind.TOWNSHIP,)), PlanScope(kinds=(Kind.SUBDISTRICT,)))),
        Plan(subject="figures", operation="top", metrics=("applications_new",), order="both", limit=1,
             scope=PlanScope(names=("高新",), regions=("霁川省/鹭汀市",),
                             excluded=(PlanScope(kinds=(Kind.SUBDISTRICT,)),))),
        Plan(subject="passages", words="征地补偿", scope=PlanScope(years=(2021, 2023))),
        Plan(subject="checks", operation="list", aspect="conflicts", words="哪些"),
        Plan(subject="themes", operation="list", aspect="problems", words="常见的问题"),
        Plan(subject="figures", operation="trend", metrics=("review_total",), change="difference"),
    ],
)  # fmt: skip
def test_what_is_not_changed_stays_as_it_was(plan: Plan, asked: Assistant) -> None:
    assert changed_plan(plan, form(plan, asked), asked.index, ZH) == plan


def test_a_changed_year_kind_and_number_make_another_plan(asked: Assistant) -> None:
    changes = {**form(TOP, asked), "years": ["2022"], "kinds": ["township"], "limit": "3", "order": "ascending"}
    changed = changed_plan(TOP, changes, asked.index, ZH)
    assert changed.scope == PlanScope(years=(2022,), kinds=(Kind.TOWNSHIP,))
    assert (changed.limit, changed.order, changed.metrics) == (3, "ascending", ("applications_new",))


def test_a_ranking_becomes_a_total(asked: Assistant) -> None:
    changed = changed_plan(TOP, {**form(TOP, asked), "operation": "sum"}, asked.index, ZH)
    assert (changed.operation, changed.limit, changed.scope.years) == ("sum", None, (2023,))


def test_a_condition_and_an_exclusion_can_be_taken_away(asked: Assistant) -> None:
    plan = Plan(
        subject="figures", operation="list", metrics=("applications_new",),
        criteria=(Criterion(comparison=">", value=Decimal(3)), Criterion(comparison="<", value=Decimal(30))),
        scope=PlanScope(excluded=(PlanScope(kinds=(Kind.SUBDISTRICT,)),)),
    )  # fmt: skip
    changed = changed_plan(plan, {**form(plan, asked), "criteria": ["1"], "excluded": []}, asked.index, ZH)
    assert [criterion.value for criterion in changed.criteria] == [30]
    assert changed.scope.excluded == ()


def test_a_list_whose_last_condition_goes_shows_what_each_body_has(asked: Assistant) -> None:
    plan = Plan(subject="figures", operation="list", metrics=("applications_new",), criteria=(Criterion(),))
    changed = changed_plan(plan, {**form(plan, asked), "criteria": []}, asked.index, ZH)
    assert (changed.operation, changed.group_by) == ("breakdown", ("body",))


def test_a_share_whose_last_condition_goes_shows_what_each_body_has(asked: Assistant) -> None:
    plan = Plan(
        subject="figures", operation="share", metrics=("applications_new",), criteria=(Criterion(),),
        scope=PlanScope(years=(2022,)),
    )  # fmt: skip
    changed = changed_plan(plan, {**form(plan, asked), "criteria": []}, asked.index, ZH)
    assert (changed.operation, changed.group_by) == ("breakdown", ("body",))
    assert asked.restate(changed) == "2022年各机关的新收政府信息公开申请各是多少？"


def test_a_named_year_ends_the_latest_one(asked: Assistant) -> None:
    plan = Plan(subject="figures", metrics=("applications_new",), scope=PlanScope(latest=True))
    changed = changed_plan(plan, {**form(plan, asked), "years": ["2022"]}, asked.index, ZH)
    assert (changed.scope.years, changed.scope.latest) == ((2022,), False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"years": ["zwanzig"]}, {"years": ["-5"]}, {"years": "2023"}, {"kinds": ["emperor"]}, {"bodies": ["nobody"]},
        {"metrics": ["no_such"]}, {"metrics": []}, {"metrics": [["x"]]}, {"operation": "drop table"},
        {"order": "sideways"},
        {"limit": "0"}, {"limit": "many"}, {"limit": "99999999"}, {"years": ["2023"] * 500},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence(wrong: dict[str, Any], asked: Assistant) -> None:
    with pytest.raises(QuestionError, match="。"):
        changed_plan(TOP, {**form(TOP, asked), **wrong}, asked.index, ZH)


def test_what_is_refused_names_the_field_that_it_stands_beside(asked: Assistant) -> None:
    parts = AnswerParts(Site(asked))
    request = {"token": Asked("2023年收到申请最多的5家单位").token, "lang": "zh"}
    changes = {**fields(parts.controls(request)), "metrics": []}
    made = parts.plan_changed({**request, "changes": changes})
    assert made == {"refused": ZH("answer.no_metric"), "field": "metrics"}


def test_metrics_that_are_added_are_said_to_be(asked: Assistant) -> None:
    both = TOP.model_copy(update={"metrics": ("review_total", "litigation_total")})
    said = ZH("answer.metrics_added")
    assert said in PlanControls(both, asked, ZH).render()
    assert said not in PlanControls(TOP, asked, ZH).render()


def test_only_what_the_plan_can_express_is_offered(asked: Assistant) -> None:
    share = Plan(
        subject="figures", operation="share", metrics=("applications_new",), denominators=("applications_new",)
    )
    assert offered_operations(share) == []
    assert "metrics" not in form(share, asked)
    assert "list" not in offered_operations(TOP)
    sides = Plan(subject="figures", operation="compare", metrics=("applications_new",),
                 sides=(PlanScope(kinds=(Kind.TOWNSHIP,)), PlanScope(kinds=(Kind.ZONE,))))  # fmt: skip
    assert 'name="kinds"' not in PlanControls(sides, asked, ZH).render()


def test_the_sentence_says_what_is_left_out_and_what_was_not_understood(asked: Assistant) -> None:
    plan = TOP.model_copy(
        update={
            "unplaced": ("彩虹",),
            "scope": PlanScope(years=(2023,), excluded=(PlanScope(kinds=(Kind.SUBDISTRICT,)),)),
        }
    )
    sentence = plan_sentence(plan, asked, ZH)
    assert "除去：街道" in sentence
    assert "彩虹" in sentence
    assert "彩虹" in PlanControls(plan, asked, ZH).render()


def test_a_hostile_name_stays_text_in_the_controls(asked: Assistant, hostile: str) -> None:
    plan = Plan(subject="passages", words=hostile, scope=PlanScope(names=(hostile,), regions=(hostile,)))
    html = PlanControls(plan, asked, ZH).render()
    assert "<script" not in html
    assert "<img" not in html
    assert fields(html)["names"] == [hostile]


def test_suggestions_come_from_what_the_index_holds(asked: Assistant) -> None:
    found = suggestions("bodies", "自然资源", asked.index, ZH)
    assert [one["label"] for one in found] == ["栖澜县自然资源局"]
    assert {one["value"] for one in suggestions("regions", "", asked.index, ZH)} >= {"霁川省", "霁川省/鹭汀市"}
    assert "applications_new" in {one["value"] for one in suggestions("metrics", "新收", asked.index, ZH)}
    assert suggestions("passwords", "", asked.index, ZH) == []


def test_the_whole_is_suggested_before_its_parts(asked: Assistant) -> None:
    assert suggestions("metrics", "复议", asked.index, ZH)[0]["value"] == "review_total"
    assert suggestions("metrics", "诉讼", asked.index, ZH)[0]["value"] == "litigation_total"


def test_a_changed_plan_is_answered_and_read_as_a_question(asked: Assistant) -> None:
    parts = AnswerParts(Site(asked))
    request = {"token": Asked("2023年收到申请最多的5家单位").token, "lang": "zh"}
    changes = {**fields(parts.controls(request)), "years": ["2022"], "limit": "1"}
    made = parts.plan_changed({**request, "changes": changes})
    assert "2022年" in made["question"]
    answer = asked.answer(Plan.model_validate(made["plan"]), made["question"])
    assert [row.year for row in answer.rows] == [2022]


def test_two_questions_in_one_and_questions_back_have_no_controls(asked: Assistant) -> None:
    parts = AnswerParts(Site(asked))
    for question in ("开发区的申请数", "什么是依申请公开"):
        assert parts.controls({"token": Asked(question).token}) == ""
        with pytest.raises(QuestionError):
            parts.plan_changed({"token": Asked(question).token, "changes": {}})


@pytest.mark.parametrize("wrong", [{"token": "!"}, {}, {"token": None}, {"start": -1}, {"start": "x"}, {"turn": 1.5}])
def test_a_request_that_cannot_be_read_is_refused_with_a_sentence(wrong: dict[str, Any], asked: Assistant) -> None:
    request = {"token": Asked("各单位2023年收到多少件申请").token, **wrong} if "token" not in wrong and wrong else wrong
    with pytest.raises(QuestionError, match="请"):
        AnswerParts(Site(asked)).rows(request)


def test_rows_and_cards_come_in_pieces_that_make_the_whole(asked: Assistant) -> None:
    parts = AnswerParts(Site(asked))
    request = {"token": Asked("各单位2023年收到多少件申请").token}
    assert parts.rows(request)["total"] == 14
    numbers = re.findall(r'data-n="(\d+)" tabindex', parts.cards({**request, "start": 5, "end": 9}))
    assert numbers == ["5", "6", "7", "8"]
