from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest.files import readers
from ingest.structure.recognition import is_report
from ingest.text.flattened_text import read_flattened_text
from vectorstore.errors import NotAReportError, ReadError

BODY = "\n一、总体情况\n我镇主动公开信息30条，收到政府信息公开申请2件。\n五、存在的主要问题及改进情况\n人手不足。\n"


def recognised(text: str) -> bool:
    return is_report(read_flattened_text(text.encode("utf-8"), "a.txt"))


@pytest.mark.parametrize(
    "title",
    [
        "白石镇2023年政府信息公开工作年度报告",
        "白石镇2023年度政府信息公开工作年度报告",
        "白石镇政府信息公开年报",
        "白石镇2015年信息公开年度报告",
        "白石镇2016年政务信息公开年报",
        "白石镇2012年政府信息公开工作报告",
        "白石镇关于2014年政府信息公开工作情况的报告",
        "白石镇2017年政务公开工作总结",
        "白石镇2023年政府信息\n公开工作年度报告",
        "白石鎮2023年政府信息公開工作年度報告",
    ],
)
def test_titles_of_every_kind_are_recognised(title: str) -> None:
    assert recognised(title + BODY)


def test_a_report_without_its_title_is_recognised_by_its_sections(forms: Any) -> None:
    assert recognised(forms.report_text().split("\n", 2)[2])


@pytest.mark.parametrize(
    "text",
    [
        "今天天气很好，我们去公园。",
        "云溪县白石镇2023年政府工作报告\n一年来，全镇经济平稳增长。存在的主要问题：基础薄弱。",
        "云溪股份有限公司2023年年度报告\n主要财务指标如下。存在的问题与改进。",
        "白石镇2023年财政预算公开情况\n收入12万元。",
        "云溪县关于做好2023年政府信息公开工作年度报告编制工作的通知\n各镇：请总结主动公开情况、依申请公开情况和存在的问题。",
        "云溪县政府信息公开指南\n申请人可以提出政府信息公开申请。本机关依据政府信息公开条例受理。",
        "中华人民共和国政府信息公开条例\n第一章总则\n第二条本条例所称政府信息。收到政府信息公开申请的，应当答复。行政复议或者行政诉讼。",
    ],
)
def test_other_texts_are_not_recognised(text: str) -> None:
    assert not recognised(text)


def test_a_report_is_read_from_its_file(tmp_path: Path, forms: Any) -> None:
    path = tmp_path / "a.TXT"
    path.write_text(forms.report_text(), encoding="gb18030")
    document = readers.read(path, "in/a.TXT")
    assert (document.source, document.text) == ("in/a.TXT", forms.report_text())


def test_a_file_that_is_no_report_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("今天天气很好。", encoding="utf-8")
    with pytest.raises(NotAReportError, match=r"^a\.txt is no annual report[^\n]+$"):
        readers.read(path, "a.txt")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.xyz", b"x", r"\.xyz.*\.md, .*\.txt"),
        ("a", b"x", "no extension"),
        ("a.txt", b"", "empty"),
        ("a.txt", b"%PDF-1.7 ...", "PDF"),
        ("a.txt", b"PK\x05\x06" + bytes(18), "zip archive"),
        ("a.docx", b"PK\x03\x04...", "damaged or incomplete"),
        ("a.xlsx", b"PK\x03\x04...", "damaged or incomplete"),
        ("a.pdf", b"\x00\x01\x02\x03", "isn't a PDF file"),
        ("a.docx", b"  ", "empty"),
        ("a.docx", b"not a docx", "though it is called so"),
        ("a.pdf", "今天天气很好。".encode(), "isn't a PDF file"),
        ("a.txt", b"\x00\x01\x02\x03", "not readable text"),
    ],
)
def test_each_problem_is_one_line_that_names_the_file(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReadError, match=reason) as caught:
        readers.read(path, name)
    assert str(caught.value).startswith(f"{name} ") and "\n" not in str(caught.value)


def test_a_file_too_large_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("the file was opened"))
    with pytest.raises(ReadError, match="MB"):
        readers.read(path, "a.txt")


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="cannot be opened"):
        readers.read(tmp_path / "none.txt", "none.txt")


def test_the_real_reports_are_recognised(shared: Any) -> None:
    for path in sorted((shared / "reports").glob("*.txt")):
        readers.read(path, path.name)
