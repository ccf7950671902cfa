"""``nianbao correct``: kept, shown, taken back, and the same after the files are read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import read, run

pytestmark = pytest.mark.integration

TEXT = """商河县水务局2023年政府信息公开工作年度报告

一、总体情况
（一）主动公开
2023年，我局主动公开政府信息40条。
（二）依申请公开
2023年，我局收到政府信息公开申请3件，均已办结。
（三）监督保障
因信息公开被申请行政复议的案件尚在统计。
"""


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("NIANBAO_INDEX", str(tmp_path / "index"))


@pytest.fixture
def report_id(tmp_path: Path) -> str:
    """The id of the one report in the index."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "a.txt").write_text(TEXT, encoding="utf-8")
    assert run("ingest", str(tmp_path / "reports")).exit_code == 0
    (report,) = read("reports")
    return str(report["report_id"])


def applications(year: int = 2023) -> dict[str, Any]:
    (figure,) = read("figures", "--metric", "applications_new", "--year", str(year))
    return dict(figure)


def test_a_corrected_figure_is_answered_with_its_correction(report_id: str) -> None:
    made = read("correct", report_id, "--figure", "applications_new=5", "--why", "与原件核对", "--by", "张三")
    assert [(c["number"], c["value"], c["former"], c["by"]) for c in made] == [(1, "5", "3", "张三")]
    figure = applications()
    assert (figure["value"], figure["origin"]) == (5, "corrected")
    assert any("由张三于" in (citation["note"] or "") for citation in figure["citations"])
    answer = json.loads(run("ask", "商河县水务局2023年收到几件申请", "--json").stdout)
    assert answer["value"] == 5
    assert any("由张三于" in warning for warning in answer["warnings"])


def test_a_sum_says_what_of_it_was_corrected(report_id: str) -> None:
    read("correct", report_id, "--figure", "applications_new=5", "--why", "与原件核对", "--by", "张三")
    answer = json.loads(run("ask", "2023年一共收到多少件申请", "--json").stdout)
    assert answer["value"] == 5
    assert any("由张三于" in warning for warning in answer["warnings"])
    assert "corrected by hand" in run("figures", "--metric", "applications_new").stdout


def test_a_report_shows_its_corrections(report_id: str) -> None:
    read("correct", report_id, "--kind", "zone", "--why", "试")
    assert [c["field"] for c in read("report", report_id)["corrections"]] == ["kind"]
    assert "更正 机关类型" in run("report", report_id).stdout


def test_a_correction_survives_reading_again_and_the_loss_of_the_report(report_id: str, tmp_path: Path) -> None:
    read("correct", report_id, "--year", "2022", "--figure", "applications_new=5", "--why", "与原件核对")
    folder = tmp_path / "reports"
    assert run("remove", report_id).exit_code == 0
    assert "不在索引中" in run("correct", "--list").stdout
    assert run("ingest", str(folder)).exit_code == 0
    assert read("report", report_id)["year"] == 2022
    assert applications(2022)["value"] == 5


def test_a_correction_is_taken_back_without_a_trace(report_id: str) -> None:
    before = read("report", report_id), read("figures"), read("checks", "--all"), read("bodies")
    changes = ("--body", "商河县财政局", "--year", "2021", "--region", "济南市", "--figure", "applications_new=")
    made = read("correct", report_id, *changes, "--why", "试")
    assert len(made) == 4
    assert read("bodies")[0]["name"] == "商河县财政局"
    for correction in made:
        read("correct", "--undo", str(correction["number"]))
    assert (read("report", report_id), read("figures"), read("checks", "--all"), read("bodies")) == before
    assert read("correct", "--list") == []


def test_a_quote_is_what_is_cited(report_id: str) -> None:
    quote = "被申请行政复议的案件尚在统计"
    read("correct", report_id, "--figure", "review_total=1", "--quote", quote, "--why", "电话询问")
    (figure,) = read("figures", "--metric", "review_total")
    assert figure["citations"][0]["quote"] == quote


MISTAKES = [
    (("--figure", "aplications_new=5", "--why", "试"), 1, "applications_new"),
    (("--figure", "review_total=1", "--why", "试"), 1, "--quote"),
    (("--figure", "review_total=1", "--quote", "没有这句话", "--why", "试"), 1, "doesn't hold"),
    (("--kind", "bureau", "--why", "试"), 1, "department"),
    (("--region", "鼓楼区", "--why", "试"), 1, "江苏省/南京市/鼓楼区"),
    (("--year", "1023", "--why", "试"), 1, "2000"),
    (("--year", "2022", "--quote", "我局", "--why", "试"), 1, "--figure"),
    (("--year", "2022"), 2, "--why"),
    ((), 2, "--list"),
    (("--list", "--undo", "1"), 2, "--undo"),
    (("--undo", "7"), 1, "--list"),
]


def test_a_mistake_is_one_sentence_and_changes_nothing(report_id: str) -> None:
    before = read("figures")
    for arguments, code, says in MISTAKES:
        result = run("correct", *(() if "--undo" in arguments else (report_id,)), *arguments)
        assert result.exit_code == code, (arguments, result.output)
        assert says in result.output, arguments
    assert read("correct", "--list") == []
    assert read("figures") == before


def test_a_replaced_report_is_listed_only_when_asked(report_id: str, tmp_path: Path) -> None:
    from vectorstore.index import Index

    text = TEXT.replace("水务局", "林业局")
    (tmp_path / "reports" / "b.txt").write_text(text, encoding="utf-8")
    assert run("ingest", str(tmp_path / "reports")).exit_code == 0
    (other,) = (r["report_id"] for r in read("reports") if r["report_id"] != report_id)
    with Index.open(tmp_path / "index") as index, index.writing() as writer:
        writer.supersede(report_id, other)
    assert [r["report_id"] for r in read("reports")] == [other]
    assert {r["report_id"] for r in read("reports", "--all")} == {report_id, other}
    assert read("report", report_id)["superseded_by"] == other
    assert other in run("reports", "--all").stdout
