"""A language model server for tests: real HTTP on loopback, and it says what a test scripts.

It speaks ``/v1/chat/completions`` and ``/v1/models`` of the OpenAI protocol and ``/api/chat`` of Ollama's, streaming
and not, and misbehaves on demand: errors, delays, endless streams, cut connections, bodies that are no JSON.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from assistant.language_models.model import LanguageModel
from assistant.language_models.settings import LanguageModelSettings


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server says to one request.

    Attributes:
        text: The model's words. With an error status, the error's message.
        status: Of HTTP.
        delay: Seconds before anything is sent.
        piece: Characters of one streamed piece.
        pause: Seconds between two streamed pieces.
        endless: The text is said again and again.
        cut_after: The connection is cut after so many characters of the text.
        finish: Why the reply ended: ``stop``, ``length``, ``tool_calls``, ``content_filter``.
        headers: Of the response, ``Retry-After``.
        reasoning: Sent as ``reasoning_content`` before the text.
        tool_calls: Sent as the message's tool calls.
        raw: Sent as the whole body in place of all that, whatever it is.
        hang: Nothing is ever sent.
    """

    text: str = ""
    status: int = 200
    delay: float = 0.0
    piece: int = 8
    pause: float = 0.0
    endless: bool = False
    cut_after: int | None = None
    finish: str = "stop"
    headers: dict[str, str] = field(default_factory=dict)
    reasoning: str = ""
    tool_calls: list[dict[str, Any]] | None = None
    raw: str | None = None
    hang: bool = False


Script = str | Reply | Callable[[dict[str, Any]], "str | Reply"]


class LanguageServer:
    """The server, running on a random port while it is entered.

    Attributes:
        requests: The JSON bodies that it was sent, oldest first.
        headers: The headers of the same requests, names in lower case.
        scripted: Set once another script holds, which ends what the earlier one left hanging.
        most_at_once: How many requests it was answering at a time, at most.
    """

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.most_at_once = 0
        self.stopped = False
        self.scripted = threading.Event()
        self._script: list[Script] = ["OK"]
        self._at = 0
        self._now = 0
        self._lock = threading.Lock()
        self._server = _QuietServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Let go of the port; who still waits for a reply has the connection cut."""
        if not self.stopped:
            self.stopped = True
            self.scripted.set()
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(2)

    @property
    def root(self) -> str:
        """The address without a path, as Ollama's clients want it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """The base address of the OpenAI protocol, ``http://127.0.0.1:PORT/v1``."""
        return f"{self.root}/v1"

    def script(self, *replies: Script) -> None:
        """What is said to the next requests in turn, the last again and again. What came before is forgotten."""
        with self._lock:
            self._script, self._at, self._now, self.most_at_once = list(replies), 0, 0, 0
            self.scripted.set()
            self.scripted = threading.Event()
            self.requests.clear()
            self.headers.clear()

    def settings(self, **changes: Any) -> LanguageModelSettings:
        """Settings that name this server, with limits short enough for tests."""
        url = self.root if changes.get("provider") == "ollama" else self.url
        given = LanguageModelSettings(model="scripted", url=url, timeout=5.0, retries=1, rest=0.0)
        return replace(given, **changes)

    def model(self, **changes: Any) -> LanguageModel:
        """The model behind this server."""
        return LanguageModel.open(self.settings(**changes))

    def said(self, at: int = -1) -> str:
        """The texts of one request's messages, joined by newlines."""
        return "\n".join(str(message["content"]) for message in self.requests[at]["messages"])

    def take(self, request: dict[str, Any], headers: dict[str, str]) -> Reply:
        """Keep a request and find the reply to it."""
        with self._lock:
            self.requests.append(request)
            self.headers.append(headers)
            script = self._script[min(self._at, len(self._script) - 1)]
            self._at += 1
        reply = script(request) if callable(script) else script
        return reply if isinstance(reply, Reply) else Reply(reply)

    def count(self, step: int, scripted: threading.Event) -> None:
        """A request begins (1) or ends (-1); those of an earlier script are nobody's any more."""
        with self._lock:
            if scripted is self.scripted:
                self._now += step
                self.most_at_once = max(self.most_at_once, self._now)


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error."""


def _handler(server: LanguageServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            """Tests print nothing."""

        def do_GET(self) -> None:
            if self.path == "/v1/models":
                self.send_whole(200, {"object": "list", "data": [{"id": "scripted", "object": "model"}]})
            elif self.path == "/api/tags":
                self.send_whole(200, {"models": [{"model": "scripted"}]})
            else:
                self.send_whole(404, {"error": {"message": f"no such path: {self.path}"}})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path not in ("/v1/chat/completions", "/api/chat"):
                self.send_whole(404, {"error": {"message": f"no such path: {self.path}"}})
                return
            self.scripted = server.scripted
            server.count(1, self.scripted)
            try:
                request = json.loads(body)
                self.answer(request, server.take(request, {k.lower(): v for k, v in self.headers.items()}))
            except OSError:
                self.close_connection = True
            finally:
                server.count(-1, self.scripted)

        def answer(self, request: dict[str, Any], reply: Reply) -> None:
            self.scripted.wait(3600 if reply.hang else reply.delay)
            if reply.hang:
                self.close_connection = True
            elif reply.raw is not None and reply.endless:
                self.send_pieces(itertools.repeat(reply.raw), "text/event-stream", reply)
            elif reply.raw is not None:
                self.send_text(reply.status, reply.raw, reply.headers)
            elif reply.status != 200:
                self.send_whole(reply.status, {"error": {"message": reply.text}}, reply.headers)
            elif self.path == "/api/chat":
                self.send_pieces(_ollama_lines(request, reply), "application/x-ndjson", reply)
            elif request.get("stream"):
                self.send_pieces(_events(request, reply), "text/event-stream", reply)
            elif reply.endless or reply.cut_after is not None:
                self.send_pieces((" " for _ in _texts(reply)), "application/json", reply)
            else:
                self.send_whole(200, _completion(request, reply), reply.headers)

        def send_whole(self, status: int, value: object, headers: dict[str, str] | None = None) -> None:
            self.send_text(status, json.dumps(value, ensure_ascii=False), headers or {})

        def send_text(self, status: int, text: str, headers: dict[str, str]) -> None:
            raw = text.encode()
            self.send_response(status)
            for name, value in ({"Content-Type": "application/json"} | headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def send_pieces(self, pieces: Iterator[str], content_type: str, reply: Reply) -> None:
            self.send_response(200)
            for name, value in ({"Content-Type": content_type} | reply.headers).items():
                self.send_header(name, value)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for piece in pieces:
                if self.scripted.is_set():
                    return
                raw = piece.encode()
                self.wfile.write(f"{len(raw):x}\r\n".encode() + raw + b"\r\n")
                self.wfile.flush()
                if reply.pause:
                    time.sleep(reply.pause)
            if reply.cut_after is not None:
                self.close_connection = True
                self.connection.close()
                return
            self.wfile.write(b"0\r\n\r\n")

    return Handler


def oracle(*replies: Script, confirms: bool = True) -> Script:
    """Says the replies in turn, the last again and again; to whether a plan in words is what was asked, yes or no."""
    left = list(replies)

    def reply(request: dict[str, Any]) -> str | Reply:
        if request["messages"][-1]["content"].startswith('{"asked"'):
            return json.dumps({"same": confirms})
        said = left.pop(0) if len(left) > 1 else left[0]
        return said(request) if callable(said) else said

    return reply


def _texts(reply: Reply) -> Iterator[str]:
    """The text in pieces, as far as it is sent."""
    text = reply.text if reply.cut_after is None else reply.text[: reply.cut_after]
    while True:
        for start in range(0, len(text), reply.piece):
            yield text[start : start + reply.piece]
        if not reply.endless:
            return


def _count(request: dict[str, Any], reply: Reply) -> dict[str, int]:
    """Tokens used, taken as one a character."""
    sent = sum(len(str(message.get("content") or "")) for message in request["messages"])
    return {"prompt_tokens": sent, "completion_tokens": len(reply.text), "total_tokens": sent + len(reply.text)}


def _completion(request: dict[str, Any], reply: Reply) -> dict[str, Any]:
    message = {"role": "assistant", "content": reply.text}
    if reply.reasoning:
        message["reasoning_content"] = reply.reasoning
    if reply.tool_calls:
        message["tool_calls"] = reply.tool_calls  # type: ignore[assignment]
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": request.get("model"),
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish}], "usage": _count(request, reply),
    }  # fmt: skip


def _events(request: dict[str, Any], reply: Reply) -> Iterator[str]:
    """The server-sent events of a streamed reply."""

    def event(choices: list[dict[str, Any]], **more: Any) -> str:
        chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": request.get("model")}
        return f"data: {json.dumps(chunk | {'choices': choices} | more, ensure_ascii=False)}\n\n"

    def said(finish: str | None = None, **delta: Any) -> str:
        return event([{"index": 0, "delta": delta, "finish_reason": finish}])

    yield said(role="assistant", content="")
    if reply.reasoning:
        yield said(reasoning_content=reply.reasoning)
    for text in _texts(reply):
        yield said(content=text)
    if reply.cut_after is not None:
        return
    if reply.tool_calls:
        yield said(tool_calls=[{"index": at} | call for at, call in enumerate(reply.tool_calls)])
    yield said(finish=reply.finish)
    if (request.get("stream_options") or {}).get("include_usage"):
        yield event([], usage=_count(request, reply))
    yield "data: [DONE]\n\n"


def _ollama_lines(request: dict[str, Any], reply: Reply) -> Iterator[str]:
    """The lines of an Ollama chat, one where it isn't streamed."""

    def line(text: str, **more: Any) -> str:
        message: dict[str, Any] = {"role": "assistant", "content": text}
        if reply.tool_calls and more.get("done"):
            message["tool_calls"] = reply.tool_calls
        known = {"model": request.get("model"), "created_at": "2026-01-01T00:00:00Z", "done": False, "message": message}
        return json.dumps(known | more, ensure_ascii=False) + "\n"

    used = _count(request, reply)
    done = {"done": True, "done_reason": reply.finish}
    counts = {"prompt_eval_count": used["prompt_tokens"], "eval_count": used["completion_tokens"]}
    if not request.get("stream", True):
        yield line(reply.text, **done, **counts)
        return
    for text in _texts(reply):
        yield line(text)
    if reply.cut_after is None:
        yield line("", **done, **counts)
