"""Answers in a report's own words."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.prose.enumerations import items_of, mark_of
from assistant.prose.relevance import sentences_of
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
    assert labels[0] == labels[1] == "信息更新、发布不够及时"
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


def test_problems_and_measures_asked_together_are_both_quoted(ask: Any, town: Any) -> None:
    answer = ask(
        [town], subject="passages", words="问题和改进措施分别是什么", aspect="improvement", scope=scope_of(town)
    )
    quotes = [citation.quote for citation in answer.citations]
    assert any("栏目更新偏慢" in quote for quote in quotes)
    assert any("每周检查栏目" in quote for quote in quotes)


@pytest.mark.parametrize(
    "turn",
    [
        "下一步，",
        "针对上述问题，",
        "改进措施：",
        "整改情况：",
        "2024年，我局打算这样做：",
        "2024年，本镇将从两方面着手：",
    ],
)
def test_problems_and_measures_glued_together_are_told_apart(ask: Any, draft: Any, turn: str) -> None:
    made = draft("甲局", 2023, Kind.DEPARTMENT).section(
        "五、存在的主要问题及改进情况",
        SectionRole.PROBLEMS,
        f"存在的主要问题：一是栏目层级偏深，不好找；二是图解数量太少，看不进去。{turn}一是精简栏目的层级；二是请人绘制更多图解。",
    )
    problems = ask([made], subject="passages", words="问题", aspect="problems", scope=scope_of(made))
    measures = ask([made], subject="passages", words="怎么改", aspect="improvement", scope=scope_of(made))
    assert [c.quote for c in problems.citations] == ["一是栏目层级偏深，不好找", "二是图解数量太少，看不进去。"]
    assert [c.quote for c in measures.citations] == ["一是精简栏目的层级", "二是请人绘制更多图解。"]


def test_a_name_needs_one_quote(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2023, Kind.TOWNSHIP).section(
        "一、总体情况",
        SectionRole.OVERVIEW,
        "微信公众号原创内容有所增加，名称规范。全年通过公众号发布信息88条。“云上甲镇”微信公众号由专人维护。",
    )
    answer = ask([made], subject="passages", words="公众号叫什么名字", scope=scope_of(made))
    assert [c.quote for c in answer.citations] == ["“云上甲镇”微信公众号由专人维护。"]


def test_an_english_question_finds_chinese_sentences(ask: Any, town: Any) -> None:
    answer = ask([town], subject="passages", words="what is the phone number", scope=scope_of(town), language="en")
    assert len(answer.citations) == 1
    assert "0999-5551234" in answer.citations[0].quote
    asked = ask([town], subject="passages", words="what did people apply for", scope=scope_of(town), language="en")
    assert asked.status == "answered" or "集体林权" not in asked.text


def test_titles_and_preambles_are_never_the_nearest(ask: Any, town: Any) -> None:
    answer = ask([town], subject="passages", words="how is the weather", scope=scope_of(town), language="en")
    assert "年度报告" not in answer.text


def test_what_applicants_wanted_is_told_by_its_sentence(ask: Any, town: Any) -> None:
    for language, words in (("zh", "那几件申请问的是什么"), ("en", "what did residents apply for")):
        answer = ask([town], subject="passages", words=words, scope=scope_of(town), language=language)
        assert answer.status == "answered"
        assert [c.quote for c in answer.citations] == ["申请内容涉及集体林权、道路修缮等。"]


def test_a_heading_that_names_what_was_asked_leads_to_its_section(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2023, Kind.TOWNSHIP)
    made.section("六、其他需要报告的事项", SectionRole.OTHER, "没有收取信息处理费。")
    made.section("（一）工作创新情况", SectionRole.OTHER, "一是开设板凳课堂讲解惠农政策；二是每月送材料上门一次。")
    answer = ask([made], subject="passages", words="有什么创新", scope=scope_of(made))
    assert [c.quote for c in answer.citations] == ["一是开设板凳课堂讲解惠农政策", "二是每月送材料上门一次。"]


def test_nothing_near_is_said_to_be_nothing(ask: Any, town: Any) -> None:
    answer = ask([town], subject="passages", words="who baked these cakes", scope=scope_of(town), language="en")
    assert answer.status in ("not_in_corpus", "partial")
    assert answer.citations or answer.status == "not_in_corpus"


def test_people_are_counted_by_the_clause_that_counts_people(ask: Any, draft: Any) -> None:
    made = (
        draft("甲镇", 2023)
        .mention("业务培训", 3, "场", "参加业务培训3场")
        .mention("培训干部", 200, "人", "举办讲座，培训干部200人")
    )
    answer = ask([made], subject="mentions", words="培训了多少人参加", scope=scope_of(made))
    assert (answer.value, answer.unit) == (200, "人")
    words = "how many cadres and staff did train?"
    assert ask([made], subject="mentions", words=words, scope=scope_of(made), language="en").value == 200


def test_a_number_is_found_where_passages_were_asked_for(ask: Any, draft: Any) -> None:
    made = (
        draft("甲镇", 2023)
        .mention("受理电话咨询", 35, "件", "全年受理电话咨询35件")
        .mention("其中信函方式提交", 2, "件", "其中信函方式提交2件")
    )
    assert ask([made], subject="passages", words="受理电话咨询多少件", scope=scope_of(made)).value == 35
    assert ask([made], subject="mentions", words="信函方式提交的几件", scope=scope_of(made)).value == 2


def test_a_matter_that_no_report_holds_is_said_to_be_unmentioned(ask: Any, draft: Any) -> None:
    made = draft("甲镇", 2023).section("一、总体情况", SectionRole.OVERVIEW, "本镇更新网站栏目。")
    answer = ask([made], subject="mentions", words="的人口有多少", scope=scope_of(made))
    assert answer.status == "not_in_corpus"
    assert "没有提到“人口”" in answer.text
