"""What a terminal can show: how wide it is, and whether it is coloured; and text laid out for it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from typing import Literal, TextIO
from unicodedata import combining, east_asian_width

Style = Literal["strong", "faint", "marker", "warning"]
_CODES: dict[Style, str] = {"strong": "1", "faint": "2", "marker": "36", "warning": "33"}

_MARKER = re.compile(r"(?:\[\d+\])+")
_PIECES = re.compile(
    r"""\s+
    | (?:\[\d+\])+                            # markers
    | \d[\d.,]*[件个份条项次人家年月日万亿%]*  # a number with what it counts
    | [A-Za-zÀ-ɏ0-9_.,:;/'’&@\#+\-]+          # a word
    | .                                       # Chinese breaks anywhere
    """,
    re.DOTALL | re.VERBOSE,
)
"""What a line isn't broken within."""
_NEVER_FIRST = frozenset("，。、；：？！）】》〉」』”’…—％%,.;:?!)]}·")
_NEVER_LAST = frozenset("（【《〈「『“‘([{")
_NARROWEST = 20
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")


def is_terminal(stream: TextIO | None = None) -> bool:
    """Whether a person looks at what is written to a stream, by default standard output."""
    return (stream or sys.stdout).isatty()


def is_coloured(stream: TextIO | None = None) -> bool:
    """Whether to colour what is written to a stream: only on a terminal that can, unless the environment says.

    ``NO_COLOR`` forbids it (no-color.org), ``FORCE_COLOR`` asks for it, ``TERM=dumb`` can't.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return os.environ.get("TERM") != "dumb" and is_terminal(stream)


def styled(text: str, style: Style) -> str:
    """The text in a style, where standard output is coloured; otherwise as it is."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if text and is_coloured() else text


def with_markers(text: str) -> str:
    """A text with its ``[1][2]`` coloured."""
    return _MARKER.sub(lambda found: styled(found[0], "marker"), text) if is_coloured() else text


def harmless(text: str) -> str:
    """A text without the characters that would command the terminal: a report may hold any."""
    return _CONTROL.sub("�", text)


def columns() -> int:
    """How many columns standard output has; ``COLUMNS`` overrides it."""
    return max(_NARROWEST, shutil.get_terminal_size().columns)


def width_of(text: str) -> int:
    """Columns that a text takes: a Chinese character takes two."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(text: str, width: int, indent: str = "") -> Iterator[str]:
    """A line in lines of at most ``width`` columns, each further one after ``indent``.

    No line begins with a mark that closes, or ends with one that opens; a word longer than a line is cut.
    """
    line, taken, room = "", 0, max(_NARROWEST, width)
    held = width_of(indent)
    for piece in _unbroken(text):
        needed = width_of(piece)
        if taken + width_of(piece.rstrip()) > room and line.strip():
            yield line.rstrip()
            line, taken, piece = indent, held, piece.lstrip()
            needed = width_of(piece)
        while taken + needed > room:
            head = _fitting(piece, room - taken)
            yield (line + head).rstrip()
            line, taken, piece = indent, held, piece[len(head) :]
            needed = width_of(piece)
        line, taken = line + piece, taken + needed
    yield line.rstrip()


def _unbroken(text: str) -> Iterator[str]:
    """The parts between which a line may be broken."""
    part = ""
    for piece in _PIECES.findall(text):
        if part and piece[0] not in _NEVER_FIRST and part[-1] not in _NEVER_LAST and not _MARKER.match(piece):
            yield part
            part = ""
        part += piece
    if part:
        yield part


def _fitting(text: str, room: int) -> str:
    """The beginning of a text that fits, of at least one character."""
    taken = 0
    for position, character in enumerate(text):
        taken += width_of(character)
        if taken > room:
            return text[: max(1, position)]
    return text
