"""What differs between the texts of two reports: section by section, sentence by sentence, character by character.

Reports copy last year's sentences and change their numbers, so a sentence is paired with the one that it is most like
and only what differs in it is marked. The reports' own years and bodies differ anyway and don't count as differences.
All work is bounded: what goes beyond the bounds is shown as wholly different, and said to be so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from vectorstore.folding import fold_text
from vectorstore.records import Report, Section, Span
from vectorstore.sentences import sentences

MOST_SENTENCES = 600
"""Of one section; those behind it aren't compared."""
LARGEST_BLOCK = 60
"""Changed sentences in a row on one side that are still paired by likeness."""
LONGEST_SENTENCE = 600
"""Characters of a sentence that is compared by characters."""
MOST_CHARACTERS = 60_000
"""Characters of sentences that are compared by characters, of one pair of reports."""
_ALIKE = 0.45
"""How much two sentences must share to be two versions of one: below it, marking what differs shows nothing."""
_SHORTEST_RUN = 2
"""Tokens that stay the same between two differences; a single one is better marked along."""
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*%?|[A-Za-z]+|\s+|.", re.DOTALL)
_NUMBERING = re.compile(r"^[\s（(【]*[一二三四五六七八九十百\d]+[\s）)】、.．，]*")

Marks = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of two texts side by side; a side is ``None`` where it says nothing of the sort.

    Attributes:
        left, right: A sentence, in each text's own offsets.
        is_same: Whether both say the same.
        left_marks, right_marks: What differs within them; empty where they are the same or wholly different.
    """

    left: Span | None
    right: Span | None
    is_same: bool = False
    left_marks: Marks = ()
    right_marks: Marks = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A section of two reports side by side.

    Attributes:
        left, right: The heading in each; empty before the first heading; ``None`` where the report has no such section.
        lines: In order.
        left_out: How many sentences of it were too many to be compared.
    """

    left: str | None
    right: str | None
    lines: tuple[Line, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts side by side.

    Attributes:
        is_coarse: Whether some sentences that differ were too long, or too many, to be compared by characters.
    """

    parts: tuple[Part, ...]
    is_coarse: bool = False

    @property
    def same(self) -> int:
        """How many sentences both say."""
        return sum(line.is_same for part in self.parts for line in part.lines)

    @property
    def changed(self) -> int:
        """How many rows differ."""
        return sum(not line.is_same for part in self.parts for line in part.lines)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two reports: its text, and its tables, which are compared as figures and not as text."""

    report: Report
    text: str
    tables: Sequence[Span] = ()


def compare(left: Side, right: Side) -> Comparison:
    """The texts of two reports side by side."""
    comparer = _Comparer(left, right)
    left_parts, right_parts = _parts(left), _parts(right)
    found = tuple(
        comparer.part(a and left_parts[a - 1], b and right_parts[b - 1])
        for a, b in _aligned([_key(p, left) for p in left_parts], [_key(p, right) for p in right_parts])
    )
    return Comparison(tuple(part for part in found if part.lines or part.left != part.right), comparer.is_coarse)


@dataclass(frozen=True, slots=True)
class _Part:
    heading: str
    section: Section | None
    start: int
    end: int


def _parts(side: Side) -> list[_Part]:
    """The text cut at its headings of the first level, or of any where there is none of the first."""
    sections = [s for s in side.report.sections if s.level == 1] or list(side.report.sections)
    ordered = sorted((s for s in sections if s.heading), key=lambda s: s.start)
    bounds = [s.start for s in ordered[1:]] + [len(side.text)]
    parts = [_Part(s.heading, s, s.start + len(s.heading), end) for s, end in zip(ordered, bounds, strict=False)]
    return [_Part("", None, 0, ordered[0].start if ordered else len(side.text)), *parts]


def _key(part: _Part, side: Side) -> str:
    """What makes two sections the same: what they are about, else their heading's words without its number."""
    if part.section is None:
        return ""
    if part.section.role is not None:
        return part.section.role.value
    return _NUMBERING.sub("", fold_text(part.heading)).strip() or part.heading


def _aligned(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of places, from 1, of what is the same; 0 where there is none on that side.

    Those out of order are paired too, where their key stands on each side just once.
    """
    pairs = dict[int, int]()
    for block in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
        pairs |= {block.a + n: block.b + n for n in range(block.size)}
    taken = set(pairs.values())
    for place, key in enumerate(left):
        if place not in pairs and left.count(key) == 1 == right.count(key) and right.index(key) not in taken:
            pairs[place] = right.index(key)
            taken.add(pairs[place])
    rows: list[tuple[int, int]] = []
    following = 0
    for place in range(len(left)):
        if place in pairs:
            while following < pairs[place]:
                if following not in taken:
                    rows.append((0, following + 1))
                following += 1
            following = max(following, pairs[place] + 1)
        rows.append((place + 1, pairs[place] + 1 if place in pairs else 0))
    return rows + [(0, place + 1) for place in range(following, len(right)) if place not in taken]


class _Comparer:
    """Compares parts of two reports, within a bound for both together."""

    def __init__(self, left: Side, right: Side) -> None:
        self._left, self._right = left, right
        self._own = (_own_words(left.report), _own_words(right.report))
        self._characters_left = MOST_CHARACTERS
        self.is_coarse = False

    def part(self, left: _Part | int | None, right: _Part | int | None) -> Part:
        a, b = (part if isinstance(part, _Part) else None for part in (left, right))
        left_all, right_all = self._sentences(self._left, a), self._sentences(self._right, b)
        left_spans, right_spans = left_all[:MOST_SENTENCES], right_all[:MOST_SENTENCES]
        left_out = max(len(left_all), len(right_all)) - MOST_SENTENCES
        left_keys = [self._sentence_key(span.of(self._left.text), 0) for span in left_spans]
        right_keys = [self._sentence_key(span.of(self._right.text), 1) for span in right_spans]
        lines: list[Line] = []
        matcher = SequenceMatcher(None, left_keys, right_keys, autojunk=False)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            if tag == "equal":
                lines += [Line(x, y, True) for x, y in zip(left_spans[i1:i2], right_spans[j1:j2], strict=True)]
            else:
                lines += self._changed(left_spans[i1:i2], right_spans[j1:j2])
        return Part(a.heading if a else None, b.heading if b else None, tuple(lines), max(left_out, 0))

    def _sentences(self, side: Side, part: _Part | None) -> list[Span]:
        if part is None:
            return []
        found: list[Span] = []
        position = part.start
        for table in sorted(side.tables):
            if table.end <= position or table.start >= part.end:
                continue
            found += sentences(side.text, position, max(position, table.start))
            position = min(table.end, part.end)
        return found + sentences(side.text, position, part.end)

    def _sentence_key(self, sentence: str, side: int) -> str:
        folded = "".join(fold_text(sentence).split())
        for word, mark in self._own[side]:
            folded = folded.replace(word, mark)
        return folded.rstrip("。；;.") or folded

    def _changed(self, left: Sequence[Span], right: Sequence[Span]) -> Iterable[Line]:
        """The rows of a run of sentences that aren't the same on both sides."""
        if not left or not right:
            return [*(Line(span, None) for span in left), *(Line(None, span) for span in right)]
        if max(len(left), len(right)) > LARGEST_BLOCK:
            self.is_coarse = True
            return [*(Line(span, None) for span in left), *(Line(None, span) for span in right)]
        return [self._line(a, b) for a, b in self._paired(left, right)]

    def _paired(self, left: Sequence[Span], right: Sequence[Span]) -> list[tuple[Span | None, Span | None]]:
        """Sentences with those that they are most like, in the order of both texts: as much likeness as can be had."""
        bags = [
            [_pairs_of(self._sentence_key(span.of(side.text), n)) for span in spans]
            for n, (side, spans) in enumerate(((self._left, left), (self._right, right)))
        ]
        best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
        alike = [[_likeness(a, b) for b in bags[1]] for a in bags[0]]
        for i in range(len(left) - 1, -1, -1):
            for j in range(len(right) - 1, -1, -1):
                paired = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= _ALIKE else 0.0
                best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
        rows: list[tuple[Span | None, Span | None]] = []
        i = j = 0
        while i < len(left) and j < len(right):
            if alike[i][j] >= _ALIKE and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
                rows.append((left[i], right[j]))
                i, j = i + 1, j + 1
            elif best[i][j] == best[i + 1][j]:
                rows.append((left[i], None))
                i += 1
            else:
                rows.append((None, right[j]))
                j += 1
        return [*rows, *((span, None) for span in left[i:]), *((None, span) for span in right[j:])]

    def _line(self, left: Span | None, right: Span | None) -> Line:
        if left is None or right is None:
            return Line(left, right)
        longest = max(left.end - left.start, right.end - right.start)
        if longest > LONGEST_SENTENCE or longest > self._characters_left:
            self.is_coarse = True
            return Line(left, right)
        self._characters_left -= longest
        years = (self._left.report.year, self._right.report.year)
        left_marks, right_marks = differing(left.of(self._left.text), right.of(self._right.text), years)
        return Line(left, right, False, _moved(left_marks, left.start), _moved(right_marks, right.start))


def differing(left: str, right: str, years: tuple[int | None, int | None] = (None, None)) -> tuple[Marks, Marks]:
    """The pieces of two sentences that differ, each in its own offsets. A number differs as a whole.

    Args:
        years: The reports' own years, which don't count as different.
    """
    tokens = [[match.span() for match in _TOKEN.finditer(text)] for text in (left, right)]
    words = [
        ["\ue000" if year is not None and text[a:b] == str(year) else text[a:b] for a, b in spans]
        for text, spans, year in zip((left, right), tokens, years, strict=True)
    ]
    codes = SequenceMatcher(None, words[0], words[1], autojunk=False).get_opcodes()
    marks: tuple[list[Span], list[Span]] = ([], [])
    for place, (tag, i1, i2, j1, j2) in enumerate(codes):
        is_inner = 0 < place < len(codes) - 1
        # 收到 against 受理到 differs in a word, and not in two pieces beside a character that happens to be in both.
        kept = tag == "equal" and not (is_inner and i2 - i1 < _SHORTEST_RUN and _is_word(words[0][i1:i2]))
        if kept:
            continue
        for n, (first, last) in enumerate(((i1, i2), (j1, j2))):
            if first == last:
                continue
            start, end = tokens[n][first][0], tokens[n][last - 1][1]
            if marks[n] and marks[n][-1].end == start:
                marks[n][-1] = Span(marks[n][-1].start, end)
            else:
                marks[n].append(Span(start, end))
    return tuple(marks[0]), tuple(marks[1])


def _is_word(tokens: Sequence[str]) -> bool:
    return all("一" <= token <= "鿿" and token not in "年月日件条项次万元个的" for token in tokens)


def _own_words(report: Report) -> list[tuple[str, str]]:
    """What a report says of itself that another says otherwise: its year, the ones before and after, its body."""
    words = []
    if report.year is not None:
        words += [(f"{report.year + n}年", f"\ue000{n}年") for n in (0, -1, 1)]
        words += [(str(report.year + n), f"\ue000{n}") for n in (0, -1, 1)]
    return [*words, ("".join(fold_text(report.body).split()), "\ue001")]


def _pairs_of(key: str) -> Counter[str]:
    # Digits all count alike, so that a sentence is known again whatever its numbers.
    plain = re.sub(r"\d+", "0", key)
    return Counter(a + b for a, b in pairwise(plain)) or Counter(plain)


def _likeness(a: Counter[str], b: Counter[str]) -> float:
    """The share of pairs of characters that both have, 0 to 1."""
    together = a.total() + b.total()
    return 2 * (a & b).total() / together if together else 0.0


def _moved(marks: Marks, by: int) -> Marks:
    return tuple(Span(mark.start + by, mark.end + by) for mark in marks)
