"""Downloads, as a browser asks for them; what is copied; and files that the command line writes."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typer.testing import CliRunner

from assistant.export.document import Column, ExportTable
from assistant.export.formats import ExportError
from ui.cli import app
from ui.texts import texts
from ui.web import downloads
from ui.web.asked import Asked
from ui.web.site import Site
from vectorstore.errors import NianbaoError, OutdatedAnswerError

TRUTH = Path(__file__).parents[3] / "samples" / "truth.jsonl"
QUESTION = "哪些开发区2023年没有收到申请？"


@pytest.fixture(scope="module")
def site(samples_index: Path) -> Iterator[Site]:
    from assistant.assistant import Assistant

    with Assistant.open(samples_index) as assistant:
        yield Site(assistant)


@pytest.fixture(scope="module")
def client(site: Site) -> TestClient:
    return TestClient(Starlette(routes=downloads.routes(site)))


def _get(client: TestClient, extension: str, asked: Asked | None = None, lang: str = "zh", **query: str) -> Any:
    token = (asked or Asked(QUESTION)).token
    return client.get(f"/nb/answer.{extension}", params={"a": token, "lang": lang} | query)


def test_every_offered_format_is_downloaded_under_the_questions_name(client: TestClient) -> None:
    types = {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "md": "text/markdown; charset=utf-8",
        "txt": "text/plain; charset=utf-8",
        "bib": "application/x-bibtex; charset=utf-8",
        "ris": "application/x-research-info-systems; charset=utf-8",
        "csl.json": "application/vnd.citationstyles.csl+json; charset=utf-8",
    }
    assert set(downloads.ANSWER_FORMATS) == set(types)
    for extension, media_type in types.items():
        response = _get(client, extension)
        assert (response.status_code, response.headers["content-type"]) == (200, media_type)
        assert response.headers["cache-control"] == "no-store"
        disposition = response.headers["content-disposition"]
        assert disposition.startswith(f"attachment; filename=\"nianbao.{extension}\"; filename*=UTF-8''")
        assert unquote(disposition.rpartition("''")[2]) == f"哪些开发区2023年没有收到申请？.{extension}"


def test_the_csv_lists_the_silent_zones_that_the_generator_made(client: TestClient, silent_zones: list[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(_get(client, "csv").content.decode("utf-8-sig"), newline="")))
    assert sorted(row["单位"] for row in rows) == sorted(silent_zones)
    assert {row["数值"] for row in rows} == {"0"}
    assert all(row["依据"] and "“" in row["原文"] for row in rows)


def test_two_downloads_of_an_answer_are_equal(client: TestClient) -> None:
    assert _get(client, "docx").content == _get(client, "docx").content
    assert zipfile.is_zipfile(io.BytesIO(_get(client, "xlsx").content))


@pytest.mark.parametrize(("lang", "words"), [("zh", "不能下载为.pdf文件"), ("en", "There is no download as .pdf")])
def test_another_format_is_refused_in_the_pages_language(client: TestClient, lang: str, words: str) -> None:
    response = _get(client, "pdf", lang=lang)
    assert response.status_code == 404
    assert response.text.startswith(words)


@pytest.mark.parametrize("token", ["", "nonsense", "é", "eJw"])
def test_a_damaged_link_is_told_in_a_sentence(client: TestClient, token: str) -> None:
    response = _get(client, "csv", a=token)
    assert (response.status_code, response.text) == (400, "这个下载链接无法读取，请重新提问后再下载。")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OutdatedAnswerError("gone"), 409, "提问之后索引有了变化"),
        (NianbaoError("The disk is full."), 500, "文件没有生成：The disk is full."),
        (ExportError("no"), 404, "不能下载为"),
        (RuntimeError("not on purpose"), 500, "出了意外的错误"),
    ],
)
def test_every_error_is_a_sentence(error: Exception, status: int, words: str) -> None:
    from starlette.routing import Route

    def fail(request: object, words: object) -> Any:
        raise error

    route = Route("/file.{extension}", downloads.answering(fail))
    response = TestClient(Starlette(routes=[route])).get("/file.csv?lang=zh")
    assert response.status_code == status
    assert response.text.startswith(words)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ('a/b\\c:d*e?f"g<h>i|j\r\nk', "a b c d e f g h i j k"),
        ("..", "nianbao"),
        ("  ", "nianbao"),
        ("../../etc/passwd", "etc passwd"),
        ("报告\u202egnp.exe", "报告gnp.exe"),
        ("申" * 300, "申" * 60),
        ("\ud800", "nianbao"),
    ],
)
def test_a_file_name_is_one_that_every_system_takes(name: str, expected: str) -> None:
    assert downloads.file_name(name) == expected
    assert unquote(downloads.disposition(name, "csv").rpartition("''")[2]) == f"{expected}.csv"


def test_any_table_can_be_downloaded() -> None:
    response = downloads.respond(ExportTable("数据", (Column("数值", "number"),), [(0,), (None,)]), "csv", "数据 2023")
    assert response.body == '\ufeff数值\r\n0\r\n""\r\n'.encode()
    assert response.headers["content-disposition"].endswith("''%E6%95%B0%E6%8D%AE%202023.csv")
    with pytest.raises(ExportError):
        downloads.respond(ExportTable("", (), ()), "exe", "x")


def test_what_is_copied_has_the_answer_and_its_references(site: Site) -> None:
    copied = downloads.copied(site, Asked(QUESTION), texts("zh"))
    answer = site.answers.answer(Asked(QUESTION))
    assert copied["text"].startswith(answer.text)
    assert "\n参考文献\n[1]" in copied["text"]
    assert "[R]. [出版地不详]: " in copied["text"]
    assert copied["html"].count("<tr>") == len(answer.rows) + 1


def test_the_address_of_a_download_leads_to_it(client: TestClient) -> None:
    from html import unescape

    address = downloads.answer_address(Asked("2023年有多少件申请？"), "txt", texts("en"))
    assert address.startswith("nb/answer.txt?a=")
    assert client.get("/" + unescape(address)).status_code == 200


def _ask(index: Path, *arguments: str) -> Any:
    return CliRunner().invoke(app, ["ask", QUESTION, "--index", str(index), *arguments])


def test_the_command_writes_a_file_by_its_ending(samples_index: Path, tmp_path: Path, silent_zones: list[str]) -> None:
    file = tmp_path / "回答.CSV"
    result = _ask(samples_index, "--output", str(file))
    assert result.exit_code == 0
    assert str(file) in result.output
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
    assert sorted(row["单位"] for row in rows) == sorted(silent_zones)


def test_the_command_refuses_an_ending_that_it_cant_write(samples_index: Path, tmp_path: Path) -> None:
    result = _ask(samples_index, "--output", str(tmp_path / "a.pdf"))
    assert result.exit_code == 2
    assert ".docx" in result.output
    assert _ask(samples_index, "--output", str(tmp_path / "a"), "--json").exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_where_it_could_not_write(samples_index: Path, tmp_path: Path) -> None:
    result = _ask(samples_index, "--output", str(tmp_path / "none" / "a.csv"))
    assert result.exit_code != 0
    assert "could not be written" in result.stderr


def test_figures_are_written_with_what_is_unknown_of_them(samples_index: Path, tmp_path: Path) -> None:
    file = tmp_path / "figures.csv"
    arguments = ["figures", "--metric", "applications_new", "--year", "2023", "--index", str(samples_index)]
    assert CliRunner().invoke(app, [*arguments, "--output", str(file)]).exit_code == 0
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
    values = {row[0]: row[5] for row in rows[1:]}
    truth = [json.loads(line) for line in TRUTH.read_text(encoding="utf-8").splitlines()]
    expected = {one["body"][0]: one["figures"].get("applications_new") for one in truth if one["year"] == 2023}
    stated = {body: str(value) for body, value in expected.items() if isinstance(value, int)}
    assert len(stated) > 5
    assert {body: values[body] for body in stated} == stated
    assert CliRunner().invoke(app, [*arguments, "--csv", "--output", str(file)]).exit_code == 2


def test_reports_are_written_with_their_references(samples_index: Path, tmp_path: Path) -> None:
    file = tmp_path / "reports.csv"
    arguments = ["reports", "--year", "2023", "--index", str(samples_index), "--output"]
    assert CliRunner().invoke(app, [*arguments, str(file)]).exit_code == 0
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
    assert len(rows) > 5
    assert all("[R]. [出版地不详]: " in row[6] for row in rows[1:])
    assert CliRunner().invoke(app, [*arguments, str(tmp_path / "reports.pdf")]).exit_code == 2
