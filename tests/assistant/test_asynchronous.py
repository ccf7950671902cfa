"""The Assistant in asynchronous programs: the same answers, and nothing left running that was cancelled."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import anyio
import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.plan import Plan
from assistant.threads import Threads, in_thread, stepwise
from vectorstore.errors import QuestionError

pytestmark = [pytest.mark.integration, pytest.mark.anyio]

QUESTION = "哪些乡镇2023年没有收到申请？"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def assistant(samples_folder: Path) -> Iterator[Assistant]:
    with Assistant.open(samples_folder) as assistant:
        yield assistant


async def test_what_is_asked_asynchronously_is_answered_as_otherwise(assistant: Assistant) -> None:
    found: dict[str, Any] = {}

    async def keep(name: str, work: Any) -> None:
        found[name] = await work

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(keep, "answer", assistant.aask("那2022年呢？", [QUESTION]))
        tasks.start_soon(keep, "hits", assistant.asearch("政务公开培训", year=2023, kind="township", k=3))
        tasks.start_soon(keep, "figures", assistant.afigures("applications_new", year=2023))
        tasks.start_soon(keep, "reports", assistant.areports(kind="township"))
    assert found["answer"] == assistant.ask("那2022年呢？", [QUESTION])
    assert found["hits"] == assistant.search("政务公开培训", year=2023, kind="township", k=3)
    assert found["figures"] == assistant.figures("applications_new", year=2023)
    assert found["reports"] == assistant.reports(kind="township")


async def test_errors_are_those_of_the_other_methods(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match="empty"):
        await assistant.aask(" ")
    with pytest.raises(QuestionError, match="the kinds are"):
        await assistant.asearch("培训", kind="village")


class Endless(Assistant):
    """An assistant whose language model never comes to an end."""

    def begin(self) -> None:
        self.is_closed, self.steps = threading.Event(), 0

    def _stream(self, question: str, history: Sequence[str | Plan]) -> Any:
        try:
            for answer in super()._stream(question, history):
                while True:
                    self.steps += 1
                    yield answer
        finally:
            self.is_closed.set()


@pytest.fixture
def endless(samples_folder: Path) -> Iterator[Endless]:
    with Endless.open(samples_folder) as assistant:
        assistant.begin()
        yield assistant


async def test_a_stream_that_is_left_is_closed(endless: Endless) -> None:
    async with aclosing(endless.astream(QUESTION)) as answers:
        async for answer in answers:
            assert isinstance(answer, Answer)
            if endless.steps > 2:
                break
    assert await in_thread(endless.is_closed.wait, 10)


async def test_asking_that_is_cancelled_returns_at_once_and_closes_what_it_had_open(endless: Endless) -> None:
    with anyio.move_on_after(0.5) as scope:
        await endless.aask(QUESTION)
    assert scope.cancelled_caught
    assert await in_thread(endless.is_closed.wait, 10)


async def test_a_generator_cancelled_in_the_middle_of_a_step_is_closed_after_it() -> None:
    working, go_on, closed = threading.Event(), threading.Event(), threading.Event()

    def steps() -> Any:
        try:
            working.set()
            go_on.wait(10)
            yield 1
        finally:
            closed.set()

    async def run() -> None:
        async for _ in stepwise(steps()):
            pass

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(run)
        await in_thread(working.wait, 10)
        tasks.cancel_scope.cancel()
    assert not closed.is_set()  # nobody can close a generator that is at work
    go_on.set()
    assert await in_thread(closed.wait, 10)


async def test_what_a_step_raises_is_raised_and_ends_the_stream() -> None:
    def steps() -> Any:
        yield 1
        raise QuestionError("No.")

    running = stepwise(steps())
    assert await anext(running) == 1
    with pytest.raises(QuestionError, match=r"No\."):
        await anext(running)


async def test_a_question_that_cannot_be_asked_is_told_before_a_stream_begins(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match="empty"):
        assistant.stream(" ")
    with pytest.raises(QuestionError, match="empty"):
        assistant.astream(" ")


async def test_work_that_is_given_up_keeps_its_thread_until_it_ends() -> None:
    threads, door = Threads(2), threading.Event()
    begun: list[int] = []

    def work() -> None:
        begun.append(1)
        door.wait(10)

    for _ in range(3):
        async with anyio.create_task_group() as tasks:
            for _ in range(4):
                tasks.start_soon(threads.run, work)
            await in_thread(lambda: None)
            tasks.cancel_scope.cancel()
    door.set()
    assert await threads.run(lambda: len(begun)) == 2
