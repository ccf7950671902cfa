"""The threads that read what a language model's server says, and the program's end."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.language_models.background import pieces_until, wait_with_beats

ROOT = Path(__file__).resolve().parents[3]
ENDLESS = """
import time
from assistant.language_models.background import pieces_until

def source():
    try:
        while True:
            time.sleep(0.05)
            yield "x"
    finally:
        print("closed", flush=True)

pieces = pieces_until(time.monotonic() + 60, source, lambda: None)
print(next(pieces), flush=True)
"""


@pytest.mark.integration
def test_an_endless_source_is_closed_before_the_program_ends() -> None:
    """Else its thread comes back from a library's C while Python ends, which kills the process."""
    done = subprocess.run([sys.executable, "-c", ENDLESS], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["x", "closed"], "")


def test_a_silent_source_gives_beats_and_its_own_pieces() -> None:
    """One thread for both: a beat is no piece, and ends with the source."""
    heard = threading.Event()

    def source() -> Iterator[str]:
        heard.wait(20)
        yield "x"

    ended = threading.Event()
    pieces = pieces_until(time.monotonic() + 30, source, ended.set, beat=0.01)
    assert next(pieces) is None
    heard.set()
    assert [piece for piece in pieces if piece is not None] == ["x"]
    assert ended.wait(20)


def test_a_wait_says_whether_what_was_waited_for_has_come() -> None:
    asked: list[float] = []

    def come(seconds: float) -> bool:
        asked.append(seconds)
        return len(asked) == 3

    assert list(wait_with_beats(4, 1, come)) == ["", ""]
    assert asked == [1, 1, 1]
    assert list(wait_with_beats(2, None, lambda _: False)) == []
