"""A sentence about what reports say: words of reporting and whole clauses of the cited places, and nothing else.

A sentence is a frame (whose report, of which year, 指出) and what it tells in the report's words (see `report_words`);
both may come several times. Nothing is left out within a clause and nothing put in, so that nothing has to be judged by
its meaning. An English sentence about Chinese words can only quote them so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from assistant.answer import Citation
from assistant.answering.citations import MARKER
from assistant.language_models.wording.quantities import year_at
from assistant.language_models.wording.report_words import ENUMERATOR, SEPARATOR, Taken, plain, ways_of_telling
from assistant.language_models.wording.verdicts import RefusedError
from assistant.language_models.wording.vocabulary import Phrases, checks
from assistant.plan import Language
from vectorstore.folding import fold_label, fold_one_to_one

_RUN = re.compile(r"(?:\s*\[\d+\])+")
_BETWEEN = re.compile(r"[,:、;。!?\s]+")
_INSIDE = re.compile(f"{SEPARATOR.pattern}|、")
_WORD = re.compile(r"[a-z][a-z'’-]*")
_LETTERS = {
    "by": "P", "at": "I", "this": "T", "of": "D", "report": "R", "in": "M", "also": "A", "says": "V", "join": "J",
    "item": "J", "link": "L",
}  # fmt: skip
_BODIES = "N(?:I?Y)?(?:L?N(?:I?Y)?)*"
_FRAME = re.compile(
    f"J*(?:I?Y)?(?:(?:{_BODIES})?|[PI]?(?:{_BODIES}|Y|T)?D?(?:I?Y)?D?RM?J*(?:A*V)?|{_BODIES}J*A*V)D?J*A*"
)
"""What a frame is made of, in order: a name is N, a year Y."""
_QUOTES = {"“": "”", '"': '"'}


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence tells of one cited place.

    Attributes:
        clauses: As `clauses_of` gives them.
        body: Whether the sentence names its body.
        year: Whether it names the year of the report.
    """

    n: int
    clauses: tuple[str, ...]
    body: bool
    year: bool


def check_prose(
    sentence: str,
    citations: Mapping[int, Citation],
    names: Phrases,
    language: Language,
    *,
    names_body: bool,
) -> list[Told]:
    """Hold a sentence against the quotes that it cites; what it tells of each.

    Args:
        names: The bodies, by all their names.
        names_body: Whether the sentence must say whose report it is about.

    Raises:
        RefusedError: With the first rule that it breaks.
    """
    reader = _Reader(names, language, names_body)
    for text, markers in _units(sentence):
        reader.read(text, [citations[n] for n in markers])
    return reader.told


def _units(sentence: str) -> list[tuple[str, tuple[int, ...]]]:
    """The pieces of a sentence up to the end of a run of markers, with these."""
    units: list[tuple[str, tuple[int, ...]]] = []
    position = 0
    for run in _RUN.finditer(sentence):
        units.append((sentence[position : run.start()], tuple(int(n) for n in MARKER.findall(run[0]))))
        position = run.end()
    tail = sentence[position:]
    if fold_label(tail).strip("。.！!？?；;，,") and units:
        units.append((tail, units[-1][1]))
    return units


class _Reader:
    """Reads the pieces of one sentence from left to right; a name holds until the next one."""

    def __init__(self, names: Phrases, language: Language, names_body: bool) -> None:
        self._known = names
        self._language = language
        self._names_body = names_body
        self._names: tuple[str, ...] = ()
        self._years: tuple[int, ...] = ()
        self._frame_read = ""
        self._is_cut = False
        self.told: list[Told] = []

    def read(self, text: str, cited: Sequence[Citation]) -> None:
        """One piece, all of it, with all that it cites."""
        text = fold_one_to_one(text) if self._language == "en" else plain(text)
        ways = [(citation, way) for citation in cited for way in ways_of_telling(citation)]
        used: set[int] = set()
        position = 0
        while position < len(text):
            between = _BETWEEN.match(text, position)
            if between is not None:
                self._is_cut = self._is_cut and not set(between[0]) & set(";。")
                position = between.end()
            elif self._language == "zh" and (found := self._told_at(text, position, ways)) is not None:
                used |= found[1]
                position = found[0]
            elif (close := _closing(text, position)) is not None:
                used |= self._quoted(plain(text[position + 1 : close]), ways)
                position = close + 1
            else:
                position = self._frame(text, position, cited)
        if self._frame_read:
            raise RefusedError("words", text)
        if missing := {citation.n for citation in cited} - used:
            raise RefusedError("support", f"[{min(missing)}]")

    def _quoted(self, text: str, ways: Sequence[tuple[Citation, Taken]]) -> set[int]:
        used: set[int] = set()
        position = pieces = 0
        while position < len(text):
            between = SEPARATOR.match(text, position) or ENUMERATOR.match(text, position)
            found = self._told_at(text, position, ways)
            if found is not None:
                used |= found[1]
                position = found[0]
                pieces += 1
            elif between is not None:
                position = between.end()
            else:
                raise RefusedError("quote", text[position:])
        is_torn = pieces > 1 and not any(text.rstrip("。;") in plain(citation.quote) for citation, _ in ways)
        if not pieces or is_torn:
            raise RefusedError("quote", text)
        return used

    def _told_at(self, text: str, position: int, ways: Sequence[tuple[Citation, Taken]]) -> tuple[int, set[int]] | None:
        """The end of the report's words that begin here, and the places that have them."""
        matches = [(end, citation, way) for citation, way in ways if (end := _end_of(way, text, position)) is not None]
        if not matches:
            return None
        fitting = [match for match in matches if self._is_framed(match[1], match[2])]
        if not fitting:
            raise RefusedError("name", text[position:])
        last = max(end for end, _, _ in fitting)
        fitting = [match for match in fitting if match[0] == last]
        holding = {(citation.body, citation.year) for _, citation, _ in fitting}
        for body, year in product(self._names or (None,), self._years or (None,)):
            if not any(body in (None, b) and year in (None, y) for b, y in holding):
                raise RefusedError("name" if year is None else "year", text[position:])
        way = fitting[0][2]
        if self._language == "zh" and not _FRAME.fullmatch(self._frame_read):
            raise RefusedError("words", text[:position])
        if self._is_cut:
            raise RefusedError("words", text[position:])
        self._is_cut = not way.is_whole
        self._frame_read = ""
        self.told += [Told(c.n, w.whole, bool(self._names), bool(self._years)) for _, c, w in fitting]
        return last, {citation.n for _, citation, _ in fitting}

    def _is_framed(self, citation: Citation, way: Taken) -> bool:
        if not self._names and (self._names_body or way.names_body):
            return False
        if way.names_year and not self._years:
            return False
        is_named = not self._names or citation.body in self._names
        return is_named and (not self._years or citation.year in self._years)

    def _frame(self, text: str, position: int, cited: Sequence[Citation]) -> int:
        """The end of a word of reporting, a name or a year.

        Raises:
            RefusedError: It is none, or of no report that is cited.
        """
        year = year_at(text, position, self._language)
        name = self._known.at(text, position)
        if name is not None:
            fitting = name[1][0].values & {citation.body for citation in cited}
            if len(fitting) == 1:
                self._names = (*(self._names if "N" in self._frame_read else ()), *fitting)
                self._years = self._years if set("NY") & set(self._frame_read) else ()
                self._frame_read += "N"
                return name[0]
        if year is not None:
            if year[1] not in {citation.year for citation in cited}:
                raise RefusedError("year", text[position : year[0]])
            self._years = (*(self._years if "Y" in self._frame_read else ()), year[1])
            self._frame_read += "Y"
            return year[0]
        word = _framing_word(text, position, self._language)
        if word is None:
            raise RefusedError("words" if name is None else "name", text[position:])
        self._frame_read += word[1]
        return word[0]


def _closing(text: str, position: int) -> int | None:
    """Where the quote that opens here closes; quotes within it are passed over."""
    closing = _QUOTES.get(text[position])
    if closing is None:
        return None
    depth = 0
    for at in range(position, len(text)):
        if text[at] == closing and at > position:
            depth -= 1
            if not depth:
                return at
        elif text[at] == text[position]:
            depth += 1
    return None


def _end_of(way: Taken, text: str, position: int) -> int | None:
    """Where the words end if they stand here whole, up to where a clause may end."""
    for at, clause in enumerate(way.clauses):
        if at:
            between = _INSIDE.match(text, position)
            if between is None:
                return None
            position = between.end()
            numbered = ENUMERATOR.match(text, position)
            if numbered is not None and not text.startswith(clause, position):
                position = numbered.end()
        if not text.startswith(clause, position):
            return None
        position += len(clause)
    is_end = position == len(text) or text[position] in "、." or SEPARATOR.match(text, position) is not None
    return position if is_end else None


@cache
def _framing() -> re.Pattern[str]:
    groups = [
        f"(?P<{kind}_>{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})"
        for kind, words in checks()["prose"]["framing"].items()
    ]
    return re.compile("|".join((f"(?P<item_>{ENUMERATOR.pattern})", *groups)))


def _framing_word(text: str, position: int, language: Language) -> tuple[int, str] | None:
    """The end of a word of reporting and its letter in `_FRAME`."""
    if language == "zh":
        found = _framing().match(text, position)
        return (found.end(), _LETTERS[str(found.lastgroup)[:-1]]) if found is not None else None
    word = _WORD.match(text.lower(), position)
    if word is not None and word[0] in checks()["prose"]["framing_en"]:
        return word.end(), ""
    return (position + 1, "") if text[position] in ".()" else None
