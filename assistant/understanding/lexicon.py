"""The parser's vocabulary: words and what they can mean, from ``lexicons/*.toml``, and their tagging in a question.

A question is tagged from left to right with the longest word that fits, Chinese as it stands, English by whole words.
One word may have several meanings (企业 is a column; 公开 is part of several metrics); the parser decides among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from assistant.lexicons import read_lexicon
from assistant.understanding.spelling import Spelling
from vectorstore.folding import fold_label
from vectorstore.records import Kind, Span

_NAMING = ("metric_word", "kind", "designation", "column", "ratio", "time", "counter", "aspect", "body")
_GOES_ON = tuple("案供升高前醒")
"""没提 says that nothing is said; 没提案 doesn't."""
Meaning = tuple[str, str]
"""A category and a value: ``("operation", "sum")``, ``("metric_word", "申请")``, ``("kind", "3")``."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A word of the question that the vocabulary knows.

    Attributes:
        start, end: In the folded question.
        surface: The vocabulary's spelling: singular, without hyphens.
    """

    start: int
    end: int
    surface: str
    meanings: tuple[Meaning, ...]

    def values(self, category: str) -> tuple[str, ...]:
        """The values that the word has in a category."""
        return tuple(value for name, value in self.meanings if name == category)

    def means(self, category: str, *values: str) -> bool:
        """Whether the word can mean any of the values, or anything of the category if none is given."""
        own = self.values(category)
        return bool(own) and (not values or any(value in own for value in values))


@dataclass(frozen=True, slots=True)
class MetricWords:
    """The words of one metric: each group must have one of its words in the question."""

    metric_id: str
    groups: tuple[frozenset[str], ...]
    generic: bool
    weak: bool


@dataclass(frozen=True, slots=True)
class RatioReading:
    """One way to compute a ratio that people call by a name."""

    name_zh: str
    name_en: str
    numerators: tuple[str, ...]
    denominators: tuple[str, ...]


def _fold_term(term: str) -> str:
    # legal-service and legal service are one term.
    return re.sub(r"[\s-]+", " ", term.strip().lower()) if term.isascii() else fold_label(term)


class Lexicon:
    """All the vocabulary, and the tagger."""

    def __init__(self) -> None:
        self._meanings: dict[str, list[Meaning]] = {}
        metrics, scope = read_lexicon("metrics"), read_lexicon("scope")
        self.metric_words = tuple(
            MetricWords(
                entry["id"],
                tuple(frozenset(_fold_term(term.removeprefix("~")) for term in group) for group in entry["groups"]),
                entry.get("generic", False),
                entry.get("weak", False),
            )
            for entry in metrics["metric"]
        )
        self.compounds = tuple(_fold_term(term) for term in metrics["compounds"])
        for entry in metrics["metric"]:
            for term in (term for group in entry["groups"] for term in group if not term.startswith("~")):
                self._add("metric_word", _fold_term(term), [term])
        for column in metrics["column"]:
            self._add("column", column["id"], column["terms"])
        self.ratios: dict[str, tuple[RatioReading, ...]] = {}
        for ratio in metrics["ratio"]:
            self.ratios[ratio["id"]] = tuple(
                RatioReading(r["name_zh"], r["name_en"], tuple(r["numerators"]), tuple(r["denominators"]))
                for r in ratio["readings"]
            )
            self._add("ratio", ratio["id"], ratio["terms"])
        self.implied: dict[str, str] = {unit: entry["id"] for entry in metrics["implied"] for unit in entry["units"]}
        self.kinds: list[tuple[Kind, ...]] = []
        for entry in scope["kind"]:
            self._add("kind", str(len(self.kinds)), entry["terms"])
            self.kinds.append(tuple(Kind(kind) for kind in entry["kinds"]))
        self.designations: list[tuple[str, ...]] = []
        for entry in scope["designation"]:
            self._add("designation", str(len(self.designations)), entry["terms"])
            self.designations.append(tuple(entry["names"]))
        self._add("body", "any", scope["body"]["terms"])
        for value, terms in scope["time"].items():
            self._add("time", value, terms)
        for name in ("operations", "subjects"):
            for category, entries in read_lexicon(name).items():
                for value, terms in entries.items():
                    self._add(category, value, terms)
        nouns = sorted(map(_fold_term, read_lexicon("mentions")["nouns"]), key=len, reverse=True)
        self.prose_nouns = tuple(noun for noun in nouns if noun not in self._meanings)
        self._prose_noun = re.compile("|".join(map(re.escape, self.prose_nouns)))
        self._longest = max(map(len, self._meanings))

    def _add(self, category: str, value: str, terms: list[str]) -> None:
        for term in terms:
            meanings = self._meanings.setdefault(_fold_term(term), [])
            if (category, value) not in meanings:
                meanings.append((category, value))

    def meanings(self, term: str) -> tuple[Meaning, ...]:
        """What a term can mean; empty if the vocabulary doesn't hold it."""
        return tuple(self._meanings.get(term, ()))

    def terms(self) -> Iterable[str]:
        """Every word of the vocabulary, folded."""
        return self._meanings.keys()

    def tag(self, text: str, taken: list[Span]) -> list[Tag]:
        """The words of a folded question outside the spans already taken, in order, not overlapping."""
        tags: list[Tag] = []
        for start, end in _free_stretches(len(text), taken):
            position = start
            while position < end:
                tag = self._at(text, position, end)
                if tag is None:
                    position += 1
                else:
                    tags.append(tag)
                    position = tag.end
        return tags

    def find_prose_nouns(self, text: str, taken: list[Span]) -> list[Span]:
        """Where a folded question names what only texts count, outside the spans already taken: 发布会, 问卷."""
        found = (Span(*match.span()) for match in self._prose_noun.finditer(text))
        return [noun for noun in found if not any(noun.start < t.end and t.start < noun.end for t in taken)]

    def _at(self, text: str, position: int, end: int) -> Tag | None:
        if text[position].isascii() and text[position].isalnum():
            return self._latin_at(text, position, end)
        for stop in range(min(end, position + self._longest), position, -1):
            surface = text[position:stop]
            if surface not in self._meanings or self._cuts_a_word(text, position, stop, end):
                continue
            if not (surface.endswith("提") and text[stop : stop + 1] in _GOES_ON):
                return Tag(position, stop, surface, self.meanings(surface))
        return None

    def _cuts_a_word(self, text: str, position: int, stop: int, end: int) -> bool:
        """Whether a term that begins with a particle ends inside a word: 的政府|信息公开 of 的|政府信息公开."""
        if text[position] != "的" or stop - position < 2:
            return False
        longest = min(end, position + self._longest)
        return any(text[position + 1 : further] in self._meanings for further in range(stop + 1, longest + 1))

    def _latin_at(self, text: str, position: int, end: int) -> Tag | None:
        if position and text[position - 1].isascii() and text[position - 1].isalnum():
            return None
        best: Tag | None = None
        for match in re.finditer(r"[a-z0-9]+(?:['-][a-z0-9]+)*", text[position : min(end, position + 60)]):
            stop = position + match.end()
            surface = re.sub(r"[\s-]+", " ", text[position:stop])
            for form in _singular_forms(surface):
                if form in self._meanings:
                    best = Tag(position, stop, form, self.meanings(form))
                    break
        return best

    @cached_property
    def spelling(self) -> Spelling:
        """What the Chinese words of the vocabulary are nearly written like; made when a question first has a typo."""
        metrics = [term for term, meanings in self._meanings.items() if any(c == "metric_word" for c, _ in meanings)]
        # Of two characters only those that name something: a particle is rarely what was meant.
        meant = [
            term
            for term, meanings in self._meanings.items()
            if any(category in _NAMING if len(term) == 2 else category != "filler" for category, _ in meanings)
        ]
        return Spelling(
            [*self._meanings, *self.compounds, *self.prose_nouns], meant=[*meant, *self.compounds], shortened=metrics
        )

    @cached_property
    def latin_words(self) -> frozenset[str]:
        """The single Latin words of the vocabulary."""
        return frozenset(term for term in self._meanings if term.isascii() and term.isalpha() and len(term) > 3)


def _singular_forms(surface: str) -> Iterator[str]:
    yield surface
    if surface.endswith(("'s", "s'")):
        yield from _singular_forms(surface[:-2] if surface.endswith("'s") else surface[:-1])
    if surface.endswith("ies"):
        yield surface[:-3] + "y"
    if surface.endswith("es"):
        yield surface[:-2]
    if surface.endswith("s") and not surface.endswith("ss"):
        yield surface[:-1]


def _free_stretches(length: int, taken: list[Span]) -> Iterator[tuple[int, int]]:
    position = 0
    for span in sorted(taken):
        if span.start > position:
            yield position, span.start
        position = max(position, span.end)
    if position < length:
        yield position, length


@cache
def lexicon() -> Lexicon:
    """The vocabulary, read once per process."""
    return Lexicon()
