"""Calls and names as results write them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import urlsplit

from assistant.tools.results import LONGEST_RESULT, ToolResult

LONGEST_QUOTE = 240


def call(tool: str, **arguments: Any) -> str:
    """A call that can be made as it stands; arguments that are not given are left out."""
    written = (
        f"{name}={json.dumps(value, ensure_ascii=False)}"
        for name, value in arguments.items()
        if value is not None and value != []
    )
    return f"{tool}({', '.join(written)})"


def file_name(source: str) -> str:
    """A source without the folders of this computer; an address of the web stays."""
    if urlsplit(source).scheme in ("http", "https"):
        return source
    return PurePosixPath(PureWindowsPath(source).as_posix()).name


def shortened(quote: str, longest: int = LONGEST_QUOTE) -> str:
    """A quote, or its beginning and an ellipsis."""
    return quote if len(quote) <= longest else quote[:longest] + "…"


class Room:
    """How many characters of a result are left."""

    def __init__(self, taken: ToolResult, reserve: int = 0) -> None:
        self.left = LONGEST_RESULT - reserve - len(taken.as_json())

    def take(self, *parts: ToolResult, spare: int = 0) -> bool:
        """Take the room of parts, and so many characters more, unless they are too long for what is left."""
        needed = length_of(parts) + spare
        if needed > self.left:
            return False
        self.left -= needed
        return True


def length_of(parts: Iterable[ToolResult]) -> int:
    """Of parts as JSON, with the commas between."""
    return sum(len(part.as_json()) + 1 for part in parts)
