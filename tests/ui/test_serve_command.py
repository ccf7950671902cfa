"""``nianbao serve`` as it is run from a shell: it begins, says where it is, and ends when it is interrupted."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from ui.cli import app
from ui.http_serving.serving import listen

Run = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def run() -> Iterator[Run]:
    begun: list[subprocess.Popen[str]] = []

    def begin(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", "from ui.cli import main; main()", "serve", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
            cwd=Path(__file__).resolve().parents[2],
        )
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.communicate()


def address_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    assert found is not None
    assert f"{found[0]}/docs" in process.stdout.readline()
    return found[0]


@pytest.mark.integration
@pytest.mark.skipif(os.name == "nt", reason="a process isn't interrupted by signal there")
def test_it_says_where_it_is_answers_and_ends_cleanly_when_interrupted(run: Run, samples_index: Path) -> None:
    process = run("--index", str(samples_index), "--port", "0", NIANBAO_TOKEN="a-token-for-tests-1")
    address = address_of(process)
    assert httpx.get(f"{address}/v1/status").status_code == 401
    headers = {"authorization": "Bearer a-token-for-tests-1"}
    assert httpx.get(f"{address}/v1/status", headers=headers).json()["reports"] == 40
    assert httpx.get(f"{address}/docs").status_code == 200
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert err == ""


@pytest.mark.integration
def test_where_reports_may_be_added_no_index_is_needed_and_none_is_left_behind(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    process = run("--index", str(folder), "--port", "0", "--allow-ingest")
    address = address_of(process)
    assert httpx.get(f"{address}/v1/status").json()["reports"] == 0
    answer = httpx.post(f"{address}/v1/ask", json={"question": "哪些开发区没有收到申请？"}).json()
    assert answer["status"] == "not_in_corpus"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--host", "0.0.0.0"), "NIANBAO_TOKEN"),
        (("--host", "0.0.0.0", "--token", "short"), "guessed"),
        (("--index", "nowhere"), "nianbao ingest"),
    ],
)
def test_what_is_not_safe_or_not_there_is_said_in_a_sentence(
    arguments: tuple[str, ...], sentence: str, samples_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NIANBAO_TOKEN", raising=False)
    index = () if "--index" in arguments else ("--index", str(samples_index))
    done = CliRunner().invoke(app, ["serve", *index, *arguments])
    assert done.exit_code == (1 if "--index" in arguments else 2)
    assert sentence in done.stderr
    assert "Traceback" not in done.output


def test_a_taken_port_is_said_in_a_sentence(samples_index: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(app, ["serve", "--index", str(samples_index), "--port", port])
    assert done.exit_code == 1
    assert "--port" in done.stderr
