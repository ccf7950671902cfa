"""One Assistant, asked by many threads at once, also while another process ingests."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from assistant.answer import Answer
from assistant.assistant import Assistant
from ingest.pipeline import ingest
from vectorstore.index import Index

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = sorted((ROOT / "samples" / "reports").glob("*.txt"))
QUESTIONS = (
    "哪些乡镇2023年没有收到申请？",
    "2022年一共收到多少件申请？",
    "各乡镇近三年新收申请的变化",
    "2023年谁收到的申请最多？",
    "有哪些报告提到征地补偿？",
    "2023年的行政复议有多少件？",
    "哪些报告的数字前后不一致？",
    "which townships received no applications in 2023?",
    "存在的主要问题有哪些？",
    "2021年街道和乡镇哪个收到的申请多？",
)
SEARCHES = ("征地补偿方面的申请", "政务公开培训", "网站改版", "依申请公开答复文书", "2023年乡镇 惠农补贴")
THREADS = 32
"""More than there are connections in a pool by default."""


@pytest.fixture(scope="module")
def folder(samples_folder: Path) -> Path:
    return samples_folder


def told(answer: Answer) -> dict[str, Any]:
    return answer.model_dump(mode="json")


def at_once(work: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each gives, all begun in the same moment, each in a thread of its own."""
    start = Barrier(len(work))

    def begin(one: Callable[[], Any]) -> Any:
        start.wait(timeout=60)
        return one()

    with ThreadPoolExecutor(len(work)) as threads:
        return list(threads.map(begin, work, timeout=120))


def test_different_questions_at_once_are_answered_as_one_after_the_other(folder: Path) -> None:
    with Assistant.open(folder) as one_by_one:
        expected = {question: told(one_by_one.ask(question)) for question in QUESTIONS}
    with Assistant.open(folder) as assistant:
        asked = [QUESTIONS[at % len(QUESTIONS)] for at in range(THREADS)]
        answers = at_once([lambda question=question: told(assistant.ask(question)) for question in asked])
    for question, answer in zip(asked, answers, strict=True):
        assert answer == expected[question]


def test_more_searches_at_once_than_connections_are_kept_find_what_each_finds_alone(folder: Path) -> None:
    def search(assistant: Assistant, query: str) -> list[tuple[str, float]]:
        return [(hit.id, hit.score) for hit in assistant.search(query, k=5)]

    with Assistant.open(folder) as one_by_one:
        expected = {query: search(one_by_one, query) for query in SEARCHES}
    with Assistant.open(folder) as assistant:
        wanted = [SEARCHES[at % len(SEARCHES)] for at in range(THREADS)]
        found = at_once([lambda query=query: search(assistant, query) for query in wanted])
    for query, hits in zip(wanted, found, strict=True):
        assert hits == expected[query]


def test_a_conversation_of_one_thread_does_not_reach_into_anothers(folder: Path) -> None:
    histories = [["2023年各乡镇收到多少件申请？"], ["2022年各街道收到多少件申请？"], ["2021年石螺镇收到多少件申请？"]]
    with Assistant.open(folder) as assistant:
        alone = [told(assistant.ask("那行政复议呢？", history)) for history in histories]
        work = [histories[at % len(histories)] for at in range(12)]
        together = at_once([lambda history=history: told(assistant.ask("那行政复议呢？", history)) for history in work])
    assert together == [alone[at % len(histories)] for at in range(12)]


@pytest.fixture
def filling(tmp_path: Path) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    """An index of most of the samples, into which another process is putting the others."""
    first, rest = tmp_path / "first", tmp_path / "rest"
    for name, files in ((first, SAMPLES[:-10]), (rest, SAMPLES[-10:])):
        name.mkdir()
        for file in files:
            shutil.copy(file, name)
    folder = tmp_path / "index"
    with Index.open(folder, create=True) as index:
        ingest([first], index)
    script = "from ui.cli import main; main()"
    command = [sys.executable, "-c", script, "ingest", str(rest), "--index", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        yield folder, process
        process.wait(timeout=120)


def test_answers_while_another_process_ingests_are_each_of_one_state_of_the_index(
    filling: tuple[Path, subprocess.Popen[str]],
) -> None:
    folder, process = filling
    with Assistant.open(folder) as assistant:

        def ask_until_done(first: int) -> list[tuple[str, Answer]]:
            answers = []
            at = first
            while process.poll() is None:
                question = QUESTIONS[at % len(QUESTIONS)]
                answers.append((question, assistant.ask(question)))
                at += 1
            return answers

        with ThreadPoolExecutor(4) as threads:
            answers = [answer for some in threads.map(ask_until_done, range(4)) for answer in some]
        assert process.returncode == 0, process.stdout.read() if process.stdout else ""
        states: dict[tuple[str, str], dict[str, Any]] = {}
        for question, answer in answers:
            same = states.setdefault((question, answer.corpus.fingerprint), told(answer))
            assert told(answer) == same
            parts = answer.coverage
            assert sum(parts.parts.values()) == parts.in_scope
            for citation in answer.citations:
                assert assistant.index.text(citation.report_id)[citation.start : citation.end] == citation.quote
        assert len({fingerprint for _, fingerprint in states}) > 1  # it did change meanwhile
        with Assistant.open(folder) as fresh:
            for question in QUESTIONS:
                assert told(assistant.ask(question)) == told(fresh.ask(question))
            for query in SEARCHES:
                assert assistant.search(query) == fresh.search(query)


def test_answers_while_another_thread_ingests_through_an_index_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with Index.open(folder, create=True) as index:
        ingest(SAMPLES[:-10], index)
    with Assistant.open(folder) as assistant, ThreadPoolExecutor(3) as threads:

        def put_in() -> None:
            with Index.open(folder) as other:
                ingest(SAMPLES[-10:], other)

        ingestion = threads.submit(put_in)

        def search_until_done(first: int) -> int:
            at = first
            while not ingestion.done():
                for hit in assistant.search(SEARCHES[at % len(SEARCHES)]):
                    span = slice(hit.passage.start, hit.passage.end)
                    assert assistant.index.text(hit.report.report_id)[span] == hit.passage.text
                at += 1
            return at

        list(threads.map(search_until_done, range(2)))
        ingestion.result()
        with Assistant.open(folder) as fresh:
            for query in SEARCHES:
                assert assistant.search(query) == fresh.search(query)
