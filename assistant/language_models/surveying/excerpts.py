"""What of a report a model is given: its prose, without tables, whole or as much as fits; and as data only."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assistant.language_models.instructions import instructing_sentences
from assistant.lexicons import read_lexicon
from vectorstore.records import PassageExtent, SectionRole, Span

_MARKUP = str.maketrans("<>[]", "＜＞［］")
"""What delimits a report in a prompt, or starts a chat template's own marks, at full width: one character for one."""

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Characters that nobody sees and a model reads."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which parts of reports are given to the model.

    Attributes:
        roles: Only sections about these; empty for all.
        tables: Whether the tables are given as well.
    """

    roles: tuple[SectionRole, ...] = ()
    tables: bool = False

    @property
    def name(self) -> str:
        """For a key of what was counted."""
        return ",".join(sorted(self.roles)) + ("+tables" if self.tables else "")

    def takes(self, extent: PassageExtent) -> bool:
        """Whether a passage is among them."""
        return (self.tables or not extent.is_table) and (not self.roles or extent.role in self.roles)


@dataclass(frozen=True)
class Excerpt:
    """What is given of one report.

    Attributes:
        text: As it is sent, lines that end in newlines; empty where there is nothing to send.
        spans: What of the report's text it holds, in order, apart from one another.
        withheld: Within them, the sentences that are not sent.
        is_whole: Whether it holds all that the choice takes.
    """

    text: str
    spans: tuple[Span, ...]
    withheld: tuple[Span, ...] = ()
    is_whole: bool = True

    @cached_property
    def digest(self) -> str:
        """Tells one excerpt from another by what is sent."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def characters(self) -> int:
        """Of the report, that are sent."""
        return sum(span.end - span.start for span in self.spans) - sum(w.end - w.start for w in self.withheld)


def whole_excerpt(text: str, extents: Sequence[PassageExtent], choice: Choice) -> Excerpt:
    """All that the choice takes of a report.

    Args:
        extents: Of the report's passages, in the order of its text.
    """
    return _excerpt(text, extents, [extent for extent in extents if choice.takes(extent)], choice, is_whole=True)


def fitting_excerpt(
    text: str,
    extents: Sequence[PassageExtent],
    choice: Choice,
    ranked: Sequence[tuple[int, int]],
    most: int,
    count: Callable[[str], int],
) -> Excerpt:
    """The passages that fit a question best, as many as fit into ``most`` tokens, in the order of the text.

    Args:
        ranked: Places of passages, the best first; those that aren't there come last, in the order of the text.
    """
    taken = [extent for extent in extents if choice.takes(extent)]
    by_place = {(extent.start, extent.end): extent for extent in taken}
    best = [by_place[place] for place in ranked if place in by_place]
    order = [*best, *(extent for extent in taken if extent not in best)]
    # A mark for what is left out stands at most before each passage and after the last.
    mark = count(_prompt("part_left_out") + "\n")
    chosen: list[PassageExtent] = []
    left = most - mark
    for extent in order:
        cost = count(_sendable(text, Span(extent.start, extent.end))[0] + "\n") + mark
        if cost <= left:
            chosen.append(extent)
            left -= cost
    return _excerpt(text, extents, sorted(chosen, key=lambda e: (e.start, e.end)), choice, is_whole=False)


def _excerpt(
    text: str, extents: Sequence[PassageExtent], chosen: Sequence[PassageExtent], choice: Choice, *, is_whole: bool
) -> Excerpt:
    spans = _joined(text, [Span(extent.start, extent.end) for extent in chosen])
    lines: list[str] = []
    withheld: list[Span] = []
    position = 0
    for span in spans:
        lines += _marks(extents, position, span.start, choice, is_whole=is_whole)
        words, left_out = _sendable(text, span)
        if words:
            lines.append(words)
        withheld += left_out
        position = span.end
    if spans:
        lines += _marks(extents, position, len(text), choice, is_whole=is_whole)
    sent = "".join(f"{line}\n" for line in lines)
    # A slash would be one token with the end of the line before it, and tokens are counted apart.
    sent = f" {sent}" if sent.startswith("/") else sent
    return Excerpt(sent if spans else "", tuple(spans), tuple(withheld), is_whole)


def _marks(extents: Collection[PassageExtent], start: int, end: int, choice: Choice, *, is_whole: bool) -> list[str]:
    """What is said in the place of passages left out between two offsets."""
    left_out = [extent for extent in extents if start <= extent.start and extent.end <= end]
    if not is_whole and any(choice.takes(extent) for extent in left_out):
        return [_prompt("part_left_out")]
    return [_prompt("table_left_out")] if any(extent.is_table for extent in left_out) else []


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """Spans with nothing but white space between them, as one."""
    joined: list[Span] = []
    for span in spans:
        if span.end <= (joined[-1].end if joined else 0):
            continue
        if joined and not text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _sendable(text: str, span: Span) -> tuple[str, list[Span]]:
    """A part of a report as it is sent, and the sentences in it that aren't."""
    withheld = instructing_sentences(text, span)
    parts: list[str] = []
    position = span.start
    for sentence in withheld:
        parts += [text[position : sentence.start], _prompt("sentence_withheld")]
        position = sentence.end
    parts.append(text[position : span.end])
    return _plain("".join(parts)), withheld


def _plain(words: str) -> str:
    """Without what could be taken for a prompt's or a chat template's own marks, empty lines and space at the ends."""
    shown = _UNSEEN.sub(" ", words.translate(_MARKUP))
    return "\n".join(line.rstrip() for line in shown.split("\n") if line.strip()).strip()


def _prompt(name: str) -> str:
    said: dict[str, Any] = read_lexicon("survey")["prompt"]
    return str(said[name])
