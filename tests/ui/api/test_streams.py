"""Answers as they come: events, whole and in order, that end when they end and stop when nobody listens."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant

QUESTION = "哪些开发区2023年没有收到申请？"
Serve = Callable[..., httpx.Client]


def events_of(response: httpx.Response) -> list[tuple[str, Any]]:
    assert response.headers["content-type"].startswith("text/event-stream")
    found = []
    for block in response.text.split("\n\n"):
        if block and not block.startswith(":"):
            name, *numbered, data = block.split("\n")
            found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
            assert bool(numbered) == (found[-1][0] != "partial")
    return found


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("path", "headers"), [("/v1/ask/stream", {}), ("/v1/ask", {"accept": "text/event-stream"})], ids=["path", "accept"]
)
def test_without_a_model_the_one_event_is_the_answer(
    client: httpx.Client, method: str, path: str, headers: dict[str, str]
) -> None:
    asked = {"question": QUESTION}
    sent = {"params": asked} if method == "GET" else {"json": asked}
    ((name, answer),) = events_of(client.request(method, path, headers=headers, **sent))
    assert name == "answer"
    assert answer == client.post("/v1/ask", json=asked).json()


@pytest.mark.parametrize(
    ("path", "headers"), [("/v1/ask/stream", {}), ("/v1/ask", {"accept": "text/event-stream"})], ids=["path", "accept"]
)
def test_a_browser_that_connects_again_after_the_answer_is_told_that_there_is_no_more(
    client: httpx.Client, path: str, headers: dict[str, str]
) -> None:
    asked = {"question": QUESTION}
    lines = client.get(path, params=asked, headers=headers).text.splitlines()
    (last,) = [line.removeprefix("id: ") for line in lines if line.startswith("id: ")]
    again = client.get(path, params=asked, headers=headers | {"last-event-id": last})
    assert (again.status_code, again.content) == (204, b"")


class Slow:
    """An assistant that words in steps, each when the test lets it."""

    def __init__(self, own: Assistant, steps: int = 3, error: Exception | None = None) -> None:
        self.own, self.steps, self.error = own, steps, error
        self.index, self.parser, self.language_model = own.index, own.parser, object()
        self.goes_on, self.closed, self.begun = threading.Event(), threading.Event(), threading.Event()

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        self.begun.set()
        self.goes_on.wait(10)
        return self.own.ask(question, history)

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Answer]:
        answer = self.own.ask(question, history)
        try:
            yield answer
            for step in range(1, self.steps + 1):
                self.goes_on.wait(10)
                yield answer.model_copy(update={"text": "字" * step, "worded_by": "model"})
            if self.error is not None:
                raise self.error
        finally:
            self.closed.set()


def test_partial_answers_are_whole_and_the_last_event_is_final(samples_assistant: Assistant, serve: Serve) -> None:
    slow = Slow(samples_assistant)
    slow.goes_on.set()
    events = events_of(serve(slow).post("/v1/ask/stream", json={"question": QUESTION}))
    assert {name for name, _ in events[:-1]} == {"partial"}
    assert events[-1][0] == "answer"
    assert events[-1][1]["text"] == "字字字"
    for _, answer in events:
        Answer.model_validate(answer)


def test_a_stream_that_has_nothing_to_say_says_that_it_is_there(samples_assistant: Assistant, serve: Serve) -> None:
    slow = Slow(samples_assistant)
    client = serve(slow, beat_seconds=0.05)
    with client.stream("POST", "/v1/ask/stream", json={"question": QUESTION}) as response:
        text = ""
        for piece in response.iter_text():
            text += piece
            if ": still there" in text:
                slow.goes_on.set()
    # On a slow computer also before the first of the answers.
    assert max(text.index("event: partial"), text.index(": still there")) < text.index("event: answer")


def test_a_stream_stops_when_the_client_has_left(samples_assistant: Assistant, serve: Serve) -> None:
    slow = Slow(samples_assistant, steps=10_000)
    client = serve(slow, beat_seconds=0.05)
    with client.stream("POST", "/v1/ask/stream", json={"question": QUESTION}) as response:
        next(response.iter_text())
    slow.goes_on.set()
    assert slow.closed.wait(10)
    assert client.get("/v1/status").status_code == 200


def test_an_error_on_the_way_is_the_last_event(samples_assistant: Assistant, serve: Serve) -> None:
    slow = Slow(samples_assistant, error=RuntimeError("secret"))
    slow.goes_on.set()
    events = events_of(serve(slow).post("/v1/ask/stream", json={"question": QUESTION}))
    assert events[-1][0] == "problem"
    assert events[-1][1]["code"] == "unexpected"
    assert "secret" not in json.dumps(events[-1][1])


def test_an_answer_that_takes_too_long_is_given_up_in_a_sentence(samples_assistant: Assistant, serve: Serve) -> None:
    slow = Slow(samples_assistant)
    client = serve(slow, seconds=0.2)
    response = client.post("/v1/ask", json={"question": QUESTION})
    assert (response.status_code, response.json()["code"]) == (504, "timed_out")
    slow.goes_on.set()


def test_what_waits_for_a_thread_is_not_begun_once_its_client_has_left(
    samples_assistant: Assistant, serve: Serve
) -> None:
    slow = Slow(samples_assistant)
    client = serve(slow, threads=1)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.post, "/v1/ask", json={"question": QUESTION})
        assert slow.begun.wait(10)
        slow.begun.clear()
        with pytest.raises(httpx.ReadTimeout):
            client.post("/v1/ask", json={"question": QUESTION}, timeout=0.3)
        # Others are received meanwhile.
        assert client.get("/health").status_code == 200
        slow.goes_on.set()
        assert first.result().status_code == 200
    assert client.get("/v1/status").status_code == 200
    assert not slow.begun.is_set()


def test_many_at_once_each_get_their_own_answer(client: httpx.Client, samples_assistant: Assistant) -> None:
    questions = [
        f"{year}年{kind}收到多少件申请？" for year in (2021, 2022, 2023) for kind in ("乡镇", "开发区", "街道", "部门")
    ]
    expected = {question: samples_assistant.ask(question).text for question in questions}
    with ThreadPoolExecutor(16) as pool:
        asked = questions * 5
        given = list(pool.map(lambda question: client.post("/v1/ask", json={"question": question}).json(), asked))
    assert [answer["text"] for answer in given] == [expected[question] for question in asked]


def test_the_server_receives_while_all_threads_work(samples_assistant: Assistant, serve: Serve) -> None:
    slow = Slow(samples_assistant)
    client = serve(slow, threads=1)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.post, "/v1/ask", json={"question": QUESTION})
        assert slow.begun.wait(10)
        assert client.get("/openapi.json").status_code == 200
        assert not waiting.done()
        slow.goes_on.set()
        assert waiting.result().status_code == 200
