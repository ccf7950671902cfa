"""The words of a question that say whom and when it is about, and how they stand together.

山东的镇 is one group of words that narrow one another; 镇和街道 are two groups side by side, and in 山东和重庆的镇 the
towns are those of both. Exclusions and the sides of a comparison are made of such groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from assistant.lexicons import read_lexicon
from assistant.plan import PlanScope
from assistant.understanding.corpus_places import PlaceMention
from assistant.understanding.lexicon import Lexicon, Tag
from assistant.understanding.linking import BodyMention
from assistant.understanding.periods import YearMention
from vectorstore.records import Kind, Span

Sort = Literal["body", "place", "kind", "year", "any"]
_CLAUSE_END = re.compile(r"[,，。;；?？]")
_GOVERNMENTS = {Kind.PROVINCE, Kind.CITY, Kind.COUNTY}
_FIELDS = ("bodies", "kinds", "regions", "years", "names")


@dataclass(frozen=True, slots=True)
class ScopeWord:
    """A stretch of the folded question that narrows the scope, and what to; of ``any`` body at all to nothing."""

    start: int
    end: int
    sort: Sort
    scope: PlanScope


@dataclass(frozen=True, slots=True)
class ScopeGroup:
    """Words that narrow one another. ``other``: 其他 stands before them, so what is named beside them is left out."""

    words: tuple[ScopeWord, ...]
    other: bool = False

    @property
    def start(self) -> int:
        """Where its first word begins."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Where its last word ends."""
        return self.words[-1].end

    def sorts(self) -> set[Sort]:
        """What sorts of words it has."""
        return {word.sort for word in self.words}

    def scope(self) -> PlanScope:
        """What all its words together narrow to."""
        return merged(word.scope for word in self.words)


def merged(scopes: Iterable[PlanScope]) -> PlanScope:
    """The fields of several scopes put together, each value once."""
    together = list(scopes)
    fields = {name: tuple(dict.fromkeys(value for s in together for value in getattr(s, name))) for name in _FIELDS}
    return PlanScope.model_validate(fields)


def scope_words(
    bodies: Sequence[BodyMention],
    places: Sequence[PlaceMention],
    years: Sequence[YearMention],
    tags: Sequence[Tag],
    lexicon: Lexicon,
) -> list[ScopeWord]:
    """What was found in a question, as the scope that each word narrows to, in order."""
    words = [ScopeWord(m.start, m.end, "body", PlanScope(bodies=m.body_ids)) for m in bodies]
    words += [ScopeWord(m.start, m.end, "place", PlanScope(regions=m.regions)) for m in places]
    words += [ScopeWord(m.start, m.end, "year", PlanScope(years=m.years)) for m in years]
    for tag in tags:
        if tag.means("kind") or tag.means("designation"):
            words.append(ScopeWord(tag.start, tag.end, "kind", kind_scope(tag, lexicon)))
        elif tag.means("body"):
            words.append(ScopeWord(tag.start, tag.end, "any", PlanScope()))
    return sorted(words, key=lambda word: word.start)


def others_of(text: str, words: Sequence[ScopeWord]) -> list[Span]:
    """Where 其他 stands before a kind or a place: there it is no metric's 其他."""
    ends = {word.start for word in words if word.sort in ("kind", "place", "any")}
    return [
        Span(*match.span())
        for match in joining("other").finditer(text)
        if match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip(" 的")) in ends
    ]


def kind_scope(tag: Tag, lexicon: Lexicon) -> PlanScope:
    """What a word for a kind or a sort of zone narrows to."""
    kinds = [kind for value in tag.values("kind") for kind in lexicon.kinds[int(value)]]
    names = [name for value in tag.values("designation") for name in lexicon.designations[int(value)]]
    if tag.means("designation"):
        kinds.append(Kind.ZONE)
    return PlanScope(kinds=tuple(dict.fromkeys(kinds)), names=tuple(dict.fromkeys(names)))


@cache
def joining(name: str) -> re.Pattern[str]:
    """The words that stand between scope words: ``and``, ``of``, ``against`` or ``other`` of the lexicon."""
    return alternatives(read_lexicon("scope")["joining"][name])


def alternatives(terms: Sequence[str]) -> re.Pattern[str]:
    """An expression that matches any of the terms, the longest first; Latin ones as whole words."""
    ordered = sorted(terms, key=len, reverse=True)
    return re.compile("|".join(_whole_word(term) if term.isascii() else re.escape(term) for term in ordered))


def _whole_word(term: str) -> str:
    before, after = (r"(?<![a-z])" if term[0].isalpha() else ""), (r"(?![a-z])" if term[-1].isalpha() else "")
    return before + re.escape(term) + after


def chained(text: str, words: Sequence[ScopeWord], start: int) -> list[ScopeWord]:
    """The scope words from a position on that only joining words part."""
    chain: list[ScopeWord] = []
    position = start
    for word in sorted(words, key=lambda w: w.start):
        if word.start < position:
            continue
        between = text[position : word.start]
        if not _is_glue(between, after=bool(chain)):
            break
        if chain and word.sort == "year" and any(w.sort != "year" for w in chain):
            break  # 除了柳浪镇2023年谁最多: the year is the question's
        chain.append(word)
        position = word.end
    return chain


def chained_before(text: str, words: Sequence[ScopeWord], end: int) -> list[ScopeWord]:
    """The scope words that end at a position and that only joining words part."""
    chain: list[ScopeWord] = []
    position = end
    for word in sorted(words, key=lambda w: -w.start):
        if word.end > position:
            continue
        if not _is_glue(text[word.end : position], after=bool(chain)):
            break
        if chain and (word.sort == "year") != (chain[0].sort == "year"):
            break
        chain.insert(0, word)
        position = word.start
    return chain


def grouped(text: str, words: Sequence[ScopeWord]) -> list[ScopeGroup]:
    """Words that follow one another as groups, what is said once for several groups given to each of them."""
    return _shared(_groups(text, words))


def _groups(text: str, words: Sequence[ScopeWord]) -> list[ScopeGroup]:
    groups: list[list[ScopeWord]] = []
    for word in sorted(words, key=lambda w: w.start):
        previous = groups[-1][-1] if groups else None
        between = _strip_other(text[previous.end : word.start]) if previous else ""
        if previous and joining("of").sub("", between).strip() == "" and not _repeats(groups[-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [ScopeGroup(tuple(group), is_other(text, group[0].start)) for group in groups]


def series(text: str, words: Sequence[ScopeWord]) -> list[ScopeGroup]:
    """The first groups that stand side by side: 镇|和|街道, A区各镇|与|B区各镇, 镇|收到的比|街道; empty if none do."""
    groups = _groups(text, words)
    found = groups[:1]
    for group in groups[1:]:
        between = _strip_other(text[found[-1].end : group.start])
        if _sets_beside(between) or (group.other and not _CLAUSE_END.search(between)):
            found.append(group)
        elif len(found) > 1:
            break
        else:
            found = [group]
    return _shared(found) if len(found) > 1 else []


def _repeats(group: list[ScopeWord], word: ScopeWord) -> bool:
    """A second word of the same sort begins another group, or 山东重庆 would be nowhere."""
    return any(other.sort == word.sort and word.sort in ("body", "kind") for other in group)


def _shared(groups: list[ScopeGroup]) -> list[ScopeGroup]:
    """山东和重庆的镇, 文登的镇和街道: the kind holds for the places before it, the place for the kinds behind it."""
    groups = [_of_other_places(group, groups) for group in groups]
    kind = next((w for g in groups for w in g.words if w.sort == "kind"), None)
    place: tuple[ScopeWord, ...] = ()
    shared: list[ScopeGroup] = []
    for group in groups:
        words = group.words
        if kind and group.sorts() == {"place"} and all(g.sorts() <= {"place", "kind"} for g in groups):
            words = (*words, kind)
        if group.sorts() == {"kind"} and place and not group.other:
            words = (*place, *words)
        if "place" in group.sorts() and "kind" in group.sorts() and not place:
            place = tuple(w for w in group.words if w.sort == "place")
        shared.append(ScopeGroup(words, group.other))
    return shared


def _of_other_places(group: ScopeGroup, groups: Sequence[ScopeGroup]) -> ScopeGroup:
    """山东跟其他省份: other places and all that is there, and no governments."""
    beside_places = any(other.sorts() == {"place"} for other in groups)
    if group.other and beside_places and set(group.scope().kinds) and set(group.scope().kinds) <= _GOVERNMENTS:
        return ScopeGroup((ScopeWord(group.start, group.end, "any", PlanScope()),), other=True)
    return group


def _is_glue(between: str, *, after: bool) -> bool:
    rest = joining("of").sub("", between)
    if after:
        rest = joining("and").sub("", rest)
    return not rest.strip(" 、/")


def _sets_beside(between: str) -> bool:
    """和, 比 and their like, right before the second group: 镇收到的申请|比|各街道."""
    rest = joining("of").sub(lambda match: " " * len(match[0]), between).rstrip()
    if rest and not rest.strip(" 、,，/"):
        return True
    return any(match.end() == len(rest) for name in ("and", "against") for match in joining(name).finditer(rest))


def _strip_other(between: str) -> str:
    return joining("other").sub("", between)


def is_other(text: str, start: int) -> bool:
    """Whether 其他 stands right before a word."""
    before = text[max(0, start - 24) : start].rstrip(" 的")
    return any(match.end() == len(before) for match in joining("other").finditer(before))
