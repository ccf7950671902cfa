"""Sentences of reports that speak to a machine: kept from language models, and never repeated."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from assistant.lexicons import read_lexicon
from vectorstore.folding import fold, fold_text
from vectorstore.records import Span
from vectorstore.sentences import sentences

WITHHELD = "［…］"
"""What stands in place of such a sentence."""


class _Instruction(NamedTuple):
    """What an instruction to a model looks like; only where one of the words stands is the pattern tried."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]

    def stands_in(self, folded: str) -> bool:
        return any(word in folded for word in self.words) and self.pattern.search(folded) is not None


def is_instruction(words: str) -> bool:
    """Whether words tell their reader, who is a machine, what to answer."""
    folded = fold_text(words)
    # A model reads 忽 略 以 上 all the same.
    dense = "".join(folded.split())
    known = _instructions()
    return any(i.stands_in(folded) for i in known["latin"]) or any(i.stands_in(dense) for i in known["chinese"])


def instructing_sentences(text: str, span: Span) -> list[Span]:
    """The sentences in a part of a text that read like instructions, or hold a part of one spread over several."""
    words = span.of(text)
    if not is_instruction(words):
        return []
    found = []
    for script, view in (("latin", fold(words)), ("chinese", fold(words, drop_spaces=True))):
        for instruction in _instructions()[script]:
            places = [match.span() for match in instruction.pattern.finditer(view.text)]
            found += [view.span(start, end) for start, end in places]
    return [
        sentence
        for sentence in sentences(text, span.start, span.end)
        if any(p.start + span.start < sentence.end and sentence.start < p.end + span.start for p in found)
    ]


def without_instructions(text: str) -> str:
    """A text of a report without such sentences; `WITHHELD` stands where one was."""
    if not is_instruction(text):
        return text
    said = [span.of(text) for span in sentences(text, at_semicolons=False)]
    joined = "\n".join(WITHHELD if is_instruction(sentence) else sentence for sentence in said)
    # Split over two sentences, it is one all the same.
    return WITHHELD if is_instruction(joined.replace("\n", "")) else joined


@cache
def _instructions() -> dict[str, tuple[_Instruction, ...]]:
    """By script, ``latin`` or ``chinese``."""
    said = read_lexicon("instructions")
    return {
        script: tuple(_Instruction(tuple(one["words"]), re.compile(one["pattern"])) for one in said[script])
        for script in ("latin", "chinese")
    }
