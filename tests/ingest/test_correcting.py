"""Corrections of what an index holds: all of them or none, and none that says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ingest.correcting import correct, undo, warnings
from ingest.pipeline import ingest
from vectorstore.errors import CorrectionError, IndexBusyError
from vectorstore.index import Index
from vectorstore.records import CorrectedField

TEXT = """栖澜县柳河镇人民政府2023年政府信息公开工作年度报告

一、总体情况
2023年，我镇收到政府信息公开申请3件。本年新收申请共9件。
二、其他
没有其他需要报告的事项。
"""
TODAY = date(2026, 5, 4)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """One report."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "a.txt").write_text(TEXT, encoding="utf-8")
    with Index.open(tmp_path / "index", create=True) as index:
        ingest([tmp_path / "reports"], index)
        yield index


def only(index: Index) -> str:
    (report,) = index.reports()
    return report.report_id


def test_of_several_corrections_all_are_kept_or_none(index: Index) -> None:
    wanted = {CorrectedField.YEAR: "2022", CorrectedField.KIND: "bureau"}
    with pytest.raises(CorrectionError):
        correct(index, only(index), wanted, why="试", made_by="张三", today=TODAY)
    assert index.corrections() == []
    assert index.report(only(index)).year == 2023
    wanted[CorrectedField.KIND] = "zone"
    made = correct(index, only(index), wanted, why="试", made_by="张三", today=TODAY)
    assert [(c.number, c.field.value, c.made_on) for c in made] == [
        (1, "year", "2026-05-04"),
        (2, "kind", "2026-05-04"),
    ]
    assert index.report(only(index)).year == 2022


def test_a_contradiction_may_be_settled_with_a_value_that_was_read(index: Index) -> None:
    (before,) = index.figures(metric_ids=["applications_new"])
    assert before.state.value == "conflicting"
    correct(index, only(index), {CorrectedField.FIGURE: "applications_new=3"}, why="试", made_by="张三", today=TODAY)
    (after,) = index.figures(metric_ids=["applications_new"])
    assert (after.value, after.state.value) == (3, "stated")


def test_a_kind_named_with_its_body_is_kept_though_it_is_as_before(index: Index) -> None:
    wanted = {CorrectedField.BODY: "栖澜县财政局", CorrectedField.KIND: "township"}
    correct(index, only(index), wanted, why="试", made_by="张三", today=TODAY)
    assert index.report(only(index)).kind.value == "township"


def test_what_is_there_already_is_no_correction(index: Index) -> None:
    with pytest.raises(CorrectionError) as refused:
        correct(index, only(index), {CorrectedField.YEAR: "2023"}, why="试", made_by="张三", today=TODAY)
    assert (refused.value.about, refused.value.reason) == ("value", "same_as_read")


def test_undoing_what_there_is_not_is_an_error(index: Index) -> None:
    with pytest.raises(CorrectionError, match="no correction 7"):
        undo(index, 7)


def test_a_correction_of_a_report_that_has_gone_is_told(index: Index) -> None:
    correct(index, only(index), {CorrectedField.YEAR: "2022"}, why="试", made_by="张三", today=TODAY)
    with index.writing() as writer:
        writer.remove(only(index))
    (sentence,) = warnings(index, index.corrections())
    assert "现在不在索引中" in sentence


def test_nothing_is_corrected_while_another_writes(index: Index, tmp_path: Path) -> None:
    with Index.open(tmp_path / "index") as other, other.writing(), pytest.raises(IndexBusyError):
        correct(index, only(index), {CorrectedField.YEAR: "2022"}, why="试", made_by="张三", today=TODAY)
    assert index.corrections() == []
