"""Correcting a report from its page: kept with its author, its effects told, errors beside their fields, undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from ingest.pipeline import ingest
from ui.texts import texts
from ui.web.reports.corrections_view import Correcting, render_corrections
from ui.web.site import Site
from vectorstore.errors import IndexBusyError, QuestionError
from vectorstore.index import Index

HOSTILE = '<script>window.pwned = 1</script>"><img src=x onerror=alert(1)>'
TEXT = """栖澜县柳河镇人民政府2023年政府信息公开工作年度报告

一、总体情况
（一）主动公开
2023年，我镇主动公开政府信息40条，其中网站30条，微信10条。
（二）依申请公开
2023年，我镇收到政府信息公开申请3件。
（三）监督保障
因信息公开被申请行政复议的案件尚在统计。
"""


class Corrected:
    """One report in an index of its own, and the page's calls."""

    def __init__(self, folder: Path) -> None:
        (folder / "reports").mkdir()
        (folder / "reports" / "a.txt").write_text(TEXT, encoding="utf-8")
        with Index.open(folder / "index", create=True) as index:
            ingest([folder / "reports"], index)
        self.folder = folder / "index"
        self.assistant = Assistant.open(self.folder)
        self.site = Site(self.assistant)
        self.calls = Correcting(self.site)
        (self.report,) = self.assistant.index.reports()

    def correct(self, **request: Any) -> dict[str, Any]:
        given = {"lang": "zh", "id": self.report.report_id, "why": "与原件核对", "made_by": "张三"}
        return self.calls.correct(given | request)

    def figure(self, value: str, metric: str = "applications_new", **request: Any) -> dict[str, Any]:
        return self.correct(field="figure", metric=metric, value=value, **request)

    def undo(self, number: Any) -> dict[str, Any]:
        return self.calls.undo_correction({"lang": "zh", "id": self.report.report_id, "number": number})

    def value(self, metric: str) -> Any:
        found = self.assistant.index.figures(metric_ids=[metric])
        return found[0].value if found else "silent"

    @property
    def html(self) -> str:
        report = self.assistant.index.report(self.report.report_id)
        return render_corrections(self.site, report, texts("zh"))


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Corrected]:
    """A report of its own for each test."""
    made = Corrected(tmp_path)
    yield made
    made.assistant.close()


def test_a_corrected_figure_is_answered_listed_and_taken_back(page: Corrected) -> None:
    before = page.assistant.index.fingerprint
    reply = page.figure("5")
    assert "problem" not in reply
    assert reply["said"] == "已更正：新收政府信息公开申请为5。"
    assert page.value("applications_new") == 5
    # What was worked out before must not be given again.
    assert page.assistant.index.fingerprint != before
    assert "新收政府信息公开申请：3 件 → 5 件" in reply["html"]
    assert "张三" in page.html
    assert "与原件核对" in page.html
    undone = page.undo(1)
    assert "已撤销" in undone["said"]
    assert page.value("applications_new") == 3
    assert page.assistant.index.corrections() == []


def test_the_checks_that_change_with_it_are_told(page: Corrected) -> None:
    reply = page.figure("35", "proactive_website")
    assert "相符 → 不符" in reply["html"]


def test_what_nobody_read_needs_the_words_that_state_it(page: Corrected) -> None:
    refused = page.figure("1", "review_total")
    assert refused["about"] == "quote"
    assert "选中写明它的句子" in refused["problem"]
    assert page.figure("1", "review_total", quote="没有这样的话")["about"] == "quote"
    assert "problem" not in page.figure("1", "review_total", quote="被申请行政复议的案件尚在统计")
    assert page.value("review_total") == 1


def test_a_figure_may_be_declared_unreadable(page: Corrected) -> None:
    assert "problem" not in page.figure("", unreadable=True)
    assert page.value("applications_new") is None


@pytest.mark.parametrize(
    ("request_", "about", "says"),
    [
        ({"field": "figure", "metric": "applications_new", "value": "-3"}, "value", "不会小于0"),
        ({"field": "figure", "metric": "applications_new", "value": "2.5"}, "value", "应是整数"),
        ({"field": "figure", "metric": "applications_new", "value": "很多"}, "value", "不是一个数"),
        ({"field": "figure", "metric": "applications_new", "value": "3"}, "value", "不用更正"),
        ({"field": "figure", "metric": "applications_new", "value": ""}, "value", "请填写"),
        ({"field": "figure", "metric": "nothing", "value": "3"}, "metric", "没有这项数据"),
        ({"field": "figure", "metric": "", "value": "3"}, "metric", "从列表中选择"),
        ({"field": "figure", "metric": ["x"], "value": {"a": 1}}, "metric", "从列表中选择"),
        ({"field": "year", "value": "1023"}, "value", "2000"),
        ({"field": "year", "value": "2023"}, "value", "不用更正"),
        ({"field": "kind", "value": "bureau"}, "value", "类型"),
        ({"field": "kind", "value": "township"}, "value", "不用更正"),
        ({"field": "region", "value": "鼓楼区"}, "value", "江苏省/南京市/鼓楼区"),
        ({"field": "region", "value": "亚特兰蒂斯"}, "value", "地名表"),
        ({"field": "body", "value": "说明"}, "value", "全称"),
        ({"field": "title", "value": "x"}, "field", "请选择"),
        ({"field": "year", "value": "2022", "why": " "}, "why", "理由"),
        ({"field": "year", "value": "2022", "made_by": ""}, "made_by", "署名"),
        ({"field": "year", "value": "2022", "why": "长" * 3000}, "why", "太长"),
    ],
)
def test_a_mistake_is_a_sentence_beside_its_field(
    page: Corrected, request_: dict[str, Any], about: str, says: str
) -> None:
    reply = page.correct(**request_)
    assert (reply.get("about"), says in reply.get("problem", "")) == (about, True), reply
    assert page.assistant.index.corrections() == []


def test_the_same_correction_twice_is_refused(page: Corrected) -> None:
    page.figure("5")
    assert page.figure("5")["problem"] == "更正1已经是这个内容了。"
    # Back to what was read is no repetition.
    assert "problem" not in page.figure("3")


def test_a_later_correction_replaces_an_earlier_one(page: Corrected) -> None:
    page.figure("5")
    page.figure("6")
    assert page.html.count("已被后来的更正取代") == 1
    page.undo(2)
    assert page.value("applications_new") == 5


def test_while_another_process_writes_nothing_is_saved_and_it_is_said(page: Corrected) -> None:
    with Index.open(page.folder) as other, other.writing(), pytest.raises(IndexBusyError):
        page.figure("5")
    assert page.value("applications_new") == 3
    assert "problem" not in page.figure("5")


def test_a_correction_that_no_longer_fits_is_told(page: Corrected, tmp_path: Path) -> None:
    page.figure("1", "review_total", quote="被申请行政复议的案件尚在统计")
    (tmp_path / "reports" / "a.txt").write_text(TEXT.replace("的案件尚在统计", "的情况另行通报"), encoding="utf-8")
    ingest([tmp_path / "reports"], page.assistant.index)
    (report,) = page.assistant.index.reports()
    html = render_corrections(page.site, report, texts("zh"))
    assert "没有生效" in html


def test_other_fields_are_corrected_and_shown(page: Corrected) -> None:
    page.correct(field="body", value="栖澜县松岭镇人民政府")
    page.correct(field="year", value="2022")
    page.correct(field="kind", value="zone")
    (report,) = page.assistant.index.reports()
    assert (report.body, report.year, report.kind.value) == ("栖澜县松岭镇人民政府", 2022, "zone")
    assert "开发区" in page.html


def test_what_a_person_writes_is_shown_as_text(page: Corrected) -> None:
    reply = page.figure("5", why=HOSTILE, made_by=HOSTILE)
    for html in (reply["html"], page.html):
        assert "<script" not in html
        assert "<img" not in html
        assert "&lt;script&gt;" in html


def test_metrics_are_suggested_with_what_is_known_of_them(page: Corrected) -> None:
    found = page.calls.figures_to_correct({"lang": "zh", "id": page.report.report_id, "q": "新收"})
    assert (found[0]["metric"], found[0]["now"], found[0]["needs_quote"]) == ("applications_new", "3 件", False)
    (reviews, *_) = page.calls.figures_to_correct({"lang": "en", "id": page.report.report_id, "q": "review_total"})
    assert (reviews["metric"], reviews["needs_quote"]) == ("review_total", True)
    assert page.calls.figures_to_correct({"lang": "zh", "id": page.report.report_id, "q": HOSTILE}) == []


def test_what_is_not_there_cannot_be_corrected_or_undone(page: Corrected) -> None:
    for number in (7, "1", None, True, -1, [1]):
        assert "没有更正" in page.undo(number)["problem"]
    for report_id in ("x", "", None, page.report.report_id[:6]):
        with pytest.raises(QuestionError):
            page.calls.correct({"lang": "zh", "id": report_id, "field": "year", "value": "2022"})
