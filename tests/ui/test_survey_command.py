"""``nianbao survey``: what it takes is said, confirmed, and then done."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.language_server import LanguageServer, Reply
from ui.cli import app

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[2]
QUESTION = "2023年哪些报告提到编制短缺？"


def read(request: dict[str, Any]) -> str:
    """A model that says yes of every township, with the first sentence that has one of its own figures."""
    shown = str(request["messages"][1]["content"]).partition("<report>\n")[2]
    found = re.search(r"[^。\n]*全年[^。\n]*\d[^。\n]*。", shown) if "镇" in shown[:40] else None
    return json.dumps({"quote": found[0] if found else "", "verdict": "yes" if found else "no"}, ensure_ascii=False)


@pytest.fixture
def index(samples_index: Path, tmp_path: Path) -> Path:
    """The samples' index, where nothing was asked yet."""
    return Path(shutil.copytree(samples_index, tmp_path / "index"))


@pytest.fixture(autouse=True)
def _chinese_terminal(monkeypatch: pytest.MonkeyPatch, language_server: LanguageServer) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("NIANBAO_LLM", "openai:scripted")
    monkeypatch.setenv("NIANBAO_LLM_URL", language_server.url)
    monkeypatch.setenv("NIANBAO_LLM_RETRIES", "0")
    language_server.script(read)


def run(index: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["survey", QUESTION, "--index", str(index), *arguments])


def test_without_a_terminal_nothing_is_sent_unless_it_is_confirmed(
    index: Path, language_server: LanguageServer
) -> None:
    result = run(index)
    assert result.exit_code == 2
    assert "--yes" in result.stderr and "调用" in result.stderr and language_server.url in result.stderr
    assert result.stdout == ""
    assert not language_server.requests


def test_the_estimate_alone_sends_nothing(index: Path, language_server: LanguageServer) -> None:
    estimate = json.loads(run(index, "--estimate", "--json").stdout)
    assert estimate["calls"] == estimate["reports"] > 0 and estimate["tokens_in"] > 0
    assert "2023年" in run(index, "--estimate").stdout
    assert not language_server.requests


def test_the_result_is_the_answers_json_with_each_verdict(index: Path, language_server: LanguageServer) -> None:
    result = run(index, "--yes", "--json")
    assert result.exit_code == 0, result.stderr
    answer = json.loads(result.stdout)
    assert answer["value"] == len(answer["rows"]) > 0
    assert {row["kind"] for row in answer["rows"]} <= {"township", "subdistrict"}
    assert all(citation["quote"] for citation in answer["citations"])
    assert len(answer["survey"]["verdicts"]) == answer["coverage"]["in_scope"] == len(language_server.requests)
    assert answer["survey"]["model"] == "scripted"
    again = run(index, "--json")
    assert again.exit_code == 0 and "都问过了" in again.stderr
    assert json.loads(again.stdout)["rows"] == answer["rows"]
    assert len(language_server.requests) == len(answer["survey"]["verdicts"])


def test_a_table_has_a_line_for_each_report(index: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(index, "--yes", "--csv").stdout)))
    assert {row["outcome"] for row in rows} == {"yes", "no"}
    assert all(bool(row["quote"]) == (row["outcome"] == "yes") for row in rows)


def test_it_can_be_written_to_a_file(index: Path, tmp_path: Path) -> None:
    output = tmp_path / "result.md"
    assert run(index, "--yes", "--output", str(output)).exit_code == 0
    assert "语言模型scripted" in output.read_text(encoding="utf-8")
    assert run(index, "--yes", "--json", "--csv").exit_code == 2


def test_what_could_not_all_be_read_exits_with_3(index: Path, language_server: LanguageServer) -> None:
    result = run(index, "--yes", "--most-tokens", "8000")
    assert result.exit_code == 3
    assert "限定的token数" in result.stdout
    language_server.script(Reply("no", status=401))
    result = run(index, "--yes", "--fresh")
    assert result.exit_code == 3
    assert "不接受密钥" in result.stdout


def test_without_a_model_it_is_the_built_in_answer(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NIANBAO_LLM")
    result = run(index, "--json")
    assert result.exit_code == 0
    assert "没有配置语言模型" in result.stderr
    assert json.loads(result.stdout)["survey"]["verdicts"] == []


def test_on_a_terminal_it_asks_shows_how_far_it_is_and_stops_at_ctrl_c(
    index: Path, language_server: LanguageServer
) -> None:
    language_server.script(lambda request: Reply(read(request), delay=30.0 if len(language_server.requests) > 4 else 0))
    pty = pytest.importorskip("pty", reason="there are no such terminals on this system")
    main, terminal = pty.openpty()
    command = [sys.executable, "-c", "from ui.cli import main; main()", "survey", QUESTION, "--index", str(index)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    said, has_agreed, has_stopped, until = b"", False, False, time.monotonic() + 60
    while time.monotonic() < until:
        if select.select([main], [], [], 0.2)[0]:
            try:
                said += os.read(main, 4096)
            except OSError:
                break
        elif process.poll() is not None:
            break
        if not has_agreed and "开始吗".encode() in said:
            os.write(main, b"y\n")
            has_agreed = True
        if not has_stopped and b"4/" in said.partition("开始吗".encode())[2]:
            process.send_signal(signal.SIGINT)
            has_stopped = True
    os.close(main)
    assert process.wait(30) == 130
    text = said.decode(errors="replace")
    assert has_agreed and has_stopped
    assert "逐份阅读" in text and "中途停止" in "".join(text.split())
