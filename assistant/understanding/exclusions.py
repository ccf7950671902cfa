"""What a question takes out of its scope: 除了宿迁, 不含镇和街道, 山东以外的, 非开发区, except 2022, outside Shandong.

What is named there is linked like everything else. What can't be linked stays as words that the question's answer
has to own up to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assistant.lexicons import read_lexicon
from assistant.plan import PlanScope
from assistant.understanding.lexicon import Tag
from assistant.understanding.scope_words import (
    ScopeWord,
    alternatives,
    chained,
    chained_before,
    grouped,
    joining,
)

_STOP = re.compile(r"[,，。?？;；!！)）]|\.(?=\s|$)")
_LONGEST = 40
_ALSO = re.compile(r"[,，\s]*(?:还|也|又|同时)")
_WORD = re.compile(r"[一-鿿]{2,}|[a-z]{3,}")


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A stretch of the folded question, its cues included, that takes something out of the scope.

    Attributes:
        scopes: What it leaves out; empty where it couldn't be linked.
        words: What is named, as the folded question has it.
    """

    start: int
    end: int
    scopes: tuple[PlanScope, ...]
    words: str

    @property
    def is_linked(self) -> bool:
        """Whether all that it names is known."""
        return bool(self.scopes)


@dataclass(frozen=True, slots=True)
class _Cues:
    before: re.Pattern[str]
    before_known: re.Pattern[str]
    behind: re.Pattern[str]
    closing: re.Pattern[str]


@cache
def _cues() -> _Cues:
    data = read_lexicon("scope")["exclusion"]
    before, known, behind, closing = (alternatives(data[n]) for n in ("before", "before_known", "behind", "closing"))
    # 除 ends 解除 and 废除 as well; 外 begins 外事.
    return _Cues(re.compile(rf"(?<![{data['not_behind']}])(?:{before.pattern})"), known, behind, closing)


def find_exclusions(text: str, words: Sequence[ScopeWord], tags: Sequence[Tag]) -> list[Exclusion]:
    """All exclusions of a folded question, in order, not overlapping."""
    found: list[Exclusion] = []

    def add(exclusion: Exclusion | None) -> None:
        if exclusion and not any(exclusion.start < e.end and e.start < exclusion.end for e in found):
            found.append(exclusion)

    cues = _cues()
    for match in cues.before.finditer(text):
        if match[0].startswith("不") and text[match.start() - 1 : match.start()] == match[0][1:2]:
            continue  # 算不算上年结转的 asks, and leaves nothing out
        add(_opened(text, words, tags, match))
    for match in cues.before_known.finditer(text):
        chain = chained(text, words, match.end())
        if chain and not text[: match.start()].endswith(("是", "有")):
            add(_linked(text, match.start(), chain[0].end, chain[:1]))
    for match in cues.behind.finditer(text):
        chain = chained_before(text, words, match.start())
        if chain:
            add(_linked(text, chain[0].start, match.end(), chain))
    return sorted(found, key=lambda exclusion: exclusion.start)


def _opened(text: str, words: Sequence[ScopeWord], tags: Sequence[Tag], cue: re.Match[str]) -> Exclusion | None:
    """What stands behind 除了 and its like: up to 以外, else as far as names follow one another, else the clause."""
    # 除|去年 and not 除去|年.
    start = min((w.start for w in words if cue.start() < w.start < cue.end()), default=cue.end())
    stop = _STOP.search(text, start)
    clause_end = min(stop.start() if stop else len(text), start + _LONGEST)
    closing = _cues().closing.search(text, start, clause_end)
    if closing:
        inside = [w for w in words if start <= w.start and w.end <= closing.start()]
        if inside and not _unlinked(text, start, closing.start(), inside, tags):
            return _linked(text, cue.start(), closing.end(), inside)
        return _unknown(text, cue, closing.start(), closing.end())
    chain = chained(text, words, start)
    if chain:
        return _linked(text, cue.start(), chain[-1].end, chain)
    part = text.find("的", start, clause_end)
    named = min((t.end for t in tags if t.start >= start and t.end - t.start > 1), default=clause_end)
    end = part if part > 0 else min(named, clause_end)
    return _unknown(text, cue, end, end)


def _linked(text: str, start: int, end: int, words: Sequence[ScopeWord]) -> Exclusion:
    scopes = tuple(group.scope() for group in grouped(text, words))
    return Exclusion(start, end, scopes, text[words[0].start : words[-1].end])


def _unknown(text: str, cue: re.Match[str], until: int, end: int) -> Exclusion | None:
    words = text[cue.end() : until].strip(" ,，")
    if _ALSO.match(text, end):
        return None  # 除了申请还有复议的: both, and nothing is left out
    return Exclusion(cue.start(), end, (), words) if words else None


def _unlinked(text: str, start: int, end: int, words: Sequence[ScopeWord], tags: Sequence[Tag]) -> bool:
    """Whether something is named between that no scope word covers: 除山东的企业以外."""
    rest = list(text)
    fillers = [tag for tag in tags if all(category in ("filler", "body", "group") for category, _ in tag.meanings)]
    for first, last in [*((w.start, w.end) for w in words), *((t.start, t.end) for t in fillers)]:
        rest[first:last] = " " * (last - first)
    left = "".join(rest[start:end])
    return bool(_WORD.search(joining("and").sub(" ", joining("of").sub(" ", left))))
