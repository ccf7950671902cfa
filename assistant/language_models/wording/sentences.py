"""Sentences: those of a stream as they become whole, and those of the built-in text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.answer import Answer

LONGEST = 600
"""Characters of one sentence; what goes on longer is cut there, and fails."""
_OPENING, _CLOSING = "“「『（(", "”」』）)"
_MARK = (
    r"\[\d{1,4}(?:\s*[-—–~,，、]\s*\d{1,4})*\]|[【［〔]\s*[\d０-９]{1,4}(?:\s*[-—–~,，、]\s*[\d０-９]{1,4})*\s*[】］〕]"
)
_BEHIND = re.compile(rf"(?:[”」』）)\"'\]】]|[^\S\n]*(?:{_MARK}))*")
_OPEN_MARK = re.compile(r"[^\S\n]*[\[【［〔][^\]】］〕]{0,24}$")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:No|Nos|St|Mr|Ms|Dr|vs|e\.g|i\.e|etc|approx|[A-Z])\.$")


def cut(pieces: Iterable[str]) -> Iterator[str]:
    """The sentences of a stream, each as soon as it is certain that it is whole; the rest at the end.

    An empty piece, which is a pause, gives an empty sentence.
    A full stop inside quotation marks or brackets ends none, and the markers behind one belong to it.
    """
    rest = ""
    for piece in pieces:
        if not piece:
            yield ""
        rest += piece
        while True:
            end = _end(rest)
            if end is None:
                break
            sentence, rest = rest[:end].strip(), rest[end:]
            if sentence:
                yield sentence
    yield from split(rest)


def split(text: str) -> list[str]:
    """The sentences of a whole text."""
    found: list[str] = []
    while True:
        end = _end(text + "\n")
        if end is None or end > len(text):
            break
        if text[:end].strip():
            found.append(text[:end].strip())
        text = text[end:]
    if text.strip():
        found.append(text.strip())
    return found


def _end(text: str) -> int | None:
    """Where the first sentence ends; ``None`` where that can't be told yet."""
    depth = 0
    for at, character in enumerate(text):
        if at >= LONGEST:
            return at
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(0, depth - 1)
        elif character == "\n":
            return at + 1
        elif not depth and _is_stop(text, at):
            behind = _BEHIND.match(text, at + 1)
            end = behind.end() if behind else at + 1
            # Markers may still come, half of one may have come.
            if end >= len(text) or not text[end:].strip(" ") or _OPEN_MARK.match(text[end:]):
                return None
            return end
    return None


def _is_stop(text: str, at: int) -> bool:
    if text[at] in "。！？":
        return True
    if text[at] not in ".!?" or at + 1 >= len(text):
        return False
    # 1. begins an item.
    if _ABBREVIATION.search(text[: at + 1][-8:]) or text[:at].strip().isdigit():
        return False
    after = text[at + 1]
    return after.isspace() or after in '[【“"' or after in _CLOSING


def built_in_sentences(answer: Answer) -> list[str]:
    """The sentences of an answer's own text, a line being the end of one."""
    return [sentence for line in answer.text.split("\n") for sentence in split(line)]
