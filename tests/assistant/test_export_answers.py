"""An answer as a document."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from assistant.answer import Answer, Citation, Corpus, Coverage, Option, Row, WithoutValue
from assistant.answering.deferred import Deferred
from assistant.export.answer_document import document_of
from assistant.export.document import ExportDocument, ExportTable, as_read
from assistant.export.formats import write
from assistant.plan import Plan
from vectorstore.records import Kind, Report

REPORT = Report("r1", "2023年度报告", "b1", "白石管委会", Kind.ZONE, "省/市", 2023, issued_on="2024-01-20")
CORPUS = Corpus(reports=5, fingerprint="f00d")
CITATION = Citation(
    n=1, report_id="r1", passage_id=None, title="2023年度报告", body="白石管委会", year=2023, section="一",
    quote="未收到。", start=3, end=7,
)  # fmt: skip


def _row(value: float | None, state: str = "stated", **more: Any) -> Row:
    return Row(
        report_id="r1", body="白石管委会", kind=Kind.ZONE, region="省/市", year=2023, metric="applications_new",
        value=value, unit="件", state=state, citations=(1,), **more,
    )  # fmt: skip


def _answer(**more: Any) -> Answer:
    given: dict[str, Any] = {
        "question": "哪些开发区没有收到申请？", "language": "zh", "status": "answered", "corpus": CORPUS,
        "text": "有1个：白石管委会[1]。\n\n- 青溪：3件\n范围：全部。", "citations": (CITATION,),
    }  # fmt: skip
    return Answer(**given | more)


def _document(answer: Answer, **more: Any) -> ExportDocument:
    return document_of(answer, {"r1": REPORT}, **more)


def _records(table: ExportTable) -> list[dict[str, Any]]:
    return [dict(zip((column.name for column in table.columns), row, strict=True)) for row in table.rows]


def test_the_text_keeps_its_lines_and_lists() -> None:
    said = [(one.text, one.is_item) for one in _document(_answer()).paragraphs]
    assert said == [("有1个：白石管委会[1]。", False), ("青溪：3件", True), ("范围：全部。", False)]


def test_rows_keep_zero_unknown_and_both_values_of_a_contradiction_apart() -> None:
    rows = (_row(0), _row(None, "blank"), _row(None, "conflicting", readings=(153, 9.5)), _row(9.25, note="约"))
    (table,) = _document(_answer(rows=rows)).tables
    found = [(one["数值"], one["说明"], one["各处的数值"], one["备注"]) for one in _records(table)]
    assert found == [
        (0, "报告写明", None, None),
        (None, "空白", None, None),
        (None, "前后不一", "153 / 9.5", None),
        (Decimal("9.25"), "报告写明", None, "约"),
    ]
    assert _records(table)[0] | {"说明": ""} == {
        "单位": "白石管委会", "类型": "开发区", "地区": "省/市", "年份": 2023, "指标": "新收政府信息公开申请",
        "数值": 0, "计量单位": "件", "各处的数值": None, "说明": "", "备注": None, "依据": (1,), "报告编号": "r1",
    }  # fmt: skip


def test_columns_of_which_nothing_is_known_are_left_out() -> None:
    row = Row(report_id=None, body="2023年", label="2023年", value=3, citations=())
    (table,) = _document(_answer(rows=(row,))).tables
    assert [column.name for column in table.columns] == ["单位或分组", "数值", "说明", "依据"]


def test_a_value_of_zero_alone_still_has_its_column() -> None:
    row = Row(report_id="r1", body="白石管委会", value=0)
    (table,) = _document(_answer(rows=(row,))).tables
    assert _records(table) == [{"单位": "白石管委会", "数值": 0, "说明": "报告写明", "依据": (), "报告编号": "r1"}]


def test_rows_about_words_have_no_value() -> None:
    row = Row(report_id="r1", body="白石管委会", label="人手不足", note="专业人员少", citations=(1,))
    (table,) = _document(_answer(rows=(row,))).tables
    assert [column.name for column in table.columns] == ["单位", "项目", "备注", "依据", "报告编号"]


def test_a_share_is_given_in_percent() -> None:
    plan = Plan(subject="figures", operation="share", metrics=("result_granted",), denominators=("result_total",))
    row = Row(report_id="r1", body="白石管委会", value=4 / 58)
    (table,) = _document(_answer(rows=(row,), plan=plan.model_dump(mode="json"))).tables
    assert (_records(table)[0]["数值"], _records(table)[0]["计量单位"]) == (Decimal("6.9"), "%")
    many_times = plan.model_copy(update={"times": True}).model_dump(mode="json")
    (table,) = _document(_answer(rows=(row.model_copy(update={"value": 7 / 3}),), plan=many_times)).tables
    assert _records(table)[0]["数值"] == Decimal("2.33")


@pytest.mark.parametrize(
    ("value", "said"), [(10 / 3, "3.33"), (0.5, "0.5"), (12.25, "12.25"), (1 / 3000, "0.0003"), (4.0, "4"), (7, "7")]
)
def test_a_quotient_is_written_to_be_read_and_never_as_zero(value: float, said: str) -> None:
    row = Row(report_id="r1", body="白石管委会", value=value, unit="件")
    (table,) = _document(_answer(rows=(row,))).tables
    assert str(_records(table)[0]["数值"]) == said


def test_silent_reports_are_named_and_coverage_is_told() -> None:
    silent = WithoutValue(report_id="r2", body="青溪管委会", year=2023, state="silent")
    coverage = Coverage(in_scope=3, stated=2, silent=1, missing=4, without_value=(silent,))
    document = _document(_answer(coverage=coverage, plan={"subject": "figures"}))
    assert document.coverage == ("范围内共3份报告：报告写明2份，未提及1份。", "另有4个应当报告的单位没有报告。")
    (table,) = document.tables
    assert table.title == "没有数值的报告"
    assert _records(table) == [{"单位": "青溪管委会", "年份": 2023, "说明": "未提及", "报告编号": "r2"}]
    assert [column.name for column in as_read(table).columns] == ["单位", "年份", "说明"]
    assert list(as_read(table).rows) == [("青溪管委会", 2023, "未提及")]


def test_a_search_names_no_reports_without_a_value() -> None:
    silent = WithoutValue(report_id="r2", body="青溪管委会", year=2023, state="silent")
    coverage = Coverage(in_scope=1, silent=1, without_value=(silent,))
    document = _document(_answer(coverage=coverage, plan={"subject": "passages"}))
    assert (document.coverage, document.tables) == ((), ())


def test_how_it_was_understood_is_told_unless_it_is_the_question() -> None:
    answer = _answer(resolved="哪些开发区2023年没有收到申请？")
    assert _document(answer, understood="2023年开发区中谁没有申请").how == (
        "按“哪些开发区2023年没有收到申请？”回答。", "理解为：2023年开发区中谁没有申请",
    )  # fmt: skip
    assert _document(_answer(), understood="哪些开发区没有收到申请？").how == ()


def test_it_speaks_the_answers_language_but_refers_in_the_reports() -> None:
    document = _document(
        _answer(question="Which zones?", language="en", rows=(_row(0),), options=(Option(question="Which?"),)),
        made_on=date(2025, 3, 1),
    )
    markdown = write(document, "md").decode()
    assert "| Body | Kind | Region | Year | Metric | Value | Unit | How known | Evidence |" in markdown
    assert "Over an index of 5 reports (fingerprint f00d), made on 2025\\-03\\-01." not in markdown
    assert "Over an index of 5 reports (fingerprint f00d), made on 2025-03-01." in markdown
    assert "Possible readings\n\n- Which?" in markdown
    assert "\\[出版地不详\\]: 白石管委会, 2024\\. " not in markdown
    assert "\\[出版地不详\\]: 白石管委会, 2024.\n" in markdown


def test_rows_and_citations_are_made_only_when_they_are_written() -> None:
    made: list[str] = []

    def citations() -> Iterator[Citation]:
        made.append("citations")
        yield CITATION

    document = _document(_answer(citations=Deferred(citations())))
    assert made == []
    assert [one.reference.issued_on for one in document.references] == ["2024-01-20"]
    assert made == ["citations"]


@pytest.mark.parametrize("extension", ["csv", "xlsx", "md", "docx", "txt", "bib", "ris", "csl.json"])
def test_an_answer_without_rows_or_citations_can_be_written(extension: str) -> None:
    answer = _answer(text="语料没有说。", citations=(), status="not_in_corpus")
    assert write(_document(answer), extension)
