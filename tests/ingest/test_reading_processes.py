"""Files that crash, hang or swell, in processes that are really ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.files import reading_processes
from ingest.files.reading_processes import InterruptedReadingError, Outcome, ReadingProcesses, ReadingTask
from vectorstore.errors import ReadError

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[2]


def behave(task: ReadingTask) -> Outcome:
    """What a test's file makes of the process that reads it."""
    order = task.data.decode()
    if order == "hang":
        time.sleep(600)
    elif order == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif order == "swell":
        try:
            return ReadError(f"{len(bytearray(64 * 1024**3))}")
        except MemoryError:
            return ReadError("no memory")
    elif order == "leave a child":
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", task.source])
        time.sleep(600)
    elif order.startswith("sleep "):
        time.sleep(float(order.removeprefix("sleep ")))
    return ReadError(f"{order} done")


def steps(*orders: str, seconds: float = 60) -> Iterator[tuple[str, ReadingTask | None]]:
    for order in orders:
        yield order, None if order == "pass" else ReadingTask(order.encode(), order, None, seconds)


def read(*orders: str, seconds: float = 60, number: int = 2) -> dict[str, str]:
    with ReadingProcesses(number, behave) as processes:
        return {order: str(outcome) for order, outcome in processes.read(steps(*orders, seconds=seconds))}


def is_running(mark: str) -> bool:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in path.read_bytes():
                return True
        except OSError:
            continue
    return False


def test_results_come_in_the_order_of_the_files_whichever_was_done_first() -> None:
    orders = ["sleep 0.3", "a", "pass", "b", "sleep 0.1", "c"]
    assert list(read(*orders)) == orders


def test_a_file_that_crashes_its_process_costs_one_line_and_the_rest_goes_on() -> None:
    outcomes = read("a", "crash", "b", "c")
    assert "SIGSEGV" in outcomes.pop("crash")
    assert outcomes == {"a": "a done", "b": "b done", "c": "c done"}


def test_a_file_that_never_ends_is_ended_and_the_rest_goes_on() -> None:
    outcomes = read("hang", "a", "b", seconds=1)
    assert outcomes.pop("hang") == (
        "hang was not read within 1 seconds, as any report is; split it, or try again when the machine is less busy."
    )
    assert outcomes == {"a": "a done", "b": "b done"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is limited on Linux only")
def test_a_file_that_swells_meets_the_limit_of_memory() -> None:
    assert read("swell", "a") == {"swell": "no memory", "a": "a done"}


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to see processes")
def test_what_a_reader_started_ends_with_it() -> None:
    mark = f"child of {os.getpid()}"
    with ReadingProcesses(1, behave) as processes:
        task = ReadingTask(b"leave a child", mark, None, 1)
        assert [type(outcome) for _, outcome in processes.read([("x", task)])] == [InterruptedReadingError]
    assert not is_running(mark)


def test_only_so_many_files_are_taken_ahead() -> None:
    taken = []

    def endless() -> Iterator[tuple[int, ReadingTask | None]]:
        for number in range(1000):
            taken.append(number)
            yield number, ReadingTask(b"a", "a", None, 60)

    with ReadingProcesses(2, behave) as processes:
        results = processes.read(endless())
        assert next(results)[0] == 0 and len(taken) <= 20


def test_processes_that_are_killed_while_idle_are_replaced() -> None:
    with ReadingProcesses(1, behave) as processes:
        results = processes.read(steps(*(f"sleep 0.0{n}" for n in range(9)), "a"))
        next(results)
        pool: Any = processes._pool
        for process in list(pool._pool_manager.worker_manager.workers.values()):
            os.kill(process.pid, signal.SIGKILL)
        outcomes = [str(outcome) for _, outcome in results]
    assert outcomes[-1] == "a done"


def test_processes_that_cannot_be_kept_running_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_processes, "_limit_process", refuse_to_start)
    with pytest.raises(ReadError, match="--jobs 1"), ReadingProcesses(1, behave) as processes:
        list(processes.read(steps("a")))


def refuse_to_start(memory: int) -> None:
    os._exit(1)


def test_light_files_are_read_here_and_say_the_same(forms: Any) -> None:
    data = forms.report_text().encode()
    outcomes = []
    for is_light in (True, False):
        tasks = [("a", ReadingTask(data, "a.txt", None, 60, is_light)), ("b", None)]
        tasks.append(("c", ReadingTask(b"", "c.txt", None, 60, is_light)))
        with ReadingProcesses(1) as processes:
            outcomes.append([repr(outcome) for outcome in processes.read(tasks)])
            assert (processes._pool is None) == is_light
    assert outcomes[0] == outcomes[1]


def test_many_light_files_are_read_by_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_processes, "_FEW", 3)
    tasks = [(number, ReadingTask(b"a", "a", None, 60, is_light=True)) for number in range(9)]
    with ReadingProcesses(2, behave) as processes:
        assert [number for number, _ in processes.read(tasks)] == list(range(9))
        assert processes._pool is not None


def test_a_script_without_a_guard_is_not_run_again_by_the_processes(tmp_path: Path, forms: Any) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from ingest.files.reading_processes import ReadingProcesses, ReadingTask\n"
        "print('begun')\n"
        "with ReadingProcesses(1) as processes:\n"
        "    print([str(o) for _, o in processes.read([(1, ReadingTask(b'', 'a.txt', None, 60))])])\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, script], capture_output=True, encoding="utf-8", env=environment, timeout=60, check=False
    )
    assert result.stdout.count("begun") == 1 and "a.txt is empty" in result.stdout, result.stderr
