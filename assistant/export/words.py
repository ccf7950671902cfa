"""The words of exported files, from ``assistant/lexicons/export.toml``."""

from __future__ import annotations

from assistant.lexicons import read_lexicon


def say(language: str, key: str, **values: object) -> str:
    """The words of ``section.name`` in a language, with their braces filled in."""
    section, _, name = key.partition(".")
    words: str = read_lexicon("export")[section][name]["en" if language == "en" else "zh"]
    return words.format(**values)
