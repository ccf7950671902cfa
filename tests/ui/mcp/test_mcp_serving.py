"""How the server starts, what it refuses, and what it survives."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from mcp.shared.exceptions import MCPError

from assistant.assistant import Assistant
from tests.ui.mcp.conftest import SCRIPT, connected, environment, http_server, stdio_server
from ui.http_serving.serving import address_of, listen, server_for
from ui.http_serving.settings import ServerSettings
from ui.mcp_server.refusals import refusal
from ui.mcp_server.serving import PATH, make_app
from vectorstore.errors import IndexFolderError, QuestionError, RerankerError

pytestmark = pytest.mark.integration
TOKEN = "a-token-of-some-length"
HEADERS = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
LISTING = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
INITIALIZE = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}  # fmt: skip


INITIALIZED = {"jsonrpc": "2.0", "method": "notifications/initialized"}


@contextmanager
def serving(index: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The server on pipes, which heeds an interruption also where the tests run in the background."""
    command = [sys.executable, "-c", SCRIPT, "mcp", "--index", str(index)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def start(*arguments: str | Path, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", SCRIPT, "mcp", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, env=environment() | variables, timeout=60)


# --- standard input and output


def test_without_an_index_it_says_how_to_make_one(tmp_path: Path) -> None:
    ended = start("--index", tmp_path / "none")
    assert ended.returncode == 1 and ended.stdout == b""
    assert b"nianbao ingest" in ended.stderr and ended.stderr.count(b"\n") == 1


def test_only_the_protocol_is_written_and_garbage_is_survived(samples_index: Path) -> None:
    lines = [b"garbage", b"{}", b'{"jsonrpc": "2.0", "id": 7, "method": "no/such/method"}', b"\xff\xfe"]
    lines += [json.dumps(message).encode() for message in (INITIALIZE, INITIALIZED, LISTING | {"id": 2})]
    with serving(samples_index) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        process.stdin.write(b"\n".join(lines) + b"\n")
        process.stdin.flush()
        said = {}
        while 2 not in said:
            message = json.loads(process.stdout.readline())
            said[message["id"]] = message
        process.stdin.close()
        assert process.wait(20) == 0
        assert b"Traceback" not in process.stderr.read()
    assert said[1]["result"]["serverInfo"]["name"] == "nianbao"
    assert len(said[2]["result"]["tools"]) == 4


def test_it_ends_from_the_keyboard_while_it_waits(samples_index: Path) -> None:
    with serving(samples_index) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        process.stdin.write(json.dumps(INITIALIZE).encode() + b"\n")
        process.stdin.flush()
        assert process.stdout.readline()
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(20) == 0
        assert process.stderr.read() == b""


def test_older_clients_are_served_too(samples_index: Path) -> None:
    with connected(stdio_server(samples_index), mode="legacy") as session:
        assert "40 annual reports" in session.client.instructions
        assert session.call("ask", question="2023年有几份报告？").structured_content["value"] == 14


def test_reports_that_come_while_it_serves_are_answered_from(samples_index: Path, tmp_path: Path) -> None:
    from ingest.pipeline import ingest
    from samples.generator import generate
    from vectorstore.index import Index

    folder, added = tmp_path / "index", tmp_path / "added"
    shutil.copytree(samples_index, folder)
    added.mkdir()
    for report in generate(4, seed=5, formats=("txt",)):
        (added / report.file).write_bytes(report.data)
    with connected(stdio_server(folder)) as session, Index.open(folder) as index:
        with ThreadPoolExecutor(1) as beside:
            writing = beside.submit(ingest, [added], index)
            while not writing.done():
                answer = session.call("ask", question="一共有几份报告？")
                assert not answer.is_error, answer
                wait([writing], timeout=0.1)
            writing.result()
        assert session.call("ask", question="一共有几份报告？").structured_content["value"] == 44


# --- HTTP


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "rebound.example"}, 421),
        ({"origin": "https://other.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_other_names_and_pages_of_other_sites_are_refused(address: str, headers: dict[str, str], status: int) -> None:
    assert httpx.post(address, json=INITIALIZE, headers=HEADERS | headers).status_code == status
    assert httpx.post(address, json=INITIALIZE, headers=HEADERS).status_code == 200


def test_too_much_and_no_json_are_refused(address: str) -> None:
    assert httpx.post(address, content=b"x" * 1_100_000, headers=HEADERS).status_code == 413
    assert httpx.post(address, content=b"{", headers=HEADERS).status_code == 400
    assert httpx.get(address.replace("/mcp", "/etc/passwd")).status_code == 404


def test_clients_that_leave_without_a_word_keep_out_no_other(samples_index: Path) -> None:
    with (
        Assistant.open(samples_index) as assistant,
        served(assistant) as address,
        httpx.Client(headers=HEADERS) as client,
    ):
        for _ in range(1_050):
            response = client.post(address, json=INITIALIZE)
            assert response.status_code == 200
        assert "mcp-session-id" not in response.headers
        with connected(address, "legacy") as session:
            assert session.call("ask", question="2023年有几份报告？").structured_content["value"] == 14


def test_off_this_computer_it_needs_a_token(samples_index: Path) -> None:
    ended = start("--http", "--host", "0.0.0.0", "--port", "0", "--index", samples_index)
    assert ended.returncode == 2 and b"token" in ended.stderr and ended.stderr.count(b"\n") == 1


def test_with_a_token_only_who_has_it_is_served(samples_index: Path) -> None:
    import httpx2
    from mcp.client.streamable_http import streamable_http_client

    with http_server(samples_index, NIANBAO_TOKEN=TOKEN) as address:
        assert httpx.post(address, json=INITIALIZE, headers=HEADERS).status_code == 401
        wrong = HEADERS | {"authorization": "Bearer wrong"}
        assert httpx.post(address, json=INITIALIZE, headers=wrong).status_code == 401
        bearer = httpx2.AsyncClient(headers={"authorization": f"Bearer {TOKEN}"})
        with connected(streamable_http_client(address, http_client=bearer)) as session:
            assert not session.call("ask", question="2023年有几份报告？").is_error


@contextmanager
def served(assistant: Assistant) -> Iterator[str]:
    """The address of a server in a thread."""
    settings = ServerSettings(rate=0)
    server = server_for(make_app(assistant, settings))
    with listen("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield address_of(listening) + PATH
        server.should_exit = True
        thread.join(15)


@contextmanager
def broken(assistant: Assistant, error: Exception) -> Iterator[str]:
    """The address of a server whose index fails with that error."""

    def fail(*_: object, **__: object) -> None:
        raise error

    with served(assistant) as address, pytest.MonkeyPatch.context() as patch:
        for name in ("reports", "report", "search"):
            patch.setattr(assistant.index, name, fail)
            patch.setattr(assistant, name, fail, raising=False)
        yield address


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("error", [OSError(5, "Input/output error", "/srv/secret"), KeyError("/srv/secret"),
                                   RerankerError("There is no folder /srv/secret/reranker.")])  # fmt: skip
def test_no_client_is_told_a_path_of_the_server_whatever_fails(
    samples_index: Path, mode: str, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        Assistant.open(samples_index) as assistant,
        broken(assistant, error) as address,
        connected(address, mode) as session,
    ):
        told = [session.client.instructions or "", str(session.call("search", query="培训"))]
        for ask in (session.client.list_resources, lambda: session.client.read_resource("nianbao://report/zz")):
            with pytest.raises(MCPError) as refused:
                session.run(ask)
            told.append(str(refused.value))
    assert all(told)
    assert not [one for one in told if "secret" in one]
    assert "secret" in caplog.text


def test_what_cannot_be_asked_is_told_word_for_word_and_what_fails_inside_is_not() -> None:
    assert refusal(QuestionError("There is no year 99."), "it") == "There is no year 99."
    assert "secret" not in refusal(IndexFolderError("The database /srv/secret/nianbao.sqlite3 is gone."), "it")


def test_a_page_of_an_allowed_origin_may_speak_with_it(samples_index: Path) -> None:
    origin = {"origin": "https://notes.example"}
    with http_server(samples_index, ("--allow-origin", "https://notes.example", "--rate", "2")) as address:
        asked = {"access-control-request-method": "POST", "access-control-request-headers": "mcp-protocol-version"}
        assert httpx.options(address, headers=origin | asked).status_code == 200
        statuses = [httpx.post(address, json=INITIALIZE, headers=HEADERS | origin).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
