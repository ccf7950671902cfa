"""An answer printed on a terminal while it is being worded."""

from __future__ import annotations

import io
from typing import Any

import pytest

from assistant.answer import Answer, Corpus
from ui import growing, printing

BUILT_IN = Answer(
    question="问", language="zh", status="answered", text="甲镇3件。", corpus=Corpus(reports=1, fingerprint="f")
)


def worded(text: str) -> Answer:
    return BUILT_IN.model_copy(update={"text": text, "worded_by": "model"})


ANSWERS = [BUILT_IN, BUILT_IN, worded("甲镇收到3件。"), worded("甲镇收到3件。\n范围：1份。")]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(monkeypatch: pytest.MonkeyPatch, answers: list[Answer], out: Any) -> str:
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setenv("NO_COLOR", "1")
    printing.print_growing(iter(answers))
    return str(out.getvalue())


def test_on_a_terminal_the_wording_grows_and_the_built_in_text_is_not_printed_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = printed(monkeypatch, ANSWERS, Terminal())
    assert "甲镇3件" not in text
    assert text.count("甲镇收到3件。") == 1
    assert "甲镇收到3件。\n范围：1份。\n" in text
    assert "由语言模型措辞" in text


def test_in_a_pipe_only_the_final_answer_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(monkeypatch, ANSWERS, io.StringIO())
    assert text.startswith("甲镇收到3件。\n范围：1份。\n")
    assert "正在措辞" not in text


def test_a_model_that_says_nothing_leaves_the_built_in_text(monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(monkeypatch, [BUILT_IN, BUILT_IN], Terminal())
    assert text.rsplit(growing._BACK, 1)[-1].startswith("甲镇3件。")
    assert printed(monkeypatch, [BUILT_IN], Terminal()) == "甲镇3件。\n"


def test_what_would_command_the_terminal_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(monkeypatch, [BUILT_IN, worded("甲镇\x1b[2J收到3件。")], Terminal())
    assert "\x1b[2J" not in text
