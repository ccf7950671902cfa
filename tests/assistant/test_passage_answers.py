"""Answers in a report's own words."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.relevance import sentences_of
from assistant.sections import items_of, mark_of
from vectorstore.records import Kind, SectionRole, Span


@pytest.fixture
def town(draft: Any) -> Any:
    made = draft("梨花镇", 2023, Kind.TOWNSHIP)
    made.section(
        "一、总体情况",
        SectionRole.OVERVIEW,
        "全镇上下重视公开工作。本镇开通“梨花风讯”公众号，由专人维护。",
        "咨询请拨打电话：0999-5551234。申请内容涉及集体林权、道路修缮等。",
    )
    return made.section(
        "五、存在的主要问题及改进情况",
        SectionRole.PROBLEMS,
        "2023年工作取得一定成绩，但存在以下问题：一是栏目更新偏慢；二是解读形式单一，图解太少。",
        "下一步将从两方面着手：一是每周检查栏目；二是请人绘制图解。",
    )


def scope_of(made: Any) -> dict[str, Any]:
    return {"bodies": [made.body.body_id], "years": [made.year]}


def test_the_sentence_that_answers_is_quoted(ask: Any, town: Any) -> None:
    answer = ask([town], subject="passages", words="申请涉及哪些内容", scope=scope_of(town))
    assert answer.status == "answered"
    assert answer.citations[0].quote == "申请内容涉及集体林权、道路修缮等。"
    assert answer.citations[0].section == "一、总体情况"


def test_a_telephone_number_is_found_by_its_form(ask: Any, town: Any) -> None:
    answer = ask([town], subject="passages", words="联系方式", scope=scope_of(town))
    assert "0999-5551234" in answer.citations[0].quote


def test_a_name_is_found_by_its_quotation_marks(ask: Any, town: Any) -> None:
    answer = ask([town], subject="passages", words="公众号叫什么名字", scope=scope_of(town))
    assert "梨花风讯" in answer.citations[0].quote


def test_nothing_is_quoted_where_nothing_is_said(ask: Any, town: Any) -> None:
    answer = ask([town], subject="passages", words="航天育种补贴", scope=scope_of(town))
    assert answer.status == "not_in_corpus"
    assert not answer.citations


def test_who_mentions_is_answered_over_every_report(ask: Any, town: Any, draft: Any) -> None:
    other = draft("乙镇", 2023, Kind.TOWNSHIP)
    third = draft("丙镇", 2023, Kind.TOWNSHIP).section("一、总体情况", SectionRole.OVERVIEW, "本镇注重集体 林权公开。")
    answer = ask([town, other, third], subject="passages", operation="list", quoted=["集体林权"])
    assert {row.body for row in answer.rows} == {"梨花镇", "丙镇"}
    assert answer.value == 2
    assert answer.coverage.silent == 1


def test_that_nobody_mentions_it_is_an_answer(ask: Any, town: Any) -> None:
    answer = ask([town], subject="passages", operation="list", quoted=["量子"])
    assert (answer.status, answer.value) == ("answered", 0)


def test_the_problems_are_quoted_one_by_one_without_the_improvements(ask: Any, town: Any) -> None:
    answer = ask([town], subject="passages", words="问题", aspect="problems", scope=scope_of(town))
    assert [c.quote for c in answer.citations] == ["一是栏目更新偏慢", "二是解读形式单一，图解太少。"]


def test_the_improvements_are_quoted_without_the_problems(ask: Any, town: Any) -> None:
    answer = ask([town], subject="passages", words="改进", aspect="improvement", scope=scope_of(town))
    assert [c.quote for c in answer.citations] == ["一是每周检查栏目", "二是请人绘制图解。"]


def test_recurring_problems_are_grouped(ask: Any, town: Any, draft: Any) -> None:
    other = draft("乙镇", 2023, Kind.TOWNSHIP).section(
        "五、存在的问题", SectionRole.PROBLEMS, "一是网站栏目更新偏慢；二是人员流动频繁。", "今后将加强值守。"
    )
    answer = ask([town, other], subject="themes", operation="list", aspect="problems")
    assert answer.status == "answered"
    labels = [row.label for row in answer.rows]
    assert labels[0] == labels[1] == "栏目更新偏慢"
    assert {row.body for row in answer.rows[:2]} == {"梨花镇", "乙镇"}
    assert "（2份报告）" in answer.text
    assert "值守" not in answer.text


def test_a_number_of_the_prose_is_the_value_where_there_is_one(ask: Any, draft: Any) -> None:
    made = (
        draft("甲镇", 2023)
        .mention("解读图解", 26, "份", "全年绘制解读图解26份")
        .mention("会议", 4, "次", "召开会议4次")
    )
    answer = ask([made], subject="mentions", words="绘制了多少份图解", scope=scope_of(made))
    assert (answer.value, answer.unit) == (26, "份")
    assert "不在统计表内" in answer.text


def test_a_number_of_something_else_in_the_clause_is_no_answer(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2023).mention("政策文件", 26, "件", "以漫画、直播、座谈会等形式宣讲政策文件26件")
    answer = ask([made], subject="mentions", words="座谈会开了几次", scope=scope_of(made))
    assert answer.value is None
    assert answer.status != "answered"


def test_two_different_numbers_of_the_prose_are_both_shown(ask: Any, draft: Any) -> None:
    made = (
        draft("甲镇", 2023)
        .mention("意见建议", 56, "条", "征集意见建议56条")
        .mention("意见建议", 20, "条", "收到意见建议20条")
    )
    answer = ask([made], subject="mentions", words="意见建议", scope=scope_of(made))
    assert answer.value is None
    assert {row.value for row in answer.rows} == {56, 20}


def test_a_quoted_marker_is_no_citation(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2023).section("一、总体情况", SectionRole.OVERVIEW, "依据见附注[7]的森林保护办法。")
    answer = ask([made], subject="passages", words="森林保护办法", scope=scope_of(made))
    assert "［7］" in answer.text


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("一是甲事项需要加强；二是乙事项需要改进。", ["一是甲事项需要加强", "二是乙事项需要改进。"]),
        ("（一）宣传力度不够大。\n（二）人员配备不够足。", ["（一）宣传力度不够大。", "（二）人员配备不够足。"]),
        ("1.宣传力度不够大。2.人员配备不够足。", ["1.宣传力度不够大。", "2.人员配备不够足。"]),
        ("宣传力度不够大。人员配备不够足。", ["宣传力度不够大。", "人员配备不够足。"]),
    ],
)
def test_enumerations_are_split_at_their_marks(text: str, items: list[str]) -> None:
    assert [span.of(text) for span in items_of(text, Span(0, len(text)))] == items


def test_marks_are_told_from_words() -> None:
    assert mark_of("一是宣传不够") == "一是"
    assert mark_of("第三方评估不足") == ""


def test_sentences_are_spans_of_the_text_without_cells() -> None:
    text = "  第一句。第二句！\n\t表格单元\n第三句"
    assert [span.of(text) for span in sentences_of(text)] == ["第一句。", "第二句！", "第三句"]
