"""A language model asked through the real client libraries, over HTTP on loopback, of a server that misbehaves."""

from __future__ import annotations

import contextlib
import gzip
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from assistant.language_models import model as model_module
from assistant.language_models.model import LanguageModel, Message
from assistant.language_models.settings import LanguageModelSettings
from tests.language_server import Reply
from vectorstore.errors import LanguageModelError

if TYPE_CHECKING:
    from tests.language_server import LanguageServer

ASKED = [Message("system", "Be brief."), Message("user", "你好")]
KEY = "sk-made-up-0123456789"
SCHEMA = {"title": "reply", "type": "object", "properties": {"a": {"type": "integer"}}}

pytestmark = pytest.mark.integration


@pytest.fixture(params=["openai", "ollama"])
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_module, "FIRST_WAIT", 0.01)


def fails(model: LanguageModel, reason: str) -> str:
    """The sentence of the failure, which must be for that reason."""
    with pytest.raises(LanguageModelError) as caught:
        model.complete(ASKED)
    assert caught.value.reason == reason, caught.value
    assert KEY not in str(caught.value)
    return str(caught.value)


def test_a_reply_comes_whole_or_piece_by_piece(language_server: LanguageServer, provider: str) -> None:
    model = language_server.model(provider=provider)
    language_server.script("第一句。第二句，再说一句话。")
    assert model.complete(ASKED) == "第一句。第二句，再说一句话。"
    pieces = list(model.stream(ASKED))
    assert len(pieces) > 1
    assert "".join(pieces) == "第一句。第二句，再说一句话。"
    assert [m["role"] for m in language_server.requests[0]["messages"]] == ["system", "user"]


def test_a_schema_is_asked_for_in_the_server_s_own_way(language_server: LanguageServer) -> None:
    language_server.script('{"a": 1}')
    assert language_server.model().complete(ASKED, schema=SCHEMA) == '{"a": 1}'
    assert language_server.requests[-1]["response_format"]["json_schema"]["schema"] == SCHEMA
    language_server.model(provider="ollama").complete(ASKED, schema=SCHEMA)
    assert language_server.requests[-1]["format"] == SCHEMA


def test_a_server_that_knows_no_schemas_is_asked_for_json_then_in_words_and_not_tried_again(
    language_server: LanguageServer, provider: str
) -> None:
    def reply(request: dict[str, Any]) -> Reply:
        wanted = request.get("response_format") or request.get("format")
        return Reply("response_format is not supported", status=400) if wanted else Reply('{"a": 2}')

    model = language_server.model(provider=provider)
    language_server.script(reply)
    assert model.complete(ASKED, schema=SCHEMA) == '{"a": 2}'
    assert len(language_server.requests) == 3
    model.complete(ASKED, schema=SCHEMA)
    assert len(language_server.requests) == 4


def test_a_call_that_is_refused_for_another_reason_does_not_cost_the_schema(language_server: LanguageServer) -> None:
    model = language_server.model()
    language_server.script(Reply("unsafe content", status=400))
    with pytest.raises(LanguageModelError):
        model.complete(ASKED, schema=SCHEMA)
    language_server.script('{"a": 1}')
    model.complete(ASKED, schema=SCHEMA)
    assert language_server.requests[-1]["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(f"Incorrect API key provided: {KEY}", status=401), "key"),
        (Reply("forbidden", status=403), "key"),
        (Reply("The model does not exist", status=404), "model"),
        (Reply("moved", status=302, headers={"Location": "http://192.0.2.1/v1"}), "model"),
        (Reply("This model's maximum context length is 4096 tokens", status=400), "too_long"),
        (Reply("no", status=422), "refused"),
        (Reply(""), "empty"),
        (Reply("<think>nothing but thought"), "empty"),
        (Reply(tool_calls=[{"id": "1", "type": "function", "function": {"name": "rm", "arguments": {}}}]), "empty"),
    ],
)
def test_what_will_not_pass_is_not_tried_again(
    language_server: LanguageServer, provider: str, reply: Reply, reason: str
) -> None:
    language_server.script(reply)
    fails(language_server.model(provider=provider, retries=3, key=KEY), reason)
    assert len(language_server.requests) == 1


@pytest.mark.parametrize("before", range(170, 205, 3))
def test_no_part_of_the_key_is_told_wherever_a_server_says_it(language_server: LanguageServer, before: int) -> None:
    language_server.script(Reply("x" * before + KEY, status=422))
    said = fails(language_server.model(key=KEY), "refused")
    assert KEY[:3] not in said


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_what_may_pass_is_tried_again(language_server: LanguageServer, provider: str, status: int) -> None:
    language_server.script(Reply("busy", status=status), Reply("busy", status=status), "fine")
    assert language_server.model(provider=provider, retries=2).complete(ASKED) == "fine"
    assert len(language_server.requests) == 3


def test_tries_end_at_the_limit_and_are_not_multiplied_by_the_client_library(
    language_server: LanguageServer, provider: str
) -> None:
    language_server.script(Reply("busy", status=503))
    fails(language_server.model(provider=provider, retries=2), "server")
    assert len(language_server.requests) == 3


def test_a_retry_waits_as_long_as_the_server_asks(
    language_server: LanguageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    language_server.script(Reply("slow down", status=429, headers={"Retry-After": "0.3"}), "fine")
    slept: list[float] = []
    monkeypatch.setattr(model_module, "time", SimpleNamespace(monotonic=time.monotonic, sleep=slept.append))
    assert language_server.model().complete(ASKED) == "fine"
    assert slept == [0.3]


def test_a_wait_beyond_the_deadline_is_not_waited_for(language_server: LanguageServer) -> None:
    language_server.script(Reply("slow down", status=429, headers={"Retry-After": "3600"}))
    fails(language_server.model(retries=3), "rate")
    assert len(language_server.requests) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(hang=True),
        Reply("late", delay=30),
        Reply("drop ", endless=True, pause=0.05, piece=1),
    ],
)
def test_a_server_that_hangs_or_trickles_for_ever_is_left_at_the_deadline(
    language_server: LanguageServer, provider: str, reply: Reply
) -> None:
    language_server.script(reply)
    fails(language_server.model(provider=provider, timeout=0.25, retries=0), "timeout")


def test_a_stream_of_keep_alives_is_left_at_the_deadline(language_server: LanguageServer) -> None:
    language_server.script(Reply(raw=": still here\n\n", endless=True, pause=0.02))
    fails(language_server.model(timeout=0.25, retries=0), "timeout")


def test_a_reply_that_never_ends_is_cut_at_its_tokens(language_server: LanguageServer, provider: str) -> None:
    language_server.script(Reply("blah ", endless=True, piece=50))
    model = language_server.model(provider=provider, reply_tokens=100)
    text = model.complete(ASKED)
    assert 100 <= model.count_tokens(text) < 200
    assert model.count_tokens("".join(model.stream(ASKED, most_tokens=20))) < 120


def test_a_connection_that_is_cut_is_tried_again_only_while_nothing_was_given_out(
    language_server: LanguageServer, provider: str
) -> None:
    model = language_server.model(provider=provider)
    language_server.script(Reply("half a reply", cut_after=8), "whole")
    assert model.complete(ASKED) == "whole"
    language_server.script(Reply("half a reply", cut_after=8), "whole")
    pieces = model.stream(ASKED)
    assert next(pieces) == "half a r"
    with pytest.raises(LanguageModelError) as caught:
        next(pieces)
    assert caught.value.reason == "cut"
    assert len(language_server.requests) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(raw="<html>It works!</html>", headers={"Content-Type": "text/html"}),
        Reply(raw="data: {broken\n\n", headers={"Content-Type": "text/event-stream"}),
        Reply(raw='data: {"choices": "none"}\n\ndata: [DONE]\n\n', headers={"Content-Type": "text/event-stream"}),
        Reply(raw="data: [1, 2]\n\n", headers={"Content-Type": "text/event-stream"}),
        Reply(raw="", headers={"Content-Type": "text/event-stream"}),
    ],
)
def test_what_is_no_protocol_is_a_failure_in_a_sentence(
    language_server: LanguageServer, provider: str, reply: Reply
) -> None:
    language_server.script(reply)
    with pytest.raises(LanguageModelError) as caught:
        language_server.model(provider=provider, retries=0).complete(ASKED)
    assert caught.value.reason in ("broken", "empty")


def test_thoughts_are_taken_out(language_server: LanguageServer, provider: str) -> None:
    model = language_server.model(provider=provider)
    language_server.script(Reply("<think>\n41? no, 42\n</think>\n\nThe answer.", piece=3))
    assert model.complete(ASKED) == "The answer."
    assert "".join(model.stream(ASKED)) == "The answer."
    language_server.script(Reply("opened in the prompt</think>\nThe answer.", reasoning="hidden"))
    assert model.complete(ASKED) == "The answer."


def test_thinking_is_turned_off_in_the_server_s_own_way(language_server: LanguageServer) -> None:
    language_server.model(thinking=False).complete(ASKED)
    assert language_server.requests[-1]["chat_template_kwargs"] == {"enable_thinking": False}
    language_server.model(thinking=False, provider="ollama").complete(ASKED)
    assert language_server.requests[-1]["think"] is False


def test_a_prompt_that_does_not_fit_is_cut_before_it_is_sent(language_server: LanguageServer) -> None:
    model = language_server.model(context_tokens=2000, reply_tokens=200)
    model.complete([ASKED[0], Message("user", "公开" * 20_000)])
    sent = language_server.requests[-1]["messages"]
    assert sent[0]["content"] == "Be brief."
    assert sent[1]["content"].endswith("…")
    assert 1500 < sum(model.count_tokens(message["content"]) for message in sent) <= 1800


def test_instructions_that_do_not_fit_are_no_prompt(language_server: LanguageServer) -> None:
    model = language_server.model(context_tokens=600, reply_tokens=200)
    with pytest.raises(LanguageModelError) as caught:
        model.complete([Message("system", "规则" * 2000), ASKED[1]])
    assert caught.value.reason == "too_long"
    assert not language_server.requests


def test_a_server_that_is_not_there_is_not_tried_for_a_while(language_server: LanguageServer, provider: str) -> None:
    settings = language_server.settings(provider=provider, url="http://127.0.0.1:9/v1", rest=60.0)
    model = LanguageModel.open(settings)
    assert "could not be reached" in fails(model, "unreachable")
    assert "isn't asked again for" in fails(model, "unreachable")


def test_a_server_that_hangs_costs_two_questions_their_time_and_no_third(language_server: LanguageServer) -> None:
    language_server.script(Reply(hang=True))
    model = language_server.model(timeout=0.2, retries=0, rest=60.0)
    for _ in range(4):
        fails(model, "timeout")
    assert len(language_server.requests) == 2


def test_after_its_rest_a_server_is_asked_again(
    language_server: LanguageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    language_server.script(Reply("who", status=401), "fine")
    model = language_server.model(rest=60.0)
    fails(model, "key")
    fails(model, "key")
    assert len(language_server.requests) == 1
    monkeypatch.setattr(model_module, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + 61))
    assert model.complete(ASKED) == "fine"


def test_only_so_many_calls_are_made_at_a_time(language_server: LanguageServer, provider: str) -> None:
    language_server.script(Reply("fine", delay=0.05))
    model = language_server.model(provider=provider, parallel=2)
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: model.complete(ASKED), range(8)))
    assert replies == ["fine"] * 8
    assert language_server.most_at_once <= 2


def test_a_stream_that_is_left_hangs_up_and_frees_its_place(language_server: LanguageServer) -> None:
    language_server.script(Reply("on and on ", endless=True, pause=0.01), "fine")
    model = language_server.model(parallel=1)
    pieces = model.stream(ASKED)
    assert next(iter(pieces))
    assert isinstance(pieces, Iterator)
    pieces.close()  # type: ignore[attr-defined]
    assert model.complete(ASKED) == "fine"


def test_the_environment_sends_nothing_elsewhere(
    language_server: LanguageServer, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = "http://127.0.0.1:9"
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "OLLAMA_HOST", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, elsewhere)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    monkeypatch.setenv("OLLAMA_API_KEY", "sk-of-somebody-else")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: 1")
    language_server.model(provider=provider).complete(ASKED)
    sent = json.dumps([language_server.requests, language_server.headers])
    assert "secret" not in sent.casefold()
    assert "somebody" not in sent
    assert "authorization" not in language_server.headers[-1]
    assert language_server.headers[-1]["user-agent"] == "nianbao"


def test_the_key_is_sent_as_the_bearer_and_known_to_nobody_else(
    language_server: LanguageServer, provider: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    model = language_server.model(provider=provider, key=KEY)
    model.complete(ASKED)
    assert language_server.headers[-1]["authorization"] == f"Bearer {KEY}"
    assert KEY not in repr(model.settings) + repr(model._llm) + caplog.text


def test_any_llama_index_llm_can_be_asked() -> None:
    from llama_index.core.llms import MockLLM

    model = LanguageModel.of(MockLLM())
    assert "你好" in model.complete(ASKED)


def test_a_given_llm_that_hangs_is_left_at_the_deadline() -> None:
    from llama_index.core.llms import MockLLM

    released = threading.Event()

    class Hanging(MockLLM):
        def stream_chat(self, *args: Any, **kwargs: Any) -> Any:
            released.wait(20)
            yield from ()

    model = LanguageModel.of(Hanging())
    object.__setattr__(model.settings, "timeout", 0.2)
    object.__setattr__(model.settings, "retries", 0)
    fails(model, "timeout")
    released.set()


@pytest.mark.parametrize("end", ["", "/", "/chat/completions"])
def test_an_address_copied_with_its_end_is_understood(language_server: LanguageServer, end: str) -> None:
    assert language_server.model(url=language_server.url + end).complete(ASKED) == "OK"


def test_opening_a_model_sends_nothing(language_server: LanguageServer, provider: str) -> None:
    language_server.model(provider=provider)
    assert not language_server.requests


def test_a_compressed_response_is_neither_asked_for_nor_read() -> None:
    asked: list[str | None] = []

    class Compressing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.headers["Accept-Encoding"])
            self.rfile.read(int(self.headers["Content-Length"]))
            body = gzip.compress(b'{"choices": []}' + b" " * 50_000_000, 1)
            self.send_response(200)
            self.send_header("Content-Encoding", "identity, gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Compressing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings = LanguageModelSettings("m", url=f"http://127.0.0.1:{server.server_port}/v1", retries=0, timeout=30.0)
        with pytest.raises(LanguageModelError) as caught:
            LanguageModel.open(settings).complete(ASKED)
        server.shutdown()
    assert caught.value.reason == "broken"
    assert asked == ["identity"]
