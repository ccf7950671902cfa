"""What a heading looks like: its number, where it ends on a run-in line, and what its words say it is about.

Numbers in real reports are unreliable (two 一、, all "1、", none at all), so the words of the form's own headings
decide first; the number's style only tells the levels apart. The words are data: ``lexicons/sections.toml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache

from ingest.lexicons import read_lexicon
from ingest.narrative.tokens import units
from vectorstore.folding import fold_label
from vectorstore.records import SectionRole

LONGEST_HEADING = 50
"""In characters, number included: longer lines are paragraphs."""

_CHINESE_NUMBER = "[〇一二三四五六七八九十]{1,3}"
_NUMBERS = (
    ("part", re.compile(rf"第{_CHINESE_NUMBER}(?:部分|章|篇)[、:：.．\s]*")),
    ("chinese", re.compile(rf"{_CHINESE_NUMBER}\s*[、,，.．:：]\s*|{_CHINESE_NUMBER}[\s\u3000]+")),
    (
        "bracketed",
        re.compile(
            rf"[（(〔]\s*{_CHINESE_NUMBER}\s*[）)〕]\s*[、.．]?\s*|{_CHINESE_NUMBER}[）)]\s*|[㈠-㈩]\s*[、.．]?\s*"
        ),
    ),
    ("arabic", re.compile(r"[0-9０-９]{1,2}\s*[、．]\s*|[0-9０-９]{1,2}[.,，](?:(?![0-9０-９])|(?=20\d\d年))\s*")),
)
_HEADING_END = re.compile(r"[。：:；;！!]")
# What may close a run-in heading before a comma: "（一）主动公开方面，2023年……".
_ASPECT = re.compile(r"(?:情况|方面|工作)(?=[，,])")
# A year after the title's words starts the paragraph: "（二）依申请公开2023年……".
_YEAR = re.compile(r"(?:19|20)\d\d年(?!度)")
_PUNCTUATION = re.compile(r"[\W_]+")


class Style(Enum):
    """How a heading is numbered."""

    PART = "part"
    CHINESE = "chinese"
    BRACKETED = "bracketed"
    ARABIC = "arabic"
    NONE = "none"


_PART_STYLES = (Style.PART, Style.CHINESE, Style.ARABIC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may be a heading.

    Attributes:
        title: Folded, without number, white space and punctuation: what the lexicon is matched against.
        length: Of the heading on its line, from the line's start; the line may run on behind it.
        runs_in: Whether text follows on the same line.
        is_item: The line is a numbered sentence (（二）收到申请4件。): only its number heads it, the rest is prose.
            ``title`` is then the sentence's words.
    """

    style: Style
    title: str
    length: int
    runs_in: bool
    is_item: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``sections.toml``, compiled. Each list is in the order in which it is tried."""

    form: tuple[tuple[SectionRole, re.Pattern[str]], ...]
    words: dict[str, tuple[tuple[SectionRole, tuple[str, ...]], ...]]
    not_headings: re.Pattern[str]
    sentences: re.Pattern[str]
    not_sentences: re.Pattern[str]
    closed_sentences: re.Pattern[str]
    after_colon: re.Pattern[str]


@cache
def lexicon() -> Lexicon:
    """The heading vocabulary, read once per process."""
    data = read_lexicon("sections")
    form = tuple((SectionRole(e["role"]), re.compile("|".join(e["titles"]))) for e in data["form"])
    words = {
        name: tuple((SectionRole(e["role"]), tuple(e["words"])) for e in data[name])
        for name in ("free", "overview", "other", "problems")
    }
    stating = data["sentences"]
    not_headings = re.compile("|".join(data["not_headings"]["titles"]))
    patterns = (re.compile("|".join(stating[name])) for name in ("words", "except", "closed", "after_colon"))
    return Lexicon(form, words, not_headings, *patterns)


def title_key(title: str) -> str:
    """A title as the lexicon sees it: folded, without white space and punctuation."""
    return _PUNCTUATION.sub("", fold_label(title))


def candidate(line: str) -> Candidate | None:
    """The line as a heading, or ``None`` if it is too long to be one or has no end of a heading in reach."""
    style, number_length = _number(line)
    rest = line[number_length:]
    title = _title(rest)
    if title is None or number_length + len(title) > LONGEST_HEADING:
        return None
    key = title_key(title)
    if not key and not title_key(rest):
        return None
    behind = rest[len(title) :].strip()
    is_piece = style in (Style.BRACKETED, Style.ARABIC) and form_role(key) is None
    if _is_sentence(title, is_closed=behind[:1] in ("。", "；", ";")) or (is_piece and _is_statement(behind)):
        return Candidate(style, key, number_length, True, True) if number_length else None
    runs_in = bool(_PUNCTUATION.sub("", rest[len(title) :]))
    return Candidate(style, key, number_length + len(title), runs_in)


def _title(rest: str) -> str | None:
    end = _HEADING_END.search(rest)
    title = rest[: end.start()] if end else rest
    year = _YEAR.search(title)
    if year and year.start() >= 3 and "《" not in title[: year.start()]:
        title = title[: year.start()]
    if "，" in title or "," in title:
        aspect = _ASPECT.search(title)
        if aspect:
            title = title[: aspect.end()]
        elif end or any(c.isdigit() for c in title):
            return None  # a numbered sentence, not a heading
    return title.rstrip(" \t\u00a0\u3000，,、") or None


@cache
def _counted() -> re.Pattern[str]:
    """A number with its measure word. In Chinese figures only at the end: “一件事”改革 counts nothing."""
    measures = "|".join(re.escape(fold_label(u)) for u in units().ordered)
    return re.compile(
        rf"(?<![第\d])\d[\d,.]*[余多]?[万亿]?(?:{measures})|[〇零一二两三四五六七八九十百千]+余?(?:{measures})$"
    )


def _is_sentence(title: str, *, is_closed: bool) -> bool:
    """Whether a line's words state something: they count (举办培训2次) or say what was done or wasn't (未收到申请).

    Args:
        is_closed: A full stop or a semicolon follows: then 本年度无收费情况 denies, which else would be a heading.
    """
    known, words = lexicon(), fold_label(title)
    if _counted().search(words) or (is_closed and known.closed_sentences.search(words)):
        return True
    return known.sentences.search(words) is not None and known.not_sentences.search(words) is None


def _is_statement(behind: str) -> bool:
    """Whether all that follows a title is a colon and what it states: ：2件。"""
    if behind[:1] not in ("：", ":"):
        return False
    return lexicon().after_colon.fullmatch(fold_label(behind[1:].rstrip("。；;"))) is not None


def _number(line: str) -> tuple[Style, int]:
    for name, pattern in _NUMBERS:
        if match := pattern.match(line):
            return Style(name), match.end()
    return Style.NONE, 0


def form_role(title: str) -> SectionRole | None:
    """The part of the official form that a title key names, or ``None``."""
    known = lexicon()
    if known.not_headings.fullmatch(title):
        return None
    return next((role for role, pattern in known.form if pattern.fullmatch(title)), None)


def role_by_words(title: str, vocabulary: str) -> SectionRole | None:
    """The first role of the vocabulary (``free``, ``overview``, ``other``, ``problems``) with a word in the title."""
    for role, words in lexicon().words[vocabulary]:
        if any(word in title for word in words):
            return role
    return None


def is_form_row(title: str) -> bool:
    """Whether a title key is a row label of the form's tables, which are numbered like headings."""
    return lexicon().not_headings.fullmatch(title) is not None


def looks_like_level_one(line: str) -> bool:
    """Whether a line by itself is one of the form's own part headings, numbered as a part."""
    if len(line) > LONGEST_HEADING or _number(line)[0] not in _PART_STYLES:
        return False
    found = candidate(line)
    return found is not None and not found.runs_in and form_role(found.title) is not None
