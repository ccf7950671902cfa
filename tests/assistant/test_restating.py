"""A plan in words: what was understood, and nothing that is no sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.answering.restating import restate
from assistant.plan import Criterion, Plan, PlanScope
from vectorstore.catalogue import catalogue
from vectorstore.records import Kind

ZONES = PlanScope(kinds=(Kind.ZONE,), years=(2023,))
OUTCOMES = tuple(metric for metric in catalogue().metrics if metric.startswith(("result_", "denied_", "unable_")))


def said(**fields: object) -> str:
    return restate(Plan.model_validate(fields), []) or ""


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "plan",
    [
        {"subject": "passages", "words": "征地"},
        {"subject": "mentions", "words": "征地"},
        {"subject": "themes", "aspect": "problems"},
        {"subject": "reports", "operation": "list"},
        {"subject": "checks", "aspect": "all"},
        {"subject": "checks", "aspect": "conflicts"},
        {"subject": "passages", "operation": "list", "words": "征地", "quoted": ("征地",)},
        {"subject": "figures", "operation": "list", "metrics": ("applications_new",), "criteria": (Criterion(),)},
    ],
)
def test_all_reports_are_not_the_reports_of_all_reports(plan: dict[str, object], language: str) -> None:
    sentence = said(**plan, language=language)
    assert sentence
    for doubled in ("报告的报告", "报告有哪些报告", "reports of all reports", "the all reports"):
        assert doubled not in sentence


def test_every_check_that_can_be_chosen_reads_otherwise() -> None:
    aspects = ("all", "conflicts", "failed_checks", "years_disagree", "channels", "prose_against_table", "implausible")
    assert len({said(subject="checks", aspect=aspect) for aspect in aspects}) == len(aspects)


def test_a_chosen_section_is_said() -> None:
    sentence = said(subject="passages", words="培训", aspect="supervision")
    assert "监督保障" in sentence
    assert "培训" in sentence


@pytest.mark.parametrize(
    ("aspect", "words"),
    [("missing", "没有报告"), ("no_tables", "没有统计表"), ("without_problems", "没有写存在的问题"), (None, "有哪些")],
)
def test_what_is_asked_of_reports_is_said(aspect: str | None, words: str) -> None:
    assert words in said(subject="reports", operation="list", aspect=aspect, scope={"years": (2022,)})


def test_a_single_first_is_not_one_of_several() -> None:
    top = {"subject": "figures", "operation": "top", "metrics": ("applications_new",), "scope": ZONES}
    assert said(**top, limit=1) == "2023年开发区中，新收政府信息公开申请最多的是哪个？"
    assert said(**top, limit=3) == "2023年开发区中，新收政府信息公开申请最多的3个是哪些？"
    assert said(**top, limit=1, order="ascending").endswith("最少的是哪个？")
    assert said(**top, limit=1, language="en").startswith("Which of the zones in 2023 has the highest")


def test_metrics_that_are_added_are_said_to_be() -> None:
    both = ("review_total", "litigation_total")
    assert "行政复议＋行政诉讼" in said(subject="figures", operation="sum", metrics=both)
    assert "行政复议、行政诉讼" in said(subject="figures", operation="list", metrics=both)
    assert "行政复议、行政诉讼" in said(subject="figures", operation="sum", metrics=both, apart=True)
    # Cases and items make no sum.
    sentence = said(subject="figures", operation="sum", metrics=("review_total", "proactive_total"))
    assert "＋" not in sentence


def test_a_criterion_on_several_metrics_means_each_of_them() -> None:
    plan = {"subject": "figures", "operation": "list", "metrics": ("review_total", "litigation_total")}
    more = Criterion(comparison=">", value=Decimal(3))
    assert "行政复议、行政诉讼" in said(**plan, criteria=(more,))
    added = Criterion(comparison=">", value=Decimal(3), metrics=("review_total", "litigation_total"))
    assert "行政复议＋行政诉讼" in said(**plan, criteria=(added,))


def test_many_metrics_are_counted_rather_than_spelled_out() -> None:
    every = said(subject="figures", operation="breakdown", metrics=OUTCOMES, group_by=("outcome",), scope=ZONES)
    assert every == "2023年开发区的申请办理结果如何构成？"
    many = said(subject="figures", operation="list", metrics=OUTCOMES[:7], scope=ZONES)
    assert "等7项指标" in many
    assert len(many) < 100
