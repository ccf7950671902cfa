"""The vocabulary of web pages around reports: ``lexicons/web_page.toml``, compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from ingest.lexicons import read_lexicon

_LONGEST_FURNITURE_LINE = 130
_NAME_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SPACES = re.compile(r"[\s\u200b\ufeff]+")


@dataclass(frozen=True, slots=True)
class PageWords:
    """See the file for what each is."""

    furniture_names: frozenset[str]
    furniture_tags: frozenset[str]
    furniture_line: re.Pattern[str]
    furniture_words: re.Pattern[str]
    metadata_labels: Mapping[str, str]
    meta_names: Mapping[str, str]
    title: re.Pattern[str]
    table_words: re.Pattern[str]
    links_heading: re.Pattern[str]
    ornament: re.Pattern[str]


@cache
def page_words() -> PageWords:
    """The vocabulary, read once per process."""
    data = read_lexicon("web_page")
    return PageWords(
        frozenset(data["furniture_names"]),
        frozenset(data["furniture_tags"]),
        re.compile("|".join(f"(?:{pattern})" for pattern in data["furniture_lines"]), re.IGNORECASE),
        re.compile(data["furniture_words"]),
        data["metadata_labels"],
        data["meta_names"],
        re.compile(data["patterns"]["title"]),
        re.compile(data["patterns"]["table_words"]),
        re.compile(data["patterns"]["links_heading"]),
        re.compile(data["patterns"]["ornament"], re.IGNORECASE),
    )


@lru_cache(maxsize=4096)
def names_furniture(names: str) -> bool:
    """Whether an element's class or id names a part of the page's furniture."""
    known = page_words().furniture_names
    if not known.isdisjoint(names.lower().split()):
        return True
    return any(part.lower() in known for part in _NAME_PARTS.findall(names))


def dense(text: str) -> str:
    """A text without white space and zero-width characters."""
    return _SPACES.sub("", text)


def is_furniture_line(text: str) -> bool:
    """Whether a line says nothing but what pages say around any article: 【打印】, 上一篇：…, 当前位置：…."""
    compact = dense(text)
    return len(compact) <= _LONGEST_FURNITURE_LINE and page_words().furniture_line.fullmatch(compact) is not None


def is_title(text: str) -> bool:
    """Whether a line can be the report's title or the end of it."""
    return len(text) <= 80 and "。" not in text and page_words().title.search(dense(text)) is not None
