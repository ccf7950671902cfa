"""Who may ask, under which name, how often, how much: refused in a sentence, before anything is read."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from assistant.assistant import Assistant
from ui.http_serving.gates import RateGate
from ui.http_serving.problems import ProblemError
from ui.http_serving.serving import check_settings, listen
from ui.http_serving.settings import ServerSettings
from vectorstore.errors import NianbaoError

TOKEN = "a-token-for-tests-1"
Serve = Callable[..., httpx.Client]
BEARER = {"authorization": f"Bearer {TOKEN}"}


def code_of(response: httpx.Response) -> tuple[int, str]:
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["status"] == response.status_code
    assert problem["type"].endswith(problem["code"])
    return response.status_code, problem["code"]


@pytest.mark.parametrize("given", [None, "Bearer wrong", "Basic " + TOKEN, "Bearer", "Bearer " + TOKEN + "x", TOKEN])
def test_without_the_token_nothing_under_v1_answers(samples_assistant: Assistant, serve: Serve, given: str) -> None:
    client = serve(samples_assistant, token=TOKEN)
    headers = {} if given is None else {"authorization": given}
    for path in ("/v1/status", "/v1/ask?question=1", "/v1/nothing", "/v1/reports"):
        response = client.get(path, headers=headers)
        assert code_of(response) == (401, "unauthorized")
        assert response.headers["www-authenticate"].startswith("Bearer")
    assert client.get("/health").status_code == 200
    assert client.get("/v1/status", headers=BEARER).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "10.0.0.7", "localhost.evil:80"])
def test_another_name_is_refused_so_that_no_name_can_be_made_to_lead_here(client: httpx.Client, host: str) -> None:
    assert code_of(client.get("/v1/status", headers={"host": host})) == (421, "other_host")


def test_a_name_can_be_allowed(samples_assistant: Assistant, serve: Serve) -> None:
    client = serve(samples_assistant, names=("reports.example",))
    assert client.get("/v1/status", headers={"host": "reports.example:8000"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "http://localhost:3000", "sec-fetch-site": "same-site"},
    ],
)
def test_pages_of_other_sites_are_refused_whatever_they_send(client: httpx.Client, headers: dict[str, str]) -> None:
    for response in (
        client.get("/v1/ask", params={"question": "申请"}, headers=headers),
        client.post("/v1/ask", content=b'{"question":"x"}', headers={"content-type": "text/plain", **headers}),
    ):
        assert code_of(response) == (403, "other_site")
        assert "access-control-allow-origin" not in response.headers


def test_an_allowed_origin_may_ask_from_a_browser_with_the_token(samples_assistant: Assistant, serve: Serve) -> None:
    client = serve(samples_assistant, token=TOKEN, origins=("https://notes.example",))
    origin = {"origin": "https://notes.example", "sec-fetch-site": "cross-site"}
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}
    preflight = client.options("/v1/ask", headers=origin | asked)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "https://notes.example"
    answered = client.post("/v1/ask", json={"question": "申请"}, headers=origin | BEARER)
    assert answered.headers["access-control-allow-origin"] == "https://notes.example"
    assert client.post("/v1/ask", json={"question": "申请"}, headers=origin).status_code == 401
    other = client.options("/v1/ask", headers={"origin": "https://evil.example"} | asked)
    assert other.status_code == 403


def test_a_page_of_an_allowed_origin_can_read_why_it_is_refused_and_how_much_there_is(
    samples_assistant: Assistant, serve: Serve
) -> None:
    client = serve(samples_assistant, origins=("https://notes.example",), rate=1)
    origin = {"origin": "https://notes.example"}
    answered = client.get("/v1/figures", params={"metric": "applications_new", "format": "csv"}, headers=origin)
    assert "nianbao-total" in answered.headers["access-control-expose-headers"].lower()
    too_often = client.get("/v1/status", headers=origin)
    other_name = client.get("/v1/status", headers=origin | {"host": "other.example"})
    assert (too_often.status_code, other_name.status_code) == (429, 421)
    for response in (too_often, other_name):
        assert response.headers["access-control-allow-origin"] == "https://notes.example"


def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(
    samples_assistant: Assistant, serve: Serve
) -> None:
    client = serve(samples_assistant, body_bytes=1000)
    headers = {"content-type": "application/json"}

    def pieces() -> Iterator[bytes]:
        for _ in range(50):
            yield b'{"question": "' + b"x" * 90

    for content in (b"x" * 2000, pieces()):
        response = client.post("/v1/ask", content=content, headers=headers)
        assert code_of(response) == (413, "too_large")
    assert client.post("/v1/ask", json={"question": "申请"}).status_code == 200


def test_a_body_that_never_comes_is_given_up(samples_assistant: Assistant, serve: Serve) -> None:
    client = serve(samples_assistant, quiet_seconds=0.2)
    where = urlsplit(str(client.base_url))
    assert where.hostname is not None
    with socket.create_connection((where.hostname, where.port or 80), timeout=10) as slow:
        slow.sendall(
            b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
        )
        answered = slow.recv(4096)
    assert answered.startswith(b"HTTP/1.1 408")
    assert b"too_slow" in answered


@pytest.mark.parametrize("question", ["", "   ", "长" * 2001])
def test_a_question_that_cannot_be_asked_is_refused(client: httpx.Client, question: str) -> None:
    assert client.post("/v1/ask", json={"question": question}).status_code == 422
    assert client.get("/v1/ask", params={"question": question}).status_code == 422


def test_who_asks_too_often_is_told_when_to_come_again(samples_assistant: Assistant, serve: Serve) -> None:
    client = serve(samples_assistant, rate=3)
    assert [client.get("/v1/status").status_code for _ in range(3)] == [200] * 3
    response = client.get("/v1/status")
    assert code_of(response) == (429, "rate_limited")
    assert 1 <= int(response.headers["retry-after"]) <= 20
    # Nor is what watches over the server counted, or refused because others ask much.
    assert [client.get("/health").status_code for _ in range(5)] == [200] * 5


def request_of(address: str) -> dict[str, Any]:
    return {"type": "http", "client": (address, 1), "path": "/", "headers": []}


def test_the_rate_is_of_each_address_and_fills_up_again() -> None:
    now = [0.0]
    gate = RateGate(None, ServerSettings(rate=60), lambda: now[0])  # type: ignore[arg-type]
    headers: Any = {}
    for _ in range(60):
        gate.check(request_of("1.1.1.1"), headers)
    with pytest.raises(ProblemError) as refused:
        gate.check(request_of("1.1.1.1"), headers)
    assert refused.value.retry_after == 1
    gate.check(request_of("2.2.2.2"), headers)
    now[0] = 1.0
    gate.check(request_of("1.1.1.1"), headers)
    with pytest.raises(ProblemError):
        gate.check(request_of("1.1.1.1"), headers)


def test_requests_under_way_are_counted_and_let_go_when_they_end() -> None:
    async def play() -> list[int]:
        doors = [asyncio.Event() for _ in range(4)]
        statuses: list[int] = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await doors[scope["number"]].wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        gate = RateGate(app, ServerSettings(at_once=2, under_way=3))

        async def ask(number: int, address: str) -> None:
            await gate({**request_of(address), "number": number}, None, send)  # type: ignore[arg-type]

        first = [asyncio.ensure_future(ask(number, "1.1.1.1")) for number in (0, 1)]
        await asyncio.sleep(0)
        await ask(2, "1.1.1.1")  # a third of one address
        third = asyncio.ensure_future(ask(2, "2.2.2.2"))
        await asyncio.sleep(0)
        await ask(3, "3.3.3.3")  # a fourth of all
        for door in doors:
            door.set()
        await asyncio.gather(*first, third)
        await ask(0, "1.1.1.1")
        return statuses

    assert asyncio.run(play()) == [429, 503, 200, 200, 200, 200]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"host": "0.0.0.0"}, "NIANBAO_TOKEN"),
        ({"host": "::"}, "NIANBAO_TOKEN"),
        ({"host": "reports.example"}, "NIANBAO_TOKEN"),
        ({"host": "0.0.0.0", "token": "short"}, "can be guessed"),
        ({"token": "with blank"}, "printable ASCII"),
        ({"token": "中文"}, "printable ASCII"),
    ],
)
def test_the_server_does_not_start_where_that_is_not_safe(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NianbaoError, match=sentence):
        check_settings(ServerSettings(**settings))


@pytest.mark.parametrize("settings", [{}, {"host": "localhost"}, {"host": "::1"}, {"host": "0.0.0.0", "token": TOKEN}])
def test_it_starts_on_this_computer_or_with_a_token(settings: dict[str, Any]) -> None:
    check_settings(ServerSettings(**settings))


def test_a_taken_port_is_said_in_a_sentence() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(NianbaoError, match="--port"):
        listen("127.0.0.1", taken.getsockname()[1])


def test_an_index_that_breaks_is_told_without_its_folder(own_index: Path, serve: Serve) -> None:
    from vectorstore.errors import IndexFolderError

    with Assistant.open(own_index) as assistant:
        client = serve(assistant)

        def broken(*_: Any, **__: Any) -> None:
            raise IndexFolderError(f"The index in {own_index} is damaged.")

        assistant.ask = broken  # type: ignore[method-assign]
        response = client.post("/v1/ask", json={"question": "申请"})
        assert code_of(response) == (503, "unavailable")
        assert str(own_index) not in response.text


def test_what_nobody_foresaw_is_told_without_a_word_of_it(own_index: Path, serve: Serve) -> None:
    with Assistant.open(own_index) as assistant:
        client = serve(assistant)

        def broken(*_: Any, **__: Any) -> None:
            raise RuntimeError(f"secret {own_index}")

        assistant.ask = broken  # type: ignore[method-assign]
        response = client.post("/v1/ask", json={"question": "申请"})
        assert code_of(response) == (500, "unexpected")
        assert "secret" not in response.text


def test_a_method_that_an_address_lacks_is_told_with_those_it_has(client: httpx.Client) -> None:
    response = client.put("/v1/ask")
    assert code_of(response) == (405, "method_not_allowed")
    assert response.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b'{"question": "\\ud800"}',
        b'{"\\ud800": 1, "question": "x"}',
        b'{"question": ' + b"[" * 200_000,
        b'{"question": "x", "today": ' + b"9" * 5000 + b"}",
        b'{"question": "x", "history": NaN}',
        b'{"question": "' + b"9" * 2000 + b'"}',
    ],
    ids=range(9),
)
def test_whatever_is_sent_it_is_answered_or_refused(client: httpx.Client, content: bytes) -> None:
    for path in ("/v1/ask", "/v1/ask/stream", "/v1/chat/completions"):
        response = client.post(path, content=content, headers={"content-type": "application/json"})
        assert response.status_code in (200, 400, 422), (path, response.text)


def test_a_disk_that_refuses_is_told_without_a_word_of_where(own_index: Path, serve: Serve) -> None:
    with Assistant.open(own_index) as assistant:
        client = serve(assistant)

        def refuse(*_: Any, **__: Any) -> None:
            raise OSError(28, "No space left on device", str(own_index))

        assistant.ask = refuse  # type: ignore[method-assign]
        response = client.post("/v1/ask", json={"question": "申请"})
        assert code_of(response) == (503, "unavailable")
        assert str(own_index) not in response.text
