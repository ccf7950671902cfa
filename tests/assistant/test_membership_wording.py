"""How lists name their members."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.answering.membership_wording import designation, has_or_has_none, metric_name
from assistant.answering.wording import Wording
from assistant.plan import PlanScope
from vectorstore.catalogue import catalogue
from vectorstore.records import Kind, State

NEW = "applications_new"
ZERO = {"comparison": "=", "value": 0}
SOME = {"comparison": ">", "value": 0}


@pytest.fixture
def corpus(draft: Any) -> list[Any]:
    return [
        draft("白石开发区", 2023).says(NEW, 0).says("review_total", 0).says("litigation_total", 0),
        draft("青川开发区", 2023).says(NEW, 3).says("review_total", 1).says("litigation_total", 0),
    ]


def figures(**plan: Any) -> dict[str, Any]:
    return {"subject": "figures", "operation": "list", "scope": {"kinds": ["zone"], "years": [2023]}, **plan}


@pytest.mark.parametrize(
    ("plan", "zh", "en"),
    [
        (
            figures(metrics=[NEW], criteria=[ZERO]),
            "2023年有1个开发区未收到政府信息公开申请：",
            "1 zone received no applications in 2023:",
        ),
        (
            figures(metrics=[NEW], criteria=[SOME]),
            "2023年有1个开发区收到过政府信息公开申请：",
            "1 zone received applications in 2023:",
        ),
        (
            figures(metrics=["review_total", "litigation_total"], criteria=[ZERO]),
            "2023年有1个开发区没有行政复议也没有行政诉讼：",
            "1 zone had no administrative reviews and faced no lawsuits in 2023:",
        ),
        (
            figures(metrics=["litigation_total"], criteria=[ZERO], operation="count"),
            "2023年有2个开发区没有行政诉讼：",
            "2 zones faced no lawsuits in 2023:",
        ),
        (
            figures(metrics=["litigation_total"], criteria=[SOME]),
            "2023年写明数字的2个开发区都没有行政诉讼。",
            "All that state it (2 zones) faced no lawsuits in 2023.",
        ),
        (
            figures(metrics=[NEW], criteria=[{"comparison": ">", "value": 2}]),
            "2023年有1个开发区的新收政府信息公开申请超过2件：",
            "1 zone had more than 2 new applications received in 2023:",
        ),
        (
            figures(metrics=[NEW], criteria=[{"comparison": ">", "value": 9}]),
            "2023年写明数字的2个开发区中，没有一个的新收政府信息公开申请超过9件。",
            "None of those that state it (2 zones) had more than 9 new applications received in 2023.",
        ),
        (figures(metrics=[NEW]), "2023年有2个开发区写明了新收政府信息公开申请：", "2 zones stated new applications"),
    ],
)
def test_a_list_speaks_of_bodies(ask: Any, corpus: list[Any], plan: dict[str, Any], zh: str, en: str) -> None:
    assert ask(corpus, **plan).text.startswith(zh)
    assert ask(corpus, language="en", **plan).text.startswith(en)


def test_a_body_counted_in_two_years_is_one_body(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", year, Kind.TOWNSHIP).says(NEW, 0) for year in (2022, 2023)]
    answer = ask(drafts, subject="figures", operation="list", metrics=[NEW], criteria=[ZERO])
    assert answer.text.startswith("有1个机关共2个年度未收到政府信息公开申请：")
    assert answer.value == 2


@pytest.mark.parametrize("metric_id", sorted(catalogue().metrics))
@pytest.mark.parametrize("some", [True, False])
def test_every_metric_has_its_phrase(metric_id: str, some: bool) -> None:
    for language in ("zh", "en"):
        phrase = has_or_has_none([metric_id], language, some=some)  # type: ignore[arg-type]
        assert phrase and "{" not in phrase


def test_one_sort_of_applicant_is_named() -> None:
    phrase = has_or_has_none([f"{NEW}__legal_service_org"], "zh", some=True)
    assert phrase == "收到过法律服务机构提出的政府信息公开申请"
    assert has_or_has_none(["result_granted__enterprise"], "zh", some=True) is None


def test_a_sort_of_zone_is_called_by_its_name() -> None:
    names = ("高新技术产业开发区", "高新技术开发区", "高新区", "高新技术产业园")
    assert designation(names, "zh") == "高新区"
    assert Wording("zh").scope(PlanScope(names=names, kinds=(Kind.ZONE,), years=(2023,))) == "2023年高新区"
    assert Wording("en").scope(PlanScope(names=names, kinds=(Kind.ZONE,))) == "high-tech zones"
    assert Wording("zh").scope(PlanScope(names=("自然资源局",))) == "名称含“自然资源局”的机关"
    assert Wording("en").scope(PlanScope(names=("自然资源局",))) == "bodies named “自然资源局”"


def test_a_metric_within_a_group_is_named_without_a_colon() -> None:
    assert metric_name("denied_state_secret", "zh") == "不予公开（国家秘密）"
    assert metric_name("denied_state_secret__enterprise", "zh") == "不予公开（国家秘密，商业企业）"
    assert metric_name("denied_state_secret", "en") == "denied (state secret)"


def test_reports_that_contradict_themselves_are_named(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023).says(NEW, 5), draft("乙镇", 2023).says(NEW, 7).says(NEW, 8)]
    answer = ask(drafts, **figures(metrics=[NEW], operation="top", scope={"years": [2023]}))
    assert "报告前后不一致的有乙镇（2023年）7件" in answer.text and "与8件" in answer.text


def test_a_single_contradiction_is_a_partial_answer_with_both_sides(ask: Any, draft: Any) -> None:
    made = draft("乙镇", 2023).says(NEW, 7).says(NEW, 8)
    scope = {"bodies": [made.body.body_id], "years": [2023]}
    for operation in ("value", "sum", "mean"):
        for language in ("zh", "en"):
            answer = ask([made], subject="figures", operation=operation, metrics=[NEW], scope=scope, language=language)
            assert answer.status == "partial"
            assert answer.value is None
            assert "7" in answer.text and "8" in answer.text and "[2]" in answer.text
            assert "gives no value" not in answer.text


def test_a_note_is_that_of_the_reading_that_gave_the_value(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2023).says(NEW, 7)
    made.says(NEW, None, "[image: 表]", state=State.UNREADABLE, note="该表是图片，数值无法读取。")
    scope = {"bodies": [made.body.body_id], "years": [2023]}
    answer = ask([made], subject="figures", metrics=[NEW], scope=scope)
    assert answer.value == 7
    assert answer.rows[0].note is None


def test_a_value_of_the_year_before_names_the_report_that_tells_it(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2022)
    said = {"state": State.DERIVED, "year": 2021, "note": "由本年7件、比上年减少1件得出"}
    made.says(NEW, 8, "2022年新收申请7件，比上年减少1件。", **said)
    scope = {"bodies": [made.body.body_id], "years": [2021]}
    for language, words in (("zh", "由2022年报告的“"), ("en", "derived from the 2022 report: “")):
        answer = ask([made], subject="figures", metrics=[NEW], scope=scope, language=language)
        assert words in answer.text and "比上年减少1件" in answer.text
        assert "本年" not in answer.text and "本年" not in (answer.rows[0].note or "")


def test_a_long_sum_names_its_largest_addends_only(ask: Any, draft: Any) -> None:
    drafts = [draft(f"第{n}镇", 2023, Kind.TOWNSHIP).says(NEW, n) for n in range(1, 15)]
    answer = ask(drafts, subject="figures", operation="sum", metrics=[NEW])
    assert "其中最大的是第14镇14件[1]、第13镇13件[2]、第12镇12件[3]（其余见列表）" in answer.text
    assert "第1镇1件" not in answer.text
    assert len(answer.rows) == 14


def test_what_was_not_taken_into_account_is_said_first(ask: Any, corpus: list[Any]) -> None:
    plan = figures(metrics=[NEW], criteria=[ZERO], unplaced=["连续两年"])
    answer = ask(corpus, **plan)
    assert answer.status == "partial"
    assert answer.text.startswith("以下回答没有考虑“连续两年”。")
    assert ask(corpus, language="en", **plan).text.startswith("This answer doesn't take into account “连续两年”.")


def test_a_trend_says_its_course_first_and_names_missing_years(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", year).says(NEW, n) for year, n in ((2019, 3), (2020, 5), (2022, 4), (2023, 9))]
    plan = {"subject": "figures", "operation": "trend", "metrics": [NEW]}
    scope = {"bodies": [drafts[0].body.body_id]}
    answer = ask(drafts, scope=scope, **plan)
    assert answer.text.startswith("有增有减，总体增加：甲镇")
    assert "语料中没有甲镇2021年的数字。" in answer.text
    assert ask(drafts[:2], scope=scope, **plan).text.startswith("增加：")
    assert ask(drafts[1:3], scope=scope, **plan).text.startswith("减少：")
    assert ask(drafts[:2], scope=scope, language="en", **plan).text.startswith("Up:")


def test_silent_reports_are_named_once(ask: Any, draft: Any) -> None:
    drafts = [draft("甲镇", 2023).says(NEW, 1), draft("乙镇", 2023)]
    answer = ask(drafts, subject="reports", aspect="silent", metrics=[NEW], operation="list")
    assert answer.text.count("乙镇") == 1


def test_what_a_table_adds_up_to_is_not_quoted_as_a_change(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2022).says("litigation_total", 1, "0 1 0 0 1", state=State.DERIVED)
    scope = {"bodies": [made.body.body_id], "years": [2022]}
    answer = ask([made], subject="figures", metrics=["litigation_total"], scope=scope)
    assert "（由各分项相加）" in answer.text
