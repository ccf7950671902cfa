"""The words of the interfaces, as data: ``static/texts.toml`` holds them in Chinese and English."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Texts:
    """The interface's words in one language; a missing word is a KeyError that names it."""

    def __init__(self, language: Language, words: dict[str, dict[str, str]]) -> None:
        self.language = language
        self._words = words

    def __call__(self, key: str, **values: object) -> str:
        """The words of ``section.name``, with ``{placeholders}`` filled in."""
        section, _, name = key.partition(".")
        return self._words[section][name].format(**values)


@cache
def _all() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((files("ui.static") / "texts.toml").read_text(encoding="utf-8"))


@cache
def texts(language: str) -> Texts:
    """The words in ``zh`` or ``en``; any other language gets the Chinese ones."""
    chosen: Language = "en" if language == "en" else "zh"
    return Texts(chosen, _all()[chosen])


def terminal_language() -> Language:
    """The language of the terminal's own labels: Chinese in a Chinese locale, otherwise English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
