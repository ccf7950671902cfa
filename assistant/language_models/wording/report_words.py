"""What may be told in a report's words: whole sentences of a cited place, or their beginning up to a comma.

The beginning may stand alone only where nothing behind it could turn it: no word of the list ``turning`` of the table
``rewording_checks``, which is kept far too wide rather than too narrow. What stands before a clause is never left out,
so no denial, condition, plan or attribution in front of it is lost. Sentences that are understood only with the one
before them (但…, 经核查…, items under a head) go with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.answer import Citation
from assistant.language_models.instructions import is_instruction
from assistant.language_models.wording.vocabulary import checks
from vectorstore.folding import fold_one_to_one
from vectorstore.sentences import sentences

SEPARATOR = re.compile(r"[;。!?]+|[,:](?!\d)|(?<!\d)[,:]")
"""Between clauses, in folded text."""
ENUMERATOR = re.compile(
    r"(?:[一二三四五六七八九十]{1,2}是|其[一二三四五]是?(?=[,:、])|[一二三四五六七八九十]{1,3}、(?![一二三四五六七八九十])|第[一二三四五六七八九](?:是|(?=[,:]))"
    r"|[一二三四五六七八九]要(?![素点件领])|\((?:[一二三四五六七八九十]+|\d{1,2})\)|(?:首先|其次|再次|最后|同时|此外|另外)(?=,)|\d{1,2}[.、)](?!\d))[,、:]?"
)
_STOP = re.compile(r"[。!?;][”」』\")]*$")
_BRACKETS = {"(": ")", "“": "”", "《": "》", "〈": "〉", "[": "]"}
_YEAR_ALONE = re.compile(r"(\d{4})年度?$")


@dataclass(frozen=True, slots=True)
class ReportSentence:
    """A sentence of a report, or several that aren't told apart.

    Attributes:
        clauses: In order, in the form of `plain`, without the enumerator in front.
        counts: How many of the first clauses may be taken; all of them as the last.
    """

    clauses: tuple[str, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """A way of telling a sentence of a report.

    Attributes:
        clauses: Told, in order; of the first one what is told of it.
        whole: The clauses that are told by it, as `clauses_of` gives them.
        names_body: Whether the body's name must stand in front, in place of 本机关.
        names_year: Whether its year must, in place of the report's own 2023年.
        is_whole: Whether the sentence is told to its end.
    """

    clauses: tuple[str, ...]
    whole: tuple[str, ...]
    names_body: bool
    names_year: bool
    is_whole: bool


def plain(text: str) -> str:
    """A text folded and without white space, but for that between digits: 28 10 is not 2810."""
    folded = fold_one_to_one(text)
    folded = folded.translate({ord("「"): "“", ord("」"): "”", ord("『"): "“", ord("』"): "”"})
    folded = re.sub(r"(?<=\d)\s+(?=\d)", "\x00", folded)
    return re.sub(r"\s+", "", folded).replace("\x00", " ")


def clauses_of(text: str) -> tuple[str, ...]:
    """The clauses of a text, without enumerators."""
    found = (_unnumbered(part) for part in SEPARATOR.split(plain(text)))
    return tuple(clause for clause in found if clause.strip("”“\"' "))


def ways_of_telling(citation: Citation) -> Iterator[Taken]:
    """All that may be taken of a cited place."""
    for sentence in report_sentences(citation.quote):
        for count in sentence.counts:
            is_whole = count == len(sentence.clauses)
            for first, body, year in _beginnings(sentence.clauses[:count], citation):
                if not first[0].startswith(tuple(checks()["prose"]["referring"])):
                    yield Taken(first, sentence.clauses[:count], body, year, is_whole)


def _beginnings(clauses: tuple[str, ...], citation: Citation) -> Iterator[tuple[tuple[str, ...], bool, bool]]:
    """The clauses as they are; and without 但, 本机关 or the report's year in front."""
    yield clauses, False, False
    dated = _YEAR_ALONE.match(clauses[0])
    is_dated = len(clauses) > 1 and dated is not None and int(dated[1]) == citation.year
    if is_dated:
        clauses = clauses[1:]
        yield clauses, False, True
    for words, names_body in ((checks()["prose"]["own"], True), (checks()["prose"]["joining"], False)):
        for word in sorted(words, key=len, reverse=True):
            rest = clauses[0].removeprefix(word)
            if rest != clauses[0] and len(rest) > 1:
                yield (rest, *clauses[1:]), names_body, is_dated
                break


@lru_cache(256)
def report_sentences(quote: str) -> tuple[ReportSentence, ...]:
    """The sentences of a quote that may be told; none that speaks to its reader, and no row of a table."""
    found: list[ReportSentence] = []
    for text in _told_together(quote):
        if set("\t|｜") & set(text) or is_instruction(text) or _addresses(text):
            continue
        for part in _items(plain(text)):
            clauses = clauses_of(part)
            if clauses:
                found.append(ReportSentence(clauses, _counts(clauses)))
    return tuple(found)


def _told_together(quote: str) -> Iterator[str]:
    """The sentences, each with those that lean on it, and a head with all that stands under it."""
    texts = [span.of(quote) for span in sentences(quote, at_semicolons=False)]
    together = ""
    under_head = False
    for text in texts:
        is_item = bool(ENUMERATOR.match(plain(text)))
        last = plain(together)
        leans = _leans(plain(text)) or not _STOP.search(last)
        if together and not (under_head if is_item else leans):
            yield together
            together = ""
            under_head = False
        together += f"\n{text}" if together else text
        under_head = under_head or plain(text).endswith((":", ",", "、"))
    if together:
        yield together


def _items(text: str) -> Iterator[str]:
    """The items of 一是…；二是…, where no head governs them."""
    if not ENUMERATOR.match(text):
        yield text
        return
    first = 0
    for stop in re.finditer(";", text):
        if ENUMERATOR.match(text, stop.end()) and ":" not in text[: stop.start()]:
            yield text[first : stop.end()]
            first = stop.end()
    yield text[first:]


def _counts(clauses: tuple[str, ...]) -> tuple[int, ...]:
    """After which clauses a sentence may end: nothing left out could turn them, nothing waits for what is left out."""
    return (*(count for count in range(1, len(clauses)) if _may_end(clauses, count)), len(clauses))


def _may_end(clauses: tuple[str, ...], count: int) -> bool:
    if any(word in clauses[count - 1] for word in checks()["prose"]["opening"]):
        return False
    is_turned = any(word in clause for clause in clauses[count:] for word in checks()["prose"]["turning"])
    return not is_turned and _is_closed(",".join(clauses[:count]))


def _is_closed(text: str) -> bool:
    return all(text.count(opening) == text.count(closing) for opening, closing in _BRACKETS.items())


def _leans(text: str) -> bool:
    return text.startswith(tuple(checks()["prose"]["leaning"]))


def _unnumbered(text: str) -> str:
    while (found := ENUMERATOR.match(text)) is not None and found.end() < len(text):
        text = text[found.end() :]
    return text


def _addresses(text: str) -> bool:
    return any(pattern.search(plain(text)) for pattern in _addressing())


@cache
def _addressing() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in checks()["prose"]["addressing"])
