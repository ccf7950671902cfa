"""Text laid out for terminals."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import terminal
from ui.terminal import harmless, is_coloured, width_of, wrapped

WORDS = st.text(st.sampled_from("政府信息公开，。（）“”12,.件 abcdefgh-[1]\u0301é…"), max_size=200)


@given(WORDS, st.integers(20, 60), st.sampled_from(["", "    "]))
def test_no_line_is_wider_than_the_terminal_and_nothing_is_lost(text: str, width: int, indent: str) -> None:
    lines = list(wrapped(text, width, indent))
    assert all(width_of(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_line_does_not_begin_with_a_mark_that_closes() -> None:
    text = "栖澜经济开发区管理委员会（以下简称管委会），全年新收政府信息公开申请3件[1][2]；办结3件[3]。" * 5
    for width in range(20, 80):
        for line in wrapped(text, width):
            assert line[0] not in "，。；）[" and not line.endswith("（")
            assert not line.startswith("件")


def test_chinese_takes_two_columns() -> None:
    assert width_of("年报 ok") == 7
    assert list(wrapped("年" * 30, 20)) == ["年" * 10] * 3


def test_further_lines_are_indented() -> None:
    assert all(line.startswith("  ") for line in list(wrapped("abc " * 30, 20, "  "))[1:])


def test_what_commands_a_terminal_is_not_passed_on() -> None:
    assert harmless("a\x1b[2Jb\x07\x9bc\td\n") == "a�[2Jb��c\td\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("variables", "stream", "coloured"),
    [
        ({}, Terminal(), True),
        ({}, io.StringIO(), False),
        ({"NO_COLOR": "1"}, Terminal(), False),
        ({"NO_COLOR": ""}, Terminal(), True),
        ({"TERM": "dumb"}, Terminal(), False),
        ({"FORCE_COLOR": "1"}, io.StringIO(), True),
        ({"FORCE_COLOR": "0"}, io.StringIO(), False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, Terminal(), False),
    ],
)
def test_only_a_terminal_is_coloured_unless_the_environment_says(
    variables: dict[str, str], stream: io.StringIO, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert is_coloured(stream) is coloured


def test_a_narrow_terminal_still_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "3")
    assert terminal.columns() == 20
