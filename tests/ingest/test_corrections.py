"""What people correct: laid over what was read, shown with its author, and taken back without a trace."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.correction_requests import request_correction
from ingest.corrections import corrected, find_quote, number_of, outdated
from ingest.documents import Document, Line
from ingest.understanding import understand
from vectorstore.errors import CorrectionError
from vectorstore.records import CorrectedField, Correction, Kind, Origin, ReportContents, Span, State
from vectorstore.resolution import failed_cells, resolve

TEXT = """河北省石家庄市桥西区青石镇人民政府2023年政府信息公开工作年度报告

一、总体情况
（一）主动公开
2023年，我镇主动公开政府信息40条，其中网站30条，微信10条。
（二）依申请公开
2023年，我镇收到政府信息公开申请3件，比上年增加1件。全年举办业务培训2场。
二、存在的问题
公开内容还不够丰富，来人索要材料五份的情况没有统计在内。
"""


def read(text: str = TEXT) -> ReportContents:
    blocks = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Line(Span(at, at + len(line))))
        at += len(line) + 1
    return understand(Document(text, tuple(blocks), "1.txt"))


def correction(number: int, field: CorrectedField, value: str | None, **fields: str | None) -> Correction:
    known = {"former": None, "metric_id": None, "quote": None} | fields
    return Correction(
        number, read().report.report_id, field, value, known["former"], "张三", "2026-05-04", "与原件核对",
        known["metric_id"], known["quote"],
    )  # fmt: skip


def request(field: str, written: str, quote: str | None = None, contents: ReportContents | None = None) -> Correction:
    return request_correction(
        contents or read(), CorrectedField(field), written,
        why="与原件核对", made_by="张三", today=date(2026, 5, 4), quote=quote,
    )  # fmt: skip


def settled(contents: ReportContents, metric_id: str, year: int | None = 2023) -> tuple[Decimal | None, State, Origin]:
    found = [f for f in contents.figures if f.metric_id == metric_id and f.year == year]
    (resolution,) = resolve(found, failed_cells(contents.checks))
    return resolution.value, resolution.state, resolution.origin


def test_without_corrections_a_report_is_what_was_read() -> None:
    assert corrected(read(), ()) == read()


def test_a_corrected_figure_wins_and_says_by_whom() -> None:
    mended = corrected(read(), [request("figure", "applications_new=5")])
    assert settled(mended, "applications_new") == (Decimal(5), State.STATED, Origin.CORRECTED)
    (figure,) = (f for f in mended.figures if f.origin is Origin.CORRECTED)
    assert figure.note == "由张三于2026-05-04更正：原为3；理由：与原件核对"
    assert "3件" in mended.text[figure.start : figure.end]


def test_a_figure_that_was_not_read_needs_a_quote() -> None:
    with pytest.raises(CorrectionError, match="as its quote") as refused:
        request("figure", "review_total=2")
    assert refused.value.about == "quote"
    mended = corrected(read(), [request("figure", "review_total=5", quote="来人索要材料五份")])
    (figure,) = (f for f in mended.figures if f.metric_id == "review_total")
    assert mended.text[figure.start : figure.end] == "来人索要材料五份"
    assert figure.note == "由张三于2026-05-04更正：原未读出；理由：与原件核对"


def test_a_figure_can_be_declared_unreadable() -> None:
    mended = corrected(read(), [request("figure", "applications_new=")])
    assert settled(mended, "applications_new") == (None, State.UNREADABLE, Origin.CORRECTED)


def test_the_later_of_two_corrections_holds() -> None:
    first, second = (
        correction(n, CorrectedField.FIGURE, v, metric_id="applications_new") for n, v in ((1, "5"), (2, "6"))
    )
    assert settled(corrected(read(), [second, first]), "applications_new")[0] == 6
    assert settled(corrected(read(), [first]), "applications_new")[0] == 5


def test_checks_are_made_again_from_the_corrected_figures() -> None:
    def channel_sum(contents: ReportContents) -> bool | None:
        return next(check.holds for check in contents.checks if check.rule == "channel_sum")

    assert channel_sum(read()) is True
    assert channel_sum(corrected(read(), [request("figure", "proactive_website=35")])) is False


def test_a_corrected_year_moves_the_figures_with_it() -> None:
    mended = corrected(read(), [request("year", "2022")])
    assert mended.report.year == 2022
    assert settled(mended, "applications_new", 2022)[0] == 3
    assert settled(mended, "applications_new", 2021) == (Decimal(2), State.DERIVED, Origin.DERIVED)
    assert {mention.year for mention in mended.mentions} <= {2022}


def test_a_corrected_figure_follows_a_corrected_year() -> None:
    both = [request("figure", "applications_new=5"), request("year", "2022")]
    assert settled(corrected(read(), both), "applications_new", 2022)[0] == 5


def test_a_corrected_body_has_its_own_id_kind_and_short_names() -> None:
    mended = corrected(read(), [request("body", "石家庄市桥西区白云街道办事处")])
    assert (mended.report.body, mended.report.kind) == ("石家庄市桥西区白云街道办事处", Kind.SUBDISTRICT)
    assert mended.report.body_id == mended.body.body_id != read().report.body_id
    assert "白云街道" in mended.body.aliases
    assert "青石镇" not in mended.body.aliases
    assert {figure.body_id for figure in mended.figures} == {mended.body.body_id}
    assert {mention.body_id for mention in mended.mentions} <= {mended.body.body_id}


def test_a_corrected_kind_stands_beside_a_corrected_body() -> None:
    both = [
        correction(1, CorrectedField.KIND, "zone"),
        correction(2, CorrectedField.BODY, "石家庄市桥西区白云街道办事处"),
    ]
    assert corrected(read(), both).report.kind is Kind.ZONE


def test_a_region_may_be_written_as_people_write_it() -> None:
    assert request("region", "张家口桥西").value == "河北省/张家口市/桥西区"
    assert corrected(read(), [request("region", "河北省 张家口市 桥西区")]).report.region == "河北省/张家口市/桥西区"


@pytest.mark.parametrize(
    ("field", "written", "answer"),
    [
        ("figure", "aplications_new=3", "applications_new"),
        ("figure", "applications_new__company=3", "enterprise"),
        ("figure", "applications_new", "METRIC=VALUE"),
        ("figure", "applications_new=many", "digits"),
        ("figure", "applications_new=-3", "less than nothing"),
        ("figure", "applications_new=2.5", "whole number"),
        ("kind", "zones", "township"),
        ("region", "桥西区", "河北省/石家庄市/桥西区"),
        ("region", "亚特兰蒂斯", "gazetteer"),
        ("year", "2203", "2000"),
        ("year", "去年", "2000"),
        ("body", "说明", "full"),
        ("body", "", "full"),
    ],
)
def test_a_mistake_is_answered_with_what_to_write(field: str, written: str, answer: str) -> None:
    with pytest.raises(CorrectionError, match=answer):
        request(field, written)


def test_a_quote_must_stand_in_the_text() -> None:
    with pytest.raises(CorrectionError, match="doesn't hold"):
        request("figure", "review_total=2", quote="复议2件")


def test_a_correction_without_a_reason_is_refused() -> None:
    with pytest.raises(CorrectionError, match="the reason must not be empty"):
        request_correction(read(), CorrectedField.YEAR, "2022", why=" ", made_by="张三", today=date(2026, 5, 4))


def test_a_metric_may_be_called_by_its_chinese_name() -> None:
    assert request("figure", "新收政府信息公开申请=1,234").value == "1234"


def test_a_correction_of_another_reading_holds_and_says_so() -> None:
    made = request("figure", "applications_new=5")
    again = read(TEXT.replace("申请3件", "申请4件"))
    (sentence,) = outdated(again, [made])
    assert "读到的是3" in sentence
    assert "现在读到的是4" in sentence
    mended = corrected(again, [made])
    assert settled(mended, "applications_new")[0] == 5
    assert any("现在读到的是4" in (figure.note or "") for figure in mended.figures)


def test_a_quote_that_has_gone_leaves_the_figure_as_it_was_read() -> None:
    made = request("figure", "review_total=5", quote="来人索要材料五份")
    again = read(TEXT.replace("来人索要材料五份", "来访"))
    assert corrected(again, [made]).figures == again.figures
    assert "未生效" in outdated(again, [made])[0]


@given(st.lists(st.sampled_from(["year", "body", "kind", "region", "figure"]), max_size=6), st.data())
@settings(max_examples=25, deadline=None)
def test_any_corrections_keep_every_place_and_every_reading(fields: list[str], data: st.DataObject) -> None:
    values = {
        "year": ["2021", "2024"],
        "body": ["石家庄市桥西区财政局"],
        "kind": [kind.value for kind in Kind],
        "region": ["河北省", "河北省/邢台市"],
        "figure": ["applications_new=9", "proactive_total=", "training_sessions=1"],
    }
    contents = read()
    made = []
    for number, field in enumerate(fields, 1):
        written = data.draw(st.sampled_from(values[field]))
        one = request(field, written, contents=contents)
        made.append(Correction(number, *(getattr(one, name) for name in Correction.__slots__[1:])))
    mended = corrected(contents, made)
    assert mended.text == contents.text
    assert [f.value for f in mended.figures if f.origin is not Origin.CORRECTED] == [f.value for f in contents.figures]
    assert {figure.body_id for figure in mended.figures} <= {mended.body.body_id}
    assert mended.report.body_id == mended.body.body_id
    assert corrected(contents, made) == mended


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_number_is_kept_to_the_last_digit(value: Decimal) -> None:
    assert number_of(f"{value:f}") == value
    assert number_of(f"{value:,f}") == value


def test_a_quote_is_found_though_its_lines_are_broken() -> None:
    span = find_quote("收到申请\n 3 件。", "申请3件")
    assert span == Span(2, 9)
    assert find_quote("甲乙", " ") is None
