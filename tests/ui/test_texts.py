"""The interface's words."""

from __future__ import annotations

import string
from typing import get_args

import pytest

from assistant.answer import RowState
from ui.texts import all_words, terminal_language, texts
from vectorstore.records import State

WORDS = all_words()


def test_both_languages_have_the_same_words_and_placeholders() -> None:
    def shape(language: str) -> dict[str, set[str | None]]:
        return {
            f"{section}.{name}": {field for _, field, _, _ in string.Formatter().parse(words) if field}
            for section, named in WORDS[language].items()
            for name, words in named.items()
        }

    assert shape("zh") == shape("en")


def test_every_state_has_a_word() -> None:
    for language in ("zh", "en"):
        assert {*get_args(RowState), *State} <= WORDS[language]["state"].keys()


def test_english_counts_one_and_several() -> None:
    english = texts("en")
    one = english("answer.coverage", n=1, parts=english("answer.n_stated", n=1))
    assert one == "1 report in scope: 1 states it"
    two = english("answer.coverage", n=2, parts=english("answer.n_stated", n=2))
    assert two == "2 reports in scope: 2 state it"


def test_an_unknown_language_gets_chinese() -> None:
    assert texts("fr").language == "zh"


@pytest.mark.parametrize(("locale", "language"), [("zh_CN.UTF-8", "zh"), ("en_GB", "en"), ("C", "en"), ("", "en")])
def test_the_terminal_speaks_the_locales_language(monkeypatch: pytest.MonkeyPatch, locale: str, language: str) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    assert terminal_language() == language
