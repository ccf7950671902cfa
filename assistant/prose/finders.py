"""Where a text holds some words: as they stand, with others between, its parts in one sentence, put otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.prose.relevance import sentences_of
from vectorstore.folding import fold_one_to_one, fold_text
from vectorstore.prefilter import Requirement, any_of, in_parts, literally
from vectorstore.records import Span
from vectorstore.retrieval.query_terms import synonyms_in

_LONGEST_GAP = 6
"""Characters that may stand between the parts of what is looked for: 聘请6名社会监督员."""
# Quotation marks are no break: “12345”政务服务热线 is the 12345热线.
_BREAKS = frozenset("。，；：、！？,;:!?\n《》（）()")
_SHORT = 4
_CLAUSE_END = re.compile("[，；。：、！？,;:!?]")
_LINE = re.compile(r"[^\n]+")
_RUN = re.compile(r"[0-9]+|[a-z]+|[一-鿿]+")

SentenceTest = Callable[[str], bool]
"""Whether a folded sentence holds a word."""


@dataclass(frozen=True, slots=True)
class Finder:
    """Looks for something in texts.

    Attributes:
        find: The places in a text that hold what is looked for; empty where it doesn't hold all of it.
        requires: What passages of a report must hold for its text to be worth looking at; ``None`` where that can't
            be told.
    """

    find: Callable[[str], list[Span]]
    requires: tuple[Requirement | None, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A word that a sentence is to hold: the test of a sentence, and what a passage must hold for it."""

    is_in: SentenceTest
    requires: Requirement | None


def all_of(finders: Sequence[Finder]) -> Finder:
    """Texts that hold what every finder looks for, wherever it stands."""

    def find(text: str) -> list[Span]:
        found = [finder.find(text) for finder in finders]
        return list(dict.fromkeys(spans[0] for spans in found)) if found and all(found) else []

    return Finder(find, tuple(required for finder in finders for required in finder.requires))


def any_finder(finders: Sequence[Finder]) -> Finder:
    """What the first of the finders finds that finds anything; each of them requires one thing."""

    def find(text: str) -> list[Span]:
        return next((spans for finder in finders if (spans := finder.find(text))), [])

    return Finder(find, (any_of(required for finder in finders for required in finder.requires),))


def literal(words: str) -> Finder:
    """The words as they stand, broken by white space, in either width and case; Latin ones from their beginning."""
    pattern = _literally(words)

    def find(text: str) -> list[Span]:
        match = pattern.search(text)
        return [sentence_around(text, match.start(), match.end())] if match else []

    return Finder(find, (literally(words),))


def gapped(contents: Sequence[str]) -> Finder:
    """Content whose parts, each of two characters or more, may stand apart by a few characters within one clause."""

    def find(text: str) -> list[Span]:
        folded = fold_text(text)
        # A folded text of another length has no offsets in common with the text: ligatures, format characters.
        haystack = folded if len(folded) == len(text) else text
        for content in contents:
            at = haystack.find(content[:2])
            while at >= 0:
                end = _match(haystack, at, content)
                if end is not None:
                    return [sentence_around(text, at, end)]
                at = haystack.find(content[:2], at + 1)
        return []

    return Finder(find, (any_of(in_parts(content) for content in contents),))


def in_one_sentence(words: Sequence[Word]) -> Finder:
    """Sentences that hold every word, at most three of a text."""

    def all_in(sentence: str) -> bool:
        return all(word.is_in(sentence) for word in words)

    def find(text: str) -> list[Span]:
        found: list[Span] = []
        # No sentence goes on over a line, and few lines hold all the words.
        for line in _LINE.finditer(fold_one_to_one(text)):
            if all_in(line[0]):
                found += [s for s in sentences_of(text, *line.span()) if all_in(fold_text(s.of(text)))]
        return found[:3]

    return Finder(find, tuple(word.requires for word in words))


def holds_parts(content: str) -> Word:
    """That a sentence holds all parts of some content, in any order: numbers, Latin words, two or three characters.

    A run of Chinese may be cut anywhere into parts of two or three characters: 公开体验员 is 公开 and 体验员.
    """
    runs = _RUN.findall(fold_text(content))
    if len(runs) == 1 and not content.isascii() and len(content) <= _SHORT:
        # Two common words in one long sentence have often nothing to do with one another: 数据 and 安全.
        return Word(
            lambda sentence: any(_in_parts(runs[0], clause) for clause in _CLAUSE_END.split(sentence)),
            in_parts(content),
        )

    def holds(sentence: str) -> bool:
        return bool(runs) and all(run in sentence or (not run.isascii() and _in_parts(run, sentence)) for run in runs)

    return Word(holds, in_parts(content))


def _in_parts(run: str, sentence: str) -> bool:
    if not run:
        return True
    return any(
        len(run) >= length and run[:length] in sentence and _in_parts(run[length:], sentence) for length in (3, 2)
    )


def holds_any(words: Sequence[str], pattern: re.Pattern[str] | None = None) -> Word:
    """That a sentence holds one of the words, or their parts, or what the pattern matches."""
    parts = [holds_parts(word) for word in words]
    return Word(
        lambda sentence: bool(pattern and pattern.search(sentence)) or any(part.is_in(sentence) for part in parts),
        None if pattern else any_of(part.requires for part in parts),
    )


def said_otherwise(content: str) -> list[str]:
    """The content with each of its words that the reports call otherwise put as they do."""
    return [
        content.replace(said, written, 1)
        for said, others in synonyms_in(content).items()
        for written in others
        if len(said) < len(content) or len(written) > 2
    ]


def _match(text: str, at: int, content: str) -> int | None:
    """Where content that begins at a place ends, its parts in order and near one another; ``None`` without it."""
    run = 0
    while run < len(content) and at + run < len(text) and text[at + run] == content[run]:
        run += 1
    if run == len(content):
        return at + run
    # The longest run first; shorter ones, so that the rest isn't left a single character.
    for taken in range(run, 1, -1):
        rest = content[taken:]
        if len(rest) < 2 or (content[taken - 1].isascii() and rest[0].isascii()):
            continue
        for gap in range(1 if taken == run else 0, _LONGEST_GAP + 1):
            start = at + taken + gap
            if gap and (start > len(text) or text[start - 1] in _BREAKS):
                break
            if text.startswith(rest[:2], start):
                end = _match(text, start, rest)
                if end is not None:
                    return end
    return None


def _literally(words: str) -> re.Pattern[str]:
    def forms(character: str) -> str:
        code = ord(character)
        other = chr(code + 0xFEE0) if 0x21 <= code <= 0x7E else character
        return re.escape(character) if other == character else f"[{re.escape(character)}{other}]"

    beginning = "(?<![A-Za-z0-9])" if words[:1].isascii() and words[:1].isalnum() else ""
    return re.compile(beginning + r"\s*".join(forms(c) for c in words if not c.isspace()), re.IGNORECASE)


def sentence_around(text: str, start: int, end: int) -> Span:
    """The sentence that holds a place, or the place itself where it lies in none."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    for sentence in sentences_of(text, line_start, len(text) if line_end < 0 else line_end):
        if sentence.start <= start and end <= sentence.end:
            return sentence
    return Span(start, end)
