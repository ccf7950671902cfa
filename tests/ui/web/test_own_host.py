"""What a page of another site, or a name that isn't this program's, gets: nothing, in a sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ui.texts import texts
from ui.web.own_host import OwnHostOnly, OwnNames, OwnPagesOnly

HERE = "127.0.0.1:7860"
CALL = "/gradio_api/component_server"
JSON = {"content-type": "application/json", "content-length": "2"}


def answer_to(
    method: str, path: str, headers: dict[str, str], names: OwnNames | None = None
) -> tuple[int, dict[str, str], str]:
    """What a request gets of an app that answers everything, as Gradio does, to anyone."""
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        shares = [(b"Access-Control-Allow-Origin", b"http://evil.example"), (b"a", b"b")]
        await send({"type": "http.response.start", "status": 200, "headers": shares})
        await send({"type": "http.response.body", "body": b"done"})

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    given = [(name.encode(), value.encode()) for name, value in ({"host": HERE} | headers).items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": given}
    asyncio.run(OwnHostOnly(OwnPagesOnly(app, names or OwnNames()))(scope, receive, send))
    got = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], got, b"".join(message["body"] for message in sent[1:]).decode()


def status_of(method: str, path: str, names: OwnNames | None = None, **headers: str) -> int:
    return answer_to(method, path, {n.replace("_", "-"): v for n, v in headers.items()}, names)[0]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize(
    "from_elsewhere",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://127.0.0.1.evil.example:7860"},
        {"origin": "http://evil.example@127.0.0.1:7860"},
        {"origin": "file://"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": f"http://{HERE}", "sec-fetch-site": "cross-site"},
    ],
)
def test_another_site_changes_nothing(method: str, from_elsewhere: dict[str, str]) -> None:
    status, headers, said = answer_to(method, CALL, JSON | from_elsewhere)
    assert (status, said) == (403, texts("zh")("site.other_site"))
    assert "content-security-policy" in headers


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        (HERE, f"http://{HERE}"),
        ("nianbao.example.org", "https://nianbao.example.org"),
        ("nianbao.example.org:443", "https://nianbao.example.org"),
        ("Nianbao.example.org:8443", "https://nianbao.example.org:8443"),
        ("[::1]:7860", "http://[::1]:7860"),
        (HERE, None),
    ],
)
def test_a_page_of_ours_calls(host: str, origin: str | None) -> None:
    headers = JSON | {"host": host} | ({"origin": origin} if origin else {})
    assert answer_to("POST", CALL, headers, OwnNames(names=("nianbao.example.org",)))[0] == 200


def test_a_link_on_another_site_may_lead_here() -> None:
    assert status_of("GET", "/reports", sec_fetch_site="cross-site") == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "192.168.1.5:7860", "127.0.0.1.evil", "", "a]["])
def test_a_name_that_isnt_ours_gets_nothing(host: str) -> None:
    status, _, said = answer_to("GET", "/nb/reports.csv", {"host": host})
    assert status == 421
    assert "--allow-host" in said


@pytest.mark.parametrize(
    ("listening", "names", "host", "is_ours"),
    [
        ("127.0.0.1", (), "localhost:7860", True),
        ("127.0.0.1", (), "LOCALHOST.", True),
        ("127.0.0.1", (), "[::1]:7860", True),
        ("127.0.0.1", (), "10.0.0.4", False),
        ("127.0.0.5", (), "127.0.0.5:7860", True),
        ("127.0.0.5", (), "10.0.0.4", False),
        ("::1", (), "10.0.0.4", False),
        ("0.0.0.0", (), "10.0.0.4:7860", True),
        ("0.0.0.0", (), "[2001:db8::1]:7860", True),
        ("0.0.0.0", (), "evil.example", False),
        ("0.0.0.0", ("nianbao.lan",), "nianbao.lan:7860", True),
        ("0.0.0.0", ("nianbao.lan",), "other.lan:7860", False),
        ("office.lan", (), "office.lan:7860", True),
    ],
)
def test_the_names_that_are_ours(listening: str, names: tuple[str, ...], host: str, is_ours: bool) -> None:
    assert OwnNames(listening, names).has(host) is is_ours


def test_what_gradio_answers_is_shared_with_nobody() -> None:
    status, headers, _ = answer_to("GET", "/nb/reports.csv", {"origin": "http://evil.example"})
    assert (status, headers["a"]) == (200, "b")
    assert [name for name in headers if name.startswith("access-control")] == []
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/upload", "/gradio_api/file=/etc/passwd", "/gradio_api/file/x", "/gradio_api/proxy=http://a.cn/",
     "/gradio_api/run/x", "/gradio_api/call/x", "/gradio_api/stream/x", "/gradio_api/openapi.json", "/gradio_api/info",
     "/gradio_api/deep_link", "/gradio_api/vibe-edit/", "/monitoring", "/docs", "/nope", "/reports/x", "/login",
     "/gradio_api/component_server/x", "//nb/reports.csv"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_the_pages_dont_need_isnt_served(method: str, path: str) -> None:
    assert answer_to(method, path, JSON)[0] == 404


@pytest.mark.parametrize("path", ["/", "/reports", "/figures", "/checks", "/adding", "/config", "/assets/a.js"])
def test_what_the_pages_need_is_served(path: str) -> None:
    assert status_of("GET", path) == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (JSON, 200),
        (JSON | {"content-type": "application/json; charset=utf-8"}, 200),
        # Sent by a page without being asked; and as a form, of whose files Gradio makes files.
        (JSON | {"content-type": "text/plain"}, 415),
        (JSON | {"content-type": "multipart/form-data; boundary=B"}, 415),
        ({"content-length": "2"}, 415),
        (JSON | {"content-length": "2000001"}, 413),
        (JSON | {"content-length": "9" * 5000}, 413),
        ({"content-type": "application/json", "transfer-encoding": "chunked"}, 413),
    ],
)
def test_gradio_gets_only_json_of_some_length(headers: dict[str, str], status: int) -> None:
    assert answer_to("POST", CALL, headers)[0] == status
    assert answer_to("POST", "/gradio_api/queue/join", headers)[0] == status


def test_a_socket_isnt_opened() -> None:
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    asyncio.run(OwnPagesOnly(app, OwnNames())({"type": "websocket", "headers": []}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


@pytest.fixture(scope="module")
def served(samples_index: Path) -> Iterator[str]:
    """The whole program as it is launched, with one name more."""
    from assistant.assistant import Assistant
    from ui.web.serving import serve

    with Assistant.open(samples_index) as assistant:
        blocks, address = serve(assistant, names=("nianbao.example.org",))
        yield address
        blocks.close(verbose=False)


@pytest.mark.integration
def test_the_program_refuses_what_another_site_sends(served: str) -> None:
    import httpx

    body = '{"session_hash": "a", "component_id": 1, "fn_name": "remove", "data": {"report": "x"}}'
    foreign = {"origin": "http://evil.example", "content-type": "text/plain"}
    refused = httpx.post(f"{served}gradio_api/component_server", content=body, headers=foreign)
    assert (refused.status_code, "access-control-allow-origin" in refused.headers) == (403, False)
    # Gradio's own would answer this one before anything within it.
    asked = {"origin": "http://localhost:9999", "access-control-request-method": "POST"}
    preflight = httpx.options(f"{served}nb/ask", headers=asked)
    assert preflight.status_code == 403
    assert [name for name in preflight.headers if name.startswith("access-control")] == []
    read = httpx.get(f"{served}nb/reports.csv", headers={"origin": "http://localhost:9999"})
    assert (read.status_code, "access-control-allow-origin" in read.headers) == (200, False)
    sent = httpx.post(f"{served}gradio_api/upload", files={"files": ("a.txt", b"x")})
    assert sent.status_code == 404
    assert httpx.get(f"{served}reports", headers={"host": "evil.example"}).status_code == 421
    named = httpx.get(f"{served}reports", headers={"host": "nianbao.example.org"})
    assert named.status_code == 200
    assert named.headers["content-security-policy"].startswith("default-src 'self'")
