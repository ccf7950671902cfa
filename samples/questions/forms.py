"""The wordings of ``forms/*.toml``, each with what it means.

A group of the files is a meaning and all its wordings, one a line, in Chinese (``zh``) and English (``en``); see
``forms/README.md`` for the keys.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "forms"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Form:
    """One wording.

    Attributes:
        group: The id of its group; wordings of a group and of the same parameters have the same answer.
        kind: The kind of question, as results are reported by.
        operation: The name of a function of ``gold``.
        history: Earlier questions of the conversation, with placeholders too.
        meaning: The other keys of the group.
        times: How many questions it becomes.
    """

    group: str
    kind: str
    operation: str
    language: str
    wording: str
    history: tuple[str, ...] = ()
    meaning: dict[str, Any] = field(default_factory=dict)
    times: int = 1

    @property
    def placeholders(self) -> frozenset[str]:
        """The names of its placeholders, those of its history included."""
        return frozenset(_PLACEHOLDER.findall("".join((self.wording, *self.history))))


@cache
def forms() -> tuple[Form, ...]:
    """All forms, in the order of the files."""
    return tuple(form for path in sorted(FOLDER.glob("*.toml")) for form in _read(path))


def _read(path: Path) -> Iterator[Form]:
    for group in tomllib.loads(path.read_text(encoding="utf-8"))["group"]:
        meaning = dict(group)
        kind, operation, name = meaning.pop("kind"), meaning.pop("op"), meaning.pop("id")
        wordings = {language: meaning.pop(language, "") for language in ("zh", "en")}
        histories = {language: tuple(meaning.pop(f"history_{language}", ())) for language in ("zh", "en")}
        times = meaning.pop("times", 1)
        for language, lines in wordings.items():
            for line in lines.strip().splitlines():
                yield Form(name, kind, operation, language, line.strip(), histories[language], meaning, times)
