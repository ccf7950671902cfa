"""Answers in sentences that search found: how many, how sure, and what several reports say alike only once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer import Answer
from assistant.answering.inquiry import Inquiry
from assistant.assistant import Assistant
from assistant.execution import execute
from assistant.plan import Plan
from assistant.prose.relevance import sentences_of
from assistant.prose.repetitions import told_apart
from vectorstore.records import Kind, SectionRole, Span

LAMPS = "在{}的大厅里为看不清字的老人准备了放大镜和带灯的书写板，由专人在旁边讲解。"
TOWNS = ("梨花镇", "松岭镇", "苇塘镇")
Search = Callable[..., Answer]


def _search(assistant: Assistant, words: str, **plan: Any) -> Answer:
    made = Plan.model_validate({"subject": "passages", "words": words, **plan})
    answer = execute(made, assistant.index, question=words, today=date(2024, 6, 1))
    for citation in answer.citations:
        assert assistant.index.text(citation.report_id)[citation.start : citation.end] == citation.quote
    c = answer.coverage
    assert c.in_scope == c.stated + c.silent
    return answer


@pytest.fixture(scope="module")
def assistant(draft: Any, assistant_over: Any) -> Assistant:
    drafts = []
    for at, town in enumerate(TOWNS):
        made = draft(town, 2023, Kind.TOWNSHIP, "云江省/青川市/白石县")
        own = (
            "苗圃停办是因为连续两年缺水，幼苗成活不到一半。",
            "渡口修在村东头，夜里也有人值守。",
            "图书角搬到二楼，借书不用登记。",
        )[at]
        made.section("一、总体情况", SectionRole.OVERVIEW, LAMPS.format(town), own, f"{town}的老人可以预约上门。")
        made.section("三、收到和处理申请情况", SectionRole.APPLICATION_TABLE, "放大镜申请\t1\t2\t3", "放大镜申请")
        made.section("五、存在的问题", SectionRole.PROBLEMS, "栏目更新偏慢；图解太少。", "人手不足，轮岗频繁。")
        drafts.append(made)
    opened: Assistant = assistant_over(*drafts)
    return opened


def test_what_reports_say_alike_is_quoted_once_and_the_others_are_named_and_cited(assistant: Assistant) -> None:
    answer = _search(assistant, "为看不清字的老人准备放大镜和书写板")
    assert answer.status == "answered"
    assert answer.text.count("放大镜和带灯的书写板") == 1
    assert "另有2份报告的说法几乎相同" in answer.text
    alike = [citation for citation in answer.citations if "放大镜" in citation.quote]
    assert {citation.body for citation in alike} == set(TOWNS)
    assert all(f"[{citation.n}]" in answer.text for citation in alike)
    assert {row.body for row in answer.rows} == set(TOWNS)
    assert (answer.coverage.stated, answer.coverage.silent) == (3, 0)
    for row in answer.rows:
        assert set(row.citations) & {c.n for c in alike if c.body == row.body}


def test_others_in_english_are_named_in_english(assistant: Assistant) -> None:
    answer = _search(assistant, "为看不清字的老人准备放大镜和书写板", language="en")
    assert "2 other reports say nearly the same" in answer.text


def test_reports_out_of_scope_are_not_named_beside_it(assistant: Assistant) -> None:
    town = next(body for body in assistant.index.bodies() if body.name == TOWNS[0])
    answer = _search(assistant, "为看不清字的老人准备放大镜和书写板", scope={"bodies": (town.body_id,)})
    assert {citation.body for citation in answer.citations} == {TOWNS[0]}
    assert "几乎相同" not in answer.text


def test_three_sentences_are_quoted_where_none_stands_out_and_one_where_it_holds_the_question(
    draft: Any, assistant_over: Any
) -> None:
    sentences = ("渡口夜里有人值守。", "渡口的灯修好了。", "船票可以在村口买到。", "渡口东边种了柳树。")
    for many in (1, 2, 3, 4):
        made = draft("苇塘镇", 2023, Kind.TOWNSHIP).section(
            "一、总体情况", SectionRole.OVERVIEW, "".join(sentences[:many])
        )
        told = _search(assistant_over(made), "渡口夜里怎么值守")
        assert [citation.quote for citation in told.citations] == [sentences[0]]
        nearest = _search(assistant_over(made), "渡口附近施工扰民投诉热线转办单位有没有回访")
        assert len(nearest.citations) in (0, min(many, 3))


def test_what_is_far_from_everything_is_not_in_the_corpus(assistant: Assistant) -> None:
    answer = _search(assistant, "航天育种补贴")
    assert (answer.status, answer.citations, answer.rows) == ("not_in_corpus", (), ())
    assert answer.coverage.silent == 3


def test_what_is_near_and_no_answer_is_called_the_nearest(assistant: Assistant) -> None:
    answer = _search(assistant, "渡口的桥梁荷载检测费用怎么分摊")
    assert answer.status == "partial"
    assert answer.text.startswith("没有找到直接写明的句子，最接近的是：")
    assert "没有找到直接写明的句子。" in answer.warnings
    assert any("渡口" in citation.quote for citation in answer.citations)


def test_a_reason_answers_why(assistant: Assistant) -> None:
    answer = _search(assistant, "苗圃为什么停办")
    assert answer.status == "answered"
    assert [citation.quote for citation in answer.citations] == ["苗圃停办是因为连续两年缺水，幼苗成活不到一半。"]


def test_a_sentence_without_a_reason_is_only_the_nearest_to_why(assistant: Assistant) -> None:
    answer = _search(assistant, "渡口为什么修在村东头")
    assert answer.status == "partial"
    assert answer.citations[0].quote == "渡口修在村东头，夜里也有人值守。"


def test_rows_of_tables_headings_and_titles_are_not_quoted(assistant: Assistant) -> None:
    for words in ("放大镜申请", "总体情况", "政府信息公开工作年度报告", "存在的问题"):
        for citation in _search(assistant, words).citations:
            assert "\t" not in citation.quote
            assert citation.quote != "放大镜申请"
            assert not citation.quote.startswith(("一、", "三、", "五、"))
            assert not citation.quote.endswith("年度报告")


@settings(deadline=None)
@given(
    words=st.lists(
        st.sampled_from(["渡口", "放大镜", "老人", "苗圃", "为什么", "图书角", "航天", "问题", "图解", "怎么", "电话"]),
        min_size=1,
        max_size=4,
    ).map("".join)
)
def test_an_answer_in_sentences_says_how_sure_it_is_and_cites_all_it_quotes(assistant: Assistant, words: str) -> None:
    answer = _search(assistant, words)
    assert answer.status in ("answered", "partial", "not_in_corpus")
    assert bool(answer.citations) == bool(answer.rows) == (answer.status != "not_in_corpus")
    assert ("最接近的是" in answer.text) == bool(answer.warnings) == (answer.status == "partial")
    assert all(f"[{citation.n}]" in answer.text for citation in answer.citations)
    places = [(citation.report_id, citation.start) for citation in answer.citations]
    assert len(places) == len(set(places))
    assert answer.coverage.stated == len({citation.report_id for citation in answer.citations})


@settings(deadline=None)
@given(data=st.data())
def test_telling_apart_keeps_the_order_and_mentions_each_report_once(assistant: Assistant, data: Any) -> None:
    inquiry = Inquiry(Plan(subject="passages", words="放大镜"), assistant.index, "放大镜", date(2024, 6, 1))
    texts = {report.report_id: assistant.index.text(report.report_id) for report in inquiry.reports}
    everything = [(report_id, span) for report_id, text in texts.items() for span in sentences_of(text)]
    given_places = data.draw(st.lists(st.sampled_from(everything), unique=True))
    hits = data.draw(st.sampled_from([[], assistant.index.search("放大镜")]))
    groups = told_apart(inquiry, given_places, hits)
    firsts = list(groups)
    assert firsts == [place for place in given_places if place in groups]
    assert given_places[:1] == firsts[:1]
    for (report_id, _), others in groups.items():
        of_reports = [report_id, *(other for other, _ in others)]
        assert len(of_reports) == len(set(of_reports))
        assert all(place in everything for place in others)


def test_one_reports_own_sentences_are_never_taken_for_one_another(draft: Any, assistant_over: Any) -> None:
    twice = [LAMPS.format("东"), LAMPS.format("西")]
    made = draft("苇塘镇", 2023, Kind.TOWNSHIP).section("一、总体情况", SectionRole.OVERVIEW, *twice)
    assistant: Assistant = assistant_over(made)
    assert [citation.quote for citation in _search(assistant, "放大镜和书写板").citations] == twice
    (report,) = assistant.reports()
    inquiry = Inquiry(Plan(subject="passages"), assistant.index, "", date(2024, 6, 1))
    text = assistant.index.text(report.report_id)
    places = [(report.report_id, Span(text.index(words), text.index(words) + len(words))) for words in twice]
    assert told_apart(inquiry, places, []) == {places[0]: [], places[1]: []}
