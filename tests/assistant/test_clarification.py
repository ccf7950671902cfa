"""Questions that can be understood in several ways."""

from __future__ import annotations

from datetime import date

from assistant.answer import Answer, Citation, Corpus, Coverage, Row
from assistant.clarification import clarify, with_remarks
from assistant.understanding.lexicon import lexicon
from assistant.understanding.parser import Parser
from vectorstore.records import Body, Kind


def answer(body: str, value: int | None) -> Answer:
    """One body's figure with its citation; ``None``: there is no report of it."""
    known = value is not None
    quote = f"收到申请{value}件"
    return Answer(
        question="原问题",
        language="zh",
        status="answered" if known else "not_in_corpus",
        text=f"{body}收到{value}件[1]。范围：1份报告。" if known else "语料中没有。",
        value=value,
        rows=(Row(report_id=body, body=body, value=value, citations=(1,)),) if known else (),
        citations=(
            Citation(
                n=1, report_id=body, passage_id=None, title="", body=body, year=2023, section="", quote=quote,
                start=0, end=len(quote),
            ),
        )
        if known
        else (),
        coverage=Coverage(in_scope=1, stated=1) if known else Coverage(),
        corpus=Corpus(reports=2, fingerprint="x"),
    )  # fmt: skip


def test_each_reading_is_answered_with_its_own_citation() -> None:
    asked = clarify("文登收到几件", [("甲收到几件", answer("甲", 3)), ("乙收到几件", answer("乙", 5))])
    assert asked.status == "needs_clarification"
    assert [option.question for option in asked.options] == ["甲收到几件", "乙收到几件"]
    assert "甲收到3件[1]" in asked.text
    assert "乙收到5件[2]" in asked.text
    assert [(row.value, row.citations) for row in asked.rows] == [(3, (1,)), (5, (2,))]
    assert [(c.n, c.body) for c in asked.citations] == [(1, "甲"), (2, "乙")]
    assert asked.coverage.in_scope == asked.coverage.stated == 2
    assert asked.value is None


def test_readings_without_reports_are_no_readings() -> None:
    asked = clarify("文登收到几件", [("甲收到几件", answer("甲", None)), ("乙收到几件", answer("乙", 5))])
    assert (asked.status, asked.value, asked.resolved) == ("answered", 5, "乙收到几件")
    assert asked.question == "文登收到几件"


def test_where_no_reading_has_a_report_it_says_so() -> None:
    asked = clarify("文登收到几件", [("甲收到几件", answer("甲", None)), ("乙收到几件", answer("乙", None))])
    assert (asked.status, asked.rows) == ("not_in_corpus", ())


def test_readings_that_agree_are_answered_once_with_each_named() -> None:
    asked = clarify("文登收到几件", [("甲收到几件", answer("甲", 0)), ("乙收到几件", answer("乙", 0))])
    assert (asked.status, asked.value) == ("answered", 0)
    assert "甲收到0件[1]" in asked.text
    assert "乙收到0件[2]" in asked.text
    assert [option.question for option in asked.options] == ["甲收到几件", "乙收到几件"]


def test_what_was_done_to_the_question_is_said() -> None:
    bodies = [Body("b", "柳浪镇人民政府", Kind.TOWNSHIP, "云江省/青川市/白石县", ("柳浪镇",))]
    parse = Parser(lexicon(), bodies, {2023}, date(2024, 5, 1)).parse("柳朗镇收到几件申情")
    said = with_remarks(answer("柳浪镇", 3), parse)
    assert said.warnings == ("把“柳朗镇”理解为“柳浪镇”。", "把“申情”理解为“申请”。")
    assert said.value == 3
