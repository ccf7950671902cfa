"""The command line, over the bundled samples where it needs an index."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from samples.generator import generate
from ui import question_commands
from ui.cli import COMMANDS, app

pytestmark = pytest.mark.integration
QUESTION = "哪些开发区2023年没有收到政府信息公开申请？"


@pytest.fixture(autouse=True)
def _english_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "NIANBAO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


def run(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


def read(*arguments: str | Path, stdin: str | None = None) -> Any:
    """The JSON that a command prints."""
    result = run(*arguments, stdin=stdin)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def folder(samples: Path, tmp_path: Path) -> Path:
    """A folder with two sample reports."""
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in ("economic-zone-2023.txt", "lake-resort-2023.txt"):
        shutil.copy(samples / name, folder)
    return folder


# --- asking


def test_a_question_is_answered_with_its_evidence(samples_index: Path, silent_zones: list[str]) -> None:
    result = run("ask", QUESTION, "--index", samples_index)
    assert result.exit_code == 0
    for zone in silent_zones:
        assert zone in result.stdout
    assert "[1] " in result.stdout


def test_ask_prints_the_answer_contract_as_json(samples_index: Path, silent_zones: list[str]) -> None:
    answer = read("ask", QUESTION, "--json", "--index", samples_index)
    assert answer["value"] == len(silent_zones)
    assert sorted(row["body"] for row in answer["rows"]) == sorted(silent_zones)
    assert {"question", "status", "text", "citations", "coverage", "plan", "corpus"} <= answer.keys()


def test_every_quote_is_the_printed_text_at_its_offsets(samples_index: Path) -> None:
    answer = read("ask", QUESTION, "--json", "--index", samples_index)
    for citation in answer["citations"]:
        printed = run("report", citation["report_id"], "--text", "--index", samples_index).stdout_bytes.decode()
        assert printed[citation["start"] : citation["end"]] == citation["quote"]


def test_last_year_counts_from_the_date_given(samples_index: Path, silent_zones: list[str]) -> None:
    answer = read("ask", "哪些开发区去年没有收到申请", "--today", "2024-05-01", "--json", "--index", samples_index)
    assert sorted(row["body"] for row in answer["rows"]) == sorted(silent_zones)


def test_a_batch_gives_one_answer_a_line(samples_index: Path, tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    follow_up = json.dumps({"question": "那2022年呢", "history": [QUESTION]}, ensure_ascii=False)
    batch.write_text(f"{QUESTION}\n{follow_up}\n\n", encoding="utf-8")
    result = run("ask", "--batch", batch, "--json", "--index", samples_index)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["question"] for answer in answers] == [QUESTION, "那2022年呢"]
    assert {row["year"] for row in answers[1]["rows"]} == {2022}


def test_a_batch_can_come_from_standard_input(samples_index: Path) -> None:
    result = run("ask", "--batch", "-", "--json", "--index", samples_index, stdin=QUESTION + "\n")
    assert json.loads(result.stdout)["question"] == QUESTION


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"question": ', "valid JSON"),
        ('{"history": []}', 'no "question"'),
        ('{"question": "a", "history": "b"}', "history"),
        ("", "empty"),
    ],
)
def test_a_bad_line_of_a_batch_is_wrong_usage_and_named(tmp_path: Path, line: str, says: str) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text(f"好问题\n{line}\n又一个\n", encoding="utf-8")
    result = run("ask", "--batch", batch, "--json", "--index", tmp_path)
    assert result.exit_code == 2
    assert "Line 2" in result.stderr
    assert says in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [["ask"], ["ask", "q", "--batch", "f"], ["ask", "--batch", "/no/such/file"], ["ask", "q", "--today", "tomorrow"],
     ["figures", "--json", "--csv"], ["figures", "--metric", "no_such_metric"], ["reports", "--kind", "zoo"],
     ["report", "x", "--json", "--text"], ["nonsense"]],
)  # fmt: skip
def test_wrong_usage_exits_with_two(arguments: list[str], tmp_path: Path) -> None:
    assert run(*arguments, *(["--index", tmp_path] if arguments != ["nonsense"] else [])).exit_code == 2


def test_markers_survive_on_a_terminal(assistant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rich takes [1] for markup unless it is told not to."""
    from ui import printing

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(printing.sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "120")
    printing.print_answer(assistant.ask("2023年各单位收到多少件申请？"))
    table = terminal.getvalue()
    assert "[2][3]" in table
    assert "153 / 9" in table


def test_a_row_names_its_body_once() -> None:
    from assistant.answer import Row
    from ui.printing import row_name

    assert row_name(Row(report_id=None, body="青川开发区")) == "青川开发区"
    assert row_name(Row(report_id=None, body="青川开发区", label="予以公开")) == "青川开发区 予以公开"
    assert row_name(Row(report_id=None, body="青川开发区", label="青川开发区 × 予以公开")) == "青川开发区 × 予以公开"


def test_readings_and_warnings_are_printed(assistant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    monkeypatch.setattr(question_commands, "open_assistant", lambda *_: nullcontext(assistant))
    assert "- 2023年开发区收到多少件申请？" in run("ask", "开发区的申请数").stdout
    assert "注意：松岭工业园区的报告没有提到申请数量。" in run("ask", "2023年各单位收到多少件申请？").stdout
    refused = run("ask", "太长")
    assert (refused.exit_code, refused.stderr) == (2, "这个问题太长了，请缩短后再问。\n")


# --- showing


def test_reports_are_listed_as_json(samples_index: Path) -> None:
    reports = read("reports", "--kind", "zone", "--year", "2023", "--json", "--index", samples_index)
    assert {report["kind"] for report in reports} == {"zone"}
    assert {report["year"] for report in reports} == {2023}
    assert all(report["source"].endswith("-2023.txt") and report["sources"] for report in reports)
    assert {"report_id", "title", "body", "region", "issued_on", "period", "tables", "pictures"} <= reports[0].keys()


def test_figures_are_listed_with_the_characters_that_state_them(samples_index: Path) -> None:
    figures = read("figures", "--metric", "applications_new", "--json", "--index", samples_index)
    assert figures
    for figure in figures:
        text = run("report", figure["report_id"], "--text", "--index", samples_index).stdout_bytes.decode()
        assert figure["citations"]
        for citation in figure["citations"]:
            assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_an_unknown_value_is_null_in_json_and_empty_in_csv(samples_index: Path) -> None:
    options = ["figures", "--year", "2023", "--kind", "zone", "--index", samples_index]
    unknown = [figure for figure in read(*options, "--json") if figure["value"] is None]
    assert unknown
    assert {figure["state"] for figure in unknown} <= {"blank", "not_applicable", "unreadable", "conflicting"}
    rows = list(csv.DictReader(io.StringIO(run(*options, "--csv").stdout)))
    assert sum(row["value"] == "" for row in rows) == len(unknown)


def test_a_table_in_a_pipe_is_one_line_a_row(samples_index: Path) -> None:
    lines = run("reports", "--year", "2023", "--index", samples_index).stdout.splitlines()
    assert len(lines) == 1 + len(read("reports", "--year", "2023", "--json", "--index", samples_index))
    assert {line.count("\t") for line in lines} == {5}


def test_a_reports_text_is_printed_exactly(samples_index: Path) -> None:
    from vectorstore.index import Index

    with Index.open(samples_index) as index:
        report = index.reports()[0]
        text = index.text(report.report_id)
    assert run("report", report.report_id[:12], "--text", "--index", samples_index).stdout_bytes == text.encode()


def test_bodies_checks_and_status_print_json(samples_index: Path) -> None:
    bodies = read("bodies", "--kind", "zone", "--json", "--index", samples_index)
    assert bodies and all(body["years"] for body in bodies)
    checks = read("checks", "--json", "--index", samples_index)
    assert all(check["holds"] is False for check in checks)
    status = read("status", "--json", "--index", samples_index)
    assert status["reports"] == len(read("reports", "--json", "--index", samples_index))
    assert {"passages", "model", "fingerprint", "problems", "years"} <= status.keys()
    for command in ("bodies", "checks", "status"):
        assert run(command, "--index", samples_index).exit_code == 0


def test_search_finds_passages_within_a_scope(samples_index: Path) -> None:
    hits = read("search", "规范性文件", "--year", "2023", "-k", "3", "--json", "--index", samples_index)
    assert 0 < len(hits) <= 3
    assert {hit["year"] for hit in hits} == {2023}


# --- keeping


def test_ingesting_again_reads_only_what_changed(folder: Path, samples: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    first = read("ingest", folder, "--index", index, "--json")
    assert (len(first["new"]), first["reports"]) == (2, 2)
    (folder / "lake-resort-2023.txt").unlink()
    shutil.copy(samples / "hightech-zone-2023.txt", folder)
    second = read("ingest", folder, "--index", index, "--json")
    assert second["unchanged"] == ["economic-zone-2023.txt"]
    assert second["new"] == ["hightech-zone-2023.txt"]
    assert second["removed"] == ["lake-resort-2023.txt"]
    assert "1 unchanged" in run("ingest", folder / "economic-zone-2023.txt", "--index", index).stdout


def test_an_unreadable_file_costs_one_line_and_exit_code_three(folder: Path, tmp_path: Path) -> None:
    (folder / "empty.txt").write_bytes(b"")
    result = run("ingest", folder, "--index", tmp_path / "index")
    assert result.exit_code == 3
    assert len(result.stderr.splitlines()) == 1
    assert "empty.txt" in result.stderr
    assert "2 new" in result.stdout
    assert "empty.txt" in run("status", "--index", tmp_path / "index").stdout


def test_nothing_readable_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "shopping.txt").write_text("牛奶\n面包\n", encoding="utf-8")
    assert run("ingest", tmp_path / "shopping.txt", "--index", tmp_path / "index").exit_code == 1


@pytest.mark.parametrize("what", ["missing", "empty"])
def test_a_folder_that_cannot_be_ingested_leaves_no_index_behind(tmp_path: Path, what: str) -> None:
    (tmp_path / "empty").mkdir()
    result = run("ingest", tmp_path / what, "--index", tmp_path / "index")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "index").exists()


def test_an_archive_and_a_manifest_are_ingested(folder: Path, tmp_path: Path) -> None:
    archive, manifest, index = tmp_path / "all.zip", tmp_path / "list.csv", tmp_path / "index"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in folder.iterdir():
            packed.write(path, path.name)
    manifest.write_text(
        "路径,网址,获取日期\nall.zip/economic-zone-2023.txt,https://a.example/1,2024-02-01\n", encoding="utf-8"
    )
    summary = read("ingest", archive, "--manifest", manifest, "--index", index, "--jobs", "1", "--json")
    assert summary["new"] == ["all.zip/economic-zone-2023.txt", "all.zip/lake-resort-2023.txt"]
    assert summary["unmatched"] == []
    records = {record["source"]: record for record in read("reports", "--index", index, "--json")}
    assert records["all.zip/economic-zone-2023.txt"]["url"] == "https://a.example/1"
    assert run("ingest", archive, "--index", index).exit_code == 0
    assert read("ingest", archive, "--index", index, "--json")["unchanged"] == summary["new"]


def test_a_row_without_a_file_is_a_line_and_exit_code_3(folder: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "list.csv"
    manifest.write_text("path\nnone.txt\n")
    result = run("ingest", folder, "--manifest", manifest, "--index", tmp_path / "index")
    assert result.exit_code == 3 and "row 2: no file none.txt" in result.stderr


def test_a_wrong_manifest_leaves_no_index_behind(folder: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "list.csv"
    manifest.write_text("path,year\na.txt,soon\n")
    result = run("ingest", folder, "--manifest", manifest, "--index", tmp_path / "index")
    assert result.exit_code == 1 and "row 2: soon is no year" in result.stderr and result.stderr.count("\n") == 1
    assert not (tmp_path / "index").exists()


def test_a_report_in_two_files_is_told(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "lake-resort-2023.txt", folder / "z.txt")
    result = run("ingest", folder, "--index", tmp_path / "index")
    assert re.search(r"^z\.txt is the same report as \w{16}", result.stdout, re.MULTILINE)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to see processes")
def test_an_interruption_leaves_a_sound_index_and_no_processes(tmp_path: Path) -> None:
    folder, index = tmp_path / "reports", tmp_path / "index"
    folder.mkdir()
    for report in generate(40, seed=3, formats=("html",)):
        (folder / report.file).write_bytes(report.data)
    command = [sys.executable, "-c", "from ui.cli import main; main()", "ingest", str(folder), "--index", str(index)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, preexec_fn=heed_interruptions
    ) as process:
        started = children_of(process.pid, least=2)
        os.kill(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130 and said.decode().count("\n") == 1 and "run the command again" in said.decode(), (
        said
    )
    # multiprocessing's own tracker of resources sees the end of its program a moment later.
    deadline = time.monotonic() + 20
    while left := [child for child in started if is_running(child)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)
    summary = read("ingest", folder, "--index", index, "--json", "--jobs", "2")
    assert summary["reports"] == 40 and summary["failed"] == []


def heed_interruptions() -> None:
    # Whoever starts the tests in the background has them ignore SIGINT, and every program that they start.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def children_of(pid: int, least: int) -> list[int]:
    """The processes that one has started, once there are so many."""
    for _ in range(600):
        children = [
            int(path.parent.name)
            for path in Path("/proc").glob("[0-9]*/stat")
            if (fields := stat_fields(path)) and int(fields[1]) == pid
        ]
        if len(children) >= least:
            return children
        time.sleep(0.05)
    raise AssertionError(f"{pid} has started no {least} processes")


def is_running(pid: int) -> bool:
    fields = stat_fields(Path(f"/proc/{pid}/stat"))
    return bool(fields) and fields[0] != "Z"


def stat_fields(path: Path) -> list[str]:
    try:
        return path.read_text().rpartition(")")[2].split()
    except OSError:
        return []


def test_a_removed_report_is_gone_until_its_file_is_ingested_again(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    run("ingest", folder, "--index", index)
    report = read("reports", "--json", "--index", index)[0]
    result = run("remove", report["report_id"][:10], "--index", index)
    assert report["title"] in result.stdout
    assert len(read("reports", "--json", "--index", index)) == 1
    assert len(read("ingest", folder, "--index", index, "--json")["new"]) == 1


def test_repair_brings_the_vectors_up_to_date(samples_index: Path) -> None:
    assert read("repair", "--json", "--index", samples_index) == {"embedded": 0}


# --- help and errors


@pytest.mark.parametrize(
    "arguments",
    [["ask", "q"], ["search", "q"], ["figures"], ["reports"], ["report", "x"], ["bodies"], ["checks"], ["status"],
     ["remove", "x"], ["repair"]],
)  # fmt: skip
def test_without_an_index_every_command_says_in_one_line_how_to_make_one(tmp_path: Path, arguments: list[str]) -> None:
    result = run(*arguments, "--index", tmp_path / "none")
    assert result.exit_code == 1
    assert re.fullmatch(r".*nianbao ingest.*\n", result.stderr)
    assert not (tmp_path / "none").exists()


def test_an_unknown_report_is_one_sentence(samples_index: Path) -> None:
    result = run("report", "zzzz", "--index", samples_index)
    assert result.exit_code == 1
    assert "nianbao reports" in result.stderr


@pytest.mark.parametrize("command", [name for name, _, _ in COMMANDS])
def test_every_command_has_help_with_an_example(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"Example: nianbao {command}" in " ".join(result.stdout.split())
