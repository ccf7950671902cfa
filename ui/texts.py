"""The words of the interfaces, as data: the files of ``static/texts`` hold them in Chinese and English."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from vectorstore.counted import counted

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Texts:
    """The interface's words in one language; a missing word is a KeyError that names it."""

    def __init__(self, language: Language, words: dict[str, dict[str, str]]) -> None:
        self.language = language
        self._words = words

    def __call__(self, key: str, **values: object) -> str:
        """The words of ``section.name``, with ``{placeholders}`` filled in; ``{n:report}`` is 1 report, 2 reports."""
        section, _, name = key.partition(".")
        return self._words[section][name].format(**counted(values))

    def section(self, name: str) -> dict[str, str]:
        """All words of a section by name, with their placeholders: what a script of the page gets."""
        return dict(self._words[name])


@cache
def all_words() -> dict[str, dict[str, dict[str, str]]]:
    """By language, section and name.

    Raises:
        ValueError: Two files hold the same section.
    """
    merged: dict[str, dict[str, dict[str, str]]] = {language: {} for language in LANGUAGES}
    for file in sorted((files("ui.static") / "texts").iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".toml"):
            continue
        for language, sections in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for section, words in sections.items():
                if section in merged[language]:
                    raise ValueError(f"{file.name} holds {language}.{section}, which another file holds too.")
                merged[language][section] = words
    return merged


@cache
def texts(language: str) -> Texts:
    """The words in ``zh`` or ``en``; any other language gets the Chinese ones."""
    chosen: Language = "en" if language == "en" else "zh"
    return Texts(chosen, all_words()[chosen])


def terminal_language() -> Language:
    """The language of the terminal's own labels: Chinese in a Chinese locale, otherwise English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
